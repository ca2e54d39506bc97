//! Material and people: needed, offered, accepted, lent, returned. Each region takes its own step.

use axum::extract::{Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::readiness::model::Material;
use samband_domain::readiness::{Command, Lot};
use samband_engine::Journal;
use serde::Deserialize;

use super::crumbs;
use super::parts::{age, button, hidden, mark};
use crate::app::readiness::clock::next;
use crate::app::readiness::lots::{Lots, Offer, STEPS, all, find};
use crate::app::readiness::{TOPICS, mode_of};
use crate::app::{App, Problem, Visitor};
use crate::components::{EmptyState, Field, Status, live_region, page_header, section, tag};
use crate::pages::frame::{answered, done_note, page, send};
use crate::pages::parts::short;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const HERE: &str = "/readiness/material";

/// What can be done here, by the form's name.
const ACTS: [&str; 5] = ["lot-need", "lot-offer", "lot-accept", "lot-lend", "lot-return"];

/// What was just done, and which need is answered.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
    answer: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route(HERE, get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    Ok(whole(&app, &visitor, &asked, &Draft::fresh(app.engine.now())))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::LendMaterial, &visitor.region)?;
    let typed = Typed::new(pairs);
    let act = ACTS.into_iter().find(|act| *act == typed.act());
    let act = act.ok_or_else(|| Problem::malformed(typed.act()))?;
    let command = read(&app, &visitor, act, &typed)?;
    let answer = Some(typed.get("record").to_owned()).filter(|_| act == "lot-offer");
    let asked = Asked { done: None, answer };
    let sent = send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await;
    Ok(answered(sent, (HERE, act), |draft| whole(&app, &visitor, &asked, draft)))
}

fn read(
    app: &App,
    visitor: &Visitor,
    act: &str,
    typed: &Typed,
) -> Result<Result<Command, Errors>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let named = typed.get("record");
    let record = if named.is_empty() { None } else { Some(find(&world, &visitor.region, named)?) };
    let needed = || Problem::malformed("record");
    let now = typed.shown(app.engine.now());
    Ok(match (act, record) {
        ("lot-need", _) => material(w, typed, now).map(|material| Command::Need { material }),
        ("lot-offer", answers) => material(w, typed, now)
            .map(|material| Command::Offer { material: Material { answers, ..material } }),
        ("lot-accept", Some(offer)) => Ok(Command::Accept { offer }),
        ("lot-lend", Some(acceptance)) => Ok(Command::Lend { acceptance }),
        ("lot-return", Some(loan)) => {
            let said = Some(typed.get("note")).filter(|note| !note.is_empty());
            let note = said.map_or_else(|| w.t("ready-returned-whole"), str::to_owned);
            Ok(Command::Return { loan, note })
        }
        _ => return Err(needed()),
    })
}

fn material(w: Words, typed: &Typed, now: Time) -> Result<Material, Errors> {
    let mut reader = Reader::new(w, typed);
    let what = reader.text("what");
    let count = reader.count("count").and_then(|count| u32::try_from(count).ok());
    let at = match typed.get("at") {
        "" => Some(now),
        text => next(text, now),
    };
    if at.is_none() {
        reader.wrong("at", w.t("ready-bad-clock"));
    }
    let both = count.zip(at);
    reader.done(both.map(|(count, at)| Material { what, count, at, answers: None }))
}

fn whole(app: &App, visitor: &Visitor, asked: &Asked, draft: &Draft) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let title = w.t("ready-material");
    let may = visitor.may(app, Action::LendMaterial);
    let mode = mode_of(&world, &visitor.region);
    let lots = all(&world, &visitor.region);
    let answer = asked.answer.as_deref().filter(|text| !text.is_empty());
    let need = lots.needs.iter().find(|(_, lot, _)| Some(&*lot.at.hash.to_string()) == answer);
    let body = html! {
        (mark(w, mode))
        (page_header(&title, Some(&w.t("ready-material-lead")), None))
        (done_note(w, asked.done.as_deref()))
        (draft.banner(w))
        @if let (true, Some((journal, lot, _))) = (may, need) {
            (section("offer", &w.t("ready-offer"), &offer_form(w, (draft, now), journal, lot)))
        }
        (live_region("lots", TOPICS, HERE, &lists(w, visitor, &lots, (draft, may, now))))
        @if may && need.is_none() {
            (section("need", &w.t("ready-need-new"), &need_form(w, (draft, now))))
        }
        (mark(w, mode))
    };
    page(app, visitor, &title, &crumbs(w), &body)
}

fn lists(
    w: Words,
    visitor: &Visitor,
    lots: &Lots<'_>,
    (draft, may, now): (&Draft, bool, Time),
) -> Markup {
    // A need that was offered to is seen in its chain.
    let open: Vec<_> = lots.needs.iter().filter(|(_, _, offers)| *offers == 0).collect();
    html! {
        @if lots.needs.is_empty() && lots.offers.is_empty() {
            (EmptyState::new(&w.t("ready-no-lots"), &w.t("ready-no-lots-text")))
        }
        @if !open.is_empty() {
            @let list = html! {
                ul.proposals {
                    @for (journal, lot, _) in &open {
                        li { (need(w, visitor, journal, lot, may, now)) }
                    }
                }
            };
            (section("needs", &w.t("ready-needs"), &list))
        }
        @if !lots.offers.is_empty() {
            @let list = html! {
                ul.proposals {
                    @for one in &lots.offers { li { (offer(w, visitor, one, (draft, may, now))) } }
                }
            };
            (section("offers", &w.t("ready-offers"), &list))
        }
    }
}

/// `Skåne: 3 st respiratorer, senast 14:05`.
fn line(w: Words, journal: &Journal, lot: &Lot, key: &str) -> Markup {
    let name = journal.name();
    let with = [
        ("region", short(&name).into()),
        ("n", lot.material.count.into()),
        ("what", lot.material.what.clone().into()),
        ("time", w.date_time(lot.material.at.0).into()),
    ];
    html! { strong { (w.t_args(key, &with)) } }
}

fn need(w: Words, visitor: &Visitor, journal: &Journal, lot: &Lot, may: bool, now: Time) -> Markup {
    html! {
        p { (line(w, journal, lot, "ready-need-line")) " " (age(w, lot.said, now)) }
        @if may && journal.id != visitor.region {
            @let href = format!("{HERE}?answer={}#offer", lot.at.hash);
            p { a.button href=(href) { (w.t("ready-offer")) } }
        } @else if journal.id == visitor.region {
            p { (tag(Status::OneSided, &w.t("ready-waits-offer"))) }
        }
    }
}

fn offer(
    w: Words,
    visitor: &Visitor,
    one: &Offer<'_>,
    (draft, may, now): (&Draft, bool, Time),
) -> Markup {
    let next = one.next(&visitor.region).filter(|_| may);
    html! {
        p { (line(w, one.offered.0, one.offered.1, "ready-offer-line")) }
        ol.chain {
            @for (at, step) in STEPS.iter().enumerate() {
                @let taken = one.steps().into_iter().find(|(place, _, _)| *place == at);
                @let key = step.trim_start_matches("readiness.");
                li class=[taken.is_some().then_some("done")] {
                    span.sign aria-hidden="true" { (if taken.is_some() { "✓" } else { "○" }) }
                    " " (w.dynamic("ready-of-lot-", key))
                    @if let Some((_, journal, lot)) = taken {
                        " · " (short(&journal.name())) " " (w.date_time(lot.said.0))
                    }
                }
            }
        }
        @if let Some((act, record)) = next {
            @let name = format!("lot-{act}");
            @if act == "return" {
                form.form.inline method="post" action=(HERE) novalidate {
                    (hidden(draft, "lot-return", &record.hash.short(), now))
                    input type="hidden" name="record" value=(record.hash);
                    @let id = format!("note-{}", record.hash.short());
                    div.field {
                        label for=(id) { (w.t("ready-return-note")) }
                        input id=(id) name="note" type="text" value="";
                    }
                    div.submit { button type="submit" { (w.dynamic("ready-of-act-", act)) } }
                }
            } @else {
                (button((draft, now), (HERE, &name), &[("record", record.hash.to_string())],
                    &w.dynamic("ready-of-act-", act), false))
            }
        }
    }
}

fn fields(w: Words, draft: &Draft, act: &str, start: (&str, &str), at: &str) -> Markup {
    html! {
        @let what = Field::text("what", w.t("ready-what")).hint(w.t("ready-what-hint"));
        (draft.field(act, "what", what, start.0))
        (draft.field(act, "count", Field::number("count", w.t("ready-count")), start.1))
        (draft.field(act, "at", Field::text("at", w.t(at)).hint(w.t("ready-clock-next-hint")), ""))
    }
}

fn need_form(w: Words, (draft, now): (&Draft, Time)) -> Markup {
    html! {
        form.form method="post" action=(HERE) novalidate {
            (hidden(draft, "lot-need", "", now))
            (fields(w, draft, "lot-need", ("", ""), "ready-by-when"))
            div.submit { button type="submit" { (w.t("ready-need-do")) } }
        }
    }
}

fn offer_form(w: Words, (draft, now): (&Draft, Time), journal: &Journal, lot: &Lot) -> Markup {
    let count = lot.material.count.to_string();
    html! {
        p { (line(w, journal, lot, "ready-need-line")) }
        form.form method="post" action=(HERE) novalidate {
            (hidden(draft, "lot-offer", "", now))
            input type="hidden" name="record" value=(lot.at.hash);
            (fields(w, draft, "lot-offer", (&lot.material.what, &count), "ready-from-when"))
            div.submit { button type="submit" { (w.t("ready-offer-do")) } }
        }
    }
}
