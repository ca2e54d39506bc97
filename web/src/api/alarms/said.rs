//! What is said of an incident, as programs say it: null is unknown.

use samband_domain::alarms::model::{Between, Place};
use samband_domain::incidents::model::Report as Said;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::input::moment;
use crate::app::Problem;
use crate::app::alarm::known_of;

/// Millionths of a degree.
const MICRO: f64 = 1e6;

/// What is known at first.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlarmReport)]
pub struct Report {
    /// What it is called, in a few words.
    pub title: String,
    /// What is known.
    pub text: String,
    /// Who reports.
    pub source: String,
    /// Where; null is unknown.
    pub place: Option<Where>,
    /// When it happened (RFC 3339); null is unknown.
    pub happened: Option<String>,
    /// Injured; null is unknown.
    pub injured: Option<Injured>,
}

impl Report {
    /// The report as the domain has it.
    pub(super) fn read(self) -> Result<Said, Problem> {
        let happened = self.happened.as_deref().map(|text| moment("happened", text)).transpose()?;
        Ok(Said {
            title: self.title,
            text: self.text,
            source: self.source,
            place: known_of(self.place.map(Where::read).transpose()?),
            happened: known_of(happened),
            injured: known_of(self.injured.map(Injured::read)),
        })
    }
}

/// A place.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// In words, so that a person finds it.
    pub text: String,
    /// Degrees north (WGS 84); null is unknown.
    pub latitude: Option<f64>,
    /// Degrees east (WGS 84); null is unknown.
    pub longitude: Option<f64>,
}

impl Where {
    /// The place as the domain has it.
    pub(super) fn read(self) -> Result<Place, Problem> {
        let point = match (self.latitude, self.longitude) {
            (None, None) => None,
            (Some(north), Some(east)) if north.abs() <= 90.0 && east.abs() <= 180.0 => {
                Some((micro(north), micro(east)))
            }
            _ => return Err(Problem::malformed("place")),
        };
        Ok(Place { text: self.text, point: known_of(point) })
    }

    /// A place as programs read it.
    pub(super) fn of(place: &Place) -> Self {
        let point = place.point.value();
        let degrees = |n: i32| f64::from(n) / MICRO;
        Self {
            text: place.text.clone(),
            latitude: point.map(|(north, _)| degrees(north)),
            longitude: point.map(|(_, east)| degrees(east)),
        }
    }
}

/// Within ±180 000 000, so nothing is cut off.
#[allow(clippy::cast_possible_truncation)]
fn micro(degrees: f64) -> i32 {
    (degrees * MICRO).round() as i32
}

/// A range of people.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Injured {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
}

impl Injured {
    /// The range as the domain has it.
    pub(super) const fn read(self) -> Between {
        Between { least: self.least, most: self.most }
    }

    /// A range as programs read it.
    pub(super) const fn of(between: Between) -> Self {
        Self { least: between.least, most: between.most }
    }
}
