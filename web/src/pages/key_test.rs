//! Every key that pages build from the domain's values has its text in both languages.

use samband_domain::agreements::AgreementKind;
use samband_domain::figures::Measure;
use samband_domain::kernel::{Access, LegalRole, Profession, RecordKeeper, Role, SiteKind};
use samband_domain::rulesets::view::{Likeness, Standing as RulesStanding};
use samband_domain::rulesets::{Heading, Key, Shape};

use super::parts::key_of;
use crate::text::Words;

fn has(key: &str) {
    for w in [Words::sv(), Words::en()] {
        assert!(w.find(key, &[]).is_some(), "{key} is absent from {}.ftl", w.lang().code());
    }
}

fn each<'a>(prefix: &str, names: impl IntoIterator<Item = &'a str>) {
    for name in names {
        has(&format!("{prefix}{name}"));
    }
}

#[test]
fn every_value_of_the_domain_has_its_word() {
    each("measure-", Measure::ALL.iter().map(|one| one.as_str()));
    each("measure-means-", Measure::ALL.iter().map(|one| one.as_str()));
    each("role-", Role::ALL.iter().map(|one| one.as_str()));
    each("legal-", LegalRole::ALL.iter().map(|one| one.as_str()));
    each("access-", Access::ALL.iter().map(|one| one.as_str()));
    each("site-kind-", SiteKind::ALL.iter().map(|one| one.as_str()));
    each("record-", RecordKeeper::ALL.iter().map(|one| one.as_str()));
    each("kind-profession-", Profession::ALL.iter().map(|one| one.as_str()));
    each("agreement-kind-", AgreementKind::ALL.iter().map(|one| one.as_str()));
    each("capacity-", ["role", "legal", "competence", "delegation", "assignment", "access"]);
    each("approval-", ["not_required", "pending", "approved", "rejected"]);
    each("answer-", ["signed", "bad_signature", "declined", "silent", "unknown"]);
    each("role-", ["machine", "engine", "peer"]);
    let acts = ["password_reset", "codes_issued", "sessions_ended", "disabled", "enabled"];
    each("account-act-", acts);
}

#[test]
fn every_value_of_donations_has_its_word() {
    use samband_domain::blood::model::{MaterialKind, Process};
    use samband_domain::donations::model::{DonationKind, Flag, Weight};
    each("process-", Process::ALL.iter().map(|one| one.as_str()));
    each("process-means-", Process::ALL.iter().map(|one| one.as_str()));
    each("material-kind-", MaterialKind::ALL.iter().map(|one| one.as_str()));
    each("donation-kind-", DonationKind::ALL.iter().map(|one| one.as_str()));
    each("donation-flag-", Flag::ALL.iter().map(|one| one.as_str()));
    each("results-weight-", Weight::ALL.iter().map(|one| one.as_str()));
    let acts = [
        "collect",
        "clear-donation",
        "enter-results",
        "verify-results",
        "disagree-results",
        "reject-results",
        "prepare",
        "release-units",
    ];
    each("done-", acts);
    let lacks = samband_domain::refusals().map(|kind| kind.code).filter(|code| {
        let of_release = [
            "stock.expired",
            "stock.group_unknown",
            "stock.test_missing",
            "stock.test_not_negative",
            "stock.second_person",
            "stock.intermediate",
            "rule.missing",
            "donation.flagged",
            "donation.unlabelled",
            "donation.withdrawn",
            "donation.results_not_verified",
            "donation.group_unconfirmed",
            "donation.group_conflict",
        ];
        of_release.contains(code)
    });
    let keys: Vec<_> = lacks.map(|code| code.replace('.', "-")).collect();
    assert_eq!(keys.len(), 13);
    each("lack-", keys.iter().map(String::as_str));
}

#[test]
fn every_value_of_blood_has_its_word() {
    use samband_domain::blood::model::stock::Arrival;
    use samband_domain::blood::model::unit::Place;
    use samband_domain::blood::model::{
        Attribute, Component, DiscardReason, Product, QuarantineReason, TestResult,
    };
    each("product-", Product::ALL.iter().map(|one| one.as_str()));
    each("compat-component-", Component::ALL.iter().map(|one| one.as_str()));
    each("attribute-", Attribute::ALL.iter().map(|one| one.as_str()));
    each("arrival-", Arrival::ALL.iter().map(|one| one.as_str()));
    each("quarantine-", QuarantineReason::ALL.iter().map(|one| one.as_str()));
    each("discard-", DiscardReason::ALL.iter().map(|one| one.as_str()));
    each("test-result-", TestResult::ALL.iter().map(|one| one.as_str()));
    each("test-", samband_domain::rulesets::catalogue::codes::TESTS.iter().copied());
    each("unit-status-", Place::ALL.iter().map(|place| place.as_str()));
    each("stock-record-", RecordKeeper::ALL.iter().map(|one| one.as_str()));
    each("duty-of-", super::stock::site::FUNCTIONS);
    let acts = ["quarantine", "release", "reserve", "unreserve", "correct", "discard"];
    for act in acts.map(|act| format!("{act}-unit")).iter().map(String::as_str) {
        has(&format!("unit-act-{act}"));
        has(&format!("done-{act}"));
    }
    for act in [
        "state-duty",
        "state-demand",
        "send-units",
        "handle-units",
        "receive-shipment",
        "record-tests",
    ] {
        has(&format!("done-{act}"));
    }
    for key in ["missing", "unknown", "moved", "found-again"] {
        has(&format!("count-{key}-means"));
    }
    let scans = ["donation", "unit", "label", "consignment", "parts", "product", "group", "expiry"];
    each("scan-kind-", scans);
}

#[test]
fn every_standing_and_every_step_of_an_agreement_has_its_words() {
    let standings = ["one_sided", "agreed", "binding", "declined", "withdrawn", "ended"];
    each("standing-", standings);
    each("agreement-is-", standings);
    for act in ["sign", "decline", "withdraw", "end"] {
        each(&format!("agreement-{act}-"), ["heading", "confirm", "button"]);
        has(&format!("agreement-to-{act}"));
        has(&format!("done-{act}"));
    }
}

#[test]
fn every_kind_of_record_has_its_words() {
    for (kind, _) in samband_domain::KINDS.iter().copied().flatten() {
        has(&format!("kind-{}", key_of(kind)));
    }
}

#[test]
fn what_was_done_and_what_to_do_have_words() {
    each(
        "done-",
        [
            "correct-figure",
            "open-site",
            "correct-site",
            "close-site",
            "register-actor",
            "grant-mandate",
            "end-mandate",
            "record-approval",
            "erase-actor",
            "correct-actor",
            "join-body",
            "leave-body",
            "annotate",
            "propose",
            "trust-peer",
            "drop-peer",
            "settle-fork",
        ],
    );
    for step in
        ["figures-next", "figures-missing", "figures-none", "gaps", "unsigned", "forks", "silent"]
    {
        has(&format!("step-{step}"));
        has(&format!("step-{step}-do"));
    }
    each("give-", ["role", "legal", "competence", "delegation", "assignment", "audit"]);
}

#[test]
fn every_rule_has_its_words() {
    for key in Key::all() {
        has(&format!("rule-key-{}", key_of(key.text())));
        each("rule-code-", key.shape().choices().iter().copied());
        if let Shape::Count(unit) = key.shape() {
            let unit = unit.concat();
            let name: String = unit.chars().filter(char::is_ascii_alphanumeric).collect();
            has(&format!("rule-count-{name}"));
        }
    }
    each("rule-heading-", Heading::ALL.iter().map(|one| one.as_str()));
    each("rule-standing-", RulesStanding::ALL.iter().map(|one| one.as_str()));
    each("rules-is-", RulesStanding::ALL.iter().map(|one| one.as_str()));
    each("rule-likeness-", Likeness::ALL.iter().map(|one| one.as_str()));
    each("rules-compare-only-", Likeness::ALL.iter().map(|one| one.as_str()));
    each("rule-cell-", ["absent", "no_set"]);
    for act in ["review", "adopt", "withdraw"] {
        each(&format!("rules-{act}-"), ["heading", "confirm", "button"]);
        has(&format!("rules-to-{act}"));
        has(&format!("done-rules-{act}"));
    }
    each("rules-review-", ["verdict", "approve", "object", "comment", "comment-hint"]);
    each("rules-adopt-", ["from", "from-hint"]);
    each("rules-event-", ["approve", "object"]);
    has("done-rules-draft");
}

#[test]
fn every_value_of_donors_has_its_word() {
    use samband_domain::donations::model::DonationKind;
    use samband_domain::donors::model::{
        AppointmentState, DeferralReason, Ground, Imputability, Outcome, Question, ReactionKind,
        Severity,
    };
    each("ground-", Ground::ALL.iter().map(|one| one.as_str()));
    each("question-", Question::ALL.iter().map(|one| one.as_str()));
    each("question-ask-", Question::ALL.iter().map(|one| one.as_str()));
    each("deferral-", DeferralReason::ALL.iter().map(|one| one.as_str()));
    each("reaction-", ReactionKind::ALL.iter().map(|one| one.as_str()));
    each("severity-", Severity::ALL.iter().map(|one| one.as_str()));
    each("imputability-", Imputability::ALL.iter().map(|one| one.as_str()));
    each("outcome-", Outcome::ALL.iter().map(|one| one.as_str()));
    each("appointment-", AppointmentState::ALL.iter().map(|one| one.as_str()));
    each("donor-kind-", DonationKind::ALL.iter().map(|one| one.as_str()));
    for (step, _) in super::donors::forms::STEPS {
        has(&format!("donor-step-{step}"));
        has(&format!("donor-do-{step}"));
        has(&format!("done-donor-{step}"));
    }
}

#[test]
fn every_value_of_patients_has_its_word() {
    use samband_domain::blood::model::recipient::{Requirement, Sex, Significance};
    use samband_domain::patients::model::{
        Decline, Ground, Indication, Purpose, ScreenResult, Urgency,
    };
    use samband_domain::patients::view::Gap;
    each("patient-purpose-", Purpose::ALL.iter().map(|one| one.as_str()));
    each("patient-screen-", ScreenResult::ALL.iter().map(|one| one.as_str()));
    each("patient-indication-", Indication::ALL.iter().map(|one| one.as_str()));
    each("patient-need-", Requirement::ALL.iter().map(|one| one.as_str()));
    each("patient-sex-", Sex::ALL.iter().map(|one| one.as_str()));
    each("patient-significance-", Significance::ALL.iter().map(|one| one.as_str()));
    each("patient-number-", ["personal", "coordination", "reserve"]);
    each("patient-turn-", ["transplanted", "rejected", "settled"]);
    each("patient-extent-", ["full", "emergency"]);
    each("ask-ground-", Ground::ALL.iter().map(|one| one.as_str()));
    each("ask-urgency-", Urgency::ALL.iter().map(|one| one.as_str()));
    each("ask-decline-", Decline::ALL.iter().map(|one| one.as_str()));
    for gap in Gap::ALL {
        has(&format!("patient-gap-{}", gap.replace('_', "-")));
    }
    for step in super::patients::steps() {
        has(&format!("patient-step-{step}"));
        has(&format!("patient-do-{step}"));
        has(&format!("done-patient-{step}"));
    }
    for act in ["answer", "no-record", "decline", "take-in"] {
        has(&format!("done-ask-{act}"));
    }
}

#[test]
fn every_value_of_transfusions_has_its_word() {
    use samband_domain::transfusion::gate::{Ei, Held, Route};
    use samband_domain::transfusion::model::{
        Bedside, BedsideReason, Capacity, Category, DiscrepancyKind, ExceptionRule, Imputability,
        Kind, Match, PaperKind, Severity, Temperature, Urgency,
    };
    each("gate-", Ei::ALL.iter().map(|one| one.as_str()));
    each("gate-held-", Held::ALL.iter().map(|one| one.as_str()));
    each("route-", Route::ALL.iter().map(|one| one.as_str()));
    for prefix in ["bedside-", "bedside-word-", "bedside-means-"] {
        each(prefix, Bedside::ALL.iter().map(|one| one.as_str()));
    }
    each("bedside-why-", BedsideReason::ALL.iter().map(|one| one.as_str()));
    each("capacity-", Capacity::ALL.iter().map(|one| one.as_str()));
    let reactions = Category::of(samband_domain::donations::model::vigilance::Notice::Reaction);
    each("reacted-", reactions.map(Category::as_str));
    each("reacted-severity-", Severity::ALL.iter().map(|one| one.as_str()));
    each("imputability-", Imputability::ALL.iter().map(|one| one.as_str()));
    each("discrepancy-", DiscrepancyKind::ALL.iter().map(|one| one.as_str()));
    each("exception-", ExceptionRule::ALL.iter().map(|one| one.as_str()));
    each("request-kind-", Kind::ALL.iter().map(|one| one.as_str()));
    each("crossmatch-", Match::ALL.iter().map(|one| one.as_str()));
    each("paper-", PaperKind::ALL.iter().map(|one| one.as_str()));
    each("temperature-", Temperature::ALL.iter().map(|one| one.as_str()));
    each("urgency-", Urgency::ALL.iter().map(|one| one.as_str()));
    each("ended-", ["transfused", "returned", "returned_held", "wasted", "presumed_transfused"]);
}

#[test]
fn every_value_of_readiness_has_its_word() {
    use samband_domain::alarms::model::Kind;
    use samband_domain::readiness::model::{
        CareKind, Certainty, Field, Horizon, Reason, Section, Source, TransportKind, UnitStage,
        Weather,
    };
    each("ready-of-care-", CareKind::ALL.iter().map(|one| one.as_str()));
    each("ready-of-horizon-", Horizon::ALL.iter().map(|one| one.as_str()));
    each("ready-of-field-", Field::ALL.iter().map(|one| one.as_str()));
    each("ready-of-section-", Section::ALL.iter().map(|one| one.as_str()));
    each("ready-of-source-", Source::ALL.iter().map(|one| one.as_str()));
    each("ready-of-certainty-", Certainty::ALL.iter().map(|one| one.as_str()));
    each("ready-of-reason-", Reason::ALL.iter().map(|one| one.as_str()));
    each("ready-of-transport-", TransportKind::ALL.iter().map(|one| one.as_str()));
    each("ready-of-transports-", TransportKind::ALL.iter().map(|one| one.as_str()));
    each("ready-of-stage-", UnitStage::ALL.iter().map(|one| one.as_str()));
    each("ready-of-to-", UnitStage::ALL.iter().skip(1).map(|one| one.as_str()));
    each("ready-of-weather-", Weather::ALL.iter().map(|one| one.as_str()));
    each("ready-of-alarm-", Kind::ALL.iter().map(|one| one.as_str()));
    each("ready-of-part-", ["staff", "premises", "equipment", "command"]);
    each("ready-of-led-", ["somebody", "nobody"]);
    each("ready-of-lot-", ["needed", "offered", "accepted", "lent", "returned"]);
    each("ready-of-act-", ["accept", "lend", "return"]);
    each("ready-of-fresh-", ["fresh", "aging", "old"]);
    each("ready-of-state-", ["value", "unknown", "not_applicable"]);
    each("ready-of-control-", ["value", "least", "most", "state", "sure"]);
    let acts = [
        "report-capacity",
        "pledge-transports",
        "move-transport",
        "report-helicopter",
        "report-situation",
        "lot-need",
        "lot-offer",
        "lot-accept",
        "lot-lend",
        "lot-return",
    ];
    each("done-", acts);
}
