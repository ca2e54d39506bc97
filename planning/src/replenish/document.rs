//! A model as a TOML document. `docs/planning/replenish-*.toml` hold one of each family.

use serde::Deserialize;

use super::demand::{Demand, Wrong};
use super::model::{Arrival, Cost, Issuing, Model, Pair, Product, Single, Weekly};
use super::rollout::Runs;
use super::solve::{Rule, Settings};

/// No model may have more states than this: its values alone would fill half a gigabyte.
pub const MOST_STATES: usize = 64 << 20;

/// A document: the model, how it is to be solved, how simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The model.
    pub model: Model,
    /// How to solve it.
    pub settings: Settings,
    /// How to simulate it.
    pub runs: Runs,
}

/// Why a document was not read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unreadable {
    /// Not TOML, a field is missing, unknown or of another kind.
    #[error(transparent)]
    Toml(#[from] toml::de::Error),
    /// No such family.
    #[error("family: there is none named {0:?}; write \"a\", \"b1\", \"b2\" or \"c\"")]
    Family(String),
    /// A number is out of range.
    #[error("{field}: {what}")]
    Range {
        /// Which field.
        field: &'static str,
        /// What it must be.
        what: String,
    },
    /// A demand distribution is none.
    #[error("{field}: {wrong}")]
    Demand {
        /// Which field.
        field: &'static str,
        /// What is wrong.
        wrong: Wrong,
    },
}

#[derive(Deserialize)]
struct Head {
    family: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SingleText {
    #[serde(rename = "family")]
    _family: String,
    life_days: usize,
    #[serde(default = "one")]
    lead_days: usize,
    most_order: usize,
    #[serde(default = "fifo")]
    issuing: Issuing,
    discount: Option<f64>,
    demand: DemandText,
    cost: CostText,
    #[serde(default)]
    solve: SolveText,
    #[serde(default)]
    simulate: SimulateText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PairText {
    #[serde(rename = "family")]
    _family: String,
    life_days: usize,
    substitution: f64,
    most_demand: Option<usize>,
    a: ProductText,
    b: ProductText,
    #[serde(default)]
    solve: SolveText,
    #[serde(default)]
    simulate: SimulateText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductText {
    most_order: usize,
    order: f64,
    price: f64,
    demand: DemandText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeeklyText {
    #[serde(rename = "family")]
    _family: String,
    life_days: usize,
    most_order: usize,
    order_up_to: Option<usize>,
    discount: f64,
    demand: WeekText,
    arrival: ArrivalText,
    cost: CostText,
    #[serde(default)]
    solve: SolveText,
    #[serde(default)]
    simulate: SimulateText,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum DemandText {
    Gamma { mean: f64, variation: f64, most: usize },
    Poisson { mean: f64 },
    NegativeBinomial { successes: f64, mean: f64, most: usize },
    Table { probabilities: Vec<f64> },
}

/// A negative binomial for each weekday, Monday first.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeekText {
    successes: [f64; 7],
    mean: [f64; 7],
    most: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArrivalText {
    shares: Option<Vec<f64>>,
    constant: Option<Vec<f64>>,
    slope: Option<Vec<f64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CostText {
    fixed_order: f64,
    order: f64,
    shortage: f64,
    wastage: f64,
    holding: f64,
    price: f64,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SolveText {
    rule: Option<Rule>,
    tolerance: Option<f64>,
    most_iterations: Option<u32>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SimulateText {
    replications: Option<u32>,
    days: Option<u32>,
    warm_up_days: Option<u32>,
    seed: Option<u64>,
}

fn one() -> usize {
    1
}

fn fifo() -> Issuing {
    Issuing::Fifo
}

fn range(field: &'static str, good: bool, what: impl Into<String>) -> Result<(), Unreadable> {
    if good { Ok(()) } else { Err(Unreadable::Range { field, what: what.into() }) }
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// If it is none; the message names the line or the field and what it must be.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let Head { family } = toml::from_str(text)?;
        let (model, solve, simulate) = match family.as_str() {
            "a" | "b1" => {
                let all: SingleText = toml::from_str(text)?;
                single(&all, family == "a")?
            }
            "b2" => pair(&toml::from_str(text)?)?,
            "c" => weekly(toml::from_str(text)?)?,
            _ => return Err(Unreadable::Family(family)),
        };
        let document = Self { settings: solve.read(&model)?, runs: simulate.read()?, model };
        let states = document.model.digits().iter().try_fold(1, |all: usize, digit| {
            all.checked_mul(*digit).filter(|states| *states <= MOST_STATES)
        });
        let what = format!("with these lives and orders there are more than {MOST_STATES} states");
        range("life_days", states.is_some(), what)?;
        Ok(document)
    }
}

type Parts = (Model, SolveText, SimulateText);

fn lives(days: usize, least: usize) -> Result<(), Unreadable> {
    range("life_days", (least..=30).contains(&days), format!("must be {least} … 30"))
}

fn orders(field: &'static str, units: usize) -> Result<(), Unreadable> {
    range(field, (1..=200).contains(&units), "must be 1 … 200")
}

fn discounts(discount: f64) -> Result<(), Unreadable> {
    let what = "must be between 0 and 1; only 1 itself means the average of the long run";
    range("discount", discount > 0.0 && discount < 1.0, what)
}

fn single(text: &SingleText, is_a: bool) -> Result<Parts, Unreadable> {
    lives(text.life_days, 1)?;
    range("lead_days", (1..=7).contains(&text.lead_days), "must be 1 … 7")?;
    orders("most_order", text.most_order)?;
    let discount = match (text.discount, is_a) {
        (Some(discount), true) => {
            discounts(discount)?;
            discount
        }
        (None, true) => {
            return Err(Unreadable::Range {
                field: "discount",
                what: "family a needs one, e.g. 0.99".into(),
            });
        }
        (discount, false) => {
            let what = "family b1 has none: it is the average of the long run";
            range("discount", discount.is_none(), what)?;
            1.0
        }
    };
    let whole = is_a || (text.lead_days == 1 && text.issuing == Issuing::Fifo);
    range("issuing", whole, "family b1 issues \"fifo\" with lead_days 1")?;
    let cost = text.cost.read()?;
    range("cost.fixed_order", cost.fixed_order == 0.0, "only family c has one")?;
    let model = Single {
        life: text.life_days,
        lead: text.lead_days,
        most_order: text.most_order,
        issuing: text.issuing,
        demand: text.demand.read("demand")?,
        cost,
        discount,
    };
    let model = if is_a { Model::A(model) } else { Model::B1(model) };
    Ok((model, text.solve, text.simulate))
}

fn pair(text: &PairText) -> Result<Parts, Unreadable> {
    lives(text.life_days, 1)?;
    range("substitution", (0.0..=1.0).contains(&text.substitution), "must be 0 … 1")?;
    let product = |text: &ProductText, [most, money, demand]: [&'static str; 3]| {
        orders(most, text.most_order)?;
        range(money, text.order.is_finite() && text.price.is_finite(), "must be finite")?;
        let demand = text.demand.read(demand)?;
        let ProductText { most_order, order, price, .. } = *text;
        Ok::<_, Unreadable>(Product { demand, most_order, order, price })
    };
    let products = [
        product(&text.a, ["a.most_order", "a.price", "a.demand"])?,
        product(&text.b, ["b.most_order", "b.price", "b.demand"])?,
    ];
    let larger = products[0].most_order.max(products[1].most_order);
    let usual = text.life_days * (larger + 2);
    let most_demand = text.most_demand.unwrap_or(usual);
    let what = format!("must be {usual} … 2000");
    range("most_demand", (usual..=2000).contains(&most_demand), what)?;
    let model =
        Pair { life: text.life_days, products, substitution: text.substitution, most_demand };
    Ok((Model::B2(model), text.solve, text.simulate))
}

fn weekly(text: WeeklyText) -> Result<Parts, Unreadable> {
    lives(text.life_days, 2)?;
    orders("most_order", text.most_order)?;
    discounts(text.discount)?;
    let (life, week) = (text.life_days, &text.demand);
    let mut days = Vec::with_capacity(7);
    for (successes, mean) in week.successes.iter().zip(week.mean) {
        let day = Demand::negative_binomial(*successes, mean, week.most);
        days.push(day.map_err(|wrong| Unreadable::Demand { field: "demand", wrong })?);
    }
    let none = || Unreadable::Range { field: "demand", what: "needs seven weekdays".into() };
    let demand = days.try_into().map_err(|_| none())?;
    let cost = text.cost.read()?;
    range("cost.price", cost.price == 0.0, "family c has none")?;
    let model = Weekly {
        life,
        most_order: text.most_order,
        demand,
        arrival: text.arrival.read(life)?,
        order_up_to: text.order_up_to,
        cost,
        discount: text.discount,
    };
    Ok((Model::C(Box::new(model)), text.solve, text.simulate))
}

impl ArrivalText {
    fn read(self, life: usize) -> Result<Arrival, Unreadable> {
        let finite = |list: &[f64]| list.iter().all(|number| number.is_finite());
        match (self.shares, self.constant, self.slope) {
            (Some(shares), None, None) => {
                let good = shares.len() == life && shares.iter().all(|share| *share >= 0.0);
                let sum: f64 = shares.iter().sum();
                let what = "needs a share for each of 1 … life_days days left, summing to 1";
                range("arrival.shares", good && (sum - 1.0).abs() < 1e-6, what)?;
                Ok(Arrival::Shares(shares))
            }
            (None, Some(constant), slope) => {
                let slope = slope.unwrap_or_else(|| vec![0.0; constant.len()]);
                let good = constant.len() == life - 1 && slope.len() == life - 1;
                let what = "needs a number for each of 2 … life_days days left";
                range("arrival.constant", good && finite(&constant) && finite(&slope), what)?;
                Ok(Arrival::Logit { constant, slope })
            }
            _ => range("arrival", false, "give either shares, or constant and slope")
                .map(|()| Arrival::Shares(Vec::new())),
        }
    }
}

impl DemandText {
    fn read(&self, field: &'static str) -> Result<Demand, Unreadable> {
        let demand = match self {
            Self::Gamma { mean, variation, most } => Demand::gamma(*mean, *variation, *most),
            Self::Poisson { mean } => Demand::poisson(*mean),
            Self::NegativeBinomial { successes, mean, most } => {
                Demand::negative_binomial(*successes, *mean, *most)
            }
            Self::Table { probabilities } => Demand::table(probabilities),
        };
        demand.map_err(|wrong| Unreadable::Demand { field, wrong })
    }
}

impl CostText {
    fn read(&self) -> Result<Cost, Unreadable> {
        let Self { fixed_order, order, shortage, wastage, holding, price } = *self;
        let all = [fixed_order, order, shortage, wastage, holding, price];
        let good = all.iter().all(|money| (0.0..1e9).contains(money));
        range("cost", good, "every cost and price must be 0 or more")?;
        Ok(Cost { fixed_order, order, shortage, wastage, holding, price })
    }
}

impl SolveText {
    fn read(&self, model: &Model) -> Result<Settings, Unreadable> {
        let mut settings = Settings::of(model, self.rule.unwrap_or(Rule::Certified));
        if let Some(tolerance) = self.tolerance {
            range("solve.tolerance", tolerance > 0.0 && tolerance.is_finite(), "must be positive")?;
            settings.tolerance = tolerance;
        }
        if let Some(most) = self.most_iterations {
            range("solve.most_iterations", most > 0, "must be at least 1")?;
            settings.most_iterations = most;
        }
        Ok(settings)
    }
}

impl SimulateText {
    fn read(&self) -> Result<Runs, Unreadable> {
        let usual = Runs::default();
        let runs = Runs {
            replications: self.replications.unwrap_or(usual.replications),
            days: self.days.unwrap_or(usual.days),
            warm_up_days: self.warm_up_days.unwrap_or(usual.warm_up_days),
            seed: self.seed.unwrap_or(usual.seed),
        };
        range(
            "simulate.replications",
            (2..=10_000_000).contains(&runs.replications),
            "must be 2 … 10 000 000",
        )?;
        range("simulate.days", (1..=100_000).contains(&runs.days), "must be 1 … 100 000")?;
        Ok(runs)
    }
}
