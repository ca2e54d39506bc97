//! The exercise's page, and what every page of an exercise says (preparedness.md §6.5).

use axum::http::StatusCode;
use samband_domain::alarms::Command;
use samband_domain::alarms::model::{Channel, DutyRole, Party, Recipient, Turn, Way};
use samband_domain::{Mode, Window};
use samband_web::app::Site;
use serde_json::json;

use crate::house::{House, get, hidden, journal};

/// Everything that a duty officer opens, and two pages without a session.
const PAGES: [&str; 8] = [
    "/situation",
    "/alarm",
    "/alarm/new",
    "/incidents",
    "/rosters",
    "/readiness",
    "/exercise",
    "/figures",
];

/// A house whose Skåne holds an exercise, with a duty officer who can be reached.
async fn drill() -> House {
    let house = House::of(Mode::Exercise, Site::default()).await;
    for region in ["skane", "halland"] {
        let command = Command::SetExercise {
            title: "Höstövning".into(),
            leader: "Prov Ledare".into(),
            until: house.engine.now().plus_seconds(4 * 3_600),
            allowed: vec!["+46701740605".into()],
        };
        house.give(region, command).await;
        let ways = vec![Way { channel: Channel::Sms, address: "+46701740605".into() }];
        let (name, window) = ("Ada Prov".into(), Window::open(house.engine.now()));
        let turns = vec![Turn { actor: None, name, rank: 0, window, ways }];
        let party = Party::Region(journal(region));
        let of = Recipient { party, role: DutyRole::Tib };
        house.give(region, Command::SetRoster { of, turns }).await;
    }
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_3_every_page_of_an_exercise_begins_and_ends_with_its_word() {
    let house = drill().await;
    let cookie = house.cookie("tib@skane").await;
    let mut seen = Vec::new();
    for path in PAGES {
        let answer = house.page(&cookie, path).await;
        if answer.status == StatusCode::OK {
            seen.push((path, answer.text));
        }
    }
    assert!(seen.len() >= 5, "{:?}", seen.iter().map(|(path, _)| path).collect::<Vec<_>>());
    seen.push(("/sign-in", house.send(get("/sign-in")).await.text));
    seen.push(("/k", house.send(get("/k")).await.text));
    for (path, text) in seen {
        let title = text.split("<title>").nth(1).unwrap().trim_start();
        assert!(title.starts_with("ÖVNING"), "{path}: {}", &title[..40]);
        let body = text.split("<body").nth(1).unwrap();
        let first = body.find("ÖVNING").unwrap_or_else(|| panic!("{path} does not begin with it"));
        assert!(first < body.find("<main").unwrap(), "{path}");
        let last = body.rfind("ÖVNING").unwrap();
        let after = &body[last + "ÖVNING".len()..];
        let words = |text: &str| {
            let mut tag = false;
            text.chars().any(|c| {
                tag = (tag || c == '<') && c != '>';
                !tag && c != '>' && c.is_alphanumeric()
            })
        };
        assert!(!words(after), "{path} says something after it: {after}");
    }
    // What is real says no such thing.
    let real = House::of(Mode::Real, Site::default()).await;
    assert!(!real.send(get("/sign-in")).await.text.contains("ÖVNING"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_8_anybody_at_work_stops_the_exercise_from_its_page() {
    let house = drill().await;
    // A nurse may see, and stop; whoever is not signed in is asked to.
    let cookie = house.cookie("nurse@skane").await;
    assert_eq!(house.send(get("/exercise")).await.status, StatusCode::SEE_OTHER);
    let page = house.page(&cookie, "/exercise").await.text;
    assert!(page.contains("Höstövning") && page.contains("SKARPT LÄGE"), "{page}");
    let fields = [
        ("idempotency_key", hidden(&page, "idempotency_key")),
        ("act", "stop-exercise".into()),
        ("real-text", "Det brinner på riktigt".into()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = house.fill(&cookie, "/exercise", &fields).await;
    assert_eq!(sent.header("location"), "/exercise?done=stop-exercise", "{}", sent.text);
    let page = house.page(&cookie, "/exercise").await.text;
    assert!(page.contains("ÖVNINGEN ÄR AVBRUTEN") && page.contains("Region Skåne"), "{page}");
    let offers = ["Inget här gäller på riktigt", "Avbryt övningen", "Upphör av sig själv"];
    assert!(!offers.iter().any(|one| page.contains(one)), "it looks as if it went on: {page}");
    let officer = house.page(&house.cookie("tib@skane").await, "/alarm").await.text;
    assert!(!officer.contains("href=\"/alarm/new\""), "nobody alarms in what is over");
    house.engine.tick().await;
    let world = house.engine.world();
    for region in ["skane", "halland"] {
        let alarms = &world.local(&journal(region)).unwrap().shared.alarms;
        assert!(alarms.stopped.is_some(), "{region} has heard of it");
        let text = "Det brinner på riktigt. Övningen är avbruten. Invänta besked";
        let mut said = alarms.issued.values().map(|held| held.alarm.text.as_str());
        assert!(region != "skane" || said.any(|one| one.starts_with(text)), "what to do now");
        let owed = alarms.obligations.values().filter(|one| one.closed.is_none());
        assert!(owed.count() > 0, "{region} owes an answer");
    }
    let demo = House::demo().await;
    let cookie = demo.cookie("nurse@skane").await;
    let page = demo.page(&cookie, "/exercise").await.text;
    assert!(page.contains("ingen övnings") && !page.contains("stop-exercise"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invariant_10_whether_an_alarm_runs_is_told_to_everybody_and_nothing_else_is() {
    for (mode, expected) in [(Mode::Exercise, false), (Mode::Real, true)] {
        let house = if mode == Mode::Exercise {
            drill().await
        } else {
            House::of(Mode::Real, Site::default()).await
        };
        let before = house.send(get("/api/v1/alarms/running")).await;
        assert_eq!((before.status, before.json()), (StatusCode::OK, json!({ "running": false })));
        raise(&house).await;
        let after = house.send(get("/api/v1/alarms/running")).await;
        assert_eq!(after.json(), json!({ "running": expected }), "{mode:?}");
    }
}

/// An alarm to the own duty officer, by the region's own.
async fn raise(house: &House) {
    let finding = json!({ "holds": "suspected", "basis": "x", "source": "x" });
    let unknown = "unknown";
    let to = json!([{ "party": { "region": "skane" }, "role": "tib" }]);
    let alarm = json!({
        "incident": null, "kind": "regional", "headline": "Buss", "text": "Buss",
        "place": unknown, "injured": unknown, "to": to, "replaces": null,
    });
    let report = json!({
        "title": "Buss", "text": "Buss", "source": "SOS", "place": unknown,
        "happened": unknown, "injured": unknown,
    });
    let command = json!({
        "do": "raise", "incident": null, "report": report, "basis": "x", "mode": "staff",
        "assessment": { "harm": finding, "imbalance": finding }, "alarm": alarm,
    });
    let command: samband_domain::incidents::Command = serde_json::from_value(command).unwrap();
    let region = journal("skane");
    let actor = crate::house::actor("tib");
    let request = samband_engine::Request {
        principal: samband_access::Principal::Person { actor, region: region.clone() },
        region,
        key: crate::house::fresh(),
        happened: None,
        asked: None,
        command: command.into(),
    };
    house.engine.submit(request).await.unwrap();
}
