//! Rooms may depend on rooms in one direction only.

use super::Findings;
use crate::shell;
use anyhow::Result;
use serde_json::Value;

/// Each room and all the rooms that it may use. Whoever adds a room adds a line.
const ARROWS: &[(&str, &[&str])] = &[
    ("samband-domain", &[]),
    ("samband-planning", &["samband-domain"]),
    ("samband-exchange", &["samband-domain"]),
    ("samband-journal", &["samband-domain"]),
    ("samband-access", &["samband-domain"]),
    ("samband-engine", &["samband-domain", "samband-journal", "samband-access"]),
    (
        "samband-web",
        &[
            "samband-domain",
            "samband-planning",
            "samband-journal",
            "samband-access",
            "samband-exchange",
            "samband-engine",
        ],
    ),
    (
        "samband",
        &[
            "samband-domain",
            "samband-planning",
            "samband-journal",
            "samband-access",
            "samband-exchange",
            "samband-engine",
            "samband-web",
        ],
    ),
];

/// Tools beside the house: they may use any room, and no room may use them.
const TOOLS: &[&str] = &["proof", "bench", "xtask"];

/// Compares the workspace's dependencies, those of the tests included, with the table.
pub fn check() -> Result<Findings> {
    let mut cargo = shell::command("cargo");
    cargo.args(["metadata", "--no-deps", "--format-version=1"]);
    let metadata: Value = serde_json::from_str(&shell::output(&mut cargo)?)?;
    let mut rooms = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let uses: Vec<&str> = package["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|dependency| dependency["path"].is_string())
            .filter_map(|dependency| dependency["name"].as_str())
            .collect();
        rooms.push((package["name"].as_str().unwrap_or_default(), uses));
    }
    Ok(Findings { faults: faults(&rooms), notes: Vec::new() })
}

fn faults(rooms: &[(&str, Vec<&str>)]) -> Vec<String> {
    let mut faults = Vec::new();
    for (room, uses) in rooms {
        let allowed = ARROWS.iter().find(|(name, _)| name == room).map(|(_, allowed)| *allowed);
        let is_tool = TOOLS.contains(room);
        if allowed.is_none() && !is_tool {
            faults.push(format!("{room} has no line in the table of arrows"));
            continue;
        }
        for used in uses {
            let is_allowed = match allowed {
                Some(allowed) => allowed.contains(used),
                None => !TOOLS.contains(used),
            };
            if !is_allowed {
                faults.push(format!("{room} must not use {used}"));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn arrows_along_the_table_are_allowed() {
        let rooms = [
            ("samband-domain", vec![]),
            ("samband-engine", vec!["samband-domain", "samband-journal"]),
            ("proof", vec!["samband-web"]),
        ];
        assert!(faults(&rooms).is_empty());
    }

    #[test]
    fn any_other_arrow_is_named() {
        let rooms = [
            ("samband-domain", vec!["samband-journal"]),
            ("samband-exchange", vec!["samband-access"]),
            ("samband-web", vec!["proof"]),
            ("proof", vec!["bench"]),
            ("samband-cellar", vec![]),
        ];
        assert_eq!(faults(&rooms).len(), 5);
    }
}
