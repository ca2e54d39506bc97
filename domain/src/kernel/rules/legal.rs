//! One holder per legal role, region and moment (I9).

use crate::kernel::model::{Approval, Capacity, LegalRole, Mandate};
use crate::kernel::state::Shared;
use crate::words::{SiteId, Window};

/// The mandate that already holds the role for some of the window, if there is one.
///
/// A rejected mandate never comes into force and so is in nobody's way; a pending one is, since
/// the authority may agree tomorrow.
pub(crate) fn holder_conflict<'a>(
    shared: &'a Shared,
    role: LegalRole,
    site: Option<&SiteId>,
    window: &Window,
) -> Option<&'a Mandate> {
    shared.mandates.values().find(|held| {
        held.capacity == Capacity::Legal(role)
            && held.deputy_for.is_none()
            && held.site.as_ref() == site
            && !matches!(held.approval, Approval::Rejected { .. })
            && held.window.overlaps(window)
    })
}
