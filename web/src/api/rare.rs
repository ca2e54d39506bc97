//! Rare blood: units of all regions, donors as numbers, and how probable a fit is.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::model::stock::Duty;
use samband_domain::rare::{Command, model::Band, view};
use samband_domain::{Known, SiteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{Body, Key, Query};
use super::problem::ProblemDocument;
use crate::app::rare::{Asked, Search, parts};
use crate::app::{App, Problem, Visitor};
use crate::text::Words;

/// A unit that fits.
#[derive(Debug, Serialize, ToSchema)]
pub struct RareUnit {
    /// The unit.
    pub unit: String,
    /// Where it is.
    pub site: String,
    /// Product.
    pub product: String,
    /// Group; null is unknown.
    pub group: Option<String>,
    /// Status.
    pub status: String,
    /// When it must no longer be used.
    pub expiry: String,
}

/// What one region has.
#[derive(Debug, Serialize, ToSchema)]
pub struct RareRegion {
    /// Region.
    pub region: String,
    /// As of when its record is known here; null is unknown.
    pub as_of: Option<String>,
    /// Units that are known to fit, at most 50.
    pub units: Vec<RareUnit>,
    /// How many there are.
    pub count: usize,
    /// How many of them are free to use.
    pub free: usize,
    /// Places whose record is another system's: what they have is not known by unit.
    pub untold: Vec<String>,
    /// Typed donors who fit, as a band: `0`, `1-4`, `5-9`, `10-19`, `20-49`, `50+` or `unknown`;
    /// null if the region was not asked or has not answered.
    pub donors: Option<String>,
    /// Whom to telephone about them.
    pub phones: Vec<Phone>,
}

/// A telephone number.
#[derive(Debug, Serialize, ToSchema)]
pub struct Phone {
    /// Where.
    pub site: String,
    /// The function.
    pub function: String,
    /// The number.
    pub number: String,
    /// The hours, in words.
    pub hours: String,
}

impl From<&(SiteId, Duty)> for Phone {
    fn from((site, duty): &(SiteId, Duty)) -> Self {
        Self {
            site: site.to_string(),
            function: duty.function.to_string(),
            number: duty.phone.clone(),
            hours: duty.hours.clone(),
        }
    }
}

/// One antigen's share.
#[derive(Debug, Serialize, ToSchema)]
pub struct Share {
    /// The antigen.
    pub antigen: String,
    /// How many of a million lack it; null where no source was found.
    pub lacking_per_million: Option<u32>,
    /// Where that comes from.
    pub source: String,
}

/// How probable a fit is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chance {
    /// Groups that will do, of a million donors.
    pub groups_per_million: u32,
    /// Where that comes from.
    pub groups_source: String,
    /// Each antigen's share.
    pub antigens: Vec<Share>,
    /// The product, of a thousand million donors; null if one share is unknown.
    pub per_milliard: Option<u64>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub struct RareFound {
    /// Groups that were searched; empty means any.
    pub groups: Vec<String>,
    /// Each region's part.
    pub regions: Vec<RareRegion>,
    /// When the other regions were asked for donors; null if they were not.
    pub asked: Option<String>,
    /// How probable a fit is.
    pub probability: Chance,
}

/// Search for rare blood in all regions.
#[utoipa::path(
    get, path = "/rare-search", tag = "rare", params(Asked),
    responses((status = 200, body = RareFound), (status = "default", body = ProblemDocument)),
)]
pub async fn search(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<RareFound>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let search = meant(&asked, visitor.words)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let parts = parts(&world, now);
    let replies = view::replies(&visitor.region, &parts, &search.wanted);
    let answer = |region: &samband_domain::JournalId| {
        let (_, replies) = replies.as_ref()?;
        replies.iter().find(|reply| reply.region == region)?.answer
    };
    // The own region's donors are a band here too: who they are stands on the page, where reading
    // is for those who meet them.
    let own = world.local(&visitor.region).map(|region| {
        let typed = &region.own.donors.typed;
        Band::of(typed.find(&search.wanted.of_donors(), 0).0, typed.len())
    });
    let found = view::units(&parts, (search.component, &search.wanted), now);
    let regions = found.into_iter().map(|one| {
        let answer = answer(&one.region);
        let band = answer.map(|answer| answer.band);
        let band = if one.region == visitor.region { own } else { band };
        RareRegion {
            region: one.region.to_string(),
            as_of: one.as_of.value().map(|time| time.to_string()),
            units: one.units.iter().map(unit).collect(),
            count: one.count,
            free: one.free,
            untold: one.untold.iter().map(ToString::to_string).collect(),
            donors: band.map(|band| band.to_string()),
            phones: answer.iter().flat_map(|answer| &answer.phones).map(Phone::from).collect(),
        }
    });
    let regions = regions.collect();
    Ok(Json(RareFound {
        groups: search.wanted.groups.iter().map(|group| group.as_str().to_owned()).collect(),
        regions,
        asked: replies.as_ref().map(|(ask, _)| ask.said.to_string()),
        probability: chance(&search),
    }))
}

fn unit(unit: &view::Unit) -> RareUnit {
    RareUnit {
        unit: unit.id.to_string(),
        site: unit.site.to_string(),
        product: unit.product.to_string(),
        group: unit.group.value().map(|group| group.as_str().to_owned()),
        status: unit.status.as_str().to_owned(),
        expiry: unit.expiry.to_string(),
    }
}

fn chance(search: &Search) -> Chance {
    let chance = view::probability(&search.wanted);
    let share = |one: &view::Lacking| Share {
        antigen: one.antigen.to_string(),
        lacking_per_million: one.per_million.value(),
        source: one.source.to_owned(),
    };
    Chance {
        groups_per_million: chance.groups,
        groups_source: view::SHARES_SOURCE.to_owned(),
        antigens: chance.lacking.iter().map(share).collect(),
        per_milliard: match chance.per_milliard {
            Known::Value(n) => Some(n),
            Known::Unknown => None,
        },
    }
}

/// The search, if it names anything rare.
fn meant(asked: &Asked, w: Words) -> Result<Search, Problem> {
    let search = asked.search(w)?;
    if search.wanted.says_something() {
        return Ok(search);
    }
    let allowed = "antigens, hla, hpa";
    Err(Problem::new(axum::http::StatusCode::BAD_REQUEST, "web.filter")
        .fact("filter", "antigens")
        .fact("value", "")
        .fact("allowed", allowed))
}

/// A question to every other region.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewQuestion {
    /// As in the search.
    pub antigens: Option<String>,
    /// The recipient's group.
    pub group: Option<String>,
    /// Component.
    pub component: Option<String>,
    /// HLA types.
    pub hla: Option<String>,
    /// Platelet antigens to be absent.
    pub hpa: Option<String>,
    /// For what, in words; it stays in the region.
    pub note: Option<String>,
}

/// Ask every other region how many of its typed donors fit; the answers come by themselves.
#[utoipa::path(
    post, path = "/rare-search/ask", tag = "rare", request_body = NewQuestion,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewQuestion>,
) -> Result<Json<Done>, Problem> {
    let NewQuestion { antigens, group, component, hla, hpa, note } = asked;
    let said = Asked { antigens, group, component, hla, hpa, done: None };
    let wanted = meant(&said, visitor.words)?.wanted;
    submit(&app, &visitor, key, Command::Ask { wanted, note }).await
}
