//! Two installations, each with its region: they show each other's figures, bind each other by an
//! agreement, do without each other, and name a past that was changed.

use std::path::Path;
use std::process::Command;

use proof::{Client, Installation, Server, Sqlite, figures, free_address, read_export, wait_for};
use serde_json::{Value, json};

const REPORT: &str = include_str!("../../server/src/demo/sodra-2024.csv");
const ROLES: &str = "director,coordinator,administrator";

/// What must never leave a region: searched for in all of the other's bytes.
fn secret(what: &str, region: &str) -> String {
    format!("{what}-{region}-hemligt")
}

/// A region in an installation of its own.
struct Side {
    id: &'static str,
    place: Installation,
    server: Option<Server>,
}

impl Side {
    fn new(id: &'static str) -> Self {
        let place = Installation::new();
        let address = free_address();
        place.settings(&format!("peer_listen = {address:?}\npull_seconds = 1\n"));
        place.add_user(&format!("dir@{id}"), ROLES);
        // Who signs is named to the other parties; who does not stays at home.
        let (user, name) = (format!("sec@{id}"), secret("Namn", id));
        place.run(["user", "add", &user, "--name", &name, "--role", "secretary"]).ok();
        Self { id, place, server: None }
    }

    fn up(&mut self) -> Client {
        let server = self.place.serve();
        let client = server.sign_in(&format!("dir@{}", self.id));
        self.server = Some(server);
        client
    }

    fn kill(&mut self) {
        self.server.take().expect("it runs").kill();
    }

    /// Is reached elsewhere and by another certificate from its next start on.
    fn moves(&self) {
        let address = free_address();
        self.place.settings(&format!("peer_listen = {address:?}\npull_seconds = 1\n"));
        std::fs::remove_dir_all(self.place.data().join("tls")).unwrap();
    }

    /// Trusts the other side, as two administrators do who exchange cards.
    fn trust(&self, other: &Self) {
        let card = other.place.run(["peer", "card"]).ok();
        let card = self.place.write(&format!("{}.card", other.id), card);
        self.place.run(["peer", "add", card.to_str().unwrap()]).ok();
    }

    fn import(&self) {
        let file = self.place.write("sodra-2024.csv", REPORT);
        let file = file.to_str().unwrap();
        self.place.run(["import", file, "--region", self.id, "--source", "Rapport"]).ok();
    }
}

/// Both sides, with figures, running, trusting each other.
fn pair() -> (Side, Client, Side, Client) {
    let (mut skane, mut halland) = (Side::new("skane"), Side::new("halland"));
    skane.trust(&halland);
    halland.trust(&skane);
    skane.import();
    halland.import();
    let (s, h) = (skane.up(), halland.up());
    for (client, id) in [(&s, "skane"), (&h, "halland")] {
        let person = json!({
            "profession": "nurse",
            "title": "Sjuksköterska",
            "name": "Sonja Sköterska",
            "phone": secret("Telefon", id),
        });
        client.act("/api/v1/actors", &person);
    }
    (skane, s, halland, h)
}

fn region(client: &Client, id: &str) -> Option<Value> {
    let regions = client.get("/api/v1/regions?period=2024");
    regions.as_array()?.iter().find(|region| region["id"] == id).cloned()
}

fn donors(client: &Client, id: &str) -> Option<u64> {
    region(client, id)?["active_donors"].as_u64()
}

fn peer(client: &Client, id: &str) -> Value {
    let peers = client.get("/api/v1/peers");
    let found = peers.as_array().unwrap().iter().find(|peer| peer["journal"] == id);
    found.cloned().unwrap_or_else(|| panic!("{id} in {peers}"))
}

fn agreement(client: &Client, hash: &str) -> Option<Value> {
    let answer = client.try_get(&format!("/api/v1/agreements/{hash}")).unwrap();
    (answer.status == 200).then_some(answer.body)
}

fn standing(client: &Client, hash: &str) -> Option<String> {
    agreement(client, hash)?["standing"].as_str().map(str::to_owned)
}

fn propose(client: &Client, title: &str) -> String {
    let proposal = json!({
        "title": title,
        "kind": "consultancy",
        "parties": ["halland", "skane"],
        "clauses": ["Skåne ställer specialist i transfusionsmedicin till förfogande."],
        "from": "2025-01-01",
    });
    let done = client.act("/api/v1/agreements", &proposal);
    done["id"].as_str().expect("the agreement's name").to_owned()
}

fn sign(client: &Client, hash: &str) {
    client.act(&format!("/api/v1/agreements/{hash}/sign"), &Value::Null);
}

/// Every byte under a directory.
fn holds(directory: &Path, text: &str) -> bool {
    let mut grep = Command::new("grep");
    let status = grep.args(["--recursive", "--quiet", "--text", "--fixed-strings", text]);
    status.arg(directory).status().expect("grep runs").success()
}

#[test]
fn two_regions_share_figures_sign_an_agreement_and_do_without_each_other() {
    let (skane, s, mut halland, h) = pair();
    wait_for("Skåne shows Halland's figures", || donors(&s, "halland"));
    wait_for("Halland shows Skåne's figures", || donors(&h, "skane"));
    assert_eq!((donors(&s, "halland"), donors(&h, "skane")), (Some(5_938), Some(22_103)));
    let shown = region(&s, "halland").unwrap();
    assert_eq!(shown["figures"]["active_donors"]["source"], "Rapport");
    assert_eq!(shown["figures"]["active_donors"]["record"]["journal"], "halland");
    assert!(shown["as_of"].is_string(), "its age is known: {shown}");

    let hash = propose(&h, "Konsultavtal transfusionsmedicin");
    assert_eq!(standing(&h, &hash).as_deref(), Some("one_sided"));
    wait_for("the proposal reaches Skåne", || agreement(&s, &hash));
    assert_eq!(standing(&s, &hash).as_deref(), Some("one_sided"));
    sign(&s, &hash);
    assert_eq!(standing(&s, &hash).as_deref(), Some("binding"));
    wait_for("the signature reaches Halland", || {
        standing(&h, &hash).filter(|standing| standing == "binding")
    });
    both_hold_text_and_signatures(&s, &h, &hash);
    let foreign = agreement(&s, &hash).unwrap();
    assert_eq!(foreign["answers"].as_array().unwrap().len(), 2);

    cut_off_and_back(&skane, &s, &mut halland);
    for side in [&skane, &halland] {
        let verified = side.place.run(["journal", "verify"]).ok();
        assert_eq!(verified.lines().count(), 2, "the own journal and the copy: {verified}");
        let other = if side.id == "skane" { "halland" } else { "skane" };
        for what in ["Namn", "Telefon"] {
            let (own, foreign) = (secret(what, side.id), secret(what, other));
            assert!(holds(side.place.data(), &own), "the search finds what is there");
            assert!(!holds(side.place.data(), &foreign), "{foreign} lies in {}", side.id);
        }
        let list = side.place.run(["peer", "list"]).ok();
        assert!(list.contains(&format!("{}\t{other}\ttrusted", side.id)), "{list}");
    }
}

/// Halland is cut off: Skåne goes on, and says how old what it knows is. Halland comes back after
/// kill −9 and catches up by itself. That silence is noted after five minutes is shown in
/// `engine/tests`, where the clock can be set.
fn cut_off_and_back(skane: &Side, s: &Client, halland: &mut Side) {
    halland.kill();
    wait_for("the pull fails and is logged", || {
        let errors = skane.server.as_ref().unwrap().errors();
        errors.contains("not pulled").then_some(())
    });
    let heard = region(s, "halland").unwrap()["as_of"].clone();
    s.act("/api/v1/figures", &figures("Efter", &[("active_donors", "2025", 22_500)]));
    let later = propose(s, "Avtal under avbrott");
    let cut_off = region(s, "halland").unwrap();
    assert_eq!(cut_off["active_donors"], 5_938, "what is known stays");
    assert_eq!(cut_off["as_of"], heard, "its age is that of the last word");
    assert!(peer(s, "halland")["fork"].is_null());

    let h = halland.up();
    wait_for("Halland catches up", || {
        (known(&h, 22_500) && agreement(&h, &later).is_some()).then_some(())
    });
    sign(&h, &later);
    wait_for("Skåne hears of it", || standing(s, &later).filter(|standing| standing == "binding"));
    wait_for("Halland is heard again", || (region(s, "halland")?["as_of"] != heard).then_some(()));
}

/// Each side's own record holds the full text and the own signature; the copy of the other's
/// holds the same text and the other's.
fn both_hold_text_and_signatures(s: &Client, h: &Client, hash: &str) {
    let (one, other) = (agreement(s, hash).unwrap(), agreement(h, hash).unwrap());
    assert_eq!(one["text"], other["text"]);
    let text = one["text"].as_str().unwrap();
    let digest = samband_domain::Digest::of(text.as_bytes());
    assert_eq!(digest.to_string(), hash, "its name is the digest of its text");
    for side in [&one, &other] {
        for answer in side["answers"].as_array().unwrap() {
            assert_eq!(answer["answer"], "signed", "{answer}");
            assert_eq!(answer["record"]["journal"], answer["region"]);
            assert!(answer["name"].is_string() && answer["at"].is_string());
        }
    }
    assert_eq!(one["answers"], other["answers"], "who signed, as what, when, and where it stands");
}

#[test]
fn a_copied_installation_that_went_its_own_way_is_named_and_refused() {
    let (skane, s, mut halland, h) = pair();
    wait_for("Skåne shows Halland's figures", || donors(&s, "halland"));
    halland.kill();
    drop(h);
    let copy = halland.place.beside("copy");
    copied(halland.place.data(), &copy);

    // One goes on and is heard; then the other is served at the same address.
    let h = halland.up();
    h.act("/api/v1/figures", &figures("En", &[("active_donors", "2025", 6_001)]));
    heard_in(&s, 6_001);
    halland.kill();
    std::fs::rename(halland.place.data(), halland.place.beside("first")).unwrap();
    std::fs::rename(&copy, halland.place.data()).unwrap();
    let h = halland.up();
    h.act("/api/v1/figures", &figures("Två", &[("active_donors", "2025", 7_002)]));
    let named = wait_for("the fork is named", || fork(&s));
    assert!(named.contains("another record"), "{named}");

    named_and_refused(&skane, &s, 7_002);
    // A person looks into it; only then is more pulled, and still nothing that does not fit.
    let finding = json!({ "finding": "Halland hade startat en gammal kopia" });
    s.act("/api/v1/peers/halland/settle", &finding);
    wait_for("it is named again", || fork(&s));
    assert!(!known(&s, 7_002));
}

#[test]
fn a_record_changed_in_the_database_is_named_and_refused() {
    let (mut skane, s, mut halland, h) = pair();
    wait_for("Skåne shows Halland's figures", || donors(&s, "halland"));
    skane.kill();
    // Skåne has not seen this record yet when a hand changes it under the running server.
    h.act("/api/v1/figures", &figures("Äkta", &[("active_donors", "2025", 6_001)]));
    let database = halland.place.data().join("samband.db");
    let change = "UPDATE records SET content = replace(content, ':6001', ':9999') \
                  WHERE journal = 'halland' AND content LIKE '%:6001%'";
    Sqlite::alter(&database, &[change]);
    let s = skane.up();
    let named = wait_for("it is named", || fork(&s));
    assert!(named.contains("hash does not fit"), "{named}");
    named_and_refused(&skane, &s, 9_999);
    // At home it is found as well, and nothing starts on it.
    let verified = halland.place.run(["journal", "verify"]).refused();
    assert!(verified.contains("journal halland, epoch 1, record"), "{verified}");
    assert!(verified.contains("hash does not fit"), "{verified}");
    halland.kill();
    let said = halland.place.begin(&[]).ready().unwrap_err();
    assert!(said.contains("journal halland, epoch 1, record"), "{said}");
}

/// Whoever owns the database and the key can make all hashes and signatures anew. What a
/// neighbour has seen stays what it was.
#[test]
fn a_past_written_anew_is_named_and_refused() {
    let (skane, s, mut halland, h) = pair();
    wait_for("Skåne shows Halland's figures", || donors(&s, "halland"));
    halland.kill();
    drop(h);
    rewrite(&halland, ":5938", ":5939");
    let h = halland.up();
    assert_eq!(donors(&h, "halland"), Some(5_939), "its owner can have it so");
    let named = wait_for("it is named", || fork(&s));
    assert!(named.contains("another record"), "{named}");
    named_and_refused(&skane, &s, 5_939);
    assert_eq!(donors(&s, "halland"), Some(5_938), "what was verified stays");
}

fn fork(client: &Client) -> Option<String> {
    peer(client, "halland")["fork"].as_str().map(str::to_owned)
}

fn heard_in(client: &Client, value: u64) {
    wait_for("a new figure is heard", || known(client, value).then_some(()));
}

fn known(client: &Client, value: u64) -> bool {
    let figures = client.get("/api/v1/figures");
    figures.as_array().unwrap().iter().any(|row| row["value"] == value)
}

fn named_and_refused(skane: &Side, s: &Client, foreign: u64) {
    let list = skane.place.run(["peer", "list"]).ok();
    assert!(list.contains("skane\thalland\tFORKED"), "{list}");
    let export = skane.place.run(["journal", "export", "skane"]).ok();
    let lines = read_export(&export).unwrap();
    let named = lines.iter().find(|line| line.kind() == "peer.fork_seen");
    assert!(named.is_some(), "it stands in the own record: {export}");
    assert!(!known(s, foreign), "nothing of the other past is shown");
    let copy = skane.place.run(["journal", "export", "halland"]).ok();
    // As a value: a hash may hold any digits.
    assert!(!copy.contains(&format!(":{foreign}")), "nor kept");
    skane.place.run(["journal", "verify"]).ok();
}

fn copied(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(status.success());
}

/// Rewrites a journal with one text replaced, all hashes made anew.
fn rewrite(side: &Side, from: &str, to: &str) {
    let database = side.place.data().join("samband.db");
    let export = side.place.run(["journal", "export", side.id]).ok();
    let mut chain = samband_journal::Chain::before(side.id.parse().unwrap());
    let mut statements = Vec::new();
    for line in export.lines() {
        let mut record = samband_journal::Wire::read(line).unwrap();
        let text = record.body.text().unwrap().replace(from, to);
        record.body = samband_journal::Body::Text(text.clone());
        let place = (&record.journal, record.epoch, record.seq);
        let digest = record.body.digest();
        record.hash = samband_journal::link_hash(place, record.recorded, &chain.hash, &digest);
        chain.extend(&record).unwrap();
        let (text, hash, seq) = (text.replace('\'', "''"), record.hash, record.seq);
        statements.push(format!(
            "UPDATE records SET content = '{text}', hash = '{hash}' \
             WHERE journal = 'halland' AND seq = {seq}"
        ));
    }
    let hash = chain.hash;
    statements.push(format!("UPDATE heads SET hash = '{hash}' WHERE journal = 'halland'"));
    let statements: Vec<_> = statements.iter().map(String::as_str).collect();
    Sqlite::alter(&database, &statements);
}

/// A region that lost its machine goes on from a backup, under the same identity. What its
/// neighbour had seen beyond that is counted as lost and not taken for a fork.
#[test]
fn a_restored_neighbour_goes_on_in_a_new_epoch() {
    let (skane, s, mut halland, h) = pair();
    let backup = halland.place.beside("backup");
    let backup = backup.to_str().unwrap();
    halland.place.run(["backup", backup]).ok();
    h.act("/api/v1/figures", &figures("Förlorad", &[("active_donors", "2025", 6_001)]));
    wait_for("a new figure is heard", || known(&s, 6_001).then_some(()));
    halland.kill();
    let settings = std::fs::read_to_string(halland.place.data().join("samband.toml")).unwrap();
    let kept = halland.place;
    halland.place = Installation::new();
    halland.place.settings(&settings);
    halland.place.run(["restore", backup]).ok();
    drop(kept);

    let h = halland.up();
    h.act("/api/v1/figures", &figures("Ny", &[("active_donors", "2025", 6_002)]));
    wait_for("the new epoch is heard", || known(&s, 6_002).then_some(()));
    assert!(!known(&s, 6_001), "the picture is that of the journal that goes on");
    // That it was verified is recorded a moment after it is shown.
    let peer = wait_for("the new head is recorded", || {
        Some(peer(&s, "halland")).filter(|peer| peer["head"]["epoch"] == 2)
    });
    let copy = skane.place.run(["journal", "export", "halland"]).ok();
    // The figure, and what Halland had noted of its neighbour by then.
    let lines = read_export(&copy).unwrap();
    let seen = lines.iter().filter(|line| line.epoch == 1).map(|line| line.seq).max().unwrap();
    let begun = lines.iter().find(|line| line.epoch == 2).unwrap();
    let lost = seen - begun.shared()["continues"]["from"]["seq"].as_u64().unwrap();
    assert!(lost >= 1, "{copy}");
    assert_eq!((&peer["fork"], &peer["lost"]), (&Value::Null, &json!(lost)), "{peer}");
    assert!(copy.contains("Förlorad"), "the record of what was lost is kept");
    skane.place.run(["journal", "verify"]).ok();
}

/// A new machine, address and certificate: the neighbour takes the new card over, and what was
/// verified goes on. Another key is never taken over on the way.
#[test]
fn a_neighbour_that_moved_is_reached_by_its_new_card() {
    let (skane, s, mut halland, h) = pair();
    wait_for("Skåne shows Halland's figures", || donors(&s, "halland"));
    halland.kill();
    drop(h);
    halland.moves();
    let h = halland.up();
    h.act("/api/v1/figures", &figures("Flyttad", &[("active_donors", "2025", 6_001)]));
    skane.trust(&halland);
    heard_in(&s, 6_001);
    let again = skane.place.write("again.card", halland.place.run(["peer", "card"]).ok());
    let again = ["peer", "add", again.to_str().unwrap()];
    assert!(skane.place.run(again).refused().contains("peer.trusted_already"));

    // The key was changed in between: the journal itself vouches for the one on the card.
    halland.place.run(["journal", "rotate-key", "halland"]).ok();
    h.act("/api/v1/figures", &figures("Ny nyckel", &[("active_donors", "2025", 6_002)]));
    heard_in(&s, 6_002);
    halland.kill();
    drop(h);
    halland.moves();
    let h = halland.up();
    skane.trust(&halland);
    h.act("/api/v1/figures", &figures("Igen", &[("active_donors", "2025", 6_003)]));
    heard_in(&s, 6_003);
    let export = skane.place.run(["journal", "export", "skane"]).ok();
    let kinds = read_export(&export).unwrap();
    let of = |kind: &str| kinds.iter().filter(|line| line.kind() == kind).count();
    assert_eq!((of("peer.trusted"), of("peer.moved"), of("peer.dropped")), (1, 2, 0));

    // Somebody else's Halland has another key: the old one must be let go of first.
    let stranger = Side::new("halland");
    let card = stranger.place.run(["peer", "card"]).ok();
    let card = skane.place.write("stranger.card", card);
    let said = skane.place.run(["peer", "add", card.to_str().unwrap()]).refused();
    assert!(said.contains("peer.key_differs") && said.contains("halland"), "{said}");
    assert!(peer(&s, "halland")["fork"].is_null());
}

#[test]
fn one_installation_holds_several_regions_apart() {
    let place = Installation::with("dir@skane", ROLES);
    place.run(["region", "add", "halland"]).ok();
    place.run(["region", "add", "kronoberg", "--mode", "exercise"]).ok();
    place.add_user("dir@halland", ROLES);
    let command = ["user", "add", "sec@halland", "--name", "Hemlig Hallänning"];
    place.run(command.iter().chain(&["--role", "secretary"])).ok();
    let file = place.write("sodra-2024.csv", REPORT);
    let regions = "skane,halland";
    place.run(["import", file.to_str().unwrap(), "--region", regions]).ok();
    let list = place.run(["region", "list"]).ok();
    assert!(list.contains("kronoberg\there\texercise"), "{list}");

    let server = place.serve();
    let (s, h) = (server.sign_in("dir@skane"), server.sign_in("dir@halland"));
    assert_eq!((donors(&s, "halland"), donors(&h, "skane")), (Some(5_938), Some(22_103)));
    let hash = propose(&h, "Inom ett hus");
    sign(&s, &hash);
    assert_eq!(standing(&h, &hash).as_deref(), Some("binding"));
    // One region's people have no business in the other's.
    let other = s.try_get("/api/v1/actors?region=halland").unwrap();
    assert!(!other.body.to_string().contains("Hemlig"), "{}", other.body);
    let page = s.get("/api/v1/journal/halland");
    assert!(!page.to_string().contains("Hemlig"), "{page}");
    let export = place.run(["journal", "export", "halland", "--shared"]).ok();
    assert!(!export.contains("Hemlig"));
    assert_eq!(place.run(["journal", "verify"]).ok().lines().count(), 3);
}
