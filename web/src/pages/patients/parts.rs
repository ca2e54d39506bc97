//! What stands on a patient's page.

use maud::{Markup, html};
use samband_domain::blood::model::recipient::{AgeKnown, Sex};
use samband_domain::patients::model::{
    Capture, Finding, Need, Patient, Sample, ScreenResult, TurnKind, Verified,
};
use samband_domain::patients::view::{Era, Family, Gap, Serology, bas_until, count, era, said};
use samband_domain::{Known, Time};

use super::forms::{STEPS, is_known};
use super::one::View;
use crate::app::history::group_text;
use crate::components::{Column, Definitions, Row, Status, Table, tag, time_tag};
use crate::pages::parts::region_name;
use crate::text::Words;

/// What somebody is called; a reserve number where nobody could say.
pub(super) fn name(w: Words, patient: &Patient) -> String {
    match &patient.identity.name {
        Known::Value(name) => name.clone(),
        Known::Unknown => {
            w.t_args("patient-nameless", &[("number", patient.identity.number.to_string().into())])
        }
    }
}

/// Number, age and sex.
pub(super) fn who(w: Words, patient: &Patient, of: &Serology) -> String {
    let age = match of.recipient.age {
        AgeKnown::Months(months) if months < 24 => {
            w.t_args("patient-months", &[("n", i64::from(months).into())])
        }
        AgeKnown::Months(months) => {
            w.t_args("patient-years", &[("n", i64::from(months / 12).into())])
        }
        AgeKnown::PastInfancy | AgeKnown::Unknown => w.t("patient-age-unknown"),
    };
    let sex = of.recipient.sex.value().map_or_else(
        || w.t("patient-sex-unknown"),
        |sex: Sex| w.dynamic("patient-sex-", sex.as_str()),
    );
    format!("{} · {age} · {sex}", patient.identity.number)
}

/// Which step closes a gap.
const fn step_for(gap: Gap) -> Option<&'static str> {
    match gap {
        Gap::Conflict => Some("resolve"),
        Gap::Transplant => Some("turn"),
        Gap::NoGroup | Gap::Provisional | Gap::SampleGroup => Some("group"),
        Gap::Occasions { .. } | Gap::NoSample | Gap::ScreenOld | Gap::SampleDiffers => {
            Some("sample")
        }
        Gap::NoScreen | Gap::ScreenUnclear => Some("screen"),
        Gap::ScreenPositive => Some("antibody"),
        Gap::Unverified => Some("verify"),
        Gap::MotherUnknown => Some("mother"),
        Gap::Antibody | Gap::Mother | Gap::Unstated(_) => None,
    }
}

fn may(view: &View, step: &str) -> bool {
    STEPS.iter().any(|(one, action)| *one == step && view.may.has(*action))
}

/// A step's button, for whoever may take it.
fn button(w: Words, view: &View, step: &str, of: &str) -> Markup {
    html! {
        @if may(view, step) {
            a.button.quiet href=(view.step_href(step, of)) { (w.dynamic("patient-step-", step)) }
        }
    }
}

/// The first result that waits for a second person.
fn unverified(view: &View) -> Option<String> {
    let family = Family::of(view.own()?, &view.id)?;
    let mut groups = family.determinations().filter(|one| one.set_aside.is_none());
    let group = groups.find(|one| !one.capture.is_safe(one.verified.as_ref()));
    let mut screens = family.screens();
    let screen = screens.find(|one| !one.capture.is_safe(one.verified.as_ref()));
    group.map(|one| one.id.to_string()).or_else(|| screen.map(|one| one.id.to_string()))
}

/// The one next step: what closes the most urgent gap that this reader can close.
pub(super) fn next(w: Words, view: &View, gaps: &[Gap]) -> Markup {
    // Without any sample there is nothing to determine a group on.
    let family = view.own().and_then(|own| Family::of(own, &view.id));
    let signed = family.is_some_and(|one| one.samples().iter().any(|one| one.identity_signed));
    let steps = gaps.iter().filter_map(|gap| step_for(*gap));
    let steps = steps
        .map(|step| if matches!(step, "group" | "screen") && !signed { "sample" } else { step });
    let step = steps.into_iter().find(|step| may(view, step));
    html! {
        @if let Some(step) = step {
            @let of = if step == "verify" { unverified(view).unwrap_or_default() } else { String::new() };
            a.button.main href=(view.step_href(step, &of)) { (w.dynamic("patient-step-", step)) }
        }
    }
}

/// What may be issued now, and what is missing.
pub(super) fn now(w: Words, view: &View, of: &Serology, gaps: &[Gap]) -> Markup {
    let group = of.recipient.group;
    let hard = |gap: &&Gap| !matches!(gap, Gap::Unstated(_));
    let verdict = if group.value().is_none() {
        "patient-issue-emergency"
    } else if gaps.is_empty() {
        "patient-issue-electronic"
    } else if of.ever_antibody || of.maternal_antibodies {
        "patient-issue-crossmatch"
    } else {
        "patient-issue-not-yet"
    };
    html! {
        div.panel {
            p.bloodgroup {
                @if is_known(&group) { (group_text(w, group)) }
                @else { span.unknown { (w.t("patient-group-unknown")) } }
                @if of.provisional { " " (tag(Status::Attention, &w.t("patient-provisional"))) }
                @if of.conflict { " " (tag(Status::Stopped, &w.t("patient-conflict"))) }
            }
            p { strong { (w.t(verdict)) } }
            @if gaps.iter().any(|gap| hard(&gap)) {
                ul.gaps { @for gap in gaps.iter().filter(hard) { li { (line(w, of, *gap)) } } }
            }
            @for gap in gaps {
                @if let Gap::Unstated(key) = gap {
                    @let rule = w.dynamic("rule-key-", &key.text().replace('.', "-"));
                    p.fine { (w.t_args("patient-gap-unstated", &[("rule", rule.into())])) }
                }
            }
            p.choose {
                (button(w, view, "sample", "")) (button(w, view, "group", ""))
                (button(w, view, "screen", "")) (button(w, view, "antibody", ""))
            }
        }
    }
}

fn line(w: Words, of: &Serology, gap: Gap) -> String {
    let key = format!("patient-gap-{}", gap.as_str().replace('_', "-"));
    match gap {
        Gap::Occasions { have, need } => {
            let need = need.map_or_else(|| w.unknown(), |need| w.int(need));
            let args = [("have", w.int(have).into()), ("need", need.into())];
            w.find(&key, &args).unwrap_or(key)
        }
        Gap::ScreenOld => {
            let taken = of.screen.map(|one| w.date_time(one.taken.0)).unwrap_or_default();
            w.find(&key, &[("taken", taken.into())]).unwrap_or(key)
        }
        _ => w.find(&key, &[]).unwrap_or(key),
    }
}

/// Antibodies, large and red. That none is known is said with what it rests on.
pub(super) fn antibodies(w: Words, view: &View, family: &Family<'_>, of: &Serology) -> Markup {
    let findings = family.findings();
    let mothers: Vec<_> = family.families_of_mothers();
    let mothers: Vec<&Finding> = mothers.iter().flat_map(Family::findings).collect();
    let known = of.recipient.antibodies.value().is_some();
    html! {
        @if findings.is_empty() {
            div.panel {
                p {
                    @if known { (w.t("patient-antibodies-none")) }
                    @else { span.unknown { (w.t("patient-antibodies-unknown")) } }
                }
            }
        } @else {
            div.panel.alarm {
                p.names { @for one in &findings { span { (one.against) } " " } }
                p { (w.t("patient-antibodies-stay")) }
                (found(w, view, &findings))
            }
        }
        @if !mothers.is_empty() {
            div.panel.alarm {
                h3 { (w.t("patient-mother-antibodies")) }
                p.names { @for one in &mothers { span { (one.against) } " " } }
            }
        }
    }
}

fn found(w: Words, view: &View, findings: &[&Finding]) -> Markup {
    let row = |one: &&Finding| {
        let significance = match one.significance {
            Known::Value(said) => w.dynamic("patient-significance-", said.as_str()),
            Known::Unknown => w.t("patient-significance-unknown"),
        };
        let place = match &one.told_by {
            Some(region) => {
                let region = region_name(&view.world, region);
                w.t_args(
                    "patient-told-by",
                    &[("place", one.place.as_str().into()), ("region", region.into())],
                )
            }
            None => one.place.clone(),
        };
        let faded = one.not_seen.iter().max().map(|at| w.date(at.0));
        Row::new(one.against.to_string())
            .cell(significance)
            .cell(html! { (time_tag(w, one.found.0)) })
            .cell(place)
            .cell(one.method.clone().unwrap_or_else(|| "–".into()))
            .cell(faded.unwrap_or_else(|| "–".into()))
            .cell(button(w, view, "not-seen", one.id.as_str()))
    };
    let table = Table::new(w.t("patient-antibodies")).caption_hidden().columns([
        Column::text(w.t("patient-antibody")),
        Column::text(w.t("patient-significance")),
        Column::text(w.t("patient-found")),
        Column::text(w.t("patient-laboratory")),
        Column::text(w.t("patient-method")),
        Column::text(w.t("patient-not-seen")),
        Column::text(w.t("patient-do")),
    ]);
    html! { (table.rows(findings.iter().map(row))) }
}

/// What physicians require of every unit.
pub(super) fn needs(w: Words, view: &View, family: &Family<'_>) -> Markup {
    let mut all: Vec<&Need> = family.needs().collect();
    all.sort_by_key(|need| (!need.applies(view.now), need.from));
    let row = |need: &&Need| {
        let state = if need.applies(view.now) {
            tag(Status::Held, &w.t("patient-need-applies"))
        } else if need.from > view.now {
            tag(Status::OneSided, &w.t("patient-need-ahead"))
        } else {
            tag(Status::Ended, &w.t("patient-need-ended"))
        };
        let until = match (&need.ended, need.until) {
            (Some(ended), _) => html! { (time_tag(w, ended.at.0)) ": " (ended.reason) },
            (None, Some(until)) => html! { (w.date(until.0.saturating_sub(1))) },
            (None, None) => html! { (w.t("patient-need-open")) },
        };
        let row = Row::new(w.dynamic("patient-need-", need.requirement.as_str()))
            .cell(state)
            .cell(w.dynamic("patient-indication-", need.indication.as_str()))
            .cell(w.date(need.from.0))
            .cell(until)
            .cell(view.title(&need.physician));
        if need.ended.is_none() {
            row.cell(button(w, view, "end-need", need.id.as_str()))
        } else {
            row.cell("–")
        }
    };
    let table = Table::new(w.t("patient-needs")).caption_hidden().columns([
        Column::text(w.t("patient-need")),
        Column::text(w.t("patient-state")),
        Column::text(w.t("patient-indication")),
        Column::text(w.t("patient-need-from")),
        Column::text(w.t("patient-need-until")),
        Column::text(w.t("patient-physician")),
        Column::text(w.t("patient-do")),
    ]);
    html! {
        @if all.is_empty() { p { (w.t("patient-needs-none")) } }
        @else { (table.rows(all.iter().map(row))) }
        p.choose { (button(w, view, "require", "")) }
    }
}

fn captured(
    w: Words,
    view: &View,
    capture: &Capture,
    verified: Option<&Verified>,
    id: &str,
) -> Markup {
    html! {
        @match (capture, verified) {
            (Capture::Interface { instrument }, _) => { (w.t("patient-by-interface")) ": " (instrument) }
            (Capture::Typed, Some(verified)) => {
                (w.t_args("patient-verified-by", &[("who", view.title(&verified.by).into())]))
            }
            (Capture::Typed, None) => {
                (tag(Status::OneSided, &w.t("patient-unverified"))) " "
                (button(w, view, "verify", id))
            }
        }
    }
}

/// The group with its evidence: each determination, and why it counts or not.
pub(super) fn groups(w: Words, view: &View, family: &Family<'_>) -> Markup {
    let era = era(family.turns(), view.now, view.now);
    let counted = count(family, said(family, era).group, era, view.rules());
    let rows = counted.each.iter().map(|(one, why)| {
        let counts = match why {
            None => tag(Status::Known, &w.t("patient-counts")),
            Some(why) => {
                let why = why.as_str().replace('_', "-");
                tag(Status::Ended, &w.dynamic("patient-uncounted-", &why))
            }
        };
        let (found, sample) = (one.found, one.sample);
        let unclear = || w.t("patient-group-unclear");
        Row::new(found.group.value().map_or_else(unclear, |group| group.to_string()))
            .cell(counts)
            .cell(html! { (sample.number) })
            .cell(html! { (time_tag(w, sample.taken.0)) })
            .cell(html! { (time_tag(w, found.determined.0)) })
            .cell(captured(w, view, &found.capture, found.verified.as_ref(), found.id.as_str()))
    });
    let told = family.elsewhere().map(|one| {
        let region = region_name(&view.world, &one.region);
        let text = w.t_args(
            "patient-group-told",
            &[
                ("group", one.said.group.to_string().into()),
                ("region", region.into()),
                ("n", i64::from(one.said.occasions).into()),
            ],
        );
        html! { li { (text) } }
    });
    let told: Vec<Markup> = told.collect();
    let table = Table::new(w.t("patient-groups")).caption_hidden().columns([
        Column::text(w.t("patient-group")),
        Column::text(w.t("patient-counts-head")),
        Column::text(w.t("patient-sample")),
        Column::text(w.t("patient-taken")),
        Column::text(w.t("patient-determined")),
        Column::text(w.t("patient-captured")),
    ]);
    html! {
        @if counted.each.is_empty() { p { (w.t("patient-groups-none")) } }
        @else { (table.rows(rows)) }
        @if !told.is_empty() { ul { @for one in &told { (one) } } }
        (turns(w, view, family, era))
        p.choose { (button(w, view, "group", "")) (button(w, view, "resolve", "")) (button(w, view, "turn", "")) }
    }
}

/// What may have changed the group: from when it holds, and since when that is known here.
fn turns(w: Words, view: &View, family: &Family<'_>, era: Era) -> Markup {
    let mut all: Vec<_> = family.turns().collect();
    all.sort_by_key(|turn| std::cmp::Reverse((turn.valid_from, turn.recorded)));
    let row = |turn: &&samband_domain::patients::model::Turn| {
        let (kind, group) = match turn.kind {
            TurnKind::Transplanted { donor } => ("transplanted", group_text(w, donor)),
            TurnKind::Rejected => ("rejected", "–".to_owned()),
            TurnKind::Settled { group } => ("settled", group.to_string()),
        };
        Row::new(w.dynamic("patient-turn-", kind))
            .cell(group)
            .cell(w.date_time(turn.valid_from.0))
            .cell(w.date_time(turn.recorded.0))
            .cell(turn.note.clone())
            .cell(view.title(&turn.by))
    };
    let table = Table::new(w.t("patient-turns")).columns([
        Column::text(w.t("patient-turned")),
        Column::text(w.t("patient-turn-group")),
        Column::text(w.t("patient-valid-from")),
        Column::text(w.t("patient-recorded")),
        Column::text(w.t("patient-turn-note")),
        Column::text(w.t("person-read-by")),
    ]);
    html! {
        @if !all.is_empty() {
            @if era == Era::Unsettled { p { (tag(Status::Stopped, &w.t("patient-gap-transplant"))) } }
            (table.rows(all.iter().map(row)))
        }
    }
}

/// Samples and their screens.
pub(super) fn samples(w: Words, view: &View, family: &Family<'_>) -> Markup {
    let row = |sample: &&Sample| {
        let signed = if sample.identity_signed {
            tag(Status::Known, &w.t("patient-signed-yes"))
        } else {
            tag(Status::Stopped, &w.t("patient-signed-no"))
        };
        let valid = valid(w, view, sample);
        let screens = family.screens().filter(|one| one.sample == sample.number);
        let screens = html! {
            @for one in screens {
                div {
                    @let status = match one.result {
                        ScreenResult::Negative => Status::Known,
                        ScreenResult::Positive => Status::Stopped,
                        ScreenResult::Indeterminate => Status::Unknown,
                    };
                    (tag(status, &w.dynamic("patient-screen-", one.result.as_str()))) " "
                    (captured(w, view, &one.capture, one.verified.as_ref(), one.id.as_str()))
                }
            }
        };
        Row::new(sample.number.to_string())
            .cell(w.dynamic("patient-purpose-", sample.purpose.as_str()))
            .cell(html! { (time_tag(w, sample.taken.0)) })
            .cell(format!("{}, {}", sample.place, sample.taken_by))
            .cell(signed)
            .cell(valid)
            .cell(screens)
    };
    let all = family.samples();
    let table = Table::new(w.t("patient-samples")).caption_hidden().columns([
        Column::text(w.t("patient-sample")),
        Column::text(w.t("patient-purpose")),
        Column::text(w.t("patient-taken")),
        Column::text(w.t("patient-where")),
        Column::text(w.t("patient-signed")),
        Column::text(w.t("patient-valid-until")),
        Column::text(w.t("patient-screen")),
    ]);
    html! {
        @if all.is_empty() { p { (w.t("patient-samples-none")) } }
        @else { (table.rows(all.iter().map(row))) }
        p.choose { (button(w, view, "sample", "")) (button(w, view, "screen", "")) }
    }
}

fn valid(w: Words, view: &View, sample: &Sample) -> Markup {
    match bas_until(view.rules(), sample.taken) {
        None => html! { span.unknown { (w.unknown()) } },
        Some(until) if until <= view.now => tag(Status::Ended, &w.t("patient-sample-old")),
        Some(until) => html! { (last(w, until)) },
    }
}

/// The last day inside.
fn last(w: Words, until: Time) -> String {
    w.date(until.0.saturating_sub(1))
}

/// Who the person is, whose, and what the person forbids.
pub(super) fn person(w: Words, view: &View, family: &Family<'_>) -> Markup {
    let person = family.person();
    let is = &person.identity;
    let unknown = || html! { span.unknown { (w.unknown()) } };
    let facts = Definitions::new()
        .text(w.dynamic("patient-number-", is.number.kind()), &is.number.to_string())
        .markup(
            w.t("patient-name"),
            is.name.as_ref().value().map_or_else(unknown, |name| html! { (name) }),
        )
        .markup(
            w.t("patient-born"),
            is.born.value().map_or_else(unknown, |day| html! { (w.iso_date(&day.to_string())) }),
        )
        .markup(w.t("patient-since"), time_tag(w, person.since.0));
    let mothers = family.mothers().map(|one| {
        let own = view.own();
        let mother = own.and_then(|own| own.patients.get(&one.patient));
        let label = mother.map_or_else(|| one.patient.to_string(), |mother| name(w, mother));
        html! {
            a href={ "/patients/" (one.patient) } { (label) }
            @if one.corrected.is_some() { " " (tag(Status::Ended, &w.t("patient-mother-corrected"))) }
            br;
        }
    });
    let mothers: Vec<Markup> = mothers.collect();
    let links = family.members.iter().skip(1).map(|(id, alias)| {
        let linked = alias.linked.as_ref();
        html! {
            (alias.identity.number)
            @if let Some(linked) = linked {
                " (" (w.date_time(linked.at.0)) ", " (view.title(&linked.by)) ": " (linked.check) ") "
            }
            (button(w, view, "unlink", id.as_str()))
            br;
        }
    });
    let links: Vec<Markup> = links.collect();
    let facts = if mothers.is_empty() {
        facts
    } else {
        facts.markup(w.t("patient-mother"), html! { @for one in &mothers { (one) } })
    };
    let facts = if links.is_empty() {
        facts
    } else {
        facts.markup(w.t("patient-links"), html! { @for one in &links { (one) } })
    };
    let reserve = !is.number.identifies();
    let infant =
        matches!(person_age(family, view.now), AgeKnown::Months(0..=11) | AgeKnown::Unknown);
    html! {
        div.panel {
            (facts)
            @for (id, member) in family.members.iter().filter(|(_, one)| one.blocked(view.now)) {
                p {
                    (tag(Status::Stopped, &w.t("patient-blocked"))) " "
                    @if member.linked.is_some() { (member.identity.number) " " }
                    (button(w, view, "lift", id.as_str()))
                }
            }
            p.choose {
                @if reserve { (button(w, view, "link", "")) }
                @if infant { (button(w, view, "mother", "")) }
                @if !family.blocked(view.now) { (button(w, view, "block", "")) }
                (button(w, view, "correct", ""))
            }
        }
    }
}

fn person_age(family: &Family<'_>, now: Time) -> AgeKnown {
    let Known::Value(born) = family.person().identity.born else { return AgeKnown::Unknown };
    let years = born.age_on(samband_domain::words::Day::of(now));
    years.map_or(AgeKnown::Unknown, |years| AgeKnown::Months(u16::from(years) * 12))
}
