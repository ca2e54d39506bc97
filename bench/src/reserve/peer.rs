//! PostgreSQL, as a queue of free units is usually emptied in it.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use samband_domain::Time;
use samband_domain::blood::model::UnitId;
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use std::sync::Mutex;

use super::shop::{Bag, expected, shelf};
use crate::durable::server::Database;
use crate::durable::{Timing, crowd};

const TABLES: [&str; 3] = [
    "CREATE TABLE units (id TEXT PRIMARY KEY, site TEXT NOT NULL, component TEXT NOT NULL, \
        grp TEXT NOT NULL, expiry BIGINT NOT NULL, status TEXT NOT NULL, until BIGINT, \
        purpose TEXT, actor TEXT, key TEXT)",
    "CREATE TABLE reservations (actor TEXT NOT NULL, key TEXT NOT NULL, unit TEXT NOT NULL, \
        until BIGINT NOT NULL, purpose TEXT NOT NULL, PRIMARY KEY (actor, key))",
    "CREATE INDEX free ON units (site, component, grp, expiry, id) WHERE status = 'available'",
];

const FILL: &str = "INSERT INTO units (id, site, component, grp, expiry, status) \
    SELECT id, site, 'red_cells', grp, expiry, 'available' \
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS bag (id, site, grp, expiry)";

const PICK: &str = "SELECT id, expiry FROM units \
    WHERE site = $1 AND component = 'red_cells' AND grp = $2 AND status = 'available' \
        AND expiry > $3 \
    ORDER BY expiry, id LIMIT 1 FOR UPDATE SKIP LOCKED";
const TAKE: &str = "UPDATE units SET status = 'reserved', until = $2, purpose = $3 WHERE id = $1";
const NOTE: &str = "INSERT INTO reservations (actor, key, unit, until, purpose) \
    VALUES ($1, $2, $3, $4, $5)";

const ONE_STATEMENT: &str = "\
    WITH picked AS MATERIALIZED (\
        SELECT id, expiry FROM units \
        WHERE site = $1 AND component = 'red_cells' AND grp = $2 AND status = 'available' \
            AND expiry > $3 \
        ORDER BY expiry, id LIMIT 1 FOR UPDATE SKIP LOCKED\
    ), taken AS (\
        UPDATE units SET status = 'reserved', until = least($4, picked.expiry), purpose = $5 \
        FROM picked WHERE units.id = picked.id RETURNING units.id, units.until\
    ) \
    INSERT INTO reservations (actor, key, unit, until, purpose) \
    SELECT $6, $7, id, until, $5 FROM taken RETURNING unit";

const UPDATE_ALONE: &str = "\
    UPDATE units SET status = 'reserved', until = least($4, expiry), purpose = $5, actor = $6, \
        key = $7 \
    WHERE id = (SELECT id FROM units \
        WHERE site = $1 AND component = 'red_cells' AND grp = $2 AND status = 'available' \
            AND expiry > $3 \
        ORDER BY expiry, id LIMIT 1 FOR UPDATE SKIP LOCKED) \
    RETURNING id";

/// How a unit is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Pick and lock, mark, note, commit.
    Usual,
    /// All of it in one statement.
    OneStatement,
    /// One statement that marks the unit and notes nothing: a repetition is not noticed.
    UpdateAlone,
}

impl Way {
    pub(super) const ALL: [Self; 3] = [Self::Usual, Self::OneStatement, Self::UpdateAlone];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::OneStatement => "one statement",
            Self::UpdateAlone => "update alone",
        }
    }
}

/// Carries `asks` asks out on this stock, and checks what became of it.
pub(super) async fn run(
    database: &Database,
    stock: &[Bag],
    (asks, now): (u64, Time),
    (in_flight, size): (usize, u32),
    way: Way,
) -> Result<Timing> {
    let options = PgConnectOptions::from_str(&database.url)?.disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(size)
        .min_connections(size)
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options)
        .await?;
    fill(&pool, stock).await?;
    let got = Arc::new(Mutex::new(Vec::with_capacity(asks as usize)));
    let work = {
        let (pool, got) = (pool.clone(), Arc::clone(&got));
        move |n: u64| {
            let (pool, got) = (pool.clone(), Arc::clone(&got));
            async move {
                let unit = match way {
                    Way::Usual => usual(&pool, n, now).await?,
                    Way::OneStatement => statement(&pool, ONE_STATEMENT, n, now).await?,
                    Way::UpdateAlone => statement(&pool, UPDATE_ALONE, n, now).await?,
                };
                got.lock().expect("nobody panics with it").push(unit);
                Ok(())
            }
        }
    };
    let timing = crowd::run(in_flight, asks, work).await?;
    let got = std::mem::take(&mut *got.lock().expect("nobody panics with it"));
    compare(&pool, stock, asks, got, way).await.context("PostgreSQL")?;
    pool.close().await;
    Ok(timing)
}

async fn fill(pool: &PgPool, stock: &[Bag]) -> Result<()> {
    for table in TABLES {
        sqlx::query(table).execute(pool).await?;
    }
    for bags in stock.chunks(10_000) {
        let ids: Vec<_> = bags.iter().map(|bag| bag.id.to_string()).collect();
        let sites: Vec<_> = bags.iter().map(|bag| bag.site).collect();
        let groups: Vec<_> = bags.iter().map(|bag| bag.group.to_string()).collect();
        let expiries: Vec<_> = bags.iter().map(|bag| bag.expiry.0).collect();
        let query = sqlx::query(FILL).bind(ids).bind(sites).bind(groups).bind(expiries);
        query.execute(pool).await?;
    }
    sqlx::query("VACUUM ANALYZE units").execute(pool).await?;
    sqlx::query("CHECKPOINT").execute(pool).await?;
    Ok(())
}

const ACTOR: &str = "a-scientist";
const PURPOSE: &str = "Operation 3";

fn lapse(now: Time) -> Time {
    now.plus_seconds(72 * 3_600)
}

async fn usual(pool: &PgPool, n: u64, now: Time) -> Result<String> {
    let (site, group) = shelf(n);
    let mut tx = pool.begin().await?;
    let pick = sqlx::query_as(PICK).bind(site).bind(group.to_string()).bind(now.0);
    let (unit, expiry): (String, i64) = pick.fetch_one(&mut *tx).await?;
    let until = lapse(now).0.min(expiry);
    let take = sqlx::query(TAKE).bind(&unit).bind(until).bind(PURPOSE);
    take.execute(&mut *tx).await?;
    let note = sqlx::query(NOTE).bind(ACTOR).bind(super::key(n)).bind(&unit);
    note.bind(until).bind(PURPOSE).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(unit)
}

async fn statement(pool: &PgPool, sql: &'static str, n: u64, now: Time) -> Result<String> {
    let (site, group) = shelf(n);
    let query = sqlx::query_as(sql).bind(site).bind(group.to_string()).bind(now.0);
    let query = query.bind(lapse(now).0).bind(PURPOSE).bind(ACTOR).bind(super::key(n));
    let (unit,): (String,) = query.fetch_one(pool).await?;
    Ok(unit)
}

/// Every ask got a unit, no unit went to two, and of every shelf the next to expire went.
async fn compare(
    pool: &PgPool,
    stock: &[Bag],
    asks: u64,
    got: Vec<String>,
    way: Way,
) -> Result<()> {
    let units = got.iter().map(|text| Ok(UnitId::parse(text)?)).collect::<Result<Vec<_>>>()?;
    super::same(&expected(stock, asks), units)?;
    let reserved: (i64,) = sqlx::query_as("SELECT count(*) FROM units WHERE status = 'reserved'")
        .fetch_one(pool)
        .await?;
    ensure!(reserved.0 == asks as i64, "{} units are set aside, {asks} were asked", reserved.0);
    let noted: (i64,) =
        sqlx::query_as("SELECT count(DISTINCT unit) FROM reservations").fetch_one(pool).await?;
    let wanted = if way == Way::UpdateAlone { 0 } else { asks as i64 };
    ensure!(noted.0 == wanted, "{} reservations of {wanted}", noted.0);
    Ok(())
}
