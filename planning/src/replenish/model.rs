//! What can be replenished: the families of models, their states and a day's rewards.

use super::demand::Demand;

/// Which unit leaves first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Issuing {
    /// Oldest first.
    Fifo,
    /// Newest first: what a ward does that wants fresh units.
    Lifo,
}

/// Costs and prices, in one unit of money of the user's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// Per order that is not zero.
    pub fixed_order: f64,
    /// Per unit ordered.
    pub order: f64,
    /// Per unit asked for and not there.
    pub shortage: f64,
    /// Per unit that expires.
    pub wastage: f64,
    /// Per unit left at the end of a day.
    pub holding: f64,
    /// Earned per unit issued.
    pub price: f64,
}

/// Families A and B1: one product, fixed life on arrival.
#[derive(Clone, Debug, PartialEq)]
pub struct Single {
    /// Days a unit can be issued, counted from its arrival.
    pub life: usize,
    /// Days from an order until its units can be issued, at least 1.
    pub lead: usize,
    /// The largest order, in units; also the most units of one age.
    pub most_order: usize,
    /// Which unit leaves first.
    pub issuing: Issuing,
    /// A day's demand.
    pub demand: Demand,
    /// Costs and prices; holding is paid for units left that do not expire that day.
    pub cost: Cost,
    /// What a cost of tomorrow counts today; 1 for the average of the long run.
    pub discount: f64,
}

/// Family B2: two products with the same life; who finds no B may take A.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Days a unit can be issued, counted from its arrival.
    pub life: usize,
    /// Products A and B.
    pub products: [Product; 2],
    /// Probability that a customer who finds no B asks for A.
    pub substitution: f64,
    /// Beyond this, demand is left out where substitution is reckoned.
    pub most_demand: usize,
}

/// One of two products.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// A day's demand.
    pub demand: Demand,
    /// The largest order, in units.
    pub most_order: usize,
    /// Cost per unit ordered.
    pub order: f64,
    /// Earned per unit issued.
    pub price: f64,
}

/// Family C: orders arrive at once, with ages that vary; demand follows the weekday.
#[derive(Clone, Debug, PartialEq)]
pub struct Weekly {
    /// Days a unit can be issued if it arrives fresh, at least 2.
    pub life: usize,
    /// The largest order, and the most units of one age that are kept: more are refused.
    pub most_order: usize,
    /// A day's demand, Monday to Sunday.
    pub demand: [Demand; 7],
    /// Remaining life on arrival.
    pub arrival: Arrival,
    /// If given, orders only up to so many units in all.
    pub order_up_to: Option<usize>,
    /// Costs; holding is paid for all units left, also those that expire that day.
    pub cost: Cost,
    /// What a cost of tomorrow counts today.
    pub discount: f64,
}

/// How long the units of an order can be issued.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrival {
    /// Shares by days left, 1 … life.
    Shares(Vec<f64>),
    /// Multinomial logit: 0 for one day left, constant + slope · order for 2 … life days.
    Logit {
        /// c0 for 2 … life days.
        constant: Vec<f64>,
        /// c1 for 2 … life days.
        slope: Vec<f64>,
    },
}

/// A model of any family.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// Family A.
    A(Single),
    /// Family B1.
    B1(Single),
    /// Family B2.
    B2(Pair),
    /// Family C.
    C(Box<Weekly>),
}

/// The digits of a state's number, most significant first.
#[must_use]
pub fn split(mut number: usize, digits: &[usize]) -> Vec<usize> {
    let mut parts = vec![0; digits.len()];
    for (part, size) in parts.iter_mut().zip(digits).rev() {
        *part = number % size;
        number /= size;
    }
    parts
}

impl Single {
    /// How many values each digit of a state takes: in transit, then on hand, latest first.
    #[must_use]
    pub fn digits(&self) -> Vec<usize> {
        vec![self.most_order + 1; self.lead - 1 + self.life]
    }

    /// Expected reward of a day with so many units, without the cost of the order.
    #[must_use]
    pub fn day(&self, oldest: usize, others: usize) -> f64 {
        let (demand, cost, all) = (&self.demand, &self.cost, oldest + others);
        let (held, expired) = match self.issuing {
            Issuing::Fifo => (demand.left_of(all) - demand.left_of(oldest), demand.left_of(oldest)),
            Issuing::Lifo => (demand.left_of(others), demand.left_of(all) - demand.left_of(others)),
        };
        let short = demand.short_of(all);
        cost.price * (demand.mean() - short)
            - cost.shortage * short
            - cost.wastage * expired
            - cost.holding * held
    }
}

impl Pair {
    /// How many values each digit of a state takes: A freshest first, then B.
    #[must_use]
    pub fn digits(&self) -> Vec<usize> {
        let of = |product: &Product| vec![product.most_order + 1; self.life];
        self.products.iter().flat_map(of).collect()
    }
}

impl Weekly {
    /// How many values each digit of a state takes: weekday, then on hand, freshest first.
    #[must_use]
    pub fn digits(&self) -> Vec<usize> {
        let mut digits = vec![self.most_order + 1; self.life];
        digits[0] = 7;
        digits
    }

    /// Shares of an order by days left, most first.
    #[must_use]
    pub fn shares(&self, order: usize) -> Vec<f64> {
        let mut weights = match &self.arrival {
            Arrival::Shares(shares) => shares.clone(),
            Arrival::Logit { constant, slope } => {
                let logit =
                    |(constant, slope): (&f64, &f64)| (constant + slope * order as f64).exp();
                std::iter::once(1.0).chain(constant.iter().zip(slope).map(logit)).collect()
            }
        };
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
        weights.reverse();
        weights
    }

    /// Whether the shares are the same whatever the order.
    #[must_use]
    pub fn is_exogenous(&self) -> bool {
        match &self.arrival {
            Arrival::Shares(_) => true,
            Arrival::Logit { slope, .. } => slope.iter().all(|slope| *slope == 0.0),
        }
    }
}

impl Model {
    /// The one-letter name of the family.
    #[must_use]
    pub fn family(&self) -> &'static str {
        match self {
            Self::A(_) => "a",
            Self::B1(_) => "b1",
            Self::B2(_) => "b2",
            Self::C(_) => "c",
        }
    }

    /// How many values each digit of a state takes.
    #[must_use]
    pub fn digits(&self) -> Vec<usize> {
        match self {
            Self::A(single) | Self::B1(single) => single.digits(),
            Self::B2(pair) => pair.digits(),
            Self::C(weekly) => weekly.digits(),
        }
    }
}
