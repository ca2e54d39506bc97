//! `samband blood need`: what blood a mass-casualty incident is expected to use, as a range.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::{Context as _, Result, anyhow};
use clap::Args;
use samband_planning::casualty_blood::{
    Blood, Casualties, Curve, Estimate, Parameters, Span, estimate,
};

/// `blood need`
#[derive(Debug, Args)]
pub struct Need {
    /// Casualties in all: 60, or a range such as 30-60.
    #[arg(long, value_parser = span)]
    casualties: Span,
    /// Immediate.
    #[arg(long, value_parser = span, requires = "p2")]
    p1: Option<Span>,
    /// Urgent.
    #[arg(long, value_parser = span, requires = "p1")]
    p2: Option<Span>,
    /// Delayed.
    #[arg(long, value_parser = span)]
    p3: Option<Span>,
    /// Massive transfusions that run; they take the place of a share of all casualties.
    #[arg(long)]
    massive: Option<u32>,
    /// By which curve the text tells it: blast, middle or multi-site.
    #[arg(long, default_value = "middle", value_parser = curve)]
    curve: Curve,
    /// One JSON object with every curve and every parameter with its source, instead of text.
    #[arg(long)]
    json: bool,
}

/// More casualties than any event that was written about.
const MOST: u32 = 100_000;

fn span(text: &str) -> Result<Span> {
    let (least, most) = text.split_once(['-', '–']).unwrap_or((text, text));
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|n| *n <= MOST);
    match (number(least), number(most)) {
        (Some(least), Some(most)) if least <= most => Ok((least, most)),
        _ => Err(anyhow!("write a number up to {MOST}, or a range such as 30-60")),
    }
}

fn curve(text: &str) -> Result<Curve> {
    Curve::find(text).ok_or_else(|| anyhow!("write blast, middle or multi-site"))
}

/// Does what is asked.
pub fn run(asked: &Need) -> Result<()> {
    let serious = asked.p1.zip(asked.p2).map(|(p1, p2)| (p1.0 + p2.0, p1.1 + p2.1));
    let casualties =
        Casualties { total: asked.casualties, serious, delayed: asked.p3, massive: asked.massive };
    let found = estimate(casualties, Parameters::default());
    let mut said =
        if asked.json { serde_json::to_string(&found)? } else { told(&found, asked.curve) };
    if !said.ends_with('\n') {
        said.push('\n');
    }
    std::io::stdout().write_all(said.as_bytes()).context("cannot write the answer")
}

fn told(found: &Estimate, curve: Curve) -> String {
    let mut text = String::from("units in 24 hours       low    plan    high\n");
    // Writing to a text cannot fail.
    let rows = [
        ("red cells", found.red_cells),
        ("  of these group O", found.group_o),
        ("plasma", found.plasma),
        ("platelets", found.platelets),
        ("red cells, admitted", found.by_admitted),
        ("red cells, massive", found.by_massive),
    ];
    for (name, of) in rows {
        let _ = writeln!(text, "{name:<20} {:>6} {:>7} {:>7}", of.low, of.plan, of.high);
    }
    let (low, high) = found.orders;
    let _ = writeln!(text, "orders expected      {low:>6}         {high:>7}");
    let _ = writeln!(text, "\nred cells until hour, curve {}", curve.as_str());
    for hour in [1, 2, 3, 4, 6, 8, 12, 24] {
        let of = found.until(Blood::RedCells, curve, hour);
        let _ = writeln!(text, "{hour:>4}  {:>8.1} {:>8.1} {:>8.1}", of.low, of.plan, of.high);
    }
    text.push_str("\nA ceiling to plan by, not a forecast. No appeal to donors follows from it.\n");
    text
}
