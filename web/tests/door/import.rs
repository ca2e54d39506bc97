//! The import page: choose, look, confirm; all or nothing.

use axum::body::Body;
use axum::http::{Request, StatusCode};

use crate::house::{Answer, FIGURES, House, hidden, journal};

async fn upload(house: &House, cookie: &str, name: &str, text: &str) -> Answer {
    let edge = "edge7";
    let body = format!(
        "--{edge}\r\nContent-Disposition: form-data; name=\"period\"\r\n\r\n2024\r\n\
         --{edge}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nProjektrapport\r\n\
         --{edge}\r\nContent-Disposition: form-data; name=\"warnings\"\r\n\r\nEn\r\nTvå\r\n\
         --{edge}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n{text}\r\n--{edge}--\r\n"
    );
    let request = Request::post("/import")
        .header("content-type", format!("multipart/form-data; boundary={edge}"))
        .header("cookie", cookie)
        .body(Body::from(body))
        .unwrap();
    house.send(request).await
}

fn figures(house: &House) -> usize {
    let world = house.engine.world();
    world.journals.values().map(|journal| journal.shared().figures.figures.len()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_bad_rows_names_each_by_line_and_takes_nothing() {
    let house = House::demo().await;
    let cookie = house.cookie("coordinator@skane").await;
    let bad = FIGURES.replace("22103", "många").replace("Halland", "Atlantis");
    let answer = upload(&house, &cookie, "bad.csv", &bad).await;
    assert_eq!(answer.status, StatusCode::OK);
    for text in ["många", "Atlantis", "bad.csv"] {
        assert!(answer.text.contains(text), "{text}");
    }
    assert!(!answer.text.contains("/import/confirm"), "nothing to confirm");
    assert_eq!(figures(&house), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_own_rows_are_taken_and_only_if_one_says_so() {
    let house = House::demo().await;
    let cookie = house.cookie("coordinator@skane").await;
    let page = upload(&house, &cookie, "sodra-2024.csv", FIGURES).await.text;
    assert!(page.contains("Region Blekinge, Region Halland, Region Kronoberg"), "not yours");
    assert_eq!(figures(&house), 0, "looking takes nothing");
    let (file, key) = (hidden(&page, "file"), hidden(&page, "idempotency_key"));
    let fields = |own: bool| {
        let mut fields = vec![
            ("idempotency_key", key.as_str()),
            ("file", file.as_str()),
            ("title", "Projektrapport"),
            ("period", "2024"),
            ("warnings", "En\nTvå"),
        ];
        if own {
            fields.push(("own_only", "on"));
        }
        fields
    };
    let refused = house.fill(&cookie, "/import/confirm", &fields(false)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("import.other_regions"));
    assert_eq!(figures(&house), 0);
    for _ in 0..2 {
        let taken = house.fill(&cookie, "/import/confirm", &fields(true)).await;
        assert_eq!(taken.header("location"), "/import?figures=4", "{}", taken.text);
    }
    assert_eq!(figures(&house), 4, "sent twice is taken once");
    let world = house.engine.world();
    let shared = &world.journal(&journal("skane")).unwrap().shared().figures;
    let figure = shared.figures.values().next().unwrap();
    assert_eq!(figure.replaced, 0);
    assert_eq!(figure.provenance.source.title, "Projektrapport");
    assert_eq!(figure.provenance.source.warnings.len(), 2);
    assert_eq!(figure.provenance.source.file.as_ref().unwrap().name, "sodra-2024.csv");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_is_its_readers_own_and_not_kept_for_ever() {
    let house = House::demo().await;
    let cookie = house.cookie("coordinator@skane").await;
    let page = upload(&house, &cookie, "a.csv", FIGURES).await.text;
    let file = hidden(&page, "file");
    let fields = [("idempotency_key", "k"), ("file", file.as_str()), ("own_only", "on")];
    let other = house.cookie("coordinator@halland").await;
    let answer = house.fill(&other, "/import/confirm", &fields).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(answer.text.contains("import.gone"));
    house.clock.set(house.engine.now().plus_seconds(samband_web::app::STAGED_SECONDS));
    let answer = house.fill(&cookie, "/import/confirm", &fields).await;
    assert_eq!(answer.status, StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_table_is_said_on_the_page_and_others_may_not_import() {
    let house = House::demo().await;
    let cookie = house.cookie("coordinator@skane").await;
    let answer = upload(&house, &cookie, "", "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("import.no_file"));
    let answer = upload(&house, &cookie, "tom.csv", "").await;
    assert!(answer.text.contains("import.unreadable") && answer.text.contains("Filen är tom"));
    let scientist = house.cookie("scientist@skane").await;
    assert_eq!(house.page(&scientist, "/import").await.status, StatusCode::FORBIDDEN);
    let answer = upload(&house, &scientist, "a.csv", FIGURES).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_file_would_replace_is_said_row_by_row() {
    let house = House::demo().await;
    let cookie = house.cookie("coordinator@skane").await;
    let first = upload(&house, &cookie, "a.csv", FIGURES).await.text;
    assert!(first.contains("Ny uppgift") && !first.contains("Samma värde"));
    house.take_figures("skane").await;
    let token = house.token("coordinator@skane").await;
    let right = serde_json::json!({
        "measure": "active_donors", "period": "2024", "value": 22_104, "reason": "En till.",
    });
    house.tell(&token, "/api/v1/figures/correct", &right).await;
    let again = upload(&house, &cookie, "a.csv", FIGURES).await.text;
    assert!(again.contains("Ersätter en rättelse"), "nobody undoes a correction unseen");
    assert!(again.contains("Ersätter 22") && again.contains("Rättad tidigare: En till."));
    assert_eq!(again.matches("Samma värde").count(), 3, "the other three are what they were");
    assert_eq!(again.matches("Ersätter en rättelse").count(), 1);
}
