//! Every kind of alarm in every mode by every channel.

use proptest::prelude::*;
use samband_domain::alarms::model::{Alarm, Between, Kind, Place, Policy};
use samband_domain::words::{AlarmId, IncidentId};
use samband_domain::{Known, Mode};

use super::message::{SMS_MAX, SUBJECT_MAX, Wake, canary};

const MODES: [Mode; 3] = [Mode::Real, Mode::Exercise, Mode::Demo];
const LINK: &str = "https://samband.region.example/a/kv-0123456789abcdefghjkmnpqrs";

fn alarm(mode: Mode, kind: Kind, headline: &str, update: bool) -> Alarm {
    let id = |text: &str| AlarmId::new(text).expect("an identifier");
    let incident = (kind != Kind::Reach).then(|| IncidentId::new("ovn-1").expect("an identifier"));
    Alarm {
        id: id("ovn-2"),
        mode,
        incident,
        kind,
        headline: headline.into(),
        text: "Två bussar har kolliderat.\nMånga skadade.".into(),
        place: Known::Value(Place { text: "E18 vid Arboga".into(), point: Known::Unknown }),
        injured: Known::Value(Between { least: 30, most: 60 }),
        to: Vec::new(),
        replaces: update.then(|| id("ovn-1")),
        policy: Policy::DEFAULT,
    }
}

fn wake<'a>(mode: Mode, alarm: &'a Alarm, from: &'a str) -> Wake<'a> {
    let role = "duty-role-tib";
    Wake {
        mode,
        from,
        alarm,
        issued: 0,
        role,
        party: "Region Uppsala",
        link: LINK,
        pin: "0417",
        asks: alarm.kind.asks(),
    }
}

/// Every text that a message carries: all of it is seen or heard by itself.
fn said(wake: &Wake<'_>) -> Vec<String> {
    let email = wake.email();
    let spoken: Vec<_> = wake.spoken().into_iter().map(|one| one.text).collect();
    vec![email.subject, email.text, wake.sms(), spoken.join(" "), wake.text()]
}

fn check(mode: Mode, kind: Kind, headline: &str, update: bool) {
    let alarm = alarm(mode, kind, headline, update);
    let wake = wake(mode, &alarm, "Region Västmanland");
    let mark = match mode {
        Mode::Real => None,
        Mode::Exercise => Some("ÖVNING"),
        Mode::Demo => Some("DEMO"),
    };
    for text in said(&wake) {
        if let Some(mark) = mark {
            assert!(text.starts_with(mark) && text.ends_with(mark), "{text}");
        } else {
            assert!(!text.contains("DEMO"), "{text}");
        }
    }
    let sms = wake.sms();
    assert!(sms.chars().count() <= SMS_MAX, "{}: {sms}", sms.chars().count());
    assert!(sms.contains(LINK), "{sms}");
    assert_eq!(sms.contains("1 0417"), kind.asks(), "{sms}");
    let email = wake.email();
    assert!(email.subject.chars().count() <= SUBJECT_MAX, "{}", email.subject);
    assert!(email.text.contains(LINK) && email.html.contains(LINK));
    if let Some(mark) = mark {
        assert!(email.html.starts_with(&format!("<p><strong>{mark}")), "{}", email.html);
        assert!(email.html.ends_with(&format!("{mark}</strong></p>")), "{}", email.html);
    }
    let (subject, text) = canary(mode, "k7");
    assert!([&subject, &text].iter().all(|one| one.contains("k7")));
    if let Some(mark) = mark {
        let ends = |one: &String| one.starts_with(mark) && one.ends_with(mark);
        assert!(ends(&subject) && ends(&text), "{subject}");
    }
}

#[test]
fn whatever_is_not_real_says_so_first_and_last_by_every_channel() {
    let long = "Två bussar och en tankbil i kollision på E18 vid Arboga, brand, ".repeat(5);
    for mode in MODES {
        for kind in Kind::ALL {
            for headline in ["Bussolycka Arboga", long.trim()] {
                check(mode, *kind, headline, false);
                check(mode, *kind, headline, true);
            }
        }
    }
}

proptest! {
    #[test]
    fn no_headline_hides_mark_link_or_code(headline in "\\PC{1,300}", kind in 0..Kind::ALL.len()) {
        for mode in MODES {
            check(mode, Kind::ALL[kind], headline.replace("DEMO", "").trim(), kind % 2 == 0);
        }
    }
}

#[test]
fn a_recall_and_an_update_say_so_first() {
    let recall = alarm(Mode::Real, Kind::Recall, "Fel adress", true);
    assert!(wake(Mode::Real, &recall, "Västmanland").sms().starts_with("ÅTERKALLAT LARM"));
    let update = alarm(Mode::Real, Kind::Regional, "Tredje buss", true);
    let wake = wake(Mode::Real, &update, "Västmanland");
    assert!(wake.sms().starts_with("UPPDATERAT LARM masskadehändelse"), "{}", wake.sms());
    assert!(wake.email().subject.starts_with("UPPDATERAT LARM"));
}

#[test]
fn what_a_duty_officer_reads() {
    let alarm = alarm(Mode::Exercise, Kind::Regional, "Bussolycka Arboga", false);
    let wake = wake(Mode::Exercise, &alarm, "Region Västmanland");
    insta::assert_snapshot!("sms", wake.sms());
    insta::assert_snapshot!("email", wake.email().text);
    let spoken = wake.spoken().into_iter().map(|one| format!("{}: {}", one.language, one.text));
    insta::assert_snapshot!("voice", spoken.collect::<Vec<_>>().join("\n"));
}
