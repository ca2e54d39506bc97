//! The clocks of alarms, for a watcher outside.

use axum::http::StatusCode;
use samband_domain::Known;
use serde_json::{Value, json};

use crate::house::{House, get};

const PATH: &str = "/api/v1/alarms/clocks";

fn region<'a>(said: &'a Value, id: &str) -> &'a Value {
    let all = said["regions"].as_array().unwrap();
    all.iter().find(|one| one["region"] == id).unwrap_or_else(|| panic!("{id} in {said}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watcher_sees_every_clock_and_whether_anybody_attends() {
    let house = House::demo().await;
    assert_eq!(house.send(get(PATH)).await.status, StatusCode::UNAUTHORIZED);
    let token = house.token("tib@skane").await;
    let before = house.ask(&token, PATH).await.json();
    assert_eq!(before["status"], "ok");
    assert_eq!(before["attended_us"], Value::Null, "nobody attends in this test");
    assert_eq!(region(&before, "skane")["clocks"], json!([]));

    let alarm = json!({
        "kind": "reach", "headline": "Prov", "text": "Svara att du nås",
        "to": [
            { "party": { "region": "skane" }, "role": "tib" },
            { "party": { "region": "halland" }, "role": "tib" },
        ],
    });
    let answer = house.tell(&token, "/api/v1/alarms", &alarm).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let said = house.ask(&token, PATH).await.json();
    let clocks = region(&said, "skane")["clocks"].as_array().unwrap().clone();
    let of = |party: &str| {
        let mine = clocks.iter().filter(|one| one["party"] == party);
        mine.map(|one| one["what"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("skane"), ["deputy", "switchboard", "by_hand"], "the first step is taken");
    assert_eq!(of("halland"), ["first", "deputy", "switchboard", "by_hand"], "it has not heard");
    for clock in &clocks {
        assert!(clock["at_us"].as_i64() > said["now_us"].as_i64(), "none has rung: {clock}");
        assert_eq!((&clock["kind"], &clock["role"]), (&json!("step"), &json!("tib")));
    }

    house.engine.do_at_once().await.unwrap();
    let said = house.ask(&token, PATH).await.json();
    let left = region(&said, "skane")["clocks"].as_array().unwrap().len();
    assert_eq!(left, 4, "heard in Halland: what is left here is to telephone");
    assert_eq!(house.engine.attended(), Known::Unknown, "doing it once is no heartbeat");
}
