//! Commands of what regions do together: rare blood, buses, joint supply.

use samband_access::Action;
use serde_json::{Value, json};

pub fn rare_commands(record: &Value) -> Vec<(Value, Action)> {
    vec![
        (json!({ "do": "ask", "wanted": { "lacks": ["Fya"] }, "note": null }), Action::AskRare),
        (json!({ "do": "answer", "ask": record }), Action::KeepStock),
    ]
}

pub fn bus_commands() -> Vec<(Value, Action)> {
    let at = json!({ "journal": "skane", "epoch": 1, "seq": 1, "hash": "0".repeat(64) });
    let lend = json!({
        "do": "lend", "unit": "skane-bus", "site": "bus", "donors": ["d-1"], "until": 5,
    });
    vec![
        (lend, Action::LendBus),
        (json!({ "do": "take", "loan": at, "site": "bus" }), Action::TakeLoan),
        (json!({ "do": "adopt", "report": at }), Action::KeepStock),
    ]
}

pub fn plan_commands() -> Vec<(Value, Action)> {
    let line = json!({ "component": "red_cells", "group": "o_neg" });
    let arc = json!({
        "from": { "region": "skane", "site": "lund" },
        "to": { "region": "halland", "site": "varberg" },
        "component": "red_cells", "group": "o_neg",
    });
    let report = json!({
        "from": "2026-01-01", "to": "2026-01-02", "source": "uttag",
        "rows": [{ "site": "lund", "day": "2026-01-01", "line": line, "units": { "value": 3 } }],
    });
    let proposal = json!({
        "arc": arc, "units": 6, "leaves": 20, "arrives": 30, "why": [], "saves_ore": 1,
        "made": 5, "basis": "0".repeat(64),
    });
    let no = json!({ "do": "refuse", "arc": arc, "until": "2026-01-09", "reason": "trauma" });
    let campaign = json!({
        "title": "ge blod", "channel": "school", "from": "2026-01-01", "to": "2026-01-09",
        "cost_kr": "unknown", "goal": { "value": 40 }, "source": "kommunikation",
    });
    let homes = json!({
        "month": "2026-01", "source": "ekonomi",
        "rows": [{ "component": "red_cells", "home": "blekinge", "units": 3 }],
    });
    vec![
        (json!({ "do": "state_homes", "report": homes }), Action::StateHomes),
        (json!({ "do": "record_campaign", "campaign": campaign }), Action::KeepCampaigns),
        (json!({ "do": "count_campaign", "campaign": "0".repeat(64) }), Action::KeepCampaigns),
        (json!({ "do": "report_use", "report": report }), Action::ReportUse),
        (
            json!({ "do": "set_target", "site": "lund", "line": line, "target": null }),
            Action::SetTargets,
        ),
        (
            json!({ "do": "accept", "proposal": proposal, "units": 6, "note": null }),
            Action::DecideMoves,
        ),
        (no, Action::DecideMoves),
        (json!({ "do": "reopen", "arc": arc }), Action::DecideMoves),
        (
            json!({
                "do": "adopt_call_ups", "note": null, "rests": {
                    "pooling": "local", "band_permille": null, "near_permille": 950, "made": 5,
                    "basis": "0".repeat(64),
                },
                "weeks": [{ "week": "2026-01-12", "lines": [{
                    "stratum": {
                        "site": "lund", "group": "o_neg", "sex": "female", "response": "often",
                    },
                    "invite": 6, "expected_milli": 4000,
                }] }],
            }),
            Action::AdoptCallUps,
        ),
        (
            json!({ "do": "withdraw_call_up", "week": "2026-01-12", "reason": "helg" }),
            Action::AdoptCallUps,
        ),
        (json!({ "do": "tell_strata" }), Action::AdoptCallUps),
    ]
}
