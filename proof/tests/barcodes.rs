//! Labels are read back by a decoder that shares nothing with the encoder: the program draws a
//! unit's label as SVG and as PDF, a browser and a PDF reader make pictures of them, and every
//! symbol in the pictures says what it should.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use proof::run;
use serde_json::Value;
use tempfile::TempDir;

/// A label, and the texts of its symbols.
struct Case {
    unit: &'static str,
    options: &'static [&'static str],
    expiry: &'static str,
    symbols: [&'static str; 5],
}

const CASES: [Case; 3] = [
    Case {
        unit: "A999026000001.B0001V00",
        options: &["--group", "O-", "--not-found", "C,E,K", "--found", "c,e", "--flag", "5"],
        expiry: "2026-02-11T23:59",
        symbols: [
            "=A99902600000105",
            "=%95A0",
            "=<B0001V00",
            "&>0260422359",
            "=+04000=A99902600000105=%95A0=<B0001V00&>0260422359",
        ],
    },
    Case {
        unit: "A999326999999.B0020VAb",
        options: &["--group", "AB+"],
        expiry: "2028-12-31T06:00",
        symbols: [
            "=A99932699999900",
            "=%8400",
            "=<B0020VAb",
            "&>0283660600",
            "=+04000=A99932699999900=%8400=<B0020VAb&>0283660600",
        ],
    },
    Case {
        unit: "A999425123457.D0001VB0",
        options: &["--group", "B-", "--flag", "54", "--notice", "Påhittad enhet"],
        expiry: "2026-07-01T00:00",
        symbols: [
            "=A99942512345754",
            "=%1700",
            "=<D0001VB0",
            "&>0261820000",
            "=+04000=A99942512345754=%1700=<D0001VB0&>0261820000",
        ],
    },
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn done(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

/// Draws the label of a case into a file.
fn draw(case: &Case, file: &Path) {
    let codes = repository().join("server/src/demo/codes.csv");
    let mut arguments = vec!["isbt", "label", case.unit, "--expiry", case.expiry];
    arguments.extend(case.options);
    let (codes, file) = (codes.to_str().unwrap(), file.to_str().unwrap());
    arguments.extend(["--codes", codes, "--output", file]);
    run(arguments, "").ok();
}

/// A picture of an SVG document, by a browser.
fn picture_of_svg(svg: &Path, folder: &Path) -> PathBuf {
    let picture = svg.with_extension("svg.png");
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]);
    browser.args(["--force-device-scale-factor=4", "--window-size=400,400"]);
    browser.arg(format!("--user-data-dir={}", folder.join("browser").display()));
    browser.arg(format!("--screenshot={}", picture.display()));
    browser.arg(format!("file://{}", svg.display()));
    done(&mut browser);
    picture
}

/// A picture of a PDF document as a printer of 300 dots an inch makes it.
fn picture_of_pdf(pdf: &Path) -> PathBuf {
    let picture = pdf.with_extension("pdf");
    let mut reader = Command::new("pdftoppm");
    reader.args(["-r", "300", "-png", "-singlefile"]).arg(pdf).arg(&picture);
    done(&mut reader);
    picture.with_extension("pdf.png")
}

/// Format and text of every symbol in a picture.
fn decoded(picture: &Path) -> BTreeSet<(String, String)> {
    let oracle = repository().join("proof/oracle");
    let mut python = Command::new(oracle.join(".venv/bin/python"));
    python.arg(oracle.join("decode.py")).arg(picture);
    let read = |line: &str| {
        let symbol: Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |key: &str| symbol[key].as_str().expect("a text").replace(' ', "");
        (text("format"), text("text"))
    };
    done(&mut python).lines().map(read).collect()
}

#[test]
#[ignore = "needs zxing-cpp: run cargo xtask verify"]
fn every_symbol_of_a_label_is_read_back_by_an_independent_decoder() {
    let folder = TempDir::new().unwrap();
    for (number, case) in CASES.iter().enumerate() {
        let svg = folder.path().join(format!("{number}.svg"));
        let pdf = folder.path().join(format!("{number}.pdf"));
        draw(case, &svg);
        draw(case, &pdf);
        let kinds = ["Code128", "Code128", "Code128", "Code128", "DataMatrix"];
        let wanted: BTreeSet<(String, String)> = kinds
            .iter()
            .zip(case.symbols)
            .map(|(kind, text)| ((*kind).into(), text.into()))
            .collect();
        assert_eq!(decoded(&picture_of_svg(&svg, folder.path())), wanted, "{} as SVG", case.unit);
        assert_eq!(decoded(&picture_of_pdf(&pdf)), wanted, "{} as PDF", case.unit);
    }
}

#[test]
fn what_was_drawn_is_read_by_the_command_line_too() {
    for case in &CASES {
        let matrix = case.symbols[4];
        let said: Value =
            serde_json::from_str(&run(["isbt", "parse", matrix, "--json"], "").ok()).expect("JSON");
        assert_eq!(said["kind"], "unit");
        assert_eq!(said["unit"], case.unit);
        assert_eq!(said["structures"].as_array().map(Vec::len), Some(4));
    }
}

#[test]
fn the_command_line_checks_reads_and_refuses() {
    for (din, check) in [("A999026000001", "S"), ("A999917345628", "*"), ("A999820123456", "E")] {
        assert_eq!(run(["isbt", "check", din], "").ok(), format!("{check}\n"));
    }
    assert_eq!(run(["isbt", "check", "--any", "0794"], "").ok(), "C\n");
    for (arguments, word) in [
        (&["isbt", "check", "O999026000001"][..], "facility"),
        (&["isbt", "check", "0794"], "13 characters"),
        (&["isbt", "parse", "A9990 26 000001"], "isbt-error-check-missing"),
        (&["isbt", "parse", "19121212-1212"], "isbt-error-personal-number"),
        (&["isbt", "parse", "=%0100"], "isbt-error-group"),
    ] {
        let ran = run(arguments, "");
        assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(ran.err.contains(word), "{arguments:?}: {}", ran.err);
    }
    let ran = run(["isbt", "parse", "=A99902600000199", "--json"], "");
    assert_eq!(ran.code, Some(1));
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(said["refused"]["code"], "isbt-error-flag");
    let typed = run(["isbt", "parse", "a9990 26 000001 s"], "").ok();
    assert!(typed.contains("donation (typed)") && typed.contains("A999026000001"), "{typed}");
    assert_eq!(run(["isbt", "parse"], "").code, Some(2));
    let flag = ["isbt", "label", "A999026000001.B0001V00", "--group", "O-", "--flag", "60"];
    let refused = run([&flag[..], &["--expiry", "2026-02-11T23:59"]].concat(), "");
    assert_eq!(refused.code, Some(2), "check flags are not printed here");
}
