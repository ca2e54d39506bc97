//! What may be done about a withdrawal by whoever reads it.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::UnitId;
use samband_domain::donations::model::withdrawal::{FollowUp, Found, Outcome};
use samband_domain::donations::view::withdrawal::Accounts;
use samband_engine::World;

use super::{ANSWERS_WITHIN_SECONDS, CLOSE, DISCARD, FOLLOW, TELL};
use crate::app::withdrawals::{Case, href};
use crate::app::{App, Visitor};
use crate::components::{Field, section};
use crate::pages::parts::region_name;
use crate::pages::typed::Draft;
use crate::text::Words;

/// What lies stopped on the own shelves: it is discarded in one step.
fn stopped(world: &World, visitor: &Visitor, case: &Case) -> Vec<UnitId> {
    let Some(region) = world.local(&visitor.region) else { return Vec::new() };
    let here = case.here.iter().filter(|held| !held.lifted).flat_map(|held| &held.fates);
    let held = here.filter(|(_, found)| matches!(found, Found::Held { .. })).map(|(unit, _)| *unit);
    held.filter(|unit| region.shared.blood.units.contains_key(unit)).collect()
}

/// Every form that this reader may use now.
pub(super) fn all(
    app: &App,
    visitor: &Visitor,
    (world, case): (&World, &Case),
    sums: &Accounts,
    draft: &Draft,
) -> Markup {
    let w = visitor.words;
    let src = href(&case.called.at.hash);
    let owner = case.owner == visitor.region;
    let mine: Vec<_> = case
        .here
        .iter()
        .flat_map(|held| held.fates.iter().map(move |(unit, found)| (held, unit, found)))
        .filter(|(held, unit, found)| {
            !found.is_settled()
                && !matches!(found, Found::Held { .. })
                && !held.followed.contains_key(*unit)
        })
        .map(|(_, unit, found)| {
            (
                unit.to_string(),
                format!("{unit}: {}", w.dynamic("withdrawal-found-", found.as_str())),
            )
        })
        .collect();
    let silent: Vec<_> = sums
        .silent()
        .filter(|id| **id != visitor.region)
        .map(|id| (id.to_string(), region_name(world, id)))
        .collect();
    let held = stopped(world, visitor, case);
    let fresh = app.engine.now().since(case.called.since) < ANSWERS_WITHIN_SECONDS * 1_000_000;
    let may = |action| visitor.may(app, action);
    let closed = case.called.closed.is_some();
    html! {
        @if !held.is_empty() && may(Action::DiscardUnits) { (discard(w, &src, draft, &held)) }
        @if !mine.is_empty() && may(Action::FollowWithdrawal) { (follow(w, &src, draft, mine)) }
        @if owner && !fresh && !silent.is_empty() && may(Action::FollowWithdrawal) {
            (tell(w, &src, draft, silent))
        }
        @if owner && !closed && may(Action::CloseWithdrawal) {
            (close(w, &src, draft, sums.is_settled()))
        }
    }
}

fn discard(w: Words, src: &str, draft: &Draft, held: &[UnitId]) -> Markup {
    let key = draft.key(DISCARD);
    let names = held.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let form = draft.form(w, src, DISCARD, &key, w.t("withdrawal-discard-do")).danger().field(
        draft.field(
            DISCARD,
            "discard-units",
            Field::text_area("discard-units", w.t("shipment-units"))
                .hint(w.t("withdrawal-discard-hint"))
                .required(),
            &names,
        ),
    );
    html! {
        (section("discard", &w.t("withdrawal-discard"), &html! { div.panel { (form) } }))
    }
}

fn follow(w: Words, src: &str, draft: &Draft, units: Vec<(String, String)>) -> Markup {
    let key = draft.key(FOLLOW);
    let choose = || std::iter::once((String::new(), w.t("form-choose")));
    let done = FollowUp::ALL.iter();
    let done = done.map(|one| (one.as_str().to_owned(), w.dynamic("follow-up-", one.as_str())));
    let first = units.first().map(|(unit, _)| unit.clone()).unwrap_or_default();
    let form = draft
        .form(w, src, FOLLOW, &key, w.t("withdrawal-follow-do"))
        .field(draft.field(
            FOLLOW,
            "follow-unit",
            Field::select("follow-unit", w.t("trace-unit"), units).required(),
            &first,
        ))
        .field(
            draft.field(
                FOLLOW,
                "follow-done",
                Field::select("follow-done", w.t("withdrawal-followed"), choose().chain(done))
                    .required(),
                "",
            ),
        )
        .field(
            draft.field(
                FOLLOW,
                "follow-note",
                Field::text_area("follow-note", w.t("withdrawal-note"))
                    .hint(w.t("withdrawal-note-hint")),
                "",
            ),
        );
    html! { (section("follow", &w.t("withdrawal-follow"), &html! { div.panel { (form) } })) }
}

fn tell(w: Words, src: &str, draft: &Draft, silent: Vec<(String, String)>) -> Markup {
    let key = draft.key(TELL);
    let first = silent.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let form = draft
        .form(w, src, TELL, &key, w.t("withdrawal-tell-do"))
        .field(draft.field(
            TELL,
            "tell-from",
            Field::select("tell-from", w.t("stock-region"), silent).required(),
            &first,
        ))
        .field(
            draft.field(
                TELL,
                "tell-note",
                Field::text_area("tell-note", w.t("withdrawal-tell-note"))
                    .hint(w.t("withdrawal-tell-hint"))
                    .required(),
                "",
            ),
        );
    html! { (section("tell", &w.t("withdrawal-tell"), &html! { div.panel { (form) } })) }
}

fn close(w: Words, src: &str, draft: &Draft, settled: bool) -> Markup {
    let key = draft.key(CLOSE);
    let all = Outcome::ALL.iter();
    let all =
        all.map(|one| (one.as_str().to_owned(), w.dynamic("withdrawal-outcome-", one.as_str())));
    let form = draft
        .form(w, src, CLOSE, &key, w.t("withdrawal-close-do"))
        .field(draft.field(
            CLOSE,
            "close-outcome",
            Field::radios("close-outcome", w.t("withdrawal-outcome"), all).required(),
            if settled { Outcome::Stands.as_str() } else { "" },
        ))
        .field(
            draft.field(
                CLOSE,
                "close-note",
                Field::text_area("close-note", w.t("withdrawal-grounds"))
                    .hint(w.t("withdrawal-note-hint"))
                    .required(),
                "",
            ),
        );
    html! {
        (section("close", &w.t("withdrawal-close"), &html! {
            @if !settled { p { (w.t("withdrawal-close-not-yet")) } }
            div.panel { (form) }
        }))
    }
}
