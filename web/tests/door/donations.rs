//! From a bag to a released unit through the API and the pages: for nobody, the wrong role, and
//! for whoever may.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{SiteId, Window};
use serde_json::{Value, json};

use crate::house::{House, fresh, get, hidden, post_json};

const CODES: &str = "kind;code;product;attributes;text;from;until;facility
table;title;;;Prov;;;
table;version;;;1;;;
table;valid;;;;2025-01-01;2035-12-31;
facility;A9990;;;Skåne;;;
product;E0001;red_cells;leukoreduced;Erytrocyter;;;
product;E0002;whole_blood;leukoreduced;Helblod;;;
product;E0003;buffy_coat;;Buffy coat;;;
product;E0004;platelets_pooled;leukoreduced;Trombocyter;;;
product;E0005;red_cells;leukoreduced irradiated;Erytrocyter, bestrålade;;;
";

const RULES: &str = "key,value,unit,source,note\n\
    title,Regler för blod,,,\n\
    version,2026-1,,,\n\
    shelf_life.red_cells,42,d,KRON-K,\n\
    shelf_life.whole_blood,21,d,DSKI,\n\
    shelf_life.irradiated_cap_days,14,d,RJL,\n\
    shelf_life.platelets_pooled,5,d,EU33,\n\
    nat.in_use,nej,,NAT-DR,\n\
    tests.each_donation,hbsag syphilis,,LT-KOMP,\n\
    tests.new_donor,htlv,,LT-KOMP,\n\
    tests.new_donor_again_years,5,years,LT-KOMP,\n\
    tests.group_determinations,2,determinations,SOS28,\n";

pub const DIN: &str = "A999026000001";

pub async fn house() -> House {
    let house = House::demo().await;
    let command = Kernel::OpenSite {
        id: Some(SiteId::new("lund-bc").unwrap()),
        name: "Blodcentralen Lund".into(),
        kind: SiteKind::BloodCentre,
        parent: None,
        record: RecordKeeper::Samband,
        window: Window::open(house.engine.now()),
        note: None,
    };
    house.give("skane", command).await;
    let administrator = house.token("administrator@skane").await;
    let request = Request::post("/api/v1/stock/codes?file=codes.csv")
        .header("content-type", "text/csv")
        .header("authorization", format!("Bearer {administrator}"))
        .header("idempotency-key", fresh())
        .body(Body::from(CODES))
        .unwrap();
    let loaded = house.send(request).await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.text);
    let scientist = house.token("scientist@skane").await;
    let drafted = house.tell(&scientist, "/api/v1/rule-sets", &json!({ "text": RULES })).await;
    let hash = drafted.json()["done"]["id"].as_str().expect(&drafted.text).to_owned();
    let physician = house.token("physician@skane").await;
    let path = format!("/api/v1/rule-sets/{hash}");
    for (path, body) in [
        (format!("{path}/reviews"), json!({ "verdict": "approve" })),
        (format!("{path}/adoption"), json!({})),
    ] {
        let answer = house.tell(&physician, &path, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    house
}

pub fn collected() -> Value {
    json!({
        "din": DIN, "donor": null, "kind": "whole_blood", "site": "lund-bc",
        "millilitres": 450, "bags": [{ "product": "E0002V00", "millilitres": 500 }],
        "materials": [{ "kind": "bag", "catalogue": "K-1", "lot": "L-7" }],
    })
}

fn operations() -> Vec<(&'static str, Value)> {
    vec![
        ("/api/v1/donations", collected()),
        ("/api/v1/donations/numbers", json!({ "site": "lund-bc", "from": DIN, "to": DIN })),
        ("/api/v1/donations/clear", {
            json!({ "din": DIN, "flag": "donor_unknown", "reason": "känd" })
        }),
        ("/api/v1/preparations", {
            json!({ "site": "lund-bc", "process": "split", "outputs": [] })
        }),
        ("/api/v1/test-results", json!({ "din": DIN, "group": "o_neg" })),
        ("/api/v1/test-results/verify", json!({ "din": DIN, "entry": 1, "agrees": true })),
        ("/api/v1/test-results/reject", json!({ "din": DIN, "entry": 1, "reason": "x" })),
        ("/api/v1/releases", json!({ "units": [format!("{DIN}.E0001V00")] })),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_closed_to_nobody_and_to_the_wrong_role() {
    let house = house().await;
    let (secretary, other) =
        (house.token("secretary@skane").await, house.token("scientist@halland").await);
    for (path, body) in operations() {
        let nobody = house.send(post_json(path, &body)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let answer = house.tell(&secretary, path, &body).await;
        let told = (answer.status, answer.json()["code"].clone());
        assert_eq!(told, (StatusCode::FORBIDDEN, json!("access.denied")), "{path}");
        // Another region's scientist acts in the own journal, where there is nothing of it.
        assert_ne!(house.tell(&other, path, &body).await.status, StatusCode::OK, "{path}");
    }
    let donation = format!("/api/v1/donations/{DIN}");
    for path in ["/api/v1/releases", &donation] {
        assert_eq!(house.send(get(path)).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(house.ask(&secretary, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let cookie = house.cookie("secretary@skane").await;
    for path in ["/donations", "/donations/new", "/preparation", "/test-results", "/release"] {
        assert_eq!(house.page(&cookie, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // Who types results is not who connects analysers.
    let scientist = house.token("scientist@skane").await;
    let claimed = json!({ "din": DIN, "group": "o_neg", "system": "analysator" });
    let answer = house.tell(&scientist, "/api/v1/test-results", &claimed).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bag_becomes_a_released_unit() {
    let house = house().await;
    let scientist = house.token("scientist@skane").await;
    let physician = house.token("physician@skane").await;
    let machine = house.token("administrator@skane").await;
    let must = async |token: &str, path: &str, body: Value| {
        let answer = house.tell(token, path, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    };
    let mut early = collected();
    early["collected"] = json!("2030-01-01 10:00");
    let refused = house.tell(&scientist, "/api/v1/donations", &early).await;
    assert_eq!(refused.json()["code"], "donation.ahead_of_time", "{}", refused.text);
    must(&scientist, "/api/v1/donations", collected()).await;
    let clear = json!({ "din": DIN, "flag": "donor_unknown", "reason": "givaren är känd" });
    must(&physician, "/api/v1/donations/clear", clear).await;
    let outputs = json!([
        { "product": "E0001V00", "millilitres": 280 }, { "product": "E0003V00", "millilitres": 50 },
    ]);
    let separation = json!({
        "site": "lund-bc", "process": "separate", "inputs": [format!("{DIN}.E0002V00")],
        "outputs": outputs,
    });
    must(&scientist, "/api/v1/preparations", separation).await;
    let release = json!({ "units": [format!("{DIN}.E0001V00")] });
    let refused = house.tell(&scientist, "/api/v1/releases", &release).await;
    assert_eq!(refused.json()["code"], "stock.test_missing", "{}", refused.text);
    assert_eq!(refused.json()["facts"]["test"], "hbsag, htlv, syphilis");
    let mut results = json!({
        "din": DIN, "group": "o_neg", "system": "analysator",
        "markers": { "hbsag": "negative", "syphilis": "negative", "htlv": "negative" },
    });
    must(&machine, "/api/v1/test-results", results.clone()).await;
    // The second determination is typed in: it waits for another person.
    results = json!({ "din": DIN, "group": "o_neg" });
    must(&scientist, "/api/v1/test-results", results).await;
    let verify = json!({ "din": DIN, "entry": 2, "agrees": true });
    let own = house.tell(&scientist, "/api/v1/test-results/verify", &verify).await;
    assert_eq!(own.json()["code"], "donation.same_person", "{}", own.text);
    let queue = house.ask(&scientist, "/api/v1/releases").await.json();
    let lacks = json!(["donation.results_not_verified", "donation.group_unconfirmed"]);
    assert_eq!(queue[0]["lacks"], lacks, "{queue}");
    must(&physician, "/api/v1/test-results/verify", verify).await;
    must(&scientist, "/api/v1/releases", release).await;
    let shown = house.ask(&scientist, &format!("/api/v1/donations/{DIN}")).await.json();
    assert_eq!(shown["lacks"], json!([]), "{shown}");
    let unit = house.ask(&scientist, &format!("/api/v1/units/{DIN}")).await;
    assert!(unit.text.contains("available") && unit.text.contains("o_neg"), "{}", unit.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_lead_from_the_bag_to_the_release() {
    let house = house().await;
    let scientist = house.cookie("scientist@skane").await;
    let physician = house.cookie("physician@skane").await;
    let page = house.page(&scientist, "/donations/new").await;
    assert_eq!(page.status, StatusCode::OK);
    let fields = |page: &str, more: &[(&str, &str)]| -> Vec<(String, String)> {
        let own =
            ["act", "idempotency_key", "shown"].map(|name| (name.to_owned(), hidden(page, name)));
        own.into_iter().chain(more.iter().map(|(k, v)| ((*k).into(), (*v).into()))).collect()
    };
    let fill = async |cookie: &str, from: &str, path: &str, more: &[(&str, &str)]| {
        let page = house.page(cookie, from).await;
        assert_eq!(page.status, StatusCode::OK, "{from}");
        let all = fields(&page.text, more);
        let all: Vec<_> = all.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        house.fill(cookie, path, &all).await
    };
    let bag = [
        ("din", DIN),
        ("nobody", "on"),
        ("kind", "whole_blood"),
        ("site", "lund-bc"),
        ("product", "E0002V00"),
        ("ml", "450"),
        ("bag-ml", "500"),
    ];
    let sent = fill(&scientist, "/donations/new", "/donations/new", &bag).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let one = format!("/donations/{DIN}");
    let text = house.page(&scientist, &one).await.text;
    assert!(text.contains("okänd givare") && text.contains("HBsAg"), "{text}");
    let reason = [("flag", "donor_unknown"), ("reason", "känd")];
    let sent = fill(&physician, &one, &one, &reason).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let bench = format!("/preparation?process=separate&units={DIN}.E0002V00");
    let text = house.page(&scientist, &bench).await.text;
    assert!(text.contains("shelf_life.plasma_frozen"), "what cannot be made says why: {text}");
    let made = [
        ("units", &*format!("{DIN}.E0002V00")),
        ("process", "separate"),
        ("out-0", "E0001"),
        ("ml-0", "280"),
    ];
    let page = house.page(&scientist, &bench).await;
    let shown = [
        ("act", "prepare"),
        ("idempotency_key", &*fresh()),
        ("shown", &*hidden(&page.text, "shown")),
    ];
    let all: Vec<_> = shown.into_iter().chain(made).collect();
    let sent = house.fill(&scientist, "/preparation", &all).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert!(sent.header("location").contains(&format!("{DIN}.E0001V00")));
    let text = house.page(&scientist, "/release").await.text;
    assert!(text.contains("provsvar saknas"), "{text}");
}
