//! Accounts: of the region for its administrator, one's own for everybody, and emergency access.

mod emergency;
mod own;
mod region;

use axum::Router;
use maud::{Markup, html};
use samband_access::code::Code;

use crate::app::App;
use crate::components::Note;
use crate::text::Words;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().merge(region::routes()).merge(own::routes()).merge(emergency::routes())
}

/// Break-glass codes, shown this once.
fn codes(w: Words, codes: &[Code]) -> Markup {
    html! {
        (Note::warning(w, &w.t("codes-once")))
        ol.codes { @for code in codes { li { code { (code.to_string()) } } } }
        p { (w.t("codes-how")) }
    }
}
