//! Messages on real channels: every one goes out, none is lost when the process is killed, no
//! receipt is taken for an answer, and where every channel is dead a person is told to telephone.

use std::collections::BTreeSet;

use proof::wait_for;
use proof::{Call, Client, Fate, Gateway, Installation, Line, Mailbox, Server, read_export};
use samband_domain::Digest;
use serde_json::{Value, json};

const TIB: &str = "anna@skane";
const TOKEN: &str = "shown-to-the-gateway";
const INBOUND: [(&str, &str); 3] = [
    ("sms", "shown-by-the-sms-gateway"),
    ("voice", "shown-by-the-voice-gateway"),
    ("email", "shown-by-the-mailbox"),
];
const SIGNING: &str = "what calls are signed with";
const NUMBER: &str = "+46701740699";
const LINK: &str = "https://samband.exempel.test";

/// Every clock of the ladder, short enough to be walked.
const RULES: &str = "title = \"Korta klockor\"\nversion = \"1\"\n\n[rules]\n\
    alarm.next_way_seconds = { value = 2, unit = \"s\", source = \"prov\" }\n\
    alarm.deputy_seconds = { value = 4, unit = \"s\", source = \"prov\" }\n\
    alarm.switchboard_seconds = { value = 6, unit = \"s\", source = \"prov\" }\n\
    alarm.by_hand_seconds = { value = 8, unit = \"s\", source = \"prov\" }\n\
    alarm.again_seconds = { value = 3, unit = \"s\", source = \"prov\" }\n\
    alarm.retry_seconds = { value = 1, unit = \"s\", source = \"prov\" }\n";

/// An installation, its gateway and its channel file.
struct World {
    installation: Installation,
    gateway: Gateway,
    channels: String,
}

impl World {
    fn new() -> Self {
        let installation = Installation::with(TIB, "tib,physician");
        let gateway = Gateway::new();
        let head = format!("mode = \"real\"\nlink = {LINK:?}\n");
        let channels = channel_file(&installation, &gateway, &head);
        Self { installation, gateway, channels }
    }

    /// The own rules: clocks that a test can wait for.
    fn short_clocks(&self) {
        self.installation.add_user("bo@skane", "physician");
        let file = self.installation.write("regler.toml", RULES);
        let file = file.to_str().unwrap();
        let drafted =
            self.installation.run(["rules", "draft", file, "--region", "skane", "--as", TIB]);
        let digest = drafted.err.split("drafted ").nth(1).and_then(|rest| rest.get(..64));
        let digest = digest.unwrap_or_else(|| panic!("{}", drafted.err)).to_owned();
        for act in ["review", "adopt"] {
            self.installation.run(["rules", act, &digest, "--as", "bo@skane"]).ok();
        }
    }

    fn serve(&self) -> Server {
        self.installation.serve_with(&["--channels", &self.channels])
    }

    /// The record as it stands.
    fn record(&self) -> Vec<Line> {
        let export = self.installation.run(["journal", "export", "skane"]).ok();
        read_export(&export).unwrap()
    }

    /// Attempts by a channel: number and outcome, in the record's order.
    fn attempts(&self, channel: &str) -> Vec<(u64, String)> {
        let record = self.record();
        let all = record
            .iter()
            .filter(|line| line.kind() == "alarm.attempted" && line.shared()["channel"] == channel);
        let one = |line: &Line| {
            let outcome = line.shared()["outcome"].as_str().unwrap().to_owned();
            (line.shared()["number"].as_u64().unwrap(), outcome)
        };
        all.map(one).collect()
    }
}

/// Text messages and calls by the gateway, calls of another system.
fn channel_file(installation: &Installation, gateway: &Gateway, head: &str) -> String {
    let secret = |name: &str, text: &str| installation.secret(name, text).display().to_string();
    let token = secret("token", TOKEN);
    let [sms, voice, _] = INBOUND.map(|(name, text)| secret(name, text));
    let signing = secret("signing", SIGNING);
    let text = format!(
        "{head}[webhook]\nsecret = {{ file = {signing:?} }}\n\
         [sms]\nurl = {:?}\ntoken = {{ file = {token:?} }}\ninbound = {{ file = {sms:?} }}\n\
         [voice]\nurl = {:?}\ntoken = {{ file = {token:?} }}\ninbound = {{ file = {voice:?} }}\n",
        gateway.url("/sms"),
        gateway.url("/voice"),
    );
    installation.write("channels.toml", text).display().to_string()
}

/// Sets who is on duty: one row for each rank, with their ways.
fn roster(client: &Client, role: &str, ranks: &[&[(&str, &str)]]) {
    let rows = ranks.len().to_string();
    let mut fields = vec![
        ("act".to_owned(), "roster-save".to_owned()),
        ("idempotency_key".to_owned(), format!("roster-{role}")),
        ("rows".to_owned(), rows),
    ];
    for (n, ways) in ranks.iter().enumerate() {
        fields.push((format!("name-{n}"), format!("Kim {n}")));
        fields.push((format!("rank-{n}"), n.to_string()));
        fields.push((format!("from-{n}"), "2025-01-01T00:00".into()));
        for (at, (channel, address)) in ways.iter().enumerate() {
            fields.push((format!("channel-{n}-{at}"), (*channel).to_owned()));
            fields.push((format!("address-{n}-{at}"), (*address).to_owned()));
        }
    }
    let fields: Vec<_> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    client.form(&format!("/rosters/edit?party=skane&role={role}"), &fields);
}

/// Tests that the own duty officer is reached.
fn alarm(client: &Client) -> Value {
    let to = json!([{ "party": { "region": "skane" }, "role": "tib" }]);
    let said = json!({ "kind": "reach", "headline": "Larmprov", "text": "Ett prov", "to": to });
    client.act("/api/v1/alarms", &said)
}

/// The code in a text message: what stands after the first `1`.
fn pin(call: &Call) -> String {
    let text = call.body["text"].as_str().unwrap_or_default();
    let code = text.split("Svara 1 ").nth(1).and_then(|rest| rest.get(..4));
    code.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

fn report(server: &Server, channel: &str, path: &str, body: &Value) -> proof::Answer {
    let (_, secret) = INBOUND.iter().find(|(name, _)| *name == channel).unwrap();
    let gateway = Client::showing(server.address(), secret);
    gateway.post(&format!("/api/v1/alarm-gateway/{path}"), None, body).unwrap()
}

/// HMAC-SHA256 (RFC 2104) from the digest alone: nothing of the program's own is used.
fn hmac(key: &str, text: &str) -> String {
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key.as_bytes());
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Digest::of_parts(&[&pad(0x36), text.as_bytes()]);
    Digest::of_parts(&[&pad(0x5c), &inner.0]).to_string()
}

#[test]
fn an_alarm_goes_out_by_every_way_and_only_a_person_ends_it() {
    let world = World::new();
    world.short_clocks();
    let server = world.serve();
    let client = server.sign_in(TIB);
    let hook = world.gateway.url("/hook");
    let ways = [("web", ""), ("webhook", hook.as_str()), ("sms", NUMBER), ("voice", NUMBER)];
    roster(&client, "tib", &[&ways]);
    alarm(&client);

    let called = world.gateway.wait("the first way", |call| call.path == "/hook");
    let signed = &called.headers["samband-signature"];
    let (time, hex) = signed.split_once(",v1=").expect("a signature");
    let time = time.strip_prefix("t=").expect("a time");
    assert_eq!(hmac(SIGNING, &format!("{time}.{}", called.text)), hex);
    assert_eq!(called.headers["idempotency-key"], called.name());
    assert!(called.body["link"].as_str().unwrap().starts_with(&format!("{LINK}/a/kv-")));

    let sms = world.gateway.wait("the second way", |call| call.path == "/sms");
    assert_eq!(sms.headers["authorization"], format!("Bearer {TOKEN}"));
    assert_eq!(sms.body["to"], NUMBER);
    assert!(sms.body["text"].as_str().unwrap().contains("/a/kv-"));
    let voice = world.gateway.wait("the third way", |call| call.path == "/voice");
    assert_eq!(voice.body["keys"]["1"], "takes_on");

    // A gateway that lies: what it calls delivered is no answer, and the person is woken again.
    let lie = json!({ "message": sms.name(), "outcome": "delivered", "detail": "handset" });
    assert_eq!(report(&server, "sms", "receipts", &lie).ok()["repeated"], false);
    assert_eq!(report(&server, "sms", "receipts", &lie).ok()["repeated"], true);
    assert_eq!(report(&server, "voice", "receipts", &lie).code(), "gateway.message");
    let ahead = format!("{}/60000", sms.name().rsplit_once('/').unwrap().0);
    let ahead = json!({ "message": ahead, "outcome": "failed" });
    assert_eq!(report(&server, "sms", "receipts", &ahead).code(), "gateway.message");
    let again = |call: &Call| call.path == "/sms" && call.name().ends_with("/1");
    world.gateway.wait("the second message after a receipt", again);

    // Nobody's secret opens nothing; a wrong code is told, and the right one works after it.
    let nobody = Client::showing(server.address(), "guessed");
    let said = json!({ "from": NUMBER, "text": "1 0000" });
    let refused = nobody.post("/api/v1/alarm-gateway/answers", None, &said).unwrap();
    assert_eq!((refused.status, refused.code()), (401, "gateway.unknown"));
    let pin = pin(&sms);
    let wrong = if pin == "0000" { "0001" } else { "0000" };
    for _ in 0..12 {
        let said = json!({ "from": NUMBER, "text": format!("1 {wrong}") });
        let told = report(&server, "sms", "answers", &said).ok();
        assert_eq!((&told["accepted"], &told["code"]), (&json!(false), &json!("alarm.token")));
        assert!(told["say"].as_str().unwrap().contains("Koden"));
    }
    let unclear =
        report(&server, "sms", "answers", &json!({ "from": NUMBER, "text": "vad?" })).ok();
    assert_eq!(unclear["code"], "gateway.unclear");
    let said = json!({ "message": voice.name(), "key": "1", "pin": pin });
    let told = report(&server, "voice", "answers", &said).ok();
    assert_eq!(told["accepted"], true, "{told}");
    // Pressed twice, nothing is wrong.
    let late = json!({ "from": "070-174 06 99", "text": format!("1 {pin}") });
    assert!(report(&server, "sms", "answers", &late).ok()["say"].is_string());

    let record = world.record();
    let answers: Vec<_> = record.iter().filter(|line| line.kind() == "alarm.answered").collect();
    assert_eq!(answers.len(), 1, "one answer");
    assert_eq!(answers[0].shared()["by"], "keys");
    // Each message went out once: no two calls have one name.
    let calls = world.gateway.calls();
    let names: BTreeSet<_> = calls.iter().map(|call| call.name().to_owned()).collect();
    assert_eq!(names.len(), calls.len());
    for channel in ["webhook", "sms", "voice"] {
        let sent = world.attempts(channel);
        let numbers: Vec<_> =
            sent.iter().filter(|(_, outcome)| outcome == "sent").map(|(n, _)| *n).collect();
        let all: Vec<u64> = (0..numbers.len() as u64).collect();
        assert_eq!(numbers, all, "{channel}: every attempt is recorded, in order");
    }
    let shared: Vec<_> = record.iter().map(|line| line.shared().to_string()).collect();
    assert!(!shared.iter().any(|text| text.contains("4670174") || text.contains("Kim")));
}

#[test]
fn what_was_sent_and_not_recorded_is_sent_again_under_the_same_name() {
    let world = World::new();
    let server = world.serve();
    let client = server.sign_in(TIB);
    roster(&client, "tib", &[&[("sms", NUMBER)]]);
    // The gateway has it and says nothing: the server cannot know.
    world.gateway.set("/sms", Fate::Silent);
    alarm(&client);
    let first = world.gateway.wait("the message", |call| call.path == "/sms");
    server.kill();
    world.gateway.set("/sms", Fate::Taken);
    let server = world.serve();
    let count = || world.gateway.calls().iter().filter(|call| call.path == "/sms").count();
    wait_for("the message again", || (count() == 2).then_some(()));
    let second = world.gateway.calls().pop().unwrap();
    assert_eq!((second.name(), &second.text), (first.name(), &first.text));
    wait_for("the record", || (world.attempts("sms").len() == 1).then_some(()));
    assert_eq!(world.attempts("sms"), [(0, "sent".to_owned())]);
    // What stands in the record is not sent again.
    server.kill();
    let server = world.serve();
    let told = json!({ "from": NUMBER, "text": format!("2 {}", pin(&second)) });
    assert_eq!(report(&server, "sms", "answers", &told).ok()["accepted"], true);
    assert_eq!(count(), 2);
}

#[test]
fn where_every_channel_is_dead_a_person_has_to_telephone() {
    let world = World::new();
    world.short_clocks();
    world.gateway.set("/hook", Fate::Refused(503));
    world.gateway.set("/sms", Fate::Silent);
    world.gateway.set("/voice", Fate::Dropped);
    let server = world.serve();
    let client = server.sign_in(TIB);
    let hook = world.gateway.url("/hook");
    let ways: &[(&str, &str)] = &[("sms", NUMBER), ("webhook", &hook), ("voice", NUMBER)];
    roster(&client, "tib", &[ways, &[("email", "kim@exempel.test")]]);
    alarm(&client);
    let by_hand =
        |line: &Line| line.kind() == "alarm.stepped" && line.shared()["step"] == "by_hand";
    wait_for("the task to telephone", || world.record().iter().any(by_hand).then_some(()));
    wait_for("the silent one's end", || (!world.attempts("sms").is_empty()).then_some(()));
    // One that never answers delays none: the others are tried, and tried again, meanwhile.
    let record = world.record();
    let place = |channel: &str, number: u64| {
        record.iter().position(|line| {
            let shared = line.shared();
            line.kind() == "alarm.attempted"
                && (&shared["channel"], &shared["number"]) == (&json!(channel), &json!(number))
        })
    };
    assert!(place("webhook", 1).unwrap() < place("sms", 0).unwrap());
    for channel in ["sms", "webhook", "voice", "email"] {
        let tried = world.attempts(channel);
        assert!(!tried.is_empty(), "{channel}");
        let numbers: Vec<_> = tried.iter().map(|(number, _)| *number).collect();
        let all: Vec<u64> = (0..numbers.len() as u64).collect();
        assert_eq!(numbers, all, "{channel}");
        assert!(tried.iter().all(|(_, outcome)| outcome == "failed"), "{channel}: {tried:?}");
    }
    let steps: Vec<_> = world
        .record()
        .iter()
        .filter(|line| ["alarm.woken", "alarm.stepped"].contains(&line.kind()))
        .map(|line| line.shared()["step"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(steps, ["first", "deputy", "switchboard", "by_hand"]);
}

#[test]
fn a_channel_that_is_tried_shows_that_it_works_and_that_it_is_lost() {
    let world = World::new();
    let text = std::fs::read_to_string(&world.channels).unwrap();
    let tried = format!("[sms.canary]\nto = {NUMBER:?}\nevery_seconds = 2\nwithin_seconds = 2\n");
    world.installation.write("channels.toml", format!("{text}{tried}"));
    let server = world.serve();
    let client = server.sign_in(TIB);
    let state = |channel: &str| {
        let all = client.get("/api/v1/alarms/channels");
        let one = all.as_array().unwrap().iter().find(|one| one["channel"] == channel).cloned();
        one.unwrap()
    };
    let code = |call: &Call| {
        let text = call.body["text"].as_str().unwrap();
        text.rsplit(' ').next().unwrap().to_owned()
    };
    let canary = |call: &Call| call.name().starts_with("canary/");
    let first = world.gateway.wait("what tries the channel", canary);
    let back = report(&server, "sms", "returns", &json!({ "code": code(&first) })).ok();
    assert_eq!(back["repeated"], false);
    assert!(state("sms")["last_ok"].is_string());
    assert_eq!(state("sms")["shows_within_seconds"], 4);
    // Another channel's word counts for nothing, and what is never tried does not “work”.
    let other = report(&server, "voice", "returns", &json!({ "code": code(&first) })).ok();
    assert_eq!(other["repeated"], true);
    assert_eq!(state("voice")["path"], "untried");
    assert_eq!((&state("email")["set_up"], &state("sms")["set_up"]), (&json!(false), &json!(true)));
    // Nothing comes back from here on.
    wait_for("the loss", || (state("sms")["path"] == "lost").then_some(()));
}

#[test]
fn each_mode_has_channels_of_its_own() {
    let start = |installation: &Installation, file: &str| {
        let mut server = installation.begin(&["--channels", file]);
        server.ready().err()
    };
    let gateway = Gateway::new();
    let exercise = Installation::new();
    exercise.run(["region", "add", "skane", "--mode", "exercise"]).ok();
    let real = Installation::with(TIB, "tib");
    let file = |at: &Installation, head: &str| channel_file(at, &gateway, head);
    let refused = |at: &Installation, head: &str, word: &str| {
        let said = start(at, &file(at, head)).unwrap_or_else(|| panic!("serves with {head}"));
        assert!(said.contains(word), "{said}");
    };
    let drill = "mode = \"exercise\"\nallow = [\"@ovning.exempel.test\"]\n";
    refused(&exercise, "mode = \"real\"\n", "exercise");
    refused(&exercise, "mode = \"exercise\"\n", "allow");
    refused(&real, drill, "mode exercise");
    refused(&real, "mode = \"real\"\nlinks = 1\n", "links");
    assert_eq!(start(&exercise, &file(&exercise, drill)), None);
    // A secret that everybody on the machine may read is none.
    let path = file(&real, "mode = \"real\"\n");
    real.write("token", TOKEN);
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(real.beside("token"), open).unwrap();
    assert!(start(&real, &path).unwrap().contains("chmod o-rwx"));
}

#[test]
fn without_channels_that_is_what_the_record_says() {
    let world = World::new();
    let server = world.installation.serve();
    let client = server.sign_in(TIB);
    roster(&client, "tib", &[&[("sms", NUMBER), ("email", "kim@exempel.test")]]);
    alarm(&client);
    for channel in ["sms", "email"] {
        let tried = wait_for("an attempt", || world.attempts(channel).into_iter().next());
        assert_eq!(tried, (0, "failed".to_owned()), "{channel}");
    }
    let channels = client.get("/api/v1/alarms/channels");
    assert!(channels.as_array().unwrap().iter().all(|one| one["set_up"] == false));
}

#[test]
#[ignore = "needs aiosmtpd: run cargo xtask verify"]
fn an_e_mail_goes_through_a_real_mail_server() {
    let mut world = World::new();
    let mailbox = Mailbox::new(&world.installation);
    let inbound = world.installation.secret("inbound", INBOUND[2].1);
    let text = format!(
        "mode = \"real\"\n{}inbound = {{ file = {inbound:?} }}\n\
         [email.canary]\nto = \"prov@exempel.test\"\nevery_seconds = 2\nwithin_seconds = 30\n",
        mailbox.settings(&world.installation)
    );
    world.channels = world.installation.write("email.toml", text).display().to_string();
    let server = world.serve();
    let client = server.sign_in(TIB);
    let ways: &[(&str, &str)] = &[("email", "kim@exempel.test")];
    roster(&client, "tib", &[ways, &[("email", "full-kim@exempel.test")]]);
    let alarm = alarm(&client);
    let mail = mailbox.wait("the message", |text| text.contains("To: kim@exempel.test"));
    for word in ["Auto-Submitted: auto-generated", "Importance: high", "multipart/alternative"] {
        assert!(mail.contains(word), "{word} is missing in:\n{mail}");
    }
    assert!(mail.contains("Message-ID: <") && mail.contains("@exempel.test>"), "{mail}");
    wait_for("the record", || (world.attempts("email").len() == 1).then_some(()));
    assert_eq!(world.attempts("email"), [(0, "sent".to_owned())]);

    // What tries the channel comes back by whoever reads that mailbox.
    let canary = mailbox.wait("what tries the channel", |text| text.contains("Kanalprov"));
    let subject = canary.lines().find(|line| line.starts_with("Subject: ")).expect("a subject");
    let code = subject.rsplit(' ').next().unwrap();
    let back = report(&server, "email", "returns", &json!({ "code": code })).ok();
    assert_eq!(back["repeated"], false, "{subject}");

    // The deputy's mailbox is full: that is a failure, in the server's words.
    let id = alarm["alarm"].as_str().unwrap();
    let said = json!({
        "to": { "party": { "region": "skane" }, "role": "tib" },
        "says": "cannot", "told": "Kim 0",
    });
    let path = format!("/api/v1/alarms/skane/{id}/answers");
    client.act(&path, &said);
    wait_for("the failure", || {
        world.attempts("email").into_iter().find(|(_, outcome)| outcome == "failed")
    });
    assert!(!mailbox.messages().iter().any(|text| text.contains("full-kim")));
}
