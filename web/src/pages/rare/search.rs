//! What to search for.

use maud::{Markup, html};
use samband_domain::blood::model::{Component, Group};

use super::super::stock::component;
use crate::app::rare::Asked;
use crate::components::{Field, Form};
use crate::text::Words;

pub(super) fn form(w: Words, asked: &Asked) -> Markup {
    let value = |text: &Option<String>| text.clone().unwrap_or_default();
    let any = || std::iter::once((String::new(), w.t("rare-any")));
    let components = Component::ALL.iter().map(|one| (one.to_string(), component(w, *one)));
    let groups = Group::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.to_string()));
    let form = Form::get(w, "/rare", w.t("rare-do"))
        .field(
            Field::text("antigens", w.t("rare-antigens"))
                .hint(w.t("rare-antigens-hint"))
                .value(value(&asked.antigens)),
        )
        .field(
            Field::select("group", w.t("rare-group"), any().chain(groups)).value(asked.recipient()),
        )
        .field(
            Field::select("component", w.t("stock-component"), any().chain(components))
                .value(asked.component.clone().unwrap_or_else(|| "red_cells".into())),
        )
        .field(
            Field::text("hla", w.t("rare-hla")).hint(w.t("rare-hla-hint")).value(value(&asked.hla)),
        )
        .field(
            Field::text("hpa", w.t("rare-hpa")).hint(w.t("rare-hpa-hint")).value(value(&asked.hpa)),
        );
    html! { div.panel { (form) } }
}
