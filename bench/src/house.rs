//! An engine with the four regions, each with a coordinator who may report figures.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use samband_access::Principal;
use samband_domain::figures::{self, FigureRow, Measure, Source};
use samband_domain::kernel::{
    self, Approval, Capacity, Identity, Owner, OwnerKind, Profession, Role,
};
use samband_domain::{ActorId, Command, Digest, JournalId, Known, Mode, Period, Window};
use samband_engine::{Engine, Options, Receipt, Request, SystemClock};
use samband_journal::Store;

/// The regions by id.
pub(crate) const REGIONS: [&str; 4] = ["blekinge", "halland", "kronoberg", "skane"];

/// An engine and who acts in it.
pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) regions: Vec<JournalId>,
    coordinator: ActorId,
}

impl House {
    /// Starts an engine on a store and opens the regions where they are not there.
    pub(crate) async fn open(store: Store, keys: &Path) -> Result<Self> {
        let clock = Arc::new(SystemClock);
        let engine = Engine::start(Options { store, keys: keys.to_owned(), clock }).await?;
        let regions = REGIONS.iter().map(|id| id.parse()).collect::<Result<Vec<_>, _>>()?;
        let house = Self { engine, regions, coordinator: "a-coordinator".parse()? };
        for region in &house.regions {
            if house.engine.world().local(region).is_none() {
                house.found(region).await?;
            }
        }
        Ok(house)
    }

    async fn found(&self, region: &JournalId) -> Result<()> {
        let coordinator = Founder {
            mode: Mode::Exercise,
            actor: &self.coordinator,
            role: Role::Coordinator,
            title: "Blodsamordnare",
        };
        let commands = coordinator.commands(&self.engine, region)?;
        for (n, command) in commands.into_iter().enumerate() {
            let request = Request {
                principal: Principal::Machine,
                region: region.clone(),
                key: format!("found-{n}"),
                happened: None,
                command: Command::Kernel(command),
                asked: None,
            };
            self.engine.submit(request).await?;
        }
        Ok(())
    }

    /// The `n`th command of a run: a coordinator reports one figure of one day.
    pub(crate) fn report(&self, n: u64) -> Request {
        let region = self.regions[(n % self.regions.len() as u64) as usize].clone();
        let principal =
            Principal::Person { actor: self.coordinator.clone(), region: region.clone() };
        let row = FigureRow {
            measure: Measure::WholeBloodDonations,
            period: day(n / 4),
            value: Known::Value(n),
            row: None,
            column: None,
        };
        let command = figures::Command::Report { source: source(), rows: vec![row] };
        Request {
            principal,
            region,
            key: key(n),
            happened: None,
            command: command.into(),
            asked: None,
        }
    }

    /// Gives one command and insists that it was carried out now.
    pub(crate) async fn submit(&self, n: u64) -> Result<Receipt> {
        let receipt = self.engine.submit(self.report(n)).await?;
        if receipt.count != 1 || receipt.repeated {
            return Err(anyhow!("command {n} led to {} records", receipt.count));
        }
        Ok(receipt)
    }
}

/// Clients' keys are random; these are so from a seed, the same for both sides.
fn key(n: u64) -> String {
    let digest = Digest::of(&n.to_be_bytes()).to_string();
    digest[..32].to_owned()
}

/// A source as a person would type it.
pub(crate) fn source() -> Source {
    Source {
        title: "Produktionsrapport blodverksamheten".into(),
        published: Known::Unknown,
        file: None,
        warnings: Vec::new(),
    }
}

/// One of the days of 2014 to 2023, over and over.
pub(crate) fn day(n: u64) -> Period {
    let (year, month, date) = (2014 + n / 336 % 10, n / 28 % 12 + 1, n % 28 + 1);
    let text = format!("{year}-{month:02}-{date:02}");
    text.parse().expect("the first 28 days are in every month")
}

/// Whoever a region begins with.
pub(crate) struct Founder<'a> {
    /// The journal's mode.
    pub(crate) mode: Mode,
    /// Who.
    pub(crate) actor: &'a ActorId,
    /// In which role.
    pub(crate) role: Role,
    /// By which title.
    pub(crate) title: &'a str,
}

impl Founder<'_> {
    /// The journal, the person and the role, for the machine to give.
    pub(crate) fn commands(
        &self,
        engine: &Engine,
        region: &JournalId,
    ) -> Result<[kernel::Command; 3]> {
        let key = engine.keyring().make(region)?.public();
        let owner =
            Owner { kind: OwnerKind::Region, name: format!("Region {region}"), county_code: None };
        let identity =
            Identity { name: "Kim Exempel".into(), hsa_id: None, phone: None, email: None };
        Ok([
            kernel::Command::OpenJournal { owner, mode: self.mode, key, continues: None },
            kernel::Command::RegisterActor {
                id: Some(self.actor.clone()),
                profession: Profession::Management,
                title: self.title.into(),
                identity,
            },
            kernel::Command::GrantMandate {
                holder: self.actor.clone(),
                capacity: Capacity::Role(self.role),
                site: None,
                window: Window::open(engine.now()),
                deputy_for: None,
                delegated_from: None,
                review_at: None,
                share_permille: Known::Unknown,
                approval: Approval::NotRequired,
                basis: None,
            },
        ])
    }
}
