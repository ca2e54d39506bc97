//! The forms by which a neighbour is trusted, dropped, and a fork is settled.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::JournalId;
use samband_domain::bonds::Command;
use samband_engine::World;

use super::super::parts::shared_area;
use super::super::typed::{Draft, Errors, Reader, Typed};
use super::View;
use crate::app::card::Card;
use crate::components::{Field, Note, section};
use crate::text::Words;

const TRUST: &str = "trust-peer";
const DROP: &str = "drop-peer";
const SETTLE: &str = "settle-fork";

/// The commands that a form asks for; none if it is no form of these.
pub(super) fn read(
    w: Words,
    typed: &Typed,
    (world, region): (&World, &JournalId),
) -> Option<Result<Vec<Command>, Errors>> {
    let mut reader = Reader::new(w, typed);
    Some(match typed.act() {
        TRUST => {
            let text = reader.text("card");
            let card = serde_json::from_str::<Card>(&text).ok();
            let card = card.filter(Card::is_known);
            if card.is_none() {
                reader.wrong("card", w.t("peers-card-unreadable"));
            }
            reader.done(card.map(|card| card.asks(world, region)))
        }
        DROP => {
            let (journal, reason) = (reader.value("peer"), reader.text("drop-reason"));
            reader.done(journal.map(|journal| vec![Command::Drop { journal, reason }]))
        }
        SETTLE => {
            let (journal, finding) = (reader.value("peer"), reader.text("finding"));
            reader.done(journal.map(|journal| vec![Command::SettleFork { journal, finding }]))
        }
        _ => return None,
    })
}

/// The form that trusts a card.
pub(super) fn trust(w: Words, draft: &Draft) -> Markup {
    let key = draft.key(TRUST);
    let card = Field::text_area("card", w.t("peers-paste")).hint(w.t("peers-paste-hint"));
    let form = draft.form(w, "/peers", TRUST, &key, w.t("peers-trust-do")).field(draft.field(
        TRUST,
        "card",
        card.required(),
        "",
    ));
    html! { (Note::warning(w, &w.t("peers-compare"))) div.panel { (form) } }
}

/// The forms about one neighbour, when it was chosen.
pub(super) fn about_one(w: Words, view: &View, draft: &Draft) -> Markup {
    let chosen = view.peers.iter().find(|one| view.editing.as_ref() == Some(&one.peer.journal));
    let Some(one) = chosen else {
        return html! {};
    };
    let peer = one.peer.journal.as_str();
    let (drop_key, settle_key) = (draft.key(DROP), draft.key(SETTLE));
    let reason = shared_area(w, "drop-reason", w.t("form-reason"), "").required();
    let drop = draft
        .form(w, "/peers", DROP, &drop_key, w.t("peers-drop-do"))
        .danger()
        .hidden("peer", peer)
        .field(draft.field(DROP, "drop-reason", reason, ""));
    let finding = shared_area(w, "finding", w.t("peers-finding"), &w.t("peers-finding-hint"));
    let settle = draft
        .form(w, "/peers", SETTLE, &settle_key, w.t("peers-settle-do"))
        .hidden("peer", peer)
        .field(draft.field(SETTLE, "finding", finding.required(), ""));
    let title = w.t_args("peers-change-one", &[("region", one.name().into())]);
    section(
        "about",
        &title,
        &html! {
            div.two {
                @if one.fork.is_some() && view.may.has(Action::SettleFork) {
                    div.panel { h3 { (w.t("peers-settle")) } (settle) }
                }
                @if view.may.has(Action::DropPeer) {
                    div.panel { h3 { (w.t("peers-drop")) } p { (w.t("peers-drop-means")) } (drop) }
                }
            }
        },
    )
}
