//! Which elements stand in which, in what order and how often.

use super::{Checker, Node, quoted};
use crate::cap::problem::Code;
use crate::cap::tree::Element;

/// The namespace of signatures.
const SIGNATURES: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of what schemas say in documents.
const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// A place for an element in another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    name: &'static str,
    required: bool,
    many: bool,
}

const fn one(name: &'static str) -> Slot {
    Slot { name, required: true, many: false }
}

const fn maybe(name: &'static str) -> Slot {
    Slot { name, required: false, many: false }
}

const fn any(name: &'static str) -> Slot {
    Slot { name, required: false, many: true }
}

/// What stands in `<alert>`.
pub(super) const ALERT: &[Slot] = &[
    one("identifier"),
    one("sender"),
    one("sent"),
    one("status"),
    one("msgType"),
    maybe("source"),
    one("scope"),
    maybe("restriction"),
    maybe("addresses"),
    any("code"),
    maybe("note"),
    maybe("references"),
    maybe("incidents"),
    any("info"),
    any(SIGNATURES),
];

/// What stands in `<info>`.
pub(super) const INFO: &[Slot] = &[
    maybe("language"),
    Slot { name: "category", required: true, many: true },
    one("event"),
    any("responseType"),
    one("urgency"),
    one("severity"),
    one("certainty"),
    maybe("audience"),
    any("eventCode"),
    maybe("effective"),
    maybe("onset"),
    maybe("expires"),
    maybe("senderName"),
    maybe("headline"),
    maybe("description"),
    maybe("instruction"),
    maybe("web"),
    maybe("contact"),
    any("parameter"),
    any("resource"),
    any("area"),
];

/// What stands in `<resource>`.
pub(super) const RESOURCE: &[Slot] = &[
    one("resourceDesc"),
    one("mimeType"),
    maybe("size"),
    maybe("uri"),
    maybe("derefUri"),
    maybe("digest"),
];

/// What stands in `<area>`.
pub(super) const AREA: &[Slot] = &[
    one("areaDesc"),
    any("polygon"),
    any("circle"),
    any("geocode"),
    maybe("altitude"),
    maybe("ceiling"),
];

/// What stands in `<eventCode>`, `<parameter>` and `<geocode>`.
pub(super) const NAMED: &[Slot] = &[one("valueName"), one("value")];

/// The elements in another, by their slots.
pub(super) struct Found<'e> {
    slots: &'static [Slot],
    nodes: Vec<Vec<Node<'e>>>,
}

impl<'e> Found<'e> {
    /// All elements of a name.
    pub(super) fn all(&self, name: &str) -> &[Node<'e>] {
        let at = self.slots.iter().position(|slot| slot.name == name);
        at.and_then(|at| self.nodes.get(at)).map_or(&[], Vec::as_slice)
    }

    /// The first element of a name.
    pub(super) fn one(&self, name: &str) -> Option<&Node<'e>> {
        self.all(name).first()
    }

    /// The first signature.
    pub(super) fn signature(&self) -> Option<&Node<'e>> {
        self.one(SIGNATURES)
    }
}

impl Checker {
    /// Sorts the elements in another into their slots, and lists what is wrong with their names,
    /// number and order.
    pub(super) fn found<'e>(&mut self, node: &Node<'e>, slots: &'static [Slot]) -> Found<'e> {
        self.attributes(node);
        if let Some(at) = node.element.text_at {
            let stray = Element { at, ..Element::default() };
            let text = format!("“{}” stands between elements", quoted(&node.element.text));
            self.say(Code::Stray, &Node { element: &stray, path: node.path.clone() }, text);
        }
        let mut nodes: Vec<Vec<Node<'e>>> = slots.iter().map(|_| Vec::new()).collect();
        let mut known: Vec<(usize, Node<'e>)> = Vec::new();
        for child in &node.element.children {
            let same = child.namespace == node.element.namespace;
            let at = slots.iter().position(|slot| match slot.name {
                SIGNATURES => child.namespace == SIGNATURES,
                name => same && child.name == name,
            });
            match at {
                Some(at) => {
                    let number = nodes[at].len() + 1;
                    let index = if slots[at].many { format!("[{number}]") } else { String::new() };
                    let path = format!("{}/{}{index}", node.path, quoted(&child.name));
                    let child = Node { element: child, path };
                    nodes[at].push(child.clone());
                    known.push((at, child));
                }
                None => self.unknown(node, child, slots),
            }
        }
        self.order(&known);
        for (slot, nodes) in slots.iter().zip(&nodes) {
            if slot.required && nodes.is_empty() {
                self.say(Code::Missing, node, format!("<{}> is missing", slot.name));
            }
            for again in nodes.iter().skip(1).filter(|_| !slot.many) {
                self.say(Code::Repeated, again, format!("<{}> stands more than once", slot.name));
            }
        }
        Found { slots, nodes }
    }

    fn unknown(&mut self, node: &Node<'_>, child: &Element, slots: &[Slot]) {
        let name = quoted(&child.name);
        let alike = slots.iter().find(|slot| slot.name.eq_ignore_ascii_case(&child.name));
        let elsewhere = [("alert", ALERT), ("info", INFO), ("resource", RESOURCE), ("area", AREA)]
            .into_iter()
            .find(|(_, slots)| slots.iter().any(|slot| slot.name == child.name));
        let text = if child.namespace != node.element.namespace {
            format!("<{name}> is of another namespace, “{}”", quoted(&child.namespace))
        } else if let Some(slot) = alike {
            format!("<{name}> is spelled <{}>", slot.name)
        } else if let Some((owner, _)) = elsewhere {
            format!("<{name}> belongs in <{owner}>, not in <{}>", node.element.name)
        } else if child.name == "password" {
            "<password> was of CAP 1.0 and is no more".into()
        } else {
            format!("<{}> has no element <{name}>", node.element.name)
        };
        let path = format!("{}/{}", node.path, quoted(&child.name));
        self.say(Code::Unknown, &Node { element: child, path }, text);
    }

    /// The fewest elements that must be moved are the ones that stand wrong.
    fn order(&mut self, known: &[(usize, Node<'_>)]) {
        let places: Vec<usize> = known.iter().map(|(place, _)| *place).collect();
        let right = longest_rising(&places);
        for (at, (_, node)) in known.iter().enumerate() {
            if !right.get(at).copied().unwrap_or(true) {
                let text = format!("<{}> stands in the wrong place", node.element.name);
                self.say(Code::Order, node, text);
            }
        }
    }

    /// CAP has no attributes; only what schemas say about a document may stand.
    pub(super) fn attributes(&mut self, node: &Node<'_>) {
        for attribute in &node.element.attributes {
            let location =
                matches!(attribute.name.as_str(), "schemaLocation" | "noNamespaceSchemaLocation");
            if attribute.namespace != INSTANCE || !location {
                let name = quoted(&attribute.name);
                self.say(Code::Attribute, node, format!("there is an attribute {name}"));
            }
        }
    }

    /// The text of an element that holds only text.
    pub(super) fn leaf<'e>(&mut self, node: &Node<'e>) -> &'e str {
        self.attributes(node);
        for child in &node.element.children {
            let path = format!("{}/{}", node.path, quoted(&child.name));
            let text = format!("<{}> stands in a text", quoted(&child.name));
            self.say(Code::Unknown, &Node { element: child, path }, text);
        }
        &node.element.text
    }
}

/// Which places belong to one longest sequence that never falls.
fn longest_rising(places: &[usize]) -> Vec<bool> {
    // ends[n]: where the rising sequence of n + 1 members with the lowest last member ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let length = ends.partition_point(|end| places[*end] <= *place);
        before.push(length.checked_sub(1).and_then(|last| ends.get(last).copied()));
        if length == ends.len() {
            ends.push(at);
        } else {
            ends[length] = at;
        }
    }
    let mut right = vec![false; places.len()];
    let mut member = ends.last().copied();
    while let Some(at) = member {
        right[at] = true;
        member = before[at];
    }
    right
}
