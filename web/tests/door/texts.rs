//! Every refusal has its texts, in both languages, and they use the facts it comes with.

use samband_web::text::Words;

fn codes() -> Vec<&'static str> {
    let access = samband_access::REFUSALS.iter().copied();
    samband_domain::refusals().chain(access).map(|kind| kind.code).collect()
}

#[test]
fn every_refusal_says_what_to_do_and_names_its_rule() {
    for words in [Words::sv(), Words::en()] {
        for code in codes() {
            let key = format!("refusal-{}", code.replace('.', "-"));
            let text = words.find(&key, &[]);
            assert!(text.is_some(), "{key} has no text in {:?}", words.lang());
            let rule = words.find(&format!("{key}-rule"), &[]);
            assert!(rule.is_some(), "{key}-rule has no text in {:?}", words.lang());
        }
    }
}

#[test]
fn every_action_reason_and_standing_has_words() {
    let actions = samband_access::Action::ALL.iter().map(|a| format!("action-{a}"));
    let reasons = samband_access::policy::Because::ALL.iter();
    let reasons = reasons.map(|because| format!("reason-{}", because.as_str()));
    let standings = samband_access::Standing::ALL.iter().map(|s| format!("role-{s}"));
    let all: Vec<_> = actions.chain(reasons).chain(standings).collect();
    for words in [Words::sv(), Words::en()] {
        for key in &all {
            assert!(words.find(key, &[]).is_some(), "{key} has no text in {:?}", words.lang());
        }
    }
}

#[test]
fn everything_the_import_can_say_has_words() {
    for words in [Words::sv(), Words::en()] {
        for key in samband_exchange::message_keys() {
            assert!(words.find(key, &[]).is_some(), "{key} has no text in {:?}", words.lang());
        }
    }
}

/// Codes that stand in the sources of this room, with or without a rule behind them.
#[test]
fn every_problem_of_this_room_has_a_text() {
    fn walk(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["unprocessable(\"", ", \"web.", ", \"command.", "\"account.password_"]
                {
                    for (at, _) in text.match_indices(call) {
                        let rest = &text[at..];
                        let rest = &rest[rest.find('"').unwrap() + 1..];
                        found.push(rest.split('"').next().unwrap().to_owned());
                    }
                }
            }
        }
    }
    let mut found = Vec::new();
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 20, "the sources are read");
    for code in found {
        let key = format!("refusal-{}", code.replace('.', "-"));
        for words in [Words::sv(), Words::en()] {
            assert!(words.find(&key, &[]).is_some(), "{key} has no text in {:?}", words.lang());
        }
    }
}
