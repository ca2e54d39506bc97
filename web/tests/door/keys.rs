//! Accounts and emergency access through the API: for nobody, for the wrong role, for another
//! region, and for whoever may.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::house::{Answer, House, bare, post_json, with};

fn request(method: &Method, path: &str) -> axum::http::Request<axum::body::Body> {
    let body = match path {
        "/api/v1/accounts" => new("ny@skane"),
        "/api/v1/break-glass" => json!({ "reason": "Strömavbrott.", "minutes": 60 }),
        path if path.ends_with("/review") => json!({ "finding": "Befogat." }),
        _ => Value::Null,
    };
    match body {
        Value::Null => bare(method, path),
        _ if *method == Method::GET => bare(method, path),
        body => post_json(path, &body),
    }
}

async fn call(house: &House, token: &str, method: &Method, path: &str) -> Answer {
    let request = request(method, path);
    house.send(with(request, "authorization", &format!("Bearer {token}"))).await
}

fn new(user: &str) -> Value {
    json!({ "user": user, "name": "Nora Ny", "title": "Biomedicinsk analytiker",
        "profession": "biomedical_scientist", "roles": ["scientist"] })
}

fn said(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// Every operation on accounts and emergency access, and whether the wrong people are told so by
/// role: emergency access is for everybody at work.
const OPERATIONS: [(Method, &str, bool); 12] = [
    (Method::GET, "/accounts", true),
    (Method::POST, "/accounts", true),
    (Method::GET, "/accounts/{user}", true),
    (Method::POST, "/accounts/{user}/disable", true),
    (Method::POST, "/accounts/{user}/enable", true),
    (Method::POST, "/accounts/{user}/reset", true),
    (Method::POST, "/accounts/{user}/codes", true),
    (Method::GET, "/accounts/{user}/sessions", true),
    (Method::DELETE, "/accounts/{user}/sessions", true),
    (Method::GET, "/break-glass", true),
    (Method::POST, "/break-glass", false),
    (Method::POST, "/break-glass/{mandate}/review", true),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_closed_to_nobody_to_the_wrong_role_and_to_another_region() {
    let described = serde_json::to_value(samband_web::api::description()).unwrap();
    let mut found = 0;
    for (path, item) in described["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let tag = operation["tags"][0].as_str().unwrap_or_default();
            if tag == "accounts" || tag == "break-glass" {
                let known = OPERATIONS.iter().any(|(tried, below, _)| {
                    tried.as_str().eq_ignore_ascii_case(method) && path.ends_with(below)
                });
                assert!(known, "{method} {path} is tried by nobody here");
                found += 1;
            }
        }
    }
    assert_eq!(found, OPERATIONS.len());

    let house = House::demo().await;
    let scientist = house.token("scientist@skane").await;
    let foreign = house.token("administrator@halland").await;
    for (method, path, by_role) in &OPERATIONS {
        let path = path.replace("{user}", "tib@skane").replace("{mandate}", "m-1");
        let path = format!("/api/v1{path}");
        let nobody = house.send(request(method, &path)).await;
        assert_eq!(said(&nobody), (401, "access.not_signed_in".into()), "{method} {path}");
        if *by_role {
            let wrong = call(&house, &scientist, method, &path).await;
            assert_eq!(said(&wrong), (403, "access.denied".into()), "{method} {path}");
        }
        if path.contains("tib@skane") || (path.ends_with("/accounts") && *method == Method::POST) {
            let other = call(&house, &foreign, method, &path).await;
            assert_eq!(said(&other), (403, "access.other_region".into()), "{method} {path}");
        }
    }
    // Whose accounts there are is told to nobody who asks for one that is not there.
    let path = "/api/v1/accounts/no-one@skane";
    assert_eq!(call(&house, &scientist, &Method::GET, path).await.status, StatusCode::FORBIDDEN);
    let admin = house.token("administrator@skane").await;
    assert_eq!(call(&house, &admin, &Method::GET, path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_makes_closes_opens_and_resets_an_account() {
    let house = House::demo().await;
    let admin = house.token("administrator@skane").await;
    let made = house.tell(&admin, "/api/v1/accounts", &new("Nora@skane")).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    assert_eq!(made.json()["user"], "nora@skane");
    let first = made.json()["password"].as_str().unwrap().to_owned();
    let again = house.tell(&admin, "/api/v1/accounts", &new("nora@skane")).await;
    assert_eq!(said(&again), (422, "account.name_taken".into()));
    let role = json!({ "user": "x@skane", "name": "X", "title": "X", "profession": "nurse",
        "roles": ["king"] });
    assert_eq!(house.tell(&admin, "/api/v1/accounts", &role).await.status.as_u16(), 400);
    let list = house.ask(&admin, "/api/v1/accounts").await;
    let nora =
        list.json().as_array().unwrap().iter().find(|one| one["user"] == "nora@skane").cloned();
    let nora = nora.expect("she is listed");
    assert_eq!((&nora["must_change"], &nora["roles"]), (&json!(true), &json!(["scientist"])));
    assert!(!list.text.contains(&first), "the password is shown once");

    let signed = |password: &str| {
        let body = json!({ "user": "nora@skane", "password": password });
        house.send(post_json("/api/v1/sign-in", &body))
    };
    let path = |what: &str| format!("/api/v1/accounts/nora@skane{what}");
    let token = signed(&first).await.json()["token"].as_str().unwrap().to_owned();
    let sessions = house.ask(&admin, &path("/sessions")).await.json();
    assert_eq!((&sessions[0]["via"], &sessions[0]["by"]), (&json!("password"), &json!("program")));
    let post = |what: &'static str| {
        let (house, admin) = (&house, &admin);
        async move { call(house, admin, &Method::POST, &path(what)).await }
    };
    let closed = post("/disable").await.json();
    assert!(closed["disabled"].is_string(), "{closed}");
    assert_eq!(house.ask(&token, "/api/v1/regions").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(signed(&first).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(post("/enable").await.json()["disabled"], Value::Null);
    let second = post("/reset").await.json()["password"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    house.clock.set(house.engine.now().plus_seconds(120));
    assert_eq!(signed(&first).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(signed(&second).await.status, StatusCode::OK);
    house.clock.set(house.engine.now().plus_seconds(1));
    let ended = call(&house, &admin, &Method::DELETE, &path("/sessions")).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(house.ask(&admin, &path("/sessions")).await.json(), json!([]));
    let cookie = house.cookie("administrator@skane").await;
    let noted = house.page(&cookie, "/journal/export?region=skane").await.text;
    for act in ["created", "disabled", "enabled", "password_reset", "sessions_ended"] {
        assert!(noted.contains(act), "{act} stands in the record");
    }

    // The own password is changed by knowing it, on the page as well.
    let own = "/api/v1/accounts/administrator@skane/reset";
    let own = call(&house, &admin, &Method::POST, own).await;
    assert_eq!(said(&own), (422, "account.password_own".into()));
    let fields = [("idempotency_key", "k-own"), ("act", "reset")];
    let page = house.fill(&cookie, "/accounts/administrator@skane", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_opens_the_door_and_emergency_access_is_looked_at_afterwards() {
    let house = House::demo().await;
    let tib = house.token("tib@skane").await;
    let own = "/api/v1/accounts/tib@skane";
    let codes = call(&house, &tib, &Method::POST, &format!("{own}/codes")).await;
    assert_eq!(codes.json()["codes"].as_array().map(Vec::len), Some(10), "{}", codes.text);
    assert_eq!(house.ask(&tib, own).await.json()["codes_left"], 10);
    let code = codes.json()["codes"][0].as_str().unwrap().to_owned();
    let body = json!({ "user": "tib@skane", "password": code });
    let signed = house.send(post_json("/api/v1/sign-in", &body)).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    assert_eq!(house.ask(&tib, own).await.json()["codes_left"], 9);

    let path = "/api/v1/break-glass";
    for (opening, code) in [
        (json!({ "reason": " ", "minutes": 60 }), "form.text_needed"),
        (json!({ "reason": "Strömavbrott", "minutes": 6_000 }), "glass.too_long"),
    ] {
        assert_eq!(said(&house.tell(&tib, path, &opening).await), (422, code.into()));
    }
    let opened = house.tell(&tib, path, &json!({ "reason": "Strömavbrott", "minutes": 60 })).await;
    assert_eq!(opened.status, StatusCode::OK, "{}", opened.text);
    let safety = house.token("safety@skane").await;
    let list = house.ask(&safety, path).await.json();
    assert_eq!((&list[0]["actor"], &list[0]["review"]), (&json!("tib"), &Value::Null));
    let review = format!("{path}/{}/review", list[0]["mandate"].as_str().unwrap());
    let finding = json!({ "finding": "Befogat." });
    let done = house.tell(&safety, &review, &finding).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let list = house.ask(&safety, path).await.json();
    assert_eq!(
        (&list[0]["review"]["finding"], &list[0]["review"]["by"]),
        (&json!("Befogat."), &json!("safety"))
    );
    assert_eq!(said(&house.tell(&safety, &review, &finding).await).1, "glass.already_reviewed");
    let other = house.token("safety@halland").await;
    assert_eq!(house.ask(&other, path).await.json(), json!([]), "each region sees its own");
    let shared = house.ask(&safety, "/api/v1/journal/skane?limit=20").await.text;
    assert!(!shared.contains("Strömavbrott"), "why stays in the region");
}
