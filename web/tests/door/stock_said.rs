//! What the stock's pages, files and refusals say, and to whom: who a figure comes from, how old it
//! is, what was mistyped, and nothing chosen beforehand.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, get, with};
use crate::stock::{self, opening, unit};

/// Every centre of Skåne's has said what it has: two here, one in another system.
async fn told(as_of: &str) -> (House, String) {
    let house = stock::house().await;
    let scientist = house.token("scientist@skane").await;
    let coordinator = house.token("coordinator@skane").await;
    let empty = json!({ "site": "malmo-bc", "found": [] });
    let demand = json!({ "component": "red_cells", "group": "o_neg", "per_day": 0.5,
        "period": "2025", "source": "Prov" });
    let report = json!({ "site": "ystad-bc", "system": "ProSang", "as_of": as_of,
        "rows": [{ "component": "red_cells", "group": "o_neg", "available": 3 }] });
    for (token, path, body) in [
        (&scientist, "/api/v1/stock/take-over", &opening(1..=4)),
        (&scientist, "/api/v1/stock/count", &empty),
        (&coordinator, "/api/v1/stock/demand", &demand),
        (&coordinator, "/api/v1/stock/external", &report),
    ] {
        let answer = house.tell(token, path, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    }
    (house, coordinator)
}

const O_NEG: &str = "/api/v1/stock?region=skane&component=red_cells&group=o_neg";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sum_names_everyone_it_comes_from_and_the_map_says_how_old_it_is() {
    let (house, token) = told("2026-05-31T06:00:00Z").await;
    let row = house.ask(&token, O_NEG).await.json()[0].clone();
    assert_eq!((&row["available"], &row["at_least"]), (&json!(5), &json!(5)));
    assert_eq!(
        (&row["source"], &row["systems"]),
        (&json!("samband, ProSang"), &json!(["ProSang"]))
    );
    let file = house.ask(&token, &format!("{O_NEG}&format=csv")).await.text;
    assert!(file.contains("\"samband, ProSang\",yes"), "{file}");

    let cookie = house.cookie("coordinator@skane").await;
    let page = house.page(&cookie, "/stock?region=skane&group=o_neg").await.text;
    assert!(page.contains("enligt Samband och ProSang"), "{page}");
    let mut on_the_map = page.split("class=\"map-value\"").skip(1);
    assert!(on_the_map.any(|text| text.split('<').next().unwrap().contains("gammalt")), "{page}");

    // The other system no longer knows: what was counted here is there all the same.
    let silent = json!({ "site": "ystad-bc", "system": "ProSang", "as_of": "2026-06-01T08:00:00Z",
        "rows": [{ "component": "red_cells", "group": "o_neg", "available": null }] });
    let said = house.tell(&token, "/api/v1/stock/external", &silent).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    let row = house.ask(&token, O_NEG).await.json()[0].clone();
    assert_eq!((&row["available"], &row["at_least"]), (&Value::Null, &json!(2)));
    let page = house.page(&cookie, "/stock?region=skane&group=o_neg").await.text;
    assert!(page.contains("minst 2, resten okänt"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_for_programs_is_the_same_whoever_asks_and_one_for_people_is_in_words() {
    let (house, token) = told("2026-06-01T08:00:00Z").await;
    let ask = async |path: &str, language: &str| {
        let request = with(get(path), "authorization", &format!("Bearer {token}"));
        house.send(with(request, "accept-language", language)).await.text
    };
    for path in ["stock?by=site&", "mandates?", "sites?", "actors?", "agreements?"] {
        let path = format!("/api/v1/{path}format=csv");
        let (swedish, english) = (ask(&path, "sv").await, ask(&path, "en").await);
        assert_eq!(swedish, english, "{path}");
        let words = ask(&format!("{path}&headings=words"), "sv").await;
        assert!(words.contains(';') && !words.contains("red_cells"), "{words}");
    }
    let sites = ask("/api/v1/sites?format=csv", "sv").await;
    assert!(sites.contains(",blood_centre,"), "{sites}");
    let words = ask("/api/v1/stock?format=csv&headings=words", "sv").await;
    assert!(words.contains("Erytrocyter") && words.contains("O RhD neg"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_site_is_chosen_before_somebody_chose_it() {
    let house = stock::house().await;
    let cookie = house.cookie("scientist@skane").await;
    for path in ["/stock/take-over", "/stock/count"] {
        let page = house.page(&cookie, path).await.text;
        assert!(page.contains("<option value=\"\" selected>Välj …</option>"), "{path}: {page}");
        let page = house.page(&cookie, &format!("{path}?site=malmo-bc")).await.text;
        assert!(page.contains("<option value=\"malmo-bc\" selected>"), "{path}: {page}");
    }
    let key = crate::house::fresh();
    let none = [("idempotency_key", &*key), ("file", &"0".repeat(64)), ("site", "")];
    let refused = house.fill(&cookie, "/stock/take-over/confirm", &none).await;
    assert!(refused.status.is_client_error(), "{}", refused.text);
    let fields = [
        ("act", "count-stock"),
        ("count-site", ""),
        ("count-found", ""),
        ("count-empty", "on"),
        ("idempotency_key", &*key),
    ];
    let refused = house.fill(&cookie, "/stock/count", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_mistyped_is_refused_and_refusals_are_in_words() {
    let (house, _) = told("2026-06-01T08:00:00Z").await;
    let token = house.token("scientist@skane").await;
    let wrong = house.ask(&token, "/api/v1/stock?regions=skane").await;
    let told = (wrong.status.as_u16(), wrong.json()["code"].clone());
    assert_eq!(told, (400, json!("web.query_name")), "{}", wrong.text);
    assert!(wrong.json()["facts"]["known"].as_str().unwrap().starts_with("region, site"));

    let unread = house.tell(&token, "/api/v1/units/release", &json!({})).await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST, "{}", unread.text);
    let detail = unread.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("fältet units saknas") && !detail.contains("Failed"), "{detail}");

    // Both spellings of the same reason are taken.
    for (path, reason) in [("quarantine", "damaged"), ("discard", "damage")] {
        let body = json!({ "units": [unit(1)], "reason": reason });
        let done = house.tell(&token, &format!("/api/v1/units/{path}"), &body).await;
        assert_eq!(done.status, StatusCode::OK, "{path}: {}", done.text);
    }
    let reserve = json!({ "units": [unit(2)], "purpose": "prov" });
    let refused = house.tell(&token, "/api/v1/units/reserve", &reserve).await.json();
    let detail = refused["detail"].as_str().unwrap();
    assert!(detail.contains("I karantän") && !detail.contains("quarantined"), "{refused}");
    assert_eq!(refused["facts"]["status"], "quarantined", "programs read the code");
    let elsewhere = json!({ "site": "ystad-bc", "found": [] });
    let refused = house.tell(&token, "/api/v1/stock/count", &elsewhere).await.json();
    assert!(refused["detail"].as_str().unwrap().contains("Blodcentralen ystad-bc"), "{refused}");
    assert_eq!(refused["facts"]["site"], "ystad-bc");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_of_unknown_group_is_answered_as_such() {
    let house = House::demo().await;
    let token = house.token("scientist@skane").await;
    let path = "/api/v1/compatibility?component=red_cells&recipient=a_pos&donor=unknown";
    let answer = house.ask(&token, path).await.json();
    for region in answer["regions"].as_array().unwrap() {
        let donors = region["donors"].as_array().unwrap();
        assert_eq!(donors.len(), 1, "{region}");
        assert_eq!(
            (&donors[0]["donor"], &donors[0]["compatible"]),
            (&json!("unknown"), &Value::Null)
        );
    }
    let cookie = house.cookie("scientist@skane").await;
    let path = path.replace("/api/v1", "");
    let page = house.page(&cookie, &path).await.text;
    assert!(page.contains("Okänd") && !page.contains(">O RhD pos</th>"), "{page}");
}
