//! Bytes to text: UTF-8, and with a warning Latin-1 and UTF-16, as older systems write.

use super::{At, problem};
use crate::cap::problem::{Code, Problem};

/// The text of a document, perhaps with a warning, or why it cannot be read.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<Problem>), Problem> {
    let start = At { line: 1, column: 1 };
    let other = |name: &str| problem(Code::XmlOtherEncoding, start, format!("it is in {name}"));
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest).map(|text| (text, None)),
        [0xFF, 0xFE, rest @ ..] => {
            utf16(rest, u16::from_le_bytes).map(|text| (text, Some(other("UTF-16"))))
        }
        [0xFE, 0xFF, rest @ ..] => {
            utf16(rest, u16::from_be_bytes).map(|text| (text, Some(other("UTF-16"))))
        }
        _ => {
            let declared = declared(bytes).to_ascii_lowercase();
            match declared.as_str() {
                "" | "utf-8" | "utf8" => utf8(bytes).map(|text| (text, None)),
                "us-ascii" | "ascii" if bytes.is_ascii() => utf8(bytes).map(|text| (text, None)),
                "iso-8859-1" | "latin1" | "latin-1" => {
                    let text = bytes.iter().map(|byte| char::from(*byte)).collect();
                    Ok((text, Some(other("ISO-8859-1"))))
                }
                name => {
                    let text = format!("it says that it is in {name}");
                    Err(problem(Code::XmlEncoding, start, text))
                }
            }
        }
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Problem> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let good = &bytes[..error.valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let last = good.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let column = String::from_utf8_lossy(last).chars().count() + 1;
        problem(Code::XmlUtf8, At { line, column }, "here are bytes that are no UTF-8")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Problem> {
    let units: Vec<u16> =
        bytes.chunks(2).map(|pair| unit([pair[0], pair.get(1).copied().unwrap_or(0)])).collect();
    let text = String::from_utf16(&units).ok().filter(|_| bytes.len().is_multiple_of(2));
    text.ok_or_else(|| {
        let start = At { line: 1, column: 1 };
        problem(Code::XmlEncoding, start, "it begins as UTF-16 but is not")
    })
}

/// What encoding the XML declaration names; empty if none.
fn declared(bytes: &[u8]) -> String {
    let head = &bytes[..bytes.len().min(200)];
    let Some(end) = head.windows(2).position(|pair| pair == b"?>") else { return String::new() };
    let head = String::from_utf8_lossy(&head[..end]);
    let Some((_, after)) = head.strip_prefix("<?xml").and_then(|head| head.split_once("encoding"))
    else {
        return String::new();
    };
    let value = after.trim_start().strip_prefix('=').unwrap_or_default().trim_start();
    let quote = value.chars().next().unwrap_or_default();
    value.trim_start_matches(quote).split(quote).next().unwrap_or_default().to_owned()
}
