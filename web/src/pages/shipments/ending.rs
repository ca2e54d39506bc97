//! Calling a shipment off, and saying that something of it is lost: the sender's own words.

use maud::{Markup, html};
use samband_domain::Time;
use samband_domain::blood::Command;
use samband_domain::blood::model::UnitId;
use samband_domain::blood::view::moving::Moving;

use crate::components::{Field, section};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

pub(super) const CALL_OFF: &str = "call-off-shipment";
pub(super) const LOST: &str = "lost-units";

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(w: Words, one: &Moving, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    let dispatch = one.dispatch.clone();
    Some(match typed.act() {
        CALL_OFF => {
            let reason = reader.text("off-reason");
            reader.done(Some(Command::CallOff { dispatch, reason }))
        }
        LOST => {
            let search = reader.text("lost-search");
            let ticked = |unit: &&UnitId| !typed.get(&field_of(unit)).is_empty();
            let units: Vec<_> = one.open.iter().filter(ticked).copied().collect();
            if units.is_empty() {
                reader.wrong("lost-search", w.t("lost-none-ticked"));
            }
            reader.done(Some(Command::StateLost { dispatch, units, search }))
        }
        _ => return None,
    })
}

fn field_of(unit: &UnitId) -> String {
    format!("lost-{unit}")
}

/// The forms that fit the shipment as it stands.
pub(super) fn forms(w: Words, one: &Moving, draft: &Draft, path: &str, now: Time) -> Markup {
    let late = one.way.eta.value().is_none_or(|eta| eta <= now);
    let may_be_lost =
        |unit: &&UnitId| !one.lost.contains(unit) && (late || one.missing.contains(unit));
    let units: Vec<_> = one.open.iter().filter(may_be_lost).collect();
    let called_off = one.called_off.is_some();
    html! {
        @if !units.is_empty() && !called_off {
            (section("lost", &w.t("lost-title"), &lost(w, &units, draft, path)))
        }
        @if !called_off {
            (section("call-off", &w.t("off-title"), &call_off(w, one, draft, path, now)))
        }
    }
}

fn lost(w: Words, units: &[&UnitId], draft: &Draft, path: &str) -> Markup {
    let key = draft.key(LOST);
    let mut form = draft.form(w, path, LOST, &key, w.t("lost-do")).danger();
    for unit in units {
        let name = field_of(unit);
        let label =
            format!("{} {} {}", unit.din.spaced(), unit.din.check_character(), unit.product);
        form = form.field(draft.field(LOST, &name, Field::check_box(&name, label), ""));
    }
    let search = Field::text_area("lost-search", w.t("lost-search"));
    let search = search.hint(w.t("lost-search-hint")).required();
    form = form.field(draft.field(LOST, "lost-search", search, ""));
    html! { div.panel { p { (w.t("lost-means")) } (form) } }
}

fn call_off(w: Words, one: &Moving, draft: &Draft, path: &str, now: Time) -> Markup {
    let key = draft.key(CALL_OFF);
    let left = one.parcel.leaves.is_none_or(|leaves| leaves <= now);
    let reason = Field::text("off-reason", w.t("off-reason")).hint(w.t("form-shared-hint"));
    let form = draft.form(w, path, CALL_OFF, &key, w.t("off-do")).danger().field(draft.field(
        CALL_OFF,
        "off-reason",
        reason.required(),
        "",
    ));
    let means = if left { "off-means-left" } else { "off-means-here" };
    html! { div.panel { p { (w.t(means)) } (form) } }
}
