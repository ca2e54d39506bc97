//! Checks a document and makes an alert of it, in one pass: whatever cannot become part of an alert
//! is a problem, and an alert comes out only if there is no error.

mod alert;
mod area;
mod info;
mod leaf;
mod slots;

use super::alert::Alert;
use super::problem::{Code, Listed, Problem, Report, Version};
use super::tree::{self, Element};

/// An alert that was read, with the warnings about its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The alert.
    pub alert: Alert,
    /// What recipients may misread.
    pub report: Report,
}

/// Lists every problem of a document.
#[must_use]
pub fn validate(bytes: &[u8]) -> Report {
    checked(bytes).0
}

/// Reads an alert.
///
/// # Errors
/// Every problem of the document, if one of them is an error.
pub fn read(bytes: &[u8]) -> Result<Read, Report> {
    match checked(bytes) {
        (report, Some(alert)) if report.is_valid() => Ok(Read { alert, report }),
        (report, _) => Err(report),
    }
}

fn checked(bytes: &[u8]) -> (Report, Option<Alert>) {
    let tree = tree::read(bytes);
    let mut checker = Checker { version: None, listed: tree.problems, points: 0, exercise: false };
    let alert = tree.root.as_ref().and_then(|root| checker.root(root));
    let problems = checker.listed.in_order();
    (Report { version: checker.version, problems }, alert)
}

/// An element with its path from the root.
#[derive(Clone, Debug)]
struct Node<'e> {
    element: &'e Element,
    path: String,
}

struct Checker {
    version: Option<Version>,
    listed: Listed,
    /// Points of polygons so far: their comparison must end.
    points: usize,
    /// Whether it is an exercise.
    exercise: bool,
}

impl Checker {
    fn say(&mut self, code: Code, node: &Node<'_>, text: impl Into<String>) {
        let (path, at) = (node.path.clone(), node.element.at);
        let text = text.into();
        self.listed.push(Problem { code, path, line: at.line, column: at.column, text });
    }

    fn root(&mut self, root: &Element) -> Option<Alert> {
        let node = Node { element: root, path: format!("/{}", quoted(&root.name)) };
        if root.name != "alert" {
            self.say(Code::Root, &node, format!("the document is <{}>", quoted(&root.name)));
            return None;
        }
        self.version = Version::of(&root.namespace);
        match self.version {
            Some(Version::V12) => {}
            Some(old) => {
                let text = format!("this is CAP {}, checked here as if it were 1.2", old.text());
                self.say(Code::OldVersion, &node, text);
            }
            None if root.namespace.is_empty() => {
                self.say(Code::Namespace, &node, "there is no namespace");
            }
            None => {
                let text = format!("the namespace is “{}”", quoted(&root.namespace));
                self.say(Code::Namespace, &node, text);
            }
        }
        self.alert(&node)
    }
}

/// A text short enough to be shown in a message, on one line.
fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.trim().chars().take(MOST).collect();
    if text.trim().chars().count() > MOST {
        short.push('…');
    }
    short.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
