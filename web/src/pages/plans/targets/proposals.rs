//! What is proposed for a site, with why; or why nothing is.

use maud::{Markup, html};
use samband_domain::SiteId;

use super::{Asked, group_text, set, units_days};
use crate::app::plans::targets::{AGE_DAYS, Nothing, Proposals, Proposed, Row};
use crate::app::plans::transfer::COSTS;
use crate::app::{Problem, explain};
use crate::components::{Cell, Column, EmptyState, Note, Row as Line, Table};
use crate::text::{Ratio, Words};

/// Per cent with one decimal.
pub(super) fn percent(w: Words, percent: f64) -> String {
    let part: Ratio = ((percent * 10.0).round() as i128, 1_000);
    w.percent(part, 1)
}

pub(super) fn shown(
    w: Words,
    (asked, site): (&Asked, &SiteId),
    rows: &[Row],
    found: &Result<Proposals, Nothing>,
    may: bool,
) -> Markup {
    match found {
        Ok(found) => proposed(w, site, rows, found, may),
        Err(Nothing::Rule(refusal)) => explained(w, &refusal.clone().into()),
        Err(Nothing::TooFew { known, needed }) => {
            let text = w.t_args(
                "targets-too-few",
                &[("known", (*known).into()), ("needed", (*needed).into())],
            );
            let report = w.t("plan-use-report");
            let (title, href) = (w.t("targets-nothing"), "/plan/use/import");
            html! { (EmptyState::new(&title, &text).action(href, &report)) }
        }
        Err(Nothing::Component) => {
            let component = crate::pages::stock::component(w, asked.component);
            let text = w.t_args("targets-no-model", &[("component", component.into())]);
            html! { (Note::info(w, &text)) }
        }
        Err(Nothing::TooMuch) => html! { (Note::warning(w, &w.t("targets-too-much"))) },
    }
}

fn explained(w: Words, problem: &Problem) -> Markup {
    html! { (explain(problem, w)) }
}

fn proposed(w: Words, site: &SiteId, rows: &[Row], found: &Proposals, may: bool) -> Markup {
    let line = |one: &Proposed| {
        let row = rows.iter().find(|row| row.line == one.line);
        let units = |units: usize| {
            let units = u32::try_from(units).unwrap_or(u32::MAX);
            row.map_or_else(|| w.int(units), |row| units_days(w, row, units))
        };
        let other = one.substituted_percent.map_or_else(|| "–".to_owned(), |part| percent(w, part));
        let does = match row.filter(|_| may) {
            Some(row) => {
                let text = w.t("targets-adopt");
                let group = group_text(w, one.line.group);
                Cell::markup(html! {
                    a href=(set::href(site, row, Some((one, found)))) {
                        (text) span.hidden { " " (group) }
                    }
                })
            }
            None => Cell::text("–"),
        };
        Line::new(group_text(w, one.line.group))
            .cell(units(one.bands.level))
            .cell(units(one.bands.amber_below))
            .cell(units(one.bands.red_below))
            .cell(percent(w, one.service_percent))
            .cell(percent(w, one.wastage_percent))
            .cell(other)
            .cell(does)
    };
    let table = Table::new(w.t("targets-proposed")).caption_hidden().columns([
        Column::text(w.t("stock-group")),
        Column::text(w.t("targets-fill")),
        Column::text(w.t("targets-green")),
        Column::text(w.t("targets-amber")),
        Column::number(w.t("targets-service")),
        Column::number(w.t("targets-wastage")),
        Column::number(w.t("targets-other-group")),
        Column::text(w.t("targets-do")),
    ]);
    let unknown: Vec<String> = found.unknown.iter().map(ToString::to_string).collect();
    html! {
        (table.rows(found.lines.iter().map(line)))
        @if !unknown.is_empty() {
            (Note::warning(w, &w.t_args("targets-unknown-groups", &[
                ("groups", unknown.join(", ").into())])))
        }
        (grounds(w, found))
    }
}

/// What the proposals rest on; what nobody has agreed on is called assumed.
fn grounds(w: Words, found: &Proposals) -> Markup {
    let kronor = |ore: i64| w.decimal((i128::from(ore), 100), u8::from(ore % 100 != 0));
    html! {
        p {
            (w.t_args("targets-grounds", &[
                ("keeps", found.keeps_days.into()), ("age", AGE_DAYS.into()),
                ("lead", found.lead_days.into())]))
            " " a href={ "/rule-sets/" (found.rule_set) } { (w.rule_name(found.rule)) }
        }
        p.fine {
            (w.t_args("targets-costs", &[
                ("shortage", kronor(COSTS.shortage).into()),
                ("expiry", kronor(COSTS.expiry).into()),
                ("substitution", kronor(COSTS.substitution).into()),
                ("holding", kronor(COSTS.holding).into())]))
            " " (w.t("targets-colours"))
        }
    }
}
