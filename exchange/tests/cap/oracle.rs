//! What we write is judged by others, and what others find wrong we must find wrong.
//!
//! The judges (`oracle/requirements.txt`) are installed into `target/`. Without Python or a
//! registry the tests say loudly that they were skipped; with `SAMBAND_ORACLE=required` they fail.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use samband_exchange::cap::{Code, Level, validate, write};
use samband_exchange::{have, measure_report};

use crate::cap::capacity;
use crate::cap::documents::WHOLE;
use crate::cap::faults;
use crate::cap::strategies::alert;

/// What the standard or this house demands beyond the schema.
const BEYOND: &[Code] = &[
    Code::Identifier,
    Code::Sender,
    Code::Empty,
    Code::RestrictionMissing,
    Code::RestrictionScope,
    Code::AddressesMissing,
    Code::List,
    Code::ReferencesMissing,
    Code::Reference,
    Code::SelfReference,
    Code::ExerciseNote,
    Code::ExerciseDenied,
    Code::Web,
    Code::Uri,
    Code::RelativeUri,
    Code::DerefUri,
    Code::MimeType,
    Code::Size,
    Code::Polygon,
    Code::PolygonFew,
    Code::PolygonMany,
    Code::PolygonOpen,
    Code::PolygonCrosses,
    Code::Latitude,
    Code::Longitude,
    Code::Circle,
    Code::Radius,
    Code::NumberLarge,
    Code::CeilingAlone,
    Code::CeilingBelow,
    Code::XmlDoctype,
    Code::XmlEncoding,
];

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cap/oracle").join(file)
}

/// Python with the judges; installed once.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alarm-oracle");
        let python = folder.join("bin/python");
        let list = fs::read(here("requirements.txt")).expect("the list");
        let installed = folder.join("installed.txt");
        if fs::read(&installed).is_ok_and(|before| before == list) {
            return Some(python);
        }
        let mut create = Command::new("python3");
        create.args(["-m", "venv", "--clear"]).arg(&folder);
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        pip.args(["--retries=1", "--only-binary=:all:", "--require-hashes", "-r"]);
        pip.arg(here("requirements.txt"));
        let done = |command: &mut Command| command.status().is_ok_and(|status| status.success());
        (done(&mut create) && done(&mut pip) && fs::write(installed, list).is_ok())
            .then_some(python)
    });
    if python.is_none() {
        let required = std::env::var("SAMBAND_ORACLE").is_ok_and(|value| value == "required");
        assert!(!required, "the judges could not be installed");
        eprintln!("SKIPPED: the independent judges could not be installed; nothing was judged");
    }
    python.as_deref()
}

/// What is wrong with each document.
fn judged(name: &str, documents: &[(String, String)]) -> Option<BTreeMap<String, Vec<String>>> {
    let python = python()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("alarm-documents").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in documents {
        fs::write(folder.join(name), text).expect("written");
    }
    let output = Command::new(python).arg(here("check.py")).arg(&folder).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let judged: BTreeMap<String, Vec<String>> =
        serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(judged.len(), documents.len(), "every document is judged");
    Some(judged)
}

fn sampled<S: Strategy>(strategy: &S, times: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..times).map(|_| strategy.new_tree(&mut runner).expect("a value").current()).collect()
}

#[test]
fn whatever_we_write_is_valid_by_the_schema() {
    let mut documents: Vec<(String, String)> = sampled(&alert(), 300)
        .iter()
        .enumerate()
        .map(|(at, alert)| (format!("{at}.cap.xml"), write(alert)))
        .collect();
    documents.push(("whole.cap.xml".into(), WHOLE.into()));
    let example = capacity::example();
    documents.push(("example.de.xml".into(), have::enveloped(&example)));
    documents.push(("example.fhir.json".into(), measure_report::bundle(&example).to_string()));
    let Some(judged) = judged("written", &documents) else { return };
    let wrong: BTreeMap<_, _> = judged.iter().filter(|(_, errors)| !errors.is_empty()).collect();
    assert_eq!(wrong, BTreeMap::new());
}

/// Documents of which a line was taken out, doubled, moved or bitten into.
fn maimed() -> Vec<String> {
    let lines: Vec<&str> = WHOLE.lines().collect();
    let place = any::<prop::sample::Index>();
    let change = (place.clone(), place, 0..6_u8);
    let changes = proptest::collection::vec(change, 1..4);
    sampled(&changes, 400)
        .into_iter()
        .map(|changes| {
            let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            for (one, other, kind) in changes {
                let (from, to) = (one.index(lines.len()), other.index(lines.len()));
                let line = lines[from].clone();
                match kind {
                    0 => drop(lines.remove(from)),
                    1 => lines.insert(to, line),
                    2 => {
                        lines.remove(from);
                        lines.insert(to.min(lines.len()), line);
                    }
                    3 => lines[from] = bitten(&line, to),
                    4 => lines[from] = line.replace("e>", "f>"),
                    _ => lines[from] = emptied(&line),
                }
            }
            lines.join("\n")
        })
        .collect()
}

/// The line without its letter at a place.
fn bitten(line: &str, at: usize) -> String {
    let at = at % line.chars().count().max(1);
    line.chars().enumerate().filter(|(place, _)| *place != at).map(|(_, c)| c).collect()
}

/// The line's element without its text.
fn emptied(line: &str) -> String {
    match (line.find('>'), line.rfind("</")) {
        (Some(begin), Some(end)) if begin < end => format!("{}{}", &line[..=begin], &line[end..]),
        _ => line.to_owned(),
    }
}

#[test]
fn whatever_the_schema_refuses_we_refuse_and_otherwise_only_for_more_than_it_asks() {
    let documents: Vec<(String, String)> = faults::documents()
        .into_iter()
        .chain(maimed())
        .enumerate()
        .map(|(at, text)| (format!("{at}.cap.xml"), text))
        .collect();
    let Some(judged) = judged("maimed", &documents) else { return };
    let (mut refused, mut passed) = (0, 0);
    for (name, text) in &documents {
        let report = validate(text.as_bytes());
        let errors = &judged[name];
        if errors.is_empty() {
            passed += 1;
            let needless = report.problems.iter().find(|problem| {
                problem.code.level() == Level::Error && !BEYOND.contains(&problem.code)
            });
            assert_eq!(needless, None, "{name} is valid by the schema\n{text}");
        } else {
            refused += 1;
            assert!(!report.is_valid(), "{name}: {errors:?}\n{text}");
        }
    }
    assert!(refused > 200 && passed > 50, "{refused} refused, {passed} passed: too alike");
}
