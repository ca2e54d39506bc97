//! Alarms and capacity in the words of the standards, from the regions' own records.

mod alert;
mod counted;
mod taken;

pub use alert::alert_of;
pub use counted::capacity_report;
pub use taken::report_of;

use samband_domain::JournalId;

use crate::app::App;

/// A region as the sender of a message: unique in the world as far as its address is.
#[must_use]
pub fn sender(app: &App, region: &JournalId) -> String {
    let host = app.site.public.as_deref().unwrap_or("samband");
    let host = host.split("://").last().unwrap_or(host);
    let host = host.split(['/', ':']).next().unwrap_or(host);
    format!("{region}@{host}")
}
