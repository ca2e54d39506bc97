//! The call-up plan through the API and the page: what is missing is said, the wrong role is
//! refused, and an adopted week becomes a list that is worked off.

use axum::http::StatusCode;
use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::stock::{Demand, Line};
use samband_domain::blood::model::{Component, Group};
use samband_domain::kernel::Role;
use samband_domain::plans::Command as Plans;
use samband_domain::plans::model::Target;
use samband_domain::{Known, SiteId};
use serde_json::{Value, json};

use crate::donors::{RULES, house, house_with, person};
use crate::forecast;
use crate::house::{House, fresh, get, hidden, post_json};

const PLAN: &str = "/api/v1/plans/call-ups";

fn number(n: usize) -> String {
    let fits = |text: &String| text.parse::<samband_domain::PersonNumber>().is_ok();
    let text = format!("{}0101981", 1970 + n);
    (0..10).map(|digit| format!("{text}{digit}")).find(fits).expect("one digit agrees")
}

/// Rules, so many men of O RhD neg who never gave, and a session next week.
async fn ready(donors: usize) -> House {
    let rules = format!("{RULES}donor.whole_blood.interval_female_days,91,d,prov,\n");
    let house = house_with(&rules).await;
    let nurse = house.token("phlebotomist@skane").await;
    let scientist = house.token("scientist@skane").await;
    for n in 0..donors {
        let mut body = person();
        body["number"] = json!(number(n));
        let made = house.tell(&nurse, "/api/v1/donors", &body).await.json();
        let id = made["id"].as_str().expect("a donor").to_owned();
        let types = json!({ "group": "o_neg" });
        let sent = house.tell(&scientist, &format!("/api/v1/donors/{id}/types"), &types).await;
        assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    }
    let session = json!({
        "site": "lund-bc", "from": "2026-06-09T06:00:00Z", "until": "2026-06-09T14:00:00Z",
        "capacity": 12, "kinds": ["whole_blood"],
    });
    let sent = house.tell(&nurse, "/api/v1/donor-sessions", &session).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    house
}

/// Two units of O RhD neg a week, and nothing else.
async fn needed(house: &House) {
    for group in Group::ALL {
        let milli = if group == Group::O_NEG { 286 } else { 0 };
        let demand = Demand {
            milli_per_day: Known::Value(milli),
            period: "2025".parse().unwrap(),
            source: "prov".into(),
        };
        let line = Line { component: Component::RedCells, group: Some(group) };
        house.give("skane", Blood::StateDemand { site: None, line, demand }).await;
    }
}

async fn plan(house: &House, token: &str) -> Value {
    let answer = house.ask(token, &format!("{PLAN}?need=100")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_stated_is_said_by_name_and_never_planned_as_zero() {
    let lawless = house().await;
    let coordinator = lawless.token("coordinator@skane").await;
    let refused = lawless.ask(&coordinator, PLAN).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(refused.json()["code"], "rule.missing");
    let cookie = lawless.cookie("coordinator@skane").await;
    let page = lawless.page(&cookie, "/plan/call-ups").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Ingen vecka är antagen"), "{}", page.text);

    let house = ready(2).await;
    let coordinator = house.token("coordinator@skane").await;
    let without = plan(&house, &coordinator).await;
    assert_eq!(without["report"], Value::Null, "a need that nobody knows is not none");
    let left = without["left_out"].to_string();
    assert!(left.contains("need_unknown skane"), "{left}");
    assert!(left.contains("halland"), "other regions have no rules here: {left}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_need_is_each_weeks_own_from_a_forecast_and_says_where_it_comes_from() {
    let house = ready(2).await;
    needed(&house).await;
    let coordinator = house.token("coordinator@skane").await;
    let before = plan(&house, &coordinator).await;
    let stated = &before["regions"][0];
    assert_eq!((&stated["need"], &stated["sure"]), (&json!("stated"), &Value::Null));
    assert_eq!(stated["need_sources"], json!(["prov"]));
    assert_eq!(
        (&stated["need_from"], &stated["need_through"]),
        (&json!("2025-01-01"), &json!("2025-12-31"),)
    );
    assert!((stated["weekly"].as_f64().unwrap() - 2.0).abs() < 0.01, "{stated}");

    // Two hundred days of use: every week of the plan has a need of its own.
    forecast::report(&house, "lund-bc", 200).await;
    let target = Target { fill_to: 9, green_from: 6, amber_from: 3, basis: "prov".into() };
    let line = Line { component: Component::RedCells, group: Some(Group::O_NEG) };
    let site = SiteId::new("lund-bc").unwrap();
    let set = Plans::SetTarget { site, line, target: Some(target) };
    house.give_by(Role::Coordinator, "skane", set).await;
    // Kept by the hour: another question, so that the need is gathered anew.
    let answer = house.ask(&coordinator, &format!("{PLAN}?need=99")).await.json();
    let region = &answer["regions"][0];
    assert_eq!((&region["need"], &region["sure"]), (&json!("forecast"), &json!(75)), "{region}");
    assert_eq!(region["need_through"], "2026-05-31", "the day before today");
    assert_eq!(region["need_sources"], json!(["Provets egna dagar"]));
    let weeks: Vec<f64> =
        region["weeks"].as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect();
    assert_eq!(weeks.len(), 16);
    let (least, most) = weeks.iter().fold((f64::MAX, 0.0_f64), |(a, b), c| (a.min(*c), b.max(*c)));
    assert!(least < most, "not one figure for every week: {weeks:?}");
    // Nobody has taken up this place's stock: its target is said to change nothing.
    assert_eq!((&region["lacking"], &region["blind"]), (&json!(0), &json!(1)), "{region}");

    let cookie = house.cookie("coordinator@skane").await;
    let page = house.page(&cookie, "/plan/call-ups?need=99").await;
    assert!(page.text.contains("75 % säkerhet"), "{}", page.text);
    assert!(page.text.contains("Provets egna dagar"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_closed_to_nobody_and_to_the_wrong_role_and_to_what_cannot_be_read() {
    let house = house().await;
    assert_eq!(house.send(get(PLAN)).await.status, StatusCode::UNAUTHORIZED);
    let coordinator = house.token("coordinator@skane").await;
    for bad in ["pooling=alla", "band=hundra", "need=0", "need=101"] {
        let answer = house.ask(&coordinator, &format!("{PLAN}?{bad}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    let rests = json!({
        "pooling": "local", "band_permille": null, "near_permille": 1, "made": 1,
        "basis": "0".repeat(64),
    });
    let nurse = house.token("phlebotomist@skane").await;
    for (end, body) in [
        ("adopt", json!({ "weeks": [], "rests": rests, "note": null })),
        ("withdraw", json!({ "week": "2026-06-08", "reason": "helg" })),
        ("tell", json!({})),
    ] {
        let path = format!("{PLAN}/{end}");
        let nobody = house.send(post_json(&path, &body)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let denied = house.tell(&nurse, &path, &body).await;
        assert_eq!(denied.status, StatusCode::FORBIDDEN, "{path} {}", denied.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_adopted_week_is_a_list_that_is_worked_off_and_followed() {
    let house = ready(12).await;
    needed(&house).await;
    let coordinator = house.token("coordinator@skane").await;
    let nurse = house.token("phlebotomist@skane").await;
    let found = plan(&house, &coordinator).await;
    assert_eq!(found["standing"], "done");
    let week = &found["weeks"][0];
    assert_eq!(week["week"], "2026-06-08", "the first Monday to come");
    let invite = week["lines"][0]["invite"].as_u64().expect("a line");
    assert!((1..=12).contains(&invite), "{week}");
    assert_eq!(week["lines"][0]["stratum"]["response"], "new");
    assert!(found["report"]["plan"]["share_of_optimum_at_least"].as_f64().unwrap() > 0.5);

    // The page shows the same, and adopts the first week.
    let cookie = house.cookie("coordinator@skane").await;
    let path = "/plan/call-ups?need=100";
    let page = house.page(&cookie, path).await;
    assert!(page.text.contains("från bästa möjliga"), "{}", page.text);
    let basis = hidden(&page.text, "basis");
    let key = fresh();
    let fields = [
        ("idempotency_key", key.as_str()),
        ("act", "adopt-callup"),
        ("need", "100"),
        ("pooling", "local"),
        ("band", "80"),
        ("basis", basis.as_str()),
        ("weeks", "1"),
    ];
    let sent = house.fill(&cookie, "/plan/call-ups", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let stale = house.fill(&cookie, "/plan/call-ups", &fields).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY, "the plan is another one now");
    let again = json!({ "weeks": [week], "rests": found["rests"], "note": null });
    let twice = house.tell(&coordinator, &format!("{PLAN}/adopt"), &again).await;
    assert_eq!(twice.json()["code"], "plan.call_week_adopted", "{}", twice.text);

    // The list is worked off where every list is, and what came of it is followed.
    let lists = house.ask(&nurse, "/api/v1/call-ups").await.json();
    assert_eq!(lists[0]["donors"].as_u64(), Some(invite));
    let list = lists[0]["id"].as_str().expect("a list").to_owned();
    let next = house.ask(&nurse, &format!("/api/v1/call-ups/{list}/next")).await.json();
    let donor = next["donor"].as_str().expect("somebody").to_owned();
    let contact = json!({ "outcome": "yes", "list": list });
    let noted = format!("/api/v1/donors/{donor}/contacts");
    assert_eq!(house.tell(&nurse, &noted, &contact).await.status, StatusCode::OK);
    let after = plan(&house, &coordinator).await;
    let followed = &after["adopted"][0];
    assert_eq!((&followed["called"], &followed["yes"]), (&json!(1), &json!(1)));
    assert_ne!(after["weeks"][0]["week"], "2026-06-08", "an adopted week is not planned again");
    let text = house.page(&cookie, path).await.text;
    assert!(text.contains("antagen") && !text.contains("Prov Givarson"), "numbers, not names");

    // Taken back no more: somebody was called.
    let back = json!({ "week": "2026-06-08", "reason": "helg" });
    let refused = house.tell(&coordinator, &format!("{PLAN}/withdraw"), &back).await;
    assert_eq!(refused.json()["code"], "plan.call_begun", "{}", refused.text);
    let told = house.tell(&coordinator, &format!("{PLAN}/tell"), &json!({})).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    // Who they are is for those who call.
    for path in ["/call-ups/silent", "/call-ups/switch"] {
        assert_eq!(house.page(&cookie, path).await.status, StatusCode::FORBIDDEN, "{path}");
        let nurse = house.cookie("phlebotomist@skane").await;
        assert_eq!(house.page(&nurse, path).await.status, StatusCode::OK, "{path}");
    }
}
