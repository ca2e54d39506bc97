//! `samband replenish` as its user runs it: the documented examples, JSON, and exit codes.

use std::fs;
use std::path::PathBuf;

use proof::run;
use serde_json::Value;

fn example(family: &str) -> PathBuf {
    let name = format!("../docs/planning/replenish-{family}.toml");
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON object")
}

#[test]
fn the_documented_examples_are_solved() {
    for (family, states, sum) in
        [("a", 14_641, 5821), ("b1", 4096, 6128), ("b2", 14_641, 122_568), ("c", 3087, 1883)]
    {
        let path = example(family);
        let path = path.to_str().expect("a path");
        let solved = json(&run(["replenish", "solve", path, "--json"], "").ok());
        assert_eq!(solved["family"], family);
        assert_eq!(solved["states"], states);
        assert_eq!(solved["policy_sum"], sum);
        for field in ["value_empty", "iterations", "seconds", "bounds"] {
            assert!(!solved[field].is_null(), "{family}: {field}");
        }
        assert_eq!(solved["gain"].is_null(), !family.starts_with('b'));
        let orders = solved["policy"]["orders"].as_array().expect("orders");
        assert_eq!(orders[0].as_array().map(Vec::len), Some(states));
        let text = run(["replenish", "solve", path], "").ok();
        assert!(text.contains(&format!("sum of orders     {sum}")), "{text}");
    }
}

#[test]
fn a_simulation_is_the_same_every_time() {
    let path = example("b2");
    let path = path.to_str().expect("a path");
    let words = ["replenish", "simulate", path, "--json", "--replications", "50", "--seed", "3"];
    let (one, other) = (json(&run(words, "").ok()), json(&run(words, "").ok()));
    assert_eq!(one["products"], other["products"]);
    assert_eq!(one["daily_reward"], other["daily_reward"]);
    assert_eq!(one["products"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_is_wrong_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wrong.toml");
    let text = fs::read_to_string(example("a")).expect("the example");
    fs::write(&path, text.replace("most_order", "most_orders")).expect("written");
    let path = path.to_str().expect("a path");
    let ran = run(["replenish", "solve", path], "");
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("most_orders") && ran.err.contains("line"), "{}", ran.err);
    assert_eq!(run(["replenish", "solve"], "").code, Some(2));
    assert_eq!(run(["replenish", "simulate", path, "--replications", "0"], "").code, Some(2));
}
