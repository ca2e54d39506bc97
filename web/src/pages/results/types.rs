//! Types beyond the group, as laboratories write them: HLA `A2`, `A*02:01`; HPA `1a+`, `1b-`.

use samband_domain::blood::model::Hpa;
use samband_domain::words::Code;

/// HLA types with spaces between; none if one of them is none.
pub(super) fn read_hla(text: &str) -> Option<Vec<Code>> {
    let one = |word: &str| {
        let word = word.to_lowercase();
        let word = word.trim_start_matches("hla-").replace(['*', ':'], "-");
        let named = word.starts_with(|c: char| c.is_ascii_lowercase());
        let numbered = word.ends_with(|c: char| c.is_ascii_digit());
        Code::new(&word).ok().filter(|_| named && numbered)
    };
    words(text).map(one).collect()
}

/// A type as it was written.
pub(super) fn hla_text(code: &Code) -> String {
    let text = code.as_str().to_uppercase();
    match text.split_once('-') {
        Some((locus, fields)) => format!("{locus}*{}", fields.replace('-', ":")),
        None => text,
    }
}

/// Platelet antigens, each with `+` if it was found and `-` if it was not; none if one of them
/// says neither.
pub(super) fn read_hpa(text: &str) -> Option<Vec<(Hpa, bool)>> {
    let one = |word: &str| {
        let word = word.to_lowercase();
        let word = word.trim_start_matches("hpa-");
        let (name, found) = match word.strip_suffix('+') {
            Some(name) => (name, true),
            None => (word.strip_suffix(['-', '−'])?, false),
        };
        Some((name.parse().ok()?, found))
    };
    words(text).map(one).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',', ';', '\n', '\r', '\t']).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hla_types_come_back_as_they_were_written() {
        let read = read_hla("A2, HLA-B7 A*02:01").expect("three types");
        let shown: Vec<_> = read.iter().map(hla_text).collect();
        assert_eq!(shown, ["A2", "B7", "A*02:01"]);
        for text in ["A", "2", "A*", "A2 !"] {
            assert_eq!(read_hla(text), None, "{text}");
        }
    }

    #[test]
    fn a_platelet_antigen_without_its_sign_is_no_result() {
        let read = read_hpa("1a+ HPA-1b− 5b-").expect("three results");
        assert_eq!(read, [(Hpa::Hpa1a, true), (Hpa::Hpa1b, false), (Hpa::Hpa5b, false)]);
        assert_eq!(read_hpa(""), Some(Vec::new()));
        for text in ["1a", "9z+", "+", "1a+ 1b"] {
            assert_eq!(read_hpa(text), None, "{text}");
        }
    }
}
