//! What a reader of JSON or of a query says in English about a text that it cannot read, in the
//! reader's language.

use crate::text::{Arg, Words};

/// What stands in front of it, which the status and the code say already.
const FRONTS: [&str; 6] = [
    "Failed to deserialize the JSON body into the target type: ",
    "Failed to parse the request body as JSON: ",
    "Failed to deserialize query string: ",
    "Failed to deserialize form body: ",
    "Failed to deserialize form: ",
    "Failed to deserialize query: ",
];

/// The reason in words; texts that are not the reader's are left as they are.
pub(super) fn detail(w: Words, text: &str) -> String {
    let Some(said) = FRONTS.iter().find_map(|front| text.strip_prefix(front)) else {
        return text.to_owned();
    };
    let (said, place) = place(said);
    let (at, reason) = reason(w, said);
    let at = at.map(|field| w.t_args("detail-at", &[("field", field.into())]));
    let place = place.map(|(line, column)| {
        w.t_args("detail-place", &[("line", line.into()), ("column", column.into())])
    });
    let parts = [Some(reason), at, place];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `… at line 3 column 7` without its end, and the end.
fn place(text: &str) -> (&str, Option<(&str, &str)>) {
    let found = text.rsplit_once(" at line ").and_then(|(front, end)| {
        let (line, column) = end.split_once(" column ")?;
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (number(line) && number(column)).then_some((front, (line, column)))
    });
    found.map_or((text, None), |(front, place)| (front, Some(place)))
}

/// The field in which it stands, where one is named in front, and what is wrong there.
fn reason(w: Words, text: &str) -> (Option<&str>, String) {
    const KINDS: [(&str, &str); 4] = [
        ("missing field ", "detail-missing"),
        ("unknown field ", "detail-no-such-field"),
        ("duplicate field ", "detail-twice"),
        ("unknown variant ", "detail-no-such-value"),
    ];
    for (front, key) in KINDS {
        let Some(at) = text.find(front) else { continue };
        let mut quoted = text[at..].split('`').skip(1).step_by(2);
        let name = quoted.next().unwrap_or_default();
        let known: Vec<_> = quoted.collect();
        let args: [(&str, Arg<'_>); 3] =
            [("name", name.into()), ("known", known.join(", ").into()), ("n", known.len().into())];
        return (field(&text[..at]), w.t_args(key, &args));
    }
    for front in ["invalid type: ", "invalid value: ", "invalid length "] {
        let Some(at) = text.find(front) else { continue };
        return (field(&text[..at]), w.t("detail-wrong-kind"));
    }
    let json = ["expected ", "EOF ", "trailing ", "key must be", "control character", "invalid "];
    if json.iter().any(|front| text.starts_with(front)) {
        return (None, w.t("detail-no-json"));
    }
    // What a value of ours says of itself, after the field that it stands in.
    match text.split_once(": ") {
        Some((path, rest)) if !path.contains(' ') => (Some(path), rest.to_owned()),
        _ => (None, text.to_owned()),
    }
}

/// The path in front: `rows[0].unit: `.
fn field(front: &str) -> Option<&str> {
    front.strip_suffix(": ").filter(|path| !path.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> [String; 2] {
        [Words::sv(), Words::en()].map(|w| detail(w, text))
    }

    #[test]
    fn what_the_reader_of_json_says_is_said_in_both_languages() {
        let body = |text: &str| both(&format!("{}{text}", FRONTS[0]));
        assert_eq!(
            body("missing field `units` at line 1 column 20"),
            [
                "fältet units saknas, rad 1, kolumn 20",
                "the field units is missing, line 1, column 20"
            ]
        );
        assert_eq!(
            body("rows[0].unit: invalid type: integer `3`, expected a string at line 2 column 5")
                [0],
            "värdet är av fel slag, i rows[0].unit, rad 2, kolumn 5"
        );
        assert_eq!(
            body("unknown variant `x`, expected one of `a`, `b` at line 1 column 9")[0],
            "värdet ”x” finns inte (möjliga: a, b), rad 1, kolumn 9"
        );
        let broken = both(&format!("{}expected value at line 1 column 1", FRONTS[1]));
        assert_eq!(broken[0], "det är inte JSON, rad 1, kolumn 1");
        assert_eq!(broken[1], "it is not JSON, line 1, column 1");
    }

    #[test]
    fn other_texts_are_left_as_they_are() {
        for text in ["format: pdf", "O RhD neg: 12", ""] {
            assert_eq!(both(text), [text, text]);
        }
    }
}
