//! Checks what stands in a single element: words, texts, moments, numbers, addresses.

use super::{Checker, Node, quoted};
use crate::cap::info::Named;
use crate::cap::moment::Moment;
use crate::cap::number::{Decimal, NotNumber};
use crate::cap::problem::Code;
use crate::cap::text::{Item, NotText, Text, Token};
use crate::cap::words::Word;

use super::slots::NAMED;

/// How people say that something is no exercise.
const DENIALS: [&str; 3] = ["ingen övning", "not a drill", "not an exercise"];

impl Checker {
    /// One of the allowed words.
    pub(super) fn word<W: Word>(&mut self, node: Option<&Node<'_>>) -> Option<W> {
        let node = node?;
        let text = self.leaf(node);
        let word = W::read(text);
        if word.is_none() {
            let all: Vec<&str> = W::ALL.iter().map(|word| word.text()).collect();
            let near = W::ALL.iter().find(|word| {
                word.text().eq_ignore_ascii_case(text.trim()) || text.trim() == "Very Likely"
            });
            let text = match (text.trim(), near) {
                ("Very Likely", _) if node.element.name == "certainty" => {
                    "“Very Likely” was of CAP 1.0; now it is “Likely”".to_owned()
                }
                (_, Some(near)) => format!("“{}” is written “{}”", quoted(text), near.text()),
                _ => format!("“{}” is none of {}", quoted(text), all.join(", ")),
            };
            self.say(Code::Value, node, text);
        }
        word
    }

    /// An identifier or a sender.
    pub(super) fn token(&mut self, node: Option<&Node<'_>>, code: Code) -> Option<Token> {
        let node = node?;
        let text = self.leaf(node);
        match Token::new(text) {
            Ok(token) => Some(token),
            Err(_) if text.trim().is_empty() => {
                self.say(Code::Empty, node, format!("<{}> is empty", node.element.name));
                None
            }
            Err(error) => {
                self.say(code, node, format!("“{}”: {error}", quoted(text)));
                None
            }
        }
    }

    /// A text that must say something.
    pub(super) fn text(&mut self, node: Option<&Node<'_>>) -> Option<Text> {
        self.words_in(node?, Code::Empty)
    }

    /// A text that could be left out.
    pub(super) fn spare(&mut self, node: Option<&Node<'_>>) -> Option<Text> {
        self.words_in(node?, Code::Blank)
    }

    /// All texts of a kind, each of which could be left out.
    pub(super) fn spares(&mut self, nodes: &[Node<'_>]) -> Vec<Text> {
        nodes.iter().filter_map(|node| self.spare(Some(node))).collect()
    }

    fn words_in(&mut self, node: &Node<'_>, if_empty: Code) -> Option<Text> {
        let raw = self.leaf(node);
        match Text::new(raw) {
            Ok(text) => {
                self.html(node, &text);
                self.denied(node, &text);
                Some(text)
            }
            Err(NotText::Empty) => {
                self.say(if_empty, node, format!("<{}> is empty", node.element.name));
                None
            }
            // The character was reported when the document was read.
            Err(_) => None,
        }
    }

    /// In an exercise, nothing may say that it is none.
    fn denied(&mut self, node: &Node<'_>, text: &str) {
        let low = text.to_lowercase();
        let denial = DENIALS.iter().find(|denial| self.exercise && low.contains(**denial));
        if let Some(denial) = denial {
            self.say(
                Code::ExerciseDenied,
                node,
                format!("the text of an exercise says “{denial}”"),
            );
        }
    }

    fn html(&mut self, node: &Node<'_>, text: &str) {
        if let Some(tag) = html_tag(text) {
            self.say(Code::HtmlTags, node, format!("the text holds the tag {}", quoted(tag)));
        }
        if let Some(entity) = html_entity(text) {
            let text = format!("the text holds the entity {}", quoted(entity));
            self.say(Code::HtmlEntities, node, text);
        }
    }

    /// A list of addresses or incidents.
    pub(super) fn items(&mut self, node: Option<&Node<'_>>) -> Vec<Item> {
        let Some(node) = node else { return Vec::new() };
        let text = self.leaf(node);
        match Item::list(text) {
            Ok(items) if items.is_empty() => {
                self.say(Code::Blank, node, format!("<{}> is empty", node.element.name));
                items
            }
            Ok(items) => items,
            Err(error) => {
                self.say(Code::List, node, format!("“{}”: {error}", quoted(text)));
                Vec::new()
            }
        }
    }

    /// A moment.
    pub(super) fn moment(&mut self, node: Option<&Node<'_>>) -> Option<Moment> {
        let node = node?;
        let text = self.leaf(node).trim_matches([' ', '\t', '\r', '\n']);
        match Moment::read(text) {
            Ok(moment) => {
                if moment.is_plus_nought() {
                    self.say(Code::PlusNought, node, "the distance from UTC is written +00:00");
                }
                Some(moment)
            }
            Err(error) => {
                self.say(Code::Moment, node, format!("“{}”: {error}", quoted(text)));
                None
            }
        }
    }

    /// A decimal number.
    pub(super) fn number(&mut self, node: Option<&Node<'_>>) -> Option<Decimal> {
        let node = node?;
        let text = self.leaf(node).trim();
        let number = Decimal::read(text);
        if let Err(error) = number {
            let large = error == NotNumber::Large;
            let code = if large { Code::NumberLarge } else { Code::Number };
            self.say(code, node, format!("“{}”: {error}", quoted(text)));
        }
        number.ok()
    }

    /// Values with their names.
    pub(super) fn named(&mut self, nodes: &[Node<'_>]) -> Vec<Named> {
        let mut all = Vec::new();
        for node in nodes {
            let found = self.found(node, NAMED);
            let name = self.text(found.one("valueName"));
            let value = self.spare(found.one("value"));
            all.extend(name.map(|name| Named { name, value }));
        }
        all
    }
}

/// The first HTML tag in a text.
fn html_tag(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let inner = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
        if inner.starts_with(|c: char| c.is_ascii_alphabetic())
            && let Some(end) = rest[1..].find(['<', '>'])
            && rest[1..][end..].starts_with('>')
        {
            return Some(&rest[..end + 2]);
        }
        rest = &rest[1..];
    }
    None
}

/// The first HTML entity in a text.
fn html_entity(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        rest = &rest[at..];
        let near = rest.bytes().take(40).position(|byte| byte == b';');
        if let Some(end) = near {
            let name = &rest[1..end];
            let good = |name: &str| (1..=32).contains(&name.len());
            let numbered = name.strip_prefix('#').is_some_and(|number| {
                let hex = number.strip_prefix(['x', 'X']);
                hex.map_or_else(
                    || good(number) && number.bytes().all(|b| b.is_ascii_digit()),
                    |hex| good(hex) && hex.bytes().all(|b| b.is_ascii_hexdigit()),
                )
            });
            let letters = name.starts_with(|c: char| c.is_ascii_alphabetic())
                && name.bytes().all(|b| b.is_ascii_alphanumeric());
            if numbered || good(name) && letters {
                return Some(&rest[..=end]);
            }
        }
        rest = &rest[1..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{html_entity, html_tag};

    #[test]
    fn finds_html_and_nothing_else() {
        assert_eq!(html_tag("se <b>upp</b>"), Some("<b>"));
        assert_eq!(html_tag("1 < 2 och 3 > 2"), None);
        assert_eq!(html_tag("a <b c <i>"), Some("<i>"));
        assert_eq!(html_tag("<br/>"), Some("<br/>"));
        assert_eq!(html_tag("<"), None);
        assert_eq!(html_entity("5 &lt; 6"), Some("&lt;"));
        assert_eq!(html_entity("&#229; &#xE5;"), Some("&#229;"));
        assert_eq!(html_entity("Karl & Kalle; & co &"), None);
        assert_eq!(html_entity("å&ä;&amp;"), Some("&amp;"));
    }
}
