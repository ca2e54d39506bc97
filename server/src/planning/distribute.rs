//! `samband distribute`: who goes where after a mass-casualty event, and why.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use samband_planning::distribute::{
    Amount, Answer, Choice, ClassOrder, ClosedAnswer, Fleet, Measure, PrimaryAnswer, RuleAnswer,
    SecondaryAnswer, read,
};
use samband_planning::progress::Progress;

/// `distribute`
#[derive(Debug, Args)]
pub struct Distribute {
    /// The instance (JSON); docs/planning/distribute-*.json are examples of each kind.
    file: PathBuf,
    /// One JSON object, with every reason, instead of text.
    #[arg(long)]
    json: bool,
}

/// Does what is asked.
pub fn run(asked: &Distribute) -> Result<()> {
    let text = std::fs::read_to_string(&asked.file)
        .with_context(|| format!("cannot read {}", asked.file.display()))?;
    let answer = read(&text)
        .map_err(anyhow::Error::from)
        .and_then(|instance| Ok(instance.solve(&Progress::default())?))
        .with_context(|| format!("cannot use {}", asked.file.display()))?;
    let mut said = if asked.json { serde_json::to_string(&answer)? } else { told(&answer) };
    if !said.ends_with('\n') {
        said.push('\n');
    }
    std::io::stdout().write_all(said.as_bytes()).context("cannot write the answer")
}

fn told(answer: &Answer) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = match answer {
        Answer::ClosedForm(answer) => closed(&mut text, answer),
        Answer::RuleSimulation(answer) => rules(&mut text, answer),
        Answer::Primary(answer) => primary(&mut text, answer),
        Answer::Secondary(answer) => secondary(&mut text, answer),
    };
    text
}

fn closed(text: &mut String, answer: &ClosedAnswer) -> std::fmt::Result {
    writeln!(text, "optimum          {:.4} expected survivors", answer.optimum)?;
    writeln!(text, "immediate first  {:.4}", answer.immediate_first)?;
    writeln!(text, "delayed first    {:.4}", answer.delayed_first)?;
    writeln!(text, "last arrival     {} min", answer.last_arrival)?;
    for wave in &answer.waves {
        let (immediate, delayed) = (wave.immediate, wave.delayed);
        writeln!(text, "{:>5} min  immediate {immediate}, delayed {delayed}", wave.arrives)?;
    }
    Ok(())
}

const fn order(order: ClassOrder) -> &'static str {
    match order {
        ClassOrder::ImmediateFirst => "immediate first",
        ClassOrder::DelayedFirst => "delayed first",
    }
}

const fn choice(choice: Choice) -> &'static str {
    match choice {
        Choice::Nearest => "nearest",
        Choice::Earliest => "earliest",
    }
}

fn rules(text: &mut String, answer: &RuleAnswer) -> std::fmt::Result {
    for rule in &answer.rules {
        let fleet = if rule.fleet == Fleet::Own { "own" } else { "all" };
        let (order, choice) = (order(rule.order), choice(rule.choice));
        let (survivors, last) = (rule.expected_survivors, rule.last_start);
        let loads = rule.loads.iter().map(|load| format!("{} {}", load.hospital, load.casualties));
        let loads = loads.collect::<Vec<_>>().join(", ");
        writeln!(
            text,
            "{fleet}  {order:<15}  {choice:<8}  {survivors:>9.4}  {last:>4} min  {loads}"
        )?;
    }
    let single = &answer.single_trip;
    let proof =
        if single.proven { "proved best".into() } else { format!("≤ {:.4}", single.bound) };
    writeln!(text, "single trips at best  {:.4}, {proof}", single.expected_survivors)?;
    unknown(text, &answer.left_out)
}

fn unknown(text: &mut String, names: &[String]) -> std::fmt::Result {
    names.iter().try_for_each(|name| writeln!(text, "{name}: not known, so not used"))
}

const fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::ExpectedSurvivors => "expected survivors",
        Measure::WithinTarget => "within target",
        Measure::Placed => "placed",
        Measure::AtSpecialPlace => "at special place",
        Measure::WeightedMinutes => "weighted minutes",
    }
}

fn amount(amount: Amount) -> String {
    match amount {
        Amount::Whole(value) => value.to_string(),
        Amount::Expected(value) => format!("{value:.4}"),
    }
}

fn primary(text: &mut String, answer: &PrimaryAnswer) -> std::fmt::Result {
    for level in &answer.levels {
        let (value, bound) = (amount(level.value), amount(level.bound));
        let name = measure(level.measure);
        writeln!(text, "{name:<18} {value:>8}  bound {bound:>8}  gap {:.1} %", level.gap_percent)?;
    }
    for one in &answer.casualties {
        let class = format!("{} {}", one.class, one.special.as_deref().unwrap_or(""));
        let (count, within, unplaced) = (one.count, one.within_target, one.unplaced);
        writeln!(text, "{class:<12} {count:>4}  in time {within:>4}  without a place {unplaced}")?;
    }
    for trip in &answer.trips {
        let takes = trip.takes.iter().map(|one| {
            let special = one.special.as_ref().map_or_else(String::new, |need| format!(" {need}"));
            format!("{} × {}{special} at {}", one.count, one.class, one.start)
        });
        let takes = takes.collect::<Vec<_>>().join(", ");
        let (unit, number, hospital) = (&trip.unit, trip.number, &trip.hospital);
        write!(
            text,
            "{:>4}–{:<4} {unit} {number} → {hospital}: {takes}",
            trip.leaves, trip.arrives
        )?;
        if let Some(next) = &trip.why.next_best {
            let worse =
                next.worse.iter().map(|one| format!("{} {:+}", measure(one.measure), one.by));
            let worse = worse.collect::<Vec<_>>().join(", ");
            write!(
                text,
                "  (else {}: {})",
                next.hospital,
                if worse.is_empty() { "as good" } else { &worse }
            )?;
        }
        writeln!(text)?;
    }
    for rule in &answer.rules {
        let levels = rule
            .levels
            .iter()
            .map(|level| format!("{} {}", measure(level.measure), amount(level.value)));
        let levels = levels.collect::<Vec<_>>().join(", ");
        writeln!(text, "rule {}, {}: {levels}", order(rule.order), choice(rule.choice))?;
    }
    for one in &answer.unknown {
        let used = one.assumed.map_or("not used".into(), |number| format!("{number} assumed"));
        writeln!(text, "{} {}: not known, {used}", one.hospital, one.what)?;
    }
    unknown(text, &answer.left_out)
}

fn secondary(text: &mut String, answer: &SecondaryAnswer) -> std::fmt::Result {
    for one in answer.moved.iter().filter(|one| one.patients > 0) {
        write!(
            text,
            "{} × {} → {} ({} min each)",
            one.patients, one.class, one.hospital, one.minutes
        )?;
        if one.fewest < one.most {
            write!(text, "; {} to {} are as good", one.fewest, one.most)?;
        }
        writeln!(text)?;
    }
    for one in &answer.classes {
        writeln!(text, "{}: {} min, {} without a place", one.class, one.minutes, one.unplaced)?;
    }
    for one in &answer.regions {
        writeln!(text, "{}: {} of {} units", one.region, one.units, one.most)?;
    }
    writeln!(text, "{} loaded minutes, the least possible", answer.total_minutes)?;
    unknown(text, &answer.left_out)
}
