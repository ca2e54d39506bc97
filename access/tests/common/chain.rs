//! Commands about call-backs, buses, transfusions and donors, and what each asks.

use samband_access::Action;
use serde_json::{Value, json};

pub fn withdrawal_commands() -> Vec<(Value, Action)> {
    let digest = "0".repeat(64);
    let at = json!({ "journal": "skane", "epoch": 1, "seq": 1, "hash": digest });
    let unit = "A999026000001.E0336V00";
    let back = |step: &str, mut body: Value| {
        body["do"] = json!("withdrawal");
        body["step"] = json!(step);
        body
    };
    let call =
        json!({ "target": { "donor": "d-1" }, "reason": "marker", "note": null, "asked": [] });
    let follow = json!({ "withdrawal": at, "unit": unit, "done": "not_given", "note": null });
    let end = json!({ "withdrawal": at, "outcome": "stands", "note": "x" });
    let tell = json!({ "withdrawal": at, "from": "halland", "fates": [], "note": "x" });
    vec![
        (back("call_back", call), Action::CallBack),
        (back("follow", follow), Action::FollowWithdrawal),
        (back("tell", tell), Action::FollowWithdrawal),
        (back("conclude", end), Action::CloseWithdrawal),
        (back("heed", json!({ "withdrawal": at, "dins": [] })), Action::HeedWithdrawal),
        (back("note_answer", json!({ "withdrawal": at, "answer": at })), Action::HeedWithdrawal),
        (back("note_lift", json!({ "lifted": at })), Action::HeedWithdrawal),
        (
            json!({ "do": "plasma", "step": "make_lot", "site": "lund", "units": [unit] }),
            Action::ShipPlasma,
        ),
        (
            json!({ "do": "vigilance", "step": "notify_opened", "case": "x-1", "note": null }),
            Action::TellAuthority,
        ),
        (
            json!({
                "do": "vigilance", "step": "confirm", "case": "iv-1", "imputability": "na",
                "note": null,
            }),
            Action::TellAuthority,
        ),
    ]
}

pub fn transfusion_commands() -> Vec<(Value, Action)> {
    let unit = "A999026000001.E0336V00";
    let decide = |capacity: &str| {
        let decision = json!({
            "rule": "missing_tests", "capacity": capacity, "physician": "Prov Läkare",
            "reason": "x", "until": 9,
        });
        json!({ "do": "decide", "request": "r-1", "decision": decision })
    };
    let handing = json!({ "request": "r-1", "units": [unit], "fetched_by": "x" });
    let back = json!({
        "units": [unit], "site": "lund", "uncooled_minutes": "unknown",
        "cooled_minutes": "unknown", "temperature": "no_record", "intact": true,
    });
    vec![
        (json!({ "do": "cancel", "request": "r-1", "reason": "x" }), Action::RequestBlood),
        (json!({ "do": "stop_packages", "request": "r-1", "reason": "x" }), Action::RequestBlood),
        (json!({ "do": "reserve", "request": "r-1", "units": [unit] }), Action::IssueBlood),
        (
            json!({
                "do": "reserve_best", "request": "r-1", "component": null,
                "count": 2, "at_least": 1,
            }),
            Action::IssueBlood,
        ),
        (json!({ "do": "confirm_crossmatch", "request": "r-1", "unit": unit }), Action::IssueBlood),
        (json!({ "do": "issue", "handing": handing }), Action::IssueBlood),
        (json!({ "do": "reconcile", "request": "r-1", "patient": "p-1" }), Action::IssueBlood),
        (
            json!({ "do": "settle_loose", "unit": unit, "found": 5, "reason": "x" }),
            Action::IssueBlood,
        ),
        (json!({ "do": "presume", "request": "r-1", "units": [unit] }), Action::KeepStock),
        (decide("transfusion"), Action::DecideException),
        (decide("treating"), Action::NoteTreatingDecision),
        (json!({ "do": "check_bedside", "unit": unit, "patient": null }), Action::Transfuse),
        (json!({ "do": "return", "back": back }), Action::Transfuse),
        (json!({ "do": "waste", "units": [unit], "reason": "x" }), Action::Transfuse),
        (
            json!({
                "do": "assess", "reaction": "x-1", "category": "other", "imputability": "na",
            }),
            Action::AssessReaction,
        ),
    ]
}

pub fn donor_commands() -> Vec<(Value, Action)> {
    let number = "196408233234";
    let identity = json!({ "number": number, "name": "n", "phone": null, "email": null });
    let terms = json!({ "site": null, "kinds": ["whole_blood"], "may_call": true });
    let register = json!({
        "do": "register", "identity": identity, "terms": terms, "earlier": "unknown",
    });
    let record = json!({ "journal": "halland", "epoch": 1, "seq": 1, "hash": "0".repeat(64) });
    vec![
        (register, Action::KeepDonors),
        (json!({ "do": "admit", "donor": "d-1", "kind": "whole_blood" }), Action::KeepDonors),
        (
            json!({ "do": "lift", "donor": "d-1", "deferral": "def-1", "reason": "x" }),
            Action::JudgeDonors,
        ),
        (
            json!({
                "do": "type", "donor": "d-1", "group": "unknown",
                "types": { "phenotype": { "present": [], "absent": [] }, "hla": [], "hpa": [] },
            }),
            Action::TypeDonors,
        ),
        (
            json!({ "do": "note", "donor": "d-1", "list": null, "outcome": "yes" }),
            Action::CallDonors,
        ),
        (json!({ "do": "note_revoked", "pass": record }), Action::NoteRevocation),
    ]
}
