//! Seven regions with four roles each, on one engine.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result, anyhow};
use samband_access::Principal;
use samband_domain::alarms::command::Draft;
use samband_domain::alarms::model::{
    Channel, DutyRole, Kind, Outcome, Party, Recipient, Turn, Way,
};
use samband_domain::alarms::view::Message;
use samband_domain::alarms::{self, Event};
use samband_domain::incidents::Command as Incidents;
use samband_domain::incidents::model::{Assessment, CareMode, Finding, Holds, Report};
use samband_domain::kernel::Role;
use samband_domain::words::AlarmId;
use samband_domain::{ActorId, Command, Digest, Event as Any, JournalId, Known, Mode, Window};
use samband_engine::{Engine, Failure, Options, Receipt, Request, SystemClock};
use samband_journal::Store;
use tokio::task::JoinHandle;

use crate::house::Founder;

/// The regions of Mellansverige.
pub(super) const REGIONS: [&str; 7] =
    ["dalarna", "gavleborg", "orebro", "sormland", "uppsala", "varmland", "vastmanland"];

const ROLES: [DutyRole; 4] =
    [DutyRole::Tib, DutyRole::RegionalCommand, DutyRole::BloodCentre, DutyRole::Transport];

/// How many are alarmed.
pub(super) const fn recipients() -> usize {
    REGIONS.len() * ROLES.len()
}

fn everybody() -> impl Iterator<Item = Recipient> {
    let parties = REGIONS.iter().map(|id| Party::Region(id.parse().expect("a short name")));
    parties
        .flat_map(|party| ROLES.iter().map(move |role| (party.clone(), *role)))
        .map(|(party, role)| Recipient { party, role })
}

/// The engine and what is on its way to it.
pub(super) struct Net {
    pub(super) engine: Engine,
    tib: ActorId,
    keys: AtomicU64,
    reports: Mutex<Vec<JoinHandle<Result<Receipt, Failure>>>>,
}

impl Net {
    /// Opens the regions, each with a duty officer who may alarm and a roster for every role.
    pub(super) async fn open(folder: &Path) -> Result<Self> {
        let store = Store::open_sqlite(&folder.join("samband.db")).await?;
        let (keys, clock) = (folder.join("keys"), Arc::new(SystemClock));
        let engine = Engine::start(Options { store, keys, clock }).await?;
        let (tib, keys) = ("a-tib".parse()?, AtomicU64::new(0));
        let net = Self { engine, tib, keys, reports: Mutex::default() };
        for region in REGIONS {
            net.found(&region.parse()?).await?;
        }
        Ok(net)
    }

    async fn found(&self, region: &JournalId) -> Result<()> {
        let tib = Founder {
            mode: Mode::Demo,
            actor: &self.tib,
            role: Role::Tib,
            title: "Tjänsteperson i beredskap",
        };
        let commands = tib.commands(&self.engine, region)?;
        for command in commands {
            self.give(Principal::Machine, region, command).await?;
        }
        for of in everybody().filter(|of| of.party == Party::Region(region.clone())) {
            let turns = (0..2).map(|rank| self.turn(of.role, rank)).collect();
            self.give(self.tib(region), region, alarms::Command::SetRoster { of, turns }).await?;
        }
        Ok(())
    }

    fn turn(&self, role: DutyRole, rank: u8) -> Turn {
        let way = |channel, address: String| Way { channel, address };
        Turn {
            actor: None,
            name: format!("{role} {rank}"),
            rank,
            window: Window::open(self.engine.now()),
            ways: vec![
                way(Channel::Webhook, format!("http://127.0.0.1:9/{role}-{rank}")),
                way(Channel::Email, format!("{role}-{rank}@exempel.test")),
                way(Channel::Sms, format!("+467017406{rank}9")),
            ],
        }
    }

    fn tib(&self, region: &JournalId) -> Principal {
        Principal::Person { actor: self.tib.clone(), region: region.clone() }
    }

    fn request(
        &self,
        principal: Principal,
        region: &JournalId,
        command: impl Into<Command>,
    ) -> Request {
        let n = self.keys.fetch_add(1, Ordering::Relaxed);
        let key = Digest::of(&n.to_be_bytes()).to_string();
        let (region, command) = (region.clone(), command.into());
        Request { principal, region, key, happened: None, command, asked: None }
    }

    async fn give(
        &self,
        principal: Principal,
        region: &JournalId,
        command: impl Into<Command>,
    ) -> Result<Receipt> {
        let request = self.request(principal, region, command);
        self.engine.submit(request).await.map_err(|failure| anyhow!("{failure}"))
    }

    /// Confirms, assesses and alarms everybody with one signature.
    pub(super) async fn raise(&self, from: usize) -> Result<AlarmId> {
        let region = REGIONS[from].parse()?;
        let found = || Finding {
            holds: Holds::Suspected,
            basis: "ambulansrapport".into(),
            source: "SOS Alarm".into(),
        };
        let report = Report {
            title: "Bussolycka".into(),
            text: "Två bussar, många skadade".into(),
            source: "SOS Alarm".into(),
            place: Known::Unknown,
            happened: Known::Unknown,
            injured: Known::Unknown,
        };
        let alarm = Draft {
            incident: None,
            kind: Kind::Regional,
            headline: "Bussolycka".into(),
            text: "Många skadade".into(),
            place: Known::Unknown,
            injured: Known::Unknown,
            to: everybody().collect(),
            replaces: None,
        };
        let raise = Incidents::Raise {
            incident: None,
            report: Box::new(report),
            basis: "fler skadade än resurser".into(),
            mode: CareMode::Staff,
            assessment: Assessment { harm: found(), imbalance: found() },
            alarm: Box::new(alarm),
        };
        let receipt = self.give(self.tib(&region), &region, raise).await?;
        let issued = receipt.events.iter().find_map(|event| match event {
            Any::Alarms(Event::Issued(alarm, _)) => Some(alarm.id.clone()),
            _ => None,
        });
        issued.context("no alarm was issued")
    }

    /// Records that a message was handed over, as a sender does, without waiting for it.
    pub(super) fn attempted(&self, region: usize, message: &Message) {
        let command = alarms::Command::Attempted {
            key: message.key.clone(),
            person: message.person,
            channel: message.way.channel,
            number: message.number,
            outcome: Outcome::Sent,
            detail: None,
        };
        let Ok(region) = REGIONS[region].parse() else { return };
        let request = self.request(Principal::Engine, &region, command);
        let engine = self.engine.clone();
        let report = tokio::spawn(async move { engine.submit(request).await });
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).push(report);
    }

    /// Waits until all of that is recorded.
    pub(super) async fn settled(&self) {
        let reports =
            std::mem::take(&mut *self.reports.lock().unwrap_or_else(PoisonError::into_inner));
        for report in reports {
            if let Ok(Err(failure)) = report.await {
                eprintln!("bench: an attempt was not recorded: {failure}");
            }
        }
    }
}
