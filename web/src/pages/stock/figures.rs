//! How single figures of the stock are shown: days, marks, source, time and age.

use maud::{Markup, html};
use samband_domain::blood::view::picture::Cell;
use samband_domain::{Known, Time};

use crate::app::stock::{days_figure, source_words};
use crate::components::{Cell as TableCell, Status, tag, time_tag};
use crate::pages::parts::age_text;
use crate::text::Words;

const DAY: i64 = 86_400_000_000;

/// Where the classes of days of supply begin, in thousandths of a day (assumed: a delivery, a
/// week-end, a week, two weeks).
pub(in super::super) const CLASSES: [u64; 4] = [1_500, 3_000, 7_000, 14_000];

/// The class of days of supply: more is higher; none is unknown.
pub(in super::super) fn class(days: Known<u64>) -> Option<usize> {
    let days = days.value()?;
    Some(CLASSES.iter().filter(|limit| days >= **limit).count())
}

/// The classes in words, from the least upwards.
pub(in super::super) fn class_names(w: Words) -> Vec<String> {
    let days =
        |milli: u64| w.decimal((i128::from(milli), 1_000), u8::from(!milli.is_multiple_of(1_000)));
    let mut names = vec![w.t_args("stock-class-below", &[("limit", days(CLASSES[0]).into())])];
    for pair in CLASSES.windows(2) {
        let args = [("from", days(pair[0]).into()), ("to", days(pair[1]).into())];
        names.push(w.t_args("stock-class-between", &args));
    }
    let last = CLASSES[CLASSES.len() - 1];
    names.push(w.t_args("stock-class-above", &[("limit", days(last).into())]));
    names
}

/// Hours until it runs out, from days of supply.
pub(in super::super) fn hours(days: Known<u64>) -> Option<u64> {
    days.value().map(|milli| milli * 24 / 1_000)
}

/// `6,2`; the word for unknown where nobody can say.
pub(in super::super) fn days_number(w: Words, days: Known<u64>) -> String {
    days.value().map_or_else(|| w.unknown(), |milli| days_figure(w, milli))
}

/// How many can be used; where a part has not been told, how many somebody has counted.
pub(in super::super) fn available(w: Words, cell: &Cell) -> TableCell {
    if let (Known::Unknown, 1..) = (cell.available, cell.at_least) {
        return TableCell::text(w.t_args("stock-at-least", &[("n", cell.at_least.into())]));
    }
    TableCell::count(w, cell.available.value())
}

/// When the next of it should be here; marked where that time has passed.
pub(in super::super) fn eta(w: Words, cell: &Cell, now: Time) -> Markup {
    let Some(eta) = cell.next_eta else { return html! {} };
    let near = now.since(eta).abs() < DAY;
    let time = if near { w.clock(eta.0) } else { w.date_time(eta.0) };
    html! {
        @if eta < now {
            (tag(Status::Attention, &w.t_args("stock-eta-passed", &[("time", time.into())])))
        } @else { (w.t_args("stock-eta", &[("time", time.into())])) }
    }
}

/// Whether it is below its minimum: as the region noted, or as the figures say now.
pub(in super::super) fn below(cell: &Cell) -> bool {
    let counted = match (cell.minimum, cell.available) {
        (Some(minimum), Known::Value(available)) => available < minimum,
        _ => false,
    };
    counted || cell.below_since.is_some()
}

/// The mark of a stock below its minimum: sign and words, never colour alone.
pub(in super::super) fn below_tag(w: Words, cell: &Cell) -> Markup {
    let least = cell.minimum.map_or_else(|| w.unknown(), |least| w.int(least));
    html! {
        span.tag.attention {
            span.sign aria-hidden="true" { "▼" }
            (w.t_args("stock-below", &[("minimum", least.into())]))
        }
    }
}

/// Who says so, as of when, how old: `enligt ProSang, 2026-11-22 kl 06:00, 26 h gammalt`.
pub(in super::super) fn source(w: Words, cell: &Cell, now: Time) -> Markup {
    let said = cell.by_own_record() || !cell.systems.is_empty();
    let by = if said { source_words(w, cell) + ", " } else { String::new() };
    html! {
        span.source {
            (by)
            @match cell.as_of {
                Known::Unknown if said => (tag(Status::Unknown, &w.t("stock-missing-part"))),
                Known::Unknown => (tag(Status::Unknown, &w.t("stock-never-told"))),
                Known::Value(at) => {
                    (time_tag(w, at.0)) ", "
                    @let age = w.t_args("provenance-age", &[("age", w.age(at.0, now.0).into())]);
                    @if cell.stale { (tag(Status::Stale, &age)) } @else { (age) }
                }
            }
        }
    }
}

/// How old a site's figures are; says so where it never told any.
pub(in super::super) fn told_age(w: Words, cell: &Cell, now: Time) -> String {
    match cell.as_of {
        Known::Unknown => w.t("stock-never-told"),
        Known::Value(_) => age_text(w, cell.as_of, now),
    }
}

/// What is used in a day, with period, source and age.
pub(in super::super) fn demand(w: Words, cell: &Cell, now: Time) -> Markup {
    let Some(demand) = &cell.demand else {
        return html! { span.unknown { (w.unknown()) } };
    };
    let per_day = demand.milli_per_day.value();
    let per_day = per_day.map(|milli| w.decimal((i128::from(milli), 1_000), 1));
    let age = w.t_args("provenance-age", &[("age", w.age(demand.recorded.0, now.0).into())]);
    html! {
        span.role {
            span { (per_day.unwrap_or_else(|| w.unknown())) }
            span.fine { (demand.source) ", " (demand.period) ", " (age) }
        }
    }
}

/// What is used in a day, with what it rests on folded under the number.
pub(in super::super) fn demand_folded(w: Words, cell: &Cell, now: Time) -> Markup {
    let Some(known) = &cell.demand else {
        return html! { span.unknown { (w.unknown()) } };
    };
    let per_day = known.milli_per_day.value();
    let per_day = per_day.map(|milli| w.decimal((i128::from(milli), 1_000), 1));
    let age = w.t_args("provenance-age", &[("age", w.age(known.recorded.0, now.0).into())]);
    html! {
        details.why {
            summary { (per_day.unwrap_or_else(|| w.unknown())) span.fine { " " (age) } }
            p.fine { (known.source) ", " (known.period) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_reached_at_its_limit_and_unknown_has_none() {
        assert_eq!(class(Known::Value(0)), Some(0));
        assert_eq!(class(Known::Value(1_499)), Some(0));
        assert_eq!(class(Known::Value(1_500)), Some(1));
        assert_eq!(class(Known::Value(14_000)), Some(4));
        assert_eq!(class(Known::Unknown), None);
        assert_eq!(class_names(Words::sv()).len(), CLASSES.len() + 1);
        assert_eq!(hours(Known::Value(1_500)), Some(36));
    }

    #[test]
    fn no_figure_is_rounded_up_into_a_class_that_it_does_not_reach() {
        let w = Words::en();
        for (milli, shown, read) in [
            (13_940, "13", 13_000),
            (14_000, "14", 14_000),
            (9_990, "9.9", 9_900),
            (6_990, "6.9", 6_900),
            (2_999, "2.9", 2_900),
            (1_499, "1.4", 1_400),
            (0, "0.0", 0),
        ] {
            assert_eq!(days_number(w, Known::Value(milli)), shown);
            assert_eq!(class(Known::Value(read)), class(Known::Value(milli)), "{milli}");
        }
    }
}
