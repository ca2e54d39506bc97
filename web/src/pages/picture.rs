//! Läget: what the regions' figures say together.

#[cfg(test)]
mod body_test;
mod drawings;
mod headline;
mod steps;

use std::collections::BTreeSet;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::figures::view::{self, Picture};
use samband_domain::figures::{Measure, Source};
use samband_domain::{JournalId, Known, Period, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::page;
use super::parts::{Place, is_region, name_of, places, ratio};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, FigureCard, Form, Note, Provenance, Row, Status, Table,
    live_region, page_header, section, tag,
};
use crate::text::{Format, Words};
use steps::Step;

/// What the page listens for: new figures and corrected ones.
const TOPICS: &str = "figures figure";

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    places: Vec<Place>,
    /// The collaboration body that all the regions belong to, if they do.
    together: Option<String>,
    periods: Vec<Period>,
    picture: Option<Picture>,
    /// The titles of all sources of the picture's figures.
    cited: String,
    /// What university care takes of all that is used, where a region states it.
    university: Vec<view::UniversityShare>,
    /// What the person who looks may want to do next, most urgent first.
    steps: Vec<Step>,
}

/// Which period is asked for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    period: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/picture", get(show))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    let world = app.engine.world();
    let period = asked.period.as_deref().and_then(|text| text.parse().ok());
    let mut view = look(&world, period, app.engine.now());
    view.steps = steps::of(&app, &world, &visitor, &view);
    let title = visitor.words.t("picture-title");
    Ok(page(&app, &visitor, &title, &[], &body(visitor.words, &view)))
}

/// The titles of all sources of a picture's figures, each once; a dash if there are none.
fn cited(picture: &Picture) -> String {
    let figures = picture.regions.iter().flat_map(|line| &line.figures);
    let titles: BTreeSet<_> =
        figures.map(|(_, figure)| figure.provenance.source.title.as_str()).collect();
    if titles.is_empty() { "–".into() } else { titles.into_iter().collect::<Vec<_>>().join("; ") }
}

/// The picture of a period; of the newest one that has figures if none is asked for.
pub(super) fn look(world: &World, period: Option<Period>, now: Time) -> View {
    let regions: Vec<_> = world
        .journals
        .values()
        .filter(|journal| is_region(journal.shared()))
        .map(|journal| (journal.id.clone(), &journal.shared().figures))
        .collect();
    let periods = view::periods(&regions);
    let period = period.or_else(|| periods.first().copied());
    let places = places(world, now);
    let mut picture = period.map(|period| view::picture(&regions, period));
    if let Some(picture) = &mut picture {
        let order = |id: &JournalId| places.iter().position(|place| place.id == *id);
        picture.regions.sort_by_key(|line| order(&line.region));
    }
    let university = period.map(|period| view::university_shares(&regions, period));
    let cited = picture.as_ref().map(cited).unwrap_or_default();
    View {
        now,
        cited,
        together: together(world, now),
        places,
        periods,
        picture,
        university: university.unwrap_or_default(),
        steps: Vec::new(),
    }
}

/// The name of the body that every region belongs to now.
fn together(world: &World, now: Time) -> Option<String> {
    let mut regions =
        world.journals.values().map(|journal| journal.shared()).filter(|shared| is_region(shared));
    let first = regions.next()?;
    let mut bodies: Vec<_> =
        first.kernel.bodies.values().filter(|membership| membership.window.contains(now)).collect();
    for other in regions {
        bodies.retain(|membership| {
            let same = other.kernel.bodies.get(&membership.body);
            same.is_some_and(|same| same.window.contains(now))
        });
    }
    match bodies[..] {
        [only] => Some(only.name.clone()),
        _ => None,
    }
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View) -> Markup {
    let lead = w.t_args("picture-lead", &[("n", view.places.len().into())]);
    html! {
        (page_header(&w.t("picture-title"), Some(&lead), None))
        (steps::list(w, &view.steps))
        (chooser(w, view))
        @match &view.picture {
            None => (live_region("picture", TOPICS, "/picture", &empty(w))),
            Some(picture) => {
                @let src = format!("/picture?period={}", picture.period);
                @let all = Looked { w, view, picture };
                (live_region("picture", TOPICS, &src, &all.parts()))
            }
        }
    }
}

fn empty(w: Words) -> Markup {
    let (title, text) = (w.t("picture-empty"), w.t("picture-empty-text"));
    let action = w.t("picture-empty-action");
    html! { (EmptyState::new(&title, &text).action("/import", &action)) }
}

fn chooser(w: Words, view: &View) -> Markup {
    let shown = view.picture.as_ref().map(|picture| picture.period);
    let periods = view.periods.iter().map(|p| (p.to_string(), p.to_string()));
    let field = Field::select("period", w.t("picture-period"), periods)
        .value(shown.map_or_else(String::new, |period| period.to_string()));
    html! {
        @if view.periods.len() > 1 {
            div.choices { (Form::get(w, "/picture", w.t("picture-period-show")).field(field)) }
        }
    }
}

/// The page's parts with what they all need.
#[derive(Clone, Copy)]
struct Looked<'a> {
    w: Words,
    view: &'a View,
    picture: &'a Picture,
}

impl<'a> Looked<'a> {
    fn parts(self) -> Markup {
        html! {
            (headline::sentences(self))
            (self.stale())
            (self.cards())
            div.two { (drawings::map(self)) (drawings::against_goal(self)) }
            (self.whole_table())
            div.two { (drawings::per_donor(self)) (drawings::even_use(self)) }
            (self.sources())
        }
    }

    /// What all the regions together are called.
    fn all(self) -> String {
        let named = self.view.together.as_deref();
        named.map_or_else(|| self.w.t("picture-all"), str::to_owned)
    }

    fn place(self, id: &JournalId) -> Option<&'a Place> {
        self.view.places.iter().find(|place| place.id == *id)
    }

    fn name(self, id: &JournalId) -> String {
        name_of(&self.view.places, id)
    }

    /// The page of a figure's source.
    fn href(self, region: &str, measure: Measure, part: &str) -> String {
        let (measure, period) = (measure.as_str(), self.picture.period);
        let hash = if part.is_empty() { "" } else { "#" };
        format!("/figures/{region}/{measure}?period={period}{hash}{part}")
    }

    /// Regions whose state is too old to trust.
    fn stale(self) -> Markup {
        let (w, now) = (self.w, self.view.now);
        let old: Vec<_> = self
            .view
            .places
            .iter()
            .filter(|p| p.stale(now))
            .map(|p| {
                let age = super::parts::age_text(w, p.as_of, now);
                format!("{}, {age}", p.short())
            })
            .collect();
        html! {
            @if !old.is_empty() {
                @let text = w.t_args("picture-stale", &[("regions", old.join("; ").into())]);
                (Note::warning(w, &text))
            }
        }
    }

    /// Every source that the period's figures come from.
    fn provenance(self) -> Provenance<'a> {
        self.provenance_of(&self.view.cited)
    }

    fn provenance_of(self, title: &'a str) -> Provenance<'a> {
        let ended = self.picture.period.ended();
        Provenance::new(self.w, title).at(ended.0, self.view.now.0)
    }

    fn cards(self) -> Markup {
        let (w, total) = (self.w, &self.picture.total);
        let period = self.picture.period.to_string();
        let source = || self.provenance().href("#sources").period(&period);
        let follow = w.t("picture-follow");
        let labels = ["active", "share", "use", "rate"]
            .map(|part| w.dynamic("measure-", &format!("card-{part}")));
        let donors = self.href("all", Measure::ActiveDonors, "");
        let donations = self.href("all", Measure::WholeBloodDonations, "");
        let share = ratio(total.active_share_18_64);
        let gap = total.donors_to_goal.value().map(|gap| gap.rounded());
        let goal = view::GOAL_PERCENT.to_string();
        html! {
            div.grid {
                (FigureCard::new(&labels[0], total.active_donors.value().map(|n| w.int(n)), source())
                    .follow(&donors, &*follow)
                    .detail(html! {
                        (w.t_args("picture-of-adults",
                            &[("n", w.int_or_unknown(total.population_18_64.value()).into())]))
                    }))
                (FigureCard::new(&labels[1], share.map(|share| w.percent(share, 2)), source())
                    .follow(&format!("{donors}#active_share_18_64"), &*follow)
                    .status(goal_tag(w, gap))
                    .detail(html! {
                        @match gap {
                            Some(gap) if gap > 0 => (w.t_args("picture-goal-missing",
                                &[("goal", (&goal).into()), ("n", w.int(gap).into())])),
                            Some(_) => (w.t_args("picture-goal-reached", &[("goal", (&goal).into())])),
                            None => (w.t_args("picture-goal-unknown", &[("goal", (&goal).into())])),
                        }
                    }))
                (FigureCard::new(&labels[2],
                    ratio(total.donations_per_donor).map(|use_| w.decimal(use_, 2)), source())
                    .follow(&format!("{donations}#donations_per_donor"), &*follow)
                    .unit(&w.t("picture-per-year"))
                    .detail(headline::highest(self)))
                (FigureCard::new(&labels[3],
                    ratio(total.donations_per_1000).map(|rate| w.decimal(rate, 2)), source())
                    .follow(&format!("{donations}#donations_per_1000"), &*follow)
                    .detail(html! {
                        (w.t_args("picture-donations",
                            &[("n", w.int_or_unknown(total.whole_blood_donations.value()).into())]))
                    }))
                @for share in &self.view.university { (self.university_card(share)) }
            }
        }
    }

    /// What a region's university care takes of all that is used together (mission A23).
    fn university_card(self, share: &view::UniversityShare) -> Markup {
        let w = self.w;
        let label = w.dynamic("measure-", share.measure.as_str());
        let region = self.name(&share.region);
        let ratio = (share.share.numerator, share.share.denominator);
        let period = self.picture.period.to_string();
        let source = self.provenance().href("#sources").period(&period);
        let (address, follow) =
            (self.href(share.region.as_str(), share.measure, ""), w.t("picture-follow"));
        let card = FigureCard::new(&label, Some(w.percent(ratio, 0)), source)
            .follow(&address, &*follow)
            .detail(html! {
                (w.t_args("picture-university-share", &[("region", region.into())]))
            });
        html! { (card) }
    }

    fn whole_table(self) -> Markup {
        let w = self.w;
        let period = self.picture.period.to_string();
        let rows = self.picture.regions.iter().map(|line| {
            let name = self.name(&line.region);
            let mark = self.place(&line.region).and_then(|p| p.age_mark(w, self.view.now));
            let header = html! {
                a href={ "/regions/" (line.region) } { (name) }
                @if let Some(mark) = mark { " " (mark) }
            };
            self.row(header.into(), line.region.as_str(), &line.line)
        });
        let table = Table::new(w.t_args("picture-table", &[("period", (&period).into())]))
            .note(w.t("picture-table-note"))
            .columns([
                Column::text(w.t("picture-region")),
                Column::number(w.t("measure-active_donors")),
                Column::number(w.t("measure-active_share")),
                Column::number(w.t("measure-active_share_18_64")),
                Column::number(w.t("measure-donors_to_goal")),
                Column::number(w.t("picture-head-donations")),
                Column::number(w.t("measure-donations_per_donor")),
                Column::number(w.t("measure-donations_per_1000")),
                Column::number(w.t("measure-even_use_gain")),
            ])
            .rows(rows)
            .sum(self.row(Cell::text(self.all()), "all", &self.picture.total))
            .export("CSV", format!("/api/v1/regions?format=csv&period={period}"))
            .export("XLSX", format!("/api/v1/regions?format=xlsx&period={period}"));
        section("table", &w.t("picture-table-heading"), &html! { (table) })
    }

    fn row(self, header: Cell, region: &str, line: &view::Line) -> Row {
        let w = self.w;
        let donors = |part| self.href(region, Measure::ActiveDonors, part);
        let donations = |part| self.href(region, Measure::WholeBloodDonations, part);
        let whole = |known: Known<view::Ratio>| Cell::number(w, ratio(known), Format::Integer);
        let share = |known| Cell::number(w, ratio(known), Format::Percent(2));
        let rate = |known| Cell::number(w, ratio(known), Format::Decimal(2));
        Row::new(header)
            .cell(Cell::count(w, line.active_donors.value()).to(&donors("")))
            .cell(share(line.active_share).to(&donors("active_share")))
            .cell(share(line.active_share_18_64).to(&donors("active_share_18_64")))
            .cell(whole(line.donors_to_goal).to(&donors("donors_to_goal")))
            .cell(Cell::count(w, line.whole_blood_donations.value()).to(&donations("")))
            .cell(rate(line.donations_per_donor).to(&donations("donations_per_donor")))
            .cell(rate(line.donations_per_1000).to(&donations("donations_per_1000")))
            .cell(whole(line.even_use_gain).to(&donations("even_use_gain")))
    }

    /// How many warnings the sources attach to the figures shown.
    fn caveats(self) -> usize {
        let figures = self.picture.regions.iter().flat_map(|line| &line.figures);
        let warnings = figures.flat_map(|(_, figure)| &figure.provenance.source.warnings);
        warnings.map(|warning| (&warning.code, &warning.text)).collect::<BTreeSet<_>>().len()
    }

    /// Each source once, with the regions whose figures come from it and its own warnings.
    fn sources(self) -> Markup {
        let w = self.w;
        let mut found: Vec<(&Source, Vec<String>)> = Vec::new();
        for line in &self.picture.regions {
            for (_, figure) in &line.figures {
                let source: &Source = &figure.provenance.source;
                let name = self.name(&line.region);
                match found.iter_mut().find(|(known, _)| *known == source) {
                    Some((_, names)) if names.contains(&name) => {}
                    Some((_, names)) => names.push(name),
                    None => found.push((source, vec![name])),
                }
            }
        }
        let period = self.picture.period.to_string();
        let ended = self.picture.period.ended();
        let body = html! {
            @if found.is_empty() { p { (w.t("picture-no-source")) } }
            @for (source, names) in &found {
                div.panel {
                    (Provenance::new(w, &source.title).period(&period)
                        .at(ended.0, self.view.now.0))
                    p { (w.t_args("picture-source-regions", &[("regions", names.join(", ").into())])) }
                    (super::figure::warnings(w, source, None))
                }
            }
            (Note::info(w, &w.t("picture-denominators")).source(w.t("picture-denominators-source")))
        };
        section("sources", &w.t("picture-sources"), &body)
    }
}

/// Whether the goal is reached, in a word.
fn goal_tag(w: Words, gap: Option<i128>) -> Markup {
    match gap {
        None => crate::components::status(w, Status::Unknown),
        Some(gap) if gap > 0 => tag(Status::Attention, &w.t("picture-below-goal")),
        Some(_) => tag(Status::Known, &w.t("picture-at-goal")),
    }
}
