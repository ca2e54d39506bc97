//! What the engine's tests share: a house with a database that can be closed and opened again.

#![allow(dead_code, unused_imports, unused_macros)]

pub mod blood;
pub mod follow;
pub mod pull;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use samband_access::Principal;
use samband_domain::figures::model::{FigureRow, Measure, Source};
use samband_domain::kernel::{
    Approval, Capacity, Command as Kernel, Identity, Owner, OwnerKind, Profession, Role,
};
use samband_domain::{
    ActorId, Command, JournalId, Known, MandateId, Mode, SiteId, Time, Window, figures,
};
use samband_engine::{Engine, Failure, ManualClock, Options, Receipt, Request, StartError};
use samband_journal::Store;
use sqlx::Connection as _;
use tempfile::TempDir;

/// Where `cargo xtask verify` keeps a PostgreSQL for the tests.
pub const POSTGRES: &str = "SAMBAND_TEST_POSTGRES";

/// 2025-06-01, noon in UTC: after every period the tests speak of.
pub const NOON: Time = Time(1_748_779_200_000_000);

/// One body, one test per database.
macro_rules! on_both {
    ($($(#[$meta:meta])* $body:ident;)*) => {$(
        $(#[$meta])*
        mod $body {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$body(crate::common::Base::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            #[ignore = "needs PostgreSQL: run cargo xtask verify"]
            async fn postgresql() {
                super::$body(crate::common::Base::postgres().await).await;
            }
        }
    )*};
}
pub(crate) use on_both;

/// Which database.
pub enum Database {
    /// A file in the base's folder.
    Sqlite,
    /// A database of its own on the server, by address.
    Postgres(String),
}

/// A place for databases and keys; gone after the test.
pub struct Base {
    pub folder: TempDir,
    pub postgres: bool,
}

impl Base {
    pub fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), postgres: false }
    }

    pub async fn postgres() -> Self {
        std::env::var(POSTGRES).expect("the address of a PostgreSQL server");
        Self { folder: tempfile::tempdir().unwrap(), postgres: true }
    }

    /// A new, empty house.
    pub async fn house(&self, name: &str) -> House {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let database =
            if self.postgres { Database::Postgres(new_database().await) } else { Database::Sqlite };
        let clock = Arc::new(ManualClock::at(NOON));
        let place = Place { folder, database, clock };
        let engine = place.start().await.unwrap();
        House { place, engine }
    }
}

/// Makes a database with a name that nobody else uses.
async fn new_database() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var(POSTGRES).unwrap();
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut random = [0; 8];
    getrandom::fill(&mut random).unwrap();
    let name = format!("engine_{:x}_{number}", u64::from_be_bytes(random));
    let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(create).execute(&mut connection).await.unwrap();
    let (before, _) = server.rsplit_once('/').unwrap();
    format!("{before}/{name}")
}

/// Where a house stands.
pub struct Place {
    pub folder: PathBuf,
    pub database: Database,
    pub clock: Arc<ManualClock>,
}

impl Place {
    pub fn file(&self) -> PathBuf {
        self.folder.join("samband.db")
    }

    pub fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    pub async fn store(&self) -> Store {
        match &self.database {
            Database::Sqlite => Store::open_sqlite(&self.file()).await.unwrap(),
            Database::Postgres(url) => Store::open_postgres(url).await.unwrap(),
        }
    }

    pub async fn start(&self) -> Result<Engine, StartError> {
        let (store, clock) = (self.store().await, self.clock.clone());
        Engine::start(Options { store, keys: self.keys(), clock }).await
    }
}

/// A running engine.
pub struct House {
    pub place: Place,
    pub engine: Engine,
}

impl House {
    /// Stops and starts again on the same database.
    pub async fn restart(&mut self) {
        self.engine.stop().await;
        self.engine = self.place.start().await.unwrap();
    }

    /// Moves the clock on.
    pub fn pass(&self, seconds: i64) {
        self.place.clock.set(self.engine.now().plus_seconds(seconds));
    }

    /// Opens a region's journal with a new key.
    pub async fn open(&self, region: &str) -> Receipt {
        let key = self.engine.keyring().make(&journal(region)).unwrap();
        let owner =
            Owner { kind: OwnerKind::Region, name: format!("Region {region}"), county_code: None };
        let (mode, key) = (Mode::Demo, key.public());
        let command = Kernel::OpenJournal { owner, mode, key, continues: None };
        self.give(&Principal::Machine, region, command).await.unwrap()
    }

    /// Opens a region with a coordinator, a director and an administrator.
    pub async fn settle(&self, region: &str) {
        self.open(region).await;
        for role in [Role::Coordinator, Role::Director, Role::Administrator] {
            self.employ(region, role).await;
        }
    }

    /// Registers somebody and grants the role; the actor is called as the role.
    pub async fn employ(&self, region: &str, role: Role) {
        let name = role.as_str();
        self.give(&Principal::Machine, region, register(name, &format!("Xsecret {name}")))
            .await
            .unwrap();
        self.give(&Principal::Machine, region, grant(name, role, self.engine.now())).await.unwrap();
    }

    /// Gives a command with a fresh key.
    pub async fn give(
        &self,
        principal: &Principal,
        region: &str,
        command: impl Into<Command>,
    ) -> Result<Receipt, Failure> {
        let request = request(principal, region, &fresh_key(), command);
        self.engine.submit(request).await
    }

    /// Coordinator reports one figure.
    pub async fn report(&self, region: &str, year: i16, value: u64) -> Result<Receipt, Failure> {
        self.give(&person(region, "coordinator"), region, figure(year, value)).await
    }
}

/// A key that was not used before.
pub fn fresh_key() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("key-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

pub fn request(
    principal: &Principal,
    region: &str,
    key: &str,
    command: impl Into<Command>,
) -> Request {
    Request {
        principal: principal.clone(),
        region: journal(region),
        key: key.into(),
        happened: None,
        command: command.into(),
        asked: None,
    }
}

pub fn journal(region: &str) -> JournalId {
    JournalId::new(region).unwrap()
}

pub fn actor(id: &str) -> ActorId {
    ActorId::new(id).unwrap()
}

pub fn person(region: &str, id: &str) -> Principal {
    Principal::Person { actor: actor(id), region: journal(region) }
}

pub fn identity(name: &str) -> Identity {
    Identity { name: name.into(), hsa_id: None, phone: None, email: None }
}

pub fn register(id: &str, name: &str) -> Kernel {
    Kernel::RegisterActor {
        id: Some(actor(id)),
        profession: Profession::Management,
        title: format!("Title of {id}"),
        identity: identity(name),
    }
}

pub fn grant(holder: &str, role: Role, from: Time) -> Kernel {
    Kernel::GrantMandate {
        holder: actor(holder),
        capacity: Capacity::Role(role),
        site: None,
        window: Window::open(from),
        deputy_for: None,
        delegated_from: None,
        review_at: None,
        share_permille: Known::Unknown,
        approval: Approval::NotRequired,
        basis: None,
    }
}

pub fn source() -> Source {
    Source {
        title: "Annual report".into(),
        published: Known::Unknown,
        file: None,
        warnings: Vec::new(),
    }
}

/// A report of one figure: whole-blood donations of a year.
pub fn figure(year: i16, value: u64) -> figures::Command {
    let row = FigureRow {
        measure: Measure::WholeBloodDonations,
        period: year.to_string().parse().unwrap(),
        value: Known::Value(value),
        row: None,
        column: None,
    };
    figures::Command::Report { source: source(), rows: vec![row] }
}

/// The donations in force for a year, with how many figures they replaced.
pub fn donations(engine: &Engine, region: &str, year: i16) -> Option<(Known<u64>, u32)> {
    let world = engine.world();
    let shared = world.journal(&journal(region))?.shared();
    let key = (Measure::WholeBloodDonations, year.to_string().parse().unwrap());
    let figure = shared.figures.figures.get(&key)?;
    Some((figure.value, figure.replaced))
}

/// The mandate of somebody in a region, in force or not.
pub fn mandate_of(engine: &Engine, region: &str, holder: &str) -> MandateId {
    let world = engine.world();
    let mandates = &world.journal(&journal(region)).unwrap().shared().kernel.mandates;
    let held = mandates.values().find(|mandate| mandate.holder == actor(holder));
    held.unwrap().id.clone()
}

pub fn site(id: &str) -> SiteId {
    SiteId::new(id).unwrap()
}

/// A region with a shelf, a code table, and rules that say how long a reservation holds.
pub async fn house_with_blood(base: &Base, region: &str) -> House {
    use samband_domain::rulesets::command::Verdict;
    use samband_domain::rulesets::{Command as Rules, Document, Rule, Scope, Value, key};
    let house = base.house("blood").await;
    house.open(region).await;
    for role in [Role::Scientist, Role::Physician] {
        house.employ(region, role).await;
    }
    house.give(&Principal::Machine, region, blood::open_shelf()).await.unwrap();
    house.give(&Principal::Machine, region, blood::load()).await.unwrap();
    let value = |key, value| {
        let source = "prov".to_owned();
        Rule { key, value: Known::Value(value), source, note: None }
    };
    let rules = vec![
        value(key::RESERVATION_LAPSE_HOURS, Value::Hours(72)),
        value(key::SHELF_LIFE_RED_CELLS, Value::Days(42)),
    ];
    let (scope, title, version) = (Scope::Blood, "Regler".to_owned(), "1".to_owned());
    let text = Document::of(scope, title.clone(), version.clone(), &rules).text();
    let rule_set = samband_domain::Digest::of(text.as_bytes());
    let draft = Rules::Draft { scope, title, version, rules, file: None };
    house.give(&Principal::Machine, region, draft).await.unwrap();
    let review = Rules::Review { rule_set, verdict: Verdict::Approve, comment: None };
    house.give(&person(region, "scientist"), region, review).await.unwrap();
    let adopt = Rules::Adopt { rule_set, from: None };
    house.give(&person(region, "physician"), region, adopt).await.unwrap();
    house
}
