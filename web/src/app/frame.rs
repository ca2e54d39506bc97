//! The frame of a signed-in person's pages: navigation, who is here, in which world.

use maud::{Markup, html};
use samband_access::{Action, Touch};
use samband_domain::kernel::Role;
use samband_domain::{ActorId, JournalId};

use super::visitor::in_language;
use super::{App, Explained, Problem, Tongue, Visitor, explain, named};
use crate::components::{Crumb, Mode, NavLink, Note, Page, Viewer, layout};

/// Every entry of the main navigation: where it leads, its key, and what one must be allowed to
/// do to see it.
const NAV: &[(&str, &str, Action)] = &[
    ("/work", "nav-work", Action::IssueBlood),
    ("/alarm", "nav-alarm", Action::SeeAlarms),
    ("/incidents", "nav-incidents", Action::SeeAlarms),
    ("/requests", "nav-requests", Action::SeePatients),
    ("/transfuse", "nav-transfuse", Action::Transfuse),
    ("/situation", "nav-situation", Action::SeeStock),
    ("/readiness", "nav-readiness", Action::ReportSituation),
    ("/stock", "nav-stock", Action::SeeStock),
    ("/shipments", "nav-shipments", Action::SeeStock),
    ("/rare", "nav-rare", Action::AskRare),
    ("/plan", "nav-plan", Action::SeeStock),
    ("/donors", "nav-donors", Action::SeeDonors),
    ("/appointments", "nav-appointments", Action::KeepDonors),
    ("/call-ups", "nav-call-ups", Action::KeepDonors),
    ("/donations", "nav-donations", Action::SeeDonors),
    ("/patients", "nav-patients", Action::SeePatients),
    ("/disclosures", "nav-disclosures", Action::SeePatients),
    ("/bus", "nav-bus", Action::LendBus),
    ("/deviations", "nav-deviations", Action::CloseWithdrawal),
    ("/withdrawals", "nav-withdrawals", Action::CallBack),
    ("/plasma", "nav-plasma", Action::ShipPlasma),
    ("/trace", "nav-trace", Action::FollowWithdrawal),
    ("/reports", "nav-reports", Action::TellAuthority),
    ("/picture", "nav-picture", Action::SeePicture),
    ("/rosters", "nav-rosters", Action::KeepRosters),
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

/// Where a role starts, the most urgent work first; all others start with the figures.
const STARTS: &[(Role, &str)] = &[
    (Role::Coordinator, "/situation"),
    (Role::Scientist, "/work"),
    (Role::Nurse, "/transfuse"),
    (Role::Phlebotomist, "/donors"),
    (Role::Tib, "/alarm"),
    (Role::Commander, "/alarm"),
    (Role::Physician, "/deviations"),
    (Role::Director, "/roles"),
];

/// For how many days the pages say on top what others did to one's account; the account's own page
/// keeps it longer.
const TOLD_DAYS: i64 = 14;

impl App {
    /// The mode to say on top of a page.
    pub(crate) fn banner(&self, region: Option<&JournalId>) -> Mode {
        match self.mode(region) {
            samband_domain::Mode::Real => Mode::Real,
            samband_domain::Mode::Exercise => Mode::Exercise,
            samband_domain::Mode::Demo => Mode::Demo,
        }
    }

    /// Whether the real thing has stopped the exercise that a page belongs to.
    pub(crate) fn stopped(&self, region: Option<&JournalId>) -> bool {
        let world = self.engine.world();
        match region {
            Some(region) => super::alarm::stopped(&world, region),
            None => world.locals().any(|one| one.shared().alarms.stopped.is_some()),
        }
    }

    /// A page for somebody who is not signed in.
    #[must_use]
    pub fn open_page(&self, tongue: &Tongue, title: &str, body: &Markup) -> Markup {
        let words = tongue.words;
        let other = in_language(&tongue.address, words.lang().other());
        let page = Page {
            mode: self.banner(None),
            stopped: self.stopped(None),
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
        // Where one starts comes first; the rest in the order of the work.
        let start = self.landing();
        let mut shown: Vec<_> =
            NAV.iter().filter(|(_, _, action)| self.may(app, *action)).collect();
        shown.sort_by_key(|(href, _, _)| *href != start);
        let labels: Vec<_> = shown.iter().map(|(href, key, _)| (*href, words.t(key))).collect();
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
        let alarm = self.alarm(app);
        let page = Page {
            mode: app.banner(Some(&self.region)),
            stopped: app.stopped(Some(&self.region)),
            alarm: Some(&alarm),
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
            serial: app.engine.world().serial,
            scan: self.may(app, Action::SeeStock).then_some(path),
            ..Page::new(words, title, app.engine.now().0)
        };
        // On the pages that one starts from, the holder reads who else had a hand in the account.
        if crumbs.is_empty() {
            let told = self.told(app);
            return layout(&page, &html! { (told) (body) });
        }
        layout(&page, body)
    }

    /// What the page says on top while an alarm concerns the region.
    fn alarm(&self, app: &App) -> Markup {
        if !self.may(app, Action::SeeAlarms) {
            return html! {};
        }
        let duties = super::alarm::duties(&self.roles);
        super::alarm::banner(self.words, &app.engine.world(), &self.region, &duties)
    }

    /// What others did to this account lately; empty if nobody did anything.
    fn told(&self, app: &App) -> Markup {
        let since = app.engine.now().plus_days(-TOLD_DAYS);
        let lately: Vec<_> = self.touched.iter().filter(|touch| touch.at >= since).collect();
        let [latest, ..] = lately[..] else { return html! {} };
        let (w, what) = (self.words, self.touch_text(app, latest));
        let text = html! {
            (w.t_args("account-touched", &[("what", what.into())])) " "
            a href="/account#touched" { (w.t("account-touched-all")) }
        };
        html! { (Note::warning(w, &text)) }
    }

    /// `lösenordet återställdes av Systemadministratör, 2026-11-22 kl 13:02`.
    pub(crate) fn touch_text(&self, app: &App, touch: &Touch) -> String {
        let (words, world) = (self.words, app.engine.world());
        let kernel = world.local(&self.region).map(|region| &region.shared.kernel);
        let title = |by: &ActorId| Some(kernel?.actors.get(by)?.title.clone());
        let by = match &touch.by {
            Some(by) => title(by).unwrap_or_else(|| by.to_string()),
            None => words.t("account-touched-machine"),
        };
        let args = [("by", by.into()), ("when", words.date_time(touch.at.0).into())];
        let key = format!("account-act-{}", touch.act);
        words.find(&key, &args).unwrap_or_else(|| touch.act.clone())
    }

    /// A problem in this person's language, with names beside what they know by name.
    #[must_use]
    pub fn explain(&self, app: &App, problem: Problem) -> Explained {
        explain(&named(problem, &app.engine.world(), &self.region), self.words)
    }

    /// The page that this person starts on: what is most urgent for the role.
    #[must_use]
    pub fn landing(&self) -> &'static str {
        let starts = STARTS.iter().find(|(role, _)| self.roles.contains(role));
        starts.map_or("/picture", |(_, page)| page)
    }

    /// The way back to where they start, for pages that belong to nobody's work.
    #[must_use]
    pub fn home(&self) -> (&'static str, String) {
        let start = self.landing();
        let named = NAV.iter().find(|(href, ..)| *href == start);
        (start, self.words.t(named.map_or("nav-picture", |(_, key, _)| key)))
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
