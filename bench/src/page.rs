//! The picture and the regions' figures over HTTP.

pub(crate) mod http;
mod load;
mod peers;
pub(crate) mod server;

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::report::Section;
use crate::stopwatch::{grouped, median};
use crate::{Amount, scratch};
use http::Answer;
use load::Load;

const ABOUT: &str = "\
`samband serve --demo` (release), a signed-in coordinator, wrk with 64 connections from the same \
machine, so that server and load share the cores. Each answer is made anew from the state: \
session, authorisation, view, page. Beside it the same bytes, made beforehand: sent by axum \
without anything around it, and by nginx as a file where nginx is installed. Before, both \
sides are asked once and must answer the same bytes; every answer under load must be a success. Median of the rounds, all \
sides in turn.";

/// What is asked for.
const ASKED: [(&str, &str, bool); 4] = [
    ("picture", "/picture", false),
    ("picture, gzip", "/picture", true),
    ("regions", "/api/v1/regions", false),
    ("regions, gzip", "/api/v1/regions", true),
];

/// Measures.
///
/// # Errors
/// If a page is not what it should be, or something failed.
pub async fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Pages", ABOUT);
    let folder = scratch::folder()?;
    let server = server::Server::start(folder.path())?;
    let token = server.sign_in("coordinator@skane", "samband-demo")?;
    begin(&mut section);
    for (name, path, gzip) in ASKED {
        let asked = Asked { name, path, gzip, token: &token, check };
        measure(&mut section, &server, &asked, folder.path(), amount).await?;
    }
    Ok(section)
}

/// Begins the table that [`measure`] adds rows to.
pub(crate) fn begin(section: &mut Section) {
    section.table(&[
        "asked",
        "bytes",
        "Samband/s",
        "p50",
        "p99",
        "axum, constant/s",
        "p99",
        "ratio",
        "nginx, file/s",
        "p99",
        "ratio",
    ]);
}

/// What is asked for, by whom, and what the answer must be.
pub(crate) struct Asked<'a> {
    pub(crate) name: &'a str,
    pub(crate) path: &'a str,
    pub(crate) gzip: bool,
    pub(crate) token: &'a str,
    pub(crate) check: fn(&Answer, &Asked<'_>) -> Result<()>,
}

impl Asked<'_> {
    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![("Authorization", format!("Bearer {}", self.token))];
        if self.gzip {
            headers.push(("Accept-Encoding", "gzip".into()));
        }
        headers
    }
}

/// Adds a row: the product beside two servers that send the same bytes made beforehand.
pub(crate) async fn measure(
    section: &mut Section,
    server: &server::Server,
    asked: &Asked<'_>,
    folder: &std::path::Path,
    amount: Amount,
) -> Result<()> {
    let headers = asked.headers();
    let answer = http::get(&server.address, asked.path, &headers)?;
    (asked.check)(&answer, asked)?;
    let axum = peers::Axum::start(&answer).await?;
    let nginx = peers::Nginx::start(&answer, folder)?;
    let mut sides = vec![(server.address.clone(), asked.path)];
    for address in [Some(&axum.address), nginx.as_ref().map(|peer| &peer.address)] {
        let Some(address) = address else { continue };
        let theirs = http::get(address, "/", &headers)?;
        ensure!(theirs.body == answer.body, "{}: a peer sends other bytes", asked.name);
        sides.push((address.clone(), "/"));
    }
    let lasting = Duration::from_secs(amount.of(1, 2, 10));
    let mut loads: Vec<Vec<Load>> = sides.iter().map(|_| Vec::new()).collect();
    for _ in 0..amount.of(1, 1, 3) {
        for ((address, path), loads) in sides.iter().zip(&mut loads) {
            loads.push(load::run(address, path, &headers, lasting).await?);
        }
    }
    let middle: Vec<_> = loads.iter().map(|loads| Load::median(loads)).collect();
    let ours = middle.first().context("nothing was measured")?;
    let cell = |n: usize| -> [String; 3] {
        let Some(load) = middle.get(n) else {
            return ["–".into(), "–".into(), "–".into()];
        };
        let ratio = ours.rate / load.rate;
        [grouped(load.rate), format!("{:.1} ms", load.most), format!("{ratio:.2}")]
    };
    let ([axum_rate, axum_most, axum_ratio], [nginx_rate, nginx_most, nginx_ratio]) =
        (cell(1), cell(2));
    section.row([
        format!("`GET {}`{}", asked.path, if asked.gzip { ", gzip" } else { "" }),
        grouped(answer.body.len() as f64),
        grouped(ours.rate),
        format!("{:.1} ms", ours.half),
        format!("{:.1} ms", ours.most),
        axum_rate,
        axum_most,
        axum_ratio,
        nginx_rate,
        nginx_most,
        nginx_ratio,
    ]);
    section.figure(format!("{} per_s", asked.name), ours.rate);
    section.figure(format!("{} p99_ms", asked.name), ours.most);
    for (n, peer) in [(1, "axum"), (2, "nginx")] {
        if let Some(load) = middle.get(n) {
            section.figure(format!("{} {peer}_per_s", asked.name), load.rate);
        }
    }
    Ok(())
}

/// Checks that the answer is compressed if that was asked for, and only then.
pub(crate) fn encoded(answer: &Answer, asked: &Asked<'_>) -> Result<()> {
    let is = answer.header("content-encoding").unwrap_or_default();
    ensure!(is == if asked.gzip { "gzip" } else { "" }, "{}: encoded as “{is}”", asked.name);
    Ok(())
}

/// Checks that the answer is the thing itself: the four regions with their figures.
fn check(answer: &Answer, asked: &Asked<'_>) -> Result<()> {
    encoded(answer, asked)?;
    if asked.gzip {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&answer.body);
    for region in ["Blekinge", "Halland", "Kronoberg", "Skåne"] {
        ensure!(text.contains(region), "{} does not show {region}", asked.name);
    }
    if asked.path.starts_with("/api") {
        let value: serde_json::Value = serde_json::from_str(&text)?;
        let text = value.to_string();
        ensure!(text.contains("active_share_18_64"), "the regions come without figures");
    }
    Ok(())
}

impl Load {
    fn median(loads: &[Self]) -> Self {
        let of = |get: fn(&Self) -> f64| median(loads.iter().map(get).collect());
        Self { rate: of(|l| l.rate), half: of(|l| l.half), most: of(|l| l.most) }
    }
}
