//! Settlements: who pays whom for a period, and whose patients were given what.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::agreements::SupplyTerms;
use samband_domain::plans::Command;
use samband_domain::plans::model::{HomeReport, HomeUnits};
use samband_domain::{JournalId, Known};
use samband_engine::World;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, Form, Format, Place, submit};
use super::input::{Body, Key, Query};
use super::problem::ProblemDocument;
use crate::app::plans::settlement::{Asked, Found, Line, Missing, settlement};
use crate::app::{App, Problem, Visitor};
use crate::tables;
use crate::tables::settlement::{gap_text, kind, what};
use crate::text::Words;

/// Which period.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SettlementPeriod {
    /// The first day; with `to` left out as well, the last month that is over.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// By which agreement, by its hash; the newest that fits, if nobody says.
    pub agreement: Option<String>,
    /// `json` (default), `csv` or `xlsx`.
    pub format: Option<String>,
    /// Headings of a file: `keys` (default) or `words`.
    pub headings: Option<String>,
}

/// One region owes another.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementEntry {
    /// When it arose.
    pub day: String,
    /// `units`, `transport` or `joint`.
    pub kind: String,
    /// Who is owed.
    pub creditor: String,
    /// Who owes.
    pub debtor: String,
    /// For what, in words.
    pub what: String,
    /// Whole öre.
    pub ore: i64,
    /// The record it follows from; none for what the agreement itself states.
    pub record: Option<Place>,
    /// Whether it was recorded, or put right, when the period was over.
    pub after_period: bool,
}

/// A region's account, in whole öre. All balances sum to zero.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementAccount {
    /// Whose.
    pub region: String,
    /// Owed to it for units.
    pub units_given: i64,
    /// Owed by it for units.
    pub units_taken: i64,
    /// For carriage: owed to it, less owed by it.
    pub transport: i64,
    /// Its share of joint costs.
    pub joint_share: i64,
    /// What it laid out for all.
    pub joint_paid: i64,
    /// What the price of regional care carries already.
    pub carried_by_care_price: i64,
    /// What it is owed in all; negative: what it owes.
    pub balance: i64,
}

/// One payment that settles.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementPayment {
    /// Who pays.
    pub from: String,
    /// Who is paid.
    pub to: String,
    /// Whole öre.
    pub ore: i64,
}

/// Units received from another region.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementMove {
    /// Who gave them.
    pub from: String,
    /// Who took them.
    pub to: String,
    /// When they were received.
    pub received: String,
    /// When that was recorded.
    pub recorded: String,
    /// Of what; null is unknown.
    pub component: Option<String>,
    /// How many.
    pub units: u32,
    /// Boxes of the whole dispatch; null is unknown.
    pub boxes: Option<u32>,
    /// The dispatch.
    pub dispatch: Place,
    /// The receipt.
    pub receipt: Place,
}

/// What is not in the settlement.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementGap {
    /// Stable code.
    pub code: String,
    /// In words.
    pub text: String,
}

/// A period as far as it can be settled.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementFound {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Whether the period is over.
    pub over: bool,
    /// When it was worked out.
    pub made: String,
    /// The agreement's hash; null where none can be cited, and `missing` says why.
    pub agreement: Option<String>,
    /// Its prices and keys.
    #[schema(value_type = Option<Object>)]
    pub terms: Option<SupplyTerms>,
    /// Stable code of why nothing is settled.
    pub missing: Option<String>,
    /// The agreement that lacks a signature, or does not hold through the period.
    pub missing_agreement: Option<String>,
    /// Every region's account.
    pub accounts: Vec<SettlementAccount>,
    /// Payments that bring every account to zero.
    pub payments: Vec<SettlementPayment>,
    /// Everything that is owed.
    pub entries: Vec<SettlementEntry>,
    /// What was received.
    pub moves: Vec<SettlementMove>,
    /// What is not in the settlement.
    pub gaps: Vec<SettlementGap>,
}

/// Who pays whom for a period, by the agreement that every party has signed. Without one, what was
/// received is shown and `missing` says which agreement is lacking; a file is refused then.
#[utoipa::path(
    get, path = "/plans/settlement", tag = "plans", params(SettlementPeriod),
    responses(
        (status = 200, body = SettlementFound), (status = "default", body = ProblemDocument),
    ),
)]
pub async fn settled(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<SettlementPeriod>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAgreements, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let days = (asked.from.as_deref(), asked.to.as_deref());
    let period = Asked::read(days, asked.agreement.as_deref(), now)?;
    let found = settlement(&world, Some(&visitor.region), &period, now);
    let form = Form { format: asked.format, headings: asked.headings };
    if form.format()? != Format::Json {
        visitor.permit(&app, Action::ExportTables, &visitor.region)?;
        if let Err(missing) = &found.agreement {
            return Err(Problem::unprocessable(missing.code()));
        }
    }
    let file = form.file("settlement", w, now, || tables::settlement(w, &world, &found))?;
    Ok(file.unwrap_or_else(|| Json(document(w, &world, &found)).into_response()))
}

fn document(w: Words, world: &World, found: &Found) -> SettlementFound {
    let cited = found.agreement.as_ref();
    let missing_agreement = match cited.err() {
        Some(Missing::Unsigned { document, .. } | Missing::NotThrough { document, .. }) => {
            Some(document.to_string())
        }
        _ => None,
    };
    let settled = found.settlement.as_ref();
    let gap = |gap| gap_text(w, world, gap);
    SettlementFound {
        from: found.asked.from.to_string(),
        to: found.asked.to.to_string(),
        over: found.over,
        made: found.made.to_string(),
        agreement: cited.ok().map(|(held, _)| held.digest.to_string()),
        terms: cited.ok().map(|(_, terms)| terms.clone()),
        missing: cited.err().map(|missing| missing.code().to_owned()),
        missing_agreement,
        accounts: settled.into_iter().flat_map(|one| &one.accounts).map(account).collect(),
        payments: settled.into_iter().flat_map(|one| &one.payments).map(payment).collect(),
        entries: settled
            .into_iter()
            .flat_map(|one| &one.entries)
            .map(|one| entry(w, world, found, one))
            .collect(),
        moves: moves(found),
        gaps: found
            .gaps
            .iter()
            .map(|one| SettlementGap { code: one.code.to_owned(), text: gap(one) })
            .collect(),
    }
}

fn account(one: &samband_planning::settlement::Account) -> SettlementAccount {
    SettlementAccount {
        region: one.region.to_string(),
        units_given: one.units_given,
        units_taken: one.units_taken,
        transport: one.transport,
        joint_share: one.joint_share,
        joint_paid: one.joint_paid,
        carried_by_care_price: one.carried_by_care_price,
        balance: one.balance,
    }
}

fn payment(one: &samband_planning::settlement::Payment) -> SettlementPayment {
    SettlementPayment { from: one.from.to_string(), to: one.to.to_string(), ore: one.amount }
}

fn entry(
    w: Words,
    world: &World,
    found: &Found,
    one: &samband_planning::settlement::Entry,
) -> SettlementEntry {
    let from = match found.line(&one.about) {
        Some(Line::Units { moved, .. } | Line::Carriage { moved, .. }) => {
            let held = &found.moves[*moved];
            Some((&held.receipt, found.late(held.recorded)))
        }
        Some(Line::Home { home, .. }) => Some((&found.homes[*home].at, found.homes[*home].changed)),
        _ => None,
    };
    SettlementEntry {
        day: one.day.to_string(),
        kind: kind(one.kind).into(),
        creditor: one.creditor.to_string(),
        debtor: one.debtor.to_string(),
        what: what(w, world, found, one),
        ore: one.amount,
        record: from.map(|(at, _)| Place::from(at)),
        after_period: from.is_some_and(|(_, after)| after),
    }
}

fn moves(found: &Found) -> Vec<SettlementMove> {
    let each = found.moves.iter().flat_map(|one| {
        one.units.iter().map(move |(component, units)| SettlementMove {
            from: one.from.to_string(),
            to: one.to.to_string(),
            received: one.received.to_string(),
            recorded: one.recorded.to_string(),
            component: component.value().map(|component| component.to_string()),
            units: *units,
            boxes: match one.boxes {
                Known::Value(boxes) => Some(boxes),
                Known::Unknown => None,
            },
            dispatch: Place::from(&one.dispatch),
            receipt: Place::from(&one.receipt),
        })
    });
    each.collect()
}

/// Units given to patients of one home region.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HomeRow {
    /// `red_cells`, `platelets`, `plasma` …
    #[schema(value_type = String)]
    pub component: samband_domain::blood::model::Component,
    /// The patients' home region; null is unknown.
    pub home: Option<String>,
    /// Whether what the home region pays for the care holds the blood already.
    #[serde(default)]
    pub in_care_price: bool,
    /// How many units.
    pub units: u32,
}

/// Whose patients were given what in a month.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Homes {
    /// The month, e.g. `2026-10`; it must be over.
    pub month: String,
    /// Where that comes from.
    pub source: String,
    /// The rows; none if nobody from elsewhere was given anything.
    pub rows: Vec<HomeRow>,
}

/// State in which regions the patients live who were given units in the own region in a month:
/// counts of units, never of persons. What was said of the month before is replaced.
#[utoipa::path(
    post, path = "/plans/settlement/homes", tag = "plans", request_body = Homes,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn state_homes(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Homes>,
) -> Result<Json<Done>, Problem> {
    let month = body.month.parse().map_err(|_| Problem::malformed("month"))?;
    let row = |row: HomeRow| -> Result<HomeUnits, Problem> {
        let home = row.home.as_ref().map(|id| JournalId::new(id)).transpose()?;
        let HomeRow { component, in_care_price, units, .. } = row;
        Ok(HomeUnits { component, home, in_care_price, units })
    };
    let rows = body.rows.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    let report = HomeReport { month, source: body.source, rows };
    submit(&app, &visitor, key, Command::StateHomes { report }).await
}
