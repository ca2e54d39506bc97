//! The page behind a personal link: what it is about, one press to answer, and what is owed then.

use maud::{Markup, html};
use samband_domain::alarms::model::{
    Alarm, By, Channel, Key, Kind, Owed, Place, Says, Way, asks, later, owed,
};
use samband_domain::alarms::{How, Obligation};
use samband_domain::{Known, Region, Time};
use samband_engine::World;

use super::{Said, framed, href};
use crate::app::rosters::token::{Opened, alarm, next_link, obligation, successor, to_call};
use crate::app::rosters::{rank_text, recipient_text};
use crate::app::{App, Tongue, fresh_key};
use crate::components::{KEY_FIELD, Mode, Note, page_header, section, time_tag};
use crate::pages::region_short;
use crate::text::Words;

/// What everything on the page is about.
struct About<'a> {
    w: Words,
    world: &'a World,
    region: &'a Region,
    opened: &'a Opened,
    alarm: &'a Alarm,
    held: &'a Obligation,
    now: Time,
}

/// The page; it changes nothing.
pub(super) fn page(app: &App, tongue: &Tongue, opened: &Opened, said: Option<&Said>) -> Markup {
    let (w, world, now) = (tongue.words, app.engine.world(), app.engine.now());
    let path = href(&opened.token);
    let found = world.local(&opened.region).and_then(|region| {
        let alarm = alarm(&region.shared.alarms, &opened.region, &opened.key)?;
        let held = obligation(&world, opened)?;
        Some(About { w, world: &world, region, opened, alarm, held, now })
    });
    let Some(about) = found else {
        return super::unknown(app, tongue).1;
    };
    let body = html! {
        (page_header(&about.alarm.headline, Some(&lead(&about)), None))
        @if let Some(said) = said { (said.problem) }
        (facts(&about))
        (standing(&about))
        @if may_answer(&about) { (form(&about, said)) }
        @if owes(&about) { (next(&about)) }
        @if !about.alarm.text.trim().is_empty() {
            (section("text", &w.t("roster-answer-text"), &html! {
                @for line in about.alarm.text.lines() { p { (line) } }
            }))
        }
        (others(&about))
        (call(&about))
        @if alarm_mode(&about) == samband_domain::Mode::Exercise
            && about.region.shared.alarms.stopped.is_none()
        {
            (super::real::form(w, opened))
        }
    };
    framed(app, (tongue, &path), Some(&opened.region), &about.alarm.headline, &body)
}

/// The last line of the page: an exercise ends as it began.
pub(super) fn last_word(w: Words, mode: Mode) -> Markup {
    match mode {
        Mode::Real => html! {},
        Mode::Exercise => html! {
            div class="mode exercise last" {
                p {
                    strong { (w.t("roster-mode-exercise")) } " "
                    (w.t("roster-mode-exercise-last"))
                }
            }
        },
        Mode::Demo => html! {
            div class="mode demo last" {
                p { strong { (w.t("roster-mode-demo")) } " " (w.t("roster-mode-demo-last")) }
            }
        },
    }
}

fn lead(about: &About<'_>) -> String {
    let w = about.w;
    let to = recipient_text(w, about.world, &about.opened.key.to);
    let args = [
        ("kind", w.dynamic("roster-kind-", about.alarm.kind.as_str()).into()),
        ("to", to.into()),
        ("name", (&about.opened.name).into()),
    ];
    w.t_args("roster-answer-lead", &args)
}

fn facts(about: &About<'_>) -> Markup {
    let (w, alarm) = (about.w, about.alarm);
    let place = match &alarm.place {
        Known::Value(Place { text, .. }) => text.clone(),
        Known::Unknown => w.unknown(),
    };
    let injured = match alarm.injured {
        Known::Value(range) if range.least == range.most => range.least.to_string(),
        Known::Value(range) => format!("{}–{}", range.least, range.most),
        Known::Unknown => w.unknown(),
    };
    let issuer = region_short(about.world, &about.opened.key.issuer);
    let mode = match alarm_mode(about) {
        // A test is neither an exercise nor the real thing: nobody is to believe that it is.
        samband_domain::Mode::Real if alarm.kind == Kind::Reach => w.t("roster-mode-reach"),
        samband_domain::Mode::Real => w.t("roster-mode-real"),
        samband_domain::Mode::Exercise => w.t("roster-mode-exercise"),
        samband_domain::Mode::Demo => w.t("roster-mode-demo"),
    };
    let row = |name: &str, value: Markup| html! { div { dt { (w.t(name)) } dd { (value) } } };
    html! {
        dl.definitions.panel.alarm-facts {
            (row("roster-answer-mode", html! { strong { (mode) } }))
            @if alarm.kind != Kind::Reach {
                (row("roster-answer-place", html! { (place) }))
                (row("roster-answer-injured", html! { (injured) }))
            }
            (row("roster-answer-issuer", html! { (issuer) }))
            (row("roster-answer-since", html! {
                (time_tag(w, about.held.since.0))
                " (" (w.age(about.held.since.0, about.now.0)) ")"
            }))
        }
    }
}

fn alarm_mode(about: &About<'_>) -> samband_domain::Mode {
    let journal = about.region.shared.kernel.journal.as_ref();
    journal.map_or(samband_domain::Mode::Real, |facts| facts.mode)
}

fn gone(about: &About<'_>) -> Option<(Says, Time)> {
    about.held.woken.get(about.opened.person).and_then(|woken| woken.gone)
}

/// Whether the three buttons are shown: whoever said no may still say yes.
fn may_answer(about: &About<'_>) -> bool {
    asks(about.opened.key.to.role, about.held.kind)
        && about.held.closed.is_none()
        && about.held.answer.is_none()
}

fn owes(about: &About<'_>) -> bool {
    let open = about.held.closed.is_none() && about.held.answer.is_some();
    open && !owed(about.opened.key.to.role, about.held.kind).is_empty()
}

/// How it stands, in one sentence or two.
fn standing(about: &About<'_>) -> Markup {
    let (w, held) = (about.w, about.held);
    let at = |time: Time| [("at", w.date_time(time.0).into())];
    if let Some(closed) = &held.closed {
        return ended(about, &closed.how, closed.at);
    }
    if !asks(about.opened.key.to.role, held.kind) {
        return html! { (Note::info(w, &w.t("roster-answer-nothing"))) };
    }
    if let Some(answer) = &held.answer {
        return html! { (Note::success(w, &w.t_args("roster-answer-taken", &at(answer.at)))) };
    }
    match gone(about) {
        Some((Says::Cannot, since)) => {
            html! { (Note::info(w, &w.t_args("roster-answer-cannot", &at(since)))) }
        }
        Some((_, since)) => {
            html! { (Note::info(w, &w.t_args("roster-answer-wrong", &at(since)))) }
        }
        None => html! {},
    }
}

/// An obligation that has ended: what holds now, and where it goes on.
fn ended(about: &About<'_>, how: &How, at: Time) -> Markup {
    let w = about.w;
    let args = [("at", w.date_time(at.0).into())];
    let text = match how {
        How::Met => w.t_args("roster-ended-met", &args),
        How::Told => w.t_args("roster-ended-told", &args),
        How::Replaced => w.t_args("roster-ended-replaced", &args),
        How::Recalled => w.t_args("roster-ended-recalled", &args),
        How::ByHand(_) => w.t_args("roster-ended-by-hand", &args),
    };
    let shared = &about.region.shared.alarms;
    let next = successor(shared, &about.opened.region, &about.opened.key);
    let body = html! {
        (text)
        @if let How::ByHand(why) = how { " " (why) }
        @if let Some(next) = next {
            " " (w.t_args("roster-ended-next", &[("headline", (&next.headline).into())]))
            @if let Some(token) = next_link(about.world, about.opened) {
                " " a href=(href(&token)) { (w.t("roster-ended-open-next")) }
            }
        }
    };
    html! { (Note::info(w, &body)) }
}

/// The three answers. Whoever holds the link is who was meant: nothing else is asked.
fn form(about: &About<'_>, said: Option<&Said>) -> Markup {
    let w = about.w;
    let note = said.map_or("", |said| said.note.as_str());
    let button = |says: Says, class: &str| {
        let name = says.as_str();
        html! {
            button type="submit" name="says" value=(name) class=(class) {
                strong { (w.dynamic("roster-says-", name)) }
                span { (w.t(&format!("roster-says-{name}-means"))) }
            }
        }
    };
    html! {
        form.answers method="post" action=(href(&about.opened.token)) {
            input type="hidden" name=(KEY_FIELD) value=(fresh_key());
            (button(Says::TakesOn, "takes-on"))
            (button(Says::Cannot, "quiet"))
            (button(Says::WrongRecipient, "quiet"))
            div.field {
                label for="f-note" { (w.t("roster-answer-note")) }
                span.hint #f-note-hint { (w.t("roster-answer-note-hint")) }
                textarea #f-note name="note" rows="2" maxlength="1000"
                    aria-describedby="f-note-hint" { (note) }
            }
        }
    }
}

/// Where what is owed is given.
fn place_of(about: &About<'_>, what: Owed) -> String {
    let Key { issuer, alarm, .. } = &about.opened.key;
    match (what, &about.alarm.incident) {
        (Owed::Report, Some(incident)) => format!("/situation-report/{issuer}/{incident}/report"),
        (Owed::Stock, Some(incident)) => format!("/incidents/{issuer}/{incident}/blood"),
        (Owed::Pledge, _) => format!("/readiness/pledge/{issuer}/{alarm}"),
        (Owed::Report | Owed::Stock, None) => format!("/alarm/{issuer}/{alarm}"),
    }
}

fn next(about: &About<'_>) -> Markup {
    let (w, held) = (about.w, about.held);
    let rows = owed(about.opened.key.to.role, held.kind).iter().map(|what| {
        let after = match what {
            Owed::Report => held.policy.report,
            Owed::Pledge => held.policy.pledge,
            Owed::Stock => held.policy.stock,
        };
        let until = later(held.since, after);
        html! {
            li {
                a href=(place_of(about, *what)) { (w.dynamic("roster-owed-", what.as_str())) } " "
                @match held.delivered.get(what) {
                    Some(at) => (w.t_args("roster-owed-there", &[("at", w.clock(at.0).into())])),
                    None => (w.t_args("roster-owed-until", &[
                        ("at", w.clock(until.0).into()),
                        ("left", w.remaining(about.now.0, until.0).into()),
                    ])),
                }
            }
        }
    });
    let body = html! {
        p { (w.t("roster-next-lead")) }
        ol { @for row in rows { (row) } }
    };
    section("next", &w.t("roster-next"), &body)
}

/// Those who were woken in the same role, and what they said.
fn others(about: &About<'_>) -> Markup {
    let (w, held) = (about.w, about.held);
    let people = about.region.own.alarms.people.get(&about.opened.key);
    let rows = held.woken.iter().enumerate().map(|(n, woken)| {
        let person = people.and_then(|people| people.get(n)).and_then(Option::as_ref);
        let name = person.map_or_else(|| w.unknown(), |person| person.name.clone());
        let took = held.answer.as_ref().filter(|answer| answer.rank == Some(woken.rank));
        html! {
            li {
                strong { (name) } " (" (rank_text(w, woken.rank)) ") "
                @if n == about.opened.person { (w.t("roster-others-you")) " " }
                @match (&woken.gone, took) {
                    (Some((says, at)), _) => {
                        (w.dynamic("roster-said-", says.as_str())) " " (w.clock(at.0))
                    }
                    (None, Some(answer)) => {
                        (w.t("roster-said-takes_on")) " " (w.clock(answer.at.0))
                        " · " (w.dynamic("roster-by-", by(answer.by)))
                    }
                    (None, None) => {
                        (w.t_args("roster-others-woken", &[("at", w.clock(woken.at.0).into())]))
                    }
                }
            }
        }
    });
    let elsewhere = held.answer.as_ref().filter(|answer| answer.rank.is_none());
    let body = html! {
        ul { @for row in rows { (row) } }
        @if let Some(answer) = elsewhere {
            p {
                (w.t_args("roster-others-told", &[("at", w.clock(answer.at.0).into())])) " "
                (w.dynamic("roster-by-", by(answer.by)))
            }
        }
    };
    section("others", &w.t("roster-others"), &body)
}

const fn by(by: By) -> &'static str {
    by.as_str()
}

/// Telephone numbers: whatever does not work here, somebody can be called.
fn call(about: &About<'_>) -> Markup {
    let (w, Key { issuer, .. }) = (about.w, &about.opened.key);
    let mut all = to_call(about.world, &about.opened.region, issuer, about.now);
    all.retain(|turn| turn.name != about.opened.name);
    let body = html! {
        @if all.is_empty() {
            p { (w.t("roster-call-nobody")) }
        } @else {
            ul.calls {
                @for turn in &all {
                    li { (turn.name) " " @for way in &turn.ways { (telephone(w, way)) " " } }
                }
            }
        }
        p { (w.t_args("roster-call-code", &[("alarm", about.opened.key.alarm.as_str().into())])) }
    };
    section("call", &w.t("roster-call"), &body)
}

/// A way as a link that a telephone or a mail program opens.
pub(in crate::pages) fn telephone(w: Words, way: &Way) -> Markup {
    let address = way.address.trim();
    let digits: String = address.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let kind = w.dynamic("roster-channel-", way.channel.as_str());
    html! {
        @match way.channel {
            Channel::Voice => { a.nowrap href={ "tel:" (digits) } { (kind) ": " (address) } }
            Channel::Sms => { a.nowrap href={ "sms:" (digits) } { (kind) ": " (address) } }
            Channel::Email => { a href={ "mailto:" (address) } { (kind) ": " (address) } }
            Channel::Webhook | Channel::Web => {
                span { (kind) @if !address.is_empty() { ": " (address) } }
            }
        }
    }
}
