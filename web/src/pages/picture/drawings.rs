//! The picture's map and charts, each with the table of its numbers beside it.

use maud::{Markup, Render};
use samband_domain::figures::Measure;
use samband_domain::figures::view::{GOAL_PERCENT, Line};
use samband_domain::{JournalId, Known};

use super::super::parts::ratio;
use super::Looked;
use crate::charts::{Bar, Chart, Group, Pair};
use crate::components::{Cell, Column, FigureWithTable, Note, Row, Table};
use crate::map::{Area, Choropleth};
use crate::text::{Format, Ratio};

/// Where the classes of the map begin, in thousandths of a per cent of those aged 18–64.
const CLASSES: [i128; 3] = [2_750, 3_500, 5_000];

/// The class of a share, from 0; none for an unknown one.
fn class(share: Option<Ratio>) -> Option<usize> {
    let (numerator, denominator) = share?;
    let reached =
        |limit: &&i128| numerator.saturating_mul(100_000) >= limit.saturating_mul(denominator);
    Some(CLASSES.iter().filter(reached).count())
}

/// The map by share of those aged 18–64.
pub(super) fn map(looked: Looked<'_>) -> Markup {
    let w = looked.w;
    let names = class_names(looked);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let links: Vec<(&JournalId, String)> = looked
        .picture
        .regions
        .iter()
        .map(|line| (&line.region, format!("/regions/{}", line.region)))
        .collect();
    let areas: Vec<Area<'_>> = looked
        .picture
        .regions
        .iter()
        .zip(&links)
        .filter_map(|(line, (_, href))| {
            let place = looked.place(&line.region)?;
            let share = ratio(line.line.active_share_18_64);
            let area = Area::new(place.county.as_deref()?, place.short(), class(share));
            let area = match share {
                Some(share) => area.line(w.percent(share, 2)),
                None => area,
            };
            Some(area.href(href))
        })
        .collect();
    let (title, text) = (w.t("picture-map"), w.t("picture-map-text"));
    let drawing = Choropleth::new(w, "map", &title, &text, &names).draw(&areas);
    let table = goal_table(looked, &w.t("picture-map-table"));
    let period = looked.picture.period.to_string();
    FigureWithTable::new(w, "map-part", &title, &drawing, &table)
        .folded()
        .provenance(looked.provenance().href("#sources").period(&period))
        .render()
}

fn class_names(looked: Looked<'_>) -> Vec<String> {
    let w = looked.w;
    let text = |limit: i128| {
        let decimals = if limit % 1_000 == 0 { 0 } else { 2 };
        let decimals = if limit % 100 == 0 && decimals == 2 { 1 } else { decimals };
        w.percent((limit, 100_000), decimals)
    };
    let mut names = vec![w.t_args("picture-class-below", &[("limit", text(CLASSES[0]).into())])];
    for pair in CLASSES.windows(2) {
        let args = [("from", text(pair[0]).into()), ("to", text(pair[1]).into())];
        names.push(w.t_args("picture-class-between", &args));
    }
    let last = CLASSES[CLASSES.len() - 1];
    names.push(w.t_args("picture-class-above", &[("limit", text(last).into())]));
    names
}

/// Bars of the share against the goal.
pub(super) fn against_goal(looked: Looked<'_>) -> Markup {
    let w = looked.w;
    let bar = |name: String, line: &Line| {
        let bar = Bar::new(name, ratio(line.active_share_18_64));
        match line.donors_to_goal.value().map(|gap| gap.rounded()) {
            Some(gap) if gap > 0 => {
                bar.note(w.t_args("picture-missing", &[("n", w.int(gap).into())]))
            }
            Some(_) => bar.note(w.t("picture-at-goal")),
            None => bar,
        }
    };
    let mut bars: Vec<_> = looked
        .picture
        .regions
        .iter()
        .map(|line| bar(looked.name(&line.region), &line.line))
        .collect();
    bars.push(bar(looked.all(), &looked.picture.total).total());
    let (title, text) = (w.t("picture-goal"), w.t("picture-goal-text"));
    let drawing = Chart::new(w, "goal", &title, &text)
        .format(Format::Percent(2))
        .goal((GOAL_PERCENT.into(), 100))
        .bars(&bars);
    let table = goal_table(looked, &w.t("picture-goal-table"));
    let period = looked.picture.period.to_string();
    FigureWithTable::new(w, "goal-part", &title, &drawing, &table)
        .folded()
        .note(&Note::info(w, &w.t("picture-active-means")))
        .provenance(looked.provenance().href("#sources").period(&period))
        .render()
}

fn goal_table(looked: Looked<'_>, caption: &str) -> Table {
    let w = looked.w;
    table(
        looked,
        Table::new(caption).columns([
            Column::text(w.t("picture-region")),
            Column::number(w.t("measure-active_donors")),
            Column::number(w.t("measure-active_share_18_64")),
            Column::number(w.t("measure-donors_to_goal")),
        ]),
        |line| {
            vec![
                (Cell::count(w, line.active_donors.value()), Measure::ActiveDonors, ""),
                (
                    Cell::number(w, ratio(line.active_share_18_64), Format::Percent(2)),
                    Measure::ActiveDonors,
                    "active_share_18_64",
                ),
                (
                    Cell::number(w, ratio(line.donors_to_goal), Format::Integer),
                    Measure::ActiveDonors,
                    "donors_to_goal",
                ),
            ]
        },
    )
}

/// Donations per donor.
pub(super) fn per_donor(looked: Looked<'_>) -> Markup {
    let w = looked.w;
    let rows: Vec<_> = looked
        .picture
        .regions
        .iter()
        .map(|line| Pair::new(looked.name(&line.region), ratio(line.line.donations_per_donor)))
        .collect();
    let (title, text) = (w.t("picture-use"), w.t("picture-use-text"));
    let mut chart = Chart::new(w, "use", &title, &text).format(Format::Decimal(2));
    if let Known::Value((region, rate)) = &looked.picture.highest_use {
        let label = w.t_args("picture-use-highest", &[("region", looked.name(region).into())]);
        chart = chart.mark(label, (rate.numerator, rate.denominator));
    }
    let drawing = chart.dots(&[&w.t("measure-donations_per_donor")], &rows);
    let numbers = table(
        looked,
        Table::new(w.t("picture-use-table")).columns([
            Column::text(w.t("picture-region")),
            Column::number(w.t("picture-head-donations")),
            Column::number(w.t("measure-active_donors")),
            Column::number(w.t("measure-donations_per_donor")),
        ]),
        |line| {
            let donations = Measure::WholeBloodDonations;
            vec![
                (Cell::count(w, line.whole_blood_donations.value()), donations, ""),
                (Cell::count(w, line.active_donors.value()), Measure::ActiveDonors, ""),
                (
                    Cell::number(w, ratio(line.donations_per_donor), Format::Decimal(2)),
                    donations,
                    "donations_per_donor",
                ),
            ]
        },
    );
    let period = looked.picture.period.to_string();
    FigureWithTable::new(w, "use-part", &title, &drawing, &numbers)
        .folded()
        .provenance(looked.provenance().href("#sources").period(&period))
        .render()
}

/// Donations as they are and what even use would add.
pub(super) fn even_use(looked: Looked<'_>) -> Markup {
    let w = looked.w;
    let rows: Vec<_> = looked
        .picture
        .regions
        .iter()
        .map(|line| {
            let now = line.line.whole_blood_donations.value();
            let now = now.map(|n| (n.into(), 1));
            Group::new(looked.name(&line.region), [now, ratio(line.line.even_use_gain)])
        })
        .collect();
    let (title, text) = (w.t("picture-gain"), w.t("picture-gain-text"));
    let series = [w.t("measure-whole_blood_donations"), w.t("measure-even_use_gain")];
    let drawing = Chart::new(w, "gain", &title, &text).stacked(&[&series[0], &series[1]], &rows);
    let numbers = table(
        looked,
        Table::new(w.t("picture-gain-table")).columns([
            Column::text(w.t("picture-region")),
            Column::number(series[0].clone()),
            Column::number(series[1].clone()),
        ]),
        |line| {
            let donations = Measure::WholeBloodDonations;
            let gain = Cell::number(w, ratio(line.even_use_gain), Format::Integer);
            vec![
                (Cell::count(w, line.whole_blood_donations.value()), donations, ""),
                (gain, donations, "even_use_gain"),
            ]
        },
    );
    let period = looked.picture.period.to_string();
    FigureWithTable::new(w, "gain-part", &title, &drawing, &numbers)
        .folded()
        .note(&Note::info(w, &w.t("picture-gain-note")))
        .provenance(looked.provenance().href("#sources").period(&period))
        .render()
}

/// A row per region and the sum; every number leads to its source.
fn table(
    looked: Looked<'_>,
    table: Table,
    cells: impl Fn(&Line) -> Vec<(Cell, Measure, &'static str)>,
) -> Table {
    let row = |header: Cell, region: &str, line: &Line| {
        let linked = cells(line)
            .into_iter()
            .map(|(cell, measure, part)| cell.to(&looked.href(region, measure, part)));
        Row::new(header).cells(linked)
    };
    let rows = looked.picture.regions.iter().map(|line| {
        let id = line.region.as_str();
        let header = Cell::link(&format!("/regions/{id}"), &looked.name(&line.region));
        row(header, id, &line.line)
    });
    table.rows(rows).sum(row(Cell::text(looked.all()), "all", &looked.picture.total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_legend_and_the_goal_begins_the_last() {
        assert_eq!(class(Some((22_103, 840_163))), Some(0));
        assert_eq!(class(Some((3_484, 116_200))), Some(1));
        assert_eq!(class(Some((3_924, 88_078))), Some(2));
        assert_eq!(class(Some((5, 100))), Some(3));
        assert_eq!(class(None), None);
    }
}
