//! Writes a golden installation into `proof/golden/FORM`, from which later versions must start.
//!
//! Run on purpose, once for each form of the record, and commit what it writes:
//! `cargo build -p samband && cargo run -p proof --example golden v1`. It refuses to overwrite.
//!
//! Most of it is written by the program itself. What the program does not write any more
//! (version 1 of `figures.reported`) or not yet (kinds and versions of a later program) is
//! appended by hand with the means of the journal room.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use proof::{GOLDEN_REGIONS, Installation, Server, golden_folder, golden_key, projection};
use proof::{figures, journal, site, write_golden_keys};
use samband_domain::{ActorId, Digest, Encoded, RecordRef, Time};
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
        append(&store, region, None, BEGINNING, vec![event]).await?;
    }
    store.close().await;
    Ok(())
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
    let server = installation.serve();
    let (s, h) = (server.sign_in("dir@skane"), server.sign_in("dir@halland"));
    sites_and_people(&server);
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
    let peer = json!({
        "journal": "gotland", "key": golden_key("gotland").public().to_string(), "mode": "real",
        "url": "https://gotland.invalid:8443", "certificate": Digest::of(b"gotland").to_string(),
    });
    s.act("/api/v1/peers", &peer);
    s.act("/api/v1/peers/gotland/drop", &json!({ "reason": "prov" }));
    assert!(server.stop().success());
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

/// The same in a second epoch, as after a restored backup.
fn restored(installation: &Installation) -> Result<Installation> {
    let backup = installation.beside("backup");
    let backup = backup.to_str().context("a path of text")?;
    installation.run(["backup", backup]).ok();
    let restored = Installation::new();
    restored.run(["restore", backup]).ok();
    Ok(restored)
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
    let events = vec![
        event("figures.reported", 1, &earlier, None),
        event("unit.registered", 1, r#"{"din":"A9990 26 000001","product":"E0000"}"#, None),
        event("figures.reported", 99, later, None),
        event("site.opened", 99, "[]", Some(r#"{"who":"Hemlig Människa"}"#)),
        event("donor.registered", 2, "", Some(r#"{"name":"Gerd Givare"}"#)),
    ];
    append(&store, "skane", Some(head.at.clone()), head.recorded, events).await?;
    store.close().await;
    Ok(())
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
