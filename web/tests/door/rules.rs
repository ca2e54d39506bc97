//! Rules through the API and the pages: drafted by one, reviewed and adopted by others, compared.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, get, hidden};

const TEXT: &str = "key,value,unit,source,note\n\
    title,Regler för blod,,,\n\
    version,2026-1,,,\n\
    shelf_life.red_cells,42,d,KRON-K,SAGM\n\
    nat.in_use,nej,,NAT-DR,\n\
    reservation.lapse_hours,,,,\n";

fn refusal(answer: &crate::house::Answer) -> (u16, Value) {
    (answer.status.as_u16(), answer.json()["code"].clone())
}

/// Drafts for a region and hands back the hash.
async fn drafted(house: &House, user: &str, text: &str) -> String {
    let token = house.token(user).await;
    let body = json!({ "text": text, "file": "regler.csv" });
    let answer = house.tell(&token, "/api/v1/rule-sets", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["done"]["id"].as_str().unwrap().to_owned()
}

pub async fn adopted(house: &House, region: &str, text: &str) -> String {
    let hash = drafted(house, &format!("scientist@{region}"), text).await;
    let physician = house.token(&format!("physician@{region}")).await;
    let path = format!("/api/v1/rule-sets/{hash}/reviews");
    let review = house.tell(&physician, &path, &json!({ "verdict": "approve" })).await;
    assert_eq!(review.status, StatusCode::OK, "{}", review.text);
    let director = house.token(&format!("director@{region}")).await;
    let path = format!("/api/v1/rule-sets/{hash}/adoption");
    let adoption = house.tell(&director, &path, &json!({})).await;
    assert_eq!(adoption.status, StatusCode::OK, "{}", adoption.text);
    hash
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_rows_are_told_and_nothing_is_drafted() {
    let house = House::demo().await;
    let token = house.token("scientist@skane").await;
    let text = TEXT.replace("shelf_life.red_cells,42,d", "shelf_life.red_cell,42,d");
    let body = json!({ "text": text, "dry_run": true });
    let look = house.tell(&token, "/api/v1/rule-sets", &body).await.json();
    assert_eq!(look["done"], Value::Null);
    assert_eq!(look["bad"][0]["line"], 4);
    assert_eq!(look["bad"][0]["code"], "rules-bad-key");
    assert!(look["bad"][0]["reason"].as_str().unwrap().contains("shelf_life.red_cells"));
    let body = json!({ "text": text });
    let refused = house.tell(&token, "/api/v1/rule-sets", &body).await;
    assert_eq!(refusal(&refused), (422, json!("rules.bad_rows")));
    let body = json!({ "text": "expiring.days = 7\n[rules]\n" });
    let refused = house.tell(&token, "/api/v1/rule-sets", &body).await;
    assert_eq!(refusal(&refused), (422, json!("rules.bad_rows")));
    let body = json!({ "text": "[rules]\nexpiring.days = {}\n" });
    let refused = house.tell(&token, "/api/v1/rule-sets", &body).await;
    assert_eq!(refusal(&refused), (422, json!("rules.no_title")));
    assert_eq!(house.ask(&token, "/api/v1/rule-sets").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_is_adopted_only_after_somebody_else_approved_it() {
    let house = House::demo().await;
    assert_eq!(house.send(get("/api/v1/rule-sets")).await.status, StatusCode::UNAUTHORIZED);
    let hash = drafted(&house, "physician@skane", TEXT).await;
    let path = |what: &str| format!("/api/v1/rule-sets/{hash}/{what}");
    let (physician, scientist) =
        (house.token("physician@skane").await, house.token("scientist@skane").await);
    let approve = json!({ "verdict": "approve" });
    let own = house.tell(&physician, &path("reviews"), &approve).await;
    assert_eq!(refusal(&own), (422, json!("rule_set.own_draft_review")));
    let director = house.token("director@skane").await;
    let early = house.tell(&director, &path("adoption"), &json!({})).await;
    assert_eq!(refusal(&early), (422, json!("rule_set.not_reviewed")));
    let silent = house.tell(&scientist, &path("reviews"), &json!({ "verdict": "object" })).await;
    assert_eq!(refusal(&silent), (422, json!("rule_set.objection_unexplained")));
    let object = json!({ "verdict": "object", "comment": "fel ålder" });
    assert_eq!(house.tell(&scientist, &path("reviews"), &object).await.status, StatusCode::OK);
    let barred = house.tell(&director, &path("adoption"), &json!({})).await;
    assert_eq!(refusal(&barred), (422, json!("rule_set.objection")));
    assert_eq!(house.tell(&scientist, &path("reviews"), &approve).await.status, StatusCode::OK);
    for user in ["coordinator@skane", "scientist@skane", "administrator@skane"] {
        let token = house.token(user).await;
        let denied = house.tell(&token, &path("adoption"), &json!({})).await;
        assert_eq!(refusal(&denied), (403, json!("access.denied")), "{user}");
    }
    let past = json!({ "from": "2020-01-01" });
    let past = house.tell(&director, &path("adoption"), &past).await;
    assert_eq!(refusal(&past), (422, json!("rule_set.from_past")));
    let done = house.tell(&director, &path("adoption"), &json!({})).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let whole = house.ask(&director, &format!("/api/v1/rule-sets/{hash}")).await.json();
    assert_eq!(whole["standing"], "in_force");
    assert_eq!(whole["rules"].as_array().unwrap().len(), 3);
    assert_eq!(whole["rules"][0]["value"], "42");
    let unknown = |rule: &&Value| rule["key"] == "reservation.lapse_hours";
    let rules = whole["rules"].as_array().unwrap();
    assert_eq!(rules.iter().find(unknown).unwrap()["value"], Value::Null);
    let acts: Vec<_> = whole["acts"].as_array().unwrap().iter().map(|act| &act["act"]).collect();
    assert_eq!(acts, ["object", "approve", "adopt"]);
    let gone = house.tell(&physician, &path("withdrawal"), &json!({ "reason": "fel" })).await;
    assert_eq!(refusal(&gone), (422, json!("rule_set.in_force")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_regions_stand_side_by_side() {
    let house = House::demo().await;
    adopted(&house, "skane", &TEXT.replace("nat.in_use,nej", "nat.in_use,ja")).await;
    let halland = adopted(&house, "halland", TEXT).await;
    let reader = house.token("scientist@halland").await;
    let compared = house.ask(&reader, "/api/v1/rule-sets/compare").await.json();
    let rule = |key: &str| {
        let rules = compared["rules"].as_array().unwrap();
        rules.iter().find(|rule| rule["key"] == key).unwrap().clone()
    };
    let regions = compared["regions"].as_array().unwrap();
    let held: Vec<_> = regions.iter().filter(|region| region["hash"] != Value::Null).collect();
    assert_eq!(held.len(), 2);
    assert_eq!(rule("nat.in_use")["likeness"], "differs");
    let cells = rule("shelf_life.red_cells")["regions"].clone();
    let of = |id: &str| {
        cells.as_array().unwrap().iter().find(|cell| cell["region"] == id).unwrap().clone()
    };
    assert_eq!(of("halland")["value"], "42");
    assert_eq!(of("halland")["source"], "KRON-K");
    let csv = house.ask(&reader, "/api/v1/rule-sets/compare?format=csv").await.text;
    assert!(csv.starts_with("rule_key,rule,heading,likeness,region,value,unit,source,note"));
    assert!(csv.contains(&halland));
    let before = "/api/v1/rule-sets/compare?at=2020-01-01";
    let before = house.ask(&reader, before).await.json();
    assert!(before["regions"].as_array().unwrap().iter().all(|one| one["hash"].is_null()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_adopts_from_today_at_once_and_hands_the_text_back() {
    let house = House::demo().await;
    let hash = drafted(&house, "scientist@skane", TEXT).await;
    let path = format!("/rule-sets/{hash}?region=skane");
    let physician = house.cookie("physician@skane").await;
    let page = house.page(&physician, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    let key = hidden(&page.text, "idempotency_key");
    let objection = [("act", "rules-review"), ("idempotency_key", &key), ("verdict", "object")];
    let back = house.fill(&physician, &path, &objection).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY, "an objection says why");
    let approval = [("act", "rules-review"), ("idempotency_key", &key), ("verdict", "approve")];
    let done = house.fill(&physician, &path, &approval).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let director = house.cookie("director@skane").await;
    let page = house.page(&director, &path).await;
    let (key, shown) = (hidden(&page.text, "idempotency_key"), hidden(&page.text, "shown"));
    let now = house.engine.now();
    let today = samband_web::text::Words::sv().date(now.0);
    let adoption = [
        ("act", "rules-adopt"),
        ("idempotency_key", key.as_str()),
        ("shown", &shown),
        ("from", &today),
    ];
    let done = house.fill(&director, &path, &adoption).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = house.page(&director, &path).await.text;
    assert!(page.contains("42 dygn") && page.contains("#source-KRON-K"));
    for format in ["toml", "csv"] {
        let file = house.page(&director, &format!("{path}&format={format}")).await;
        assert!(file.header("content-disposition").contains(format));
        assert!(file.text.contains("shelf_life.red_cells"));
    }
    let start = house.cookie("coordinator@skane").await;
    let draft = house.page(&start, "/rule-sets/draft?from=in-force").await;
    assert!(draft.text.contains("shelf_life.red_cells = { value = 42"));
    let denied = house.page(&director, "/rule-sets/draft").await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}
