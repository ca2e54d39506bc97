//! `serve --demo`: what a newcomer sees in the first minute, and what is left of it afterwards.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use jiff::Timestamp;
use proof::{Client, Installation, Server, free_address, program, run};
use serde_json::{Value, json};

const DEMO_PASSWORD: &str = "samband-demo";

/// Starts a demo whose temporary files lie in a directory of our own.
fn demo(installation: &Installation, listen: &str) -> Server {
    let scratch = installation.beside("tmp");
    std::fs::create_dir_all(&scratch).unwrap();
    let mut command = Command::new(program());
    command.args(["serve", "--demo", "--listen", listen]).env("TMPDIR", scratch);
    let mut server = Server::begin(&mut command);
    server.ready().unwrap_or_else(|error| panic!("{error}"));
    server
}

fn left_in(installation: &Installation) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(installation.beside("tmp")).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn it_says_where_it_is_and_who_may_come_in() {
    let installation = Installation::new();
    let address = free_address();
    let mut server = demo(&installation, &address);
    assert_eq!(server.address(), format!("http://{address}"));
    let text = proof::wait_for("the accounts are printed", || {
        let text = server.printed().join("\n");
        text.contains("e.g.").then_some(text)
    });
    for word in ["samband-demo", "coordinator@skane", "tib@blekinge", "safety", "kronoberg"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    let roles = "coordinator scientist physician nurse phlebotomist tib director manager secretary safety \
                 administrator";
    for role in roles.split_whitespace() {
        for region in ["blekinge", "halland", "kronoberg", "skane"] {
            let user = format!("{role}@{region}");
            // A sign-in costs a tenth of a second on purpose; every role and region once.
            if role == "coordinator" || region == "skane" {
                Client::sign_in(server.address(), &user, DEMO_PASSWORD).unwrap();
            }
        }
    }
    let denied = Client::sign_in(server.address(), "coordinator@skane", "samband").unwrap_err();
    assert!(denied.to_string().contains("401"), "{denied}");
}

/// Mission §1.6, computed from the report's own table.
#[test]
fn the_picture_has_the_reports_figures_and_what_follows_from_them() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    let client = Client::sign_in(server.address(), "coordinator@skane", DEMO_PASSWORD).unwrap();
    let regions = client.get("/api/v1/regions");
    // Inhabitants, 18–64, active donors, donations; shares in percent, donations per donor and
    // per 1000, donors missing to the goal, donations at the highest region's rate.
    type Row = ([u64; 4], [&'static str; 4], i64, i64);
    let expected: [(&str, Row); 4] = [
        (
            "blekinge",
            ([157_223, 88_078, 3_924, 6_348], ["2.50", "4.46", "1.62", "40.38"], 480, 2_299),
        ),
        (
            "halland",
            ([345_074, 192_417, 5_938, 10_932], ["1.72", "3.09", "1.84", "31.68"], 3_683, 2_152),
        ),
        (
            "kronoberg",
            ([203_351, 116_200, 3_484, 7_677], ["1.71", "3.00", "2.20", "37.75"], 2_326, 0),
        ),
        (
            "skane",
            (
                [1_428_626, 840_163, 22_103, 43_870],
                ["1.55", "2.63", "1.98", "30.71"],
                19_905,
                4_834,
            ),
        ),
    ];
    for (id, (counts, ratios, to_goal, even_use)) in expected {
        let row = find(&regions, id);
        assert_eq!(row["mode"], "demo", "{id}");
        assert_counts(row, counts);
        assert_ratios(row, ratios);
        assert_eq!(row["donors_to_goal"], to_goal, "{id}");
        assert_eq!(row["even_use_gain"], even_use, "{id}");
        let origin = &row["figures"]["active_donors"];
        let source = origin["source"].as_str().unwrap();
        assert!(source.contains("Transfusionsmedicin"), "{source}");
        assert_eq!(origin["file"], "sodra-2024.csv");
        assert!(origin["row"].as_u64().is_some_and(|row| (2..=5).contains(&row)));
    }
    let picture = client.get("/api/v1/picture");
    let total = &picture["total"];
    assert_counts(total, [2_134_274, 1_236_858, 35_449, 68_827]);
    assert_ratios(total, ["1.66", "2.87", "1.94", "32.25"]);
    assert_eq!(total["donors_to_goal"], 26_394);
    assert_eq!(total["even_use_gain"], 9_285);
    assert_eq!(picture["highest_use"]["region"], "kronoberg", "the table, not the prose");
    let codes: BTreeSet<_> = picture["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|warning| warning["code"].as_str())
        .collect();
    for code in ["donors-65", "goal-denominator", "use-table-not-prose"] {
        assert!(codes.contains(code), "the report's own warning {code}: {codes:?}");
    }
}

fn find<'a>(regions: &'a Value, id: &str) -> &'a Value {
    let found = regions.as_array().unwrap().iter().find(|region| region["id"] == id);
    found.unwrap_or_else(|| panic!("{id} in {regions}"))
}

fn assert_counts(row: &Value, expected: [u64; 4]) {
    let names = ["population", "population_18_64", "active_donors", "whole_blood_donations"];
    assert_eq!(names.map(|name| row[name].as_u64().unwrap()), expected);
}

fn assert_ratios(row: &Value, expected: [&str; 4]) {
    let number = |name: &str| row[name].as_f64().unwrap();
    let shown = [
        number("active_share") * 100.0,
        number("active_share_18_64") * 100.0,
        number("donations_per_donor"),
        number("donations_per_1000"),
    ];
    assert_eq!(shown.map(|number| format!("{number:.2}")), expected);
}

#[test]
fn nothing_of_it_is_left_and_nothing_real_is_touched() {
    let installation = Installation::with("anna@skane", "administrator");
    let data = installation.data().display().to_string();
    let refused = run(["serve", "--demo", "--data", &data], "");
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("--data"), "{}", refused.err);

    let before = std::fs::read(installation.data().join("samband.db")).unwrap();
    let server = demo(&installation, "127.0.0.1:0");
    assert_eq!(left_in(&installation).len(), 1, "its directory while it runs");
    let user = "administrator@skane";
    let client = Client::sign_in(server.address(), user, DEMO_PASSWORD).unwrap();
    client.act("/api/v1/sites", &proof::site("demo-depot", "Demodepå"));
    assert!(server.stop().success());
    assert_eq!(left_in(&installation), Vec::<PathBuf>::new(), "its directory afterwards");
    assert!(!installation.data().join("control.sock").exists());
    let after = std::fs::read(installation.data().join("samband.db")).unwrap();
    assert_eq!(before, after, "a real installation beside it");
}

/// The variable that names a data directory is for real installations.
#[test]
fn a_demo_does_not_take_the_directory_named_by_the_environment() {
    let installation = Installation::with("anna@skane", "administrator");
    let before = std::fs::read(installation.data().join("samband.db")).unwrap();
    let mut command = Command::new("env");
    command.arg(format!("SAMBAND_DATA={}", installation.data().display()));
    command.arg(program()).args(["serve", "--demo", "--listen", "127.0.0.1:0"]);
    let mut server = Server::begin(&mut command);
    match server.ready() {
        Ok(()) => {
            let client = Client::sign_in(server.address(), "tib@blekinge", DEMO_PASSWORD);
            assert!(client.is_ok(), "it is a demo");
        }
        Err(error) => assert!(error.contains("--data"), "{error}"),
    }
    drop(server);
    assert_eq!(std::fs::read(installation.data().join("samband.db")).unwrap(), before);
}

/// The red cells of the eight groups, in all, days to the whole day; platelets.
type Stock = (&'static str, [u64; 8], f64, u64);

/// demo.md's table with its disturbances.
const STOCK: [Stock; 4] = [
    ("blekinge", [61, 11, 71, 13, 19, 4, 10, 2], 14.0, 3),
    ("halland", [88, 17, 102, 19, 28, 6, 14, 3], 11.0, 5),
    ("kronoberg", [47, 9, 55, 3, 15, 3, 7, 1], 9.0, 3),
    ("skane", [278, 24, 321, 61, 87, 17, 43, 9], 7.0, 26),
];

const GROUPS: [&str; 8] =
    ["o_pos", "o_neg", "a_pos", "a_neg", "b_pos", "b_neg", "ab_pos", "ab_neg"];

fn stock_line<'a>(
    stock: &'a Value,
    region: &str,
    component: &str,
    group: Option<&str>,
) -> &'a Value {
    let found = stock.as_array().unwrap().iter().find(|row| {
        row["region"] == region
            && row["component"] == component
            && row["site"].is_null()
            && row["group"].as_str() == group
    });
    found.unwrap_or_else(|| panic!("{region} {component} {group:?}"))
}

/// Every number of demo.md's stock, by the interface that others use.
#[test]
fn the_stock_is_that_of_the_demos_table() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    let client = Client::sign_in(server.address(), "coordinator@skane", DEMO_PASSWORD).unwrap();
    let stock = client.get("/api/v1/stock");
    for (region, groups, days, platelets) in STOCK {
        for (group, units) in GROUPS.iter().zip(groups) {
            let row = stock_line(&stock, region, "red_cells", Some(group));
            assert_eq!(row["available"], units, "{region} {group}");
        }
        let all = stock_line(&stock, region, "red_cells", None);
        assert_eq!(all["available"], groups.iter().sum::<u64>(), "{region}");
        let shown = all["days"].as_f64().unwrap();
        assert!((shown.round() - days).abs() < f64::EPSILON, "{region} lasts {shown}");
        assert!(all["demand"]["source"].as_str().unwrap().contains("Antagande"));
        assert_eq!(stock_line(&stock, region, "platelets", None)["available"], platelets);
    }
    // In quarantine about two days of donations, set aside about 7 %.
    for (region, quarantined, reserved) in
        [("blekinge", 35, 14), ("halland", 60, 20), ("kronoberg", 42, 10), ("skane", 240, 59)]
    {
        let all = stock_line(&stock, region, "red_cells", None);
        assert_eq!(
            (&all["quarantined"], &all["reserved"]),
            (&quarantined.into(), &reserved.into())
        );
    }
    // On its way: sixteen late, one lost and ten within the region; two platelets to Varberg.
    for (region, component, units) in [
        ("skane", "red_cells", 27),
        ("skane", "platelets", 0),
        ("halland", "platelets", 2),
        ("halland", "red_cells", 0),
        ("blekinge", "red_cells", 0),
    ] {
        let row = stock_line(&stock, region, component, None);
        assert_eq!(row["in_transit"], units, "{region} {component}");
    }
    // Forty O RhD pos in Blekinge are old; what expires within a week of them is shown.
    let old = stock_line(&stock, "blekinge", "red_cells", Some("o_pos"))["expiring"].as_u64();
    assert!(old.is_some_and(|old| (20..=40).contains(&old)), "{old:?}");
    // Kronoberg's record is another system's, and old.
    let told = stock_line(&stock, "kronoberg", "red_cells", None);
    assert_eq!((&told["stale"], &told["source"]), (&true.into(), &"ProSang".into()));
    let hours = told["age_seconds"].as_u64().unwrap() / 3_600;
    assert_eq!(hours, 26);
    assert_eq!(
        stock_line(&stock, "kronoberg", "platelets", Some("o_pos"))["available"],
        Value::Null
    );
    assert_eq!(stock_line(&stock, "skane", "red_cells", None)["stale"], false);
}

/// The three shortages are found by the clock, by the region's own minimum.
#[test]
fn the_demos_shortages_are_noted() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    let client = Client::sign_in(server.address(), "coordinator@skane", DEMO_PASSWORD).unwrap();
    let expected = [
        ("kronoberg", "red_cells", Some("a_neg")),
        ("skane", "platelets", None),
        ("skane", "red_cells", Some("o_neg")),
    ];
    proof::wait_for("the shortages are noted", || {
        let stock = client.get("/api/v1/stock");
        let short = stock
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["site"].is_null() && !row["below_since"].is_null());
        let key = |row: &Value| {
            let text = |name: &str| row[name].as_str().map(str::to_owned);
            (text("region"), text("component"), text("group"))
        };
        let found: BTreeSet<_> = short.map(key).collect();
        let wanted: BTreeSet<_> = expected
            .iter()
            .map(|(region, component, group)| {
                (Some((*region).into()), Some((*component).into()), group.map(str::to_owned))
            })
            .collect();
        assert!(found.is_subset(&wanted), "more is short than demo.md says: {found:?}");
        (found == wanted).then_some(())
    });
}

fn signed_in(server: &Server, user: &str) -> Client {
    Client::sign_in(server.address(), user, DEMO_PASSWORD).unwrap()
}

/// A page as a person's browser gets it.
struct Browser {
    agent: ureq::Agent,
    base: String,
    cookie: String,
}

impl Browser {
    fn sign_in(server: &Server, user: &str) -> Self {
        let config = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false);
        let (agent, base) = (ureq::Agent::from(config.build()), server.address().to_owned());
        let form = agent.post(format!("{base}/sign-in")).header("Origin", &base);
        let answer = form.send_form([("user", user), ("password", DEMO_PASSWORD)]).unwrap();
        let cookie = answer.headers().get("set-cookie").expect("let in").to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { agent, base, cookie }
    }

    fn page(&self, path: &str) -> String {
        let asked = self.agent.get(format!("{}{path}", self.base)).header("Cookie", &self.cookie);
        let mut answer = asked.call().unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}: {text}");
        text
    }
}

/// Every address of a page that begins so, once.
fn links(page: &str, start: &str) -> BTreeSet<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    all.filter(|link| link.starts_with(start)).map(str::to_owned).collect()
}

/// demo.md's live shipments: one late, one with a bag missing, one as planned, two platelets that
/// only Lund can make.
#[test]
fn the_demos_shipments_are_on_their_way() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    let shipments = signed_in(&server, "scientist@skane").get("/api/v1/shipments");
    let one = |from: &str, to: &str| {
        let found = shipments.as_array().unwrap().iter();
        let mut found = found.filter(|one| one["from_site"] == from && one["to_site"] == to);
        found.next().cloned().unwrap_or_else(|| panic!("{from} to {to} in {shipments}"))
    };
    let open = |one: &Value| one["open"].as_array().unwrap().len();
    let late = one("karlskrona-bc", "lund-bc");
    assert_eq!((open(&late), &late["late"], &late["one_sided"]), (16, &true.into(), &true.into()));
    let eta: Timestamp = late["eta"].as_str().unwrap().parse().unwrap();
    let minutes = Timestamp::now().duration_since(eta).as_secs() / 60;
    assert!((40..60).contains(&minutes), "{minutes} minutes late");
    let partly = one("halmstad-bc", "malmo-bc");
    assert_eq!((open(&partly), partly["missing"].as_array().unwrap().len()), (1, 1));
    let planned = one("lund-bc", "kristianstad-bc");
    assert_eq!((open(&planned), &planned["late"]), (10, &false.into()));
    let matched = one("lund-bc", "varberg-bc");
    assert_eq!((open(&matched), &matched["late"]), (2, &false.into()));
    for unit in matched["open"].as_array().unwrap() {
        let (din, product) = unit.as_str().unwrap().split_once('.').unwrap();
        let unit =
            signed_in(&server, "scientist@skane").get(&format!("/api/v1/units/{din}/{product}"));
        let has = unit["attributes"].to_string();
        assert!(has.contains("irradiated") && has.contains("hla_matched"), "{has}");
    }
}

/// A donor who rings: the red cells in another region and the pool at home are stopped, and every
/// region has answered.
#[test]
fn the_demos_call_back_reaches_another_region() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    let halland = signed_in(&server, "physician@halland");
    let cases = halland.get("/api/v1/withdrawals");
    let [case] = &cases.as_array().unwrap()[..] else { panic!("one case: {cases}") };
    assert_eq!((&case["silent"], &case["open"]), (&0.into(), &2.into()));
    let hash = case["record"]["hash"].as_str().unwrap();
    let case = halland.get(&format!("/api/v1/withdrawals/{hash}"));
    let held = case["units"].as_array().unwrap().iter().filter(|unit| unit["found"] == "held");
    let held: BTreeSet<_> = held
        .map(|unit| (unit["region"].as_str().unwrap(), unit["unit"].as_str().unwrap()))
        .collect();
    let regions: Vec<_> = held.iter().map(|(region, _)| *region).collect();
    assert_eq!(regions, ["halland", "skane"], "{case}");
    let skane = signed_in(&server, "scientist@skane");
    let stopped = held.last().unwrap().1;
    let (din, product) = stopped.split_once('.').unwrap();
    let unit = skane.get(&format!("/api/v1/units/{din}/{product}"));
    assert_eq!((&unit["region"], &unit["status"]), (&"skane".into(), &"quarantined".into()));
    let release = skane.post("/api/v1/releases", Some("demo"), &json!({ "units": [stopped] }));
    let refused = release.unwrap();
    assert_eq!(refused.status, 422, "{}", refused.body);
    let trace = skane.get(&format!("/api/v1/units/{din}/{product}/trace")).to_string();
    assert!(trace.contains("halland") && trace.contains("Blodcentralen Malmö"), "{trace}");
}

/// A patient with anti-c and anti-Jka, a newborn with mother, a reserve number, two groups of one
/// person: what the laboratory's pages show.
#[test]
fn the_demos_patients_have_their_histories() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    let find = |client: &Client, number: &str| {
        let found = client.get(&format!("/api/v1/patients?number={number}"));
        let id = found["patient"].as_str().unwrap().to_owned();
        client.get(&format!("/api/v1/patients/{id}")).to_string()
    };
    let skane = signed_in(&server, "scientist@skane");
    let bertil = find(&skane, "194605149816");
    for against in ["anti-c", "anti-Jka"] {
        assert!(bertil.contains(&format!("\"{against}\"")), "{against} in {bertil}");
    }
    let unnamed = find(&skane, "RESERV26A01");
    assert!(unnamed.contains("RESERV26A01"), "{unnamed}");
    let olivia = find(&signed_in(&server, "physician@blekinge"), "199202059821");
    assert!(olivia.contains("\"anti-D\""), "{olivia}");
    // Halland asked about a guest and was told; Skåne waits for Kronoberg.
    let told = signed_in(&server, "scientist@halland").get("/api/v1/disclosures");
    assert_eq!(told["by_us"][0]["reply"], "answered", "{told}");
    let open = signed_in(&server, "scientist@kronoberg").get("/api/v1/disclosures");
    let question = &open["of_us"][0];
    assert_eq!((&question["urgency"], &question["reply"]), (&"emergency".into(), &Value::Null));
    let page = Browser::sign_in(&server, "scientist@skane").page("/patients");
    let waiting = links(&page, "/patients/p-");
    assert!(waiting.len() >= 2, "what waits for a second person or a decision: {waiting:?}");
    let born = Browser::sign_in(&server, "scientist@blekinge").page("/work");
    assert!(born.contains("Neonatalavdelningen"), "blood is asked for the newborn");
}

/// A unit was set aside, and an antibody was posted an hour later: it must not be handed out.
#[test]
fn the_demos_reservation_is_blocked_by_an_antibody_posted_afterwards() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    let browser = Browser::sign_in(&server, "scientist@skane");
    let requests = links(&browser.page("/work"), "/requests/r-");
    let pages =
        requests.iter().map(|link| (link.trim_start_matches("/requests/"), browser.page(link)));
    let (request, page) = pages
        .into_iter()
        .find(|(_, page)| page.contains("Cecilia Patientelius"))
        .expect("the order waits on the worklist");
    let units = links(&page, "/units/A9993");
    let unit = units.first().expect("the unit that was set aside").trim_start_matches("/units/");
    let unit = unit.replace('/', ".");
    let issue = json!({ "request": request, "units": [unit], "fetched_by": "P. Exempel" });
    let refused = signed_in(&server, "scientist@skane").post("/api/v1/issues", None, &issue);
    let refused = refused.unwrap();
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(refused.code(), "issue.ei_8", "{}", refused.body);
}

/// Every landing page shows work for whoever lands there.
#[test]
fn the_demos_worklists_hold_something_for_everybody() {
    let installation = Installation::new();
    let server = demo(&installation, "127.0.0.1:0");
    for region in ["blekinge", "halland", "kronoberg", "skane"] {
        let scientist = Browser::sign_in(&server, &format!("scientist@{region}"));
        let work = scientist.page("/work");
        assert!(!links(&work, "/requests/r-").is_empty(), "{region}: no order waits");
        let physician = Browser::sign_in(&server, &format!("physician@{region}"));
        let page = physician.page("/deviations");
        assert!(!links(&page, "/rule-sets/").is_empty(), "{region}: no rule set waits");
        let donors = Browser::sign_in(&server, &format!("phlebotomist@{region}"));
        for path in ["/donors", "/appointments", "/call-ups"] {
            assert!(donors.page(path).contains("</main>"), "{region} {path}");
        }
        let nurse = Browser::sign_in(&server, &format!("nurse@{region}"));
        assert!(
            !links(&nurse.page("/requests"), "/requests/r-").is_empty(),
            "{region}: no request"
        );
    }
    let halland = Browser::sign_in(&server, "scientist@halland");
    assert!(halland.page("/work").contains("Akutmottagningen"), "a massive transfusion runs");
    let release = signed_in(&server, "scientist@skane").get("/api/v1/releases").to_string();
    assert!(release.contains("A9993"), "{release}");
}
