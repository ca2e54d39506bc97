//! Whom to telephone, and what is used in a day: stated on the site's page.

use jiff::tz::TimeZone;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::Command;
use samband_domain::blood::model::stock::{Demand, Duty, Line};
use samband_domain::blood::model::{Component, Group};
use samband_domain::{Known, Period, SiteId};

use super::super::component;
use super::View;
use crate::app::stock::per_day;
use crate::components::{Field, section};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const DUTY: &str = "state-duty";
const DEMAND: &str = "state-demand";

/// The functions that are telephoned, each with its own words.
pub(in super::super::super) const FUNCTIONS: [&str; 3] =
    ["blood-centre", "transfusion-physician", "reference-laboratory"];

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(w: Words, site: &SiteId, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    Some(match typed.act() {
        DUTY => {
            let function = reader.value("duty-function");
            let (phone, hours) = (reader.text("duty-phone"), reader.text("duty-hours"));
            let duty = function.map(|function| Duty { function, phone, hours });
            reader.done(duty.map(|duty| Command::StateDuty { site: site.clone(), duty }))
        }
        DEMAND => {
            let component: Option<Component> = reader.value("demand-component");
            let group: Option<Group> = reader.optional_value("demand-group");
            let period: Option<Period> = reader.value("demand-period");
            let source = reader.text("demand-source");
            let text = typed.get("demand-per-day");
            let milli = if text.is_empty() { None } else { per_day(text) };
            if milli.is_none() && !text.is_empty() {
                reader.wrong("demand-per-day", w.t("typed-no-number"));
            }
            let region = typed.get("demand-for") == "region";
            let site = (!region).then(|| site.clone());
            let command = component.zip(period).map(|(component, period)| Command::StateDemand {
                site,
                line: Line { component, group },
                demand: Demand { milli_per_day: Known::from(milli), period, source },
            });
            reader.done(command)
        }
        _ => return None,
    })
}

/// The forms that the reader may use.
pub(super) fn forms(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    html! {
        @if view.may.has(Action::StateDuty) {
            (section("state-duty", &w.t("duty-state"), &duty(w, view, draft)))
        }
        @if view.may.has(Action::StateDemand) {
            (section("state-demand", &w.t("demand-state"), &demand(w, view, draft)))
        }
    }
}

fn path(view: &View<'_>) -> String {
    format!("/stock/{}/{}", view.journal.id, view.site.id)
}

fn duty(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(DUTY));
    let functions = FUNCTIONS.map(|code| (code, w.dynamic("duty-of-", code)));
    let field = |name, field, start: &str| draft.field(DUTY, name, field, start);
    let form = draft
        .form(w, &path, DUTY, &key, w.t("duty-do"))
        .field(field(
            "duty-function",
            Field::select("duty-function", w.t("duty-function"), functions).required(),
            FUNCTIONS[0],
        ))
        .field(field(
            "duty-phone",
            Field::text("duty-phone", w.t("duty-phone")).hint(w.t("duty-phone-hint")).required(),
            "",
        ))
        .field(field(
            "duty-hours",
            Field::text("duty-hours", w.t("duty-hours")).hint(w.t("duty-hours-hint")).required(),
            "",
        ));
    html! { div.panel { (form) } }
}

fn demand(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(DEMAND));
    let components = Component::ALL.iter().map(|one| (one.to_string(), component(w, *one)));
    let groups = std::iter::once((String::new(), w.t("stock-all-groups")))
        .chain(Group::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.to_string())));
    let whom = [("site", w.t("demand-for-site")), ("region", w.t("demand-for-region"))];
    let stamp = jiff::Timestamp::from_microsecond(view.now.0).unwrap_or_default();
    let last_year = stamp.to_zoned(TimeZone::UTC).year().saturating_sub(1).to_string();
    let field = |name, field, start: &str| draft.field(DEMAND, name, field, start);
    let form = draft
        .form(w, &path, DEMAND, &key, w.t("demand-do"))
        .field(field("demand-for", Field::radios("demand-for", w.t("demand-for"), whom), "region"))
        .field(field(
            "demand-component",
            Field::select("demand-component", w.t("stock-component"), components).required(),
            Component::RedCells.as_str(),
        ))
        .field(field("demand-group", Field::select("demand-group", w.t("stock-group"), groups), ""))
        .field(field(
            "demand-per-day",
            Field::text("demand-per-day", w.t("demand-per-day")).hint(w.t("demand-per-day-hint")),
            "",
        ))
        .field(field(
            "demand-period",
            Field::text("demand-period", w.t("demand-period"))
                .hint(w.t("demand-period-hint"))
                .required(),
            &last_year,
        ))
        .field(field(
            "demand-source",
            Field::text("demand-source", w.t("demand-source")).required(),
            "",
        ));
    html! { div.panel { (form) } }
}
