//! What was known when.

use maud::{Markup, html};
use samband_domain::{Event, Time, alarms, incidents, readiness};
use samband_engine::World;

use super::{care_mode, one::party};
use crate::app::alarm::titled;
use crate::app::incident::Found;
use crate::app::incident::timeline::Step;
use crate::components::{Field, Form, time_tag};
use crate::pages::parts::{key_of, record_link, region_name, title_of};
use crate::text::Words;

pub(super) fn section(
    w: Words,
    world: &World,
    found: &Found<'_>,
    steps: &[Step],
    (then, now): (Option<Time>, Time),
) -> Markup {
    let href = found.href();
    let start = then.map_or_else(|| w.clock(now.0), |then| w.clock(then.0));
    html! {
        div.inline-form {
            (Form::get(w, &href, w.t("inc-as-of-show"))
                .field(Field::text("as_of", w.t("inc-as-of")).value(start)
                    .hint(w.t("inc-as-of-hint"))))
        }
        p {
            @match then {
                Some(then) => {
                    strong { (w.t("inc-as-then")) " " (time_tag(w, then.0)) } " "
                    a href={ (href) "#course" } { (w.t("inc-as-now")) }
                }
                None => (w.t("inc-as-known-now")),
            }
        }
        p.fine { (w.t("inc-clocks")) }
        @if steps.is_empty() { p { (w.t("inc-nothing-then")) } }
        ol.course {
            @for step in further(steps) { (line(w, world, found, step)) }
        }
    }
}

/// Without the steps by which an incident comes to where it is already: every further alarm says
/// its stage again, and the alarm has a line of its own.
pub(super) fn further(steps: &[Step]) -> Vec<&Step> {
    let mut stage = None;
    let mut all = Vec::with_capacity(steps.len());
    for step in steps {
        if let Event::Incidents(incidents::Event::Reached(reached, _)) = &step.event {
            let again = stage.replace(reached.stage) == Some(reached.stage);
            if again && reached.basis.is_none() {
                continue;
            }
        }
        all.push(step);
    }
    all
}

fn line(w: Words, world: &World, found: &Found<'_>, step: &Step) -> Markup {
    let (what, who) = text(w, world, found, step);
    html! {
        li {
            p { strong { (time_tag(w, step.known.0)) } " " (what) }
            p.fine {
                @if let Some(happened) = step.happened {
                    (w.t("inc-happened-at")) " " (time_tag(w, happened.0)) " · "
                }
                (who) " · " (record_link(w, &step.at))
            }
        }
    }
}

/// What was recorded, and by whom: by which region's clock, if it is another's.
pub(super) fn text(w: Words, world: &World, found: &Found<'_>, step: &Step) -> (String, String) {
    let journal = world.journal(&step.at.journal);
    let mut who = journal.map_or_else(
        || step.actor.to_string(),
        |journal| match step.actor.as_str() {
            "engine" | "machine" => w.dynamic("role-", step.actor.as_str()),
            _ => title_of(journal.shared(), &step.actor),
        },
    );
    if step.at.journal != found.journal.id {
        let region = region_name(world, &step.at.journal);
        who = format!("{who} · {}", w.t_args("inc-by-clock-of", &[("region", region.into())]));
    }
    let kind = w.find(&format!("kind-{}", key_of(&step.kind)), &[]);
    let kind = kind.unwrap_or_else(|| step.kind.clone());
    let said = said(w, world, &step.event);
    let what = if said.is_empty() { kind } else { format!("{kind}: {said}") };
    (what, who)
}

/// What a record says, in a line.
fn said(w: Words, world: &World, event: &Event) -> String {
    match event {
        Event::Incidents(event) => of_incident(w, world, event),
        Event::Alarms(event) => of_alarm(w, world, event),
        Event::Readiness(event) => of_readiness(w, event),
        _ => String::new(),
    }
}

fn of_incident(w: Words, world: &World, event: &incidents::Event) -> String {
    use incidents::Event as E;
    match event {
        E::Opened(opened, _) => format!("{}. {}", opened.report.title, opened.report.text),
        E::Reached(reached, _) => {
            let stage = w.dynamic("inc-of-stage-", reached.stage.as_str());
            reached
                .basis
                .as_ref()
                .map_or_else(|| stage.clone(), |basis| format!("{stage}. {basis}"))
        }
        E::Assessed(assessed, _) => w.t_args(
            "inc-assessed",
            &[
                (
                    "harm",
                    w.dynamic("inc-of-holds-", assessed.assessment.harm.holds.as_str()).into(),
                ),
                (
                    "imbalance",
                    w.dynamic("inc-of-holds-", assessed.assessment.imbalance.holds.as_str()).into(),
                ),
            ],
        ),
        E::ModeSet(set, _) => format!("{}. {}", care_mode(w, set.mode), set.basis),
        E::Noted(noted, _) => format!("{} ({})", noted.text, noted.source),
        E::Resolved(resolved, _) => {
            let measure = w.dynamic("inc-of-measure-", resolved.resolution.measure.as_str());
            format!("{measure}. {}", resolved.resolution.basis)
        }
        E::Seconded(..) => String::new(),
        E::Reviewed(reviewed, _) => reviewed.basis.clone(),
        E::DutyAssigned(assigned, _) => {
            format!("{}: {}", region_name(world, &assigned.duty.region), assigned.duty.what)
        }
        E::DutyDropped(gone, _) => gone.why.clone(),
        E::DutyReported(said, _) => said.proof.clone(),
    }
}

fn of_alarm(w: Words, world: &World, event: &alarms::Event) -> String {
    use alarms::Event as E;
    match event {
        E::Issued(alarm, _) => titled(w, alarm),
        E::Heard(heard, _) => titled(w, &heard.alarm),
        E::Answered(answered, _) => {
            let says = w.dynamic("inc-of-says-", answered.says.as_str());
            format!("{}: {says}", party(w, world, &answered.key))
        }
        E::Noted(noted, _) => {
            let says = w.dynamic("inc-of-says-", noted.answer.says.as_str());
            format!("{}: {says}", party(w, world, &noted.answer.key))
        }
        E::Delivered(delivered, _) => {
            let owed = w.dynamic("inc-of-owed-", delivered.owed.as_str());
            format!("{}: {owed}", party(w, world, &delivered.key))
        }
        E::ClosedByHand(closed, _) => {
            format!("{}: {}", party(w, world, &closed.key), closed.why)
        }
        _ => event.key().map_or_else(String::new, |key| party(w, world, key)),
    }
}

fn of_readiness(w: Words, event: &readiness::Event) -> String {
    use readiness::Event as E;
    match event {
        E::SituationReported(said, _) => w.t_args(
            "inc-fields",
            &[("n", said.statements.len().into()), ("version", said.version.to_string().into())],
        ),
        E::Pledged(pledge, _) => w.t_args(
            "inc-pledged",
            &[("n", pledge.units.len().into()), ("of", pledge.quota.to_string().into())],
        ),
        _ => String::new(),
    }
}
