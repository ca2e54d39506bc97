//! What the picture says, in sentences computed from its table.

use maud::{Markup, html};
use samband_domain::Known;
use samband_domain::figures::view::{GOAL_PERCENT, Ratio, RegionLine};

use super::super::parts::ratio;
use super::Looked;
use crate::text::Arg;

/// The sentences, most urgent first. What cannot be said is named as unknown.
pub(super) fn sentences(looked: Looked<'_>) -> Markup {
    html! {
        section aria-labelledby="says-h" {
            h2 #says-h .hidden { (looked.w.t("picture-says")) }
            ul.says {
                li { strong { (whole(looked)) } }
                li { (furthest(looked)) }
                li { (hardest(looked)) }
                li { (gain(looked)) }
                @let caveats = looked.caveats();
                @if caveats > 0 {
                    li {
                        (looked.w.t_args("says-caveats", &[("n", caveats.into())])) " "
                        a href="#sources" { (looked.w.t("says-caveats-read")) }
                    }
                }
            }
        }
    }
}

fn whole(looked: Looked<'_>) -> String {
    let (w, total) = (looked.w, &looked.picture.total);
    let all = looked.all();
    let goal = GOAL_PERCENT.to_string();
    let (Some(share), Some(gap)) =
        (ratio(total.active_share_18_64), total.donors_to_goal.value().map(|gap| gap.rounded()))
    else {
        let missing = unknown_regions(looked, |line| line.line.donors_to_goal.value().is_some());
        let args: [(&str, Arg<'_>); 2] = [("all", all.into()), ("regions", missing.into())];
        return w.t_args("says-whole-unknown", &args);
    };
    let share = w.percent(share, 2);
    let args: [(&str, Arg<'_>); 4] = [
        ("all", all.into()),
        ("share", share.into()),
        ("goal", goal.into()),
        ("n", w.int(gap.abs()).into()),
    ];
    let key = if gap > 0 { "says-whole" } else { "says-whole-reached" };
    w.t_args(key, &args)
}

/// The region with the lowest share of those aged 18–64.
fn furthest(looked: Looked<'_>) -> String {
    let w = looked.w;
    let known = looked.picture.regions.iter().filter_map(|line| {
        let share = line.line.active_share_18_64.value()?;
        let gap = line.line.donors_to_goal.value()?;
        Some((line, share, gap))
    });
    let Some((line, share, gap)) = known.min_by(|a, b| compare(&a.1, &b.1)) else {
        return w.t("says-furthest-unknown");
    };
    let share = w.percent((share.numerator, share.denominator), 2);
    w.t_args(
        "says-furthest",
        &[
            ("region", looked.name(&line.region).into()),
            ("share", share.into()),
            ("n", w.int(gap.rounded().max(0)).into()),
        ],
    )
}

fn hardest(looked: Looked<'_>) -> String {
    let w = looked.w;
    let Known::Value((region, rate)) = &looked.picture.highest_use else {
        return w.t("says-hardest-unknown");
    };
    let total = ratio(looked.picture.total.donations_per_donor);
    if looked.picture.regions.len() == 1 {
        let rate = w.decimal((rate.numerator, rate.denominator), 2);
        let args = [("region", looked.name(region).into()), ("rate", rate.into())];
        return w.t_args("says-hardest-only", &args);
    }
    w.t_args(
        "says-hardest",
        &[
            ("region", looked.name(region).into()),
            ("rate", w.decimal((rate.numerator, rate.denominator), 2).into()),
            ("total", w.number(total, crate::text::Format::Decimal(2)).into()),
        ],
    )
}

fn gain(looked: Looked<'_>) -> String {
    let (w, total) = (looked.w, &looked.picture.total);
    let (Some(gain), Some(now)) =
        (total.even_use_gain.value(), total.whole_blood_donations.value())
    else {
        let missing = unknown_regions(looked, |line| line.line.even_use_gain.value().is_some());
        return w.t_args("says-gain-unknown", &[("regions", missing.into())]);
    };
    let part = (gain.numerator, gain.denominator.saturating_mul(now.into()));
    w.t_args(
        "says-gain",
        &[("n", w.int(gain.rounded()).into()), ("share", w.percent(part, 1).into())],
    )
}

/// Who uses donors hardest, for a card.
pub(super) fn highest(looked: Looked<'_>) -> Markup {
    let w = looked.w;
    html! {
        @if let Known::Value((region, rate)) = &looked.picture.highest_use {
            (w.t_args("picture-highest", &[
                ("region", looked.name(region).into()),
                ("rate", w.decimal((rate.numerator, rate.denominator), 2).into()),
            ]))
        } @else {
            (w.t("says-hardest-unknown"))
        }
    }
}

fn unknown_regions(looked: Looked<'_>, known: impl Fn(&RegionLine) -> bool) -> String {
    let names: Vec<_> = looked
        .picture
        .regions
        .iter()
        .filter(|line| !known(line))
        .map(|line| looked.name(&line.region))
        .collect();
    names.join(", ")
}

fn compare(a: &Ratio, b: &Ratio) -> std::cmp::Ordering {
    // Another journal may state any number: arithmetic on it saturates and never stops the page.
    let mine = a.numerator.saturating_mul(b.denominator);
    mine.cmp(&b.numerator.saturating_mul(a.denominator))
}
