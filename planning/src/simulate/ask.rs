//! A question, whole: what page, interface and command line ask, and what repeats the answer.

use std::fmt::Write as _;

use super::build::build;
use super::document::{Scenario, ScenarioError, wrong};
use super::marks::{Mark, Row};
use super::model::{CallUp, Policy};
use super::report::{Named, Report};
use super::run::{Amount, run};
use crate::progress::{Progress, Stopped};

/// The scenario that comes with the program.
pub const SODRA: &str = include_str!("../../scenarios/sodra.toml");

/// What a comparison holds beside each other, the first of them what the others are held against.
pub const COMPARED: [&str; 4] = ["self", "joint", "priced", "today"];

/// A scenario that was read, with the marks of its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it says.
    pub scenario: Scenario,
    /// Every number with its mark.
    pub marks: Vec<Row>,
}

impl Document {
    /// Reads a scenario.
    ///
    /// # Errors
    /// [`ScenarioError`] with line or place, and what to do.
    pub fn read(text: &str) -> Result<Self, ScenarioError> {
        Scenario::read(text).map(|(scenario, marks)| Self { scenario, marks })
    }
}

/// What is asked of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// A change laid over it.
    pub variant: Option<String>,
    /// `self`, `joint`, `priced`, `today`, in order.
    pub ways: Vec<String>,
    /// Price of a unit over 100 km in place of the scenario's.
    pub price: Option<f64>,
    /// Days of red cells below which a region gives nothing away, in place of the scenario's.
    pub floor_days: Option<f64>,
    /// Who calls whom, where the supply is joint.
    pub callup: CallUp,
    /// One supply over these prices.
    pub prices: Vec<f64>,
    /// Years that count.
    pub years: u32,
    /// Replications of each.
    pub replications: u32,
    /// What all is drawn from.
    pub seed: u64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The question does not fit the scenario.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// Somebody stopped it.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl Question {
    /// The answer; the same for any number of threads.
    ///
    /// # Errors
    /// [`NoAnswer`] if the question does not fit the scenario, or somebody stopped it.
    pub fn answer(
        &self,
        document: &Document,
        threads: usize,
        progress: &Progress,
    ) -> Result<Report, NoAnswer> {
        self.check()?;
        let mut document = document.clone();
        if let Some(days) = self.floor_days {
            document.scenario.components.red_cells.floor_days.value = days;
            choose(&mut document.marks, "components.red_cells.floor_days", days);
        }
        if let Some(price) = self.price {
            document.scenario.transport.price.value = price;
            choose(&mut document.marks, "transport.price", price);
        }
        let Document { scenario, marks } = document;
        let (scenario, variant) = match &self.variant {
            None => (scenario, None),
            Some(id) => {
                let (changed, variant) = scenario.with(id)?;
                let variant = variant.clone();
                (changed, Some(variant))
            }
        };
        let world = build(&scenario, variant.as_ref(), self.years)?;
        let named = |name: &String| Some(Named::by_name(name, &world)?.calling(self.callup));
        let named: Vec<Named> = self.ways.iter().filter_map(named).collect();
        let priced = |price: &f64| {
            let policy = Policy::priced(*price);
            Named { name: format!("priced {price}"), policy }.calling(self.callup)
        };
        let prices: Vec<Named> = self.prices.iter().map(priced).collect();
        let all: Vec<Policy> = named.iter().chain(&prices).map(|named| named.policy).collect();
        // The same policy under two names is run once.
        let mut distinct: Vec<Policy> = Vec::new();
        for policy in &all {
            if !distinct.contains(policy) {
                distinct.push(*policy);
            }
        }
        let Self { years, replications, seed, .. } = *self;
        let amount = Amount { years, replications, seed, threads };
        let found = run(&world, &distinct, amount, progress)?;
        let place = |policy: &Policy| distinct.iter().position(|one| one == policy);
        let results: Vec<_> =
            all.iter().filter_map(|policy| found.get(place(policy)?).cloned()).collect();
        let titles = (scenario.title.as_str(), scenario.about.as_str());
        let variant = variant.as_ref().map(|variant| variant.title.as_str());
        let about = (titles.0, titles.1, variant);
        Ok(Report::new(about, &world, (&named, &prices), &results, (amount, marks)))
    }

    fn check(&self) -> Result<(), ScenarioError> {
        for price in self.prices.iter().chain(&self.price) {
            if !(0.0..=1e7).contains(price) {
                return Err(wrong("price", format!("{price} is not between 0 and 10 000 000")));
            }
        }
        let days = self.floor_days.unwrap_or(0.0);
        if !(0.0..=42.0).contains(&days) {
            return Err(wrong("floor_days", format!("{days} is not between 0 and 42")));
        }
        if let Some(way) = self.ways.iter().find(|way| !COMPARED.contains(&way.as_str())) {
            return Err(wrong("policy", format!("“{way}” is not one of: {}", COMPARED.join(", "))));
        }
        Ok(())
    }

    /// The command that gives the same figures of a scenario.
    #[must_use]
    pub fn command(&self, scenario: &str) -> String {
        let mut out = String::from("samband simulate");
        if scenario != "sodra" {
            let _ = write!(out, " --scenario {scenario}");
        }
        match self.ways.as_slice() {
            all if all == COMPARED => out.push_str(" --compare"),
            [one] => out.push_str(&format!(" --policy {one}")),
            _ => {}
        }
        if let Some(variant) = &self.variant {
            let _ = write!(out, " --variant {variant}");
        }
        if let Some(price) = self.price {
            let _ = write!(out, " --price {price}");
        }
        if let Some(days) = self.floor_days {
            let _ = write!(out, " --floor-days {days}");
        }
        if self.callup == CallUp::Local {
            out.push_str(" --callup local");
        }
        if !self.prices.is_empty() {
            let prices: Vec<String> = self.prices.iter().map(f64::to_string).collect();
            let _ = write!(out, " --prices {}", prices.join(","));
        }
        let Self { years, replications, seed, .. } = self;
        let _ = write!(out, " --years {years} --replications {replications} --seed {seed}");
        out
    }
}

/// Another value in place of the document's: nobody is cited for it.
fn choose(marks: &mut [Row], place: &str, value: f64) {
    let text = format!("{value:?}");
    let rows = marks.iter_mut().filter(|row| row.place == place && row.value != text);
    for row in rows {
        row.value.clone_from(&text);
        row.mark = Mark::Assumed;
        row.chosen = true;
        row.note = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question {
            variant: None,
            ways: COMPARED.map(str::to_owned).to_vec(),
            price: Some(500.0),
            floor_days: Some(3.0),
            callup: CallUp::Pooled,
            prices: vec![0.0, 500.0],
            years: 1,
            replications: 2,
            seed: 3,
        }
    }

    #[test]
    fn the_same_policy_is_run_once_and_what_is_chosen_is_marked() {
        let document = Document::read(SODRA).unwrap();
        let progress = Progress::default();
        let report = question().answer(&document, 1, &progress).unwrap();
        // self, joint = price 0, priced = price 500, today.
        assert_eq!(progress.so_far(), (8, 8));
        let joint = report.case("joint").unwrap();
        assert_eq!(joint.figures, report.curve[0].figures);
        let row = |place: &str| report.marks.iter().find(|row| row.place == place).unwrap();
        let price = row("transport.price");
        assert_eq!((price.value.as_str(), price.chosen), ("500.0", true));
        assert!(!row("components.red_cells.floor_days").chosen, "it is the document's");
        let paid = |case: &str| report.case(case).unwrap().figure("transport_cost").unwrap();
        let regions = report.case("priced").unwrap().regions.iter();
        let sum: f64 = regions
            .filter_map(|one| one.figure("transport_cost"))
            .map(|one| one.estimate.mean)
            .sum();
        assert!((sum - paid("priced").estimate.mean).abs() < 1e-6 && sum > 0.0);
        assert!(paid("self").estimate.mean.abs() < 1e-9);
    }

    #[test]
    fn a_higher_floor_moves_less_and_local_calls_change_the_answer() {
        let document = Document::read(SODRA).unwrap();
        let moved = |question: &Question| {
            let report = question.answer(&document, 1, &Progress::default()).unwrap();
            report.case("joint").unwrap().figure("moved").unwrap().estimate.mean
        };
        let usual = moved(&question());
        assert!(moved(&Question { floor_days: Some(10.0), ..question() }) < usual);
        let local = moved(&Question { callup: CallUp::Local, ..question() });
        assert!((local - usual).abs() > 1.0, "{local} {usual}");
    }

    #[test]
    fn a_question_that_cannot_be_is_told_so() {
        let document = Document::read(SODRA).unwrap();
        let said = |question: Question| {
            let answer = question.answer(&document, 1, &Progress::default());
            answer.unwrap_err().to_string()
        };
        assert!(said(Question { price: Some(-1.0), ..question() }).starts_with("price: -1"));
        assert!(said(Question { floor_days: Some(99.0), ..question() }).contains("floor_days"));
        assert!(said(Question { variant: Some("x".into()), ..question() }).contains("less_demand"));
        assert!(said(Question { ways: vec!["us".into()], ..question() }).contains("self, joint"));
    }

    #[test]
    fn a_question_is_a_command() {
        assert_eq!(
            Question { callup: CallUp::Local, variant: Some("lost_site".into()), ..question() }
                .command("sodra"),
            "samband simulate --compare --variant lost_site --price 500 --floor-days 3 \
             --callup local --prices 0,500 --years 1 --replications 2 --seed 3"
        );
    }
}
