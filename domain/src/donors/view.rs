//! What may be seen of donors: only in their own region.

use jiff::civil::Date;

use super::eligible::{self, Depth};
use super::model::{
    Appointment, AppointmentState, Donor, Eligibility, Filter, IssuedPass, Outcome, Question,
    Session, Sex,
};
use super::rules;
use super::state::{Own, Shared};
use crate::Region;
use crate::donations::model::DonationKind;
use crate::rulesets::{InForce, Scope};
use crate::words::{
    AppointmentId, Day, Digest, DonorId, JournalId, Known, PersonNumber, SessionId, Time,
};

pub use super::eligible::Given;

/// The donor with a number; for a merged record the one that stands for it.
#[must_use]
pub fn find<'a>(own: &'a Own, number: &PersonNumber) -> Option<(&'a DonorId, &'a Donor)> {
    let id = own.by_number.get(number)?;
    own.donors.get_key_value(eligible::root(own, id))
}

/// The record that stands for a donor: itself, or the one it was merged into.
#[must_use]
pub fn standing<'a>(own: &'a Own, donor: &'a DonorId) -> &'a DonorId {
    eligible::root(own, donor)
}

/// A record and all that were merged into it, itself first.
#[must_use]
pub fn records<'a>(own: &'a Own, donor: &'a DonorId) -> Vec<(&'a DonorId, &'a Donor)> {
    eligible::records(own, donor)
}

/// Donors whose name holds every word of a text, at most so many, by name. Merged records are
/// found by the one that stands.
#[must_use]
pub fn search<'a>(own: &'a Own, text: &str, most: usize) -> Vec<(&'a DonorId, &'a Donor)> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let fits = |donor: &Donor| {
        let name = donor.identity.name.to_lowercase();
        words.iter().all(|word| name.contains(word))
    };
    let mut found: Vec<_> = Vec::new();
    for (id, _) in own.donors.iter().filter(|(_, donor)| fits(donor)) {
        if let Some(one) = own.donors.get_key_value(eligible::root(own, id))
            && found.iter().all(|(had, _): &(&DonorId, &Donor)| *had != one.0)
        {
            found.push(one);
        }
    }
    found.sort_by(|a, b| a.1.identity.name.cmp(&b.1.identity.name));
    found.truncate(most);
    found
}

/// Whether a donor may give something at a moment, under the rules then in force, with every
/// reason against it. The day's declaration and measurements are part of the question: without
/// them the answer is unknown.
#[must_use]
pub fn eligibility(
    region: &Region,
    donor: &DonorId,
    kind: DonationKind,
    on: Time,
    journal: &JournalId,
) -> Eligibility {
    eligible::eligibility(region, (donor, kind), on, journal, Depth::Today)
}

/// Whether anything known so far speaks against giving something at a moment to come: what may be
/// asked before the donor is there. It lets nobody through.
#[must_use]
pub fn prospect(
    region: &Region,
    donor: &DonorId,
    kind: DonationKind,
    on: Time,
    journal: &JournalId,
) -> Eligibility {
    eligible::eligibility(region, (donor, kind), on, journal, Depth::Call)
}

/// What is asked of a donor of a sex under a rule set.
#[must_use]
pub fn questions(rules: &InForce, sex: Known<Sex>) -> Vec<Question> {
    eligible::questions(rules, sex)
}

/// Every donation of a donor that is known, the latest first, and whether there may be more.
#[must_use]
pub fn given(region: &Region, donor: &DonorId) -> (Vec<Given>, bool) {
    let own = &region.own.donors;
    eligible::given(region, &eligible::records(own, eligible::root(own, donor)))
}

/// Whether a physician decides on this where a rule says so.
#[must_use]
pub const fn for_physician(ground: super::model::Ground) -> bool {
    rules::decided_by_physician(ground)
}

/// A donor who could be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Who.
    pub donor: &'a DonorId,
    /// What is known of them.
    pub held: &'a Donor,
    /// The last donation; none if none is known.
    pub last: Option<Day>,
}

/// Whom a list would hold: wants to be called, can be reached, nothing known speaks against
/// giving that day, is not on an open list, has no appointment to come, and was not spoken to
/// within the quiet days. Who has waited longest comes first.
#[must_use]
pub fn candidates<'a>(
    region: &'a Region,
    filter: &Filter,
    (now, quiet): (Time, u32),
    journal: &JournalId,
) -> Vec<Candidate<'a>> {
    let fits = |donor: &Donor| {
        filter.group.is_none_or(|group| donor.group == Known::Value(group))
            && filter.site.as_ref().is_none_or(|site| donor.terms.site.as_ref() == Some(site))
    };
    let what = (filter.kind, filter.on, filter.last_before);
    willing(region, what, (now, quiet), journal, fits)
}

/// The same of whoever else fits: what is to be given, on which day, and before which day the last
/// donation lies.
pub(super) fn willing<'a>(
    region: &'a Region,
    (kind, on, before): (DonationKind, Day, Option<Day>),
    (now, quiet): (Time, u32),
    journal: &JournalId,
    fits: impl Fn(&Donor) -> bool,
) -> Vec<Candidate<'a>> {
    let own = &region.own.donors;
    let listed = listed(own);
    let booked = booked(own, now);
    let spoken = |donor: &Donor| {
        donor.contact.as_ref().is_some_and(|contact| {
            contact.outcome == Outcome::WrongNumber
                || contact.outcome.reached() && contact.at > now.plus_days(-i64::from(quiet))
        })
    };
    let reached = |donor: &Donor| {
        donor.into.is_none()
            && donor.terms.may_call
            && donor.identity.phone.is_some()
            && donor.terms.kinds.contains(&kind)
            && fits(donor)
            && !spoken(donor)
    };
    let own_donors = own.donors.iter();
    let mut found: Vec<_> = own_donors
        .filter(|(id, donor)| reached(donor) && !listed.contains(id) && !booked.contains(id))
        .filter_map(|(id, donor)| {
            let last = given(region, id).0.first().map(|one| one.day);
            let long_ago = match (before, last) {
                (Some(before), Some(last)) => last < before,
                _ => true,
            };
            let asked = (id, kind);
            let on = on.starts();
            let answer = || eligible::eligibility(region, asked, on, journal, Depth::Call);
            (long_ago && answer().eligible()).then_some(Candidate { donor: id, held: donor, last })
        })
        .collect();
    found.sort_by(|a, b| (a.last, a.donor).cmp(&(b.last, b.donor)));
    found
}

/// Who is on an open list.
fn listed(own: &Own) -> std::collections::BTreeSet<&DonorId> {
    let open = own.lists.values().filter(|list| list.closed.is_none());
    open.flat_map(|list| list.donors.keys()).collect()
}

/// Who has an appointment to come.
fn booked(own: &Own, now: Time) -> std::collections::BTreeSet<&DonorId> {
    let open = own.appointments.values();
    let open = open.filter(|one| one.state == AppointmentState::Booked && one.at >= now);
    open.map(|one| &one.donor).collect()
}

/// Donors of plasma who could give whole blood now: approved for plasma, nothing known speaks
/// against whole blood but that nobody has approved them for it.
#[must_use]
pub fn can_switch<'a>(
    region: &'a Region,
    on: Time,
    journal: &JournalId,
) -> Vec<(&'a DonorId, &'a Donor)> {
    let (plasma, whole) = (DonationKind::Plasmapheresis, DonationKind::WholeBlood);
    let donors = region.own.donors.donors.iter();
    let donors = donors.filter(|(_, donor)| {
        donor.into.is_none() && donor.guest.is_none() && donor.terms.kinds.contains(&plasma)
    });
    let able = donors.filter(|(id, _)| {
        let answer = eligible::eligibility(region, (id, whole), on, journal, Depth::Call);
        answer.reasons.iter().all(|reason| reason.ground == super::model::Ground::Kind)
    });
    able.collect()
}

/// Willing donors whom nobody calls: they may give, want to be called, and neither a donation nor
/// a contact, a list or an appointment is known of the last half year.
#[must_use]
pub fn nobody_calls<'a>(region: &'a Region, now: Time, journal: &JournalId) -> Vec<Candidate<'a>> {
    const SILENT_DAYS: i64 = 182;
    let since = now.plus_days(-SILENT_DAYS);
    let all = |kind| Filter {
        kind,
        on: Day::of(now),
        group: None,
        site: None,
        last_before: Some(Day::of(since)),
        most: rules::LIST_MOST,
    };
    let found = candidates(region, &all(DonationKind::WholeBlood), (now, 182), journal);
    // Of whoever never gave, the registration is the last that was heard.
    let quiet = |one: &Candidate<'_>| {
        (one.last.is_some() || one.held.registered < since)
            && one.held.contact.as_ref().is_none_or(|contact| contact.at < since)
    };
    found.into_iter().filter(quiet).collect()
}

/// The sessions that touch a day, by time and place.
#[must_use]
pub fn sessions_on(shared: &Shared, day: Day) -> Vec<(&SessionId, &Session)> {
    let (from, until) = (day.starts(), day.plus_days(1).starts());
    let touches = |session: &Session| {
        let window = session.facts.window;
        window.from() < until && window.until().is_none_or(|ends| ends > from)
    };
    let mut found: Vec<_> =
        shared.sessions.iter().filter(|(_, session)| touches(session)).collect();
    found.sort_by_key(|(id, session)| (session.facts.window.from(), *id));
    found
}

/// Sessions to come that are open, by time.
#[must_use]
pub fn sessions_to_come(shared: &Shared, now: Time) -> Vec<(&SessionId, &Session)> {
    let open = |session: &Session| {
        session.closed.is_none() && session.facts.window.until().is_some_and(|until| until > now)
    };
    let mut found: Vec<_> = shared.sessions.iter().filter(|(_, one)| open(one)).collect();
    found.sort_by_key(|(id, session)| (session.facts.window.from(), *id));
    found
}

/// The appointments of a session, by time.
#[must_use]
pub fn appointments<'a>(
    own: &'a Own,
    session: &SessionId,
) -> Vec<(&'a AppointmentId, &'a Appointment)> {
    let mut found: Vec<_> =
        own.appointments.iter().filter(|(_, one)| one.session == *session).collect();
    found.sort_by_key(|(id, one)| (one.at, *id));
    found
}

/// How many places of a session are taken.
#[must_use]
pub fn taken(own: &Own, session: &SessionId) -> usize {
    let all = own.appointments.values().filter(|one| one.session == *session);
    all.filter(|one| rules::taken(one.state)).count()
}

/// A donor's appointments, merged records' too, by time.
#[must_use]
pub fn appointments_of<'a>(
    own: &'a Own,
    donor: &DonorId,
) -> Vec<(&'a AppointmentId, &'a Appointment)> {
    let ids: Vec<_> = eligible::records(own, donor).into_iter().map(|(id, _)| id).collect();
    let mut found: Vec<_> =
        own.appointments.iter().filter(|(_, one)| ids.contains(&&one.donor)).collect();
    found.sort_by_key(|(id, one)| (one.at, *id));
    found
}

/// The pass with a code among a region's passes.
#[must_use]
pub fn pass_with<'a>(shared: &'a Shared, code: &str) -> Option<(Digest, &'a IssuedPass)> {
    let digest = rules::pass_digest(code.trim());
    shared.passes.get(&digest).map(|pass| (digest, pass))
}

/// Donors who were typed beyond the group, with what was found.
pub fn typed(own: &Own) -> impl Iterator<Item = (&DonorId, &Donor)> {
    own.donors.iter().filter(|(_, donor)| {
        let types = &donor.types;
        donor.into.is_none()
            && !(types.phenotype.is_empty() && types.hla.is_empty() && types.hpa.is_empty())
    })
}

/// The region's rules on donors at a moment.
#[must_use]
pub fn rules_on(region: &Region, at: Time) -> Option<&InForce> {
    region.shared.rulesets.in_force(Scope::Blood, at)
}

/// Completed years on a day of somebody with a number; unknown for a reserve number.
#[must_use]
pub fn age(donor: &Donor, on: Date) -> Known<u8> {
    let born = donor.identity.born().value();
    born.zip(Day::new(on)).and_then(|(born, on)| born.age_on(on)).into()
}
