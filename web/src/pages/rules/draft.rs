//! Drafting rules: a file or a text, what it would bring, then the draft.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::rulesets::{Document, Event, Key, Rule, RuleSet, Scope};
use samband_domain::{Digest, Known};
use samband_engine::Request;
use samband_exchange::rulesets::{Preview, to_toml};
use serde::Deserialize;

use crate::app::import::words_of;
use crate::app::rules::{Named, draft, in_force, read};
use crate::app::{App, KeyedForm, Problem, StagedFile, UPLOAD_MAX, Visitor, explain, fresh_key};
use crate::components::{
    BadRow, Cell, Column, Crumb, Field, Form, ImportPreview, Note, Row, Steps, Table, page_header,
    section,
};
use crate::pages::frame::done;
use crate::pages::upload::{Parts, Upload};
use crate::text::Words;

/// Routes.
pub(super) fn routes() -> Router<App> {
    let upload = post(preview).layer(DefaultBodyLimit::max(UPLOAD_MAX));
    Router::new()
        .route("/rule-sets/draft", get(show).merge(upload))
        .route("/rule-sets/draft/confirm", post(confirm))
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    from: String,
}

/// What somebody sent or starts from.
#[derive(Clone, Default)]
struct Said {
    file: String,
    bytes: Bytes,
    text: String,
    named: Named,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    visitor.permit(&app, Action::DraftRuleSet, &visitor.region)?;
    let set = match asked.from.as_str() {
        "in-force" => in_force(&app, &visitor.region),
        "empty" => Some(empty()),
        _ => None,
    };
    let text = set.as_ref().map(to_toml).unwrap_or_default();
    let note = set.filter(|_| asked.from == "in-force").map(|_| "rules-draft-start-text");
    let said = Said { text, ..Said::default() };
    Ok(start(&app, &visitor, &said, None, note))
}

/// Every rule of the catalogue, unknown: a list to fill in.
fn empty() -> RuleSet {
    let rule = |key| Rule { key, value: Known::Unknown, source: String::new(), note: None };
    let rules: Vec<Rule> = Key::all().map(rule).collect();
    Document::of(Scope::Blood, String::new(), String::new(), &rules).into()
}

fn frame(app: &App, visitor: &Visitor, step: usize, body: &Markup) -> Markup {
    let w = visitor.words;
    let title = w.t("rules-draft-title");
    let labels =
        [w.t("rules-draft-step-file"), w.t("rules-draft-step-look"), w.t("rules-draft-step-take")];
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let start = w.t("rules-title");
    let crumbs = [Crumb::link("/rule-sets", &start), Crumb::here(&title)];
    let body = html! {
        (page_header(&title, Some(&w.t("rules-draft-lead")), None))
        (Steps::new(w, &labels, step))
        (body)
    };
    visitor.page(app, &title, &crumbs, false, &body)
}

fn start(
    app: &App,
    visitor: &Visitor,
    said: &Said,
    problem: Option<&Problem>,
    note: Option<&str>,
) -> Markup {
    let w = visitor.words;
    let body = html! {
        @if let Some(problem) = problem { (explain(problem, w)) }
        @if let Some(note) = note { (Note::info(w, &w.t(note))) }
        p.choose {
            a.button.quiet href="/rule-sets/draft?from=in-force" { (w.t("rules-draft-start")) } " "
            a.button.quiet href="/rule-sets/draft?from=empty" { (w.t("rules-draft-template")) }
        }
        (form(w, said))
        (section("form", &w.t("rules-draft-form"), &html! {
            p { (w.t("rules-draft-form-text")) }
            pre.exact-text tabindex="0" { (EXAMPLE) }
        }))
    };
    frame(app, visitor, 0, &body)
}

/// Largest text that is shown again to be put right.
const EDITED_MAX: usize = 200_000;

/// The two forms of a file, with a rule that is known and one that is not.
const EXAMPLE: &str = "\
title = \"Regler för blod\"
version = \"2026-1\"

[rules]
shelf_life.red_cells = { value = 42, unit = \"d\", source = \"KRON-K\", note = \"SAGM\" }
reservation.lapse_hours = { value = \"unknown\" }

key,value,unit,source,note
shelf_life.red_cells,42,d,KRON-K,SAGM
reservation.lapse_hours,,,,
";

fn form(w: Words, said: &Said) -> Markup {
    let form = Form::post(w, "/rule-sets/draft", "", w.t("rules-draft-preview"))
        .field(
            Field::file("file", w.t("rules-draft-file"), ".toml,.csv,.xlsx,.txt")
                .hint(w.t("rules-draft-file-hint")),
        )
        .field(
            Field::text_area("text", w.t("rules-draft-paste"))
                .hint(w.t("rules-draft-paste-hint"))
                .value(&said.text),
        )
        .field(
            Field::text("title", w.t("rules-draft-name"))
                .hint(w.t("rules-draft-name-hint"))
                .value(&said.named.title),
        )
        .field(
            Field::text("version", w.t("rules-draft-version"))
                .hint(w.t("rules-draft-version-hint"))
                .value(&said.named.version),
        );
    html! { div.rules-form { (form) } }
}

fn said(mut upload: Upload) -> Said {
    // A form sends its lines with carriage returns; a file of ours has none.
    let text = upload.take("text").replace("\r\n", "\n");
    let named = Named { title: upload.take("title"), version: upload.take("version") };
    let Upload { name, bytes, .. } = upload;
    if bytes.is_empty() {
        return Said { bytes: text.clone().into(), text, named, ..Said::default() };
    }
    Said { file: name, bytes, text, named }
}

async fn preview(
    State(app): State<App>,
    visitor: Visitor,
    parts: Parts,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::DraftRuleSet, &visitor.region)?;
    let mut said = said(Upload::of(parts).await?);
    let refused = |said: &Said, problem: Problem| {
        let page = start(&app, &visitor, said, Some(&problem), None);
        Ok((problem.status, page).into_response())
    };
    if said.bytes.is_empty() {
        return refused(&said, Problem::unprocessable("import.no_file"));
    }
    let found = match read(&visitor, &said.file, &said.bytes) {
        Ok(found) => found,
        Err(problem) => return refused(&said, problem),
    };
    if found.bad.is_empty()
        && let Err(problem) = draft(&visitor, found.clone(), &said.named)
    {
        return refused(&said, problem);
    }
    if !found.bad.is_empty() && said.bytes.len() < EDITED_MAX {
        // What can be read as text can be put right where it stands.
        said.text = std::str::from_utf8(&said.bytes).unwrap_or_default().to_owned();
    }
    let file = StagedFile { name: said.file.clone(), bytes: said.bytes.as_ref().into() };
    let digest = app.staged.put(&visitor.user.to_string(), file, app.engine.now());
    Ok(look(&app, &visitor, &found, &said, &digest).into_response())
}

/// What the text would bring.
fn look(app: &App, visitor: &Visitor, found: &Preview, said: &Said, digest: &Digest) -> Markup {
    let w = visitor.words;
    let bad: Vec<BadRow> = found
        .bad
        .iter()
        .map(|bad| BadRow {
            line: bad.line.into(),
            column: bad.column.clone(),
            value: Some(bad.value.clone()).filter(|value| !value.is_empty()),
            reason: words_of(w, bad.code, &bad.args),
        })
        .collect();
    let good = u64::try_from(found.rules.len()).unwrap_or(u64::MAX);
    let name = if said.file.is_empty() { w.t("rules-draft-paste") } else { said.file.clone() };
    let unknown = found.rules.iter().filter(|rule| rule.value == Known::Unknown).count();
    let counts = [("n", found.rules.len().into()), ("unknown", unknown.into())];
    let body = html! {
        (ImportPreview::new(w, &name, good, &bad))
        @if found.ready() {
            p { (w.t_args("rules-draft-found", &counts)) }
            (changes(w, in_force(app, &visitor.region).as_ref(), &found.rules))
            (take(w, said, digest))
        } @else {
            (section("again", &w.t("rules-draft-again"), &form(w, said)))
        }
    };
    frame(app, visitor, 1, &body)
}

/// What would differ from the rules in force: what is added, changed or no longer stated.
fn changes(w: Words, now: Option<&RuleSet>, rules: &[Rule]) -> Markup {
    let held = |key: Key| now.and_then(|set| set.rules.get(&key));
    let drafted = |key: Key| rules.iter().find(|rule| rule.key == key);
    let said = |rule: Option<&Rule>| match rule {
        Some(rule) if rule.value != Known::Unknown => Cell::text(w.rule_value(rule)),
        Some(_) => Cell::unknown(w),
        None => Cell::text(w.t("rules-draft-removed")),
    };
    let differs = |key: &Key| held(*key).map(|r| &r.value) != drafted(*key).map(|r| &r.value);
    let keys: Vec<Key> = Key::all().filter(differs).collect();
    if keys.is_empty() {
        return html! { (Note::info(w, &w.t("rules-draft-no-changes"))) };
    }
    let row = |key: &Key| {
        let name = html! { (w.rule_name(*key)) " " code.rule-key { (key) } };
        Row::new(name).cell(said(held(*key))).cell(said(drafted(*key)))
    };
    let table = Table::new(w.t("rules-draft-changes"))
        .columns([
            Column::text(w.t("rules-rule")),
            Column::text(w.t("rules-draft-was")),
            Column::text(w.t("rules-draft-becomes")),
        ])
        .rows(keys.iter().map(row));
    html! { (table) }
}

fn take(w: Words, said: &Said, digest: &Digest) -> Markup {
    let key = fresh_key();
    let form = Form::post(w, "/rule-sets/draft/confirm", &key, w.t("rules-draft-take"))
        .hidden("file", digest.to_string())
        .hidden("title", &said.named.title)
        .hidden("version", &said.named.version)
        .cancel("/rule-sets/draft", w.t("rules-draft-cancel"));
    html! { (form) }
}

#[derive(Deserialize)]
struct Confirmed {
    file: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    version: String,
}

async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    KeyedForm { key, fields }: KeyedForm<Confirmed>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::DraftRuleSet, &visitor.region)?;
    let Confirmed { file, title, version } = fields;
    let gone = || Problem::new(StatusCode::GONE, "import.gone");
    let digest: Digest = file.parse().map_err(|_| gone())?;
    let staged = app.staged.get(&visitor.user.to_string(), &digest, app.engine.now());
    let staged = staged.ok_or_else(gone)?;
    let found = read(&visitor, &staged.name, &staged.bytes)?;
    let command = draft(&visitor, found, &Named { title, version })?;
    let (principal, region) = (visitor.principal.clone(), visitor.region.clone());
    let command = command.into();
    let request = Request { principal, region, key, happened: None, command, asked: None };
    let receipt = app.engine.submit(request).await?;
    let mut events = receipt.events.iter();
    let drafted = events.find_map(|event| match event {
        samband_domain::Event::Rulesets(event @ Event::Drafted(..)) => Some(event.rule_set()),
        _ => None,
    });
    let place = drafted.map_or_else(
        || "/rule-sets".to_owned(),
        |digest| format!("/rule-sets/{digest}?region={}", visitor.region),
    );
    Ok(done(&place, "rules-draft"))
}
