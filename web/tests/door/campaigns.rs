//! Campaigns for new donors: recorded by whoever keeps them, counted by day, and told to other
//! regions without small numbers. Tried as nobody and by the wrong role as well.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::donors;
use crate::house::{Answer, House, get, hidden, post_json};

const PATH: &str = "/api/v1/plans/campaigns";

fn campaign(from: &str, to: &str) -> Value {
    json!({
        "title": "Ge blod i sommar", "channel": "social_media", "from": from, "to": to,
        "cost_kr": 120_000, "goal": null, "source": "kommunikationsenheten",
    })
}

async fn record(house: &House, token: &str, body: &Value) -> Answer {
    house.tell(token, PATH, body).await
}

async fn all(house: &House, user: &str) -> Value {
    let token = house.token(user).await;
    let answer = house.ask(&token, PATH).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

async fn register(house: &House, n: u32) {
    let token = house.token("phlebotomist@skane").await;
    let person = json!({
        "number": format!("GIVARE{n:06}"), "name": format!("Prov {n}"),
        "kinds": ["whole_blood"], "may_call": true, "earlier": [],
    });
    let answer = house.tell(&token, "/api/v1/donors", &person).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_is_for_those_who_keep_them_and_says_what_cannot_be() {
    let house = donors::house().await;
    let good = campaign("2026-06-01", "2026-06-10");
    assert_eq!(house.send(get(PATH)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(house.send(post_json(PATH, &good)).await.status, StatusCode::UNAUTHORIZED);
    let nurse = house.token("nurse@skane").await;
    let denied = record(&house, &nurse, &good).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN, "{}", denied.text);

    let coordinator = house.token("coordinator@skane").await;
    for (body, code) in [
        (campaign("2026-06-10", "2026-06-01"), "plan.campaign_days"),
        (campaign("2020-06-01", "2020-06-10"), "plan.campaign_days"),
        (campaign("2026-06-01", "2027-06-02"), "plan.campaign_days"),
    ] {
        let refused = record(&house, &coordinator, &body).await;
        assert_eq!((refused.status.as_u16(), refused.json()["code"].clone()), (422, json!(code)));
    }
    let mut none = good.clone();
    none["goal"] = 0.into();
    let refused = record(&house, &coordinator, &none).await;
    assert_eq!(refused.json()["code"], "plan.campaign_figure", "{}", refused.text);
    let mut other = good.clone();
    other["channel"] = "smoke".into();
    assert_eq!(record(&house, &coordinator, &other).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(all(&house, "coordinator@skane").await, json!([]), "nothing of it was recorded");

    let done = record(&house, &coordinator, &good).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let one = all(&house, "tib@skane").await[0].clone();
    let mut right = campaign("2026-06-01", "2026-06-05");
    right["replaces"] = one["id"].clone();
    assert_eq!(record(&house, &coordinator, &right).await.status, StatusCode::OK);
    let held = all(&house, "tib@skane").await;
    assert_eq!((held.as_array().unwrap().len(), &held[0]["to"]), (1, &json!("2026-06-05")));
    let again = record(&house, &coordinator, &right).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it was replaced already: {}", again.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registrations_are_counted_by_day_and_small_numbers_stay_at_home() {
    let house = donors::house().await;
    let coordinator = house.token("coordinator@skane").await;
    let early = campaign("2026-06-01", "2026-06-03");
    assert_eq!(record(&house, &coordinator, &early).await.status, StatusCode::OK);
    register(&house, 1).await;
    let first = all(&house, "coordinator@skane").await[0].clone();
    assert_eq!((&first["during"], &first["exact"]), (&json!(1), &json!(true)));
    assert_eq!(first["before"], Value::Null, "the record does not reach back before its first day");
    assert_eq!((&first["more"], &first["after"]), (&Value::Null, &Value::Null));

    let start = house.engine.now();
    let coordinator = house.token("coordinator@skane").await;
    let late = campaign("2026-06-20", "2026-06-25");
    assert_eq!(record(&house, &coordinator, &late).await.status, StatusCode::OK);
    let ahead = all(&house, "coordinator@skane").await[0]["id"].clone();
    let count = format!("{PATH}/count");
    let early = house.tell(&coordinator, &count, &json!({ "campaign": ahead })).await;
    assert_eq!(early.json()["code"], "plan.campaign_ahead", "{}", early.text);
    house.clock.set(start.plus_days(20));
    for n in 2..=8 {
        register(&house, n).await;
    }
    house.clock.set(start.plus_days(40));
    let found = all(&house, "coordinator@skane").await[0].clone();
    let counts = ["before", "during", "after", "more", "kr_each"].map(|key| found[key].clone());
    assert_eq!(counts, [0, 7, 0, 7, 17_143].map(|n| json!(n)), "{found}");

    let told = all(&house, "coordinator@halland").await[0].clone();
    assert_eq!((&told["during"], &told["as_of"]), (&Value::Null, &Value::Null), "nothing was told");
    let coordinator = house.token("coordinator@skane").await;
    let done = house.tell(&coordinator, &count, &json!({ "campaign": ahead })).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let older = first["id"].clone();
    let done = house.tell(&coordinator, &count, &json!({ "campaign": older })).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let told = all(&house, "coordinator@halland").await;
    let during = |n: usize| told[n]["during"].clone();
    assert_eq!((during(0), during(1)), (json!(5), Value::Null), "rounded; one person is nobody");
    assert_eq!((&told[0]["more"], &told[0]["exact"]), (&Value::Null, &json!(false)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_records_a_campaign_and_tells_others_what_it_gave() {
    let house = donors::house().await;
    let path = "/plan/campaigns";
    let cookie = house.cookie("coordinator@skane").await;
    let mut fields = vec![
        ("idempotency_key", "k-1"),
        ("act", "record-campaign"),
        ("title", "Ge blod i sommar"),
        ("channel", ""),
        ("from", "2026-06-01"),
        ("to", "2026-06-10"),
        ("cost", ""),
        ("goal", "1 000"),
        ("source", "kommunikationsenheten"),
    ];
    let lacks = house.fill(&cookie, path, &fields).await;
    assert_eq!(lacks.status, StatusCode::UNPROCESSABLE_ENTITY, "how people were reached is asked");
    fields[3] = ("channel", "workplace");
    let made = house.fill(&cookie, path, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let shown = house.page(&cookie, path).await.text;
    assert!(shown.contains("Ge blod i sommar") && shown.contains("Arbetsplatser"), "{shown}");
    assert!(shown.contains("okänt"), "a cost that nobody knows is not nought");

    // The form as the page sends it: its own key, act and campaign.
    let button = &shown[shown.find("count-campaign").expect("a way to tell others")..];
    let tell = &shown[..shown.len() - button.len()];
    let start = tell.rfind("<form").expect("a form");
    let form = &shown[start..];
    let own = ["idempotency_key", "act", "campaign"].map(|name| (name, hidden(form, name)));
    let own: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let told = house.fill(&cookie, path, &own).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
    assert!(all(&house, "coordinator@halland").await[0]["as_of"].is_string());
    let other = house.cookie("coordinator@halland").await;
    let page = house.page(&other, path).await.text;
    assert!(!page.contains("count-campaign"), "another region's campaign is not ours to count");
}
