//! The frame of a signed-in person's pages: navigation, who is here, in which world.

use maud::Markup;
use samband_access::Action;
use samband_domain::JournalId;
use samband_domain::kernel::Role;

use super::visitor::in_language;
use super::{App, Explained, Problem, Tongue, Visitor, explain, named};
use crate::components::{Crumb, Mode, NavLink, Page, Viewer, layout};

/// Every entry of the main navigation: where it leads, its key, and what one must be allowed to
/// do to see it.
const NAV: &[(&str, &str, Action)] = &[
    ("/situation", "nav-situation", Action::SeeStock),
    ("/stock", "nav-stock", Action::SeeStock),
    ("/shipments", "nav-shipments", Action::SeeStock),
    ("/picture", "nav-picture", Action::SeePicture),
    ("/roles", "nav-roles", Action::SeeRoles),
    ("/agreements", "nav-agreements", Action::SeeAgreements),
    ("/rule-sets", "nav-rules", Action::SeeRuleSets),
    ("/compatibility", "nav-compatibility", Action::SeeRuleSets),
    ("/import", "nav-import", Action::ReportFigures),
    ("/journal", "nav-journal", Action::SeeJournal),
    ("/peers", "nav-peers", Action::SeePeers),
    ("/accounts", "nav-accounts", Action::SeeAccounts),
    ("/break-glass", "nav-break-glass", Action::BreakGlass),
    ("/account", "nav-account", Action::SeeOwnAccount),
];

impl App {
    /// The mode to say on top of a page.
    pub(crate) fn banner(&self, region: Option<&JournalId>) -> Mode {
        match self.mode(region) {
            samband_domain::Mode::Real => Mode::Real,
            samband_domain::Mode::Exercise => Mode::Exercise,
            samband_domain::Mode::Demo => Mode::Demo,
        }
    }

    /// A page for somebody who is not signed in.
    #[must_use]
    pub fn open_page(&self, tongue: &Tongue, title: &str, body: &Markup) -> Markup {
        let words = tongue.words;
        let other = in_language(&tongue.address, words.lang().other());
        let page = Page {
            mode: self.banner(None),
            language_href: &other,
            ..Page::new(words, title, self.engine.now().0)
        };
        layout(&page, body)
    }
}

impl Visitor {
    /// A whole page around a body. `crumbs` is the way here, empty on the start page; `live` says
    /// whether the page has parts that are kept fresh.
    #[must_use]
    pub fn page(
        &self,
        app: &App,
        title: &str,
        crumbs: &[Crumb<'_>],
        live: bool,
        body: &Markup,
    ) -> Markup {
        let words = self.words;
        let path = self.address.split('?').next().unwrap_or_default();
        let shown = NAV.iter().filter(|(_, _, action)| self.may(app, *action));
        let labels: Vec<_> = shown.map(|(href, key, _)| (*href, words.t(key))).collect();
        let here = |href: &str| {
            path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
        };
        let nav: Vec<_> = labels
            .iter()
            .map(|(href, label)| NavLink { href, label, current: here(href) })
            .collect();
        let role = self.role_words();
        let region = app.engine.world().journal(&self.region).map(|journal| journal.name());
        let region = region.unwrap_or_else(|| self.region.to_string());
        let other = in_language(&self.address, words.lang().other());
        let page = Page {
            mode: app.banner(Some(&self.region)),
            nav: &nav,
            crumbs,
            viewer: Some(Viewer {
                name: &self.name,
                role: &role,
                region: &region,
                sign_out: "/sign-out",
            }),
            language_href: &other,
            live,
            scan: self.may(app, Action::SeeStock).then_some(path),
            ..Page::new(words, title, app.engine.now().0)
        };
        layout(&page, body)
    }

    /// A problem in this person's language, with names beside what they know by name.
    #[must_use]
    pub fn explain(&self, app: &App, problem: Problem) -> Explained {
        explain(&named(problem, &app.engine.world(), &self.region), self.words)
    }

    /// The page that this person starts on: what is most urgent for the role.
    #[must_use]
    pub fn landing(&self) -> &'static str {
        let holds = |role| self.roles.contains(&role);
        if holds(Role::Coordinator) {
            "/situation"
        } else if holds(Role::Scientist) {
            "/stock"
        } else {
            "/picture"
        }
    }

    /// The roles held now, in words; says so if there is none.
    #[must_use]
    pub fn role_words(&self) -> String {
        let mut roles: Vec<_> =
            self.roles.iter().map(|role| self.words.dynamic("role-", role.as_str())).collect();
        if self.emergency {
            roles.push(self.words.dynamic("role-", "emergency"));
        }
        if roles.is_empty() { self.words.dynamic("role-", "signed_in") } else { roles.join(", ") }
    }
}
