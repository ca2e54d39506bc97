//! A donor's record put right, judged and typed, sessions, appointments and lists to call, through
//! the API: for nobody, for the wrong role, for another region, and for whoever may.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::donors::{declaration, house, person};
use crate::house::{House, get, post_json};

/// Another number than [`person`]'s that its check digit fits.
fn other_number() -> String {
    let fits = |text: &String| text.parse::<samband_domain::PersonNumber>().is_ok();
    (0..10).map(|digit| format!("19910101981{digit}")).find(fits).expect("one digit agrees")
}

/// Registers a donor; the identifier.
async fn registered(house: &House, token: &str, number: Option<String>) -> String {
    let mut body = person();
    if let Some(number) = number {
        body["number"] = json!(number);
    }
    let made = house.tell(token, "/api/v1/donors", &body).await;
    made.json()["id"].as_str().expect(&made.text).to_owned()
}

/// Carried out; what came into being.
async fn done(house: &House, token: &str, path: &str, body: &Value) -> Value {
    let answer = house.tell(token, path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
    answer.json()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_closed_to_nobody_to_the_wrong_role_and_to_another_region() {
    let house = house().await;
    let because = json!({ "reason": "x" });
    let list = json!({ "name": "x", "kind": "whole_blood", "on": "2026-06-10", "most": 5 });
    let session = json!({
        "site": "lund-bc", "from": "2026-06-02T06:00:00Z", "until": "2026-06-02T14:00:00Z",
        "capacity": 4, "kinds": ["whole_blood"],
    });
    let place = json!({ "journal": "halland", "epoch": 1, "seq": 1, "hash": "0".repeat(64) });
    let one = "/api/v1/donors/d-1";
    let pass = json!({ "kinds": ["whole_blood"], "until": "2026-06-10" });
    let reaction = json!({ "kind": "vasovagal", "severity": "mild" });
    let assessment = json!({ "ground": "tattoo", "until": "2026-06-10", "reason": "x" });
    let moved = json!({ "session": "se-1", "at": "2026-06-02T08:00:00Z" });
    let loose = json!({
        "unit": "A999026000001.E0336V00", "found": "2026-06-01T08:00:00Z", "reason": "x",
    });
    let retraction = json!({ "question": "tattoo", "reason": "x" });
    let guest = json!({ "pass": place, "code": "gp-1", "donor": "d-1" });
    let asked = [
        (format!("{one}/merge"), json!({ "merge": "d-2", "reason": "x" })),
        (format!("{one}/unmerge"), because.clone()),
        (format!("{one}/deferrals/def-1/lift"), because.clone()),
        (format!("{one}/assessments"), assessment),
        (format!("{one}/retractions"), retraction),
        (format!("{one}/types"), json!({ "hla": ["A*02:01"] })),
        (format!("{one}/reactions"), reaction),
        (format!("{one}/passes"), pass),
        (format!("/api/v1/donor-passes/{}/revoke", "0".repeat(64)), because.clone()),
        ("/api/v1/donor-guests".into(), guest),
        ("/api/v1/donor-sessions".into(), session),
        ("/api/v1/donor-sessions/se-1/close".into(), because),
        ("/api/v1/appointments/ap-1/move".into(), moved),
        ("/api/v1/appointments/ap-1/outcome".into(), json!({ "state": "attended" })),
        ("/api/v1/call-ups".into(), list),
        ("/api/v1/call-ups/cl-1/close".into(), json!({})),
        ("/api/v1/loose-reports/settle".into(), loose),
        ("/api/v1/vigilance/x-1/notify".into(), json!({})),
    ];
    let secretary = house.token("secretary@skane").await;
    for (path, body) in &asked {
        let nobody = house.send(post_json(path, body)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let answer = house.tell(&secretary, path, body).await;
        let told = (answer.status, answer.json()["code"].clone());
        assert_eq!(told, (StatusCode::FORBIDDEN, json!("access.denied")), "{path}");
    }
    // A name reaches only the own region: another region's physician finds nobody.
    let nurse = house.token("phlebotomist@skane").await;
    let id = registered(&house, &nurse, None).await;
    let other = house.token("physician@halland").await;
    let lift = format!("/api/v1/donors/{id}/deferrals/def-1/lift");
    let answer = house.tell(&other, &lift, &json!({ "reason": "x" })).await;
    assert!(!answer.status.is_success() && !answer.text.contains("Givarson"), "{}", answer.text);
    let lists = ["/api/v1/call-ups", "/api/v1/call-ups/cl-1", "/api/v1/call-ups/cl-1/next"];
    let more = ["/api/v1/donor-sessions", "/api/v1/loose-reports"];
    for path in lists.into_iter().chain(more) {
        assert_eq!(house.send(get(path)).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(house.ask(&secretary, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_records_become_one_and_two_again_and_a_physician_judges() {
    let house = house().await;
    let nurse = house.token("phlebotomist@skane").await;
    let keep = registered(&house, &nurse, None).await;
    let merge = registered(&house, &nurse, Some(other_number())).await;
    let body = json!({ "merge": merge, "reason": "Samma person enligt id-handling" });
    done(&house, &nurse, &format!("/api/v1/donors/{keep}/merge"), &body).await;
    let path = format!("/api/v1/donors?number={}", other_number());
    assert_eq!(house.ask(&nurse, &path).await.json()["id"], json!(keep));
    let undo = json!({ "reason": "Två systrar" });
    done(&house, &nurse, &format!("/api/v1/donors/{merge}/unmerge"), &undo).await;
    assert_eq!(house.ask(&nurse, &path).await.json()["id"], json!(merge));

    // A deferral is known by its own name, and only a physician lifts it.
    let body = json!({ "reason": "illness", "until": "further" });
    let made = done(&house, &nurse, &format!("/api/v1/donors/{keep}/deferrals"), &body).await;
    let deferral = made["id"].as_str().expect("a name").to_owned();
    let lift = format!("/api/v1/donors/{keep}/deferrals/{deferral}/lift");
    let refused = house.tell(&nurse, &lift, &json!({ "reason": "frisk" })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let physician = house.token("physician@skane").await;
    done(&house, &physician, &lift, &json!({ "reason": "frisk" })).await;
    let tattooed = declaration(150, Some("2026-05-20"));
    done(&house, &nurse, &format!("/api/v1/donors/{keep}/declarations"), &tattooed).await;
    let wrong = json!({ "question": "tattoo", "reason": "Hennas, inte tatuering" });
    done(&house, &physician, &format!("/api/v1/donors/{keep}/retractions"), &wrong).await;

    // Typed by the laboratory, and found by it.
    let scientist = house.token("scientist@skane").await;
    let types = json!({ "group": "o_neg", "absent": ["K"], "hla": ["A*02:01"], "hpa": ["1b/1b"] });
    done(&house, &scientist, &format!("/api/v1/donors/{keep}/types"), &types).await;
    let world = house.engine.world();
    let own = &world.local(&crate::house::journal("skane")).expect("here").own;
    assert_eq!(own.donors.typed.len(), 1);

    // A serious reaction that likely came of the donation is to be told to the authority.
    let bad = json!({ "kind": "nerve", "severity": "serious", "imputability": "2" });
    done(&house, &nurse, &format!("/api/v1/donors/{keep}/reactions"), &bad).await;
    let world = house.engine.world();
    let own = &world.local(&crate::house::journal("skane")).expect("here").own;
    let case = own.donations.to_tell.keys().next().expect("a case").clone();
    let tell = format!("/api/v1/vigilance/{case}/notify");
    done(&house, &physician, &tell, &json!({ "note": null })).await;
    let again = house.tell(&physician, &tell, &json!({})).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_a_list_to_call_is_known_to_have_read_about_each_on_it() {
    let house = house().await;
    let nurse = house.token("phlebotomist@skane").await;
    for number in [None, Some(other_number())] {
        registered(&house, &nurse, number).await;
    }
    let body =
        json!({ "name": "O neg juni", "kind": "whole_blood", "on": "2026-06-10", "most": 5 });
    let made = done(&house, &nurse, "/api/v1/call-ups", &body).await;
    let id = made["id"].as_str().expect("a name").to_owned();
    let path = format!("/api/v1/call-ups/{id}");
    let lists = house.ask(&nurse, "/api/v1/call-ups").await.json();
    assert_eq!((&lists[0]["donors"], &lists[0]["called"]), (&json!(2), &json!(0)));
    assert!(!lists.to_string().contains("Givarson"), "a list of lists names nobody");
    let head = |house: &House| {
        let world = house.engine.world();
        world.journal(&crate::house::journal("skane")).expect("here").chain.seq
    };
    let before = head(&house);
    let read = house.ask(&nurse, &path).await;
    assert_eq!(read.json()["people"].as_array().expect(&read.text).len(), 2);
    assert_eq!(head(&house), before + 1, "one record that names each of them");
    let skane = crate::house::journal("skane");
    for one in read.json()["people"].as_array().expect("people") {
        let donor = samband_domain::DonorId::new(one["donor"].as_str().expect("a name")).unwrap();
        let of = samband_domain::Subject::donor(&donor);
        let found = house.engine.store().about(&skane, &of, None, 1).await.unwrap();
        assert_eq!(found[0].seq, before + 1, "and is found by each of them");
    }
    let next = house.ask(&nurse, &format!("{path}/next")).await.json();
    let donor = next["donor"].as_str().expect("somebody").to_owned();
    assert_eq!(head(&house), before + 2);
    let contact = json!({ "outcome": "yes", "list": id });
    done(&house, &nurse, &format!("/api/v1/donors/{donor}/contacts"), &contact).await;
    let next = house.ask(&nurse, &format!("{path}/next")).await.json();
    assert_ne!(next["donor"], json!(donor));
    done(&house, &nurse, &format!("{path}/close"), &json!({})).await;
    let lists = house.ask(&nurse, "/api/v1/call-ups").await.json();
    assert_eq!(lists[0]["closed"], true);
    // The page records the same, before anything is shown.
    let cookie = house.cookie("phlebotomist@skane").await;
    let before = head(&house);
    let page = house.page(&cookie, &format!("/call-ups/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(head(&house), before + 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_opened_booked_moved_and_settled() {
    let house = house().await;
    let nurse = house.token("phlebotomist@skane").await;
    let id = registered(&house, &nurse, None).await;
    let mut sessions = Vec::new();
    for day in ["2026-06-02", "2026-06-03"] {
        let body = json!({
            "site": "lund-bc", "from": format!("{day}T06:00:00Z"),
            "until": format!("{day}T14:00:00Z"), "capacity": 1, "kinds": ["whole_blood"],
        });
        let made = done(&house, &nurse, "/api/v1/donor-sessions", &body).await;
        sessions.push(made["id"].as_str().expect("a name").to_owned());
    }
    let body =
        json!({ "session": sessions[0], "at": "2026-06-02T08:00:00Z", "kind": "whole_blood" });
    let path = format!("/api/v1/donors/{id}/appointments");
    let made = done(&house, &nurse, &path, &body).await;
    let appointment = made["id"].as_str().expect("a name").to_owned();
    let path = format!("/api/v1/appointments/{appointment}");
    let moved = json!({ "session": sessions[1], "at": "2026-06-03T08:00:00Z" });
    done(&house, &nurse, &format!("{path}/move"), &moved).await;
    let all = house.ask(&nurse, "/api/v1/donor-sessions").await.json();
    let taken: Vec<_> = all.as_array().expect("a list").iter().map(|one| &one["taken"]).collect();
    assert_eq!(taken, [&json!(0), &json!(1)]);
    done(&house, &nurse, &format!("{path}/outcome"), &json!({ "state": "cancelled" })).await;
    let close = format!("/api/v1/donor-sessions/{}/close", sessions[0]);
    done(&house, &nurse, &close, &json!({ "reason": "Sjukdom" })).await;
}
