//! Blood centres' answers, who can send what, what was ordered and used, and who can be called.

use std::collections::BTreeMap;

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::Obligation;
use samband_domain::alarms::model::{DutyRole, Key, Owed, Party, Recipient, asks, owed};
use samband_domain::{Known, Time};
use samband_engine::World;

use super::super::one::party;
use crate::app::incident::Found;
use crate::app::incident::blood::{self, Line, Room, Sender};
use crate::app::{App, Visitor};
use crate::components::{Cell, Column, Note, Row, Status, Table, tag, time_tag};
use crate::pages::parts::region_name;
use crate::pages::typed::Draft;
use crate::text::Words;

/// The form with which a blood centre says that its stock is told.
pub(in crate::pages::incident) const STOCK: &str = "incident-stock";

/// What blood centres were asked and have said; the own one says with one button that its stock
/// stands as the page shows it.
pub(super) fn centres(
    app: &App,
    visitor: &Visitor,
    world: &World,
    found: &Found<'_>,
    draft: &Draft,
) -> Markup {
    let w = visitor.words;
    let all = asked(found);
    let row = |key: &Key, held: &Obligation| {
        let theirs = found.theirs(world, key);
        let answer = theirs.and_then(|one| one.answer.as_ref()).map(|one| one.at);
        let stock = theirs.and_then(|one| one.delivered.get(&Owed::Stock).copied());
        let at = |at: Option<Time>| match at {
            Some(at) => {
                html! { (tag(Status::Held, &w.t("inc-said-yes"))) br; span.fine { (time_tag(w, at.0)) } }
            }
            None => tag(Status::OneSided, &w.t("inc-said-not")),
        };
        Row::new(Cell::link(&format!("/alarm/{}/{}", key.issuer, key.alarm), &party(w, world, key)))
            .cell(at(answer))
            .cell(match stock {
                None if !owed(key.to.role, held.kind).contains(&Owed::Stock) => html! { "–" },
                stock => at(stock),
            })
    };
    let table = Table::new(w.t("inc-centres")).caption_hidden().columns([
        Column::text(w.t("inc-centre")),
        Column::text(w.t("inc-acknowledged")),
        Column::text(w.t("inc-stock-said")),
    ]);
    html! {
        @if all.is_empty() { p { (w.t("inc-centres-none")) } } @else {
            (table.rows(all.iter().map(|(key, held)| row(key, held))))
        }
        @if let Some(key) = owing(visitor, world, found) {
            @if visitor.may(app, Action::ReportStock) {
                @let (href, form) = (format!("{}/blood", found.href()), draft.key(STOCK));
                div.panel #stock {
                    p { (w.t("inc-stock-means")) " " a href={ "/stock?region=" (visitor.region) } { (w.t("inc-stock-see")) } }
                    (draft.form(w, &href, STOCK, &form, w.t("inc-stock-do"))
                        .hidden("alarm", key.alarm.to_string()))
                }
            }
        }
    }
}

/// Blood centres that owe an answer, each once: by the latest alarm that no other has replaced.
fn asked<'w>(found: &Found<'w>) -> Vec<(&'w Key, &'w Obligation)> {
    let issued = &found.journal.shared().alarms.issued;
    let mut latest: BTreeMap<&'w Recipient, (&'w Key, &'w Obligation)> = BTreeMap::new();
    for (key, held) in found.obligations() {
        let blood = matches!(key.to.role, DutyRole::BloodCentre | DutyRole::NationalBlood);
        let stands = issued.get(&key.alarm).is_some_and(|one| one.replaced.is_none());
        let later = latest.get(&key.to).is_none_or(|(_, other)| other.since <= held.since);
        if blood && asks(key.to.role, held.kind) && stands && later {
            latest.insert(&key.to, (key, held));
        }
    }
    latest.into_values().collect()
}

/// The stock that the reader's own region owes by one of the incident's alarms.
fn owing(visitor: &Visitor, world: &World, found: &Found<'_>) -> Option<Key> {
    let own = &world.journal(&visitor.region)?.shared().alarms.obligations;
    let mine = Party::Region(visitor.region.clone());
    let mut owed = own.iter().filter(|(key, held)| {
        key.issuer == found.journal.id
            && found.held.alarms.contains(&key.alarm)
            && key.to.party == mine
            && key.to.role == DutyRole::BloodCentre
            && held.closed.is_none()
            && !held.delivered.contains_key(&Owed::Stock)
    });
    owed.next().map(|(key, _)| key.clone())
}

pub(super) fn send(w: Words, world: &World, found: &Found<'_>, all: &Room, now: Time) -> Markup {
    let senders = blood::senders(world, found, all, now);
    if senders.is_empty() {
        return html! { p { (w.t("inc-send-nobody")) } };
    }
    let lines = [Line::ONegative, Line::OPositive, Line::RedCells, Line::Plasma, Line::Platelets];
    let row = |one: &Sender| {
        let spare = |line: Line| {
            let held = one.spare.iter().find(|(of, _)| *of == line);
            Cell::count(w, held.and_then(|(_, units)| units.value()))
        };
        Row::new(region_name(world, &one.region)).cells(lines.map(spare)).cell(arrival(w, one, now))
    };
    let mut columns = vec![Column::text(w.t("inc-region"))];
    columns.extend(lines.map(|line| Column::number(w.dynamic("inc-of-line-", line.as_str()))));
    columns.push(Column::text(w.t("inc-there-by")));
    let table = Table::new(w.t("inc-send")).caption_hidden().columns(columns);
    html! {
        p.fine { (w.t("inc-send-means")) }
        (table.rows(senders.iter().map(row)))
        p { a.button href="/plan/transfers" { (w.t("inc-to-plan")) } " " a.button href="/shipments" { (w.t("inc-to-ask")) } }
    }
}

fn arrival(w: Words, one: &Sender, now: Time) -> Markup {
    html! {
        @match &one.run {
            Some(run) => {
                (time_tag(w, run.arrives.0)) " " span.fine { "(" (w.remaining(now.0, run.arrives.0)) ")" }
                br; span.fine { (run.code) ", " (run.carrier) ", " (w.t("inc-leaves")) " " (w.clock(run.leaves.0)) }
            }
            None => span.unknown { (w.t("inc-no-leg")) },
        }
        @for (function, phone) in &one.phones {
            br; span.fine { (w.dynamic("duty-of-", function)) ": " (phone) }
        }
    }
}

pub(super) fn orders(w: Words, world: &World, found: &Found<'_>, all: &Room, now: Time) -> Markup {
    let said = blood::orders(world, found, now);
    let expected = all.estimate.as_ref().map(|estimate| estimate.orders);
    html! {
        dl.definitions {
            div { dt { (w.t("inc-asked")) } dd { (w.int(said.asked)) } }
            div { dt { (w.t("inc-promised")) } dd { (w.int(said.promised)) } }
            div { dt { (w.t("inc-sent")) } dd { (w.int(said.sent)) } }
            div {
                dt { (w.t_args("inc-used-since", &[("day", said.since.to_string().into())])) }
                dd {
                    @match said.used {
                        Known::Value(used) => (w.int(used)),
                        Known::Unknown => span.unknown { (w.unknown()) },
                    }
                }
            }
            div {
                dt { (w.t("inc-orders-expected")) }
                dd {
                    @match expected {
                        Some((low, high)) => { (w.int(low as i64)) "–" (w.int(high as i64)) }
                        None => span.unknown { (w.unknown()) },
                    }
                }
            }
        }
        p.fine { (w.t("inc-orders-means")) }
    }
}

pub(super) fn donors(
    app: &App,
    visitor: &Visitor,
    world: &World,
    found: &Found<'_>,
    now: Time,
) -> Markup {
    let w = visitor.words;
    let row = |one: &blood::Donors| {
        let count = |n: u32| match one.told {
            Some(_) => Cell::text(w.t_args("inc-at-least", &[("n", n.into())])),
            None => Cell::unknown(w),
        };
        Row::new(region_name(world, &one.region))
            .cell(count(one.o_negative))
            .cell(count(one.o_positive))
            .cell(count(one.all))
            .cell(match one.told {
                Some(at) => html! { (time_tag(w, at.0)) },
                None => html! { span.unknown { (w.unknown()) } },
            })
    };
    let table = Table::new(w.t("inc-donors")).caption_hidden().columns([
        Column::text(w.t("inc-region")),
        Column::number(w.t("inc-of-line-o_negative")),
        Column::number(w.t("inc-of-line-o_positive")),
        Column::number(w.t("inc-all-groups")),
        Column::text(w.t("inc-told-at")),
    ]);
    let all = blood::donors(world, found, now);
    html! {
        (Note::info(w, &w.t("inc-no-appeal")))
        (table.rows(all.iter().map(row)))
        p.fine { (w.t("inc-donors-means")) }
        (switch(app, visitor, world, now))
        p { a.button href="/plan/call-ups" { (w.t("inc-to-call-ups")) } }
    }
}

/// Plasma donors of the reader's own region who can switch, counted in its own register.
fn switch(app: &App, visitor: &Visitor, world: &World, now: Time) -> Markup {
    let (w, region) = (visitor.words, &visitor.region);
    html! {
        h3 { (w.t("inc-switch")) ": " (region_name(world, region)) }
        p {
            @match blood::switchers(world, region, now) {
                Known::Value(n) => {
                    strong { (w.t_args("inc-switch-own", &[("n", n.into())])) } " "
                    (time_tag(w, now.0))
                    @if n > 0 && visitor.may(app, Action::SeeDonors) {
                        " " a href="/call-ups/switch" { (w.t("inc-switch-see")) }
                    }
                }
                Known::Unknown => span.unknown { (w.unknown()) },
            }
        }
        p.fine { (w.t("inc-switch-own-means")) " " (w.t("inc-switch-others")) }
    }
}
