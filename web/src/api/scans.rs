//! What was scanned, and where it belongs.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::view::units::of_donation;
use samband_exchange::isbt128::Scanned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::Body;
use super::problem::ProblemDocument;
use crate::app::scan::{how, said, scan};
use crate::app::stock::parts;
use crate::app::{App, Problem, Visitor};

/// A text from a scanner or a keyboard.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewScan {
    /// The text as it came.
    pub text: String,
    /// The page that the reader stands on, such as `/units/A999026000001`: a product code scanned
    /// there names one of the donation's units.
    pub on: Option<String>,
}

/// What a scan says.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScanRead {
    /// `donation`, `unit`, `label`, `consignment`, `parts`, or the name of a single structure such
    /// as `product` or `expiry`.
    pub kind: String,
    /// `scanned` or `typed`.
    pub how: String,
    /// Where it belongs; null if it names no place.
    pub href: Option<String>,
    /// Donation number.
    pub din: Option<String>,
    /// The character in the box after it.
    pub check_character: Option<String>,
    /// Donation number and product code.
    pub unit: Option<String>,
    /// Product code.
    pub product_code: Option<String>,
    /// When the label says that it expires.
    pub expiry: Option<String>,
    /// Live units of the donation that are known here.
    pub known_units: Vec<String>,
    /// All that was said, structure by structure.
    #[schema(value_type = Vec<Object>)]
    pub facts: Vec<serde_json::Value>,
}

/// Say what a text from a scanner is and where it belongs. What is invalid or unknown is refused
/// with a reason, never guessed. Nothing is recorded.
#[utoipa::path(
    post, path = "/scans", tag = "units", request_body = NewScan,
    responses((status = 200, body = ScanRead), (status = "default", body = ProblemDocument)),
)]
pub async fn read(
    State(app): State<App>,
    visitor: Visitor,
    Body(asked): Body<NewScan>,
) -> Result<Json<ScanRead>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let went = scan(visitor.words, &asked.text, asked.on.as_deref())?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let what = &went.scan.what;
    let din = what.din();
    let label = match what {
        Scanned::Label(label) => Some(label),
        _ => None,
    };
    let product = label.and_then(|label| label.product);
    let expiry = label.and_then(|label| label.expiry).and_then(|stamp| stamp.time());
    let parts = parts(&world, now);
    let known = din.map(|din| of_donation(&parts, din)).unwrap_or_default();
    let mut known_units: Vec<_> = known.iter().map(|found| found.id.to_string()).collect();
    known_units.dedup();
    Ok(Json(ScanRead {
        kind: what.kind().to_owned(),
        how: how(went.scan.how).to_owned(),
        href: went.href,
        din: din.map(|din| din.to_string()),
        check_character: din.map(|din| din.check_character().to_string()),
        unit: what.unit().map(|unit| unit.to_string()),
        product_code: product.map(|product| product.to_string()),
        expiry: expiry.map(|at| at.to_string()),
        known_units,
        facts: said(&went.scan),
    }))
}
