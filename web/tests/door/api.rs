//! The API: its description, its door, and what it says about the real figures.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{House, bare, form, fresh, get, with};

fn operations(description: &Value) -> Vec<(Method, String, bool)> {
    let mut all = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let open = operation["security"].as_array().is_some_and(|needs| {
                needs.iter().all(|need| need.as_object().is_some_and(serde_json::Map::is_empty))
            });
            all.push((method, path.clone(), open));
        }
    }
    all
}

fn concrete(path: &str) -> String {
    let hash = "0".repeat(64);
    path.replace("{region}", "skane")
        .replace("{measure}", "population")
        .replace("{actor}", "tib")
        .replace("{journal}", "halland")
        .replace("{hash}", &hash)
        .replace("{body}", "sodra")
        .replace("{user}", "tib@skane")
        .replace("{mandate}", "m-1")
        .replace("{id}", "x-1")
}

#[test]
fn the_description_is_the_reviewed_one() {
    let text = samband_web::api::description().to_pretty_json().unwrap();
    insta::assert_snapshot!("openapi", text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_anything_and_every_operation_described_is_there() {
    let house = House::demo().await;
    let served = house.send(get("/api/v1/openapi.json")).await.json();
    let described = serde_json::to_value(samband_web::api::description()).unwrap();
    assert_eq!(served, described);
    let all = operations(&described);
    assert!(all.len() > 30, "{} operations", all.len());
    let open: Vec<_> = all.iter().filter(|(.., open)| *open).map(|(_, path, _)| path).collect();
    // Whether an alarm runs is asked by an exercise's server, which has no account here.
    let (running, door) = ("/api/v1/alarms/running", "/api/v1/sign-in");
    assert_eq!(open, [running, door], "open to nobody but the door");
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let paths: BTreeSet<_> = all.iter().map(|(_, path, _)| path.clone()).collect();
    for path in &paths {
        for method in &methods {
            let answer = house.send(bare(method, &concrete(path))).await;
            let known = all.iter().find(|(m, p, _)| (m, p) == (method, path));
            match known {
                None => assert_eq!(
                    answer.status,
                    StatusCode::METHOD_NOT_ALLOWED,
                    "{method} {path} is not described"
                ),
                Some((_, path, true)) if path == running => {
                    assert_eq!(answer.json(), json!({ "running": false }));
                }
                Some((_, _, true)) => {
                    assert_eq!(answer.status.as_u16() / 100, 4, "{method} {path}");
                    assert_ne!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
                }
                Some(_) => {
                    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
                    let gateway = path.starts_with("/api/v1/alarm-gateway/");
                    let code = if gateway { "gateway.unknown" } else { "access.not_signed_in" };
                    assert_eq!(answer.json()["code"], code, "{method} {path}");
                }
            }
        }
    }
}

/// Every path in the router's source is described: none was mounted beside the description.
#[test]
fn nothing_is_mounted_beside_the_description() {
    let source = include_str!("../../src/api/mod.rs");
    let beside: Vec<_> = source.lines().filter(|line| line.contains(".route(\"")).collect();
    assert_eq!(beside.len(), 3, "openapi.json, healthz, metrics: {beside:?}");
    assert!(!source.contains("route_service") && !source.contains("nest_service"));
}

fn near(value: &Value, wanted: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - wanted).abs() < 1e-9)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_regions_say_what_their_published_figures_say() {
    let house = House::demo().await;
    let token = house.token("coordinator@skane").await;
    let empty = house.ask(&token, "/api/v1/regions").await.json();
    assert_eq!(empty[0]["active_donors"], Value::Null, "unknown is not 0");
    assert_eq!((&empty[0]["period"], empty.as_array().unwrap().len()), (&Value::Null, 4));
    for region in ["blekinge", "halland", "kronoberg", "skane"] {
        let answer = house.take_figures(region).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.json()["figures"], 4);
    }
    let regions = house.ask(&token, "/api/v1/regions").await.json();
    let skane = regions.as_array().unwrap().iter().find(|one| one["id"] == "skane").unwrap();
    assert_eq!(skane["name"], "Region Skåne");
    assert_eq!(
        (&skane["population"], &skane["active_donors"]),
        (&json!(1_428_626), &json!(22_103))
    );
    assert!(near(&skane["active_share"], 22_103.0 / 1_428_626.0));
    assert!(near(&skane["active_share_18_64"], 22_103.0 / 840_163.0));
    assert!(near(&skane["donations_per_donor"], 43_870.0 / 22_103.0));
    assert!(near(&skane["donations_per_1000"], 43_870.0 * 1000.0 / 1_428_626.0));
    // 5 % of 840 163 is 42 008.15, less the 22 103 who give.
    assert_eq!(skane["donors_to_goal"], 19_905);
    let origin = &skane["figures"]["active_donors"];
    assert_eq!((&origin["file"], &origin["row"]), (&json!("sodra-2024.csv"), &json!(5)));
    assert_eq!((&skane["mode"], &skane["period"]), (&json!("demo"), &json!("2024")));
    let picture = house.ask(&token, "/api/v1/picture").await.json();
    assert_eq!(picture["total"]["active_donors"], 3_924 + 5_938 + 3_484 + 22_103);
    assert_eq!(picture["highest_use"]["region"], "kronoberg");
    let one = house.ask(&token, "/api/v1/figures/skane/population").await.json();
    assert_eq!((&one[0]["value"], &one[0]["period"]), (&json!(1_428_626), &json!("2024")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_go_out_as_files() {
    let house = House::demo().await;
    house.take_figures("skane").await;
    let token = house.token("secretary@skane").await;
    let csv = house.ask(&token, "/api/v1/regions?format=csv").await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.header("content-disposition").contains("samband-regions.csv"));
    assert!(csv.text.starts_with("region,name,period,population,"), "{}", csv.text);
    assert!(csv.text.contains("blekinge,Region Blekinge,2024,unknown,"), "{}", csv.text);
    let csv = house.ask(&token, "/api/v1/regions?format=csv&headings=words").await;
    assert!(csv.text.contains("Aktiva givare") && csv.text.contains("okänt"), "{}", csv.text);
    for path in ["regions", "figures", "sites", "mandates", "agreements"] {
        let book = house.ask(&token, &format!("/api/v1/{path}?format=xlsx")).await;
        assert_eq!(book.status, StatusCode::OK, "{path}");
        assert!(book.text.starts_with("PK"), "{path} is a workbook");
    }
    let wrong = house.ask(&token, "/api/v1/regions?format=pdf").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_twice_with_one_key_is_once_and_a_bad_key_is_refused() {
    let house = House::demo().await;
    let token = house.token("administrator@skane").await;
    let body = json!({ "name": "Blodcentralen", "kind": "blood_centre", "record": "external" });
    let auth = format!("Bearer {token}");
    let request = with(crate::house::post_json("/api/v1/sites", &body), "authorization", &auth);
    let request = with(request, "idempotency-key", "a key with spaces");
    let answer = house.send(request).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!("command.bad_key")));
    let key = fresh();
    let first = house.tell_as(&token, "/api/v1/sites", &body, &key).await.json();
    // The time left out is filled in anew; the question is the same.
    std::thread::sleep(std::time::Duration::from_millis(2));
    let again = house.tell_as(&token, "/api/v1/sites", &body, &key).await.json();
    assert_eq!((&first["repeated"], &again["repeated"]), (&json!(false), &json!(true)));
    assert_eq!(first["record"], again["record"]);
    assert_eq!(first["id"], again["id"]);
    let other = json!({ "name": "En annan", "kind": "blood_centre", "record": "external" });
    let conflict = house.tell_as(&token, "/api/v1/sites", &other, &key).await;
    assert_eq!(conflict.json()["code"], "command.key_conflict");
    let sites = house.ask(&token, "/api/v1/sites?region=skane").await.json();
    assert_eq!(sites.as_array().unwrap().len(), 1);
    assert_eq!(sites[0]["id"], first["id"]);
    let end = json!({ "reason": "Flytt" });
    let gone = house.tell(&token, "/api/v1/sites/nowhere/close", &end).await;
    assert_eq!((gone.status.as_u16(), &gone.json()["code"]), (404, &json!("form.not_found")));
    let other = json!({ "name": "Annan", "kind": "depot", "record": "external" });
    let clash = house.tell_as(&token, "/api/v1/sites", &other, &key).await;
    assert_eq!(
        (clash.status.as_u16(), &clash.json()["code"]),
        (409, &json!("command.key_conflict"))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_regions_sign_one_agreement() {
    let house = House::demo().await;
    let skane = house.token("director@skane").await;
    let kronoberg = house.token("director@kronoberg").await;
    let body = json!({
        "title": "Konsultavtal", "kind": "consultancy", "parties": ["skane", "kronoberg"],
        "clauses": ["Skåne svarar på frågor om transfusionsmedicin."],
        "from": "2026-06-01", "until": "2028-01-01",
    });
    let done = house.tell(&skane, "/api/v1/agreements", &body).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let hash = done.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/agreements/{hash}");
    assert_eq!(house.ask(&kronoberg, &path).await.json()["standing"], "one_sided");
    let halland = house.token("director@halland").await;
    let refused = house.tell(&halland, &format!("{path}/sign"), &json!(null)).await;
    assert_eq!(refused.json()["code"], "agreement.not_party");
    let signed = house.tell(&kronoberg, &format!("{path}/sign"), &json!(null)).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    let held = house.ask(&skane, &path).await.json();
    assert_eq!(held["standing"], "binding");
    assert_eq!(held["answers"][1]["answer"], "signed");
    let gone = house.ask(&skane, &format!("/api/v1/agreements/{}", "0".repeat(64))).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_about_a_person_is_recorded_and_stays_in_the_region() {
    let house = House::demo().await;
    let token = house.token("coordinator@skane").await;
    let before = house.engine.world().journal(&crate::house::journal("skane")).unwrap().chain.seq;
    let person = house.ask(&token, "/api/v1/people/skane/tib?purpose=larm").await;
    assert_eq!(person.json()["name"], "Namn tib skane");
    let after = house.engine.world().journal(&crate::house::journal("skane")).unwrap().chain.seq;
    assert_eq!(after, before + 1, "the reading stands in the journal");
    let other = house.ask(&token, "/api/v1/people/halland/tib").await;
    assert_eq!(
        (other.status.as_u16(), &other.json()["code"]),
        (403, &json!("access.other_region"))
    );
    for path in ["/api/v1/actors", "/api/v1/mandates", "/api/v1/journal/skane"] {
        let safety = house.token("safety@skane").await;
        let answer = house.ask(&safety, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(!answer.text.contains("Namn "), "a name in {path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_is_paged_and_verified() {
    let house = House::demo().await;
    let token = house.token("safety@skane").await;
    let first = house.ask(&token, "/api/v1/journal/skane?limit=5").await.json();
    let records = first["records"].as_array().unwrap();
    assert_eq!((records.len(), &records[0]["at"]), (5, &first["head"]));
    let next = first["next"].as_str().unwrap();
    let second = house.ask(&token, &format!("/api/v1/journal/skane?limit=5&before={next}")).await;
    let second = second.json();
    let seq = |page: &Value, place: usize| page["records"][place]["at"]["seq"].as_u64().unwrap();
    assert_eq!(seq(&second, 0), seq(&first, 4) - 1);
    let verified = house.tell(&token, "/api/v1/journal/skane/verify", &json!(null)).await.json();
    assert_eq!(verified["records"], first["head"]["seq"]);
    let coordinator = house.token("coordinator@skane").await;
    let denied = house.ask(&coordinator, "/api/v1/journal/skane").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_and_metrics_tell_nobody_any_count() {
    let house = House::demo().await;
    let health = house.send(get("/healthz")).await;
    assert_eq!((health.status, health.text.as_str()), (StatusCode::OK, "{\"status\":\"ok\"}"));
    let open = house.send(get("/metrics")).await;
    assert!(open.text.contains("samband_up 1"));
    assert!(!open.text.contains("records") && !open.text.contains("skane"));
    let token = house.token("administrator@skane").await;
    let signed = house.ask(&token, "/metrics").await;
    assert!(signed.text.contains("samband_journal_records{journal=\"skane\",local=\"true\"}"));
    house.engine.stop().await;
    let health = house.send(get("/healthz")).await;
    assert_eq!(health.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_ends_with_its_session() {
    let house = House::demo().await;
    let token = house.token("coordinator@skane").await;
    let auth = format!("Bearer {token}");
    let request = with(bare(&Method::DELETE, "/api/v1/session"), "authorization", &auth);
    assert_eq!(house.send(request).await.status, StatusCode::NO_CONTENT);
    assert_eq!(house.ask(&token, "/api/v1/regions").await.status, StatusCode::UNAUTHORIZED);
    let body = json!({ "user": "coordinator@skane", "password": "wrong" });
    let answer = house.send(crate::house::post_json("/api/v1/sign-in", &body)).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (401, &json!("sign_in.refused")));
    assert!(form(&[("a b", "å")]) == "a%20b=%C3%A5");
}
