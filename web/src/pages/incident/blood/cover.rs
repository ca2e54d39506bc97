//! Hours of cover: large for the struck region, as a table for all.

use maud::{Markup, html};
use samband_domain::{Known, Time};
use samband_engine::World;
use samband_planning::casualty_blood::{Cover, HOURS, Lasts};

use crate::app::incident::blood::{Line, LineCover, RegionCover, Room, Why};
use crate::components::{Cell, Column, Note, Row, Status, Table, section, tag, time_tag};
use crate::pages::parts::region_name;
use crate::text::Words;

fn hours(w: Words, lasts: Lasts) -> String {
    match lasts {
        Lasts::Through => w.t_args("inc-hours-through", &[("n", HOURS.into())]),
        Lasts::Until(_) => w.t_args("inc-hours-n", &[("n", lasts.hours().into())]),
    }
}

/// `4 h (2–9 h)`, or why nobody can tell.
fn lasting(w: Words, cover: &Result<Cover, Vec<Why>>) -> Markup {
    match cover {
        Ok(cover) if cover.least == cover.most => html! { strong { (hours(w, cover.plan)) } },
        Ok(cover) => html! {
            strong { (hours(w, cover.plan)) } " "
            span.nowrap { "(" (hours(w, cover.least)) " – " (hours(w, cover.most)) ")" }
        },
        Err(why) => {
            let why: Vec<_> =
                why.iter().map(|one| w.dynamic("inc-of-why-", one.as_str())).collect();
            html! { span.unknown { (w.unknown()) } ": " (why.join(", ")) }
        }
    }
}

/// Little time is said by word and sign, not by colour alone.
fn light(w: Words, cover: &Result<Cover, Vec<Why>>) -> Markup {
    match cover {
        Ok(cover) if cover.least.hours() < 6 => tag(Status::Attention, &w.t("inc-cover-short")),
        Ok(_) => tag(Status::Held, &w.t("inc-cover-lasts")),
        Err(_) => tag(Status::Unknown, &w.unknown()),
    }
}

pub(super) fn struck(w: Words, world: &World, all: &Room, now: Time) -> Markup {
    let Some(struck) = all.regions.iter().find(|one| one.struck) else {
        return html! { (Note::warning(w, &w.t("inc-cover-none"))) };
    };
    let name = region_name(world, &struck.region);
    section(
        "cover",
        &w.t_args("inc-cover", &[("region", name.into())]),
        &html! {
            p { (w.t("inc-cover-means")) }
            (rules(w, struck))
            (lines(w, struck, now))
        },
    )
}

/// What the region's rules say of the two kinds of group O.
fn rules(w: Words, one: &RegionCover) -> Markup {
    let rule = |known: &Known<String>| match known {
        Known::Value(code) => html! { (w.dynamic("rule-code-", code)) },
        Known::Unknown => html! { span.unknown { (w.unknown()) } },
    };
    html! {
        ul.plain {
            li { (w.t("inc-rule-emergency")) ": " (rule(&one.emergency)) }
            li { (w.t("inc-rule-substitution")) ": " (rule(&one.substitution)) }
        }
    }
}

fn lines(w: Words, struck: &RegionCover, now: Time) -> Markup {
    let row = |one: &LineCover| {
        let arriving: u32 = one.arrivals.iter().map(|arrival| arrival.units).sum();
        Row::new(w.dynamic("inc-of-line-", one.line.as_str()))
            .cell(html! { (light(w, &one.cover)) br; (lasting(w, &one.cover)) })
            .cell(Cell::count(w, one.usable.value()))
            .cell(html! {
                (w.int(arriving))
                @if let Some(first) = one.arrivals.first() {
                    br; span.fine { (w.t_args("inc-first-in", &[("n", first.hour.into())])) }
                }
                @if one.late > 0 {
                    br; span.fine { (w.t_args("inc-late", &[("n", one.late.into())])) }
                }
            })
            .cell(match one.ordinary {
                Known::Value(milli) => Cell::text(w.decimal((i128::from(milli), 1_000), 1)),
                Known::Unknown => Cell::unknown(w),
            })
            .cell(age(w, one, now))
    };
    let table = Table::new(w.t("inc-cover-lines")).caption_hidden().columns([
        Column::text(w.t("inc-line")),
        Column::text(w.t("inc-lasts")),
        Column::number(w.t("inc-usable")),
        Column::number(w.t("inc-arriving")),
        Column::number(w.t("inc-ordinary")),
        Column::text(w.t("inc-source-time")),
    ]);
    html! { (table.rows(struck.lines.iter().map(row))) }
}

fn age(w: Words, one: &LineCover, now: Time) -> Markup {
    html! {
        @if one.own || one.systems.is_empty() { (w.t("inc-own-record")) }
        @if one.own && !one.systems.is_empty() { ", " }
        (one.systems.join(", "))
        br;
        span.fine {
            @match one.as_of {
                Known::Value(at) => { (time_tag(w, at.0)) ", " (w.age(at.0, now.0)) }
                Known::Unknown => (w.unknown()),
            }
        }
        @if one.stale && one.as_of != Known::Unknown { " " (tag(Status::Stale, &w.t("status-stale"))) }
    }
}

/// Every region beside the others.
pub(super) fn regions(w: Words, world: &World, all: &Room) -> Markup {
    let row = |one: &RegionCover| {
        let cell = |line: Line| {
            let held = one.line(line);
            Cell::markup(held.map_or_else(|| html! {}, |held| lasting(w, &held.cover)))
        };
        let name = region_name(world, &one.region);
        let head =
            if one.struck { w.t_args("inc-struck", &[("region", name.into())]) } else { name };
        Row::new(head).cells(Line::ALL.map(cell))
    };
    let mut columns = vec![Column::text(w.t("inc-region"))];
    columns.extend(Line::ALL.map(|line| Column::text(w.dynamic("inc-of-line-", line.as_str()))));
    let table = Table::new(w.t("inc-cover-regions")).caption_hidden().columns(columns);
    html! {
        p.fine { (w.t("inc-cover-others")) }
        (table.rows(all.regions.iter().map(row)))
    }
}
