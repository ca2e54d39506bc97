//! One agreement: its exact text, each party's answer, and what the own region may do about it.

use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::agreements::view::{Agreement, Answer, Standing};
use samband_domain::agreements::{AlarmTerms, Command, Kept};
use samband_domain::words::RecordRef;
use samband_domain::{Digest, JournalId, Time};
use serde::Deserialize;

use super::agreements::{all, standing_tag, waits_for};
use super::frame::{answered, done_note, page, send};
use super::parts::{May, Place, name_of, places, record_link, shared_area, window};
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, Field, Note, Row, Status, Table, digest, live_region, page_header,
    section, tag, time_tag,
};
use crate::pages::parts::as_written;
use crate::text::Words;

/// What the own region can do about an agreement; each has its own step with its own form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Sign,
    Decline,
    Withdraw,
    End,
}

impl Act {
    const ALL: [Self; 4] = [Self::Sign, Self::Decline, Self::Withdraw, Self::End];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Sign => "sign",
            Self::Decline => "decline",
            Self::Withdraw => "withdraw",
            Self::End => "end",
        }
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == name)
    }

    const fn action(self) -> Action {
        match self {
            Self::Sign => Action::SignAgreement,
            Self::Decline => Action::DeclineAgreement,
            Self::Withdraw => Action::WithdrawAgreement,
            Self::End => Action::EndAgreement,
        }
    }

    /// Whether it can be done about the agreement as it stands.
    fn fits(self, agreement: &Agreement, own: &JournalId) -> bool {
        let mut answers = agreement.answers.iter();
        let signed =
            answers.any(|(party, answer)| party == own && matches!(answer, Answer::Signed { .. }));
        match self {
            Self::Sign | Self::Decline => waits_for(agreement, own),
            Self::Withdraw => {
                agreement.standing == Standing::OneSided && agreement.document.drafted_by == *own
            }
            Self::End => {
                let lasts = matches!(agreement.standing, Standing::Agreed | Standing::Binding);
                signed && lasts && agreement.end.is_none()
            }
        }
    }
}

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    own: JournalId,
    places: Vec<Place>,
    agreement: Agreement,
    /// Each party's key by which it signed, if it did.
    keys: Vec<(JournalId, String)>,
    may: May,
    step: Option<Act>,
    done: Option<String>,
}

/// Which step is asked for, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    step: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/agreements/{document}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(document): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let view = look(&app, &visitor, &document, &asked)?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(document): Path<String>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut view = look(&app, &visitor, &document, &asked)?;
    let typed = Typed::new(pairs);
    let act = Act::of(typed.act()).ok_or_else(|| Problem::malformed(typed.act()))?;
    view.step = Some(act);
    let command = read(visitor.words, &view, act, &typed).map(Into::into);
    let sent = send(&app, &visitor, &visitor.region, typed, command).await;
    let again = |draft: &Draft| whole(&app, &visitor, &view, draft);
    Ok(answered(sent, (&format!("/agreements/{document}"), act.as_str()), again))
}

fn read(w: Words, view: &View, act: Act, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let (document, proposal) = (view.agreement.digest, view.agreement.proposal.clone());
    let command = match act {
        Act::Sign => Command::Sign { document, proposal },
        Act::Decline => Command::Decline { document, proposal, reason: reader.text("reason") },
        Act::Withdraw => Command::Withdraw { document, reason: reader.text("reason") },
        Act::End => {
            // An agreement ends at the end of a day that is not over yet.
            let at = reader.day_after("last");
            let reason = reader.text("reason");
            let end = at.map(|at| Command::End { document, at, reason });
            return reader.done(end);
        }
    };
    reader.done(Some(command))
}

fn look(app: &App, visitor: &Visitor, document: &str, asked: &Asked) -> Result<View, Problem> {
    visitor.permit(app, Action::SeeAgreements, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let unknown = || Problem::not_found(document);
    let document: Digest = document.parse().map_err(|_| unknown())?;
    let mut found = all(&world, now).into_iter();
    let agreement = found.find(|one| one.digest == document).ok_or_else(unknown)?;
    let keys = agreement.document.parties.iter().filter_map(|party| {
        let held = world.journal(party)?.shared().agreements.held.get(&document)?;
        Some((party.clone(), held.signed.as_ref()?.key.clone()))
    });
    Ok(View {
        now,
        own: visitor.region.clone(),
        places: places(&world, now),
        keys: keys.collect(),
        may: May::of(&Act::ALL.map(Act::action), |action| visitor.may(app, action)),
        step: asked.step.as_deref().and_then(Act::of),
        done: asked.done.clone(),
        agreement,
    })
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    let crumbs = [("/agreements", w.t("agreements-title"))];
    let title = &view.agreement.document.title;
    page(app, visitor, title, &crumbs, &body(w, view, draft))
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    let agreement = &view.agreement;
    let kind = w.dynamic("agreement-kind-", agreement.document.kind.as_str());
    let src = format!("/agreements/{}", agreement.digest);
    html! {
        (page_header(&agreement.document.title, Some(&kind), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (live_region("agreement", "agreement", &src, &html! {
            (standing(w, view))
            (section("answers", &w.t("agreement-answers"), &answers(w, view)))
            (section("text", &w.t("agreement-text"), &text(w, view)))
        }))
        (steps(w, view, draft))
        (section("proof", &w.t("agreement-proof"), &proof(w, view)))
    }
}

fn standing(w: Words, view: &View) -> Markup {
    let agreement = &view.agreement;
    let key = format!("agreement-is-{}", agreement.standing.as_str());
    html! {
        p.standing {
            (standing_tag(w, agreement.standing)) " " (w.dynamic("", &key))
            @if let Some(since) = agreement.bound_since {
                " " (w.t("agreement-since")) " " (time_tag(w, since.0)) "."
            }
        }
        @if let Some((region, at, why)) = &agreement.end {
            @let region = name_of(&view.places, region);
            p {
                @match at {
                    Some(at) => (w.t_args("agreement-ended-by", &[
                        ("region", region.into()),
                        ("time", w.date_time(at.0).into()),
                        ("why", why.into()),
                    ])),
                    None => { (region) ": " (why) }
                }
            }
        }
    }
}

fn answers(w: Words, view: &View) -> Markup {
    let rows = view.agreement.answers.iter().map(|(party, answer)| {
        let key = view.keys.iter().find(|(of, _)| of == party).map(|(_, key)| key);
        let row = Row::new(name_of(&view.places, party)).cell(answer_tag(w, answer));
        let place = |at: &RecordRef| Cell::markup(record_link(w, at));
        let dash = || Cell::text("–");
        match answer {
            Answer::Signed { statement, at } => row
                .cell(format!("{}, {}", statement.name, statement.title))
                .cell(time_tag(w, statement.signed_at.0))
                .cell(key.map_or_else(dash, |key| Cell::markup(digest(key))))
                .cell(place(at)),
            Answer::BadSignature { at } => row
                .cell(w.t("agreement-bad-signature"))
                .cell(dash())
                .cell(key.map_or_else(dash, |key| Cell::markup(digest(key))))
                .cell(place(at)),
            Answer::Declined { reason, at } => {
                row.cell(reason.clone()).cell(dash()).cell(dash()).cell(place(at))
            }
            Answer::Silent | Answer::Unknown => {
                row.cell(dash()).cell(dash()).cell(dash()).cell(dash())
            }
        }
    });
    let table = Table::new(w.t("agreement-answers"))
        .caption_hidden()
        .columns([
            Column::text(w.t("agreement-party")),
            Column::text(w.t("agreement-answer")),
            Column::text(w.t("agreement-by")),
            Column::text(w.t("agreement-when")),
            Column::text(w.t("agreement-key")),
            Column::text(w.t("agreement-record")),
        ])
        .rows(rows);
    html! { (table) }
}

fn answer_tag(w: Words, answer: &Answer) -> Markup {
    let word = w.dynamic("answer-", answer.kind());
    match answer {
        Answer::Signed { .. } => tag(Status::Known, &word),
        Answer::BadSignature { .. } | Answer::Declined { .. } => tag(Status::Stopped, &word),
        Answer::Silent => tag(Status::OneSided, &word),
        Answer::Unknown => tag(Status::Unknown, &word),
    }
}

fn text(w: Words, view: &View) -> Markup {
    let document = &view.agreement.document;
    let names = document.parties.iter().map(|id| name_of(&view.places, id));
    let facts = Definitions::new()
        .text(w.t("agreements-parties"), &names.collect::<Vec<_>>().join(", "))
        .markup(w.t("agreements-window"), window(w, &document.window))
        .text(w.t("agreement-drafted-by"), &name_of(&view.places, &document.drafted_by))
        .markup(w.t("agreements-drafted"), time_tag(w, document.drafted_at.0))
        .text(w.t("agreements-reference"), document.reference.as_deref().unwrap_or("–"));
    html! {
        div.panel {
            (facts)
            h3 { (w.t("agreements-clauses")) }
            ol.clauses { @for clause in &document.clauses { li { (as_written(w, clause)) } } }
            @if let Some(agreed) = &document.terms {
                (super::supply_agreement::terms(w, &view.places, agreed))
            }
            @if let Some(agreed) = &document.alarm { (alarm_terms(w, agreed)) }
        }
    }
}

/// What whoever signs agrees on for an alarm.
fn alarm_terms(w: Words, agreed: &AlarmTerms) -> Markup {
    let transports = w.int(agreed.transports);
    let mut facts = Definitions::new().text(w.t("agreed-transports"), &transports);
    for of in Kept::ALL.iter().copied() {
        let whom = w.dynamic("agreed-circle-", agreed.circle(of).as_str());
        facts = facts.text(w.dynamic("agreed-of-", of.as_str()), &whom);
    }
    html! { h3 { (w.t("agreed-terms")) } (facts) }
}

/// The exact text that was signed, and how to check it by oneself.
fn proof(w: Words, view: &View) -> Markup {
    html! {
        (Note::info(w, &w.t("agreement-verified")))
        div.panel { (Definitions::new()
            .markup(w.t("agreement-digest"), digest(&view.agreement.digest.to_string()))
            .markup(w.t("agreement-proposal"), record_link(w, &view.agreement.proposal))) }
        details.panel {
            summary { (w.t("agreement-exact")) }
            pre.exact-text tabindex="0" { (view.agreement.text) }
        }
    }
}

/// What can be done now: the answer asked for, and links to what else there is.
fn steps(w: Words, view: &View, draft: &Draft) -> Markup {
    let fits = |act: &Act| act.fits(&view.agreement, &view.own);
    let open: Vec<Act> = Act::ALL.into_iter().filter(fits).collect();
    let may: Vec<Act> = open.iter().copied().filter(|a| view.may.has(a.action())).collect();
    if open.is_empty() {
        return html! {};
    }
    let shown = view.step.or_else(|| may.first().copied().filter(|act| *act == Act::Sign));
    let body = html! {
        @if may.is_empty() { (Note::info(w, &w.t("agreement-who-may"))) }
        @if let Some(act) = shown.filter(|act| may.contains(act)) {
            div.panel { (form(w, view, draft, act)) }
        }
        p.choose {
            @for act in may.iter().filter(|act| Some(**act) != shown) {
                a.button.quiet href={ "/agreements/" (view.agreement.digest) "?step=" (act.as_str()) "#do" } {
                    (w.dynamic("agreement-", &format!("to-{}", act.as_str())))
                }
            }
        }
    };
    section("do", &w.t("agreement-do"), &body)
}

fn form(w: Words, view: &View, draft: &Draft, act: Act) -> Markup {
    let name = act.as_str();
    let action = format!("/agreements/{}", view.agreement.digest);
    let key = draft.key(name);
    let region = name_of(&view.places, &view.own);
    let word = |part: &str| {
        let key = format!("agreement-{name}-{part}");
        w.find(&key, &[("region", (&region).into())]).unwrap_or(key)
    };
    let field = |id, field: Field| draft.field(name, id, field, "");
    let form = draft.form(w, &action, name, &key, word("button"));
    let area = || shared_area(w, "reason", w.t("form-reason"), "").required();
    let reason = || field("reason", area());
    let last = Field::date("last", w.t("form-last-day")).required();
    let today = Words::sv().date(view.now.0);
    let form = match act {
        Act::Sign => form,
        Act::Decline | Act::Withdraw => form.danger().field(reason()),
        Act::End => form.danger().field(draft.field(name, "last", last, &today)).field(reason()),
    };
    html! { h3 { (word("heading")) } p { (word("confirm")) } (form) }
}
