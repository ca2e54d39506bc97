//! The daily transfer plan through its pages and the API: what is known and what is left out, yes
//! and no and what follows, for nobody, the wrong role and another region.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use samband_domain::kernel::RecordKeeper;
use serde_json::{Value, json};

use crate::house::{Answer, House, fresh, get, hidden, post_form, with};
use crate::supply;

const PLAN: &str = "/api/v1/plans/transfers";

/// Lund with four bags of O RhD neg in Skåne's own record, Varberg in Halland, which another
/// system counts, and a courier each way.
async fn house() -> House {
    let house = supply::house_with(RecordKeeper::External).await;
    for (region, from, to, at) in
        [("skane", "lund-bc", "varberg-bc", 555), ("halland", "varberg-bc", "lund-bc", 600)]
    {
        let other = if region == "skane" { "halland" } else { "skane" };
        let leg = json!({
            "code": "fm", "from_site": from, "to_region": other, "to_site": to,
            "days": [1, 2, 3, 4, 5, 6, 7], "departs": at, "cutoff": 30, "under_way": 150,
            "carrier": "bud",
        });
        let token = house.token(&format!("coordinator@{region}")).await;
        ok(&house.tell(&token, "/api/v1/legs", &leg).await);
    }
    house
}

fn ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

/// What Varberg's other system counts, of O RhD neg and of one group that it cannot say.
async fn counted(house: &House, units: u32) {
    let row = |group: &str, available: Option<u32>| json!({ "component": "red_cells", "group": group, "available": available });
    let report = json!({
        "site": "varberg-bc", "system": "ProSang", "as_of": "2026-05-31T04:00:00Z",
        "rows": [row("O-", Some(units)), row("O+", None)],
    });
    let token = house.token("scientist@halland").await;
    ok(&house.tell(&token, "/api/v1/stock/external", &report).await);
}

async fn needed(house: &House, region: &str, site: &str, per_day: f64) {
    let demand = json!({
        "component": "red_cells", "group": "O-", "site": site, "per_day": per_day,
        "period": "2025", "source": "uppskattat",
    });
    let token = house.token(&format!("coordinator@{region}")).await;
    ok(&house.tell(&token, "/api/v1/stock/demand", &demand).await);
}

/// Varberg has none and needs one a day; Lund has four and needs hardly any.
async fn short() -> House {
    let house = house().await;
    counted(&house, 0).await;
    needed(&house, "skane", "lund-bc", 0.1).await;
    needed(&house, "halland", "varberg-bc", 1.0).await;
    house
}

async fn plan(house: &House, region: &str) -> Value {
    let token = house.token(&format!("coordinator@{region}")).await;
    let answer = house.ask(&token, PLAN).await;
    ok(&answer);
    answer.json()
}

/// The page where the first proposal is answered.
async fn first(house: &House, cookie: &str) -> (String, String) {
    let page = house.page(cookie, "/plan/transfers").await.text;
    let at = page.find("href=\"/plan/decide?").unwrap_or_else(|| panic!("no proposal: {page}"));
    let path = page[at + 6..].split('"').next().unwrap().replace("&amp;", "&");
    let page = house.page(cookie, &path).await;
    ok(&page);
    (path, page.text)
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_knows_is_left_out_by_name_and_never_counted_as_zero() {
    let house = short().await;
    let plan = plan(&house, "skane").await;
    let place = |site: &str| {
        let all = plan["places"].as_array().unwrap();
        all.iter().find(|one| one["site"] == site).cloned()
    };
    let varberg = place("varberg-bc").expect("its O RhD neg is known");
    assert_eq!(varberg["groups"].as_array().unwrap().len(), 1, "{varberg}");
    assert_eq!(varberg["groups"][0]["group"], "o_neg");
    assert_eq!(varberg["groups"][0]["need"], "stated");
    assert_eq!((&varberg["system"], &varberg["stale"]), (&json!("ProSang"), &json!(true)));
    assert_eq!(
        varberg["as_of"], "2026-05-31T04:00:00Z",
        "the report's own word, not the journal's"
    );
    assert_eq!(place("ystad-bc"), None, "nobody has counted anything there");
    let left = plan["left_out"].as_array().unwrap();
    let of = |site: &str, unknown: &str| {
        let mut found = left.iter().filter(|one| one["site"] == site && one["unknown"] == unknown);
        found.next().map(|one| one["groups"].as_array().unwrap().len())
    };
    assert_eq!(of("varberg-bc", "stock"), Some(7), "{left:?}");
    assert_eq!(of("lund-bc", "need"), Some(7), "its stock is known, its need is not");
    assert_eq!(of("lund-bc", "stock"), None);
    assert_eq!(of("malmo-bc", "stock"), Some(8), "its record has not begun");
    let cookie = house.cookie("coordinator@skane").await;
    let page = house.page(&cookie, "/plan/transfers").await.text;
    let rests = page.split("id=\"rests\"").nth(1).unwrap().split("id=\"left\"").next().unwrap();
    assert!(rests.contains("enligt ProSang") && rests.contains("2026-05-31"), "{rests}");
    let left = page.split("id=\"left\"").nth(1).unwrap();
    assert!(
        left.contains("Blodcentralen ystad-bc") && left.contains("ingen har sagt vad som ligger")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_s_figure_is_not_shared_out_while_a_place_of_it_is_unknown() {
    let house = house().await;
    counted(&house, 0).await;
    needed(&house, "halland", "varberg-bc", 1.0).await;
    let token = house.token("coordinator@skane").await;
    let demand = json!({
        "component": "red_cells", "group": "O-", "per_day": 2.0, "period": "2025",
        "source": "regionens siffra",
    });
    ok(&house.tell(&token, "/api/v1/stock/demand", &demand).await);
    let plan = plan(&house, "skane").await;
    assert!(plan["proposals"].is_null(), "Malmö's and Ystad's stock is unknown: {plan}");
    assert!(
        plan["left_out"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| { one["site"] == "lund-bc" && one["unknown"] == "need" })
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_yes_is_recorded_once_and_the_next_plan_reckons_with_it() {
    let house = short().await;
    let before = plan(&house, "skane").await;
    let proposals = before["proposals"].as_array().unwrap();
    assert!(!proposals.is_empty(), "{before}");
    assert!(before["groups"][0]["without"]["short"].as_i64().unwrap() > 0, "{before}");
    let cookie = house.cookie("coordinator@skane").await;
    let (path, page) = first(&house, &cookie).await;
    let shown = unescaped(&hidden(&page, "proposal"));
    let count = serde_json::from_str::<Value>(&shown).unwrap()["units"].to_string();
    let key = fresh();
    let yes = |key: &str, units: &str, note: &str| {
        vec![
            ("act".to_owned(), "accept-move".to_owned()),
            ("idempotency_key".to_owned(), key.to_owned()),
            ("proposal".to_owned(), shown.clone()),
            ("units".to_owned(), units.to_owned()),
            ("note".to_owned(), note.to_owned()),
        ]
    };
    let send = async |fields: Vec<(String, String)>| {
        let fields: Vec<_> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        house.fill(&cookie, &path, &fields).await
    };
    let another = send(yes(&fresh(), "1", "")).await;
    assert_eq!(another.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(another.text.contains("plan.change_unexplained"), "{}", another.text);
    let bad = send(yes(&fresh(), "många", "")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    for _ in 0..2 {
        let done = send(yes(&key, &count, "")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert!(done.header("location").contains("done=accept-move"));
    }
    let twice = send(yes(&fresh(), &count, "")).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.text);
    let after = plan(&house, "halland").await;
    assert_eq!(after["beside"]["agreed"].to_string(), count);
    let leaves = &proposals[0]["proposal"]["leaves"];
    let again = after["proposals"].as_array().unwrap().iter();
    assert!(again.clone().all(|one| one["proposal"]["leaves"] != *leaves), "{after}");
    let halland = house.token("scientist@halland").await;
    let calls = house.ask(&halland, "/api/v1/calls").await.json();
    assert_eq!((&calls[0]["side"], &calls[0]["standing"]), (&json!("offer"), &json!("waiting")));
    let page = house.page(&cookie, "/plan/transfers").await.text;
    assert!(page.contains("/shipments/calls/"), "the yes leads to the offer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_closes_the_way_until_it_is_taken_back_by_whoever_said_it() {
    let house = short().await;
    let cookie = house.cookie("coordinator@skane").await;
    let (path, page) = first(&house, &cookie).await;
    let shown = unescaped(&hidden(&page, "proposal"));
    let no = |until: &str, reason: &str| {
        [
            ("act", "refuse-move".to_owned()),
            ("idempotency_key", fresh()),
            ("proposal", shown.clone()),
            ("until", until.to_owned()),
            ("reason", reason.to_owned()),
        ]
    };
    let send = async |fields: [(&str, String); 5]| {
        let fields: Vec<_> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        house.fill(&cookie, &path, &fields).await
    };
    let bad = send(no("snart", "operation")).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bad.text.contains("id=\"f-until-error\""), "the field says so: {}", bad.text);
    let far = send(no("2027-01-01", "operation")).await;
    assert!(far.text.contains("plan.period"), "{}", far.text);
    let done = send(no("2026-06-03", "operation")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let closed = plan(&house, "halland").await;
    assert_eq!(closed["proposals"], json!([]), "no other way leads there");
    let page = house.page(&cookie, "/plan/transfers").await.text;
    let arc = unescaped(&hidden(&page, "arc"));
    let halland = house.cookie("coordinator@halland").await;
    let key = fresh();
    let open = [("act", "reopen-arc"), ("idempotency_key", key.as_str()), ("arc", arc.as_str())];
    let refused = house.fill(&halland, "/plan/reopen", &open).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "Halland closed nothing");
    assert!(refused.text.contains("form.not_found"), "the refusal itself: {}", refused.text);
    let opened = house.fill(&cookie, "/plan/reopen", &open).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    assert!(!plan(&house, "skane").await["proposals"].as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_neither_sends_nor_receives_may_not_answer() {
    let house = short().await;
    assert_eq!(house.send(get(PLAN)).await.status, StatusCode::UNAUTHORIZED);
    let cookie = house.cookie("coordinator@skane").await;
    let (path, page) = first(&house, &cookie).await;
    let shown = unescaped(&hidden(&page, "proposal"));
    let key = fresh();
    let yes = [
        ("act", "accept-move"),
        ("idempotency_key", key.as_str()),
        ("proposal", shown.as_str()),
        ("units", "1"),
        ("note", "fler behövs här"),
    ];
    let secretary = house.cookie("secretary@skane").await;
    assert_eq!(house.fill(&secretary, &path, &yes).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.send(post_form(&path, "act=accept-move")).await.status, StatusCode::SEE_OTHER);
    let blekinge = house.cookie("coordinator@blekinge").await;
    let seen = house.page(&blekinge, &path).await;
    assert!(seen.status == StatusCode::OK && !seen.text.contains("accept-move"));
    let refused = house.fill(&blekinge, &path, &yes).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("plan.not_ours"), "{}", refused.text);
    let changed = path.replace("group=o_neg", "group=a_neg");
    assert_eq!(house.page(&cookie, &changed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let forged = house.fill(&cookie, &changed, &yes).await;
    assert_eq!(forged.status, StatusCode::BAD_REQUEST, "another proposal than the address names");
    for bad in ["days=9", "price=gratis", "component=vatten"] {
        let page = house.page(&cookie, &format!("/plan/transfers?{bad}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_another_system_keeps_the_bags_a_yes_is_a_line_to_telephone() {
    let house = house().await;
    counted(&house, 9).await;
    needed(&house, "skane", "lund-bc", 3.0).await;
    needed(&house, "halland", "varberg-bc", 0.1).await;
    let proposed = plan(&house, "skane").await["proposals"][0].clone();
    assert_eq!(proposed["by_telephone"], true, "{proposed}");
    let cookie = house.cookie("coordinator@skane").await;
    let (path, page) = first(&house, &cookie).await;
    let shown = unescaped(&hidden(&page, "proposal"));
    let (key, units) = (fresh(), proposed["proposal"]["units"].to_string());
    let yes = [
        ("act", "accept-move"),
        ("idempotency_key", key.as_str()),
        ("proposal", shown.as_str()),
        ("units", units.as_str()),
    ];
    let done = house.fill(&cookie, &path, &yes).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let token = house.token("coordinator@skane").await;
    assert_eq!(house.ask(&token, "/api/v1/calls").await.json(), json!([]), "nobody is asked twice");
    let page = house.page(&cookie, "/plan/transfers").await.text;
    assert!(page.contains("Att ringa om"), "{page}");
    assert_eq!(plan(&house, "skane").await["beside"]["agreed"].to_string(), units);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_coordinator_answers_on_the_first_page() {
    let house = short().await;
    let cookie = house.cookie("coordinator@skane").await;
    let page = house.page(&cookie, "/situation").await.text;
    let card = page.split("id=\"moves\"").nth(1).unwrap();
    assert!(card.contains("Blodcentralen Varberg") && card.contains("Utan"), "{card}");
    assert!(card.contains("#left"), "what is left out is said: {card}");
    let path = card.split("action=\"/plan/decide?").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/plan/decide?{}", path.replace("&amp;", "&"));
    let fields: Vec<_> = ["idempotency_key", "proposal", "units", "back"]
        .map(|name| (name, unescaped(&hidden(card, name))))
        .into();
    let mut fields: Vec<_> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
    fields.push(("act", "accept-move"));
    let done = house.fill(&cookie, &path, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(done.header("location"), "/situation?done=accept-move");
    let page = house.page(&cookie, "/situation?done=accept-move").await.text;
    assert!(page.contains("Förslaget är godtaget"));
    let director = house.cookie("director@skane").await;
    let seen = house.page(&director, "/situation").await.text;
    assert!(!seen.contains("name=\"proposal\""), "who may not answer sees no form");
    let elsewhere = house.cookie("coordinator@blekinge").await;
    let page = house.page(&elsewhere, "/situation").await.text;
    assert!(page.contains("Inga förslag som rör din region"));
}

/// Sends a file of use through the page's form.
async fn report(house: &House, cookie: &str, file: &str, fields: &[(&str, &str)]) -> Answer {
    let edge = "edge";
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--{edge}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--{edge}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"use.csv\"\r\n\
         content-type: text/csv\r\n\r\n{file}\r\n--{edge}--\r\n"
    ));
    let request = Request::post("/plan/use/import")
        .header("content-type", format!("multipart/form-data; boundary={edge}"))
        .body(Body::from(body))
        .unwrap();
    house.send(with(request, header::COOKIE.as_str(), cookie)).await
}

/// Use of O RhD neg in Lund for some days up to 31 May 2026, one on weekdays.
fn use_file(days: usize) -> String {
    let mut day: jiff::civil::Date = "2026-05-31".parse().unwrap();
    let mut text = String::from("date;site;component;group;units\n");
    for _ in 0..days {
        let units = i32::from(day.weekday().to_monday_zero_offset() < 5);
        text.push_str(&format!("{day};Blodcentralen lund-bc;red_cells;O-;{units}\n"));
        day = day.yesterday().unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn use_is_reported_from_a_file_and_then_plans_are_made_from_it() {
    let house = short().await;
    let cookie = house.cookie("coordinator@skane").await;
    let said = |from: &'static str| {
        vec![
            ("idempotency_key", fresh()),
            ("source", "ProSang, uttag".into()),
            ("from", from.into()),
        ]
    };
    let send = async |cookie: &str, file: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
        report(&house, cookie, file, &fields).await
    };
    let bad = send(&cookie, &use_file(30), said("i våras")).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST, "{}", bad.text);
    assert!(
        bad.text.contains("i våras") && bad.text.contains("name=\"source\""),
        "the form is back"
    );
    let empty = send(&cookie, "", said("")).await;
    assert!(empty.text.contains("import.no_file"), "{}", empty.text);
    let secretary = house.cookie("secretary@skane").await;
    let refused = send(&secretary, &use_file(30), said("")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let need = async |house: &House| {
        let plan = plan(house, "skane").await;
        let lund = plan["places"].as_array().unwrap().iter().find(|one| one["site"] == "lund-bc");
        lund.unwrap()["groups"][0]["need"].as_str().unwrap().to_owned()
    };
    for (days, source) in [(20, "stated"), (30, "used"), (70, "forecast")] {
        let done = send(&cookie, &use_file(days), said("")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(done.header("location"), format!("/plan/use?rows={days}"));
        assert_eq!(need(&house).await, source, "{days} days are known");
    }
    let page = house.page(&cookie, "/plan/use?region=skane&site=lund-bc").await;
    assert!(page.text.contains("ProSang, uttag"), "{}", page.text);
    let api = house.token("coordinator@skane").await;
    let path = "/api/v1/plans/use?site=lund-bc&component=red_cells&group=O-&from=x&to=2026-05-31";
    let wrong = house.ask(&api, path).await;
    assert_eq!(wrong.json()["code"], "web.moment", "{}", wrong.text);
}
