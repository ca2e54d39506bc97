//! What the regions have agreed on for an alarm: how many transports each sends, and who sees what
//! of a region. Where nothing is agreed, what holds then.

use axum::http::StatusCode;
use samband_domain::agreements::alarm_terms::{among, binding};
use samband_domain::agreements::view::Agreement;
use samband_domain::agreements::{Agreed, Circle, Kept};
use samband_domain::kernel::Role;
use samband_domain::readiness::Pledged;
use samband_domain::{JournalId, Time};
use samband_engine::World;

use crate::app::{Problem, Visitor};
use crate::text::Words;

/// The agreements in force that state terms.
#[derive(Clone, Debug, Default)]
pub struct Terms(Vec<Agreement>);

impl Terms {
    /// Those that bind now.
    #[must_use]
    pub fn of(world: &World, now: Time) -> Self {
        let all = world.journals.iter();
        let all = all.map(|(id, one)| (id.clone(), one.shared()));
        let parties: Vec<_> =
            all.map(|(id, state)| (id, &state.kernel, &state.agreements)).collect();
        Self(binding(&parties, now))
    }

    /// What holds between two regions.
    #[must_use]
    pub fn between(&self, one: &JournalId, other: &JournalId) -> Agreed {
        if one != other {
            return among(&self.0, (one, other));
        }
        // To its own people a region shows everything; what others may see is agreed with them.
        let with = self.0.iter().find(|held| held.document.parties.contains(one));
        let other = with.and_then(|held| held.document.parties.iter().find(|party| *party != one));
        among(&self.0, (one, other.unwrap_or(one)))
    }

    /// How many transports a region owes by another one's alarm: what it answered to, if it has.
    #[must_use]
    pub fn quota(&self, of: &JournalId, issuer: &JournalId, held: Option<&Pledged>) -> u16 {
        held.map_or_else(|| self.between(of, issuer).terms.transports, |held| held.quota)
    }

    /// Whether somebody sees something of a region.
    #[must_use]
    pub fn shows(&self, of: Kept, owner: &JournalId, visitor: &Visitor) -> bool {
        match self.between(owner, &visitor.region).terms.circle(of) {
            _ if *owner == visitor.region => true,
            Circle::Collaboration => true,
            Circle::Command => visitor.roles.iter().any(|role| leads(*role)),
            Circle::Region => false,
        }
    }

    /// For whom something of a region is, as it stands on pages and prints.
    #[must_use]
    pub fn whom(&self, w: Words, of: Kept, owner: &JournalId, reader: &JournalId) -> String {
        let circle = self.between(owner, reader).terms.circle(of);
        w.dynamic("agreed-circle-", circle.as_str())
    }

    /// By which agreement; none where nothing is agreed.
    #[must_use]
    pub fn by(&self, w: Words, owner: &JournalId, reader: &JournalId) -> Option<String> {
        let (_, title) = self.between(owner, reader).by?;
        Some(w.t_args("agreed-by", &[("title", title.into())]))
    }

    /// Both.
    #[must_use]
    pub fn mark(&self, w: Words, of: Kept, owner: &JournalId, reader: &JournalId) -> String {
        let whom = self.whom(w, of, owner, reader);
        self.by(w, owner, reader).map_or_else(|| whom.clone(), |by| format!("{whom} {by}"))
    }

    /// The same as a refusal, for whoever asks for one region alone.
    ///
    /// # Errors
    /// A problem that names the circle.
    pub fn permit(&self, of: Kept, owner: &JournalId, visitor: &Visitor) -> Result<(), Problem> {
        if self.shows(of, owner, visitor) {
            return Ok(());
        }
        let facts = Problem::new(StatusCode::FORBIDDEN, "web.withheld");
        Err(facts.fact("region", owner.as_str()))
    }
}

/// Whether a role leads in an incident, or finds blood.
const fn leads(role: Role) -> bool {
    matches!(
        role,
        Role::Tib
            | Role::Commander
            | Role::Director
            | Role::Coordinator
            | Role::Physician
            | Role::Scientist
    )
}
