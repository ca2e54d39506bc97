//! Capacity as HAVE and MeasureReport take it.

use std::collections::BTreeMap;

use samband_domain::agreements::Kept;
use samband_domain::readiness::model::{CareKind, Horizon, Led, Plus};
use samband_domain::{Known, Mode, Time};
use samband_engine::Journal;
use samband_exchange::cap::{AbsoluteUri, Many, Moment, Text, Token};
use samband_exchange::capacity::{
    CapacityReport, Hospital as Out, Kind, Places, Plus as OutPlus, Purpose, Ventilators,
};

use super::sender;
use crate::app::readiness::Terms;
use crate::app::readiness::capacity::{Hospital, hospitals};
use crate::app::{App, Problem};
use crate::text::Words;

const WORDS: Words = Words::sv();

/// Who gives identifiers to sites: each region itself.
const AUTHORITY: &str = "urn:samband:site";

/// What a region's hospitals have reported. A hospital that has not is left out: what is unknown
/// is never written as nought.
///
/// # Errors
/// A problem if none of them has reported.
pub fn capacity_report(app: &App, region: &Journal, now: Time) -> Result<CapacityReport, Problem> {
    let all = hospitals(region, now);
    let told: Vec<_> = all.iter().filter_map(told).collect();
    let silent = || Problem::not_found(format!("capacity/{}", region.id));
    let hospitals = Many::new(told).ok_or_else(silent)?;
    let purpose = match region.mode().unwrap_or(Mode::Real) {
        Mode::Real => Purpose::Actual,
        Mode::Demo => Purpose::Test,
        Mode::Exercise => {
            let drill = region.shared().alarms.exercise.as_ref();
            let id = drill.map_or_else(|| format!("ovn-{}", region.id), |drill| drill.id.clone());
            Purpose::Exercise(Token::new(&id).map_err(|_| Problem::broken())?)
        }
    };
    let terms = Terms::of(&app.engine.world(), now);
    let kept = terms.mark(WORDS, Kept::Capacity, &region.id, &region.id);
    let made = || -> Option<CapacityReport> {
        Some(CapacityReport {
            identifier: Token::new(&format!("{}-{}", region.id, now.0.div_euclid(1_000_000)))
                .ok()?,
            sender: Token::new(&sender(app, &region.id)).ok()?,
            sender_name: Text::new(&region.name()).ok()?,
            sent: Moment::swedish(now)?,
            purpose,
            confidentiality: Text::new(&kept).ok()?,
            authority: AbsoluteUri::new(AUTHORITY).ok()?,
            hospitals,
        })
    };
    made().ok_or_else(Problem::broken)
}

fn told(hospital: &Hospital<'_>) -> Option<Out> {
    let said = hospital.said?;
    let kinds = CareKind::ALL.iter().copied().filter(|kind| hospital.says(*kind));
    let places: BTreeMap<_, _> =
        kinds.map(|kind| (kind_of(kind), places(hospital, kind))).collect();
    Some(Out {
        identifier: Token::new(hospital.site.as_str()).ok()?,
        name: Text::new(hospital.name).ok()?,
        place: None,
        as_of: Moment::swedish(said.what.valid)?,
        operations: Known::Unknown,
        every_kind: false,
        places,
        ventilators: Ventilators::UNKNOWN,
    })
}

const fn kind_of(kind: CareKind) -> Kind {
    match kind {
        CareKind::Emergency => Kind::Emergency,
        CareKind::Theatre => Kind::Operating,
        CareKind::IntensiveCare => Kind::AdultIcu,
        CareKind::Ward => Kind::Ward,
        CareKind::Burns => Kind::Burn,
        CareKind::ChildrensIntensiveCare => Kind::PaediatricIcu,
    }
}

fn places(hospital: &Hospital<'_>, kind: CareKind) -> Places {
    let led = hospital.said.map_or(Known::Unknown, |said| said.what.led.as_ref());
    let part = |horizon| plus(&hospital.plus(kind, horizon), led);
    Places {
        baseline: Known::Unknown,
        occupied: Known::Unknown,
        now: part(Horizon::Now),
        two_hours: part(Horizon::In2),
        six_hours: part(Horizon::In6),
        day: part(Horizon::In24),
    }
}

/// Somebody who leads limits nothing; nobody who leads limits everything.
fn plus(plus: &Plus, led: Known<&Led>) -> OutPlus {
    let command = match led {
        Known::Unknown => Known::Unknown,
        Known::Value(led) if led.by.is_none() => Known::Value(0),
        Known::Value(_) => Known::Value(u32::MAX),
    };
    let Plus { staff, premises, equipment } = *plus;
    OutPlus { staff, premises, equipment, command }
}
