//! Casualties to units.

use serde::Serialize;

use super::parameters::{Curve, Parameter, Parameters};

/// A number of people known as a range: at least, at most.
pub type Span = (u32, u32);

/// Who is hurt, as far as anybody has said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Casualties {
    /// In all.
    pub total: Span,
    /// Immediate and urgent together; none if nobody has counted them.
    pub serious: Option<Span>,
    /// Delayed; none if nobody has counted them.
    pub delayed: Option<Span>,
    /// Massive transfusions that run; none if nobody has said.
    pub massive: Option<u32>,
}

/// A component that is reckoned with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Blood {
    /// Red cells.
    RedCells,
    /// Plasma.
    Plasma,
    /// Platelets.
    Platelets,
}

impl Blood {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::RedCells, Self::Plasma, Self::Platelets];

    /// As text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RedCells => "red_cells",
            Self::Plasma => "plasma",
            Self::Platelets => "platelets",
        }
    }

    /// Per hundred admitted: low, plan, high; and for one massive transfusion.
    const fn parameters(self) -> ([Parameter; 3], Parameter) {
        use Parameter as P;
        match self {
            Self::RedCells => {
                ([P::LowRedCells, P::PlanRedCells, P::HighRedCells], P::MassiveRedCells)
            }
            Self::Plasma => ([P::LowPlasma, P::PlanPlasma, P::HighPlasma], P::MassivePlasma),
            Self::Platelets => {
                ([P::LowPlatelets, P::PlanPlatelets, P::HighPlatelets], P::MassivePlatelets)
            }
        }
    }
}

/// A number of units as a range with what is planned by.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
pub struct Ranged {
    /// At least.
    pub low: f64,
    /// To plan by.
    pub plan: f64,
    /// At most.
    pub high: f64,
}

impl Ranged {
    /// The same with every end changed.
    #[must_use]
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self { low: change(self.low), plan: change(self.plan), high: change(self.high) }
    }

    /// Whole units; half a unit is one.
    #[must_use]
    pub fn whole(self) -> Self {
        self.map(f64::round)
    }

    fn tenths(self) -> Self {
        self.map(|value| (value * 10.0).round() / 10.0)
    }
}

/// One hour of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HourReport {
    /// Hours since it happened.
    pub hour: u32,
    /// Red cells used until then.
    pub red_cells: Ranged,
    /// Plasma used until then.
    pub plasma: Ranged,
    /// Platelets used until then.
    pub platelets: Ranged,
}

/// A curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurveReport {
    /// Which.
    pub curve: Curve,
    /// Hour by hour.
    pub hours: Vec<HourReport>,
}

/// What is needed. Units are whole here; half a unit is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Who is hurt.
    pub casualties: Casualties,
    /// Admitted: at least, to plan by, at most.
    pub admitted: Ranged,
    /// Patients with massive transfusion: observed, or as a share.
    pub massive: Ranged,
    /// By those admitted (E1): red cells.
    pub by_admitted: Ranged,
    /// By those with massive transfusion (E2): red cells.
    pub by_massive: Ranged,
    /// Red cells, both ways together.
    pub red_cells: Ranged,
    /// Plasma.
    pub plasma: Ranged,
    /// Platelets.
    pub platelets: Ranged,
    /// Of the red cells, group O.
    pub group_o: Ranged,
    /// Red cells that will be ordered if the plan is used: at least, at most.
    pub orders: (f64, f64),
    /// By which curves it comes.
    pub curves: Vec<CurveReport>,
    /// What all of it rests on.
    pub parameters: Parameters,
    #[serde(skip)]
    exact: [Ranged; 3],
}

/// The middle of a range, the larger half where it does not divide.
fn middle((least, most): Span) -> f64 {
    f64::from(least.midpoint(most).max(least.saturating_add(most).div_ceil(2)))
}

fn ranged(span: Span) -> Ranged {
    Ranged { low: f64::from(span.0), plan: middle(span), high: f64::from(span.1) }
}

fn admitted(casualties: &Casualties, parameters: &Parameters) -> Ranged {
    let share =
        |of: Span, parameter| ranged(of).map(|n| n * parameters.number(parameter) / 1_000.0);
    match casualties.serious {
        None => share(casualties.total, Parameter::Admitted),
        Some(serious) => {
            let more = casualties.delayed.map(|n| share(n, Parameter::DelayedAdmitted));
            let (serious, more) = (ranged(serious), more.unwrap_or_default());
            Ranged {
                low: serious.low + more.low,
                plan: serious.plan + more.plan,
                high: serious.high + more.high,
            }
        }
    }
}

fn massive(casualties: &Casualties, parameters: &Parameters) -> Ranged {
    if let Some(seen) = casualties.massive {
        return Ranged { low: seen.into(), plan: seen.into(), high: seen.into() };
    }
    let all = ranged(casualties.total);
    let low = parameters.number(Parameter::MassiveLow) / 1_000.0;
    let high = parameters.number(Parameter::MassiveHigh) / 1_000.0;
    Ranged { low: all.low * low, plan: all.plan * low.midpoint(high), high: all.high * high }
}

/// Works out what is needed.
#[must_use]
pub fn estimate(casualties: Casualties, parameters: Parameters) -> Estimate {
    let (in_care, in_massive) =
        (admitted(&casualties, &parameters), massive(&casualties, &parameters));
    let both = |blood: Blood| {
        let ([low, plan, high], each) = blood.parameters();
        let per = |parameter, admitted: f64| parameters.number(parameter) / 100.0 * admitted;
        let first = Ranged {
            low: per(low, in_care.low),
            plan: per(plan, in_care.plan),
            high: per(high, in_care.high),
        };
        let second = in_massive.map(|patients| patients * parameters.number(each));
        (first, second)
    };
    // A range holds what either way says; the plan is the first way's, unless massive transfusions
    // were seen and ask for more.
    let joined = |blood: Blood| {
        let (first, second) = both(blood);
        let plan = match casualties.massive {
            Some(_) => first.plan.max(second.plan),
            None => first.plan,
        };
        let (low, high) = (first.low.min(second.low), first.high.max(second.high));
        Ranged { low: low.min(plan), plan, high: high.max(plan) }
    };
    let exact = Blood::ALL.map(joined);
    let (by_admitted, by_massive) = both(Blood::RedCells);
    let orders = |parameter| (exact[0].plan * parameters.number(parameter) / 10.0).round();
    let group_o = exact[0].map(|units| units * parameters.number(Parameter::GroupO) / 1_000.0);
    let mut all = Estimate {
        casualties,
        admitted: in_care.tenths(),
        massive: in_massive.tenths(),
        by_admitted: by_admitted.whole(),
        by_massive: by_massive.whole(),
        red_cells: exact[0].whole(),
        plasma: exact[1].whole(),
        platelets: exact[2].whole(),
        group_o: group_o.whole(),
        orders: (orders(Parameter::OrdersLow), orders(Parameter::OrdersHigh)),
        curves: Vec::new(),
        parameters,
        exact,
    };
    all.curves = Curve::ALL.map(|curve| all.curve(curve)).into();
    all
}

impl Estimate {
    /// What is used of a component within a day.
    #[must_use]
    pub fn of(&self, blood: Blood) -> Ranged {
        self.exact[Blood::ALL.iter().position(|one| *one == blood).unwrap_or(0)]
    }

    /// What is used of a component until an hour, by a curve.
    #[must_use]
    pub fn until(&self, blood: Blood, curve: Curve, hours: u32) -> Ranged {
        let share = self.parameters.share(curve, f64::from(hours));
        self.of(blood).map(|units| units * share)
    }

    fn curve(&self, curve: Curve) -> CurveReport {
        let hour = |hour: u32| HourReport {
            hour,
            red_cells: self.until(Blood::RedCells, curve, hour).tenths(),
            plasma: self.until(Blood::Plasma, curve, hour).tenths(),
            platelets: self.until(Blood::Platelets, curve, hour).tenths(),
        };
        CurveReport { curve, hours: (0..=24).map(hour).collect() }
    }
}
