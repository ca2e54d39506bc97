//! Rosters, personal links, codes, tests of reach and sheets of paper, through the door.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use samband_domain::Mode;
use samband_domain::alarms::event::Person;
use samband_domain::alarms::model::{DutyRole, Key};
use samband_domain::alarms::{How, Obligation};
use samband_exchange::paper::win_ansi;
use samband_web::app::Site;
use serde_json::{Value, json};

use crate::house::{House, form, fresh, get, hidden, journal, post_form, with};

fn put_json(path: &str, body: &Value) -> Request<Body> {
    let body = Body::from(body.to_string());
    Request::put(path).header("content-type", "application/json").body(body).unwrap()
}

fn turn(name: &str, rank: u8) -> Value {
    json!({
        "name": name, "rank": rank,
        "ways": [
            { "channel": "sms", "address": format!("070-174 06 {:02}", 10 + rank) },
            { "channel": "email", "address": format!("jour-{rank}@example.org") },
        ],
    })
}

async fn put(house: &House, user: &str, body: &Value) -> crate::house::Answer {
    let token = house.token(user).await;
    let request =
        with(put_json("/api/v1/rosters", body), "authorization", &format!("Bearer {token}"));
    house.send(with(request, "idempotency-key", &fresh())).await
}

/// Skåne with a holder and a deputy for two roles, and a test of reach under way.
async fn tested() -> House {
    let house = House::demo().await;
    for role in ["tib", "blood_centre"] {
        let body = json!({
            "party": "skane", "role": role,
            "turns": [turn("Ada Prov", 0), turn("Bo Prov", 1)],
        });
        let answer = put(&house, "tib@skane", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    let token = house.token("tib@skane").await;
    let to = json!({ "to": [
        { "party": "skane", "role": "tib" }, { "party": "skane", "role": "blood_centre" },
    ] });
    let answer = house.tell(&token, "/api/v1/rosters/reach", &to).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    house
}

/// Those who were woken for a role.
fn woken(house: &House, role: DutyRole) -> (Key, Vec<Person>) {
    let world = house.engine.world();
    let own = &world.local(&journal("skane")).unwrap().own.alarms;
    let (key, people) = own.people.iter().find(|(key, _)| key.to.role == role).unwrap();
    (key.clone(), people.iter().flatten().cloned().collect())
}

fn held(house: &House, key: &Key) -> Obligation {
    let world = house.engine.world();
    let shared = &world.local(&journal("skane")).unwrap().shared;
    shared.alarms.obligations[key].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_answered_without_a_session_and_looking_changes_nothing() {
    let house = tested().await;
    let (key, people) = woken(&house, DutyRole::Tib);
    let path = format!("/a/{}", people[0].token);
    for _ in 0..2 {
        let page = house.send(get(&path)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.header("x-robots-tag").contains("noindex"));
        for says in ["takes_on", "cannot", "wrong_recipient"] {
            assert!(page.text.contains(&format!("name=\"says\" value=\"{says}\"")), "{says}");
        }
        assert!(page.text.contains("Larmprov") && page.text.contains("DEMO"), "what it is");
    }
    let before = held(&house, &key);
    assert!(before.read.is_none() && before.answer.is_none(), "looking is no answer");
    let page = house.send(get(&path)).await;
    let body = form(&[
        ("idempotency_key", &hidden(&page.text, "idempotency_key")),
        ("says", "takes_on"),
        ("note", "på väg"),
    ]);
    // A mail program's browser: no session, and an origin of its own.
    let request = with(post_form(&path, &body), "origin", "null");
    let answer = house.send(with(request, "sec-fetch-site", "cross-site")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("location"), path);
    let after = held(&house, &key);
    assert_eq!(after.answer.as_ref().map(|answer| answer.rank), Some(Some(0)));
    assert!(matches!(after.closed.map(|closed| closed.how), Some(How::Met)));
    let page = house.send(get(&path)).await;
    assert!(!page.text.contains("value=\"takes_on\""), "there is nothing left to press");
    let again = house.send(post_form(&path, &form(&[("says", "takes_on")]))).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "twice is no mistake: {}", again.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cannot_wakes_the_next_at_once_and_may_still_take_it() {
    let house = tested().await;
    let (key, people) = woken(&house, DutyRole::Tib);
    assert_eq!(people.len(), 1, "the deputy sleeps");
    let path = format!("/a/{}", people[0].token);
    let answer = house.send(post_form(&path, &form(&[("says", "cannot")]))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let (_, people) = woken(&house, DutyRole::Tib);
    assert_eq!(people.len(), 2, "the deputy is woken");
    let page = house.send(get(&path)).await;
    assert!(page.text.contains("Nästa är väckt") && page.text.contains("value=\"takes_on\""));
    let deputy = format!("/a/{}", people[1].token);
    let answer = house.send(post_form(&deputy, &form(&[("says", "takes_on")]))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(held(&house, &key).answer.and_then(|answer| answer.rank), Some(1));
    // The first one, too late: told what holds, not refused.
    let late = house.send(post_form(&path, &form(&[("says", "takes_on")]))).await;
    assert_eq!(late.status, StatusCode::SEE_OTHER, "{}", late.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_link_says_whom_to_call_and_nothing_else() {
    let house = tested().await;
    for (token, body) in
        [("kv-0000000000000000", None), ("kv-1111111111111111", Some("says=takes_on"))]
    {
        let path = format!("/a/{token}");
        let request = body.map_or_else(|| get(&path), |body| post_form(&path, body));
        let answer = house.send(request).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text.contains("href=\"/k\"") && !answer.text.contains(token));
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    let (_, people) = woken(&house, DutyRole::Tib);
    let path = format!("/a/{}", people[0].token);
    let answer =
        house.send(post_form(&path, &form(&[("says", "kanske"), ("note", "min text")]))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("min text"), "the note is not lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_opens_the_page_and_guessing_is_slowed_while_the_link_stays_open() {
    let house = tested().await;
    let (key, people) = woken(&house, DutyRole::Tib);
    let id = key.alarm.as_str();
    let wrong = if people[0].pin == "0000" { "0001" } else { "0000" };
    let answer = house.send(post_form("/k", &form(&[("alarm", id), ("pin", wrong)]))).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(held(&house, &key).read.is_none());
    let tail = id[id.len() - 4..].to_uppercase();
    let fields = form(&[("alarm", &tail), ("pin", &people[0].pin)]);
    let answer = house.send(post_form("/k", &fields)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.header("location"), format!("/a/{}", people[0].token));
    assert!(held(&house, &key).read.is_some(), "a person typed it");
    assert!(held(&house, &key).answer.is_none(), "reading is no answer");
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        let guess = form(&[("alarm", id), ("pin", wrong)]);
        last = house.send(post_form("/k", &guess)).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let path = format!("/a/{}", people[0].token);
    let answer = house.send(post_form(&path, &form(&[("says", "takes_on")]))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "lock-out never stands in the way");
    assert!(held(&house, &key).answer.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_numbers_stay_in_the_region() {
    let house = tested().await;
    let own = house.ask(&house.token("nurse@skane").await, "/api/v1/rosters").await;
    assert!(own.text.contains("Ada Prov") && own.text.contains("070-174 06 10"));
    let other = house.ask(&house.token("tib@halland").await, "/api/v1/rosters").await;
    assert_eq!(other.status, StatusCode::OK);
    assert!(!other.text.contains("Ada Prov") && !other.text.contains("070-174"), "{}", other.text);
    let rosters = other.json();
    let cover = rosters["rosters"].as_array().unwrap().iter().find(|one| one["held_by"] == "skane");
    assert_eq!(cover.unwrap()["turns"][0]["two_ways"], true, "that somebody is there is shared");
    let page = house.page(&house.cookie("tib@halland").await, "/rosters").await;
    assert!(page.text.contains("Skåne") && !page.text.contains("Ada Prov"));
    let page = house.page(&house.cookie("tib@skane").await, "/rosters").await;
    assert!(page.text.contains("Ada Prov"));
    assert!(page.text.contains("href=\"sms:0701740610\""), "{}", page.text);
    let nobody = house.send(get("/rosters")).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_missing_is_a_warning_today() {
    let house = tested().await;
    let token = house.token("tib@skane").await;
    let warnings = house.ask(&token, "/api/v1/rosters").await.json()["warnings"].clone();
    let of = |role: &str, what: &str| {
        let all = warnings.as_array().unwrap();
        all.iter().any(|one| one["party"] == "skane" && one["role"] == role && one["what"] == what)
    };
    assert!(of("transport", "nobody") && !of("tib", "nobody"));
    assert!(warnings.as_array().unwrap().iter().any(|one| one["what"] == "no_fallback"));
    let one = json!({ "party": "skane", "role": "transport", "turns": [{
        "name": "Cia Prov", "rank": 0, "until": "2026-06-03",
        "ways": [{ "channel": "sms", "address": "070-174 06 20" }],
    }] });
    assert_eq!(put(&house, "commander@skane", &one).await.status, StatusCode::OK);
    let page = house.page(&house.cookie("tib@skane").await, "/rosters").await;
    for text in ["Bara en sorts väg", "Ingen ersättare", "Lucka från 2026-06-03"] {
        assert!(page.text.contains(text), "{text}: {}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roster_is_set_by_a_form_by_those_who_keep_it() {
    let house = House::demo().await;
    let path = "/rosters/edit?party=skane&role=tib";
    let nurse = house.cookie("nurse@skane").await;
    assert_eq!(house.page(&nurse, path).await.status, StatusCode::FORBIDDEN);
    let tib = house.cookie("tib@skane").await;
    let nowhere = house.page(&tib, "/rosters/edit?party=skane&role=king").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    let page = house.page(&tib, path).await;
    let key = hidden(&page.text, "idempotency_key");
    let pasted = house
        .fill(
            &tib,
            path,
            &[
                ("idempotency_key", &key),
                ("act", "roster-paste"),
                ("rows", "1"),
                ("lines", "Ada Prov;0;;;sms;070-174 06 10;e-post;ada@example.org\nBo;1;;;duva;x"),
            ],
        )
        .await;
    assert!(pasted.text.contains("Rad 2 går inte att läsa"), "{}", pasted.text);
    let pasted = house
        .fill(
            &tib,
            path,
            &[
                ("idempotency_key", &key),
                ("act", "roster-paste"),
                ("rows", "1"),
                ("lines", "Ada Prov;0;;;sms;070-174 06 10;e-post;ada@example.org"),
            ],
        )
        .await;
    assert!(pasted.text.contains("value=\"Ada Prov\""), "the row is filled in");
    let shared = |house: &House| {
        house.engine.world().local(&journal("skane")).unwrap().own.alarms.rosters.len()
    };
    assert_eq!(shared(&house), 0, "nothing is recorded before it is saved");
    let row = [
        ("idempotency_key", key.as_str()),
        ("act", "roster-save"),
        ("rows", "2"),
        ("name-0", "Ada Prov"),
        ("rank-0", "0"),
        ("from-0", "2026-06-01T08:00"),
        ("until-0", "x"),
        ("channel-0-0", "sms"),
        ("address-0-0", "070-174 06 10"),
    ];
    let wrong = house.fill(&tib, path, &row).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Till är ingen tid") && wrong.text.contains("070-174 06 10"));
    let mut right = row.to_vec();
    right[6] = ("until-0", "2026-06-08T08:00");
    let saved = house.fill(&tib, path, &right).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    assert_eq!(shared(&house), 1);
    let page = house.page(&tib, "/rosters?done=roster-save").await;
    assert!(page.text.contains("Ada Prov") && page.text.contains("Nästa byte"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_of_reach_says_how_many_answered_and_how_fast() {
    let house = tested().await;
    let tib = house.cookie("tib@skane").await;
    let page = house.page(&tib, "/rosters/reach").await;
    assert!(page.text.contains("0 av 2 nåddes"), "{}", page.text);
    let (_, people) = woken(&house, DutyRole::BloodCentre);
    house.clock.set(house.engine.now().plus_seconds(42));
    let path = format!("/a/{}", people[0].token);
    house.send(post_form(&path, &form(&[("says", "takes_on")]))).await;
    let page = house.page(&tib, "/rosters/reach").await;
    assert!(page.text.contains("1 av 2 nåddes") && page.text.contains("42 s"), "{}", page.text);
    assert!(page.text.contains("personlig länk"));
    let other = house.page(&house.cookie("director@halland").await, "/rosters/reach").await;
    assert!(other.text.contains("1 av 2 nåddes"), "the result is public among regions");
    let nurse = house.cookie("nurse@skane").await;
    let sent = house.fill(&nurse, "/rosters/reach", &[("act", "roster-reach")]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    let empty = house.fill(&tib, "/rosters/reach", &[("act", "roster-reach")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.clock.set(house.engine.now().plus_seconds(8 * 24 * 3_600));
    let page = house.page(&house.cookie("tib@skane").await, "/rosters").await;
    assert!(page.text.contains("äldre än en vecka"), "{}", page.text);
}

fn says(pdf: &str, text: &str) -> usize {
    // The pages are written in the fonts' own encoding; a line with other letters than ASCII is
    // written in hexadecimal.
    let bytes: Vec<u8> = win_ansi(text);
    let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    pdf.matches(String::from_utf8_lossy(&bytes).as_ref()).count() + pdf.matches(&hex).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sheets_say_when_they_were_printed_until_when_they_hold_and_who_may_see_them() {
    let house = tested().await;
    let tib = house.cookie("tib@skane").await;
    let list = house.page(&tib, "/rosters/contacts.pdf").await;
    assert_eq!((list.status, list.header("content-type")), (StatusCode::OK, "application/pdf"));
    for text in ["Ada Prov", "070-174 06 10", "Utskriven 2026-06-01", "DEMO"] {
        assert!(says(&list.text, text) > 0, "{text}");
    }
    for role in ["tib", "regional_command", "blood_centre", "transport"] {
        let card = house.page(&tib, &format!("/rosters/cards/{role}.pdf")).await;
        assert_eq!(card.status, StatusCode::OK, "{role}");
        assert!(says(&card.text, "Ring") > 0 && card.text.contains("/Count 1"), "{role}");
    }
    let none = house.page(&tib, "/rosters/cards/switchboard.pdf").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let cards = house.page(&tib, "/rosters/cards").await;
    assert!(
        cards.text.contains("Bekräfta särskild händelse") && cards.text.contains("gäller till")
    );
    let nobody = house.send(get("/rosters/contacts.pdf")).await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exercises_page_begins_and_ends_with_the_word() {
    let house = House::of(Mode::Exercise, Site::default()).await;
    let page = house.send(get("/k")).await;
    let first = page.text.find("mode exercise").unwrap();
    assert!(first < page.text.find("<main").unwrap());
    let last = page.text.rfind("ÖVNING").unwrap();
    assert!(last > page.text.find("</form>").unwrap(), "the last word is the exercise's");
}
