//! The stock through the API and its pages: for nobody, the wrong role, another region, and for
//! whoever may; and from a file to the unit's page and back.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use samband_domain::blood::model::Din;
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{SiteId, Window};
use serde_json::{Value, json};

use crate::house::{Answer, House, fresh, get, hidden, post_json};

const CODES: &str = "kind;code;product;attributes;text;from;until;facility
table;title;;;Prov;;;
table;version;;;1;;;
table;valid;;;;2025-01-01;2035-12-31;
facility;A9990;;;Blekinge;;;
product;E0336;red_cells;leukoreduced;Erytrocyter;;;
";

/// A donation number with its check character, as a label shows it.
fn typed(serial: u32) -> String {
    let din = Din::parse(&format!("A999026{serial:06}")).unwrap();
    format!("{} {}", din.spaced(), din.check_character())
}

pub fn unit(serial: u32) -> String {
    format!("A999026{serial:06}.E0336V00")
}

async fn open_site(house: &House, region: &str, id: &str, record: RecordKeeper) {
    let command = Kernel::OpenSite {
        id: Some(SiteId::new(id).unwrap()),
        name: format!("Blodcentralen {id}"),
        kind: SiteKind::BloodCentre,
        parent: None,
        record,
        window: Window::open(house.engine.now()),
        note: None,
    };
    house.give(region, command).await;
}

async fn upload(house: &House, token: &str, path: &str, text: &str) -> Answer {
    let request = Request::post(path)
        .header("content-type", "text/csv")
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", fresh())
        .body(Body::from(text.to_owned()))
        .unwrap();
    house.send(request).await
}

/// A house with a code table in Skåne, a site kept here and one kept elsewhere.
pub async fn house() -> House {
    let house = House::demo().await;
    open_site(&house, "skane", "lund-bc", RecordKeeper::Samband).await;
    open_site(&house, "skane", "malmo-bc", RecordKeeper::Samband).await;
    open_site(&house, "skane", "ystad-bc", RecordKeeper::External).await;
    let administrator = house.token("administrator@skane").await;
    let loaded = upload(&house, &administrator, "/api/v1/stock/codes?file=codes.csv", CODES).await;
    assert_eq!(loaded.status, StatusCode::OK, "{}", loaded.text);
    house
}

pub fn opening(serials: std::ops::RangeInclusive<u32>) -> Value {
    let row = |serial| {
        json!({
            "unit": unit(serial), "group": "O RhD neg", "expiry": "2026-06-20",
            "status": if serial % 2 == 0 { "quarantined" } else { "available" },
            "tests": { "hbsag": "negative" }, "rules": "ProSang 2026:1",
            "antigens": { "K": false },
        })
    };
    json!({ "site": "lund-bc", "units": serials.map(row).collect::<Vec<_>>() })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_closed_to_nobody_and_to_the_wrong_role() {
    let house = house().await;
    let units = json!({ "units": [unit(1)], "reason": "damaged", "purpose": "x" });
    let operations = [
        ("/api/v1/stock/take-over", opening(1..=1)),
        (
            "/api/v1/stock/external",
            json!({ "site": "ystad-bc", "system": "x", "as_of": "2026-05-31", "rows": [] }),
        ),
        (
            "/api/v1/stock/demand",
            json!({ "component": "red_cells", "per_day": 1.0, "period": "2025", "source": "x" }),
        ),
        (
            "/api/v1/stock/duty",
            json!({ "site": "lund-bc", "function": "x", "phone": "112", "hours": "x" }),
        ),
        ("/api/v1/stock/count", json!({ "site": "lund-bc", "found": [] })),
        ("/api/v1/units/quarantine", json!({ "units": [unit(1)], "reason": "damage" })),
        ("/api/v1/units/release", units.clone()),
        ("/api/v1/units/tests", json!({ "unit": unit(1), "results": { "nat": "negative" } })),
        ("/api/v1/units/correct", json!({ "unit": unit(1), "group": "A+", "reason": "x" })),
        ("/api/v1/units/discard", units.clone()),
        ("/api/v1/units/reserve", units.clone()),
        ("/api/v1/units/unreserve", units),
        (
            "/api/v1/shipments",
            json!({ "from_site": "lund-bc", "to_site": "malmo-bc", "units": [unit(1)] }),
        ),
        (
            "/api/v1/shipments/receive",
            json!({
                "dispatch": { "journal": "skane", "epoch": 1, "seq": 1, "hash": "0".repeat(64) },
                "outcomes": [{ "unit": unit(1), "outcome": "accepted" }],
            }),
        ),
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
        "/api/v1/stock/take-over/import?site=lund-bc",
        "/api/v1/stock/codes",
        "/api/v1/stock/external/import?site=ystad-bc",
    ] {
        assert_eq!(upload(&house, &secretary, path, "x").await.status, StatusCode::FORBIDDEN);
    }
    for path in
        ["/api/v1/stock", "/api/v1/stock/duty", "/api/v1/shipments", "/api/v1/units/A999026000001"]
    {
        assert_eq!(house.send(get(path)).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    // Another region's scientist acts in the own journal only, where the unit is not.
    let other = house.token("scientist@halland").await;
    let answer = house.tell(&other, "/api/v1/units/discard", &operations[9].1).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stock_is_taken_over_seen_everywhere_and_followed_unit_by_unit() {
    let house = house().await;
    let scientist = house.token("scientist@skane").await;
    let taken = house.tell(&scientist, "/api/v1/stock/take-over", &opening(1..=4)).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    let again = house.tell(&scientist, "/api/v1/stock/take-over", &opening(1..=4)).await;
    assert_eq!(again.json()["code"], "stock.unit_known");

    let coordinator = house.token("coordinator@skane").await;
    let demand = json!({ "component": "red_cells", "group": "o_neg", "per_day": 0.5,
        "period": "2025", "source": "Prov" });
    let said = house.tell(&coordinator, "/api/v1/stock/demand", &demand).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    let path = "/api/v1/stock?region=skane&site=lund-bc&component=red_cells&group=O-";
    let site = house.ask(&coordinator, path).await.json();
    assert_eq!((&site[0]["available"], &site[0]["quarantined"]), (&json!(2), &json!(2)));
    assert_eq!(site[0]["site"], "lund-bc");
    let path = "/api/v1/stock?region=skane&site=&component=red_cells&group=o_neg";
    let row = house.ask(&coordinator, path).await.json()[0].clone();
    assert_eq!(row["days"], Value::Null, "Ystad is kept elsewhere and has not told");
    assert_eq!(row["available"], Value::Null, "unknown is not zero");
    assert_eq!((&row["demand"]["per_day"], &row["stale"]), (&json!(0.5), &json!(true)));

    let report = json!({ "site": "ystad-bc", "system": "ProSang", "as_of": "2026-06-01T08:00:00Z",
        "rows": [{ "component": "red_cells", "group": "o_neg", "available": 3 }] });
    // Malmö's shelf is the own record's too, and nobody had looked at it.
    let empty = json!({ "site": "malmo-bc", "found": [] });
    let counted = house.tell(&scientist, "/api/v1/stock/count", &empty).await;
    assert_eq!(counted.status, StatusCode::OK, "{}", counted.text);
    let told = house.tell(&coordinator, "/api/v1/stock/external", &report).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.text);
    let row = house.ask(&coordinator, path).await.json()[0].clone();
    assert_eq!((&row["available"], &row["days"]), (&json!(5), &json!(10.0)));
    assert_eq!((&row["source"], &row["age_seconds"]), (&json!("samband, ProSang"), &json!(14_400)));
    let bad = house.ask(&coordinator, "/api/v1/stock?group=O").await;
    assert_eq!((bad.status.as_u16(), &bad.json()["code"]), (400, &json!("web.filter")));
    assert!(bad.json()["facts"]["allowed"].as_str().unwrap().contains("ab_neg"));

    // Another region sees the unit, and everything that happened to it but for whom.
    let reserve = json!({ "units": [unit(1)], "reason": "discrepancy", "note": "Hemligt" });
    let held = house.tell(&scientist, "/api/v1/units/quarantine", &reserve).await;
    assert_eq!(held.status, StatusCode::OK, "{}", held.text);
    let din = typed(1).replace(' ', "");
    let other = house.token("scientist@halland").await;
    let one = house.ask(&other, &format!("/api/v1/units/{din}/E0336V00")).await.json();
    assert_eq!((&one["status"], &one["reason"]), (&json!("quarantined"), &json!("discrepancy")));
    assert_eq!(one["tests"]["rules"], "ProSang 2026:1");
    assert_eq!(one["antigens"]["absent"], json!(["K"]));
    assert_eq!(one["history"].as_array().unwrap().len(), 2);
    assert!(!one.to_string().contains("Hemligt"), "{one}");
    let own = house.ask(&scientist, &format!("/api/v1/units/{din}/E0336V00")).await.text;
    assert!(own.contains("Hemligt"), "the own bench reads it");

    let discard = json!({ "units": [unit(1)], "reason": "damaged" });
    house.tell(&scientist, "/api/v1/units/discard", &discard).await;
    let past = house.ask(&other, "/api/v1/units/A999026000001").await.json();
    assert_eq!((&past[0]["status"], &past[0]["group"]), (&json!("gone"), &json!("o_neg")));
    for (number, status) in [("A9990260000019", 400), ("A999026999999", 404), ("hej", 400)] {
        let answer = house.ask(&other, &format!("/api/v1/units/{number}")).await;
        assert_eq!(answer.status.as_u16(), status, "{number}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scan_says_what_it_is_and_where_it_belongs() {
    let house = house().await;
    let scientist = house.token("scientist@skane").await;
    house.tell(&scientist, "/api/v1/stock/take-over", &opening(1..=1)).await;
    let scan = |text: String| json!({ "text": text });
    let both = scan("=A99902600000100=<E0336V00".into());
    let read = house.tell(&scientist, "/api/v1/scans", &both).await.json();
    assert_eq!((&read["kind"], &read["how"]), (&json!("unit"), &json!("scanned")));
    assert_eq!(read["href"], "/units/A999026000001/E0336V00");
    let read = house.tell(&scientist, "/api/v1/scans", &scan(typed(1))).await.json();
    assert_eq!((&read["kind"], &read["known_units"]), (&json!("donation"), &json!([unit(1)])));
    let refused = house.tell(&scientist, "/api/v1/scans", &scan("hej".into())).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.json()["facts"]["code"], "isbt-error-unidentified");
    assert_eq!(house.send(post_json("/api/v1/scans", &both)).await.status.as_u16(), 401);

    let cookie = house.cookie("scientist@skane").await;
    let went = house.page(&cookie, "/scan?q=%3DA99902600000100%3D%3CE0336V00").await;
    assert_eq!(went.header("location"), "/units/A999026000001/E0336V00");
    let beside = house.page(&cookie, "/scan?q=%3D%3CE0336V00&on=/units/A999026000001").await;
    assert_eq!(beside.header("location"), "/units/A999026000001/E0336V00");
    let lost = house.page(&cookie, "/scan?q=hej").await;
    assert_eq!(lost.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(lost.text.contains("scan.refused") && lost.text.contains("name=\"q\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_bad_rows_names_each_by_line_and_takes_nothing() {
    let house = house().await;
    let scientist = house.token("scientist@skane").await;
    let good =
        format!("din;product;group;expiry;status\n{};E0336V00;O-;2026-06-20;available\n", typed(1));
    let bad = format!(
        "{good}A9990 26 000002 *;E0336V00;O-;2026-06-20;available\n\
         {};E0336V00;;2026-06-20;available\n{};F0001V00;A+;2026-06-20;quarantined\n\
         {};E0336V00;A+;2026-05-01;available\n",
        typed(3),
        typed(4),
        typed(5),
    );
    let path = "/api/v1/stock/take-over/import?site=lund-bc&file=lund.csv";
    let look = upload(&house, &scientist, &format!("{path}&dry_run=true"), &bad).await.json();
    let lines = |look: &Value| -> Vec<(u64, String)> {
        let bad = look["bad"].as_array().unwrap().iter();
        bad.map(|bad| (bad["line"].as_u64().unwrap(), bad["code"].as_str().unwrap().to_owned()))
            .collect()
    };
    let wanted = [
        (3, "isbt-error-check-wrong"),
        (4, "stock.group_unknown"),
        (5, "stock.product_code_unknown"),
        (6, "stock.expired"),
    ];
    assert_eq!(lines(&look), wanted.map(|(line, code)| (line, code.to_owned())));
    assert_eq!(look["good"], 1);
    let refused = upload(&house, &scientist, path, &bad).await;
    assert_eq!(refused.json()["code"], "import.bad_rows");
    let world = house.engine.world();
    assert!(world.local(&crate::house::journal("skane")).unwrap().shared.blood.units.is_empty());
    let done = upload(&house, &scientist, path, &good).await.json();
    assert_eq!(done["done"]["records"], 1);

    // The page shows the same before anything happens.
    let cookie = house.cookie("scientist@skane").await;
    let edge = "edge7";
    let body = format!(
        "--{edge}\r\nContent-Disposition: form-data; name=\"site\"\r\n\r\nlund-bc\r\n\
         --{edge}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"l.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{bad}\r\n--{edge}--\r\n"
    );
    let send = |body: String| {
        Request::post("/stock/take-over")
            .header("content-type", format!("multipart/form-data; boundary={edge}"))
            .header("cookie", &cookie)
            .body(Body::from(body))
            .unwrap()
    };
    let page = house.send(send(body.clone())).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("finns redan i journalen") && !page.text.contains("/confirm"));
    let fine = body.replace(&bad, &good.replace(&typed(1), &typed(7)));
    let page = house.send(send(fine)).await.text;
    let (file, key) = (hidden(&page, "file"), hidden(&page, "idempotency_key"));
    let fields = [("idempotency_key", &*key), ("file", &*file), ("site", "lund-bc")];
    for _ in 0..2 {
        let taken = house.fill(&cookie, "/stock/take-over/confirm", &fields).await;
        assert_eq!(
            taken.header("location"),
            "/stock/take-over?site=lund-bc&taken=1",
            "{}",
            taken.text
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_travel_only_by_the_receivers_word() {
    let house = house().await;
    let scientist = house.token("scientist@skane").await;
    house.tell(&scientist, "/api/v1/stock/take-over", &opening(1..=3)).await;
    let send = json!({ "from_site": "lund-bc", "to_site": "malmo-bc",
        "eta": "2026-06-01T13:00:00Z", "units": [unit(1), unit(3)] });
    let sent = house.tell(&scientist, "/api/v1/shipments", &send).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let reader = house.token("coordinator@halland").await;
    let all = house.ask(&reader, "/api/v1/shipments?region=skane").await.json();
    assert_eq!((&all[0]["units_sent"], &all[0]["one_sided"]), (&json!(2), &json!(true)));
    let receive = json!({ "dispatch": all[0]["dispatch"], "outcomes": [
        { "unit": unit(1), "outcome": "accepted" }, { "unit": unit(3), "outcome": "missing" }] });
    let received = house.tell(&scientist, "/api/v1/shipments/receive", &receive).await;
    assert_eq!(received.status, StatusCode::OK, "{}", received.text);
    let all = house.ask(&reader, "/api/v1/shipments").await.json();
    assert_eq!(all[0]["missing"], json!([unit(3)]));

    let cookie = house.cookie("scientist@skane").await;
    let hash = all[0]["dispatch"]["hash"].as_str().unwrap();
    let page = house.page(&cookie, &format!("/shipments/{hash}")).await.text;
    assert!(page.contains("1 enhet fanns inte i lådan") && page.contains("1 av 2 framme"));
    assert!(page.contains("class=\"check-box\""), "the check character stands in its box");
    let unit_page = house.page(&cookie, "/units/A999026000001/E0336V00").await.text;
    for text in ["Sändes från Blodcentralen lund-bc", "Togs emot på Blodcentralen malmo-bc"] {
        assert!(unit_page.contains(text), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_count_and_the_pages_show_what_does_not_agree() {
    let house = house().await;
    let token = house.token("scientist@skane").await;
    house.tell(&token, "/api/v1/stock/take-over", &opening(1..=3)).await;
    let cookie = house.cookie("scientist@skane").await;
    let key = fresh();
    let fields = |found: &'static str| {
        [("act", "count-stock"), ("count-site", "lund-bc"), ("count-found", found)]
    };
    let mut bad: Vec<(&str, &str)> = fields("=A99902600000100\nLund").to_vec();
    bad.push(("idempotency_key", &key));
    let refused = house.fill(&cookie, "/stock/count", &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Rad 1") && refused.text.contains("Rad 2"));
    let mut good: Vec<(&str, &str)> =
        fields("=A99902600000100=<E0336V00\n=A99902600000900\n=<E0336V00").to_vec();
    let key = fresh();
    good.push(("idempotency_key", &key));
    let done = house.fill(&cookie, "/stock/count", &good).await;
    assert!(done.header("location").starts_with("/stock/count?site=lund-bc&done"), "{}", done.text);
    let page = house.page(&cookie, "/stock/count?site=lund-bc&done=x").await.text;
    for text in ["2 saknas", "1 finns inte i lagret", "1 enhet stämmer"] {
        assert!(page.contains(text), "{text}");
    }
    let coordinator = house.cookie("coordinator@skane").await;
    for (path, text) in [
        ("/", ""),
        ("/situation", "Ring blodcentralen"),
        ("/stock", "Region mot blodgrupp"),
        ("/stock/skane/lund-bc", "A9990 26 000001"),
        ("/stock/skane/ystad-bc", "annat system"),
        ("/units/A999026000001", "Inventering"),
        ("/stock/skane/nowhere", "web.not_found"),
    ] {
        let page = house.page(&coordinator, path).await;
        let wanted = if path == "/" {
            page.header("location") == "/situation"
        } else {
            page.text.contains(text) || path.starts_with("/units")
        };
        assert!(wanted, "{path}: {}", page.text);
        assert!(!page.text.contains("O−"), "never a bare minus: {path}");
    }
    // Many at once, all or none: the one that is not here stops the others.
    let scientist = house.cookie("scientist@skane").await;
    for (found, status) in [
        ("=A99902600000100=<E0336V00\n=A99902600000900=<E0336V00", 404),
        ("=A99902600000100=<E0336V00", 303),
    ] {
        let key = fresh();
        let fields = [
            ("idempotency_key", &*key),
            ("act", "handle-units"),
            ("handle-found", found),
            ("handle-what", "quarantine-unit"),
            ("handle-quarantine", "temperature"),
        ];
        let answer = house.fill(&scientist, "/stock/handle", &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
    assert_eq!(house.page(&coordinator, "/stock/handle").await.status, StatusCode::FORBIDDEN);
    // A part alone is what stands in the whole page, and is drawn once.
    let part = Request::get("/stock").header("cookie", &coordinator).header("x-fragment", "stock");
    let part = house.send(part.body(Body::empty()).unwrap()).await;
    assert!(part.text.starts_with("<div id=\"stock\"") && !part.text.contains("<html"));
    assert!(house.page(&coordinator, "/stock").await.text.contains(&part.text));
}
