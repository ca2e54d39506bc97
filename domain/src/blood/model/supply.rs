//! What regions ask of and offer to each other, how a consignment is packed, and the couriers'
//! timetable.

use jiff::civil;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::group::Group;
use super::identity::UnitId;
use super::phenotype::Antigens;
use super::product::{Attributes, Component};
use crate::kernel::model::plain_enum;
use crate::words::{Code, JournalId, Known, RecordRef, SiteId, Time};

/// What is asked for or offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// Component.
    pub component: Component,
    /// Group; none means that any group will do.
    pub group: Option<Group>,
    /// Antigens that the cells must be known to lack.
    #[serde(default)]
    pub negative: Antigens,
    /// What else must be true of every unit, e.g. irradiated.
    #[serde(default)]
    pub attributes: Attributes,
    /// How many units.
    pub units: u32,
}

plain_enum! {
    /// Which way a call goes.
    Side {
        /// Somebody needs units.
        Ask = "ask",
        /// Somebody has units to spare.
        Offer = "offer",
    }
}

plain_enum! {
    /// What is said to a call.
    Verdict {
        /// All of it.
        Accept = "accept",
        /// Some of it.
        Partly = "partly",
        /// Nothing.
        Decline = "decline",
    }
}

/// A question for units, or an offer of some, from one place to one region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its record: the other side names it by this.
    pub at: RecordRef,
    /// Which way.
    pub side: Side,
    /// The place that asks or offers.
    pub site: SiteId,
    /// To which region.
    pub to_region: JournalId,
    /// To which of its sites; none leaves it to that region.
    pub to_site: Option<SiteId>,
    /// What.
    pub goods: Goods,
    /// Needed by, or offered until.
    pub by: Time,
    /// When it was said.
    pub said: Time,
    /// Taken back, and why.
    pub withdrawn: Option<String>,
    /// Of an offer: units sent on it so far.
    pub sent: u32,
}

/// What this region said to another's call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Its record.
    pub at: RecordRef,
    /// The call.
    pub call: RecordRef,
    /// Which way the call goes.
    pub side: Side,
    /// The place of this region that sends or gets the units.
    pub site: SiteId,
    /// The place that called.
    pub caller: SiteId,
    /// What was said.
    pub verdict: Verdict,
    /// How many units it stands for.
    pub units: u32,
    /// What was called for.
    pub goods: Goods,
    /// Needed by, or offered until.
    pub by: Time,
    /// Why not, or why not all.
    pub reason: Option<String>,
    /// When it was said.
    pub said: Time,
    /// To an ask: units sent on it so far.
    pub sent: u32,
}

/// Which call a dispatch answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// The ask, or the own offer.
    pub call: RecordRef,
    /// The record that accepted the own offer; none where an ask is answered.
    #[serde(default)]
    pub answer: Option<RecordRef>,
}

impl Cited {
    /// The record of the other side, which the decision reads.
    #[must_use]
    pub fn other_side(&self) -> &RecordRef {
        self.answer.as_ref().unwrap_or(&self.call)
    }
}

/// One box of a consignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    /// Its number among the boxes, from 1 (ISBT 128 data structure 028: container cc of dd).
    pub number: u8,
    /// What lies in it.
    pub units: Vec<UnitId>,
    /// How warm it was when it was closed, in tenths of a degree Celsius.
    pub tenths: Known<i16>,
    /// The number of the temperature logger in it.
    #[serde(default)]
    pub logger: Option<String>,
}

/// How a dispatch is packed and goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    /// The consignment's number as its boxes carry it, without the box's own number: facility,
    /// year and five digits (ISBT 128 data structure 028).
    #[serde(default)]
    pub consignment: Option<String>,
    /// The boxes; none where nobody said how it is packed.
    #[serde(default)]
    pub boxes: Vec<Packed>,
    /// The timetable's leg it goes by.
    #[serde(default)]
    pub leg: Option<Code>,
    /// When it leaves, if that is still ahead: until then it can be called off.
    #[serde(default)]
    pub leaves: Option<Time>,
    /// The call it answers to.
    #[serde(default)]
    pub cites: Option<Cited>,
}

impl Parcel {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The box that a unit lies in.
    #[must_use]
    pub fn box_of(&self, unit: &UnitId) -> Option<&Packed> {
        self.boxes.iter().find(|one| one.units.contains(unit))
    }
}

plain_enum! {
    /// How a box came.
    BoxState {
        /// Closed and whole.
        Intact = "intact",
        /// Open, wet or crushed: what lies in it is looked into.
        Damaged = "damaged",
        /// Did not come.
        Missing = "missing",
    }
}

/// What the receiver says of one box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoxArrival {
    /// Its number among the boxes.
    pub number: u8,
    /// How it came.
    pub state: BoxState,
    /// How warm it was when it was opened, in tenths of a degree Celsius.
    pub tenths: Known<i16>,
}

/// One line of the couriers' timetable, as the sending region states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// Its short name in the region, e.g. `lund-varberg-fm`.
    pub code: Code,
    /// From which own site.
    pub from: SiteId,
    /// To which region.
    pub to_region: JournalId,
    /// To which of its sites.
    pub to_site: SiteId,
    /// On which days, Monday is 1.
    pub days: Vec<u8>,
    /// When it leaves, in minutes after midnight, Swedish time.
    pub departs: u16,
    /// So many minutes before, the boxes must stand ready.
    pub cutoff: u16,
    /// How many minutes it is under way.
    pub under_way: u16,
    /// Who drives.
    pub carrier: String,
}

/// One run of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    /// Until when boxes are taken.
    pub cutoff: Time,
    /// When it leaves.
    pub leaves: Time,
    /// When it should be there.
    pub arrives: Time,
}

impl Leg {
    /// The first run whose boxes can still be taken.
    #[must_use]
    pub fn next(&self, now: Time) -> Option<Departure> {
        let zone = TimeZone::get("Europe/Stockholm").ok()?;
        let mut day = now.date();
        // A departure just after midnight closes the day before.
        for _ in 0..10 {
            if let Some(run) = self.on(day, &zone).filter(|run| now <= run.cutoff) {
                return Some(run);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The runs whose boxes can still be taken, up to a moment of departure.
    #[must_use]
    pub fn runs(&self, now: Time, until: Time) -> Vec<Departure> {
        let mut runs = Vec::new();
        let mut from = now;
        while let Some(run) = self.next(from).filter(|run| run.leaves <= until) {
            from = run.cutoff.plus_seconds(1);
            runs.push(run);
        }
        runs
    }

    fn on(&self, day: civil::Date, zone: &TimeZone) -> Option<Departure> {
        let weekday = u8::try_from(day.weekday().to_monday_one_offset()).ok()?;
        if !self.days.contains(&weekday) {
            return None;
        }
        let hour = i8::try_from(self.departs / 60).ok()?;
        let minute = i8::try_from(self.departs % 60).ok()?;
        let clock = civil::Time::new(hour, minute, 0, 0).ok()?;
        let zoned = day.to_datetime(clock).to_zoned(zone.clone()).ok()?;
        let leaves = Time(zoned.timestamp().as_microsecond());
        Some(Departure {
            cutoff: leaves.plus_seconds(-i64::from(self.cutoff) * 60),
            leaves,
            arrives: leaves.plus_seconds(i64::from(self.under_way) * 60),
        })
    }
}

/// What happened to a dispatch that was called off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledOff {
    /// The sender's record.
    pub at: RecordRef,
    /// Whether it had left by then.
    pub left: bool,
    /// Why.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(days: &[u8], departs: u16) -> Leg {
        Leg {
            code: Code::new("l").unwrap(),
            from: SiteId::new("lund").unwrap(),
            to_region: JournalId::new("halland").unwrap(),
            to_site: SiteId::new("varberg").unwrap(),
            days: days.to_vec(),
            departs,
            cutoff: 30,
            under_way: 150,
            carrier: "bud".into(),
        }
    }

    fn at(text: &str) -> Time {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let local: civil::DateTime = text.parse().unwrap();
        Time(local.to_zoned(zone).unwrap().timestamp().as_microsecond())
    }

    #[test]
    fn the_next_departure_is_one_that_can_still_be_reached() {
        // 2026-11-23 is a Monday.
        let weekdays = leg(&[1, 2, 3, 4, 5], 13 * 60 + 15);
        let run = weekdays.next(at("2026-11-23T12:45")).unwrap();
        assert_eq!(run.leaves, at("2026-11-23T13:15"), "the cut-off itself is in time");
        assert_eq!((run.cutoff, run.arrives), (at("2026-11-23T12:45"), at("2026-11-23T15:45")));
        let late = weekdays.next(at("2026-11-23T12:46")).unwrap();
        assert_eq!(late.leaves, at("2026-11-24T13:15"));
        let friday = weekdays.next(at("2026-11-27T13:00")).unwrap();
        assert_eq!(friday.leaves, at("2026-11-30T13:15"), "over the weekend");
    }

    #[test]
    fn a_departure_after_midnight_closes_the_day_before() {
        let night = leg(&[2], 10);
        let run = night.next(at("2026-11-23T23:41")).unwrap();
        assert_eq!(run.leaves, at("2026-12-01T00:10"));
        assert_eq!(night.next(at("2026-11-23T23:40")).unwrap().leaves, at("2026-11-24T00:10"));
    }

    #[test]
    fn the_clock_is_swedish_also_when_it_changes() {
        // 2026-10-25: an hour is given back at three.
        let daily = leg(&[7], 6 * 60);
        let run = daily.next(at("2026-10-25T01:00")).unwrap();
        assert_eq!(run.leaves, at("2026-10-25T06:00"));
        assert_eq!((run.leaves.0 - at("2026-10-25T01:00").0) / 3_600_000_000, 6);
    }

    #[test]
    fn a_leg_without_days_never_leaves() {
        assert_eq!(leg(&[], 0).next(at("2026-11-23T00:00")), None);
    }
}
