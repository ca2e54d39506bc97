//! Accounts, own passwords, codes, emergency access.

use axum::http::StatusCode;
use samband_access::{Principal, UserName};
use samband_domain::Mode;
use samband_engine::NewAccount;
use samband_web::app::Site;

use crate::house::{House, actor, form, fresh, post_form};

const NEW: &str = "ett rött hus vid havet";

fn code_in(page: &str, after: &str) -> String {
    let at = page.find(after).unwrap_or_else(|| panic!("no {after} in {page}"));
    let rest = &page[at..];
    let rest = &rest[rest.find("<code>").unwrap() + 6..];
    rest.split('<').next().unwrap().to_owned()
}

/// A real house with its first administrator.
async fn real() -> House {
    let house = House::of(Mode::Real, Site::default()).await;
    let new = NewAccount {
        user: UserName::new("administrator@skane").unwrap(),
        password: NEW.into(),
        person: None,
        actor: Some(actor("administrator")),
        roles: Vec::new(),
        must_change: false,
    };
    house.engine.create_account(&Principal::Machine, new).await.unwrap();
    house
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_colleague_gets_in_and_must_choose_a_password_first() {
    let house = real().await;
    let admin = house.cookie_with("administrator@skane", NEW).await;
    let key = fresh();
    let fields = [
        ("idempotency_key", key.as_str()),
        ("local", "anna"),
        ("name", "Anna Prov"),
        ("title", "Biomedicinsk analytiker"),
        ("profession", "biomedical_scientist"),
        ("role", "scientist"),
    ];
    let made = house.fill(&admin, "/accounts", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let first = code_in(&made.text, "Första lösenord:");
    let again = house.fill(&admin, "/accounts", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("account.name_taken"));
    let list = house.page(&admin, "/accounts").await.text;
    assert!(list.contains("anna@skane") && !list.contains(&first));

    let anna = house.cookie_with("anna@skane", &first).await;
    let page = house.page(&anna, "/picture").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/account"));
    let change = |current, new, again| {
        [("idempotency_key", "k"), ("current", current), ("new", new), ("again", again)]
    };
    for (fields, code) in [
        (change("fel", NEW, NEW), "account.password_wrong"),
        (change(&first, NEW, "annat"), "account.passwords_differ"),
        (change(&first, "kort", "kort"), "account.password_short"),
    ] {
        let answer = house.fill(&anna, "/account/password", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(code), "{code}");
    }
    house.clock.set(house.engine.now().plus_seconds(120));
    let answer = house.fill(&anna, "/account/password", &change(&first, NEW, NEW)).await;
    assert_eq!(answer.header("location"), "/account?done=1", "{}", answer.text);
    let renewed = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(house.page(&anna, "/account").await.status, StatusCode::SEE_OTHER, "old session");
    assert_eq!(house.page(&renewed, "/account?done=1").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_closes_and_opens_resets_and_issues_codes() {
    let house = House::demo().await;
    let admin = house.cookie("administrator@skane").await;
    let tib = house.cookie("tib@skane").await;
    let act = |act| [("idempotency_key", "k"), ("act", act)];
    let path = "/accounts/tib@skane";
    assert_eq!(house.page(&admin, path).await.status, StatusCode::OK);
    let answer = house.fill(&admin, path, &act("disable")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(house.page(&tib, "/account").await.status, StatusCode::SEE_OTHER, "ended at once");
    house.fill(&admin, path, &act("enable")).await;
    let issued = house.fill(&admin, path, &act("codes")).await;
    let code = code_in(&issued.text, "<ol class=\"codes\">");
    let inside = house.cookie_with("tib@skane", &code).await;
    assert_eq!(house.page(&inside, "/account").await.status, StatusCode::OK);
    let fields = form(&[("user", "tib@skane"), ("password", &code)]);
    let again = house.send(post_form("/sign-in", &fields)).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "a code opens once");
    let reset = house.fill(&admin, path, &act("reset")).await;
    let password = code_in(&reset.text, "Första lösenord:");
    house.clock.set(house.engine.now().plus_seconds(120));
    house.cookie_with("tib@skane", &password).await;
    house.fill(&admin, path, &act("sessions")).await;
    assert_eq!(house.page(&inside, "/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_resets_a_password_is_named_to_its_holder_on_every_page_one_starts_from() {
    let house = House::demo().await;
    let director = house.cookie("director@skane").await;
    let start = house.page(&director, "/picture").await.text;
    assert!(!start.contains("gjort något med ditt konto"));
    assert!(!house.page(&director, "/account").await.text.contains("id=\"touched\""));

    let admin = house.cookie("administrator@skane").await;
    let reset = [("idempotency_key", "k"), ("act", "reset")];
    let reset = house.fill(&admin, "/accounts/director@skane", &reset).await;
    let password = code_in(&reset.text, "Första lösenord:");
    house.clock.set(house.engine.now().plus_seconds(120));
    let inside = house.cookie_with("director@skane", &password).await;
    let title = {
        let world = house.engine.world();
        let kernel = &world.local(&crate::house::journal("skane")).unwrap().shared.kernel;
        kernel.actors[&actor("administrator")].title.clone()
    };
    let who = format!("lösenordet återställdes av {title}");
    for path in ["/picture", "/roles", "/account"] {
        let page = house.page(&inside, path).await.text;
        assert!(page.contains(&who), "{path}: {page}");
    }
    // Choosing a password of one's own does not take it away; two weeks do, but for one page.
    let change = [("idempotency_key", "c"), ("current", &*password), ("new", NEW), ("again", NEW)];
    let changed = house.fill(&inside, "/account/password", &change).await;
    assert_eq!(changed.header("location"), "/account?done=1", "{}", changed.text);
    house.clock.set(house.engine.now().plus_seconds(120));
    let inside = house.cookie_with("director@skane", NEW).await;
    assert!(house.page(&inside, "/picture").await.text.contains(&who));
    house.clock.set(house.engine.now().plus_days(15));
    let inside = house.cookie_with("director@skane", NEW).await;
    assert!(!house.page(&inside, "/picture").await.text.contains(&who));
    assert!(house.page(&inside, "/account").await.text.contains(&who));
    let other = house.cookie("coordinator@skane").await;
    assert!(!house.page(&other, "/account").await.text.contains(&who), "nobody else is told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_of_another_region_and_of_colleagues_are_closed() {
    let house = House::demo().await;
    let admin = house.cookie("administrator@halland").await;
    let act = [("idempotency_key", "k"), ("act", "disable")];
    for user in ["administrator@halland", "coordinator@halland"] {
        let cookie = house.cookie(user).await;
        let page = house.page(&cookie, "/accounts/tib@skane").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{user}");
        let answer = house.fill(&cookie, "/accounts/tib@skane", &act).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{user}");
    }
    let unknown = house.page(&admin, "/accounts/nobody@halland").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    house.cookie("tib@skane").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emergency_access_is_opened_with_a_reason_and_reviewed_by_somebody_else() {
    let house = House::demo().await;
    let tib = house.cookie("tib@skane").await;
    let open =
        |reason, minutes| [("idempotency_key", "k1"), ("reason", reason), ("minutes", minutes)];
    for (fields, code) in [
        (open("Olycka", "en timme"), "glass.minutes"),
        (open("Olycka", "100000"), "glass.minutes"),
        (open("Olycka", "5000"), "glass.too_long"),
        (open(" ", "30"), "form.text_needed"),
    ] {
        let answer = house.fill(&tib, "/break-glass", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(answer.text.contains(code), "{code}");
    }
    let answer = house.fill(&tib, "/break-glass", &open("Olycka på E6", "30")).await;
    assert_eq!(answer.header("location"), "/break-glass?done=opened", "{}", answer.text);
    let page = house.page(&tib, "/break-glass").await.text;
    assert!(page.contains("öppen nödåtkomst") && !page.contains("Olycka på E6"), "no list for all");
    assert_eq!(house.page(&tib, "/import").await.status, StatusCode::OK, "it works");

    let safety = house.cookie("safety@skane").await;
    let page = house.page(&safety, "/break-glass").await.text;
    assert!(page.contains("Olycka på E6"));
    let mandate = crate::house::hidden(&page, "mandate");
    let finding = format!("finding-{mandate}");
    let fields =
        [("idempotency_key", "k2"), ("mandate", mandate.as_str()), (finding.as_str(), "I ordning")];
    let answer = house.fill(&safety, "/break-glass/review", &fields).await;
    assert_eq!(answer.header("location"), "/break-glass?done=reviewed", "{}", answer.text);
    assert!(house.page(&safety, "/break-glass").await.text.contains("I ordning"));
    let other = house.cookie("safety@halland").await;
    assert!(!house.page(&other, "/break-glass").await.text.contains("Olycka på E6"));
}
