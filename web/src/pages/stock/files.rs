//! What the pages for files have in common.

use samband_domain::kernel::RecordKeeper;

use crate::app::{App, Visitor};

/// The own region's open sites whose record is kept so, by name.
pub(super) fn sites(app: &App, visitor: &Visitor, record: RecordKeeper) -> Vec<(String, String)> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let Some(journal) = world.journal(&visitor.region) else { return Vec::new() };
    let sites = journal.shared().kernel.sites.values();
    let open = sites.filter(|site| site.record == record && site.window.contains(now));
    let mut all: Vec<_> = open.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}
