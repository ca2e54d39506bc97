//! Rules as tables: the regions' sets, and the regions side by side, a row per rule and region.

use samband_domain::rulesets::Scope;
use samband_domain::rulesets::view::compare;
use samband_domain::rulesets::{self, Key};
use samband_domain::{JournalId, Time};
use samband_engine::World;
use samband_exchange::export::{Cell, Table};

use super::{coded, columns};
use crate::pages::is_region;
use crate::text::Words;

/// Every region with its rule sets: collaboration bodies have none.
#[must_use]
pub fn ruled(world: &World) -> Vec<(JournalId, &rulesets::Shared)> {
    let shared = world.shared().into_iter();
    let regions = shared.filter(|(_, shared)| is_region(shared));
    regions.map(|(id, shared)| (id, &shared.rulesets)).collect()
}

/// Every rule set with where it stands.
#[must_use]
pub fn rule_sets(words: Words, world: &World, now: Time) -> Table {
    let keys =
        ["region", "scope", "title", "version", "standing", "from", "drafted", "known", "rule_set"];
    let mut rows = Vec::new();
    for (region, shared) in ruled(world) {
        for (digest, held) in &shared.held {
            let standing = shared.standing(*digest, held, now);
            let from = shared.timeline.values().rfind(|set| set.digest == *digest);
            let known = Key::all().filter(|key| held.set.value(*key).is_some()).count();
            rows.push(vec![
                region.as_str().into(),
                held.set.scope.as_str().into(),
                held.set.title.clone().into(),
                held.set.version.clone().into(),
                coded(words, "rule-standing-", standing.as_str()),
                from.map_or_else(|| Cell::Text(String::new()), |set| set.from.into()),
                held.drafted.into(),
                u64::try_from(known).unwrap_or(u64::MAX).into(),
                digest.to_string().into(),
            ]);
        }
    }
    Table { name: "rule-sets".into(), columns: columns(words, &keys), rows }
}

/// The rules in force side by side.
#[must_use]
pub fn rule_comparison(words: Words, world: &World, at: Time) -> Table {
    let keys = [
        "rule_key", "rule", "heading", "likeness", "region", "value", "unit", "source", "note",
        "rule_set",
    ];
    let compared = compare(&ruled(world), Scope::Blood, at);
    let mut rows = Vec::new();
    for row in &compared.rows {
        for ((region, set), cell) in compared.regions.iter().zip(&row.cells) {
            let rule = cell.rule();
            let text = |text: Option<String>| Cell::Text(text.unwrap_or_default());
            let unit = rule.and_then(|rule| Some(cell.value()?.unit(rule.key.shape())));
            rows.push(vec![
                row.key.text().into(),
                Cell::coded(Words::en().rule_name(row.key), words.rule_name(row.key)),
                Cell::coded(row.heading().as_str(), words.rule_heading(row.heading())),
                coded(words, "rule-likeness-", row.likeness.as_str()),
                region.as_str().into(),
                cell.value().map_or(Cell::Unknown, |value| value.to_string().into()),
                text(unit.map(str::to_owned)),
                text(rule.map(|rule| rule.source.clone())),
                text(rule.and_then(|rule| rule.note.clone())),
                text(set.map(|set| set.digest.to_string())),
            ]);
        }
    }
    Table { name: "rules-compared".into(), columns: columns(words, &keys), rows }
}
