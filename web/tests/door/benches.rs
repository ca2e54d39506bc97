//! What stands on the bench beside the donations: number series, irradiating many at once, and the
//! worklist of the own site.

use axum::http::StatusCode;
use samband_domain::kernel::{Approval, Capacity, Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{Known, SiteId, Window};
use serde_json::json;

use crate::donations::{DIN, collected, house};
use crate::house::{House, actor, fresh, get, hidden};

/// Sends the first form of a page with more fields.
async fn fill(
    house: &House,
    cookie: &str,
    (path, act): (&str, &str),
    more: &[(&str, &str)],
) -> crate::house::Answer {
    let page = house.page(cookie, path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    let (key, shown) = (fresh(), hidden(&page.text, "shown"));
    let own = [("act", act), ("idempotency_key", key.as_str()), ("shown", shown.as_str())];
    let all: Vec<_> = own.into_iter().chain(more.iter().copied()).collect();
    house.fill(cookie, path, &all).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_series_is_given_once_and_shown_with_what_is_left() {
    let house = house().await;
    let path = "/donations/numbers";
    assert_ne!(house.send(get(path)).await.status, StatusCode::OK);
    let secretary = house.cookie("secretary@skane").await;
    assert_eq!(house.page(&secretary, path).await.status, StatusCode::FORBIDDEN);
    let administrator = house.cookie("administrator@skane").await;
    let text = house.page(&administrator, path).await.text;
    assert!(text.contains("Ingen plats har fått nummer"), "{text}");
    let scan = |din: &str| format!("={din}00");
    let series = |from: &str, to: &str| (scan(from), scan(to));
    let assign = async |(from, to): (String, String)| {
        let fields = [
            ("numbers-site", "lund-bc"),
            ("numbers-from", from.as_str()),
            ("numbers-to", to.as_str()),
        ];
        fill(&house, &administrator, (path, "assign-numbers"), &fields).await
    };
    let sent = assign(series(DIN, "A999026000020")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let text = house.page(&administrator, path).await.text;
    assert!(text.contains("20 kvar") && text.contains("Blodcentralen Lund"), "{text}");
    let again = assign(series("A999026000020", "A999026000030")).await;
    assert!(again.text.contains("redan utdelade"), "{}", again.text);
    let backwards = assign(series("A999026000040", "A999026000031")).await;
    assert!(backwards.text.contains("ingen nummerserie"), "{}", backwards.text);
    let plain = assign((DIN.to_owned() + "?", String::new())).await;
    assert_eq!(plain.status, StatusCode::UNPROCESSABLE_ENTITY);
    let scientist = house.token("scientist@skane").await;
    let sent = house.tell(&scientist, "/api/v1/donations", &collected()).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
    let text = house.page(&administrator, path).await.text;
    assert!(text.contains("19 kvar"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_units_are_irradiated_in_one_step_or_none_is() {
    let house = house().await;
    let (scientist, physician) =
        (house.token("scientist@skane").await, house.token("physician@skane").await);
    let dins = [DIN, "A999026000002"];
    for din in dins {
        let mut bag = collected();
        bag["din"] = json!(din);
        let clear = json!({ "din": din, "flag": "donor_unknown", "reason": "känd" });
        let separate = json!({
            "site": "lund-bc", "process": "separate", "inputs": [format!("{din}.E0002V00")],
            "outputs": [{ "product": "E0001V00", "millilitres": 280 }],
        });
        for (who, path, body) in [
            (&scientist, "/api/v1/donations", bag),
            (&physician, "/api/v1/donations/clear", clear),
            (&scientist, "/api/v1/preparations", separate),
        ] {
            let answer = house.tell(who, path, &body).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        }
    }
    let path = "/preparation/irradiate";
    let nurse = house.cookie("secretary@skane").await;
    assert_eq!(house.page(&nurse, path).await.status, StatusCode::FORBIDDEN);
    let cookie = house.cookie("scientist@skane").await;
    let scans = |of: &[&str], product: &str| {
        let one = |din: &&str| format!("={din}00=<{product}");
        of.iter().map(one).collect::<Vec<_>>().join("\n")
    };
    let both = scans(&dins, "E0001V00");
    // One that is not there: nothing happens to the others.
    let wrong = format!("{both}\n{}", scans(&["A999026000009"], "E0001V00"));
    let act = (path, "irradiate-units");
    let sent = fill(&house, &cookie, act, &[("irradiate", &wrong)]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.text.contains("finns inte i regionens lager"), "{}", sent.text);
    let sent = fill(&house, &cookie, act, &[("irradiate", &both)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    for din in dins {
        assert!(sent.header("location").contains(&format!("{din}.E0005V00")));
    }
    let text = house.page(&cookie, sent.header("location")).await.text;
    assert!(text.contains("label.pdf"), "the labels stand there to be printed: {text}");
    let again = scans(&dins, "E0005V00");
    let sent = fill(&house, &cookie, act, &[("irradiate", &again)]).await;
    assert!(sent.text.contains("ingen given etikett"), "{}", sent.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_worklist_remembers_the_site_that_was_chosen_and_sets_no_cookie_before() {
    let house = house().await;
    let second = Kernel::OpenSite {
        id: Some(SiteId::new("malmo-bc").unwrap()),
        name: "Blodcentralen Malmö".into(),
        kind: SiteKind::BloodCentre,
        parent: None,
        record: RecordKeeper::Samband,
        window: Window::open(house.engine.now()),
        note: None,
    };
    house.give("skane", second).await;
    let cookie = house.cookie("scientist@skane").await;
    let here = "href=\"/work?site=lund-bc\" aria-current=\"page\"";
    let first = house.page(&cookie, "/work").await;
    assert_eq!(first.header("set-cookie"), "", "nobody chose anything");
    assert!(!first.text.contains(here), "{}", first.text);
    let unknown = house.page(&cookie, "/work?site=atlantis").await;
    assert_eq!(unknown.header("set-cookie"), "", "there is no such site");
    let chosen = house.page(&cookie, "/work?site=lund-bc").await;
    let line = chosen.header("set-cookie").to_owned();
    assert!(line.starts_with("samband-site=lund-bc;") && line.contains("HttpOnly"), "{line}");
    let kept = format!("{cookie}; samband-site=lund-bc");
    let later = house.page(&kept, "/work").await;
    assert!(later.text.contains(here) && later.header("set-cookie").is_empty(), "{}", later.text);
    let emergency = house.page(&kept, "/requests/emergency").await.text;
    assert!(emergency.contains("value=\"lund-bc\" selected"), "{emergency}");
    let every = house.page(&kept, "/work?site=all").await;
    assert!(every.header("set-cookie").starts_with("samband-site=all;"));
    // Who never chose sees the site of the own mandate.
    let command = Kernel::GrantMandate {
        holder: actor("scientist"),
        capacity: Capacity::Assignment { task: "Blodcentralen".into() },
        site: Some(SiteId::new("lund-bc").unwrap()),
        window: Window::open(house.engine.now()),
        deputy_for: None,
        delegated_from: None,
        review_at: None,
        share_permille: Known::Unknown,
        approval: Approval::NotRequired,
        basis: Some("prov".into()),
    };
    house.give("skane", command).await;
    let own = house.page(&cookie, "/work").await;
    assert!(own.text.contains(here) && own.header("set-cookie").is_empty(), "{}", own.text);
}
