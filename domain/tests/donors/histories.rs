//! Random histories of reception: whoever is let through may give; records joined and parted are
//! what they were; nothing of people leaves the region.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::model::{
    Answer, Declaration, DeferralReason, Earlier, Ground, Question, Until,
};
use samband_domain::donors::{Command, view};
use samband_domain::words::Day;
use samband_domain::{DonorId, Known, OwnState, SharedState};

use crate::common::{Desk, SECRET};
use crate::donors::desk::*;

#[derive(Clone, Debug)]
enum Step {
    Days(u32),
    Declare(usize, Declaration),
    Admit(usize),
    Defer(usize, Option<u32>),
    Lift(usize, Index),
    Assess(usize, Ground),
    Retract(usize, Question),
    Merge(usize, usize),
    Part(usize),
}

/// Donors, of whom some are one person registered twice.
const BORN: [(&str, u16); 5] = [
    ("19900101", MAN),
    ("19900202", MAN),
    ("19850303", WOMAN),
    ("19580404", MAN),
    ("20080601", WOMAN),
];

fn answer() -> impl Strategy<Value = (Question, Answer)> {
    let since = prop::sample::select(vec![
        Question::Tattoo,
        Question::NewPartner,
        Question::Travel,
        Question::Delivery,
        Question::Hbv,
        Question::Well,
    ]);
    (since, 0..400_u32).prop_map(|(question, ago)| {
        let answer = match question {
            Question::Well | Question::Hbv if ago % 2 == 0 => Answer::No,
            Question::Well | Question::Hbv => Answer::Yes,
            _ if ago % 9 == 0 => Answer::Yes,
            _ => Answer::On(day("2026-06-14").minus_months(ago / 30)),
        };
        (question, answer)
    })
}

fn declaration() -> impl Strategy<Value = Declaration> {
    let odd = prop::collection::vec(answer(), 0..3);
    (prop_oneof![3 => Just(Vec::new()), 1 => odd], 130..160_u16).prop_map(|(odd, hb)| {
        let mut declaration = fine();
        declaration.answers.extend(odd);
        declaration.checks.hb = Known::Value(hb);
        declaration
    })
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..BORN.len();
    let grounds = vec![Ground::FirstAge, Ground::AnnualPermission, Ground::Infection];
    let questions = vec![Question::Tattoo, Question::NewPartner, Question::Hbv];
    prop_oneof![
        4 => (1..40_u32).prop_map(Step::Days),
        8 => (who.clone(), declaration()).prop_map(|(who, what)| Step::Declare(who, what)),
        10 => who.clone().prop_map(Step::Admit),
        2 => (who.clone(), prop::option::of(1..90_u32)).prop_map(|(w, d)| Step::Defer(w, d)),
        2 => (who.clone(), any::<Index>()).prop_map(|(who, which)| Step::Lift(who, which)),
        2 => (who.clone(), prop::sample::select(grounds)).prop_map(|(w, g)| Step::Assess(w, g)),
        1 => (who.clone(), prop::sample::select(questions)).prop_map(|(w, q)| Step::Retract(w, q)),
        2 => (who.clone(), who.clone()).prop_map(|(keep, merge)| Step::Merge(keep, merge)),
        1 => who.prop_map(Step::Part),
    ]
}

/// What a test keeps of it, apart from the program.
struct Ledger {
    desk: Desk,
    donors: Vec<DonorId>,
    given: BTreeMap<DonorId, Vec<Day>>,
    into: BTreeMap<DonorId, DonorId>,
    admitted: usize,
    merged: usize,
}

fn open() -> Ledger {
    let mut desk = region("skane", true);
    let donors = BORN.map(|(born, serial)| new_donor(&mut desk, born, serial)).to_vec();
    Ledger { desk, donors, given: BTreeMap::new(), into: BTreeMap::new(), admitted: 0, merged: 0 }
}

impl Ledger {
    /// Every record of the person, by the ledger's own book.
    fn person(&self, donor: &DonorId) -> Vec<DonorId> {
        let root = |mut at: DonorId| {
            while let Some(next) = self.into.get(&at) {
                at = next.clone();
            }
            at
        };
        let mine = root(donor.clone());
        self.donors.iter().filter(|id| root((*id).clone()) == mine).cloned().collect()
    }

    fn play(&mut self, step: &Step) {
        let before = self.desk.region.clone();
        let played = match step {
            Step::Days(days) => {
                self.desk.now = self.desk.now.plus_days(i64::from(*days));
                return;
            }
            Step::Admit(who) => return self.admit(&self.donors[*who].clone()),
            Step::Merge(keep, merge) => {
                return self.merge(&self.donors[*keep].clone(), &self.donors[*merge].clone());
            }
            Step::Declare(who, declaration) => {
                let (donor, declaration) = (self.donors[*who].clone(), declaration.clone());
                let site = crate::common::stock::site("one");
                self.desk.act("a-1", Command::Declare { donor, site, declaration })
            }
            Step::Defer(who, days) => {
                let today = Day::of(self.desk.now);
                let until = days.map_or(Until::Further, |days| Until::Day(today.plus_days(days)));
                let (donor, reason) = (self.donors[*who].clone(), DeferralReason::Other);
                let note = Some(SECRET.to_owned());
                self.desk.act("a-1", Command::Defer { donor, reason, until, note })
            }
            Step::Lift(who, which) => {
                let donor = self.donors[*who].clone();
                let held = &self.desk.region.own.donors.donors[&donor].deferrals;
                if held.is_empty() {
                    return;
                }
                let deferral = held.keys().nth(which.index(held.len())).unwrap().clone();
                let reason = SECRET.to_owned();
                self.desk.act("a-2", Command::Lift { donor, deferral, reason })
            }
            Step::Assess(who, ground) => {
                let (donor, ground) = (self.donors[*who].clone(), *ground);
                let until = Day::of(self.desk.now).plus_days(60);
                let reason = SECRET.to_owned();
                self.desk.act("a-2", Command::Assess { donor, ground, until, reason })
            }
            Step::Retract(who, question) => {
                let (donor, question) = (self.donors[*who].clone(), *question);
                let reason = SECRET.to_owned();
                self.desk.act("a-2", Command::Retract { donor, question, reason })
            }
            Step::Part(who) => {
                let donor = self.donors[*who].clone();
                let unmerge = Command::Unmerge { donor: donor.clone(), reason: SECRET.into() };
                let parted = self.desk.act("a-1", unmerge);
                if parted.is_ok() {
                    self.into.remove(&donor);
                }
                parted
            }
        };
        if played.is_err() {
            assert_eq!(self.desk.region, before, "a refusal leaves no trace");
        }
    }

    /// Joining two records and parting them at once leaves what was; then they are joined.
    fn merge(&mut self, keep: &DonorId, merge: &DonorId) {
        let reason = SECRET.to_owned();
        let joined =
            Command::Merge { keep: keep.clone(), merge: merge.clone(), reason: reason.clone() };
        let before = self.desk.region.own.donors.clone();
        if self.desk.act("a-1", joined.clone()).is_err() {
            return;
        }
        assert!(view::records(&self.desk.region.own.donors, keep).iter().any(|r| r.0 == merge));
        self.desk.must("a-1", Command::Unmerge { donor: merge.clone(), reason });
        assert_eq!(self.desk.region.own.donors, before, "merge and undo is nothing");
        self.desk.must("a-1", joined);
        self.into.insert(merge.clone(), keep.clone());
        self.merged += 1;
    }

    /// Whoever is let through has no deferral, waited long enough, and gave at most four times
    /// in a year: counted by hand.
    fn admit(&mut self, donor: &DonorId) {
        let Ok(_) = self.desk.act("a-1", admit(donor)) else { return };
        self.admitted += 1;
        let today = Day::of(self.desk.now);
        let records = self.person(donor);
        let own = &self.desk.region.own.donors.donors;
        for id in &records {
            let open = own[id].deferrals.values().filter(|one| one.lifted.is_none());
            for one in open {
                assert!(matches!(one.until, Until::Day(day) if day <= today), "{one:?}");
            }
            let tattoo = own[id].dates.get(&Question::Tattoo).map(|one| one.day);
            if let Some(Known::Value(tattoo)) = tattoo {
                assert!(tattoo.plus_months(4) <= today, "{tattoo}");
            }
        }
        let least = match own[donor].identity.sex().value().unwrap().as_str() {
            "female" => 91,
            _ => 61,
        };
        let days = || records.iter().filter_map(|id| self.given.get(id)).flatten();
        for day in days() {
            assert!(today.days_since(*day) >= least, "{day} {today}");
        }
        let year = days().filter(|day| day.plus_months(12) > today).count();
        assert!(year < 4, "a fifth in a year");
        self.given.entry(donor.clone()).or_default().push(today);
        let earlier = vec![Earlier { day: today, kind: DonationKind::WholeBlood }];
        self.desk.must("a-1", Command::TellEarlier { donor: donor.clone(), earlier });
    }
}

fn played(steps: &[Step]) -> Ledger {
    let mut ledger = open();
    steps.iter().for_each(|step| ledger.play(step));
    ledger
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whoever_is_let_through_may_give(steps in prop::collection::vec(step(), 1..150)) {
        let ledger = played(&steps);
        let desk = &ledger.desk;
        prop_assert_eq!(&desk.replayed(), &desk.region);
        prop_assert_eq!(&desk.seen_from_outside(), &desk.region.shared);
        let own = postcard::to_stdvec(&desk.region.own).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<OwnState>(&own).unwrap(), &desk.region.own);
        let shared = postcard::to_stdvec(&desk.region.shared).unwrap();
        let shared: SharedState = postcard::from_bytes(&shared).unwrap();
        prop_assert_eq!(&shared, &desk.region.shared);
        let told = format!("{} {:?}", desk.shared_bytes(), desk.region.shared);
        prop_assert!(!told.contains(SECRET));
        for donor in desk.region.own.donors.donors.values() {
            prop_assert!(!told.contains(donor.identity.number.as_str()));
        }
    }
}

/// The property above is about something: people are let through, refused, joined and parted.
#[test]
fn the_histories_reach_what_they_are_about() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut admitted, mut merged, mut again) = (0, 0, 0);
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..64 {
        let steps = prop::collection::vec(step(), 150).new_tree(&mut runner).unwrap().current();
        let ledger = played(&steps);
        admitted += ledger.admitted;
        merged += ledger.merged;
        again += ledger.given.values().filter(|days| days.len() > 1).count();
        kinds.extend(ledger.desk.lines.iter().map(|line| line.encoded.kind));
    }
    assert!(admitted > 60 && merged > 20 && again > 10, "{admitted} {merged} {again}");
    for kind in ["donor.deferral_lifted", "donor.assessed", "donor.answer_retracted"] {
        assert!(kinds.contains(kind), "no history has {kind}");
    }
}
