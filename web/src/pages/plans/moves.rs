//! One proposal to move units: what it says, why, and the two answers. Used by every page that
//! shows proposals.

use maud::{Markup, html};
use samband_domain::plans::model::{Place, Proposal, Why};
use samband_domain::words::Day;
use samband_domain::{SiteId, Time};
use samband_engine::World;

use crate::app::plans::transfer::{Asked, Found, Move, Net, Together};
use crate::app::stock::site_name;
use crate::components::{KEY_FIELD, time_tag};
use crate::pages::parts::region_name;
use crate::pages::typed::{ACT, SHOWN};
use crate::text::Words;

/// A yes, and a no.
pub(in crate::pages) const ACCEPT: &str = "accept-move";
pub(in crate::pages) const REFUSE: &str = "refuse-move";
/// The hidden field with the proposal as it was shown: sending the form twice asks for the very
/// same thing twice.
pub(super) const PROPOSAL: &str = "proposal";
/// The hidden field that says from which page it was answered.
pub(super) const BACK: &str = "back";

/// What is asked of the plan, as the end of an address.
pub(in crate::pages) fn query(asked: Asked) -> String {
    format!("component={}&days={}&price={}", asked.component, asked.days, asked.box_price)
}

/// What tells a proposal from the plan's others.
fn key(one: &Proposal) -> String {
    let group = one.arc.group.map_or("", |group| group.as_str());
    let (from, to) = (&one.arc.from, &one.arc.to);
    format!(
        "from={}/{}&to={}/{}&group={group}&leaves={}",
        from.region, from.site, to.region, to.site, one.leaves.0
    )
}

/// The page where a proposal is answered.
pub(in crate::pages) fn address(asked: Asked, one: &Proposal) -> String {
    format!("/plan/decide?{}&{}", query(asked), key(one))
}

/// A place with its region.
pub(in crate::pages) fn place_name(world: &World, place: &Place) -> String {
    let site = site_name(world, &place.region, &place.site);
    format!("{site} ({})", region_name(world, &place.region))
}

/// How many of what.
pub(in crate::pages) fn units(w: Words, one: &Proposal) -> String {
    let group = one.arc.group.map_or_else(String::new, |group| group.to_string());
    w.t_args("plan-units", &[("n", i64::from(one.units).into()), ("group", group.into())])
}

/// From where to where.
pub(in crate::pages) fn way(world: &World, one: &Proposal) -> String {
    let (from, to) = (place_name(world, &one.arc.from), place_name(world, &one.arc.to));
    format!("{from} → {to}")
}

/// When it leaves, when it is there, and by what.
pub(in crate::pages) fn times(w: Words, one: &Proposal) -> Markup {
    html! {
        (w.t("plan-leaves")) " " (time_tag(w, one.leaves.0)) ", "
        (w.t("plan-arrives")) " " (time_tag(w, one.arrives.0))
        @if let Some(leg) = &one.leg { " · " (w.t("plan-leg")) " " span.code { (leg) } }
    }
}

/// Whole kronor, as the weights are no finer.
pub(in crate::pages) fn kronor(w: Words, ore: i64) -> String {
    w.int((ore + if ore < 0 { -50 } else { 50 }) / 100)
}

/// The name of a place of the plan; its own regions may not have two of a name.
fn named(world: &World, found: &Found, site: &SiteId) -> String {
    let row = found.rows.iter().find(|row| row.place.site == *site);
    row.map_or_else(|| site.to_string(), |row| site_name(world, &row.place.region, site))
}

/// What is worse on one side of a comparison, in words: without the moves (`1`) or with (`-1`).
fn items(w: Words, world: &World, found: &Found, net: &Net, side: i64) -> Vec<String> {
    let mut all = Vec::new();
    let mut say = |key: &str, n: i64| {
        if n * side > 0 {
            all.push(w.t_args(key, &[("n", (n * side).into())]));
        }
    };
    say("plan-net-short", net.short);
    say("plan-net-below", net.below);
    say("plan-net-expired", net.expired);
    say("plan-net-steps", net.steps);
    if let (Some(first), Some((site, day)), 1) = (all.first_mut(), &net.short_first, side) {
        let site = named(world, found, site);
        let args = [("day", day.to_string().into()), ("site", site.into())];
        first.push_str(&w.t_args("plan-net-first", &args));
    }
    if net.transport_ore * side < 0 {
        let kr = kronor(w, net.transport_ore.abs());
        all.push(w.t_args("plan-net-transport", &[("kr", kr.into())]));
    }
    all
}

/// What a group's moves do together: what is worse without them, and what they cost.
pub(in crate::pages) fn together(w: Words, world: &World, found: &Found, one: &Together) -> Markup {
    let gains = items(w, world, found, &one.net, 1);
    let price = items(w, world, found, &one.net, -1);
    html! {
        p {
            @if gains.is_empty() { (w.t("plan-group-same")) } @else {
                strong { (w.t_args("plan-group-without", &[("list", gains.join(", ").into())])) }
            }
            @if !price.is_empty() {
                " " (w.t_args("plan-group-with", &[("list", price.join(", ").into())]))
            }
            " "
            span.fine {
                (w.t_args("plan-group-worth", &[("kr", kronor(w, one.net.saves_ore).into())]))
            }
        }
    }
}

/// What would be different without just this departure, and what keeps it from being larger.
pub(in crate::pages) fn alone(w: Words, world: &World, found: &Found, one: &Move) -> Markup {
    let net = &one.alone;
    let gains = items(w, world, found, net, 1);
    let bound = one.proposal.why.iter().filter_map(|why| match why {
        Why::SendersMinimum { on } => {
            Some(w.t_args("plan-why-sender", &[("day", on.to_string().into())]))
        }
        Why::CourierFull => Some(w.t("plan-why-full")),
        _ => None,
    });
    let bound: std::collections::BTreeSet<String> = bound.collect();
    html! {
        ul.why {
            @if net.for_patients() {
                li { (w.t_args("plan-one-without", &[("list", gains.join(", ").into())])) }
            } @else if let Some(shifted) = &net.shifted {
                @let (a, b) = (&shifted.without, &shifted.with);
                li {
                    (w.t_args("plan-one-shift", &[
                        ("n", shifted.units.into()),
                        ("a", named(world, found, &a.0).into()),
                        ("on", a.1.to_string().into()),
                        ("b", named(world, found, &b.0).into()),
                        ("then", b.1.to_string().into()),
                    ]))
                }
            } @else if net.saves_ore >= 50 {
                li { (w.t_args("plan-one-swap", &[("kr", kronor(w, net.saves_ore).into())])) }
            } @else {
                li { (w.t("plan-one-swap-free")) }
            }
            @for one in &bound { li { (one) } }
        }
    }
}

/// Why, in one line: what this departure does by itself, or else what all of its group do.
pub(in crate::pages) fn in_short(w: Words, world: &World, found: &Found, one: &Move) -> String {
    let own = &one.alone;
    if own.for_patients() {
        let list = items(w, world, found, own, 1).join(", ");
        return w.t_args("plan-short-own", &[("list", list.into())]);
    }
    let all = found.together(one.proposal.arc.group);
    let list = all.map(|all| items(w, world, found, &all.net, 1)).unwrap_or_default();
    if list.is_empty() {
        return w.t("plan-short-same");
    }
    w.t_args("plan-short-group", &[("list", list.join(", ").into())])
}

fn carried(one: &Proposal) -> String {
    serde_json::to_string(one).unwrap_or_default()
}

fn hidden(act: &str, key: &str, now: Time, one: &Proposal) -> Markup {
    html! {
        input type="hidden" name=(KEY_FIELD) value=(key);
        input type="hidden" name=(ACT) value=(act);
        input type="hidden" name=(SHOWN) value=(now.0);
        input type="hidden" name=(PROPOSAL) value=(carried(one));
    }
}

/// The hidden field of a form that is put together elsewhere.
pub(super) fn carry(one: &Proposal) -> (&'static str, String) {
    (PROPOSAL, carried(one))
}

/// Yes and no in place, and the way to another number. `number` keeps labels apart where a page
/// has many of them; `key` was never used before.
pub(in crate::pages) fn answer(
    w: Words,
    asked: Asked,
    (number, one): (usize, &Proposal),
    (key, now): (&str, Time),
    back: &str,
) -> Markup {
    let address = address(asked, one);
    let tomorrow = Day::of(now).plus_days(1).to_string();
    let yes = w.t_args("plan-yes", &[("what", units(w, one).into())]);
    html! {
        div.acts {
            form method="post" action=(address) {
                (hidden(ACCEPT, &format!("{key}-{number}-yes"), now, one))
                input type="hidden" name=(BACK) value=(back);
                input type="hidden" name="units" value=(one.units);
                button type="submit" { (yes) }
            }
            details.no {
                summary { (w.t("plan-no")) }
                form method="post" action=(address) {
                    (hidden(REFUSE, &format!("{key}-{number}-no"), now, one))
                    input type="hidden" name=(BACK) value=(back);
                    div.field {
                        label for={ "why-" (number) } { (w.t("plan-reason")) }
                        input id={ "why-" (number) } name="reason" type="text" required;
                    }
                    div.field {
                        label for={ "until-" (number) } { (w.t("plan-until")) }
                        input id={ "until-" (number) } name="until" type="date"
                            value=(tomorrow) required;
                    }
                    p.fine { (w.t("form-shared-hint")) " " (w.t("plan-refuse-means")) }
                    button type="submit" { (w.t("plan-refuse-do")) }
                }
            }
            a.button.quiet href=(address) { (w.t("plan-other-number")) }
        }
    }
}
