//! Every table that can be taken away: as CSV, as a spreadsheet, as JSON. One definition each, for
//! the pages, the API and the command line.

mod stock;

mod rules;
pub(crate) mod settlement;
mod used;

use samband_domain::figures::view::{Line, Picture, picture};
use samband_domain::figures::{Figure, Measure};
use samband_domain::kernel::{self, Capacity};
use samband_domain::words::Known;
use samband_domain::{ActorId, JournalId, Period, SharedState, Time, agreements};
use samband_engine::World;
use samband_exchange::export::{Cell, Column, Table};

use crate::text::Words;

pub use rules::{rule_comparison, rule_sets, ruled};
pub use settlement::settlement;
pub use stock::stock;
pub use used::used;

pub(crate) fn columns(words: Words, keys: &[&'static str]) -> Vec<Column> {
    let heading =
        |key: &'static str| Column { key: key.into(), heading: words.dynamic("column-", key) };
    keys.iter().map(|key| heading(key)).collect()
}

/// The regions' figures for a period and what follows from them, with the total.
#[must_use]
pub fn regions(words: Words, world: &World, period: Period) -> Table {
    let shared = world.shared();
    let figures: Vec<_> = shared.iter().map(|(id, s)| (id.clone(), &s.figures)).collect();
    let Picture { regions, total, .. } = picture(&figures, period);
    let keys = [
        "region",
        "name",
        "period",
        "population",
        "population_18_64",
        "active_donors",
        "whole_blood_donations",
        "active_share",
        "active_share_18_64",
        "donations_per_donor",
        "donations_per_1000",
        "donors_to_goal",
        "even_use_gain",
        "source",
    ];
    let mut rows: Vec<_> = regions
        .iter()
        .map(|region| {
            let name = world.journal(&region.region).map_or_else(String::new, |j| j.name());
            let mut titles: Vec<_> =
                region.figures.iter().map(|(_, f)| f.provenance.source.title.clone()).collect();
            titles.dedup();
            line(region.region.as_str(), name.into(), period, &region.line, titles.join("; "))
        })
        .collect();
    let total_name = Cell::coded("total", words.t("total"));
    rows.push(line("total", total_name, period, &total, String::new()));
    Table { name: "regions".into(), columns: columns(words, &keys), rows }
}

/// A code of ours, with the word that the catalogue has for it.
pub(crate) fn coded(words: Words, prefix: &str, code: &str) -> Cell {
    Cell::coded(code, words.dynamic(prefix, code))
}

/// `yes` or `no`.
pub(crate) fn yes_no(words: Words, yes: bool) -> Cell {
    let code = if yes { "yes" } else { "no" };
    Cell::coded(code, words.t(code))
}

fn line(id: &str, name: Cell, period: Period, line: &Line, source: String) -> Vec<Cell> {
    vec![
        id.into(),
        name,
        period.to_string().into(),
        line.population.into(),
        line.population_18_64.into(),
        line.active_donors.into(),
        line.whole_blood_donations.into(),
        line.active_share.into(),
        line.active_share_18_64.into(),
        line.donations_per_donor.into(),
        line.donations_per_1000.into(),
        line.donors_to_goal.into(),
        line.even_use_gain.into(),
        source.into(),
    ]
}

/// Every figure in force with where it comes from.
#[must_use]
pub fn figures(words: Words, world: &World) -> Table {
    let keys = [
        "region",
        "measure",
        "period",
        "value",
        "source",
        "published",
        "file",
        "row",
        "column",
        "recorded",
        "correction",
        "record",
    ];
    let rows = world.shared().into_iter().flat_map(|(id, shared)| {
        let all: Vec<_> = shared
            .figures
            .figures
            .iter()
            .map(|((measure, period), figure)| figure_row(id.as_str(), *measure, *period, figure))
            .collect();
        all
    });
    Table { name: "figures".into(), columns: columns(words, &keys), rows: rows.collect() }
}

fn figure_row(region: &str, measure: Measure, period: Period, figure: &Figure) -> Vec<Cell> {
    let from = &figure.provenance;
    let file = from.source.file.as_ref();
    vec![
        region.into(),
        measure.as_str().into(),
        period.to_string().into(),
        figure.value.into(),
        from.source.title.clone().into(),
        from.source.published.map(|published| published.to_string()).into(),
        file.map(|file| file.name.clone()).unwrap_or_default().into(),
        from.row.map(|row| row.to_string()).unwrap_or_default().into(),
        from.column.clone().unwrap_or_default().into(),
        from.recorded.into(),
        from.correction.clone().unwrap_or_default().into(),
        format!("{}:{}", from.at.epoch, from.at.seq).into(),
    ]
}

/// Every region's sites at a moment.
#[must_use]
pub fn sites(words: Words, world: &World, now: Time) -> Table {
    let keys =
        ["region", "site", "name", "site_kind", "parent", "record_keeper", "from", "until", "note"];
    let rows = each(world, |id, shared| {
        kernel::view::sites(&shared.kernel, now)
            .into_iter()
            .map(|row| {
                let site = row.site;
                vec![
                    id.into(),
                    site.id.as_str().into(),
                    site.name.into(),
                    coded(words, "site-kind-", site.kind.as_str()),
                    site.parent.map(|parent| parent.to_string()).unwrap_or_default().into(),
                    coded(words, "record-keeper-", site.record.as_str()),
                    site.window.from().into(),
                    end(site.window.until()),
                    site.note.unwrap_or_default().into(),
                ]
            })
            .collect()
    });
    Table { name: "sites".into(), columns: columns(words, &keys), rows }
}

/// Everybody who acts, by title; never by name.
#[must_use]
pub fn actors(words: Words, world: &World) -> Table {
    let keys = ["region", "actor", "profession", "title", "since"];
    let rows = each(world, |id, shared| {
        let row = |(actor, person): (&ActorId, &kernel::Person)| {
            vec![
                id.into(),
                actor.as_str().into(),
                coded(words, "kind-profession-", person.profession.as_str()),
                person.title.clone().into(),
                person.since.into(),
            ]
        };
        shared.kernel.actors.iter().map(row).collect()
    });
    Table { name: "actors".into(), columns: columns(words, &keys), rows }
}

/// The journals that a region trusts, and how far they were heard.
#[must_use]
pub fn peers(words: Words, world: &World, region: &JournalId, now: Time) -> Table {
    let keys = ["journal", "name", "mode", "key", "as_of", "head", "silent", "fork", "lost"];
    let bonds = world.local(region).map(|region| &region.shared.bonds);
    let rows = bonds.into_iter().flat_map(|bonds| {
        bonds.peers.values().map(move |peer| {
            let id = &peer.journal;
            let held = world.journal(id);
            let head = bonds.noticed.get(id).map(|head| format!("{}:{}", head.epoch, head.seq));
            let fork = bonds.forks.get(id).map(|fork| fork.detail.clone());
            vec![
                id.as_str().into(),
                held.map(|held| held.name()).unwrap_or_default().into(),
                coded(words, "mode-", peer.mode.as_str()),
                peer.key.to_string().into(),
                held.map_or(Cell::Unknown, |held| held.as_of(now).into()),
                head.map_or(Cell::Unknown, Cell::Text),
                yes_no(words, bonds.silent.contains_key(id)),
                fork.unwrap_or_default().into(),
                bonds.lost.get(id).copied().map_or_else(|| "".into(), Cell::from),
            ]
        })
    });
    Table { name: "peers".into(), columns: columns(words, &keys), rows: rows.collect() }
}

/// Every region's mandates, also ended ones; titles, never names.
#[must_use]
pub fn mandates(words: Words, world: &World, now: Time) -> Table {
    let keys = [
        "region",
        "mandate",
        "capacity",
        "what",
        "title",
        "holder",
        "share_percent",
        "from",
        "until",
        "approval",
        "in_force",
        "deputy_for",
        "delegated_from",
        "review_at",
        "basis",
    ];
    let rows = each(world, |id, shared| {
        let kernel = &shared.kernel;
        let row = |held: &kernel::Mandate| {
            let title = kernel.actors.get(&held.holder).map(|person| person.title.clone());
            let share = match held.share_permille {
                Known::Value(share) => kernel_share(share),
                Known::Unknown => Cell::Unknown,
            };
            let text = |id: &Option<samband_domain::MandateId>| -> Cell {
                id.as_ref().map(ToString::to_string).unwrap_or_default().into()
            };
            vec![
                id.into(),
                held.id.as_str().into(),
                coded(words, "capacity-", held.capacity.kind()),
                Cell::coded(what_code(&held.capacity), what(words, &held.capacity)),
                title.unwrap_or_default().into(),
                held.holder.as_str().into(),
                share,
                held.window.from().into(),
                end(held.window.until()),
                coded(words, "approval-", held.approval.kind()),
                yes_no(words, held.in_force(now)),
                text(&held.deputy_for),
                text(&held.delegated_from),
                end(held.review_at),
                held.basis.clone().unwrap_or_default().into(),
            ]
        };
        kernel.mandates.values().map(row).collect()
    });
    Table { name: "mandates".into(), columns: columns(words, &keys), rows }
}

fn kernel_share(permille: u16) -> Cell {
    samband_domain::figures::view::Ratio::of(i128::from(permille), 10).into()
}

/// What a mandate is about, in words.
#[must_use]
pub fn what(words: Words, capacity: &Capacity) -> String {
    match capacity {
        Capacity::Role(role) => words.dynamic("role-", role.as_str()),
        Capacity::Legal(role) => words.dynamic("legal-role-", role.as_str()),
        Capacity::Competence { name, .. } => name.clone(),
        Capacity::Delegation { task } | Capacity::Assignment { task } => task.clone(),
        Capacity::Access(access) => words.dynamic("access-", access.as_str()),
    }
}

/// What a mandate is about, as its own code or, where it has none, as somebody wrote it.
fn what_code(capacity: &Capacity) -> &str {
    match capacity {
        Capacity::Role(role) => role.as_str(),
        Capacity::Legal(role) => role.as_str(),
        Capacity::Competence { name, .. } => name,
        Capacity::Delegation { task } | Capacity::Assignment { task } => task,
        Capacity::Access(access) => access.as_str(),
    }
}

/// Every agreement as its parties' journals tell it.
#[must_use]
pub fn agreements(words: Words, world: &World, now: Time) -> Table {
    let keys = [
        "document",
        "title",
        "agreement_kind",
        "parties",
        "standing",
        "bound_since",
        "from",
        "until",
        "reference",
        "answers",
    ];
    let shared = world.shared();
    let parties: Vec<agreements::view::Party<'_>> =
        shared.iter().map(|(id, s)| (id.clone(), &s.kernel, &s.agreements)).collect();
    let rows = agreements::view::agreements(&parties, now).into_iter().map(|agreement| {
        let document = agreement.document;
        let list = |items: Vec<String>| items.join("; ");
        let answers = |name: &dyn Fn(&str) -> String| {
            let each = agreement.answers.iter();
            list(each.map(|(party, one)| format!("{party}: {}", name(one.kind()))).collect())
        };
        let answers =
            Cell::coded(answers(&str::to_owned), answers(&|kind| words.dynamic("answer-", kind)));
        let names = document.parties.iter().map(ToString::to_string);
        vec![
            agreement.digest.to_string().into(),
            document.title.into(),
            coded(words, "agreement-kind-", document.kind.as_str()),
            list(names.collect()).into(),
            coded(words, "standing-", agreement.standing.as_str()),
            end(agreement.bound_since),
            document.window.from().into(),
            end(document.window.until()),
            document.reference.unwrap_or_default().into(),
            answers,
        ]
    });
    Table { name: "agreements".into(), columns: columns(words, &keys), rows: rows.collect() }
}

fn end(at: Option<Time>) -> Cell {
    at.map_or_else(|| Cell::Text(String::new()), Cell::Time)
}

fn each(world: &World, rows: impl Fn(&str, &SharedState) -> Vec<Vec<Cell>>) -> Vec<Vec<Cell>> {
    world.shared().into_iter().flat_map(|(id, shared)| rows(id.as_str(), shared)).collect()
}

/// A table as JSON: one object per row under the columns' stable keys; unknown is null.
#[must_use]
pub fn to_json(table: &Table) -> String {
    let value = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Code(text, _) => serde_json::Value::from(text.as_str()),
        Cell::Int(number) => serde_json::Value::from(*number),
        Cell::Ratio(ratio) => serde_json::Value::from(ratio.as_f64()),
        Cell::Time(time) => serde_json::Value::from(time.to_string()),
        Cell::Unknown => serde_json::Value::Null,
    };
    let row = |cells: &Vec<Cell>| -> serde_json::Value {
        let named = table.columns.iter().zip(cells);
        let named = named.map(|(column, cell)| (column.key.to_string(), value(cell)));
        serde_json::Value::Object(named.collect())
    };
    let rows: Vec<_> = table.rows.iter().map(row).collect();
    serde_json::to_string_pretty(&rows).expect("text and numbers")
}
