//! Writes XML: one element a line, indented.

use quick_xml::escape::partial_escape;

/// A document as far as it is written.
#[derive(Debug)]
pub(crate) struct Out {
    text: String,
    deep: usize,
}

impl Out {
    /// A document of one element, with its attributes as they stand.
    pub(crate) fn document(root: &str, attributes: &str, write: impl FnOnce(&mut Self)) -> String {
        let head = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let mut out = Self { text: head, deep: 0 };
        out.within_with(root, attributes, write);
        out.text
    }

    /// An element that holds a text.
    pub(crate) fn line(&mut self, name: &str, text: &str) {
        let indent = "  ".repeat(self.deep);
        self.text.push_str(&format!("{indent}<{name}>{}</{name}>\n", partial_escape(text)));
    }

    /// An element that holds a text, if there is one.
    pub(crate) fn maybe(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.line(name, text);
        }
    }

    /// An element that holds others.
    pub(crate) fn within(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.within_with(name, "", write);
    }

    /// An element with attributes that holds others.
    pub(crate) fn within_with(
        &mut self,
        name: &str,
        attributes: &str,
        write: impl FnOnce(&mut Self),
    ) {
        let indent = "  ".repeat(self.deep);
        let space = if attributes.is_empty() { "" } else { " " };
        self.text.push_str(&format!("{indent}<{name}{space}{attributes}>\n"));
        self.deep += 1;
        write(self);
        self.deep -= 1;
        self.text.push_str(&format!("{indent}</{name}>\n"));
    }
}
