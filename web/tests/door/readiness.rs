//! Capacity, transports, material, the situation report and the standards, through the door.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use samband_access::Principal;
use samband_domain::alarms::command::Draft;
use samband_domain::alarms::model::{Between, DutyRole, Kind, Party, Place, Recipient};
use samband_domain::incidents::model::{Assessment, CareMode, Finding, Holds, Report};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::words::{AlarmId, IncidentId};
use samband_domain::{Command, Event, Known, SiteId, Window, alarms, incidents};
use serde_json::{Value, json};

use crate::house::{House, actor, fresh, get, hidden, journal, post_json, with};

async fn house() -> House {
    let house = House::demo().await;
    for (region, site) in [("skane", "lund"), ("skane", "ystad"), ("halland", "halmstad")] {
        let command = Kernel::OpenSite {
            id: Some(SiteId::new(site).unwrap()),
            name: format!("Sjukhuset {site}"),
            kind: SiteKind::Hospital,
            parent: None,
            record: RecordKeeper::Samband,
            window: Window::open(house.engine.now()),
            note: None,
        };
        house.give(region, command).await;
    }
    house
}

async fn by(house: &House, region: &str, role: &str, command: impl Into<Command>) -> Vec<Event> {
    let request = samband_engine::Request {
        principal: Principal::Person { actor: actor(role), region: journal(region) },
        region: journal(region),
        key: fresh(),
        happened: None,
        asked: None,
        command: command.into(),
    };
    house.engine.submit(request).await.unwrap().events
}

fn draft(incident: Option<IncidentId>, kind: Kind, replaces: Option<AlarmId>) -> Draft {
    let to =
        |region: &str| Recipient { party: Party::Region(journal(region)), role: DutyRole::Tib };
    Draft {
        incident,
        kind,
        headline: "Bussolycka E6".into(),
        text: "Buss av vägen <norr om Lund> & brand.".into(),
        place: Known::Value(Place {
            text: "E6 vid Kävlinge".into(),
            point: Known::Value((55_790_000, 13_080_000)),
        }),
        injured: Known::Value(Between { least: 20, most: 40 }),
        to: ["blekinge", "halland", "kronoberg"].map(to).to_vec(),
        replaces,
    }
}

/// Skåne alarms the others.
async fn alarm(house: &House) -> (String, String) {
    let finding =
        Finding { holds: Holds::Suspected, basis: "buss".into(), source: "SOS Alarm".into() };
    let alarm = draft(None, Kind::Regional, None);
    let command = incidents::Command::Raise {
        incident: None,
        report: Box::new(Report {
            title: "Bussolycka".into(),
            text: "Buss av vägen".into(),
            source: "SOS Alarm".into(),
            place: alarm.place.clone(),
            happened: Known::Unknown,
            injured: alarm.injured,
        }),
        basis: "rapport".into(),
        mode: CareMode::Catastrophe,
        assessment: Assessment { harm: finding.clone(), imbalance: finding },
        alarm: Box::new(alarm),
    };
    let events = by(house, "skane", "tib", command).await;
    for _ in 0..3 {
        house.engine.tick().await;
    }
    let incident = events.iter().find_map(|event| match event {
        Event::Incidents(event) => event.incident().map(ToString::to_string),
        _ => None,
    });
    (incident.unwrap(), issued(&events))
}

fn issued(events: &[Event]) -> String {
    let found = events.iter().find_map(|event| match event {
        Event::Alarms(alarms::Event::Issued(alarm, _)) => Some(alarm.id.to_string()),
        _ => None,
    });
    found.unwrap()
}

fn line(kind: &str, at: &str, parts: [Option<u32>; 3]) -> Value {
    let [staff, premises, equipment] = parts;
    json!({ "kind": kind, "at": at, "staff": staff, "premises": premises, "equipment": equipment })
}

fn lund() -> Value {
    json!({
        "site": "lund", "source": "LSSL-chef", "led": { "by": "LSSL-chef", "since": null },
        "lines": [
            line("emergency", "now", [Some(7), Some(12), Some(9)]),
            line("ward", "now", [Some(7), Some(12), None]),
            line("burns", "now", [Some(0), None, None]),
        ],
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn capacity_is_the_least_and_unknown_stays_unknown() {
    let house = house().await;
    let nurse = house.token("nurse@skane").await;
    let answer = house.tell(&nurse, "/api/v1/capacity", &lund()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let all = house.ask(&nurse, "/api/v1/capacity").await.json();
    assert_eq!((&all["regions_reported"], &all["regions"]), (&json!(1), &json!(4)), "{all}");
    assert_eq!(all["hospitals_reported"], 1);
    let hospitals = all["hospitals"].as_array().unwrap();
    let of = |site: &str| hospitals.iter().find(|one| one["site"] == site).unwrap().clone();
    let usable: Vec<_> =
        of("lund")["lines"].as_array().unwrap().iter().map(|one| one["usable"].clone()).collect();
    assert_eq!(usable, [json!(7), Value::Null, json!(0)]);
    assert_eq!(of("ystad")["valid"], Value::Null);
    let cookie = house.cookie("tib@blekinge").await;
    let page = house.page(&cookie, "/readiness").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("1 av 4 regioner har rapporterat, 1 av 3 sjukhus."));
    // Ystad has not reported, so Skåne's sum is not known: only that it is at least Lund's.
    assert!(page.text.contains("minst 7"), "{}", page.text);
    assert!(page.text.contains("DEMO"));
    assert!(!page.text.contains("/readiness/report/lund"), "Lund is not Blekinge's to report");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hospital_reports_from_a_phone_and_says_unchanged_the_next_time() {
    let house = house().await;
    let cookie = house.cookie("manager@skane").await;
    let path = "/readiness/report/lund";
    let page = house.page(&cookie, path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let key = hidden(&page.text, "idempotency_key");
    let sent = |extra: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("idempotency_key", key.clone()),
            ("act", "report-capacity".into()),
            ("source", "LSSL-chef".into()),
            ("led-by", "LSSL-chef".into()),
            ("led-since", "13:00".into()),
            ("theatre-now-staff", "2".into()),
            ("theatre-now-premises", "3".into()),
            ("theatre-now-equipment", "4".into()),
        ];
        fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
        fields.extend(extra.iter().map(|(name, value)| (*name, (*value).to_owned())));
        fields
    };
    let fill = async |fields: Vec<(&'static str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        house.fill(&cookie, path, &fields).await
    };
    let wrong = fill(sent(&[("theatre-now-staff", "två")])).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"två\""), "{}", wrong.text);
    let done = fill(sent(&[])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    house.clock.set(house.engine.now().plus_seconds(3_600));
    let page = house.page(&cookie, path).await;
    assert!(page.text.contains("1 h gammalt"), "{}", page.text);
    assert!(
        page.text
            .contains("name=\"theatre-now-staff\" type=\"text\" inputmode=\"numeric\" value=\"2\""),
        "{}",
        page.text
    );
    let same = [
        ("idempotency_key", hidden(&page.text, "idempotency_key")),
        ("act", "same-capacity".to_owned()),
        ("shown", hidden(&page.text, "shown")),
    ];
    let same: Vec<_> = same.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(house.fill(&cookie, path, &same).await.status, StatusCode::SEE_OTHER);
    let token = house.token("tib@skane").await;
    let all = house.ask(&token, "/api/v1/capacity").await.json();
    let lund = all["hospitals"].as_array().unwrap().iter().find(|one| one["site"] == "lund");
    let lund = lund.unwrap();
    assert_eq!(lund["valid"], "2026-06-01T13:00:00Z", "{lund}");
    assert_eq!(lund["led"]["since"], "2026-06-01T11:00:00Z", "{lund}");
    assert_eq!(lund["lines"][0]["usable"], 2);
    assert_eq!(
        house.page(&cookie, "/readiness/report/halmstad").await.status,
        StatusCode::NOT_FOUND
    );
    let coordinator = house.cookie("coordinator@skane").await;
    assert_eq!(house.page(&coordinator, path).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transports_are_pledged_in_one_tap_and_released_one_by_one() {
    let house = house().await;
    let (_, alarm) = alarm(&house).await;
    let cookie = house.cookie("tib@halland").await;
    let path = format!("/readiness/pledge/skane/{alarm}");
    let page = house.page(&cookie, &path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("5 ambulanser, klara om 20 min"), "{}", page.text);
    let few = [
        ("idempotency_key", "few-1"),
        ("act", "pledge-transports"),
        ("count-ambulance", "3"),
        ("minutes", "20"),
    ];
    let refused = house.fill(&cookie, &path, &few).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Färre än 5 kräver ett skäl."), "{}", refused.text);
    let tap = [("idempotency_key", "tap-1"), ("act", "pledge-transports"), ("preset", "20")];
    let done = house.fill(&cookie, &path, &tap).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let blekinge = house.token("tib@blekinge").await;
    let api = format!("/api/v1/alarms/skane/{alarm}/transports");
    let short = json!({
        "units": [{ "name": "3-1", "kind": "ambulance", "ready": "2026-06-01T12:20:00Z" }],
        "shortfall": { "reason": "staff", "text": "natt" },
    });
    assert_eq!(house.tell(&blekinge, &api, &short).await.status, StatusCode::OK);
    let again = house.tell(&blekinge, &api, &short).await.json();
    assert_eq!(again["code"], "readiness.pledged_already");
    let told = house.ask(&blekinge, &api).await.json();
    assert_eq!((&told["promised"], &told["agreed"]), (&json!(6), &json!(15)), "{told}");
    let here = format!("/readiness/transports/skane/{alarm}");
    let page = house.page(&cookie, &here).await;
    assert!(page.text.contains("6 av 15 transporter utlovade"), "{}", page.text);
    assert!(page.text.contains("har inte svarat: Kronoberg"), "{}", page.text);
    let go = |to: &'static str, key: &'static str| {
        [("idempotency_key", key), ("act", "move-transport"), ("unit", "0"), ("to", to)]
    };
    let skip = house.fill(&cookie, &here, &go("occupied", "g-1")).await;
    assert_eq!(skip.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (to, key) in [("under_way", "g-2"), ("arrived", "g-3"), ("released", "g-4")] {
        assert_eq!(house.fill(&cookie, &here, &go(to, key)).await.status, StatusCode::SEE_OTHER);
    }
    let told = house.ask(&blekinge, &api).await.json();
    assert_eq!(told["open"], 5, "{told}");
    // Another region's transports are not Blekinge's to move.
    let theirs = house.cookie("tib@blekinge").await;
    let theirs = house.page(&theirs, &here).await;
    assert_eq!(theirs.text.matches("name=\"unit\"").count(), 2, "its own, to go or be released");
    let nurse = house.cookie("nurse@halland").await;
    assert_eq!(house.page(&nurse, &path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        house.page(&cookie, "/readiness/pledge/skane/larm-9").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_promise_counts_through_an_update_until_a_new_one_takes_its_place() {
    let house = house().await;
    let (incident, first) = alarm(&house).await;
    let cookie = house.cookie("tib@halland").await;
    let old = format!("/readiness/pledge/skane/{first}");
    let tap = |key: &'static str| {
        [("idempotency_key", key), ("act", "pledge-transports"), ("preset", "20")]
    };
    assert_eq!(house.fill(&cookie, &old, &tap("u-1")).await.status, StatusCode::SEE_OTHER);
    let incident = IncidentId::new(&incident).unwrap();
    let update = draft(Some(incident), Kind::Regional, Some(AlarmId::new(&first).unwrap()));
    let command = alarms::Command::Issue { alarm: Box::new(update) };
    let newest = issued(&by(&house, "skane", "tib", command).await);
    for _ in 0..3 {
        house.engine.tick().await;
    }
    let here = format!("/readiness/transports/skane/{newest}");
    let both = [format!("/readiness/transports/skane/{first}"), here.clone()];
    for path in &both {
        let page = house.page(&cookie, path).await;
        assert!(page.text.contains("5 av 15 transporter utlovade"), "{path}: {}", page.text);
    }
    // What was promised by the first alarm moves on the page of the update.
    let go =
        [("idempotency_key", "u-2"), ("act", "move-transport"), ("unit", "0"), ("to", "under_way")];
    let moved = house.fill(&cookie, &here, &go).await;
    assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.text);
    // The old address and a form of it lead to the update.
    let led = house.page(&cookie, &old).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.text);
    let to = led.header("location").to_owned();
    assert_eq!(to, format!("/readiness/pledge/skane/{newest}?updated=1"));
    let page = house.page(&cookie, &to).await;
    assert!(page.text.contains("Larmet du kom från är uppdaterat."), "{}", page.text);
    let again = house.fill(&cookie, &old, &tap("u-3")).await;
    assert!(again.header("location").starts_with(&here), "{}", again.text);
    for path in &both {
        let page = house.page(&cookie, path).await;
        assert!(page.text.contains("5 av 15 transporter utlovade"), "{path}: {}", page.text);
        assert!(!page.text.contains("/readiness/pledge/"), "{path}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lent_takes_each_regions_own_step() {
    let house = house().await;
    let (skane, halland) = (house.token("tib@skane").await, house.token("tib@halland").await);
    let path = "/api/v1/material";
    let tell = async |token: &str, body: Value| {
        let answer = house.tell(token, path, &body).await;
        house.engine.tick().await;
        answer
    };
    let hash = |answer: &crate::house::Answer| {
        answer.json()["record"]["hash"].as_str().unwrap().to_owned()
    };
    let need = tell(&skane, json!({ "do": "need", "what": "respiratorer", "count": 3 })).await;
    assert_eq!(need.status, StatusCode::OK, "{}", need.text);
    let cookie = house.cookie("tib@halland").await;
    let page = house.page(&cookie, "/readiness/material").await;
    assert!(page.text.contains("Skåne behöver 3 st respiratorer"), "{}", page.text);
    let offer =
        json!({ "do": "offer", "what": "respiratorer", "count": 2, "answers": hash(&need) });
    let offer = tell(&halland, offer).await;
    let lend_early = json!({ "do": "lend", "answers": hash(&offer) });
    assert_eq!(tell(&halland, lend_early).await.json()["code"], "readiness.not_ours");
    let accepted = tell(&skane, json!({ "do": "accept", "answers": hash(&offer) })).await;
    let twice = tell(&skane, json!({ "do": "accept", "answers": hash(&offer) })).await;
    assert_eq!(twice.json()["code"], "readiness.answered_already");
    let lent = tell(&halland, json!({ "do": "lend", "answers": hash(&accepted) })).await;
    let page = house.page(&house.cookie("tib@skane").await, "/readiness/material").await;
    assert!(page.text.contains("Återlämna") && page.text.contains("I vilket skick"));
    let back = json!({ "do": "return", "answers": hash(&lent), "note": "hela" });
    assert_eq!(tell(&skane, back).await.status, StatusCode::OK);
    let steps = house.ask(&skane, path).await.json();
    let steps: Vec<_> = steps.as_array().unwrap().iter().map(|one| one["step"].clone()).collect();
    assert_eq!(steps.len(), 5, "{steps:?}");
    let nurse = house.token("nurse@skane").await;
    let wrong = tell(&nurse, json!({ "do": "need", "what": "x", "count": 1 })).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let bad = tell(&skane, json!({ "do": "accept", "answers": "0".repeat(64) })).await;
    assert_eq!(bad.status, StatusCode::NOT_FOUND);
}

/// The duty officer of Halland fills the form: wrongly, rightly, and once more with the rest ticked.
async fn fill_situation(house: &House, path: &str, cookie: &str) {
    let form = house.page(cookie, &format!("{path}/report")).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    let fields = [
        ("idempotency_key", "s-1"),
        ("act", "report-situation"),
        ("source", "tib"),
        ("total-value", "20"),
        ("total-most", "30"),
        ("total-sure", "estimated"),
        ("ambulances_free-value", "3"),
        ("cbrne-state", "unknown"),
        ("burned-state", "not_applicable"),
        ("rest", "on"),
        ("next", "30"),
    ];
    let mut wrong = fields;
    wrong[4].1 = "två";
    let back = house.fill(cookie, &format!("{path}/report"), &wrong).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.text.contains("Skriv hela tal"), "{}", back.text);
    let done = house.fill(cookie, &format!("{path}/report"), &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    // Ticking the box once more forgets nothing that was said before.
    let more = [
        ("idempotency_key", "s-2"),
        ("act", "report-situation"),
        ("source", "tib"),
        ("hazards-value", "Rök"),
        ("rest", "on"),
        ("next", "30"),
    ];
    let done = house.fill(cookie, &format!("{path}/report"), &more).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_situation_is_merged_with_its_conflicts_and_fits_one_page() {
    let house = house().await;
    let (incident, _) = alarm(&house).await;
    let path = format!("/situation-report/skane/{incident}");
    let cookie = house.cookie("tib@halland").await;
    fill_situation(&house, &path, &cookie).await;
    let skane = house.token("tib@skane").await;
    let api = format!("/api/v1/situation-reports/skane/{incident}");
    let other = json!({ "statements": [
        {
            "field": "total", "state": "value", "value": { "least": 50, "most": 60 },
            "certainty": "confirmed", "source": "scene",
        },
        {
            "field": "ambulances_free", "state": "value", "value": 6,
            "certainty": "confirmed", "source": "tib",
        },
    ] });
    assert_eq!(house.tell(&skane, &api, &other).await.status, StatusCode::OK);
    let told = house.ask(&skane, &api).await.json();
    assert_eq!((&told["reported"], &told["regions"]), (&json!(2), &json!(4)), "{told}");
    assert_eq!((&told["mode"], &told["mode_end"]), (&json!("demo"), &json!("demo")));
    let of = |name: &str| {
        let all = told["fields"].as_array().unwrap();
        all.iter().find(|one| one["field"] == name).unwrap().clone()
    };
    // At the same moment the duty officer has the greater say; the scene is shown beside it.
    assert_eq!(of("total")["holds"]["value"], json!({ "least": 20, "most": 30 }));
    assert_eq!(of("total")["others"][0]["value"], json!({ "least": 50, "most": 60 }));
    // Two regions' ambulances are no two accounts of the same thing.
    let all = told["fields"].as_array().unwrap().iter();
    let free = all.filter(|one| one["field"] == "ambulances_free");
    let free: Vec<_> = free.map(|one| (&one["holds"]["value"], &one["others"])).collect();
    assert_eq!(free, [(&json!(3), &json!([])), (&json!(6), &json!([]))]);
    assert_eq!(of("cbrne")["holds"]["state"], "unknown");
    assert_eq!(of("burned")["holds"]["state"], "not_applicable");
    assert_eq!(of("place")["holds"]["state"], "unknown", "the rest of the first version");
    assert_eq!(of("buses")["holds"], Value::Null, "nobody said a word");
    let page = house.page(&cookie, &path).await;
    assert!(page.text.contains("2 av 4 regioner har rapporterat"), "{}", page.text);
    assert!(page.text.contains("annan uppgift") && page.text.contains("50–60"));
    let pdf = house.page(&cookie, &format!("{path}/sheet.pdf")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(pdf.text.contains("/Count 1") && pdf.text.matches("(DEMO").count() >= 2);
    let csv = house.page(&cookie, &format!("{path}/table.csv")).await;
    let lines: Vec<_> = csv.text.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[1].starts_with("DEMO") && lines.last().unwrap().starts_with("DEMO"), "{lines:?}");
    let shape = json!({ "statements": [{
        "field": "p1", "state": "value", "value": "många",
        "certainty": "confirmed", "source": "tib",
    }] });
    assert_eq!(house.tell(&skane, &api, &shape).await.json()["code"], "readiness.shape");
    let director = house.cookie("director@halland").await;
    assert_eq!(
        house.page(&director, &format!("{path}/report")).await.status,
        StatusCode::FORBIDDEN
    );
}

async fn post_cap(house: &House, token: &str, xml: &str) -> crate::house::Answer {
    let request = Request::post("/api/v1/cap").header("content-type", "application/cap+xml");
    let request = request.body(Body::from(xml.to_owned())).unwrap();
    let request = with(request, "authorization", &format!("Bearer {token}"));
    house.send(with(request, "idempotency-key", &fresh())).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_leaves_as_valid_cap_and_a_recall_cancels_what_it_names() {
    let house = house().await;
    let (incident, first) = alarm(&house).await;
    let token = house.token("tib@halland").await;
    let path = format!("/api/v1/alarms/skane/{first}/cap");
    let sent = house.ask(&token, &path).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let report = samband_exchange::cap::validate(sent.text.as_bytes());
    assert!(report.is_valid(), "{}", report.json());
    // Both findings are suspected, not confirmed.
    assert!(sent.text.contains("<certainty>Likely</certainty>"), "{}", sent.text);
    for part in ["<status>Test</status>", "<scope>Private</scope>", "halland/tib", "DEMO", "20-40"]
    {
        assert!(sent.text.contains(part), "{part}: {}", sent.text);
    }
    let incident_id = IncidentId::new(&incident).unwrap();
    let before = AlarmId::new(&first).unwrap();
    let recall = draft(Some(incident_id), Kind::Recall, Some(before));
    let command = alarms::Command::Issue { alarm: Box::new(recall) };
    let recall = issued(&by(&house, "skane", "tib", command).await);
    let sent = house.ask(&token, &format!("/api/v1/alarms/skane/{recall}/cap")).await;
    assert!(samband_exchange::cap::validate(sent.text.as_bytes()).is_valid(), "{}", sent.text);
    assert!(sent.text.contains("<msgType>Cancel</msgType>"), "{}", sent.text);
    let reference = format!("<references>skane@samband,{first},2026-06-01T14:00:00+02:00");
    assert!(sent.text.contains(&reference), "{}", sent.text);
    assert_eq!(house.send(get(&path)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cap_message_becomes_a_draft_and_never_an_alarm() {
    let house = house().await;
    let (_, first) = alarm(&house).await;
    let (skane, halland) = (house.token("tib@skane").await, house.token("tib@halland").await);
    let xml = house.ask(&skane, &format!("/api/v1/alarms/skane/{first}/cap")).await.text;
    let taken = post_cap(&house, &halland, &xml).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    let world = house.engine.world();
    let shared = world.journal(&journal("halland")).unwrap().shared();
    let (_, held) = shared.incidents.incidents.iter().next().unwrap();
    assert_eq!(held.stage, incidents::model::Stage::Draft);
    assert_eq!(held.report.injured, Known::Value(Between { least: 20, most: 40 }));
    assert!(shared.alarms.issued.is_empty());
    let broken = xml.replace("<scope>Private</scope>", "<scope>Secret</scope>");
    let refused = post_cap(&house, &halland, &broken).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["valid"], false, "{}", refused.text);
    assert!(!refused.json()["problems"].as_array().unwrap().is_empty());
    // A real message has no place in a demo, nor the other way round.
    let real = xml.replace("<status>Test</status>", "<status>Actual</status>");
    assert_eq!(post_cap(&house, &halland, &real).await.json()["code"], "web.cap_mode");
    let nurse = house.token("nurse@halland").await;
    assert_eq!(post_cap(&house, &nurse, &xml).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn capacity_leaves_as_have_and_measure_report_without_made_up_noughts() {
    let house = house().await;
    let token = house.token("tib@skane").await;
    let none = house.ask(&token, "/api/v1/capacity.have.xml").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND, "nobody has reported: {}", none.text);
    assert_eq!(house.tell(&token, "/api/v1/capacity", &lund()).await.status, StatusCode::OK);
    let have = house.ask(&token, "/api/v1/capacity.have.xml").await;
    assert_eq!(have.status, StatusCode::OK, "{}", have.text);
    assert!(have.text.contains("<distributionStatus>Test</distributionStatus>"), "{}", have.text);
    assert!(have.text.contains("<have:availableCount>7</have:availableCount>"), "{}", have.text);
    assert!(!have.text.contains("MedicalSurgical"), "the ward is unknown: {}", have.text);
    assert!(!have.text.contains("ystad"), "Ystad has not reported: {}", have.text);
    let bundle = house.ask(&token, "/api/v1/capacity/measure-report?region=skane").await.json();
    assert_eq!(bundle["entry"].as_array().unwrap().len(), 1, "{bundle}");
    assert_eq!(bundle["entry"][0]["resource"]["meta"]["security"][0]["code"], "HTEST");
    let bad = json!({ "site": "lund", "source": "x", "lines": [line("moon", "now", [None; 3])] });
    assert_eq!(house.tell(&token, "/api/v1/capacity", &bad).await.status, StatusCode::BAD_REQUEST);
    let nobody = house.send(post_json("/api/v1/capacity", &lund())).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
