//! The life of a unit, both ways.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::model::UnitId;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Place;
use super::input::At;
use super::problem::ProblemDocument;
use crate::app::stock::{din, product};
use crate::app::trace::of_unit;
use crate::app::{App, Problem, Visitor};

/// A node of the picture.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TraceNode {
    /// Its number in this answer, from 0.
    pub node: usize,
    /// `donor`, `donation`, `unit`, `shipment`, `place`, `issued` or `end`.
    pub kind: String,
    /// Its name.
    pub title: String,
    /// What is to be said about it, in the language asked for.
    pub detail: String,
    /// In whose journal.
    pub region: String,
    /// When.
    pub when: Option<String>,
    /// The record.
    pub record: Option<Place>,
    /// Whether it is the unit asked for.
    pub asked: bool,
    /// Whether its donation is called back.
    pub called_back: bool,
}

/// What came of what.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TraceEdge {
    /// From this node.
    pub from: usize,
    /// To this one.
    pub to: usize,
}

/// The life of a unit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Trace {
    /// The unit.
    pub unit: String,
    /// Donors and recipients are named only to those who may see them in their own region.
    pub nodes: Vec<TraceNode>,
    /// What came of what.
    pub edges: Vec<TraceEdge>,
    /// How many records were read.
    pub records: usize,
    /// Whether there is more than one answer holds.
    pub cut: bool,
}

/// A unit's life: donor, donation, components, pools, shipments, regions, recipient or end.
#[utoipa::path(
    get, path = "/units/{din}/{product}/trace", tag = "units",
    params(
        ("din" = String, Path, description = "Donation number, with or without its check character"),
        ("product" = String, Path, description = "Product code with division, 8 characters"),
    ),
    responses((status = 200, body = Trace), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At((number, code)): At<(String, String)>,
) -> Result<Json<Trace>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let unit = UnitId { din: din(&number)?, product: product(&code)? };
    let world = app.engine.world();
    let graph = of_unit(&app, &world, &visitor, unit).await?;
    let nodes = graph.nodes.iter().enumerate().map(|(node, one)| TraceNode {
        node,
        kind: one.kind.as_str().to_owned(),
        title: one.title.clone(),
        detail: one.detail.clone(),
        region: one.region.to_string(),
        when: one.when.map(|when| when.to_string()),
        record: one.at.as_ref().map(Place::from),
        asked: one.asked,
        called_back: one.stopped,
    });
    let edges = graph.edges.iter().map(|(from, to)| TraceEdge { from: *from, to: *to });
    Ok(Json(Trace {
        unit: unit.to_string(),
        nodes: nodes.collect(),
        edges: edges.collect(),
        records: graph.records,
        cut: graph.cut,
    }))
}
