//! Donors in strata: how many may be invited from which day on, and who is drawn for a week.

use std::collections::{BTreeMap, BTreeSet};

use super::eligible::{self, Depth};
use super::model::{AppointmentState, Donor, Gap, Outcome, Response, Sex, Stratum, Verdict};
use super::view;
use crate::Region;
use crate::donations::model::DonationKind;
use crate::rulesets::{Scope, key};
use crate::words::{CallUpId, Day, DonorId, JournalId, Known, Refusal, Time};

/// Times in the last two years from which on a donor comes often.
const OFTEN: usize = 3;

/// A region's donors of whole blood in strata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// The first day on which each donor may be invited, by stratum.
    pub free: BTreeMap<Stratum, Vec<Day>>,
    /// Donors of no stratum, by what they lack.
    pub gaps: BTreeMap<Gap, u32>,
}

/// What a region's rules say of calling donors of whole blood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Days between two donations of a woman.
    pub female: u32,
    /// Days between two donations of a man.
    pub male: u32,
    /// Donations within a year.
    pub per_year: u32,
    /// Days until whoever was spoken to is called again.
    pub quiet: u32,
}

impl Pace {
    /// What the rules in force at a moment say.
    ///
    /// # Errors
    /// A [`Refusal`] that names the rule nobody has stated.
    pub fn of(region: &Region, journal: &JournalId, now: Time) -> Result<Self, Refusal> {
        Self::stated(&region.shared.rulesets, journal, now)
    }

    /// The same from a region's shared rules.
    ///
    /// # Errors
    /// A [`Refusal`] that names the rule nobody has stated.
    pub fn stated(
        rules: &crate::rulesets::Shared,
        journal: &JournalId,
        now: Time,
    ) -> Result<Self, Refusal> {
        let rules = rules.required(Scope::Blood, now, journal)?;
        Ok(Self {
            female: rules.days(key::DONOR_WHOLE_BLOOD_INTERVAL_FEMALE_DAYS)?,
            male: rules.days(key::DONOR_WHOLE_BLOOD_INTERVAL_MALE_DAYS)?,
            per_year: rules.count(key::DONOR_WHOLE_BLOOD_PER_YEAR)?,
            quiet: rules.days(key::DONOR_CALL_INTERVAL_DAYS)?,
        })
    }

    /// Days between two donations of a sex.
    #[must_use]
    pub const fn interval(&self, sex: Sex) -> u32 {
        match sex {
            Sex::Female => self.female,
            Sex::Male => self.male,
        }
    }
}

/// How often a donor came in the two years before a day.
fn response(region: &Region, donor: &DonorId, today: Day) -> Response {
    let (given, _) = view::given(region, donor);
    let since = today.minus_months(24);
    match given.iter().filter(|one| one.day >= since).count() {
        0 if given.is_empty() => Response::New,
        0 => Response::Seldom,
        n if n >= OFTEN => Response::Often,
        _ => Response::Sometimes,
    }
}

/// The stratum of a donor who can be called, or what stands against it.
fn stratum(region: &Region, id: &DonorId, donor: &Donor, today: Day) -> Result<Stratum, Gap> {
    let wrong = |one: &super::model::Contact| one.outcome == Outcome::WrongNumber;
    let reached = donor.identity.phone.is_some() && !donor.contact.as_ref().is_some_and(wrong);
    if !donor.terms.may_call || !reached {
        return Err(Gap::NoCall);
    }
    if !donor.terms.kinds.contains(&DonationKind::WholeBlood) {
        return Err(Gap::Kind);
    }
    let site = donor.terms.site.clone().ok_or(Gap::Site)?;
    let group = donor.group.value().ok_or(Gap::Group)?;
    let sex = donor.identity.sex().value().ok_or(Gap::Sex)?;
    Ok(Stratum { site, group, sex, response: response(region, id, today) })
}

/// Counts a region's donors by stratum, with the day from which on each may be invited: nothing
/// known is in the way then, they were not spoken to lately, and neither a list that is open nor
/// an appointment waits for them.
///
/// # Errors
/// A [`Refusal`] that names the rule nobody has stated.
pub fn census(
    region: &Region,
    journal: &JournalId,
    (now, on): (Time, Day),
) -> Result<Census, Refusal> {
    let pace = Pace::of(region, journal, now)?;
    let own = &region.own.donors;
    let mut waits: BTreeMap<&DonorId, Day> = BTreeMap::new();
    let mut wait = |donor, until: Day| {
        let held = waits.entry(donor).or_insert(until);
        *held = until.max(*held);
    };
    for list in own.lists.values().filter(|list| list.closed.is_none()) {
        list.donors.keys().for_each(|donor| wait(donor, list.filter.on.plus_days(pace.quiet)));
    }
    for one in own.appointments.values() {
        if one.state == AppointmentState::Booked && one.at >= now {
            wait(&one.donor, Day::of(one.at).plus_days(pace.female.max(pace.male)));
        }
    }
    let mut census = Census::default();
    let standing = own.donors.iter().filter(|(_, donor)| donor.into.is_none());
    for (id, donor) in standing.filter(|(_, donor)| donor.guest.is_none()) {
        let mut gap = |gap| *census.gaps.entry(gap).or_default() += 1;
        let stratum = match stratum(region, id, donor, Day::of(now)) {
            Ok(stratum) => stratum,
            Err(lacks) => {
                gap(lacks);
                continue;
            }
        };
        let asked = (id, DonationKind::WholeBlood);
        let answer = eligible::eligibility(region, asked, on.starts(), journal, Depth::Call);
        let free = match answer.verdict {
            Verdict::Eligible => on,
            Verdict::Deferred { until: Known::Value(until) } => Day::of(until).max(on),
            _ => {
                gap(Gap::Hindered);
                continue;
            }
        };
        let spoken = donor.contact.as_ref().filter(|contact| contact.outcome.reached());
        let spoken = spoken.map(|contact| Day::of(contact.at).plus_days(pace.quiet));
        let later = [waits.get(id).copied(), spoken].into_iter().flatten();
        census.free.entry(stratum).or_default().push(later.fold(free, Ord::max));
    }
    Ok(census)
}

/// Draws donors of strata for a day, at most so many of each, whoever has waited longest first:
/// nothing known is in their way that day, they were not spoken to within the quiet days, are on
/// no open list, have no appointment to come and are not among `taken`.
#[must_use]
pub fn draw(
    region: &Region,
    journal: &JournalId,
    asked: &[(&Stratum, u32)],
    (now, on, quiet): (Time, Day, u32),
    taken: &BTreeSet<DonorId>,
) -> Vec<Vec<DonorId>> {
    let at: BTreeMap<&Stratum, usize> =
        asked.iter().enumerate().map(|(n, (stratum, _))| (*stratum, n)).collect();
    let places: BTreeSet<_> = asked.iter().map(|(one, _)| (Some(&one.site), one.group)).collect();
    let fits = |donor: &Donor| {
        let group = donor.group.value();
        group.is_some_and(|group| places.contains(&(donor.terms.site.as_ref(), group)))
    };
    let what = (DonationKind::WholeBlood, on, None);
    let mut drawn = vec![Vec::new(); asked.len()];
    for one in view::willing(region, what, (now, quiet), journal, fits) {
        let Ok(stratum) = stratum(region, one.donor, one.held, Day::of(now)) else { continue };
        let Some(&line) = at.get(&stratum) else { continue };
        let room = usize::try_from(asked[line].1).unwrap_or(usize::MAX);
        if drawn[line].len() < room && !taken.contains(one.donor) {
            drawn[line].push(one.donor.clone());
        }
    }
    drawn
}

/// What came of donors who were put on lists at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Put on a list.
    pub listed: u32,
    /// Called, whatever came of it.
    pub called: u32,
    /// Reached, and said yes.
    pub yes: u32,
    /// Have or had an appointment that was not called off.
    pub booked: u32,
    /// Came: gave, or were received and sent home.
    pub came: u32,
    /// Gave.
    pub gave: u32,
    /// Were deferred.
    pub deferred: u32,
}

impl std::ops::AddAssign for Followed {
    fn add_assign(&mut self, more: Self) {
        self.listed += more.listed;
        self.called += more.called;
        self.yes += more.yes;
        self.booked += more.booked;
        self.came += more.came;
        self.gave += more.gave;
        self.deferred += more.deferred;
    }
}

/// Donors' visits since a moment.
#[derive(Clone, Debug)]
pub struct Since<'a> {
    region: &'a Region,
    moment: Time,
    visits: BTreeMap<&'a DonorId, Vec<AppointmentState>>,
}

impl<'a> Since<'a> {
    /// Looks once at all appointments since a moment.
    #[must_use]
    pub fn of(region: &'a Region, moment: Time) -> Self {
        let mut visits: BTreeMap<&DonorId, Vec<AppointmentState>> = BTreeMap::new();
        let all = region.own.donors.appointments.values();
        for one in all.filter(|one| one.at >= moment) {
            visits.entry(&one.donor).or_default().push(one.state);
        }
        Self { region, moment, visits }
    }

    /// What came of donors. Calls count if they were noted on one of these lists.
    #[must_use]
    pub fn followed(&self, donors: &[DonorId], lists: &[CallUpId]) -> Followed {
        let own = &self.region.own.donors;
        let lists: Vec<_> = lists.iter().filter_map(|list| own.lists.get(list)).collect();
        let mut sum = Followed::default();
        for id in donors {
            let outcome = lists.iter().find_map(|list| list.donors.get(id).copied().flatten());
            let visits = self.visits.get(id).map(Vec::as_slice).unwrap_or_default();
            let past = self.region.own.donations.by_donor.get(id);
            let gave = past.is_some_and(|past| past.iter().any(|it| it.collected >= self.moment));
            let held = own.donors.get(id);
            let deferred =
                held.is_some_and(|held| held.deferrals.values().any(|it| it.since >= self.moment));
            let attended = visits.contains(&AppointmentState::Attended);
            let booked = visits.iter().any(|state| *state != AppointmentState::Cancelled);
            sum += Followed {
                listed: 1,
                called: outcome.is_some().into(),
                yes: (outcome == Some(Outcome::Yes)).into(),
                booked: booked.into(),
                came: (attended || gave || deferred).into(),
                gave: gave.into(),
                deferred: deferred.into(),
            };
        }
        sum
    }
}
