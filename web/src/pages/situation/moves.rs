//! Today's proposals to move units that concern the reader's region, with yes and no in place.

use maud::{Markup, html};
use samband_domain::blood::model::Component;
use samband_domain::plans::model::Place;

use super::View;
use crate::app::fresh_key;
use crate::app::plans::transfer::{Asked, Found, Move, plan};
use crate::components::EmptyState;
use crate::pages::plans::moves::{answer, in_short, times, units, way};
use crate::pages::stock::component as component_text;
use crate::text::Words;

/// What is planned for: what blood centres send to each other.
const COMPONENTS: [Component; 3] = [Component::RedCells, Component::Platelets, Component::Plasma];

/// Proposals that are shown at once; the page of all of them has the rest.
const SHOWN: usize = 6;

/// The region's proposals, what cannot wait first.
pub(super) fn moves(w: Words, view: &View<'_>, may: bool) -> Markup {
    let plans = COMPONENTS.map(|component| plan(view.world, Asked::of(component), view.now));
    let found: Vec<&Found> = plans.iter().filter_map(|plan| plan.as_ref().ok()).collect();
    let ours = |one: &&Move| {
        let arc = &one.proposal.arc;
        [&arc.from.region, &arc.to.region].contains(&view.region)
    };
    let mut all: Vec<(&Found, &Move)> = found
        .iter()
        .flat_map(|plan| plan.moves.iter().filter(ours).map(move |one| (*plan, one)))
        .collect();
    all.sort_by_key(|(plan, one)| {
        let group = plan.together(one.proposal.arc.group).map(|all| all.net.urgency());
        (group.unwrap_or((u8::MAX, None)), one.proposal.leaves)
    });
    let key = fresh_key();
    let (title, text) = (w.t("situation-moves-none"), w.t("situation-moves-none-text"));
    html! {
        @if all.is_empty() { (EmptyState::new(&title, &text)) }
        ol.proposals {
            @for (number, (plan, one)) in all.iter().take(SHOWN).enumerate() {
                li {
                    p {
                        strong { (units(w, &one.proposal)) } " "
                        span.fine { (component_text(w, one.proposal.arc.component)) } " "
                        (way(view.world, &one.proposal)) " · " (times(w, &one.proposal))
                    }
                    p { (in_short(w, view.world, plan, one)) }
                    @if may {
                        (answer(w, plan.asked, (number, &one.proposal), (&key, view.now), "situation"))
                    }
                }
            }
        }
        @if all.len() > SHOWN {
            p { (w.t_args("situation-moves-more", &[("n", (all.len() - SHOWN).into())])) }
        }
        ul.plain.fine.beside {
            @for (component, plan) in COMPONENTS.into_iter().zip(&plans) {
                @match plan {
                    Ok(found) => (left(w, component, found)),
                    Err(_) => li { (no_plan(w, component)) },
                }
            }
        }
        p { a href="/plan/transfers" { (w.t("situation-moves-all")) } }
    }
}

fn no_plan(w: Words, component: Component) -> String {
    let name = component_text(w, component);
    w.t_args("situation-moves-no-plan", &[("component", name.into())])
}

/// What a component's plan leaves out, if anything.
fn left(w: Words, component: Component, found: &Found) -> Markup {
    let places = |all: &mut dyn Iterator<Item = &Place>| {
        all.collect::<std::collections::BTreeSet<_>>().len()
    };
    let out = places(&mut found.left.iter().map(|one| &one.place));
    let rows = found.rows.iter().map(|row| &row.place);
    let of = places(&mut found.left.iter().map(|one| &one.place).chain(rows));
    let name = component_text(w, component);
    let args = [("component", name.into()), ("n", out.into()), ("of", of.into())];
    html! {
        @if found.plan.is_none() { li { (no_plan(w, component)) } }
        @if out > 0 {
            li {
                (w.t_args("situation-moves-left", &args)) " "
                a href={ "/plan/transfers?component=" (component) "#left" } {
                    (w.t_args("situation-moves-which", &[("component", component_text(w, component).into())]))
                }
            }
        }
    }
}
