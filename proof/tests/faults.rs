//! What a disk, a hand and a database server can do: a clear error, nothing lost, and recovery by
//! itself where that is possible.
//!
//! A clock that jumps is shown in `engine/tests`, where the clock can be set.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proof::{
    Answer, Client, Cluster, Installation, Sqlite, change, figures, read_export, wait_for,
};

const USER: &str = "anna@skane";
const ROLES: &str = "coordinator,administrator";

fn installation() -> Installation {
    Installation::with(USER, ROLES)
}

fn report(client: &Client, n: u64) -> Option<Answer> {
    let body = figures(&format!("Rapport {n}"), &[("active_donors", "2024", n)]);
    client.post("/api/v1/figures", Some(&format!("report-{n}")), &body).ok()
}

/// Reports until `last`, so that the database holds more than its first pages.
fn reported(client: &Client, last: u64) {
    for n in 1..=last {
        let _ = report(client, n).unwrap().ok();
    }
}

/// The values reported, in the order of the record.
fn in_the_record(installation: &Installation) -> Vec<u64> {
    let export = installation.run(["journal", "export", "skane"]).ok();
    let lines = read_export(&export).unwrap();
    let reports = lines.iter().filter(|line| line.kind() == "figures.reported");
    reports.map(|line| line.shared()["rows"][0]["value"]["value"].as_u64().unwrap()).collect()
}

fn database(installation: &Installation) -> PathBuf {
    installation.data().join("samband.db")
}

#[track_caller]
fn refuses_to_serve(installation: &Installation) -> String {
    let mut server = installation.begin(&[]);
    let said = server.ready().expect_err("it must not start");
    assert!(!said.contains("panicked"), "{said}");
    assert_eq!(server.ended().code(), Some(1), "{said}");
    said
}

/// What only root can bring about. `cargo xtask verify` runs these where it may, and counts them as
/// skipped where it may not.
mod needs_root {
    use super::*;

    /// A small file system of our own, unmounted with this value.
    struct SmallDisk(PathBuf);

    impl SmallDisk {
        fn mount(at: &Path, size: &str) -> Self {
            fs::create_dir_all(at).unwrap();
            let mut mount = Command::new("mount");
            mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(at);
            let output = mount.output().expect("mount runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            Self(at.to_owned())
        }
    }

    impl Drop for SmallDisk {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        }
    }

    #[test]
    #[ignore = "mounts a small disk: needs root, run cargo xtask verify as root"]
    fn on_a_full_disk_nothing_acknowledged_is_lost_and_room_heals_it() {
        let installation = Installation::new();
        let _disk = SmallDisk::mount(installation.data(), "3m");
        installation.add_user(USER, ROLES);
        let server = installation.serve();
        let client = server.sign_in(USER);
        let ballast = installation.data().join("ballast");
        fs::write(&ballast, vec![1; 1_000_000]).unwrap();
        let mut acknowledged = 0;
        let full = loop {
            let answer = report(&client, acknowledged + 1).expect("an answer even so");
            if answer.status != 200 {
                break answer;
            }
            acknowledged += 1;
            assert!(acknowledged < 20_000, "the disk never fills");
        };
        assert_eq!(full.status, 503, "{}", full.body);
        assert!(full.retry_after.is_some() && !full.code().is_empty(), "{full:?}");
        assert!(client.get("/api/v1/regions").is_array(), "reading goes on");

        fs::remove_file(&ballast).unwrap();
        wait_for("it records again by itself", || {
            report(&client, acknowledged + 1).filter(|answer| answer.status == 200)
        });
        let health = server.nobody().try_get("/healthz").unwrap();
        assert_eq!(health.status, 200, "{health:?}");
        server.kill();
        installation.run(["journal", "verify"]).ok();
        assert_eq!(in_the_record(&installation), (1..=acknowledged + 1).collect::<Vec<_>>());
    }

    /// Root reads and writes whatever it likes, so the file system itself is made read-only.
    #[test]
    #[ignore = "mounts a small disk: needs root, run cargo xtask verify as root"]
    fn a_read_only_directory_is_named() {
        let installation = Installation::new();
        let _disk = SmallDisk::mount(installation.data(), "8m");
        installation.add_user(USER, ROLES);
        let remount = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(installation.data())
            .status()
            .unwrap();
        assert!(remount.success());
        let said = refuses_to_serve(&installation);
        let data = installation.data().to_str().unwrap();
        assert!(said.contains(data) && said.contains("Read-only"), "{said}");
        let said = installation.run(["user", "list"]).refused();
        assert!(said.contains(data) && said.contains("Read-only"), "{said}");
    }
}

#[test]
fn a_torn_database_is_named_and_never_served() {
    let installation = installation();
    let server = installation.serve();
    reported(&server.sign_in(USER), 200);
    assert!(server.stop().success());
    let path = database(&installation);
    let whole = fs::read(&path).unwrap();
    let page = 4_096;
    assert!(whole.len() > 20 * page, "{} bytes", whole.len());

    // The last page is missing, half of it is, or half of the file.
    for length in [whole.len() - page, whole.len() - page / 2, whole.len() / 2] {
        fs::write(&path, &whole[..length]).unwrap();
        let said = refuses_to_serve(&installation);
        assert!(said.contains("samband.db") || said.contains("database"), "{said}");
        installation.run(["journal", "verify"]).refused();
    }
    // A page in the middle was never written.
    let mut torn = whole.clone();
    torn[10 * page..11 * page].fill(0);
    fs::write(&path, &torn).unwrap();
    refuses_to_serve(&installation);
    // It is no database at all.
    fs::write(&path, b"hello").unwrap();
    refuses_to_serve(&installation);
    // The whole one serves as before.
    fs::write(&path, &whole).unwrap();
    assert_eq!(in_the_record(&installation), (1..=200).collect::<Vec<_>>());
}

#[test]
fn a_torn_write_ahead_log_costs_nothing_that_was_before_it() {
    let installation = installation();
    let server = installation.serve();
    reported(&server.sign_in(USER), 50);
    server.kill();
    let log = installation.data().join("samband.db-wal");
    let bytes = fs::read(&log).unwrap();
    assert!(bytes.len() > 4_096, "what was acknowledged is still in the log");
    // A power cut left a half-written frame after the last whole one.
    let mut torn = bytes.clone();
    torn.extend_from_slice(&bytes[bytes.len() - 2_000..]);
    fs::write(&log, &torn).unwrap();
    installation.run(["journal", "verify"]).ok();
    assert_eq!(in_the_record(&installation), (1..=50).collect::<Vec<_>>());
}

#[test]
fn a_flipped_bit_in_a_record_is_named() {
    let installation = installation();
    let server = installation.serve();
    reported(&server.sign_in(USER), 30);
    assert!(server.stop().success());
    let path = database(&installation);
    let whole = fs::read(&path).unwrap();
    // The shared part of one record: only the hash can tell.
    assert!(change(&path, b"\"title\":\"Rapport 17\"", b"\"title\":\"Rapport 16\"") > 0);
    let said = refuses_to_serve(&installation);
    let record = first_number_after(&said, "epoch 1, record ");
    assert!(said.contains("journal skane, epoch 1") && said.contains("hash"), "{said}");
    let said = installation.run(["journal", "verify"]).refused();
    assert_eq!(first_number_after(&said, "epoch 1, record "), record, "{said}");
    fs::write(&path, &whole).unwrap();
    let export = installation.run(["journal", "export", "skane"]).ok();
    let lines = read_export(&export).unwrap();
    let line = lines.iter().find(|line| line.shared()["source"]["title"] == "Rapport 17");
    assert_eq!(line.unwrap().seq, record, "the record named is the one that was changed");

    // The private part of one record: only its commitment can tell.
    assert!(change(&path, b"\"name\":\"anna\"", b"\"name\":\"Anna\"") > 0);
    let said = refuses_to_serve(&installation);
    assert!(said.contains("private part is not the one committed to"), "{said}");
}

fn first_number_after(text: &str, word: &str) -> u64 {
    let rest = text.split_once(word).unwrap_or_else(|| panic!("{word} in {text}")).1;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[test]
fn records_taken_out_put_in_or_swapped_are_named() {
    let installation = installation();
    let server = installation.serve();
    reported(&server.sign_in(USER), 30);
    assert!(server.stop().success());
    let path = database(&installation);
    let whole = fs::read(&path).unwrap();
    let faults: [(&str, &[&str]); 4] = [
        ("one taken out", &["DELETE FROM records WHERE seq = 12"]),
        ("the last ones taken out", &["DELETE FROM records WHERE seq > 25"]),
        (
            "two swapped",
            &[
                "UPDATE records SET seq = 1000 WHERE seq = 12",
                "UPDATE records SET seq = 12 WHERE seq = 13",
                "UPDATE records SET seq = 13 WHERE seq = 1000",
            ],
        ),
        (
            "one put in",
            &[
                "INSERT INTO records SELECT journal, epoch, seq + 1, recorded, hash, content, \
                 salt, private FROM records WHERE seq = (SELECT max(seq) FROM records)",
                "UPDATE heads SET seq = seq + 1",
            ],
        ),
    ];
    for (name, statements) in faults {
        fs::write(&path, &whole).unwrap();
        Sqlite::alter(&path, statements);
        let said = refuses_to_serve(&installation);
        assert!(said.contains("journal skane"), "{name}: {said}");
        let said = installation.run(["journal", "verify"]).refused();
        assert!(said.contains("journal skane"), "{name}: {said}");
    }
}

/// Writes a file that its owner alone may read.
fn write_secret(path: &Path, bytes: impl AsRef<[u8]>) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn only_file(directory: &Path) -> PathBuf {
    let mut entries = fs::read_dir(directory).unwrap();
    entries.next().unwrap().unwrap().path()
}

#[test]
fn a_missing_or_foreign_key_is_named_and_reading_goes_on() {
    let installation = installation();
    let other = Installation::with(USER, ROLES);
    let keys = installation.data().join("keys");
    let key = only_file(&keys);
    let kept = fs::read(&key).unwrap();

    fs::remove_file(&key).unwrap();
    let server = installation.serve();
    let client = server.sign_in(USER);
    let answer = report(&client, 1).unwrap();
    assert_eq!((answer.status, answer.code()), (503, "journal.no_key"), "{}", answer.body);
    assert!(client.get("/api/v1/regions").is_array(), "reading goes on");
    drop(server);

    // Another installation's key under this one's name signs nothing either.
    let foreign = fs::read(only_file(&other.data().join("keys"))).unwrap();
    write_secret(&key, &foreign);
    let server = installation.serve();
    let answer = report(&server.sign_in(USER), 1).unwrap();
    assert_eq!(answer.code(), "journal.no_key", "{}", answer.body);
    drop(server);

    write_secret(&key, b"samband-ed25519-v1 nonsense");
    let said = refuses_to_serve(&installation);
    assert!(said.contains("does not hold a Samband key"), "{said}");

    write_secret(&key, kept);
    let server = installation.serve();
    let _ = report(&server.sign_in(USER), 1).unwrap().ok();
    drop(server);
    assert_eq!(in_the_record(&installation), [1]);
}

#[test]
fn another_installations_database_in_place_of_ones_own_cannot_write() {
    let (one, other) = (installation(), installation());
    fs::copy(database(&other), database(&one)).unwrap();
    let server = one.serve();
    let answer = report(&server.sign_in(USER), 1).unwrap();
    assert_eq!(answer.code(), "journal.no_key", "its key is not here: {}", answer.body);
}

#[test]
fn what_is_secret_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let installation = installation();
    let server = installation.serve();
    let backup = installation.beside("backup");
    installation.run(["backup", backup.to_str().unwrap()]).ok();
    let data = installation.data();
    let secret = [
        data.to_owned(),
        database(&installation),
        only_file(&data.join("keys")),
        data.join("tls/peer.key"),
        data.join("control.sock"),
        backup.clone(),
        backup.join("samband.db"),
        only_file(&backup.join("keys")),
    ];
    for path in secret {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o077;
        assert_eq!(mode, 0, "{} is open to others: {mode:o}", path.display());
    }
    drop(server);
}

#[test]
fn keys_that_others_may_read_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let installation = installation();
    let key = only_file(&installation.data().join("keys"));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = refuses_to_serve(&installation);
    assert!(said.contains("chmod 600") && said.contains(key.to_str().unwrap()), "{said}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert!(installation.serve().stop().success());
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn while_postgresql_is_away_it_says_so_and_goes_on_by_itself() {
    let mut cluster = Cluster::start();
    let installation = Installation::new();
    installation.settings(&format!("database = {:?}\n", cluster.url()));
    installation.add_user(USER, ROLES);
    let mut server = installation.serve();
    let client = server.sign_in(USER);
    let mut last = 0;
    for _ in 0..proof::times(3) {
        reported_from(&client, &mut last, 5);
        cluster.down();
        let away = report(&client, last + 1).expect("an answer even so");
        assert_eq!(away.status, 503, "{}", away.body);
        assert!(away.retry_after.is_some(), "{away:?}");
        wait_for("the health says so", || {
            (server.nobody().try_get("/healthz").ok()?.status == 503).then_some(())
        });
        assert!(client.get("/api/v1/regions").is_array(), "reading goes on");
        cluster.up();
        // The same key again: whether it happened before the cut or not, it happens once.
        let answer = wait_for("it records again by itself", || {
            report(&client, last + 1).filter(|answer| answer.status == 200)
        });
        assert_eq!(answer.body["records"], 1);
        last += 1;
        assert_eq!(server.nobody().try_get("/healthz").unwrap().status, 200);
    }
    assert!(server.runs());
    assert!(server.stop().success());
    installation.run(["journal", "verify"]).ok();
    assert_eq!(in_the_record(&installation), (1..=last).collect::<Vec<_>>());
    cluster.down();
    let said = installation.run(["user", "list"]).refused();
    assert!(said.contains("PostgreSQL"), "{said}");
}

fn reported_from(client: &Client, last: &mut u64, more: u64) {
    for _ in 0..more {
        let _ = report(client, *last + 1).unwrap().ok();
        *last += 1;
    }
}
