//! Joint or alone: the answer at once, the large one in its line, the page for a board.

use axum::http::StatusCode;
use samband_exchange::paper::win_ansi;
use samband_web::text::Words;
use serde_json::{Value, json};

use crate::house::{Answer, House, fresh, get, post_json};

const API: &str = "/api/v1/plans/joint";
/// Small enough to be computed in a test.
const SMALL: &str = "years=1&replications=5&seed=9";

fn small() -> Value {
    json!({ "years": 1, "replications": 5, "seed": 9 })
}

/// So large that it surely still runs while the test looks at it.
fn large(seed: u64) -> Value {
    json!({ "years": 20, "replications": 200, "seed": seed })
}

/// The standing of a question once it neither waits nor runs.
async fn settled(house: &House, token: &str, query: &str) -> Value {
    for _ in 0..2_000 {
        let said = house.ask(token, &format!("{API}?{query}")).await.json();
        if !["waiting", "running"].contains(&said["state"].as_str().unwrap()) {
            return said;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it never ends")
}

/// The page once its answer is there: on a busy machine that may take longer than it waits.
async fn answered(house: &House, cookie: &str, path: &str) -> Answer {
    for _ in 0..100 {
        let answer = house.page(cookie, path).await;
        let waits = answer.status == StatusCode::OK
            && answer.header("content-type").starts_with("text/html")
            && !answer.text.contains("id=\"five\"");
        if !waits && answer.status != StatusCode::SERVICE_UNAVAILABLE {
            return answer;
        }
    }
    panic!("it never ends")
}

/// A text as a PDF holds it: letters beyond ASCII make it hexadecimal.
fn written(text: &str) -> String {
    let bytes = win_ansi(text);
    if bytes.is_ascii() {
        return format!("({text})");
    }
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("<{}>", hex.concat())
}

/// The small answer, likewise.
async fn quick(house: &House, token: &str, query: &str) -> Value {
    for _ in 0..100 {
        let answer = house.ask(token, &format!("{API}?quick=true&{query}")).await;
        if answer.status != StatusCode::SERVICE_UNAVAILABLE {
            return answer.json();
        }
    }
    panic!("it never ends")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_answers_at_once_with_five_figures_and_the_own_region() {
    let house = House::demo().await;
    assert_eq!(house.send(get("/plan/joint")).await.status, StatusCode::SEE_OTHER);
    // Whoever is at work reads; only some may start the large computation.
    let nurse = house.cookie("nurse@halland").await;
    let page = answered(&house, &nurse, "/plan/joint?lang=sv").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for said in [
        "Tillsammans eller var för sig?",
        "Snabbt svar: 2 år och 6 upprepningar.",
        "Kostnad för Halland",
        "kan inte skiljas",
        "Antaget: den som tar emot betalar transporten",
        "samband simulate --compare --price 900 --floor-days 3 --prices 0,300,900,3000 \
         --years 2 --replications 6 --seed 1",
        "tal är antagna",
        "transport.price",
        "ingen prognos",
    ] {
        assert!(page.text.contains(said), "{said} in {}", page.text);
    }
    assert!(!page.text.contains("Räkna säkrare</button>"), "a nurse cannot start it");
    let english = house.page(&nurse, "/plan/joint?region=skane&lang=en").await;
    assert!(english.text.contains("Joint or alone?") && english.text.contains("Cost to Skåne"));

    let director = house.cookie("director@halland").await;
    let page = house.page(&director, "/plan/joint?lang=sv").await;
    assert!(page.text.contains("Räkna säkrare</button>"));
    // The director starts on a page that holds the answer, now that somebody asked.
    let roles = house.page(&director, "/roles").await;
    assert!(roles.text.contains("Kostnad för Halland") && roles.text.contains("board.pdf"));
    let others = house.page(&house.cookie("coordinator@halland").await, "/roles").await;
    assert!(!others.text.contains("board.pdf"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_moved_slider_asks_anew_and_what_cannot_be_asked_is_refused() {
    let house = House::demo().await;
    let reader = house.cookie("manager@skane").await;
    let moved = "/plan/joint?price=900&price_slide=1200&price_at=900&floor=5";
    let page = answered(&house, &reader, moved).await;
    assert!(page.text.contains("--price 1200 --floor-days 5"), "{}", page.text);
    assert!(page.text.contains("1\u{a0}200 kr/enhet"), "{}", page.text);
    for bad in ["price=-5", "price=abc", "scenario=war", "replications=1", "region=atlantis"] {
        let answer = house.page(&reader, &format!("/plan/joint?{bad}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_question_runs_is_stopped_runs_again_and_is_kept() {
    let house = House::demo().await;
    let nobody = house.send(post_json(API, &small())).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let scientist = house.token("scientist@skane").await;
    for path in [API.to_owned(), format!("{API}/stop")] {
        let refused = house.tell(&scientist, &path, &small()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.json()["code"], "access.denied");
    }
    let token = house.token("director@skane").await;
    let strange = house.tell(&token, API, &json!({ "scenario": "war" })).await;
    assert_eq!(strange.status, StatusCode::BAD_REQUEST);

    // One runs, the next waits behind it; a reader of any region sees how far they are.
    let first = house.tell(&token, API, &large(1)).await.json();
    assert_eq!(first["state"], "running", "{first}");
    let second = house.tell(&token, API, &small()).await.json();
    assert_eq!((&second["state"], &second["ahead"]), (&json!("waiting"), &json!(1)));
    let cookie = house.cookie("secretary@halland").await;
    let page = house.page(&cookie, &format!("/plan/joint?{SMALL}")).await;
    assert!(page.text.contains("En beräkning är före i kön"), "{}", page.text);
    assert!(page.text.contains("data-again"), "the page looks again by itself");
    let running = house.page(&cookie, "/plan/joint?years=20&replications=200&seed=1").await;
    assert!(running.text.contains("Stoppa beräkningen"), "{}", running.text);

    // Stopped by a form, nothing of it is kept; the next one runs and is done.
    let asked = "price=900&floor=3&scenario=today&against=priced&callup=pooled&years=20\
                 &replications=200&seed=1";
    let key = fresh();
    let stop = [("asked", asked), ("act", "stop-joint"), ("idempotency_key", &key)];
    let stopped = house.fill(&cookie, "/plan/joint", &stop).await;
    assert_eq!(stopped.status, StatusCode::SEE_OTHER, "{}", stopped.text);
    let done = settled(&house, &scientist, SMALL).await;
    assert_eq!(done["state"], "done", "{done}");
    let gone = settled(&house, &scientist, "years=20&replications=200&seed=1").await;
    assert_eq!((&gone["state"], &gone["answer"]), (&json!("unasked"), &Value::Null));

    // Asked again, the kept answer comes; the page shows it, and no button to compute it.
    let again = house.tell(&token, API, &small()).await.json();
    assert_eq!((&again["state"], &again["answer"]), (&json!("done"), &done["answer"]));
    let page = house.page(&cookie, &format!("/plan/joint?{SMALL}")).await;
    assert!(page.text.contains("Nedan står det svaret"), "{}", page.text);
    let five = done["five"].as_array().unwrap();
    assert_eq!(five.len(), 7, "five figures, two of them with a second measure");
    let moved = five.iter().find(|one| one["measure"]["key"] == "moved").unwrap();
    assert_eq!(moved["verdict"], "more");
    assert_eq!(moved["alone"]["mean"], 0.0);
    let shown = format!("{:.0}", moved["other"]["mean"].as_f64().unwrap());
    assert!(page.text.replace('\u{a0}', "").contains(&shown), "{shown} in {}", page.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_wait_than_there_is_room_for() {
    let house = House::demo().await;
    let token = house.token("coordinator@skane").await;
    for seed in 0..8 {
        let said = house.tell(&token, API, &large(seed)).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.text);
    }
    let full = house.tell(&token, API, &large(99)).await;
    assert_eq!(full.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(full.json()["code"], "web.line_full");
    // The small answers have a line of their own.
    let quick = quick(&house, &token, "scenario=lost_site").await;
    for seed in (0..8).rev() {
        house.tell(&token, &format!("{API}/stop"), &large(seed)).await;
    }
    assert_eq!(quick["state"], "done", "{quick}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_boards_page_is_one_sheet_of_a4_with_the_figures_as_text() {
    let house = House::demo().await;
    let cookie = house.cookie("director@kronoberg").await;
    let answer = answered(&house, &cookie, "/plan/joint/board.pdf?against=joint&lang=sv").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.text.starts_with("%PDF-"));
    assert_eq!(answer.text.matches("/Type /Page\n").count(), 1, "one page");
    assert!(answer.text.contains("/MediaBox [0 0 595.27"), "A4");
    assert!(answer.text.contains("samband simulate --compare"));
    let token = house.token("director@kronoberg").await;
    let quick = quick(&house, &token, "against=joint").await;
    let moved = quick["five"].as_array().unwrap().iter();
    let moved = moved.clone().find(|one| one["measure"]["key"] == "moved").unwrap();
    let shown = Words::sv().float(moved["other"]["mean"].as_f64().unwrap(), 0);
    for said in ["Tillsammans eller var för sig?", "Kostnad för Kronoberg", shown.as_str()] {
        assert!(answer.text.contains(&written(said)), "{said} in {}", answer.text);
    }
    assert_eq!(house.send(get("/plan/joint/board.pdf")).await.status, StatusCode::SEE_OTHER);
}
