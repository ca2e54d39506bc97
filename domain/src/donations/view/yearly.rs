//! A year in figures: what the yearly reports and the statistics are made of, counted from the
//! record. What the record does not say is unknown, never zero.

use std::collections::{BTreeMap, BTreeSet};

use crate::blood::Event as Blood;
use crate::blood::model::stock::Arrival;
use crate::donations::Event as Own;
use crate::donations::model::vigilance::{Imputability, Notice, Yearly};
use crate::patients::Event as Patients;
use crate::transfusion::Event as Transfusion;
use crate::transfusion::model::{Ended, PaperKind};
use crate::words::{Code, DonorId, JournalId, PatientId, Private, RequestId, Time};

/// What is counted of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    counts: BTreeMap<String, u64>,
    donors: BTreeSet<DonorId>,
    hidden: bool,
    recipients: Recipients,
    reactions: Reactions,
}

/// Recipients' reactions: what wards reported, and how sure the physicians are that the blood was
/// the cause.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Reactions {
    reported: u64,
    serious: u64,
    /// The last word about each; judged twice, it is one reaction.
    judged: BTreeMap<Code, Imputability>,
    hidden: bool,
}

impl Reactions {
    fn tell(&mut self, event: &Transfusion) {
        match event {
            Transfusion::Reacted(_, Private::Here(said)) => {
                self.reported += 1;
                self.serious += u64::from(said.reaction.severity.is_serious());
            }
            Transfusion::Assessed(_, Private::Here(said)) => {
                self.judged.insert(said.id.clone(), said.imputability);
            }
            Transfusion::Reacted(..) | Transfusion::Assessed(..) => self.hidden = true,
            _ => {}
        }
    }

    /// What is asked of them by key; none where the record does not tell all of them.
    fn of(&self, key: &str) -> Option<u64> {
        let judged = |sure: &str| {
            let same = self.judged.values().filter(|one| one.as_str() == sure).count();
            u64::try_from(same).unwrap_or(u64::MAX)
        };
        let count = match key {
            "all" => self.reported,
            "serious" => self.serious,
            sure => judged(sure),
        };
        (!self.hidden).then_some(count)
    }
}

/// Persons who received blood, as far as the record names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Recipients {
    named: BTreeSet<PatientId>,
    /// Requests with something given for somebody whom nobody has named yet.
    unnamed: BTreeSet<RequestId>,
    /// A reserve number that turned out to be somebody.
    same: BTreeMap<PatientId, PatientId>,
    hidden: bool,
    /// Whether the record says anything of transfusions at all.
    told: bool,
}

impl Recipients {
    fn given(&mut self, request: Option<&RequestId>, patient: Option<&PatientId>) {
        match (patient, request) {
            (Some(patient), _) => drop(self.named.insert(patient.clone())),
            (None, Some(request)) => drop(self.unnamed.insert(request.clone())),
            (None, None) => self.hidden = true,
        }
    }

    fn tell(&mut self, event: &Transfusion) {
        self.told = true;
        match event {
            Transfusion::Ended(_, Private::Here(end)) => {
                if matches!(end.ended, Ended::Transfused { .. }) {
                    self.given(end.id.as_ref(), end.patient.as_ref());
                }
            }
            Transfusion::PaperEntered(_, Private::Here(line))
                if line.paper.kind == PaperKind::Transfused =>
            {
                self.given(Some(&line.id), line.paper.patient.as_ref());
            }
            Transfusion::Reconciled(_, Private::Here(gone)) if self.unnamed.remove(&gone.id) => {
                self.named.insert(gone.patient.clone());
            }
            Transfusion::Ended(_, Private::Absent(_))
            | Transfusion::PaperEntered(_, Private::Absent(_)) => self.hidden = true,
            _ => {}
        }
    }

    /// How many; none as long as somebody received blood whom the record does not name, or where
    /// transfusions are not recorded here.
    fn count(&self) -> Option<usize> {
        let whole = self.told && !self.hidden && self.unnamed.is_empty();
        let one = |id: &PatientId| self.same.get(id).unwrap_or(id).clone();
        whole.then(|| self.named.iter().map(one).collect::<BTreeSet<_>>().len())
    }
}

/// A year: from its first moment to the first of the next, Swedish time.
#[must_use]
pub fn year(of: u16) -> Option<(Time, Time)> {
    let start = |year: i16| Time::start_of(jiff::civil::Date::new(year, 1, 1).ok()?);
    let of = i16::try_from(of).ok()?;
    Some((start(of)?, start(of.checked_add(1)?)?))
}

/// When the reports of a year are due: 15 March of the next, at the end of the day.
#[must_use]
pub fn due(of: u16) -> Option<Time> {
    let year = i16::try_from(of).ok()?.checked_add(1)?;
    Time::start_of(jiff::civil::Date::new(year, 3, 16).ok()?)
}

impl Tally {
    fn add(&mut self, key: &str, count: usize) {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        *self.counts.entry(key.to_owned()).or_default() += count;
    }

    /// How often something was recorded; zero if never.
    #[must_use]
    pub fn of(&self, key: &str) -> u64 {
        self.counts.get(key).copied().unwrap_or(0)
    }

    /// Everything that was counted.
    pub fn counts(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(key, count)| (key.as_str(), *count))
    }

    /// How many persons gave; none if who gave is not to be read for every donation.
    #[must_use]
    pub fn donors(&self) -> Option<usize> {
        (!self.hidden).then_some(self.donors.len())
    }

    /// Counts one record of the region.
    pub fn tell(&mut self, journal: &JournalId, event: &crate::Event) {
        match event {
            crate::Event::Donations(event) => self.tell_own(event),
            crate::Event::Blood(event) => self.tell_blood(journal, event),
            crate::Event::Transfusion(event) => {
                self.recipients.tell(event);
                self.reactions.tell(event);
            }
            crate::Event::Patients(Patients::ReserveLinked(_, Private::Here(link))) => {
                self.recipients.same.insert(link.reserve.clone(), link.to.clone());
            }
            crate::Event::Patients(Patients::ReserveUnlinked(_, Private::Here(link))) => {
                self.recipients.same.remove(&link.reserve);
            }
            _ => {}
        }
    }

    fn tell_own(&mut self, event: &Own) {
        match event {
            Own::Collected(collected, giver) => {
                let kind = collected.donation.kind;
                self.add(&format!("donations.{kind}"), 1);
                if collected.donation.abandoned {
                    self.add("donations.abandoned", 1);
                }
                match giver {
                    Private::Here(giver) => self.donors.extend(giver.donor.clone()),
                    Private::Absent(_) => self.hidden = true,
                }
            }
            Own::Withdrawn(..) => self.add("withdrawals", 1),
            Own::PlasmaLot(made, _) => self.add("plasma.units", made.units.len()),
            Own::PlasmaConsigned(..) => self.add("plasma.consignments", 1),
            Own::Notified(said, _) => {
                self.add(&format!("{}.notified", said.notice), 1);
                self.add(&format!("{}.{}", said.notice, said.category), 1);
            }
            Own::Confirmed(said, _) => {
                self.add(&format!("imputability.{}", said.imputability), 1);
            }
            _ => {}
        }
    }

    fn tell_blood(&mut self, journal: &JournalId, event: &Blood) {
        match event {
            Blood::Produced(made, _) => {
                for entry in &made.load.units {
                    self.add(&format!("made.{}", entry.product.component()), 1);
                }
            }
            Blood::Released(released, _) => self.add("released", released.units.len()),
            Blood::Issued(given, _) => self.add("issued", given.units.len()),
            Blood::Returned(back, _) => self.add("returned", back.units.len()),
            Blood::Used(used, _) => self.add(&format!("used.{}", used.fate), used.units.len()),
            Blood::Discarded(gone, _) => {
                self.add("discarded", gone.units.len());
                self.add(&format!("discarded.{}", gone.reason), gone.units.len());
            }
            Blood::Dispatched(sent, _) if sent.way.to_region != *journal => {
                self.add("sent", sent.load.units.len());
            }
            Blood::Received(got, _) if got.dispatch.journal != *journal => {
                let arrived = got.outcomes.iter().filter(|(_, one)| *one != Arrival::Missing);
                self.add("received", arrived.count());
            }
            _ => {}
        }
    }
}

/// What a figure belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its key, also that of its words.
    pub key: &'static str,
    /// Which yearly report it stands in.
    pub report: Yearly,
    /// Where its definition is from.
    pub source: &'static str,
}

const SWEBA: &str = "SweBA 2020; Dir 2005/61/EC annex";
const EU61: &str = "Dir 2005/61/EC annexes II-III part D";
const EU61_SCALE: &str = "Dir 2005/61/EC annex II part B; SweBA/EDQM";

/// Every figure of the yearly reports, in their order.
pub const FIGURES: &[Figure] = &[
    figure("donors", Yearly::Activity, SWEBA),
    figure("donations.whole_blood", Yearly::Activity, SWEBA),
    figure("donations.plasmapheresis", Yearly::Activity, SWEBA),
    figure("donations.plateletpheresis", Yearly::Activity, SWEBA),
    figure("donations.abandoned", Yearly::Activity, SWEBA),
    figure("made.red_cells", Yearly::Activity, SWEBA),
    figure("made.platelets", Yearly::Activity, SWEBA),
    figure("made.plasma", Yearly::Activity, SWEBA),
    figure("made.whole_blood", Yearly::Activity, SWEBA),
    figure("issued", Yearly::Activity, EU61),
    figure("used.transfused", Yearly::Activity, EU61),
    figure("used.presumed_transfused", Yearly::Activity, EU61),
    figure("used.wasted", Yearly::Activity, SWEBA),
    figure("discarded", Yearly::Activity, SWEBA),
    figure("discarded.outdated", Yearly::Activity, SWEBA),
    figure("sent", Yearly::Activity, SWEBA),
    figure("received", Yearly::Activity, SWEBA),
    figure("plasma.units", Yearly::Activity, SWEBA),
    figure("recipients", Yearly::Activity, EU61),
    figure("reacted.all", Yearly::Reactions, EU61_SCALE),
    figure("reacted.serious", Yearly::Reactions, EU61_SCALE),
    figure("reacted.na", Yearly::Reactions, EU61_SCALE),
    figure("reacted.0", Yearly::Reactions, EU61_SCALE),
    figure("reacted.1", Yearly::Reactions, EU61_SCALE),
    figure("reacted.2", Yearly::Reactions, EU61_SCALE),
    figure("reacted.3", Yearly::Reactions, EU61_SCALE),
    figure("reaction.notified", Yearly::Reactions, EU61),
    figure("donor_reaction.notified", Yearly::Reactions, EU61),
    figure("imputability.na", Yearly::Reactions, EU61),
    figure("imputability.0", Yearly::Reactions, EU61),
    figure("imputability.1", Yearly::Reactions, EU61),
    figure("imputability.2", Yearly::Reactions, EU61),
    figure("imputability.3", Yearly::Reactions, EU61),
    figure("event.notified", Yearly::Events, EU61),
    figure("withdrawals", Yearly::Events, SWEBA),
];

const fn figure(key: &'static str, report: Yearly, source: &'static str) -> Figure {
    Figure { key, report, source }
}

impl Figure {
    /// What the record says; none where it does not say it.
    #[must_use]
    pub fn value(&self, tally: &Tally) -> Option<u64> {
        match self.key {
            "donors" => tally.donors().map(|count| u64::try_from(count).unwrap_or(u64::MAX)),
            // Only what somebody reported as given counts: a presumption names no recipient.
            "recipients" => {
                let count = tally.recipients.count();
                count.map(|count| u64::try_from(count).unwrap_or(u64::MAX))
            }
            key => match key.strip_prefix("reacted.") {
                Some(of) => tally.reactions.of(of),
                None => Some(tally.of(key)),
            },
        }
    }
}

/// Whether a notice is one of the yearly report on reactions.
#[must_use]
pub const fn reported_in(notice: Notice) -> Yearly {
    match notice {
        Notice::Reaction | Notice::DonorReaction => Yearly::Reactions,
        Notice::Event => Yearly::Events,
    }
}
