//! Two processes on one database: the one writes, the other follows. Whoever writes through the
//! follower sees what they wrote; when the writer is killed, reading goes on and the next writer
//! is found.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use proof::{
    Answer, Client, Cluster, Database, Dice, Installation, PASSWORD, PATIENCE, Server, figures,
    read_export, seed, site, times, wait_for,
};
use serde_json::Value;

const USER: &str = "anna@skane";
const ROLES: &str = "coordinator,administrator";
const MEASURES: [&str; 3] = ["population", "active_donors", "whole_blood_donations"];

/// An installation that writes a database, and the data directory of one that follows it.
struct Two {
    writer: Installation,
    follower: Installation,
    _database: Database,
}

fn two() -> Two {
    let database = Database::new();
    let settings = format!("database = {:?}\n", database.url());
    let (writer, follower) = (Installation::new(), Installation::new());
    writer.settings(&settings);
    writer.add_user(USER, ROLES);
    follower.settings(&settings);
    Two { writer, follower, _database: database }
}

fn follow(two: &Two) -> Server {
    two.follower.serve_with(&["--follow"])
}

fn report(client: &Client, key: &str, measure: &str, value: u64) -> Answer {
    let body = figures("Rapport", &[(measure, "2024", value)]);
    client.post("/api/v1/figures", Some(key), &body).expect("an answer")
}

/// What a process shows of everything that this history touches.
fn shown(client: &Client) -> Vec<Value> {
    let state = ["/api/v1/figures", "/api/v1/sites", "/api/v1/regions"];
    let paths = state.into_iter().chain(["/api/v1/journal/skane?limit=500"]);
    let read = |path| {
        let mut value = client.get(path);
        // As of when a region's state is known moves with the clock.
        for region in value.as_array_mut().into_iter().flatten() {
            region.as_object_mut().map(|region| region.remove("as_of"));
        }
        value
    };
    paths.map(read).collect()
}

fn value_of(client: &Client, measure: &str) -> Option<u64> {
    client.get(&format!("/api/v1/figures/skane/{measure}"))[0]["value"].as_u64()
}

/// The last record that a stamp names for the region.
fn seq_of(answer: &Answer) -> u64 {
    let stamp = answer.as_of.as_deref().expect("a follower's answer is stamped");
    let place = stamp.split(", ").find_map(|place| place.strip_prefix("skane/1/"));
    place.unwrap_or_else(|| panic!("{stamp}")).parse().expect("a number")
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn who_writes_through_the_follower_sees_it_and_both_show_the_same() {
    let two = two();
    let (writer, follower) = (two.writer.serve(), follow(&two));
    let there = writer.sign_in(USER);
    let here = there.at(follower.address());
    let mut dice = Dice::new(seed("followers"));
    let mut last = 0;
    for n in 0..times(60) as u64 {
        let client = if dice.below(3) == 0 { &there } else { &here };
        if dice.below(4) == 0 {
            let body = site(&format!("depot-{n}"), &format!("Depå {n}"));
            let _ = client.act("/api/v1/sites", &body);
            continue;
        }
        let measure = *dice.of(&MEASURES);
        let answer = report(client, &format!("r-{n}"), measure, 1_000 + n);
        assert_eq!((answer.status, answer.body["records"].as_u64()), (200, Some(1)), "{answer:?}");
        assert_eq!(value_of(client, measure), Some(1_000 + n), "who wrote it sees it");
        if std::ptr::eq(client, &here) {
            let seq = answer.body["record"]["seq"].as_u64().unwrap();
            assert!(seq_of(&answer) >= seq && seq > last, "{answer:?}");
            last = seq;
            let again = report(&there, &format!("r-{n}"), measure, 1_000 + n);
            assert_eq!(again.body["repeated"], true, "{again:?}");
        } else {
            assert_eq!(answer.as_of, None, "the writer lags behind nobody");
        }
    }
    wait_for("both show the same", || (shown(&here) == shown(&there)).then_some(()));
    let export =
        |installation: &Installation| installation.run(["journal", "export", "skane"]).ok();
    assert_eq!(export(&two.follower), export(&two.writer));
    two.follower.run(["journal", "verify"]).ok();
    let health = here.get("/healthz");
    assert_eq!((&health["role"], &health["behind"]), (&"follower".into(), &0.into()), "{health}");
    let records = read_export(&export(&two.writer)).unwrap().len();
    assert_eq!(health["as_of"]["skane"]["seq"].as_u64(), Some(records as u64), "{health}");
    let open = follower.nobody().get("/healthz");
    assert!(open.get("as_of").is_none() && open["status"] == "ok", "{open}");
    what_a_follower_has_not_the_keys_for(&two);
    assert!(follower.stop().success() && writer.stop().success());
}

/// What needs the writer's keys is refused with a word about where; what does not is done.
fn what_a_follower_has_not_the_keys_for(two: &Two) {
    let backup = two.follower.beside("backup");
    let backup = backup.to_str().unwrap();
    for command in [
        vec!["region", "add", "halland"],
        vec!["backup", backup],
        vec!["journal", "rotate-key", "skane"],
        vec!["peer", "card"],
    ] {
        let said = two.follower.run(&command).refused();
        assert!(said.contains("writer's data directory"), "{command:?}: {said}");
    }
    two.follower.add_user("bo@skane", "scientist");
    let list = two.writer.run(["user", "list"]).ok();
    assert!(list.contains("bo@skane"), "{list}");
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn without_its_writer_a_follower_reads_and_then_finds_the_next() {
    let two = two();
    let follower = {
        let writer = two.writer.serve();
        let follower = follow(&two);
        let here = follower.sign_in(USER);
        assert_eq!(report(&here, "before", "population", 1).status, 200);
        writer.kill();
        follower
    };
    let here = follower.sign_in(USER);
    for round in 0..times(2) as u64 {
        let value = value_of(&here, "population").expect("reading goes on");
        let key = format!("meanwhile-{round}");
        let away = report(&here, &key, "population", value + 1);
        assert_eq!((away.status, away.code()), (503, "writer.away"), "{away:?}");
        assert!(away.retry_after.is_some(), "{away:?}");
        let said = away.body["detail"].as_str().unwrap_or_default();
        assert!(said.contains("--follow"), "says what to do: {said}");
        assert_eq!(value_of(&here, "population"), Some(value), "nothing was recorded");
        assert_eq!(follower.nobody().try_get("/healthz").unwrap().status, 200);
        let writer = two.writer.serve();
        let done = wait_for("the next writer is found", || {
            let answer = report(&here, &key, "population", value + 1);
            (answer.status == 200).then_some(answer)
        });
        assert_eq!(done.body["records"], 1);
        assert_eq!(value_of(&here, "population"), Some(value + 1));
        let there = here.at(writer.address());
        assert_eq!(shown(&here), shown(&there));
        writer.kill();
    }
    // Promoted: the follower stops and is started as the writer, with the keys of the first.
    let mut old = two.writer.serve();
    assert!(follower.stop().success());
    let keys = two.follower.data().join("keys");
    for entry in std::fs::read_dir(two.writer.data().join("keys")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, keys.join(path.file_name().unwrap())).unwrap();
    }
    let promoted = two.follower.serve();
    let there = here.at(promoted.address());
    assert_eq!(report(&there, "promoted", "population", 77).status, 200);
    let fenced = old.ended();
    assert!(!fenced.success() && old.errors().contains("another process writes"), "{fenced:?}");
    assert_eq!(value_of(&there, "population"), Some(77));
    promoted.kill();
    two.follower.run(["journal", "verify"]).ok();
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn a_followers_live_stream_tells_what_the_writer_recorded() {
    let two = two();
    let (writer, follower) = (two.writer.serve(), follow(&two));
    let there = writer.sign_in(USER);
    let asked = serde_json::json!({ "user": USER, "password": PASSWORD });
    let signed = follower.nobody().post("/api/v1/sign-in", None, &asked).unwrap().ok();
    let address = follower.address().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let token = signed["token"].as_str().unwrap();
    let head = format!("GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\n");
    write!(stream, "{head}Authorization: Bearer {token}\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut until = |what: &str| {
        let mut found = || lines.by_ref().map_while(Result::ok).find(|line| line.contains(what));
        found().unwrap_or_else(|| panic!("{what} was not told"))
    };
    until(": alive");
    assert_eq!(report(&there, "told", "population", 5).status, 200);
    assert!(until("\"figures\"").contains("\"journal\":\"skane\""));
    let here = there.at(follower.address());
    assert_eq!(value_of(&here, "population"), Some(5), "news comes after what it tells of");
}

#[test]
fn a_database_in_a_file_is_not_followed() {
    let installation = Installation::with(USER, ROLES);
    let mut server = installation.begin(&["--follow"]);
    let said = server.ready().expect_err("it must not start");
    assert!(said.contains("cannot be followed") && said.contains("database ="), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    installation.settings("follow = true\n");
    let said = installation.run(["user", "list"]).refused();
    assert!(said.contains("cannot be followed"), "{said}");
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn while_postgresql_is_away_a_follower_says_so_and_goes_on_by_itself() {
    let mut cluster = Cluster::start();
    let settings = format!("database = {:?}\n", cluster.url());
    let (first, second) = (Installation::new(), Installation::new());
    first.settings(&settings);
    first.add_user(USER, ROLES);
    second.settings(&format!("{settings}follow = true\n"));
    let (writer, mut follower) = (first.serve(), second.serve());
    let there = writer.sign_in(USER);
    let here = there.at(follower.address());
    assert_eq!(report(&here, "before", "population", 1).status, 200);
    let health = || follower.nobody().try_get("/healthz").unwrap();
    cluster.down();
    wait_for("the health says so", || (health().status == 503).then_some(()));
    assert_eq!(value_of(&here, "population"), Some(1), "reading goes on");
    let away = report(&here, "meanwhile", "population", 2);
    assert_eq!(away.status, 503, "{away:?}");
    cluster.up();
    let done = wait_for("it is recorded again", || {
        let answer = report(&here, "meanwhile", "population", 2);
        (answer.status == 200).then_some(answer)
    });
    assert_eq!(done.body["records"], 1);
    assert_eq!(value_of(&here, "population"), Some(2));
    assert_eq!(health().status, 200);
    assert!(follower.runs());
    assert!(follower.stop().success() && writer.stop().success());
}
