//! The one function that every command and every reading asks.

use std::collections::{BTreeMap, BTreeSet};

use samband_domain::kernel::{Access, Capacity, view};
use samband_domain::{ActorId, Command, JournalId, MandateId, Refusal, Region, Time};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::standing::{Because, Relation, Standing};
use super::table::{row, rule};
use crate::action::Action;
use crate::refusals::{DENIED, DENIED_REGION, NOT_SIGNED_IN};

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Principal {
    /// A person who is signed in.
    Person {
        /// Who.
        actor: ActorId,
        /// In which region's journal the person is an actor.
        region: JournalId,
    },
    /// The command line on the machine itself, behind the socket's permissions.
    Machine,
    /// The engine's own reports.
    Engine,
    /// An installation authenticated by mutual TLS.
    Peer {
        /// The journals that it writes.
        journals: BTreeSet<JournalId>,
    },
    /// Nobody.
    Nobody,
}

impl Principal {
    /// The person, if it is one.
    #[must_use]
    pub const fn actor(&self) -> Option<&ActorId> {
        match self {
            Self::Person { actor, .. } => Some(actor),
            _ => None,
        }
    }

    fn relation(&self, target: &JournalId) -> Relation {
        match self {
            Self::Person { region, .. } if region != target => Relation::Other,
            Self::Peer { .. } => Relation::Other,
            // Nobody has no region; what the region's own people may is the useful answer.
            Self::Person { .. } | Self::Machine | Self::Engine | Self::Nobody => Relation::Own,
        }
    }
}

/// That something is allowed, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The mandate to act by; none where no mandate is needed.
    pub mandate: Option<MandateId>,
    /// As what.
    pub standing: Standing,
}

/// That something is not allowed, why, and who may.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{action} ({}): {}", .relation.as_str(), .because.words())]
pub struct Denied {
    /// What was asked.
    pub action: Action,
    /// About whose region.
    pub relation: Relation,
    /// As what it was asked.
    pub held: Vec<Standing>,
    /// Why not.
    pub because: Because,
    /// Who may: in the region asked about, and from another region where that is allowed.
    pub who_may: Vec<Standing>,
}

impl Denied {
    /// The refusal that explains it, with the same stable code everywhere.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let kind = match self.because {
            Because::SignIn => &NOT_SIGNED_IN,
            Because::OwnRegion => &DENIED_REGION,
            _ => &DENIED,
        };
        let list = |all: &[Standing]| {
            let words: Vec<_> = all.iter().map(|one| one.as_str()).collect();
            words.join(", ")
        };
        Refusal {
            kind,
            facts: BTreeMap::from([
                ("action", self.action.to_string()),
                ("relation", self.relation.as_str().into()),
                ("held", list(&self.held)),
                ("because", self.because.as_str().into()),
                ("who_may", list(&self.who_may)),
            ]),
        }
    }
}

/// As what a principal asks now, strongest ground first, each with its mandate and whether that
/// reaches the whole region.
#[must_use]
pub fn standings(region: &Region, principal: &Principal, now: Time) -> Vec<(Standing, Ground)> {
    let plain = |standing| vec![(standing, Ground::default())];
    match principal {
        Principal::Nobody => plain(Standing::Nobody),
        Principal::Machine => plain(Standing::Machine),
        Principal::Engine => plain(Standing::Engine),
        Principal::Peer { journals } => {
            let trusted = &region.shared.bonds.peers;
            if journals.iter().any(|one| trusted.contains_key(one)) {
                plain(Standing::Peer)
            } else {
                plain(Standing::Nobody)
            }
        }
        Principal::Person { actor, region: of } => person(region, of, actor, now),
    }
}

/// What a standing rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// The mandate.
    pub mandate: Option<MandateId>,
    /// Whether the mandate holds at one site only.
    pub one_site: bool,
}

fn person(region: &Region, of: &JournalId, actor: &ActorId, now: Time) -> Vec<(Standing, Ground)> {
    let kernel = &region.shared.kernel;
    // Mandates are looked up by actor id, which is unique within one journal only: the state of
    // another region must never answer for this person.
    let facts = kernel.journal.as_ref();
    let epoch = facts.and_then(|facts| facts.epochs.first());
    let same_journal = epoch.is_some_and(|genesis| genesis.journal == *of);
    let mut held = Vec::new();
    if same_journal && kernel.actors.contains_key(actor) {
        for mandate in view::mandates_of(kernel, actor, now) {
            let standing = match mandate.capacity {
                Capacity::Role(role) => Standing::Role(role),
                Capacity::Access(Access::Audit) => Standing::Audit,
                // Emergency access is opened with a reason and reviewed; a mandate gives none.
                _ => continue,
            };
            let ground =
                Ground { mandate: Some(mandate.id.clone()), one_site: mandate.site.is_some() };
            held.push((standing, ground));
        }
        let open = |glass: &&samband_domain::kernel::GlassBreak| {
            glass.actor == *actor && glass.window.contains(now)
        };
        if let Some(glass) = region.own.kernel.glass.iter().find(open) {
            let ground = Ground { mandate: Some(glass.mandate.clone()), one_site: false };
            held.push((Standing::Emergency, ground));
        }
    }
    // Roles before supervision before emergency; a mandate for the region before one for a site.
    held.sort_by_key(|(standing, ground)| {
        let rank = match standing {
            Standing::Role(_) => 0,
            Standing::Audit => 1,
            _ => 2,
        };
        (rank, *standing, ground.one_site)
    });
    held.push((Standing::SignedIn, Ground::default()));
    held
}

/// Whether a principal may do something towards a region now.
///
/// `region` is the state of the person's own region; for an installation it is the state of the
/// region asked about, whose trust decides.
///
/// # Errors
/// [`Denied`], which says why and who may.
pub fn authorise(
    region: &Region,
    principal: &Principal,
    action: Action,
    target: &JournalId,
    now: Time,
) -> Result<Grant, Denied> {
    let relation = principal.relation(target);
    let held = standings(region, principal, now);
    let allowed = |standing| rule(standing, action, relation).allow;
    let reaches = |ground: &Ground| !ground.one_site || action.within_a_site();
    let granted = held.iter().find(|(standing, ground)| allowed(*standing) && reaches(ground));
    if let Some((standing, ground)) = granted {
        return Ok(Grant { mandate: ground.mandate.clone(), standing: *standing });
    }
    let row = row(action);
    let may = |standing: &Standing| match relation {
        Relation::Own => row.own.has(*standing),
        Relation::Other => row.own.has(*standing) || row.other.has(*standing),
    };
    let because = why_not(principal, action, relation, &held);
    let mut held: Vec<_> = held.into_iter().map(|(standing, _)| standing).collect();
    held.dedup();
    Err(Denied {
        action,
        relation,
        held,
        because,
        who_may: Standing::ALL.iter().copied().filter(may).collect(),
    })
}

fn why_not(
    principal: &Principal,
    action: Action,
    relation: Relation,
    held: &[(Standing, Ground)],
) -> Because {
    if held.iter().any(|(one, _)| rule(*one, action, relation).allow) {
        return Because::WholeRegion;
    }
    if matches!(principal, Principal::Peer { .. }) && held[0].0 == Standing::Nobody {
        return Because::Untrusted;
    }
    let reasons = held.iter().map(|(one, _)| rule(*one, action, relation).because);
    // That it would be allowed at home says more than why a role is not meant for it.
    let home = reasons.clone().find(|because| *because == Because::OwnRegion);
    home.or_else(|| reasons.clone().next()).unwrap_or(Because::SignIn)
}

/// Whether a principal may give a command to a region now: [`authorise`] for what the command
/// asks in the region's present state. This is the engine's way in.
///
/// # Errors
/// [`Denied`], which says why and who may.
pub fn authorise_command(
    region: &Region,
    principal: &Principal,
    command: &Command,
    target: &JournalId,
    now: Time,
) -> Result<Grant, Denied> {
    let action = Action::of(command, region, principal.actor());
    authorise(region, principal, action, target, now)
}
