//! Identifiers as types, so that a site can never stand where an actor is meant.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{0}” is not an identifier: use 1–64 of a–z, 0–9 and -, starting with a letter or digit")]
pub struct IdError(pub String);

fn check(text: &str) -> Result<Arc<str>, IdError> {
    let bytes = text.as_bytes();
    let fits = |c: &u8| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-';
    let valid = (1..=64).contains(&bytes.len()) && bytes[0] != b'-' && bytes.iter().all(fits);
    if valid { Ok(text.into()) } else { Err(IdError(text.chars().take(80).collect())) }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $Name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Name(Arc<str>);

        impl $Name {
            /// Parses an identifier.
            ///
            /// # Errors
            /// [`IdError`] if the text has other characters than a–z, 0–9 and -.
            pub fn new(text: &str) -> Result<Self, IdError> {
                check(text).map(Self)
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &self.0)
            }
        }

        impl FromStr for $Name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                super::text::parse(deserializer)
            }
        }
    )*};
}

ids! {
    /// A journal: the region or collaboration body that alone writes it, e.g. `skane`.
    JournalId;
    /// A site (verksamhetsställe) within one region's journal.
    SiteId;
    /// A person, unit, body or authority that acts, within one region's journal.
    ActorId;
    /// A mandate within one region's journal.
    MandateId;
    /// A person who gives blood, within one region's journal. Says nothing of who it is.
    DonorId;
    /// A person who may receive blood, within one region's journal. Says nothing of who it is.
    PatientId;
    /// A ward's request for blood, within one region's journal.
    RequestId;
    /// A deferral (avstängning) of a donor, within one region's journal.
    DeferralId;
    /// What happened to a donor at or after a donation, within one region's journal.
    ReactionId;
    /// A time in which donors are received, within one region's journal.
    SessionId;
    /// A donor's appointment, within one region's journal.
    AppointmentId;
    /// A list of donors to call, within one region's journal.
    CallUpId;
    /// A major incident (särskild händelse), within one region's journal.
    IncidentId;
    /// An alarm, within one region's journal.
    AlarmId;
    /// A short stable code: a collaboration body, a competence, a measure of a later area.
    Code;
}

/// What a record is about, for the subject index: `person:…`, `site:…`, `agreement:…`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject(String);

impl Subject {
    /// Records about a person: what erasure and "who read whom" ask for.
    #[must_use]
    pub fn person(id: &ActorId) -> Self {
        Self(format!("person:{id}"))
    }

    /// Records about a site.
    #[must_use]
    pub fn site(id: &SiteId) -> Self {
        Self(format!("site:{id}"))
    }

    /// Records about an alarm.
    #[must_use]
    pub fn alarm(id: &AlarmId) -> Self {
        Self(format!("alarm:{id}"))
    }

    /// Records about a major incident.
    #[must_use]
    pub fn incident(id: &IncidentId) -> Self {
        Self(format!("incident:{id}"))
    }

    /// Records about an agreement document.
    #[must_use]
    pub fn agreement(document: &super::Digest) -> Self {
        Self(format!("agreement:{document}"))
    }

    /// Records about a rule set.
    #[must_use]
    pub fn rule_set(document: &super::Digest) -> Self {
        Self(format!("rule_set:{document}"))
    }

    /// Records about a figure.
    #[must_use]
    pub fn figure(measure: &str, period: &super::Period) -> Self {
        Self(format!("figure:{measure}:{period}"))
    }

    /// Records about a donation and the units made of it.
    #[must_use]
    pub fn donation(din: &crate::blood::model::Din) -> Self {
        Self(format!("donation:{din}"))
    }

    /// Records about a donor.
    #[must_use]
    pub fn donor(id: &DonorId) -> Self {
        Self(format!("donor:{id}"))
    }

    /// Records about a patient.
    #[must_use]
    pub fn patient(id: &PatientId) -> Self {
        Self(format!("patient:{id}"))
    }

    /// Records about a ward's request.
    #[must_use]
    pub fn request(id: &RequestId) -> Self {
        Self(format!("request:{id}"))
    }

    /// Records about a lot of bags, sets or solutions.
    #[must_use]
    pub fn lot(kind: &str, lot: &str) -> Self {
        Self(format!("lot:{kind}:{lot}"))
    }

    /// The subject as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_hold_only_what_is_safe_in_paths_and_queries() {
        for good in ["skane", "a-0f3k", "12"] {
            assert!(JournalId::new(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "Skåne", "a b", "../x", "a/b", "a'", &"a".repeat(65)] {
            assert!(JournalId::new(bad).is_err(), "{bad}");
        }
    }
}
