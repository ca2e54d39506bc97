//! What a region reports about its stock as a whole: an opening balance, what another system
//! counts, what is used in a day, whom to telephone, what a count found.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::SiteId;
use samband_domain::blood::command::{Command, Row, Standing};
use samband_domain::blood::model::stock::{Demand, Duty, ExternalCount, ExternalStock, Line};
use samband_domain::blood::model::{Antigen, Attribute, Phenotype, TestResult};
use samband_domain::words::Code;
use samband_exchange::stock::counted;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{Body, Key, Query, moment, period};
use super::problem::ProblemDocument;
use super::sites::{Whose, one_of};
use crate::app::stock::{component, group, region, unit};
use crate::app::{App, Problem, Visitor};

/// A unit as another system or a label says it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OpeningUnit {
    /// Donation number and product code: `A999026000001.E0336V00`.
    pub unit: String,
    /// Group; null is unknown.
    pub group: Option<String>,
    /// When it must no longer be used.
    pub expiry: String,
    /// `available`, `quarantined` or `reserved`.
    pub status: String,
    /// When the reservation lapses.
    pub reserved_until: Option<String>,
    /// What else is true of it, beyond what its product code says.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// Antigens that were tested: `true` found, `false` not found.
    #[serde(default)]
    pub antigens: BTreeMap<String, bool>,
    /// Result of each test by its code; null is unknown.
    pub tests: Option<BTreeMap<String, String>>,
    /// The version of the rules it was tested under.
    pub rules: Option<String>,
}

impl OpeningUnit {
    fn row(self) -> Result<Row, Problem> {
        let until = self.reserved_until.as_deref();
        let standing = match self.status.as_str() {
            "available" => Standing::Available,
            "quarantined" => Standing::Quarantined,
            "reserved" => {
                let until = until.ok_or_else(|| Problem::malformed("reserved_until"))?;
                Standing::Reserved { until: moment("reserved_until", until)? }
            }
            other => {
                let detail = format!("status: {other} (available, quarantined, reserved)");
                return Err(Problem::malformed(detail));
            }
        };
        let attributes = self.attributes.iter().map(|text| one_of::<Attribute>(text));
        Ok(Row {
            id: unit(&self.unit)?,
            group: self.group.as_deref().map(group).transpose()?.into(),
            expiry: moment("expiry", &self.expiry)?,
            standing,
            attributes: attributes.collect::<Result<_, _>>()?,
            phenotype: phenotype(&self.antigens)?,
            tests: self.tests.map(|tests| results(&tests)).transpose()?.into(),
            rules: self.rules,
        })
    }
}

/// Antigens by name.
pub(super) fn phenotype(antigens: &BTreeMap<String, bool>) -> Result<Phenotype, Problem> {
    antigens.iter().try_fold(Phenotype::UNTESTED, |all, (name, found)| {
        Ok(all.with(one_of::<Antigen>(name)?, *found))
    })
}

/// Tests by code with their results.
pub(super) fn results(
    tests: &BTreeMap<String, String>,
) -> Result<Vec<(Code, TestResult)>, Problem> {
    let one = |(test, said): (&String, &String)| {
        let code = Code::new(test).map_err(|_| Problem::malformed(format!("test: {test}")))?;
        Ok((code, one_of::<TestResult>(said)?))
    };
    tests.iter().map(one).collect()
}

/// An opening balance.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OpeningBalance {
    /// The site; its record must be kept here.
    pub site: String,
    /// Its units: all of them are taken over, or none.
    pub units: Vec<OpeningUnit>,
}

/// Take over a site's existing stock: all of it, or nothing.
#[utoipa::path(
    post, path = "/stock/take-over", tag = "stock", request_body = OpeningBalance,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn take_over(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<OpeningBalance>,
) -> Result<Json<Done>, Problem> {
    let rows: Result<Vec<_>, _> = asked.units.into_iter().map(OpeningUnit::row).collect();
    let command = Command::TakeOver { site: SiteId::new(&asked.site)?, file: None, rows: rows? };
    submit(&app, &visitor, key, command).await
}

/// What another system counts of one component and group; null is unknown.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ExternalRow {
    /// Component.
    pub component: String,
    /// Group.
    pub group: Option<String>,
    /// Free to use.
    pub available: Option<u32>,
    /// Set aside.
    pub reserved: Option<u32>,
    /// In quarantine.
    pub quarantined: Option<u32>,
    /// Of those available, how many expire within seven days of the report.
    pub expiring: Option<u32>,
}

/// What another system counts at a site.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ExternalReport {
    /// The site; its record must be another system's.
    pub site: String,
    /// The system as people call it.
    pub system: String,
    /// As of when, by that system.
    pub as_of: String,
    /// What it counts; what is not there is unknown, not zero.
    pub rows: Vec<ExternalRow>,
}

/// Report what another system counts at a site whose record it keeps.
#[utoipa::path(
    post, path = "/stock/external", tag = "stock", request_body = ExternalReport,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn external(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<ExternalReport>,
) -> Result<Json<Done>, Problem> {
    let row = |row: ExternalRow| {
        Ok::<_, Problem>(ExternalCount {
            component: component(&row.component)?,
            group: row.group.as_deref().map(group).transpose()?.into(),
            available: row.available.into(),
            reserved: row.reserved.into(),
            quarantined: row.quarantined.into(),
            expiring: row.expiring.into(),
        })
    };
    let rows: Result<Vec<_>, _> = asked.rows.into_iter().map(row).collect();
    let as_of = moment("as_of", &asked.as_of)?;
    let stock = ExternalStock { system: asked.system, as_of, file: None, rows: rows? };
    let command = Command::ReportExternal { site: SiteId::new(&asked.site)?, stock };
    submit(&app, &visitor, key, command).await
}

/// What is used in a day.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDemand {
    /// The site; the whole region otherwise.
    pub site: Option<String>,
    /// Component.
    pub component: String,
    /// Group; all groups together otherwise.
    pub group: Option<String>,
    /// Units in 24 hours; null is unknown.
    pub per_day: Option<f64>,
    /// What the figure covers: a year, month or date.
    pub period: String,
    /// Where it comes from, as one would cite it.
    pub source: String,
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn milli(per_day: f64) -> Result<u64, Problem> {
    let milli = (per_day * 1_000.0).round();
    if (0.0..1e12).contains(&milli) {
        Ok(milli as u64)
    } else {
        Err(Problem::malformed(format!("per_day: {per_day}")))
    }
}

/// State what is used in a day: days of supply rest on it.
#[utoipa::path(
    post, path = "/stock/demand", tag = "stock", request_body = NewDemand,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn demand(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDemand>,
) -> Result<Json<Done>, Problem> {
    let line = Line {
        component: component(&asked.component)?,
        group: asked.group.as_deref().map(group).transpose()?,
    };
    let demand = Demand {
        milli_per_day: asked.per_day.map(milli).transpose()?.into(),
        period: period(&asked.period)?,
        source: asked.source,
    };
    let site = asked.site.as_deref().map(SiteId::new).transpose()?;
    submit(&app, &visitor, key, Command::StateDemand { site, line, demand }).await
}

/// Whom to telephone at a site.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnDuty {
    /// Region.
    pub region: String,
    /// Site.
    pub site: String,
    /// The function, e.g. `blood_centre`.
    pub function: String,
    /// Its telephone number.
    pub phone: String,
    /// The hours, in words.
    pub hours: String,
    /// When it was recorded.
    pub recorded: String,
}

/// Whom to telephone at each site.
#[utoipa::path(
    get, path = "/stock/duty", tag = "stock", params(Whose),
    responses((status = 200, body = Vec<OnDuty>), (status = "default", body = ProblemDocument)),
)]
pub async fn duties(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Json<Vec<OnDuty>>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let world = app.engine.world();
    let asked = whose.region.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let asked = asked.map(|text| region(&world, text)).transpose()?;
    let journals = world.journals.values();
    let wanted = journals.filter(|journal| asked.as_ref().is_none_or(|id| journal.id == *id));
    let mut all = Vec::new();
    for journal in wanted {
        for (site, lines) in &journal.shared().blood.duty {
            all.extend(lines.iter().map(|line| OnDuty {
                region: journal.id.to_string(),
                site: site.to_string(),
                function: line.value.function.to_string(),
                phone: line.value.phone.clone(),
                hours: line.value.hours.clone(),
                recorded: line.recorded.to_string(),
            }));
        }
    }
    Ok(Json(all))
}

/// Whom to telephone, to be stated.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDuty {
    /// The site.
    pub site: String,
    /// The function, e.g. `blood_centre`.
    pub function: String,
    /// The function's number, never a person's own.
    pub phone: String,
    /// The hours, in words.
    pub hours: String,
}

/// State whom to telephone at a site.
#[utoipa::path(
    post, path = "/stock/duty", tag = "stock", request_body = NewDuty,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn duty(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDuty>,
) -> Result<Json<Done>, Problem> {
    let function = Code::new(&asked.function)
        .map_err(|_| Problem::malformed(format!("function: {}", asked.function)))?;
    let duty = Duty { function, phone: asked.phone, hours: asked.hours };
    let command = Command::StateDuty { site: SiteId::new(&asked.site)?, duty };
    submit(&app, &visitor, key, command).await
}

/// What was found on the shelf.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCount {
    /// The site.
    pub site: String,
    /// What was counted; everything otherwise.
    pub component: Option<String>,
    /// Scans, or units as `A999026000001.E0336V00`. An empty shelf is an honest count.
    pub found: Vec<String>,
}

/// Report a count; what does not agree is looked into, never invented.
#[utoipa::path(
    post, path = "/stock/count", tag = "stock", request_body = NewCount,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn count(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewCount>,
) -> Result<Json<Done>, Problem> {
    let found = counted(&asked.found.join("\n"));
    if let Some(bad) = found.bad.first() {
        return Err(bad_rows(&visitor, &found.bad, bad));
    }
    let component = asked.component.as_deref().map(component).transpose()?;
    let site = SiteId::new(&asked.site)?;
    submit(&app, &visitor, key, Command::Count { site, component, found: found.units }).await
}

/// The problem of a file with bad rows, which names the first of them.
pub(super) fn bad_rows(
    visitor: &Visitor,
    bad: &[samband_exchange::BadRow],
    first: &samband_exchange::BadRow,
) -> Problem {
    Problem::unprocessable("import.bad_rows")
        .fact("bad", samband_exchange::wrong_rows(bad.iter().map(|bad| bad.line)).to_string())
        .fact("line", first.line.to_string())
        .fact("reason", crate::app::import::words_of(visitor.words, first.code, &first.args))
}
