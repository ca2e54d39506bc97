//! The first situation report, over all regions: what holds, who says so, and who says otherwise.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::agreements::Kept;
use samband_domain::readiness::Said;
use samband_domain::readiness::model::{Field, Section, Stated, Statement};
use samband_domain::readiness::view::Merged;
use samband_domain::{JournalId, Mode, Time};
use samband_engine::World;
use samband_exchange::export::{Csv, to_csv};
use samband_exchange::{Language, Table as Sheet};
use serde::Deserialize;

use super::crumbs;
use super::parts::{age, fresh_tag, mark};
use crate::app::readiness::situation::{Part, Situation, find, of_section, stated_text, table};
use crate::app::readiness::{TOPICS, Terms, sheet};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Column, Row, Status, Table, live_region, page_header, section, tag, time_tag,
};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::{region_name, short};
use crate::text::{Lang, Words};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Done {
    done: Option<String>,
}

type Which = (String, String);

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/situation-report/{issuer}/{incident}", get(show))
        .route("/situation-report/{issuer}/{incident}/sheet.pdf", get(pdf))
        .route("/situation-report/{issuer}/{incident}/table.csv", get(csv))
}

/// Where an incident's report is.
pub(super) fn path((issuer, incident): &Which) -> String {
    format!("/situation-report/{issuer}/{incident}")
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
    Query(done): Query<Done>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let found = find(&world, &visitor.region, (&which.0, &which.1))?;
    let here = path(&which);
    let title = w.t("ready-situation");
    let lead =
        format!("{} · {}", found.incident.report.title, region_name(&world, &found.issuer.id));
    let actions = html! {
        @if visitor.may(&app, Action::ReportSituation) {
            a.button.main href={ (here) "/report" } { (w.t("ready-report-own")) }
        }
        a.button href={ (here) "/sheet.pdf" } { (w.t("ready-sheet")) }
        a.button href={ (here) "/table.csv" } download { "CSV" }
        a.button href={ "/api/v1/situation-reports/" (which.0) "/" (which.1) } { "JSON" }
    };
    let terms = Terms::of(&world, now);
    let shown_to = terms.mark(w, Kept::Capacity, &found.issuer.id, &visitor.region);
    let body = html! {
        (mark(w, Some(found.mode)))
        (page_header(&title, Some(&lead), Some(&actions)))
        (done_note(w, done.done.as_deref()))
        (live_region("situation", TOPICS, &here, &whole(w, &world, &found, now)))
        p.fine { (shown_to) }
        (mark(w, Some(found.mode)))
    };
    Ok(page(&app, &visitor, &title, &crumbs(w), &body))
}

fn whole(w: Words, world: &World, found: &Situation<'_>, now: Time) -> Markup {
    let (n, of) = found.reported();
    let parts = found.parts();
    let late = parts.iter().any(|part| part.late(now));
    let status = match (n, of) {
        (n, of) if n == of && !late => Status::Known,
        (0, _) => Status::Gap,
        _ => Status::Attention,
    };
    html! {
        @let count = w.t_args("ready-reported", &[("n", n.into()), ("of", of.into())]);
        p.standing { (tag(status, &count)) }
        (section("regions", &w.t("ready-who-reported"), &who(w, &parts, now)))
        @for of in Section::ALL.iter().copied() {
            @let name = w.dynamic("ready-of-section-", of.as_str());
            (section(of.as_str(), &name, &fields(w, world, found, of, now)))
        }
    }
}

fn who(w: Words, parts: &[Part<'_>], now: Time) -> Markup {
    let row = |part: &Part<'_>| {
        let name = part.region.name();
        let (Some(said), Some(last), Some(fresh)) = (part.said, part.last(), part.fresh(now))
        else {
            return Row::new(short(&name).to_owned())
                .cell("–")
                .cell(tag(Status::Gap, &w.t("ready-not-reported")))
                .cell("–");
        };
        let text = w.t_args("provenance-age", &[("age", w.age(last.0, now.0).into())]);
        let word = match part.late(now) {
            true => w.t("ready-late"),
            false => w.dynamic("ready-of-fresh-", fresh.as_str()),
        };
        let next = match part.next() {
            Some(next) if part.late(now) => tag(Status::Attention, &w.remaining(now.0, next.0)),
            Some(next) => html! { (w.clock(next.0)) " (" (w.remaining(now.0, next.0)) ")" },
            None => html! { span.unknown { (w.unknown()) } },
        };
        Row::new(short(&name).to_owned())
            .cell(w.int(said.version))
            .cell(fresh_tag(fresh, &format!("{word} · {text}")))
            .cell(next)
    };
    let table = Table::new(w.t("ready-who-reported"))
        .caption_hidden()
        .columns([
            Column::text(w.t("ready-region")),
            Column::number(w.t("ready-version")),
            Column::text(w.t("ready-freshness")),
            Column::text(w.t("ready-next-due")),
        ])
        .rows(parts.iter().map(row));
    html! { (table) }
}

fn fields(w: Words, world: &World, found: &Situation<'_>, of: Section, now: Time) -> Markup {
    let all: Vec<(Field, Vec<Merged<'_>>)> =
        of_section(of).map(|one| (one, found.accounts(one))).collect();
    let silent: Vec<_> = all
        .iter()
        .filter(|(_, accounts)| accounts.is_empty())
        .map(|(one, _)| w.dynamic("ready-of-field-", one.as_str()))
        .collect();
    let said = all.iter().filter(|(_, accounts)| !accounts.is_empty());
    html! {
        dl.definitions.stated {
            @for (one, accounts) in said {
                div {
                    dt { (w.dynamic("ready-of-field-", one.as_str())) }
                    dd {
                        @for merged in accounts {
                            div.account { (statement(w, world, merged.holds, now)) }
                            @for other in &merged.others {
                                div.conflict {
                                    (tag(Status::Attention, &w.t("ready-otherwise"))) " "
                                    (statement(w, world, *other, now))
                                }
                            }
                        }
                    }
                }
            }
        }
        @if !silent.is_empty() {
            p.calm { (w.t_args("ready-nobody-said", &[("fields", silent.join(", ").into())])) }
        }
    }
}

fn statement(
    w: Words,
    world: &World,
    (region, said): (&JournalId, &Said<Statement>),
    now: Time,
) -> Markup {
    let one = &said.what;
    let text = stated_text(w, &one.stated);
    html! {
        @match one.stated {
            Stated::Value(_) => strong.stated-value { (text) },
            Stated::Unknown => span.unknown { (text) },
            Stated::NotApplicable => span.calm { (text) },
        }
        span.from {
            (w.dynamic("ready-of-source-", one.source.as_str())) " " (region_name(world, region))
            " · " (time_tag(w, one.valid.0)) " · "
            (w.dynamic("ready-of-certainty-", one.certainty.as_str())) " "
            (age(w, one.valid, now))
        }
    }
}

async fn pdf(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let situation = find(&world, &visitor.region, (&which.0, &which.1))?;
    let (words, world) = (visitor.words, &world);
    let reader = &visitor.region;
    let bytes = sheet::pdf(&sheet::Asked { words, world, situation: &situation, reader, now });
    let name = format!("inline; filename=\"{}\"", file(&situation, "pdf"));
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

async fn csv(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (w, world) = (visitor.words, app.engine.world());
    let situation = find(&world, &visitor.region, (&which.0, &which.1))?;
    let language = match w.lang() {
        Lang::Sv => Language::Swedish,
        Lang::En => Language::English,
    };
    let all = marked(w, situation.mode, table(w, &situation));
    let bytes = to_csv(&all, Csv::for_people(language));
    let name = format!("attachment; filename=\"{}\"", file(&situation, "csv"));
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// The name of a file; an exercise's begins with its mark.
fn file(situation: &Situation<'_>, ending: &str) -> String {
    let mark = match situation.mode {
        Mode::Real => String::new(),
        Mode::Exercise => "ovning-".to_owned(),
        Mode::Demo => "demo-".to_owned(),
    };
    format!("{mark}lagesbild-{}.{ending}", situation.id)
}

/// Outside the real world the first and the last line say so.
fn marked(w: Words, mode: Mode, mut all: Sheet) -> Sheet {
    let key = match mode {
        Mode::Real => return all,
        Mode::Exercise => "ready-mark-exercise",
        Mode::Demo => "ready-mark-demo",
    };
    let mut line = vec![samband_exchange::Cell::from(w.t(key))];
    line.resize(all.columns.len(), "".into());
    all.rows.insert(0, line.clone());
    all.rows.push(line);
    all
}
