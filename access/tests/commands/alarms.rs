//! Commands about incidents, alarms and readiness.

use samband_access::Action;
use serde_json::{Value, json};

fn draft(kind: &str) -> Value {
    json!({
        "incident": null, "kind": kind, "headline": "x", "text": "x", "place": "unknown",
        "injured": "unknown", "to": [], "replaces": null,
    })
}

pub fn incident_commands(record: &Value) -> Vec<(Value, Action)> {
    let report = json!({
        "title": "x", "text": "x", "source": "x", "place": "unknown", "happened": "unknown",
        "injured": "unknown",
    });
    let finding = json!({ "holds": "suspected", "basis": "x", "source": "x" });
    let findings = json!({ "harm": finding, "imbalance": finding });
    let of = |name: &str, more: Value| {
        let mut body = json!({ "do": name, "incident": "sh-1" });
        let all = body.as_object_mut().expect("an object");
        all.extend(more.as_object().expect("an object").clone());
        body
    };
    let resolution = json!({
        "measure": "triage", "scope": "region", "resource": null, "basis": "x",
        "indicators": [], "review": 5,
    });
    let raise = json!({
        "incident": null, "report": report, "basis": "x", "mode": "staff",
        "assessment": findings, "alarm": draft("regional"),
    });
    vec![
        (json!({ "do": "open", "report": report, "suspected": true }), Action::OpenIncident),
        (of("suspect", json!({})), Action::OpenIncident),
        (of("note", json!({ "text": "x", "source": "x" })), Action::OpenIncident),
        (of("confirm", json!({ "basis": "x", "mode": "staff" })), Action::ConfirmIncident),
        (of("raise", raise), Action::ConfirmIncident),
        (of("assess", json!({ "assessment": findings })), Action::AssessIncident),
        (
            json!({ "do": "set_mode", "site": null, "mode": "staff", "basis": "x" }),
            Action::SetCareMode,
        ),
        (of("resolve", json!({ "resolution": resolution })), Action::ResolveMeasure),
        (of("second", json!({ "resolution": 0 })), Action::ResolveMeasure),
        (
            of("extend", json!({ "resolution": 0, "review": 5, "basis": "x" })),
            Action::ResolveMeasure,
        ),
        (of("lift", json!({ "resolution": 0, "basis": "x" })), Action::ResolveMeasure),
        (of("stand_down", json!({ "basis": "x" })), Action::LeadIncident),
        (of("close", json!({ "text": "x" })), Action::LeadIncident),
        (
            of("assign_duty", json!({ "duty": { "what": "x", "region": "skane", "due": 5 } })),
            Action::LeadIncident,
        ),
        (of("drop_duty", json!({ "duty": 0, "why": "x" })), Action::LeadIncident),
        (
            json!({ "do": "report_duty", "duty": record, "done": true, "proof": "x" }),
            Action::ReportDuty,
        ),
        (of("respond", json!({})), Action::KeepAlarms),
        (of("national_answered", json!({})), Action::KeepAlarms),
    ]
}

pub fn alarm_commands(record: &Value) -> Vec<(Value, Action)> {
    let to = json!({ "party": { "region": "skane" }, "role": "tib" });
    let key = json!({ "issuer": "skane", "alarm": "larm-1", "to": to });
    let answer = |who: Value| {
        json!({ "do": "answer", "key": key, "who": who, "by": "page", "says": "takes_on",
            "note": null })
    };
    let stop =
        |link: Value| json!({ "do": "stop_exercise", "link": link, "headline": "x", "text": "x" });
    let issue = |kind: &str| json!({ "do": "issue", "alarm": draft(kind) });
    let exercise = json!({
        "do": "set_exercise", "title": "x", "leader": "x", "until": 5, "allowed": [],
    });
    let attempted = json!({
        "do": "attempted", "key": key, "person": 0, "channel": "sms", "number": 0,
        "outcome": "sent", "detail": null,
    });
    vec![
        (json!({ "do": "set_roster", "of": to, "turns": [] }), Action::KeepRosters),
        (exercise, Action::LeadExercise),
        (stop(Value::Null), Action::StopExercise),
        // Whoever was woken may stop it without signing in.
        (stop(json!({ "key": key, "token": "x" })), Action::AnswerByLink),
        (issue("regional"), Action::IssueAlarm),
        (issue("pre_alert"), Action::IssueAlarm),
        (issue("national"), Action::IssueAlarm),
        (issue("recall"), Action::IssueAlarm),
        (issue("real_situation"), Action::IssueAlarm),
        (issue("blood"), Action::AlarmBlood),
        (issue("reach"), Action::TestReach),
        (json!({ "do": "hear", "alarm": record }), Action::KeepAlarms),
        (json!({ "do": "step", "key": key, "step": "deputy" }), Action::KeepAlarms),
        (attempted, Action::KeepAlarms),
        (json!({ "do": "read", "key": key, "token": "x" }), Action::AnswerByLink),
        (answer(json!({ "token": "x" })), Action::AnswerByLink),
        (answer(json!("oneself")), Action::AnswerAlarm),
        (answer(json!({ "told": { "name": "x" } })), Action::AnswerAlarm),
        (json!({ "do": "deliver", "key": key, "owed": "stock" }), Action::ReportStock),
        (json!({ "do": "deliver", "key": key, "owed": "report" }), Action::KeepAlarms),
        (json!({ "do": "close", "key": key, "why": "x" }), Action::CloseObligation),
        (json!({ "do": "note", "answer": record }), Action::KeepAlarms),
    ]
}

pub fn readiness_commands(record: &Value) -> Vec<(Value, Action)> {
    let capacity = json!({ "site": "lund", "valid": 0, "source": "x", "led": "unknown",
        "rows": [] });
    let alarm = |name: &str, more: Value| {
        let mut body = json!({ "do": name, "of": "skane", "alarm": "larm-1" });
        let all = body.as_object_mut().expect("an object");
        all.extend(more.as_object().expect("an object").clone());
        body
    };
    let material = json!({ "what": "x", "count": 1, "at": 0, "answers": null });
    let helicopter = json!({ "base": "x", "on_duty": "unknown", "weather": "unknown", "valid": 0 });
    vec![
        (json!({ "do": "report_capacity", "capacity": capacity }), Action::ReportCapacity),
        (
            json!({ "do": "report_situation", "of": "skane", "incident": "sh-1", "alarm": null,
                "statements": [], "next": "unknown" }),
            Action::ReportSituation,
        ),
        (alarm("pledge", json!({ "units": [], "shortfall": null })), Action::PledgeTransport),
        (alarm("move", json!({ "unit": 0, "to": "under_way" })), Action::PledgeTransport),
        (json!({ "do": "report_helicopter", "helicopter": helicopter }), Action::PledgeTransport),
        (json!({ "do": "need", "material": material }), Action::LendMaterial),
        (json!({ "do": "offer", "material": material }), Action::LendMaterial),
        (json!({ "do": "accept", "offer": record }), Action::LendMaterial),
        (json!({ "do": "lend", "acceptance": record }), Action::LendMaterial),
        (json!({ "do": "return", "loan": record, "note": "x" }), Action::LendMaterial),
    ]
}
