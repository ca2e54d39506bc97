//! The regions and what their figures say, each and together.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::figures::view::{self, Line, Picture, Ratio, RegionLine};
use samband_domain::figures::{Figure, Measure};
use samband_domain::kernel::OwnerKind;
use samband_domain::{JournalId, Known, Period, Time, figures};
use samband_engine::{Journal, World};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Form, Place};
use super::input::{At, Query, period};
use super::problem::ProblemDocument;
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// Which period is asked for, and in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Year, month or date; the newest with any figure otherwise.
    pub period: Option<String>,
    /// `json` (default), `csv` or `xlsx`.
    pub format: Option<String>,
    /// Headings of a file: `keys` (default) or `words`.
    pub headings: Option<String>,
}

impl Asked {
    fn form(&self) -> Form {
        Form { format: self.format.clone(), headings: self.headings.clone() }
    }
}

/// What figures say; null is unknown, never zero.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Measures {
    /// Inhabitants.
    pub population: Option<u64>,
    /// Inhabitants aged 18–64.
    pub population_18_64: Option<u64>,
    /// Registered donors who donated in the last 12 months.
    pub active_donors: Option<u64>,
    /// Whole-blood donations in the period.
    pub whole_blood_donations: Option<u64>,
    /// Active donors per inhabitant, a fraction.
    pub active_share: Option<f64>,
    /// Active donors per inhabitant aged 18–64, a fraction; the goal is 0.05.
    pub active_share_18_64: Option<f64>,
    /// Donations per active donor.
    pub donations_per_donor: Option<f64>,
    /// Donations per 1000 inhabitants.
    pub donations_per_1000: Option<f64>,
    /// Whole donors missing to the goal; negative beyond it.
    pub donors_to_goal: Option<i64>,
    /// Whole donations more if donors gave as often as where they give most.
    pub even_use_gain: Option<i64>,
}

impl From<&Line> for Measures {
    fn from(line: &Line) -> Self {
        let fraction = |ratio: Known<Ratio>| ratio.value().map(|ratio| ratio.as_f64());
        let whole = |ratio: Known<Ratio>| {
            ratio.value().and_then(|ratio| i64::try_from(ratio.rounded()).ok())
        };
        Self {
            population: line.population.value(),
            population_18_64: line.population_18_64.value(),
            active_donors: line.active_donors.value(),
            whole_blood_donations: line.whole_blood_donations.value(),
            active_share: fraction(line.active_share),
            active_share_18_64: fraction(line.active_share_18_64),
            donations_per_donor: fraction(line.donations_per_donor),
            donations_per_1000: fraction(line.donations_per_1000),
            donors_to_goal: whole(line.donors_to_goal),
            even_use_gain: whole(line.even_use_gain),
        }
    }
}

/// A warning that a source attaches to its figures.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceWarning {
    /// Which measure; null means the whole source.
    pub measure: Option<String>,
    /// Stable code, or `other`.
    pub code: String,
    /// In the source's language.
    pub text: String,
}

/// Where a figure comes from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Origin {
    /// Source as cited.
    pub source: String,
    /// When the source was published.
    pub published: Option<String>,
    /// File it was read from.
    pub file: Option<String>,
    /// SHA-256 of the file.
    pub file_sha256: Option<String>,
    /// Row in the file, from 1.
    pub row: Option<u32>,
    /// Heading of the column in the file.
    pub column: Option<String>,
    /// When it was recorded.
    pub recorded: String,
    /// The record.
    pub record: Place,
    /// Why it replaced an earlier figure, if it is a correction.
    pub correction: Option<String>,
    /// How many earlier figures it replaced.
    pub replaced: u32,
    /// The source's own warnings.
    pub warnings: Vec<SourceWarning>,
}

impl From<&Figure> for Origin {
    fn from(figure: &Figure) -> Self {
        let from = &figure.provenance;
        let file = from.source.file.as_ref();
        let warnings = from.source.warnings.iter().map(|warning| SourceWarning {
            measure: warning.measure.map(|measure| measure.to_string()),
            code: warning.code.clone(),
            text: warning.text.clone(),
        });
        Self {
            source: from.source.title.clone(),
            published: from.source.published.value().map(|period| period.to_string()),
            file: file.map(|file| file.name.clone()),
            file_sha256: file.map(|file| file.sha256.to_string()),
            row: from.row,
            column: from.column.clone(),
            recorded: from.recorded.to_string(),
            record: Place::from(&from.at),
            correction: from.correction.clone(),
            replaced: figure.replaced,
            warnings: warnings.collect(),
        }
    }
}

/// A region.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Region {
    /// Its journal.
    pub id: String,
    /// Name.
    pub name: String,
    /// SCB county code.
    pub county_code: Option<String>,
    /// `real`, `exercise` or `demo`.
    pub mode: Option<String>,
    /// As of when its state is known here.
    pub as_of: Option<String>,
    /// For when the figures are.
    pub period: Option<String>,
    /// What its figures say.
    #[serde(flatten)]
    pub measures: Measures,
    /// Where each figure in force comes from, by measure.
    pub figures: BTreeMap<String, Origin>,
}

/// The shared picture.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SharedPicture {
    /// For when.
    pub period: Option<String>,
    /// Periods for which any region has a figure, newest first.
    pub periods: Vec<String>,
    /// The national goal as a fraction of those aged 18–64.
    pub goal: f64,
    /// All regions together; null where any region's figure is unknown.
    pub total: Measures,
    /// The region whose donors give most often.
    pub highest_use: Option<HighestUse>,
    /// The sources' own warnings, each once.
    pub warnings: Vec<SourceWarning>,
    /// Each region.
    pub regions: Vec<Region>,
}

/// The region whose donors give most often.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HighestUse {
    /// Which region.
    pub region: String,
    /// Donations per donor.
    pub donations_per_donor: f64,
}

/// The regions of a world in the order of their county codes, bodies left out.
pub(super) fn regions_of(world: &World) -> Vec<&Journal> {
    let county = |journal: &Journal| {
        let facts = journal.shared().kernel.journal.as_ref();
        facts.and_then(|facts| facts.owner.county_code.clone())
    };
    let is_region = |journal: &&Journal| {
        let facts = journal.shared().kernel.journal.as_ref();
        facts.is_some_and(|facts| facts.owner.kind == OwnerKind::Region)
    };
    let mut regions: Vec<&Journal> =
        world.journals.values().map(AsRef::as_ref).filter(is_region).collect();
    regions.sort_by(|a, b| a.id.cmp(&b.id));
    regions.sort_by_key(|journal| county(journal));
    regions
}

fn figures_of<'a>(regions: &[&'a Journal]) -> Vec<(JournalId, &'a figures::Shared)> {
    regions.iter().map(|journal| (journal.id.clone(), &journal.shared().figures)).collect()
}

/// The picture of a period; without any figure at all its period is none.
fn picture_of(
    regions: &[&Journal],
    asked: Option<&str>,
    now: Time,
) -> Result<(Option<Period>, Picture), Problem> {
    let figures = figures_of(regions);
    let chosen = match asked {
        Some(text) => Some(period(text)?),
        None => view::periods(&figures).first().copied(),
    };
    let picture = view::picture(&figures, chosen.unwrap_or_else(|| last_year(now)));
    Ok((chosen, picture))
}

/// The year whose figures are wanted where there are none yet.
fn last_year(now: Time) -> Period {
    let date = jiff::Timestamp::from_microsecond(now.0).unwrap_or_default();
    Period::Year(date.to_zoned(jiff::tz::TimeZone::UTC).year().saturating_sub(1))
}

fn region(app: &App, journal: &Journal, line: &RegionLine, period: Option<Period>) -> Region {
    let facts = journal.shared().kernel.journal.as_ref();
    let figures = line.figures.iter();
    Region {
        id: journal.id.to_string(),
        name: journal.name(),
        county_code: facts
            .and_then(|facts| facts.owner.county_code.as_ref())
            .map(ToString::to_string),
        mode: journal.mode().map(|mode| mode.as_str().to_owned()),
        as_of: journal.as_of(app.engine.now()).value().map(|time| time.to_string()),
        period: period.map(|period| period.to_string()),
        measures: Measures::from(&line.line),
        figures: figures.map(|(measure, f)| (measure.to_string(), Origin::from(f))).collect(),
    }
}

fn all(app: &App, regions: &[&Journal], period: Option<Period>, picture: &Picture) -> Vec<Region> {
    let lines = regions.iter().zip(&picture.regions);
    lines.map(|(journal, line)| region(app, journal, line, period)).collect()
}

/// All regions with what their figures say.
#[utoipa::path(
    get, path = "/regions", tag = "picture", params(Asked),
    responses(
        (status = 200, body = Vec<Region>),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    let world = app.engine.world();
    let regions = regions_of(&world);
    let (period, picture) = picture_of(&regions, asked.period.as_deref(), app.engine.now())?;
    let last = period.unwrap_or_else(|| last_year(app.engine.now()));
    let table = || tables::regions(visitor.words, &world, last);
    if asked.form().format()? != super::answer::Format::Json {
        visitor.permit(&app, Action::ExportTables, &visitor.region)?;
    }
    let file = asked.form().file("regions", visitor.words, app.engine.now(), table)?;
    let json = || Json(all(&app, &regions, period, &picture)).into_response();
    Ok(file.unwrap_or_else(json))
}

/// One region.
#[utoipa::path(
    get, path = "/regions/{id}", tag = "picture",
    params(("id" = String, Path, description = "Journal of the region"), Asked),
    responses((status = 200, body = Region), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At(id): At<JournalId>,
    Query(asked): Query<Asked>,
) -> Result<Json<Region>, Problem> {
    visitor.permit(&app, Action::SeeRegion, &id)?;
    let world = app.engine.world();
    let regions = regions_of(&world);
    let (period, picture) = picture_of(&regions, asked.period.as_deref(), app.engine.now())?;
    let all = all(&app, &regions, period, &picture);
    let found = all.into_iter().find(|region| region.id == id.as_str());
    found.map(Json).ok_or_else(|| Problem::not_found(id.as_str()))
}

/// The shared picture: totals, highest use, the sources' warnings, each region.
#[utoipa::path(
    get, path = "/picture", tag = "picture", params(Asked),
    responses((status = 200, body = SharedPicture), (status = "default", body = ProblemDocument)),
)]
pub async fn picture(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<SharedPicture>, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    let world = app.engine.world();
    let regions = regions_of(&world);
    let (period, picture) = picture_of(&regions, asked.period.as_deref(), app.engine.now())?;
    let all = all(&app, &regions, period, &picture);
    let mut warnings: Vec<SourceWarning> = Vec::new();
    for warning in all.iter().flat_map(|region| region.figures.values()).flat_map(|o| &o.warnings) {
        let same =
            |held: &SourceWarning| (&held.measure, &held.text) == (&warning.measure, &warning.text);
        if !warnings.iter().any(same) {
            warnings.push(warning.clone());
        }
    }
    let periods = view::periods(&figures_of(&regions));
    #[allow(clippy::cast_precision_loss)]
    let goal = view::GOAL_PERCENT as f64 / 100.0;
    let highest = picture.highest_use.as_ref().value();
    Ok(Json(SharedPicture {
        period: period.map(|period| period.to_string()),
        periods: periods.iter().map(ToString::to_string).collect(),
        goal,
        total: Measures::from(&picture.total),
        highest_use: highest.map(|(region, ratio)| HighestUse {
            region: region.to_string(),
            donations_per_donor: ratio.as_f64(),
        }),
        warnings,
        regions: all,
    }))
}

/// The names of the measures.
pub(super) fn measure(text: &str) -> Result<Measure, Problem> {
    text.parse().map_err(|_| Problem::not_found(text))
}
