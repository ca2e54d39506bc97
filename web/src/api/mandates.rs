//! Mandates: who may, is or has what, in which window, by whom.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::kernel::{Access, Approval, Capacity, Command, Mandate as Held};
use samband_domain::words::Code;
use samband_domain::{ActorId, Known, MandateId, SiteId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, only, submit};
use super::input::{At, Body, Key, Query, moment, window_from_now};
use super::problem::ProblemDocument;
use super::regions::regions_of;
use super::sites::{Ending, Whose, end_of, one_of};
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// What a mandate lets its holder be or do.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct What {
    /// `role`, `legal`, `competence`, `delegation`, `assignment` or `access`.
    pub kind: String,
    /// The role, legal role, right of access or code of the competence.
    pub code: Option<String>,
    /// What a competence, a delegated task or an assignment is called.
    pub name: Option<String>,
}

impl From<&Capacity> for What {
    fn from(capacity: &Capacity) -> Self {
        let (code, name) = match capacity {
            Capacity::Role(role) => (Some(role.to_string()), None),
            Capacity::Legal(role) => (Some(role.to_string()), None),
            Capacity::Access(access) => (Some(access.to_string()), None),
            Capacity::Competence { code, name } => (Some(code.to_string()), Some(name.clone())),
            Capacity::Delegation { task } | Capacity::Assignment { task } => {
                (None, Some(task.clone()))
            }
        };
        Self { kind: capacity.kind().into(), code, name }
    }
}

impl What {
    fn capacity(self) -> Result<Capacity, Problem> {
        let code = self.code.as_deref().unwrap_or_default();
        let name = self.name.clone().unwrap_or_default();
        Ok(match self.kind.as_str() {
            "role" => Capacity::Role(one_of(code)?),
            "legal" => Capacity::Legal(one_of(code)?),
            "access" => Capacity::Access(one_of::<Access>(code)?),
            "competence" => Capacity::Competence { code: Code::new(code)?, name },
            "delegation" => Capacity::Delegation { task: name },
            "assignment" => Capacity::Assignment { task: name },
            other => return Err(Problem::malformed(format!("capacity: {other}"))),
        })
    }
}

/// Whether an authority has to agree, and whether it has.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Consent {
    /// `not_required`, `pending`, `approved` or `rejected`.
    pub kind: String,
    /// Which authority.
    pub authority: Option<String>,
    /// Its reference.
    pub reference: Option<String>,
    /// When it was asked or decided; null is unknown.
    pub at: Option<String>,
}

impl From<&Approval> for Consent {
    fn from(approval: &Approval) -> Self {
        let (authority, reference, at) = match approval {
            Approval::NotRequired => (None, None, None),
            Approval::Pending { authority, asked } => (Some(authority), None, asked.value()),
            Approval::Approved { authority, reference, decided }
            | Approval::Rejected { authority, reference, decided } => {
                (Some(authority), Some(reference), Some(*decided))
            }
        };
        Self {
            kind: approval.kind().into(),
            authority: authority.cloned(),
            reference: reference.cloned(),
            at: at.map(|at| at.to_string()),
        }
    }
}

impl Consent {
    fn approval(self) -> Result<Approval, Problem> {
        let authority = self.authority.unwrap_or_default();
        let reference = self.reference.unwrap_or_default();
        let at = self.at.as_deref().map(|text| moment("at", text)).transpose()?;
        let decided = || at.ok_or_else(|| Problem::malformed("approval.at"));
        Ok(match self.kind.as_str() {
            "not_required" => Approval::NotRequired,
            "pending" => Approval::Pending { authority, asked: Known::from(at) },
            "approved" => Approval::Approved { authority, reference, decided: decided()? },
            "rejected" => Approval::Rejected { authority, reference, decided: decided()? },
            other => return Err(Problem::malformed(format!("approval: {other}"))),
        })
    }
}

/// A mandate.
#[derive(Debug, Serialize, ToSchema)]
pub struct Mandate {
    /// Region.
    pub region: String,
    /// Identifier.
    pub id: String,
    /// Who holds it, without a name.
    pub holder: String,
    /// The holder's title, without a name.
    pub title: Option<String>,
    /// What it is.
    pub capacity: What,
    /// At which site only.
    pub site: Option<String>,
    /// Since when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// Whether it is in force now.
    pub in_force: bool,
    /// Who gave it.
    pub issuer: String,
    /// For whose mandate its holder stands in.
    pub deputy_for: Option<String>,
    /// From whose mandate it was delegated.
    pub delegated_from: Option<String>,
    /// When it is to be looked at again.
    pub review_at: Option<String>,
    /// Share of full time in thousandths; null is unknown.
    pub share_permille: Option<u16>,
    /// The authority's answer.
    pub approval: Consent,
    /// What it rests on.
    pub basis: Option<String>,
    /// Why it was ended.
    pub ended: Option<String>,
}

fn shown(region: &str, title: Option<String>, held: &Held, now: Time) -> Mandate {
    let text = |id: &Option<MandateId>| id.as_ref().map(ToString::to_string);
    Mandate {
        region: region.to_owned(),
        id: held.id.to_string(),
        holder: held.holder.to_string(),
        title,
        capacity: What::from(&held.capacity),
        site: held.site.as_ref().map(ToString::to_string),
        from: held.window.from().to_string(),
        until: held.window.until().map(|until| until.to_string()),
        in_force: held.in_force(now),
        issuer: held.issuer.to_string(),
        deputy_for: text(&held.deputy_for),
        delegated_from: text(&held.delegated_from),
        review_at: held.review_at.map(|at| at.to_string()),
        share_permille: held.share_permille.value(),
        approval: Consent::from(&held.approval),
        basis: held.basis.clone(),
        ended: held.ended.clone(),
    }
}

/// The mandates of one or all regions, ended ones too, without names.
#[utoipa::path(
    get, path = "/mandates", tag = "mandates", params(Whose),
    responses((status = 200, body = Vec<Mandate>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, Problem> {
    let asked = whose.region(&app)?;
    visitor.permit(&app, Action::SeeRoles, asked.as_ref().unwrap_or(&visitor.region))?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let regions = regions_of(&world);
    let wanted =
        regions.iter().filter(|journal| asked.as_ref().is_none_or(|asked| *asked == journal.id));
    let all: Vec<Mandate> = wanted
        .flat_map(|journal| {
            let kernel = &journal.shared().kernel;
            kernel.mandates.values().map(|held| {
                let title = kernel.actors.get(&held.holder).map(|actor| actor.title.clone());
                shown(journal.id.as_str(), title, held, now)
            })
        })
        .collect();
    let words = visitor.words;
    let table = || only(tables::mandates(words, &world, now), asked.as_ref());
    let file = whose.form().file("mandates", words, now, table)?;
    Ok(file.unwrap_or_else(|| Json(&all).into_response()))
}

/// A mandate to give.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMandate {
    /// To whom.
    pub holder: String,
    /// What.
    pub capacity: What,
    /// At which site only.
    pub site: Option<String>,
    /// Since when; now otherwise.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// For whose mandate the holder stands in.
    pub deputy_for: Option<String>,
    /// From whose mandate it is delegated.
    pub delegated_from: Option<String>,
    /// When it is to be looked at again.
    pub review_at: Option<String>,
    /// Share of full time in thousandths; null is unknown.
    pub share_permille: Option<u16>,
    /// The authority's answer; not required otherwise.
    pub approval: Option<Consent>,
    /// What it rests on.
    pub basis: Option<String>,
}

/// Give a mandate in the own region.
#[utoipa::path(
    post, path = "/mandates", tag = "mandates", request_body = NewMandate,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn grant(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(new): Body<NewMandate>,
) -> Result<Json<Done>, Problem> {
    let mandate = |text: Option<String>| text.map(|text| MandateId::new(&text)).transpose();
    let command = Command::GrantMandate {
        holder: ActorId::new(&new.holder)?,
        capacity: new.capacity.capacity()?,
        site: new.site.map(|text| SiteId::new(&text)).transpose()?,
        window: window_from_now(&app, new.from.as_deref(), new.until.as_deref())?,
        deputy_for: mandate(new.deputy_for)?,
        delegated_from: mandate(new.delegated_from)?,
        review_at: new.review_at.map(|text| moment("review_at", &text)).transpose()?,
        share_permille: Known::from(new.share_permille),
        approval: new.approval.map_or(Ok(Approval::NotRequired), Consent::approval)?,
        basis: new.basis,
    };
    submit(&app, &visitor, key, command).await
}

/// End a mandate.
#[utoipa::path(
    post, path = "/mandates/{id}/end", tag = "mandates", request_body = Ending,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(mandate): At<MandateId>,
    Body(end): Body<Ending>,
) -> Result<Json<Done>, Problem> {
    let end_it = |at, reason| Command::EndMandate { mandate, at, reason };
    end_of(&app, &visitor, key, end, end_it).await
}

/// Record an authority's answer about a mandate.
#[utoipa::path(
    post, path = "/mandates/{id}/approval", tag = "mandates", request_body = Consent,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn approve(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(mandate): At<MandateId>,
    Body(answer): Body<Consent>,
) -> Result<Json<Done>, Problem> {
    let approval = answer.approval()?;
    submit(&app, &visitor, key, Command::RecordApproval { mandate, approval }).await
}
