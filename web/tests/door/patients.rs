//! Patients through the API and the pages: for nobody, the wrong role, and for whoever may; every
//! reading recorded; a question between two regions answered.

use axum::http::StatusCode;
use serde_json::json;

use crate::house::{House, get, post_json};

const NUMBER: &str = "19640823-3234";

async fn admitted(house: &House, who: &str) -> (String, String) {
    let token = house.token(who).await;
    let body = json!({ "number": NUMBER, "name": "Provpatient Ett" });
    let answer = house.tell(&token, "/api/v1/patients", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let id = answer.json()["id"].as_str().expect("the patient's identifier").to_owned();
    (token, id)
}

async fn told(house: &House, token: &str, path: &str, body: &serde_json::Value) {
    let answer = house.tell(token, path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
}

#[tokio::test]
async fn patients_are_closed_to_nobody_and_to_the_wrong_role() {
    let house = House::demo().await;
    let (_, id) = admitted(&house, "scientist@skane").await;
    let paths = [
        "correct",
        "mother",
        "link",
        "unlink",
        "block",
        "block/lift",
        "samples",
        "groups",
        "screens",
        "verifications",
        "antibodies",
        "antibodies/not-seen",
        "resolutions",
        "requirements",
        "requirements/end",
        "group-turns",
    ];
    let posts = paths.iter().map(|path| format!("/api/v1/patients/{id}/{path}"));
    let more = ["patients", "disclosures", "disclosures/answers", "disclosures/declines"];
    let more = more.into_iter().chain(["disclosures/taken-in", "disclosures/withdrawals"]);
    for path in posts.chain(more.map(|path| format!("/api/v1/{path}"))) {
        let answer = house.send(post_json(&path, &json!({}))).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let gets = [format!("/api/v1/patients/{id}"), format!("/api/v1/patients?number={NUMBER}")];
    for path in gets.into_iter().chain(["/api/v1/disclosures".into(), format!("/patients/{id}")]) {
        let answer = house.send(get(&path)).await;
        assert_ne!(answer.status, StatusCode::OK, "{path} for nobody");
        let coordinator = house.token("coordinator@skane").await;
        let answer = house.ask(&coordinator, &path).await;
        if path.starts_with("/api") {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        let elsewhere = house.token("scientist@halland").await;
        let answer = house.ask(&elsewhere, &path).await;
        assert!(!answer.text.contains("Provpatient"), "{path} in another region");
    }
    let nurse = house.token("nurse@skane").await;
    let antibody = json!({ "red_cell": "K", "found": "2020-01-01", "place": "Lund" });
    let path = format!("/api/v1/patients/{id}/antibodies");
    assert_eq!(house.tell(&nurse, &path, &antibody).await.status, StatusCode::FORBIDDEN);
    let scientist = house.token("scientist@skane").await;
    let decide = json!({ "group": "a_pos", "reason": "x" });
    let path = format!("/api/v1/patients/{id}/resolutions");
    assert_eq!(house.tell(&scientist, &path, &decide).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_antibody_is_never_unknown_again_and_a_group_waits_for_its_rules() {
    let house = House::demo().await;
    let (token, id) = admitted(&house, "scientist@skane").await;
    let path = format!("/api/v1/patients/{id}");
    let before = house.ask(&token, &path).await.json();
    assert!(before["antigen_negative_for"].is_null(), "{before}");
    let sample = json!({ "number": "LS10001", "purpose": "compatibility", "place": "Akuten",
        "taken_by": "J. Jasmin", "identity_signed": true });
    told(&house, &token, &format!("{path}/samples"), &sample).await;
    let group = json!({ "sample": "LS10001", "group": "a_pos", "instrument": "Erytra" });
    told(&house, &token, &format!("{path}/groups"), &group).await;
    let antibody = json!({ "red_cell": "K", "found": "2020-01-01", "place": "Lund" });
    told(&house, &token, &format!("{path}/antibodies"), &antibody).await;
    let screen = json!({ "sample": "LS10001", "result": "negative", "instrument": "Erytra" });
    told(&house, &token, &format!("{path}/screens"), &screen).await;
    let now = house.ask(&token, &path).await.json();
    assert_eq!((&now["group"], &now["antigen_negative_for"]), (&json!("a_pos"), &json!(["K"])));
    // No rule set is in force here: nothing counts.
    assert_eq!((&now["occasions"], &now["sample"]), (&json!(0), &json!(null)));
    let missing = now["missing"].as_array().expect("a list");
    assert!(missing.contains(&json!("unstated")) && missing.contains(&json!("antibody")));
    let typed = json!({ "sample": "LS10001", "group": "o_neg" });
    told(&house, &token, &format!("{path}/groups"), &typed).await;
    let now = house.ask(&token, &path).await.json();
    assert_eq!((&now["conflict"], &now["group"]), (&json!(true), &json!(null)));
    let cookie = house.cookie("scientist@skane").await;
    let page = house.page(&cookie, &format!("/patients/{id}")).await;
    for said in ["anti-K", "två olika blodgrupper", "Provpatient Ett", "Att du läser här antecknas"]
    {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(page.text.contains("Vem som har läst sidan visas för"), "not for colleagues");
    let supervisor = house.cookie("safety@skane").await;
    let journal = house.page(&supervisor, "/journal?region=skane").await;
    assert!(journal.text.contains(&id), "whoever supervises sees who was read about");
}

#[tokio::test]
async fn a_question_between_two_regions_is_answered_and_taken_in() {
    let house = House::demo().await;
    let (asker, here) = admitted(&house, "scientist@skane").await;
    let (answerer, there) = admitted(&house, "scientist@halland").await;
    let antibody = json!({ "red_cell": "Fya", "found": "2008-05-01", "place": "Halmstad" });
    told(&house, &answerer, &format!("/api/v1/patients/{there}/antibodies"), &antibody).await;
    let ask = json!({ "patient": here, "to": "halland", "ground": "consent",
        "urgency": "routine", "reason": "operation", "phone": "046-17 00 00" });
    told(&house, &asker, "/api/v1/disclosures", &ask).await;
    let waiting = house.ask(&answerer, "/api/v1/disclosures").await.json();
    let question = &waiting["of_us"][0];
    assert_eq!((&question["from"], &question["reply"]), (&json!("skane"), &json!(null)));
    assert!(!waiting.to_string().contains("Provpatient"), "the list names nobody");
    let third = house.token("scientist@kronoberg").await;
    let answer = json!({ "ask": question["record"], "patient": there });
    let strange = house.tell(&third, "/api/v1/disclosures/answers", &answer).await;
    assert_eq!(strange.json()["code"], json!("disclosure.not_asked"), "{}", strange.text);
    told(&house, &answerer, "/api/v1/disclosures/answers", &answer).await;
    let ours = house.ask(&asker, "/api/v1/disclosures").await.json();
    let reply = &ours["by_us"][0];
    assert_eq!(reply["reply"], json!("answered"));
    let take = json!({ "answer": reply["reply_record"] });
    told(&house, &asker, "/api/v1/disclosures/taken-in", &take).await;
    let now = house.ask(&asker, &format!("/api/v1/patients/{here}")).await.json();
    assert_eq!(now["antigen_negative_for"], json!(["Fya"]));
    assert_eq!(now["antibodies"][0]["told_by"], json!("halland"));
}

#[tokio::test]
async fn a_question_that_is_taken_back_is_seen_so_and_answered_by_nobody() {
    let house = House::demo().await;
    let (asker, here) = admitted(&house, "scientist@skane").await;
    let (answerer, there) = admitted(&house, "scientist@halland").await;
    let ask = json!({ "patient": here, "to": "halland", "ground": "consent",
        "urgency": "routine", "reason": "operation", "phone": "046-17 00 00" });
    let asked = house.tell_as(&asker, "/api/v1/disclosures", &ask, "ask-1").await.json();
    let again = house.tell_as(&asker, "/api/v1/disclosures", &ask, "ask-1").await.json();
    assert_eq!((&again["repeated"], &again["id"]), (&json!(true), &asked["id"]));
    let name = asked["id"].as_str().expect("a question has a name").to_owned();
    let cookie = house.cookie("scientist@skane").await;
    let page = house.page(&cookie, &format!("/disclosures/out/{name}")).await;
    assert!(page.text.contains("Ta tillbaka frågan"), "{}", page.text);
    let back = json!({ "ask": name, "reason": "patienten skrevs ut" });
    told(&house, &asker, "/api/v1/disclosures/withdrawals", &back).await;
    let twice = house.tell(&asker, "/api/v1/disclosures/withdrawals", &back).await;
    assert_eq!(twice.json()["code"], json!("disclosure.withdrawn"), "{}", twice.text);

    let theirs = house.ask(&answerer, "/api/v1/disclosures").await.json();
    let question = &theirs["of_us"][0];
    assert!(question["withdrawn"].is_string() && question["late"] == json!(false), "{theirs}");
    assert!(!theirs.to_string().contains("skrevs ut"), "the reason stays with whoever asked");
    let answer = json!({ "ask": question["record"], "patient": there });
    let refused = house.tell(&answerer, "/api/v1/disclosures/answers", &answer).await;
    assert_eq!(refused.json()["code"], json!("disclosure.withdrawn"), "{}", refused.text);
    let cookie = house.cookie("scientist@halland").await;
    let list = house.page(&cookie, "/disclosures").await;
    assert!(list.text.contains("Återtagen"), "{}", list.text);
}

#[tokio::test]
async fn a_repeated_key_names_again_what_came_into_being() {
    let house = House::demo().await;
    let token = house.token("scientist@skane").await;
    let person = json!({ "number": "196408233234", "name": "Prov Upprepad" });
    let director = house.token("director@skane").await;
    let agreement = json!({ "title": "Avtal", "kind": "other", "parties": ["halland", "skane"],
        "clauses": ["En."] });
    let site = json!({ "id": "ny", "name": "Ny", "kind": "depot", "record": "samband" });
    let administrator = house.token("administrator@skane").await;
    for (token, path, body) in [
        (&token, "patients", &person),
        (&director, "agreements", &agreement),
        (&administrator, "sites", &site),
    ] {
        let path = format!("/api/v1/{path}");
        let first = house.tell_as(token, &path, body, "nyckel").await.json();
        let again = house.tell_as(token, &path, body, "nyckel").await.json();
        assert!(first["id"].is_string(), "{path}: {first}");
        assert_eq!((&again["id"], &again["record"]), (&first["id"], &first["record"]), "{path}");
        assert_eq!((&first["repeated"], &again["repeated"]), (&json!(false), &json!(true)));
    }
}
