//! The ten rules, each with the facts that it was held against.

use serde::Serialize;

use super::Case;
use crate::blood::model::{Abo, Component, Unit};
use crate::kernel::model::plain_enum;
use crate::patients::view::Serology;
use crate::rulesets::key;
use crate::words::Known;

plain_enum! {
    /// The rules of electronic issue (blood.md §2.4).
    Ei {
        /// The patient's group was determined at least twice, once on the current sample.
        TwoGroups = "ei-1",
        /// The donor's group is confirmed, and what the unit was tested for is in the record.
        Donor = "ei-2",
        /// A valid antibody screen is negative.
        Screen = "ei-3",
        /// No antibody that matters, now or ever.
        NoAntibody = "ei-4",
        /// Results came by interface or were verified by a second person.
        Captured = "ei-5",
        /// No two groups of one person.
        Agrees = "ei-6",
        /// ABO fits.
        Abo = "ei-7",
        /// No antibody was posted since the unit was set aside.
        SinceReserved = "ei-8",
        /// No newborn whose mother has antibodies, and no transplant that is not settled.
        NewbornOrTransplant = "ei-9",
        /// Nothing handed out in an emergency or on paper waits to be gone through.
        Reconciled = "ei-10",
    }
}

impl Ei {
    /// Where the rule comes from.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::TwoGroups => "EIA, LEARN; SOSFS 2009:29",
            Self::Donor | Self::Agrees | Self::Abo => "EIA",
            Self::Screen => "EIA, JUDD, LEARN",
            Self::NoAntibody => "JUDD, LEARN",
            Self::Captured => "haembase.com/it-systems, LEARN",
            Self::SinceReserved => "LIS-U URS-BB-149",
            Self::NewbornOrTransplant => "DSKI 13.610/15.800",
            Self::Reconciled => "LEARN, EIV",
        }
    }
}

plain_enum! {
    /// What a rule says of a case.
    Held {
        /// It holds.
        Holds = "holds",
        /// It does not.
        Fails = "fails",
        /// It is not asked here: of this component, or while a life is at stake.
        NotAsked = "not_asked",
    }
}

/// One rule's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which rule.
    pub rule: Ei,
    /// What it says.
    pub held: Held,
    /// What it was held against.
    pub facts: Vec<(&'static str, String)>,
}

impl Check {
    fn new<const N: usize>(rule: Ei, held: bool, facts: [(&'static str, String); N]) -> Self {
        let held = if held { Held::Holds } else { Held::Fails };
        Self { rule, held, facts: facts.into() }
    }

    fn not_asked(rule: Ei, why: &str) -> Self {
        Self { rule, held: Held::NotAsked, facts: vec![("why", why.to_owned())] }
    }

    /// The same, where a life is at stake: what fails is not awaited.
    fn not_awaited(mut self, emergency: bool) -> Self {
        if emergency && self.held == Held::Fails {
            self.held = Held::NotAsked;
            self.facts.push(("why", "emergency".into()));
        }
        self
    }
}

/// All ten, in order.
pub(super) fn all(case: &Case<'_>) -> Vec<Check> {
    vec![
        two_groups(case),
        donor(case),
        screen(case),
        no_antibody(case),
        captured(case),
        agrees(case),
        abo(case),
        since_reserved(case),
        newborn_or_transplant(case),
        reconciled(case),
    ]
}

/// Nobody is known: every rule about the patient fails, and in an emergency is not awaited.
fn of_patient(case: &Case<'_>, rule: Ei, check: impl FnOnce(&Serology) -> Check) -> Check {
    let check = match case.patient {
        Some(patient) => check(patient),
        None => Check::new(rule, false, [("patient", "unknown".into())]),
    };
    check.not_awaited(case.awaits_nothing())
}

fn two_groups(case: &Case<'_>) -> Check {
    of_patient(case, Ei::TwoGroups, |patient| {
        let group = patient.recipient.group;
        let text = group.value().map_or_else(|| "unknown".to_owned(), |group| group.to_string());
        if !case.needs_test() || case.too_young_to_test() {
            let grouped = group != Known::Unknown && !patient.provisional;
            let fits = grouped || case.too_young_to_test();
            return Check::new(Ei::TwoGroups, fits, [("group", text)]);
        }
        let needed = case.rules.count(key::GROUP_SAMPLE_OCCASIONS);
        let enough = needed.as_ref().is_ok_and(|n| u32::from(patient.occasions) >= *n);
        let current = patient.current.as_ref().filter(|sample| case.now < sample.valid_until);
        let agrees = current.is_some_and(|sample| sample.group_agrees);
        let needed = needed.map_or_else(|_| "unknown".to_owned(), |n| n.to_string());
        let sample = current.map_or_else(|| "none".to_owned(), |one| one.sample.to_string());
        let held = enough && agrees && group != Known::Unknown && !patient.provisional;
        let facts = [
            ("group", text),
            ("occasions", patient.occasions.to_string()),
            ("needed", needed),
            ("sample", sample),
            ("unstated", unstated(patient)),
        ];
        Check::new(Ei::TwoGroups, held, facts)
    })
}

/// Rules that the counting of occasions rests on and that the region does not state.
fn unstated(patient: &Serology) -> String {
    let keys: Vec<_> = patient.unstated.iter().map(|key| key.to_string()).collect();
    if keys.is_empty() { "-".into() } else { keys.join(" ") }
}

fn donor(case: &Case<'_>) -> Check {
    let Unit { group, expiry, .. } = case.unit;
    let group_text = group.value().map_or_else(|| "unknown".to_owned(), |one| one.to_string());
    let lacking = case.lacking.unwrap_or("nothing").to_owned();
    let held =
        *group != Known::Unknown && case.lacking.is_none() && !case.withdrawn && *expiry > case.now;
    let facts = [
        ("group", group_text),
        ("lacking", lacking),
        ("expiry", expiry.to_string()),
        ("withdrawn", case.withdrawn.to_string()),
    ];
    Check::new(Ei::Donor, held, facts)
}

fn screen(case: &Case<'_>) -> Check {
    if !case.needs_test() {
        return Check::not_asked(Ei::Screen, case.component().as_str());
    }
    if case.too_young_to_test() {
        return Check::not_asked(Ei::Screen, "age");
    }
    let check = |patient: &Serology| {
        let Some(screen) = &patient.screen else {
            return Check::new(Ei::Screen, false, [("screen", "none".into())]);
        };
        let valid = screen.valid_until.value().is_some_and(|until| case.now < until);
        let said = match screen.positive {
            Known::Value(true) => "positive",
            Known::Value(false) => "negative",
            Known::Unknown => "unknown",
        };
        let valid_text = if valid { "valid" } else { "not_valid" };
        let held = valid && screen.positive == Known::Value(false);
        Check::new(Ei::Screen, held, [("screen", said.into()), ("validity", valid_text.into())])
    };
    // A screen that was read as positive is awaited in no emergency: it is there.
    let positive = case.patient.is_some_and(is_positive);
    if positive {
        return check(case.patient.expect("just seen"));
    }
    of_patient(case, Ei::Screen, check)
}

fn is_positive(patient: &Serology) -> bool {
    patient.screen.as_ref().is_some_and(|screen| screen.positive == Known::Value(true))
}

fn no_antibody(case: &Case<'_>) -> Check {
    if !case.needs_test() {
        return Check::not_asked(Ei::NoAntibody, case.component().as_str());
    }
    // What is known is known in an emergency too.
    if let Some(patient) = case.patient.filter(|patient| patient.ever_antibody) {
        let names = |found: crate::blood::model::Antibodies| {
            let all: Vec<_> = found.significant().iter().map(|one| one.as_str()).collect();
            all.join(" ")
        };
        let found = patient.recipient.antibodies.map(names);
        let found = found.value().unwrap_or_else(|| "unknown".to_owned());
        return Check::new(Ei::NoAntibody, false, [("antibodies", found)]);
    }
    of_patient(case, Ei::NoAntibody, |patient| {
        let asked = patient.recipient.antibodies != Known::Unknown;
        let text = if asked { "none" } else { "unknown" };
        Check::new(Ei::NoAntibody, asked, [("antibodies", text.into())])
    })
}

fn captured(case: &Case<'_>) -> Check {
    of_patient(case, Ei::Captured, |patient| {
        let text = patient.captured.to_string();
        Check::new(Ei::Captured, patient.captured, [("captured", text)])
    })
}

fn agrees(case: &Case<'_>) -> Check {
    of_patient(case, Ei::Agrees, |patient| {
        let text = patient.conflict.to_string();
        Check::new(Ei::Agrees, !patient.conflict, [("conflict", text)])
    })
}

/// Whether donor cells carry A or B that the patient lacks.
#[must_use]
pub(crate) const fn cells_harm(patient: Abo, donor: Abo) -> bool {
    (donor.has_a() && !patient.has_a()) || (donor.has_b() && !patient.has_b())
}

/// The rule that nothing loosens: told from the groups alone, whatever else is asked. Of plasma
/// and platelets compatibility judges by the region's rules.
fn abo(case: &Case<'_>) -> Check {
    let cells = matches!(
        case.component(),
        Component::RedCells | Component::WholeBlood | Component::Granulocytes
    );
    let patient = case.patient.and_then(|patient| patient.recipient.group.value());
    let donor = case.unit.group.value();
    let facts = [
        ("patient", patient.map_or_else(|| "unknown".to_owned(), |one| one.to_string())),
        ("donor", donor.map_or_else(|| "unknown".to_owned(), |one| one.to_string())),
    ];
    if !cells {
        return Check { rule: Ei::Abo, held: Held::NotAsked, facts: facts.into() };
    }
    let held = match (patient, donor) {
        (_, None) => false,
        (Some(patient), Some(donor)) => !cells_harm(patient.abo, donor.abo),
        (None, Some(donor)) => donor.abo == Abo::O,
    };
    Check::new(Ei::Abo, held, facts)
}

fn since_reserved(case: &Case<'_>) -> Check {
    let now = case.patient.map_or(Known::Unknown, |patient| patient.recipient.antibodies);
    let held = match (case.known_then, now) {
        // Not set aside before, or nothing known now either.
        (None, _) | (Some(_), Known::Unknown) => true,
        (Some(Known::Unknown), Known::Value(now)) => now.is_empty(),
        (Some(Known::Value(then)), Known::Value(now)) => now.and(then) == then,
    };
    let text = if held { "none" } else { "posted" };
    Check::new(Ei::SinceReserved, held, [("antibodies", text.into())])
}

fn newborn_or_transplant(case: &Case<'_>) -> Check {
    if !case.needs_test() {
        return Check::not_asked(Ei::NewbornOrTransplant, case.component().as_str());
    }
    let Some(patient) = case.patient else {
        return Check::not_asked(Ei::NewbornOrTransplant, "patient");
    };
    let facts = [
        ("maternal_antibodies", patient.maternal_antibodies.to_string()),
        ("transplant_unsettled", patient.transplant_unsettled.to_string()),
    ];
    let held = !patient.maternal_antibodies && !patient.transplant_unsettled;
    let check = Check::new(Ei::NewbornOrTransplant, held, facts);
    // An unsettled transplant is judged as an unknown group; maternal antibodies are there.
    check.not_awaited(case.awaits_nothing() && !patient.maternal_antibodies)
}

fn reconciled(case: &Case<'_>) -> Check {
    let text = case.unreconciled.to_string();
    Check::new(Ei::Reconciled, !case.unreconciled, [("waiting", text)])
        .not_awaited(case.awaits_nothing())
}
