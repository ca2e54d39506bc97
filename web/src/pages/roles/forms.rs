//! The forms by which actors become known and mandates are given, ended and approved.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::{Approval, Capacity, LegalRole, Mandate, Profession, Role};

use super::super::parts::shared_area;
use super::super::typed::Draft;
use super::read::Kind;
use super::{Own, View, capacity};
use crate::components::{Field, Form, Note, section};
use crate::text::Words;

pub(super) const REGISTER: &str = "register-actor";
pub(super) const GIVE: &str = "grant-mandate";
pub(super) const END: &str = "end-mandate";
pub(super) const APPROVE: &str = "record-approval";

/// What the page asks about before it shows names and forms.
pub(super) const ACTIONS: &[Action] = &[
    Action::SeePerson,
    Action::RegisterActor,
    Action::GrantRole,
    Action::GrantLegalRole,
    Action::GrantCompetence,
    Action::GrantDelegation,
    Action::GrantAssignment,
    Action::GrantAudit,
    Action::EndRole,
    Action::EndLegalRole,
    Action::EndCompetence,
    Action::EndDelegation,
    Action::EndAssignment,
    Action::EndAccess,
    Action::RecordApproval,
];

/// What changes a mandate that was given.
pub(super) const CHANGES: &[Action] = &[
    Action::EndRole,
    Action::EndLegalRole,
    Action::EndCompetence,
    Action::EndDelegation,
    Action::EndAssignment,
    Action::EndAccess,
    Action::RecordApproval,
];

/// Whether the person who looks may end or approve a mandate.
pub(super) fn may_change(may: &super::May, mandate: &Mandate) -> bool {
    may.has(ending(&mandate.capacity)) || may_approve(may, mandate)
}

fn may_approve(may: &super::May, mandate: &Mandate) -> bool {
    may.has(Action::RecordApproval) && matches!(mandate.approval, Approval::Pending { .. })
}

const fn ending(capacity: &Capacity) -> Action {
    match capacity {
        Capacity::Role(_) => Action::EndRole,
        Capacity::Legal(_) => Action::EndLegalRole,
        Capacity::Competence { .. } => Action::EndCompetence,
        Capacity::Delegation { .. } => Action::EndDelegation,
        Capacity::Assignment { .. } => Action::EndAssignment,
        Capacity::Access(_) => Action::EndAccess,
    }
}

/// The forms that the person who looks may use.
pub(super) fn all(w: Words, view: &View, own: &Own, draft: &Draft) -> Markup {
    let edited = own.mandates.iter().find(|held| view.editing.as_ref() == Some(&held.id));
    let edited = edited.filter(|held| may_change(&own.may, held));
    let kinds: Vec<_> = Kind::ALL.into_iter().filter(|kind| own.may.has(kind.action())).collect();
    html! {
        @if let Some(held) = edited {
            (section("change-mandate", &w.t("roles-change"), &html! {
                p { (capacity(w, &held.capacity)) " – " (own.label(&held.holder)) }
                div.two {
                    @if may_approve(&own.may, held) { (approve(w, held, draft)) }
                    @if own.may.has(ending(&held.capacity)) { (end(w, held, draft)) }
                }
            }))
        }
        @if !kinds.is_empty() {
            (section("give", &w.t("roles-give"), &html! {
                p.choose {
                    @for kind in &kinds {
                        a.button.quiet href={ "/roles?give=" (kind.as_str()) "#give" }
                            aria-current=[(view.giving == Some(*kind)).then_some("true")] {
                            (w.dynamic("give-", kind.as_str()))
                        }
                    }
                }
                @if let Some(kind) = view.giving.filter(|kind| kinds.contains(kind)) {
                    div.panel { h3 { (w.dynamic("give-", kind.as_str())) } (give(w, view, own, draft, kind)) }
                }
            }))
        }
        @if own.may.has(Action::RegisterActor) {
            (section("register", &w.t("roles-register"), &html! { div.panel { (register(w, draft)) } }))
        }
    }
}

fn register(w: Words, draft: &Draft) -> Markup {
    let key = draft.key(REGISTER);
    let field = |name, field: Field| draft.field(REGISTER, name, field, "");
    let professions = Profession::ALL
        .iter()
        .map(|one| (one.to_string(), w.dynamic("kind-profession-", one.as_str())));
    let form = draft
        .form(w, "/roles", REGISTER, &key, w.t("roles-register-do"))
        .field(field("name", Field::text("name", w.t("person-name")).required()))
        .field(field(
            "title",
            Field::text("title", w.t("person-title")).hint(w.t("person-title-hint")).required(),
        ))
        .field(field(
            "profession",
            Field::select("profession", w.t("person-profession"), professions),
        ))
        .field(field("hsa", Field::text("hsa", w.t("person-hsa"))))
        .field(field("phone", Field::text("phone", w.t("person-phone"))))
        .field(field("email", Field::text("email", w.t("person-email"))));
    html! { (Note::info(w, &w.t("roles-register-note"))) (form) }
}

fn give(w: Words, view: &View, own: &Own, draft: &Draft, kind: Kind) -> Markup {
    let key = draft.key(GIVE);
    let field = |name, field: Field, start: &str| draft.field(GIVE, name, field, start);
    let people = own.titles.keys().map(|actor| (actor.to_string(), own.label(actor)));
    let holder = Field::select("holder", w.t("roles-holder"), choice(w, people));
    let mut form = draft
        .form(w, "/roles", GIVE, &key, w.t("roles-give-do"))
        .hidden("kind", kind.as_str())
        .field(field("holder", holder.required(), ""));
    form = particular(w, view, own, draft, kind, form);
    let today = Words::sv().date(view.now.0);
    let sites = own.sites.iter().map(|site| (site.id.to_string(), site.name.clone()));
    let all = [(String::new(), w.t("roles-whole-region"))];
    let form = form
        .field(field(
            "site",
            Field::select("site", w.t("roles-site"), all.into_iter().chain(sites)),
            "",
        ))
        .field(field("from", Field::date("from", w.t("form-from")).required(), &today))
        .field(field("until", Field::date("until", w.t("form-last-day")), ""))
        .field(field(
            "basis",
            Field::text("basis", w.t("roles-basis")).hint(w.t("roles-basis-hint")),
            "",
        ));
    html! { (form) }
}

/// The fields that only one kind of mandate has.
fn particular<'a>(
    w: Words,
    view: &View,
    own: &Own,
    draft: &Draft,
    kind: Kind,
    form: Form<'a>,
) -> Form<'a> {
    let field = |name, field: Field, start: &str| draft.field(GIVE, name, field, start);
    let share = || share(w);
    match kind {
        Kind::Role => {
            let roles = Role::ALL.iter().map(|r| (r.to_string(), w.dynamic("role-", r.as_str())));
            form.field(field("role", Field::select("role", w.t("roles-role"), roles), ""))
        }
        Kind::Legal => legal(w, view, own, draft, form),
        Kind::Competence => form
            .field(field(
                "competence",
                Field::text("competence", w.t("roles-competence")).required(),
                "",
            ))
            .field(field(
                "code",
                Field::text("code", w.t("roles-code")).hint(w.t("roles-code-hint")).required(),
                "transfusion-medicine",
            ))
            .field(field("share", share(), "")),
        Kind::Delegation => {
            let from = held(w, view, own, |m| m.deputy_for.is_none());
            let from = choice(w, from);
            form.field(field("task", Field::text("task", w.t("roles-task")).required(), ""))
                .field(field(
                    "delegated",
                    Field::select("delegated", w.t("roles-delegated-from"), from).required(),
                    "",
                ))
                .field(field("review", Field::date("review", w.t("roles-review")).required(), ""))
        }
        Kind::Assignment => form
            .field(field("task", Field::text("task", w.t("roles-task")).required(), ""))
            .field(field("share", share(), "")),
        Kind::Audit => form,
    }
}

fn share(w: Words) -> Field {
    Field::text("share", w.t("roles-fte")).hint(w.t("roles-fte-hint"))
}

/// Mandates in force that fit, as choices.
fn held(w: Words, view: &View, own: &Own, fits: fn(&Mandate) -> bool) -> Vec<(String, String)> {
    let all = own.mandates.iter().filter(|m| fits(m) && m.in_force(view.now));
    all.map(|m| {
        (m.id.to_string(), format!("{} – {}", capacity(w, &m.capacity), own.label(&m.holder)))
    })
    .collect()
}

/// The fields of a role that the law asks for.
fn legal<'a>(w: Words, view: &View, own: &Own, draft: &Draft, form: Form<'a>) -> Form<'a> {
    let field = |name, field: Field, start: &str| draft.field(GIVE, name, field, start);
    let roles = LegalRole::ALL.iter();
    let roles = roles.map(|r| (r.to_string(), w.dynamic("legal-", r.as_str())));
    let first =
        held(w, view, own, |m| matches!(m.capacity, Capacity::Legal(_)) && m.deputy_for.is_none());
    let none = [(String::new(), w.t("roles-holder-itself"))].into_iter().chain(first);
    form.field(field("legal", Field::select("legal", w.t("roles-role"), roles), ""))
        .field(field("deputy", Field::select("deputy", w.t("roles-deputy-for"), none), ""))
        .field(field("share", share(w), ""))
        .field(field(
            "authority",
            Field::text("authority", w.t("roles-authority")).hint(w.t("roles-authority-hint")),
            "Läkemedelsverket",
        ))
        .field(field(
            "reference",
            Field::text("reference", w.t("roles-reference")).hint(w.t("roles-reference-hint")),
            "",
        ))
        .field(field("decided", Field::date("decided", w.t("roles-decided")), ""))
}

/// Choices that begin with none chosen.
fn choice(
    w: Words,
    all: impl IntoIterator<Item = (String, String)>,
) -> impl Iterator<Item = (String, String)> {
    [(String::new(), w.t("form-choose"))].into_iter().chain(all)
}

fn end(w: Words, held: &Mandate, draft: &Draft) -> Markup {
    let key = draft.key(END);
    let field = |name, field: Field| draft.field(END, name, field, "");
    let last = Field::date("end-last", w.t("form-last-day")).hint(w.t("form-last-day-now"));
    let form = draft
        .form(w, "/roles", END, &key, w.t("roles-end-do"))
        .danger()
        .hidden("mandate", held.id.as_str())
        .field(field("end-last", last))
        .field(field(
            "end-reason",
            shared_area(w, "end-reason", w.t("form-reason"), "").required(),
        ));
    html! { div.panel { h3 { (w.t("roles-end")) } (form) } }
}

fn approve(w: Words, held: &Mandate, draft: &Draft) -> Markup {
    let key = draft.key(APPROVE);
    let authority = match &held.approval {
        Approval::Pending { authority, .. } => authority.as_str(),
        _ => "",
    };
    let field = |name, field: Field, start: &str| draft.field(APPROVE, name, field, start);
    let answers = ["approved", "rejected"].map(|one| (one, w.dynamic("approval-", one)));
    let form = draft
        .form(w, "/roles", APPROVE, &key, w.t("roles-approve-do"))
        .hidden("mandate", held.id.as_str())
        .field(field("answer", Field::radios("answer", w.t("roles-answer"), answers), "approved"))
        .field(field(
            "answer-authority",
            Field::text("answer-authority", w.t("roles-authority")).required(),
            authority,
        ))
        .field(field(
            "answer-reference",
            Field::text("answer-reference", w.t("roles-reference")).required(),
            "",
        ))
        .field(field("answer-day", Field::date("answer-day", w.t("roles-decided")), ""));
    html! { div.panel { h3 { (w.t("roles-approve")) } (form) } }
}
