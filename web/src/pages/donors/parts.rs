//! The parts of a donor's page.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Known;
use samband_domain::donors::model::{AppointmentState, Donor, Ground, Until, Verdict};
use samband_domain::donors::view;
use samband_domain::words::Day;

use super::one::View;
use super::said::{group, reasons, verdict_tag};
use crate::app::stock::site_name;
use crate::components::{Cell, Column, Definitions, Note, Row, Status, Table, tag, time_tag};
use crate::pages::parts::region_name;
use crate::text::Words;

/// Number, age, group, in one line.
pub(super) fn who(w: Words, view: &View, donor: &Donor) -> String {
    let age = super::age(donor, view.now);
    let age = match age {
        Known::Value(years) => w.t_args("donor-age", &[("n", u32::from(years).into())]),
        Known::Unknown => w.t("donor-age-unknown"),
    };
    format!("{} · {age} · {}", donor.identity.number, group(w, donor.group))
}

fn step(w: Words, view: &View, step: &str, of: &str, main: bool) -> Markup {
    let class = if main { "button main" } else { "button quiet" };
    html! { a class=(class) href=(view.step_href(step, of)) { (w.dynamic("donor-step-", step)) } }
}

/// May they give today, and the one next step.
pub(super) fn now(w: Words, view: &View, donor: &Donor) -> Markup {
    let Some(answer) = view.answer(donor) else { return html! {} };
    let visit = donor.visit.as_ref().filter(|_| view.declared(donor));
    let admitted = visit.and_then(|visit| visit.admitted);
    let keeps = view.may.has(Action::KeepDonors);
    let judges = view.may.has(Action::JudgeDonors);
    let to_assess = answer.reasons.iter().map(|reason| reason.ground);
    let to_assess = to_assess.into_iter().find(|ground| view::for_physician(*ground));
    html! {
        div.panel {
            p {
                (kinds(w, view, donor)) " "
                @match admitted {
                    Some((kind, at, _)) if kind == view.kind => {
                        @let clock = w.clock(at.0);
                        (tag(Status::Held, &w.t_args("donor-admitted", &[("at", clock.into())])))
                    }
                    _ if visit.is_some() => { (verdict_tag(w, &answer)) }
                    _ if answer.eligible() => { (tag(Status::Known, &w.t("donor-nothing-known"))) }
                    _ => { (verdict_tag(w, &answer)) }
                }
            }
            @if !answer.reasons.is_empty() { (reasons(w, &answer)) }
            div.acts {
                @if admitted.is_some() {
                    a.button.main href={ "/donations/new?donor=" (view.id) } {
                        (w.t("donor-to-donation"))
                    }
                } @else if visit.is_some() && answer.eligible() && keeps {
                    (step(w, view, "admit", "", true))
                } @else if visit.is_none() && keeps && may_declare(answer.verdict) {
                    (step(w, view, "declare", "", true))
                } @else if let Some(ground) = to_assess.filter(|_| judges) {
                    (step(w, view, "assess", ground.as_str(), true))
                }
                @if visit.is_some() && admitted.is_none() && keeps {
                    (step(w, view, "declare", "", false))
                }
                @if view.may.has(Action::CallDonors) { (step(w, view, "book", "", false)) }
                @if keeps {
                    (step(w, view, "defer", "", false))
                    (step(w, view, "react", "", false))
                }
            }
            @if to_assess.is_some() && !judges && answer.verdict == Verdict::NeedsPhysician {
                (Note::info(w, &w.t("donor-physician-decides")))
            }
        }
    }
}

/// Whether asking makes sense: not while something certain stands in the way.
fn may_declare(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::Permanent | Verdict::Deferred { until: Known::Value(_) })
}

/// What the question is about, and the way to the other kinds.
fn kinds(w: Words, view: &View, donor: &Donor) -> Markup {
    html! {
        strong { (w.dynamic("donor-kind-", view.kind.as_str())) }
        @for kind in donor.terms.kinds.iter().filter(|kind| **kind != view.kind) {
            " · " a href={ "/donors/" (view.id) "?kind=" (kind) } {
                (w.dynamic("donor-kind-", kind.as_str()))
            }
        }
    }
}

/// Deferrals, what donors wait for after, and what physicians decided.
pub(super) fn waits(w: Words, view: &View, _donor: &Donor) -> Markup {
    let Some(own) = view.own() else { return html! {} };
    let (today, judges) = (Day::of(view.now), view.may.has(Action::JudgeDonors));
    let records = view::records(own, &view.id);
    let mut deferrals = Vec::new();
    let mut stated = Vec::new();
    let mut assessed = Vec::new();
    for (id, held) in records {
        let mine = *id == view.id;
        deferrals.extend(held.deferrals.iter().map(|(n, one)| (n, one, mine)));
        stated.extend(held.dates.iter().map(|(question, dated)| {
            let day = dated.day.value().map_or_else(|| w.unknown(), |day| day.to_string());
            (*question, day, mine)
        }));
        stated.extend(held.ever.iter().map(|question| (*question, w.t("answer-yes"), mine)));
        assessed.extend(held.assessments.iter());
    }
    deferrals.sort_by_key(|(_, one, _)| std::cmp::Reverse(one.since));
    let rows = deferrals.iter().map(|(id, one, mine)| {
        let until = match one.until {
            Until::Day(day) => day.to_string(),
            Until::Further => w.t("defer-how-further"),
            Until::Permanent => w.t("defer-how-permanent"),
        };
        let why = w.dynamic("deferral-", one.reason.as_str());
        let note = one.note.clone().unwrap_or_default();
        Row::new(if note.is_empty() { why } else { format!("{why}: {note}") })
            .cell(until)
            .cell(html! { (time_tag(w, one.since.0)) " " (view.title(&one.by)) })
            .cell(html! {
                @match &one.lifted {
                    Some(lifted) => {
                        (w.t("deferral-lifted")) " " (time_tag(w, lifted.at.0)) " "
                        (view.title(&lifted.by)) ": " (lifted.reason)
                    }
                    None if !one.stands(today) => { (w.t("deferral-ended")) }
                    None if judges && *mine => { (step(w, view, "lift", id.as_str(), false)) }
                    None => { (w.t("deferral-stands")) }
                }
            })
    });
    let table = Table::new(w.t("donor-deferrals")).columns([
        Column::text(w.t("donor-why")),
        Column::text(w.t("defer-until")),
        Column::text(w.t("deferral-by")),
        Column::text(w.t("deferral-state")),
    ]);
    html! {
        @if deferrals.is_empty() { p { (w.t("donor-no-deferral")) } } @else { (table.rows(rows)) }
        @if !stated.is_empty() {
            h3 { (w.t("donor-stated")) }
            ul {
                @for (question, day, mine) in &stated {
                    li {
                        (w.dynamic("question-", question.as_str())) ": " (day) " "
                        @if judges && *mine { (step(w, view, "retract", question.as_str(), false)) }
                    }
                }
            }
        }
        @if !assessed.is_empty() {
            h3 { (w.t("donor-assessments")) }
            ul {
                @for one in &assessed {
                    li {
                        (w.dynamic("ground-", one.ground.as_str())) ": " (one.reason) " ("
                        (view.title(&one.by)) ", " (time_tag(w, one.at.0)) ", "
                        @let args = [("day", one.until.to_string().into())];
                        (w.t_args("donor-holds-until", &args)) ")"
                    }
                }
            }
        }
    }
}

/// Donations, the latest first.
pub(super) fn gifts(w: Words, view: &View) -> Markup {
    let Some(region) = view.own_region() else { return html! {} };
    let (given, more) = view::given(region, &view.id);
    let here = region.own.donations.by_donor.get(&view.id);
    let din = |day: Day, kind| {
        let mut here = here.into_iter().flatten();
        here.find(|one| one.kind == kind && Day::of(one.collected) == day).map(|one| one.din)
    };
    let rows = given.iter().map(|one| {
        Row::new(one.day.to_string()).cell(w.dynamic("donor-kind-", one.kind.as_str())).cell(
            html! {
                @match din(one.day, one.kind) {
                    Some(din) => a href={ "/units/" (din) } { (din) },
                    None => (w.t("donor-told")),
                }
            },
        )
    });
    let table = Table::new(w.t("donor-gifts")).caption_hidden().columns([
        Column::text(w.t("donor-day")),
        Column::text(w.t("donor-kind")),
        Column::text(w.t("donor-number-of-donation")),
    ]);
    let nobody_asked = view.own().is_some_and(|own| {
        let records = view::records(own, &view.id);
        records.iter().any(|(_, donor)| donor.earlier == Known::Unknown)
    });
    html! {
        @if given.is_empty() && nobody_asked { p.unknown { (w.t("donor-gifts-unknown")) } }
        @else if given.is_empty() { p { (w.t("donor-gifts-none")) } }
        @else { (table.rows(rows)) }
        @if more { p { (w.t("donor-gifts-more")) } }
        @if view.may.has(Action::KeepDonors) { p { (step(w, view, "earlier", "", false)) } }
    }
}

/// Appointments to come and past.
pub(super) fn coming(w: Words, view: &View) -> Markup {
    let Some(own) = view.own() else { return html! {} };
    let all = view::appointments_of(own, &view.id);
    html! {
        @if all.is_empty() { p { (w.t("donor-no-appointment")) } }
        ul {
            @for (_, one) in all.iter().rev() {
                li {
                    @let day = Day::of(one.at);
                    a href={ "/appointments?day=" (day) } { (w.date_time(one.at.0)) } " · "
                    (w.dynamic("donor-kind-", one.kind.as_str())) " · "
                    (w.dynamic("appointment-", one.state.as_str()))
                    @if one.state == AppointmentState::Booked && one.at < view.now {
                        " " (tag(Status::Attention, &w.t("appointment-unsettled")))
                    }
                }
            }
        }
        @if let Some(contact) = own.donors.get(&view.id).and_then(|donor| donor.contact.as_ref()) {
            p {
                (w.t("donor-contact")) ": " (time_tag(w, contact.at.0)) " "
                (w.dynamic("outcome-", contact.outcome.as_str()))
            }
        }
    }
}

/// What happened at donations.
pub(super) fn reactions(w: Words, view: &View, _donor: &Donor) -> Markup {
    let Some(own) = view.own() else { return html! {} };
    let records = view::records(own, &view.id);
    let mut all: Vec<_> = records.iter().flat_map(|(_, donor)| donor.reactions.values()).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    let rows = all.iter().map(|one| {
        let level = one.imputability.value();
        let level =
            level.map_or_else(|| w.unknown(), |level| w.dynamic("imputability-", level.as_str()));
        Row::new(Cell::markup(time_tag(w, one.at.0)))
            .cell(w.dynamic("reaction-", one.kind.as_str()))
            .cell(w.dynamic("severity-", one.severity.as_str()))
            .cell(level)
            .cell(one.note.clone().unwrap_or_else(|| "–".into()))
    });
    let table = Table::new(w.t("donor-reactions")).caption_hidden().columns([
        Column::text(w.t("donor-day")),
        Column::text(w.t("reaction-kind")),
        Column::text(w.t("reaction-severity")),
        Column::text(w.t("reaction-imputability")),
        Column::text(w.t("donor-note")),
    ]);
    html! {
        @if all.is_empty() { p { (w.t("donor-no-reaction")) } } @else { (table.rows(rows)) }
        @if view.may.has(Action::JudgeDonors) && all.iter().any(|one| one.serious()) {
            p { (step(w, view, "assess", Ground::Reaction.as_str(), false)) }
        }
    }
}

/// Who it is, how to reach them, what they can be asked for, what they were typed for.
pub(super) fn person(w: Words, view: &View, donor: &Donor) -> Markup {
    let none = || "–".to_owned();
    let identity = &donor.identity;
    let kinds = donor.terms.kinds.iter().map(|kind| w.dynamic("donor-kind-", kind.as_str()));
    let kinds: Vec<_> = kinds.collect();
    let site = donor.terms.site.as_ref();
    let site = site.map_or_else(none, |site| site_name(&view.world, &view.region, site));
    let calls = w.t(if donor.terms.may_call { "answer-yes" } else { "answer-no" });
    let types = crate::app::history::antigens_text(donor.types.phenotype);
    let list = |all: &[String]| if all.is_empty() { none() } else { all.join(", ") };
    let all = Definitions::new()
        .text(w.t("donor-number"), &identity.number.to_string())
        .text(w.t("donor-phone"), identity.phone.as_deref().unwrap_or("–"))
        .text(w.t("donor-email"), identity.email.as_deref().unwrap_or("–"))
        .text(w.t("donor-site"), &site)
        .text(w.t("donor-kinds"), &kinds.join(", "))
        .text(w.t("donor-may-call"), &calls)
        .text(w.t("donor-antigens"), &if types.is_empty() { w.unknown() } else { types })
        .text("HLA", &list(&donor.types.hla))
        .text("HPA", &list(&donor.types.hpa));
    html! {
        div.panel { (all) }
        div.acts {
            @if view.may.has(Action::KeepDonors) {
                (step(w, view, "correct", "", false)) (step(w, view, "agree", "", false))
            }
            @if view.may.has(Action::TypeDonors) { (step(w, view, "type", "", false)) }
        }
    }
}

/// Records that are of this person too.
pub(super) fn same(w: Words, view: &View, donor: &Donor) -> Markup {
    let Some(own) = view.own() else { return html! {} };
    let keeps = view.may.has(Action::KeepDonors);
    let merged = donor.merged.iter().filter_map(|id| own.donors.get_key_value(id));
    html! {
        p { (w.t("donor-record-is")) " " code { (view.id) } }
        ul {
            @for (id, held) in merged {
                li {
                    code { (id) } " " (held.identity.name) " " (held.identity.number) " · "
                    (time_tag(w, held.registered.0)) " "
                    @if keeps { (step(w, view, "unmerge", id.as_str(), false)) }
                }
            }
        }
        @if keeps { p { (step(w, view, "merge", "", false)) } }
    }
}

/// Passes to give in another region, or the pass that a guest came with.
pub(super) fn passes(w: Words, view: &View, donor: &Donor) -> Markup {
    if let Some(guest) = &donor.guest {
        let home = region_name(&view.world, &guest.home);
        let nat = guest
            .nat
            .value()
            .map_or_else(|| w.unknown(), |nat| w.t(if nat { "answer-yes" } else { "answer-no" }));
        let kinds = guest.kinds.iter().map(|kind| w.dynamic("donor-kind-", kind.as_str()));
        let all = Definitions::new()
            .text(w.t("pass-home"), &home)
            .text(w.t("pass-kinds"), &kinds.collect::<Vec<_>>().join(", "))
            .text(w.t("donor-pass-until"), &guest.until.to_string())
            .text(w.t("pass-nat"), &nat);
        return html! {
            div.panel { (all) }
            @if guest.revoked.is_some() { (Note::warning(w, &w.t("pass-revoked"))) }
        };
    }
    let (Some(own), Some(region)) = (view.own(), view.own_region()) else { return html! {} };
    let keeps = view.may.has(Action::KeepDonors);
    let mine = own.holders.iter().filter(|(_, holder)| holder.donor == view.id);
    let mine: Vec<_> = mine
        .filter_map(|(id, holder)| Some((id, holder, region.shared.donors.passes.get(id)?)))
        .collect();
    html! {
        p { (w.t("pass-lead")) }
        ul {
            @for (id, holder, pass) in mine {
                li {
                    code { (holder.code) } " · "
                    (w.t_args("donor-holds-until", &[("day", pass.until.to_string().into())]))
                    @for (place, when) in used(w, view, pass) { " · " (place) " " (when) }
                    @if pass.revoked.is_some() { " · " (w.t("pass-revoked")) }
                    @else if keeps { " " (step(w, view, "revoke", &id.to_string(), false)) }
                }
            }
        }
        @if keeps { p { (step(w, view, "pass", "", false)) } }
    }
}

/// Where the pass was shown.
fn used(
    w: Words,
    view: &View,
    pass: &samband_domain::donors::model::IssuedPass,
) -> Vec<(String, String)> {
    let others = view.world.shared();
    let mut all = Vec::new();
    for (id, shared) in others {
        let shown = shared.donors.presented.iter().filter(|one| one.pass == pass.at);
        let place = || region_name(&view.world, &id);
        all.extend(shown.map(|one| {
            let used = w.t_args("pass-used", &[("region", place().into())]);
            (used, w.date_time(one.at.0))
        }));
    }
    all
}
