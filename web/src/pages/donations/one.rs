//! One donation: what was collected, its units, its tests, what it lacks and the next step.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Din;
use samband_domain::donations::Command;
use samband_domain::donations::model::{Donation, File, Flag};
use samband_domain::donations::view::{held, open};
use samband_domain::rulesets::Scope;
use samband_domain::{Known, Refusal, Region, Time};
use serde::Deserialize;

use super::said::lack_whole;
use super::{TOPICS, heading, href, millilitres, own};
use crate::app::stock::{din, site_name, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, Field, Note, Row, Table, live_region, page_header, section, time_tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::results;
use crate::pages::typed::{Draft, Reader, Typed};
use crate::pages::units::status_tag;
use crate::text::Words;

const CLEAR: &str = "clear-donation";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/donations/{din}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, din(&number)?, &draft, asked.done.as_deref())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (typed, din) = (Typed::new(pairs), din(&number)?);
    let mut reader = Reader::new(visitor.words, &typed);
    let command = match typed.act() {
        CLEAR => {
            let flag: Option<Flag> = reader.value("flag");
            let reason = reader.text("reason");
            reader.done(flag.map(|flag| Command::ClearFlag { din, flag, reason }.into()))
        }
        other => return Err(Problem::malformed(other)),
    };
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&href(&din), CLEAR)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, din, &draft, None)?).into_response())
        }
    }
}

fn whole(
    app: &App,
    visitor: &Visitor,
    din: Din,
    draft: &Draft,
    done: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = own(&world, visitor)?;
    let donation = open(&region.shared.donations, &din)
        .ok_or_else(|| Problem::not_found(format!("{} {}", din.spaced(), din.check_character())))?;
    let rules = region.shared.rulesets.in_force(Scope::Blood, now);
    let lacks = rules.map(|rules| held(region).lacks(rules, &din));
    let site = site_name(&world, &visitor.region, &donation.site);
    let file = region.own.donations.files.get(&din);
    let title = w.t_args(
        "donation-title",
        &[("din", format!("{} {}", din.spaced(), din.check_character()).into())],
    );
    let body = html! {
        (page_header(&w.t("donation-one"), None, None))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("donation", TOPICS, &href(&din), &html! {
            (heading(w, din))
            (next(w, app, visitor, region, (&din, donation), lacks.as_deref()))
            div.panel { (facts(w, donation, file, &site)) }
            (section("units", &w.t("donation-units"), &units(w, region, &din, now)))
            (section("results", &w.t("results-title"), &results::entries(w, region, &din)))
        }))
        @if visitor.may(app, Action::VerifyResults) {
            (results::take_back(w, region, &din, draft))
        }
        @if visitor.may(app, Action::ClearDonation) && !donation.flags.is_empty() {
            (section("clear", &w.t("donation-clear"), &clear(w, &din, donation, draft)))
        }
    };
    Ok(page(app, visitor, &title, &[("/donations", w.t("donations-title"))], &body))
}

/// The one obvious next step, and below it everything that is lacking.
fn next(
    w: Words,
    app: &App,
    visitor: &Visitor,
    region: &Region,
    (din, donation): (&Din, &Donation),
    lacks: Option<&[Refusal]>,
) -> Markup {
    let units: Vec<_> = region.shared.blood.units_of(din).collect();
    let prepares = visitor.may(app, Action::PrepareComponents);
    let enters = visitor.may(app, Action::EnterResults);
    let may_prepare = prepares && (donation.unlabelled || !units.is_empty());
    let prepare = match units.first() {
        Some((id, _)) if !donation.unlabelled => format!("/preparation?units={id}"),
        _ => format!("/preparation?units={din}"),
    };
    let results = format!("/test-results?din={din}");
    let needs_tests = lacks.is_some_and(|lacks| {
        let codes = ["stock.test_missing", "donation.group_unconfirmed"];
        lacks.iter().any(|lack| codes.contains(&lack.kind.code))
    });
    html! {
        @match lacks {
            None => (Note::warning(w, &w.t("release-no-rules"))),
            Some([]) => (Note::success(w, &w.t("donation-complete-text"))),
            Some(lacks) => {
                @let list = html! {
                    (w.t("donation-lacks"))
                    ul { @for lack in lacks { li { (lack_whole(w, lack)) } } }
                };
                (Note::warning(w, &list))
            }
        }
        @if donation.unlabelled { p.fine { (w.t("donation-unlabelled-why")) } }
        p.buttons {
            @if may_prepare && donation.unlabelled {
                a.button.main href=(prepare) { (w.t("donation-to-label")) } " "
            }
            @if enters && needs_tests {
                a.button.main[!donation.unlabelled] href=(results) { (w.t("results-enter")) } " "
            }
            @if may_prepare && !donation.unlabelled {
                a.button href=(prepare) { (w.t("preparation-title")) } " "
            }
            @if lacks.is_some_and(<[Refusal]>::is_empty) {
                a.button.main href="/release" { (w.t("release-title")) }
            }
        }
    }
}

fn facts(w: Words, donation: &Donation, file: Option<&File>, site: &str) -> Definitions {
    let donor = file.and_then(|file| file.giver.donor.as_ref());
    let materials: Vec<_> = donation
        .materials
        .iter()
        .map(|one| {
            let kind = w.dynamic("material-kind-", one.kind.as_str());
            format!("{kind} {}, {} {}", one.catalogue, w.t("material-lot-short"), one.lot)
        })
        .collect();
    let mut all = Definitions::new()
        .text(w.t("donation-kind"), &w.dynamic("donation-kind-", donation.kind.as_str()))
        .text(w.t("donation-site"), site)
        .markup(w.t("donation-collected"), html! { (time_tag(w, donation.collected.0)) })
        .markup(w.t("donation-volume"), millilitres(w, donation.millilitres))
        .markup(
            w.t("donation-minutes"),
            html! {
                @match donation.minutes {
                    Known::Value(minutes) => (minutes),
                    Known::Unknown => span.unknown { (w.unknown()) },
                }
            },
        )
        .markup(
            w.t("donation-donor"),
            html! {
                @match donor {
                    Some(donor) => a href={ "/donors/" (donor) } { (donor) },
                    None => span.unknown { (w.unknown()) },
                }
            },
        );
    if !materials.is_empty() {
        all = all.text(w.t("material-title"), &materials.join("; "));
    }
    all
}

fn units(w: Words, region: &Region, din: &Din, now: Time) -> Markup {
    let stock = &region.shared.blood;
    let row = |id: &samband_domain::blood::model::UnitId| {
        let unit = stock.units.get(id)?;
        let pool = (id.din != *din).then(|| w.t("donation-in-pool"));
        Some(
            Row::new(Cell::link(&unit_href(id), &format!("{} {}", id.din.spaced(), id.product)))
                .cell(w.dynamic("product-", unit.product.as_str()))
                .cell(html! { (status_tag(w, unit.status)) })
                .cell(html! {
                    (time_tag(w, unit.expiry.0)) " "
                    span.fine { (w.remaining(now.0, unit.expiry.0)) }
                })
                .cell(pool.unwrap_or_default()),
        )
    };
    let rows: Vec<_> = stock.units_with(din).iter().filter_map(row).collect();
    if rows.is_empty() {
        return html! { p { (w.t("donation-no-units")) } };
    }
    let table = Table::new(w.t("donation-units")).caption_hidden().columns([
        Column::text(w.t("unit-one")),
        Column::text(w.t("unit-product")),
        Column::text(w.t("unit-status")),
        Column::text(w.t("unit-expiry")),
        Column::text(w.t("donation-remark")),
    ]);
    html! { (table.rows(rows)) }
}

fn clear(w: Words, din: &Din, donation: &Donation, draft: &Draft) -> Markup {
    let flags = donation.flags.iter();
    let flags = flags.map(|flag| (flag.to_string(), w.dynamic("donation-flag-", flag.as_str())));
    let first = donation.flags.first().map(ToString::to_string).unwrap_or_default();
    let (path, key) = (href(din), draft.key(CLEAR));
    let flag = Field::radios("flag", w.t("donation-flag"), flags).required();
    let reason = Field::text("reason", w.t("unit-reason")).hint(w.t("unit-note-hint")).required();
    let form = draft
        .form(w, &path, CLEAR, &key, w.t("donation-clear-do"))
        .field(draft.field(CLEAR, "flag", flag, &first))
        .field(draft.field(CLEAR, "reason", reason, ""));
    html! { p { (w.t("donation-clear-means")) } div.panel { (form) } }
}
