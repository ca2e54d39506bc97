//! One alarm: how it stands with everybody, and what can be done about it.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::model::{Kind, Party, Recipient, Says};
use samband_domain::words::AlarmId;
use samband_domain::{JournalId, Known, Mode};
use samband_engine::World;
use serde::Deserialize;

use super::acts::{ANSWER, BLOOD, CLOSE, NATIONAL, RECALL, TOLD, UPDATE};
use super::form::whole;
use super::list::{kind_tag, numbers, sound};
use super::owes::{Look, missing, standing, table};
use super::{alarm_href, field_name, injured, mark, place, recipient};
use crate::app::alarm::{self as shared, Owes, Seen, TOPICS, mode_of};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Definitions, Field, Note, Status, live_region, page_header, section, tag, time_tag,
};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::region_name;
use crate::pages::typed::Draft;
use crate::text::Words;

/// What the page shows beside the alarm.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
    /// Whose answer is written down, or whose obligation is closed.
    who: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let key = (JournalId::new(&issuer)?, AlarmId::new(&id)?);
    shown(&app, &visitor, &key, &asked, &Draft::fresh(app.engine.now()))
}

/// The alarm, if it is of the reader's own mode.
pub(super) fn found<'a>(
    world: &'a World,
    visitor: &Visitor,
    (issuer, id): &(JournalId, AlarmId),
) -> Result<Seen<'a>, Problem> {
    let same = world
        .journal(issuer)
        .is_none_or(|_| mode_of(world, issuer) == mode_of(world, &visitor.region));
    shared::alarm(world, issuer, id).filter(|_| same).ok_or_else(|| Problem::not_found(id.as_str()))
}

pub(super) fn shown(
    app: &App,
    visitor: &Visitor,
    key: &(JournalId, AlarmId),
    asked: &Asked,
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    visitor.permit(app, Action::SeeAlarms, &key.0)?;
    let (w, world) = (visitor.words, app.engine.world());
    let seen = found(&world, visitor, key)?;
    let look = Look::of(app, visitor, &world);
    let path = alarm_href(&key.0, &key.1);
    let may = May::of(app, visitor, &world, &seen);
    let who = who(&seen, asked.who.as_deref().or(Some(draft.was("to"))));
    let body = html! {
        (mark(w, &world, &visitor.region))
        (page_header(&seen.alarm.headline, None, None))
        (done_note(w, asked.done.as_deref()))
        (draft.banner(w))
        (head(&look, &seen))
        (answers(&look, visitor, &seen, (&path, draft)))
        @if let Some(one) = who { (person(&look, one, (&path, draft))) }
        (live_region("alarm", TOPICS, &path, &live(&look, &seen, &path)))
        (sound(w))
        (deeds(&look, &seen, &may, (&path, draft)))
        (mark(w, &world, &visitor.region))
    };
    Ok(page(app, visitor, &seen.alarm.headline, &[("/alarm", w.t("nav-alarm"))], &body))
}

/// What the visitor may do with this alarm.
struct May {
    issue: bool,
    blood: bool,
}

impl May {
    fn of(app: &App, visitor: &Visitor, world: &World, seen: &Seen<'_>) -> Self {
        let own = *seen.issuer == visitor.region && seen.replaced.is_none();
        // What the real thing has stopped asks nobody any more, and nothing undoes that.
        let own = own && !shared::stopped(world, &visitor.region);
        let action = match seen.alarm.kind {
            Kind::Blood => Action::AlarmBlood,
            Kind::Reach => Action::TestReach,
            _ => Action::IssueAlarm,
        };
        Self {
            issue: own && seen.alarm.kind != Kind::Recall && visitor.may(app, action),
            blood: own && visitor.may(app, Action::AlarmBlood),
        }
    }
}

fn who<'a, 's>(seen: &'a Seen<'s>, name: Option<&str>) -> Option<&'a Owes<'s>> {
    let name = name.filter(|name| !name.is_empty())?;
    seen.owes.iter().find(|one| field_name(&one.key.to) == name && !one.closed())
}

fn head(look: &Look<'_>, seen: &Seen<'_>) -> Markup {
    let (w, alarm) = (look.w, seen.alarm);
    let follows = |id: &AlarmId, key: &str| {
        html! { a href=(alarm_href(seen.issuer, id)) { (w.t(key)) } }
    };
    html! {
        @if let Some(by) = seen.replaced {
            (Note::warning(w, &html! {
                (w.t("alarm-replaced-note")) " " (follows(by, "alarm-to-newer"))
            }))
        }
        div.panel {
            p {
                (kind_tag(w, alarm)) " " (region_name(look.world, seen.issuer))
                @if let Some(at) = seen.said { " · " (time_tag(w, at.0)) }
            }
            p.alarm-text { (alarm.text) }
            (Definitions::new()
                .markup(w.t("alarm-place"), place(w, alarm.place.as_ref()))
                .markup(w.t("alarm-injured"), injured(w, alarm.injured))
                .markup(w.t("alarm-id"), html! { code.digest { (alarm.id) } }))
            @if let Some(before) = &alarm.replaces {
                p { (follows(before, "alarm-to-older")) }
            }
            @if alarm.incident.is_some() { p.actions { (steps_on(w, seen)) } }
        }
    }
}

/// Where the work in the incident goes on.
fn steps_on(w: Words, seen: &Seen<'_>) -> Markup {
    let (issuer, alarm) = (seen.issuer, &seen.alarm.id);
    html! {
        @if let Some(id) = &seen.alarm.incident {
            a.button href={ "/incidents/" (issuer) "/" (id) } { (w.t("alarm-to-incident")) } " "
            a.button href={ "/situation-report/" (issuer) "/" (id) } {
                (w.t("alarm-to-situation"))
            } " "
            @if seen.alarm.kind == Kind::Regional {
                a.button href={ "/readiness/transports/" (issuer) "/" (alarm) } {
                    (w.t("alarm-to-transports"))
                }
            }
        }
    }
}

fn live(look: &Look<'_>, seen: &Seen<'_>, path: &str) -> Markup {
    let w = look.w;
    html! {
        (section("numbers", &w.t("alarm-numbers"), &html! {
            div.panel { (numbers(look, seen)) }
        }))
        @if seen.alarm.kind.asks() {
            (section("missing", &w.t("alarm-missing"), &missing(look, seen, path)))
        }
        (section("owes", &w.t("alarm-owes"), &html! {
            details.fold {
                summary { (w.t_args("alarm-owes-all", &[("n", seen.owes.len().into())])) }
                (table(look, seen, path))
            }
        }))
    }
}

/// What the own region's roles owe, to be answered here by whoever is signed in.
fn answers(look: &Look<'_>, visitor: &Visitor, seen: &Seen<'_>, at: (&str, &Draft)) -> Markup {
    let w = look.w;
    let own = Party::Region(visitor.region.clone());
    let open: Vec<_> = seen
        .owes
        .iter()
        .filter(|one| one.key.to.party == own && !one.quiet() && seen.alarm.kind.asks())
        .filter(|one| mine(look, visitor, one))
        .collect();
    if open.is_empty() || !look.told || seen.replaced.is_some() {
        return html! {};
    }
    let heard = look.own.is_some_and(|own| {
        open.iter().any(|one| own.shared.alarms.obligations.contains_key(&one.key))
    });
    let body = html! {
        @if !heard { p { (w.t("alarm-not-heard")) } }
        @else { @for one in open { (answer(look, visitor, one, at)) } }
    };
    html! { div.answering { (section("answer", &w.t("alarm-answer-now"), &body)) } }
}

/// Whether it is for the reader to answer: by role, or because that person was woken. For all
/// others, what somebody said is written down.
fn mine(look: &Look<'_>, visitor: &Visitor, one: &Owes<'_>) -> bool {
    let people = look.own.and_then(|own| own.own.alarms.people.get(&one.key));
    let woken = |person: &Option<samband_domain::alarms::event::Person>| {
        person.as_ref().is_some_and(|person| person.actor.as_ref() == Some(&visitor.actor))
    };
    shared::duties(&visitor.roles).contains(&one.key.to.role)
        || people.is_some_and(|people| people.iter().any(woken))
}

/// What the reader has said already, if it was no.
fn refused(look: &Look<'_>, visitor: &Visitor, one: &Owes<'_>) -> Markup {
    let w = look.w;
    let said = look.own.and_then(|own| {
        let held = own.shared.alarms.obligations.get(&one.key)?;
        let people = own.own.alarms.people.get(&one.key)?;
        let mut all = people.iter().zip(&held.woken);
        let mine = all.find(|(person, _)| {
            matches!(person, Some(person) if person.actor.as_ref() == Some(&visitor.actor))
        });
        mine.and_then(|(_, woken)| woken.gone)
    });
    let Some((says, at)) = said else { return html! {} };
    let at = [("at", w.date_time(at.0).into())];
    let text = if says == Says::Cannot {
        w.t_args("roster-answer-cannot", &at)
    } else {
        w.t_args("roster-answer-wrong", &at)
    };
    html! { (Note::info(w, &text)) }
}

fn answer(
    look: &Look<'_>,
    visitor: &Visitor,
    one: &Owes<'_>,
    (path, draft): (&str, &Draft),
) -> Markup {
    let (w, name) = (look.w, field_name(&one.key.to));
    let note = Field::text(&format!("note-{name}"), w.t("alarm-note")).hint(w.t("alarm-note-hint"));
    let body = html! {
        p { strong { (recipient(w, look.world, &one.key.to)) } " " (standing(w, one)) }
        (refused(look, visitor, one))
        input type="hidden" name="to" value=(name);
        details.fold { summary { (w.t("alarm-note-fold")) } (note) }
    };
    let buttons = html! {
        button.take-on type="submit" name="says" value=(Says::TakesOn.as_str()) {
            (w.t("alarm-takes-on"))
        }
        button.quiet type="submit" name="says" value=(Says::Cannot.as_str()) {
            (w.t("alarm-cannot"))
        }
        button.quiet type="submit" name="says" value=(Says::WrongRecipient.as_str()) {
            (w.t("alarm-wrong"))
        }
    };
    // Every role's form has a key of its own.
    let act = format!("{ANSWER}-{name}");
    keyed(draft, path, (ANSWER, &act), look.now.0, &body, &buttons)
}

/// A form among several of the same kind on one page.
fn keyed(
    draft: &Draft,
    path: &str,
    (act, own): (&str, &str),
    now: i64,
    body: &Markup,
    buttons: &Markup,
) -> Markup {
    use crate::components::KEY_FIELD;
    use crate::pages::typed::{ACT, SHOWN};
    html! {
        form.form.alarm-form method="post" action=(path) novalidate {
            input type="hidden" name=(KEY_FIELD) value=(draft.key(own));
            input type="hidden" name=(ACT) value=(act);
            input type="hidden" name=(SHOWN) value=(now);
            (body)
            div.submit { (buttons) }
        }
    }
}

/// What was said on the telephone is written down; what nobody will meet is closed.
fn person(look: &Look<'_>, one: &Owes<'_>, (path, draft): (&str, &Draft)) -> Markup {
    let (w, name) = (look.w, field_name(&one.key.to));
    let says = [Says::TakesOn, Says::Cannot, Says::WrongRecipient];
    let says = says.map(|says| (says.as_str(), w.dynamic("alarm-told-", says.as_str())));
    let field = |act: &str, name: &'static str, field: Field, start: &str| {
        draft.field(act, name, field, start)
    };
    let told = html! {
        input type="hidden" name="to" value=(name);
        (field(TOLD, "name", Field::text("name", w.t("alarm-told-name")).required(), ""))
        (field(TOLD, "says", Field::radios("says", w.t("alarm-told-says"), says), "takes_on"))
        (field(TOLD, "note",
            Field::text("note", w.t("alarm-note")).hint(w.t("alarm-note-hint")), ""))
    };
    let close = html! {
        input type="hidden" name="to" value=(name);
        (field(CLOSE, "why", Field::text("why", w.t("alarm-close-why")).required()
            .hint(w.t("form-shared-hint")), ""))
    };
    let button = |key: &str| html! { button type="submit" { (w.t(key)) } };
    let title =
        w.t_args("alarm-person-title", &[("name", recipient(w, look.world, &one.key.to).into())]);
    section(
        "person",
        &title,
        &html! {
            div.two {
                @if look.told {
                    div.panel {
                        h3 { (w.t("alarm-told")) }
                        (whole(draft, (path, TOLD), look.now.0, &told, &button("alarm-told-do")))
                    }
                }
                @if look.close {
                    div.panel {
                        h3 { (w.t("alarm-close")) }
                        p { (w.t("alarm-close-means")) }
                        (whole(draft, (path, CLOSE), look.now.0, &close, &button("alarm-close-do")))
                    }
                }
            }
        },
    )
}

/// Update, take back, alarm the blood centres, ask the national level.
fn deeds(look: &Look<'_>, seen: &Seen<'_>, may: &May, (path, draft): (&str, &Draft)) -> Markup {
    let w = look.w;
    if !may.issue && !may.blood {
        return html! {};
    }
    let runs = seen.alarm.kind == Kind::Regional;
    let asked = |kind: Kind| alarmed_for(look.world, seen, kind);
    let mode = mode_of(look.world, seen.issuer);
    html! {
        (section("deeds", &w.t("alarm-deeds"), &html! {
            @if may.issue { (recall(look, seen, (path, draft), mode)) }
            @if may.issue && seen.alarm.kind != Kind::Reach { (update(look, seen, (path, draft))) }
            @if may.blood && runs {
                (one_press(look, (path, draft), BLOOD, "alarm-do-blood", asked(Kind::Blood)))
            }
            @if may.issue && runs {
                @let asked = asked(Kind::National);
                (one_press(look, (path, draft), NATIONAL, "alarm-do-national", asked))
            }
        }))
    }
}

/// The alarm of that kind which was issued in the same incident, and stands.
fn alarmed_for<'a>(world: &'a World, seen: &Seen<'_>, kind: Kind) -> Option<&'a AlarmId> {
    let issued = &world.journal(seen.issuer)?.shared().alarms.issued;
    let same = issued.values().filter(|held| held.alarm.incident == seen.alarm.incident);
    let mut same = same.filter(|held| held.alarm.kind == kind && held.replaced.is_none());
    same.next().map(|held| &held.alarm.id)
}

/// One press opens it, the next one sends it: the same recipients, whatever else is said.
fn recall(look: &Look<'_>, seen: &Seen<'_>, (path, draft): (&str, &Draft), mode: Mode) -> Markup {
    let w = look.w;
    let n = seen.alarm.to.len();
    let why = Field::text("reason", w.t("alarm-recall-label")).hint(w.t("alarm-recall-hint"));
    let body = html! {
        p { (w.t_args("alarm-recall-means", &[("n", n.into())])) }
        (draft.field(RECALL, "reason", why, ""))
    };
    let label = if mode == Mode::Exercise { "alarm-recall-do-drill" } else { "alarm-recall-do" };
    let buttons = html! { button.danger type="submit" { (w.t(label)) } };
    html! {
        details.deed #recall open[draft.is(RECALL)] {
            summary { (w.t("alarm-recall")) }
            (whole(draft, (path, RECALL), look.now.0, &body, &buttons))
        }
    }
}

fn update(look: &Look<'_>, seen: &Seen<'_>, (path, draft): (&str, &Draft)) -> Markup {
    let (w, alarm) = (look.w, seen.alarm);
    let spot = alarm.place.as_ref().value();
    let point = spot.and_then(|place| place.point.value());
    let point = point.map(|(n, e)| format!("{}, {}", super::degrees(n), super::degrees(e)));
    let number = |end: Known<u32>| end.value().map_or(String::new(), |n| n.to_string());
    let field =
        |name: &'static str, field: Field, start: &str| draft.field(UPDATE, name, field, start);
    let body = html! {
        p { (w.t("alarm-update-means")) }
        (field("headline", Field::text("headline", w.t("alarm-new-headline")).required(),
            &alarm.headline))
        (field("words", Field::text_area("words", w.t("alarm-new-words")).required()
            .hint(w.t("form-shared-hint")), &alarm.text))
        (field("place", Field::text("place", w.t("alarm-new-place"))
            .hint(w.t("alarm-new-unknown-hint")), spot.map_or("", |place| &place.text)))
        (field("point", Field::text("point", w.t("alarm-new-point"))
            .hint(w.t("alarm-new-point-hint")), &point.unwrap_or_default()))
        div.pair {
            (field("least", Field::number("least", w.t("alarm-new-least")),
                &number(alarm.injured.map(|range| range.least))))
            (field("most", Field::number("most", w.t("alarm-new-most")),
                &number(alarm.injured.map(|range| range.most))))
        }
    };
    let buttons = html! { button type="submit" { (w.t("alarm-update-do")) } };
    html! {
        details.deed #update open[draft.is(UPDATE)] {
            summary { (w.t("alarm-update")) }
            (whole(draft, (path, UPDATE), look.now.0, &body, &buttons))
        }
    }
}

/// Another alarm of the same incident with its usual words and recipients.
fn one_press(
    look: &Look<'_>,
    (path, draft): (&str, &Draft),
    act: &str,
    key: &str,
    asked: Option<&AlarmId>,
) -> Markup {
    let w = look.w;
    if asked.is_some() {
        return html! {
            p.deed-done { (tag(Status::Known, &w.dynamic("alarm-done-", act))) }
        };
    }
    let body = html! { p { (w.dynamic("alarm-means-", act)) } };
    let buttons = html! { button type="submit" { (w.dynamic("alarm-send-", act)) } };
    html! {
        details.deed id=(act) {
            summary { (w.t(key)) }
            (whole(draft, (path, act), look.now.0, &body, &buttons))
        }
    }
}

/// The recipient of a form's field.
pub(super) fn to_of(seen: &Seen<'_>, name: &str) -> Option<Recipient> {
    let mut all = seen.owes.iter().map(|one| &one.key.to);
    all.find(|to| field_name(to) == name).cloned()
}
