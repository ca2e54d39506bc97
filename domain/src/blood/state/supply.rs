//! Calls between regions and the timetable.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::{Stated, stated};
use crate::blood::event::Event;
use crate::blood::event::supply::{Answered, Called};
use crate::blood::model::supply::{Answer, Call, Leg, Parcel, Side};
use crate::words::{Code, Digest, Meta, Time};

/// How many days after its time a call leaves the live state; the record keeps it.
const KEPT_DAYS: i64 = 7;

/// What a region asks and offers, what it answered, and when its couriers go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supply {
    /// Its own asks and offers, by their records' hashes.
    pub calls: OrdMap<Digest, Call>,
    /// What it said to others' calls, by the calls' hashes.
    pub answers: OrdMap<Digest, Answer>,
    /// The timetable.
    pub legs: OrdMap<Code, Stated<Leg>>,
}

impl Supply {
    /// Counts what was sent on a call.
    pub(super) fn sent(&mut self, parcel: &Parcel, units: u32) {
        let Some(cited) = &parcel.cites else { return };
        let sent = if cited.answer.is_some() {
            self.calls.get_mut(&cited.call.hash).map(|call| &mut call.sent)
        } else {
            self.answers.get_mut(&cited.call.hash).map(|answer| &mut answer.sent)
        };
        if let Some(sent) = sent {
            *sent = sent.saturating_add(units);
        }
    }

    fn forget(&mut self, now: Time) {
        let over = |by: Time| by.plus_days(KEPT_DAYS) < now;
        let calls: Vec<_> =
            self.calls.iter().filter(|(_, one)| over(one.by)).map(|(id, _)| *id).collect();
        let answers: Vec<_> =
            self.answers.iter().filter(|(_, one)| over(one.by)).map(|(id, _)| *id).collect();
        for id in calls {
            self.calls.remove(&id);
        }
        for id in answers {
            self.answers.remove(&id);
        }
    }

    fn call(&mut self, side: Side, called: &Called, meta: &Meta) {
        let call = Call {
            at: meta.at.clone(),
            side,
            site: called.site.clone(),
            to_region: called.to_region.clone(),
            to_site: called.to_site.clone(),
            goods: called.goods.clone(),
            by: called.by,
            said: meta.recorded,
            withdrawn: None,
            sent: 0,
        };
        self.calls.insert(meta.at.hash, call);
    }

    fn answer(&mut self, said: &Answered, meta: &Meta) {
        // A later answer counts, and what was sent on the earlier one stays sent.
        let sent = self.answers.get(&said.call.hash).map_or(0, |before| before.sent);
        let answer = Answer {
            at: meta.at.clone(),
            call: said.call.clone(),
            side: said.side,
            site: said.site.clone(),
            caller: said.caller.clone(),
            verdict: said.verdict,
            units: said.units,
            goods: said.goods.clone(),
            by: said.by,
            reason: said.reason.clone(),
            said: meta.recorded,
            sent,
        };
        self.answers.insert(said.call.hash, answer);
    }

    pub(super) fn apply(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::Asked(called, _) => self.call(Side::Ask, called, meta),
            Event::Offered(called, _) => self.call(Side::Offer, called, meta),
            Event::Answered(said, _) => self.answer(said, meta),
            Event::CallWithdrawn(said, _) => {
                if let Some(call) = self.calls.get_mut(&said.call.hash) {
                    call.withdrawn = Some(said.reason.clone());
                }
            }
            Event::LegStated(said, _) => {
                self.legs.insert(said.leg.code.clone(), stated(said.leg.clone(), meta));
            }
            Event::LegEnded(said, _) => {
                self.legs.remove(&said.code);
            }
            _ => {}
        }
        self.forget(meta.recorded);
    }
}
