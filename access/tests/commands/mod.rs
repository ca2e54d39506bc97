//! Every command there is and the action it asks; some depend on who asks and on what is held.

mod alarms;
#[path = "../common/chain.rs"]
mod chain;
mod joint;

use std::collections::BTreeSet;

use crate::common::{NOW, actor, give, journal, mandate, region};
use chain::{donor_commands, transfusion_commands, withdrawal_commands};
use samband_access::{Action, Because, Kind, Principal, authorise_command};
use samband_domain::kernel::{Access, Capacity, LegalRole, Role};
use samband_domain::words::Code;
use samband_domain::{Command, Region};
use serde_json::{Value, json};

fn command(area: &str, body: &Value) -> Command {
    serde_json::from_value(json!({ area: body })).unwrap()
}

fn kernel(body: &Value) -> Command {
    command("kernel", body)
}

fn of(region: &Region, command: &Command) -> Action {
    Action::of(command, region, Some(&actor("eva")))
}

fn grant(holder: &str, capacity: &Capacity) -> Command {
    kernel(&json!({
        "do": "grant_mandate", "holder": holder, "capacity": capacity, "site": null,
        "window": { "from": 0, "until": null }, "deputy_for": null, "delegated_from": null,
        "review_at": null, "share_permille": "unknown", "approval": "not_required", "basis": null,
    }))
}

fn capacities() -> Vec<(Capacity, Action, Action)> {
    let competence = Capacity::Competence {
        code: Code::new("transfusion-medicine").unwrap(),
        name: "transfusionsmedicin".into(),
    };
    let task = || "godkänna nya givare".to_owned();
    let (delegation, assignment) =
        (Capacity::Delegation { task: task() }, Capacity::Assignment { task: task() });
    let legal = Capacity::Legal(LegalRole::QualifiedPerson);
    let audit = Capacity::Access(Access::Audit);
    let emergency = Capacity::Access(Access::Emergency);
    vec![
        (Capacity::Role(Role::Tib), Action::GrantRole, Action::EndRole),
        (legal, Action::GrantLegalRole, Action::EndLegalRole),
        (competence, Action::GrantCompetence, Action::EndCompetence),
        (delegation, Action::GrantDelegation, Action::EndDelegation),
        (assignment, Action::GrantAssignment, Action::EndAssignment),
        (audit, Action::GrantAudit, Action::EndAccess),
        (emergency, Action::GrantEmergency, Action::EndAccess),
    ]
}

fn supply_commands(record: &Value, units: &Value) -> Vec<(Value, Action)> {
    vec![
        (json!({ "do": "call_off", "dispatch": record, "reason": "x" }), Action::EndShipment),
        (
            json!({ "do": "state_lost", "dispatch": record, "units": units, "search": "x" }),
            Action::EndShipment,
        ),
        (json!({ "do": "note_calling_off", "called_off": record }), Action::KeepStock),
        (json!({ "do": "take_back", "noted": record }), Action::KeepStock),
        (
            json!({
                "do": "call", "side": "ask", "site": "lund", "to_region": "halland",
                "goods": { "component": "red_cells", "group": null, "units": 2 },
                "by": 1_600_000_000_000_000_i64, "note": null,
            }),
            Action::CallForUnits,
        ),
        (
            json!({
                "do": "answer", "call": record, "site": "lund", "verdict": "decline", "units": 0,
                "reason": "x",
            }),
            Action::AnswerCall,
        ),
        (json!({ "do": "withdraw_call", "call": record, "reason": "x" }), Action::CallForUnits),
        (
            json!({
                "do": "state_leg",
                "leg": {
                    "code": "fm", "from": "lund", "to_region": "halland", "to_site": "varberg",
                    "days": [1], "departs": 555, "cutoff": 30, "under_way": 150, "carrier": "bud",
                },
            }),
            Action::StateLegs,
        ),
        (json!({ "do": "end_leg", "code": "fm" }), Action::StateLegs),
    ]
}

fn plain() -> Vec<(Command, Action)> {
    let digest = "00".repeat(32);
    let record = json!({ "journal": "halland", "epoch": 1, "seq": 1, "hash": digest });
    let window = json!({ "from": 0, "until": null });
    let identity = json!({ "name": "Eva", "hsa_id": null, "phone": null, "email": null });
    let owner = json!({ "kind": "region", "name": "Region Skåne", "county_code": "12" });
    let peer = json!({ "journal": "halland", "key": digest, "mode": "real" });
    let reach = json!({ "url": "https://halland.example", "certificate": digest });
    let signature = "00".repeat(64);
    let kernel_commands = [
        (
            json!({ "do": "open_journal", "owner": owner, "mode": "real", "key": digest,
            "continues": null }),
            Action::OpenJournal,
        ),
        (json!({ "do": "rotate_key", "new": digest, "vouched": signature }), Action::RotateKey),
        (json!({ "do": "annotate", "record": record, "text": "fel" }), Action::Annotate),
        (
            json!({ "do": "join_body", "body": "sodra", "name": "Södra", "window": window }),
            Action::ChangeBodies,
        ),
        (json!({ "do": "leave_body", "body": "sodra", "at": 5 }), Action::ChangeBodies),
        (
            json!({ "do": "open_site", "id": null, "name": "Lund", "kind": "hospital",
            "parent": null, "record": "samband", "window": window, "note": null }),
            Action::OpenSite,
        ),
        (
            json!({ "do": "correct_site", "site": "lund", "name": "Lund", "record": "samband",
            "note": null, "reason": "fel" }),
            Action::CorrectSite,
        ),
        (
            json!({ "do": "close_site", "site": "lund", "at": 5, "reason": "flytt" }),
            Action::CloseSite,
        ),
        (
            json!({ "do": "register_actor", "id": null, "profession": "nurse", "title": "t",
            "identity": identity }),
            Action::RegisterActor,
        ),
        (
            json!({ "do": "correct_actor", "actor": "eva", "title": "t", "identity": identity,
            "reason": "fel" }),
            Action::CorrectActor,
        ),
        (json!({ "do": "erase_actor", "actor": "eva", "ground": "begäran" }), Action::EraseActor),
        (json!({ "do": "note_read", "person": "nils", "purpose": "jour" }), Action::NoteRead),
        (
            json!({ "do": "note_read_of_list", "of": [{ "donor": "d-1" }], "purpose": "call_up" }),
            Action::NoteRead,
        ),
        (json!({ "do": "break_glass", "reason": "natt", "minutes": 60 }), Action::BreakGlass),
        (json!({ "do": "review_glass", "mandate": "g-1", "finding": "rätt" }), Action::ReviewGlass),
        (json!({ "do": "note_account", "person": "nils", "act": "x" }), Action::NoteAccount),
        (json!({ "do": "note_account", "person": "eva", "act": "x" }), Action::NoteOwnAccount),
    ];
    let source = json!({ "title": "Rapport", "published": "unknown", "file": null,
        "warnings": [] });
    let figures = [
        (json!({ "do": "report", "source": source, "rows": [] }), Action::ReportFigures),
        (
            json!({ "do": "correct", "measure": "population", "period": "2024",
            "value": "unknown", "reason": "fel" }),
            Action::CorrectFigures,
        ),
    ];
    let agreements = [
        (
            json!({ "do": "propose", "title": "t", "kind": "consultancy", "parties": [],
            "clauses": [], "window": window, "reference": null }),
            Action::ProposeAgreement,
        ),
        (json!({ "do": "sign", "document": digest, "proposal": record }), Action::SignAgreement),
        (
            json!({ "do": "decline", "document": digest, "proposal": record, "reason": "nej" }),
            Action::DeclineAgreement,
        ),
        (
            json!({ "do": "withdraw", "document": digest, "reason": "fel" }),
            Action::WithdrawAgreement,
        ),
        (
            json!({ "do": "end", "document": digest, "at": 5, "reason": "klart" }),
            Action::EndAgreement,
        ),
    ];
    let rule_sets = [
        (
            json!({ "do": "draft", "scope": "blood", "title": "t", "version": "1", "rules": [],
            "file": null }),
            Action::DraftRuleSet,
        ),
        (
            json!({ "do": "review", "rule_set": digest, "verdict": "approve", "comment": null }),
            Action::ReviewRuleSet,
        ),
        (json!({ "do": "adopt", "rule_set": digest, "from": 5 }), Action::AdoptRuleSet),
        (json!({ "do": "withdraw", "rule_set": digest, "reason": "fel" }), Action::WithdrawRuleSet),
    ];
    let bonds = [
        (json!({ "do": "trust", "peer": peer, "reach": reach }), Action::TrustPeer),
        (json!({ "do": "drop", "journal": "halland", "reason": "x" }), Action::DropPeer),
        (json!({ "do": "notice", "head": record }), Action::Notice),
        (
            json!({ "do": "notice_epoch", "genesis": record, "continues": record, "lost": 0 }),
            Action::NoticeEpoch,
        ),
        (
            json!({ "do": "report_fork", "held": record, "shown": null, "detail": "x" }),
            Action::ReportFork,
        ),
        (json!({ "do": "settle_fork", "journal": "halland", "finding": "x" }), Action::SettleFork),
        (
            json!({ "do": "note_silence", "journal": "halland", "heard": "unknown" }),
            Action::NoteSilence,
        ),
        (json!({ "do": "note_heard", "journal": "halland" }), Action::NoteHeard),
    ];
    let areas = [
        ("kernel", kernel_commands.to_vec()),
        ("figures", figures.to_vec()),
        ("agreements", agreements.to_vec()),
        ("rulesets", rule_sets.to_vec()),
        ("bonds", bonds.to_vec()),
        ("blood", blood_commands()),
        ("blood", supply_commands(&record, &json!(["A999026000001.E0336V00"]))),
        ("donations", [donation_commands(), withdrawal_commands()].concat()),
        ("donors", donor_commands()),
        ("patients", patient_commands()),
        ("rare", joint::rare_commands(&record)),
        ("mobile", joint::bus_commands()),
        ("plans", joint::plan_commands()),
        ("transfusion", transfusion_commands()),
        ("incidents", alarms::incident_commands(&record)),
        ("alarms", alarms::alarm_commands(&record)),
        ("readiness", alarms::readiness_commands(&record)),
    ];
    let lift = |(area, list): (&'static str, Vec<(Value, Action)>)| {
        list.into_iter().map(move |(body, action)| (command(area, &body), action))
    };
    areas.into_iter().flat_map(lift).collect()
}

fn patient_commands() -> Vec<(Value, Action)> {
    let digest = "00".repeat(32);
    let record = json!({ "journal": "halland", "epoch": 1, "seq": 1, "hash": digest });
    let identity = json!({ "number": "196408233234", "name": "unknown", "born": "unknown",
        "sex": "unknown" });
    let sample = json!({ "number": "S0001", "purpose": "group", "taken": 0, "place": "x",
        "taken_by": "x", "identity_signed": true, "shared_occasion": null });
    let of = |name: &str, more: Value| {
        let mut body = json!({ "do": name, "patient": "p-1" });
        let all = body.as_object_mut().expect("an object");
        all.extend(more.as_object().expect("an object").clone());
        body
    };
    let answer = |broken: Value| {
        json!({ "do": "answer", "ask": record, "patient": "p-1", "break_block": broken,
            "note": null })
    };
    vec![
        (json!({ "do": "register", "identity": identity }), Action::AdmitPatients),
        (of("take_sample", json!({ "sample": sample })), Action::AdmitPatients),
        (of("state_mother", json!({ "mother": "p-2", "reason": null })), Action::AdmitPatients),
        (of("block", json!({ "note": null })), Action::AdmitPatients),
        (of("lift_block", json!({ "reason": "x" })), Action::AdmitPatients),
        (
            of("correct_identity", json!({ "identity": identity, "reason": "x" })),
            Action::KeepPatients,
        ),
        (of("not_seen", json!({ "finding": "ab-1", "at": 0 })), Action::KeepPatients),
        (
            of("verify", json!({ "result": "g-1", "again": { "screen": "negative" } })),
            Action::KeepPatients,
        ),
        (
            json!({ "do": "link", "reserve": "p-1", "to": "p-2", "check": "x" }),
            Action::KeepPatients,
        ),
        (json!({ "do": "unlink", "reserve": "p-1", "reason": "x" }), Action::KeepPatients),
        (of("resolve", json!({ "group": "o_neg", "reason": "x" })), Action::JudgePatients),
        (
            of("end_requirement", json!({ "need": "n-1", "at": 0, "reason": "x" })),
            Action::JudgePatients,
        ),
        (
            of(
                "ask",
                json!({ "to": "halland", "ground": "consent", "urgency": "routine",
                "reason": "x", "phone": "1" }),
            ),
            Action::AskDisclosure,
        ),
        (json!({ "do": "withdraw_ask", "ask": "ask-1", "reason": "x" }), Action::AskDisclosure),
        (json!({ "do": "take_in", "answer": record }), Action::AskDisclosure),
        (answer(Value::Null), Action::AnswerDisclosure),
        (answer(json!("x")), Action::BreakBlock),
        (
            json!({ "do": "decline", "ask": record, "reason": "blocked", "note": null }),
            Action::AnswerDisclosure,
        ),
    ]
}

fn blood_commands() -> Vec<(Value, Action)> {
    let digest = "00".repeat(32);
    let record = json!({ "journal": "halland", "epoch": 1, "seq": 1, "hash": digest });
    let units = json!(["A999026000001.A0001V00"]);
    let line = json!({ "component": "red_cells", "group": "o_neg" });
    let table = json!({ "title": "t", "version": "1", "digest": digest,
        "valid": { "from": 0, "until": null }, "products": [], "facilities": [] });
    let stock = json!({ "system": "ProSang", "as_of": 0, "file": null, "rows": [] });
    let demand = json!({ "milli_per_day": "unknown", "period": "2024", "source": "x" });
    let duty = json!({ "function": "blood-centre", "phone": "040-628 04 00", "hours": "x" });
    let way = json!({ "from": "lund", "to_region": "halland", "to_site": "varberg", "sent": 0,
        "eta": "unknown", "carrier": null });
    vec![
        (json!({ "do": "load_codes", "table": table }), Action::LoadCodes),
        (
            json!({ "do": "take_over", "site": "lund", "file": null, "rows": [] }),
            Action::TakeOverStock,
        ),
        (
            json!({ "do": "report_external", "site": "lund", "stock": stock }),
            Action::ReportExternalStock,
        ),
        (
            json!({ "do": "state_demand", "site": null, "line": line, "demand": demand }),
            Action::StateDemand,
        ),
        (json!({ "do": "state_duty", "site": "lund", "duty": duty }), Action::StateDuty),
        (
            json!({ "do": "count", "site": "lund", "component": null, "found": units }),
            Action::CountStock,
        ),
        (
            json!({ "do": "correct", "unit": units[0], "correction": { "group": "unknown" },
            "reason": "x" }),
            Action::CorrectUnit,
        ),
        (
            json!({ "do": "quarantine", "units": units, "reason": "damage", "note": null }),
            Action::QuarantineUnits,
        ),
        (json!({ "do": "release", "units": units }), Action::ReleaseUnits),
        (json!({ "do": "record_tests", "unit": units[0], "results": [] }), Action::RecordTests),
        (
            json!({ "do": "discard", "units": units, "reason": "damaged", "note": null }),
            Action::DiscardUnits,
        ),
        (json!({ "do": "reserve", "units": units, "purpose": "x" }), Action::ReserveUnits),
        (
            json!({
                "do": "reserve_oldest", "purpose": "x",
                "oldest": { "site": "s-1", "component": "red_cells", "group": "o_neg",
                            "count": 2, "at_least": 1 },
            }),
            Action::ReserveUnits,
        ),
        (json!({ "do": "unreserve", "units": units, "reason": "x" }), Action::ReserveUnits),
        (json!({ "do": "dispatch", "way": way, "units": units }), Action::DispatchUnits),
        (
            json!({ "do": "receive", "dispatch": record, "outcomes": [], "note": null }),
            Action::ReceiveUnits,
        ),
        (json!({ "do": "settle", "receipt": record }), Action::KeepStock),
        (json!({ "do": "lapse", "units": units }), Action::KeepStock),
        (json!({ "do": "outdate", "units": units }), Action::KeepStock),
        (json!({ "do": "note_shortage", "line": line }), Action::KeepStock),
        (json!({ "do": "note_shortage_end", "line": line }), Action::KeepStock),
    ]
}

fn donation_commands() -> Vec<(Value, Action)> {
    let din = "A999026000001";
    let unknown = json!("unknown");
    let enter = |capture: Value| json!({ "do": "record_results", "din": din, "results": { "titre": 64 }, "capture": capture });
    let settled = |step: &str| json!({ "do": step, "din": din, "entry": 1 });
    let (mut verify, mut reject) = (settled("verify_results"), settled("reject_results"));
    (verify["agrees"], verify["note"]) = (json!(true), json!(null));
    reject["reason"] = json!("fel");
    vec![
        (
            json!({
                "do": "collect", "din": din, "donor": null, "kind": "whole_blood", "site": "lund",
                "millilitres": unknown, "minutes": unknown, "abandoned": false, "bags": [],
                "materials": [],
            }),
            Action::Collect,
        ),
        (
            json!({ "do": "assign_numbers", "site": "lund", "from": din, "to": din }),
            Action::AssignNumbers,
        ),
        (
            json!({ "do": "clear_flag", "din": din, "flag": "abandoned", "reason": "sett" }),
            Action::ClearDonation,
        ),
        (
            json!({
                "do": "prepare", "site": "lund", "process": "split", "donation": null,
                "inputs": [], "outputs": [], "materials": [],
            }),
            Action::PrepareComponents,
        ),
        (enter(json!("hand")), Action::EnterResults),
        // Who says that an analyser told it connects analysers.
        (enter(json!({ "interface": { "system": "analysator" } })), Action::ReportResults),
        (verify, Action::VerifyResults),
        (reject, Action::VerifyResults),
    ]
}

#[test]
fn every_command_asks_its_own_action() {
    let skane = region("skane");
    let mut asked = BTreeSet::new();
    for (command, action) in plain() {
        assert_eq!(of(&skane, &command), action, "{command:?}");
        asked.insert(action);
    }
    for (capacity, granting, ending) in capacities() {
        asked.extend([granting, ending]);
        assert_eq!(of(&skane, &grant("nils", &capacity)), granting);
        let own = of(&skane, &grant("eva", &capacity));
        assert_eq!(own, Action::GrantToOneself, "{capacity:?}");
        asked.insert(own);
        let mut skane = region("skane");
        give(&mut skane, mandate("m-1", "nils", capacity));
        let end = kernel(&json!({ "do": "end_mandate", "mandate": "m-1", "at": 5, "reason": "x" }));
        assert_eq!(of(&skane, &end), ending);
    }
    asked.insert(Action::RecordApproval);
    // Every writing action of the table is asked by some command, and none by two names.
    let written = Action::ALL.iter().copied().filter(|action| {
        matches!(action.kind(), Kind::Record | Kind::Report)
            || matches!(action, Action::NoteRead | Action::BreakGlass | Action::NoteOwnAccount)
    });
    assert_eq!(asked, written.collect());
}

#[test]
fn a_draft_is_taken_back_by_those_who_draft_and_an_adopted_set_by_those_who_adopt() {
    use samband_domain::rulesets::{Document, Scope, event};
    use samband_domain::words::NONE;
    use samband_domain::{Digest, Meta, RecordRef, Time};
    let mut skane = region("skane");
    let text = Document::of(Scope::Blood, "t".into(), "1".into(), &[]).text();
    let digest = Digest::of(text.as_bytes());
    let withdraw =
        command("rulesets", &json!({ "do": "withdraw", "rule_set": digest, "reason": "fel" }));
    let at = RecordRef { journal: journal("skane"), epoch: 1, seq: 1, hash: digest };
    let (happened, recorded) = (NOW, NOW);
    let meta = Meta { at, happened, recorded, actor: actor("nils"), mandate: None };
    let drafted = event::Drafted { text: text.clone(), file: None };
    skane.apply(&samband_domain::rulesets::Event::Drafted(drafted, NONE).into(), &meta);
    assert_eq!(of(&skane, &withdraw), Action::DraftRuleSet);
    let adopted = event::Adopted { text, from: Time(NOW.0 + 1) };
    skane.apply(&samband_domain::rulesets::Event::Adopted(adopted, NONE).into(), &meta);
    assert_eq!(of(&skane, &withdraw), Action::WithdrawRuleSet);
}

#[test]
fn an_unknown_mandate_is_judged_by_the_strictest_rule() {
    let end = kernel(&json!({ "do": "end_mandate", "mandate": "m-9", "at": 5, "reason": "x" }));
    assert_eq!(of(&region("skane"), &end), Action::EndLegalRole);
}

#[test]
fn nobody_records_an_authoritys_answer_about_themselves() {
    let mut skane = region("skane");
    let legal = Capacity::Legal(LegalRole::ResponsiblePerson);
    give(&mut skane, mandate("m-1", "nils", legal.clone()));
    give(&mut skane, mandate("m-2", "eva", legal));
    let answer = |mandate: &str| {
        let approved = json!({ "approved": {
            "authority": "IVO", "reference": "1/26", "decided": 3 } });
        kernel(&json!({ "do": "record_approval", "mandate": mandate, "approval": approved }))
    };
    assert_eq!(of(&skane, &answer("m-1")), Action::RecordApproval);
    assert_eq!(of(&skane, &answer("m-2")), Action::GrantToOneself);
    assert_eq!(of(&skane, &answer("m-9")), Action::RecordApproval);
}

#[test]
fn an_administrator_gives_roles_to_others_and_none_to_oneself() {
    let mut skane = region("skane");
    give(&mut skane, mandate("m-1", "eva", Capacity::Role(Role::Administrator)));
    let eva = Principal::Person { actor: actor("eva"), region: journal("skane") };
    let ask = |who: &Principal, command: &Command| {
        let answer = authorise_command(&skane, who, command, &journal("skane"), NOW);
        answer.map_err(|denied| denied.because)
    };
    let director = Capacity::Role(Role::Director);
    assert!(ask(&eva, &grant("nils", &director)).is_ok());
    assert_eq!(ask(&eva, &grant("eva", &director)), Err(Because::FourEyes));
    assert!(ask(&Principal::Machine, &grant("eva", &director)).is_ok());
    let elsewhere =
        authorise_command(&skane, &eva, &grant("nils", &director), &journal("halland"), NOW);
    assert_eq!(elsewhere.unwrap_err().because, Because::OwnRegion);
}
