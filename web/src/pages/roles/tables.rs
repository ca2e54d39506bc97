//! The tables of the page: the law's roles, what else there is, the own region's mandates.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Known;
use samband_domain::kernel::view::{Filling, Holding, LegalRoleRow};
use samband_domain::kernel::{Approval, Capacity, LegalRole, Mandate};

use super::super::parts::{day, share_text, window};
use super::{Own, View, forms};
use crate::components::{Cell, Column, Note, Row, Status, Table, status, tag, time_tag};
use crate::text::Words;

/// A filling's state in a word.
pub(in crate::pages) fn filling_tag(w: Words, filling: &Filling) -> Markup {
    match filling {
        Filling::Held(_) => status(w, Status::Held),
        Filling::Deputised(_) => tag(Status::Attention, &w.t("roles-deputised")),
        Filling::AwaitsApproval(_) => tag(Status::OneSided, &w.t("roles-awaits")),
        Filling::Gap { .. } => status(w, Status::Gap),
    }
}

/// `heltidsandel 20 %`, or that it is unknown.
pub(in crate::pages) fn share(w: Words, permille: Known<u16>) -> String {
    match permille {
        Known::Value(_) => w.t_args("roles-share", &[("share", share_text(w, permille).into())]),
        Known::Unknown => w.t("roles-share-unknown"),
    }
}

/// What a capacity is, in words.
pub(in crate::pages) fn capacity(w: Words, capacity: &Capacity) -> String {
    match capacity {
        Capacity::Role(role) => w.dynamic("role-", role.as_str()),
        Capacity::Legal(role) => w.dynamic("legal-", role.as_str()),
        Capacity::Competence { name, .. } => name.clone(),
        Capacity::Delegation { task } | Capacity::Assignment { task } => task.clone(),
        Capacity::Access(access) => w.dynamic("access-", access.as_str()),
    }
}

/// Where the authority's say stands.
pub(in crate::pages) fn approval(w: Words, approval: &Approval) -> Markup {
    let decision = |status, word: &str, authority: &str, reference: &str, decided| {
        html! {
            (tag(status, word)) " "
            span.fine { (authority) ", " (reference) ", " (day(w, decided)) }
        }
    };
    match approval {
        Approval::NotRequired => html! { (w.t("approval-not_required")) },
        Approval::Pending { authority, asked } => html! {
            (tag(Status::OneSided, &w.t("approval-pending"))) " "
            span.fine {
                (authority)
                @if let Known::Value(asked) = asked { ", " (time_tag(w, asked.0)) }
            }
        },
        Approval::Approved { authority, reference, decided } => {
            decision(Status::Known, &w.t("approval-approved"), authority, reference, *decided)
        }
        Approval::Rejected { authority, reference, decided } => {
            decision(Status::Stopped, &w.t("approval-rejected"), authority, reference, *decided)
        }
    }
}

/// Region × role of the law.
pub(super) fn matrix(w: Words, view: &View) -> Markup {
    let roles = LegalRole::ALL.iter();
    let roles = roles.map(|role| Column::text(w.dynamic("legal-", role.as_str())));
    let rows = view.regions.iter().map(|region| {
        let place = &region.place;
        let header = html! {
            a href={ "/regions/" (place.id) "#legal" } { (place.short()) }
            @if let Some(mark) = place.age_mark(w, view.now) { " " (mark) }
        };
        let own = view.own.as_ref().filter(|own| own.region == place.id.as_str());
        let cells = region.legal.iter().map(|row| Cell::markup(filled(w, row, own)));
        Row::new(Cell::markup(header)).cells(cells)
    });
    let table = Table::new(w.t("roles-matrix"))
        .caption_hidden()
        .columns([Column::text(w.t("picture-region"))].into_iter().chain(roles))
        .rows(rows)
        .export("CSV", "/api/v1/mandates?format=csv")
        .export("XLSX", "/api/v1/mandates?format=xlsx");
    html! {
        (Note::info(w, &w.t("roles-law")).source(w.t("roles-law-source")))
        (table)
    }
}

/// One role of one region: state, holder, share, deputy.
fn filled(w: Words, row: &LegalRoleRow, own: Option<&Own>) -> Markup {
    let who = |held: &Holding| match own {
        Some(own) => own.who(&held.holder),
        None => html! { (held.title) },
    };
    html! {
        div.role {
            (filling_tag(w, &row.filling))
            @match &row.filling {
                Filling::Held(held) | Filling::Deputised(held) | Filling::AwaitsApproval(held) => {
                    span { (who(held)) }
                    span.fine {
                        (share(w, held.share_permille))
                        @if let Some(basis) = &held.basis { " · " (basis) }
                    }
                }
                Filling::Gap { since } => span.fine { (nobody_since(w, *since)) },
            }
            span.fine {
                @if row.deputies.is_empty() {
                    (w.t("roles-no-deputy"))
                } @else {
                    (w.t("roles-deputy")) ": "
                    @for (place, held) in row.deputies.iter().enumerate() {
                        @if place > 0 { "; " }
                        (who(held))
                    }
                }
            }
        }
    }
}

/// Since when nobody holds a role.
pub(in crate::pages) fn nobody_since(w: Words, since: Known<samband_domain::Time>) -> Markup {
    match since {
        Known::Value(since) => html! { (w.t("roles-gap-since")) " " (day(w, since)) },
        Known::Unknown => html! { (w.t("roles-gap-unknown")) },
    }
}

/// A mandate with its kind in small letters under it.
fn what(w: Words, mandate: &Mandate) -> Markup {
    html! {
        div.role {
            span { (capacity(w, &mandate.capacity)) }
            span.fine { (w.dynamic("capacity-", mandate.capacity.kind())) }
        }
    }
}

/// Competences, delegations and assignments in force, region by region, by title.
pub(super) fn others(w: Words, view: &View) -> Markup {
    let mut rows = Vec::new();
    for region in &view.regions {
        let held = region.standing.iter();
        for (mandate, holding) in
            held.filter(|(mandate, _)| !matches!(mandate.capacity, Capacity::Access(_)))
        {
            let review = match mandate.review_at {
                Some(at) if at <= view.now => {
                    let args = [("date", w.date(at.0).into())];
                    tag(Status::Attention, &w.t_args("roles-review-late", &args))
                }
                Some(at) => day(w, at),
                None => html! { "–" },
            };
            let holder = html! {
                div.role {
                    span { (holding.title) }
                    span.fine { (share(w, holding.share_permille)) }
                }
            };
            let row = Row::new(region.place.short());
            rows.push(row.cell(what(w, mandate)).cell(holder).cell(review));
        }
    }
    if rows.is_empty() {
        return html! { p { (w.t("roles-no-others")) } };
    }
    let table = Table::new(w.t("roles-others"))
        .caption_hidden()
        .columns([
            Column::text(w.t("picture-region")),
            Column::text(w.t("roles-what")),
            Column::text(w.t("roles-holder")),
            Column::text(w.t("roles-review")),
        ])
        .rows(rows);
    html! { (table) }
}

/// Every mandate of the own region that has not ended.
pub(super) fn mandates(w: Words, view: &View, own: &Own) -> Markup {
    let may = own.may.any(forms::CHANGES);
    let rows = own.mandates.iter().map(|mandate| {
        let row = Row::new(Cell::markup(what(w, mandate)))
            .cell(own.who(&mandate.holder))
            .cell(html! {
                @if !mandate.window.contains(view.now) {
                    (tag(Status::Unknown, &w.t("roles-not-begun"))) " "
                }
                (window(w, &mandate.window))
                @if mandate.deputy_for.is_some() { " · " (w.t("roles-as-deputy")) }
            })
            .cell(approval(w, &mandate.approval))
            .cell(mandate.basis.clone().unwrap_or_else(|| "–".to_owned()));
        if may { row.cell(change(w, own, mandate)) } else { row }
    });
    let mut columns = vec![
        Column::text(w.t("roles-what")),
        Column::text(w.t("roles-holder")),
        Column::text(w.t("roles-window")),
        Column::text(w.t("roles-approval")),
        Column::text(w.t("roles-basis")),
    ];
    if may {
        columns.push(Column::text(w.t("site-change")));
    }
    let table = Table::new(w.t("roles-own")).caption_hidden().columns(columns).rows(rows);
    let summary = w.t_args("roles-own-show", &[("n", own.mandates.len().into())]);
    html! {
        @if own.may.has(Action::SeePerson) { p { (w.t("roles-reading-recorded")) } }
        details.fold open[view.editing.is_some()] { summary { (summary) } (table) }
    }
}

/// The way to a mandate's forms, if there are any for the person who looks.
fn change(w: Words, own: &Own, mandate: &Mandate) -> Markup {
    if !forms::may_change(&own.may, mandate) {
        return html! { "–" };
    }
    let href = format!("/roles?mandate={}#change-mandate", mandate.id);
    let label = w.t_args(
        "roles-change-one",
        &[
            ("what", capacity(w, &mandate.capacity).into()),
            ("who", own.label(&mandate.holder).into()),
        ],
    );
    html! { a href=(href) aria-label=(label) { (w.t("site-change")) } }
}
