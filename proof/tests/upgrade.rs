//! Upgrade: every installation that an earlier form wrote starts, says the same, and goes on.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use proof::{GOLDEN_REGIONS, Installation, free_address, golden_folder, projection, read_export};
use proof::{figures, run, wait_for, write_golden_keys};
use samband_domain::KINDS;
use serde_json::Value;

/// Every golden installation, oldest first.
fn all() -> Vec<PathBuf> {
    let entries = fs::read_dir(golden_folder()).unwrap();
    let mut all: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    assert!(!all.is_empty());
    all
}

/// A golden installation, set up anew, with a person who holds roles from now on.
fn set_up(folder: &Path) -> Installation {
    let installation = Installation::new();
    write_golden_keys(installation.data());
    fs::copy(folder.join("samband.db"), installation.data().join("samband.db")).unwrap();
    installation
}

fn golden(folder: &Path, region: &str, ending: &str) -> String {
    fs::read_to_string(folder.join(format!("{region}.{ending}"))).unwrap()
}

#[test]
fn every_record_is_verified_and_given_back_byte_for_byte() {
    for folder in all() {
        let installation = set_up(&folder);
        let verified = installation.run(["journal", "verify"]).ok();
        assert!(verified.contains("4 of kinds unknown to this version"), "{verified}");
        for region in GOLDEN_REGIONS {
            let export = installation.run(["journal", "export", region]).ok();
            assert!(export == golden(&folder, region, "ndjson"), "{region} of {folder:?}");
            let export = installation.run(["journal", "export", region, "--shared"]).ok();
            assert!(export == golden(&folder, region, "shared.ndjson"), "{region} of {folder:?}");
            for ending in ["ndjson", "shared.ndjson"] {
                let file = folder.join(format!("{region}.{ending}"));
                run(["journal", "check", file.to_str().unwrap()], "").ok();
            }
        }
        let size = fs::metadata(folder.join("samband.db")).unwrap().len();
        assert!(size < 200_000, "{size} bytes are too many to keep for ever");
    }
}

#[test]
fn the_state_that_follows_is_the_same_and_old_forms_are_lifted() {
    for folder in all() {
        let installation = set_up(&folder);
        installation.add_user("new@skane", "coordinator,administrator");
        let server = installation.serve();
        let client = server.sign_in("new@skane");
        let mut now = projection(&client);
        // The new person's mandates were not there then.
        let mandates = now["mandates"].as_array_mut().unwrap();
        let export = installation.run(["journal", "export", "skane"]).ok();
        let before = golden(&folder, "skane", "ndjson");
        assert!(export.starts_with(&before), "what was written stays as it was");
        let before = before + &golden(&folder, "halland", "ndjson");
        mandates.retain(|mandate| before.contains(mandate["id"].as_str().unwrap()));
        let then = fs::read_to_string(folder.join("projection.json")).unwrap();
        let then: Value = serde_json::from_str(&then).unwrap();
        for (name, rows) in then.as_object().unwrap() {
            let (then, now) = (set_of(rows), set_of(&now[name]));
            let gone: Vec<_> = then.difference(&now).collect();
            let new: Vec<_> = now.difference(&then).collect();
            assert!(gone.is_empty() && new.is_empty(), "{name}: gone {gone:#?}, new {new:#?}");
        }

        // Version 1 of a report named its file in two flat fields and knew no date.
        let figures = client.get("/api/v1/figures/skane/active_donors");
        let old = figures.as_array().unwrap().iter().find(|figure| figure["period"] == "2018");
        let old = old.expect("the figure of 2018");
        assert_eq!(old["value"], 20_001);
        assert_eq!(old["origin"]["source"], "Årsrapport 2018");
        assert_eq!(old["origin"]["file"], "givare-2018.csv");
        assert_eq!(old["origin"]["published"], Value::Null);
        let unknown = client.get("/api/v1/figures/skane/population");
        let unknown = unknown.as_array().unwrap().iter().find(|figure| figure["period"] == "2018");
        assert_eq!(unknown.unwrap()["value"], Value::Null, "unknown is not zero");
    }
}

fn set_of(rows: &Value) -> BTreeSet<String> {
    rows.as_array().unwrap().iter().map(Value::to_string).collect()
}

#[test]
fn it_goes_on_and_a_backup_of_it_can_be_restored() {
    for folder in all() {
        let installation = set_up(&folder);
        installation.add_user("new@skane", "coordinator,administrator");
        let server = installation.serve();
        let client = server.sign_in("new@skane");
        let rows = [("active_donors", "2018", 20_002)];
        let done = client.act("/api/v1/figures", &figures("Nytt", &rows));
        assert_eq!(done["record"]["epoch"], 2);
        let backup = installation.beside("backup");
        installation.run(["backup", backup.to_str().unwrap()]).ok();
        drop(server);
        let restored = Installation::new();
        restored.run(["restore", backup.to_str().unwrap()]).ok();
        let verified = restored.run(["journal", "verify"]).ok();
        assert!(verified.contains("head 3:1"), "{verified}");
        let export = restored.run(["journal", "export", "skane"]).ok();
        assert!(export.starts_with(&golden(&folder, "skane", "ndjson")));
    }
}

#[test]
fn a_neighbour_keeps_what_neither_of_them_understands() {
    for folder in all() {
        let (old, new) = (set_up(&folder), Installation::new());
        for side in [&old, &new] {
            let address = free_address();
            side.settings(&format!("peer_listen = {address:?}\npull_seconds = 1\n"));
        }
        new.add_user("anna@kronoberg", "administrator");
        for (one, other) in [(&old, &new), (&new, &old)] {
            let card = one.write("card", other.run(["peer", "card"]).ok());
            one.run(["peer", "add", card.to_str().unwrap()]).ok();
        }
        let (_old, server) = (old.serve(), new.serve());
        let client = server.sign_in("anna@kronoberg");
        wait_for("the golden journals are pulled", || {
            let regions = client.get("/api/v1/regions");
            (regions.as_array()?.len() == 3).then_some(())
        });
        for region in GOLDEN_REGIONS {
            let export = new.run(["journal", "export", region]).ok();
            let golden = golden(&folder, region, "shared.ndjson");
            assert!(export.starts_with(&golden), "{region}: {export}");
        }
        let verified = new.run(["journal", "verify"]).ok();
        assert!(verified.contains("of kinds unknown to this version"), "{verified}");
    }
}

/// A form that no golden installation holds could change unseen.
#[test]
fn the_golden_installations_hold_what_the_program_can_write() {
    let mut kinds = BTreeSet::new();
    for folder in all() {
        for region in GOLDEN_REGIONS {
            let lines = read_export(&golden(&folder, region, "ndjson")).unwrap();
            kinds.extend(lines.iter().map(|line| line.kind().to_owned()));
        }
    }
    for (kind, _) in KINDS.iter().copied().flatten() {
        assert!(kinds.contains(*kind), "{kind} is in no golden installation: {kinds:?}");
    }
}
