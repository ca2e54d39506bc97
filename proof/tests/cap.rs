//! The command line judges alerts: every problem, as text and as JSON, and an exit code.

use std::fs;

use proof::run;
use serde_json::{Value, json};
use tempfile::TempDir;

const ALERT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">
  <identifier>OVN-1</identifier>
  <sender>tib@uppsala.exempel.se</sender>
  <sent>2026-11-22T19:30:00+01:00</sent>
  <status>Exercise</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <note>OVN-1 ÖVNING</note>
</alert>
";

#[test]
fn an_alert_is_judged_and_the_exit_code_says_how() {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("larm.xml");
    let path = file.to_str().expect("a path");
    fs::write(&file, ALERT).expect("written");
    let ran = run(["cap", "validate", path], "");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(ran.out, format!("{path}: valid CAP 1.2, 0 errors, 0 warnings\n"));
    let ran = run(["cap", "validate", path, "--json"], "");
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    let expected = json!({
        "valid": true, "version": "1.2", "errors": 0, "warnings": 0, "problems": [],
    });
    assert_eq!((ran.code, said), (Some(0), expected));

    let wrong = ALERT.replace("+01:00", "Z").replace("<note>OVN-1 ÖVNING</note>", "");
    fs::write(&file, wrong).expect("written");
    let ran = run(["cap", "validate", path, "--json"], "");
    let said: Value = serde_json::from_str(&ran.out).expect("JSON");
    let codes: Vec<&Value> =
        said["problems"].as_array().expect("a list").iter().map(|one| &one["code"]).collect();
    assert_eq!((ran.code, &said["valid"]), (Some(1), &json!(false)));
    assert_eq!(codes, ["cap.time", "cap.exercise_note"]);
    let ran = run(["cap", "validate", path], "");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.out.starts_with(&format!("{path}:5:3: error cap.time /alert/sent: ")),
        "{}",
        ran.out
    );
    assert!(ran.err.contains("is not valid CAP 1.2: 2 errors, 0 warnings"), "{}", ran.err);
}

#[test]
fn standard_input_is_judged_and_a_missing_file_is_named() {
    let ran = run(["cap", "validate", "-"], ALERT);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let ran = run(["cap", "validate", "-"], "<alert");
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("xml.form"), "{}", ran.out);
    let ran = run(["cap", "validate", "/nowhere/larm.xml"], "");
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("cannot read /nowhere/larm.xml"), "{}", ran.err);
}
