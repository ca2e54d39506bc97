//! Where a problem is, and the form of the report.

use samband_exchange::cap::validate;
use serde_json::json;

use crate::cap::documents::{WHOLE, with};

#[test]
fn lines_and_columns_are_those_of_the_element() {
    let document = with("<value>0360</value>", "<value>0360</value><value>å</value>");
    let report = validate(document.as_bytes());
    let places: Vec<(usize, usize, &str)> =
        report.problems.iter().map(|one| (one.line, one.column, one.path.as_str())).collect();
    let line = WHOLE.lines().position(|line| line.contains("0360")).expect("there") + 1;
    let path = "/alert/info[1]/area[1]/geocode[1]/value";
    assert_eq!(places, [(line, 28, path)]);
}

#[test]
fn the_report_has_the_documented_form() {
    let document = with("<urgency>Immediate", "<urgency>Now");
    let document = document.replacen("<language>en-GB</language>", "", 1);
    let line = |what: &str| document.lines().position(|line| line.contains(what)).unwrap_or(0) + 1;
    let second = document.lines().enumerate().filter(|(_, line)| line.contains("<info>")).nth(1);
    assert_eq!(
        validate(document.as_bytes()).json(),
        json!({
            "valid": false,
            "version": "1.2",
            "errors": 1,
            "warnings": 1,
            "problems": [
                {
                    "code": "cap.value",
                    "severity": "error",
                    "path": "/alert/info[1]/urgency",
                    "line": line("<urgency>Now"),
                    "column": 5,
                    "text": "“Now” is none of Immediate, Expected, Future, Past, Unknown",
                    "remedy":
                        "Use one of the allowed words, spelled exactly so, without white space.",
                },
                {
                    "code": "cap.language_missing",
                    "severity": "warning",
                    "path": "/alert/info[2]",
                    "line": second.map_or(0, |(at, _)| at + 1),
                    "column": 3,
                    "text": "<language> is missing",
                    "remedy": "State the language; recipients assume en-US.",
                },
            ],
        })
    );
}

#[test]
fn nothing_is_known_of_what_cannot_be_read() {
    assert_eq!(
        validate(b"<alert").json(),
        json!({
            "valid": false,
            "version": null,
            "errors": 1,
            "warnings": 0,
            "problems": [{
                "code": "xml.form",
                "severity": "error",
                "path": "",
                "line": 1,
                "column": 1,
                "text": validate(b"<alert").problems[0].text,
                "remedy": "Make the document well-formed XML; nothing after this place was read.",
            }],
        })
    );
}

#[test]
fn a_problem_in_words_says_where_what_and_what_to_do() {
    let report = validate(with("<size>5", "<size>fem").as_bytes());
    let line = WHOLE.lines().position(|line| line.contains("<size>")).expect("there") + 1;
    assert_eq!(
        report.problems[0].to_string(),
        format!(
            "{line}:7: error cap.size /alert/info[1]/resource[1]/size: “fem” is no number of \
             bytes. Write the number of bytes."
        )
    );
}
