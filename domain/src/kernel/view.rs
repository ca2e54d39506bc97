//! What may be seen of the kernel. Views across regions are built from [`Shared`] alone.

use serde::Serialize;

use super::model::{Approval, Capacity, JournalFacts, LegalRole, Mandate, Role, Site};
use super::state::Shared;
use crate::words::{ActorId, Code, JournalId, Known, MandateId, SiteId, Time};

/// How a legal role is filled at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Filling {
    /// Somebody holds it and it is in force.
    Held(Holding),
    /// Nobody does, but a deputy does.
    Deputised(Holding),
    /// A holder is named and waits for the authority.
    AwaitsApproval(Holding),
    /// Nobody: an open gap.
    Gap {
        /// Since when, as far as this journal knows; unknown if nobody was ever recorded.
        since: Known<Time>,
    },
}

impl Filling {
    /// The state as message key.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Held(_) => "held",
            Self::Deputised(_) => "deputised",
            Self::AwaitsApproval(_) => "awaits_approval",
            Self::Gap { .. } => "gap",
        }
    }
}

/// Who holds a mandate, without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Holding {
    /// The mandate.
    pub mandate: MandateId,
    /// The holder.
    pub holder: ActorId,
    /// Title without a name.
    pub title: String,
    /// Share of full time in thousandths.
    pub share_permille: Known<u16>,
    /// First moment in its window.
    pub from: Time,
    /// End of its window.
    pub until: Option<Time>,
    /// Why and by which document.
    pub basis: Option<String>,
}

impl Holding {
    fn of(shared: &Shared, mandate: &Mandate) -> Self {
        let title = shared.actors.get(&mandate.holder).map(|person| person.title.clone());
        Self {
            mandate: mandate.id.clone(),
            holder: mandate.holder.clone(),
            title: title.unwrap_or_default(),
            share_permille: mandate.share_permille,
            from: mandate.window.from(),
            until: mandate.window.until(),
            basis: mandate.basis.clone(),
        }
    }
}

/// One legal role of one region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LegalRoleRow {
    /// The role.
    pub role: LegalRole,
    /// How it is filled now.
    pub filling: Filling,
    /// Deputies in force.
    pub deputies: Vec<Holding>,
}

/// The legal roles of a region at a moment, in the law's order.
#[must_use]
pub fn legal_roles(shared: &Shared, now: Time) -> Vec<LegalRoleRow> {
    LegalRole::ALL.iter().map(|role| legal_role(shared, *role, now)).collect()
}

fn legal_role(shared: &Shared, role: LegalRole, now: Time) -> LegalRoleRow {
    let all = || shared.mandates.values().filter(|held| held.capacity == Capacity::Legal(role));
    let (deputies, holders): (Vec<_>, Vec<_>) = all().partition(|held| held.deputy_for.is_some());
    let deputies: Vec<_> = deputies
        .into_iter()
        .filter(|held| shared.in_force(held, now))
        .map(|held| Holding::of(shared, held))
        .collect();
    let pending = |held: &&&Mandate| {
        matches!(held.approval, Approval::Pending { .. }) && held.window.contains(now)
    };
    let filling = if let Some(held) = holders.iter().find(|held| shared.in_force(held, now)) {
        Filling::Held(Holding::of(shared, held))
    } else if let Some(first) = deputies.first() {
        Filling::Deputised(first.clone())
    } else if let Some(held) = holders.iter().find(pending) {
        Filling::AwaitsApproval(Holding::of(shared, held))
    } else {
        let last = all().filter_map(|held| held.window.until()).filter(|until| *until <= now);
        Filling::Gap { since: last.max().into() }
    };
    LegalRoleRow { role, filling, deputies }
}

/// Mandates in force at a moment that are not sign-in roles: what a region can do.
#[must_use]
pub fn standing(shared: &Shared, now: Time) -> Vec<(&Mandate, Holding)> {
    let mandates = shared.mandates.values().filter(|held| shared.in_force(held, now));
    mandates
        .filter(|held| !matches!(held.capacity, Capacity::Role(_) | Capacity::Legal(_)))
        .map(|held| (held, Holding::of(shared, held)))
        .collect()
}

/// Everybody's mandates in force at a moment, for one actor.
pub fn mandates_of<'a>(
    shared: &'a Shared,
    actor: &'a ActorId,
    now: Time,
) -> impl Iterator<Item = &'a Mandate> {
    shared.mandates.values().filter(move |held| held.holder == *actor && shared.in_force(held, now))
}

/// The roles an actor acts in at a moment.
#[must_use]
pub fn roles_of(shared: &Shared, actor: &ActorId, now: Time) -> Vec<(Role, MandateId)> {
    mandates_of(shared, actor, now)
        .filter_map(|held| match held.capacity {
            Capacity::Role(role) => Some((role, held.id.clone())),
            _ => None,
        })
        .collect()
}

/// A site with its depth in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SiteRow {
    /// The site.
    pub site: Site,
    /// How many parents it has.
    pub depth: usize,
}

/// The sites that exist at a moment, as a tree in reading order.
#[must_use]
pub fn sites(shared: &Shared, now: Time) -> Vec<SiteRow> {
    let mut rows = Vec::new();
    walk(shared, None, 0, now, &mut rows);
    rows
}

fn walk(shared: &Shared, under: Option<&SiteId>, depth: usize, now: Time, rows: &mut Vec<SiteRow>) {
    let mut here: Vec<_> = shared
        .sites
        .values()
        .filter(|site| site.parent.as_ref() == under && site.window.contains(now))
        .collect();
    here.sort_by(|a, b| a.name.cmp(&b.name));
    for site in here {
        rows.push(SiteRow { site: site.clone(), depth });
        walk(shared, Some(&site.id), depth + 1, now, rows);
    }
}

/// The journal's facts and the name to show.
#[must_use]
pub fn name(shared: &Shared, journal: &JournalId) -> String {
    shared.journal.as_ref().map_or_else(|| journal.to_string(), |facts| facts.owner.name.clone())
}

/// The county code that places a region on the map.
#[must_use]
pub fn county_code(facts: &JournalFacts) -> Option<&Code> {
    facts.owner.county_code.as_ref()
}
