//! Writes a golden installation into `proof/golden/FORM`, from which later versions must start.
//!
//! Run on purpose, once for each form of the record, and commit what it writes:
//! `cargo build -p samband && cargo run -p proof --example golden v1`. It refuses to overwrite.
//!
//! Most of it is written by the program itself. What the program does not write any more
//! (version 1 of `figures.reported`) or not yet (kinds and versions of a later program) is
//! appended by hand with the means of the journal room.

#[path = "../../domain/tests/golden/alarms.rs"]
mod alarms;
#[path = "../../domain/tests/golden/blood.rs"]
mod blood;
#[path = "../../domain/tests/golden/called.rs"]
mod called;
#[path = "../../domain/tests/golden/donors.rs"]
mod donors;
#[path = "../../domain/tests/golden/made.rs"]
mod made;
#[path = "../../domain/tests/golden/mobile.rs"]
mod mobile;
#[path = "../../domain/tests/golden/patients.rs"]
mod patients;
#[path = "../../domain/tests/golden/plans.rs"]
mod plans;
#[path = "../../domain/tests/golden/transfusion.rs"]
mod transfusion;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use proof::{GOLDEN_REGIONS, Installation, Server, golden_folder, golden_key, golden_key_changed};
use proof::{figures, journal, projection, read_export, site, write_golden_keys};
use samband_domain::rulesets::{self, Document, Rule, Scope, Verdict, key};
use samband_domain::words::{NONE, Nothing, Sign as _};
use samband_domain::{
    ActorId, Digest, Encoded, Event, Known, PatientId, Private, RecordRef, Time, bonds, kernel,
};
use samband_journal::store::{Batch, HeadMove};
use samband_journal::{Author, Record, Store};
use serde_json::{Value, json};

const ROLES: &str = "director,coordinator,administrator";

/// 2024-01-01, when the hand-made genesis records were recorded.
const BEGINNING: Time = Time(1_704_063_600_000_000);

fn main() -> Result<()> {
    let form = std::env::args().nth(1).context("which form, e.g. v1")?;
    let folder = golden_folder().join(form);
    if folder.exists() {
        bail!("{} exists; a golden installation is never written anew", folder.display());
    }
    let runtime = tokio::runtime::Runtime::new()?;
    let installation = Installation::new();
    write_golden_keys(installation.data());
    runtime.block_on(genesis(installation.data()))?;
    for region in GOLDEN_REGIONS {
        installation.add_user(&format!("dir@{region}"), ROLES);
    }
    by_the_program(&installation);
    let installation = restored(&installation)?;
    runtime.block_on(by_hand(installation.data()))?;
    let server = installation.serve();
    let client = server.sign_in("dir@skane");
    // And it goes on after records that it does not know.
    client.act("/api/v1/figures", &figures("Efteråt", &[("active_donors", "2019", 21_900)]));
    let expected = projection(&client);
    assert!(server.stop().success());
    save(&installation, &folder, &expected)
}

async fn genesis(data: &Path) -> Result<()> {
    let store = Store::open_sqlite(&data.join("samband.db")).await?;
    for (region, name, code) in
        [("halland", "Region Halland", "13"), ("skane", "Region Skåne", "12")]
    {
        let key = golden_key(region).public();
        let shared = format!(
            r#"{{"continues":null,"format":"samband-record/1","key":"{key}","mode":"real","owner":{{"county_code":"{code}","kind":"region","name":"{name}"}}}}"#
        );
        let event =
            Encoded { kind: "journal.opened", version: 1, shared: Some(shared), private: None };
        let mut events = vec![event];
        if region == "halland" {
            events.push(key_changed());
        }
        append(&store, region, None, BEGINNING, events).await?;
    }
    store.close().await;
    Ok(())
}

/// The program draws its keys; this one follows from its name, so that no key lies in the repository.
fn key_changed() -> Encoded {
    let (old, new) = (golden_key("halland"), golden_key_changed().public());
    let rotated = kernel::event::KeyRotated { old: old.public(), new, vouched: old.sign(&new.0) };
    encoded(kernel::Event::KeyRotated(rotated, NONE))
}

fn encoded(event: impl Into<Event>) -> Encoded {
    event.into().encode().expect("a kind of this program")
}

async fn append(
    store: &Store,
    region: &str,
    from: Option<RecordRef>,
    at: Time,
    events: Vec<Encoded>,
) -> Result<()> {
    let (id, actor) = (journal(region), ActorId::new("machine")?);
    let author = Author { happened: at, actor: &actor, mandate: None, cause: &[] };
    let (epoch, mut seq, mut previous) =
        from.as_ref().map_or((1, 0, Digest::ZERO), |from| (from.epoch, from.seq, from.hash));
    let mut records = Vec::new();
    for event in events {
        seq += 1;
        let salt = Digest::of(format!("salt {region} {seq}").as_bytes()).0;
        let record = Record::next((&id, epoch, seq), &previous, at, event, author, salt);
        previous = record.hash;
        records.push(record);
    }
    let to = records.last().context("records")?.at();
    let head = HeadMove { journal: id, from, to, recorded: at, local: true };
    let term = store.take_writer().await?;
    store.append(term, &Batch { heads: vec![head], records, ..Batch::default() }).await?;
    Ok(())
}

/// Every kind that can be reached from outside.
fn by_the_program(installation: &Installation) {
    installation.run(["user", "add", "sec@skane", "--role", "secretary"]).ok();
    installation.run(["user", "disable", "sec@skane"]).ok();
    installation.add_user("saf@skane", "safety");
    let server = installation.serve();
    let (s, h) = (server.sign_in("dir@skane"), server.sign_in("dir@halland"));
    sites_and_people(&server);
    looked_at_afterwards(&server);
    let rows = [("population", "2024", 1_428_626), ("active_donors", "2024", 22_103)];
    s.act("/api/v1/figures", &figures("Rapport", &rows));
    h.act("/api/v1/figures", &figures("Rapport", &[("active_donors", "2024", 5_938)]));
    let right = json!({
        "measure": "active_donors", "period": "2024", "value": 22_104, "reason": "en till",
    });
    s.act("/api/v1/figures/correct", &right);
    for (title, then) in [
        ("Bindande", Some("sign")),
        ("Avböjt", Some("decline")),
        ("Återtaget", Some("withdraw")),
        ("Ensidigt", None),
        ("Upphört", Some("end")),
    ] {
        let proposal = json!({
            "title": title, "kind": "consultancy", "parties": ["halland", "skane"],
            "clauses": ["Konsultation dygnet runt."], "from": "2025-01-01",
        });
        let done = h.act("/api/v1/agreements", &proposal);
        let hash = done["id"].as_str().expect("a name").to_owned();
        let act = |client: &proof::Client, verb: &str, body: &Value| {
            client.act(&format!("/api/v1/agreements/{hash}/{verb}"), body);
        };
        let why = json!({ "reason": "prov", "at": "2099-01-01" });
        match then {
            Some("withdraw") => act(&h, "withdraw", &why),
            Some("end") => {
                act(&s, "sign", &Value::Null);
                act(&s, "end", &why);
            }
            Some(verb) => act(&s, verb, &why),
            None => {}
        }
    }
    supply_agreement(&s, &h);
    let peer = json!({
        "journal": "gotland", "key": golden_key("gotland").public().to_string(), "mode": "real",
        "url": "https://gotland.invalid:8443", "certificate": Digest::of(b"gotland").to_string(),
    });
    s.act("/api/v1/peers", &peer);
    let mut moved = peer;
    moved["url"] = "https://moved.gotland.invalid:8443".into();
    s.act("/api/v1/peers", &moved);
    s.act("/api/v1/peers/gotland/drop", &json!({ "reason": "prov" }));
    assert!(server.stop().success());
}

/// One with prices and keys, signed by both.
fn supply_agreement(s: &proof::Client, h: &proof::Client) {
    let proposal = json!({
        "title": "Gemensam försörjning", "kind": "supply", "parties": ["halland", "skane"],
        "clauses": ["Regionerna hjälper varandra."], "from": "2025-01-01",
        "terms": {
            "keys": { "population": 40, "use": 40, "equal": 20 },
            "prices": [{ "component": "red_cells", "ore": 140_000 }],
            "box_ore": 35_000, "carriage": "sender", "unknown_home": "treated",
            "joint": [{ "what": "Buss", "paid_by": "halland", "ore": 900, "key": "use" }],
        },
    });
    let done = h.act("/api/v1/agreements", &proposal);
    let hash = done["id"].as_str().expect("a name");
    s.act(&format!("/api/v1/agreements/{hash}/sign"), &Value::Null);
}

fn sites_and_people(server: &Server) {
    let s = server.sign_in("dir@skane");
    s.act("/api/v1/sites", &site("lund", "Blodcentralen Lund"));
    s.act("/api/v1/sites", &site("depa", "Depå"));
    let right = json!({
        "name": "Depå Ystad", "record": "external", "note": "ProSang", "reason": "namnet",
    });
    s.act("/api/v1/sites/depa/correct", &right);
    let end = json!({ "at": "2026-01-01", "reason": "flytt" });
    s.act("/api/v1/sites/depa/close", &end);
    let person = json!({
        "id": "a-golden", "profession": "physician", "title": "Överläkare",
        "name": "Gull Gyllen", "phone": "070-1740605",
    });
    s.act("/api/v1/actors", &person);
    let mandate = json!({
        "holder": "a-golden", "capacity": { "kind": "role", "code": "physician" },
        "from": "2025-01-01",
        "approval": { "kind": "pending", "authority": "IVO", "at": "2025-01-01" },
    });
    let done = s.act("/api/v1/mandates", &mandate);
    let id = done["id"].as_str().expect("a mandate").to_owned();
    let consent = json!({
        "kind": "approved", "authority": "IVO", "reference": "7", "at": "2025-02-01",
    });
    s.act(&format!("/api/v1/mandates/{id}/approval"), &consent);
    s.act(&format!("/api/v1/mandates/{id}/end"), &end);
    let _ = s.get("/api/v1/people/skane/a-golden?purpose=prov");
}

/// What somebody says about earlier records, and what is seen only in the own region.
fn looked_at_afterwards(server: &Server) {
    let (s, safety) = (server.sign_in("dir@skane"), server.sign_in("saf@skane"));
    let note = json!({ "epoch": 1, "seq": 2, "text": "Titeln ska vara en annan." });
    s.act("/api/v1/journal/skane/annotations", &note);
    let body = json!({ "body": "sodra", "name": "Södra sjukvårdsregionen", "from": "2025-01-01" });
    s.act("/api/v1/bodies", &body);
    s.act("/api/v1/bodies/sodra/leave", &json!({ "at": "2099-01-01" }));
    let right = json!({
        "title": "Chefsöverläkare", "name": "Gull Gyllén", "phone": "070-1740605",
        "reason": "fel stavat",
    });
    s.act("/api/v1/actors/a-golden/correct", &right);
    let gone = json!({
        "id": "a-erased", "profession": "nurse", "title": "Sjuksköterska", "name": "Raderad Rut",
    });
    s.act("/api/v1/actors", &gone);
    safety.act("/api/v1/actors/a-erased/erase", &json!({ "ground": "begäran, dnr 7" }));
    s.act("/api/v1/break-glass", &json!({ "reason": "strömavbrott", "minutes": 60 }));
    let opened = safety.get("/api/v1/break-glass");
    let mandate = opened[0]["mandate"].as_str().expect("it was opened").to_owned();
    let finding = json!({ "finding": "befogat" });
    safety.act(&format!("/api/v1/break-glass/{mandate}/review"), &finding);
}

/// The same in a second epoch, as after a restored backup.
fn restored(installation: &Installation) -> Result<Installation> {
    let backup = installation.beside("backup");
    let backup = backup.to_str().context("a path of text")?;
    installation.run(["backup", backup]).ok();
    let restored = Installation::new();
    restored.run(["restore", backup]).ok();
    Ok(restored)
}

/// What the engine reports of a neighbour over time, and what a person says of it.
fn noticed_of_gotland() -> Vec<Encoded> {
    use bonds::event::{EpochNoticed, FellSilent, ForkSeen, ForkSettled, HeardAgain, Noticed};
    let at = |epoch, seq: u64| RecordRef {
        journal: journal("gotland"),
        epoch,
        seq,
        hash: Digest::of(&seq.to_be_bytes()),
    };
    let epoch = EpochNoticed { genesis: at(2, 1), continues: at(1, 7), lost: 2 };
    let fork = ForkSeen {
        held: at(2, 3),
        shown: Some(Digest::of(b"shown")),
        detail: "it has another record at the same place".into(),
    };
    let (gotland, finding) = (journal("gotland"), "en gammal kopia".to_owned());
    let settled = ForkSettled { journal: gotland.clone(), finding };
    let silent = FellSilent { journal: gotland.clone(), heard: Known::Value(BEGINNING) };
    let all = [
        bonds::Event::Noticed(Noticed { head: at(1, 9) }, NONE),
        bonds::Event::EpochNoticed(epoch, NONE),
        bonds::Event::ForkSeen(fork, NONE),
        bonds::Event::ForkSettled(settled, NONE),
        bonds::Event::FellSilent(silent, NONE),
        bonds::Event::HeardAgain(HeardAgain { journal: gotland }, NONE),
    ];
    all.into_iter().map(encoded).collect()
}

/// A rule set's whole life, without the people whom it takes.
fn ruled() -> Vec<Encoded> {
    use rulesets::event::{Adopted, Drafted, Reviewed, Withdrawn};
    let rule = Rule {
        key: key::SHELF_LIFE_RED_CELLS,
        value: Known::Value(rulesets::Value::Days(42)),
        source: "KRON-K".into(),
        note: None,
    };
    let text = Document::of(Scope::Blood, "Regler".into(), "1".into(), &[rule]).text();
    let (rule_set, comment) = (Digest::of(text.as_bytes()), Some("se över".into()));
    let reviewed = Reviewed { rule_set, verdict: Verdict::Object, comment };
    let withdrawn = Withdrawn { rule_set, reason: "ersatt".into() };
    let all = [
        rulesets::Event::Drafted(Drafted { text: text.clone(), file: None }, NONE),
        rulesets::Event::Reviewed(reviewed, NONE),
        rulesets::Event::Adopted(Adopted { text, from: BEGINNING }, NONE),
        rulesets::Event::Withdrawn(withdrawn, NONE),
    ];
    all.into_iter().map(encoded).collect()
}

/// What an earlier and a later program write.
async fn by_hand(data: &Path) -> Result<()> {
    let store = Store::open_sqlite(&data.join("samband.db")).await?;
    let heads = store.heads().await?;
    let head = heads.iter().find(|head| head.at.journal == journal("skane"));
    let head = head.context("Skåne's head")?;
    let file = Digest::of(b"givare-2018.csv");
    let earlier = format!(
        r#"{{"file":"givare-2018.csv","rows":[{{"column":"Givare","measure":"active_donors","period":"2018","row":2,"value":{{"value":20001}}}},{{"column":"Okänt","measure":"population","period":"2018","row":2,"value":"unknown"}}],"sha256":"{file}","source":"Årsrapport 2018"}}"#
    );
    let event = |kind, version, shared: &str, private: Option<&str>| Encoded {
        kind,
        version,
        shared: Some(shared.to_owned()).filter(|text| !text.is_empty()),
        private: private.map(str::to_owned),
    };
    let later = r#"{"new_field":[1,{"åäö":"\"\\\n"}],"rows":"in a form of later"}"#;
    let mut events = noticed_of_gotland();
    events.extend(ruled());
    // What an earlier golden installation holds need not be kept twice.
    let held = held_already()?;
    let areas = [
        blood::events().into_iter().map(encoded).collect(),
        made::events().into_iter().map(encoded).collect(),
        donors::events().into_iter().map(encoded).collect(),
        patients::events().into_iter().map(encoded).collect(),
        called::events().into_iter().map(encoded).collect(),
        mobile::events().into_iter().map(encoded).collect(),
        transfusion::events().into_iter().map(encoded).collect(),
        plans::events().into_iter().map(encoded).collect(),
        alarms::events().into_iter().map(encoded).collect::<Vec<_>>(),
    ];
    let new = areas.into_iter().flatten();
    events.extend(new.filter(|event| !held.contains(event.kind)));
    events.push(encoded(kernel::Event::SubjectRead(
        Nothing,
        Private::Here(kernel::event::SubjectRead {
            of: kernel::ReadOf::Patient(PatientId::new("p-1")?),
            purpose: "patient_page".into(),
        }),
    )));
    events.push(encoded(kernel::Event::ListRead(
        Nothing,
        Private::Here(kernel::event::ListRead {
            of: vec![kernel::ReadOf::Patient(PatientId::new("p-1")?)],
            purpose: "call_up".into(),
        }),
    )));
    events.extend([
        event("figures.reported", 1, &earlier, None),
        event("later.thing", 1, r#"{"din":"A9990 26 000001","product":"E0000"}"#, None),
        event("figures.reported", 99, later, None),
        event("site.opened", 99, "[]", Some(r#"{"who":"Hemlig Människa"}"#)),
        event("later.person", 2, "", Some(r#"{"name":"Gerd Givare"}"#)),
    ]);
    append(&store, "skane", Some(head.at.clone()), head.recorded, events).await?;
    store.close().await;
    Ok(())
}

/// The kinds that stand in golden installations written before.
fn held_already() -> Result<BTreeSet<String>> {
    let mut kinds = BTreeSet::new();
    for folder in std::fs::read_dir(golden_folder())? {
        if !folder.as_ref().is_ok_and(|one| one.path().is_dir()) {
            continue;
        }
        for region in GOLDEN_REGIONS {
            let file = folder.as_ref().map(|one| one.path().join(format!("{region}.ndjson")));
            let text = std::fs::read_to_string(file.map_err(|_| anyhow!("no folder"))?)?;
            let lines = read_export(&text).map_err(|wrong| anyhow!("{wrong}"))?;
            kinds.extend(lines.iter().map(|line| line.kind().to_owned()));
        }
    }
    Ok(kinds)
}

fn save(installation: &Installation, folder: &Path, expected: &Value) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for region in GOLDEN_REGIONS {
        for (ending, shared) in [("ndjson", None), ("shared.ndjson", Some("--shared"))] {
            let export = ["journal", "export", region].into_iter().chain(shared);
            let text = installation.run(export).ok();
            std::fs::write(folder.join(format!("{region}.{ending}")), text)?;
        }
    }
    std::fs::write(folder.join("projection.json"), serde_json::to_string_pretty(expected)?)?;
    std::fs::copy(installation.data().join("samband.db"), folder.join("samband.db"))?;
    println!("written: {}", folder.display());
    Ok(())
}
