//! The same units in SQLite, in memory, with an index made for the question.

use anyhow::Result;
use rusqlite::{Connection, params};
use samband_domain::Time;
use samband_domain::blood::Shared;
use samband_domain::blood::model::{Attribute, Component, Group, Status};

use super::shelf::bits;

/// A database that holds the stock.
pub(super) struct Peer {
    connection: Connection,
}

/// What is looked for.
pub(super) struct Asked {
    pub(super) component: Component,
    /// The groups of each place of the ladder.
    pub(super) places: Vec<Vec<Group>>,
    /// Antigens that must be known absent.
    pub(super) absent: i64,
    pub(super) irradiated: bool,
}

const SCHEMA: &str = "
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;
CREATE TABLE unit (id TEXT PRIMARY KEY, component INTEGER, grp INTEGER, expiry INTEGER,
  available INTEGER, absent INTEGER, irradiated INTEGER) WITHOUT ROWID;";

/// Holds everything that is asked for, so that the table itself is not touched.
const INDEX: &str = "
CREATE INDEX shelf ON unit (component, grp, expiry, id, absent, irradiated) WHERE available = 1;
ANALYZE;";

const QUESTION: &str = "
SELECT id, expiry FROM unit WHERE available = 1 AND component = ?1 AND grp = ?2 AND expiry > ?3
  AND (absent & ?4) = ?4 AND irradiated >= ?5 ORDER BY expiry, id LIMIT ?6";

impl Peer {
    /// Puts every unit in.
    pub(super) fn new(stock: &Shared) -> Result<Self> {
        let mut connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        let transaction = connection.transaction()?;
        {
            let mut insert =
                transaction.prepare("INSERT INTO unit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
            for (id, unit) in &stock.units {
                let group = unit.group.value().map(Group::index).map(|at| at as i64);
                insert.execute(params![
                    id.to_string(),
                    unit.component() as i64,
                    group,
                    unit.expiry.0,
                    i64::from(unit.status == Status::Available),
                    bits(unit.phenotype.absent()),
                    i64::from(unit.attributes.has(Attribute::Irradiated)),
                ])?;
            }
        }
        transaction.commit()?;
        connection.execute_batch(INDEX)?;
        Ok(Self { connection })
    }

    /// The first units, place by place; groups of one place are merged by expiry.
    pub(super) fn best(&self, asked: &Asked, now: Time, wanted: usize) -> Result<Vec<String>> {
        let mut question = self.connection.prepare_cached(QUESTION)?;
        let mut found: Vec<String> = Vec::new();
        for place in &asked.places {
            let left = wanted - found.len();
            let mut here: Vec<(i64, String)> = Vec::new();
            for group in place {
                let values = params![
                    asked.component as i64,
                    group.index() as i64,
                    now.0,
                    asked.absent,
                    i64::from(asked.irradiated),
                    left as i64,
                ];
                let mut rows = question.query(values)?;
                while let Some(row) = rows.next()? {
                    here.push((row.get(1)?, row.get(0)?));
                }
            }
            here.sort_unstable();
            found.extend(here.into_iter().take(left).map(|(_, id)| id));
            if found.len() == wanted {
                break;
            }
        }
        Ok(found)
    }
}
