//! Provsvar: typing in what tests of a donation said, and the queue for the second person.

mod types;

use axum::Form as Body;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Region;
use samband_domain::blood::model::{Din, Group, TestResult};
use samband_domain::donations::Command;
use samband_domain::donations::model::{Capture, Entry, Results, Weight};
use samband_domain::donations::view::{held, waiting};
use samband_domain::rulesets::Scope;
use samband_domain::rulesets::catalogue::codes::TESTS;
use samband_domain::words::Code;
use samband_exchange::stock::antigens;
use serde::Deserialize;

use super::donations::said::number;
use super::donations::{TOPICS, href, own};
use super::frame::{Back, done, done_note, page, send};
use super::parts::title_of;
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::history::antigens_text;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Row, Status, Table, live_region, page_header, section, tag,
    time_tag,
};
use crate::text::Words;

const ENTER: &str = "enter-results";
const VERIFY: &str = "verify-results";
const DISAGREE: &str = "disagree-results";
const REJECT: &str = "reject-results";

/// Which donation, and what was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    din: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/test-results", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    whole(&app, &visitor, &Draft::fresh(app.engine.now()), &asked)
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (w, typed) = (visitor.words, Typed::new(pairs));
    let act = typed.act().to_owned();
    let command = match act.as_str() {
        ENTER => entered(w, &typed),
        VERIFY | DISAGREE => judged(w, &typed, act == VERIFY),
        REJECT => rejected(w, &typed),
        other => return Err(Problem::malformed(other)),
    };
    let din = typed.get("din").to_owned();
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => match number(w, &din) {
            Ok(din) if act == REJECT => Ok(done(&href(&din), &act)),
            _ => Ok(done("/test-results", &act)),
        },
        Err(back) => {
            let Back { status, draft } = *back;
            let asked = Asked { din: Some(din), done: None };
            Ok((status, whole(&app, &visitor, &draft, &asked)?).into_response())
        }
    }
}

fn din_of(w: Words, reader: &mut Reader<'_>) -> Option<Din> {
    let text = reader.text("din");
    match number(w, &text) {
        Ok(din) => Some(din),
        Err(why) => {
            reader.wrong("din", why);
            None
        }
    }
}

fn entered(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let din = din_of(w, &mut reader);
    let group: Option<Group> = reader.optional_value("group");
    let one = |code: &&str| {
        let result: TestResult = typed.get(&format!("marker-{code}")).parse().ok()?;
        Some((Code::new(code).ok()?, result))
    };
    let markers = TESTS.iter().filter_map(one).collect();
    let phenotype = antigens(typed.get("antigens"));
    if phenotype.is_none() {
        reader.wrong("antigens", w.t("unit-antigens-unreadable"));
    }
    let titre: Option<u16> = reader.optional_value("titre");
    let (hla, hpa) = (types::read_hla(typed.get("hla")), types::read_hpa(typed.get("hpa")));
    for (name, unreadable) in [("hla", hla.is_none()), ("hpa", hpa.is_none())] {
        if unreadable {
            reader.wrong(name, w.t("typed-unreadable"));
        }
    }
    let results = Results {
        group,
        markers,
        phenotype: phenotype.unwrap_or_default(),
        hla: hla.unwrap_or_default(),
        hpa: hpa.unwrap_or_default(),
        titre,
    };
    if results.is_empty() {
        reader.wrong("group", w.t("unit-no-test-said"));
    }
    let capture = Capture::Hand;
    reader.done(din.map(|din| Command::RecordResults { din, results, capture }))
}

fn judged(w: Words, typed: &Typed, agrees: bool) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let din = din_of(w, &mut reader);
    let entry: Option<u32> = reader.value("entry");
    let note = reader.optional("note");
    let found = din.zip(entry);
    reader.done(found.map(|(din, entry)| Command::VerifyResults { din, entry, agrees, note }))
}

fn rejected(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let din = din_of(w, &mut reader);
    let entry: Option<u32> = reader.value("entry");
    let reason = reader.text("reason");
    let found = din.zip(entry);
    reader.done(found.map(|(din, entry)| Command::RejectResults { din, entry, reason }))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    asked: &Asked,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let region = own(&world, visitor)?;
    let enters = visitor.may(app, Action::EnterResults);
    let title = w.t("results-title");
    let body = html! {
        (page_header(&title, Some(&w.t("results-lead")), None))
        (done_note(w, asked.done.as_deref()))
        (draft.banner(w))
        @if enters {
            (section("enter", &w.t("results-enter"), &html! {
                div.panel { (enter(w, app, region, draft, asked)) }
            }))
        }
        (live_region("waiting", TOPICS, "/test-results", &section(
            "verify", &w.t("results-waiting"), &queue(w, app, visitor, region, draft),
        )))
    };
    Ok(page(app, visitor, &title, &[("/donations", w.t("donations-title"))], &body))
}

/// What the rules ask of the donation stands first; the rest of the tests below.
fn enter(w: Words, app: &App, region: &Region, draft: &Draft, asked: &Asked) -> Markup {
    let start = asked.din.as_deref().unwrap_or_default();
    let din = number(w, start).ok();
    let rules = region.shared.rulesets.in_force(Scope::Blood, app.engine.now());
    let asked_for = din.zip(rules).and_then(|(din, rules)| held(region).required(rules, &din).ok());
    let is_asked = |code: &str| {
        asked_for.as_ref().is_some_and(|all| all.iter().any(|one| one.as_str() == code))
    };
    let key = draft.key(ENTER);
    let field = |name: &str, field, start: &str| draft.field(ENTER, name, field, start);
    let groups = Group::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.to_string()));
    let groups = std::iter::once((String::new(), w.t("unit-test-not-said"))).chain(groups);
    let number = Field::text("din", w.t("donation-number")).hint(w.t("donation-number-hint"));
    let mut form = draft
        .form(w, "/test-results", ENTER, &key, w.t("results-enter-do"))
        .field(field("din", number.required(), start))
        .field(field("group", Field::select("group", w.t("results-group"), groups), ""));
    let mut tests: Vec<_> = TESTS.to_vec();
    tests.sort_by_key(|code| !is_asked(code));
    for code in tests {
        let name = format!("marker-{code}");
        let results = TestResult::ALL.iter();
        let results = results.map(|one| (one.to_string(), w.dynamic("test-result-", one.as_str())));
        let options = std::iter::once((String::new(), w.t("unit-test-not-said"))).chain(results);
        let mut one = Field::select(&name, w.dynamic("test-", code), options);
        if is_asked(code) {
            one = one.hint(w.t("results-asked-for"));
        }
        form = form.field(field(&name, one, ""));
    }
    let antigens =
        Field::text("antigens", w.t("unit-antigens")).hint(w.t("unit-right-antigens-hint"));
    form = form
        .field(field("antigens", antigens, ""))
        .field(field("titre", Field::number("titre", w.t("results-titre")), ""))
        .field(field(
            "hla",
            Field::text("hla", w.t("results-hla")).hint(w.t("results-hla-hint")),
            "",
        ))
        .field(field(
            "hpa",
            Field::text("hpa", w.t("results-hpa")).hint(w.t("results-hpa-hint")),
            "",
        ));
    html! { (form) }
}

fn queue(w: Words, app: &App, visitor: &Visitor, region: &Region, draft: &Draft) -> Markup {
    let all = waiting(&region.own.donations);
    if all.is_empty() {
        let (title, text) = (w.t("results-none-waiting"), w.t("results-none-waiting-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    let verifies = visitor.may(app, Action::VerifyResults);
    html! {
        @for (din, entry) in all {
            @let own = visitor.actor == entry.by;
            div.panel {
                p { a href=(href(din)) { (din.spaced()) " " (din.check_character()) } " · "
                    (title_of(&region.shared, &entry.by)) " · " (time_tag(w, entry.at.0)) }
                p.strong { (summary(w, &entry.results)) }
                @if own { p.fine { (w.t("results-own")) } }
                @else if verifies {
                    @let keys = [VERIFY, DISAGREE].map(|act| {
                        format!("{}-{din}-{}", draft.key(act), entry.number)
                    });
                    div.choices {
                        (draft.form(w, "/test-results", VERIFY, &keys[0], w.t("results-verify-do"))
                            .hidden("din", din.to_string())
                            .hidden("entry", entry.number.to_string()))
                        (draft
                            .form(w, "/test-results", DISAGREE, &keys[1], w.t("results-disagree-do"))
                            .danger()
                            .hidden("din", din.to_string())
                            .hidden("entry", entry.number.to_string()))
                    }
                }
            }
        }
    }
}

/// What results say, in a line.
pub(super) fn summary(w: Words, results: &Results) -> String {
    let mut all = Vec::new();
    if let Some(group) = results.group {
        all.push(group.to_string());
    }
    for (code, result) in &results.markers {
        let test = w.dynamic("test-", code.as_str());
        all.push(format!("{test}: {}", w.dynamic("test-result-", result.as_str())));
    }
    if !results.phenotype.is_empty() {
        all.push(antigens_text(results.phenotype));
    }
    if let Some(titre) = results.titre {
        all.push(format!("{} 1:{titre}", w.t("results-titre")));
    }
    if !results.hla.is_empty() {
        let types: Vec<_> = results.hla.iter().map(types::hla_text).collect();
        all.push(format!("HLA {}", types.join(" ")));
    }
    for (antigen, found) in &results.hpa {
        all.push(format!("HPA-{antigen} {}", if *found { "pos" } else { "neg" }));
    }
    all.join("; ")
}

/// Everything that was entered about a donation, oldest first.
pub(super) fn entries(w: Words, region: &Region, din: &Din) -> Markup {
    let file = region.own.donations.files.get(din);
    let all = file.map(|file| file.entries.as_slice()).unwrap_or_default();
    if all.is_empty() {
        return html! { p { (w.t("results-none")) } };
    }
    let row = |entry: &Entry| {
        let second = entry.second.as_ref().map(|by| title_of(&region.shared, by));
        let how = match &*entry.capture {
            Capture::Interface { system } => system.clone(),
            Capture::Hand => title_of(&region.shared, &entry.by),
        };
        Row::new(Cell::text(summary(w, &entry.results)))
            .cell(html! { (weight(w, entry.weight)) })
            .cell(how)
            .cell(second.unwrap_or_else(|| "–".into()))
            .cell(html! { (time_tag(w, entry.at.0)) })
    };
    let table = Table::new(w.t("results-title")).caption_hidden().columns([
        Column::text(w.t("results-said")),
        Column::text(w.t("donation-standing")),
        Column::text(w.t("results-by")),
        Column::text(w.t("results-second")),
        Column::text(w.t("results-at")),
    ]);
    html! { (table.rows(all.iter().map(row))) }
}

/// Taking back what counts and was wrong.
pub(super) fn take_back(w: Words, region: &Region, din: &Din, draft: &Draft) -> Markup {
    let file = region.own.donations.files.get(din);
    let entries = file.map(|file| file.entries.as_slice()).unwrap_or_default();
    let counts: Vec<_> = entries.iter().filter(|entry| entry.weight == Weight::Counts).collect();
    let Some(first) = counts.first() else { return html! {} };
    let start = first.number.to_string();
    let options = counts.iter().map(|entry| {
        let when = w.date_time(entry.at.0);
        (entry.number.to_string(), format!("{when}: {}", summary(w, &entry.results)))
    });
    let key = draft.key(REJECT);
    let reason = Field::text("reason", w.t("unit-reason")).hint(w.t("unit-note-hint")).required();
    let form = draft
        .form(w, "/test-results", REJECT, &key, w.t("results-reject-do"))
        .danger()
        .hidden("din", din.to_string())
        .field(Field::radios("entry", w.t("results-said"), options).value(start).required())
        .field(reason);
    html! {
        details.fold #reject {
            summary { (w.t("results-reject")) }
            div.panel { p { (w.t("results-reject-means")) } (form) }
        }
    }
}

fn weight(w: Words, weight: Weight) -> Markup {
    let status = match weight {
        Weight::Waiting => Status::Attention,
        Weight::Counts => Status::Known,
        Weight::Rejected => Status::Ended,
    };
    tag(status, &w.dynamic("results-weight-", weight.as_str()))
}
