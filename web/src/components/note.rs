//! What a page says besides its contents: notes, refusals, emptiness.

use maud::{Markup, Render, html};

use super::figure::Definitions;
use crate::text::Words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Info,
    Warning,
    Success,
}

/// A remark to be seen: information, a warning of the source, a confirmation.
#[derive(Debug, Clone)]
pub struct Note {
    tone: Tone,
    word: String,
    body: Markup,
    source: Option<String>,
    announce: bool,
}

impl Note {
    fn new(tone: Tone, word: String, body: &impl Render) -> Self {
        Self { tone, word, body: body.render(), source: None, announce: false }
    }

    /// Something worth knowing.
    #[must_use]
    pub fn info(w: Words, body: &impl Render) -> Self {
        Self::new(Tone::Info, w.t("note-info"), body)
    }

    /// Something that changes how the page must be read.
    #[must_use]
    pub fn warning(w: Words, body: &impl Render) -> Self {
        Self::new(Tone::Warning, w.t("note-warning"), body)
    }

    /// Something was done; read out at once.
    #[must_use]
    pub fn success(w: Words, body: &impl Render) -> Self {
        Self { announce: true, ..Self::new(Tone::Success, w.t("note-done"), body) }
    }

    /// Who says so.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl Render for Note {
    fn render(&self) -> Markup {
        let (class, sign) = match self.tone {
            Tone::Info => ("note info", "i"),
            Tone::Warning => ("note warning", "!"),
            Tone::Success => ("note success", "✓"),
        };
        html! {
            div class=(class) role=[self.announce.then_some("status")] {
                span.sign aria-hidden="true" { (sign) }
                div {
                    p { strong { (self.word) } " " (self.body) }
                    @if let Some(source) = &self.source { p.note-source { (source) } }
                }
            }
        }
    }
}

/// A refusal: what was refused, by which rule from which source, on which facts.
#[derive(Debug, Clone)]
pub struct Refusal<'a> {
    words: Words,
    code: &'a str,
    text: &'a str,
    rule: Option<&'a str>,
    source: Option<String>,
    facts: Vec<(String, String)>,
    advice: Option<&'a str>,
}

impl<'a> Refusal<'a> {
    /// `code` is the stable one, `text` what it means in the page's language.
    #[must_use]
    pub fn new(words: Words, code: &'a str, text: &'a str) -> Self {
        Self { words, code, text, rule: None, source: None, facts: Vec::new(), advice: None }
    }

    /// The rule that refused.
    #[must_use]
    pub fn rule(mut self, rule: &'a str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// Where the rule comes from: law, decision, rule set.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A fact that was used.
    #[must_use]
    pub fn fact(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push((name.into(), value.into()));
        self
    }

    /// What to do instead.
    #[must_use]
    pub fn advice(mut self, advice: &'a str) -> Self {
        self.advice = Some(advice);
        self
    }
}

impl Render for Refusal<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        let mut reasons = Definitions::new();
        if let Some(rule) = self.rule {
            reasons = reasons.text(w.t("refused-rule"), rule);
        }
        if let Some(source) = &self.source {
            reasons = reasons.text(w.t("refused-source"), source);
        }
        for (name, value) in &self.facts {
            reasons = reasons.text(name.clone(), value);
        }
        html! {
            div.refusal role="alert" {
                p.refusal-head {
                    span.sign aria-hidden="true" { "✕" }
                    strong { (w.t("refused-title")) } " " code { (self.code) }
                }
                p { (self.text) }
                @if !reasons.is_empty() { (reasons) }
                @if let Some(advice) = self.advice { p.advice { (advice) } }
            }
        }
    }
}

/// A list with nothing in it says why, and what to do.
#[derive(Debug, Clone)]
pub struct EmptyState<'a> {
    title: &'a str,
    text: &'a str,
    action: Option<(&'a str, &'a str)>,
}

impl<'a> EmptyState<'a> {
    /// What is empty, and what that means.
    #[must_use]
    pub fn new(title: &'a str, text: &'a str) -> Self {
        Self { title, text, action: None }
    }

    /// A link to what can be done about it.
    #[must_use]
    pub fn action(mut self, href: &'a str, label: &'a str) -> Self {
        self.action = Some((href, label));
        self
    }
}

impl Render for EmptyState<'_> {
    fn render(&self) -> Markup {
        html! {
            div.empty {
                p.empty-title { (self.title) }
                p { (self.text) }
                @if let Some((href, label)) = self.action { p { a.button href=(href) { (label) } } }
            }
        }
    }
}
