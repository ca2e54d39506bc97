//! Incidents: whose move it is, measures by those who may, blood as a range, duties with proof; and
//! that what nobody knows stays unknown.

use axum::http::StatusCode;
use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::stock::{Demand, Line};
use samband_domain::blood::model::{Component, Group};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::readiness::Command as Readiness;
use samband_domain::readiness::model::{Capacity, CareKind, Horizon, Led, Plus, Row};
use samband_domain::{Known, Mode, SiteId, Window};
use samband_web::app::Site;
use serde_json::{Value, json};

use crate::house::{Answer, House, hidden};
use crate::stock;

fn ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

fn said(injured: &Value) -> Value {
    let finding = json!({ "holds": "suspected", "basis": "första rapporten", "source": "SOS" });
    json!({
        "report": {
            "title": "Bussolycka E22", "text": "Buss har vält.", "source": "SOS Alarm",
            "place": null, "happened": null, "injured": injured,
        },
        "basis": "TiB bedömer rapporten", "confirm": "demo",
        "assessment": { "harm": finding, "imbalance": finding },
        "alarm": { "to": [
            { "party": { "region": "skane" }, "role": "blood_centre" },
            { "party": { "region": "halland" }, "role": "tib" },
            { "party": { "region": "halland" }, "role": "blood_centre" },
        ] },
    })
}

/// Raises an alarm in Skåne; its incident and its alarm.
async fn raised(house: &House, injured: &Value) -> (String, String) {
    let tib = house.token("tib@skane").await;
    let made = house.tell(&tib, "/api/v1/alarms/raise", &said(injured)).await;
    ok(&made);
    let made = made.json();
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    (text("incident"), text("alarm"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_says_whose_move_it_is_and_every_part_of_it_is_shown() {
    let house = House::demo().await;
    let (id, _) = raised(&house, &json!({ "least": 60, "most": 60 })).await;
    let cookie = house.cookie("tib@skane").await;
    let list = house.page(&cookie, "/incidents").await;
    ok(&list);
    assert!(list.text.contains("Bussolycka E22") && list.text.contains("Regionerna larmade"));
    let href = format!("/incidents/skane/{id}");
    for lang in ["sv", "en"] {
        for part in ["", "/blood", "/after", "/distribution"] {
            let page = house.page(&cookie, &format!("{href}{part}?lang={lang}")).await;
            assert_eq!(page.status, StatusCode::OK, "{part}: {}", page.text);
            assert!(!page.text.contains("inc-"), "{part} {lang}: a text without words");
        }
    }
    let page = house.page(&cookie, &format!("{href}?lang=sv")).await;
    for words in ["Larm utfärdat", "Stabsläge", "har inte svarat", "Okänt"] {
        assert!(page.text.to_lowercase().contains(&words.to_lowercase()), "{words}: {}", page.text);
    }
    // Another region reads and leads nothing.
    let other = house.cookie("commander@halland").await;
    let page = house.page(&other, &href).await;
    ok(&page);
    assert!(page.text.contains("leds av en annan region"), "{}", page.text);
    let fields = [("act", "incident-stand-down"), ("basis", "x")];
    let refused = house.fill(&other, &href, &fields).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
    let nobody = house.page(&cookie, "/incidents/skane/demo-finns-inte").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let bad = house.page(&cookie, &format!("{href}?as_of=snart")).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_known_then_is_all_that_is_shown_of_then() {
    let house = House::demo().await;
    let (id, _) = raised(&house, &Value::Null).await;
    let token = house.token("tib@skane").await;
    house.clock.set(house.engine.now().plus_seconds(600));
    let note = json!({ "text": "Ytterligare en buss", "source": "ambulans" });
    ok(&house.tell(&token, &format!("/api/v1/incidents/{id}/notes"), &note).await);
    let cookie = house.cookie("tib@skane").await;
    let all = house.page(&cookie, &format!("/incidents/skane/{id}")).await;
    assert!(all.text.contains("Ytterligare en buss"));
    // 2026-06-01 at noon in UTC is 14:00 in Sweden.
    let then = house.page(&cookie, &format!("/incidents/skane/{id}?as_of=14:05")).await;
    ok(&then);
    assert!(!then.text.contains("Ytterligare en buss"), "{}", then.text);
    assert!(then.text.contains("Så här mycket var känt"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indicators_propose_two_people_ration_and_the_end_waits_for_those_who_owe() {
    let house = House::demo().await;
    let (id, _) = raised(&house, &Value::Null).await;
    let path = format!("/api/v1/incidents/{id}");
    let (tib, commander) = (house.token("tib@skane").await, house.token("commander@skane").await);
    let physician = house.token("physician@skane").await;
    let one = house.ask(&tib, &format!("/api/v1/incidents/skane/{id}")).await;
    ok(&one);
    let shown = one.json()["indicators"].as_array().unwrap().clone();
    assert_eq!(shown.len(), 7);
    for indicator in &shown {
        assert_eq!(indicator["passed"], Value::Null, "nobody has said a word: {indicator}");
        assert_eq!(indicator["by_rule"], false);
    }
    let review = house.engine.now().plus_seconds(7_200).to_string();
    let ration = json!({ "measure": "rationing", "scope": "region", "resource": "trombocyter",
        "basis": "lagret räcker kort", "review": review });
    let measures = format!("{path}/measures");
    let wrong = house.token("nurse@skane").await;
    let refused = house.tell(&wrong, &measures, &ration).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    ok(&house.tell(&commander, &measures, &ration).await);
    let second = json!({ "change": "second" });
    let again = house.tell(&commander, &format!("{measures}/0"), &second).await;
    assert_eq!(again.json()["code"], "incident.same_person");
    ok(&house.tell(&physician, &format!("{measures}/0"), &second).await);
    let held = house.ask(&tib, &format!("/api/v1/incidents/skane/{id}")).await.json();
    assert_eq!(held["measures"][0]["signed"], 2);
    assert!(held["measures"][0]["since"].is_string(), "{held}");

    let end = |step: &str| json!({ "step": step, "text": "över" });
    let refused = house.tell(&tib, &format!("{path}/end"), &end("stand_down")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the commander leads");
    ok(&house.tell(&commander, &format!("{path}/end"), &end("stand_down")).await);
    let refused = house.tell(&commander, &format!("{path}/end"), &end("close")).await;
    assert_eq!(refused.json()["code"], "incident.open_obligations", "{}", refused.text);
    let cookie = house.cookie("commander@skane").await;
    let href = format!("/incidents/skane/{id}");
    let page = house.page(&cookie, &href).await;
    let key = hidden(&page.text, "idempotency_key");
    let fields = [("act", "incident-close"), ("text", "slut"), ("idempotency_key", key.as_str())];
    let back = house.fill(&cookie, &href, &fields).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", back.text);
    assert!(back.text.contains("har ännu inte svarat klart") && back.text.contains("#owed"));
}

fn per_day(component: Component, group: Option<Group>, units: u64) -> Blood {
    let demand = Demand {
        milli_per_day: Known::Value(units * 1_000),
        period: "2025".parse().unwrap(),
        source: "provet".into(),
    };
    Blood::StateDemand { site: None, line: Line { component, group }, demand }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blood_is_a_range_and_cover_says_why_where_nobody_can_tell() {
    let house = stock::house().await;
    let scientist = house.token("scientist@skane").await;
    ok(&house.tell(&scientist, "/api/v1/stock/take-over", &stock::opening(1..=8)).await);
    let unknown = raised(&house, &Value::Null).await.0;
    let tib = house.token("tib@skane").await;
    let blood = |id: &str| format!("/api/v1/incidents/skane/{id}/blood");
    let none = house.ask(&tib, &blood(&unknown)).await;
    ok(&none);
    let none = none.json();
    assert_eq!(none["estimate"], Value::Null, "nobody has said how many: {none}");
    let struck = &none["regions"][0];
    assert_eq!((&struck["region"], &struck["struck"]), (&json!("skane"), &json!(true)));
    assert_eq!(struck["lines"][0]["hours"], Value::Null);
    let why = struck["lines"][0]["why"].as_array().unwrap();
    assert!(why.contains(&json!("casualties")) && why.contains(&json!("demand")), "{why:?}");
    // Ystad's record is another system's, which has told nothing: the stock is not known.
    assert!(why.contains(&json!("stock")), "{why:?}");

    let told = json!({ "site": "ystad-bc", "system": "ProSang",
        "as_of": house.engine.now().to_string(),
        "rows": [{ "component": "red_cells", "available": 60 }] });
    let coordinator = house.token("coordinator@skane").await;
    let empty = json!({ "site": "malmo-bc", "found": [] });
    ok(&house.tell(&scientist, "/api/v1/stock/count", &empty).await);
    ok(&house.tell(&coordinator, "/api/v1/stock/external", &told).await);
    house.give("skane", per_day(Component::RedCells, None, 24)).await;
    let (id, _) = raised(&house, &json!({ "least": 60, "most": 60 })).await;
    let known = house.ask(&tib, &format!("{}?curve=middle", blood(&id))).await.json();
    assert_eq!(known["estimate"]["red_cells"], json!({ "low": 54.0, "plan": 90.0, "high": 150.0 }));
    let line = &known["regions"][0]["lines"][0];
    // Sixty told and four on the own shelf; 64 against 58.2 and three within three hours, 67.5 and
    // four within four.
    assert_eq!(line["usable"], 64, "{line}");
    assert_eq!(line["hours"]["plan"], 3, "{line}");
    assert!(line["hours"]["least"].as_u64() < line["hours"]["plan"].as_u64());
    // No rule set says who gets O RhD positive: the two are not told apart by a guess.
    let negative = &known["regions"][0]["lines"][1];
    assert_eq!((&negative["line"], &negative["hours"]), (&json!("o_negative"), &Value::Null));
    assert!(negative["why"].as_array().unwrap().contains(&json!("rule")), "{negative}");
    let bad = house.ask(&tib, &format!("{}?curve=fort", blood(&id))).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let page =
        house.page(&house.cookie("tib@skane").await, &format!("/incidents/skane/{id}/blood")).await;
    assert!(page.text.contains("blood-curve") && page.text.contains("aldrig ut till allmänheten"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blood_centre_confirms_its_stock_with_one_button_and_only_its_own() {
    let house = House::demo().await;
    let (id, alarm) = raised(&house, &Value::Null).await;
    let href = format!("/incidents/skane/{id}/blood");
    let cookie = house.cookie("scientist@skane").await;
    let page = house.page(&cookie, &href).await;
    assert!(page.text.contains("incident-stock"), "{}", page.text);
    let nurse = house.page(&house.cookie("nurse@skane").await, &href).await;
    assert!(!nurse.text.contains("Vårt lager stämmer"));
    let word = json!({ "alarm": alarm });
    let path = format!("/api/v1/incidents/skane/{id}/blood/stock");
    let refused = house.tell(&house.token("nurse@skane").await, &path, &word).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let (key, alarm) = (hidden(&page.text, "idempotency_key"), alarm.as_str());
    let fields = [("act", "incident-stock"), ("alarm", alarm), ("idempotency_key", key.as_str())];
    let done = house.fill(&cookie, &href, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = house.page(&cookie, &href).await;
    assert!(!page.text.contains("Vårt lager stämmer"), "said once");
    // A region that is not asked owes nothing.
    let kronoberg = house.token("scientist@kronoberg").await;
    let refused = house.tell(&kronoberg, &path, &word).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn duties_are_given_where_it_happened_and_reported_where_they_are_done() {
    let house = House::demo().await;
    let (id, _) = raised(&house, &Value::Null).await;
    let commander = house.token("commander@skane").await;
    let path = format!("/api/v1/incidents/{id}/duties");
    let due = house.engine.now().plus_days(30).to_string();
    let duty =
        |region: &str, due: &str| json!({ "what": "Öva larmkedjan", "region": region, "due": due });
    let past = house.engine.now().plus_days(-1).to_string();
    let refused = house.tell(&commander, &path, &duty("halland", &past)).await;
    assert_eq!(refused.json()["code"], "incident.duty_due");
    let refused = house.tell(&commander, &path, &duty("okand", &due)).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text);
    let wrong = house.token("tib@skane").await;
    let refused = house.tell(&wrong, &path, &duty("halland", &due)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    ok(&house.tell(&commander, &path, &duty("halland", &due)).await);

    let report = format!("/api/v1/incidents/skane/{id}/duties/0");
    let done = json!({ "done": true, "proof": "Övning 2026-09-01, protokoll 12" });
    let refused = house.tell(&commander, &report, &done).await;
    assert_eq!(refused.json()["code"], "incident.not_ours", "{}", refused.text);
    let halland = house.token("director@halland").await;
    ok(&house.tell(&halland, &report, &done).await);
    let again = house.tell(&halland, &report, &done).await;
    assert_eq!(again.json()["code"], "incident.duty_ended", "{}", again.text);
    let one = house.ask(&commander, &format!("/api/v1/incidents/skane/{id}")).await.json();
    assert_eq!(one["duties"][0]["state"], "done");
    assert_eq!(one["duties"][0]["proof"], "Övning 2026-09-01, protokoll 12");
    let cookie = house.cookie("director@halland").await;
    let list = house.page(&cookie, "/incidents").await;
    assert!(list.text.contains("Öva larmkedjan") && list.text.contains("protokoll 12"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measured_times_stand_against_the_deadlines_and_what_has_not_happened_is_unknown() {
    let house = House::demo().await;
    let (id, alarm) = raised(&house, &Value::Null).await;
    let tib = house.token("tib@skane").await;
    let path = format!("/api/v1/incidents/skane/{id}/after");
    let of = |all: &Value, what: &str, region: &Value| {
        let rows = all.as_array().unwrap();
        rows.iter().find(|row| row["what"] == what && row["region"] == *region).unwrap().clone()
    };
    let before = house.ask(&tib, &path).await.json();
    let halland = json!("halland");
    assert_eq!(of(&before, "answer", &halland)["seconds"], Value::Null);
    assert_eq!(of(&before, "stood_down", &Value::Null)["seconds"], Value::Null);
    assert_eq!(of(&before, "answer", &halland)["within"], 600);
    house.clock.set(house.engine.now().plus_seconds(90));
    let scientist = house.token("scientist@skane").await;
    let stock = format!("/api/v1/incidents/skane/{id}/blood/stock");
    ok(&house.tell(&scientist, &stock, &json!({ "alarm": alarm })).await);
    let after = house.ask(&tib, &path).await.json();
    let said = of(&after, "stock", &json!("skane"));
    assert_eq!((&said["seconds"], &said["in_time"]), (&json!(90), &json!(true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exercise_says_so_first_and_last_and_a_proposal_lacks_what_nobody_has_said() {
    let house = House::of(Mode::Exercise, Site::default()).await;
    let tib = house.token("tib@skane").await;
    let report = said(&Value::Null)["report"].clone();
    let opened = house.tell(&tib, "/api/v1/incidents", &json!({ "report": report })).await;
    ok(&opened);
    let id = opened.json()["incident"].as_str().unwrap().to_owned();
    let cookie = house.cookie("tib@skane").await;
    let page = house.page(&cookie, &format!("/incidents/skane/{id}/distribution")).await;
    ok(&page);
    let main = page.text.split("<main").nth(1).unwrap();
    assert!(main.matches("ÖVNING").count() >= 2, "{main}");
    assert!(page.text.contains("Det går inte att föreslå något än"), "{}", page.text);
    for lacks in ["Antal skadade per prioritet är okänt", "Inga transporter är kända"] {
        assert!(page.text.contains(lacks), "{lacks}");
    }
    assert!(!page.text.contains("räknas inte i skarpt läge"), "an exercise may show them");
    let bad = format!("/incidents/skane/{id}/distribution?p1=m%C3%A5nga");
    assert_eq!(house.page(&cookie, &bad).await.status, StatusCode::BAD_REQUEST);
}

/// A hospital's report: ten emergency places, four theatres, thirty beds, now and later.
fn capacity(site: &str, now: samband_domain::Time) -> Capacity {
    let row = |kind, horizon, n| {
        let n = Known::Value(n);
        Row { kind, horizon, plus: Plus { staff: n, premises: n, equipment: n } }
    };
    let kinds = [(CareKind::Emergency, 10), (CareKind::Theatre, 4), (CareKind::Ward, 30)];
    let rows = kinds.into_iter().flat_map(|(kind, n)| {
        [Horizon::Now, Horizon::In2, Horizon::In6, Horizon::In24].map(|at| row(kind, at, n))
    });
    Capacity {
        site: SiteId::new(site).unwrap(),
        valid: now,
        source: "LSSL".into(),
        led: Known::Value(Led { by: Some("LSSL-chef".into()), since: Known::Value(now) }),
        rows: rows.collect(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proposal_goes_by_capacity_and_time_and_shows_its_gap() {
    let house = House::demo().await;
    let (id, _) = raised(&house, &Value::Null).await;
    let now = house.engine.now();
    for (site, name) in [("lund", "Lunds sjukhus"), ("malmo", "Malmö sjukhus")] {
        let opened = Kernel::OpenSite {
            id: Some(SiteId::new(site).unwrap()),
            name: name.into(),
            kind: SiteKind::Hospital,
            parent: None,
            record: RecordKeeper::Samband,
            window: Window::open(now),
            note: None,
        };
        house.give("skane", opened).await;
        let capacity = capacity(site, now);
        house.give("skane", Readiness::ReportCapacity { capacity }).await;
    }
    let count = |field: &str, value: Value| {
        json!({ "field": field, "state": "value", "value": value, "certainty": "estimated",
            "source": "tib", "valid": now.to_string() })
    };
    let range = |field: &str, n: u32| count(field, json!({ "least": n, "most": n }));
    let statements = json!({ "statements": [
        range("p1", 4), range("p2", 6), range("p3", 10), count("ambulances_free", json!(5)),
    ] });
    let token = house.token("tib@skane").await;
    let path = format!("/api/v1/situation-reports/skane/{id}");
    ok(&house.tell(&token, &path, &statements).await);
    let cookie = house.cookie("tib@skane").await;
    let href = format!("/incidents/skane/{id}/distribution");
    let without = house.page(&cookie, &href).await;
    assert!(without.text.contains("Ingen restid"), "{}", without.text);
    let planned = house.page(&cookie, &format!("{href}?min-lund=15&min-malmo=25")).await;
    ok(&planned);
    for words in ["Vart de skadade åker", "Hur bra förslaget är", "Lunds sjukhus", "P1 först"] {
        assert!(planned.text.contains(words), "{words}: {}", planned.text);
    }
    let form = [
        ("act", "incident-deviate"),
        ("text", "Två P1 till Malmö"),
        ("why", "brännskador"),
        ("source", "sjukvårdsledare"),
        ("idempotency_key", "avvikelse-1"),
    ];
    let done = house.fill(&cookie, &href, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let course = house.page(&cookie, &format!("/incidents/skane/{id}")).await;
    assert!(course.text.contains("Två P1 till Malmö") && course.text.contains("brännskador"));
    // Indicators rest on the same figures now.
    let one = house.ask(&token, &format!("/api/v1/incidents/skane/{id}")).await.json();
    let passed = |name: &str| {
        let shown = one["indicators"].as_array().unwrap();
        shown.iter().find(|one| one["name"] == name).unwrap()["passed"].clone()
    };
    assert_eq!(passed("p1_waiting"), false);
    assert_eq!(passed("next_hour"), true, "ten seriously injured, and twenty places take eight");
    assert_eq!(passed("theatres"), false);
    assert_eq!(passed("blood_hours"), Value::Null);
}

/// Two hospitals of Skåne and one of Halland with places of intensive care and wards, and five
/// ambulances that Skåne has free.
async fn hospitals_with_transports(house: &House, id: &str) {
    let now = house.engine.now();
    let places = [("skane", "lund", 0), ("skane", "malmo", 2), ("halland", "varberg", 3)];
    for (region, site, intensive) in places {
        let opened = Kernel::OpenSite {
            id: Some(SiteId::new(site).unwrap()),
            name: format!("{site} sjukhus"),
            kind: SiteKind::Hospital,
            parent: None,
            record: RecordKeeper::Samband,
            window: Window::open(now),
            note: None,
        };
        house.give(region, opened).await;
        let mut capacity = capacity(site, now);
        let n = Known::Value(intensive);
        let plus = Plus { staff: n, premises: n, equipment: n };
        capacity.rows.push(Row { kind: CareKind::IntensiveCare, horizon: Horizon::Now, plus });
        house.give(region, Readiness::ReportCapacity { capacity }).await;
    }
    let statements = json!({ "statements": [{
        "field": "ambulances_free", "state": "value", "value": 5, "certainty": "estimated",
        "source": "tib", "valid": now.to_string(),
    }] });
    let token = house.token("tib@skane").await;
    ok(&house.tell(&token, &format!("/api/v1/situation-reports/skane/{id}"), &statements).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn patients_are_moved_by_places_and_time_with_the_transports_of_whoever_fetches() {
    let house = House::demo().await;
    let (id, _) = raised(&house, &Value::Null).await;
    hospitals_with_transports(&house, &id).await;
    let token = house.token("tib@skane").await;
    let api = format!("/api/v1/incidents/skane/{id}/distribution/secondary");
    let none = house.ask(&token, &api).await;
    ok(&none);
    let none = none.json();
    assert_eq!(none["plan"], Value::Null, "{none}");
    assert!(none["ways"].as_array().unwrap().iter().all(|way| way["source"] == "unknown"));
    let query = "from=skane/lund&intensive_care=4&ward=1&home=skane:2\
        &minutes=halland/varberg:120,skane/malmo:25";
    let all = house.ask(&token, &format!("{api}?{query}")).await.json();
    let plan = &all["plan"];
    // Malmö has two places of intensive care; Halland has no transport that is known.
    let of = |class: &str| {
        let classes = plan["classes"].as_array().unwrap();
        let one = classes.iter().find(|one| one["class"] == class).unwrap();
        (one["moved"].as_i64().unwrap(), one["unplaced"].as_i64().unwrap())
    };
    assert_eq!((of("home skane"), of("ward"), of("intensive_care")), ((2, 0), (1, 0), (2, 2)));
    let moved = plan["moved"].as_array().unwrap();
    assert!(moved.iter().filter(|one| one["patients"] != 0).all(|one| one["region"] == "skane"));
    assert!(!all.to_string().contains("surviv"), "{all}");
    for bad in ["from=skane/lund&minutes=malmo", "ward=en", "plats=3"] {
        let refused = house.ask(&token, &format!("{api}?{bad}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{bad}: {}", refused.text);
    }
    let cookie = house.cookie("tib@skane").await;
    let href = format!("/incidents/skane/{id}/distribution/secondary");
    let page = house.page(&cookie, &href).await;
    assert!(page.text.contains("Välj sjukhuset som de flyttas från"), "{}", page.text);
    let query = "from=skane%2Flund&intensive_care=4&home-skane=2&min-skane%2Fmalmo=25";
    let page = house.page(&cookie, &format!("{href}?{query}")).await;
    for words in ["Vem som flyttas vart", "Hem till", "får ingen plats", "sägs om överlevnad"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let form = [
        ("act", "incident-deviate"),
        ("text", "En till Malmö i stället"),
        ("why", "neurokirurgi"),
        ("source", "RSSL-chef"),
        ("idempotency_key", "flytt-2"),
    ];
    let done = house.fill(&cookie, &href, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let course = house.page(&cookie, &format!("/incidents/skane/{id}")).await;
    assert!(
        course.text.contains("Avvikelse från flyttförslaget") && course.text.contains("neurok")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_report_is_a_pdf_and_a_director_starts_with_the_own_duties() {
    let house = House::demo().await;
    let (id, _) = raised(&house, &Value::Null).await;
    let commander = house.token("commander@skane").await;
    let due = house.engine.now().plus_days(2).plus_seconds(3_600).to_string();
    let duty = json!({
        "what": "Öva larmkedjan", "region": "halland", "due": due, "gap": "Ersättare saknades",
        "owner": "beredskapschef", "cost": 120_000,
    });
    ok(&house.tell(&commander, &format!("/api/v1/incidents/{id}/duties"), &duty).await);
    let one = house.ask(&commander, &format!("/api/v1/incidents/skane/{id}")).await.json();
    let duty = &one["duties"][0];
    assert_eq!((&duty["owner"], &duty["cost"]), (&json!("beredskapschef"), &json!(120_000)));
    let cookie = house.cookie("director@halland").await;
    let roles = house.page(&cookie, "/roles").await;
    for words in ["Öva larmkedjan", "beredskapschef", "Ersättare saknades", "om 2 dagar"] {
        assert!(roles.text.contains(words), "{words}");
    }
    house.clock.set(house.engine.now().plus_days(6));
    let cookie = house.cookie("director@halland").await;
    let roles = house.page(&cookie, "/roles").await;
    assert!(roles.text.contains("försenat 4 dagar"), "{}", roles.text);
    assert!(
        !house
            .page(&house.cookie("director@skane").await, "/roles")
            .await
            .text
            .contains("Öva larmkedjan")
    );
    let cookie = house.cookie("tib@skane").await;
    let pdf = house.page(&cookie, &format!("/incidents/skane/{id}/after.pdf")).await;
    ok(&pdf);
    assert!(pdf.text.starts_with("%PDF-") && pdf.text.contains("%%EOF"), "a PDF");
}
