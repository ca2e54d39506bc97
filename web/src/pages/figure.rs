//! The source of a figure: where it comes from, what became of it, what is computed from it.

mod computed;

use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::figures::view::{self, Line, Picture};
use samband_domain::figures::{self, Event, Figure, Measure, Source};
use samband_domain::words::RecordRef;
use samband_domain::{JournalId, Known, Period, Subject, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{answered, done_note, page, send};
use super::parts::{May, Place, is_region, name_of, places, record_link, shared_area, title_of};
use super::records::{self, Entry};
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, Field, FigureCard, Note, Provenance, Row, Status, Table, digest,
    page_header, section, status, time_tag,
};
use crate::text::Words;

/// Records about one figure that are shown.
const HISTORY_MAX: u32 = 50;

/// The path of the page that sums all regions up.
const ALL: &str = "all";

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    /// The region; none for all of them together.
    place: Option<Place>,
    places: Vec<Place>,
    measure: Measure,
    period: Period,
    figure: Option<Figure>,
    /// The title of whoever recorded the figure in force.
    recorder: String,
    history: Vec<Past>,
    picture: Picture,
    may: May,
    done: Option<String>,
}

/// One record that stated or corrected the figure.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Past {
    at: RecordRef,
    recorded: Time,
    title: String,
    value: Known<u64>,
    why: Option<String>,
    source: Option<String>,
}

/// Which period is asked for, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    period: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/figures/{region}/{measure}", get(show).post(correct))
}

type Address = (String, String);

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(address): Path<Address>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let view = look(&app, &visitor, &address, &asked).await?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)))
}

async fn correct(
    State(app): State<App>,
    visitor: Visitor,
    Path(address): Path<Address>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let view = look(&app, &visitor, &address, &asked).await?;
    let Some(place) = &view.place else {
        return Err(Problem::not_found(ALL));
    };
    let typed = Typed::new(pairs);
    let command = read(visitor.words, &view, &typed).map(samband_domain::Command::from);
    let sent = send(&app, &visitor, &place.id, typed, command).await;
    let again = |draft: &Draft| whole(&app, &visitor, &view, draft);
    Ok(answered(sent, (&path(&view), "correct-figure"), again))
}

/// The command that a correction asks for.
fn read(w: Words, view: &View, typed: &Typed) -> Result<figures::Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let value = match typed.get("unknown") {
        "on" => Some(Known::Unknown),
        _ => reader.count("value").map(Known::Value),
    };
    let reason = reader.text("reason");
    let (measure, period) = (view.measure, view.period);
    reader.done(value.map(|value| figures::Command::Correct { measure, period, value, reason }))
}

async fn look(
    app: &App,
    visitor: &Visitor,
    (region, measure): &Address,
    asked: &Asked,
) -> Result<View, Problem> {
    let world = app.engine.world();
    let now = app.engine.now();
    let measure: Measure = measure.parse().map_err(|_| Problem::not_found(measure))?;
    let id = JournalId::new(region)?;
    let place = match world.journal(&id).filter(|journal| is_region(journal.shared())) {
        Some(journal) => Some(Place::of(journal, now)),
        None if region == ALL => None,
        None => return Err(Problem::not_found(region)),
    };
    let target = place.as_ref().map_or(&visitor.region, |place| &place.id);
    visitor.permit(app, Action::SeeSource, target)?;
    let mut view = gather(&world, place, measure, asked, now);
    if let Some(place) = &view.place {
        let subject = Subject::from((measure.as_str(), &view.period));
        let entries = records::about(
            app.engine.store(),
            &world,
            &place.id,
            &subject,
            &visitor.region,
            HISTORY_MAX,
        )
        .await?;
        let shared = world.journal(&place.id).map(|journal| journal.shared());
        view.history = entries
            .into_iter()
            .filter_map(|entry| {
                past(entry, measure, view.period, |actor| {
                    shared.map_or_else(|| actor.to_string(), |shared| title_of(shared, actor))
                })
            })
            .collect();
        if place.id == visitor.region {
            view.may = May::of(&[Action::CorrectFigures], |action| visitor.may(app, action));
        }
    }
    Ok(view)
}

fn gather(world: &World, place: Option<Place>, measure: Measure, asked: &Asked, now: Time) -> View {
    let regions: Vec<_> = world
        .journals
        .values()
        .filter(|journal| is_region(journal.shared()))
        .map(|journal| (journal.id.clone(), &journal.shared().figures))
        .collect();
    let has = |period: &Period| {
        let of = |id: &JournalId| place.as_ref().is_none_or(|place| place.id == *id);
        let mut own = regions.iter().filter(|(id, _)| of(id));
        own.any(|(_, shared)| shared.figures.contains_key(&(measure, *period)))
    };
    let asked_for = asked.period.as_deref().and_then(|text| text.parse().ok());
    let newest = || view::periods(&regions).into_iter().find(has);
    let period = asked_for.or_else(newest).unwrap_or(Period::Year(1900));
    let shared = place.as_ref().and_then(|place| world.journal(&place.id)).map(|j| j.shared());
    let figure = shared.and_then(|shared| shared.figures.figures.get(&(measure, period)));
    let by = figure.map(|figure| &figure.provenance.by);
    View {
        now,
        places: places(world, now),
        measure,
        period,
        recorder: by.zip(shared).map_or_else(String::new, |(by, shared)| title_of(shared, by)),
        figure: figure.cloned(),
        history: Vec::new(),
        picture: view::picture(&regions, period),
        may: May::default(),
        done: asked.done.clone(),
        place,
    }
}

fn past(
    entry: Entry,
    measure: Measure,
    period: Period,
    title: impl Fn(&samband_domain::ActorId) -> String,
) -> Option<Past> {
    let said = entry.said?;
    let (value, why, source) = match said.event? {
        samband_domain::Event::Figures(Event::FiguresReported(report, _)) => {
            let mut rows = report.rows.into_iter();
            let row = rows.find(|row| row.measure == measure && row.period == period)?;
            (row.value, None, Some(report.source.title))
        }
        samband_domain::Event::Figures(Event::FigureCorrected(right, _)) => {
            (right.value, Some(right.reason), None)
        }
        _ => return None,
    };
    let title = title(&said.actor);
    Some(Past { at: entry.at, recorded: entry.recorded, title, value, why, source })
}

fn path(view: &View) -> String {
    let region = view.place.as_ref().map_or(ALL, |place| place.id.as_str());
    format!("/figures/{region}/{}?period={}", view.measure, view.period)
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    let title = title(w, view);
    let mut crumbs = vec![("/picture".to_owned(), w.t("picture-title"))];
    if let Some(place) = &view.place {
        crumbs.push((format!("/regions/{}", place.id), place.short().to_owned()));
    }
    let crumbs: Vec<_> =
        crumbs.iter().map(|(href, label)| (href.as_str(), label.clone())).collect();
    page(app, visitor, &title, &crumbs, &body(w, view, draft))
}

fn title(w: Words, view: &View) -> String {
    let region =
        view.place.as_ref().map_or_else(|| w.t("picture-all"), |place| place.short().to_owned());
    w.t_args(
        "figure-title",
        &[
            ("measure", w.dynamic("measure-", view.measure.as_str()).into()),
            ("region", region.into()),
            ("period", view.period.to_string().into()),
        ],
    )
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    let lead = w.dynamic("measure-means-", view.measure.as_str());
    html! {
        (page_header(&title(w, view), Some(&lead), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (value(w, view))
        @if let Some(figure) = &view.figure {
            (warnings(w, &figure.provenance.source, Some(view.measure)))
            (section("source", &w.t("figure-source"), &source(w, view, figure)))
        }
        @if view.place.is_none() { (section("parts", &w.t("figure-parts"), &parts(w, view))) }
        (computed::section_of(w, view))
        @if view.place.is_some() {
            (section("history", &w.t("figure-history"), &history(w, view)))
        }
        @if view.may.has(Action::CorrectFigures) && view.figure.is_some() {
            (section("correct", &w.t("figure-correct"), &correction(w, view, draft)))
        }
    }
}

/// The figures of the region shown, or of all.
fn line(view: &View) -> Option<&Line> {
    match &view.place {
        None => Some(&view.picture.total),
        Some(place) => {
            let mut regions = view.picture.regions.iter();
            regions.find(|line| line.region == place.id).map(|line| &line.line)
        }
    }
}

/// The value of a measure in a line.
fn of(line: &Line, measure: Measure) -> Known<u64> {
    match measure {
        Measure::Population => line.population,
        Measure::Population1864 => line.population_18_64,
        Measure::ActiveDonors => line.active_donors,
        Measure::WholeBloodDonations => line.whole_blood_donations,
        // Shares of the whole stand in no line: they are one region's own figure.
        Measure::UniversityRedCells | Measure::UniversityPlatelets => Known::Unknown,
    }
}

/// A measure's value as it is shown.
fn shown(w: Words, measure: Measure, value: u64) -> String {
    if measure.is_permille() { w.percent((i128::from(value), 1_000), 0) } else { w.int(value) }
}

fn value(w: Words, view: &View) -> Markup {
    let own = view.figure.as_ref().and_then(|figure| figure.value.value());
    let value = line(view).and_then(|line| of(line, view.measure).value()).or(own);
    let label = w.dynamic("measure-", view.measure.as_str());
    let period = view.period.to_string();
    let title = match (&view.figure, &view.place) {
        (Some(figure), _) => figure.provenance.source.title.clone(),
        (None, None) => w.t("figure-sum-source"),
        (None, Some(_)) => w.t("figure-no-source"),
    };
    let ended = view.period.ended();
    let stale = view.place.as_ref().is_some_and(|place| place.stale(view.now));
    let source = Provenance::new(w, &title).period(&period).at(ended.0, view.now.0);
    let card = FigureCard::new(&label, value.map(|n| shown(w, view.measure, n)), source);
    let card = match value {
        None => card.status(status(w, Status::Unknown)),
        Some(_) => card,
    };
    html! {
        div.grid { (card) }
        @if stale {
            @let place = view.place.as_ref().and_then(|place| place.age_mark(w, view.now));
            @if let Some(mark) = place { p { (w.t("figure-copy")) " " (mark) } }
        }
    }
}

fn source(w: Words, view: &View, figure: &Figure) -> Markup {
    let provenance = &figure.provenance;
    let published = match provenance.source.published {
        Known::Value(period) => w.iso_date(&period.to_string()),
        Known::Unknown => w.unknown(),
    };
    let mut facts = Definitions::new()
        .text(w.t("figure-source-title"), &provenance.source.title)
        .text(w.t("figure-published"), &published);
    if let Some(file) = &provenance.source.file {
        facts = facts
            .text(w.t("figure-file"), &file.name)
            .markup(w.t("figure-sha256"), digest(&file.sha256.to_string()));
        if let Some(row) = provenance.row {
            facts = facts.text(w.t("figure-row"), &w.int(row));
        }
        if let Some(column) = &provenance.column {
            facts = facts.markup(w.t("figure-column"), html! { code { (column) } });
        }
    } else {
        facts = facts.text(w.t("figure-file"), &w.t("figure-typed-in"));
    }
    facts = facts
        .markup(w.t("figure-recorded"), time_tag(w, provenance.recorded.0))
        .text(w.t("figure-by"), &view.recorder)
        .markup(w.t("figure-record"), record_link(w, &provenance.at));
    if let Some(why) = &provenance.correction {
        facts = facts.text(w.t("figure-corrected-because"), why);
    }
    html! { div.panel { (facts) } }
}

/// The regions' figures that the sum consists of.
fn parts(w: Words, view: &View) -> Markup {
    let measure = view.measure;
    let rows = view.picture.regions.iter().map(|line| {
        let href = format!("/figures/{}/{measure}?period={}", line.region, view.period);
        Row::new(name_of(&view.places, &line.region))
            .cell(Cell::count(w, of(&line.line, measure).value()).to(&href))
    });
    let label = w.dynamic("measure-", measure.as_str());
    let total = of(&view.picture.total, measure).value();
    let table = Table::new(w.t("figure-parts"))
        .caption_hidden()
        .columns([Column::text(w.t("picture-region")), Column::number(label)])
        .rows(rows)
        .sum(Row::new(w.t("picture-all")).cell(Cell::count(w, total)));
    html! { (table) }
}

fn history(w: Words, view: &View) -> Markup {
    let rows = view.history.iter().map(|past| {
        let why = match (&past.why, &past.source) {
            (Some(why), _) => html! { strong { (w.t("figure-correction")) } " " (why) },
            (None, Some(source)) => html! { (w.t("figure-stated")) " " (source) },
            (None, None) => html! {},
        };
        Row::new(Cell::markup(time_tag(w, past.recorded.0)))
            .cell(Cell::count(w, past.value.value()))
            .cell(why)
            .cell(past.title.clone())
            .cell(record_link(w, &past.at))
    });
    let table = Table::new(w.t("figure-history")).caption_hidden().columns([
        Column::text(w.t("figure-recorded")),
        Column::number(w.t("figure-value")),
        Column::text(w.t("figure-why")),
        Column::text(w.t("figure-by")),
        Column::text(w.t("figure-record")),
    ]);
    html! {
        @if view.history.is_empty() { p { (w.t("figure-no-history")) } }
        @else { (table.rows(rows)) }
    }
}

fn correction(w: Words, view: &View, draft: &Draft) -> Markup {
    let act = "correct-figure";
    let (action, key) = (path(view), draft.key(act));
    let now = view.figure.as_ref().and_then(|figure| figure.value.value());
    let start = now.map_or_else(String::new, |n| n.to_string());
    let field = |name, field, start: &str| draft.field(act, name, field, start);
    let form = draft
        .form(w, &action, act, &key, w.t("figure-correct-do"))
        .field(field("value", Field::number("value", w.t("figure-right-value")), &start))
        .field(field("unknown", Field::check_box("unknown", w.t("figure-right-unknown")), ""))
        .field(field(
            "reason",
            shared_area(w, "reason", w.t("form-reason"), &w.t("figure-reason-hint")).required(),
            "",
        ));
    html! { (Note::info(w, &w.t("figure-correct-note"))) div.panel { (form) } }
}

/// A source's own warnings: all of them, or those about one measure and the whole source.
pub(super) fn warnings(w: Words, source: &Source, measure: Option<Measure>) -> Markup {
    let about = |of: Option<Measure>| measure.is_none() || of.is_none() || of == measure;
    let shown = source.warnings.iter().filter(|warning| about(warning.measure));
    html! {
        @for warning in shown {
            @let known = w.find(&format!("warning-{}", super::parts::key_of(&warning.code)), &[]);
            @let text = known.unwrap_or_else(|| warning.text.clone());
            (Note::warning(w, &text).source(w.t_args("figure-warning-source",
                &[("source", (&source.title).into())])))
        }
    }
}
