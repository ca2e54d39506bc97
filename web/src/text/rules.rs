//! Rules in words: what a rule is called, what its value says.

use samband_domain::Known;
use samband_domain::rulesets::{Heading, Key, Rule, Shape, Value};

use super::Words;

impl Words {
    /// What a rule is called.
    #[must_use]
    pub fn rule_name(self, key: Key) -> String {
        self.dynamic("rule-key-", &key.text().replace('.', "-"))
    }

    /// What rules are about.
    #[must_use]
    pub fn rule_heading(self, heading: Heading) -> String {
        self.dynamic("rule-heading-", heading.as_str())
    }

    /// What a rule says, the word for unknown included.
    #[must_use]
    pub fn rule_value(self, rule: &Rule) -> String {
        match &rule.value {
            Known::Value(value) => self.value_of(rule.key, value),
            Known::Unknown => self.unknown(),
        }
    }

    /// A value in words.
    #[must_use]
    pub fn value_of(self, key: Key, value: &Value) -> String {
        let number = |name: &str, n: u32| {
            let args = [("n", n.into()), ("plain", n.to_string().into())];
            self.t_args(&format!("rule-{name}"), &args)
        };
        match value {
            Value::Days(n) => number("value-days", *n),
            Value::Hours(n) => number("value-hours", *n),
            Value::Minutes(n) => number("value-minutes", *n),
            Value::Months(n) => number("value-months", *n),
            Value::Years(n) => number("value-years", *n),
            Value::Count(n) => number(&format!("count-{}", counted(key)), *n),
            Value::GramsPerLitre(n) => number("value-grams-per-litre", *n),
            Value::Kilograms(n) => number("value-kilograms", *n),
            Value::Millilitres(n) => number("value-millilitres", *n),
            Value::Age(age) if age.inclusive => number("value-age-inclusive", age.years.into()),
            Value::Age(age) => number("value-age-exclusive", age.years.into()),
            Value::Temperature { min_tenths: Some(min), max_tenths } => {
                let args = [("min", self.degrees(*min)), ("max", self.degrees(*max_tenths))];
                self.t_args("rule-value-temperature", &args.map(|(k, v)| (k, v.into())))
            }
            Value::Temperature { min_tenths: None, max_tenths } => {
                let max = self.degrees(*max_tenths).into();
                self.t_args("rule-value-temperature-most", &[("max", max)])
            }
            Value::Flag(true) => self.t("rule-value-yes"),
            Value::Flag(false) => self.t("rule-value-no"),
            Value::Choice(code) => self.dynamic("rule-code-", code),
            Value::List(codes) if codes.is_empty() => self.t("rule-value-none"),
            Value::List(codes) => {
                let codes: Vec<_> =
                    codes.iter().map(|code| self.dynamic("rule-code-", code)).collect();
                codes.join(", ")
            }
        }
    }

    fn degrees(self, tenths: i16) -> String {
        let decimals = u8::from(tenths % 10 != 0);
        self.decimal((tenths.into(), 10), decimals)
    }
}

/// The message key of what a rule counts: letters and digits of its unit.
fn counted(key: Key) -> String {
    match key.shape() {
        Shape::Count(unit) => unit.concat().chars().filter(char::is_ascii_alphanumeric).collect(),
        _ => String::new(),
    }
}
