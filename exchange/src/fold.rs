//! One spelling for words that people spell in many ways.

/// Letters and digits only, in lower case, without marks: `Invånare 18–64 år` is `invanare1864ar`.
pub(crate) fn fold(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase);
    lower
        .filter(|c| c.is_alphanumeric())
        .map(|c| match c {
            'å' | 'ä' | 'à' | 'á' => 'a',
            'ö' | 'ø' => 'o',
            'é' | 'è' => 'e',
            'ü' => 'u',
            other => other,
        })
        .collect()
}

/// White space as people and spreadsheets write it, also the kinds that group digits.
pub(crate) fn is_space(c: char) -> bool {
    // Zero-width characters and the byte-order mark are not white space to Unicode, but nobody
    // sees them in a cell.
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// At most as much of a cell as a message shows.
pub(crate) fn shown(text: &str) -> String {
    const MAX: usize = 80;
    let text = text.trim_matches(is_space);
    if text.chars().count() <= MAX {
        return text.to_owned();
    }
    text.chars().take(MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spacing_dashes_and_marks_do_not_matter() {
        for text in ["Invånare 18–64 år", "INVÅNARE 18-64 ÅR", "inva\u{30a}nare_18—64 år"]
        {
            assert_eq!(fold(text), "invanare1864ar", "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_short_and_cut_between_characters() {
        assert_eq!(shown(" \u{feff}å "), "å");
        assert_eq!(shown(&"å".repeat(200)).chars().count(), 80);
    }
}
