//! The plan week by week: how many of each group, whom, and what it should bring.

use maud::{Markup, html};
use samband_domain::Time;
use samband_domain::blood::model::Group;
use samband_domain::plans::model::CallWeek;
use samband_domain::words::Day;
use samband_engine::World;
use samband_planning::callup::tail::quantiles;

use super::{ADOPT, PATH, percent};
use crate::app::plans::callup::{Asked, Found};
use crate::app::stock::site_name;
use crate::charts::{Chart, Curve};
use crate::components::{Cell, Column, Field, FigureWithTable, Note, Row, Table, time_tag};
use crate::pages::typed::Draft;
use crate::text::{Format, Ratio, Words};

/// Weeks whose people are shown line by line, and most weeks adopted at once.
const SHOWN: usize = 4;

/// A number from thousandths.
fn milli(n: f64) -> Ratio {
    ((n * 1_000.0).round() as i128, 1_000)
}

/// How near to the best the plan is, for certain.
pub(super) fn bound(w: Words, found: &Found, at: Time, now: Time) -> Markup {
    let far = 1_000_u32.saturating_sub(found.rests.near_permille.into());
    let args = [("part", w.percent((i128::from(far), 1_000), 1).into())];
    html! {
        div.panel {
            p { strong { (w.t_args("callup-bound", &args)) } }
            p.fine { (w.t("callup-bound-means")) " " (w.t("callup-made")) " " (time_tag(w, at.0)) }
            @if now.0 - at.0 > 3_600 * 1_000_000 { (Note::warning(w, &w.t("callup-old"))) }
        }
    }
}

/// A week as people name it: its number and its Monday.
pub(super) fn week_text(w: Words, week: Day) -> String {
    let number = week.date().iso_week_date().week();
    let args = [("n", i64::from(number).into()), ("day", week.to_string().into())];
    w.t_args("callup-week", &args)
}

fn invited(week: Option<&CallWeek>, group: Group) -> u32 {
    let lines = week.into_iter().flat_map(|week| &week.lines);
    lines.filter(|line| line.stratum.group == group).map(|line| line.invite).sum()
}

/// How many to invite, by week and group.
pub(super) fn table(w: Words, world: &World, found: &Found) -> Markup {
    let columns = std::iter::once(Column::text(w.t("callup-week-head")))
        .chain(Group::ALL.iter().map(|group| Column::number(group.to_string())))
        .chain(std::iter::once(Column::number(w.t("callup-sum"))));
    let own = world.local(&found.from.own);
    let mut sums = [0_u32; 8];
    let rows = mondays(found).map(|monday| {
        let head = Cell::text(week_text(w, monday));
        if found.from.adopted.contains(&monday) {
            let held = own.and_then(|own| own.own.plans.drawn.get(&monday));
            let cells = Group::ALL.into_iter().map(|group| {
                let lines = held.into_iter().flat_map(|held| &held.lines);
                let lines = lines.filter(|one| one.line.stratum.group == group);
                let invited: u32 = lines.map(|one| one.line.invite).sum();
                Cell::count(w, held.map(|_| invited))
            });
            return Row::new(head).cells(cells).cell(w.t("callup-is-adopted"));
        }
        let week = found.weeks.iter().find(|week| week.week == monday);
        let counts: Vec<u32> = Group::ALL.into_iter().map(|group| invited(week, group)).collect();
        let sum: u32 = counts.iter().sum();
        counts.iter().zip(&mut sums).for_each(|(count, sum)| *sum += count);
        let cells = counts.into_iter().chain(std::iter::once(sum));
        Row::new(head).cells(cells.map(|count| Cell::count(w, Some(count))))
    });
    let rows: Vec<Row> = rows.collect();
    let whole: u32 = sums.iter().sum();
    let cells = sums.into_iter().chain(std::iter::once(whole));
    let sum = Row::new(w.t("callup-sum")).cells(cells.map(|n| Cell::count(w, Some(n))));
    let table = Table::new(w.t("callup-weeks")).caption_hidden().scrolling().columns(columns);
    html! {
        p { (w.t("callup-weeks-lead")) }
        (table.rows(rows).sum(sum))
    }
}

fn mondays(found: &Found) -> impl Iterator<Item = Day> {
    let (first, weeks) = (found.from.instance.first, found.from.instance.weeks);
    (0..weeks).map(move |week| first.plus_days(u32::try_from(7 * week).unwrap_or(0)))
}

/// Adopts the first weeks.
pub(super) fn adopt(w: Words, found: &Found, asked: Asked, draft: &Draft) -> Markup {
    if found.weeks.is_empty() {
        return html! { p { (w.t("callup-nothing")) } };
    }
    let key = draft.key(ADOPT);
    let choices = found.weeks.iter().take(SHOWN).enumerate().map(|(n, week)| {
        let text = match n {
            0 => week_text(w, week.week),
            _ => w.t_args("callup-through", &[("week", week_text(w, week.week).into())]),
        };
        ((n + 1).to_string(), text)
    });
    let weeks = Field::select("weeks", w.t("callup-which"), choices);
    let note = Field::text("note", w.t("callup-note")).hint(w.t("callup-note-hint"));
    html! {
        div.panel {
            p { (w.t("callup-adopt-means")) }
            (draft.form(w, PATH, ADOPT, &key, w.t("callup-adopt-do"))
                .hidden("pooling", asked.pooling.to_string())
                .hidden("band", percent(asked.band))
                .hidden("need", asked.need.map(percent).unwrap_or_default())
                .hidden("basis", found.rests.basis.to_string())
                .field(draft.field(ADOPT, "weeks", weeks, "1"))
                .field(draft.field(ADOPT, "note", note, "")))
        }
    }
}

/// What the weeks should bring, beside what the region needs.
pub(super) fn against_need(w: Words, found: &Found) -> Markup {
    let own = found.from.regions.iter().position(|one| one.region == found.from.own);
    let demand = own.and_then(|own| found.from.instance.demand.get(own));
    let Some(demand) = demand else { return html! {} };
    let weeks: Vec<(Day, f64, f64, [u32; 5])> = mondays(found)
        .zip(demand)
        .map(|(monday, need)| {
            let week = found.weeks.iter().find(|week| week.week == monday);
            let parts: Vec<(u32, f64)> = week
                .into_iter()
                .flat_map(|week| &week.lines)
                .map(|line| {
                    let brings = f64::from(line.expected_milli) / 1_000.0;
                    (line.invite, (brings / f64::from(line.invite.max(1))).min(1.0))
                })
                .collect();
            let mean = parts.iter().map(|(n, part)| f64::from(*n) * part).sum();
            (monday, need.iter().sum(), mean, quantiles(&parts))
        })
        .collect();
    let points: Vec<String> = weeks.iter().map(|(monday, ..)| monday.to_string()).collect();
    let of = |n: u32| (i128::from(n), 1);
    let brings = Curve::new(w.t("callup-expected"), weeks.iter().map(|one| Some(milli(one.2))))
        .band(weeks.iter().map(|one| Some((of(one.3[0]), of(one.3[4])))));
    let need = Curve::new(w.t("callup-needed"), weeks.iter().map(|one| Some(milli(one.1))));
    let (title, text) = (w.t("callup-against"), w.t("callup-against-text"));
    let drawing = Chart::new(w, "against-chart", &title, &text)
        .format(Format::Decimal(1))
        .curves(&points, &[need, brings]);
    let rows = weeks.iter().map(|(monday, need, mean, band)| {
        Row::new(week_text(w, *monday))
            .cell(w.decimal(milli(*need), 1))
            .cell(w.decimal(milli(*mean), 1))
            .cell(format!("{}–{}", w.int(band[0]), w.int(band[4])))
    });
    let table = Table::new(title.clone()).caption_hidden().columns([
        Column::text(w.t("callup-week-head")),
        Column::number(w.t("callup-needed")),
        Column::number(w.t("callup-expected")),
        Column::number(w.t("callup-band-head")),
    ]);
    let note = w.t("callup-against-note");
    html! {
        (FigureWithTable::new(w, "against", &title, &drawing, &table.rows(rows)).folded()
            .note(&html! { p.fine { (note) } }))
    }
}

/// The nearest weeks line by line.
pub(super) fn lines(w: Words, world: &World, found: &Found) -> Markup {
    let of = |week: &CallWeek| {
        let rows = week.lines.iter().map(|line| {
            let stratum = &line.stratum;
            Row::new(site_name(world, &found.from.own, &stratum.site))
                .cell(stratum.group.to_string())
                .cell(w.dynamic("callup-sex-", stratum.sex.as_str()))
                .cell(w.dynamic("callup-response-", stratum.response.as_str()))
                .cell(Cell::count(w, Some(line.invite)))
                .cell(w.decimal((line.expected_milli.into(), 1_000), 1))
        });
        let caption = week_text(w, week.week);
        let rows: Vec<Row> = rows.collect();
        Table::new(caption).caption_hidden().rows(rows).columns([
            Column::text(w.t("callup-place")),
            Column::text(w.t("donor-group")),
            Column::text(w.t("callup-sex")),
            Column::text(w.t("callup-response")),
            Column::number(w.t("callup-invite")),
            Column::number(w.t("callup-expected")),
        ])
    };
    html! {
        p { (w.t("callup-lines-lead")) }
        @for week in found.weeks.iter().take(SHOWN) {
            details { summary { (week_text(w, week.week)) } (of(week)) }
        }
    }
}
