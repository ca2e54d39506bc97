//! What is told to the authority, put on record.

use maud::{Markup, html};
use samband_domain::blood::model::UnitId;
use samband_domain::donations::command::vigilance::Command;
use samband_domain::donations::model::vigilance::{Category, Imputability, Notice, Yearly};
use samband_domain::words::Code;
use samband_domain::{Digest, Region, Time};

use crate::app::Problem;
use crate::app::stock::{local, unit};
use crate::components::{Field, section};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const NOTIFY: &str = "vigilance-notify";
const TELL: &str = "vigilance-tell";
const CONFIRM: &str = "vigilance-confirm";
const FILE: &str = "file-report";

/// Reads whichever form was sent.
pub(super) fn read(w: Words, typed: &Typed, now: Time) -> Result<Result<Command, Errors>, Problem> {
    let mut reader = Reader::new(w, typed);
    Ok(match typed.act() {
        NOTIFY => {
            let notice: Option<Notice> = reader.value("notify-notice");
            let category: Option<Category> = reader.value("notify-category");
            let text = reader.text("notify-occurred");
            let occurred = local(&text, "12:00");
            if occurred.is_none() && !text.is_empty() {
                reader.wrong("notify-occurred", w.t("typed-unreadable"));
            }
            let named = reader.optional("notify-unit");
            let of: Option<UnitId> = named.as_deref().and_then(|text| unit(text).ok());
            if named.is_some() && of.is_none() {
                reader.wrong("notify-unit", w.t("typed-unreadable"));
            }
            let note = reader.optional("notify-note");
            let all = notice.zip(category).zip(occurred);
            reader.done(all.map(|((notice, category), occurred)| {
                let occurred = occurred.min(now);
                Command::Notify { notice, category, occurred, unit: of, note }
            }))
        }
        TELL => {
            let case: Option<Code> = reader.value("tell-case");
            let note = reader.optional("tell-note");
            reader.done(case.map(|case| Command::NotifyOpened { case, note }))
        }
        CONFIRM => {
            let case: Option<Code> = reader.value("confirm-case");
            let imputability: Option<Imputability> = reader.value("confirm-imputability");
            let note = reader.optional("confirm-note");
            let both = case.zip(imputability);
            reader.done(both.map(|(case, imputability)| Command::Confirm {
                case,
                imputability,
                note,
            }))
        }
        FILE => {
            let report: Option<Yearly> = reader.value("file-report");
            let year: Option<u16> = reader.value("file-year");
            let digest: Option<Digest> = reader.value("file-digest");
            let reference = reader.optional("file-reference");
            let all = report.zip(year).zip(digest);
            reader.done(all.map(|((report, year), digest)| Command::File {
                report,
                year,
                digest,
                reference,
            }))
        }
        other => return Err(Problem::malformed(other)),
    })
}

fn options<T: Copy>(
    w: Words,
    all: &[T],
    name: impl Fn(T) -> &'static str,
    prefix: &str,
) -> Vec<(String, String)> {
    let choose = std::iter::once((String::new(), w.t("form-choose")));
    choose
        .chain(all.iter().map(|one| (name(*one).to_owned(), w.dynamic(prefix, name(*one)))))
        .collect()
}

pub(super) fn forms(w: Words, region: &Region, draft: &Draft, of: u16) -> Markup {
    html! {
        (tell(w, region, draft))
        (notify(w, draft))
        (confirm(w, region, draft))
        (file(w, draft, of))
    }
}

/// A form that is opened when it is needed; one that was sent back stands open.
fn folded(w: Words, open: bool, form: &Markup) -> Markup {
    html! {
        div.panel { details open[open] { summary { (w.t("reports-open-form")) } (form) } }
    }
}

fn notify(w: Words, draft: &Draft) -> Markup {
    let notices = options(w, Notice::ALL, Notice::as_str, "vigilance-notice-");
    let categories = options(w, Category::ALL, Category::as_str, "vigilance-category-");
    let key = draft.key(NOTIFY);
    let field = |name, field: Field| draft.field(NOTIFY, name, field, "");
    let form = draft
        .form(w, "/reports", NOTIFY, &key, w.t("vigilance-notify-do"))
        .field(field(
            "notify-notice",
            Field::select("notify-notice", w.t("vigilance-notice"), notices).required(),
        ))
        .field(field(
            "notify-category",
            Field::select("notify-category", w.t("vigilance-category"), categories).required(),
        ))
        .field(field(
            "notify-occurred",
            Field::text("notify-occurred", w.t("vigilance-occurred"))
                .hint(w.t("vigilance-occurred-hint"))
                .required(),
        ))
        .field(field(
            "notify-unit",
            Field::text("notify-unit", w.t("trace-unit")).hint(w.t("trace-hint")),
        ))
        .field(field(
            "notify-note",
            Field::text_area("notify-note", w.t("withdrawal-note"))
                .hint(w.t("withdrawal-note-hint")),
        ));
    html! {
        (section("vigilance-notify", &w.t("vigilance-notify"), &folded(w, draft.is(NOTIFY), &html! { (form) })))
    }
}

/// Cases that a judgement opened: what is to be told is on record already.
fn tell(w: Words, region: &Region, draft: &Draft) -> Markup {
    let open = region.own.donations.to_tell.iter();
    let cases: Vec<_> = open
        .map(|(name, what)| {
            let notice = w.dynamic("vigilance-notice-", what.notice.as_str());
            let category = w.dynamic("vigilance-category-", what.category.as_str());
            let when = w.date_time(what.occurred.0);
            (name.to_string(), format!("{notice}, {category}, {when} ({name})"))
        })
        .collect();
    if cases.is_empty() {
        return html! {};
    }
    let first = cases[0].0.clone();
    let case = Field::select("tell-case", w.t("withdrawal-case"), cases).required();
    let note = Field::text_area("tell-note", w.t("withdrawal-note"));
    let note = note.hint(w.t("withdrawal-note-hint"));
    let key = draft.key(TELL);
    let form = draft
        .form(w, "/reports", TELL, &key, w.t("vigilance-tell-do"))
        .field(draft.field(TELL, "tell-case", case, &first))
        .field(draft.field(TELL, "tell-note", note, ""));
    html! {
        (section("vigilance-tell", &w.t("vigilance-tell"), &html! {
            p { (w.t("vigilance-tell-lead")) }
            div.panel { (form) }
        }))
    }
}

fn confirm(w: Words, region: &Region, draft: &Draft) -> Markup {
    let cases = region.shared.donations.vigilance.cases.iter();
    let cases: Vec<_> = cases
        .filter(|(_, case)| case.confirmed.is_none())
        .map(|(name, case)| {
            let category = w.dynamic("vigilance-category-", case.category.as_str());
            (name.to_string(), format!("{name}: {category}"))
        })
        .collect();
    if cases.is_empty() {
        return html! {};
    }
    let first = cases[0].0.clone();
    let sure = options(w, Imputability::ALL, Imputability::as_str, "imputability-");
    let key = draft.key(CONFIRM);
    let form = draft
        .form(w, "/reports", CONFIRM, &key, w.t("vigilance-confirm-do"))
        .field(draft.field(
            CONFIRM,
            "confirm-case",
            Field::select("confirm-case", w.t("withdrawal-case"), cases).required(),
            &first,
        ))
        .field(draft.field(
            CONFIRM,
            "confirm-imputability",
            Field::select("confirm-imputability", w.t("vigilance-imputability"), sure).required(),
            "",
        ))
        .field(
            draft.field(
                CONFIRM,
                "confirm-note",
                Field::text_area("confirm-note", w.t("withdrawal-note"))
                    .hint(w.t("withdrawal-note-hint")),
                "",
            ),
        );
    html! {
        (section("vigilance-confirm", &w.t("vigilance-confirm"), &folded(w, draft.is(CONFIRM), &html! { (form) })))
    }
}

fn file(w: Words, draft: &Draft, of: u16) -> Markup {
    let reports = options(w, Yearly::ALL, Yearly::as_str, "yearly-report-");
    let key = draft.key(FILE);
    let year = of.to_string();
    let field = |name, field: Field, start: &str| draft.field(FILE, name, field, start);
    let form = draft
        .form(w, "/reports", FILE, &key, w.t("reports-file-do"))
        .field(field(
            "file-report",
            Field::select("file-report", w.t("reports-report"), reports).required(),
            "",
        ))
        .field(field(
            "file-year",
            Field::number("file-year", w.t("reports-of-year")).required(),
            &year,
        ))
        .field(field(
            "file-digest",
            Field::text("file-digest", w.t("reports-digest"))
                .hint(w.t("reports-digest-hint"))
                .required(),
            "",
        ))
        .field(field(
            "file-reference",
            Field::text("file-reference", w.t("reports-reference")),
            "",
        ));
    html! { (section("file-report", &w.t("reports-file"), &folded(w, draft.is(FILE), &html! { (form) }))) }
}
