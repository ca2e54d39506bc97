//! What the person who looks may want to do next, by role.

use maud::{Markup, html};
use samband_domain::figures::Measure;
use samband_domain::kernel::Role;
use samband_domain::kernel::view::{Filling, legal_roles};
use samband_domain::{Time, agreements};
use samband_engine::World;

use super::super::parts::{is_region, region_name};
use super::View;
use crate::app::{App, Visitor};
use crate::components::{Status, section, status, tag};
use crate::text::{Arg, Words};

/// One thing to do, with where to do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    urgent: bool,
    text: String,
    href: String,
    label: String,
}

/// The steps for the roles that the visitor holds.
pub(super) fn of(app: &App, world: &World, visitor: &Visitor, view: &View) -> Vec<Step> {
    let (w, now) = (visitor.words, app.engine.now());
    let holds = |roles: &[Role]| visitor.roles.iter().any(|role| roles.contains(role));
    let mut steps = Vec::new();
    if holds(&[Role::Safety, Role::Administrator]) {
        steps.extend(trouble(w, world, visitor));
    }
    if holds(&[Role::Coordinator]) {
        steps.push(figures(w, visitor, view));
    }
    if holds(&[Role::Director, Role::Physician, Role::Safety]) {
        steps.extend(gaps(w, world, visitor, now));
    }
    if holds(&[Role::Director, Role::Secretary]) {
        steps.extend(unsigned(w, world, visitor, now));
    }
    steps.sort_by_key(|step| !step.urgent);
    steps
}

fn step(w: Words, urgent: bool, key: &str, args: &[(&str, Arg<'_>)], href: &str) -> Step {
    Step {
        urgent,
        text: w.t_args(&format!("step-{key}"), args),
        href: href.to_owned(),
        label: w.t(&format!("step-{key}-do")),
    }
}

/// Whether the own region's figures of the newest period are all there.
fn figures(w: Words, visitor: &Visitor, view: &View) -> Step {
    let own = view.picture.as_ref().and_then(|picture| {
        let line = picture.regions.iter().find(|line| line.region == visitor.region)?;
        let known = line.figures.iter().filter(|(measure, figure)| {
            Measure::DONOR_TABLE.contains(measure) && figure.value.value().is_some()
        });
        Some((picture.period, known.count()))
    });
    let all = Measure::DONOR_TABLE.len();
    match own {
        Some((period, known)) if known == all => {
            step(w, false, "figures-next", &[("period", period.to_string().into())], "/import")
        }
        Some((period, known)) => step(
            w,
            true,
            "figures-missing",
            &[("n", (all - known).into()), ("period", period.to_string().into())],
            "/import",
        ),
        None => step(w, true, "figures-none", &[], "/import"),
    }
}

/// Open gaps among the own region's legal roles.
fn gaps(w: Words, world: &World, visitor: &Visitor, now: Time) -> Option<Step> {
    let region = world.local(&visitor.region)?;
    let rows = legal_roles(&region.shared.kernel, now);
    let open = rows.iter().filter(|row| matches!(row.filling, Filling::Gap { .. })).count();
    let waits = rows.iter().filter(|row| matches!(row.filling, Filling::AwaitsApproval(_))).count();
    let count = open + waits;
    (count > 0).then(|| step(w, true, "gaps", &[("n", count.into())], "/roles"))
}

/// Agreements that wait for the own region's answer.
fn unsigned(w: Words, world: &World, visitor: &Visitor, now: Time) -> Option<Step> {
    let parties: Vec<_> = world
        .shared()
        .into_iter()
        .map(|(id, shared)| (id, &shared.kernel, &shared.agreements))
        .collect();
    let waiting = agreements::view::agreements(&parties, now)
        .into_iter()
        .filter(|agreement| agreement.standing == agreements::view::Standing::OneSided)
        .filter(|agreement| {
            agreement.answers.iter().any(|(party, answer)| {
                *party == visitor.region && matches!(answer, agreements::view::Answer::Silent)
            })
        })
        .count();
    (waiting > 0).then(|| step(w, true, "unsigned", &[("n", waiting.into())], "/agreements"))
}

/// Forks and silence that the own region has raised.
fn trouble(w: Words, world: &World, visitor: &Visitor) -> Option<Step> {
    let bonds = &world.local(&visitor.region)?.shared.bonds;
    let name = |id| {
        let known = world.journal(id).is_some_and(|journal| is_region(journal.shared()));
        if known { region_name(world, id) } else { id.to_string() }
    };
    let forked: Vec<_> = bonds.forks.keys().map(name).collect();
    if !forked.is_empty() {
        let args = [("regions", forked.join(", ").into())];
        return Some(step(w, true, "forks", &args, "/peers"));
    }
    let silent: Vec<_> = bonds.silent.keys().map(name).collect();
    let args = [("regions", silent.join(", ").into())];
    (!silent.is_empty()).then(|| step(w, true, "silent", &args, "/peers"))
}

/// The steps as a short list; nothing when there is nothing to do.
pub(super) fn list(w: Words, steps: &[Step]) -> Markup {
    let body = html! {
        ul.todo {
            @for step in steps {
                li {
                    @if step.urgent { (status(w, Status::Attention)) }
                    @else { (tag(Status::Known, &w.t("step-fine"))) }
                    " " (step.text) " " a href=(step.href) { (step.label) }
                }
            }
        }
    };
    html! { @if !steps.is_empty() { (section("next", &w.t("step-title"), &body)) } }
}
