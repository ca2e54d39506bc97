//! What the gate says, and what is still missing.

use super::checks::{Check, Ei, Held};
use super::{Asked, Case, ExceptionRule, Route, gives_way};
use crate::blood::rules::compatible::{Finding, Outcome, Verdict as Fit};

/// One thing that keeps a unit back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// One of the ten rules.
    Rule(Check),
    /// A crossmatch is due; why there is none that counts.
    Crossmatch(&'static str),
    /// Compatibility's own finding.
    Fit(Finding),
}

/// The gate's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The ten rules, in order.
    pub checks: Vec<Check>,
    /// What compatibility says.
    pub fit: Fit,
    /// Whether it was judged as for somebody of unknown group.
    pub as_unknown: bool,
    /// By which way the unit may go; none if it may not.
    pub route: Option<Route>,
    /// What keeps it back, the gravest first.
    pub blocks: Vec<Block>,
    /// Decisions of two physicians that it rests on.
    pub excepted: Vec<ExceptionRule>,
}

impl Verdict {
    /// Whether all ten rules hold, so that the computer is enough.
    #[must_use]
    pub fn electronic(&self) -> bool {
        self.route == Some(Route::Electronic)
    }

    /// Whether the unit may be set aside: everything but what can still be done about it until it
    /// is handed out, which is the crossmatch.
    #[must_use]
    pub fn may_be_set_aside(&self) -> bool {
        self.blocks.iter().all(|block| matches!(block, Block::Crossmatch(_)))
    }

    /// What a rule said.
    #[must_use]
    pub fn held(&self, rule: Ei) -> Held {
        self.checks.iter().find(|one| one.rule == rule).map_or(Held::NotAsked, |one| one.held)
    }
}

/// What a crossmatch stands in for.
const REMEDIED: [Ei; 4] = [Ei::Screen, Ei::NoAntibody, Ei::NewbornOrTransplant, Ei::Reconciled];

pub(super) fn of(case: &Case<'_>, checks: Vec<Check>, asked: &Asked, fit: Fit) -> Verdict {
    let mut found = Found { case, blocks: Vec::new(), excepted: Vec::new(), crossmatch: false };
    for check in checks.iter().filter(|one| one.held == Held::Fails) {
        found.rule(check);
    }
    found.fit(&fit);
    let due = fit.conditions().any(|one| one.check == "mg_test");
    // In an emergency nobody waits for a crossmatch unless an antibody is known.
    if due {
        found.crossmatch = true;
    }
    if found.crossmatch {
        found.crossmatch();
    }
    let Found { mut blocks, mut excepted, crossmatch, .. } = found;
    blocks.sort_by_key(gravity);
    excepted.sort_unstable();
    excepted.dedup();
    let all_hold = checks.iter().all(|one| one.held != Held::Fails);
    let nothing_skipped = checks
        .iter()
        .all(|one| !one.facts.iter().any(|(name, why)| *name == "why" && why == "emergency"));
    let route = blocks.is_empty().then(|| {
        if !excepted.is_empty() {
            Route::Excepted
        } else if crossmatch {
            Route::Crossmatched
        } else if !nothing_skipped {
            Route::Emergency
        } else if !case.needs_test() {
            Route::Grouped
        } else {
            debug_assert!(all_hold, "what fails blocks, or something stands in for it");
            Route::Electronic
        }
    });
    Verdict { checks, fit, as_unknown: asked.as_unknown, route, blocks, excepted }
}

struct Found<'c> {
    case: &'c Case<'c>,
    blocks: Vec<Block>,
    excepted: Vec<ExceptionRule>,
    crossmatch: bool,
}

impl Found<'_> {
    /// A rule that fails blocks, unless a crossmatch stands in for it.
    fn rule(&mut self, check: &Check) {
        let patient = self.case.patient;
        let remedied = REMEDIED.contains(&check.rule)
            && match check.rule {
                // Nothing stands in for a screen that was never made, or a transplant.
                Ei::Screen => check.facts.iter().any(|(_, said)| said == "positive"),
                Ei::NewbornOrTransplant => patient.is_some_and(|one| !one.transplant_unsettled),
                Ei::NoAntibody => patient.is_some_and(|one| one.ever_antibody),
                _ => true,
            };
        if remedied {
            self.crossmatch = true;
        } else {
            self.blocks.push(Block::Rule(check.clone()));
        }
    }

    fn fit(&mut self, fit: &Fit) {
        let bad = |one: &&Finding| matches!(one.outcome, Outcome::Breaks | Outcome::Missing);
        for finding in fit.findings.iter().filter(bad) {
            match gives_way(fit, finding).filter(|rule| self.case.excepts(*rule)) {
                Some(rule) => self.excepted.push(rule),
                None => self.blocks.push(Block::Fit(finding.clone())),
            }
        }
        if self.case.excepts(ExceptionRule::MissingTests) && !self.case.urgency.is_emergency() {
            self.excepted.push(ExceptionRule::MissingTests);
        }
    }

    fn crossmatch(&mut self) {
        match self.case.crossmatched() {
            Ok(()) => {}
            Err(_) if self.case.excepts(ExceptionRule::NoCrossmatch) => {
                self.excepted.push(ExceptionRule::NoCrossmatch);
            }
            Err(why) => self.blocks.push(Block::Crossmatch(why)),
        }
    }
}

/// What is said first.
fn gravity(block: &Block) -> u8 {
    match block {
        Block::Rule(check) if check.rule == Ei::Abo => 0,
        Block::Rule(check) if check.rule == Ei::SinceReserved => 1,
        Block::Rule(_) => 2,
        Block::Fit(finding) if finding.outcome == Outcome::Breaks => 3,
        Block::Fit(_) => 4,
        Block::Crossmatch(_) => 5,
    }
}
