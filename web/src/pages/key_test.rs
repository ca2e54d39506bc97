//! Every key that pages build from the domain's values has its text in both languages.

use samband_domain::agreements::AgreementKind;
use samband_domain::figures::Measure;
use samband_domain::kernel::{Access, LegalRole, Profession, RecordKeeper, Role, SiteKind};
use samband_domain::{agreements, bonds, figures, kernel};

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
    let all = [
        kernel::Event::KINDS,
        figures::Event::KINDS,
        agreements::Event::KINDS,
        bonds::Event::KINDS,
    ];
    for (kind, _) in all.into_iter().flatten() {
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
