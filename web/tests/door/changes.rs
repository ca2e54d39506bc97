//! Forms that put right what was recorded, and that let a region join and leave a body: for the
//! wrong role, for another region, and for whoever may.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, fresh, hidden};

/// Sends one of a page's forms as the page made it.
async fn send(
    house: &House,
    cookie: &str,
    page: &str,
    act: &str,
    fields: &[(&str, &str)],
) -> crate::house::Answer {
    let key = fresh();
    let mut all = vec![("idempotency_key", key.as_str()), ("act", act)];
    all.extend_from_slice(fields);
    house.fill(cookie, page, &all).await
}

fn refused(answer: &crate::house::Answer, code: &str) {
    assert!(answer.status.is_client_error(), "{}: {}", answer.status, answer.text);
    assert!(answer.text.contains(code), "{code} in {}", answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_somebody_is_is_put_right_on_their_page() {
    let house = House::demo().await;
    let path = "/people/skane/tib";
    let right = [
        ("right-title", "Tjänsteman i beredskap"),
        ("right-name", "Tora Rättad"),
        ("right-phone", "046-17 00 00"),
        ("right-reason", "Fel stavat."),
    ];
    let safety = house.cookie("safety@skane").await;
    assert!(!house.page(&safety, path).await.text.contains("right-name"));
    refused(&send(&house, &safety, path, "correct-actor", &right).await, "access.denied");
    let foreign = house.cookie("administrator@halland").await;
    refused(&send(&house, &foreign, path, "correct-actor", &right).await, "access.");

    let admin = house.cookie("administrator@skane").await;
    let closed = house.page(&admin, path).await.text;
    assert!(closed.contains("?step=correct") && !closed.contains("right-name"));
    let open = house.page(&admin, &format!("{path}?step=correct")).await.text;
    assert!(open.contains("value=\"Namn tib skane\""), "it begins with what stands there");
    assert!(open.contains("inga namn och inga personnummer"), "{open}");
    let empty = send(&house, &admin, path, "correct-actor", &right[..2]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("value=\"Tora Rättad\""), "what was typed comes back");
    let done = send(&house, &admin, path, "correct-actor", &right).await;
    assert_eq!(done.header("location"), "/people/skane/tib?done=correct-actor", "{}", done.text);
    let page = house.page(&admin, path).await.text;
    for text in ["Tora Rättad", "Tjänsteman i beredskap", "046-17 00 00"] {
        assert!(page.contains(text), "{text}");
    }
    let other = house.cookie("safety@halland").await;
    let journal = house.page(&other, "/journal?region=skane").await.text;
    assert!(journal.contains("Tjänsteman i beredskap") && !journal.contains("Rättad"));
    refused(&send(&house, &admin, path, "no-such-form", &right).await, "web.malformed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_joins_and_leaves_a_body_on_its_page() {
    let house = House::demo().await;
    let path = "/regions/skane";
    let join =
        [("body", "sodra"), ("body-name", "Södra sjukvårdsregionen"), ("body-from", "2026-01-01")];
    let coordinator = house.cookie("coordinator@skane").await;
    let page = house.page(&coordinator, path).await.text;
    assert!(page.contains("inte antecknat") && !page.contains("join-body"));
    refused(&send(&house, &coordinator, path, "join-body", &join).await, "access.denied");
    let foreign = house.cookie("director@halland").await;
    refused(&send(&house, &foreign, path, "join-body", &join).await, "access.other_region");

    let director = house.cookie("director@skane").await;
    assert!(!house.page(&director, path).await.text.contains("leave-body"), "nothing to leave");
    let bad = send(&house, &director, path, "join-body", &[("body", "Ett organ")]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = send(&house, &director, path, "join-body", &join).await;
    assert_eq!(done.header("location"), "/regions/skane?done=join-body", "{}", done.text);
    refused(&send(&house, &director, path, "join-body", &join).await, "form.id_taken");
    let page = house.page(&foreign, path).await.text;
    assert!(page.contains("Södra sjukvårdsregionen"), "others see it");
    let page = house.page(&director, path).await.text;
    assert!(page.contains("leave-body"));
    let shown = hidden(&page, "shown");
    let leave = [("left-body", "sodra"), ("shown", shown.as_str())];
    let done = send(&house, &director, path, "leave-body", &leave).await;
    assert_eq!(done.header("location"), "/regions/skane?done=leave-body", "{}", done.text);
    let page = house.page(&director, path).await.text;
    assert!(page.contains("Har lämnat") && !page.contains("leave-body"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_annotated_on_the_journals_page() {
    let house = House::demo().await;
    let path = "/journal/annotate";
    let note = [("region", "skane"), ("record", "1.2"), ("annotation", "Titeln ska vara Chef.")];
    let scientist = house.cookie("scientist@skane").await;
    refused(&send(&house, &scientist, path, "annotate", &note).await, "access.denied");
    let foreign = house.cookie("coordinator@halland").await;
    refused(&send(&house, &foreign, path, "annotate", &note).await, "access.other_region");
    let page = house.page(&foreign, "/journal?region=skane&annotate=1.2").await.text;
    assert!(!page.contains("name=\"annotation\""), "another region's journal is theirs to note on");

    let coordinator = house.cookie("coordinator@skane").await;
    let known = house.page(&coordinator, "/journal?region=skane&before=1.3").await.text;
    assert!(known.contains("access.denied") && known.contains("annotate=1.2#annotate"));
    let director = house.cookie("director@skane").await;
    let list = house.page(&director, "/journal?region=skane").await.text;
    assert!(list.contains("annotate=1.2#annotate"));
    let page = house.page(&coordinator, "/journal?region=skane&annotate=1.2").await.text;
    assert!(page.contains("Post 1:2") && page.contains("inga namn och inga personnummer"));
    let missing = [("region", "skane"), ("record", "1.9999"), ("annotation", "Fel.")];
    let missing = send(&house, &coordinator, path, "annotate", &missing).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let empty = send(&house, &coordinator, path, "annotate", &note[..2]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("name=\"annotation\""), "the form comes back");
    let done = send(&house, &coordinator, path, "annotate", &note).await;
    assert_eq!(done.header("location"), "/journal?region=skane&done=annotate", "{}", done.text);
    let list = house.page(&director, "/journal?region=skane").await.text;
    assert!(list.contains("1:2 – Titeln ska vara Chef."), "it names the record");
    let token = house.token("safety@skane").await;
    let newest = house.ask(&token, "/api/v1/journal/skane?limit=1").await.json();
    let noted: &Value = &newest["records"][0]["shared"]["record"]["seq"];
    assert_eq!(noted, &json!(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_names_what_people_know_by_name_and_programs_get_it_as_it_is() {
    let house = House::demo().await;
    let admin = house.token("administrator@skane").await;
    let site = serde_json::json!({ "id": "lund", "name": "Blodcentralen Lund",
        "kind": "blood_centre", "record": "samband", "from": "2025-01-01" });
    house.tell(&admin, "/api/v1/sites", &site).await;
    let below = serde_json::json!({ "name": "Depå", "kind": "depot", "parent": "lund",
        "record": "samband", "from": "2025-02-01" });
    house.tell(&admin, "/api/v1/sites", &below).await;
    let close = serde_json::json!({ "reason": "prov" });
    let document = house.tell(&admin, "/api/v1/sites/lund/close", &close).await.json();
    assert_eq!(document["code"], "site.has_open_children");
    assert_eq!(document["facts"]["site"], "lund");
    let cookie = house.cookie("administrator@skane").await;
    let fields = [("site", "lund"), ("close-reason", "prov")];
    let page = send(&house, &cookie, "/regions/skane", "close-site", &fields).await;
    refused(&page, "site.has_open_children");
    assert!(page.text.contains("Blodcentralen Lund (lund)"), "{}", page.text);
}
