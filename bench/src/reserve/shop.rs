//! A region with four blood centres full of red cells, and a biomedical scientist who sets aside.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use samband_access::Principal;
use samband_domain::blood::command::{Row, Standing};
use samband_domain::blood::model::stock::Oldest;
use samband_domain::blood::model::{
    Attributes, CodeTable, CodeTableParts, Component, FacilityRow, Group, Pdc, Phenotype, Product,
    ProductRow, Status, TestResult, UnitId,
};
use samband_domain::blood::{Command as Blood, Event as Stock};
use samband_domain::kernel::{
    Approval, Capacity, Command as Kernel, Identity, Profession, RecordKeeper, Role, SiteKind,
};
use samband_domain::rulesets::{
    Command as Rules, Document, Rule, Scope, Value, Verdict, key as rule_key,
};
use samband_domain::words::Code;
use samband_domain::{ActorId, Command, Digest, Event, JournalId, Known, SiteId, Time, Window};
use samband_engine::Request;
use samband_journal::Store;

use crate::house::House;

/// The blood centres.
const SITES: [&str; 4] = ["bc-1", "bc-2", "bc-3", "bc-4"];

/// Units in one command of taking over.
const AT_A_TIME: usize = 5_000;

/// A unit of the stock: where, of which group, until when.
#[derive(Clone, Debug)]
pub(super) struct Bag {
    pub(super) id: UnitId,
    pub(super) site: &'static str,
    pub(super) group: Group,
    pub(super) expiry: Time,
}

/// The shelf of the `n`th ask, and of the `n`th unit: every shelf gets as many of both.
pub(super) fn shelf(n: u64) -> (&'static str, Group) {
    let (site, group) = (n % 4, n / 4 % 8);
    (SITES[site as usize], Group::ALL[group as usize])
}

/// A stock of so many units, in no order of expiry, no two of which expire in the same second.
pub(super) fn stock(count: u64, now: Time) -> Result<Vec<Bag>> {
    let from = now.plus_days(1);
    let bag = |n: u64| {
        let (site, group) = shelf(n);
        // A step that has no factor in common with any power of two or five visits every place.
        let place = (n * 7_919) % count;
        Ok(Bag {
            id: UnitId::parse(&format!("A999{}25{:06}.B0001V00", n / 999_999, n % 999_999))?,
            site,
            group,
            expiry: from.plus_seconds(i64::try_from(place)?),
        })
    };
    let all: Vec<Bag> = (0..count).map(bag).collect::<Result<_>>()?;
    let distinct: std::collections::BTreeSet<_> = all.iter().map(|bag| bag.expiry).collect();
    ensure!(distinct.len() == all.len(), "two units expire in the same second");
    Ok(all)
}

/// The units that `asks` asks must have got: of every shelf the next to expire.
pub(super) fn expected(stock: &[Bag], asks: u64) -> Vec<UnitId> {
    let mut shelves: BTreeMap<_, Vec<&Bag>> = BTreeMap::new();
    for bag in stock {
        shelves.entry((bag.site, bag.group)).or_default().push(bag);
    }
    let mut asked: BTreeMap<_, usize> = BTreeMap::new();
    (0..asks).for_each(|n| *asked.entry(shelf(n)).or_default() += 1);
    let mut all = Vec::new();
    for (shelf, mut bags) in shelves {
        bags.sort_by_key(|bag| (bag.expiry, bag.id));
        let count = asked.get(&shelf).copied().unwrap_or_default();
        all.extend(bags.iter().take(count).map(|bag| bag.id));
    }
    all.sort_unstable();
    all
}

/// The region.
pub(super) struct Shop {
    pub(super) house: House,
    region: JournalId,
    scientist: ActorId,
}

impl Shop {
    /// Opens it on a store, with this stock on its shelves.
    pub(super) async fn open(store: Store, keys: &Path, stock: &[Bag]) -> Result<Self> {
        let house = House::open(store, keys).await?;
        let (region, scientist) = ("skane".parse()?, "a-scientist".parse()?);
        let shop = Self { house, region, scientist };
        shop.people().await?;
        shop.places().await?;
        shop.rules().await?;
        for site in SITES {
            let here: Vec<_> = stock.iter().filter(|bag| bag.site == site).collect();
            for (n, bags) in here.chunks(AT_A_TIME).enumerate() {
                let rows = bags.iter().map(|bag| row(bag)).collect::<Result<_>>()?;
                let command = Blood::TakeOver { site: SiteId::new(site)?, file: None, rows };
                shop.machine(&format!("stock-{site}-{n}"), command.into()).await?;
            }
        }
        Ok(shop)
    }

    async fn machine(&self, key: &str, command: Command) -> Result<()> {
        self.act(Principal::Machine, key, command).await
    }

    async fn act(&self, principal: Principal, key: &str, command: Command) -> Result<()> {
        self.house.engine.submit(self.request(principal, key.to_owned(), command)).await?;
        Ok(())
    }

    fn request(&self, principal: Principal, key: String, command: Command) -> Request {
        let region = self.region.clone();
        Request { principal, region, key, happened: None, command, asked: None }
    }

    fn person(&self, actor: &ActorId) -> Principal {
        Principal::Person { actor: actor.clone(), region: self.region.clone() }
    }

    async fn people(&self) -> Result<()> {
        let people = [
            ("a-scientist", Profession::BiomedicalScientist, Role::Scientist),
            ("a-physician", Profession::Physician, Role::Physician),
        ];
        for (id, profession, role) in people {
            let actor: ActorId = id.parse()?;
            let register = Kernel::RegisterActor {
                id: Some(actor.clone()),
                profession,
                title: "Blodcentralen".into(),
                identity: Identity {
                    name: "Kim Exempel".into(),
                    hsa_id: None,
                    phone: None,
                    email: None,
                },
            };
            self.machine(&format!("register-{id}"), register.into()).await?;
            let grant = Kernel::GrantMandate {
                holder: actor,
                capacity: Capacity::Role(role),
                site: None,
                window: Window::open(self.house.engine.now()),
                deputy_for: None,
                delegated_from: None,
                review_at: None,
                share_permille: Known::Unknown,
                approval: Approval::NotRequired,
                basis: None,
            };
            self.machine(&format!("grant-{id}"), grant.into()).await?;
        }
        Ok(())
    }

    async fn places(&self) -> Result<()> {
        for site in SITES {
            let open = Kernel::OpenSite {
                id: Some(SiteId::new(site)?),
                name: site.into(),
                kind: SiteKind::BloodCentre,
                parent: None,
                record: RecordKeeper::Samband,
                window: Window::open(self.house.engine.now()),
                note: None,
            };
            self.machine(&format!("open-{site}"), open.into()).await?;
        }
        let product = ProductRow {
            code: Pdc::parse("B0001")?,
            facility: None,
            product: Product::RedCells,
            attributes: Attributes::NONE,
            text: "Erytrocyter".into(),
            valid: None,
        };
        let facilities = (0..2).map(|n| {
            let id = UnitId::parse(&format!("A999{n}25000000.B0001V00"))?;
            Ok(FacilityRow { facility: id.din.facility(), name: "Påhittad".into() })
        });
        let parts = CodeTableParts {
            title: "Påhittad".into(),
            version: "1".into(),
            digest: Digest::of(b"codes"),
            valid: Window::open(Time(0)),
            products: vec![product],
            facilities: facilities.collect::<Result<_>>()?,
        };
        let table = CodeTable::try_from(parts).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        self.machine("codes", Blood::LoadCodes { table: Box::new(table) }.into()).await
    }

    async fn rules(&self) -> Result<()> {
        let rule = |key, value| {
            let source = "bench".into();
            Rule { key, value: Known::Value(value), source, note: None }
        };
        let rules = vec![
            rule(rule_key::SHELF_LIFE_RED_CELLS, Value::Days(42)),
            rule(rule_key::TESTS_EACH_DONATION, Value::List(vec!["hbsag".into()])),
            rule(rule_key::NAT_IN_USE, Value::Flag(false)),
            rule(rule_key::RESERVATION_LAPSE_HOURS, Value::Hours(72)),
        ];
        let (scope, title, version) = (Scope::Blood, "Regler".to_owned(), "1".to_owned());
        let text = Document::of(scope, title.clone(), version.clone(), &rules).text();
        let rule_set = Digest::of(text.as_bytes());
        let draft = Rules::Draft { scope, title, version, rules, file: None };
        self.machine("draft", draft.into()).await?;
        let review = Rules::Review { rule_set, verdict: Verdict::Approve, comment: None };
        self.act(self.person(&self.scientist), "review", review.into()).await?;
        let physician = self.person(&"a-physician".parse()?);
        self.act(physician, "adopt", Rules::Adopt { rule_set, from: None }.into()).await
    }

    /// The `n`th ask: one unit of its shelf, the next to expire. Gives back which it got.
    pub(super) async fn ask(&self, n: u64) -> Result<UnitId> {
        let (site, group) = shelf(n);
        let (site, component) = (SiteId::new(site)?, Component::RedCells);
        let oldest = Oldest { site, component, group, count: 1, at_least: 1 };
        let command = Blood::ReserveOldest { oldest, purpose: "Operation 3".into() };
        let principal = self.person(&self.scientist);
        let request = self.request(principal, super::key(n), command.into());
        let receipt = self.house.engine.submit(request).await?;
        ensure!(receipt.count == 1 && !receipt.repeated, "ask {n}: {} records", receipt.count);
        match receipt.events.first() {
            Some(Event::Blood(Stock::Reserved(said, _))) => {
                said.units.first().copied().context("no unit")
            }
            other => anyhow::bail!("ask {n} led to {other:?}"),
        }
    }

    /// What the state that readers see holds as set aside.
    pub(super) fn reserved(&self) -> Result<Vec<UnitId>> {
        let world = self.house.engine.world();
        let region = world.local(&self.region).context("no region")?;
        let units = region.shared.blood.units.iter();
        let held = units.filter(|(_, unit)| matches!(unit.status, Status::Reserved { .. }));
        Ok(held.map(|(id, _)| *id).collect())
    }

    /// Replays the journal and compares it with the state in use.
    pub(super) async fn verify(&self) -> Result<()> {
        self.house.engine.verify(&self.region).await?;
        Ok(())
    }
}

fn row(bag: &Bag) -> Result<Row> {
    Ok(Row {
        id: bag.id,
        group: Known::Value(bag.group),
        expiry: bag.expiry,
        standing: Standing::Available,
        attributes: Attributes::NONE,
        phenotype: Phenotype::default(),
        tests: Known::Value(vec![(Code::new("hbsag")?, TestResult::Negative)]),
        rules: None,
    })
}
