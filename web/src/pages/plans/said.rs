//! What was said to proposals lately, what came of it, and which ways are closed.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::blood::view::supply::{Talk, talks};
use samband_domain::plans::Accepted;
use samband_domain::plans::model::{Arc, Outcome};
use samband_domain::words::Day;
use samband_engine::World;

use super::decide::REOPEN;
use super::moves::place_name;
use crate::app::plans::transfer::call_of;
use crate::app::stock::parts;
use crate::app::{App, Visitor};
use crate::components::{Cell, Column, Form, Row, Table, time_tag};
use crate::pages::parts::region_name;
use crate::pages::shipments::calls::standing;
use crate::pages::stock::site::phone;
use crate::text::Words;

fn way(w: Words, world: &World, arc: &Arc) -> String {
    let group = arc.group.map_or_else(|| w.t("plan-all"), |group| group.to_string());
    format!("{group}: {} → {}", place_name(world, &arc.from), place_name(world, &arc.to))
}

/// What every region said to proposals lately, and which ways are closed.
pub(super) fn said(app: &App, visitor: &Visitor, world: &World, now: Time) -> Markup {
    let (w, today) = (visitor.words, Day::of(now));
    let (regions, parts) = (&world.journals, parts(world, now));
    let talks = talks(&parts, now);
    let mut accepted: Vec<_> = regions
        .values()
        .flat_map(|one| one.shared().plans.accepted.values().map(move |held| (&one.id, held)))
        .collect();
    accepted.sort_by_key(|(_, held)| std::cmp::Reverse(held.said));
    let rows = accepted.iter().take(12).map(|(by, held)| {
        let of = i64::from(held.proposal.units).into();
        let units = w.t_args("plan-of", &[("n", i64::from(held.units).into()), ("of", of)]);
        Row::new(Cell::markup(time_tag(w, held.said.0)))
            .cell(region_name(world, by))
            .cell(way(w, world, &held.proposal.arc))
            .cell(units)
            .cell(Cell::markup(followed(w, &parts, call_of(&talks, by, held), (held, now))))
    });
    let table = Table::new(w.t("plan-said")).caption_hidden().columns([
        Column::text(w.t("plan-when")),
        Column::text(w.t("stock-region")),
        Column::text(w.t("plan-what")),
        Column::text(w.t("plan-how-many")),
        Column::text(w.t("plan-followed")),
    ]);
    let closed: Vec<_> = regions
        .values()
        .flat_map(|one| {
            one.shared().plans.closed.iter().map(move |(arc, held)| (&one.id, arc, held))
        })
        .filter(|(_, _, held)| held.until >= today)
        .collect();
    html! {
        @if accepted.is_empty() { p { (w.t("plan-none-said")) } } @else { (table.rows(rows)) }
        @if !closed.is_empty() {
            h3 { (w.t("plan-closed")) }
            ul.closed {
                @for (by, arc, held) in &closed {
                    li {
                        strong { (way(w, world, arc)) } " – "
                        (region_name(world, by)) ": " (held.reason) " "
                        span.fine {
                            (w.t_args("plan-through", &[("day", held.until.to_string().into())]))
                        }
                        @if **by == visitor.region && visitor.may(app, Action::DecideMoves) {
                            @let key = crate::app::fresh_key();
                            @let text = serde_json::to_string(arc).unwrap_or_default();
                            (Form::post(w, "/plan/reopen", &key, w.t("plan-reopen"))
                                .hidden("act", REOPEN).hidden("arc", text))
                        }
                    }
                }
            }
        }
    }
}

/// What a yes led to: the call with how it stands, or whom to telephone.
fn followed(
    w: Words,
    parts: &[samband_domain::blood::view::picture::Part<'_>],
    talk: Option<&Talk<'_>>,
    (held, now): (&Accepted, Time),
) -> Markup {
    let place = &held.proposal.arc.from;
    let part = parts.iter().find(|part| *part.journal == place.region);
    let lines = part.and_then(|part| part.stock.duty.get(&place.site));
    html! {
        (w.dynamic("plan-outcome-", held.outcome.as_str()))
        @if let Some(talk) = talk {
            br;
            a href={ "/shipments/calls/" (talk.call.at.hash) } { (standing(w, talk)) }
        }
        @if held.outcome == Outcome::Telephone {
            @match lines.and_then(|lines| lines.front()) {
                Some(line) => { br; (phone(w, line, now)) },
                None => { br; span.unknown { (w.t("situation-no-number")) } },
            }
        }
    }
}
