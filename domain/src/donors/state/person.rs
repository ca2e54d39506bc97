//! One donor's record.

use imbl::Vector;

use super::super::event::{Declared, Event, GuestRegistered, Registered};
use super::super::model::{
    Answer, Asked, Assessment, Dated, Deferral, Donor, Guest, Lifted, Reaction, Terms, Types, Visit,
};
use super::Own;
use crate::words::{Day, DonorId, Known, Meta, Private};

pub(super) fn apply(own: &mut Own, event: &Event, meta: &Meta) {
    match event {
        Event::Registered(_, Private::Here(registered)) => register(own, registered, meta),
        Event::Lent(_, Private::Here(lent)) => {
            let number = lent.record.identity.number.clone();
            own.by_number.insert(number, lent.donor.clone());
            own.donors.insert(lent.donor.clone(), Donor::clone(&lent.record));
        }
        Event::GuestRegistered(_, Private::Here(guest)) => register_guest(own, guest, meta),
        Event::Corrected(_, Private::Here(it)) => {
            let Some(donor) = own.donors.get_mut(&it.donor) else { return };
            let before = std::mem::replace(&mut donor.identity, it.identity.clone());
            own.by_number.remove(&before.number);
            own.by_number.insert(it.identity.number.clone(), it.donor.clone());
        }
        Event::Merged(_, Private::Here(it)) => {
            if let Some(donor) = own.donors.get_mut(&it.merged) {
                donor.into = Some(it.keep.clone());
            }
            if let Some(donor) = own.donors.get_mut(&it.keep) {
                donor.merged.insert(it.merged.clone());
            }
        }
        Event::Unmerged(_, Private::Here(it)) => {
            if let Some(donor) = own.donors.get_mut(&it.donor) {
                donor.into = None;
            }
            if let Some(donor) = own.donors.get_mut(&it.keep) {
                donor.merged.remove(&it.donor);
            }
        }
        Event::RevocationNoted(_, Private::Here(it)) => {
            let donor = own.donors.get_mut(&it.donor);
            let guest = donor.and_then(|donor| donor.guest.as_mut());
            if let Some(guest) = guest.filter(|guest| guest.pass == it.pass) {
                guest.revoked = Some(meta.recorded);
            }
        }
        _ => known(own, event, meta),
    }
}

/// What is known of somebody registered.
fn known(own: &mut Own, event: &Event, meta: &Meta) {
    match event {
        Event::Agreed(_, Private::Here(it)) => {
            with(own, &it.donor, |donor| donor.terms = it.terms.clone());
        }
        Event::EarlierTold(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            donor.earlier = told(&donor.earlier, &it.earlier);
        }),
        Event::Typed(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            if it.group != Known::Unknown {
                donor.group = it.group;
            }
            add(&mut donor.types, &it.types);
        }),
        Event::TypesRetracted(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            let types = &mut donor.types;
            types.phenotype = types.phenotype.without(it.types.phenotype);
            types.hla.retain(|one| !it.types.hla.contains(one));
            types.hpa.retain(|one| !it.types.hpa.contains(one));
        }),
        Event::Declared(_, Private::Here(it)) => {
            with(own, &it.donor, |donor| declare(donor, it, meta));
        }
        Event::Admitted(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            if let Some(visit) = &mut donor.visit {
                visit.admitted = Some((it.kind, meta.recorded, it.rule_set));
            }
        }),
        Event::Retracted(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            donor.dates.remove(&it.question);
            donor.ever.remove(&it.question);
            if let Some(visit) = &mut donor.visit {
                visit.declaration.answers.remove(&it.question);
            }
        }),
        _ => hindered(own, event, meta),
    }
}

/// What stands in somebody's way, and what takes it away.
fn hindered(own: &mut Own, event: &Event, meta: &Meta) {
    match event {
        Event::Deferred(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            let deferral = Deferral {
                reason: it.reason,
                until: it.until,
                note: it.note.clone(),
                since: meta.recorded,
                by: meta.actor.clone(),
                lifted: None,
            };
            donor.deferrals.insert(it.deferral.clone(), deferral);
        }),
        Event::DeferralLifted(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            if let Some(deferral) = donor.deferrals.get_mut(&it.deferral) {
                let (at, by) = (meta.recorded, meta.actor.clone());
                deferral.lifted = Some(Lifted { at, by, reason: it.reason.clone() });
            }
        }),
        Event::Assessed(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            donor.assessments.push_back(Assessment {
                ground: it.ground,
                at: meta.recorded,
                until: it.until,
                by: meta.actor.clone(),
                reason: it.reason.clone(),
            });
        }),
        Event::Reacted(_, Private::Here(it)) => with(own, &it.donor, |donor| {
            let reaction = Reaction {
                kind: it.kind,
                severity: it.severity,
                imputability: it.imputability,
                din: it.din,
                note: it.note.clone(),
                at: meta.happened,
                by: meta.actor.clone(),
            };
            donor.reactions.insert(it.reaction.clone(), reaction);
        }),
        _ => {}
    }
}

fn with(own: &mut Own, donor: &DonorId, change: impl FnOnce(&mut Donor)) {
    if let Some(donor) = own.donors.get_mut(donor) {
        change(donor);
    }
}

fn register(own: &mut Own, it: &Registered, meta: &Meta) {
    let earlier = it.earlier.as_ref().map(|earlier| earlier.iter().copied().collect());
    let donor = Donor::registered(it.identity.clone(), it.terms.clone(), earlier, meta.recorded);
    own.by_number.insert(it.identity.number.clone(), it.donor.clone());
    own.donors.insert(it.donor.clone(), donor);
}

fn register_guest(own: &mut Own, it: &GuestRegistered, meta: &Meta) {
    if let Some(identity) = &it.identity {
        let registered = Registered {
            donor: it.donor.clone(),
            identity: identity.clone(),
            // A guest is not called: the home region does that.
            terms: Terms { site: it.site.clone(), kinds: it.kinds.clone(), may_call: false },
            earlier: it.earlier.clone(),
        };
        register(own, &registered, meta);
    }
    own.guests.insert(it.pass.clone(), it.donor.clone());
    let Some(donor) = own.donors.get_mut(&it.donor) else { return };
    if it.identity.is_none() {
        donor.terms.kinds.clone_from(&it.kinds);
    }
    let before = donor.guest.replace(Guest {
        home: it.home.clone(),
        pass: it.pass.clone(),
        kinds: it.kinds.clone(),
        until: it.until,
        rule_set: it.rule_set,
        nat: it.nat,
        revoked: None,
    });
    if let Some(before) = before.filter(|before| before.pass != it.pass) {
        own.guests.remove(&before.pass);
    }
}

/// What was told before and now, each once.
fn told(
    before: &Known<Vector<super::super::model::Earlier>>,
    now: &[super::super::model::Earlier],
) -> Known<Vector<super::super::model::Earlier>> {
    let mut all: Vec<_> = match before {
        Known::Value(before) => before.iter().copied().collect(),
        Known::Unknown => Vec::new(),
    };
    all.extend(now);
    all.sort_unstable();
    all.dedup();
    Known::Value(all.into_iter().collect())
}

fn add(types: &mut Types, new: &Types) {
    for antigen in new.phenotype.present().iter() {
        types.phenotype = types.phenotype.with(antigen, true);
    }
    for antigen in new.phenotype.absent().iter() {
        types.phenotype = types.phenotype.with(antigen, false);
    }
    for (all, more) in [(&mut types.hla, &new.hla), (&mut types.hpa, &new.hpa)] {
        all.extend(more.iter().cloned());
        all.sort_unstable();
        all.dedup();
    }
}

fn declare(donor: &mut Donor, it: &Declared, meta: &Meta) {
    let stated = Day::of(meta.happened);
    for (question, answer) in &it.declaration.answers {
        let (day, weeks) = match (*answer, question.asked()) {
            (Answer::No, _) => continue,
            (_, Asked::Ever) => {
                donor.ever.insert(*question);
                continue;
            }
            (_, Asked::MustBeYes | Asked::MustBeNo) => continue,
            (Answer::Yes, _) => (Known::Unknown, None),
            (Answer::On(day), _) => (Known::Value(day), None),
            (Answer::Ended { day, weeks }, _) => (Known::Value(day), Some(weeks)),
        };
        let new = Dated { day, weeks, stated };
        // The later day stands. A day that is now known takes the place of one that was not.
        let stands = donor.dates.get(question).is_some_and(|held| match (held.day, day) {
            (Known::Value(held), Known::Value(day)) => held > day,
            _ => false,
        });
        if !stands {
            donor.dates.insert(*question, new);
        }
    }
    donor.visit = Some(Visit {
        at: meta.happened,
        site: it.site.clone(),
        declaration: it.declaration.clone(),
        admitted: None,
    });
}
