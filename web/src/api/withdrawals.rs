//! Withdrawals: calling back, what each region found, and closing.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::model::MaterialKind;
use samband_domain::donations::command::withdrawal::Command;
use samband_domain::donations::model::withdrawal::{
    CallReason, FollowUp, Found, LotNamed, Outcome, Target,
};
use samband_domain::donations::view::withdrawal::cases;
use samband_domain::{DonorId, JournalId, donations};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Place, submit};
use super::input::{At, Body, Key};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::stock::{din, unit};
use crate::app::withdrawals::{Case, find, regions};
use crate::app::{App, Problem, Visitor};

/// A withdrawal in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawalLine {
    /// Its record; the hash names it.
    pub record: Place,
    /// Its short name.
    pub case: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// Regions that have not answered.
    pub silent: usize,
    /// Units about which something is still to be done.
    pub open: usize,
    /// To what it came; null while it is open.
    pub outcome: Option<String>,
}

/// One region's part.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawalPart {
    /// The region.
    pub region: String,
    /// Whether it has answered for every donation concerned.
    pub answered: bool,
    /// Whether somebody told it by telephone.
    pub by_telephone: bool,
    /// Units it found; null is unknown.
    pub units: Option<usize>,
}

/// One unit as one region knows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawnUnit {
    /// The unit.
    pub unit: String,
    /// The region that says so.
    pub region: String,
    /// `held`, `missing`, `in_transit`, `issued`, `transfused`, `presumed_transfused`, `wasted`,
    /// `discarded`, `used_up`, `sent_on`, `handed_over`, `industry` or `lost`.
    pub found: String,
    /// To which region it was sent, if it was.
    pub sent_to: Option<String>,
    /// What was done about it.
    pub followed: Option<String>,
    /// Whether something is still to be done.
    pub open: bool,
}

/// What of the past is not known.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawalGap {
    /// Of which donation; null of the donor as a whole.
    pub donation: Option<String>,
    /// `unrecorded`, `taken_over`, `donor_unknown`, `no_donation` or `unreadable`.
    pub gap: String,
}

/// A withdrawal, added up.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithdrawalPage {
    /// The region that called it back.
    pub region: String,
    /// Its record.
    pub record: Place,
    /// Its short name.
    pub case: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// The donations.
    pub donations: Vec<String>,
    /// What of the past is not known.
    pub gaps: Vec<WithdrawalGap>,
    /// Region by region.
    pub regions: Vec<WithdrawalPart>,
    /// Unit by unit.
    pub units: Vec<WithdrawnUnit>,
    /// To what it came; null while it is open.
    pub outcome: Option<String>,
}

impl From<&Case> for WithdrawalPage {
    fn from(case: &Case) -> Self {
        let (sums, called) = (case.accounts(), &case.called);
        let parts = sums.parts.iter().map(|part| WithdrawalPart {
            region: part.region.to_string(),
            answered: part.answered,
            by_telephone: part.by_telephone,
            units: (part.answered || part.units > 0).then_some(part.units),
        });
        let units = sums.units.iter().map(|one| WithdrawnUnit {
            unit: one.unit.to_string(),
            region: one.region.to_string(),
            found: one.found.as_str().to_owned(),
            sent_to: match &one.found {
                Found::SentOn { to } => Some(to.to_string()),
                _ => None,
            },
            followed: one.followed.map(|done| done.as_str().to_owned()),
            open: one.open,
        });
        let gaps = called.gaps.iter().map(|(din, gap)| WithdrawalGap {
            donation: din.map(|din| din.to_string()),
            gap: gap.as_str().to_owned(),
        });
        Self {
            region: case.owner.to_string(),
            record: Place::from(&called.at),
            case: called.case.to_string(),
            reason: called.reason.as_str().to_owned(),
            since: called.since.to_string(),
            donations: called.dins.iter().map(ToString::to_string).collect(),
            gaps: gaps.collect(),
            regions: parts.collect(),
            units: units.collect(),
            outcome: called.closed.as_ref().map(|end| end.outcome.as_str().to_owned()),
        }
    }
}

/// The own region's withdrawals, those that need somebody first.
#[utoipa::path(
    get, path = "/withdrawals", tag = "withdrawals",
    responses((status = 200, body = Vec<WithdrawalLine>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<WithdrawalLine>>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let world = app.engine.world();
    let journal = world.journal(&visitor.region);
    let all = journal.map(|one| cases(&one.shared().donations.calls)).unwrap_or_default();
    let line = |one: &donations::view::withdrawal::Listed| WithdrawalLine {
        record: Place::from(&one.case.at),
        case: one.case.case.to_string(),
        reason: one.case.reason.as_str().to_owned(),
        since: one.case.since.to_string(),
        silent: one.silent,
        open: one.open,
        outcome: one.case.closed.as_ref().map(|end| end.outcome.as_str().to_owned()),
    };
    Ok(Json(all.iter().map(line).collect()))
}

/// A withdrawal, whoever called it back.
#[utoipa::path(
    get, path = "/withdrawals/{hash}", tag = "withdrawals",
    params(("hash" = String, Path, description = "Hash of the record that called it back")),
    responses((status = 200, body = WithdrawalPage), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At(hash): At<String>,
) -> Result<Json<WithdrawalPage>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let case = find(&app.engine.world(), &visitor.region, &hash)?;
    Ok(Json(WithdrawalPage::from(&case)))
}

/// A lot of bags, sets or solutions.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LotOf {
    /// `bag`, `apheresis_set`, `additive`, `filter`, `cryoprotectant`, `wash_solution`,
    /// `pathogen_reduction`, `connection` or `other`.
    pub kind: String,
    /// The lot's number.
    pub lot: String,
}

/// What is called back: one of donor, donations, unit and lot.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWithdrawal {
    /// Everything this donor gave.
    pub donor: Option<String>,
    /// These donations.
    pub donations: Option<Vec<String>>,
    /// All donations that this unit is made of.
    pub unit: Option<String>,
    /// All donations that this lot went into, in every region.
    pub lot: Option<LotOf>,
    /// `information`, `marker`, `bacterial`, `material`, `reaction` or `other`.
    pub reason: String,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Call something back: nothing of it moves towards a patient from now on, in any region.
#[utoipa::path(
    post, path = "/withdrawals", tag = "withdrawals", request_body = NewWithdrawal,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn call_back(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewWithdrawal>,
) -> Result<Json<Done>, Problem> {
    let target = match (asked.donor, asked.donations, asked.unit, asked.lot) {
        (Some(donor), None, None, None) => Target::Donor(DonorId::new(&donor)?),
        (None, Some(dins), None, None) => {
            Target::Donations(dins.iter().map(|text| din(text)).collect::<Result<_, _>>()?)
        }
        (None, None, Some(text), None) => Target::Unit(unit(&text)?),
        (None, None, None, Some(lot)) => {
            let kind = one_of::<MaterialKind>(&lot.kind)?;
            Target::Lot(LotNamed { kind, lot: lot.lot })
        }
        _ => return Err(Problem::malformed("one of donor, donations, unit, lot")),
    };
    let reason = one_of::<CallReason>(&asked.reason)?;
    let regions = regions(&app.engine.world());
    let command = Command::CallBack { target, reason, note: asked.note, asked: regions };
    submit(&app, &visitor, key, donations::Command::Withdrawal(command)).await
}

/// What was done about a unit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFollowUp {
    /// The unit.
    pub unit: String,
    /// `recipient_followed`, `not_given`, `buyer_told`, `holder_told` or `given_up`.
    pub done: String,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Report what was done about a unit that had left the shelf.
#[utoipa::path(
    post, path = "/withdrawals/{hash}/follow", tag = "withdrawals", request_body = NewFollowUp,
    params(
        ("hash" = String, Path, description = "Hash of the record that called it back"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn follow(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(hash): At<String>,
    Body(asked): Body<NewFollowUp>,
) -> Result<Json<Done>, Problem> {
    let withdrawal = find(&app.engine.world(), &visitor.region, &hash)?.called.at;
    let (unit, done) = (unit(&asked.unit)?, one_of::<FollowUp>(&asked.done)?);
    let command = Command::Follow { withdrawal, unit, done, note: asked.note };
    submit(&app, &visitor, key, donations::Command::Withdrawal(command)).await
}

/// What a region told by telephone.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewWord {
    /// Which region.
    pub region: String,
    /// Who said what, and when; it stays in the region.
    pub note: String,
}

/// Report that a region whose record is silent answered by telephone.
#[utoipa::path(
    post, path = "/withdrawals/{hash}/tell", tag = "withdrawals", request_body = NewWord,
    params(
        ("hash" = String, Path, description = "Hash of the record that called it back"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn tell(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(hash): At<String>,
    Body(asked): Body<NewWord>,
) -> Result<Json<Done>, Problem> {
    let withdrawal = find(&app.engine.world(), &visitor.region, &hash)?.called.at;
    let from = JournalId::new(&asked.region)?;
    let command = Command::Tell { withdrawal, from, fates: Vec::new(), note: asked.note };
    submit(&app, &visitor, key, donations::Command::Withdrawal(command)).await
}

/// To what a withdrawal comes.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewConclusion {
    /// `stands` or `lifted`.
    pub outcome: String,
    /// On what grounds; it stays in the region.
    pub note: String,
}

/// Say to what a withdrawal comes, or confirm as a second person what somebody else said.
#[utoipa::path(
    post, path = "/withdrawals/{hash}/conclude", tag = "withdrawals", request_body = NewConclusion,
    params(
        ("hash" = String, Path, description = "Hash of the record that called it back"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn conclude(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(hash): At<String>,
    Body(asked): Body<NewConclusion>,
) -> Result<Json<Done>, Problem> {
    let withdrawal = find(&app.engine.world(), &visitor.region, &hash)?.called.at;
    let outcome = one_of::<Outcome>(&asked.outcome)?;
    let command = Command::Conclude { withdrawal, outcome, note: asked.note };
    submit(&app, &visitor, key, donations::Command::Withdrawal(command)).await
}
