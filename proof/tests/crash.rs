//! kill −9 at random moments under load: every acknowledged command is there, exactly once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread::{scope, sleep};
use std::time::Duration;

use proof::{Client, Database, Dice, Installation, Line, Server, figures, read_export, seed};
use proof::{site, times};
use serde_json::Value;

const WRITERS: u64 = 12;
const USER: &str = "anna@skane";
const MEASURES: [&str; 4] =
    ["population", "population_18_64", "active_donors", "whole_blood_donations"];

/// A command that was answered with 200.
struct Acknowledged {
    key: String,
    path: &'static str,
    body: Value,
    answer: Value,
}

/// What the writers and whoever kills the server share.
#[derive(Default)]
struct Field {
    /// Where the server is; none while it is down.
    client: RwLock<Option<Client>>,
    /// Every writer finishes the command it is at and stops.
    done: AtomicBool,
    /// The test has failed: nobody waits for anything any more.
    lost: AtomicBool,
    acknowledged: Mutex<Vec<Acknowledged>>,
    /// Answers that no crash excuses.
    wrong: Mutex<Vec<String>>,
}

/// Tells the writers if whoever kills the server has failed.
struct Bell<'a>(&'a Field);

impl Drop for Bell<'_> {
    fn drop(&mut self) {
        self.0.lost.store(std::thread::panicking(), Ordering::SeqCst);
    }
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_sqlite() {
    let installation = Installation::with(USER, "coordinator,administrator");
    crash(&installation, times(60), seed("crash sqlite"));
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn nothing_acknowledged_is_lost_or_doubled_postgresql() {
    let database = Database::new();
    let installation = Installation::new();
    installation.settings(&format!("database = {:?}", database.url()));
    installation.add_user(USER, "coordinator,administrator");
    crash(&installation, times(20), seed("crash postgresql"));
}

fn crash(installation: &Installation, kills: usize, seed: u64) {
    let field = Field::default();
    let mut server = installation.serve();
    let signed_in = server.sign_in(USER);
    let server = scope(|scope| {
        let _bell = Bell(&field);
        for writer in 0..WRITERS {
            let (field, dice) = (&field, Dice::new(seed ^ (writer + 1)));
            scope.spawn(move || write(field, writer, dice));
        }
        let mut dice = Dice::new(seed);
        for _ in 0..kills {
            *field.client.write().unwrap() = Some(signed_in.at(server.address()));
            sleep(Duration::from_millis(30 + dice.below(270)));
            server.kill();
            *field.client.write().unwrap() = None;
            server = restart(installation, &mut dice);
        }
        *field.client.write().unwrap() = Some(signed_in.at(server.address()));
        sleep(Duration::from_millis(300));
        field.done.store(true, Ordering::SeqCst);
        server
    });
    let wrong = field.wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let acknowledged = field.acknowledged.into_inner().unwrap();
    println!("{kills} kills, {} commands acknowledged", acknowledged.len());
    let floor = kills * 2;
    assert!(acknowledged.len() > floor, "too little load to prove anything");

    let client = signed_in.at(server.address());
    each_key_answers_as_before(&client, &acknowledged);
    let before = state(&client);
    assert!(server.stop().success());

    installation.run(["journal", "verify"]).ok();
    let export = installation.run(["journal", "export", "skane"]).ok();
    let lines = read_export(&export).unwrap();
    each_once_in_the_record(&lines, &acknowledged);
    let checked = installation.write("skane.ndjson", &export);
    proof::run(["journal".as_ref(), "check".as_ref(), checked.as_os_str()], "").ok();

    let server = installation.serve();
    let after = state(&signed_in.at(server.address()));
    assert_eq!(before, after, "the state after a clean start");
    the_figures_follow_from_the_record(&lines, &after[0]);
}

/// Starts the server again; sometimes it is killed while it starts.
fn restart(installation: &Installation, dice: &mut Dice) -> Server {
    while dice.below(5) == 0 {
        let starting = installation.begin(&[]);
        sleep(Duration::from_millis(dice.below(60)));
        starting.kill();
    }
    installation.serve()
}

/// One writer: each command under its own key, repeated until it is answered.
fn write(field: &Field, writer: u64, mut dice: Dice) {
    for n in 0.. {
        let mark = format!("w{writer}-{n}");
        let (path, body) = command(&mark, &mut dice);
        let answer = loop {
            let client = field.client.read().unwrap().clone();
            let outcome = client.map(|client| client.post(path, Some(&mark), &body));
            match outcome {
                Some(Ok(answer)) if answer.status == 200 => break answer.body,
                // The session was made before the first crash and outlives all of them.
                Some(Ok(answer)) if answer.status != 503 => {
                    let wrong = format!("{mark}: {} {}", answer.status, answer.body);
                    field.wrong.lock().unwrap().push(wrong);
                    return;
                }
                _ if field.lost.load(Ordering::SeqCst) => return,
                // No answer, or none for certain: whether it happened, only the key tells.
                _ => sleep(Duration::from_millis(5)),
            }
        };
        let acknowledged = Acknowledged { key: mark, path, body, answer };
        field.acknowledged.lock().unwrap().push(acknowledged);
        if field.done.load(Ordering::SeqCst) {
            return;
        }
    }
}

fn command(mark: &str, dice: &mut Dice) -> (&'static str, Value) {
    if dice.below(4) == 0 {
        return ("/api/v1/sites", site(mark, &format!("Depå {mark}")));
    }
    let year = (2000 + dice.below(20)).to_string();
    // Those aged 18–64 stay fewer than all, so that no report is refused.
    let value = |measure: &str, dice: &mut Dice| match measure {
        "population" => 1_000_000 + dice.below(1_000_000),
        _ => dice.below(1_000_000),
    };
    let first = dice.below(4) as usize;
    let count = 1 + dice.below(4) as usize;
    let chosen: Vec<_> = (first..first + count).map(|n| MEASURES[n % 4]).collect();
    let rows: Vec<_> =
        chosen.iter().map(|name| (*name, year.as_str(), value(name, dice))).collect();
    ("/api/v1/figures", figures(mark, &rows))
}

/// The same key brings the same record, and no second one.
fn each_key_answers_as_before(client: &Client, acknowledged: &[Acknowledged]) {
    for Acknowledged { key, path, body, answer } in acknowledged {
        let again = client.post(path, Some(key), body).unwrap().ok();
        assert_eq!(again["repeated"], true, "{key}");
        assert_eq!(again["record"], answer["record"], "{key}");
    }
    if let Some(first) = acknowledged.first() {
        let other = client.post("/api/v1/sites", Some(&first.key), &site("other", "Annan"));
        assert_eq!(other.unwrap().status, 409, "one key for two commands");
    }
}

fn mark_of(line: &Line) -> Option<&str> {
    match line.kind() {
        "figures.reported" => line.shared()["source"]["title"].as_str(),
        "site.opened" => line.shared()["id"].as_str(),
        _ => None,
    }
}

fn each_once_in_the_record(lines: &[Line], acknowledged: &[Acknowledged]) {
    let mut found: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        if let Some(mark) = mark_of(line) {
            found.entry(mark).or_default().push(line);
        }
    }
    for one in acknowledged {
        let lines = found.get(one.key.as_str()).map_or(&[][..], Vec::as_slice);
        assert_eq!(lines.len(), 1, "{} stands {} times in the record", one.key, lines.len());
        let (line, record) = (lines[0], &one.answer["record"]);
        let stands = (Some(line.epoch), Some(line.seq), Some(line.hash.as_str()));
        let said = (record["epoch"].as_u64(), record["seq"].as_u64(), record["hash"].as_str());
        assert_eq!(stands, said, "{}", one.key);
    }
    let known: BTreeSet<_> = acknowledged.iter().map(|one| one.key.as_str()).collect();
    for (mark, lines) in found {
        assert_eq!(lines.len(), 1, "{mark} was carried out twice");
        assert!(known.contains(mark), "{mark} was carried out and never answered");
    }
}

fn state(client: &Client) -> [Value; 3] {
    ["/api/v1/figures", "/api/v1/sites", "/api/v1/regions"].map(|path| {
        let mut value = client.get(path);
        // As of when a region's state is known moves with the clock.
        for region in value.as_array_mut().into_iter().flatten() {
            region.as_object_mut().map(|region| region.remove("as_of"));
        }
        value
    })
}

/// The figures in force are those that were stated last, by the order of the record.
fn the_figures_follow_from_the_record(lines: &[Line], shown: &Value) {
    let mut expected = BTreeMap::new();
    for line in lines.iter().filter(|line| line.kind() == "figures.reported") {
        for row in line.shared()["rows"].as_array().into_iter().flatten() {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            expected.insert((text("measure"), text("period")), row["value"]["value"].clone());
        }
    }
    let shown: BTreeMap<_, _> = shown
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            ((text("measure"), text("period")), row["value"].clone())
        })
        .collect();
    assert_eq!(expected, shown);
    assert!(!shown.is_empty());
}
