//! Rules from the command line: checked without an installation, drafted by the machine or a
//! person, reviewed and adopted by people only, and taken out side by side.

use proof::{Installation, run};

const RULES: &str = "title = \"Regler för blod\"\nversion = \"2026-1\"\n\n[rules]\n\
    shelf_life.red_cells = { value = 42, unit = \"d\", source = \"KRON-K\" }\n\
    reservation.lapse_hours = { value = \"unknown\" }\n";

#[track_caller]
fn assert_says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "“{word}” is missing in:\n{text}");
    }
}

#[test]
fn a_file_is_checked_without_an_installation() {
    let installation = Installation::with("anna@skane", "scientist");
    let good = installation.write("regler.toml", RULES);
    let said = run(["rules", "check", good.to_str().unwrap()], "").ok();
    assert_says(&said, &["2 rules, 1 of them unknown", "unknown: reservation.lapse_hours"]);
    let bad = RULES.replace("red_cells", "red_cell").replace("\"unknown\"", "\"soon\"");
    let bad = installation.write("fel.toml", bad);
    let said = run(["rules", "check", bad.to_str().unwrap()], "").refused();
    assert_says(&said, &["line 5", "shelf_life.red_cells", "line 6", "unit", "fault(s)"]);
    for command in ["check", "draft", "review", "adopt"] {
        assert_says(&run(["rules", command, "--help"], "").ok(), &["Usage: samband rules"]);
    }
}

#[test]
fn rules_are_adopted_by_people_and_come_out_side_by_side() {
    let installation = Installation::with("anna@skane", "physician");
    installation.add_user("bo@skane", "physician");
    let file = installation.write("regler.toml", RULES);
    let file = file.to_str().unwrap();
    let bad = installation.write("fel.csv", "key,value,unit,source\nexpiring.days,7,h,HALL\n");
    let draft = |file: &str, more: &[&str]| {
        let command = ["rules", "draft", file, "--region", "skane"];
        installation.run(command.iter().chain(more))
    };
    let said = draft(bad.to_str().unwrap(), &[]).refused();
    assert_says(&said, &["line 2", "nothing was drafted"]);
    assert_says(&draft(file, &["--dry-run"]).err, &["2 rules", "nothing was drafted"]);
    let drafted = draft(file, &["--as", "anna@skane"]);
    let digest = drafted.err.split("drafted ").nth(1).and_then(|rest| rest.get(..64));
    let digest = digest.unwrap_or_else(|| panic!("{}", drafted.err)).to_owned();
    drafted.ok();
    let on = |what: &str, user: &str, more: &[&str]| {
        let command = ["rules", what, &digest, "--as", user];
        installation.run(command.iter().chain(more))
    };
    assert_says(&on("adopt", "bo@skane", &[]).refused(), &["rule_set.not_reviewed"]);
    assert_says(&on("review", "anna@skane", &[]).refused(), &["rule_set.own_draft_review"]);
    on("review", "bo@skane", &[]).ok();
    assert_says(&on("adopt", "anna@skane", &[]).refused(), &["rule_set.own_draft_adopt"]);
    assert_says(&on("adopt", "bo@skane", &["--from", "2020-01-01"]).refused(), &["from_past"]);
    on("adopt", "bo@skane", &[]).ok();
    let sets = installation.run(["export", "rule-sets"]).ok();
    assert_says(&sets, &["in_force", &digest]);
    let rules = installation.run(["export", "rules"]).ok();
    assert_says(&rules, &["shelf_life.red_cells", ",42,d,KRON-K", &digest]);
}
