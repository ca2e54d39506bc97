//! A blood bus in an installation of its own: it takes what its region lends, works while the region
//! cannot be reached, and comes home; what does not agree is held.

use proof::{Client, Installation, PASSWORD, Server, free_address, read_export, site, wait_for};
use serde_json::{Value, json};

const CODES: &str = "kind;code;product;attributes;text;from;until;facility
table;title;;;Prov;;;
table;version;;;1;;;
table;valid;;;;2025-01-01;2035-12-31;
facility;A9990;;;Skåne;;;
product;E0002;whole_blood;leukoreduced;Helblod;;;
";

const ROLES: &str = "scientist,administrator,phlebotomist,coordinator";

/// Who adopts what somebody else has drafted.
const REVIEWER: &str = "berit@skane";

/// What the region says of donors and donations; the bus works by it on its tour.
const RULES: &str = "key,value,unit,source,note\n\
    title,Regler för blod,,,\n\
    version,2026-1,,,\n\
    shelf_life.whole_blood,21,d,DSKI,\n\
    nat.in_use,nej,,NAT-DR,\n\
    tests.each_donation,hbsag syphilis,,LT-KOMP,\n\
    tests.group_determinations,2,determinations,SOS28,\n";

/// An installation, its one person, and its server while it runs.
struct Side {
    place: Installation,
    user: &'static str,
    server: Option<Server>,
}

impl Side {
    fn new(user: &'static str, bus: Option<&str>) -> Self {
        let place = Installation::new();
        let address = free_address();
        place.settings(&format!("peer_listen = {address:?}\npull_seconds = 1\n"));
        if let Some(id) = bus {
            place.run(["body", "add", id, "--name", "Blodbussen", "--mobile-unit"]).ok();
        }
        place.add_user(user, ROLES);
        Self { place, user, server: None }
    }

    fn up(&mut self) -> Client {
        let server = self.place.serve();
        let client = Client::sign_in(server.address(), self.user, PASSWORD).unwrap();
        self.server = Some(server);
        client
    }

    fn address(&self) -> &str {
        self.server.as_ref().expect("it runs").address()
    }

    fn down(&mut self) {
        assert!(self.server.take().expect("it runs").stop().success());
    }

    fn trust(&self, other: &Self) {
        let card = self.place.write("other.card", other.place.run(["peer", "card"]).ok());
        self.place.run(["peer", "add", card.to_str().unwrap()]).ok();
    }
}

fn din(n: u32) -> String {
    format!("A999026{n:06}")
}

fn open(client: &Client, id: &str, kind: &str) {
    let mut place = site(id, id);
    place["kind"] = kind.into();
    client.act("/api/v1/sites", &place);
}

fn donor(client: &Client, n: u32) -> String {
    let person = json!({
        "number": format!("GIVARE{n:06}"), "name": format!("Provgivare {n}"),
        "kinds": ["whole_blood"], "may_call": true, "earlier": [],
    });
    client.act("/api/v1/donors", &person)["id"].as_str().expect("a donor").to_owned()
}

fn give(client: &Client, n: u32, donor: &str, site: &str) {
    let donation = json!({
        "din": din(n), "donor": donor, "kind": "whole_blood", "site": site, "millilitres": 450,
    });
    client.act("/api/v1/donations", &donation);
}

fn donation(client: &Client, n: u32) -> Option<Value> {
    let answer = client.try_get(&format!("/api/v1/donations/{}", din(n))).unwrap();
    (answer.status == 200).then_some(answer.body)
}

/// What one person drafts, another reviews and adopts.
fn adopt(drafter: &Client, reviewer: &Client) {
    let drafted = drafter.act("/api/v1/rule-sets", &json!({ "text": RULES }));
    let hash = drafted["done"]["id"].as_str().expect("a rule set").to_owned();
    let path = format!("/api/v1/rule-sets/{hash}");
    reviewer.act(&format!("{path}/reviews"), &json!({ "verdict": "approve" }));
    reviewer.act(&format!("{path}/adoption"), &json!({}));
}

/// The region with a place for the bus, its numbers, and two donors.
fn prepared(home: &Client, reviewer: &Client) -> [String; 2] {
    adopt(home, reviewer);
    open(home, "lund-bc", "blood_centre");
    open(home, "buss", "mobile_unit");
    let codes = "/api/v1/stock/codes?file=codes.csv";
    let answer = home.post_text(codes, "text/csv", CODES).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.body);
    let numbers = json!({ "site": "buss", "from": din(1), "to": din(50) });
    home.act("/api/v1/donations/numbers", &numbers);
    [donor(home, 1), donor(home, 2)]
}

/// An hour from now, as the interface reads it.
fn soon() -> String {
    (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).to_string()
}

#[test]
fn a_bus_works_out_of_reach_and_what_does_not_agree_at_home_is_held() {
    let mut home = Side::new("anna@skane", None);
    let mut bus = Side::new("bo@skane-bus", Some("skane-bus"));
    home.place.add_user(REVIEWER, "physician");
    home.trust(&bus);
    bus.trust(&home);
    let (h, b) = (home.up(), bus.up());
    let reviewer = Client::sign_in(home.address(), REVIEWER, PASSWORD).unwrap();
    let [first, second] = prepared(&h, &reviewer);
    let loan = json!({
        "unit": "skane-bus", "site": "buss", "donors": [first, second], "until": soon(),
    });
    let lent = h.act("/api/v1/bus-loans", &loan)["record"].clone();
    open(&b, "har", "mobile_unit");
    let mut tries = 0;
    wait_for("the bus has read the loan", || {
        tries += 1;
        let key = format!("take-{tries}");
        let take = json!({ "loan": lent, "site": "har" });
        let answer = b.post("/api/v1/bus-loans/take", Some(&key), &take).unwrap();
        (answer.status == 200).then_some(())
    });

    // Out of reach: home does not run at all, and the bus asks nobody.
    home.down();
    give(&b, 7, &first, "har");
    give(&b, 8, &second, "har");
    bus.down();
    // Meanwhile somebody at home uses one of the numbers that were lent.
    let h = home.up();
    give(&h, 8, &first, "buss");

    bus.up();
    let good = wait_for("the first donation is home", || donation(&h, 7));
    assert_eq!(good["donor"], json!(first), "with the donor whom home knows");
    assert_eq!((&good["site"], &good["unlabelled"]), (&json!("buss"), &json!(true)));
    let twice = wait_for("the second is home", || {
        donation(&h, 8).filter(|one| one["flags"].to_string().contains("number_twice"))
    });
    assert_eq!(twice["donor"], json!(first), "what stood there stands");

    // Nothing comes twice, whoever starts again.
    bus.down();
    home.down();
    let (h, _b) = (home.up(), bus.up());
    let third = donor(&h, 3);
    give(&h, 9, &third, "buss");
    bus.down();
    home.down();
    let text = home.place.run(["journal", "export", "skane"]).ok();
    let lines = read_export(&text).unwrap();
    let adopted = lines.iter().filter(|line| line.kind() == "mobile.adopted").count();
    assert_eq!(adopted, 2, "each report once");
}
