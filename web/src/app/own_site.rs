//! The site somebody works at: as chosen last on this computer, otherwise their mandate's.

use axum::http::{HeaderMap, HeaderValue};
use samband_domain::{Region, SiteId, Time};

use super::visitor::cookie;
use super::{App, Visitor};

/// The cookie that remembers the site that was chosen; there is none until somebody chooses.
const COOKIE: &str = "samband-site";

/// What the address and the cookie say where every site is meant.
pub const EVERY: &str = "all";

/// An open site of the region.
fn open(region: &Region, text: &str, now: Time) -> Option<SiteId> {
    let id = SiteId::new(text).ok()?;
    region.shared.kernel.sites.get(&id).filter(|site| site.window.contains(now))?;
    Some(id)
}

/// The one site that a person's mandates in force are for; none if they are for several or for
/// the whole region.
fn of_mandate(region: &Region, visitor: &Visitor, now: Time) -> Option<SiteId> {
    let all = region.shared.kernel.mandates.values();
    let own = all.filter(|one| one.holder == visitor.actor && one.in_force(now));
    let mut sites: Vec<_> = own.filter_map(|one| one.site.clone()).collect();
    sites.sort_unstable();
    sites.dedup();
    if sites.len() == 1 { sites.pop() } else { None }
}

/// The site to show: as the address asks, as it was chosen last, as the mandate says.
#[must_use]
pub fn own_site(
    region: &Region,
    visitor: &Visitor,
    (asked, headers): (Option<&str>, &HeaderMap),
    now: Time,
) -> Option<SiteId> {
    for text in [asked, cookie(headers, COOKIE)].into_iter().flatten() {
        if text == EVERY {
            return None;
        }
        if let Some(site) = open(region, text, now) {
            return Some(site);
        }
    }
    of_mandate(region, visitor, now)
}

/// The line that remembers a choice; none if it is remembered already or is no choice.
#[must_use]
pub fn remember(
    app: &App,
    region: &Region,
    (asked, headers): (Option<&str>, &HeaderMap),
    now: Time,
) -> Option<HeaderValue> {
    let asked = asked.filter(|text| *text == EVERY || open(region, text, now).is_some())?;
    if cookie(headers, COOKIE) == Some(asked) {
        return None;
    }
    let secure = if app.site.secure { "; Secure" } else { "" };
    let line =
        format!("{COOKIE}={asked}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&line).ok()
}
