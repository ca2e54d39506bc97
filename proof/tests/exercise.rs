//! `serve --exercise` and `exercise make`: the exercise of seven regions as a newcomer sees it, and
//! an exercise made from an installation, of which nothing goes back (preparedness.md §6.5).

use std::process::Command;

use proof::{Client, Installation, Server, program, read_export, run, wait_for};
use serde_json::Value;

/// Starts the exercise twenty-five minutes after its alarm; its directory is a temporary one.
fn played(installation: &Installation) -> Server {
    let scratch = installation.beside("tmp");
    std::fs::create_dir_all(&scratch).unwrap();
    let mut command = Command::new(program());
    command.args(["serve", "--exercise", "--played", "--listen", "127.0.0.1:0"]);
    let mut server = Server::begin(command.env("TMPDIR", scratch));
    server.ready().unwrap_or_else(|error| panic!("{error}"));
    server
}

fn password(server: &mut Server) -> String {
    wait_for("the password is printed", || {
        let text = server.printed().join("\n");
        let rest = text.split("password ").nth(1)?;
        text.contains("e.g.").then(|| rest.split_whitespace().next().map(str::to_owned))?
    })
}

fn data_of(installation: &Installation) -> std::path::PathBuf {
    let entries = std::fs::read_dir(installation.beside("tmp")).unwrap();
    entries.map(|entry| entry.unwrap().path()).next().expect("its directory")
}

/// Every record of a region of a running installation.
fn records(data: &std::path::Path, region: &str) -> Vec<Value> {
    let data = data.to_str().unwrap();
    let text = run(["journal", "export", region, "--shared", "--data", data], "").ok();
    read_export(&text).unwrap().into_iter().map(|line| line.content).collect()
}

#[test]
fn the_exercise_of_seven_regions_stands_as_it_does_after_twenty_five_minutes() {
    let installation = Installation::new();
    let mut server = played(&installation);
    let password = password(&mut server);
    assert_ne!(password, "samband-demo", "an exercise has credentials of its own");
    let client = Client::sign_in(server.address(), "tib@vastmanland", &password).unwrap();
    let regions = client.get("/api/v1/regions");
    let regions = regions.as_array().or_else(|| regions["regions"].as_array()).unwrap();
    assert_eq!(regions.len(), 7);
    assert!(regions.iter().all(|one| one["mode"] == "exercise"), "{regions:?}");
    let others = ["uppsala", "orebro", "sormland", "dalarna", "varmland", "gavleborg"];
    let mut answered = Vec::new();
    let (mut transports, mut shortfalls) = (0, 0);
    for region in others {
        let all = records(&data_of(&installation), region);
        let said = |kind: &str| -> Vec<Value> {
            all.iter().filter(|one| one["kind"] == kind).map(|one| one["shared"].clone()).collect()
        };
        let taken: Vec<_> =
            said("alarm.answered").into_iter().filter(|one| one["says"] == "takes_on").collect();
        assert_eq!(taken.len(), 1, "{region}");
        answered.push((region, taken[0]["person"].as_u64(), taken[0]["by"].clone()));
        if region == "dalarna" {
            assert!(said("alarm.answered").iter().any(|one| one["says"] == "cannot"));
        }
        for pledge in said("readiness.pledged") {
            transports += pledge["units"].as_array().unwrap().len();
            shortfalls += usize::from(!pledge["shortfall"].is_null());
        }
    }
    assert_eq!((transports, shortfalls), (27, 1), "27 of 30, and one says why");
    let deputies: Vec<_> =
        answered.iter().filter(|(_, person, _)| *person == Some(1)).map(|one| one.0).collect();
    assert_eq!(deputies, ["dalarna", "gavleborg"]);
    // The seventh, the struck region's own command, has not answered: a person telephones.
    let own = records(&data_of(&installation), "vastmanland");
    let command = "regional_command";
    let answers = own.iter().filter(|one| one["kind"] == "alarm.answered");
    assert_eq!(answers.filter(|one| one["shared"]["key"]["to"]["role"] == command).count(), 0);
    let by_hand = own.iter().any(|one| {
        one["kind"] == "alarm.stepped"
            && one["shared"]["step"] == "by_hand"
            && one["shared"]["key"]["to"]["role"] == command
    });
    assert!(by_hand, "somebody has to telephone");
    let noted = own.iter().filter(|one| one["kind"] == "alarm.noted").count();
    assert_eq!(noted, 6, "six of seven have acknowledged");
    for one in own.iter().filter(|one| one["kind"] == "alarm.issued") {
        assert_eq!(one["shared"]["mode"], "exercise");
        assert!(one["shared"]["id"].as_str().unwrap().starts_with("ovn-"));
    }
}

#[test]
fn an_exercise_is_made_from_an_installation_and_nothing_goes_back() {
    let real = Installation::with("tib@uppsala", "tib");
    let ways = "sms;+46701740605;email;jour@uppsala.example";
    let turns =
        real.write("tib.csv", format!("Ada Prov;0;;;{ways}\nBo Prov;1;;;sms;+46701740606\n"));
    let turns = turns.to_str().unwrap();
    real.run(["alarm", "roster", "uppsala", "--role", "tib", "--set", turns]).ok();
    let server = real.serve();
    let before = records(real.data(), "uppsala").len();
    let allow = real.write("allow.txt", "# deltar\n+46701740605\n");
    let to = real.beside("ovning");
    let make = |to: &std::path::Path| {
        let until = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(7)).unwrap();
        let (from, to) = (real.data().to_str().unwrap(), to.to_str().unwrap());
        let (until, allow) = (until.to_string(), allow.to_str().unwrap());
        let named = ["--title", "Höstövning", "--leader", "Prov Ledare", "--real"];
        let mut words = vec!["exercise", "make", "--from", from, "--to", to];
        words.extend(named);
        words.extend([server.address(), "--until", &until, "--allow", allow]);
        run(words, "")
    };
    make(&to).ok();
    assert!(make(&to).refused().contains("exists already"));
    // Only who is on the list, by the ways that are on it; all of it an exercise's.
    let all = records(&to, "uppsala");
    let opened = all.iter().find(|one| one["kind"] == "journal.opened").unwrap();
    assert_eq!(opened["shared"]["mode"], "exercise");
    let rosters: Vec<_> = all.iter().filter(|one| one["kind"] == "alarm.roster_set").collect();
    assert_eq!(rosters.len(), 1);
    let cover = rosters[0]["shared"]["cover"].as_array().unwrap();
    assert_eq!(cover.len(), 1, "{cover:?}");
    assert_eq!(cover[0]["channels"], serde_json::json!(["sms"]));
    // The settings name whom it asks before it speaks, and no snapshot is left.
    let settings = std::fs::read_to_string(to.join("samband.toml")).unwrap();
    assert!(settings.contains(server.address()), "{settings}");
    assert!(!to.join("snapshot.json").exists());
    assert_eq!(records(real.data(), "uppsala").len(), before, "nothing goes back");
    let nobody = real.write("nobody.txt", "# ingen\n");
    let (from, nobody) = (real.data().to_str().unwrap(), nobody.to_str().unwrap());
    let other = real.beside("annan");
    let other = other.to_str().unwrap();
    let words = [
        "exercise",
        "make",
        "--from",
        from,
        "--to",
        other,
        "--title",
        "x",
        "--leader",
        "x",
        "--until",
        "2030-01-01",
        "--allow",
        nobody,
    ];
    assert!(run(words, "").refused().contains("allows nobody"));
    assert!(!std::path::Path::new(other).exists(), "what was begun is gone");
}
