//! Bodies, annotations, corrections, erasures and the own password through the API: for nobody,
//! for the wrong role, for another region, and for whoever may.

use axum::http::StatusCode;
use samband_access::{Principal, UserName};
use samband_domain::Mode;
use samband_engine::NewAccount;
use samband_web::app::Site;
use serde_json::{Value, json};

use crate::house::{House, actor, get, post_json};

const NEW: &str = "ett rött hus vid havet";

/// Nobody is asked to sign in; the wrong roles are told who may.
async fn closed_to(house: &House, path: &str, body: &Value, wrong: &[&str]) {
    let nobody = house.send(post_json(path, body)).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
    for user in wrong {
        let token = house.token(user).await;
        let answer = house.tell(&token, path, body).await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (StatusCode::FORBIDDEN, &json!("access.denied")),
            "{user} {path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_director_lets_the_region_join_and_leave_a_body() {
    let house = House::demo().await;
    let body = json!({
        "body": "sodra", "name": "Södra sjukvårdsregionen",
        "from": "2026-01-01", "until": "2028-01-01",
    });
    closed_to(&house, "/api/v1/bodies", &body, &["coordinator@skane", "administrator@skane"]).await;
    let nothing = json!({});
    closed_to(&house, "/api/v1/bodies/sodra/leave", &nothing, &["safety@skane"]).await;
    assert_eq!(house.send(get("/api/v1/bodies")).await.status, StatusCode::UNAUTHORIZED);

    let director = house.token("director@skane").await;
    let unknown = house.tell(&director, "/api/v1/bodies/sodra/leave", &nothing).await;
    assert_eq!((unknown.status.as_u16(), &unknown.json()["code"]), (404, &json!("form.not_found")));
    let joined = house.tell(&director, "/api/v1/bodies", &body).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text);
    assert_eq!(joined.json()["record"]["journal"], "skane");
    let again = house.tell(&director, "/api/v1/bodies", &body).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);

    // Another region sees it, of all regions and of this one.
    let reader = house.token("scientist@halland").await;
    let list = house.ask(&reader, "/api/v1/bodies").await.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["name"], "Södra sjukvårdsregionen");
    assert_eq!(list[0]["from"], "2025-12-31T23:00:00Z", "the day began in Sweden");
    assert_eq!(list[0]["in_force"], true);
    let none = house.ask(&reader, "/api/v1/bodies?region=halland").await.json();
    assert_eq!(none, json!([]));
    let lost = house.ask(&reader, "/api/v1/bodies?region=atlantis").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);

    let left = house.tell(&director, "/api/v1/bodies/sodra/leave", &nothing).await;
    assert_eq!(left.status, StatusCode::OK, "{}", left.text);
    let list = house.ask(&reader, "/api/v1/bodies").await.json();
    assert_eq!(list[0]["in_force"], false);
    assert_eq!(list[0]["until"], house.engine.now().to_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_annotated_by_its_place_and_stays_as_it_was() {
    let house = House::demo().await;
    let path = "/api/v1/journal/skane/annotations";
    let note = json!({ "epoch": 1, "seq": 2, "text": "Titeln ska vara en annan." });
    closed_to(&house, path, &note, &["scientist@skane", "secretary@skane"]).await;
    let other = house.token("coordinator@halland").await;
    let foreign = house.tell(&other, path, &note).await;
    assert_eq!(
        (foreign.status.as_u16(), &foreign.json()["code"]),
        (403, &json!("access.other_region"))
    );
    let safety = house.token("safety@skane").await;
    let before = house.ask(&safety, "/api/v1/journal/skane?before=1:3&limit=1").await.json();
    let token = house.token("coordinator@skane").await;
    let missing = json!({ "epoch": 1, "seq": 9_999, "text": "Fel." });
    assert_eq!(house.tell(&token, path, &missing).await.status, StatusCode::NOT_FOUND);
    let empty = json!({ "epoch": 1, "seq": 2, "text": "  " });
    let empty = house.tell(&token, path, &empty).await;
    assert_eq!(empty.json()["code"], "form.text_needed");
    let done = house.tell(&token, path, &note).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let after = house.ask(&safety, "/api/v1/journal/skane?before=1:3&limit=1").await.json();
    assert_eq!(before["records"], after["records"]);
    let newest = house.ask(&safety, "/api/v1/journal/skane?limit=1").await.json();
    let shared = &newest["records"][0]["shared"];
    assert_eq!(shared["text"], "Titeln ska vara en annan.");
    assert_eq!(shared["record"]["hash"], before["records"][0]["at"]["hash"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_corrects_and_supervision_erases_who_somebody_is() {
    let house = House::demo().await;
    let admin = house.token("administrator@skane").await;
    let new = json!({ "id": "prov", "profession": "nurse", "title": "Sjukskoterska",
        "name": "Anna Prov", "phone": "070" });
    assert_eq!(house.tell(&admin, "/api/v1/actors", &new).await.status, StatusCode::OK);
    let path = "/api/v1/actors/prov/correct";
    let right = json!({ "title": "Sjuksköterska", "name": "Anna Provsson",
        "email": "anna@example.org", "reason": "Fel stavat." });
    closed_to(&house, path, &right, &["director@skane", "coordinator@halland"]).await;
    let other = house.token("administrator@halland").await;
    let unknown = house.tell(&other, path, &right).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "a name reaches only the own region");
    let done = house.tell(&admin, path, &right).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let person = house.ask(&admin, "/api/v1/people/skane/prov").await.json();
    assert_eq!((&person["name"], &person["phone"]), (&json!("Anna Provsson"), &Value::Null));
    assert_eq!((&person["title"], &person["email"]), (&json!("Sjuksköterska"), &right["email"]));

    let path = "/api/v1/actors/prov/erase";
    let ground = json!({ "ground": "Anställningen slutade; begärt av den registrerade." });
    closed_to(&house, path, &ground, &["administrator@skane", "coordinator@skane"]).await;
    let safety = house.token("safety@skane").await;
    let held = house.tell(&safety, "/api/v1/actors/tib/erase", &ground).await;
    assert_eq!(held.status, StatusCode::UNPROCESSABLE_ENTITY, "a mandate runs");
    let done = house.tell(&safety, path, &ground).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let person = house.ask(&admin, "/api/v1/people/skane/prov").await.json();
    assert_eq!((&person["name"], &person["email"]), (&Value::Null, &Value::Null));
    let again = house.tell(&safety, path, &ground).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
    let verified = house.tell(&safety, "/api/v1/journal/skane/verify", &json!(null)).await;
    assert_eq!(verified.status, StatusCode::OK, "the chain holds without the name");
}

/// A real house, and the token of an account whose password was given by somebody else.
async fn given_password() -> (House, String) {
    let house = House::of(Mode::Real, Site::default()).await;
    let new = NewAccount {
        user: UserName::new("coordinator@skane").unwrap(),
        password: NEW.into(),
        person: None,
        actor: Some(actor("coordinator")),
        roles: Vec::new(),
        must_change: true,
    };
    house.engine.create_account(&Principal::Machine, new).await.unwrap();
    let signed = sign_in(&house, NEW).await.json();
    assert_eq!(signed["must_change"], true);
    let token = signed["token"].as_str().unwrap().to_owned();
    (house, token)
}

async fn sign_in(house: &House, password: &str) -> crate::house::Answer {
    let body = json!({ "user": "coordinator@skane", "password": password });
    house.send(post_json("/api/v1/sign-in", &body)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_given_password_is_changed_before_anything_else() {
    let (house, token) = given_password().await;
    let path = "/api/v1/session/password";
    let other = "en blå båt på sjön";
    let change = |old: &str, new: &str| json!({ "password": old, "new_password": new });
    let nobody = house.send(post_json(path, &change(NEW, other))).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let closed = house.ask(&token, "/api/v1/regions").await;
    assert_eq!(
        (closed.status.as_u16(), &closed.json()["code"]),
        (403, &json!("account.password_must_change"))
    );
    for (old, new, code) in
        [("fel", other, "account.password_wrong"), (NEW, "kort", "account.password_short")]
    {
        let answer = house.tell(&token, path, &change(old, new)).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &json!(code)));
    }
    house.clock.set(house.engine.now().plus_seconds(120));
    let changed = house.tell(&token, path, &change(NEW, other)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(changed.json()["must_change"], false);
    let renewed = changed.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(house.ask(&renewed, "/api/v1/regions").await.status, StatusCode::OK);
    assert_eq!(house.ask(&token, "/api/v1/regions").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&house, NEW).await.status, StatusCode::UNAUTHORIZED);
    house.clock.set(house.engine.now().plus_seconds(120));
    assert_eq!(sign_in(&house, other).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_of_a_journal_lead_across_its_epochs_to_its_beginning() {
    let house = House::demo().await.restored().await;
    let token = house.token("safety@skane").await;
    let head = house.ask(&token, "/api/v1/journal/skane?limit=1").await.json();
    assert_eq!((&head["head"]["epoch"], &head["next"]), (&json!(2), &json!("2:1")));
    let mut seen = Vec::new();
    let mut before = String::new();
    loop {
        let path = format!("/api/v1/journal/skane?limit=2{before}");
        let page = house.ask(&token, &path).await.json();
        for record in page["records"].as_array().unwrap() {
            let place = |name| record["at"][name].as_u64().unwrap();
            seen.push((place("epoch"), place("seq")));
        }
        assert!(!page["records"].as_array().unwrap().is_empty(), "no page is empty");
        let Some(next) = page["next"].as_str() else { break };
        before = format!("&before={next}");
    }
    let last = seen[1].1;
    let first_epoch = (1..=last).rev().map(|seq| (1, seq));
    let all: Vec<_> = std::iter::once((2, 1)).chain(first_epoch).collect();
    assert_eq!(seen, all);
}
