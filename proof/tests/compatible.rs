//! Who can receive what, from the command line.

use proof::{Installation, run};
use serde_json::Value;

const GROUPS: [&str; 8] = ["O+", "O-", "A+", "A-", "B+", "B-", "AB+", "AB-"];

fn args<'a>(component: &'a str, recipient: &'a str, donor: &'a str) -> [&'a str; 9] {
    let ask = ["blood", "compatible", "--json", "--component", component];
    [ask[0], ask[1], ask[2], ask[3], ask[4], "--recipient", recipient, "--donor", donor]
}

fn ask(component: &str, recipient: &str, donor: &str, more: &[&str]) -> Value {
    let said = run(args(component, recipient, donor).iter().chain(more), "").ok();
    serde_json::from_str(&said).unwrap()
}

#[test]
fn twenty_seven_of_sixty_four_red_cell_pairs_are_compatible() {
    let donors = |recipient: &str| {
        let yes = |donor: &&&str| ask("red-cells", recipient, donor, &[])["compatible"] == true;
        GROUPS.iter().filter(yes).count()
    };
    assert_eq!(GROUPS.map(donors), [2, 1, 4, 2, 4, 2, 8, 4]);
}

#[test]
fn a_missing_rule_is_named_and_a_region_supplies_it() {
    let open = ask("platelets", "A+", "O-", &[]);
    assert_eq!(open["compatible"], Value::Null);
    assert_eq!(open["rule"], "platelets.abo");
    assert_eq!(open["missing"][0], "rule:platelets.abo");
    assert_eq!(open["rules_from"], "everywhere");
    let kronoberg = ask("platelets", "A+", "O-", &["--region", "kronoberg"]);
    assert_eq!((&kronoberg["compatible"], &kronoberg["source"]), (&true.into(), &"KRON".into()));
    assert_eq!(kronoberg["rules_from"], "built_in");
    assert_eq!(kronoberg["rule_set"]["from"], Value::Null, "nobody adopted it");
    let halland = ask("platelets", "A+", "O-", &["--region", "halland"]);
    assert_eq!(halland["compatible"], Value::Null);
}

#[test]
fn a_unit_of_unknown_group_is_never_a_candidate() {
    for (component, more) in [
        ("red-cells", &[][..]),
        ("platelets", &[]),
        ("red-cells", &["--region", "kronoberg"]),
        ("red-cells", &["--region", "kronoberg", "--emergency"]),
    ] {
        for donor in ["unknown", "okänd"] {
            let said = ask(component, "A+", donor, more);
            assert_eq!((&said["donor"], &said["compatible"]), (&"unknown".into(), &Value::Null));
            assert_eq!(said["missing"][0], "unit.group", "{said}");
        }
    }
}

#[test]
fn an_emergency_goes_by_the_regions_rule_and_never_past_abo_or_anti_d() {
    let kronoberg = ["--region", "kronoberg", "--emergency"];
    assert_eq!(ask("red-cells", "unknown", "0-", &kronoberg)["compatible"], true);
    assert_eq!(ask("red-cells", "unknown", "O+", &kronoberg)["compatible"], false);
    assert_eq!(ask("red-cells", "O+", "A+", &kronoberg)["rule"], "red_cells.abo");
    let anti_d = ["--region", "kronoberg", "--emergency", "--antibody", "D"];
    assert_eq!(ask("red-cells", "O-", "O+", &anti_d)["rule"], "antibodies.anti_d");
    assert_eq!(ask("red-cells", "unknown", "O-", &[])["missing"][0], "recipient.group");
}

#[test]
fn a_question_that_cannot_be_read_is_exit_code_2() {
    for (component, recipient, donor) in
        [("blood", "A+", "O-"), ("plasma", "A", "O-"), ("plasma", "A+", "unsure")]
    {
        let ran = run(args(component, recipient, donor), "");
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
        assert!(ran.err.contains("is not one of"), "{}", ran.err);
    }
    let nowhere = args("plasma", "A+", "AB+").into_iter().chain(["--region", "nowhere"]);
    assert_eq!(run(nowhere, "").code, Some(2));
}

#[test]
fn an_installation_answers_by_what_is_in_force_there() {
    let installation = Installation::with("anna@skane", "administrator");
    let question = args("platelets", "A+", "A+").into_iter().chain(["--region", "skane"]);
    let said = installation.run(question.clone()).ok();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["compatible"], true, "the same group fits under every policy");
    assert_eq!((&said["rules_from"], &said["rule_set"]), (&"installation".into(), &Value::Null));
    let server = installation.serve();
    let served = installation.run(question).ok();
    assert_eq!(serde_json::from_str::<Value>(&served).unwrap(), said, "running or not");
    let elsewhere = args("platelets", "A+", "A+").into_iter().chain(["--region", "halland"]);
    assert!(installation.run(elsewhere).refused().contains("halland"));
    drop(server);
}
