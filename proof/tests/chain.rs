//! kill −9 at random moments along the chain from donor to transfusion: whatever was answered is
//! there once, whatever was not is there whole or not at all, and a unit is in one place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use proof::{Client, Dice, Installation, Line, PASSWORD, Server, is_long, read_export, seed, site};
use serde_json::{Value, json};

/// Who works: everything but a physician's word; a physician; another region's scientist.
const PEOPLE: [(&str, &str); 3] = [
    ("anna@skane", "scientist,administrator,nurse,phlebotomist,coordinator"),
    ("berit@skane", "physician,scientist"),
    ("bo@halland", "scientist,administrator"),
];
const ANNA: usize = 0;
const BERIT: usize = 1;
const BO: usize = 2;

const WRITERS: u32 = 4;

const CODES: &str = "kind;code;product;attributes;text;from;until;facility
table;title;;;Prov;;;
table;version;;;1;;;
table;valid;;;;2025-01-01;2035-12-31;
facility;A9990;;;Skåne;;;
product;E0001;red_cells;leukoreduced;Erytrocyter;;;
product;E0002;whole_blood;leukoreduced;Helblod;;;
product;E0003;buffy_coat;;Buffy coat;;;
";

const RULES: &str = "key,value,unit,source,note\n\
    title,Regler för blod,,,\n\
    version,2026-1,,,\n\
    shelf_life.red_cells,42,d,KRON-K,\n\
    shelf_life.whole_blood,21,d,DSKI,\n\
    shelf_life.platelets_pooled,5,d,EU33,\n\
    reservation.lapse_hours,72,h,assumed (test),\n\
    emergency.red_cells.unknown,o_neg,,VHB,\n\
    nat.in_use,nej,,NAT-DR,\n\
    tests.each_donation,hbsag syphilis,,LT-KOMP,\n\
    tests.new_donor,htlv,,LT-KOMP,\n\
    tests.new_donor_again_years,5,years,LT-KOMP,\n\
    tests.group_determinations,2,determinations,SOS28,\n";

/// A step that was answered with 200.
struct Answered {
    who: usize,
    key: String,
    path: String,
    body: Value,
    record: Value,
}

/// What the writers and whoever kills the server share.
#[derive(Default)]
struct Field {
    /// Where the server is, as each person; none while it is down.
    clients: RwLock<Option<Vec<Client>>>,
    /// Every writer finishes the life it is at and stops.
    done: AtomicBool,
    /// The next donation's number.
    next: AtomicU32,
    answered: Mutex<Vec<Answered>>,
    /// How each unit must stand at the end.
    lives: Mutex<Vec<Life>>,
    /// Answers that no crash excuses.
    wrong: Mutex<Vec<String>>,
}

/// A unit and its end.
struct Life {
    n: u32,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Transfused,
    Returned,
    Sent,
    CalledBack,
}

fn din(n: u32) -> String {
    format!("A999026{n:06}")
}

fn red_cells(n: u32) -> String {
    format!("{}.E0001V00", din(n))
}

/// A number with its check digit, of the series that is never given out.
fn personal(n: u32) -> String {
    let text = format!("1950{:02}{:02}{}", 1 + n % 12, 1 + n / 12 % 28, 980 + n / 336 % 20);
    let weigh = |(at, byte): (usize, u8)| {
        let value = u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 };
        value / 10 + value % 10
    };
    let sum: u32 = text.bytes().skip(2).enumerate().map(weigh).sum();
    format!("{text}{}", (10 - sum % 10) % 10)
}

/// The region, its codes and rules, and another region beside it.
fn prepared() -> Installation {
    let installation = Installation::new();
    for (n, (user, roles)) in PEOPLE.into_iter().enumerate() {
        if n == BO {
            installation.run(["region", "add", "halland"]).ok();
        }
        installation.add_user(user, roles);
    }
    let server = installation.serve();
    let clients = sign_in(&server);
    for (who, id) in [(ANNA, "lund-bc"), (BO, "varberg-bc")] {
        let mut place = site(id, id);
        place["kind"] = "blood_centre".into();
        clients[who].act("/api/v1/sites", &place);
        let codes = "/api/v1/stock/codes?file=codes.csv";
        let answer = clients[who].post_text(codes, "text/csv", CODES).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let drafted = clients[ANNA].act("/api/v1/rule-sets", &json!({ "text": RULES }));
    let hash = drafted["done"]["id"].as_str().expect("a rule set").to_owned();
    let path = format!("/api/v1/rule-sets/{hash}");
    clients[BERIT].act(&format!("{path}/reviews"), &json!({ "verdict": "approve" }));
    clients[BERIT].act(&format!("{path}/adoption"), &json!({}));
    assert!(server.stop().success());
    installation
}

fn sign_in(server: &Server) -> Vec<Client> {
    let one = |(user, _): &(&str, &str)| Client::sign_in(server.address(), user, PASSWORD);
    PEOPLE.iter().map(|person| one(person).unwrap()).collect()
}

#[test]
fn the_chain_outlives_a_kill_at_any_step() {
    let installation = prepared();
    let (kills, seed) = (if is_long() { 150 } else { 25 }, seed("crash chain"));
    let field = Field { next: AtomicU32::new(1), ..Field::default() };
    let mut server = installation.serve();
    let clients = sign_in(&server);
    let at = |server: &Server| clients.iter().map(|one| one.at(server.address())).collect();
    let server = scope(|scope| {
        for writer in 0..WRITERS {
            let (field, dice) = (&field, Dice::new(seed ^ u64::from(writer + 1)));
            scope.spawn(move || live(field, dice));
        }
        let mut dice = Dice::new(seed);
        for _ in 0..kills {
            *field.clients.write().unwrap() = Some(at(&server));
            sleep(Duration::from_millis(60 + dice.below(500)));
            server.kill();
            *field.clients.write().unwrap() = None;
            server = installation.serve();
        }
        *field.clients.write().unwrap() = Some(at(&server));
        field.done.store(true, Ordering::SeqCst);
        server
    });
    let wrong = field.wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let (answered, lives) =
        (field.answered.into_inner().unwrap(), field.lives.into_inner().unwrap());
    println!("{kills} kills, {} steps answered, {} lives ended", answered.len(), lives.len());
    assert!(lives.len() >= kills, "too little happened to prove anything");

    let clients: Vec<Client> = at(&server);
    for one in &answered {
        let again = clients[one.who].post(&one.path, Some(&one.key), &one.body).unwrap().ok();
        assert_eq!(
            (&again["repeated"], &again["record"]),
            (&true.into(), &one.record),
            "{}",
            one.key
        );
    }
    for life in &lives {
        stands(&clients, life);
    }
    let reactions = clients[BERIT].get("/api/v1/reactions");
    let reactions = reactions.as_array().expect("a list");
    for life in lives.iter().filter(|life| life.end == End::Transfused) {
        let of_it = reactions.iter().filter(|one| one["units"] == json!([red_cells(life.n)]));
        assert_eq!(of_it.count(), 1, "{}: its reaction stands once", din(life.n));
    }
    assert!(server.stop().success());
    installation.run(["journal", "verify"]).ok();
    let export = installation.run(["journal", "export", "skane"]).ok();
    let lines = read_export(&export).unwrap();
    each_where_it_was_said(&lines, &answered);
    whole_or_not_at_all(&lines, &lives);
}

/// Every step that was answered stands at its place in the record, and no two at one place.
fn each_where_it_was_said(lines: &[Line], answered: &[Answered]) {
    let there: BTreeMap<_, _> = lines.iter().map(|line| (line.seq, line.hash.as_str())).collect();
    let own = answered.iter().filter(|one| one.who != BO);
    let mut taken = BTreeSet::new();
    for one in own {
        let seq = one.record["seq"].as_u64().expect("a record");
        assert_eq!(there.get(&seq).copied(), one.record["hash"].as_str(), "{}", one.key);
        assert!(taken.insert(seq), "{}: another step stands at its place", one.key);
    }
}

/// One writer: one unit's life after the other.
fn live(field: &Field, mut dice: Dice) {
    while !field.done.load(Ordering::SeqCst) {
        let n = field.next.fetch_add(1, Ordering::SeqCst);
        let end = [End::Transfused, End::Returned, End::Sent, End::CalledBack];
        let end = end[dice.below(4) as usize];
        if one_life(field, n, end).is_none() {
            return;
        }
        field.lives.lock().unwrap().push(Life { n, end });
    }
}

fn one_life(field: &Field, n: u32, end: End) -> Option<()> {
    let step = |who, name: &str, path: &str, body| say(field, (who, n, name), path, body);
    let number = format!("GIVARE{n:06}");
    let donor = json!({
        "number": number, "name": "Provgivare", "kinds": ["whole_blood"], "may_call": true,
        "earlier": [],
    });
    step(ANNA, "donor", "/donors", donor)?;
    let donation = json!({
        "din": din(n), "donor": null, "kind": "whole_blood", "site": "lund-bc",
        "millilitres": 450, "bags": [{ "product": "E0002V00", "millilitres": 500 }],
        "materials": [{ "kind": "bag", "catalogue": "K-1", "lot": "L-7" }],
    });
    step(ANNA, "donation", "/donations", donation)?;
    let clear = json!({ "din": din(n), "flag": "donor_unknown", "reason": "givaren är känd" });
    step(BERIT, "clear", "/donations/clear", clear)?;
    let separate = json!({
        "site": "lund-bc", "process": "separate", "inputs": [format!("{}.E0002V00", din(n))],
        "outputs": [
            { "product": "E0001V00", "millilitres": 280 },
            { "product": "E0003V00", "millilitres": 50 },
        ],
    });
    step(ANNA, "preparation", "/preparations", separate)?;
    let results = json!({
        "din": din(n), "group": "o_neg", "system": "analysator",
        "markers": { "hbsag": "negative", "syphilis": "negative", "htlv": "negative" },
    });
    step(ANNA, "results", "/test-results", results)?;
    let again = json!({ "din": din(n), "group": "o_neg", "system": "analysator" });
    step(ANNA, "results-2", "/test-results", again)?;
    step(ANNA, "release", "/releases", json!({ "units": [red_cells(n)] }))?;
    match end {
        End::Sent => sent(field, n),
        End::CalledBack => {
            let person = json!({ "number": personal(n), "name": "Provpatient" });
            step(ANNA, "patient", "/patients", person)?;
            let patient = find(field, &personal(n))?;
            let ask = json!({
                "patient": patient, "to": "halland", "ground": "consent",
                "urgency": "routine", "reason": "operation", "phone": "070-174 06 00",
            });
            step(ANNA, "disclosure", "/disclosures", ask)?;
            let call = json!({ "donations": [din(n)], "reason": "information" });
            step(BERIT, "call-back", "/withdrawals", call).map(drop)
        }
        End::Transfused | End::Returned => to_a_patient(field, n, end),
    }
}

fn to_a_patient(field: &Field, n: u32, end: End) -> Option<()> {
    let step = |who, name: &str, path: &str, body| say(field, (who, n, name), path, body);
    let number = format!("PATIENT{n:06}");
    let born = json!({ "number": number, "born": "1950-02-03", "sex": "male" });
    step(ANNA, "patient", "/patients", born)?;
    let asked = json!({
        "patient": number, "component": "red_cells", "units": 1, "needed": "2035-01-01 10:00",
        "urgency": "emergency", "site": "lund-bc", "ward": "Akuten", "indication": "blödning",
    });
    // Of an answer that was lost, the repetition names the same request.
    let answer = step(ANNA, "request", "/requests", asked)?;
    let request = answer["id"].as_str().expect("what came into being has a name").to_owned();
    let unit = red_cells(n);
    let reserve = json!({ "request": request, "units": [unit] });
    step(ANNA, "reservation", "/reservations", reserve)?;
    let issue = json!({ "request": request, "units": [unit], "fetched_by": "P. Prov" });
    step(ANNA, "issue", "/issues", issue)?;
    let report = if end == End::Transfused {
        json!({ "act": "transfused", "units": [unit], "patient": number })
    } else {
        json!({ "act": "returned", "units": [unit], "site": "lund-bc", "intact": true })
    };
    step(ANNA, "end", "/transfusions", report)?;
    if end == End::Returned {
        return Some(());
    }
    let reaction = json!({
        "patient": number, "units": [unit], "began": "2026-01-02 03:04", "signs": "feber",
        "category": "anaphylaxis", "severity": "serious", "imputability": "na",
    });
    step(ANNA, "reaction", "/reactions", reaction).map(drop)
}

fn sent(field: &Field, n: u32) -> Option<()> {
    let step = |who, name: &str, path: &str, body| say(field, (who, n, name), path, body);
    let shipment = json!({
        "from_site": "lund-bc", "to_region": "halland", "to_site": "varberg-bc",
        "units": [red_cells(n)],
        "boxes": [{ "number": 1, "units": [red_cells(n)] }],
    });
    let mut dispatch = step(ANNA, "shipment", "/shipments", shipment)?["record"].clone();
    dispatch["journal"] = "skane".into();
    let receipt = json!({
        "dispatch": dispatch, "site": "varberg-bc",
        "outcomes": [{ "unit": red_cells(n), "outcome": "accepted" }],
    });
    step(BO, "receipt", "/receipts", receipt).map(drop)
}

/// The patient of a number; none if the server never answers.
fn find(field: &Field, number: &str) -> Option<String> {
    let started = Instant::now();
    while started.elapsed() < 2 * proof::PATIENCE {
        let client = field.clients.read().unwrap().as_ref().map(|all| all[ANNA].clone());
        let path = format!("/api/v1/patients?number={number}");
        if let Some(Ok(answer)) = client.map(|client| client.try_get(&path))
            && answer.status == 200
        {
            return answer.body["patient"].as_str().map(str::to_owned);
        }
        sleep(Duration::from_millis(5));
    }
    field.wrong.lock().unwrap().push(format!("{number}: not found"));
    None
}

/// Gives one step under its key until it is answered; none if something is wrong.
fn say(
    field: &Field,
    (who, n, name): (usize, u32, &str),
    path: &str,
    body: Value,
) -> Option<Value> {
    let (key, path) = (format!("{n}-{name}"), format!("/api/v1{path}"));
    let started = Instant::now();
    loop {
        let client = field.clients.read().unwrap().as_ref().map(|all| all[who].clone());
        match client.map(|client| client.post(&path, Some(&key), &body)) {
            Some(Ok(answer)) if answer.status == 200 => {
                let record = answer.body["record"].clone();
                let one = Answered { who, key, path, body, record };
                field.answered.lock().unwrap().push(one);
                return Some(answer.body);
            }
            Some(Ok(answer)) if answer.status != 503 => {
                let wrong = format!("{key}: {} {}", answer.status, answer.body);
                field.wrong.lock().unwrap().push(wrong);
                return None;
            }
            // No answer: whether it happened, only the key tells.
            _ if started.elapsed() < 2 * proof::PATIENCE => sleep(Duration::from_millis(5)),
            _ => {
                field.wrong.lock().unwrap().push(format!("{key}: no answer"));
                return None;
            }
        }
    }
}

/// The unit is where its life ended, in one region alone.
fn stands(clients: &[Client], life: &Life) {
    let path = format!("/api/v1/units/{}/E0001V00", din(life.n));
    let shown = clients[ANNA].get(&path);
    let (region, status) = (shown["region"].as_str(), shown["status"].as_str().unwrap());
    match life.end {
        End::Transfused => assert_eq!((region, status), (Some("skane"), "gone"), "{shown}"),
        // No rule says how long it may be out: it waits.
        End::Returned | End::CalledBack => {
            assert_eq!((region, status), (Some("skane"), "quarantined"), "{shown}");
        }
        End::Sent => {
            assert_eq!(region, Some("halland"), "{shown}");
            assert_eq!(clients[BO].get(&path)["region"], "halland");
        }
    }
}

/// Each step of a unit stands once; what happens together stands side by side.
fn whole_or_not_at_all(lines: &[Line], lives: &[Life]) {
    let mut kinds: BTreeMap<(String, &str), Vec<u64>> = BTreeMap::new();
    let known: BTreeSet<_> = lives.iter().map(|life| din(life.n)).collect();
    for line in lines {
        let text = line.content.to_string();
        let at = text.match_indices("A999026").map(|(at, _)| text[at..at + 13].to_owned());
        for din in at.collect::<BTreeSet<_>>() {
            kinds.entry((din, line.kind())).or_default().push(line.seq);
        }
    }
    let once = |n: u32, kind: &'static str| {
        let found = kinds.get(&(din(n), kind)).map_or(&[][..], Vec::as_slice);
        assert_eq!(found.len(), 1, "{} stands {found:?} times as {kind}", din(n));
        found[0]
    };
    for life in lives {
        once(life.n, "donation.collected");
        once(life.n, "stock.released");
        match life.end {
            End::Sent => drop(once(life.n, "stock.dispatched")),
            End::CalledBack => drop(once(life.n, "donation.withdrawn")),
            End::Transfused => {
                let (issued, used) = (once(life.n, "stock.issued"), once(life.n, "stock.used"));
                assert!(once(life.n, "stock.reserved") < issued && issued < used);
            }
            End::Returned => drop(once(life.n, "stock.returned")),
        }
    }
    // A life that a writer gave up at the end may be unfinished, and nothing else is.
    let seen: BTreeSet<_> = kinds.keys().map(|(din, _)| din.clone()).collect();
    assert!(known.is_subset(&seen), "{:?}", known.difference(&seen));
}
