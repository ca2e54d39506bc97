//! Forecast against actual and targets, through the pages and the API: what nobody knows stays
//! unknown, a missing rule is named, and what is shown agrees with the command line's computation.

use axum::http::StatusCode;
use samband_domain::blood::model::Group;
use samband_domain::blood::model::stock::Line;
use samband_domain::plans::Command;
use samband_domain::plans::model::{DayUse, UseReport};
use samband_domain::words::Day;
use samband_domain::{Known, SiteId};
use samband_exchange::export::{Csv, to_csv};
use samband_planning::forecast::synthetic::{Site, synthetic};
use samband_planning::forecast::{Forecasts, forecasts, read};
use samband_planning::progress::Progress;
use samband_planning::random::Seed;
use samband_web::tables;
use samband_web::text::Words;
use serde_json::{Value, json};

use crate::house::{House, hidden, journal};
use crate::{rules, stock};

const DAYS: usize = 200;
/// The house's clock stands at 2026-06-01.
const YESTERDAY: &str = "2026-05-31";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Reports so many made-up days of red cells for a site, through yesterday.
pub async fn report(house: &House, site: &str, days: usize) {
    let back = i64::try_from(days).unwrap() - 1;
    let from = (0..400)
        .map(|n| day("2025-06-01").plus_days(n))
        .find(|from| day(YESTERDAY).days_since(*from) == back)
        .unwrap();
    let made = Site { id: site.into(), daily: 40.0, growth: 0.0 };
    let table = synthetic(Seed(7), &[made], from, days, 0);
    let rows = table.series.iter().flat_map(|(key, units)| {
        units.iter().enumerate().map(|(at, units)| DayUse {
            site: SiteId::new(&key.site).unwrap(),
            day: table.day(at),
            line: Line { component: key.component, group: key.group },
            units: units.map_or(Known::Unknown, Known::Value),
        })
    });
    let source = "Provets egna dagar".to_owned();
    let report = UseReport { from, to: day(YESTERDAY), source, file: None, rows: rows.collect() };
    house.give("skane", Command::ReportUse { report }).await;
}

async fn house() -> House {
    let house = stock::house().await;
    report(&house, "lund-bc", DAYS).await;
    report(&house, "malmo-bc", 20).await;
    house
}

/// What `samband export use` writes and `samband forecast` reads.
fn by_command_line(house: &House, horizon: usize) -> Forecasts {
    let (world, now) = (house.engine.world(), house.engine.now());
    let table = tables::used(Words::en(), &world, &journal("skane"), now);
    let file = String::from_utf8(to_csv(&table, Csv::FOR_PROGRAMS)).unwrap();
    forecasts(&read(&file).unwrap(), horizon, &Progress::default()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_is_what_the_command_line_makes_of_the_exported_file() {
    let house = house().await;
    let token = house.token("coordinator@skane").await;
    let all = by_command_line(&house, 28);
    assert_eq!(all.last_day, day(YESTERDAY));
    for group in [Group::ALL[0], Group::ALL[7]] {
        let path = format!("/api/v1/plans/forecast?site=lund-bc&group={}", group.as_str());
        let answer = house.ask(&token, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let shown = answer.json()["forecast"].clone();
        let of = all
            .series
            .iter()
            .find(|one| (one.key.site.as_str(), one.key.group) == ("lund-bc", Some(group)));
        let of = of.unwrap();
        assert_eq!(shown["tested"]["model"], json!(of.model));
        assert_eq!(shown["ahead"].as_array().unwrap().len(), 28);
        for (shown, day) in shown["ahead"].as_array().unwrap().iter().zip(&of.days) {
            assert_eq!(shown["date"], json!(day.date));
            assert_eq!(shown["limits"][2], json!(day.quantiles[2]));
            let off = shown["mean"].as_f64().unwrap() - day.mean;
            assert!(off.abs() < 1e-9, "{off}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_shows_what_came_what_is_expected_and_why() {
    let house = house().await;
    let cookie = house.cookie("coordinator@skane").await;
    let page = house.page(&cookie, "/plan/forecast?site=lund-bc&group=o_pos&weeks=4").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for words in [
        "forecast-chart",
        "Provets egna dagar",
        "Kristi himmelsfärdsdag",
        "midsommarafton",
        "CRPS",
        "Samma veckodag veckan före",
        "2026-06-28",
    ] {
        assert!(page.text.contains(words), "{words} in {}", page.text);
    }
    // Four weeks back and four ahead, each day a row.
    assert_eq!(page.text.matches("class=\"marked\"").count(), 6, "holidays and squeeze days");
    let english = house.page(&cookie, "/plan/forecast?site=lund-bc&group=o_pos&lang=en").await;
    assert_eq!(english.status, StatusCode::OK);
    // A site of another region means that the region was just changed: all of its sites.
    let moved = house.page(&cookie, "/plan/forecast?region=halland&site=lund-bc").await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_little_known_stays_unknown_and_says_how_much_is_needed() {
    let house = house().await;
    let cookie = house.cookie("coordinator@skane").await;
    for (path, known) in [
        ("site=malmo-bc", "20 kända dagar finns, 28 behövs"),
        ("site=malmo-bc&group=A-", "20 kända dagar finns, 28 behövs"),
        ("site=ystad-bc", "0 kända dagar finns, 28 behövs"),
        ("site=lund-bc&component=platelets", "0 kända dagar finns, 28 behövs"),
        ("region=halland", "0 kända dagar finns, 28 behövs"),
    ] {
        let page = house.page(&cookie, &format!("/plan/forecast?{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text.contains(known), "{path}: {}", page.text);
        assert!(!page.text.contains("forecast-chart"), "{path}: no line at zero");
    }
    // The region's sum holds the site that is known, and names those that are not.
    let token = house.token("coordinator@skane").await;
    let whole = house.ask(&token, "/api/v1/plans/forecast").await.json();
    assert_eq!(whole["sites"], json!(["lund-bc"]));
    assert_eq!(whole["known_days"], DAYS);
    let left = json!([
        { "site": "malmo-bc", "known_days": 20 }, { "site": "ystad-bc", "known_days": 0 },
    ]);
    assert_eq!(whole["left_out"], left);
    let page = house.page(&cookie, "/plan/forecast").await.text;
    assert!(page.contains("(20 kända dagar)") && page.contains("(förbrukningen är okänd)"));
    let none = house.ask(&token, "/api/v1/plans/forecast?site=ystad-bc").await.json();
    assert_eq!((&none["forecast"], &none["needed_days"]), (&Value::Null, &json!(28)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_a_problem_and_nobody_gets_in() {
    let house = house().await;
    let token = house.token("coordinator@skane").await;
    for (path, status) in [
        ("forecast?weeks=3", 400),
        ("forecast?weeks=many", 400),
        ("forecast?group=Q", 400),
        ("forecast?component=wine", 400),
        ("forecast?region=atlantis", 400),
        ("forecast?site=nowhere", 404),
        ("targets?site=nowhere", 404),
        ("targets?site=lund-bc&lead=0", 400),
        ("targets?site=lund-bc&lead=15", 400),
    ] {
        let answer = house.ask(&token, &format!("/api/v1/plans/{path}")).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
    }
    for path in ["/api/v1/plans/forecast", "/api/v1/plans/targets?site=lund-bc"] {
        let nobody = house.send(crate::house::get(path)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

const RULES: &str = "key,value,unit,source,note\n\
    title,Regler för blod,,,\n\
    version,2026-1,,,\n\
    shelf_life.red_cells,42,d,KRON-K,SAGM\n\
    shelf_life.platelets_pooled,,,,\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_target_is_proposed_without_the_rule_and_the_rule_is_named() {
    let house = house().await;
    let token = house.token("coordinator@skane").await;
    let cookie = house.cookie("coordinator@skane").await;
    let ask = async |component: &str| {
        let path = format!("/api/v1/plans/targets?site=lund-bc&component={component}");
        house.ask(&token, &path).await.json()
    };
    let none = ask("red_cells").await;
    assert_eq!(none["nothing"], "rule.no_set_in_force");
    rules::adopted(&house, "skane", RULES).await;
    let missing = ask("platelets").await;
    assert_eq!(missing["nothing"], "rule.missing");
    assert_eq!(missing["rule"], "shelf_life.platelets_pooled");
    let page = house.page(&cookie, "/plan/targets?site=lund-bc&component=platelets").await.text;
    assert!(page.contains("shelf_life.platelets_pooled"), "{page}");
    assert_eq!(ask("plasma").await["nothing"], "plan.no_model");
    let found = ask("red_cells").await;
    assert_eq!((&found["nothing"], &found["keeps_days"]), (&Value::Null, &json!(42)));
    assert_eq!(found["rule"], "shelf_life.red_cells");
    let lines = found["proposed"].as_array().unwrap();
    assert_eq!(lines.len(), 8);
    for line in lines {
        let of = |name: &str| line[name].as_u64().unwrap();
        assert!(of("amber_from") <= of("green_from") && of("green_from") <= of("fill_to"));
        assert!(line["service_percent"].as_f64().unwrap() > 95.0, "{line}");
    }
    // Nobody knows what is used in Ystad, and three weeks of Malmö are too few.
    for site in ["ystad-bc", "malmo-bc"] {
        let few = house.ask(&token, &format!("/api/v1/plans/targets?site={site}")).await.json();
        assert_eq!(few["nothing"], "plan.too_few_days", "{site}");
        assert_eq!(few["proposed"], json!([]));
    }
    let unknown = house.ask(&token, "/api/v1/plans/targets?site=ystad-bc").await.json();
    assert_eq!(unknown["rows"][0]["units"], Value::Null, "nobody has told what lies there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mandated_person_adopts_changes_and_takes_away_a_target() {
    let house = house().await;
    let scientist = house.token("scientist@skane").await;
    let taken = house.tell(&scientist, "/api/v1/stock/take-over", &stock::opening(1..=8)).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    rules::adopted(&house, "skane", RULES).await;
    let cookie = house.cookie("coordinator@skane").await;
    let list = "/plan/targets?site=lund-bc&component=red_cells";
    let page = house.page(&cookie, list).await.text;
    let at = page
        .find("/plan/targets/set?site=lund-bc&amp;component=red_cells&amp;group=o_pos&amp;fill=");
    let link = page[at.unwrap_or_else(|| panic!("{page}"))..].split('"').next().unwrap();
    let link = link.replace("&amp;", "&");
    let form = house.page(&cookie, &link).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    assert!(form.text.contains("ledtid 7 dagar"), "the proposal's grounds: {}", form.text);
    let key = hidden(&form.text, samband_web::components::KEY_FIELD);
    let fields = |fill: &'static str, key: &str| -> Vec<(&'static str, String)> {
        vec![
            ("act", "set-target".into()),
            (samband_web::components::KEY_FIELD, key.to_owned()),
            ("fill_to", fill.into()),
            ("green_from", "60".into()),
            ("amber_from", "30".into()),
            ("basis", "Förslaget, avrundat uppåt".into()),
        ]
    };
    let send = async |cookie: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        house
            .fill(cookie, "/plan/targets/set?site=lund-bc&component=red_cells&group=o_pos", &fields)
            .await
    };
    // Steps that do not rise are refused in words, and what was typed stays.
    let wrong = send(&cookie, fields("10", &key)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("De ska stiga i den ordningen"), "{}", wrong.text);
    assert!(wrong.text.contains("Förslaget, avrundat uppåt"));
    let director = house.cookie("director@skane").await;
    assert_eq!(send(&director, fields("120", "k-1")).await.status, StatusCode::FORBIDDEN);
    let set = send(&cookie, fields("120", "k-2")).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    let page = house.page(&cookie, list).await.text;
    assert!(page.contains("Förslaget, avrundat uppåt") && page.contains("Titel coordinator"));
    // Only O RhD neg lies there, and that is known: red, with a sign and a word.
    assert!(page.contains("Rött: för lite"), "{page}");
    let token = house.token("coordinator@skane").await;
    let rows = house.ask(&token, "/api/v1/plans/targets?site=lund-bc").await.json();
    let row = rows["rows"].as_array().unwrap().iter().find(|row| row["group"] == "o_pos").unwrap();
    assert_eq!((&row["target"]["fill_to"], &row["set_by"]), (&json!(120), &json!("coordinator")));
    let whole = house.page(&cookie, "/plan/targets").await.text;
    assert!(whole.contains("Förslaget, avrundat uppåt"), "all sites show what is set");
    let clear = vec![
        ("act", "clear-target".to_owned()),
        (samband_web::components::KEY_FIELD, "k-3".to_owned()),
    ];
    assert_eq!(send(&cookie, clear).await.status, StatusCode::SEE_OTHER);
    assert!(!house.page(&cookie, list).await.text.contains("avrundat uppåt"));
}
