//! Words of a report. This room knows no catalogue: whoever prints a report lends one.

/// A language's catalogue. Every key that is asked for begins with `simulate-`.
pub trait Words {
    /// The language's code.
    fn lang(&self) -> &str;
    /// A text with its variables filled in.
    fn say(&self, key: &str, with: &[(&str, String)]) -> String;
    /// A number with so many digits after the point.
    fn number(&self, value: f64, digits: u8) -> String;
}

/// The keys themselves, for programs without a catalogue.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys;

impl Words for Keys {
    fn lang(&self) -> &str {
        "en"
    }

    fn say(&self, key: &str, with: &[(&str, String)]) -> String {
        let with: Vec<String> =
            with.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        format!("{key}{}", with.concat())
    }

    fn number(&self, value: f64, digits: u8) -> String {
        format!("{value:.0$}", usize::from(digits))
    }
}
