//! Commands to be allowed or refused.

use crate::common::{Desk, Key, START, actor, hours, id};
use samband_domain::agreements::{AgreementKind, Command as Agreements};
use samband_domain::bonds::{Command as Bonds, Peer, Reach};
use samband_domain::figures::{Command as Figures, FigureRow, Measure, Source};
use samband_domain::kernel::{
    Approval, Capacity, Command as Kernel, LegalRole, RecordKeeper, Role, SiteKind,
};
use samband_domain::{Command, Digest, Known, MandateId, Mode, Period, SiteId, Window};

/// A mandate to be changed by the one thing a test is about.
pub struct Grant {
    pub holder: &'static str,
    pub capacity: Capacity,
    pub site: Option<SiteId>,
    pub window: Window,
    pub deputy_for: Option<MandateId>,
    pub delegated_from: Option<MandateId>,
    pub review_at: Option<i64>,
    pub share: Option<u16>,
    pub approval: Approval,
}

impl Default for Grant {
    fn default() -> Self {
        Self {
            holder: "a-2",
            capacity: Capacity::Role(Role::Physician),
            site: None,
            window: hours(0, 100),
            deputy_for: None,
            delegated_from: None,
            review_at: Some(50),
            share: None,
            approval: Approval::NotRequired,
        }
    }
}

impl From<Grant> for Command {
    fn from(grant: Grant) -> Self {
        let command = Kernel::GrantMandate {
            holder: actor(grant.holder),
            capacity: grant.capacity,
            site: grant.site,
            window: grant.window,
            deputy_for: grant.deputy_for,
            delegated_from: grant.delegated_from,
            review_at: grant.review_at.map(|hour| START.plus_seconds(hour * 3_600)),
            share_permille: grant.share.into(),
            approval: grant.approval,
            basis: None,
        };
        command.into()
    }
}

pub fn approved() -> Approval {
    let (authority, reference) = ("IVO".into(), "dnr 1".into());
    Approval::Approved { authority, reference, decided: START }
}

pub fn pending() -> Approval {
    Approval::Pending { authority: "IVO".into(), asked: Known::Unknown }
}

pub fn task() -> Capacity {
    Capacity::Delegation { task: "givargodkännande".into() }
}

pub fn quality() -> Capacity {
    Capacity::Legal(LegalRole::QualityControlManager)
}

pub fn held(desk: &Desk) -> MandateId {
    desk.region.shared.kernel.mandates.keys().next().expect("a mandate").clone()
}

pub fn with(grant: Grant) -> Desk {
    let mut desk = Desk::open("skane");
    desk.must("a-1", grant);
    desk
}

pub fn site(name: &str) -> SiteId {
    SiteId::new(name).unwrap()
}

pub fn open_site(name: &str, parent: Option<&str>, window: Window) -> Kernel {
    Kernel::OpenSite {
        id: Some(site(name)),
        name: name.into(),
        kind: SiteKind::Hospital,
        parent: parent.map(site),
        record: RecordKeeper::Samband,
        window,
        note: None,
    }
}

pub fn with_sites() -> Desk {
    let mut desk = Desk::open("skane");
    desk.must("a-1", open_site("sus", None, hours(0, 100)));
    desk.must("a-1", open_site("lund", Some("sus"), hours(0, 50)));
    desk
}

pub fn close(name: &str, hour: i64) -> Kernel {
    let at = START.plus_seconds(hour * 3_600);
    Kernel::CloseSite { site: site(name), at, reason: "flytt".into() }
}

pub fn erase(who: &str) -> Kernel {
    Kernel::EraseActor { actor: actor(who), ground: "begäran".into() }
}

pub fn end(mandate: MandateId, hour: i64) -> Kernel {
    let at = START.plus_seconds(hour * 3_600);
    Kernel::EndMandate { mandate, at, reason: "slut".into() }
}

pub fn glass(minutes: u16) -> Kernel {
    Kernel::BreakGlass { reason: "olycka".into(), minutes }
}

pub fn review(desk: &Desk) -> Kernel {
    let mandate = desk.region.own.kernel.glass[0].mandate.clone();
    Kernel::ReviewGlass { mandate, finding: "befogat".into() }
}

pub fn rows(rows: &[(Measure, i16, u64)]) -> Figures {
    let row = |(measure, year, value): &(Measure, i16, u64)| FigureRow {
        measure: *measure,
        period: Period::Year(*year),
        value: Known::Value(*value),
        row: None,
        column: None,
    };
    let (title, published) = ("Årsrapport".into(), Known::Unknown);
    let source = Source { title, published, file: None, warnings: vec![] };
    Figures::Report { source, rows: rows.iter().map(row).collect() }
}

pub fn correct(value: u64) -> Figures {
    Figures::Correct {
        measure: Measure::Population,
        period: Period::Year(2024),
        value: Known::Value(value),
        reason: "fel".into(),
    }
}

pub fn trust(journal: &str, url: &str, mode: Mode) -> Bonds {
    let peer = Peer { journal: id(journal), key: Key::new(1).public(), mode };
    Bonds::Trust { peer, reach: Reach { url: url.into(), certificate: Digest::ZERO } }
}

/// Trust in a journal by another key than the tests' usual one.
pub fn trust_key(journal: &str, key: u8) -> Bonds {
    let peer = Peer { journal: id(journal), key: Key::new(key).public(), mode: Mode::Demo };
    let url = "https://samband.example".into();
    Bonds::Trust { peer, reach: Reach { url, certificate: Digest::ZERO } }
}

pub fn propose(parties: &[&str], clauses: &[&str], window: Window) -> Agreements {
    Agreements::Propose {
        title: "Avtal".into(),
        kind: AgreementKind::Supply,
        parties: parties.iter().map(|party| id(party)).collect(),
        clauses: clauses.iter().map(|clause| (*clause).into()).collect(),
        window,
        reference: None,
        terms: None,
    }
}

pub type Case = (Desk, &'static str, Command);

pub fn case(desk: Desk, who: &'static str, command: impl Into<Command>) -> Case {
    (desk, who, command.into())
}
