//! The command line: help, exit codes, errors one can act on, and the same work whether a server
//! runs or not.

use std::fs;
use std::path::Path;
use std::time::Duration;

use proof::{Installation, figures, free_address, read_export, run};

const USER: &str = "anna@skane";
const ROLES: &str = "administrator,coordinator,director";
const REPORT: &str = include_str!("../../server/src/demo/sodra-2024.csv");

fn installation() -> Installation {
    Installation::with(USER, ROLES)
}

#[track_caller]
fn assert_says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "“{word}” is missing in:\n{text}");
    }
}

#[test]
fn every_command_has_help_and_a_wrong_one_is_exit_code_2() {
    let bare = run::<&str>([], "");
    assert_eq!(bare.code, Some(2));
    assert_says(&bare.err, &["Usage", "serve", "import", "restore", "journal"]);
    let commands = "serve import export backup restore user region body journal peer";
    for command in commands.split_whitespace() {
        assert_says(&run([command, "--help"], "").ok(), &["Usage: samband", command]);
    }
    for (command, below) in [
        ("user", "add list password disable enable codes"),
        ("region", "add list join leave"),
        ("body", "add"),
        ("journal", "verify export check"),
        ("peer", "card add drop list"),
    ] {
        for below in below.split_whitespace() {
            assert_says(&run([command, below, "--help"], "").ok(), &["Usage: samband", below]);
        }
    }
    assert_says(&run(["--version"], "").ok(), &["samband 0."]);
    for wrong in [vec!["fly"], vec!["serve"], vec!["export", "--data", "x", "secrets"]] {
        let ran = run(&wrong, "");
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{wrong:?}");
        assert_says(&ran.err, &["error:"]);
    }
}

#[test]
fn what_is_not_there_is_named_and_nothing_is_made() {
    let installation = installation();
    let said = installation.run(["journal", "export", "gotland"]).refused();
    assert_says(&said, &["gotland"]);
    let said = installation.run(["user", "add", "x@halland"]).refused();
    assert_says(&said, &["halland", "samband region add halland"]);
    let said = installation.run(["region", "add", "atlantis"]).refused();
    assert_says(&said, &["atlantis", "--name"]);
    let said = installation.run(["region", "add", "skane"]).refused();
    assert_says(&said, &["skane"]);
    for command in ["password", "disable", "codes"] {
        let said = installation.run(["user", command, "nobody@skane"]).refused();
        assert_says(&said, &["nobody@skane"]);
    }
    assert_says(&installation.run(["user", "add", "anna"]).refused(), &["anna", "anna@skane"]);
    assert_says(&installation.run(["user", "add", USER]).refused(), &[USER]);
    let said = installation.run(["import", "/no/such/file.csv"]).refused();
    assert_says(&said, &["/no/such/file.csv"]);
    let said = installation.run(["journal", "verify", "gotland"]).refused();
    assert_says(&said, &["gotland"]);
    let said = installation.run(["export", "regions"]).refused();
    assert_says(&said, &["no figures"]);

    let wrong = installation.beside("typo");
    let typo = wrong.to_str().unwrap();
    for command in [
        &["journal", "verify"][..],
        &["user", "list"],
        &["export", "sites"],
        &["backup", "/tmp/samband-never"],
        &["peer", "list"],
        &["region", "list"],
    ] {
        let said = run(command.iter().chain(&["--data", typo]), "").refused();
        assert_says(&said, &[typo]);
        assert!(!wrong.exists(), "{command:?} made a directory out of a typing error");
    }
}

#[test]
fn a_region_joins_and_leaves_a_body_and_a_given_password_is_to_be_changed() {
    let installation = installation();
    let said = installation.run(["region", "leave", "skane", "sodra"]).refused();
    assert_says(&said, &["sodra", "form.not_found"]);
    let join = ["region", "join", "skane", "sodra", "--name", "Södra sjukvårdsregionen"];
    assert_says(&installation.run(join).err, &["skane", "Södra sjukvårdsregionen"]);
    assert_says(&installation.run(join).refused(), &["form.id_taken"]);
    let elsewhere = ["region", "join", "halland", "sodra", "--name", "Södra"];
    assert_says(&installation.run(elsewhere).refused(), &["halland"]);
    assert_says(&installation.run(["region", "leave", "skane", "sodra"]).err, &["sodra"]);
    let journal = installation.run(["journal", "export", "skane", "--shared"]).ok();
    assert_says(&journal, &["body.joined", "body.left", "Södra sjukvårdsregionen"]);
    let renew = ["user", "password", USER, "--password-stdin"];
    let ran = installation.run_with(renew, "en blå båt på sjön");
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""));
    assert_says(&ran.err, &[USER, "must be changed at the next sign-in"]);
}

#[test]
fn a_collaboration_body_owns_a_journal_and_is_no_region() {
    let installation = installation();
    let name = ["--name", "Södra regionvårdsnämnden"];
    let add = |id: &str| installation.run(["body", "add", id].iter().chain(&name));
    assert_eq!(installation.run(["body", "add", "namnd"]).code, Some(2), "a body has a name");
    assert_says(&add("halland").refused(), &["halland", "samband region add halland"]);
    assert_says(&add("namnd").err, &["Södra regionvårdsnämnden (namnd)"]);
    assert_says(&add("namnd").refused(), &["namnd"]);
    let list = installation.run(["region", "list"]).ok();
    assert_says(&list, &["namnd\there\treal\t1:1\tSödra regionvårdsnämnden", "skane\there"]);
    let genesis = installation.run(["journal", "export", "namnd"]).ok();
    assert_says(&genesis, &["journal.opened", r#"\"kind\":\"body\""#]);

    installation.add_user("sekr@namnd", "secretary,administrator");
    let server = installation.serve();
    let secretary = server.sign_in("sekr@namnd");
    let regions = secretary.get("/api/v1/regions");
    let ids: Vec<_> = regions.as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, ["skane"], "the body reads with the others and is counted nowhere");
    let own = secretary.get("/api/v1/journal/namnd");
    assert_says(&own.to_string(), &["journal.opened", "mandate.granted"]);
    assert!(server.stop().success());
    assert_says(&installation.run(["journal", "verify"]).ok(), &["namnd: ", "skane: "]);
}

#[test]
fn a_file_in_place_of_a_directory_and_wrong_settings_are_named() {
    let installation = installation();
    let file = installation.write("file", "not a directory");
    let said = run(["user", "list", "--data", file.to_str().unwrap()], "").refused();
    assert_says(&said, &["file"]);
    installation.settings("listen = \"127.0.0.1:0\"\nlisten_too = 1\n");
    let said = installation.run(["user", "list"]).refused();
    assert_says(&said, &["samband.toml", "listen_too", "line 2"]);
    installation.settings("database = \"postgres://nobody@127.0.0.1:1/none\"\n");
    assert_says(&installation.run(["user", "list"]).refused(), &["PostgreSQL", "samband.toml"]);
}

#[test]
fn while_a_server_runs_the_command_line_asks_it() {
    let installation = installation();
    let server = installation.serve();
    installation.add_user("bo@skane", "scientist");
    let users = installation.run(["user", "list"]).ok();
    assert_says(&users, &["anna@skane\topen", "bo@skane\topen\tscientist"]);
    let bo = server.sign_in("bo@skane");
    assert_eq!(bo.get("/api/v1/regions").as_array().unwrap().len(), 1);
    installation.run(["user", "disable", "bo@skane"]).ok();
    assert_eq!(bo.try_get("/api/v1/regions").unwrap().status, 401, "the session has ended");
    installation.run(["user", "enable", "bo@skane"]).ok();
    let password = installation.run(["user", "password", "bo@skane"]).ok();
    assert!(proof::Client::sign_in(server.address(), "bo@skane", password.trim()).is_ok());
    assert!(proof::Client::sign_in(server.address(), "bo@skane", proof::PASSWORD).is_err());
    assert_says(&installation.run(["journal", "verify"]).ok(), &["skane", "records verified"]);
    assert_says(&installation.run(["user", "list"]).ok(), &["bo@skane\topen"]);
    assert_says(&installation.run(["user", "disable", "no@skane"]).refused(), &["no@skane"]);
    assert_eq!(installation.run(["user", "codes", USER]).ok().lines().count(), 10);
    // What the server did for the command line stands in the record when it is gone.
    assert!(server.stop().success());
    let users = installation.run(["user", "list"]).ok();
    assert_says(&users, &["anna@skane", "bo@skane\topen"]);
}

#[test]
fn two_servers_cannot_have_one_directory_nor_one_port() {
    let installation = installation();
    let first = installation.serve();
    let mut second = installation.begin(&[]);
    let said = second.ready().unwrap_err();
    assert_says(&said, &["in use by process", &first.id().to_string(), "--data"]);
    assert_eq!(second.ended().code(), Some(1));
    assert!(first.sign_in(USER).get("/api/v1/regions").is_array(), "the first goes on");

    let other = Installation::with("eva@halland", "administrator");
    let taken = first.address().trim_start_matches("http://").to_owned();
    other.settings(&format!("listen = {taken:?}\n"));
    let said = run(["serve", "--data", other.data().to_str().unwrap()], "").refused();
    assert_says(&said, &[&taken, "--listen"]);
    first.kill();
    // The lock of a process that was killed binds nobody, nor does its socket.
    let again = installation.serve();
    installation.run(["user", "list"]).ok();
    assert!(again.stop().success());
}

#[test]
fn a_mistyped_directory_or_region_begins_nothing() {
    let nowhere = Installation::new();
    let said = nowhere.begin(&[]).ready().expect_err("nothing is there to be served");
    assert_says(&said, &["holds no installation", "samband user add --data"]);
    assert!(!nowhere.data().exists(), "nothing is made");
    let said = nowhere.run(["user", "add", "per@nowhere", "--name", "Region Nowhere"]).refused();
    assert_says(&said, &["nowhere", "samband region add nowhere --name"]);
    assert!(!nowhere.data().exists(), "nothing is left behind");
    nowhere.run(["region", "add", "nowhere", "--name", "Region Nowhere"]).ok();
    nowhere.run(["user", "add", "per@nowhere"]).ok();
    assert!(nowhere.serve().stop().success());
}

#[test]
fn bad_rows_are_all_listed_and_nothing_is_imported() {
    let installation = installation();
    let csv = "region,population,population_18_64,active_donors_12m,whole_blood_donations_2024\n\
               Skåne,1428626,840163,22103,43870\n\
               Skåne,1428626,840163,22103,43870\n\
               Atlantis,1,1,1,1\n\
               Skåne,many,840163,-5,43870\n";
    let file = installation.write("bad.csv", csv);
    let file = file.to_str().unwrap();
    let said = installation.run(["import", file]).refused();
    assert_says(&said, &["line 3", "line 4", "line 5", "3 row(s)", "nothing was imported"]);
    assert_says(&said, &["Atlantis", "many", "-5"]);
    assert!(!said.contains("line 2:"), "{said}");
    assert_says(&installation.run(["import", file, "--region", "skane"]).refused(), &["line 4"]);
    assert_says(&installation.run(["export", "regions"]).refused(), &["no figures"]);
    for (name, bytes) in
        [("empty.csv", &b""[..]), ("noise.csv", &[0xff, 0, 0xfe, 7]), ("x.xlsx", b"PK")]
    {
        let file = installation.write(name, bytes);
        installation.run(["import", file.to_str().unwrap()]).refused();
    }
    let export = installation.run(["journal", "export", "skane"]).ok();
    assert!(!export.contains("figures.reported"));
}

#[test]
fn the_regions_file_goes_in_and_every_table_comes_out() {
    let installation = installation();
    let file = installation.write("sodra-2024.csv", REPORT);
    let file = file.to_str().unwrap();
    let said = installation.run(["import", file, "--period", "2024"]).refused();
    assert_says(&said, &["blekinge", "halland", "kronoberg", "--region"]);
    let dry = installation.run(["import", file, "--region", "skane", "--dry-run"]);
    assert_says(&dry.err, &["skane: 4 figures", "dry run"]);
    assert_says(&installation.run(["export", "regions"]).refused(), &["no figures"]);
    let said = installation.run(["import", file, "--region", "halland"]).refused();
    assert_says(&said, &["halland is not written here"]);
    let said = installation.run(["import", file, "--region", "gotland"]).refused();
    assert_says(&said, &["no row for", "gotland"]);
    let said = installation.run(["import", file, "--region", "skane", "--as", "no@skane"]);
    assert_says(&said.refused(), &["no@skane"]);
    let command =
        ["import", file, "--region", "skane", "--source", "Rapport", "--published", "2025-10-17"];
    installation.run(command.iter().chain(&["--as", USER])).ok();
    for (table, words) in [
        ("regions", &["1428626", "22103"][..]),
        ("figures", &["Rapport", "2025-10-17", "sodra-2024.csv"]),
        ("sites", &[]),
        ("mandates", &["coordinator"]),
        ("agreements", &[]),
    ] {
        let csv = installation.run(["export", table]).ok();
        assert_says(&csv, words);
        assert!(csv.lines().next().is_some_and(|head| head.contains(',')), "{table}: {csv}");
        let json = installation.run(["export", table, "--format", "json"]).ok();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json.as_array().unwrap().len(), csv.lines().count() - 1, "{table}");
        let path = installation.beside(&format!("{table}.xlsx"));
        let to = path.to_str().unwrap();
        installation.run(["export", table, "--format", "xlsx", "--output", to]).ok();
        assert!(fs::read(&path).unwrap().starts_with(b"PK"), "{table}");
    }
    let nowhere = ["export", "figures", "--output", "/no/such/place.csv"];
    assert_says(&installation.run(nowhere).refused(), &["/no/such/place.csv"]);
}

#[test]
fn a_backup_of_a_running_server_is_restored_in_a_new_epoch() {
    let installation = installation();
    let server = installation.serve();
    let client = server.sign_in(USER);
    let rows = [("active_donors", "2024", 22_103)];
    client.act("/api/v1/figures", &figures("before", &rows));
    let backup = installation.beside("backup");
    let to = backup.to_str().unwrap();
    installation.run(["backup", to]).ok();
    assert_says(&installation.run(["backup", to]).refused(), &["exists already"]);
    client.act("/api/v1/figures", &figures("after", &[("active_donors", "2023", 1)]));
    let said = installation.run(["restore", to]).refused();
    assert_says(&said, &["in use by process"]);
    assert!(server.stop().success());
    let said = installation.run(["restore", to]).refused();
    assert_says(&said, &["holds an installation", "empty directory"]);

    let other = Installation::new();
    let tested = other.run(["restore", to, "--test"]);
    assert_says(&tested.err, &["restored and verified", "nothing was kept"]);
    assert!(!other.data().exists(), "a test keeps nothing");
    let why = ["restore", to, "--reason", "the disk died"];
    assert_says(&other.run(why).err, &["skane: goes on in epoch 2"]);
    other.run(["journal", "verify"]).ok();
    let server = other.serve();
    let figures = server.sign_in(USER).get("/api/v1/figures");
    assert_eq!(figures.as_array().unwrap().len(), 1, "as it was then: {figures}");
    let export = other.run(["journal", "export", "skane"]).ok();
    let lines = read_export(&export).unwrap();
    let genesis = lines.iter().find(|line| line.epoch == 2).unwrap();
    assert_eq!(genesis.shared()["continues"]["reason"], "the disk died");
    assert_eq!(genesis.shared()["continues"]["from"]["seq"], lines.len() as u64 - 1);
}

#[test]
fn a_backup_that_was_changed_is_refused() {
    let installation = installation();
    let backup = installation.beside("backup");
    let to = backup.to_str().unwrap();
    installation.run(["backup", to]).ok();
    let database = backup.join("samband.db");
    assert!(proof::change(&database, b"Region Sk", b"Region Xk") > 0);
    let other = Installation::new();
    assert_says(&other.run(["restore", to, "--test"]).refused(), &["changed after it was made"]);
    assert_says(&other.run(["restore", to]).refused(), &["changed after it was made"]);
    assert_says(&other.run(["restore", "/no/backup"]).refused(), &["no Samband backup"]);
}

#[test]
fn a_restore_that_was_cut_off_is_not_served_and_can_be_done_again() {
    let installation = installation();
    let backup = installation.beside("backup");
    let to = backup.to_str().unwrap();
    installation.run(["backup", to]).ok();
    let other = Installation::new();
    let mut done = false;
    for milliseconds in [0, 2, 5, 10, 20, 40, 80, 160] {
        let mut child = std::process::Command::new(proof::program())
            .args(["restore", to, "--data", other.data().to_str().unwrap()])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = child.kill();
        child.wait().unwrap();
        if other.data().join("restore-unfinished").exists() {
            assert!(!done, "what was restored is never undone");
            let said = other.run(["user", "list"]).refused();
            assert_says(&said, &["restore", "not finished"]);
            let said = other.begin(&[]).ready().unwrap_err();
            assert_says(&said, &["restore", "not finished"]);
        } else {
            done = other.data().join("samband.db").exists();
        }
    }
    if !done {
        other.run(["restore", to]).ok();
    }
    let verified = other.run(["journal", "verify"]).ok();
    assert_says(&verified, &["skane", "head 2:1"]);
}

#[test]
fn an_exported_journal_is_checked_by_itself_and_a_change_is_named() {
    let installation = installation();
    let path = installation.beside("skane.ndjson");
    let to = path.to_str().unwrap();
    installation.run(["journal", "export", "skane", "--output", to]).ok();
    assert_says(&check(&path).ok(), &["skane:", "records verified"]);
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let end = lines.len();
    assert!(end > 5);
    let altered = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
        change(&mut lines);
        fs::write(&path, lines.join("\n")).unwrap();
        check(&path).refused()
    };
    let said = altered(&|lines| lines[2] = lines[2].replace("administrator", "administratoR"));
    assert_says(&said, &["line 3"]);
    let said = altered(&|lines| drop(lines.remove(3)));
    assert_says(&said, &["line 4"]);
    assert_says(&altered(&|lines| lines.swap(3, 4)), &["line 4"]);
    assert_says(&altered(&|lines| lines[1] = lines[1].replace("email", "e-post")), &["line 2"]);
    assert_says(&altered(&|lines| lines[end - 1].truncate(40)), &[&format!("line {end}")]);
    assert_says(&altered(&|lines| drop(lines.remove(0))), &["line 1"]);
    assert_says(&altered(&Vec::clear), &["no records"]);

    installation.run(["journal", "export", "skane", "--shared", "--output", to]).ok();
    assert_says(&check(&path).ok(), &["records verified"]);
    let shared = fs::read_to_string(&path).unwrap();
    assert!(!shared.contains("\"salt\"") && !shared.contains("hsa_id"), "no private part");
    assert_eq!(shared.lines().count(), lines.len());
}

fn check(path: &Path) -> proof::Ran {
    run(["journal", "check", path.to_str().unwrap()], "")
}

#[test]
fn a_server_listens_where_it_is_told_and_stops_when_it_is_told() {
    let installation = installation();
    let address = free_address();
    installation.settings(&format!("listen = {address:?}\n"));
    let mut command = std::process::Command::new(proof::program());
    command.args(["serve", "--data"]).arg(installation.data());
    let mut server = proof::Server::begin(&mut command);
    server.ready().unwrap();
    assert_eq!(server.address(), format!("http://{address}"));
    assert_eq!(server.nobody().get("/healthz")["status"], "ok");
    assert!(server.stop().success());
    assert!(!installation.data().join("control.sock").exists());
    let server = installation.serve();
    server.signal("INT");
    let mut server = server;
    assert!(server.ended().success(), "Ctrl-C is a good end");
}
