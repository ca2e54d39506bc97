//! What the own region knows of an incident: only what is filled in is said, and what was said
//! before stands beside the field.

use axum::extract::{Path, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::model::Between;
use samband_domain::readiness::model::{
    Certainty, Fact, Field as Of, Section, Shape, Source, Stated, Statement,
};
use samband_domain::readiness::{Command, Situation as Said};
use samband_domain::{JournalId, Known, Time};

use super::parts::{age, hidden, mark};
use super::{crumbs, situation as merged};
use crate::app::readiness::clock::latest;
use crate::app::readiness::situation::{
    Situation, find, of_incident, of_section, source_of, stated_text,
};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{answered, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const REPORT: &str = "report-situation";

/// Minutes until the next report that can be chosen.
const NEXT: [&str; 5] = ["15", "30", "60", "120", ""];

type Which = (String, String);

pub(super) fn routes() -> Router<App> {
    Router::new().route("/situation-report/{issuer}/{incident}/report", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::ReportSituation, &visitor.region)?;
    whole(&app, &visitor, &which, &Draft::fresh(app.engine.now()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ReportSituation, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != REPORT {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let found = find(&world, &visitor.region, (&which.0, &which.1))?;
    let alarm = found.owed_by(&visitor.region);
    let (of, incident) = (found.issuer.id.clone(), found.id.clone());
    let before = found.of(&visitor.region);
    let read = read(visitor.words, &typed, typed.shown(app.engine.now()), before);
    let command = read.map(|(statements, next)| {
        Command::ReportSituation { of, incident, alarm, statements, next }.into()
    });
    let again = whole(&app, &visitor, &which, &Draft::fresh(app.engine.now()))?;
    let sent = send(&app, &visitor, &visitor.region, typed, command).await;
    Ok(answered(sent, (&merged::path(&which), REPORT), |draft| {
        whole(&app, &visitor, &which, draft).unwrap_or(again)
    }))
}

/// The names of a field's controls: its value, the other end of a range, its state, how sure.
fn name(of: Of, part: &str) -> String {
    format!("{of}-{part}")
}

type Read = Result<(Vec<Statement>, Known<Time>), Errors>;

/// What is said. That the rest is unknown is said of fields alone of which the same function has
/// said nothing before: nobody forgets by ticking a box.
fn read(w: Words, typed: &Typed, now: Time, before: Option<&Said>) -> Read {
    let mut reader = Reader::new(w, typed);
    let source = reader.value::<Source>("source").unwrap_or(Source::Other);
    let valid = match typed.get("valid") {
        "" => now,
        text => match latest(text, now).filter(|valid| *valid <= now) {
            Some(valid) => valid,
            None => {
                reader.wrong("valid", w.t("ready-bad-clock"));
                now
            }
        },
    };
    let rest = typed.get("rest") == "on";
    let mut all = Vec::new();
    for of in Of::ALL.iter().copied() {
        let Some(stated) = one(w, &mut reader, typed, of) else {
            let said = before.is_some_and(|before| before.said.contains_key(&(of, source)));
            if rest && of.first() && !said {
                let (stated, certainty) = (Stated::Unknown, Certainty::Unconfirmed);
                all.push(Statement { field: of, stated, certainty, source, valid });
            }
            continue;
        };
        let sure = typed.get(&name(of, "sure")).parse().unwrap_or(Certainty::Unconfirmed);
        all.push(Statement { field: of, stated, certainty: sure, source, valid });
    }
    if all.is_empty() {
        reader.wrong("source", w.t("ready-nothing-said"));
    }
    let next = reader.optional_value::<u16>("next");
    let next = next
        .map_or(Known::Unknown, |minutes| Known::Value(now.plus_seconds(i64::from(minutes) * 60)));
    reader.done(Some((all, next)))
}

/// What is said of a field; none if nothing was filled in. A value counts without its state being
/// chosen.
fn one(w: Words, reader: &mut Reader<'_>, typed: &Typed, of: Of) -> Option<Stated> {
    match typed.get(&name(of, "state")) {
        "unknown" => return Some(Stated::Unknown),
        "not_applicable" => return Some(Stated::NotApplicable),
        _ => {}
    }
    let text = typed.get(&name(of, "value"));
    let number = |text: &str| -> Option<u32> {
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().parse().ok()
    };
    let other = typed.get(&name(of, "most"));
    if text.is_empty() && other.is_empty() {
        return None;
    }
    let fact = match of.shape() {
        Shape::Text => Some(Fact::Text(text.to_owned())),
        Shape::Flag => Some(Fact::Flag(text == "yes")),
        Shape::Count => number(text).map(Fact::Count),
        Shape::Range => {
            let least = if text.is_empty() { other } else { text };
            let most = if other.is_empty() { text } else { other };
            let range = number(least).zip(number(most));
            range.filter(|(a, b)| a <= b).map(|(least, most)| Fact::Range(Between { least, most }))
        }
    };
    if fact.is_none() {
        reader.wrong(place(of), w.t("ready-bad-value"));
    }
    fact.map(Stated::Value)
}

/// The name under which what is wrong with a field is kept: its own.
const fn place(of: Of) -> &'static str {
    of.as_str()
}

fn whole(
    app: &App,
    visitor: &Visitor,
    which: &Which,
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let found = find(&world, &visitor.region, (&which.0, &which.1))?;
    let version = found.of(&visitor.region).map_or(0, |said| said.version);
    let title = w.t_args("ready-own-title", &[("version", (version + 1).into())]);
    let here = merged::path(which);
    let way = [crumbs(w)[0].clone(), (here.as_str(), w.t("ready-situation"))];
    let body = html! {
        (mark(w, Some(found.mode)))
        (page_header(&title, Some(&w.t("ready-own-lead")), None))
        (draft.banner(w))
        form.form.ready-form method="post" action={ (here) "/report" } novalidate {
            (hidden(draft, REPORT, "", now))
            @for of in Section::ALL.iter().copied() {
                (fold(w, visitor, &found, draft, (of, version, now)))
            }
            (frame(w, draft, source_of(visitor), version))
            div.submit.sticky { button type="submit" { (w.t("ready-send")) } }
        }
        (mark(w, Some(found.mode)))
    };
    Ok(page(app, visitor, &title, &way, &body))
}

/// Who says so, when it was so, when the next comes.
fn frame(w: Words, draft: &Draft, source: Source, version: u32) -> Markup {
    let sources = Source::ALL.iter();
    let sources =
        sources.map(|one| (one.as_str().to_owned(), w.dynamic("ready-of-source-", one.as_str())));
    let next = NEXT.map(|minutes| {
        let text = match minutes {
            "" => w.unknown(),
            minutes => w.t_args("ready-in-minutes", &[("n", minutes.into())]),
        };
        (minutes.to_owned(), text)
    });
    let rest = if version == 0 && !draft.is(REPORT) { "on" } else { "" };
    html! {
        (draft.field(REPORT, "rest", Field::check_box("rest", w.t("ready-rest-unknown")), rest))
        (draft.field(REPORT, "source", Field::select("source", w.t("ready-source"), sources),
            source.as_str()))
        (draft.field(REPORT, "valid", Field::text("valid", w.t("ready-valid"))
            .hint(w.t("ready-valid-hint")), ""))
        (draft.field(REPORT, "next", Field::select("next", w.t("ready-next-report"), next), "30"))
    }
}

fn fold(
    w: Words,
    visitor: &Visitor,
    found: &Situation<'_>,
    draft: &Draft,
    (of, version, now): (Section, u32, Time),
) -> Markup {
    let open = of_section(of).any(|one| draft.error(place(one)).is_some());
    let open = open || (version == 0 && matches!(of, Section::Event | Section::Casualties));
    html! {
        details.panel.fold-panel open[open] {
            summary { strong { (w.dynamic("ready-of-section-", of.as_str())) } }
            @for one in of_section(of) { (control(w, visitor, found, draft, (one, now))) }
        }
    }
}

/// What the incident's own first report says, as a start for the region that it happened in.
fn start(visitor: &Visitor, found: &Situation<'_>, of: Of) -> (String, String) {
    let report = &found.incident.report;
    let first = found.of(&visitor.region).is_none() && found.issuer.id == visitor.region;
    match (first, of) {
        (true, Of::Place) => match &report.place {
            Known::Value(place) => (place.text.clone(), String::new()),
            Known::Unknown => Default::default(),
        },
        (true, Of::Total) => match report.injured {
            Known::Value(range) => (range.least.to_string(), range.most.to_string()),
            Known::Unknown => Default::default(),
        },
        _ => Default::default(),
    }
}

fn control(
    w: Words,
    visitor: &Visitor,
    found: &Situation<'_>,
    draft: &Draft,
    (of, now): (Of, Time),
) -> Markup {
    let label = w.dynamic("ready-of-field-", of.as_str());
    let (value, most) = start(visitor, found, of);
    let was = |part: &str, start: &str| {
        if draft.is(REPORT) { draft.was(&name(of, part)).to_owned() } else { start.to_owned() }
    };
    let error = draft.error(place(of));
    let (value, most) = (was("value", &value), was("most", &most));
    // Of the incident, what holds; of oneself, what one said last.
    let own = |region: &JournalId| of_incident(of) || *region == visitor.region;
    let said = found.accounts(of).into_iter().find(|merged| own(merged.holds.0));
    let id = |part: &str| format!("f-{}", name(of, part));
    let names =
        |part: &str| w.t_args(&format!("ready-of-control-{part}"), &[("field", (&label).into())]);
    html! {
        fieldset.says-field id={ "f-" (place(of)) } class=[error.is_some().then_some("wrong")] {
            legend { (label) }
            @if let Some(merged) = &said {
                p.hint {
                    (w.t("ready-now")) " " (stated_text(w, &merged.holds.1.what.stated)) " "
                    (age(w, merged.holds.1.what.valid, now))
                }
            }
            @if let Some(error) = error { p.error { (error) } }
            div.says-line {
                (value_of(w, of, (&value, &most), &id, &names))
                @let states = ["value", "unknown", "not_applicable"];
                (small(&id("state"), &name(of, "state"), &names("state"), &was("state", "value"),
                    states.map(|one| (one.to_owned(), w.dynamic("ready-of-state-", one)))))
                @let sure = Certainty::ALL.iter();
                (small(&id("sure"), &name(of, "sure"), &names("sure"), &was("sure", "estimated"),
                    sure.map(|one| {
                        (one.as_str().to_owned(), w.dynamic("ready-of-certainty-", one.as_str()))
                    })))
            }
        }
    }
}

/// A field's value, in a control of its shape.
fn value_of(
    w: Words,
    of: Of,
    (value, most): (&str, &str),
    id: &impl Fn(&str) -> String,
    names: &impl Fn(&str) -> String,
) -> Markup {
    match of.shape() {
        Shape::Text => html! {
            textarea id=(id("value")) name=(name(of, "value")) rows="2"
                aria-label=(names("value")) { (value) }
        },
        Shape::Flag => {
            let options =
                [("", w.t("ready-choose")), ("yes", w.t("ready-yes")), ("no", w.t("ready-no"))];
            let options = options.map(|(value, text)| (value.to_owned(), text));
            small(&id("value"), &name(of, "value"), &names("value"), value, options)
        }
        Shape::Count => number(&id("value"), &name(of, "value"), &names("value"), value),
        Shape::Range => html! {
            (number(&id("value"), &name(of, "value"), &names("least"), value))
            span aria-hidden="true" { "–" }
            (number(&id("most"), &name(of, "most"), &names("most"), most))
        },
    }
}

fn number(id: &str, name: &str, label: &str, value: &str) -> Markup {
    html! {
        input id=(id) name=(name) type="text" inputmode="numeric" value=(value) aria-label=(label);
    }
}

fn small(
    id: &str,
    name: &str,
    label: &str,
    chosen: &str,
    options: impl IntoIterator<Item = (String, String)>,
) -> Markup {
    html! {
        select id=(id) name=(name) aria-label=(label) {
            @for (value, text) in options {
                option value=(value) selected[value == chosen] { (text) }
            }
        }
    }
}
