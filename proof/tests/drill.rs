//! An exercise beside the real installation that it was made from (preparedness.md §6.5): what its
//! CAP says (4), what its dialogs say (9), and that it never reaches a real channel, falls silent
//! while a real alarm runs, and stops for good by one word (8, 10).

use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::Duration;

use proof::{Call, Client, Dice, Gateway, Installation, Server, run, seed, times, wait_for};
use serde_json::{Value, json};

const USER: &str = "tib@uppsala";
const NUMBER: &str = "+46701740605";
/// On the real roster, and not on the exercise's list.
const STRANGER: &str = "+46701740699";
const TITLE: &str = "Höstövning";
const LEADER: &str = "Prov Ledare";
const LINK: &str = "https://samband.exempel.test";

/// An installation with its gateway and its channel file.
struct Half {
    place: Installation,
    gateway: Gateway,
    channels: String,
}

impl Half {
    fn at(place: Installation, head: &str, secrets: &str) -> Self {
        let gateway = Gateway::new();
        let token = place.secret("token", &format!("{secrets} shown to the gateway"));
        let inbound = place.secret("inbound", &format!("{secrets} shown by the gateway"));
        let text = format!(
            "{head}link = {LINK:?}\n[sms]\nurl = {:?}\ntoken = {{ file = {token:?} }}\n\
             inbound = {{ file = {inbound:?} }}\n",
            gateway.url("/sms"),
        );
        let channels = place.write("channels.toml", text).display().to_string();
        Self { place, gateway, channels }
    }

    fn serve(&self) -> Server {
        self.place.serve_with(&["--channels", &self.channels])
    }

    fn messages(&self) -> Vec<Call> {
        self.gateway.calls()
    }

    /// Messages of one alarm.
    fn of(&self, alarm: &str) -> Vec<Call> {
        let part = format!("/{alarm}/");
        self.messages().into_iter().filter(|call| call.name().contains(&part)).collect()
    }
}

/// The real installation, running, and the exercise that was made from it.
struct World {
    real: Half,
    drill: Half,
}

impl World {
    /// `asks`: whether the exercise asks the real installation before it speaks.
    fn new(asks: bool) -> (Self, Server, Server) {
        let real = Installation::with(USER, "tib,commander");
        let turns = real
            .write("tib.csv", format!("Ada Prov;0;;;sms;{NUMBER}\nBo Prov;1;;;sms;{STRANGER}\n"));
        let set = ["alarm", "roster", "uppsala", "--role", "tib", "--set"];
        real.run(set.iter().copied().chain([turns.to_str().unwrap()])).ok();
        let real = Half::at(real, "mode = \"real\"\n", "real");
        let server = real.serve();
        let place = Installation::new();
        make(&real.place, &place, asks.then(|| server.address()));
        place.add_user(USER, "tib,commander,administrator");
        let head = format!("mode = \"exercise\"\nallow = [{NUMBER:?}]\n");
        let drill = Half::at(place, &head, "drill");
        let drills = drill.serve();
        (Self { real, drill }, server, drills)
    }
}

fn make(real: &Installation, drill: &Installation, asked: Option<&str>) {
    let until = jiff::Zoned::now().date().checked_add(jiff::Span::new().days(7)).unwrap();
    let allow = real.write("allow.txt", format!("{NUMBER}\n"));
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    let mut words: Vec<String> =
        ["exercise", "make", "--title", TITLE, "--leader", LEADER].map(str::to_owned).into();
    words.extend(["--from".into(), path(real.data()), "--to".into(), path(drill.data())]);
    words.extend(["--until".into(), until.to_string(), "--allow".into(), path(&allow)]);
    words.extend(asked.iter().flat_map(|real| ["--real".to_owned(), (*real).to_owned()]));
    run(words, "").ok();
}

fn tib() -> Value {
    json!({ "party": { "region": "uppsala" }, "role": "tib" })
}

fn reach(text: &str) -> Value {
    json!({ "kind": "reach", "headline": "Prov av larmväg", "text": text, "to": [tib()] })
}

fn raise(title: &str, text: &str) -> Value {
    let finding = json!({ "holds": "suspected", "basis": "rapport", "source": "SOS Alarm" });
    json!({
        "report": { "title": title, "text": text, "source": "SOS Alarm" },
        "basis": "fler skadade än resurser",
        "assessment": { "harm": finding, "imbalance": finding },
        "confirm": "real",
        "alarm": { "to": [tib()] },
    })
}

fn id_of(said: &Value) -> String {
    said["alarm"].as_str().expect("an alarm").to_owned()
}

/// Nothing is owed for it any more.
fn close(client: &Client, alarm: &str) {
    let body = json!({ "to": tib(), "why": "provet är slut" });
    client.act(&format!("/api/v1/alarms/uppsala/{alarm}/close"), &body);
}

/// How often the exercise has fallen silent.
fn held_back(server: &Server) -> usize {
    server.errors().matches("holds back").count()
}

/// What any message of an exercise is like, whatever became of it.
fn only_drills(world: &World) {
    for call in world.real.messages() {
        assert!(!call.name().contains("ovn-") && call.body["mode"] == "real", "{call:?}");
        assert!(!call.body["text"].as_str().unwrap().contains("ÖVNING"), "{call:?}");
    }
    for call in world.drill.messages() {
        let text = call.body["text"].as_str().unwrap();
        assert!(text.starts_with("ÖVNING") && text.ends_with("ÖVNING"), "{text}");
        assert!(call.name().contains("/ovn-") && call.body["mode"] == "exercise", "{call:?}");
        assert_eq!(call.body["to"], NUMBER, "whoever is on its list");
        let token = call.headers["authorization"].as_str();
        assert_eq!(token, "Bearer drill shown to the gateway", "credentials of its own");
    }
}

#[test]
fn invariant_10_a_drill_never_speaks_while_a_real_alarm_runs_or_nobody_knows() {
    let (world, real, drills) = World::new(true);
    let (r, x) = (real.sign_in(USER), drills.sign_in(USER));
    let mut dice = Dice::new(seed("drills"));
    let mut silences = 0;
    for n in 0..times(2) {
        // Nothing real runs: the drill goes out.
        let drill = id_of(&x.act("/api/v1/alarms", &reach(&format!("Prov {n}"))));
        world.drill.gateway.wait("the drill goes out", |call| call.name().contains(&drill));

        let alarm = id_of(&r.act("/api/v1/alarms/raise", &raise(&format!("Buss {n}"), "Många")));
        world.real.gateway.wait("the real one goes out", |call| call.name().contains(&alarm));
        silences += 1;
        wait_for("the exercise falls silent", || (held_back(&drills) == silences).then_some(()));
        let before = world.drill.messages().len();
        let held = id_of(&x.act("/api/v1/alarms", &reach(&format!("Hålls {n}"))));
        // Whatever its people do meanwhile, nothing leaves.
        for _ in 0..1 + dice.below(3) {
            sleep(Duration::from_millis(300 + dice.below(900)));
            x.act("/api/v1/alarms", &reach(&format!("Hålls {n} {}", dice.number())));
        }
        assert_eq!(world.drill.messages().len(), before, "a drill spoke over a real alarm");

        // It is over: what was held goes out, once.
        close(&r, &alarm);
        world.drill.gateway.wait("what was held goes out", |call| call.name().contains(&held));
        assert_eq!(world.drill.of(&held).len(), 1);
    }
    // Nobody knows any more: that is as if one ran.
    real.kill();
    silences += 1;
    wait_for("the exercise falls silent", || (held_back(&drills) == silences).then_some(()));
    let before = world.drill.messages().len();
    let held = id_of(&x.act("/api/v1/alarms", &reach("Ingen vet")));
    sleep(Duration::from_secs(2));
    assert_eq!(world.drill.messages().len(), before);

    // The real thing: the one message that is not held says so, everything else ends.
    let (status, page) = x.text("/exercise");
    assert!(status == 200 && page.contains("SKARPT LÄGE"), "{page}");
    let fields = [
        ("idempotency_key".to_owned(), "stop".to_owned()),
        ("act".to_owned(), "stop-exercise".to_owned()),
        ("real-text".to_owned(), "Det brinner på riktigt".to_owned()),
    ];
    let (status, page) = x.fill("/exercise", &fields);
    assert!([200, 303].contains(&status), "{page}");
    let word = |call: &Call| {
        let text = call.body["text"].as_str().unwrap_or_default();
        text.contains("SKARPT LÄGE")
    };
    world.drill.gateway.wait("everybody is told that it is real", word);
    let refused = x.post("/api/v1/alarms", Some("after"), &reach("Efter")).unwrap();
    assert_eq!(refused.code(), "alarm.exercise_stopped", "{}", refused.body);
    assert!(world.drill.of(&held).is_empty(), "what was held never goes out");
    let late = world.drill.messages().into_iter().skip(before);
    assert!(late.into_iter().all(|call| word(&call)), "nothing but that word");
    only_drills(&world);
}

/// Words as people write them: with what steers a machine, what XML minds, and what is long.
fn words(dice: &mut Dice) -> String {
    const WORDS: [&str; 12] = [
        "Buss",
        "& bil",
        "<brand>",
        "E18",
        "\"okänt\"",
        "åäö",
        "60 skadade",
        "]]>",
        "–",
        "'P1'",
        "\u{1F691}",
        "Arboga",
    ];
    let count = 1 + dice.below(40);
    (0..count).map(|_| *dice.of(&WORDS)).collect::<Vec<_>>().join(" ")
}

/// The text of an element.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let rest = xml.split(&format!("<{name}>")).nth(1)?;
    rest.split(&format!("</{name}>")).next()
}

/// An alert as the command line judges it.
fn judged(place: &Installation, xml: &str) -> Value {
    let path = place.write("larm.xml", xml);
    let ran = run(["cap", "validate", path.to_str().unwrap(), "--json"], "");
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}", ran.err))
}

#[test]
fn invariant_4_cap_of_an_exercise_says_so_and_names_it_whatever_was_written() {
    let (world, real, drills) = World::new(false);
    let (r, x) = (real.sign_in(USER), drills.sign_in(USER));
    let exercise = {
        let export = world.drill.place.run(["journal", "export", "uppsala", "--shared"]).ok();
        let lines = proof::read_export(&export).unwrap();
        let set = lines.iter().find(|line| line.kind() == "alarm.exercise_set").unwrap();
        set.shared()["id"].as_str().unwrap().to_owned()
    };
    let mut dice = Dice::new(seed("alerts"));
    for n in 0..times(6) {
        for (client, drill) in [(&x, true), (&r, false)] {
            let (title, text) = (words(&mut dice), words(&mut dice));
            let mut said = raise(&format!("{n} {title}"), &text);
            said["confirm"] = json!(if drill { "exercise" } else { "real" });
            let raised = client.act("/api/v1/alarms/raise", &said);
            let (first, incident) = (id_of(&raised), raised["incident"].clone());
            let kind = *dice.of(&["regional", "recall"]);
            let again = json!({
                "kind": kind, "incident": incident, "headline": format!("{n} {title}"),
                "text": text, "to": [tib()], "replaces": first,
            });
            let second = id_of(&client.act("/api/v1/alarms", &again));
            let third = id_of(&client.act("/api/v1/alarms", &reach(&words(&mut dice))));
            for alarm in [&first, &second, &third] {
                let path = format!("/api/v1/alarms/uppsala/{alarm}/cap");
                let (status, xml) = client.text(&path);
                assert_eq!(status, 200, "{xml}");
                let verdict = judged(&world.drill.place, &xml);
                assert_eq!(verdict["errors"], 0, "{verdict}\n{xml}");
                let status = element(&xml, "status").unwrap();
                let note = element(&xml, "note");
                if !drill {
                    let expected = if alarm == &third { "Test" } else { "Actual" };
                    assert_eq!(status, expected, "{xml}");
                    assert!(!xml.contains("Exercise") && !xml.contains("ovn-"), "{xml}");
                    assert!(note.is_none_or(|note| !note.contains("ÖVNING")), "{xml}");
                    continue;
                }
                assert_eq!(status, "Exercise", "{xml}");
                assert!(note.is_some_and(|note| note.starts_with(&exercise)), "{xml}");
                assert!(element(&xml, "identifier").unwrap().starts_with("ovn-"), "{xml}");
                for name in ["headline", "description"] {
                    let said = element(&xml, name).unwrap();
                    assert!(said.starts_with("ÖVNING") && said.ends_with("ÖVNING"), "{said}");
                }
                // What one mode says is nothing to the other, and the validator minds the note.
                let taken = r.post_text("/api/v1/cap", "application/cap+xml", &xml).unwrap();
                assert_eq!(taken.code(), "web.cap_mode", "{}", taken.body);
                let bare = xml.replace(&format!("<note>{}</note>", note.unwrap()), "");
                let codes = judged(&world.drill.place, &bare)["problems"].to_string();
                assert!(codes.contains("cap.exercise_note"), "{codes}");
            }
            let path = format!("/api/v1/alarms/uppsala/{first}/cap");
            let (_, xml) = client.text(&path);
            let other = if drill { &r } else { &x };
            let taken = other.post_text("/api/v1/cap", "application/cap+xml", &xml).unwrap();
            assert_eq!(taken.code(), "web.cap_mode", "{}", taken.body);
        }
    }
}

/// What the form of the alarm sends, everything ticked that is ticked.
fn filled(page: &str, confirm: &str, n: u64) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = [
        ("act", "raise-alarm"),
        ("confirm", confirm),
        ("harm", "suspected"),
        ("imbalance", "suspected"),
        ("mode", "staff"),
        ("basis", "fler skadade än resurser"),
        ("text", "Två bussar"),
        ("source", "SOS Alarm"),
        ("title", "Bussolycka"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    all.push(("idempotency_key".into(), format!("raise-{n}")));
    for tag in page.split("<input id=\"f-to-").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let name = tag.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        if tag.contains(" checked") {
            all.push((name.to_owned(), "on".to_owned()));
        }
    }
    all
}

fn alarms(client: &Client) -> usize {
    client.get("/api/v1/alarms").as_array().unwrap().len()
}

#[test]
fn invariant_9_the_dialogs_of_the_real_thing_and_of_a_drill_are_not_to_be_confused() {
    let (_world, real, drills) = World::new(false);
    let (r, x) = (real.sign_in(USER), drills.sign_in(USER));
    let mut dice = Dice::new(seed("dialogs"));
    let sides = [(&r, "LARMA", "ÖVNING", false), (&x, "ÖVNING", "LARMA", true)];
    for (client, own, other, drill) in sides {
        for path in ["/alarm/new", "/incidents/new", "/alarm"] {
            let (status, page) = client.text(path);
            assert_eq!(status, 200, "{path}: {page}");
            let main = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
            assert_eq!(page.contains("ÖVNING"), drill, "{path}");
            // Not by colour alone: the word stands first and last in what is looked at.
            assert_eq!(main.matches("class=\"drill-mark\"").count() >= 2, drill, "{path}: {main}");
        }
        let (_, page) = client.text("/alarm/new");
        assert!(page.contains(&format!("Skriv {own} för att larma")), "{page}");
        assert!(
            page.contains("name=\"basis\"")
                && page.contains("name=\"to-region-uppsala-blood_centre\"")
        );
        for part in [TITLE, LEADER, "Övningsfönster"] {
            assert_eq!(page.contains(part), drill, "{part}");
        }
        // Neither nothing, nor the other's word, nor anything else lets it go.
        let before = alarms(client);
        let mut wrong: BTreeSet<String> =
            [String::new(), other.to_owned(), other.to_lowercase(), "ja".into()].into();
        for _ in 0..times(10) {
            let letters =
                *dice.of(&["larm", "LARMA!", "övnin", "OVNING", "0", "99", "OK", "skarpt"]);
            wrong.insert(letters.to_owned());
        }
        for word in &wrong {
            let (status, said) = client.fill("/alarm/new", &filled(&page, word, dice.number()));
            assert_eq!(status, 422, "{word}: {said}");
            assert!(said.contains("f-confirm-error"), "{word}");
            assert_eq!(alarms(client), before, "{word} let it go");
        }
        // No basis, nobody ticked: the word alone is not enough.
        for gone in ["basis", "to-region-uppsala-blood_centre"] {
            let mut fields = filled(&page, own, dice.number());
            fields
                .retain(|(name, _)| name != gone && (gone == "basis" || !name.starts_with("to-")));
            let (status, said) = client.fill("/alarm/new", &fields);
            assert_eq!(status, 422, "without {gone}: {said}");
            assert_eq!(alarms(client), before, "without {gone}");
        }
        let word = if dice.below(2) == 0 { own.to_owned() } else { own.to_lowercase() };
        let (status, said) = client.fill("/alarm/new", &filled(&page, &word, dice.number()));
        assert!([200, 303].contains(&status), "{said}");
        let all = client.get("/api/v1/alarms");
        assert_eq!(all.as_array().unwrap().len(), before + 1);
        let newest = all[0]["id"].as_str().unwrap();
        let (_, page) = client.text(&format!("/alarm/uppsala/{newest}"));
        assert_eq!(page.matches("class=\"drill-mark\"").count() >= 2, drill, "{page}");
        assert_eq!(newest.starts_with("ovn-"), drill, "{newest}");
    }
}
