//! Donors through the API and the pages: for nobody, the wrong role, and for whoever may; from
//! registration over the declaration to being let through, and refused with every reason.

use axum::http::StatusCode;
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{SiteId, Window};
use serde_json::{Value, json};

use crate::house::{House, get, hidden, post_json};

/// The tests' clock stands on 2026-06-01.
pub const RULES: &str = "key,value,unit,source,note\n\
    title,Regler för givare,,,\n\
    version,2026-1,,,\n\
    nat.in_use,ja,,NAT-SK,\n\
    donor.identity,personal_number valid_id,,GEBLOD,\n\
    donor.age.minimum,18,years,SOS28,\n\
    donor.age.first_without_physician,<=60,years,SOS28,\n\
    donor.age.without_annual_permission,<=65,years,SOS28,\n\
    donor.weight.minimum,50,kg,SOS28,\n\
    donor.hb.female,125,g/L,SOS28,\n\
    donor.hb.male,135,g/L,SOS28,\n\
    donor.whole_blood.per_year,4,donations,SOS-MAJ,\n\
    donor.whole_blood.interval_male_days,61,d,prov,\n\
    donor.new_partner.months,4,months,NAT-SK,\n\
    donor.msm.separate_rule,nej,,NAT-SK,\n\
    donor.tattoo.months,4,months,NAT-SK,\n\
    donor.permanent_exclusion,hiv htlv hbv hcv,,SOS28,\n\
    donor.call_interval_days,30,d,prov,\n";

const NUMBER: &str = "19900101-9817";

pub async fn house() -> House {
    house_with(RULES).await
}

/// The same under other rules.
pub async fn house_with(rules: &str) -> House {
    let house = House::demo().await;
    let command = Kernel::OpenSite {
        id: Some(SiteId::new("lund-bc").unwrap()),
        name: "Blodcentralen Lund".into(),
        kind: SiteKind::BloodCentre,
        parent: None,
        record: RecordKeeper::Samband,
        window: Window::open(house.engine.now()),
        note: None,
    };
    house.give("skane", command).await;
    let scientist = house.token("scientist@skane").await;
    let drafted = house.tell(&scientist, "/api/v1/rule-sets", &json!({ "text": rules })).await;
    let hash = drafted.json()["done"]["id"].as_str().expect(&drafted.text).to_owned();
    let physician = house.token("physician@skane").await;
    let path = format!("/api/v1/rule-sets/{hash}");
    for (path, body) in [
        (format!("{path}/reviews"), json!({ "verdict": "approve" })),
        (format!("{path}/adoption"), json!({})),
    ] {
        let answer = house.tell(&physician, &path, &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    }
    house
}

fn number() -> String {
    let text = "19900101981";
    let digit = (0..10).map(|digit| format!("{text}{digit}"));
    let mut fits = digit.filter(|text| text.parse::<samband_domain::PersonNumber>().is_ok());
    fits.next().expect("one digit agrees")
}

pub fn person() -> Value {
    json!({
        "number": number(), "name": "Prov Givarson", "phone": "070-174 06 05", "email": null,
        "site": "lund-bc", "kinds": ["whole_blood"], "may_call": true, "earlier": [],
    })
}

pub fn declaration(hb: u16, tattoo: Option<&str>) -> Value {
    let mut answers = serde_json::Map::new();
    for yes in ["valid_id", "understands_swedish", "well"] {
        answers.insert(yes.into(), json!({ "yes": true }));
    }
    for no in ["new_partner", "travel", "malaria", "zika", "hiv", "htlv", "hbv", "hcv"] {
        answers.insert(no.into(), json!({ "yes": false }));
    }
    answers.insert("tattoo".into(), json!({ "yes": tattoo.is_some(), "day": tattoo }));
    json!({ "site": "lund-bc", "answers": answers, "weight": 70, "hb": hb })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_closed_to_nobody_and_to_the_wrong_role() {
    let house = house().await;
    let secretary = house.token("secretary@skane").await;
    let one = "/api/v1/donors/d-1";
    let appointment =
        json!({ "session": "se-1", "at": "2026-06-02T08:00:00Z", "kind": "whole_blood" });
    for (path, body) in [
        ("/api/v1/donors".to_owned(), person()),
        (format!("{one}/declarations"), declaration(150, None)),
        (format!("{one}/admissions"), json!({ "kind": "whole_blood" })),
        (format!("{one}/deferrals"), json!({ "reason": "other", "until": "further" })),
        (format!("{one}/appointments"), appointment),
        (format!("{one}/contacts"), json!({ "outcome": "yes" })),
    ] {
        let nobody = house.send(post_json(&path, &body)).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let answer = house.tell(&secretary, &path, &body).await;
        let told = (answer.status, answer.json()["code"].clone());
        assert_eq!(told, (StatusCode::FORBIDDEN, json!("access.denied")), "{path}");
    }
    let asked = format!("{one}/eligibility?kind=whole_blood");
    for path in [asked.as_str(), "/api/v1/donors?number=199001019817"] {
        assert_eq!(house.send(get(path)).await.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(house.ask(&secretary, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let cookie = house.cookie("secretary@skane").await;
    for path in ["/donors", "/donors/new", "/donors/d-1", "/call-ups", "/appointments"] {
        assert_eq!(house.page(&cookie, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_registration_to_being_let_through() {
    let house = house().await;
    let nurse = house.token("phlebotomist@skane").await;
    let made = house.tell(&nurse, "/api/v1/donors", &person()).await;
    let id = made.json()["id"].as_str().expect(&made.text).to_owned();
    let again = house.tell(&nurse, "/api/v1/donors", &person()).await;
    assert_eq!(again.json()["code"], "donor.registered", "{}", again.text);
    let one = format!("/api/v1/donors/{id}");
    let asked = format!("{one}/eligibility?kind=whole_blood");
    let before = house.ask(&nurse, &asked).await.json();
    assert_eq!(before["verdict"], "unknown", "no declaration today");
    let admission = json!({ "kind": "whole_blood" });
    let tell = |body: Value| {
        let (house, path, nurse) = (&house, format!("{one}/declarations"), nurse.clone());
        async move {
            let answer = house.tell(&nurse, &path, &body).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        }
    };
    tell(declaration(120, Some("2026-03-01"))).await;
    let refused = house.tell(&nurse, &format!("{one}/admissions"), &admission).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(refused.json()["code"], "donor.not_eligible");
    let answer = house.ask(&nurse, &asked).await.json();
    let grounds: Vec<_> =
        answer["reasons"].as_array().unwrap().iter().map(|one| one["ground"].clone()).collect();
    assert_eq!(grounds, ["haemoglobin", "tattoo"]);
    assert_eq!(answer["reasons"][1]["rule"], "donor.tattoo.months");
    assert_eq!(answer["reasons"][1]["source"], "NAT-SK");
    let later = house.ask(&nurse, &format!("{asked}&on=2026-07-01")).await.json();
    assert_eq!(later["verdict"], "eligible", "nothing known speaks against it by then");

    // Somebody else, whom nothing hinders.
    let mut other = person();
    let fits = |text: &String| text.parse::<samband_domain::PersonNumber>().is_ok();
    let number = (0..10).map(|digit| format!("19910101981{digit}")).find(fits).unwrap();
    other["number"] = json!(number);
    let made = house.tell(&nurse, "/api/v1/donors", &other).await.json();
    let one = format!("/api/v1/donors/{}", made["id"].as_str().unwrap());
    house.tell(&nurse, &format!("{one}/declarations"), &declaration(150, None)).await;
    let through = house.tell(&nurse, &format!("{one}/admissions"), &admission).await;
    assert_eq!(through.status, StatusCode::OK, "{}", through.text);
    // The journal's shared part says nothing of who it is.
    let secretary = house.token("coordinator@halland").await;
    let journal = house.ask(&secretary, "/api/v1/regions/skane/journal").await;
    assert!(!journal.text.contains("Givarson") && !journal.text.contains(&number));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nurse_walks_through_the_pages() {
    let house = house().await;
    let cookie = house.cookie("phlebotomist@skane").await;
    let nobody = house.page(&cookie, &format!("/donors?q={NUMBER}")).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let form = house.page(&cookie, "/donors/new").await;
    let key = hidden(&form.text, "idempotency_key");
    let text = number();
    let fields = [
        ("idempotency_key", key.as_str()),
        ("act", "donor-register"),
        ("number", &text),
        ("name", "Prov Givarson"),
        ("site", "lund-bc"),
        ("kind-whole-blood", "on"),
        ("may-call", "on"),
        ("earlier", "never"),
    ];
    // The last digit does not agree with the others.
    let (body, last) = text.split_at(11);
    let mistyped = format!("{body}{}", (last.parse::<u8>().unwrap() + 1) % 10);
    let wrong = house
        .fill(
            &cookie,
            "/donors/new",
            &fields.map(|(name, value)| {
                (name, if name == "number" { mistyped.as_str() } else { value })
            }),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    let made = house.fill(&cookie, "/donors/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let path = made.header("location").split('?').next().unwrap().to_owned();
    let found = house.page(&cookie, &format!("/donors?q={text}")).await;
    assert_eq!(found.header("location"), path);
    let page = house.page(&cookie, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Inget känt hinder"), "{}", page.text);
    assert!(page.text.contains("step=declare"));
    let form = house.page(&cookie, &format!("{path}?step=declare")).await;
    assert!(form.text.contains("q-tattoo") && !form.text.contains("q-men_with_men"));
    let at = form.text.find("donor-declare").unwrap();
    let form = &form.text[form.text[..at].rfind("<form").unwrap()..];
    let key = hidden(form, "idempotency_key");
    let mut fields = vec![
        ("idempotency_key", key.as_str()),
        ("act", "donor-declare"),
        ("site", "lund-bc"),
        ("weight", "70"),
        ("hb", "150"),
    ];
    for yes in ["q-valid_id", "q-understands_swedish", "q-well"] {
        fields.push((yes, "yes"));
    }
    for no in [
        "q-tattoo",
        "q-new_partner",
        "q-travel",
        "q-malaria",
        "q-zika",
        "q-hiv",
        "q-htlv",
        "q-hbv",
        "q-hcv",
    ] {
        fields.push((no, "no"));
    }
    let declared = house.fill(&cookie, &path, &fields).await;
    assert_eq!(declared.status, StatusCode::SEE_OTHER, "{}", declared.text);
    let page = house.page(&cookie, &path).await;
    assert!(page.text.contains("Får ge") && page.text.contains("step=admit"), "{}", page.text);
    for path in ["/donors", "/call-ups", "/appointments"] {
        assert_eq!(house.page(&cookie, path).await.status, StatusCode::OK, "{path}");
    }
}
