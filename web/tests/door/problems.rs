//! Problems come as documents to programs and as pages to people, in their language.

use axum::http::StatusCode;
use serde_json::json;

use crate::house::{House, get, post_json, with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_gets_a_document_with_code_rule_source_and_facts() {
    let house = House::demo().await;
    let token = house.token("scientist@skane").await;
    let body = json!({ "measure": "active_donors", "period": "2024", "value": 1, "reason": "x" });
    let answer = house.tell(&token, "/api/v1/figures/correct", &body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:samband:refusal:access.denied");
    assert_eq!((&problem["code"], &problem["status"]), (&json!("access.denied"), &json!(403)));
    assert_eq!(problem["facts"]["action"], "correct_figures");
    assert!(problem["facts"]["who_may"].as_str().unwrap().contains("coordinator"));
    assert!(problem["detail"].as_str().unwrap().contains("rätta siffror"));
    assert!(problem["rule"].is_string() && problem["source"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_is_in_the_language_asked_for() {
    let house = House::demo().await;
    let answer = house.send(with(get("/api/v1/regions"), "accept-language", "en")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("content-language"), "en");
    assert_eq!(answer.json()["detail"], "You are not signed in. Sign in and try again.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_the_framework_refuses_is_a_document_too() {
    let house = House::demo().await;
    let token = house.token("coordinator@skane").await;
    let post = |kind: &str, body: String| {
        let request = with(post_json("/api/v1/figures", &json!(null)), "content-type", kind);
        let request = with(request, "idempotency-key", "k");
        let (parts, _) = request.into_parts();
        let request = axum::http::Request::from_parts(parts, axum::body::Body::from(body));
        with(request, "authorization", &format!("Bearer {token}"))
    };
    for (kind, body, status, code) in [
        ("application/json", "{".to_owned(), 400, "web.malformed"),
        ("application/json", "{}".to_owned(), 400, "web.malformed"),
        ("text/plain", "{}".to_owned(), 415, "web.media_type"),
        ("application/json", format!("\"{}\"", "x".repeat(300_000)), 413, "web.too_large"),
    ] {
        let answer = house.send(post(kind, body)).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        assert_eq!(answer.json()["code"], code);
    }
    let answer = house.send(get("/api/v1/nowhere")).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (404, &json!("web.not_found")));
    let answer = house.ask(&token, "/api/v1/regions?period=never").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (400, &json!("web.period")));
    let answer = house.ask(&token, "/api/v1/regions/atlantis").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_gets_a_page_that_says_who_may() {
    let house = House::demo().await;
    let cookie = house.cookie("scientist@skane").await;
    let answer = house.page(&cookie, "/accounts").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("access.denied"));
    assert!(answer.text.contains("Systemadministratör"), "who may");
    assert!(answer.text.contains("se konton"), "what was wanted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emergency_access_is_recommended_only_where_it_would_help() {
    let house = House::demo().await;
    let token = house.token("secretary@skane").await;
    let right = json!({ "measure": "active_donors", "period": "2024", "value": 1, "reason": "x" });
    let helps = house.tell(&token, "/api/v1/figures/correct", &right).await.json();
    assert!(helps["facts"]["who_may"].as_str().unwrap().contains("emergency"), "{helps}");
    assert!(helps["detail"].as_str().unwrap().contains(" öppna nödåtkomst."), "{helps}");
    let accounts = house.ask(&token, "/api/v1/accounts").await.json();
    assert_eq!(accounts["code"], "access.denied");
    assert!(!accounts["detail"].as_str().unwrap().contains("nödåtkomst"), "{accounts}");
}
