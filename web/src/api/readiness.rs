//! Capacity of hospitals, and transports promised by alarms.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::agreements::Kept;
use samband_domain::readiness::Command;
use samband_domain::readiness::model::{
    Capacity, CareKind, Horizon, Led, Plus, Reason, Row, Shortfall, TransportKind, Unit, UnitStage,
};
use samband_domain::words::AlarmId;
use samband_domain::{JournalId, Known, SiteId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{At, Body, Key, moment, moment_or_now};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::readiness::capacity::{Hospital, hospitals, reported};
use crate::app::readiness::{Fresh, Terms, regions, transports};
use crate::app::{App, Problem, Visitor};

pub(super) fn known<T>(value: Option<T>) -> Known<T> {
    value.map_or(Known::Unknown, Known::Value)
}

/// Who leads a hospital.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = CapacityLed)]
pub struct LedBy {
    /// The function; null if nobody leads.
    pub by: Option<String>,
    /// Since when; null is unknown.
    pub since: Option<String>,
}

/// A kind of place at a time: for how many patients each part is enough. Null is unknown.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = CapacityLine)]
pub struct Line {
    /// `emergency`, `theatre`, `intensive_care`, `ward`, `burns` or `childrens_intensive_care`.
    pub kind: String,
    /// `now`, `in_2h`, `in_6h` or `in_24h`.
    pub at: String,
    /// Personal.
    pub staff: Option<u32>,
    /// Lokaler.
    pub premises: Option<u32>,
    /// Utrustning.
    pub equipment: Option<u32>,
    /// The least of the parts, command among them; told, never sent.
    #[serde(default)]
    pub usable: Option<u32>,
}

/// A hospital's capacity.
#[derive(Debug, Serialize, ToSchema)]
pub struct HospitalCapacity {
    /// Region.
    pub region: String,
    /// Site.
    pub site: String,
    /// Name.
    pub name: String,
    /// When it was so; null if the hospital has not reported.
    pub valid: Option<String>,
    /// `fresh`, `aging` or `old`; null if the hospital has not reported.
    pub freshness: Option<String>,
    /// The function that says so.
    pub source: Option<String>,
    /// Who leads; null is unknown.
    pub led: Option<LedBy>,
    /// Lines; what has no line is unknown.
    pub lines: Vec<Line>,
}

/// The capacity of all regions of the same mode.
#[derive(Debug, Serialize, ToSchema)]
pub struct AllCapacity {
    /// `real`, `exercise` or `demo`.
    pub mode: String,
    /// Regions of which a hospital has reported.
    pub regions_reported: usize,
    /// All regions.
    pub regions: usize,
    /// Hospitals that have reported.
    pub hospitals_reported: usize,
    /// Every hospital, reported or not.
    pub hospitals: Vec<HospitalCapacity>,
    /// Regions whose capacity only whoever leads there is shown, by agreement: not counted above.
    pub withheld: Vec<String>,
}

fn hospital(one: &Hospital<'_>, now: Time) -> HospitalCapacity {
    let said = one.said.map(|said| &said.what);
    let line = |row: &Row| Line {
        kind: row.kind.to_string(),
        at: row.horizon.to_string(),
        staff: row.plus.staff.value(),
        premises: row.plus.premises.value(),
        equipment: row.plus.equipment.value(),
        usable: one.usable(row.kind, row.horizon).value(),
    };
    let led = said.and_then(|said| said.led.as_ref().value());
    HospitalCapacity {
        region: one.region.to_string(),
        site: one.site.to_string(),
        name: one.name.to_owned(),
        valid: said.map(|said| said.valid.to_string()),
        freshness: said.map(|said| Fresh::of(said.valid, now).as_str().to_owned()),
        source: said.map(|said| said.source.clone()),
        led: led.map(|led| LedBy {
            by: led.by.clone(),
            since: led.since.value().map(|since| since.to_string()),
        }),
        lines: said.map_or_else(Vec::new, |said| said.rows.iter().map(line).collect()),
    }
}

/// What every hospital can do.
#[utoipa::path(
    get, path = "/capacity", tag = "readiness",
    responses((status = 200, body = AllCapacity), (status = "default", body = ProblemDocument)),
)]
pub async fn capacity(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<AllCapacity>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let terms = Terms::of(&world, now);
    let (all, kept): (Vec<_>, Vec<_>) = regions(&world, &visitor.region)
        .into_iter()
        .partition(|one| terms.shows(Kept::Capacity, &one.id, &visitor));
    let told = reported(&all, now);
    let each = all.iter().flat_map(|journal| hospitals(journal, now));
    Ok(Json(AllCapacity {
        mode: app.mode(Some(&visitor.region)).as_str().to_owned(),
        regions_reported: told.regions,
        regions: told.of_regions,
        hospitals_reported: told.hospitals,
        hospitals: each.map(|one| hospital(&one, now)).collect(),
        withheld: kept.iter().map(|one| one.id.to_string()).collect(),
    }))
}

/// A hospital's report.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCapacity {
    /// Site of the own region.
    pub site: String,
    /// When it was so; now if left out.
    pub valid: Option<String>,
    /// The function that says so.
    pub source: String,
    /// Who leads; unknown if left out.
    pub led: Option<LedBy>,
    /// Lines; what has no line is unknown.
    pub lines: Vec<Line>,
}

/// Report what a hospital can do: staffed, not physical.
#[utoipa::path(
    post, path = "/capacity", tag = "readiness", request_body = NewCapacity,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewCapacity>,
) -> Result<Json<Done>, Problem> {
    let led = match asked.led {
        None => Known::Unknown,
        Some(led) => {
            let since = led.since.as_deref().map(|text| moment("since", text)).transpose()?;
            Known::Value(Led { by: led.by, since: known(since) })
        }
    };
    let row = |line: &Line| -> Result<Row, Problem> {
        let (staff, premises) = (known(line.staff), known(line.premises));
        let plus = Plus { staff, premises, equipment: known(line.equipment) };
        let kind = one_of::<CareKind>(&line.kind)?;
        Ok(Row { kind, horizon: one_of::<Horizon>(&line.at)?, plus })
    };
    let capacity = Capacity {
        site: SiteId::new(&asked.site)?,
        valid: moment_or_now(&app, "valid", asked.valid.as_deref())?,
        source: asked.source,
        led,
        rows: asked.lines.iter().map(row).collect::<Result<_, _>>()?,
    };
    submit(&app, &visitor, key, Command::ReportCapacity { capacity }).await
}

/// A transport.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PledgedUnit)]
pub struct Transport {
    /// What it is called on the radio.
    pub name: String,
    /// `ambulance`, `intensive_care`, `bus` or `helicopter`.
    pub kind: String,
    /// When it can leave.
    pub ready: String,
    /// `pledged`, `under_way`, `arrived`, `occupied`, `returning` or `released`; told, never sent.
    #[serde(default)]
    pub stage: Option<String>,
    /// Since when it is there; told, never sent.
    #[serde(default)]
    pub since: Option<String>,
}

/// Why fewer are promised.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = PledgeShortfall)]
pub struct Short {
    /// `staff`, `vehicles`, `own_incident`, `weather` or `other`.
    pub reason: String,
    /// In words.
    pub text: String,
}

/// One region's promise.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegionPledge {
    /// The region.
    pub region: String,
    /// When it answered; null if it has not.
    pub said: Option<String>,
    /// How many were agreed.
    pub agreed: u16,
    /// Why they are fewer, if they are.
    pub shortfall: Option<Short>,
    /// Transports.
    pub units: Vec<Transport>,
}

/// What is promised by an alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pledges {
    /// Transports promised.
    pub promised: usize,
    /// Of these, not released.
    pub open: usize,
    /// Agreed in all, of every other region addressed.
    pub agreed: usize,
    /// Region by region.
    pub regions: Vec<RegionPledge>,
}

/// The transports promised by an alarm.
#[utoipa::path(
    get, path = "/alarms/{issuer}/{alarm}/transports", tag = "readiness",
    params(("issuer" = String, Path), ("alarm" = String, Path)),
    responses((status = 200, body = Pledges), (status = "default", body = ProblemDocument)),
)]
pub async fn pledges(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, alarm)): At<(String, String)>,
) -> Result<Json<Pledges>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let world = app.engine.world();
    let asked = transports::find(&world, &visitor.region, (&issuer, &alarm))?;
    let terms = Terms::of(&world, app.engine.now());
    let units = |held: &samband_domain::readiness::Pledged| -> Vec<Transport> {
        let each = held.units.iter();
        each.map(|(unit, stage, since)| Transport {
            name: unit.name.clone(),
            kind: unit.kind.to_string(),
            ready: unit.ready.to_string(),
            stage: Some(stage.to_string()),
            since: Some(since.to_string()),
        })
        .collect()
    };
    let parts = asked.others.iter().map(|(journal, held)| RegionPledge {
        region: journal.id.to_string(),
        said: held.map(|held| held.said.to_string()),
        agreed: terms.quota(&journal.id, &asked.issuer.id, *held),
        shortfall: held
            .and_then(|held| held.shortfall.as_ref())
            .map(|short| Short { reason: short.reason.to_string(), text: short.text.clone() }),
        units: held.map(units).unwrap_or_default(),
    });
    Ok(Json(Pledges {
        promised: asked.sum.units,
        open: asked.sum.open,
        agreed: asked.agreed(&terms),
        regions: parts.collect(),
    }))
}

/// A promise.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPledge {
    /// Transports.
    pub units: Vec<Transport>,
    /// Why they are fewer than agreed; left out if they are not.
    pub shortfall: Option<Short>,
}

/// Promise transports, or say why they are fewer.
#[utoipa::path(
    post, path = "/alarms/{issuer}/{alarm}/transports", tag = "readiness",
    request_body = NewPledge,
    params(
        ("issuer" = String, Path), ("alarm" = String, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn pledge(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At((issuer, alarm)): At<(String, String)>,
    Body(asked): Body<NewPledge>,
) -> Result<Json<Done>, Problem> {
    let unit = |one: Transport| -> Result<Unit, Problem> {
        let (kind, ready) = (one_of::<TransportKind>(&one.kind)?, moment("ready", &one.ready)?);
        Ok(Unit { name: one.name, kind, ready })
    };
    let shortfall = asked.shortfall.map(|short| -> Result<Shortfall, Problem> {
        Ok(Shortfall { reason: one_of::<Reason>(&short.reason)?, text: short.text })
    });
    let command = Command::Pledge {
        of: JournalId::new(&issuer)?,
        alarm: AlarmId::new(&alarm)?,
        units: asked.units.into_iter().map(unit).collect::<Result<_, _>>()?,
        shortfall: shortfall.transpose()?,
    };
    submit(&app, &visitor, key, command).await
}

/// Where a transport is now.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewStage {
    /// `under_way`, `arrived`, `occupied`, `returning` or `released`.
    pub to: String,
}

/// Say that an own transport came further.
#[utoipa::path(
    post, path = "/alarms/{issuer}/{alarm}/transports/{unit}", tag = "readiness",
    request_body = NewStage,
    params(
        ("issuer" = String, Path), ("alarm" = String, Path),
        ("unit" = u16, Path, description = "Its place among those promised, from 0"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn go(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At((issuer, alarm, unit)): At<(String, String, u16)>,
    Body(asked): Body<NewStage>,
) -> Result<Json<Done>, Problem> {
    let (of, alarm) = (JournalId::new(&issuer)?, AlarmId::new(&alarm)?);
    let to = one_of::<UnitStage>(&asked.to)?;
    submit(&app, &visitor, key, Command::Move { of, alarm, unit, to }).await
}
