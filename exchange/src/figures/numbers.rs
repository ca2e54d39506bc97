//! Counts as people write them. What could mean two things is not guessed.

use samband_domain::Known;

use super::{AMBIGUOUS, DECIMAL, NEGATIVE, NUMBER, PERCENT, TOO_LARGE};
use crate::fold::is_space;

/// Ways to leave a figure open.
const UNKNOWN: &[&str] =
    &["", "okänt", "okänd", "unknown", "uppgift saknas", "saknas", "n/a", "-", "–", "—", "..", "…"];

/// A count, unknown, or the code of what is wrong with the text.
pub(super) fn count(text: &str) -> Result<Known<u64>, &'static str> {
    let text = text.trim_matches(is_space);
    if UNKNOWN.contains(&text.to_lowercase().as_str()) {
        return Ok(Known::Unknown);
    }
    if let Some(number) = text.strip_suffix('%') {
        return Err(if numeric(number) { PERCENT } else { NUMBER });
    }
    if let Some(number) = text.strip_prefix(['-', '−', '–']) {
        return Err(if numeric(number) { NEGATIVE } else { NUMBER });
    }
    if text.contains(['.', ',']) {
        return Err(separated(text));
    }
    digits(text).map(Known::Value)
}

fn numeric(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let fits = |c: char| c.is_ascii_digit() || is_space(c) || c == '.' || c == ',';
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(fits)
}

/// Digits, in groups of three if they are grouped at all.
fn digits(text: &str) -> Result<u64, &'static str> {
    let groups: Vec<&str> = text.split(is_space).collect();
    let plain = |group: &str| !group.is_empty() && group.bytes().all(|c| c.is_ascii_digit());
    let grouped = groups.len() == 1
        || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    if !grouped || !groups.iter().all(|group| plain(group)) {
        return Err(NUMBER);
    }
    groups.concat().parse().map_err(|_| TOO_LARGE)
}

/// What is wrong with a number that holds points or commas: `157.223` is thousands in one country
/// and decimals in another.
fn separated(text: &str) -> &'static str {
    if !numeric(text) {
        return NUMBER;
    }
    let parts: Vec<&str> = text.split(['.', ',']).collect();
    let one_kind = !(text.contains('.') && text.contains(','));
    let thousands = parts[0].len() <= 3 && parts[1..].iter().all(|part| part.len() == 3);
    if one_kind && thousands { AMBIGUOUS } else { DECIMAL }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_are_read_with_every_space_that_groups_digits() {
        for text in [
            "157223",
            " 157 223 ",
            "157\u{a0}223",
            "157\u{202f}223",
            "157\u{2009}223",
            "157\u{2007}223",
        ] {
            assert_eq!(count(text), Ok(Known::Value(157_223)), "{text:?}");
        }
        assert_eq!(count("0"), Ok(Known::Value(0)));
        assert_eq!(count("1 428 626"), Ok(Known::Value(1_428_626)));
    }

    #[test]
    fn an_open_figure_is_unknown_and_never_zero() {
        for text in ["", " ", "okänt", "Okänt", "unknown", "-", "–", "..", "…", "n/a"] {
            assert_eq!(count(text), Ok(Known::Unknown), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_count_says_why() {
        for (text, code) in [
            ("157.223", AMBIGUOUS),
            ("157,223", AMBIGUOUS),
            ("1.428.626", AMBIGUOUS),
            ("12,5", DECIMAL),
            ("12.50", DECIMAL),
            ("1,428.50", DECIMAL),
            ("1.66", DECIMAL),
            ("-5", NEGATIVE),
            ("−5", NEGATIVE),
            ("- 5", NEGATIVE),
            ("5 %", PERCENT),
            ("2,50 %", PERCENT),
            ("ca 500", NUMBER),
            ("1e5", NUMBER),
            ("15 72 23", NUMBER),
            ("157  223", NUMBER),
            ("1572 233", NUMBER),
            ("157 223*", NUMBER),
            ("٣", NUMBER),
            ("#N/A", NUMBER),
            ("99999999999999999999", TOO_LARGE),
        ] {
            assert_eq!(count(text), Err(code), "{text:?}");
        }
    }

    fn grouped(value: u64, space: char) -> String {
        let digits = value.to_string();
        let first = digits.len() % 3;
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && i % 3 == first {
                text.push(space);
            }
            text.push(digit);
        }
        text
    }

    proptest! {
        #[test]
        fn every_count_is_read_back(value: u64, space in prop::sample::select(
            vec![' ', '\u{a0}', '\u{202f}', '\u{2009}'],
        )) {
            prop_assert_eq!(count(&value.to_string()), Ok(Known::Value(value)));
            prop_assert_eq!(count(&grouped(value, space)), Ok(Known::Value(value)));
            prop_assert_eq!(count(&format!("-{value}")), Err(NEGATIVE));
            prop_assert_eq!(count(&format!("{value} %")), Err(PERCENT));
        }

        #[test]
        fn no_text_is_a_count_by_accident(text in ".*") {
            if let Ok(Known::Value(value)) = count(&text) {
                let digits: String = text.chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(digits.parse::<u64>(), Ok(value));
            }
        }
    }
}
