//! What a rule can say: a value of a known shape, and how it is written in a file.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::catalogue::Shape;

/// An age limit with its inclusivity, since "up to 50" and "under 50" are two rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Age {
    /// The limit in completed years.
    pub years: u8,
    /// Whether somebody of exactly that age is within the limit.
    pub inclusive: bool,
}

impl Age {
    /// Whether somebody of this age in completed years is within the limit.
    #[must_use]
    pub const fn holds(self, age: u8) -> bool {
        if self.inclusive { age <= self.years } else { age < self.years }
    }
}

/// A stretch of time in the unit that the rule states: a day ends at midnight, 24 hours do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Hours.
    Hours(u32),
    /// Calendar days.
    Days(u32),
    /// Calendar months.
    Months(u32),
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Calendar days.
    Days(u32),
    /// Hours.
    Hours(u32),
    /// Minutes.
    Minutes(u32),
    /// Calendar months.
    Months(u32),
    /// Completed years.
    Years(u32),
    /// So many of what the key counts.
    Count(u32),
    /// An age limit.
    Age(Age),
    /// A range in tenths of a degree Celsius; without a lower end "at most".
    Temperature {
        /// Lower end.
        min_tenths: Option<i16>,
        /// Upper end.
        max_tenths: i16,
    },
    /// Grams per litre.
    GramsPerLitre(u32),
    /// Kilograms.
    Kilograms(u32),
    /// Millilitres.
    Millilitres(u32),
    /// Yes or no.
    Flag(bool),
    /// One of the key's choices.
    Choice(String),
    /// Some of the key's choices, each once, in the key's order.
    List(Vec<String>),
}

/// Why a text is no value of a shape.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ValueError {
    /// The text does not fit the shape.
    #[error("“{text}” is not a value here: write {form}")]
    Form {
        /// What stood there.
        text: String,
        /// How to write it.
        form: String,
    },
    /// The unit is another.
    #[error("the unit “{text}” does not fit: write {units}")]
    Unit {
        /// What stood there.
        text: String,
        /// The units that fit.
        units: String,
    },
    /// Not one of the choices.
    #[error("“{text}” is not one of {choices}")]
    Choice {
        /// What stood there.
        text: String,
        /// The choices.
        choices: String,
    },
}

/// Largest number in a rule: a frozen red cell's thirty years in hours is below it.
const NUMBER_MAX: u32 = 1_000_000;

impl Shape {
    /// Reads a value as a file writes it.
    ///
    /// # Errors
    /// [`ValueError`] that says what to write instead.
    pub fn read(self, text: &str, unit: &str) -> Result<Value, ValueError> {
        let (text, unit) = (text.trim(), unit.trim());
        let units = self.units();
        let fits = if units.is_empty() { unit.is_empty() } else { units.contains(&unit) };
        if !fits {
            let units = if units.is_empty() { "no unit".into() } else { units.join(" | ") };
            return Err(ValueError::Unit { text: shown(unit), units });
        }
        let form = || ValueError::Form { text: shown(text), form: self.form().into() };
        let number = || whole(text).ok_or_else(form);
        Ok(match self {
            Self::Span if unit == "h" => Value::Hours(number()?),
            Self::Span if unit == "months" => Value::Months(number()?),
            Self::Days | Self::Span => Value::Days(number()?),
            Self::Hours => Value::Hours(number()?),
            Self::Minutes => Value::Minutes(number()?),
            Self::Months => Value::Months(number()?),
            Self::Years => Value::Years(number()?),
            Self::Count(_) => Value::Count(number()?),
            Self::GramsPerLitre => Value::GramsPerLitre(number()?),
            Self::Kilograms => Value::Kilograms(number()?),
            Self::Millilitres => Value::Millilitres(number()?),
            Self::Age => Value::Age(age(text).ok_or_else(form)?),
            Self::Temperature => temperature(text).ok_or_else(form)?,
            Self::Flag => match text {
                "yes" => Value::Flag(true),
                "no" => Value::Flag(false),
                _ => return Err(form()),
            },
            Self::Choice(among) => Value::Choice(chosen(text, among)?),
            Self::List(among) => list(text, among)?,
        })
    }

    /// Whether a value is of this shape.
    #[must_use]
    pub fn admits(self, value: &Value) -> bool {
        // What is written and read back unchanged is of the shape; nothing else is.
        self.read(&value.text(), value.unit(self)).as_ref() == Ok(value)
    }
}

/// At most eighty characters of what stood there, for a message.
fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

fn whole(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = if plain { text.parse().ok() } else { None };
    number.filter(|number| *number <= NUMBER_MAX)
}

fn age(text: &str) -> Option<Age> {
    let (inclusive, rest) = match text.strip_prefix("<=").or_else(|| text.strip_prefix('≤')) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('<')?),
    };
    let years = whole(rest.trim())?;
    Some(Age { years: u8::try_from(years).ok().filter(|years| *years <= 120)?, inclusive })
}

/// Tenths of a degree; a comma or a point, one decimal at most.
fn tenths(text: &str) -> Option<i16> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-').or_else(|| text.strip_prefix('−')) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (units, decimal) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let decimal = if decimal.len() == 1 { whole(decimal)? } else { return None };
    let all = whole(units).filter(|units| *units <= 300)? * 10 + decimal;
    let all = i16::try_from(all).ok()?;
    Some(if negative { -all } else { all })
}

fn temperature(text: &str) -> Option<Value> {
    let (min, max) = text.split_once("..")?;
    let min_tenths = if min.trim().is_empty() { None } else { Some(tenths(min)?) };
    let max_tenths = tenths(max)?;
    let ordered = min_tenths.is_none_or(|min| min <= max_tenths);
    ordered.then_some(Value::Temperature { min_tenths, max_tenths })
}

fn chosen(text: &str, among: &[&str]) -> Result<String, ValueError> {
    if among.contains(&text) {
        return Ok(text.to_owned());
    }
    Err(ValueError::Choice { text: shown(text), choices: among.join(" | ") })
}

/// An empty list is written as `none`, so that an empty field keeps meaning unknown.
fn list(text: &str, among: &[&str]) -> Result<Value, ValueError> {
    if text == "none" {
        return Ok(Value::List(Vec::new()));
    }
    let mut named = Vec::new();
    for part in text.split_whitespace() {
        named.push(chosen(part, among)?);
    }
    let in_order = among.iter().filter(|code| named.iter().any(|name| name == *code));
    let list: Vec<String> = in_order.map(|code| (*code).to_owned()).collect();
    if list.is_empty() || list.len() != named.len() {
        let form = "each choice once, with a space between; none for an empty list".into();
        return Err(ValueError::Form { text: shown(text), form });
    }
    Ok(Value::List(list))
}

impl Value {
    /// The value as a file writes it, without its unit.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Days(n)
            | Self::Hours(n)
            | Self::Minutes(n)
            | Self::Months(n)
            | Self::Years(n)
            | Self::Count(n)
            | Self::GramsPerLitre(n)
            | Self::Kilograms(n)
            | Self::Millilitres(n) => n.to_string(),
            Self::Age(Age { years, inclusive: true }) => format!("<={years}"),
            Self::Age(Age { years, inclusive: false }) => format!("<{years}"),
            Self::Temperature { min_tenths, max_tenths } => {
                let min = min_tenths.map(degrees).unwrap_or_default();
                format!("{min}..{}", degrees(*max_tenths))
            }
            Self::Flag(true) => "yes".into(),
            Self::Flag(false) => "no".into(),
            Self::Choice(code) => code.clone(),
            Self::List(codes) if codes.is_empty() => "none".into(),
            Self::List(codes) => codes.join(" "),
        }
    }

    /// The unit as a file writes it.
    #[must_use]
    pub fn unit(&self, shape: Shape) -> &'static str {
        match self {
            Self::Days(_) => "d",
            Self::Hours(_) => "h",
            Self::Months(_) => "months",
            _ => shape.units().first().copied().unwrap_or_default(),
        }
    }
}

fn degrees(tenths: i16) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let all = tenths.unsigned_abs();
    match all % 10 {
        0 => format!("{sign}{}", all / 10),
        decimal => format!("{sign}{}.{decimal}", all / 10),
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
