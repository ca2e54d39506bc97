//! The first situation report: what every region says of an incident, field by field.

use samband_domain::alarms::model::{DutyRole, Owed, Party};
use samband_domain::incidents::Incident;
use samband_domain::kernel::Role;
use samband_domain::readiness::Situation as Said;
use samband_domain::readiness::model::{Fact, Field, Section, Source, Stated};
use samband_domain::readiness::view::{Merged, field};
use samband_domain::words::{AlarmId, IncidentId};
use samband_domain::{JournalId, Known, Mode, Time};
use samband_engine::{Journal, World};
use samband_exchange::{Cell, Table};

use super::{Fresh, regions, shared};
use crate::app::{Problem, Visitor};
use crate::tables::columns;
use crate::text::Words;

/// An incident with what the regions say of it.
#[derive(Clone, Debug)]
pub struct Situation<'w> {
    /// Whose incident.
    pub issuer: &'w Journal,
    /// Its id.
    pub id: IncidentId,
    /// The incident.
    pub incident: &'w Incident,
    /// The regions that are asked, or that report unasked.
    pub regions: Vec<&'w Journal>,
    /// The world's mode.
    pub mode: Mode,
}

/// One region's reports.
#[derive(Clone, Debug)]
pub struct Part<'w> {
    /// The region.
    pub region: &'w Journal,
    /// What it has said; none if nothing.
    pub said: Option<&'w Said>,
}

impl Part<'_> {
    /// When the last report was known here.
    #[must_use]
    pub fn last(&self) -> Option<Time> {
        self.said.and_then(|said| said.said.values().map(|one| one.said).max())
    }

    /// When the next is due, if that was said.
    #[must_use]
    pub fn next(&self) -> Option<Time> {
        self.said.and_then(|said| said.next).and_then(Known::value)
    }

    /// Whether the next report is late.
    #[must_use]
    pub fn late(&self, now: Time) -> bool {
        self.next().is_some_and(|next| next < now)
    }

    /// How fresh what the region says is: late is old, whatever it said before.
    #[must_use]
    pub fn fresh(&self, now: Time) -> Option<Fresh> {
        let last = self.last()?;
        Some(if self.late(now) { Fresh::Old } else { Fresh::of(last, now) })
    }
}

/// An incident by its owner and id.
///
/// # Errors
/// A problem if nobody here knows it.
pub fn find<'w>(
    world: &'w World,
    reader: &JournalId,
    (issuer, id): (&str, &str),
) -> Result<Situation<'w>, Problem> {
    let unknown = || Problem::not_found(id);
    let incident = IncidentId::new(id).map_err(|_| unknown())?;
    let issuer = super::region(world, reader, issuer)?;
    let held = issuer.shared().incidents.incidents.get(&incident).ok_or_else(unknown)?;
    let issued = &issuer.shared().alarms.issued;
    let alarms: Vec<_> = held.alarms.iter().filter_map(|alarm| issued.get(alarm)).collect();
    let addressed = |region: &JournalId| {
        let to = |party: &Party| matches!(party, Party::Region(one) if one == region);
        alarms.iter().any(|one| one.alarm.to.iter().any(|one| to(&one.party)))
    };
    let key = (issuer.id.clone(), incident.clone());
    let all = regions(world, reader).into_iter().filter(|one| {
        let says = one.shared().readiness.situations.contains_key(&key);
        alarms.is_empty() || one.id == issuer.id || says || addressed(&one.id)
    });
    let mode = issuer.mode().unwrap_or(Mode::Real);
    Ok(Situation { issuer, id: incident, incident: held, regions: all.collect(), mode })
}

impl<'w> Situation<'w> {
    /// What is stated of a field. The incident is one, and what regions say of it is held against
    /// each other; what each region says of itself (its ambulances, its mode) stands side by side.
    #[must_use]
    pub fn accounts(&self, of: Field) -> Vec<Merged<'w>> {
        let all = shared(&self.regions);
        if of_incident(of) {
            return field(&all, &self.issuer.id, &self.id, of).into_iter().collect();
        }
        let each = all.iter().map(std::slice::from_ref);
        each.filter_map(|one| field(one, &self.issuer.id, &self.id, of)).collect()
    }

    /// Region by region.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'w>> {
        let key = (self.issuer.id.clone(), self.id.clone());
        let said = |one: &&'w Journal| one.shared().readiness.situations.get(&key);
        self.regions.iter().map(|one| Part { region: one, said: said(one) }).collect()
    }

    /// What one region has said.
    #[must_use]
    pub fn of(&self, region: &JournalId) -> Option<&'w Said> {
        self.parts().into_iter().find(|one| one.region.id == *region).and_then(|one| one.said)
    }

    /// How many have reported, of how many.
    #[must_use]
    pub fn reported(&self) -> (usize, usize) {
        let parts = self.parts();
        (parts.iter().filter(|one| one.said.is_some()).count(), parts.len())
    }

    /// The alarm by which a region owes its report; the last one, if by several.
    #[must_use]
    pub fn owed_by(&self, region: &JournalId) -> Option<AlarmId> {
        let journal = self.regions.iter().find(|one| one.id == *region)?;
        let owed = journal.shared().alarms.obligations.iter().filter(|(key, held)| {
            let own = matches!(&key.to.party, Party::Region(one) if one == region);
            let due = held.closed.is_none() && !held.delivered.contains_key(&Owed::Report);
            let of = self.incident.alarms.contains(&key.alarm);
            own && due && of && key.issuer == self.issuer.id && key.to.role == DutyRole::Tib
        });
        owed.max_by_key(|(_, held)| held.since).map(|(key, _)| key.alarm.clone())
    }
}

/// Whether a field is about the incident, and not about the region that fills it in.
#[must_use]
pub const fn of_incident(of: Field) -> bool {
    matches!(of.section(), Section::Event | Section::Casualties)
}

/// The fields of a section, in their order.
pub fn of_section(section: Section) -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(move |one| one.section() == section)
}

/// What a person's statements count as, by the roles held.
#[must_use]
pub fn source_of(visitor: &Visitor) -> Source {
    let has = |role: Role| visitor.roles.contains(&role);
    match () {
        () if has(Role::Commander) => Source::RegionalCommand,
        () if has(Role::Tib) => Source::Tib,
        () if has(Role::Physician) || has(Role::Nurse) || has(Role::Manager) => {
            Source::HospitalCommand
        }
        () if has(Role::Scientist) || has(Role::Coordinator) => Source::BloodCentre,
        () => Source::Other,
    }
}

/// What is said, in words.
#[must_use]
pub fn stated_text(w: Words, stated: &Stated) -> String {
    match stated {
        Stated::Unknown => w.unknown(),
        Stated::NotApplicable => w.t("ready-not-applicable"),
        Stated::Value(Fact::Text(text)) => text.clone(),
        Stated::Value(Fact::Count(count)) => w.int(*count),
        Stated::Value(Fact::Range(range)) if range.least == range.most => w.int(range.least),
        Stated::Value(Fact::Range(range)) => {
            format!("{}–{}", w.int(range.least), w.int(range.most))
        }
        Stated::Value(Fact::Flag(true)) => w.t("ready-yes"),
        Stated::Value(Fact::Flag(false)) => w.t("ready-no"),
    }
}

/// A statement's state as it stands in exports.
#[must_use]
pub const fn state_name(stated: &Stated) -> &'static str {
    match stated {
        Stated::Value(_) => "value",
        Stated::Unknown => "unknown",
        Stated::NotApplicable => "not_applicable",
    }
}

/// Everything that is said of an incident, a line each: what holds and what others say instead.
#[must_use]
pub fn table(w: Words, situation: &Situation<'_>) -> Table {
    let keys = [
        "region",
        "section",
        "field",
        "state",
        "value",
        "holds",
        "source",
        "certainty",
        "valid",
        "known",
        "version",
        "mode",
    ];
    let mut rows = Vec::new();
    for of in Field::ALL.iter().copied() {
        let all = situation.accounts(of).into_iter().flat_map(|merged| {
            let others = merged.others.into_iter().map(|one| (false, one));
            std::iter::once((true, merged.holds)).chain(others)
        });
        for (holds, (region, said)) in all {
            let one = &said.what;
            let value = match &one.stated {
                Stated::Value(_) => Cell::Text(stated_text(w, &one.stated)),
                Stated::Unknown => Cell::Unknown,
                Stated::NotApplicable => Cell::Text(String::new()),
            };
            let version = situation.of(region).map_or(0, |said| u64::from(said.version));
            rows.push(vec![
                region.as_str().into(),
                of.section().as_str().into(),
                of.as_str().into(),
                state_name(&one.stated).into(),
                value,
                if holds { "yes" } else { "no" }.into(),
                one.source.as_str().into(),
                one.certainty.as_str().into(),
                one.valid.into(),
                said.said.into(),
                version.into(),
                situation.mode.as_str().into(),
            ]);
        }
    }
    Table { name: "situation".into(), columns: columns(w, &keys), rows }
}
