//! The stock page with a hundred thousand units, and how soon a change stands on a thousand of them.

mod live;

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::page::http::{self, Answer};
use crate::page::server::Server;
use crate::page::{Asked, begin, encoded, measure};
use crate::report::Section;
use crate::stopwatch::grouped;
use crate::{Amount, scratch};

const ABOUT: &str = "\
`samband serve --demo` (release) with a hundred thousand more red-cell units in Skåne, taken over \
through the interface by a biomedical scientist. A signed-in coordinator, wrk with 64 connections \
from the same machine, the same bytes from axum and nginx beside it as under Pages. Before, the \
answer must count every unit.";

/// Where the units lie.
const PLACES: [&str; 5] = ["lund-bc", "malmo-bc", "helsingborg-bc", "kristianstad-bc", "ystad-bc"];

/// Units in one request.
const AT_A_TIME: u32 = 1_000;

const GROUPS: [&str; 8] =
    ["o_pos", "o_neg", "a_pos", "a_neg", "b_pos", "b_neg", "ab_pos", "ab_neg"];

/// What the demo has of red cells in Skåne before.
const BEFORE: u64 = 840;

/// Measures the page.
///
/// # Errors
/// If a unit is not counted, or something failed.
pub async fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Stock page", ABOUT);
    let folder = scratch::folder()?;
    let (server, units) = stocked(folder.path(), amount)?;
    section.prose(format!("{} units.", grouped(f64::from(units))));
    let token = server.sign_in("coordinator@skane", "samband-demo")?;
    ensure!(counted(&server, &token)? == BEFORE + u64::from(units), "not every unit is counted");
    begin(&mut section);
    for (name, path, gzip) in [
        ("stock", "/stock", false),
        ("stock, gzip", "/stock", true),
        ("api stock", "/api/v1/stock", false),
        ("api stock, gzip", "/api/v1/stock", true),
        ("situation, gzip", "/situation", true),
    ] {
        let asked = Asked { name, path, gzip, token: &token, check };
        measure(&mut section, &server, &asked, folder.path(), amount).await?;
    }
    Ok(section)
}

/// Measures how soon a change stands on every open page.
///
/// # Errors
/// If a page never shows it.
pub async fn live(amount: Amount) -> Result<Section> {
    let folder = scratch::folder()?;
    let (server, _) = stocked(folder.path(), amount)?;
    live::run(&server, amount).await
}

/// A demo with so many units more.
fn stocked(folder: &Path, amount: Amount) -> Result<(Server, u32)> {
    let server = Server::start(folder)?;
    let units = amount.of(AT_A_TIME, 10 * AT_A_TIME, 100_000);
    let token = server.sign_in("scientist@skane", "samband-demo")?;
    for (n, first) in (0..units).step_by(AT_A_TIME as usize).enumerate() {
        let all: Vec<_> = (first..first + AT_A_TIME).map(unit).collect();
        take_over(&server, &token, PLACES[n % PLACES.len()], &all)?;
    }
    Ok((server, units))
}

/// One row of an opening balance.
fn unit(serial: u32) -> Value {
    json!({
        "unit": format!("A999425{serial:06}.B0001V00"),
        "group": GROUPS[serial as usize % GROUPS.len()],
        "expiry": format!("2035-01-{:02}T22:59:00Z", 1 + serial % 28),
        "status": "available",
        "reserved_until": null,
        "tests": null,
        "rules": null,
    })
}

fn take_over(server: &Server, token: &str, site: &str, units: &[Value]) -> Result<()> {
    let body = json!({ "site": site, "units": units }).to_string();
    http::send(&server.address, "/api/v1/stock/take-over", token, &body)?;
    Ok(())
}

/// Red cells free to use in Skåne.
fn counted(server: &Server, token: &str) -> Result<u64> {
    let headers = [("Authorization", format!("Bearer {token}"))];
    let path = "/api/v1/stock?region=skane&component=red_cells";
    let answer = http::get(&server.address, path, &headers)?;
    let rows: Vec<Value> = serde_json::from_slice(&answer.body)?;
    let line = rows.iter().find(|row| row["site"].is_null() && row["group"].is_null());
    line.and_then(|row| row["available"].as_u64()).context("no line of Skåne's red cells")
}

/// The answer is the stock itself, another system's part included.
fn check(answer: &Answer, asked: &Asked<'_>) -> Result<()> {
    encoded(answer, asked)?;
    let text = String::from_utf8_lossy(&answer.body);
    let shown = asked.gzip || ["ProSang", "ronoberg"].iter().all(|word| text.contains(word));
    ensure!(shown, "{} does not show Kronoberg's stock", asked.name);
    Ok(())
}
