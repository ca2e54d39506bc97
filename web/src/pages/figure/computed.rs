//! What is computed from a figure, and how: each formula with its numbers.

use maud::{Markup, html};
use samband_domain::Known;
use samband_domain::figures::Measure;
use samband_domain::figures::view::{GOAL_PERCENT, Line, Ratio};

use super::super::parts::{name_of, ratio};
use super::{View, line};
use crate::components::section;
use crate::text::{Format, Words};

/// One number that follows from the figure.
struct Computed {
    /// Its name in addresses and message keys.
    name: &'static str,
    /// The formula with numbers.
    formula: String,
    value: Known<Ratio>,
    format: Format,
}

/// The formulas in which the page's measure stands.
pub(super) fn section_of(w: Words, view: &View) -> Markup {
    let Some(line) = line(view) else {
        return html! {};
    };
    let results = match view.measure {
        Measure::Population => vec![share(w, line), per_1000(w, line)],
        Measure::Population1864 => vec![share_18_64(w, line), gap(w, line)],
        Measure::ActiveDonors => vec![
            share(w, line),
            share_18_64(w, line),
            gap(w, line),
            per_donor(w, line),
            even_use(w, view, line),
        ],
        Measure::WholeBloodDonations => {
            vec![per_donor(w, line), per_1000(w, line), even_use(w, view, line)]
        }
        Measure::UniversityRedCells | Measure::UniversityPlatelets => return html! {},
    };
    let body = html! {
        dl.computed {
            @for result in &results {
                div id=(result.name) {
                    dt { (w.dynamic("measure-", result.name)) }
                    dd {
                        span.formula { (result.formula) " = " }
                        strong { (w.number(ratio(result.value), result.format)) }
                        @if let Some(hint) = w.find(&format!("measure-hint-{}", result.name), &[]) {
                            p.hint { (hint) }
                        }
                    }
                }
            }
        }
    };
    section("computed", &w.t("figure-computed"), &html! { div.panel { (body) } })
}

fn n(w: Words, known: Known<u64>) -> String {
    w.int_or_unknown(known.value())
}

fn share(w: Words, line: &Line) -> Computed {
    Computed {
        name: "active_share",
        formula: format!("{} / {}", n(w, line.active_donors), n(w, line.population)),
        value: line.active_share,
        format: Format::Percent(2),
    }
}

fn share_18_64(w: Words, line: &Line) -> Computed {
    Computed {
        name: "active_share_18_64",
        formula: format!("{} / {}", n(w, line.active_donors), n(w, line.population_18_64)),
        value: line.active_share_18_64,
        format: Format::Percent(2),
    }
}

fn gap(w: Words, line: &Line) -> Computed {
    let goal = w.percent((GOAL_PERCENT.into(), 100), 0);
    let (base, donors) = (n(w, line.population_18_64), n(w, line.active_donors));
    Computed {
        name: "donors_to_goal",
        formula: format!("{goal} × {base} − {donors}"),
        value: line.donors_to_goal,
        format: Format::Integer,
    }
}

fn per_donor(w: Words, line: &Line) -> Computed {
    let (donations, donors) = (n(w, line.whole_blood_donations), n(w, line.active_donors));
    Computed {
        name: "donations_per_donor",
        formula: format!("{donations} / {donors}"),
        value: line.donations_per_donor,
        format: Format::Decimal(2),
    }
}

fn per_1000(w: Words, line: &Line) -> Computed {
    let (donations, people) = (n(w, line.whole_blood_donations), n(w, line.population));
    Computed {
        name: "donations_per_1000",
        formula: format!("{} × {donations} / {people}", w.int(1_000)),
        value: line.donations_per_1000,
        format: Format::Decimal(2),
    }
}

fn even_use(w: Words, view: &View, line: &Line) -> Computed {
    let (donations, donors) = (n(w, line.whole_blood_donations), n(w, line.active_donors));
    let rate = match &view.picture.highest_use {
        Known::Value((region, rate)) => w.t_args(
            "figure-rate-of",
            &[
                ("rate", w.decimal((rate.numerator, rate.denominator), 4).into()),
                ("region", name_of(&view.places, region).into()),
            ],
        ),
        Known::Unknown => w.unknown(),
    };
    Computed {
        name: "even_use_gain",
        formula: format!("{donors} × {rate} − {donations}"),
        value: line.even_use_gain,
        format: Format::Integer,
    }
}
