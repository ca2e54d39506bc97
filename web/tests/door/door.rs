//! In and out, languages, foreign pages, headers.

use axum::http::StatusCode;
use samband_domain::Mode;
use samband_web::app::Site;

use crate::house::{House, PASSWORD, bare, form, get, post_form, with};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_asked_for_before_signing_in_comes_afterwards() {
    let house = House::demo().await;
    let answer = house.send(get("/import?x=1")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let door = answer.header("location").to_owned();
    assert_eq!(door, "/sign-in?next=/import%3Fx%3D1");
    let page = house.send(get(&door)).await;
    assert!(page.text.contains("name=\"next\" value=\"/import?x=1\""), "{}", page.text);
    assert!(page.text.contains("user=coordinator%40skane"), "the demo shows its accounts");
    let fields = [("user", "coordinator@skane"), ("password", PASSWORD), ("next", "/import?x=1")];
    let answer = house.send(post_form("/sign-in", &form(&fields))).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/import?x=1"));
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("samband=") && cookie.contains("HttpOnly; SameSite=Lax"));
    assert!(!cookie.contains("Secure"), "a plain connection has no secure cookie");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_refused_in_words_on_the_same_page() {
    let house = House::demo().await;
    let fields = [("user", "coordinator@skane"), ("password", "wrong"), ("next", "/roles")];
    let answer = house.send(post_form("/sign-in", &form(&fields))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("sign_in.refused") && answer.text.contains("role=\"alert\""));
    assert!(answer.text.contains("value=\"/roles\""), "the way back is kept");
    assert!(!answer.text.contains("wrong\""), "the password is not written back");
    assert!(answer.headers.get("set-cookie").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_the_session_itself() {
    let house = House::demo().await;
    let cookie = house.cookie("coordinator@skane").await;
    assert_eq!(house.page(&cookie, "/account").await.status, StatusCode::OK);
    let answer = house.fill(&cookie, "/sign-out", &[]).await;
    assert!(answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(house.page(&cookie, "/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_page_cannot_act_and_the_cookie_is_no_token() {
    let house = House::demo().await;
    let cookie = house.cookie("coordinator@skane").await;
    let foreign = |request| with(request, "sec-fetch-site", "cross-site");
    let request = with(post_form("/sign-out", ""), "cookie", &cookie);
    let answer = house.send(foreign(request)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("access.foreign_page"));
    assert_eq!(house.page(&cookie, "/account").await.status, StatusCode::OK, "still signed in");
    let fields = form(&[("user", "coordinator@skane"), ("password", PASSWORD)]);
    let answer = house.send(foreign(post_form("/sign-in", &fields))).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "nobody is signed in by a foreign page");
    let token = cookie.strip_prefix("samband=").unwrap();
    let answer = house.ask(token, "/api/v1/regions").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let token = house.token("coordinator@skane").await;
    let answer = house.page(&format!("samband={token}"), "/account").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_https_the_cookie_and_the_browser_are_bound_to_it() {
    let site = Site { secure: true, ..Site::default() };
    let house = House::of(Mode::Demo, site).await;
    let fields = form(&[("user", "tib@halland"), ("password", PASSWORD)]);
    let answer = house.send(post_form("/sign-in", &fields)).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-samband=") && cookie.contains("; Path=/;"));
    assert!(cookie.contains("; Secure") && !cookie.contains("Domain"));
    assert!(answer.header("strict-transport-security").contains("max-age="));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_screen_is_swedish_until_another_language_is_asked_for_and_then_remembered() {
    let house = House::demo().await;
    let answer = house.send(get("/sign-in")).await;
    assert!(answer.text.contains("<html lang=\"sv\""));
    let answer = house.send(with(get("/sign-in"), "accept-language", "en-GB")).await;
    assert!(answer.text.contains("<html lang=\"sv\""), "hospital browsers speak English");
    let answer = house.send(get("/sign-in?lang=en&next=%2Froles")).await;
    assert!(answer.text.contains("<html lang=\"en\""));
    assert!(answer.text.contains("href=\"/sign-in?next=%2Froles&amp;lang=sv\""));
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(cookie, "samband-lang=en");
    let answer = house.send(with(get("/sign-in"), "cookie", &cookie)).await;
    assert!(answer.text.contains("<html lang=\"en\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_what_keeps_it_safe() {
    let house = House::demo().await;
    for path in ["/sign-in", "/nowhere", "/api/v1/regions", "/healthz"] {
        let answer = house.send(get(path)).await;
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert!(answer.headers.get("strict-transport-security").is_none());
    }
    let asset = house.send(get(samband_web::assets::css_href())).await;
    assert_eq!(asset.status, StatusCode::OK);
    assert!(asset.header("cache-control").contains("immutable"));
    let missing = house.send(get("/nowhere")).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text.contains("web.not_found"));
    let wrong = house.send(bare(&axum::http::Method::DELETE, "/sign-in")).await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong.header("allow").contains("POST"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn about_is_open_to_everybody_and_says_what_this_is_not() {
    let house = House::demo().await;
    let answer = house.send(get("/about")).await;
    assert_eq!(answer.status, StatusCode::OK);
    for text in ["inte CE-märkt", "EUPL-1.2", "SOS Alarm", samband_web::VERSION] {
        assert!(answer.text.contains(text), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_starts_where_their_work_is() {
    let house = House::demo().await;
    for (role, page) in [
        ("coordinator", "/situation"),
        ("scientist", "/work"),
        ("tib", "/alarm"),
        ("commander", "/alarm"),
        ("physician", "/deviations"),
        ("director", "/roles"),
        ("secretary", "/picture"),
    ] {
        let cookie = house.cookie(&format!("{role}@skane")).await;
        assert_eq!(house.page(&cookie, "/").await.header("location"), page, "{role}");
        assert_eq!(house.page(&cookie, page).await.status, StatusCode::OK, "{role}");
    }
}
