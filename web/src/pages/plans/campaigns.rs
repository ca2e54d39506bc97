//! Campaigns for new donors: what was done, at what cost, and what came of it.

use axum::Form as Body;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::plans::Command;
use samband_domain::plans::model::{Campaign, Channel, Registrations};
use samband_domain::words::Day;
use samband_domain::{Command as Any, Digest, Known, Time};
use samband_engine::World;
use serde::Deserialize;

use super::tabs;
use crate::app::plans::campaigns::{Shown, campaigns};
use crate::app::{App, Problem, Visitor};
use crate::components::{Cell, Column, EmptyState, Field, Note, Row, Table, page_header, section};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{age_text, record_link, region_name};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const PATH: &str = "/plan/campaigns";
const RECORD: &str = "record-campaign";
const COUNT: &str = "count-campaign";

#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    correct: Option<String>,
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    Ok(whole(&app, &visitor, &Draft::fresh(app.engine.now()), &asked))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::KeepCampaigns, &visitor.region)?;
    let typed = Typed::new(pairs);
    let (act, command) = match typed.act() {
        RECORD => (RECORD, read(visitor.words, &typed)),
        COUNT => {
            let mut reader = Reader::new(visitor.words, &typed);
            let campaign: Option<Digest> = reader.value("campaign");
            let command = campaign.map(|campaign| Command::CountCampaign { campaign }.into());
            (COUNT, reader.done(command))
        }
        other => return Err(Problem::malformed(other)),
    };
    let correct = Some(typed.get("replaces").to_owned()).filter(|text| !text.is_empty());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(PATH, act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let asked = Asked { correct, done: None };
            Ok((status, whole(&app, &visitor, &draft, &asked)).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Any, Errors> {
    let mut reader = Reader::new(w, typed);
    let title = reader.text("title");
    let channel: Option<Channel> = reader.value("channel");
    let from: Option<Day> = reader.value("from");
    let to: Option<Day> = reader.value("to");
    let mut known = |name: &'static str| match typed.get(name) {
        "" => None,
        _ => reader.count(name),
    };
    let (cost_kr, goal) = (Known::from(known("cost")), known("goal"));
    let goal = Known::from(goal.map(|goal| u32::try_from(goal).unwrap_or(u32::MAX)));
    let source = reader.text("source");
    let replaces: Option<Digest> = reader.optional_value("replaces");
    let campaign = channel.zip(from).zip(to).map(|((channel, from), to)| Campaign {
        title,
        channel,
        from,
        to,
        cost_kr,
        goal,
        source,
    });
    reader.done(campaign.map(|campaign| Command::RecordCampaign { campaign, replaces }.into()))
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft, asked: &Asked) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let may = visitor.may(app, Action::KeepCampaigns);
    let all = campaigns(&world, &visitor.region, now);
    let wanted = asked.correct.as_deref();
    let correct = all.iter().find(|one| one.is_own && wanted == Some(&*one.id.to_string()));
    let title = w.t("campaign-title");
    let form_title = w.t(if correct.is_some() { "campaign-correct" } else { "campaign-record" });
    let body = html! {
        (page_header(&title, Some(&w.t("campaign-lead")), None))
        (tabs(w, PATH))
        (done_note(w, asked.done.as_deref()))
        (draft.banner(w))
        @if all.is_empty() {
            (EmptyState::new(&w.t("campaign-none"), &w.t("campaign-none-text")))
        } @else {
            (Note::info(w, &w.t("campaign-reading")))
            (table(w, &world, (&all, may), draft, now))
        }
        @if may {
            (section("record", &form_title, &html! {
                div.panel { (form(w, draft, correct)) }
            }))
        }
    };
    page(app, visitor, &title, &[("/plan/transfers", w.t("plan-title"))], &body)
}

fn table(
    w: Words,
    world: &World,
    (all, may): (&[Shown<'_>], bool),
    draft: &Draft,
    now: Time,
) -> Markup {
    let rows = all.iter().map(|one| row(w, world, (one, may), draft, now));
    let table = Table::new(w.t("campaign-title")).caption_hidden().columns([
        Column::text(w.t("campaign-what")),
        Column::text(w.t("campaign-region")),
        Column::text(w.t("campaign-when")),
        Column::number(w.t("campaign-cost")),
        Column::number(w.t("campaign-goal")),
        Column::number(w.t("campaign-before")),
        Column::number(w.t("campaign-during")),
        Column::number(w.t("campaign-after")),
        Column::number(w.t("campaign-more")),
        Column::number(w.t("campaign-kr-each")),
        Column::text(w.t("campaign-source")),
    ]);
    html! { (table.rows(rows)) }
}

fn row(w: Words, world: &World, (one, may): (&Shown<'_>, bool), draft: &Draft, now: Time) -> Row {
    let campaign = &one.held.campaign;
    let count = |of: fn(&Registrations) -> Known<u32>| {
        Cell::count(w, one.found.as_ref().and_then(|found| of(found).value()))
    };
    let head = Cell::markup(html! {
        (campaign.title)
        br; span.fine { (w.dynamic("campaign-channel-", campaign.channel.as_str())) }
        @if may && one.is_own {
            br; a href={ (PATH) "?correct=" (one.id) "#record" } { (w.t("campaign-correct")) }
        }
    });
    let told = one.held.counted.as_ref().map(|told| told.said);
    let source = html! {
        (campaign.source) " " (record_link(w, &one.held.at))
        br; span.fine { (w.t("campaign-counted")) " " (age_text(w, one.as_of, now)) }
        @if one.is_own {
            br; span.fine {
                @match told {
                    Some(said) => {
                        (w.t("campaign-told")) " " (age_text(w, Known::Value(said), now))
                    }
                    None => (w.t("campaign-not-told")),
                }
            }
            @if may && campaign.from <= Day::of(now) {
                @let key = format!("{}-{}", draft.key(COUNT), one.held.at.seq);
                (draft.form(w, PATH, COUNT, &key, w.t("campaign-tell"))
                    .hidden("campaign", one.id.to_string()))
            }
        }
    };
    Row::new(head)
        .cell(region_name(world, one.region))
        .cell(format!("{}–{}", campaign.from, campaign.to))
        .cell(Cell::count(w, campaign.cost_kr.value()))
        .cell(Cell::count(w, campaign.goal.value()))
        .cell(count(|found| found.before))
        .cell(count(|found| found.during))
        .cell(count(|found| found.after))
        .cell(Cell::count(w, one.more()))
        .cell(one.kr_each().map_or_else(|| Cell::text("–"), |kr| Cell::count(w, Some(kr))))
        .cell(source)
}

/// The form; with the campaign to be put right, what stands.
fn form(w: Words, draft: &Draft, correct: Option<&Shown<'_>>) -> Markup {
    let held = correct.map(|one| &one.held.campaign);
    let start = |of: &dyn Fn(&Campaign) -> String| held.map(of).unwrap_or_default();
    let figure = |known: Option<u64>| known.map_or_else(String::new, |n| n.to_string());
    let channels = Channel::ALL.iter();
    let channels =
        channels.map(|one| (one.to_string(), w.dynamic("campaign-channel-", one.as_str())));
    let channels = std::iter::once((String::new(), w.t("form-choose"))).chain(channels);
    let put =
        |name: &'static str, field: Field, start: String| draft.field(RECORD, name, field, &start);
    let unknown = w.t("campaign-unknown-hint");
    let number = |name, key| Field::number(name, w.t(key)).hint(unknown.clone());
    let key = draft.key(RECORD);
    let mut form = draft
        .form(w, PATH, RECORD, &key, w.t("campaign-do"))
        .field(put(
            "title",
            Field::text("title", w.t("campaign-what")).required(),
            start(&|one| one.title.clone()),
        ))
        .field(put(
            "channel",
            Field::select("channel", w.t("campaign-channel"), channels).required(),
            start(&|one| one.channel.to_string()),
        ))
        .field(put(
            "from",
            Field::date("from", w.t("campaign-from")).required(),
            start(&|one| one.from.to_string()),
        ))
        .field(put(
            "to",
            Field::date("to", w.t("campaign-to")).required(),
            start(&|one| one.to.to_string()),
        ))
        .field(put(
            "cost",
            number("cost", "campaign-cost"),
            start(&|one| figure(one.cost_kr.value())),
        ))
        .field(put(
            "goal",
            number("goal", "campaign-goal"),
            start(&|one| figure(one.goal.value().map(u64::from))),
        ))
        .field(put(
            "source",
            Field::text("source", w.t("campaign-source")).required(),
            start(&|one| one.source.clone()),
        ));
    if let Some(one) = correct {
        form = form.hidden("replaces", one.id.to_string());
    }
    html! { (form) }
}
