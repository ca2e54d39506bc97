//! What the record says of a donation and the units made of it, in every region that had them.

use samband_access::Action;
use samband_domain::blood::Event as Blood;
use samband_domain::blood::command::Standing;
use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::{Din, Entry, Phenotype, Tested, UnitId};
use samband_domain::words::RecordRef;
use samband_domain::{ActorId, Event, JournalId, Known, Private, SharedState, Subject, Time};
use samband_engine::World;

use super::{App, Problem, Visitor, stock};
use crate::pages::records;
use crate::text::{Arg, Words};

/// Most records of one donation that are read; a unit leaves a dozen.
const RECORDS_MAX: u32 = 200;

/// Something that happened to units of a donation.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where it stands.
    pub at: RecordRef,
    /// When it was recorded.
    pub recorded: Time,
    /// Who acted, by title.
    pub actor: String,
    /// The kind of event.
    pub kind: String,
    /// The donation's units that it is about.
    pub units: Vec<UnitId>,
    /// What was said.
    pub event: Blood,
}

/// A unit that left the stock, as the record last described it.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// In whose journal.
    pub region: JournalId,
    /// Its facts.
    pub entry: Entry,
    /// What was tested, as far as it was said.
    pub tested: Option<Tested>,
    /// The last thing that happened to it.
    pub last: Step,
}

/// Everything recorded of a donation, oldest first, in every region known here.
///
/// # Errors
/// A problem if the store does not answer.
pub async fn of_donation(
    app: &App,
    world: &World,
    visitor: &Visitor,
    din: Din,
) -> Result<Vec<Step>, Problem> {
    let subject = Subject::donation(&din);
    let handles = visitor.may(app, Action::QuarantineUnits);
    let mut steps = Vec::new();
    for journal in world.journals.values() {
        // For whom a unit was set aside is for those who handle units, in their own region.
        let own = journal.id == visitor.region && journal.is_local() && handles;
        let store = app.engine.store();
        let found = store.about(&journal.id, &subject, None, RECORDS_MAX).await?;
        let entries = found.into_iter().map(|record| records::Entry::of(record, own));
        steps.extend(entries.filter_map(|entry| step(entry, journal.shared(), din)));
    }
    // Two journals' clocks may disagree; within one journal the order is its own.
    steps.sort_by(|a: &Step, b: &Step| {
        let key = |one: &Step| (one.recorded, one.at.epoch, one.at.seq);
        key(a).cmp(&key(b))
    });
    Ok(steps)
}

fn step(entry: records::Entry, shared: &SharedState, din: Din) -> Option<Step> {
    let said = entry.said?;
    let Some(Event::Blood(event)) = said.event else { return None };
    let mut units = event.units();
    units.retain(|unit| unit.din == din);
    let actor = title(shared, &said.actor);
    let (at, recorded, kind) = (entry.at, entry.recorded, said.kind);
    Some(Step { at, recorded, actor, kind, units, event })
}

fn title(shared: &SharedState, actor: &ActorId) -> String {
    let held = shared.kernel.actors.get(actor);
    held.map_or_else(|| actor.to_string(), |person| person.title.clone())
}

impl Step {
    /// The facts of a unit as this record states them.
    #[must_use]
    pub fn entry(&self, unit: &UnitId) -> Option<(&Entry, Option<&Tested>)> {
        let load = match &self.event {
            Blood::TakenOver(event, _) => &event.load,
            Blood::Produced(event, _) => &event.load,
            Blood::Dispatched(event, _) => &event.load,
            Blood::Received(event, _) => &event.load,
            _ => return None,
        };
        let entry = load.units.iter().find(|entry| entry.id == *unit)?;
        Some((entry, entry.tested.and_then(|at| load.tested.get(usize::from(at)))))
    }

    /// What happened to a unit, in words.
    #[must_use]
    pub fn text(&self, w: Words, world: &World, unit: &UnitId) -> String {
        let site = |id| stock::site_name(world, &self.at.journal, id);
        let say = |key: &str, args: &[(&str, Arg<'_>)]| w.t_args(key, args);
        match &self.event {
            Blood::TakenOver(event, _) => {
                let place = event.load.units.iter().position(|entry| entry.id == *unit);
                let standing = place.and_then(|place| event.standings.get(place));
                let standing = match standing {
                    Some(Standing::Available) => "available",
                    Some(Standing::Reserved { .. }) => "reserved",
                    _ => "quarantined",
                };
                let standing = w.dynamic("unit-status-", standing);
                let file = event.file.as_ref().map(|(name, _)| name.clone());
                let site = site(&event.site);
                match file {
                    Some(file) => say(
                        "unit-said-taken-over-file",
                        &[
                            ("site", site.into()),
                            ("status", standing.into()),
                            ("file", file.into()),
                        ],
                    ),
                    None => say(
                        "unit-said-taken-over",
                        &[("site", site.into()), ("status", standing.into())],
                    ),
                }
            }
            Blood::Produced(event, _) => {
                let process = event.from.process();
                let process = w.dynamic("process-", process.as_str());
                let used = event.consumed.contains(unit);
                let key = if used { "unit-said-used-up" } else { "unit-said-produced" };
                say(key, &[("site", site(&event.site).into()), ("process", process.into())])
            }
            Blood::Counted(event, _) => {
                let key = if event.missing.contains(unit) {
                    "unit-said-count-missing"
                } else if event.found_again.contains(unit) {
                    "unit-said-count-found"
                } else if event.moved.contains(unit) {
                    "unit-said-count-moved"
                } else {
                    "unit-said-count-unknown"
                };
                say(key, &[("site", site(&event.site).into())])
            }
            Blood::Dispatched(event, _) => {
                let to = stock::site_name(world, &event.way.to_region, &event.way.to_site);
                say(
                    "unit-said-dispatched",
                    &[("from", site(&event.way.from).into()), ("to", to.into())],
                )
            }
            Blood::Received(event, _) => {
                let said = event.outcomes.iter().find(|(one, _)| one == unit);
                let outcome = said.map_or(Arrival::Missing, |(_, outcome)| *outcome);
                let key = match outcome {
                    Arrival::Accepted => "unit-said-received",
                    Arrival::Quarantined => "unit-said-received-quarantined",
                    Arrival::Missing => "unit-said-received-missing",
                };
                with_note(say(key, &[("site", site(&event.site).into())]), event.note.as_deref())
            }
            Blood::Settled(event, _) => {
                let arrived = event.arrived.contains(unit);
                w.t(if arrived { "unit-said-settled" } else { "unit-said-settled-missing" })
            }
            _ => self.handled(w),
        }
    }

    /// What somebody at the site did with it.
    fn handled(&self, w: Words) -> String {
        let say = |key: &str, args: &[(&str, Arg<'_>)]| w.t_args(key, args);
        match &self.event {
            Blood::Corrected(event, because) => {
                let mut what = Vec::new();
                if let Some(group) = event.group {
                    let group = group.value().map_or_else(|| w.unknown(), |g| g.to_string());
                    what.push(say("unit-said-group", &[("group", group.into())]));
                }
                if let Some(expiry) = event.expiry {
                    let expiry = w.date_time(expiry.0);
                    what.push(say("unit-said-expiry", &[("expiry", expiry.into())]));
                }
                if let Some(phenotype) = event.phenotype {
                    let found = Some(antigens_text(phenotype)).filter(|text| !text.is_empty());
                    let found = found.unwrap_or_else(|| w.unknown());
                    what.push(say("unit-said-phenotype", &[("antigens", found.into())]));
                }
                let what = what.join(", ");
                let text = say("unit-said-corrected", &[("what", what.into())]);
                with_note(text, here(because).map(|because| because.reason.as_str()))
            }
            Blood::Quarantined(event, note) => {
                let reason = w.dynamic("quarantine-", event.reason.as_str());
                let text = say("unit-said-quarantined", &[("reason", reason.into())]);
                with_note(text, here(note).and_then(|note| note.note.as_deref()))
            }
            Blood::Released(event, _) => {
                say("unit-said-released", &[("rules", event.rule_set.short().into())])
            }
            Blood::TestsRecorded(event, _) => {
                let tests = tests_text(w, &event.tested);
                say("unit-said-tested", &[("tests", tests.into())])
            }
            Blood::DonationTested(event, _) => {
                let tests = event.tested.as_ref().map(|tested| tests_text(w, tested));
                let tests = tests.unwrap_or_else(|| w.unknown());
                let group = group_text(w, event.group);
                let args = [("group", group.into()), ("tests", tests.into())];
                say("unit-said-donation-tested", &args)
            }
            Blood::Discarded(event, note) => {
                let reason = w.dynamic("discard-", event.reason.as_str());
                let text = say("unit-said-discarded", &[("reason", reason.into())]);
                with_note(text, here(note).and_then(|note| note.note.as_deref()))
            }
            Blood::Reserved(event, private) => {
                let until = w.date_time(event.until.0);
                let text = say("unit-said-reserved", &[("until", until.into())]);
                with_note(text, here(private).map(|said| said.purpose.as_str()))
            }
            Blood::Unreserved(_, private) => {
                let reason = here(private).map(|because| because.reason.as_str());
                with_note(w.t("unit-said-unreserved"), reason)
            }
            Blood::Lapsed(..) => w.t("unit-said-lapsed"),
            Blood::Outdated(..) => w.t("unit-said-outdated"),
            _ => String::new(),
        }
    }
}

/// What stays in the region, if it is here.
const fn here<T>(private: &Private<T>) -> Option<&T> {
    match private {
        Private::Here(said) => Some(said),
        Private::Absent(_) => None,
    }
}

fn with_note(text: String, note: Option<&str>) -> String {
    match note {
        Some(note) => format!("{text}: {note}"),
        None => text,
    }
}

/// Tests with their results, in words.
#[must_use]
pub fn tests_text(w: Words, tested: &Tested) -> String {
    let one = |(code, result): &(samband_domain::words::Code, _)| {
        let result: &samband_domain::blood::model::TestResult = result;
        let test = w.dynamic("test-", code.as_str());
        format!("{test} {}", w.dynamic("test-result-", result.as_str()))
    };
    tested.results.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The units of a donation that are in no region's live stock any more, as they were last
/// described.
#[must_use]
pub fn past(steps: &[Step], live: &[UnitId]) -> Vec<Past> {
    let mut all: Vec<UnitId> = steps.iter().flat_map(|step| step.units.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all.retain(|unit| !live.contains(unit));
    let one = |unit: UnitId| {
        let of_unit = || steps.iter().filter(|step| step.units.contains(&unit));
        let described = of_unit().filter_map(|step| step.entry(&unit)).next_back()?;
        let mut entry = described.0.clone();
        let mut tested = described.1.cloned();
        for step in of_unit() {
            match &step.event {
                Blood::Corrected(right, _) => {
                    entry.group = right.group.unwrap_or(entry.group);
                    entry.expiry = right.expiry.unwrap_or(entry.expiry);
                    entry.phenotype = right.phenotype.unwrap_or(entry.phenotype);
                }
                Blood::TestsRecorded(said, _) => tested = Some(said.tested.clone()),
                Blood::DonationTested(said, _) => {
                    entry.group = said.group.value().map_or(entry.group, Known::Value);
                    entry.phenotype = said.phenotype;
                    tested.clone_from(&said.tested);
                }
                _ => {}
            }
        }
        let last = of_unit().next_back()?.clone();
        Some(Past { region: last.at.journal.clone(), entry, tested, last })
    };
    all.into_iter().filter_map(one).collect()
}

/// Antigens with their results as people write them, and as they are read back: `K neg, c pos`.
#[must_use]
pub fn antigens_text(phenotype: Phenotype) -> String {
    let present = phenotype.present().iter().map(|antigen| (antigen, "pos"));
    let absent = phenotype.absent().iter().map(|antigen| (antigen, "neg"));
    let all: Vec<_> = present.chain(absent).map(|(one, sign)| format!("{one} {sign}")).collect();
    all.join(", ")
}

/// A known group in words.
#[must_use]
pub fn group_text(w: Words, group: Known<samband_domain::blood::model::Group>) -> String {
    group.value().map_or_else(|| w.unknown(), |group| group.to_string())
}
