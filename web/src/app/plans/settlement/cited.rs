//! By which agreement a period is settled: one that every party has signed and that holds from the
//! period's first day through its last.

use samband_domain::agreements::SupplyTerms;
use samband_domain::agreements::view::{Agreement, Answer, Standing, agreements};
use samband_domain::{Digest, JournalId, Time};
use samband_engine::World;

use super::Asked;

/// Why no agreement can be cited, and what is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nobody has proposed one with prices and keys.
    None,
    /// One is proposed, and these regions have not signed.
    Unsigned {
        /// Which.
        document: Digest,
        /// Its title.
        title: String,
        /// Who is silent.
        silent: Vec<JournalId>,
    },
    /// One is signed, and does not hold through the whole period.
    NotThrough {
        /// Which.
        document: Digest,
        /// Its title.
        title: String,
        /// Since when.
        from: Time,
        /// Until when.
        until: Option<Time>,
    },
}

impl Missing {
    /// Stable code of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::None => "web.settlement_no_agreement",
            Self::Unsigned { .. } => "web.settlement_unsigned",
            Self::NotThrough { .. } => "web.settlement_not_through",
        }
    }
}

type Chosen = Result<(Box<Agreement>, SupplyTerms), Missing>;

/// When an agreement stops holding, if it does.
fn until(agreement: &Agreement) -> Option<Time> {
    let ended = agreement.end.as_ref().and_then(|(_, at, _)| *at);
    [agreement.document.window.until(), ended].into_iter().flatten().min()
}

/// The agreement that is cited, and the others that would fit.
pub(super) fn choose(
    world: &World,
    own: Option<&JournalId>,
    asked: &Asked,
    now: Time,
) -> (Chosen, Vec<(Digest, String)>) {
    let shared = world.shared();
    let parties: Vec<_> = shared
        .iter()
        .map(|(id, shared)| (id.clone(), &shared.kernel, &shared.agreements))
        .collect();
    let mut all = agreements(&parties, now);
    all.retain(|one| one.document.terms.is_some());
    all.retain(|one| asked.agreement.is_none_or(|wanted| one.digest == wanted));
    let ours = |one: &Agreement| own.is_none_or(|own| one.document.parties.contains(own));
    // The region's own before its neighbours', what was signed last before what it replaced.
    all.sort_by_key(|one| (ours(one), one.bound_since, one.digest));
    all.reverse();
    let (first, after) = asked.moments();
    let signed = |one: &&Agreement| {
        one.bound_since.is_some()
            && !matches!(one.standing, Standing::Declined | Standing::Withdrawn)
    };
    let holds = |one: &&Agreement| {
        one.document.window.from() <= first && until(one).is_none_or(|until| until >= after)
    };
    let fits: Vec<_> = all.iter().filter(signed).filter(holds).collect();
    if let Some(one) = fits.first() {
        let others = fits[1..].iter().map(|one| (one.digest, one.document.title.clone()));
        let terms = one.document.terms.as_deref().cloned();
        let chosen = terms.map(|terms| (Box::new((*one).clone()), terms));
        return (chosen.ok_or(Missing::None), others.collect());
    }
    (Err(missing(&all, signed)), Vec::new())
}

fn missing(all: &[Agreement], signed: impl Fn(&&Agreement) -> bool) -> Missing {
    if let Some(one) = all.iter().find(signed) {
        let (document, title) = (one.digest, one.document.title.clone());
        let from = one.document.window.from();
        return Missing::NotThrough { document, title, from, until: until(one) };
    }
    let Some(one) = all.iter().find(|one| one.standing == Standing::OneSided) else {
        return Missing::None;
    };
    let silent = |(region, answer): &(JournalId, Answer)| {
        (!matches!(answer, Answer::Signed { .. })).then(|| region.clone())
    };
    let silent = one.answers.iter().filter_map(silent).collect();
    Missing::Unsigned { document: one.digest, title: one.document.title.clone(), silent }
}
