//! Withdrawals: calling back, looking for it in every region, and closing the case.

use std::collections::BTreeSet;

use super::fates::{Fates, fates, live};
use crate::Region;
use crate::blood::Event as Blood;
use crate::blood::event::{Note, Quarantined};
use crate::blood::model::unit::{QuarantineReason, Status};
use crate::blood::model::{Din, UnitId};
use crate::donations::Event;
use crate::donations::command::withdrawal::Command;
use crate::donations::event::withdrawal as said;
use crate::donations::model::withdrawal::{Called, Found, Gap, Grounds, LotNamed, Outcome, Target};
use crate::donations::view::withdrawal::{accounts, up_to_date};
use crate::kernel::{optional_text, refusals, text};
use crate::rulesets::{Scope, key};
use crate::words::{
    Code, Context, DonorId, Foreign, JournalId, NONE, Past, Private, RecordRef, Refusal,
};

refusals! {
    /// The withdrawal is not one that this region called, or not known here.
    UNKNOWN = "withdrawal.unknown",
        "design §2: another region's event acts only through my own that names it by hash";
    /// The case is closed.
    CLOSED = "withdrawal.closed", "blood.md §5.6: a look-back is closed once, and stays in the record";
    /// Something of it is still open.
    OPEN = "withdrawal.open",
        "blood.md §5.6: every component and recipient is accounted for; Dir 2005/61/EC";
    /// Whoever said what it comes to does not confirm it.
    SECOND = "withdrawal.second_person",
        "the region's rule set: withdrawal.two_persons; SOSFS 2009:28";
    /// No such unit is to be looked after here.
    NOT_HERE = "withdrawal.no_such_unit", "blood.md §5.6: what is followed up was found here";
    /// A region does not answer itself.
    OWN_WORD = "withdrawal.own_word", "design §2: a region's own record is its answer";
    /// Real, exercise and demo do not mix.
    MODES = "withdrawal.across_modes", "design §5: a reference across modes is refused";
    /// Nothing is named.
    NOTHING = "withdrawal.nothing_named", "blood.md §5.6: a look-back starts from something";
}

/// Decides a command about a withdrawal.
pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    match command {
        Command::CallBack { target, reason, note, asked } => {
            let note = optional_text("note", note.as_ref())?;
            if matches!(target, Target::Donations(dins) if dins.is_empty()) {
                return Err(NOTHING.because([("donations", "0".into())]));
            }
            let reach = reach(region, target, ctx);
            let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
            let called = said::Withdrawn {
                case: ctx.named::<Code>("wd"),
                reason: *reason,
                dins: reach.dins.iter().copied().collect(),
                lot: lot_of(target)?,
                since: ctx.happened,
                gaps: reach.gaps,
                asked: others(asked, ctx.region),
                rule_set: rules.map(|rules| rules.digest),
            };
            let donors = reach.donors.into_iter().collect();
            let grounds = Grounds { target: target.clone(), donors, note };
            let mut events = vec![Event::Withdrawn(called, Private::Here(grounds)).into()];
            events.extend(stop(region, &reach.dins));
            Ok(events)
        }
        Command::Heed { .. } => heed(region, command, ctx),
        Command::NoteAnswer { withdrawal, answer } => note_answer(region, withdrawal, answer, ctx),
        Command::NoteLift { lifted } => note_lift(region, lifted, ctx),
        Command::Tell { withdrawal, from, fates, note } => {
            let case = called(region, withdrawal)?;
            if from == ctx.region {
                return Err(OWN_WORD.because([("region", from.to_string())]));
            }
            let note = Some(text("note", note)?);
            let told = said::Answered {
                withdrawal: withdrawal.clone(),
                from: from.clone(),
                answer: None,
                dins: case.dins.iter().copied().collect(),
                fates: fates.clone(),
                followed: Vec::new(),
            };
            Ok(vec![Event::Answered(told, Private::Here(said::Said { note })).into()])
        }
        Command::Follow { withdrawal, unit, done, note } => {
            let held = region.shared.donations.calls.heeded.get(&withdrawal.hash);
            let found = held.and_then(|held| held.fates.get(unit));
            if found.is_none_or(|found| found.is_settled() || matches!(found, Found::Held { .. })) {
                return Err(NOT_HERE.because([("unit", unit.to_string())]));
            }
            let note = optional_text("note", note.as_ref())?;
            let followed =
                said::Followed { withdrawal: withdrawal.clone(), unit: *unit, done: *done };
            Ok(vec![Event::Followed(followed, Private::Here(said::Said { note })).into()])
        }
        Command::Conclude { withdrawal, outcome, note } => {
            conclude(region, withdrawal, (*outcome, note), ctx)
        }
    }
}

fn lot_of(target: &Target) -> Result<Option<LotNamed>, Refusal> {
    let Target::Lot(named) = target else { return Ok(None) };
    Ok(Some(LotNamed { kind: named.kind, lot: text("lot", &named.lot)? }))
}

fn others(asked: &[JournalId], own: &JournalId) -> Vec<JournalId> {
    let all: BTreeSet<_> = asked.iter().filter(|id| *id != own).cloned().collect();
    all.into_iter().collect()
}

fn called<'a>(region: &'a Region, at: &RecordRef) -> Result<&'a Called, Refusal> {
    let held = region.shared.donations.calls.called.get(&at.hash);
    held.ok_or_else(|| UNKNOWN.because([("withdrawal", at.hash.short())]))
}

/// How far a withdrawal reaches, as far as this region knows.
#[derive(Default)]
struct Reach {
    dins: BTreeSet<Din>,
    donors: BTreeSet<DonorId>,
    gaps: Vec<(Option<Din>, Gap)>,
}

/// Never refuses: what is not known is said, and what is known is stopped.
fn reach(region: &Region, target: &Target, ctx: &Context<'_>) -> Reach {
    let mut reach = Reach::default();
    match target {
        Target::Donor(donor) => {
            reach.donors.insert(donor.clone());
            reach.dins.extend(given_by(donor, ctx.history));
            let live = region.own.donations.by_donor.get(donor);
            reach.dins.extend(live.into_iter().flatten().map(|past| past.din));
            if reach.dins.is_empty() {
                reach.gaps.push((None, Gap::NoDonation));
            }
        }
        Target::Donations(dins) => {
            for din in dins {
                reach.donation(region, *din, ctx.history);
            }
        }
        Target::Unit(unit) => {
            let mut dins: BTreeSet<_> =
                region.shared.blood.donations_in(unit).into_iter().collect();
            dins.extend(made_of(unit, ctx.history));
            for din in dins {
                reach.donation(region, din, ctx.history);
            }
            reach.dins.insert(unit.din);
        }
        Target::Lot(named) => reach.dins.extend(with_lot(named, ctx.history)),
    }
    if ctx.history.iter().any(|past| matches!(past.event, crate::Event::Unknown { .. })) {
        reach.gaps.push((None, Gap::Unreadable));
    }
    hang_together(&region.shared.blood, &mut reach.dins);
    reach
}

impl Reach {
    fn donation(&mut self, region: &Region, din: Din, history: &[Past]) {
        self.dins.insert(din);
        let file = region.own.donations.files.get(&din);
        match file.map(|file| &file.giver.donor) {
            Some(Some(donor)) => drop(self.donors.insert(donor.clone())),
            Some(None) => self.gaps.push((Some(din), Gap::DonorUnknown)),
            None => {
                let about = |past: &&Past| {
                    matches!(&past.event, crate::Event::Blood(event)
                        if event.units().iter().any(|unit| unit.din == din))
                };
                let known = history.iter().any(|past| about(&past));
                let gap = if known { Gap::TakenOver } else { Gap::Unrecorded };
                self.gaps.push((Some(din), gap));
            }
        }
    }
}

/// What a donor gave, by the record.
fn given_by(donor: &DonorId, history: &[Past]) -> Vec<Din> {
    let one = |past: &Past| match &past.event {
        crate::Event::Donations(Event::Collected(collected, Private::Here(giver)))
            if giver.donor.as_ref() == Some(donor) =>
        {
            Some(collected.din)
        }
        _ => None,
    };
    history.iter().filter_map(one).collect()
}

/// The donations that a unit was made of, by the record.
fn made_of(unit: &UnitId, history: &[Past]) -> Vec<Din> {
    let one = |past: &Past| match &past.event {
        crate::Event::Blood(Blood::Produced(made, _))
            if made.load.units.iter().any(|entry| entry.id == *unit) =>
        {
            made.from.donations()
        }
        _ => Vec::new(),
    };
    history.iter().flat_map(one).collect()
}

/// The donations that a lot of bags or solutions went into, by the record.
fn with_lot(named: &LotNamed, history: &[Past]) -> BTreeSet<Din> {
    let is = |material: &crate::blood::model::Material| {
        material.kind == named.kind && material.lot == named.lot
    };
    let mut dins = BTreeSet::new();
    for past in history {
        match &past.event {
            crate::Event::Blood(Blood::Produced(made, _)) if made.materials.iter().any(is) => {
                dins.extend(made.from.donations());
                dins.extend(made.load.units.iter().map(|entry| entry.id.din));
            }
            crate::Event::Donations(Event::Collected(collected, _))
                if collected.donation.materials.iter().any(is) =>
            {
                dins.insert(collected.din);
            }
            _ => {}
        }
    }
    dins
}

/// Adds what a list of donations hangs together with: the pools they went into; and, of a pool
/// that is called back for itself, the donations it was made of, with all that came of those.
fn hang_together(stock: &crate::blood::Shared, dins: &mut BTreeSet<Din>) {
    let made_of = |pool: &Din| stock.pools.get(pool).into_iter().flatten();
    let for_itself =
        |pool: &&Din| made_of(pool).next().is_some() && !made_of(pool).any(|d| dins.contains(d));
    let up: Vec<Din> = dins.iter().filter(for_itself).flat_map(made_of).copied().collect();
    dins.extend(up);
    let down: Vec<_> = dins.iter().flat_map(|din| pools(stock, din)).collect();
    dins.extend(down);
}

/// The pools that a donation went into, and the pools that those went into.
pub(in crate::donations) fn pools(stock: &crate::blood::Shared, din: &Din) -> BTreeSet<Din> {
    let mut all = BTreeSet::new();
    let mut next = vec![*din];
    while let Some(one) = next.pop() {
        for pool in stock.pooled.get(&one).into_iter().flatten() {
            if all.insert(*pool) {
                next.push(*pool);
            }
        }
    }
    all
}

/// Puts what could still be used of some donations in quarantine.
fn stop(region: &Region, dins: &BTreeSet<Din>) -> Option<crate::Event> {
    let stock = &region.shared.blood;
    let free = |status: Status| matches!(status, Status::Available | Status::Reserved { .. });
    let all = dins.iter().flat_map(|din| stock.units_of(din));
    let units: Vec<_> = all.filter(|(_, unit)| free(unit.status)).map(|(id, _)| *id).collect();
    let held = Quarantined { units, reason: QuarantineReason::Recall };
    (!held.units.is_empty())
        .then(|| Blood::Quarantined(held, Private::Here(Note { note: None })).into())
}

/// Looks for what was called back, stops it, and says what became of every unit of it.
fn heed(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let Command::Heed { withdrawal, dins, lot } = command else {
        unreachable!("routed by decide");
    };
    let Event::Withdrawn(called, _) = referred(withdrawal, ctx)? else {
        return Err(UNKNOWN.because([("withdrawal", withdrawal.hash.short())]));
    };
    let mut all: BTreeSet<Din> = dins.iter().chain(&called.dins).copied().collect();
    if let Some(named) = lot {
        all.extend(with_lot(named, ctx.history));
    }
    let calls = &region.shared.donations.calls;
    let held = calls.heeded.get(&withdrawal.hash);
    all.extend(held.into_iter().flat_map(|held| held.covered.iter().copied()));
    hang_together(&region.shared.blood, &mut all);
    // The past was loaded for what the command names, and for the lot.
    let to_read: Vec<Din> = all.iter().filter(|din| !dins.contains(din)).copied().collect();
    let Fates { found, requests } = fates(&all, &region.shared.blood, ctx.history);
    let stop = stop(region, &all);
    let same = held.is_some_and(|held| {
        held.covered.iter().eq(all.iter())
            && held.fates.iter().eq(found.iter())
            && held.to_read.iter().eq(to_read.iter())
    });
    if same && stop.is_none() {
        return Ok(Vec::new());
    }
    let heeded = said::Heeded {
        withdrawal: withdrawal.clone(),
        reason: called.reason,
        dins: all.into_iter().collect(),
        fates: found.into_iter().collect(),
        to_read,
    };
    let out = said::HandedOut { requests: requests.into_iter().collect() };
    let mut events = vec![Event::Heeded(heeded, Private::Here(out)).into()];
    events.extend(stop);
    Ok(events)
}

/// What another journal, or the own one, said that a command refers to.
fn referred<'a>(at: &RecordRef, ctx: &Context<'a>) -> Result<&'a Event, Refusal> {
    let unknown = || UNKNOWN.because([("withdrawal", at.hash.short())]);
    let Foreign { mode, at: found, event } = ctx.foreign.ok_or_else(unknown)?;
    if found != at {
        return Err(unknown());
    }
    if *mode != ctx.mode {
        let facts = [("own", ctx.mode.as_str().into()), ("other", mode.as_str().into())];
        return Err(MODES.because(facts));
    }
    match event {
        crate::Event::Donations(event) => Ok(event),
        _ => Err(unknown()),
    }
}

/// Takes note of another region's answer; doing it again changes nothing.
fn note_answer(
    region: &Region,
    withdrawal: &RecordRef,
    answer: &RecordRef,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let case = called(region, withdrawal)?;
    let from = answer.journal.clone();
    let before = case.answers.get(&from);
    if before.is_some_and(|before| before.noted.contains(&answer.hash)) {
        return Ok(Vec::new());
    }
    let mut noted = said::Answered {
        withdrawal: withdrawal.clone(),
        from,
        answer: Some(answer.clone()),
        dins: Vec::new(),
        fates: Vec::new(),
        followed: Vec::new(),
    };
    match referred(answer, ctx)? {
        Event::Heeded(heeded, _) if heeded.withdrawal == *withdrawal => {
            noted.dins.clone_from(&heeded.dins);
            noted.fates.clone_from(&heeded.fates);
        }
        Event::Followed(followed, _) if followed.withdrawal == *withdrawal => {
            noted.followed.push((followed.unit, followed.done));
        }
        _ => return Err(UNKNOWN.because([("withdrawal", withdrawal.hash.short())])),
    }
    let mut events =
        vec![Event::Answered(noted.clone(), Private::Here(said::Said { note: None })).into()];
    events.extend(stop(region, &noted.dins.into_iter().collect()));
    Ok(events)
}

fn note_lift(
    region: &Region,
    lifted: &RecordRef,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let unknown = || UNKNOWN.because([("withdrawal", lifted.hash.short())]);
    let Event::Closed(end, _) = referred(lifted, ctx)? else { return Err(unknown()) };
    // Only whoever called something back lifts it.
    if end.outcome != Outcome::Lifted || end.withdrawal.journal != lifted.journal {
        return Err(unknown());
    }
    let held = region.shared.donations.calls.heeded.get(&end.withdrawal.hash);
    match held {
        Some(held) if !held.lifted => {
            let noted =
                said::LiftNoted { withdrawal: end.withdrawal.clone(), lifted: lifted.clone() };
            Ok(vec![Event::LiftNoted(noted, NONE).into()])
        }
        _ => Ok(Vec::new()),
    }
}

fn conclude(
    region: &Region,
    withdrawal: &RecordRef,
    (outcome, note): (Outcome, &str),
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let case = called(region, withdrawal)?;
    if case.closed.is_some() {
        return Err(CLOSED.because([("case", case.case.to_string())]));
    }
    let calls = &region.shared.donations.calls;
    let own = calls.heeded.get(&withdrawal.hash);
    let own = own.map(|held| up_to_date(held, &region.shared.blood));
    let sums = accounts(case, own.as_ref());
    // What is lifted was never needed; what stands must be found to the last bag.
    if outcome == Outcome::Stands && !sums.is_settled() {
        return Err(OPEN.because([
            ("case", case.case.to_string()),
            ("silent", sums.silent().count().to_string()),
            ("units", sums.open().count().to_string()),
        ]));
    }
    let rules = region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)?;
    let two = rules.flag(key::WITHDRAWAL_TWO_PERSONS)?;
    let note = Some(text("note", note)?);
    let said = said::Concluded { withdrawal: withdrawal.clone(), outcome, rule_set: rules.digest };
    let private = Private::Here(said::Said { note });
    let agreed = case.assessed.as_ref().filter(|before| before.outcome == outcome);
    let event = match agreed {
        _ if !two => Event::Closed(said, private),
        Some(before) if before.by == *ctx.actor => {
            return Err(SECOND.because([("case", case.case.to_string())]));
        }
        Some(_) => Event::Closed(said, private),
        None => Event::Assessed(said, private),
    };
    Ok(vec![event.into()])
}

/// What the own and the other regions' withdrawals make due in a region. Pure and safe to repeat.
#[must_use]
pub fn due(
    region: &Region,
    journal: &JournalId,
    others: &[(&JournalId, &crate::SharedState)],
) -> Vec<crate::donations::Command> {
    let mode = |state: &crate::SharedState| state.kernel.journal.as_ref().map(|own| own.mode);
    let own = &region.shared;
    let peers: Vec<_> =
        others.iter().filter(|(id, state)| *id != journal && mode(state) == mode(own)).collect();
    let mut all = Vec::new();
    for state in std::iter::once(own).chain(peers.iter().map(|(_, state)| *state)) {
        for case in state.donations.calls.called.values() {
            all.extend(heeding(own, case, &peers));
        }
    }
    for case in own.donations.calls.called.values() {
        for (id, state) in &peers {
            let Some(held) = state.donations.calls.heeded.get(&case.at.hash) else { continue };
            let noted = case.answers.get(*id).map(|answer| &answer.noted);
            let new = |at: &&RecordRef| noted.is_none_or(|noted| !noted.contains(&at.hash));
            // One at a time: what one answer adds, the next is read with.
            all.extend(
                held.at.iter().find(new).map(|at| Command::NoteAnswer {
                    withdrawal: case.at.clone(),
                    answer: at.clone(),
                }),
            );
        }
    }
    all.into_iter().map(crate::donations::Command::Withdrawal).collect()
}

fn heeding(
    own: &crate::SharedState,
    case: &Called,
    peers: &[&(&JournalId, &crate::SharedState)],
) -> Option<Command> {
    let held = own.donations.calls.heeded.get(&case.at.hash);
    let lifted = case.closed.as_ref().filter(|end| end.outcome == Outcome::Lifted);
    if let Some(end) = lifted {
        let open = held.is_some_and(|held| !held.lifted);
        return open.then(|| Command::NoteLift { lifted: end.at.clone() });
    }
    let mut dins: BTreeSet<Din> = case.dins.iter().copied().collect();
    for (_, state) in peers {
        let heard = state.donations.calls.heeded.get(&case.at.hash);
        dins.extend(heard.into_iter().flat_map(|heard| heard.covered.iter().copied()));
    }
    let stale = held.is_none_or(|held| {
        !held.to_read.is_empty()
            || dins.iter().any(|din| !held.covered.contains(din))
            || held.covered.iter().any(|din| {
                own.blood.pooled.get(din).into_iter().flatten().any(|p| !held.covered.contains(p))
                    || own.blood.units_of(din).any(|(id, unit)| {
                        held.fates.get(id) != Some(&live(unit))
                            || matches!(unit.status, Status::Available | Status::Reserved { .. })
                    })
            })
            || held
                .fates
                .iter()
                .any(|(id, found)| found.is_live() && !own.blood.units.contains_key(id))
    });
    dins.extend(held.into_iter().flat_map(|held| held.covered.iter().copied()));
    // What hangs together here is looked for by its own number too: a pool may have been given
    // long before, and then only the record under the pool's number says to whom.
    hang_together(&own.blood, &mut dins);
    let dins = dins.into_iter().collect();
    stale.then(|| Command::Heed { withdrawal: case.at.clone(), dins, lot: case.lot.clone() })
}
