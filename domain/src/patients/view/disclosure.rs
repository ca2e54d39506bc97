//! What regions ask each other about one patient: what is open, since when, and for how long.

use super::group::{count, era, said};
use super::{Era, Family, serology};
use crate::patients::model::{Elsewhere, Finding, History, ScreenResult};
use crate::patients::state::{Own, OwnQuestion, Question, Reply, Shared};
use crate::rulesets::InForce;
use crate::words::{Code, JournalId, Known, PatientId, Time};

/// A question of the own region.
#[derive(Clone, Debug)]
pub struct Outgoing<'a> {
    /// Its name.
    pub ask: &'a Code,
    /// What everybody may hold of it.
    pub question: &'a Question,
    /// What it is about.
    pub own: Option<&'a OwnQuestion>,
    /// The other region's reply, if its record is here.
    pub reply: Option<&'a Reply>,
    /// Whether it should have been answered by now.
    pub late: bool,
}

/// Whether somebody waits for an answer.
#[must_use]
pub fn open(question: &Question, reply: Option<&Reply>) -> bool {
    reply.is_none() && question.withdrawn.is_none()
}

/// The own questions, unanswered ones first, most urgent first.
#[must_use]
pub fn outgoing<'a>(
    shared: &'a Shared,
    own: &'a Own,
    others: &[(&'a JournalId, &'a Shared)],
    now: Time,
) -> Vec<Outgoing<'a>> {
    let one = |(ask, question): (&'a Code, &'a Question)| {
        let other = others.iter().find(|(id, _)| **id == question.to);
        let reply = other.and_then(|(_, shared)| shared.replies.get(ask));
        let late = open(question, reply) && question.due < now;
        Outgoing { ask, question, own: own.questions.get(ask), reply, late }
    };
    let mut all: Vec<_> = shared.questions.iter().map(one).collect();
    all.sort_by_key(|one| (!open(one.question, one.reply), one.question.due));
    all
}

/// A question of another region to this one.
#[derive(Clone, Debug)]
pub struct Incoming<'a> {
    /// Who asks.
    pub from: &'a JournalId,
    /// Its name.
    pub ask: &'a Code,
    /// What everybody may hold of it.
    pub question: &'a Question,
    /// The own reply.
    pub reply: Option<&'a Reply>,
    /// Whether it should have been answered by now.
    pub late: bool,
}

/// Questions to a region, unanswered ones first, by their clock.
#[must_use]
pub fn incoming<'a>(
    here: &JournalId,
    shared: &'a Shared,
    others: &[(&'a JournalId, &'a Shared)],
    now: Time,
) -> Vec<Incoming<'a>> {
    let mut all = Vec::new();
    for (from, other) in others.iter().filter(|(from, _)| *from != here) {
        for (ask, question) in other.questions.iter().filter(|(_, one)| one.to == *here) {
            let reply = shared.replies.get(ask).filter(|reply| reply.to == **from);
            let late = open(question, reply) && question.due < now;
            all.push(Incoming { from, ask, question, reply, late });
        }
    }
    all.sort_by_key(|one| (!open(one.question, one.reply), one.question.due));
    all
}

/// What this region knows of somebody's blood, as it is told to another.
#[must_use]
pub fn history(
    own: &Own,
    rules: Option<&InForce>,
    patient: &PatientId,
    now: Time,
) -> Option<History> {
    let family = Family::of(own, patient)?;
    let serology = serology(own, rules, patient, now)?;
    let era = era(family.turns(), now, now);
    let said = said(&family, era);
    let counted = count(&family, said.group, era, rules);
    let newest = counted.each.iter().find(|(one, _)| one.found.group.value() == said.group);
    let newest = Known::from(newest.map(|(one, _)| one.sample.taken));
    // What a third region told is that region's to tell; a group only the own laboratory's.
    let group = said.group.filter(|_| said.own);
    let occasions = counted.occasions;
    let screens = family.screens().filter_map(|screen| {
        let sample = family.sample(&screen.sample)?;
        Some((sample.taken, screen.performed, screen.result))
    });
    let screen = screens.max_by_key(|(taken, performed, _)| (*taken, *performed));
    let screen: Option<(Time, ScreenResult)> = screen.map(|(taken, _, result)| (taken, result));
    Some(History {
        group: Known::from(group).map(|group| Elsewhere { group, occasions, newest }),
        conflict: serology.conflict,
        transplant: era != Era::Born,
        antibodies: family.findings().into_iter().cloned().collect::<Vec<Finding>>(),
        screen: Known::from(screen),
    })
}
