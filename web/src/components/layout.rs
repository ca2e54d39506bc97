//! The frame around every page.

use maud::{DOCTYPE, Markup, Render, html};

use super::navigation::{Crumb, breadcrumb};
use crate::assets;
use crate::text::Words;

/// How many entries of the main navigation stand in sight on a desk.
const NAV_IN_SIGHT: usize = 8;

/// What the world on the screen is; anything but [`Mode::Real`] says so on top of every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The real record of real regions.
    #[default]
    Real,
    /// Synthetic regions for trying the program.
    Demo,
    /// An exercise, never to be mistaken for real.
    Exercise,
}

/// One entry of the main navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavLink<'a> {
    /// Where it leads.
    pub href: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// Whether this is the page shown.
    pub current: bool,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer<'a> {
    /// The person's name.
    pub name: &'a str,
    /// The role in words.
    pub role: &'a str,
    /// The region's name.
    pub region: &'a str,
    /// Where the sign-out form goes.
    pub sign_out: &'a str,
}

/// Everything a page tells its frame.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The language of the page.
    pub words: Words,
    /// The page's title, without the product's name.
    pub title: &'a str,
    /// What world this is.
    pub mode: Mode,
    /// Whether the real thing has stopped the exercise that this is.
    pub stopped: bool,
    /// What is said on top while an alarm runs; none where nobody may see alarms.
    pub alarm: Option<&'a Markup>,
    /// The main navigation, in order; empty before signing in.
    pub nav: &'a [NavLink<'a>],
    /// The way here, from the start page; empty on the start page itself.
    pub crumbs: &'a [Crumb<'a>],
    /// Who is signed in, if anybody.
    pub viewer: Option<Viewer<'a>>,
    /// The same page in the other language.
    pub language_href: &'a str,
    /// When the page was made, microseconds UTC.
    pub now: i64,
    /// Whether the page listens for changes (see `live.js`).
    pub live: bool,
    /// The last transaction when the page was made.
    pub serial: u64,
    /// The page's own path, where a scan may be sent from it; none hides the scan field.
    pub scan: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// A page in the real world, without navigation; set the other fields with `..`.
    #[must_use]
    pub fn new(words: Words, title: &'a str, now: i64) -> Self {
        Self {
            words,
            title,
            mode: Mode::Real,
            stopped: false,
            alarm: None,
            nav: &[],
            crumbs: &[],
            viewer: None,
            language_href: "?lang=",
            now,
            live: false,
            serial: 0,
            scan: None,
        }
    }
}

/// The whole document: head, skip link, banners, header, the page's own body, footer.
///
/// The body goes into `<main>`; it starts with [`page_header`] (the only `h1`).
#[must_use]
pub fn layout(page: &Page<'_>, body: &Markup) -> Markup {
    let w = page.words;
    html! {
        (DOCTYPE)
        html lang=(w.lang().code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light";
                title {
                    @if page.mode == Mode::Exercise { (w.t("layout-exercise-word")) " – " }
                    (page.title) " – Samband"
                }
                link rel="icon" href=(assets::icon_href()) type="image/svg+xml";
                link rel="stylesheet" href=(assets::css_href());
                @if page.live {
                    script src=(assets::scan_href()) defer {}
                    script src=(assets::js_href()) defer {}
                    script src=(assets::alarm_href()) defer {}
                }
            }
            body {
                a.skip href="#main" { (w.t("layout-skip")) }
                (mode_banner(w, page.mode, page.stopped))
                @if let Some(alarm) = page.alarm { (alarm) }
                (header(page))
                @if !page.crumbs.is_empty() { (breadcrumb(w, page.crumbs)) }
                main #main tabindex="-1" { (body) }
                (footer(page))
            }
        }
    }
}

fn mode_banner(w: Words, mode: Mode, stopped: bool) -> Markup {
    let (class, word, text) = match mode {
        Mode::Real => return html! {},
        Mode::Demo => ("mode demo", w.t("layout-demo-word"), w.t("layout-demo-text")),
        Mode::Exercise => {
            let text =
                if stopped { w.t("layout-stopped-text") } else { w.t("layout-exercise-text") };
            ("mode exercise", w.t("layout-exercise-word"), text)
        }
    };
    html! {
        div class=(class) role="region" aria-label=(word) {
            p { strong { (word) } " " span { (text) } }
        }
    }
}

fn header(page: &Page<'_>) -> Markup {
    let w = page.words;
    let other = w.lang().other();
    html! {
        header.top {
            div.bar {
                a.brand href="/" { (logo()) span { "Samband" } }
                @if let Some(path) = page.scan { (scan_field(w, path)) }
                div.who {
                    @if let Some(viewer) = &page.viewer { (viewer_box(w, viewer)) }
                    a.language href=(page.language_href) lang=(other.code())
                        hreflang=(other.code()) {
                        (other.own_name())
                    }
                }
            }
            @if !page.nav.is_empty() {
                // One of the two is shown: the open row on a desk, the folded menu on a phone.
                nav.wide aria-label=(w.t("layout-nav")) { (nav_row(w, page.nav)) }
                details.narrow {
                    summary { (w.t("layout-menu")) }
                    nav aria-label=(w.t("layout-nav")) { (nav_list(page.nav)) }
                }
            }
        }
    }
}

/// The field that every scan may go to. It takes the focus by itself only where scanning is what
/// the page is for; elsewhere `live.js` gives it the focus when a scanner or "/" speaks.
fn scan_field(w: Words, path: &str) -> Markup {
    html! {
        form.scan method="get" action="/scan" role="search" {
            label for="scan" { (w.t("scan-label")) }
            input #scan name="q" type="text" autocomplete="off" autocapitalize="characters"
                spellcheck="false" maxlength="1000" autofocus[matches!(path, "/scan" | "/work")]
                placeholder=(w.t("scan-placeholder"));
            input type="hidden" name="on" value=(path);
            button.quiet type="submit" { (w.t("scan-do")) }
        }
    }
}

fn nav_list(links: &[NavLink<'_>]) -> Markup {
    html! { ul { @for link in links { (nav_item(link)) } } }
}

fn nav_item(link: &NavLink<'_>) -> Markup {
    html! {
        li {
            a href=(link.href) aria-current=[link.current.then_some("page")] { (link.label) }
        }
    }
}

/// One row on a desk: what comes first in sight, the rest one press away.
fn nav_row(w: Words, links: &[NavLink<'_>]) -> Markup {
    let in_sight = if links.len() <= NAV_IN_SIGHT + 2 { links.len() } else { NAV_IN_SIGHT };
    let (first, rest) = links.split_at(in_sight);
    // The page shown is named in the row even where its entry would be folded away.
    let (current, rest): (Vec<_>, Vec<_>) = rest.iter().cloned().partition(|link| link.current);
    html! {
        ul {
            @for link in first.iter().chain(&current) { (nav_item(link)) }
            @if !rest.is_empty() {
                li.more {
                    details { summary { (w.t("layout-more")) } (nav_list(&rest)) }
                }
            }
        }
    }
}

fn viewer_box(w: Words, viewer: &Viewer<'_>) -> Markup {
    html! {
        p.viewer {
            strong { (viewer.name) }
            span { (viewer.role) " · " (viewer.region) }
        }
        form.sign-out method="post" action=(viewer.sign_out) {
            button.quiet type="submit" { (w.t("layout-sign-out")) }
        }
    }
}

fn footer(page: &Page<'_>) -> Markup {
    let w = page.words;
    html! {
        footer.foot {
            @if page.live { (connection(w, page.serial)) }
            p { (w.t_args("layout-made", &[("time", w.date_time(page.now).into())])) }
            p { (w.t("layout-complement")) " " a href="/about" { (w.t("layout-about")) } }
        }
        // An exercise begins and ends with its word, on paper as well.
        @if page.mode == Mode::Exercise {
            @let label =
                if page.stopped { w.t("layout-stopped") } else { w.t("layout-exercise-stop") };
            div.mode.exercise role="region" aria-label=(label) {
                p {
                    @if page.stopped { (label) } @else { a href="/exercise" { (label) } }
                    " "
                    strong { (w.t("layout-exercise-end")) }
                }
            }
        }
    }
}

/// Filled in by `live.js`; without it the page says how it is kept fresh.
fn connection(w: Words, serial: u64) -> Markup {
    html! {
        p #live-state .live-state role="status" data-serial=(serial)
            data-on=(w.t("live-on"))
            data-off=(w.t_args("live-off", &[("time", "{time}".into())]))
            data-updated=(w.t_args("live-updated", &[("time", "{time}".into())])) {
            (w.t("live-none"))
        }
    }
}

fn logo() -> Markup {
    html! {
        svg.logo viewBox="0 0 40 28" width="40" height="28" aria-hidden="true" focusable="false" {
            circle cx="14" cy="14" r="10" {}
            path d="M26 4a10 10 0 1 1-7.6 16.5" {}
            path d="M26 4a10 10 0 0 0-7.6 3.5" {}
        }
    }
}

/// The head of a page: its only `h1`, what it answers, and its actions (links or buttons).
#[must_use]
pub fn page_header(title: &str, lead: Option<&str>, actions: Option<&Markup>) -> Markup {
    html! {
        div.page-header {
            div {
                h1 { (title) }
                @if let Some(lead) = lead { p.lead { (lead) } }
            }
            @if let Some(actions) = actions { div.actions { (actions) } }
        }
    }
}

/// A part of a page under its own `h2`; `id` makes it a target for links.
#[must_use]
pub fn section(id: &str, heading: &str, body: &Markup) -> Markup {
    html! {
        section #(id) aria-labelledby={ (id) "-h" } {
            h2 id={ (id) "-h" } { (heading) }
            (body)
        }
    }
}

/// A part that `live.js` fetches again from `src` whenever `topic` changes.
///
/// `src` may answer with this very element (by its id), alone or within a whole page, or with
/// just its new contents.
#[must_use]
pub fn live_region(id: &str, topic: &str, src: &str, body: &impl Render) -> Markup {
    html! {
        div #(id) data-live=(topic) data-src=(src) { (body) }
    }
}
