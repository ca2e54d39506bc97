//! Between two regions through the API and the pages: asking, answering, sending in boxes,
//! receiving, calling off, losing; and rare blood. Tried as nobody and by the wrong role as well.

use axum::http::StatusCode;
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{SiteId, Window};
use serde_json::{Value, json};

use crate::house::{House, get, post_json};
use crate::stock;

pub async fn house() -> House {
    house_with(RecordKeeper::Samband).await
}

/// Varberg in Halland, whose record this one or another system keeps, and a stock in Lund.
pub async fn house_with(record: RecordKeeper) -> House {
    let house = stock::house().await;
    let command = Kernel::OpenSite {
        id: Some(SiteId::new("varberg-bc").unwrap()),
        name: "Blodcentralen Varberg".into(),
        kind: SiteKind::BloodCentre,
        parent: None,
        record,
        window: Window::open(house.engine.now()),
        note: None,
    };
    house.give("halland", command).await;
    let scientist = house.token("scientist@skane").await;
    let taken = house.tell(&scientist, "/api/v1/stock/take-over", &stock::opening(1..=8)).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    house
}

fn place() -> Value {
    json!({ "journal": "skane", "epoch": 1, "seq": 1, "hash": "0".repeat(64) })
}

fn ask(by: &str) -> Value {
    json!({
        "side": "ask", "site": "varberg-bc", "to_region": "skane", "by": by,
        "goods": {
            "component": "red_cells", "group": "O-", "negative": ["K"], "units": 2,
        },
        "note": "till operation",
    })
}

fn leg() -> Value {
    json!({
        "code": "fm", "from_site": "lund-bc", "to_region": "halland", "to_site": "varberg-bc",
        "days": [1, 2, 3, 4, 5, 6, 7], "departs": 555, "cutoff": 30, "under_way": 150,
        "carrier": "bud",
    })
}

/// A moment some hours ahead of the house's clock.
fn ahead(house: &House, hours: i64) -> String {
    house.engine.now().plus_seconds(hours * 3_600).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_closed_to_nobody_and_to_the_wrong_role() {
    let house = house().await;
    let by = ahead(&house, 4);
    let operations = [
        ("/api/v1/receipts", json!({ "dispatch": place(), "outcomes": [] })),
        ("/api/v1/shipments/call-off", json!({ "dispatch": place(), "reason": "x" })),
        ("/api/v1/shipments/lost", json!({ "dispatch": place(), "units": [], "search": "x" })),
        ("/api/v1/calls", ask(&by)),
        (
            "/api/v1/calls/answer",
            json!({ "call": place(), "site": "lund-bc", "verdict": "decline", "units": 0,
                "reason": "x" }),
        ),
        ("/api/v1/calls/withdraw", json!({ "call": place(), "reason": "x" })),
        ("/api/v1/legs", leg()),
        ("/api/v1/legs/end", json!({ "code": "fm" })),
        ("/api/v1/rare-search/ask", json!({ "antigens": "Fya" })),
    ];
    let secretary = house.token("secretary@skane").await;
    for (path, body) in &operations {
        let nobody = house.send(post_json(path, body)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let answer = house.tell(&secretary, path, body).await;
        let told = (answer.status, answer.json()["code"].clone());
        assert_eq!(told, (StatusCode::FORBIDDEN, json!("access.denied")), "{path}");
    }
    for path in [
        "/api/v1/calls",
        "/api/v1/legs",
        "/api/v1/rare-search?antigens=Fya",
        "/api/v1/shipments/check?to_region=halland&units=",
    ] {
        assert_eq!(house.send(get(path)).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ask_becomes_a_shipment_in_a_box_and_a_receipt() {
    let house = house().await;
    let (skane, halland) =
        (house.token("scientist@skane").await, house.token("scientist@halland").await);
    let asked = house.tell(&halland, "/api/v1/calls", &ask(&ahead(&house, 4))).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let call = house.ask(&skane, "/api/v1/calls").await.json()[0]["call"].clone();
    let page = house
        .page(
            &house.cookie("scientist@skane").await,
            &format!("/shipments/calls/{}", text(&call["hash"])),
        )
        .await
        .text;
    assert!(page.contains("answer-call") && page.contains("utan K"), "the asked region answers");
    let answer = json!({ "call": call, "site": "lund-bc", "verdict": "accept", "units": 2 });
    let said = house.tell(&skane, "/api/v1/calls/answer", &answer).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    let shown = house.ask(&halland, "/api/v1/calls").await.json()[0].clone();
    assert_eq!((&shown["standing"], &shown["promised"]), (&json!("promised"), &json!(2)));
    // Without rules in Halland nothing would be let through, and the sender sees it before.
    let path = format!(
        "/api/v1/shipments/check?to_region=halland&units={},{}",
        stock::unit(1),
        stock::unit(3)
    );
    let held = house.ask(&skane, &path).await.json();
    assert_eq!(held.as_array().map(Vec::len), Some(2), "{held}");
    assert_eq!(held[0]["code"], "rule.no_set_in_force");
    let sent = json!({
        "from_site": "lund-bc", "to_region": "halland", "to_site": "varberg-bc",
        "boxes": [{ "units": [stock::unit(1), stock::unit(3)], "temperature_tenths": 41 }],
        "call": call,
    });
    let sent = house.tell(&skane, "/api/v1/shipments", &sent).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let moving = house.ask(&halland, "/api/v1/shipments").await.json()[0].clone();
    assert_eq!((&moving["boxes"], &moving["units_sent"]), (&json!(1), &json!(2)));
    let paper = format!("/shipments/{}/print", text(&moving["dispatch"]["hash"]));
    let paper = house.page(&house.cookie("scientist@halland").await, &paper).await.text;
    assert!(paper.contains("check-box") && paper.contains("Låda 1 av 1"));
    let receipt = json!({
        "dispatch": moving["dispatch"],
        "outcomes": [
            { "unit": stock::unit(1), "outcome": "accepted" },
            { "unit": stock::unit(3), "outcome": "accepted" },
        ],
        "boxes": [{ "number": 1, "state": "intact", "temperature_tenths": 45 }],
    });
    let received = house.tell(&halland, "/api/v1/receipts", &receipt).await;
    assert_eq!(received.status, StatusCode::OK, "{}", received.text);
    let shown = house.ask(&halland, "/api/v1/calls").await.json()[0].clone();
    assert_eq!(shown["standing"], "sent");
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shipment_is_called_off_before_it_leaves_and_lost_only_when_it_is_late() {
    let house = house().await;
    let skane = house.token("scientist@skane").await;
    let send = json!({
        "from_site": "lund-bc", "to_region": "halland", "to_site": "varberg-bc",
        "units": [stock::unit(1)], "leaves": ahead(&house, 2), "eta": ahead(&house, 5),
    });
    let sent = house.tell(&skane, "/api/v1/shipments", &send).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let dispatch = house.ask(&skane, "/api/v1/shipments").await.json()[0]["dispatch"].clone();
    let lost = json!({ "dispatch": dispatch, "units": [stock::unit(1)], "search": "bil" });
    let early = house.tell(&skane, "/api/v1/shipments/lost", &lost).await;
    assert_eq!(early.json()["code"], "shipment.not_late");
    let page = format!("/shipments/{}", text(&dispatch["hash"]));
    let page = house.page(&house.cookie("scientist@skane").await, &page).await.text;
    assert!(page.contains("call-off-shipment") && !page.contains("lost-units"), "not late yet");
    let off = json!({ "dispatch": dispatch, "reason": "bilen kom inte" });
    let off = house.tell(&skane, "/api/v1/shipments/call-off", &off).await;
    assert_eq!(off.status, StatusCode::OK, "{}", off.text);
    let moving = house.ask(&skane, "/api/v1/shipments").await.json();
    // Until the receiver has seen it, the unit is on its way; then it is on the shelf.
    assert!(moving.as_array().is_some_and(|all| {
        all.iter().all(|one| one["called_off"] == "bilen kom inte" && one["late"] == false)
    }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rare_blood_is_searched_in_every_region_and_asked_for_as_a_number() {
    let house = house().await;
    let skane = house.token("scientist@skane").await;
    let path = "/api/v1/rare-search?antigens=K&group=O-&component=red_cells";
    let found = house.ask(&skane, path).await.json();
    let own = found["regions"].as_array().unwrap().iter().find(|one| one["region"] == "skane");
    let own = own.expect("the own region");
    assert_eq!((&own["count"], &own["free"]), (&json!(8), &json!(4)));
    assert_eq!(own["donors"], "unknown", "nobody is typed, which is not nobody");
    assert_eq!(own["untold"], json!(["ystad-bc"]));
    let both = house.ask(&skane, "/api/v1/rare-search?antigens=Fya,Jka&group=O-").await.json();
    assert_eq!(both["probability"]["per_milliard"], 4_630_320);
    let bad = house.ask(&skane, "/api/v1/rare-search?antigens=Xyz").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let nothing = house.ask(&skane, "/api/v1/rare-search?group=O-").await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST, "a group is not rare");
    let question = json!({ "antigens": "K", "group": "O-", "component": "red_cells" });
    let asked = house.tell(&skane, "/api/v1/rare-search/ask", &question).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    assert!(house.ask(&skane, path).await.json()["asked"].is_string());
    let page = house
        .page(
            &house.cookie("scientist@skane").await,
            "/rare?antigens=K&group=O-&component=red_cells",
        )
        .await
        .text;
    assert!(page.contains("Blodenheter som passar") && page.contains("90,90"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_timetable_is_stated_and_shown() {
    let house = house().await;
    let coordinator = house.token("coordinator@skane").await;
    let stated = house.tell(&coordinator, "/api/v1/legs", &leg()).await;
    assert_eq!(stated.status, StatusCode::OK, "{}", stated.text);
    let legs = house.ask(&coordinator, "/api/v1/legs").await.json();
    assert!(legs[0]["next_cutoff"].is_string(), "{legs}");
    let page =
        house.page(&house.cookie("coordinator@skane").await, "/shipments/timetable").await.text;
    assert!(page.contains("Blodcentralen Varberg"));
    let ended = house.tell(&coordinator, "/api/v1/legs/end", &json!({ "code": "fm" })).await;
    assert_eq!(ended.status, StatusCode::OK, "{}", ended.text);
}
