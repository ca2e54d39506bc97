//! The first situation report, field by field.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::alarms::model::Between;
use samband_domain::readiness::Command;
use samband_domain::readiness::Said;
use samband_domain::readiness::model::{Certainty, Fact, Field, Shape, Source, Stated, Statement};
use samband_domain::{JournalId, Known, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{At, Body, Key, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::readiness::situation::{Situation, find, state_name};
use crate::app::{App, Problem, Visitor};

/// A value in the shape of its field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = StatedValue)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Count(u32),
    /// Words.
    Text(String),
    /// A range.
    Range {
        /// At least.
        least: u32,
        /// At most.
        most: u32,
    },
}

/// What is said of a field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SituationStatement)]
pub struct Line {
    /// Region; told, never sent.
    #[serde(default)]
    pub region: Option<String>,
    /// The field.
    pub field: String,
    /// `value`, `unknown` or `not_applicable`.
    pub state: String,
    /// The value, if the state is `value`.
    #[serde(default)]
    pub value: Option<Value>,
    /// `confirmed`, `estimated` or `unconfirmed`.
    pub certainty: String,
    /// `regional_command`, `tib`, `hospital_command`, `blood_centre`, `scene` or `other`.
    pub source: String,
    /// When it was so; now if left out.
    #[serde(default)]
    pub valid: Option<String>,
}

/// A field with what holds and what others say instead. What a region says of itself stands here
/// once for each region.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergedField {
    /// The section.
    pub section: String,
    /// The field.
    pub field: String,
    /// The latest, then the one with the greatest say; null if nobody has said a word.
    pub holds: Option<Line>,
    /// Those that say something else: shown, never averaged.
    pub others: Vec<Line>,
}

/// One region's part.
#[derive(Debug, Serialize, ToSchema)]
pub struct SituationPart {
    /// The region.
    pub region: String,
    /// How many reports it has made.
    pub version: u32,
    /// When the last was known; null if it has made none.
    pub last: Option<String>,
    /// When the next is due; null is unknown.
    pub next: Option<String>,
    /// Whether it is late.
    pub late: bool,
    /// `fresh`, `aging` or `old`.
    pub freshness: Option<String>,
}

/// The situation over all regions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SituationReport {
    /// What it begins with outside the real world: `exercise` or `demo`.
    pub mode: String,
    /// Whose incident.
    pub region: String,
    /// The incident.
    pub incident: String,
    /// What it is called.
    pub title: String,
    /// Regions that have reported.
    pub reported: usize,
    /// Regions that are asked.
    pub regions: usize,
    /// Region by region.
    pub parts: Vec<SituationPart>,
    /// Every field, those of which nobody has said a word too.
    pub fields: Vec<MergedField>,
    /// The mode once more: what is cut at either end still says what it is.
    pub mode_end: String,
}

fn line((region, said): (&JournalId, &Said<Statement>)) -> Line {
    let one = &said.what;
    let value = match &one.stated {
        Stated::Value(Fact::Text(text)) => Some(Value::Text(text.clone())),
        Stated::Value(Fact::Count(count)) => Some(Value::Count(*count)),
        Stated::Value(Fact::Flag(flag)) => Some(Value::Flag(*flag)),
        Stated::Value(Fact::Range(range)) => {
            Some(Value::Range { least: range.least, most: range.most })
        }
        Stated::Unknown | Stated::NotApplicable => None,
    };
    Line {
        region: Some(region.to_string()),
        field: one.field.to_string(),
        state: state_name(&one.stated).to_owned(),
        value,
        certainty: one.certainty.to_string(),
        source: one.source.to_string(),
        valid: Some(one.valid.to_string()),
    }
}

fn whole(found: &Situation<'_>, now: Time) -> SituationReport {
    let (reported, regions) = found.reported();
    let parts = found.parts().into_iter().map(|part| SituationPart {
        region: part.region.id.to_string(),
        version: part.said.map_or(0, |said| said.version),
        last: part.last().map(|last| last.to_string()),
        next: part.next().map(|next| next.to_string()),
        late: part.late(now),
        freshness: part.fresh(now).map(|fresh| fresh.as_str().to_owned()),
    });
    let field = |of: &Field| {
        let (section, field) = (of.section().to_string(), of.to_string());
        let made = |holds, others| MergedField {
            section: section.clone(),
            field: field.clone(),
            holds,
            others,
        };
        let accounts = found.accounts(*of);
        if accounts.is_empty() {
            return vec![made(None, Vec::new())];
        }
        let each = accounts.into_iter();
        each.map(|one| {
            let others = one.others.into_iter().map(line);
            made(Some(line(one.holds)), others.collect())
        })
        .collect()
    };
    SituationReport {
        mode: found.mode.as_str().to_owned(),
        region: found.issuer.id.to_string(),
        incident: found.id.to_string(),
        title: found.incident.report.title.clone(),
        reported,
        regions,
        parts: parts.collect(),
        fields: Field::ALL.iter().flat_map(field).collect(),
        mode_end: found.mode.as_str().to_owned(),
    }
}

/// What all regions say of an incident.
#[utoipa::path(
    get, path = "/situation-reports/{issuer}/{incident}", tag = "readiness",
    params(("issuer" = String, Path), ("incident" = String, Path)),
    responses((status = 200, body = SituationReport), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, incident)): At<(String, String)>,
) -> Result<Json<SituationReport>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let found = find(&world, &visitor.region, (&issuer, &incident))?;
    Ok(Json(whole(&found, now)))
}

/// What the own region says.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSituation {
    /// What is said: only what is known, or known to be unknown.
    pub statements: Vec<Line>,
    /// When the next report comes; unknown if left out.
    pub next: Option<String>,
}

fn statement(line: &Line, now: Time) -> Result<Statement, Problem> {
    let field = one_of::<Field>(&line.field)?;
    let valid = line.valid.as_deref().map_or(Ok(now), |text| moment("valid", text))?;
    let stated = match (line.state.as_str(), &line.value) {
        ("unknown", None) => Stated::Unknown,
        ("not_applicable", None) => Stated::NotApplicable,
        ("value", Some(value)) => Stated::Value(fact(field.shape(), value)),
        _ => return Err(Problem::malformed(format!("{field}: state, value"))),
    };
    Ok(Statement {
        field,
        stated,
        certainty: one_of::<Certainty>(&line.certainty)?,
        source: one_of::<Source>(&line.source)?,
        valid,
    })
}

/// A value as it was sent; a single number where a range is asked for is a range of one.
fn fact(shape: Shape, value: &Value) -> Fact {
    match (shape, value.clone()) {
        (Shape::Range, Value::Count(n)) => Fact::Range(Between { least: n, most: n }),
        (_, Value::Flag(flag)) => Fact::Flag(flag),
        (_, Value::Count(count)) => Fact::Count(count),
        (_, Value::Text(text)) => Fact::Text(text),
        (_, Value::Range { least, most }) => Fact::Range(Between { least, most }),
    }
}

/// Report what the own region knows of an incident. What is owed by its alarm is then there.
#[utoipa::path(
    post, path = "/situation-reports/{issuer}/{incident}", tag = "readiness",
    request_body = NewSituation,
    params(
        ("issuer" = String, Path), ("incident" = String, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At((issuer, incident)): At<(String, String)>,
    Body(asked): Body<NewSituation>,
) -> Result<Json<Done>, Problem> {
    visitor.permit(&app, Action::ReportSituation, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let found = find(&world, &visitor.region, (&issuer, &incident))?;
    let next = asked.next.as_deref().map(|text| moment("next", text)).transpose()?;
    let statements = asked.statements.iter().map(|line| statement(line, now));
    let command = Command::ReportSituation {
        of: found.issuer.id.clone(),
        incident: found.id.clone(),
        alarm: found.owed_by(&visitor.region),
        statements: statements.collect::<Result<_, _>>()?,
        next: next.map_or(Known::Unknown, Known::Value),
    };
    submit(&app, &visitor, key, command).await
}
