//! In which regions the patients live who were given units in a month: counts, never persons.

use axum::Form as Body;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Component;
use samband_domain::plans::Command;
use samband_domain::plans::model::{HomeReport, HomeUnits};
use samband_domain::{Command as Any, JournalId, Period};
use samband_engine::World;

use super::PATH;
use crate::app::plans::settlement::last_month;
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header, section};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::region_name;
use crate::pages::stock::component as component_text;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const STATE: &str = "state-homes";

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::StateHomes, &visitor.region)?;
    Ok(whole(&app, &visitor, &Draft::fresh(app.engine.now())))
}

pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::StateHomes, &visitor.region)?;
    let typed = Typed::new(pairs);
    let command = read(visitor.words, &app.engine.world(), &typed);
    let month = typed.get("month").to_owned();
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => {
            let period: Option<Period> = month.parse().ok();
            let last = period.and_then(|period| period.end().yesterday().ok());
            let days = last.map(|last| format!("?from={month}-01&to={last}"));
            Ok(done(&format!("{PATH}{}", days.unwrap_or_default()), STATE))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft)).into_response())
        }
    }
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft) -> Html<String> {
    let (w, now) = (visitor.words, app.engine.now());
    let title = w.t("settlement-homes-do");
    let (first, _) = last_month(now);
    let month: String = first.to_string().chars().take(7).collect();
    let key = draft.key(STATE);
    let path = "/plan/settlement/homes";
    let rows = Field::text_area("rows", w.t("settlement-homes-rows"));
    let form = draft
        .form(w, path, STATE, &key, w.t("settlement-homes-send"))
        .field(
            draft.field(
                STATE,
                "month",
                Field::text("month", w.t("settlement-month"))
                    .hint(w.t("settlement-month-hint"))
                    .required(),
                &month,
            ),
        )
        .field(
            draft.field(
                STATE,
                "source",
                Field::text("source", w.t("plan-use-source"))
                    .hint(w.t("settlement-homes-source"))
                    .required(),
                "",
            ),
        )
        .field(draft.field(STATE, "rows", rows.hint(w.t("settlement-homes-rows-hint")), ""));
    let body = html! {
        (page_header(&title, Some(&w.t("settlement-homes-form-lead")), None))
        (draft.banner(w))
        div.panel { (form) }
        (section("example", &w.t("settlement-example"), &example(w, &app.engine.world(), visitor)))
    };
    page(app, visitor, &title, &[(PATH, w.t("settlement-title"))], &body)
}

fn example(w: Words, world: &World, visitor: &Visitor) -> Markup {
    let other = regions(world).into_iter().find(|(id, _)| *id != visitor.region);
    let name = other.map_or_else(|| "–".to_owned(), |(_, name)| name);
    let red = component_text(w, Component::RedCells);
    html! {
        pre tabindex="0" {
            (name) "; " (red) "; 12\n"
            (name) "; " (red) "; 30; " (w.t("settlement-word-care")) "\n"
            (w.t("settlement-word-unknown")) "; " (red) "; 4"
        }
    }
}

fn regions(world: &World) -> Vec<(JournalId, String)> {
    let all = crate::app::stock::parts(world, samband_domain::Time(0));
    all.into_iter().map(|part| (part.journal.clone(), region_name(world, part.journal))).collect()
}

fn read(w: Words, world: &World, typed: &Typed) -> Result<Any, Errors> {
    let mut reader = Reader::new(w, typed);
    let month: Option<Period> = reader.value("month");
    let source = reader.text("source");
    let regions = regions(world);
    let mut rows = Vec::new();
    for (n, line) in typed.get("rows").lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        match row(w, &regions, line) {
            Some(row) => rows.push(row),
            None => {
                let args = [("line", (n as i64 + 1).into())];
                reader.wrong("rows", w.t_args("settlement-bad-row", &args));
            }
        }
    }
    let month = reader.done(month)?;
    Ok(Command::StateHomes { report: HomeReport { month, source, rows } }.into())
}

/// Region; component; units; and whether the price of the care holds the blood.
fn row(w: Words, regions: &[(JournalId, String)], line: &str) -> Option<HomeUnits> {
    let mut parts = line.split(';').map(str::trim);
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let (region, component, units) = (parts.next()?, parts.next()?, parts.next()?);
    let unknown = same(region, &w.t("settlement-word-unknown")) || region == "?";
    let named = regions.iter().find(|(id, name)| {
        same(region, id.as_str())
            || same(region, name)
            || same(region, crate::pages::parts::short(name))
    });
    let home = match (unknown, named) {
        (true, _) => None,
        (false, Some((id, _))) => Some(id.clone()),
        // A region that is no neighbour here is named by its short name.
        (false, None) => Some(JournalId::new(&region.to_lowercase()).ok()?),
    };
    let mut all = Component::ALL.iter().copied();
    let component =
        all.find(|one| same(component, one.as_str()) || same(component, &component_text(w, *one)))?;
    let in_care_price = match parts.next().filter(|text| !text.is_empty()) {
        None => false,
        Some(text) if same(text, &w.t("settlement-word-care")) => true,
        Some(_) => return None,
    };
    Some(HomeUnits { component, home, in_care_price, units: units.parse().ok()? })
}
