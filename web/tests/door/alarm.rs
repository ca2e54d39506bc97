//! The duty officer's pages and their twins: from the first report to the recall, for whoever may,
//! for whoever may not, and for what nobody knows.

use axum::http::StatusCode;
use samband_domain::alarms::Command as Alarms;
use samband_domain::alarms::model::{Channel, DutyRole, Party, Recipient, Turn, Way};
use samband_domain::kernel::Command as Kernel;
use samband_domain::words::Code;
use samband_domain::{Mode, Window};
use samband_web::app::Site;
use serde_json::{Value, json};

use crate::house::{Answer, House, REGIONS, actor, hidden, journal};

const RAISE: &str = "/api/v1/alarms/raise";

fn ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

/// Four regions of one body, each with somebody on duty in every role it has.
async fn house() -> House {
    let house = House::demo().await;
    staffed(&house).await;
    house
}

async fn staffed(house: &House) {
    for (id, name, _) in REGIONS {
        let window = Window::open(house.engine.now());
        let (body, name) = (Code::new("sodra").unwrap(), format!("Södra, {name}"));
        house.give(id, Kernel::JoinBody { body, name, window }).await;
        for (place, role) in [DutyRole::Tib, DutyRole::BloodCentre].into_iter().enumerate() {
            let of = Recipient { party: Party::Region(journal(id)), role };
            let way = |channel, address: String| Way { channel, address };
            let turn = |rank: u8, user: &str| Turn {
                actor: Some(actor(user)),
                name: format!("Jour {rank} {id}"),
                rank,
                window,
                ways: vec![
                    way(Channel::Voice, format!("+46 70 00 0{place} {rank}0")),
                    way(Channel::Email, format!("jour{rank}@{id}.example")),
                ],
            };
            let first = if role == DutyRole::Tib { "tib" } else { "scientist" };
            let turns = vec![turn(0, first), turn(1, "commander")];
            house.give(id, Alarms::SetRoster { of, turns }).await;
        }
    }
}

fn said() -> Value {
    let finding = json!({ "holds": "suspected", "basis": "första rapporten", "source": "SOS" });
    json!({
        "report": {
            "title": "Bussolycka E22", "text": "Buss har vält.", "source": "SOS Alarm",
            "place": { "text": "Linderöd", "latitude": 55.93, "longitude": 13.82 },
            "happened": null, "injured": null,
        },
        "basis": "TiB bedömer rapporten", "confirm": "demo",
        "assessment": { "harm": finding, "imbalance": finding },
    })
}

fn tib(region: &str) -> Value {
    json!({ "party": { "region": region }, "role": "tib" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_signature_alarms_every_region_of_the_body_and_nothing_unknown_stops_it() {
    let house = house().await;
    let token = house.token("tib@skane").await;
    let made = house.tell_as(&token, RAISE, &said(), "raise-1").await;
    ok(&made);
    let made = made.json();
    // Three other regions, three own roles, the authority and the national coordination.
    assert_eq!(made["recipients"], 8, "{made}");
    let id = made["alarm"].as_str().unwrap().to_owned();
    assert!(id.starts_with("demo-"), "{id}");

    let again = house.tell_as(&token, RAISE, &said(), "raise-1").await.json();
    assert_eq!((&again["alarm"], &again["repeated"]), (&json!(id), &json!(true)));

    let one = house.ask(&token, &format!("/api/v1/alarms/skane/{id}")).await;
    ok(&one);
    let one = one.json();
    assert_eq!(one["alarm"]["injured"], Value::Null, "unknown is not zero");
    assert_eq!(one["alarm"]["place"]["latitude"], 55.93);
    assert_eq!(one["alarm"]["regions"], json!({ "answered": 0, "of": 4 }));
    assert_eq!(one["obligations"].as_array().unwrap().len(), 8);

    let wrong = house.token("coordinator@skane").await;
    let refused = house.tell(&wrong, RAISE, &said()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "only the duty officer confirms");
    for meant in [json!("real"), Value::Null] {
        let mut other = said();
        other["confirm"] = meant;
        let refused = house.tell(&token, RAISE, &other).await.json();
        assert_eq!(refused["code"], "web.alarm_confirm", "{refused}");
        assert_eq!(refused["facts"]["mode"], "demo", "{refused}");
    }
    let all = house.ask(&token, "/api/v1/alarms").await.json();
    assert_eq!(all.as_array().unwrap().len(), 1, "nobody was alarmed by that: {all}");
    let mut no = said();
    no["assessment"]["harm"]["holds"] = json!("no");
    let refused = house.tell(&token, RAISE, &no).await;
    assert_eq!(refused.json()["code"], "incident.not_assessed");
    let mut bad = said();
    bad["report"]["place"] = json!({ "text": "x", "latitude": 200.0, "longitude": 1.0 });
    assert_eq!(house.tell(&token, RAISE, &bad).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_region_answers_updates_follow_and_the_recall_reaches_the_same_recipients() {
    let house = house().await;
    let skane = house.token("tib@skane").await;
    let made = house.tell(&skane, RAISE, &said()).await.json();
    let id = made["alarm"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/alarms/skane/{id}");
    settle(&house, "halland", &id).await;

    let halland = house.token("tib@halland").await;
    let answer = json!({ "to": tib("halland"), "says": "takes_on", "note": "åker nu" });
    ok(&house.tell(&halland, &format!("{path}/answers"), &answer).await);
    let seen = house.ask(&skane, &path).await.json();
    assert_eq!(seen["alarm"]["regions"]["answered"], 1, "{seen}");

    // Kronoberg answered by telephone: whoever heard it writes it down.
    let told = json!({ "to": tib("kronoberg"), "says": "takes_on", "told": "Eva i Växjö" });
    ok(&house.tell(&skane, &format!("{path}/answers"), &told).await);
    let close = json!({ "to": tib("blekinge"), "why": "nås via annan väg" });
    ok(&house.tell(&skane, &format!("{path}/close"), &close).await);
    let seen = house.ask(&skane, &path).await.json();
    let state = |region: &str| {
        let all = seen["obligations"].as_array().unwrap();
        let one = all.iter().find(|one| one["to"] == tib(region)).unwrap();
        one["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state("blekinge"), "by_hand");
    assert!(["answered", "met"].contains(&state("kronoberg").as_str()), "{seen}");

    let update = json!({ "kind": "regional", "replaces": id, "text": "Två bussar." });
    let update = house.tell(&skane, "/api/v1/alarms", &update).await;
    ok(&update);
    let newer = update.json()["alarm"].as_str().unwrap().to_owned();
    let recall = json!({ "kind": "recall", "replaces": newer, "text": "Falskt larm." });
    let recall = house.tell(&skane, "/api/v1/alarms", &recall).await;
    ok(&recall);
    assert_eq!(recall.json()["recipients"], 8);
    let old = json!({ "kind": "recall", "replaces": id, "text": "Falskt larm." });
    let refused = house.tell(&skane, "/api/v1/alarms", &old).await;
    assert_eq!(refused.json()["code"], "alarm.replaces");
}

/// Lets every region hear what the others recorded.
async fn settle(house: &House, region: &str, alarm: &str) {
    house.engine.tick().await;
    let world = house.engine.world();
    let heard = &world.journal(&journal(region)).unwrap().shared().alarms.heard;
    assert!(heard.keys().any(|(_, id)| id.as_str() == alarm), "{region} never heard {alarm}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_lead_from_a_report_to_an_alarm_and_back() {
    let house = house().await;
    let cookie = house.cookie("tib@skane").await;
    let home = house.page(&cookie, "/alarm").await;
    ok(&home);
    assert!(home.text.contains("Inget pågår."), "a quiet day says so");
    assert!(home.text.contains("href=\"/alarm/new\"") && !home.text.contains("data-ring"));

    let page = house.page(&cookie, "/incidents/new").await.text;
    let report = [
        ("idempotency_key", hidden(&page, "idempotency_key")),
        ("act", "open-incident".into()),
        ("title", "Rök i tunnel".into()),
        ("text", "Rök, okänt hur många.".into()),
        ("source", "SOS Alarm".into()),
        ("tell", "on".into()),
    ];
    let report: Vec<_> = report.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let sent = house.fill(&cookie, "/incidents/new", &report).await;
    assert_eq!(sent.header("location"), "/alarm?done=open-incident-told", "{}", sent.text);
    let home = house.page(&cookie, "/alarm").await.text;
    assert!(home.contains("Ingen behöver svara."), "an early warning asks nothing");
    assert!(!home.contains("Regioner som kvitterat") && !home.contains("Förvarning: "), "{home}");
    let at = home.find("/alarm/new?incident=").expect("a way from the report to the alarm");
    let raise = home[at..].split('"').next().unwrap().to_owned();

    let page = house.page(&cookie, &raise).await.text;
    assert!(page.contains("value=\"Rök i tunnel\""), "what is known is not typed twice");
    let typed = typed(&page, "");
    let fields: Vec<_> = typed.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let back = house.fill(&cookie, "/alarm/new", &fields).await;
    assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(back.text.contains("f-confirm-error"), "the scope is confirmed by hand");
    assert!(back.text.contains("value=\"Rök i tunnel\""));

    let typed = self::typed(&page, "larma");
    let fields: Vec<_> = typed.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let sent = house.fill(&cookie, "/alarm/new", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let one = sent.header("location").to_owned();
    assert!(one.starts_with("/alarm/skane/demo-") && one.ends_with("?done=raise-alarm"), "{one}");
    let one = house.page(&cookie, &one).await;
    ok(&one);
    for part in ["Jour 0 skane", "tel:+46", "0 av 4", "okänt", "Återkalla nu"] {
        assert!(one.text.contains(part), "{part} in {}", one.text);
    }
    // It is on top of every other page, too.
    let other = house.page(&cookie, "/agreements").await.text;
    assert!(other.contains("alarm-line demo") && other.contains("LARM"), "{other}");
    let nurse = house.cookie("nurse@halland").await;
    let page = house.page(&nurse, "/alarm").await;
    ok(&page);
    assert!(!page.text.contains("href=\"/alarm/new\""), "a nurse does not raise the alarm");
    assert_eq!(house.page(&nurse, "/alarm/new").await.status, StatusCode::FORBIDDEN);
}

/// The raise form as a browser would send it, with everything ticked that is ticked.
fn typed(page: &str, confirm: &str) -> Vec<(String, String)> {
    let mut all = vec![
        ("idempotency_key".to_owned(), format!("k-{confirm}")),
        ("confirm".to_owned(), confirm.to_owned()),
        ("harm".to_owned(), "suspected".to_owned()),
        ("imbalance".to_owned(), "yes".to_owned()),
        ("mode".to_owned(), "staff".to_owned()),
        ("basis".to_owned(), "rök i tunnel".to_owned()),
        ("text".to_owned(), "Rök, okänt hur många.".to_owned()),
        ("source".to_owned(), "SOS Alarm".to_owned()),
        ("title".to_owned(), "Rök i tunnel".to_owned()),
    ];
    for name in ["act", "incident"] {
        all.push((name.to_owned(), hidden(page, name)));
    }
    for part in page.split("<input id=\"f-to-").skip(1) {
        let tag = part.split('>').next().unwrap();
        let name = tag.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        if tag.contains(" checked") {
            all.push((name.to_owned(), "on".to_owned()));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_woken_answers_on_the_page_and_the_banner_rings_until_then() {
    let house = house().await;
    let skane = house.token("tib@skane").await;
    let made = house.tell(&skane, RAISE, &said()).await.json();
    let id = made["alarm"].as_str().unwrap().to_owned();
    settle(&house, "halland", &id).await;
    let cookie = house.cookie("tib@halland").await;
    let banner = house.page(&cookie, "/alarm/banner").await.text;
    assert!(banner.contains(&format!("data-ring=\"skane/{id}\"")), "{banner}");
    let path = format!("/alarm/skane/{id}");
    let page = house.page(&cookie, &path).await.text;
    assert!(page.contains("Kvittera nu") && !page.contains("Återkalla nu"), "others' to recall");
    let answer = [
        ("idempotency_key", "a-1"),
        ("act", "answer-alarm"),
        ("to", "to-region-halland-tib"),
        ("says", "takes_on"),
    ];
    let sent = house.fill(&cookie, &path, &answer).await;
    assert_eq!(sent.header("location"), format!("{path}?done=answer-alarm"), "{}", sent.text);
    let banner = house.page(&cookie, "/alarm/banner").await.text;
    assert!(!banner.contains("data-ring") && banner.contains("LARM"), "{banner}");
    let wrong = [("idempotency_key", "a-2"), ("act", "answer-alarm"), ("to", "to-region-x-tib")];
    assert_eq!(house.fill(&cookie, &path, &wrong).await.status, StatusCode::BAD_REQUEST);
    let gone = house.page(&cookie, "/alarm/skane/demo-finns-inte").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exercise_looks_like_one_first_and_last() {
    let house = House::of(Mode::Exercise, Site::default()).await;
    let hash = house.engine.hash_password(crate::house::PASSWORD).await.unwrap();
    let user = samband_access::UserName::new("tib@skane").unwrap();
    house.engine.seed_account(user, actor("tib"), hash).await.unwrap();
    let cookie = house.cookie("tib@skane").await;
    let page = house.page(&cookie, "/alarm/new").await.text;
    let main = page.split("<main").nth(1).unwrap();
    let marks = main.matches("class=\"drill-mark\"").count();
    assert_eq!(marks, 2, "it begins and ends with the word: {main}");
    assert!(main.contains("raise-page drill") && main.contains("ÖVNING: bekräfta och larma"));
    assert!(main.contains("Övningen är inte angiven"), "nobody leads it yet");
    assert!(!main.contains("Socialstyrelsen"), "nobody outside who is not on its list");
}
