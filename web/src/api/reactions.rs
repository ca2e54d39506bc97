//! Recipients' reactions as they were reported, and as they were judged last.

use axum::Json;
use axum::extract::State;
use samband_domain::kernel::ReadOf;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::ProblemDocument;
use crate::app::transfusion::own;
use crate::app::{App, Problem, Visitor, note_reads};

/// Why patients are read about here; a key of the catalogue.
const PURPOSE: &str = "reaction";

/// A reaction.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReactionShown {
    /// Its name.
    pub id: String,
    /// The patient.
    pub patient: String,
    /// The units it may come from.
    pub units: Vec<String>,
    /// When it began.
    pub began: String,
    /// Category of Directive 2005/61/EC annex II.
    pub category: String,
    /// `mild`, `serious`, `life_threatening` or `death`.
    pub severity: String,
    /// `na`, `0`, `1`, `2` or `3`; of one that nobody judged, as the ward saw it.
    pub imputability: String,
    /// What was seen and done.
    pub signs: String,
    /// Who judged it last; null as long as it is only reported.
    pub assessed_by: Option<String>,
}

/// The own region's reactions, those that wait to be judged first. That the patients are read about
/// is recorded.
#[utoipa::path(
    get, path = "/reactions", tag = "transfusion",
    responses((status = 200, body = [ReactionShown]), (status = "default", body = ProblemDocument)),
)]
pub async fn all(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<ReactionShown>>, Problem> {
    let world = app.engine.world();
    let region = own(&app, &visitor, &world)?;
    let mut held: Vec<_> = region.own.transfusion.reactions.iter().collect();
    held.sort_by_key(|(_, one)| (one.assessed_by.is_some(), std::cmp::Reverse(one.began)));
    let about: Vec<_> = held.iter().map(|(_, one)| ReadOf::Patient(one.patient.clone())).collect();
    note_reads(&app, &visitor, about, PURPOSE).await?;
    let shown = held.into_iter().map(|(id, one)| ReactionShown {
        id: id.to_string(),
        patient: one.patient.to_string(),
        units: one.units.iter().map(ToString::to_string).collect(),
        began: one.began.to_string(),
        category: one.category.to_string(),
        severity: one.severity.to_string(),
        imputability: one.imputability.to_string(),
        signs: one.signs.clone(),
        assessed_by: one.assessed_by.as_ref().map(ToString::to_string),
    });
    Ok(Json(shown.collect()))
}
