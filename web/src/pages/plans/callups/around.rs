//! What holds the plan back, the bus' weeks, regions beside each other, and what it rests on.

use std::collections::BTreeMap;

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Group;
use samband_domain::donors::model::Gap;
use samband_domain::plans::model::Pooling;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;
use samband_planning::callup::report::{Binding, Report};

use super::{PATH, TELL, weeks::week_text};
use crate::app::plans::callup::{
    ASSUMED_WEIGHT, BUS, Found, KEEPS_WEEKS, LeftOut, Need, Needed, REFILL, SURE, site_of,
};
use crate::app::stock::{parts, site_name};
use crate::app::{App, Visitor, fresh_key};
use crate::components::{Cell, Column, Form, Row, Table, time_tag};
use crate::pages::parts::region_name;
use crate::text::{Ratio, Words};

fn parts_of(n: f64, whole: i128) -> Ratio {
    ((n * whole as f64).round() as i128, whole)
}

fn place(world: &World, found: &Found, id: &str) -> String {
    let own = &found.from.own;
    match site_of(own, id) {
        Some(site) => site_name(world, own, &site),
        None => JournalId::new(id).map_or_else(|_| id.to_owned(), |id| region_name(world, &id)),
    }
}

/// The bus' weeks and places.
pub(super) fn visits(w: Words, world: &World, found: &Found, report: &Report) -> Markup {
    let rows = report.visits.iter().map(|visit| {
        Row::new(week_text(w, visit.week))
            .cell(place(world, found, &visit.bus))
            .cell(place(world, found, &visit.stop))
            .cell(w.decimal(parts_of(visit.expected, 10), 1))
            .cell(w.decimal(parts_of(visit.capacity, 1), 0))
    });
    let table = Table::new(w.t("callup-bus")).caption_hidden().columns([
        Column::text(w.t("callup-week-head")),
        Column::text(w.t("callup-bus-which")),
        Column::text(w.t("callup-stop-place")),
        Column::number(w.t("callup-come")),
        Column::number(w.t("callup-room")),
    ]);
    let args = [
        ("hours", (BUS.0 as i64).into()),
        ("visit", (BUS.1 as i64).into()),
        ("weeks", i64::try_from(BUS.2).unwrap_or(0).into()),
    ];
    html! {
        @if report.visits.is_empty() { p { (w.t("callup-bus-none")) } }
        @else { (table.rows(rows)) }
        p.fine { (w.t_args("callup-bus-assumed", &args)) }
    }
}

/// What holds the plan back, the worst first.
pub(super) fn binding(w: Words, world: &World, found: &Found, report: &Report) -> Markup {
    let ids: BTreeMap<String, String> = found
        .from
        .regions
        .iter()
        .map(|one| (one.region.to_string(), region_name(world, &one.region)))
        .collect();
    let named = |id: &str| ids.get(id).cloned().unwrap_or_else(|| w.t("callup-all-regions"));
    let said = |one: &Binding| match one.what {
        "capacity" => {
            let week = one.week.map(|week| week_text(w, week)).unwrap_or_default();
            let at = place(world, found, &one.at);
            w.t_args("callup-binds-capacity", &[("place", at.into()), ("week", week.into())])
        }
        "donors" => {
            let (who, group) = one.at.rsplit_once(", ").unwrap_or((one.at.as_str(), ""));
            let args = [("region", named(who).into()), ("group", group.to_owned().into())];
            w.t_args("callup-binds-donors", &args)
        }
        _ => {
            let (least, most) = one.at.split_once(" beside ").unwrap_or((one.at.as_str(), ""));
            let args = [("least", named(least).into()), ("most", named(most).into())];
            w.t_args("callup-binds-fairness", &args)
        }
    };
    html! {
        @if report.binding.is_empty() { p { (w.t("callup-binds-nothing")) } }
        @else {
            p { (w.t("callup-binding-lead")) }
            ul { @for one in report.binding.iter().take(12) { li { (said(one)) } } }
        }
    }
}

/// Regions beside each other, under this rule and under the other.
pub(super) fn regions(w: Words, world: &World, found: &Found, report: &Report) -> Markup {
    let rows = found.from.regions.iter().filter_map(|facts| {
        let same = |one: &&samband_planning::callup::report::RegionSummary| {
            one.region == facts.region.as_str()
        };
        let plan = report.plan.regions.iter().find(same)?;
        let other = report.other.regions.iter().find(same)?;
        Some(
            Row::new(region_name(world, &facts.region))
                .cell(Cell::count(w, Some(facts.donors)))
                .cell(Cell::count(w, Some(plan.invitations)))
                .cell(w.decimal(parts_of(plan.donations, 10), 1))
                .cell(w.decimal(parts_of(plan.per_donor, 1_000), 2))
                .cell(w.decimal(parts_of(other.per_donor, 1_000), 2))
                .cell(w.decimal(parts_of(plan.willing_not_called, 1), 0)),
        )
    });
    let other = match found.rests.pooling {
        Pooling::Local => "callup-per-donor-pooled",
        Pooling::Pooled => "callup-per-donor-local",
    };
    let table = Table::new(w.t("callup-regions")).caption_hidden().columns([
        Column::text(w.t("stock-region")),
        Column::number(w.t("callup-donors")),
        Column::number(w.t("callup-invite")),
        Column::number(w.t("callup-expected")),
        Column::number(w.t("callup-per-donor")),
        Column::number(w.t(other)),
        Column::number(w.t("callup-unused")),
    ]);
    let short = |of: &[f64; 8]| w.decimal(parts_of(of.iter().sum(), 10), 1);
    let args =
        [("here", short(&report.plan.short).into()), ("there", short(&report.other.short).into())];
    let key = match found.rests.pooling {
        Pooling::Local => "callup-short-local",
        Pooling::Pooled => "callup-short-pooled",
    };
    let rows: Vec<Row> = rows.collect();
    html! { (table.rows(rows)) p { (w.t_args(key, &args)) } }
}

/// What a region needs a week, by what source, of which days, and how old that is.
fn need(w: Words, needed: &Needed, today: Day) -> Markup {
    let by = match needed.by {
        Need::Forecast => w.t_args("callup-need-forecast", &[("sure", SURE.into())]),
        Need::Used => w.t("callup-need-used"),
        Need::Stated => w.t("callup-need-stated"),
    };
    let sums = needed.weeks.iter().map(|week| week.iter().sum::<f64>());
    let (least, most) = sums.fold((f64::MAX, 0.0_f64), |(a, b), c| (a.min(c), b.max(c)));
    let number = |units: f64| w.decimal(parts_of(units, 10), 1);
    let range = [("least", number(least).into()), ("most", number(most).into())];
    let age = today.days_since(needed.through).max(0);
    let known = [
        ("from", needed.from.to_string().into()),
        ("through", needed.through.to_string().into()),
        ("days", age.into()),
    ];
    let refill = [
        ("lacking", needed.refill.lacking.into()),
        ("above", needed.refill.above.into()),
        ("weeks", i64::try_from(REFILL).unwrap_or(0).into()),
    ];
    html! {
        (number(needed.weekly())) " (" (by) ") "
        @if most - least > 0.05 { (w.t_args("callup-need-range", &range)) " " }
        (w.t_args("callup-need-known", &known)) " "
        @if !needed.sources.is_empty() { (needed.sources.join("; ")) ". " }
        @if needed.refill.counted > 0 { (w.t_args("callup-need-refill", &refill)) " " }
        @if needed.refill.blind > 0 {
            (w.t_args("callup-need-blind", &[("n", needed.refill.blind.into())]))
        }
    }
}

/// What the plan rests on, and what is not in it.
pub(super) fn rests(w: Words, world: &World, found: &Found) -> Markup {
    let from = &found.from;
    let today = Day::of(found.rests.made);
    let rows = from.regions.iter().map(|one| {
        Row::new(region_name(world, &one.region))
            .cell(Cell::count(w, Some(one.donors)))
            .cell(Cell::count(w, one.active))
            .cell(need(w, &one.need, today))
            .cell(w.percent((one.need_permille.into(), 1_000), 1))
            .cell(html! {
                @match one.counted {
                    None => (w.t("callup-counted-now")),
                    Some(at) => (time_tag(w, at.0)),
                }
                @if one.hidden > 0 {
                    " " (w.t_args("callup-hidden", &[("n", one.hidden.into())]))
                }
            })
    });
    let table = Table::new(w.t("plan-rests")).caption_hidden().columns([
        Column::text(w.t("stock-region")),
        Column::number(w.t("callup-donors")),
        Column::number(w.t("callup-active")),
        Column::text(w.t("callup-weekly")),
        Column::number(w.t("callup-part")),
        Column::text(w.t("callup-counted")),
    ]);
    let come = from.attendance.iter().map(|(response, (part, seen))| {
        let args = [
            ("who", w.dynamic("callup-response-", response.as_str()).into()),
            ("part", w.percent(parts_of(*part, 1_000), 0).into()),
            ("seen", (*seen).into()),
        ];
        w.t_args("callup-attendance", &args)
    });
    let usual: Vec<_> = from.usual.iter().map(|site| site_name(world, &from.own, site)).collect();
    let weight = i64::from(ASSUMED_WEIGHT as u16);
    let keeps = i64::try_from(KEEPS_WEEKS).unwrap_or(0);
    html! {
        (table.rows(rows))
        h3 { (w.t("callup-assumed")) }
        ul {
            @for text in come { li { (text) } }
            li { (w.t_args("callup-assumed-weight", &[("n", weight.into())])) }
            li { (w.t_args("callup-assumed-keeps", &[("weeks", keeps.into())])) }
            li { (w.t("callup-assumed-unit")) }
            @if !usual.is_empty() {
                li { (w.t_args("callup-assumed-usual", &[("places", usual.join(", ").into())])) }
            }
        }
        @if !from.left_out.is_empty() {
            h3 { (w.t("callup-left-out")) }
            ul { @for one in &from.left_out { li { (left_out(w, world, one)) } } }
        }
    }
}

fn left_out(w: Words, world: &World, one: &LeftOut) -> String {
    let region = |id: &JournalId| [("region", region_name(world, id).into())];
    match one {
        LeftOut::Untold(id) => w.t_args("callup-left-untold", &region(id)),
        LeftOut::NeedUnknown(id) => w.t_args("callup-left-need", &region(id)),
        LeftOut::NoRule(id, _) => w.t_args("callup-left-rule", &region(id)),
        LeftOut::NoSessions(id) => w.t_args("callup-left-sessions", &region(id)),
        LeftOut::NoSession(id, site, donors) => {
            let site = site_name(world, id, site);
            w.t_args("callup-left-site", &[("place", site.into()), ("n", (*donors).into())])
        }
        LeftOut::Donors(gap, donors) => {
            let key = match gap {
                Gap::NoCall => "callup-gap-no_call",
                Gap::Kind => "callup-gap-kind",
                Gap::Site => "callup-gap-site",
                Gap::Group => "callup-gap-group",
                Gap::Sex => "callup-gap-sex",
                Gap::Hindered => "callup-gap-hindered",
            };
            w.t_args(key, &[("n", (*donors).into())])
        }
    }
}

/// Willing donors whom nobody calls: the own region's number from its record, others' as told.
pub(super) fn silent(
    app: &App,
    visitor: &Visitor,
    (world, now): (&World, Time),
    own: Option<[u32; 8]>,
) -> Markup {
    let w = visitor.words;
    let columns = std::iter::once(Column::text(w.t("stock-region")))
        .chain(Group::ALL.iter().map(|group| Column::number(group.to_string())))
        .chain(std::iter::once(Column::text(w.t("callup-counted"))));
    let rows = parts(world, now).into_iter().map(|part| {
        let head = Cell::text(region_name(world, part.journal));
        if *part.journal == visitor.region {
            let count = |group: &Group| Cell::count(w, own.map(|own| own[group.index()]));
            let cells = Group::ALL.iter().map(count);
            return Row::new(head).cells(cells).cell(w.t("callup-counted-now"));
        }
        let told = world.journal(part.journal).and_then(|one| one.shared().plans.strata.as_ref());
        let cells = Group::ALL.iter().map(|group| {
            let of = told.and_then(|one| one.told.silent.iter().find(|row| row.group == *group));
            match of.map(|row| row.donors) {
                Some(Known::Value(n)) => Cell::count(w, Some(n)),
                Some(Known::Unknown) => Cell::text(w.t("callup-few")),
                None => Cell::unknown(w),
            }
        });
        let cells: Vec<Cell> = cells.collect();
        Row::new(head).cells(cells).cell(html! {
            @match told { Some(one) => (time_tag(w, one.said.0)), None => (w.unknown()) }
        })
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new(w.t("callup-silent")).caption_hidden().scrolling().columns(columns);
    let key = fresh_key();
    html! {
        p { (w.t("callup-silent-lead")) }
        (table.rows(rows))
        @if visitor.may(app, Action::SeeDonors) {
            p { a href="/call-ups/silent" { (w.t("callup-silent-who")) } }
        }
        @if visitor.may(app, Action::AdoptCallUps) {
            p { (w.t("callup-tell-means")) }
            (Form::post(w, PATH, &key, w.t("callup-tell")).hidden("act", TELL))
        }
    }
}
