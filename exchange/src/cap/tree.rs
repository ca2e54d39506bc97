//! A document as a tree of elements with their places, read strictly.
//!
//! Nothing is fetched and nothing expands: document types are passed over, entities other than the
//! five of XML are reported, and depth, size and number of elements are limited.

mod encoding;
mod tag;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::problem::{Code, Listed, Problem};
use super::text::is_xml_character;

/// The most bytes of a document.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;
/// The most elements of a document.
pub const MOST_ELEMENTS: usize = 20_000;
/// The most elements within each other.
pub const MOST_DEEP: usize = 32;

/// A place in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub line: usize,
    pub column: usize,
}

/// An element.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    /// Its name without prefix.
    pub name: String,
    /// Its namespace; empty if it has none.
    pub namespace: String,
    /// Where it begins.
    pub at: At,
    /// Names of attributes that are no declarations of namespaces.
    pub attributes: Vec<tag::Attribute>,
    /// The text directly in it, all pieces together.
    pub text: String,
    /// Where text that is not white space first stands in it.
    pub text_at: Option<At>,
    /// What is in it.
    pub children: Vec<Element>,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The document element, if all of it could be read.
    pub root: Option<Element>,
    /// What is wrong with it as XML.
    pub problems: Listed,
}

/// Reads a document.
pub(super) fn read(bytes: &[u8]) -> Tree {
    let mut tree = Tree::default();
    if bytes.len() > MOST_BYTES {
        let text = format!("the document has more than {MOST_BYTES} bytes");
        tree.problems.push(problem(Code::XmlSize, At { line: 1, column: 1 }, text));
        return tree;
    }
    let text = match encoding::decode(bytes) {
        Ok((text, warning)) => {
            warning.into_iter().for_each(|one| tree.problems.push(one));
            text
        }
        Err(error) => {
            tree.problems.push(error);
            return tree;
        }
    };
    let mut grower = Grower::new(&text, tree.problems);
    let root = grower.grow();
    Tree { root, problems: grower.problems }
}

/// A problem in words that may repeat what stands in the document: on one line, and not long.
fn problem(code: Code, at: At, text: impl Into<String>) -> Problem {
    let At { line, column } = at;
    let whole: String = text.into();
    let text = whole.chars().take(300).map(|c| if c.is_control() { ' ' } else { c }).collect();
    Problem { code, path: String::new(), line, column, text }
}

/// The end of reading: the rest cannot be read.
struct Stop;

/// Counts lines and columns forward.
struct Cursor<'t> {
    text: &'t str,
    offset: usize,
    at: At,
}

impl Cursor<'_> {
    /// The place of a byte that lies no earlier than the last one asked for.
    fn to(&mut self, offset: usize) -> At {
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        for c in passed.chars() {
            if c == '\n' {
                self.at = At { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
        self.offset += passed.len();
        self.at
    }
}

struct Grower<'t> {
    text: &'t str,
    cursor: Cursor<'t>,
    problems: Listed,
    open: Vec<Element>,
    scopes: tag::Scopes,
    root: Option<Element>,
    elements: usize,
}

impl<'t> Grower<'t> {
    fn new(text: &'t str, problems: Listed) -> Self {
        Self {
            text,
            cursor: Cursor { text, offset: 0, at: At { line: 1, column: 1 } },
            problems,
            open: Vec::new(),
            scopes: tag::Scopes::default(),
            root: None,
            elements: 0,
        }
    }

    fn say(&mut self, code: Code, at: At, text: impl Into<String>) {
        self.problems.push(problem(code, at, text));
    }

    fn ill_formed(&mut self, at: At, text: impl Into<String>) -> Stop {
        self.say(Code::XmlForm, at, text);
        Stop
    }

    fn grow(&mut self) -> Option<Element> {
        self.characters();
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().enable_all_checks(true);
        loop {
            let from = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = reader.read_event();
            let at = self.cursor.to(from);
            let step = match event {
                Ok(Event::Eof) => break,
                Ok(event) => self.event(&event, from, at),
                Err(error) => Err(self.ill_formed(at, format!("not well-formed XML: {error}"))),
            };
            if step.is_err() {
                return None;
            }
        }
        let end = self.cursor.to(self.text.len());
        if let Some(open) = self.open.last() {
            let text = format!("<{}> is not closed", open.name);
            self.ill_formed(end, text);
            return None;
        }
        if self.root.is_none() {
            self.ill_formed(end, "there is no element");
        }
        self.root.take()
    }

    fn event(&mut self, event: &Event<'_>, from: usize, at: At) -> Result<(), Stop> {
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::Empty(tag) => {
                self.start(tag, at)?;
                self.end(at)
            }
            Event::End(_) => self.end(at),
            Event::Text(text) if text.contains("]]>") => {
                Err(self.ill_formed(at, "]]> stands in text"))
            }
            Event::Text(text) => self.add(&text.xml10_content(), at),
            Event::CData(_) if self.open.is_empty() => {
                Err(self.ill_formed(at, "text stands outside the document element"))
            }
            Event::CData(text) => self.add(&text.xml10_content(), at),
            Event::GeneralRef(reference) => self.reference(reference, at),
            Event::Comment(text) if text.contains("--") || text.ends_with('-') => {
                Err(self.ill_formed(at, "-- stands in a comment"))
            }
            Event::Decl(_) if from > 0 => {
                Err(self.ill_formed(at, "the XML declaration does not stand first"))
            }
            Event::Decl(declaration) if !tag::is_declaration(declaration) => {
                Err(self.ill_formed(at, "the XML declaration has another form"))
            }
            Event::PI(pi) if !tag::is_instruction(pi.target(), pi.content()) => {
                Err(self.ill_formed(at, "a processing instruction has no right name"))
            }
            Event::DocType(_) => {
                self.say(Code::XmlDoctype, at, "there is a document type");
                let first = self.root.is_none() && self.open.is_empty();
                if first {
                    Ok(())
                } else {
                    Err(self.ill_formed(at, "it stands within the document"))
                }
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, start: &quick_xml::events::BytesStart<'_>, at: At) -> Result<(), Stop> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.ill_formed(at, "there is a second document element"));
        }
        self.elements += 1;
        if self.elements > MOST_ELEMENTS {
            self.say(
                Code::XmlElements,
                at,
                format!("there are more than {MOST_ELEMENTS} elements"),
            );
            return Err(Stop);
        }
        if self.open.len() >= MOST_DEEP {
            let text = format!("more than {MOST_DEEP} elements stand within each other");
            self.say(Code::XmlDeep, at, text);
            return Err(Stop);
        }
        let name = start.name().into_inner();
        let read = match tag::attributes(start.attributes_raw()) {
            Ok(read) if tag::is_name(name) => read,
            Ok(_) => return Err(self.ill_formed(at, format!("“{name}” is no name"))),
            Err(tag::NotTag::Form(text)) => return Err(self.ill_formed(at, text)),
            Err(tag::NotTag::Many) => {
                let text = format!("an element has more than {} attributes", tag::MOST_ATTRIBUTES);
                self.say(Code::XmlElements, at, text);
                return Err(Stop);
            }
        };
        for entity in read.entities {
            self.say(Code::XmlEntity, at, format!("&{entity}; is not defined"));
        }
        if read.control {
            self.say(
                Code::XmlCharacter,
                at,
                "an attribute holds a character that XML cannot carry",
            );
        }
        match self.scopes.enter(name, read.attributes) {
            Ok((namespace, local, attributes)) => {
                let name = local.to_owned();
                self.open.push(Element { name, namespace, at, attributes, ..Element::default() });
                Ok(())
            }
            Err(tag::Refused::Prefix(prefix)) => {
                self.say(Code::XmlPrefix, at, format!("the prefix {prefix} has no namespace"));
                Err(Stop)
            }
            Err(tag::Refused::Form(text)) => Err(self.ill_formed(at, text)),
        }
    }

    fn end(&mut self, at: At) -> Result<(), Stop> {
        let Some(done) = self.open.pop() else {
            return Err(self.ill_formed(at, "an end stands without a beginning"));
        };
        self.scopes.leave();
        match self.open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => self.root = Some(done),
        }
        Ok(())
    }

    fn add(&mut self, text: &str, at: At) -> Result<(), Stop> {
        let blank = text.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
        match self.open.last_mut() {
            Some(element) => {
                element.text.push_str(text);
                if !blank && element.text_at.is_none() {
                    element.text_at = Some(at);
                }
                Ok(())
            }
            None if blank => Ok(()),
            None => Err(self.ill_formed(at, "text stands outside the document element")),
        }
    }

    fn reference(&mut self, name: &str, at: At) -> Result<(), Stop> {
        if self.open.is_empty() {
            return Err(self.ill_formed(at, "text stands outside the document element"));
        }
        match tag::resolve(name) {
            tag::Resolved::Character(c) => self.add(c.encode_utf8(&mut [0; 4]), at),
            tag::Resolved::Forbidden => {
                self.say(Code::XmlCharacter, at, format!("&{name}; is no character of XML"));
                Ok(())
            }
            tag::Resolved::Entity => {
                self.say(Code::XmlEntity, at, format!("&{name}; is not defined"));
                Ok(())
            }
            tag::Resolved::Malformed => Err(self.ill_formed(at, "& stands alone")),
        }
    }

    /// Lists each run of characters that XML cannot carry.
    fn characters(&mut self) {
        let mut at = At { line: 1, column: 1 };
        let mut before = false;
        for c in self.text.chars() {
            let bad = !is_xml_character(c);
            if bad && !before {
                let text = format!("U+{:04X} is no character of XML", u32::from(c));
                self.say(Code::XmlCharacter, at, text);
            }
            before = bad;
            at = match c {
                '\n' => At { line: at.line + 1, column: 1 },
                _ => At { column: at.column + 1, ..at },
            };
        }
    }
}
