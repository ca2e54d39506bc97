//! What was measured, as tables for people and figures for machines.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::machine;

/// A run.
pub struct Report {
    command: String,
    machine: Vec<(&'static str, String)>,
    /// What was measured, in order.
    pub sections: Vec<Section>,
}

/// One measurement.
pub struct Section {
    title: &'static str,
    about: String,
    parts: Vec<Part>,
    figures: Map<String, Value>,
}

enum Part {
    Prose(String),
    Table(Vec<String>, Vec<Vec<String>>),
}

impl Section {
    /// A measurement and what it is about.
    #[must_use]
    pub fn new(title: &'static str, about: &str) -> Self {
        Self { title, about: about.to_owned(), parts: Vec::new(), figures: Map::new() }
    }

    /// Begins a table.
    pub fn table(&mut self, head: &[&str]) {
        let head = head.iter().map(|&cell| cell.to_owned()).collect();
        self.parts.push(Part::Table(head, Vec::new()));
    }

    /// Adds a row to the last table.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        if let Some(Part::Table(_, rows)) = self.parts.last_mut() {
            rows.push(cells.into());
        }
    }

    /// Adds a paragraph.
    pub fn prose(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Prose(text.into()));
    }

    /// Keeps a figure for machines.
    pub fn figure(&mut self, name: impl Into<String>, value: f64) {
        self.figures.insert(name.into(), json!(value));
    }

    /// A figure kept before.
    #[must_use]
    pub fn figure_of(&self, name: &str) -> Option<f64> {
        self.figures.get(name)?.as_f64()
    }

    fn markdown(&self) -> String {
        let mut out = format!("## {}\n\n{}\n", self.title, self.about);
        for part in &self.parts {
            out.push('\n');
            match part {
                Part::Prose(text) => {
                    let _ = writeln!(out, "{text}");
                }
                Part::Table(head, rows) => {
                    let _ = writeln!(out, "| {} |", head.join(" | "));
                    // What is said stands left, figures right.
                    let rules = vec!["--:"; head.len().saturating_sub(1)];
                    let _ = writeln!(out, "|:--|{}|", rules.join("|"));
                    for row in rows {
                        let _ = writeln!(out, "| {} |", row.join(" | "));
                    }
                }
            }
        }
        out
    }
}

impl Report {
    /// A run on this machine.
    ///
    /// # Errors
    /// If the machine's disk cannot be written.
    pub fn new(arguments: &[String]) -> Result<Self> {
        let command = format!("cargo run --release -p bench -- {}", arguments.join(" "));
        let command = command.trim_end_matches([' ', '-']).to_owned();
        Ok(Self { command, machine: machine::facts()?, sections: Vec::new() })
    }

    /// For people.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("`{}`\n\n| | |\n|:--|:--|\n", self.command);
        for (name, value) in &self.machine {
            let _ = writeln!(out, "| {name} | {value} |");
        }
        for section in &self.sections {
            let _ = write!(out, "\n{}", section.markdown());
        }
        out
    }

    /// For machines.
    #[must_use]
    pub fn json(&self) -> String {
        let machine: Map<_, _> =
            self.machine.iter().map(|(name, value)| ((*name).into(), json!(value))).collect();
        let sections: Map<_, _> = self
            .sections
            .iter()
            .map(|section| (section.title.into(), Value::Object(section.figures.clone())))
            .collect();
        let report = json!({ "command": self.command, "machine": machine, "figures": sections });
        serde_json::to_string_pretty(&report).unwrap_or_default()
    }
}
