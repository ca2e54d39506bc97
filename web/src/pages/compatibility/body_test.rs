use super::*;
use crate::app::compatible::Asked;
use crate::text::Lang;
use samband_domain::blood::rules::compatible::CHECKS;

fn view(change: impl FnOnce(&mut Asked)) -> View {
    let mut asked =
        Asked { component: "red_cells".into(), recipient: "a_neg".into(), ..Asked::default() };
    change(&mut asked);
    let question = asked.read();
    let wrong = question.as_ref().err().cloned().unwrap_or_default();
    let region = |(id, name): (&str, &str)| Region {
        id: id.into(),
        name: name.into(),
        rule_set: None,
        answers: question.as_ref().map(|one| one.answers(None)).unwrap_or_default(),
    };
    View {
        typed: Typed::of(asked),
        wrong,
        choices: vec![("halland".into(), "Halland".into())],
        regions: [("halland", "Halland"), ("skane", "Skåne")].map(region).into(),
        question: question.ok(),
    }
}

#[test]
fn every_check_and_every_fact_has_words_in_both_languages() {
    let facts = ["unit-group", "recipient-group", "recipient-antibodies", "recipient-sex"];
    let more = ["recipient-age", "mother-antibodies", "unit-titre", "unit-cmv_negative"];
    let rest = ["unit-irradiated", "unit-iga_deficient", "unit-washed", "unit-hla_matched"];
    for lang in Lang::ALL {
        let w = Words::new(lang);
        for check in CHECKS {
            let key = format!("compat-check-{}", check.code.replace('.', "-"));
            assert!(w.find(&key, &[]).is_some(), "{key}");
        }
        for fact in facts.iter().chain(&more).chain(&rest) {
            assert!(w.find(&format!("compat-missing-{fact}"), &[]).is_some(), "{fact}");
        }
    }
}

#[test]
fn verdicts_stand_in_words_with_rule_and_source() {
    let page = body(Words::sv(), &view(|_| {})).into_string();
    for text in ["Förenlig", "Inte förenlig", "A RhD neg", "red_cells.abo", "KRON, BLEK, RJL, NU"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert!(!page.contains("O−"), "a bare minus is lost at small sizes");
    let platelets = body(Words::en(), &view(|one| one.component = "platelets".into()));
    let platelets = platelets.into_string();
    assert!(platelets.contains("Not known") && platelets.contains("platelets.abo"));
}

#[test]
fn what_was_mistyped_comes_back_beside_its_field() {
    let page = body(Words::sv(), &view(|one| one.antibodies = "anti-Q".into())).into_string();
    assert!(page.contains("anti-Q") && page.contains("f-antibodies-error"));
    assert!(!page.contains("id=\"answer\""), "nothing is answered to a question not understood");
}
