//! A region's places as a tree, and the forms that open, correct and close them.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::view::SiteRow;
use samband_domain::kernel::{Command, RecordKeeper, SiteKind};
use samband_domain::{SiteId, Time};

use super::super::parts::{shared_area, window};
use super::super::typed::{Draft, Errors, Reader, Typed};
use super::View;
use crate::components::{Cell, Column, Field, Row, Status, Table, section, tag};
use crate::text::Words;

const OPEN: &str = "open-site";
const CORRECT: &str = "correct-site";
const CLOSE: &str = "close-site";

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(w: Words, now: Time, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    Some(match typed.act() {
        OPEN => {
            let name = reader.text("name");
            let (kind, record) = (reader.value("kind"), reader.value("record"));
            let parent = reader.optional_value("parent");
            let window = reader.window("from", "until", now);
            let note = reader.optional("note");
            let read = kind.zip(record).zip(window);
            let command = read.map(|((kind, record), window)| Command::OpenSite {
                id: None,
                name,
                kind,
                parent,
                record,
                window,
                note,
            });
            reader.done(command)
        }
        CORRECT => {
            let (name, reason) = (reader.text("right-name"), reader.text("right-reason"));
            let (site, record) = (reader.value("site"), reader.value("right-record"));
            let note = reader.optional("right-note");
            let command = site.zip(record).map(|(site, record)| Command::CorrectSite {
                site,
                name,
                record,
                note,
                reason,
            });
            reader.done(command)
        }
        CLOSE => {
            let (site, reason) = (reader.value("site"), reader.text("close-reason"));
            let at = reader.last_day("close-last").unwrap_or(now);
            reader.done(site.map(|site| Command::CloseSite { site, at, reason }))
        }
        _ => return None,
    })
}

/// The tree as a table in reading order.
pub(super) fn tree(w: Words, view: &View) -> Markup {
    let may = view.may.any(&[Action::CorrectSite, Action::CloseSite]);
    let rows = view.sites.iter().map(|row| line(w, view, row, may));
    let mut columns = vec![
        Column::text(w.t("site-name")),
        Column::text(w.t("site-kind")),
        Column::text(w.t("site-record")),
        Column::text(w.t("site-window")),
        Column::text(w.t("site-note")),
    ];
    if may {
        columns.push(Column::text(w.t("site-change")));
    }
    let table = Table::new(w.t("region-sites")).caption_hidden().columns(columns).rows(rows);
    let table = table.files(&format!("sites?region={}", view.place.id));
    html! {
        @if view.sites.is_empty() { p { (w.t("region-no-sites")) } } @else { (table) }
    }
}

fn line(w: Words, view: &View, SiteRow { site, depth }: &SiteRow, may: bool) -> Row {
    let name = html! {
        span class={ "depth-" (depth.min(&4)) } {
            @if *depth > 0 { span aria-hidden="true" { "└ " } }
            (site.name)
        }
    };
    let record = match site.record {
        RecordKeeper::Samband => tag(Status::Known, &w.dynamic("record-", "samband")),
        RecordKeeper::External => tag(Status::OneSided, &w.dynamic("record-", "external")),
    };
    let row = Row::new(Cell::markup(name))
        .cell(w.dynamic("site-kind-", site.kind.as_str()))
        .cell(record)
        .cell(window(w, &site.window))
        .cell(site.note.clone().unwrap_or_else(|| "–".to_owned()));
    if may {
        let href = format!("/regions/{}?site={}#change-site", view.place.id, site.id);
        let label = w.t_args("site-change-one", &[("name", (&site.name).into())]);
        row.cell(html! { a href=(href) aria-label=(label) { (w.t("site-change")) } })
    } else {
        row
    }
}

/// The forms that the person who looks may use.
pub(super) fn forms(w: Words, view: &View, draft: &Draft) -> Markup {
    let sent = draft.is(CORRECT) || draft.is(CLOSE);
    let edited = view.sites.iter().find(|row| {
        let named = view.editing.as_ref() == Some(&row.site.id);
        named || (sent && draft.was("site") == row.site.id.as_str())
    });
    html! {
        @if let Some(row) = edited {
            (section("change-site", &w.t_args("site-change-one", &[("name", (&row.site.name).into())]),
                &html! { div.two {
                    @if view.may.has(Action::CorrectSite) { (correct(w, view, row, draft)) }
                    @if view.may.has(Action::CloseSite) { (close(w, view, &row.site.id, draft)) }
                } }))
        }
        @if view.may.has(Action::OpenSite) {
            (section("open-site", &w.t("site-open"), &open(w, view, draft)))
        }
    }
}

fn records(w: Words) -> Vec<(String, String)> {
    let all = RecordKeeper::ALL.iter();
    all.map(|one| (one.to_string(), w.dynamic("record-", one.as_str()))).collect()
}

fn open(w: Words, view: &View, draft: &Draft) -> Markup {
    let kinds = SiteKind::ALL.iter();
    let kinds = kinds.map(|kind| (kind.to_string(), w.dynamic("site-kind-", kind.as_str())));
    let none = [(String::new(), w.t("site-no-parent"))];
    let parents = none
        .into_iter()
        .chain(view.sites.iter().map(|row| (row.site.id.to_string(), row.site.name.clone())));
    let today = Words::sv().date(view.now.0);
    let action = format!("/regions/{}", view.place.id);
    let key = draft.key(OPEN);
    let field = |name, field: Field, start: &str| draft.field(OPEN, name, field, start);
    let form = draft
        .form(w, &action, OPEN, &key, w.t("site-open-do"))
        .field(field("name", Field::text("name", w.t("site-name")).required(), ""))
        .field(field("kind", Field::select("kind", w.t("site-kind"), kinds), "blood_centre"))
        .field(field("parent", Field::select("parent", w.t("site-parent"), parents), ""))
        .field(field(
            "record",
            Field::select("record", w.t("site-record"), records(w)).hint(w.t("site-record-hint")),
            "external",
        ))
        .field(field("from", Field::date("from", w.t("form-from")).required(), &today))
        .field(field("until", Field::date("until", w.t("form-last-day")), ""))
        .field(field("note", Field::text("note", w.t("site-note")), ""));
    html! { div.panel { (form) } }
}

fn correct(w: Words, view: &View, SiteRow { site, .. }: &SiteRow, draft: &Draft) -> Markup {
    let action = format!("/regions/{}", view.place.id);
    let key = draft.key(CORRECT);
    let field = |name, field: Field, start: &str| draft.field(CORRECT, name, field, start);
    let note = site.note.clone().unwrap_or_default();
    let record = Field::select("right-record", w.t("site-record"), records(w));
    let reason = shared_area(w, "right-reason", w.t("form-reason"), "").required();
    let form = draft
        .form(w, &action, CORRECT, &key, w.t("site-correct-do"))
        .hidden("site", site.id.as_str())
        .field(field(
            "right-name",
            Field::text("right-name", w.t("site-name")).required(),
            &site.name,
        ))
        .field(field("right-record", record, site.record.as_str()))
        .field(field("right-note", Field::text("right-note", w.t("site-note")), &note))
        .field(field("right-reason", reason, ""));
    html! { div.panel { h3 { (w.t("site-correct")) } (form) } }
}

fn close(w: Words, view: &View, site: &SiteId, draft: &Draft) -> Markup {
    let action = format!("/regions/{}", view.place.id);
    let key = draft.key(CLOSE);
    let field = |name, field: Field, start: &str| draft.field(CLOSE, name, field, start);
    let last = Field::date("close-last", w.t("form-last-day")).hint(w.t("form-last-day-now"));
    let reason = shared_area(w, "close-reason", w.t("form-reason"), "").required();
    let form = draft
        .form(w, &action, CLOSE, &key, w.t("site-close-do"))
        .danger()
        .hidden("site", site.as_str())
        .field(field("close-last", last, ""))
        .field(field("close-reason", reason, ""));
    html! { div.panel { h3 { (w.t("site-close")) } (form) } }
}
