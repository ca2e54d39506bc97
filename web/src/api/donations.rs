//! Donations: what was collected, what is made of it, what its tests said, and what waits.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use samband_access::Action;
use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::{Hpa, Material, MaterialKind, Process};
use samband_domain::donations::Command;
use samband_domain::donations::model::{
    Bag, Capture, Donation, DonationKind, Flag, Output, Results,
};
use samband_domain::donations::view;
use samband_domain::words::Code;
use samband_domain::{DonorId, Known, SiteId};
use samband_engine::Request;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, done, submit};
use super::input::{Body, Key, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use super::stock_reports::{phenotype, results};
use super::unit_commands::{Units, units};
use crate::app::stock::{din, group, product};
use crate::app::{App, Problem, Visitor};

/// What was used besides blood.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMaterial {
    /// `bag`, `apheresis_set`, `additive`, `filter`, `cryoprotectant`, `wash_solution`,
    /// `pathogen_reduction`, `connection` or `other`.
    pub kind: String,
    /// The maker's number.
    pub catalogue: String,
    /// The lot.
    pub lot: String,
    /// How much it adds, in millilitres.
    pub millilitres: Option<u16>,
}

fn materials(all: Vec<NewMaterial>) -> Result<Vec<Material>, Problem> {
    let one = |one: NewMaterial| {
        let kind = one_of::<MaterialKind>(&one.kind)?;
        let NewMaterial { catalogue, lot, millilitres, .. } = one;
        Ok(Material { kind, catalogue, lot, millilitres })
    };
    all.into_iter().map(one).collect()
}

/// A filled bag, or a unit to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewUnit {
    /// The eight characters of the product code on the label.
    pub product: String,
    /// Its own donation number, for what is made of several donations.
    pub din: Option<String>,
    /// How much it holds; null is unknown.
    pub millilitres: Option<u16>,
}

/// A donation that was made.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDonation {
    /// Its number, with or without its check character.
    pub din: String,
    /// The donor by its identifier; null if nobody knows who gave.
    pub donor: Option<String>,
    /// `whole_blood`, `plasmapheresis` or `plateletpheresis`.
    pub kind: String,
    /// Where.
    pub site: String,
    /// When the collection ended; now otherwise.
    pub collected: Option<String>,
    /// How much; null is unknown.
    pub millilitres: Option<u16>,
    /// How many minutes it took; null is unknown.
    pub minutes: Option<u16>,
    /// Whether it was broken off.
    #[serde(default)]
    pub abandoned: bool,
    /// The bags; without one the donation waits for its label.
    #[serde(default)]
    pub bags: Vec<NewUnit>,
    /// Bag set, lot and what else was used.
    #[serde(default)]
    pub materials: Vec<NewMaterial>,
}

/// Report a donation. It happened: what is wrong with it holds its units and is no refusal.
#[utoipa::path(
    post, path = "/donations", tag = "donations", request_body = NewDonation,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn collect(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDonation>,
) -> Result<Json<Done>, Problem> {
    let bag = |bag: &NewUnit| {
        let millilitres = Known::from(bag.millilitres);
        Ok(Bag { product: product(&bag.product)?, millilitres })
    };
    let bags: Result<Vec<_>, Problem> = asked.bags.iter().map(bag).collect();
    let command = Command::Collect {
        din: din(&asked.din)?,
        donor: asked.donor.as_deref().map(DonorId::new).transpose()?,
        kind: one_of::<DonationKind>(&asked.kind)?,
        site: SiteId::new(&asked.site)?,
        millilitres: asked.millilitres.into(),
        minutes: asked.minutes.into(),
        abandoned: asked.abandoned,
        bags: bags?,
        materials: materials(asked.materials)?,
    };
    let happened = asked.collected.as_deref().map(|text| moment("collected", text)).transpose()?;
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key: key.text,
        happened,
        command: command.into(),
        asked: key.asked,
    };
    let receipt = app.engine.submit(request).await?;
    done(&app, receipt).await.map(Json)
}

/// Results as they were entered.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryShown {
    /// Which entry of the donation.
    pub entry: u32,
    /// `waiting`, `counts` or `rejected`.
    pub weight: String,
    /// Who entered them.
    pub by: String,
    /// When.
    pub at: String,
    /// The group, if it was determined.
    pub group: Option<String>,
    /// Markers by code.
    pub markers: BTreeMap<String, String>,
}

/// A donation, as its own region sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DonationShown {
    /// Its number.
    pub din: String,
    /// The donor's identifier; null if nobody knows who gave.
    pub donor: Option<String>,
    /// What was collected.
    pub kind: String,
    /// Where.
    pub site: String,
    /// When the collection ended.
    pub collected: String,
    /// How much; null is unknown.
    pub millilitres: Option<u16>,
    /// Whether it was broken off.
    pub abandoned: bool,
    /// Why its units are held.
    pub flags: Vec<String>,
    /// Whether its bag has no label yet.
    pub unlabelled: bool,
    /// Its live units, those of pools that it went into among them.
    pub units: Vec<String>,
    /// Results, oldest first.
    pub entries: Vec<EntryShown>,
    /// Codes of what it lacks to be used; null if the region has no rules in force.
    pub lacks: Option<Vec<String>>,
}

/// A donation with its results and what it lacks.
#[utoipa::path(
    get, path = "/donations/{din}", tag = "donations",
    params(("din" = String, Path, description = "Donation number")),
    responses((status = 200, body = DonationShown), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Json<DonationShown>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (world, number) = (app.engine.world(), din(&number)?);
    let region =
        world.local(&visitor.region).ok_or_else(|| Problem::not_found(number.to_string()))?;
    let held = view::held(region);
    let donation: &Donation =
        view::open(held.shared, &number).ok_or_else(|| Problem::not_found(number.to_string()))?;
    let file = held.own.files.get(&number);
    let entry = |entry: &samband_domain::donations::model::Entry| EntryShown {
        entry: entry.number,
        weight: entry.weight.to_string(),
        by: entry.by.to_string(),
        at: entry.at.to_string(),
        group: entry.results.group.map(|group| group.as_str().to_owned()),
        markers: entry
            .results
            .markers
            .iter()
            .map(|(code, result)| (code.to_string(), result.to_string()))
            .collect(),
    };
    let rules =
        region.shared.rulesets.in_force(samband_domain::rulesets::Scope::Blood, app.engine.now());
    let codes = |rules| -> Vec<String> {
        held.lacks(rules, &number).iter().map(|lack| lack.kind.code.to_owned()).collect()
    };
    Ok(Json(DonationShown {
        din: number.to_string(),
        donor: file.and_then(|file| file.giver.donor.as_ref()).map(ToString::to_string),
        kind: donation.kind.to_string(),
        site: donation.site.to_string(),
        collected: donation.collected.to_string(),
        millilitres: donation.millilitres.value(),
        abandoned: donation.abandoned,
        flags: donation.flags.iter().map(ToString::to_string).collect(),
        unlabelled: donation.unlabelled,
        units: region.shared.blood.units_with(&number).iter().map(ToString::to_string).collect(),
        entries: file.into_iter().flat_map(|file| &file.entries).map(entry).collect(),
        lacks: rules.map(codes),
    }))
}

/// Numbers for a site.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewNumbers {
    /// The site.
    pub site: String,
    /// The first number.
    pub from: String,
    /// The last.
    pub to: String,
}

/// Give a site donation numbers to use: one with another number is held.
#[utoipa::path(
    post, path = "/donations/numbers", tag = "donations", request_body = NewNumbers,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn numbers(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewNumbers>,
) -> Result<Json<Done>, Problem> {
    let (site, from, to) = (SiteId::new(&asked.site)?, din(&asked.from)?, din(&asked.to)?);
    submit(&app, &visitor, key, Command::AssignNumbers { site, from, to }).await
}

/// What is settled.
#[derive(Debug, Deserialize, ToSchema)]
pub struct FlagSettled {
    /// The donation.
    pub din: String,
    /// `donor_unknown`, `donor_deferred`, `eligibility_unknown`, `outside_range`, `too_much`,
    /// `number_twice` or `abandoned`.
    pub flag: String,
    /// Why its units may be used; it stays in the region.
    pub reason: String,
}

/// Settle, as a physician, what a donation is held for.
#[utoipa::path(
    post, path = "/donations/clear", tag = "donations", request_body = FlagSettled,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn clear(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<FlagSettled>,
) -> Result<Json<Done>, Problem> {
    let (din, flag) = (din(&asked.din)?, one_of::<Flag>(&asked.flag)?);
    submit(&app, &visitor, key, Command::ClearFlag { din, flag, reason: asked.reason }).await
}

/// What is to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPreparation {
    /// Where.
    pub site: String,
    /// `label`, `separate`, `pool_platelets`, `pool`, `split`, `paediatric`, `irradiate`, `wash`,
    /// `freeze`, `thaw`, `cool` or `low_titre`.
    pub process: String,
    /// The donation whose bag is taken, where no unit stands for it.
    pub donation: Option<String>,
    /// Units that are used up.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Units that come of it.
    pub outputs: Vec<NewUnit>,
    /// What is used besides.
    #[serde(default)]
    pub materials: Vec<NewMaterial>,
}

/// Make components.
#[utoipa::path(
    post, path = "/preparations", tag = "donations", request_body = NewPreparation,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn prepare(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewPreparation>,
) -> Result<Json<Done>, Problem> {
    let output = |one: &NewUnit| {
        let own = one.din.as_deref().map(din).transpose()?;
        Ok(Output {
            product: product(&one.product)?,
            din: own,
            millilitres: one.millilitres.into(),
        })
    };
    let outputs: Result<Vec<_>, Problem> = asked.outputs.iter().map(output).collect();
    let command = Command::Prepare {
        site: SiteId::new(&asked.site)?,
        process: one_of::<Process>(&asked.process)?,
        donation: asked.donation.as_deref().map(din).transpose()?,
        inputs: units(&asked.inputs)?,
        outputs: outputs?,
        materials: materials(asked.materials)?,
    };
    submit(&app, &visitor, key, command).await
}

/// What tests of a donation said.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewResults {
    /// The donation.
    pub din: String,
    /// ABO and RhD, e.g. `o_neg`.
    pub group: Option<String>,
    /// Infection markers by code: `negative`, `positive` or `indeterminate`.
    #[serde(default)]
    pub markers: BTreeMap<String, String>,
    /// Antigens on red cells, and whether they were found.
    #[serde(default)]
    pub antigens: BTreeMap<String, bool>,
    /// HLA types, as codes.
    #[serde(default)]
    pub hla: Vec<String>,
    /// Antigens on platelets, e.g. `1a`, and whether they were found.
    #[serde(default)]
    pub hpa: BTreeMap<String, bool>,
    /// The titre of anti-A and anti-B, as 1 in so many.
    pub titre: Option<u16>,
    /// The analyser or system that tells it; null if somebody typed it, and then a second person
    /// verifies it where the rules want two.
    pub system: Option<String>,
}

/// Report what tests of a donation said. It reaches every unit that something of it is in.
#[utoipa::path(
    post, path = "/test-results", tag = "donations", request_body = NewResults,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewResults>,
) -> Result<Json<Done>, Problem> {
    let hla: Result<Vec<_>, _> = asked.hla.iter().map(|text| Code::new(text)).collect();
    let platelets = |(name, found): (&String, &bool)| Ok((one_of::<Hpa>(name)?, *found));
    let hpa: Result<Vec<_>, Problem> = asked.hpa.iter().map(platelets).collect();
    let said = Results {
        group: asked.group.as_deref().map(group).transpose()?,
        markers: results(&asked.markers)?,
        phenotype: phenotype(&asked.antigens)?,
        hla: hla?,
        hpa: hpa?,
        titre: asked.titre,
    };
    let capture = asked.system.map_or(Capture::Hand, |system| Capture::Interface { system });
    let din = din(&asked.din)?;
    submit(&app, &visitor, key, Command::RecordResults { din, results: said, capture }).await
}

/// What a second person says of results.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Verified {
    /// The donation.
    pub din: String,
    /// Which entry.
    pub entry: u32,
    /// Whether they were entered rightly.
    pub agrees: bool,
    /// What is to be said about it.
    pub note: Option<String>,
}

/// Verify, as a second person, what somebody typed in.
#[utoipa::path(
    post, path = "/test-results/verify", tag = "donations", request_body = Verified,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn verify(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Verified>,
) -> Result<Json<Done>, Problem> {
    let Verified { entry, agrees, note, .. } = asked;
    let din = din(&asked.din)?;
    submit(&app, &visitor, key, Command::VerifyResults { din, entry, agrees, note }).await
}

/// Results that were wrong.
#[derive(Debug, Deserialize, ToSchema)]
pub struct TakenBack {
    /// The donation.
    pub din: String,
    /// Which entry.
    pub entry: u32,
    /// Why.
    pub reason: String,
}

/// Take results back that count: nothing stays free to use over the gap.
#[utoipa::path(
    post, path = "/test-results/reject", tag = "donations", request_body = TakenBack,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn reject(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<TakenBack>,
) -> Result<Json<Done>, Problem> {
    let (din, entry, reason) = (din(&asked.din)?, asked.entry, asked.reason);
    submit(&app, &visitor, key, Command::RejectResults { din, entry, reason }).await
}

/// A unit in quarantine.
#[derive(Debug, Serialize, ToSchema)]
pub struct Held {
    /// The unit.
    pub unit: String,
    /// Where it is.
    pub site: String,
    /// Codes of what it lacks; none if it can be released.
    pub lacks: Vec<String>,
}

/// Units in quarantine, with what each lacks.
#[utoipa::path(
    get, path = "/releases", tag = "donations",
    responses((status = 200, body = Vec<Held>), (status = "default", body = ProblemDocument)),
)]
pub async fn queue(State(app): State<App>, visitor: Visitor) -> Result<Json<Vec<Held>>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let scope = samband_domain::rulesets::Scope::Blood;
    let rules = region.shared.rulesets.required(scope, now, &visitor.region);
    let rules = rules.map_err(Problem::from)?;
    let waiting = view::to_release(region, rules, None, (now, None));
    let held = waiting.iter().map(|one| Held {
        unit: one.id.to_string(),
        site: one.unit.site.to_string(),
        lacks: one.lacks.iter().map(|lack| lack.kind.code.to_owned()).collect(),
    });
    Ok(Json(held.collect()))
}

/// Release units: every test that the rules ask for is there and negative, the group is confirmed,
/// and nothing waits for a second person.
#[utoipa::path(
    post, path = "/releases", tag = "donations", request_body = Units,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn release(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Units>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Blood::Release { units: units(&asked.units)? }).await
}
