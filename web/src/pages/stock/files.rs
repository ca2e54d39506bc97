//! What the pages for files have in common.

use samband_domain::SiteId;
use samband_domain::kernel::RecordKeeper;

use crate::app::{App, Problem, Visitor};

/// The own region's open sites whose record is kept so, by name. Where there are several, none is
/// chosen beforehand: one region's figures must not land at another site by a tired click.
pub(super) fn sites(app: &App, visitor: &Visitor, record: RecordKeeper) -> Vec<(String, String)> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let Some(journal) = world.journal(&visitor.region) else { return Vec::new() };
    let sites = journal.shared().kernel.sites.values();
    let open = sites.filter(|site| site.record == record && site.window.contains(now));
    let mut all: Vec<_> = open.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    if all.len() > 1 {
        all.insert(0, (String::new(), visitor.words.t("form-choose")));
    }
    all
}

/// The site that was chosen.
///
/// # Errors
/// A problem that asks for one where none was, or that knows no such name.
pub(super) fn chosen(site: &str) -> Result<SiteId, Problem> {
    if site.is_empty() {
        return Err(Problem::unprocessable("import.no_site"));
    }
    Ok(SiteId::new(site)?)
}
