//! Forms: plain HTML that works without scripts, each post with its idempotency key.

use maud::{Markup, Render, html};

use super::field::Field;
use crate::text::Words;

/// The name of the hidden field that carries the idempotency key.
pub const KEY_FIELD: &str = "idempotency_key";

/// A form with labelled fields, error summary and one main button.
#[derive(Debug, Clone)]
pub struct Form<'a> {
    words: Words,
    action: &'a str,
    key: Option<&'a str>,
    fields: Vec<Field>,
    hidden: Vec<(String, String)>,
    submit: String,
    danger: bool,
    cancel: Option<(&'a str, String)>,
}

impl<'a> Form<'a> {
    /// A form that changes something; `key` makes sending it twice the same as once.
    #[must_use]
    pub fn post(words: Words, action: &'a str, key: &'a str, submit: impl Into<String>) -> Self {
        Self::new(words, action, Some(key), submit.into())
    }

    /// A form that only asks for another view.
    #[must_use]
    pub fn get(words: Words, action: &'a str, submit: impl Into<String>) -> Self {
        Self::new(words, action, None, submit.into())
    }

    fn new(words: Words, action: &'a str, key: Option<&'a str>, submit: String) -> Self {
        Self {
            words,
            action,
            key,
            fields: Vec::new(),
            hidden: Vec::new(),
            submit,
            danger: false,
            cancel: None,
        }
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// Carries a value along unseen.
    #[must_use]
    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }

    /// The button does something that is hard to take back.
    #[must_use]
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// A way out beside the button.
    #[must_use]
    pub fn cancel(mut self, href: &'a str, label: impl Into<String>) -> Self {
        self.cancel = Some((href, label.into()));
        self
    }

    fn problems(&self) -> Markup {
        let problems: Vec<_> = self.fields.iter().filter_map(Field::problem).collect();
        if problems.is_empty() {
            return html! {};
        }
        let title = self.words.t_args("form-problems", &[("n", problems.len().into())]);
        html! {
            div.problems role="alert" tabindex="-1" {
                p { strong { (title) } }
                ul {
                    @for (target, text) in &problems {
                        li { a href={ "#" (target) } { (text) } }
                    }
                }
            }
        }
    }
}

impl Render for Form<'_> {
    fn render(&self) -> Markup {
        let method = if self.key.is_some() { "post" } else { "get" };
        let files = self.fields.iter().any(Field::is_file).then_some("multipart/form-data");
        html! {
            form.form method=(method) action=(self.action) enctype=[files] novalidate {
                (self.problems())
                @if let Some(key) = self.key { input type="hidden" name=(KEY_FIELD) value=(key); }
                @for (name, value) in &self.hidden {
                    input type="hidden" name=(name) value=(value);
                }
                @for field in &self.fields { (field) }
                div.submit {
                    button type="submit" class=[self.danger.then_some("danger")] { (self.submit) }
                    @if let Some((href, label)) = &self.cancel {
                        a.button.quiet href=(href) { (label) }
                    }
                }
            }
        }
    }
}
