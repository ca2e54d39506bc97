//! Units by what stands on their labels: facts, tests, and everything that happened to them.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::model::{Din, Entry, Phenotype, Status, Tested, UnitId};
use samband_domain::blood::view::units::{self as view, Found, Wanted, of_donation};
use samband_domain::{JournalId, SiteId, Time};
use samband_engine::World;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::Place;
use super::input::{At, Query};
use super::problem::ProblemDocument;
use crate::app::history::{self, Past, Step, past};
use crate::app::stock::{din, parts, product, region, site_name};
use crate::app::{App, Problem, Visitor};
use crate::text::Words;

/// Antigens that were tested; what stands in neither list is unknown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Antigens {
    /// Tested and found.
    pub present: Vec<String>,
    /// Tested and not found.
    pub absent: Vec<String>,
}

impl From<Phenotype> for Antigens {
    fn from(phenotype: Phenotype) -> Self {
        let names = |set: samband_domain::blood::model::Antigens| {
            set.iter().map(|antigen| antigen.as_str().to_owned()).collect()
        };
        Self { present: names(phenotype.present()), absent: names(phenotype.absent()) }
    }
}

/// What was tested, and under which rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Tests {
    /// Result of each test by its code: `negative`, `positive` or `indeterminate`.
    pub results: BTreeMap<String, String>,
    /// The rule set that named the tests; null is unknown.
    pub rule_set: Option<String>,
    /// The version of the rules as another system names them.
    pub rules: Option<String>,
}

impl From<&Tested> for Tests {
    fn from(tested: &Tested) -> Self {
        let results = tested.results.iter();
        Self {
            results: results.map(|(test, said)| (test.to_string(), said.to_string())).collect(),
            rule_set: tested.rule_set.map(|digest| digest.to_string()),
            rules: tested.rules.clone(),
        }
    }
}

/// A unit; null is unknown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitFacts {
    /// Donation number and product code: `A999026000001.E0336V00`.
    pub unit: String,
    /// Donation number.
    pub din: String,
    /// The character in the box after the donation number.
    pub check_character: String,
    /// Product code with division.
    pub product_code: String,
    /// In whose stock it is, or was last.
    pub region: String,
    /// Where; null once it left the stock.
    pub site: Option<String>,
    /// The site's name.
    pub site_name: Option<String>,
    /// Component.
    pub component: String,
    /// Product.
    pub product: String,
    /// Group.
    pub group: Option<String>,
    /// What else is known to be true of it.
    pub attributes: Vec<String>,
    /// Antigens it was typed for.
    pub antigens: Antigens,
    /// When it must no longer be used.
    pub expiry: String,
    /// Whether that has come.
    pub expired: bool,
    /// `available`, `reserved`, `quarantined`, `in_transit`, `outdated`, `missing`; `gone` once it
    /// left the stock.
    pub status: String,
    /// Why it is in quarantine.
    pub reason: Option<String>,
    /// Until when it is reserved.
    pub reserved_until: Option<String>,
    /// Since when it has this status.
    pub since: String,
    /// What was tested; null is unknown.
    pub tests: Option<Tests>,
    /// As of when this is known here.
    pub as_of: Option<String>,
}

impl UnitFacts {
    fn named(id: UnitId, region: &JournalId) -> Self {
        Self {
            unit: id.to_string(),
            din: id.din.to_string(),
            check_character: id.din.check_character().to_string(),
            product_code: id.product.to_string(),
            region: region.to_string(),
            site: None,
            site_name: None,
            component: String::new(),
            product: String::new(),
            group: None,
            attributes: Vec::new(),
            antigens: Phenotype::UNTESTED.into(),
            expiry: String::new(),
            expired: false,
            status: "gone".into(),
            reason: None,
            reserved_until: None,
            since: String::new(),
            tests: None,
            as_of: None,
        }
    }

    /// A live unit.
    fn live(world: &World, found: &Found<'_>, now: Time) -> Self {
        let (unit, region) = (found.unit, found.region);
        let reason = match unit.status {
            Status::Quarantined(reason) => Some(reason.to_string()),
            _ => None,
        };
        let until = match unit.status {
            Status::Reserved { until } => Some(until.to_string()),
            _ => None,
        };
        let as_of = world.journal(region).and_then(|journal| journal.as_of(now).value());
        Self {
            site: Some(unit.site.to_string()),
            site_name: Some(site_name(world, region, &unit.site)),
            component: unit.component().to_string(),
            product: unit.product.to_string(),
            group: unit.group.value().map(|group| group.as_str().to_owned()),
            attributes: unit.attributes.iter().map(|one| one.to_string()).collect(),
            antigens: unit.phenotype.into(),
            expiry: unit.expiry.to_string(),
            expired: unit.expiry <= now,
            status: unit.status.as_str().to_owned(),
            reason,
            reserved_until: until,
            since: unit.since.to_string(),
            tests: unit.tested.as_deref().map(Tests::from),
            as_of: as_of.map(|at| at.to_string()),
            ..Self::named(found.id, region)
        }
    }

    /// A unit that left the stock.
    fn gone(world: &World, past: &Past, now: Time) -> Self {
        let Entry { id, group, product, attributes, phenotype, expiry, .. } = &past.entry;
        let as_of = world.journal(&past.region).and_then(|journal| journal.as_of(now).value());
        Self {
            component: product.component().to_string(),
            product: product.to_string(),
            group: group.value().map(|group| group.as_str().to_owned()),
            attributes: attributes.iter().map(|one| one.to_string()).collect(),
            antigens: (*phenotype).into(),
            expiry: expiry.to_string(),
            expired: *expiry <= now,
            since: past.last.recorded.to_string(),
            tests: past.tested.as_ref().map(Tests::from),
            as_of: as_of.map(|at| at.to_string()),
            ..Self::named(*id, &past.region)
        }
    }
}

/// Something that happened to a unit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryStep {
    /// In whose journal.
    pub region: String,
    /// The record.
    pub record: Place,
    /// When it was recorded.
    pub recorded: String,
    /// The kind of event, e.g. `stock.released`.
    pub kind: String,
    /// Who acted, by title.
    pub by: String,
    /// What happened, in the language asked for.
    pub text: String,
}

impl HistoryStep {
    fn of(w: Words, world: &World, step: &Step, unit: &UnitId) -> Self {
        Self {
            region: step.at.journal.to_string(),
            record: Place::from(&step.at),
            recorded: step.recorded.to_string(),
            kind: step.kind.clone(),
            by: step.actor.clone(),
            text: step.text(w, world, unit),
        }
    }
}

/// A unit with its history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitPage {
    /// Its facts.
    #[serde(flatten)]
    pub facts: UnitFacts,
    /// Everything recorded of it, oldest first, in every region that had it.
    pub history: Vec<HistoryStep>,
}

/// The live units of a donation, then those that left the stock.
async fn all_of(
    app: &App,
    world: &World,
    visitor: &Visitor,
    din: Din,
) -> Result<(Vec<UnitFacts>, Vec<Step>), Problem> {
    visitor.permit(app, Action::SeeStock, &visitor.region)?;
    let now = app.engine.now();
    let steps = history::of_donation(app, world, visitor, din).await?;
    let parts = parts(world, now);
    let live = of_donation(&parts, din);
    let ids: Vec<_> = live.iter().map(|found| found.id).collect();
    let mut facts: Vec<_> = live.iter().map(|one| UnitFacts::live(world, one, now)).collect();
    facts.extend(past(&steps, &ids).iter().map(|one| UnitFacts::gone(world, one, now)));
    Ok((facts, steps))
}

/// Whose units.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AtSite {
    /// The site.
    pub site: String,
    /// Its region; the own one otherwise.
    pub region: Option<String>,
}

/// The units of a site, earliest expiry first.
#[utoipa::path(
    get, path = "/units", tag = "units", params(AtSite),
    responses((status = 200, body = Vec<UnitFacts>), (status = "default", body = ProblemDocument)),
)]
pub async fn at_site(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<AtSite>,
) -> Result<Json<Vec<UnitFacts>>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let named = asked.region.as_deref().map(|text| region(&world, text)).transpose()?;
    let id = named.unwrap_or_else(|| visitor.region.clone());
    let shared = world.journal(&id).ok_or_else(Problem::broken)?.shared();
    let site = SiteId::new(&asked.site)?;
    if !shared.kernel.sites.contains_key(&site) {
        return Err(Problem::not_found(site.as_str()));
    }
    let units = view::at_site(&shared.blood, &site, &Wanted::default());
    let facts = |(unit_id, unit)| {
        let found = Found { region: &id, id: unit_id, unit };
        UnitFacts::live(&world, &found, now)
    };
    Ok(Json(units.into_iter().map(facts).collect()))
}

/// Every unit of a donation, past ones included.
#[utoipa::path(
    get, path = "/units/{din}", tag = "units",
    params(("din" = String, Path, description = "Donation number, with or without its check character")),
    responses((status = 200, body = Vec<UnitFacts>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    At(number): At<String>,
) -> Result<Json<Vec<UnitFacts>>, Problem> {
    let number = din(&number)?;
    let world = app.engine.world();
    let (facts, _) = all_of(&app, &world, &visitor, number).await?;
    if facts.is_empty() { Err(unknown(&number.to_string())) } else { Ok(Json(facts)) }
}

/// One unit: its facts, and everything that happened to it.
#[utoipa::path(
    get, path = "/units/{din}/{product}", tag = "units",
    params(
        ("din" = String, Path, description = "Donation number, with or without its check character"),
        ("product" = String, Path, description = "Product code with division, 8 characters"),
    ),
    responses((status = 200, body = UnitPage), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At((number, code)): At<(String, String)>,
) -> Result<Json<UnitPage>, Problem> {
    let unit = UnitId { din: din(&number)?, product: product(&code)? };
    let world = app.engine.world();
    let (facts, steps) = all_of(&app, &world, &visitor, unit.din).await?;
    let name = unit.to_string();
    // A unit on its way stands in the sender's journal until the receiver's word is seen there.
    let found = facts.into_iter().filter(|facts| facts.unit == name);
    let facts = found.min_by_key(|facts| facts.status == "in_transit");
    let facts = facts.ok_or_else(|| unknown(&name))?;
    let of_unit = steps.iter().filter(|step| step.units.contains(&unit));
    let history = of_unit.map(|step| HistoryStep::of(visitor.words, &world, step, &unit));
    Ok(Json(UnitPage { facts, history: history.collect() }))
}

fn unknown(name: &str) -> Problem {
    Problem::new(axum::http::StatusCode::NOT_FOUND, "web.no_unit").fact("unit", name)
}
