//! What waits for somebody at a blood centre: the scientist's landing page, most urgent first.

use super::super::model::{Discrepancy, Given, Open, Reaction, ReactionId};
use super::open;
use crate::Region;
use crate::blood::model::{Place, QuarantineReason, Status, UnitId};
use crate::donations::elsewhere::Elsewhere;
use crate::words::{Known, RequestId, SiteId, Time};

/// A request that waits, with what is set aside for it.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    /// The request.
    pub id: &'a RequestId,
    /// What is known of it.
    pub open: &'a Open,
    /// How many units are set aside for it now.
    pub aside: usize,
    /// When the next package is due, of a massive transfusion that is running.
    pub next_package: Option<Known<Time>>,
}

/// A unit that a ward has, and that nobody has said anything more about.
#[derive(Clone, Copy, Debug)]
pub struct Unreturned<'a> {
    /// Which.
    pub unit: UnitId,
    /// For which request.
    pub request: &'a RequestId,
    /// To which ward.
    pub ward: &'a str,
    /// When and how it was handed out.
    pub given: &'a Given,
}

/// Everything that waits.
#[derive(Clone, Debug, Default)]
pub struct Lists<'a> {
    /// Emergencies and massive transfusions that are running.
    pub running: Vec<Waiting<'a>>,
    /// What did not agree, by request; none for what belongs to no request.
    pub discrepancies: Vec<(Option<&'a RequestId>, &'a Discrepancy)>,
    /// Handed out in an emergency or on paper, and to be gone through.
    pub unreconciled: Vec<(&'a RequestId, &'a Open)>,
    /// Units in quarantine that somebody must look at, by reason.
    pub held: Vec<(QuarantineReason, usize)>,
    /// Requests to choose, crossmatch or hand out for, by time.
    pub orders: Vec<Waiting<'a>>,
    /// Exceptions of which one physician has decided and the other has not.
    pub half_decided: Vec<(&'a RequestId, &'a super::super::model::Exception)>,
    /// Units that wait for release here.
    pub to_release: usize,
    /// Reservations that lapse soon.
    pub lapsing: Vec<(Time, UnitId, Option<&'a RequestId>)>,
    /// Units that wards have had for long.
    pub unreturned: Vec<Unreturned<'a>>,
    /// Units in a ward's hand whose donation was withdrawn: somebody rings.
    pub stop_on_ward: Vec<Unreturned<'a>>,
    /// Reactions that nobody has judged.
    pub reactions: Vec<(&'a ReactionId, &'a Reaction)>,
}

/// What counts as soon, and as long: the product's own choice, which the page names.
pub const LAPSING_HOURS: i64 = 8;
/// The same of units that a ward has had.
pub const UNRETURNED_HOURS: i64 = 6;

/// Everything that waits at a site, or in the whole region.
#[must_use]
pub fn lists<'a>(region: &'a Region, site: Option<&SiteId>, now: Time) -> Lists<'a> {
    let own = &region.own.transfusion;
    let mut all = Lists::default();
    let mine = |open: &Open| site.is_none_or(|site| open.request.site == *site);
    for (id, held) in open(own).into_iter().filter(|(_, held)| mine(held)) {
        requests(region, &mut all, (id, held));
    }
    all.discrepancies.extend(own.loose.iter().map(|(_, found)| (None, found)));
    with_wards(region, &mut all, mine, now);
    stock(region, &mut all, site, now);
    let unjudged = own.reactions.iter().filter(|(_, one)| one.assessed_by.is_none());
    all.reactions = unjudged.collect();
    all
}

fn requests<'a>(region: &'a Region, all: &mut Lists<'a>, (id, held): (&'a RequestId, &'a Open)) {
    let aside = region.own.blood.by_request.get(id).into_iter().flatten().filter(|unit| {
        let status = region.shared.blood.units.get(*unit).map(|unit| unit.status);
        matches!(status, Some(Status::Reserved { .. }))
    });
    let next_package = held.course.as_ref().and_then(super::super::model::Course::next);
    let waiting = Waiting { id, open: held, aside: aside.count(), next_package };
    let running = match &held.course {
        Some(course) => course.stopped.is_none(),
        None => held.handed_out() < held.request.units.into(),
    };
    match (running, held.request.urgency.is_emergency()) {
        (true, true) => all.running.push(waiting),
        (true, false) => all.orders.push(waiting),
        (false, _) => {}
    }
    all.discrepancies.extend(held.discrepancies.iter().map(|found| (Some(id), found)));
    if held.unreconciled.is_some() {
        all.unreconciled.push((id, held));
    }
    let half =
        held.exceptions.iter().filter(|one| one.transfusion.is_some() != one.treating.is_some());
    all.half_decided.extend(half.map(|one| (id, one)));
}

fn with_wards<'a>(
    region: &'a Region,
    all: &mut Lists<'a>,
    mine: impl Fn(&Open) -> bool,
    now: Time,
) {
    let own = &region.own.transfusion;
    // What other regions call back comes onto this list by the own search that follows at once.
    let elsewhere = Elsewhere::of(&region.shared, &[]);
    for (unit, id) in &own.with_wards {
        let Some(held) = own.requests.get(id).filter(|held| mine(held)) else { continue };
        let Some(given) = held.issued.get(unit) else { continue };
        let one = Unreturned { unit: *unit, request: id, ward: &held.request.ward, given };
        let live = region.shared.blood.units.get(unit);
        let bad = live.is_some_and(|live| {
            let tests = live.tested.iter().flat_map(|tested| &tested.results);
            tests.into_iter().any(|(_, said)| *said == crate::blood::model::TestResult::Positive)
        });
        if bad || super::withdrawn(region, &elsewhere, unit) {
            all.stop_on_ward.push(one);
        } else if given.at.plus_seconds(UNRETURNED_HOURS * 3_600) < now {
            all.unreturned.push(one);
        }
    }
    all.unreturned.sort_by_key(|one| one.given.at);
}

/// Reasons that somebody at the bench looks into; what waits for tests is the release queue.
const TO_LOOK_INTO: [QuarantineReason; 5] = [
    QuarantineReason::Recall,
    QuarantineReason::Discrepancy,
    QuarantineReason::Temperature,
    QuarantineReason::Damage,
    QuarantineReason::Test,
];

fn stock<'a>(region: &'a Region, all: &mut Lists<'a>, site: Option<&SiteId>, now: Time) {
    let blood = &region.shared.blood;
    let shelves = blood.shelves.sites.iter();
    let here = shelves.filter(|(name, _)| site.is_none_or(|site| *site == **name));
    let waiting = here.flat_map(|(_, shelf)| shelf.tally.values());
    let quarantined: u32 = waiting.map(|tally| tally.at(Place::Quarantined)).sum();
    let mine = |at: &SiteId| site.is_none_or(|site| site == at);
    if quarantined > 0 {
        for unit in blood.units.values().filter(|unit| mine(&unit.site)) {
            match unit.status {
                Status::Quarantined(QuarantineReason::NotReleased) => all.to_release += 1,
                Status::Quarantined(reason) if TO_LOOK_INTO.contains(&reason) => {
                    match all.held.iter_mut().find(|(one, _)| *one == reason) {
                        Some((_, count)) => *count += 1,
                        None => all.held.push((reason, 1)),
                    }
                }
                _ => {}
            }
        }
    }
    all.held.sort_unstable();
    let soon = now.plus_seconds(LAPSING_HOURS * 3_600);
    let clock = blood.shelves.clock.range(..=(soon, UnitId::MAX));
    for (at, id) in clock {
        let Some(unit) = blood.units.get(id).filter(|unit| mine(&unit.site)) else { continue };
        if matches!(unit.status, Status::Reserved { .. }) {
            all.lapsing.push((*at, *id, region.own.blood.request_of.get(id)));
        }
    }
}
