//! What is refused about rule sets.

use crate::common::{Desk, START};
use crate::refusals::asked::{Case, case};
use samband_domain::rulesets::{Command, Document, Rule, Scope, Value, Verdict, key};
use samband_domain::{Digest, Known, Time};

fn expiring(value: Value) -> Rule {
    let key = key::EXPIRING_DAYS;
    Rule { key, value: Known::Value(value), source: "SOS28".into(), note: None }
}

fn draft(rules: Vec<Rule>) -> Command {
    let (scope, title, version) = (Scope::Blood, "Regler".into(), "1".into());
    Command::Draft { scope, title, version, rules, file: None }
}

fn week() -> Vec<Rule> {
    vec![expiring(Value::Days(7))]
}

fn digest() -> Digest {
    let text = Document::of(Scope::Blood, "Regler".into(), "1".into(), &week()).text();
    Digest::of(text.as_bytes())
}

fn review(verdict: Verdict) -> Command {
    let comment = Some("se över".into());
    Command::Review { rule_set: digest(), verdict, comment }
}

fn adopt(from: Time) -> Command {
    Command::Adopt { rule_set: digest(), from: Some(from) }
}

fn withdraw() -> Command {
    Command::Withdraw { rule_set: digest(), reason: "fel".into() }
}

/// A desk where `a-1` has drafted and `a-2` has done the rest.
fn after(commands: impl IntoIterator<Item = Command>) -> Desk {
    let mut desk = Desk::open("skane");
    desk.must("a-1", draft(week()));
    for command in commands {
        desk.must("a-2", command);
    }
    desk
}

pub fn rule_set_cases() -> Vec<(&'static str, Case)> {
    let open = || Desk::open("skane");
    let approved = || after([review(Verdict::Approve)]);
    let objected = || after([review(Verdict::Approve), review(Verdict::Object)]);
    let adopted = || after([review(Verdict::Approve), adopt(START)]);
    let sourceless = Rule { source: "  ".into(), ..expiring(Value::Days(7)) };
    let silent =
        Command::Review { rule_set: digest(), verdict: Verdict::Object, comment: Some(" ".into()) };
    let past = Time(START.0 - 1);
    let many = vec![expiring(Value::Days(7)); 1_001];
    vec![
        ("rule_set.empty", case(open(), "a-1", draft(vec![]))),
        ("rule_set.empty", case(open(), "a-1", draft(many))),
        ("rule_set.key_twice", case(open(), "a-1", draft([week(), week()].concat()))),
        ("rule_set.value_shape", { case(open(), "a-1", draft(vec![expiring(Value::Hours(7))])) }),
        ("rule_set.value_shape", {
            case(open(), "a-1", draft(vec![expiring(Value::Days(1_000_001))]))
        }),
        ("rule_set.no_source", case(open(), "a-1", draft(vec![sourceless]))),
        ("rule_set.held_already", case(after([]), "a-2", draft(week()))),
        ("form.not_found", case(open(), "a-1", review(Verdict::Approve))),
        ("rule_set.own_draft_review", case(after([]), "a-1", review(Verdict::Approve))),
        ("rule_set.objection_unexplained", case(after([]), "a-2", silent)),
        ("rule_set.own_draft_adopt", case(approved(), "a-1", adopt(START))),
        ("rule_set.not_reviewed", case(after([]), "a-2", adopt(START))),
        ("rule_set.objection", case(objected(), "a-2", adopt(START))),
        ("rule_set.from_past", case(approved(), "a-2", adopt(past))),
        ("rule_set.adopted_already", case(adopted(), "a-2", adopt(START))),
        ("rule_set.in_force", case(adopted(), "a-1", withdraw())),
        ("rule_set.withdrawn", case(after([withdraw()]), "a-2", review(Verdict::Approve))),
        ("rule_set.withdrawn", case(after([withdraw()]), "a-1", withdraw())),
    ]
}
