//! Nummerserier: which donation numbers a site was given, how many are used, and giving it more.
//! A donation with another number is recorded, and its units are held.

use axum::Form as Body;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::SiteId;
use samband_domain::blood::model::Din;
use samband_domain::donations::Command;
use samband_domain::donations::model::Range;
use samband_engine::World;
use serde::Deserialize;

use super::new::sites;
use super::said::number;
use super::{TOPICS, own};
use crate::app::stock::site_name;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Row, Status, Table, live_region, page_header, section, tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const ASSIGN: &str = "assign-numbers";
const PATH: &str = "/donations/numbers";

/// With how many left, in thousandths of the series, somebody should give the site more.
const FEW: u64 = 100;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
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
    visitor.permit(&app, Action::AssignNumbers, &visitor.region)?;
    whole(&app, &visitor, &Draft::fresh(app.engine.now()), asked.done.as_deref())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::AssignNumbers, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != ASSIGN {
        return Err(Problem::malformed(typed.act()));
    }
    let command = read(visitor.words, &typed);
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done(PATH, ASSIGN)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)?).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let site: Option<SiteId> = reader.value("numbers-site");
    let mut din = |name: &'static str| {
        let text = reader.text(name);
        match number(w, &text) {
            Ok(din) => Some(din),
            Err(_) if text.is_empty() => None,
            Err(why) => {
                reader.wrong(name, why);
                None
            }
        }
    };
    let (from, to) = (din("numbers-from"), din("numbers-to"));
    let read = site.zip(from).zip(to);
    reader.done(read.map(|((site, from), to)| Command::AssignNumbers { site, from, to }))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    done: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let key = draft.key(ASSIGN);
    let put = |name: &str, field, start: &str| draft.field(ASSIGN, name, field, start);
    let open = sites(own(&world, visitor)?, now);
    let choose = std::iter::once((String::new(), w.t("form-choose")));
    let site = Field::select("numbers-site", w.t("donation-site"), choose.chain(open)).required();
    let hint = w.t("donation-number-hint");
    let from = Field::text("numbers-from", w.t("numbers-from")).hint(hint.clone()).required();
    let to = Field::text("numbers-to", w.t("numbers-to")).hint(hint).required();
    let form = draft
        .form(w, PATH, ASSIGN, &key, w.t("numbers-do"))
        .field(put("numbers-site", site, ""))
        .field(put("numbers-from", from, ""))
        .field(put("numbers-to", to, ""));
    let title = w.t("numbers-title");
    let body = html! {
        (page_header(&title, Some(&w.t("numbers-lead")), None))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("numbers", TOPICS, PATH, &series(w, &world, visitor)?))
        (section("assign", &w.t("numbers-give"), &html! { div.panel { (form) } }))
    };
    // Who gives numbers may be somebody who sees no donations.
    let way = visitor.may(app, Action::SeeDonors);
    let crumbs = way.then(|| ("/donations", w.t("donations-title")));
    Ok(page(app, visitor, &title, crumbs.as_slice(), &body))
}

fn text(din: Din) -> String {
    format!("{} {}", din.spaced(), din.check_character())
}

/// Every series, by site, with what is left of it.
fn series(w: Words, world: &World, visitor: &Visitor) -> Result<Markup, Problem> {
    let donations = &own(world, visitor)?.shared.donations;
    let all = donations.ranges.iter().flat_map(|(site, ranges)| {
        ranges.iter().map(move |range| (site_name(world, &visitor.region, site), range))
    });
    let mut all: Vec<_> = all.collect();
    if all.is_empty() {
        let (title, text) = (w.t("numbers-none"), w.t("numbers-none-text"));
        return Ok(html! { (EmptyState::new(&title, &text)) });
    }
    all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.from.cmp(&b.1.from)));
    let rows = all.into_iter().map(|(site, range)| {
        let Range { from, to } = range;
        let count = u64::from(to.serial() - from.serial()) + 1;
        let used = donations.donations.range(*from..=*to).count() as u64;
        let left = count.saturating_sub(used);
        let status = match left {
            0 => Status::Stopped,
            left if left * 1_000 < count * FEW => Status::Attention,
            _ => Status::Known,
        };
        let last = donations.donations.range(*from..=*to).next_back().map(|(din, _)| text(*din));
        Row::new(site)
            .cell(Cell::markup(
                html! { span.nowrap { (text(*from)) } " – " span.nowrap { (text(*to)) } },
            ))
            .cell(w.int(count))
            .cell(w.int(used))
            .cell(tag(status, &w.t_args("numbers-left", &[("n", left.into())])))
            .cell(last.unwrap_or_else(|| "–".into()))
    });
    let table = Table::new(w.t("numbers-title")).caption_hidden().columns([
        Column::text(w.t("donation-site")),
        Column::text(w.t("numbers-series")),
        Column::number(w.t("numbers-count")),
        Column::number(w.t("numbers-used")),
        Column::text(w.t("numbers-left-head")),
        Column::text(w.t("numbers-last")),
    ]);
    Ok(html! { (table.rows(rows)) })
}
