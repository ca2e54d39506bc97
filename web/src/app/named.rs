//! Facts as people read them: a name beside every identifier that somebody here has a name for.
//!
//! Only what every signed-in reader may see is named: regions, sites, titles without names.

use samband_domain::kernel::Shared;
use samband_domain::words::Code;
use samband_domain::{ActorId, JournalId, MandateId, SiteId};
use samband_engine::World;

use super::Problem;

/// The facts of a problem with the names that a region's people know, each with its identifier.
#[must_use]
pub fn named(problem: Problem, world: &World, region: &JournalId) -> Problem {
    let kernel = world.local(region).map(|region| &region.shared.kernel);
    let what = problem.facts.get("what").cloned();
    let mut problem = problem;
    for (name, value) in &mut problem.facts {
        let kind = match *name {
            "id" => what.as_deref().unwrap_or_default(),
            other => other,
        };
        let each: Vec<_> = value.split(", ").map(|one| beside(kind, one, world, kernel)).collect();
        *value = each.join(", ");
    }
    problem
}

/// `Lund (s-1)`; the identifier alone where no name is known.
fn beside(kind: &str, id: &str, world: &World, kernel: Option<&Shared>) -> String {
    match name_of(kind, id, world, kernel) {
        Some(name) if name != id => format!("{name} ({id})"),
        _ => id.to_owned(),
    }
}

fn name_of(kind: &str, id: &str, world: &World, kernel: Option<&Shared>) -> Option<String> {
    let title = |actor: &ActorId| Some(kernel?.actors.get(actor)?.title.clone());
    match kind {
        "region" | "regions" | "journal" | "peer" | "drafter" | "parties" => {
            Some(world.journal(&JournalId::new(id).ok()?)?.name())
        }
        "site" => Some(kernel?.sites.get(&SiteId::new(id).ok()?)?.name.clone()),
        "actor" | "person" | "holder" | "first" => title(&ActorId::new(id).ok()?),
        "mandate" => title(&kernel?.mandates.get(&MandateId::new(id).ok()?)?.holder),
        "body" => Some(kernel?.bodies.get(&Code::new(id).ok()?)?.name.clone()),
        _ => None,
    }
}
