//! What the metrics say of neighbours.

use axum::http::StatusCode;
use samband_access::Principal;
use samband_domain::bonds::Command as Bonds;
use samband_domain::{Digest, Head};
use serde_json::json;

use crate::house::{House, fresh, get, journal};

/// Skåne trusts a journal of another installation.
pub async fn trust_dalarna(house: &House, administrator: &str) {
    let key = house.engine.keyring().make(&journal("dalarna")).unwrap().public();
    let body = json!({
        "journal": "dalarna", "key": key.to_string(), "mode": "demo",
        "url": "https://127.0.0.1:9", "certificate": "0".repeat(64),
    });
    let answer = house.tell(administrator, "/api/v1/peers", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_regions_here_that_trust_one_journal_by_different_keys_are_both_warned() {
    let house = House::demo().await;
    let skane = house.token("administrator@skane").await;
    let halland = house.token("administrator@halland").await;
    trust_dalarna(&house, &skane).await;
    let disputed = |answer: serde_json::Value| answer[0]["disputed_by"].clone();
    let warned = "i samma installation litar på en annan";
    let page = async |user: &str| {
        let cookie = house.cookie(user).await;
        house.page(&cookie, "/peers").await.text
    };
    assert_eq!(disputed(house.ask(&skane, "/api/v1/peers").await.json()), json!([]));
    assert!(!page("administrator@skane").await.contains(warned));
    // A card that somebody was handed at another time, or by somebody else.
    trust_dalarna(&house, &halland).await;
    assert_eq!(disputed(house.ask(&skane, "/api/v1/peers").await.json()), json!(["halland"]));
    assert_eq!(disputed(house.ask(&halland, "/api/v1/peers").await.json()), json!(["skane"]));
    for (user, other) in [("administrator@skane", "Halland"), ("administrator@halland", "Skåne")] {
        let text = page(user).await;
        assert!(text.contains(warned) && text.contains(other), "{user}: {text}");
    }
    // The one who was wrong ends it.
    let why = json!({ "reason": "fel kort" });
    let dropped = house.tell(&halland, "/api/v1/peers/dalarna/drop", &why).await;
    assert_eq!(dropped.status, StatusCode::OK, "{}", dropped.text);
    assert_eq!(disputed(house.ask(&skane, "/api/v1/peers").await.json()), json!([]));
    assert!(!page("administrator@skane").await.contains(warned));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_metrics_tell_silence_and_forks_to_whoever_is_signed_in() {
    let house = House::demo().await;
    let token = house.token("administrator@skane").await;
    trust_dalarna(&house, &token).await;
    let labels = "{region=\"skane\",journal=\"dalarna\"}";
    let line = |name: &str, value| format!("{name}{labels} {value}\n");
    let metrics = house.ask(&token, "/metrics").await.text;
    assert!(metrics.contains(&line("samband_peer_silent", 0)), "{metrics}");
    assert!(metrics.contains(&line("samband_peer_forked", 0)), "{metrics}");
    assert!(!metrics.contains("samband_peer_heard_age_seconds{"), "never heard has no age");
    house.engine.tick().await;
    house.clock.set(house.engine.now().plus_seconds(301));
    house.engine.tick().await;
    let metrics = house.ask(&token, "/metrics").await.text;
    assert!(metrics.contains(&line("samband_peer_silent", 1)), "{metrics}");
    let held = Head { journal: journal("dalarna"), epoch: 1, seq: 7, hash: Digest::of(b"a") };
    let shown = Some(Digest::of(b"b"));
    let fork = Bonds::ReportFork { held, shown, detail: "prov".into() };
    let request = samband_engine::Request {
        principal: Principal::Engine,
        region: journal("skane"),
        key: fresh(),
        happened: None,
        asked: None,
        command: fork.into(),
    };
    house.engine.submit(request).await.unwrap();
    let metrics = house.ask(&token, "/metrics").await.text;
    assert!(metrics.contains(&line("samband_peer_forked", 1)), "{metrics}");
    let open = house.send(get("/metrics")).await;
    assert!(!open.text.contains("samband_peer"), "nobody is told whom anybody trusts");
}
