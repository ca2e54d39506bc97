//! A settlement as a table: every entry, every account, every payment, and what is missing.

use samband_domain::JournalId;
use samband_domain::blood::model::Component;
use samband_engine::World;
use samband_exchange::export::{Cell, Table};
use samband_planning::settlement::{Entry, Kind};

use super::{columns, yes_no};
use crate::app::plans::settlement::{Fact, Found, Gap, Line};
use crate::text::{Arg, Words};

fn region_name(world: &World, id: &JournalId) -> String {
    let name = world.journal(id).map_or_else(|| id.to_string(), |journal| journal.name());
    name.strip_prefix("Region ").map_or_else(|| name.clone(), str::to_owned)
}

fn component_text(w: Words, one: Component) -> String {
    w.dynamic("compat-component-", one.as_str())
}

/// What an entry is for, in words.
#[must_use]
pub(crate) fn what(w: Words, world: &World, found: &Found, entry: &Entry) -> String {
    let kr = |ore: u64| w.decimal((i128::from(ore), 100), 2);
    match found.line(&entry.about) {
        Some(Line::Units { component, units, ore, .. }) => w.t_args(
            "settlement-line-units",
            &[
                ("n", i64::from(*units).into()),
                ("component", component_text(w, *component).to_lowercase().into()),
                ("kr", kr(*ore).into()),
            ],
        ),
        Some(Line::Carriage { boxes, ore, .. }) => w.t_args(
            "settlement-line-carriage",
            &[("n", i64::from(*boxes).into()), ("kr", kr(*ore).into())],
        ),
        Some(Line::Home { home, ore }) => {
            let row = &found.homes[*home];
            let of = row.home.as_ref().map(|home| region_name(world, home));
            w.t_args(
                "settlement-line-home",
                &[
                    ("n", i64::from(row.units).into()),
                    ("component", component_text(w, row.component).to_lowercase().into()),
                    ("home", of.unwrap_or_default().into()),
                    ("month", row.month.to_string().into()),
                    ("kr", kr(*ore).into()),
                ],
            )
        }
        Some(Line::Joint { what, month }) => {
            let args = [("what", what.into()), ("month", month.to_string().into())];
            w.t_args("settlement-line-joint", &args)
        }
        None => String::new(),
    }
}

/// What is not in a settlement, in words.
#[must_use]
pub(crate) fn gap_text(w: Words, world: &World, gap: &Gap) -> String {
    let arg = |fact: &Fact| -> Arg<'static> {
        match fact {
            Fact::Region(id) => region_name(world, id).into(),
            Fact::Component(one) => component_text(w, *one).to_lowercase().into(),
            Fact::Count(n) => i64::try_from(*n).unwrap_or(i64::MAX).into(),
            Fact::Month(month) => month.to_string().into(),
            Fact::Text(text) => text.clone().into(),
            Fact::Time(at) => w.date_time(at.0).into(),
        }
    };
    let args: Vec<_> = gap.facts.iter().map(|(name, fact)| (*name, arg(fact))).collect();
    let key = format!("settlement-gap-{}", gap.code);
    w.find(&key, &args).unwrap_or(key)
}

/// The kind of an entry as stored.
#[must_use]
pub(crate) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Units => "units",
        Kind::Transport => "transport",
        Kind::Invitation => "invitation",
        Kind::Joint => "joint",
    }
}

/// The settlement: entries, then balances and payments, then what is missing. Amounts are whole
/// öre; the entries' amounts are what the debtor owes the creditor.
#[must_use]
pub fn settlement(w: Words, world: &World, found: &Found) -> Table {
    let keys = [
        "kind",
        "day",
        "creditor",
        "debtor",
        "what",
        "ore",
        "receipt",
        "recorded",
        "after_period",
        "agreement",
    ];
    let cited = found
        .agreement
        .as_ref()
        .map_or_else(|_| String::new(), |(cited, _)| cited.digest.to_string());
    let none = || Cell::Text(String::new());
    let line = |kind: &str, day: String, parties: [String; 2], what: Cell, ore: i64| {
        let [creditor, debtor] = parties.map(Cell::from);
        vec![kind.into(), day.into(), creditor, debtor, what, Cell::Int(ore)]
    };
    let end = found.asked.to.to_string();
    let mut rows = Vec::new();
    if let Some(settled) = &found.settlement {
        for one in &settled.entries {
            let parties = [one.creditor.to_string(), one.debtor.to_string()];
            // A sentence has no code: programs read it in one language whoever asks.
            let text =
                Cell::coded(what(Words::en(), world, found, one), what(w, world, found, one));
            let mut row = line(kind(one.kind), one.day.to_string(), parties, text, one.amount);
            let from = match found.line(&one.about) {
                Some(Line::Units { moved, .. } | Line::Carriage { moved, .. }) => {
                    let held = &found.moves[*moved];
                    Some((&held.receipt, held.recorded, found.late(held.recorded)))
                }
                Some(Line::Home { home, .. }) => {
                    let held = &found.homes[*home];
                    Some((&held.at, held.said, held.changed))
                }
                _ => None,
            };
            match from {
                Some((at, recorded, after)) => {
                    row.push(format!("{}:{}:{}", at.journal, at.epoch, at.seq).into());
                    row.push(recorded.into());
                    row.push(yes_no(w, after));
                }
                None => row.extend([none(), none(), none()]),
            }
            row.push(cited.clone().into());
            rows.push(row);
        }
        let rest = |row: Vec<Cell>| {
            row.into_iter().chain([none(), none(), none(), cited.clone().into()]).collect()
        };
        for one in &settled.accounts {
            let parties = [one.region.to_string(), String::new()];
            rows.push(rest(line("balance", end.clone(), parties, none(), one.balance)));
        }
        for one in &settled.payments {
            let parties = [one.to.to_string(), one.from.to_string()];
            rows.push(rest(line("payment", end.clone(), parties, none(), one.amount)));
        }
        for gap in &found.gaps {
            let mut row: Vec<Cell> = vec!["gap".into(), end.clone().into(), none(), none()];
            let text = Cell::coded(gap_text(Words::en(), world, gap), gap_text(w, world, gap));
            row.extend([text, Cell::Unknown]);
            rows.push(rest(row));
        }
    }
    Table { name: "settlement".into(), columns: columns(w, &keys), rows }
}
