//! No function longer than a screen.
//!
//! Rust is scanned, not parsed: comments and literals are blanked, then braces counted from
//! every `fn NAME`. That is exact enough for a length.

use super::{Findings, Source};

const LINES_MAX: usize = 80;
const LINES_NOTED: usize = 60;

/// Functions that are tables: one row a line, read down a column, worse when torn apart.
const TABLES: &[(&str, &str)] = &[
    ("access/src/policy/table.rs", "row"),
    ("access/tests/commands/mod.rs", "plain"),
    ("domain/tests/refusals/kernel.rs", "mandate_cases"),
    ("engine/tests/replay.rs", "command"),
];

/// Measures every function of every Rust file.
pub fn check(sources: &[Source]) -> Findings {
    let mut findings = Findings::default();
    for source in sources.iter().filter(|source| source.ends_in(&[".rs"])) {
        for (line, name, lines) in functions(&source.text) {
            let what = format!("{}:{line}: fn {name} has {lines} lines", source.path);
            if TABLES.contains(&(source.path.as_str(), name.as_str())) {
                continue;
            }
            if lines > LINES_MAX {
                findings.faults.push(format!("{what}, more than {LINES_MAX}"));
            } else if lines > LINES_NOTED {
                findings.notes.push(what);
            }
        }
    }
    findings
}

/// Each function's first line (from 1), name and number of lines.
fn functions(text: &str) -> Vec<(usize, String, usize)> {
    let code = blank(text);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find("fn ").map(|at| at + from) {
        from = at + 3;
        let is_word = at == 0 || !is_name(code.as_bytes()[at - 1]);
        let name: String = code[from..].chars().take_while(|c| is_name(*c as u8)).collect();
        if !is_word || name.is_empty() {
            continue;
        }
        if let Some(end) = body_end(&code[from..]) {
            let lines = code[at..from + end].matches('\n').count() + 1;
            found.push((code[..at].matches('\n').count() + 1, name, lines));
        }
    }
    found
}

/// Where the body ends that follows a signature; nothing if the signature ends in `;`.
fn body_end(code: &str) -> Option<usize> {
    let mut braces = 0_usize;
    let mut brackets = 0_usize;
    for (at, byte) in code.bytes().enumerate() {
        match byte {
            b'(' | b'[' if braces == 0 => brackets += 1,
            b')' | b']' if braces == 0 => brackets = brackets.saturating_sub(1),
            b';' if braces == 0 && brackets == 0 => return None,
            b'{' => braces += 1,
            b'}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 && brackets == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The same text, as long in bytes and lines, with comments and literals turned into spaces.
pub fn blank(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    // What is left outside literals may hold letters beyond ASCII only in names; never in ours.
    String::from_utf8(code).unwrap_or_else(|_| text.to_owned())
}

/// Where the comment or literal ends that begins here; `at` itself if none does.
fn literal_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let is_name_before = at > 0 && is_name(bytes[at - 1]);
    match rest {
        [b'/', b'/', ..] => at + position(rest, b"\n", 2),
        [b'/', b'*', ..] => at + comment_end(rest),
        [b'"', ..] => at + quoted_end(rest, b'"'),
        [b'r', b'"' | b'#', ..] if !is_name_before => at + raw_end(rest),
        [b'b', b'r', b'"' | b'#', ..] if !is_name_before => at + 1 + raw_end(&rest[1..]),
        [b'\'', b'\\', ..] => at + quoted_end(rest, b'\''),
        [b'\'', next, ..] if !is_lifetime(rest, *next) => at + quoted_end(rest, b'\''),
        _ => at,
    }
}

/// `'a` without a closing quote right after the one character.
fn is_lifetime(rest: &[u8], next: u8) -> bool {
    is_name(next) && next.is_ascii() && rest.get(2) != Some(&b'\'')
}

fn position(rest: &[u8], needle: &[u8], from: usize) -> usize {
    let found = rest[from..].windows(needle.len()).position(|window| window == needle);
    found.map_or(rest.len(), |at| at + from)
}

fn comment_end(rest: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted_end(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// `r"…"`, `r#"…"#` and so on; a raw name such as `r#type` ends at once.
fn raw_end(rest: &[u8]) -> usize {
    let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return 0;
    }
    let closing = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
    (position(rest, &closing, 2 + hashes) + closing.len()).min(rest.len())
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_past_braces_in_literals() {
        let text = r##"
trait T { fn declared(&self) -> [u8; 3]; }
fn one() -> char { '}' }
// fn commented() {
pub async fn three<'a>(x: &'a str) -> String where String: 'a {
    format!("{{{x}{}", r#"}" {"#) /* } /* } */ fn no() { */
}
fn long() {
    if 'x' == '\'' { "fn text() {}"; }

    }
"##;
        let found = functions(text);
        let summary: Vec<(&str, usize)> =
            found.iter().map(|(_, name, lines)| (name.as_str(), *lines)).collect();
        assert_eq!(summary, [("one", 1), ("three", 3), ("long", 4)]);
        assert_eq!(found[1].0, 5);
    }

    #[test]
    fn too_long_functions_are_refused() {
        let text = |lines: usize| format!("fn f() {{\n{}}}\n", "    x();\n".repeat(lines - 2));
        let source = |lines| [Source { path: "a.rs".into(), text: text(lines) }];
        assert!(check(&source(60)).notes.is_empty());
        assert_eq!(check(&source(61)).notes.len(), 1);
        assert!(check(&source(80)).faults.is_empty());
        assert_eq!(check(&source(81)).faults.len(), 1);
    }
}
