//! What is reckoned with, and where each number comes from.

use std::collections::BTreeMap;

use samband_domain::rulesets::{InForce, Key, Value, key};
use serde::{Serialize, Serializer};

macro_rules! parameters {
    ($($(#[$doc:meta])* $Name:ident = $KEY:ident, $default:literal, $source:literal;)*) => {
        /// A number that the estimate rests on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Parameter { $($(#[$doc])* $Name),* }

        impl Parameter {
            /// Every parameter.
            pub const ALL: &'static [Self] = &[$(Self::$Name),*];

            /// The rule that states it.
            #[must_use]
            pub const fn key(self) -> Key {
                match self { $(Self::$Name => key::$KEY),* }
            }

            /// The proposal where no rule states it.
            #[must_use]
            pub const fn proposed(self) -> u32 {
                match self { $(Self::$Name => $default),* }
            }

            /// Where the proposal comes from.
            #[must_use]
            pub const fn source(self) -> &'static str {
                match self { $(Self::$Name => $source),* }
            }
        }
    };
}

parameters! {
    /// Share of all casualties who are admitted, in thousandths, where no class is counted.
    Admitted = CASUALTY_BLOOD_ADMITTED_PERMILLE, 500,
        "UK planning split 25/25/50 (Duncan 2014; Bayram 2011)";
    /// Share of the delayed who are admitted, in thousandths.
    DelayedAdmitted = CASUALTY_BLOOD_P3_ADMITTED_PERMILLE, 0,
        "UK planning split 25/25/50 (Duncan 2014; Bayram 2011)";
    /// Red cells for 100 admitted, lower end.
    LowRedCells = CASUALTY_BLOOD_LOW_RED_CELLS, 180, "Ramsey 2020, median of 32 events";
    /// Plasma for 100 admitted, lower end.
    LowPlasma = CASUALTY_BLOOD_LOW_PLASMA, 60, "Ramsey 2020, median of 32 events";
    /// Platelets for 100 admitted, lower end.
    LowPlatelets = CASUALTY_BLOOD_LOW_PLATELETS, 14, "Ramsey 2020, median of 32 events";
    /// Red cells for 100 admitted, to plan by.
    PlanRedCells = CASUALTY_BLOOD_PLAN_RED_CELLS, 300, "Ramsey 2020, plan event-wide 3/1/0.25";
    /// Plasma for 100 admitted, to plan by.
    PlanPlasma = CASUALTY_BLOOD_PLAN_PLASMA, 100, "Ramsey 2020, plan event-wide 3/1/0.25";
    /// Platelets for 100 admitted, to plan by.
    PlanPlatelets = CASUALTY_BLOOD_PLAN_PLATELETS, 25, "Ramsey 2020, plan event-wide 3/1/0.25";
    /// Red cells for 100 admitted, upper end.
    HighRedCells = CASUALTY_BLOOD_HIGH_RED_CELLS, 500, "Ramsey 2017, covers 87 % of events";
    /// Plasma for 100 admitted, upper end.
    HighPlasma = CASUALTY_BLOOD_HIGH_PLASMA, 400, "Ramsey 2020, plan of a trauma centre 6/4/0.5";
    /// Platelets for 100 admitted, upper end.
    HighPlatelets = CASUALTY_BLOOD_HIGH_PLATELETS, 50,
        "Ramsey 2020, plan of a trauma centre 6/4/0.5";
    /// Red cells for one massive transfusion.
    MassiveRedCells = CASUALTY_BLOOD_MASSIVE_RED_CELLS, 35, "Ramsey 2017";
    /// Plasma for one massive transfusion.
    MassivePlasma = CASUALTY_BLOOD_MASSIVE_PLASMA, 17, "Ramsey 2017";
    /// Platelets for one massive transfusion.
    MassivePlatelets = CASUALTY_BLOOD_MASSIVE_PLATELETS, 5, "Ramsey 2017";
    /// Share of casualties with massive transfusion, in thousandths, lower end.
    MassiveLow = CASUALTY_BLOOD_MASSIVE_LOW_PERMILLE, 47, "Soffer 2008, Tel Aviv: 4.7 %";
    /// Share of casualties with massive transfusion, in thousandths, upper end.
    MassiveHigh = CASUALTY_BLOOD_MASSIVE_HIGH_PERMILLE, 60, "Martinez 2020, Paris: 6 %";
    /// Orders against use in tenths, lower end.
    OrdersLow = CASUALTY_BLOOD_ORDERS_LOW_TENTHS, 22, "Glasgow 2012, London 2005: 2.2 times";
    /// Orders against use in tenths, upper end.
    OrdersHigh = CASUALTY_BLOOD_ORDERS_HIGH_TENTHS, 30, "Glasgow 2012, London 2005: 3 times";
    /// Share of group O among the red cells, in thousandths.
    GroupO = CASUALTY_BLOOD_GROUP_O_PERMILLE, 500, "Soffer 2008, Tel Aviv: 50 %";
    /// Share of that which is RhD negative where age and sex decide, in thousandths.
    NegativeByAge = CASUALTY_BLOOD_O_NEG_BY_AGE_PERMILLE, 300,
        "assumed: women and girls within the age limit are three in ten";
    /// How fast it is used after an explosion or in a city, in hundred-thousandths per hour.
    Blast = CASUALTY_BLOOD_CURVE_BLAST, 65_467, "Dann 2007, Israel: 73 % within 2 h";
    /// How fast it is used in between, in hundred-thousandths per hour.
    Middle = CASUALTY_BLOOD_CURVE_MIDDLE, 34_645, "Soffer 2008, Tel Aviv: half within 2 h";
    /// How fast it is used where there are several scenes, in hundred-thousandths per hour.
    MultiSite = CASUALTY_BLOOD_CURVE_MULTI_SITE, 9_615, "Martinez 2020, Paris: 47.5 % at 6 h";
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key().text())
    }
}

/// A parameter as it is reckoned with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Its value, in the unit of its rule.
    pub value: u32,
    /// Where it comes from.
    pub source: String,
    /// Whether a region's rule set states it; otherwise it is a proposal of this program.
    pub by_rule: bool,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<Parameter, Said>);

impl Default for Parameters {
    fn default() -> Self {
        Self::of(None)
    }
}

impl Parameters {
    /// The parameters of a region: its rules where they say something, the proposals elsewhere.
    #[must_use]
    pub fn of(rules: Option<&InForce>) -> Self {
        let one = |parameter: &Parameter| {
            let rule = rules.and_then(|rules| rules.set.rules.get(&parameter.key()));
            let said = match rule.map(|rule| (rule.value.as_ref().value(), &rule.source)) {
                Some((Some(Value::Count(value)), source)) => {
                    Said { value: *value, source: source.clone(), by_rule: true }
                }
                _ => Said {
                    value: parameter.proposed(),
                    source: parameter.source().to_owned(),
                    by_rule: false,
                },
            };
            (*parameter, said)
        };
        Self(Parameter::ALL.iter().map(one).collect())
    }

    /// A parameter.
    #[must_use]
    pub fn get(&self, parameter: Parameter) -> &Said {
        &self.0[&parameter]
    }

    /// Every parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (Parameter, &Said)> {
        self.0.iter().map(|(parameter, said)| (*parameter, said))
    }

    pub(super) fn number(&self, parameter: Parameter) -> f64 {
        f64::from(self.get(parameter).value)
    }

    /// The share used within so many hours, of what is used within a day.
    #[must_use]
    pub fn share(&self, curve: Curve, hours: f64) -> f64 {
        let k = self.number(curve.parameter()) / 100_000.0;
        let hours = hours.clamp(0.0, 24.0);
        // Without a pace, it is used evenly over the day.
        if k == 0.0 { hours / 24.0 } else { (1.0 - (-k * hours).exp()) / (1.0 - (-k * 24.0).exp()) }
    }
}

/// How fast blood is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// After an explosion, or in a city.
    Blast,
    /// In between.
    #[default]
    Middle,
    /// Several scenes.
    MultiSite,
}

impl Curve {
    /// The fastest first.
    pub const ALL: [Self; 3] = [Self::Blast, Self::Middle, Self::MultiSite];

    /// The curve as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blast => "blast",
            Self::Middle => "middle",
            Self::MultiSite => "multi_site",
        }
    }

    /// The curve with a text.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text.replace('-', "_"))
    }

    const fn parameter(self) -> Parameter {
        match self {
            Self::Blast => Parameter::Blast,
            Self::Middle => Parameter::Middle,
            Self::MultiSite => Parameter::MultiSite,
        }
    }
}
