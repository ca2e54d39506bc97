//! Finding the way: breadcrumb and pages of a long list.

use maud::{Markup, Render, html};

use crate::text::Words;

/// One step of the way from the start page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb<'a> {
    /// Where it leads; none for the page shown.
    pub href: Option<&'a str>,
    /// What it is called.
    pub label: &'a str,
}

impl<'a> Crumb<'a> {
    /// A step that can be gone back to.
    #[must_use]
    pub fn link(href: &'a str, label: &'a str) -> Self {
        Self { href: Some(href), label }
    }

    /// The page shown.
    #[must_use]
    pub fn here(label: &'a str) -> Self {
        Self { href: None, label }
    }
}

/// The way from the start page to here.
#[must_use]
pub fn breadcrumb(w: Words, crumbs: &[Crumb<'_>]) -> Markup {
    html! {
        nav.crumbs aria-label=(w.t("layout-crumbs")) {
            ol {
                @for crumb in crumbs {
                    li {
                        @match crumb.href {
                            Some(href) => a href=(href) { (crumb.label) },
                            None => span aria-current="page" { (crumb.label) },
                        }
                    }
                }
            }
        }
    }
}

/// Links to the neighbouring pages of a list that is shown in parts.
#[derive(Debug, Clone)]
pub struct Pagination<'a> {
    words: Words,
    shown: String,
    previous: Option<&'a str>,
    next: Option<&'a str>,
}

impl<'a> Pagination<'a> {
    /// `shown` says which part is on the screen, such as `1–50 av 1 240`.
    #[must_use]
    pub fn new(words: Words, shown: impl Into<String>) -> Self {
        Self { words, shown: shown.into(), previous: None, next: None }
    }

    /// The page before, if there is one.
    #[must_use]
    pub fn previous(mut self, href: Option<&'a str>) -> Self {
        self.previous = href;
        self
    }

    /// The page after, if there is one.
    #[must_use]
    pub fn next(mut self, href: Option<&'a str>) -> Self {
        self.next = href;
        self
    }
}

impl Render for Pagination<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        html! {
            nav.pages aria-label=(w.t("pages-label")) {
                @if let Some(href) = self.previous {
                    a.button href=(href) rel="prev" {
                        span aria-hidden="true" { "←" } (w.t("pages-previous"))
                    }
                }
                span.shown { (self.shown) }
                @if let Some(href) = self.next {
                    a.button href=(href) rel="next" {
                        (w.t("pages-next")) span aria-hidden="true" { "→" }
                    }
                }
            }
        }
    }
}
