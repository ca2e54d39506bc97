//! Withdrawals, traces, plasma and reports through the API and the pages: for nobody, the wrong
//! role, and for whoever may; from a call in one region to the answer of the other.

use axum::http::StatusCode;
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{SiteId, Window};
use serde_json::{Value, json};

use crate::house::{House, get, post_json};

fn unit(serial: u32) -> String {
    format!("A999026{serial:06}.E0336V00")
}

fn din(serial: u32) -> String {
    format!("A999026{serial:06}")
}

const CODES: &str = "kind;code;product;attributes;text;from;until;facility
table;title;;;Prov;;;
table;version;;;1;;;
table;valid;;;;2025-01-01;2035-12-31;
facility;A9990;;;Blekinge;;;
product;E0336;red_cells;leukoreduced;Erytrocyter;;;
";

/// Two regions with a site each; two units in Skåne, one of them sent to Halland and received.
async fn house() -> House {
    let house = House::demo().await;
    for (region, site) in [("skane", "lund-bc"), ("halland", "varberg-bc")] {
        let command = Kernel::OpenSite {
            id: Some(SiteId::new(site).unwrap()),
            name: format!("Blodcentralen {site}"),
            kind: SiteKind::BloodCentre,
            parent: None,
            record: RecordKeeper::Samband,
            window: Window::open(house.engine.now()),
            note: None,
        };
        house.give(region, command).await;
    }
    let administrator = house.token("administrator@skane").await;
    let loaded = axum::http::Request::post("/api/v1/stock/codes?file=codes.csv")
        .header("content-type", "text/csv")
        .header("authorization", format!("Bearer {administrator}"))
        .header("idempotency-key", crate::house::fresh())
        .body(axum::body::Body::from(CODES))
        .unwrap();
    assert_eq!(house.send(loaded).await.status, StatusCode::OK);
    let skane = house.token("scientist@skane").await;
    let row = |serial: u32| {
        json!({
            "unit": unit(serial), "group": "O RhD neg", "expiry": "2026-06-20",
            "status": "available", "tests": { "hbsag": "negative" }, "rules": "prov",
        })
    };
    let rows = json!({ "site": "lund-bc", "units": [row(1), row(3)] });
    let answer = house.tell(&skane, "/api/v1/stock/take-over", &rows).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let box_ = json!({
        "from_site": "lund-bc", "to_region": "halland", "to_site": "varberg-bc",
        "units": [unit(1)],
    });
    let sent = house.tell(&skane, "/api/v1/shipments", &box_).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let halland = house.token("scientist@halland").await;
    let receipt = json!({
        "dispatch": sent.json()["record"],
        "outcomes": [{ "unit": unit(1), "outcome": "accepted" }],
    });
    let answer = house.tell(&halland, "/api/v1/shipments/receive", &receipt).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    house.engine.tick().await;
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_region_called_back_goes_nowhere_even_before_it_was_read() {
    let house = house().await;
    let skane = house.token("scientist@skane").await;
    let halland = house.token("scientist@halland").await;
    let send = json!({
        "from_site": "lund-bc", "to_region": "halland", "to_site": "varberg-bc",
        "units": [unit(3)],
    });
    let call = json!({ "donations": [din(3)], "reason": "marker" });
    let called = house.tell(&halland, "/api/v1/withdrawals", &call).await;
    assert_eq!(called.status, StatusCode::OK, "{}", called.text);
    // Nothing has ticked since: Skåne's own record says nothing of it.
    let refused = house.tell(&skane, "/api/v1/shipments", &send).await;
    let told = (refused.status, refused.json()["code"].clone());
    assert_eq!(told, (StatusCode::UNPROCESSABLE_ENTITY, json!("withdrawal.elsewhere")));
    assert!(refused.text.contains("halland"), "{}", refused.text);
    house.engine.tick().await;
    let stopped = house.tell(&skane, "/api/v1/shipments", &send).await;
    assert!(!stopped.status.is_success(), "its own record stops it now: {}", stopped.text);
    assert_ne!(stopped.json()["code"], "withdrawal.elsewhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_closed_to_nobody_and_to_the_wrong_role() {
    let house = house().await;
    let hash = "0".repeat(64);
    let call = json!({ "donations": [din(1)], "reason": "marker" });
    let follow = json!({ "unit": unit(1), "done": "not_given" });
    let operations = [
        ("/api/v1/withdrawals".to_owned(), call),
        ("/api/v1/plasma-lots".into(), json!({ "site": "lund-bc", "units": [unit(1)] })),
        ("/api/v1/plasma-lots/pl-1/take-out".into(), json!({ "units": [unit(1)], "note": "x" })),
        (
            "/api/v1/plasma-consignments".into(),
            json!({
                "lots": ["pl-1"], "buyer": "x",
                "documents": [{ "title": "x", "sha256": hash.clone() }],
            }),
        ),
        (
            "/api/v1/vigilance".into(),
            json!({ "notice": "event", "category": "storage", "occurred": "2026-05-01" }),
        ),
        ("/api/v1/vigilance/iv-1/confirm".into(), json!({ "imputability": "na" })),
        ("/api/v1/reports/2025".into(), json!({ "report": "activity", "sha256": hash.clone() })),
    ];
    let secretary = house.token("secretary@skane").await;
    for (path, body) in &operations {
        let nobody = house.send(post_json(path, body)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let answer = house.tell(&secretary, path, body).await;
        let told = (answer.status, answer.json()["code"].clone());
        assert_eq!(told, (StatusCode::FORBIDDEN, json!("access.denied")), "{path}");
    }
    let unknown = format!("/api/v1/withdrawals/{hash}/follow");
    let scientist = house.token("scientist@skane").await;
    assert_eq!(house.tell(&scientist, &unknown, &follow).await.status, StatusCode::NOT_FOUND);
    let trace = format!("/api/v1/units/{}/E0336V00/trace", din(1));
    for path in ["/api/v1/withdrawals", "/api/v1/reports/2025/statistics", &trace] {
        assert_eq!(house.send(get(path)).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let coordinator = house.cookie("coordinator@skane").await;
    for path in ["/deviations", "/reports", "/withdrawals/new"] {
        assert_eq!(house.page(&coordinator, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_skane_calls_back_is_stopped_in_halland_and_accounted_for_on_both_pages() {
    let house = house().await;
    let physician = house.token("physician@skane").await;
    let call = json!({ "donations": [din(1), din(3)], "reason": "marker", "note": "hemligt" });
    let called = house.tell(&physician, "/api/v1/withdrawals", &call).await;
    assert_eq!(called.status, StatusCode::OK, "{}", called.text);
    let hash = called.json()["record"]["hash"].as_str().unwrap().to_owned();
    for _ in 0..4 {
        house.engine.tick().await;
    }
    let path = format!("/api/v1/withdrawals/{hash}");
    let page = house.ask(&physician, &path).await.json();
    let units = page["units"].as_array().unwrap().clone();
    let of = |region: &str, name: &str| -> Value {
        let found = units.iter().find(|one| one["region"] == region && one["unit"] == name);
        found.cloned().unwrap_or_default()
    };
    assert_eq!(of("halland", &unit(1))["found"], "held", "{page}");
    assert_eq!(of("skane", &unit(1))["sent_to"], "halland", "{page}");
    assert_eq!(of("skane", &unit(1))["open"], false, "{page}");
    assert_eq!(of("skane", &unit(3))["found"], "held", "{page}");
    let regions = page["regions"].as_array().unwrap();
    assert!(regions.iter().all(|one| one["answered"] == true), "{page}");
    let halland = house.token("scientist@halland").await;
    for path in ["/api/v1/units/release", "/api/v1/units/reserve"] {
        let body = json!({ "units": [unit(1)], "purpose": "x" });
        let answer = house.tell(&halland, path, &body).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.text);
    }
    // What the note says stays in Skåne.
    let elsewhere = house.ask(&halland, &path).await;
    assert!(!elsewhere.text.contains("hemligt"), "{}", elsewhere.text);
    let cookie = house.cookie("physician@skane").await;
    for path in ["/withdrawals".to_owned(), format!("/withdrawals/{hash}"), "/deviations".into()] {
        let page = house.page(&cookie, &path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
    }
    let own = house.page(&cookie, &format!("/withdrawals/{hash}")).await;
    assert!(own.text.contains("hemligt"));
    let cookie = house.cookie("scientist@halland").await;
    let there = house.page(&cookie, &format!("/withdrawals/{hash}")).await;
    assert_eq!(there.status, StatusCode::OK);
    assert!(!there.text.contains("hemligt"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_units_life_is_the_same_picture_for_both_regions() {
    let house = house().await;
    let path = format!("/api/v1/units/{}/E0336V00/trace", din(1));
    let mut pictures = Vec::new();
    for user in ["scientist@skane", "scientist@halland"] {
        let token = house.token(user).await;
        let trace = house.ask(&token, &path).await;
        assert_eq!(trace.status, StatusCode::OK, "{}", trace.text);
        let kinds: Vec<_> = trace.json()["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| (node["kind"].clone(), node["region"].clone()))
            .collect();
        pictures.push(kinds);
        let cookie = house.cookie(user).await;
        let page = house.page(&cookie, &format!("/trace/{}/E0336V00", din(1))).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("<svg") && page.text.contains("id=\"t-0\""));
    }
    assert_eq!(pictures[0], pictures[1]);
    let kinds: Vec<_> = pictures[0].iter().map(|(kind, _)| kind.as_str().unwrap()).collect();
    assert_eq!(kinds, ["donation", "unit", "place", "shipment", "place"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_that_the_record_does_not_cover_says_so_and_reports_are_put_on_record() {
    let house = house().await;
    let physician = house.token("physician@skane").await;
    let year = house.ask(&physician, "/api/v1/reports/2026/statistics").await;
    assert_eq!(year.status, StatusCode::OK, "{}", year.text);
    let year = year.json();
    assert_eq!(year["whole"], false);
    let figures = year["figures"].as_array().unwrap();
    let of = |key: &str| figures.iter().find(|one| one["figure"] == key).unwrap()["value"].clone();
    assert_eq!(of("sent"), 1);
    assert_eq!(of("recipients"), Value::Null, "what is not counted is unknown");
    let before = house.ask(&physician, "/api/v1/reports/2020/statistics").await.json();
    let known = |one: &Value| !one["value"].is_null();
    assert!(!before["figures"].as_array().unwrap().iter().any(known), "unknown is not zero");
    let notice = json!({ "notice": "event", "category": "trali", "occurred": "2026-01-02" });
    let refused = house.tell(&physician, "/api/v1/vigilance", &notice).await;
    assert_eq!(refused.json()["code"], "vigilance.category", "{}", refused.text);
    let this_year = json!({ "report": "activity", "sha256": "0".repeat(64) });
    let refused = house.tell(&physician, "/api/v1/reports/2026", &this_year).await;
    assert_eq!(refused.json()["code"], "report.year_not_over", "{}", refused.text);
    let filed = house.tell(&physician, "/api/v1/reports/2025", &this_year).await;
    assert_eq!(filed.status, StatusCode::OK, "{}", filed.text);
    let cookie = house.cookie("physician@skane").await;
    for path in ["/reports", "/plasma", "/trace"] {
        let page = house.page(&cookie, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_year_counts_its_own_records_wherever_they_stand() {
    let house = house().await;
    let begun = house.engine.now();
    let told = [(0, 5_u64), (1, 2), (2, 0), (3, 9)];
    for (years, notices) in told {
        house.clock.set(begun.plus_days(366 * years));
        let physician = house.token("physician@skane").await;
        for _ in 0..notices {
            let notice =
                json!({ "notice": "event", "category": "storage", "occurred": "2026-05-01" });
            let answer = house.tell(&physician, "/api/v1/vigilance", &notice).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
    }
    let physician = house.token("physician@skane").await;
    for (years, notices) in told {
        let path = format!("/api/v1/reports/{}/statistics", 2026 + years);
        let answer = house.ask(&physician, &path).await.json();
        let figures = answer["figures"].as_array().unwrap();
        let one = figures.iter().find(|one| one["figure"] == "event.notified").unwrap();
        assert_eq!(one["value"], notices, "{years} years on: {answer}");
    }
}
