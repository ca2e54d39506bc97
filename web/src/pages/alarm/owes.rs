//! What each recipient owes, how far it has come, and by which number a person is reached.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::How;
use samband_domain::alarms::model::{Channel, Key, Party, Says, Turn, Way};
use samband_domain::{Region, Time};
use samband_engine::World;

use super::{clock, field_name, recipient};
use crate::app::alarm::{Owes, Seen, Standing};
use crate::app::{App, Visitor};
use crate::components::{Cell, Column, Row, Status, Table, tag, time_tag};
use crate::text::Words;

/// Who looks, and at what.
pub(super) struct Look<'a> {
    pub(super) w: Words,
    pub(super) world: &'a World,
    /// The own region, with what stays in it.
    pub(super) own: Option<&'a Region>,
    pub(super) now: Time,
    /// Whether answers by telephone may be written down.
    pub(super) told: bool,
    /// Whether what nobody meets may be closed.
    pub(super) close: bool,
}

impl<'a> Look<'a> {
    /// What a visitor sees.
    pub(super) fn of(app: &App, visitor: &Visitor, world: &'a World) -> Self {
        Self {
            w: visitor.words,
            world,
            own: world.local(&visitor.region),
            now: app.engine.now(),
            told: visitor.may(app, Action::AnswerAlarm),
            close: visitor.may(app, Action::CloseObligation),
        }
    }
}

/// How far it has come, by sign and word.
pub(super) fn standing(w: Words, one: &Owes<'_>) -> Markup {
    let standing = one.standing();
    let status = match &standing {
        Standing::Created | Standing::Tried(_) => Status::Gap,
        Standing::Failed(_) => Status::Stopped,
        Standing::Received(_) | Standing::Read => Status::OneSided,
        Standing::Answered | Standing::Ended(How::Met | How::Told) => Status::Known,
        Standing::Ended(_) => Status::Ended,
    };
    let key = format!("alarm-standing-{}", standing.as_str());
    let channel = standing.channel().map(|channel| w.dynamic("channel-", channel.as_str()));
    let args = [("channel", channel.unwrap_or_default().into())];
    let text = w.find(&key, &args).unwrap_or_else(|| standing.as_str().to_owned());
    tag(status, &text)
}

/// Somebody who can be telephoned.
struct Reachable<'a> {
    name: &'a str,
    number: &'a str,
    said: Option<Says>,
}

fn number(ways: &[Way]) -> Option<&str> {
    let of = |channel: Channel| ways.iter().find(move |way| way.channel == channel);
    of(Channel::Voice).or_else(|| of(Channel::Sms)).map(|way| way.address.as_str())
}

/// Those who were woken, then whoever is on the own list for the role; known in the own region.
fn phones<'a>(look: &Look<'a>, key: &Key) -> Vec<Reachable<'a>> {
    let Some(region) = look.own else { return Vec::new() };
    let held = region.shared.alarms.obligations.get(key);
    let people = region.own.alarms.people.get(key);
    let woken = people.into_iter().flatten().enumerate().filter_map(|(place, person)| {
        let person = person.as_ref()?;
        let said = held.and_then(|held| held.woken.get(place)?.gone.as_ref());
        let said = said.map(|(says, _)| *says);
        Some(Reachable { name: &person.name, number: number(&person.ways)?, said })
    });
    let mut all: Vec<_> = woken.collect();
    let turns = region.own.alarms.rosters.get(&key.to).map_or(&[][..], Vec::as_slice);
    let here = turns.iter().filter(|turn| turn.window.contains(look.now));
    let mut here: Vec<&Turn> = here.collect();
    here.sort_by_key(|turn| turn.rank);
    for turn in here {
        if let Some(number) = number(&turn.ways)
            && !all.iter().any(|one| one.number == number)
        {
            all.push(Reachable { name: &turn.name, number, said: None });
        }
    }
    all
}

/// Links that telephone; says so if no number is known here.
pub(super) fn call(look: &Look<'_>, key: &Key) -> Markup {
    let (w, all) = (look.w, phones(look, key));
    html! {
        @if all.is_empty() { span.unknown { (w.t("alarm-no-number")) } }
        @for one in &all {
            a.call href={ "tel:" (plain(one.number)) } {
                (w.t_args("alarm-call", &[("name", one.name.into())]))
                " " span.nowrap { (one.number) }
            }
            @if let Some(says) = one.said {
                " " span.fine { (w.dynamic("alarm-said-", says.as_str())) }
            }
        }
    }
}

fn plain(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// Those who have not answered, each with the number to call and the clock that runs.
pub(super) fn missing(look: &Look<'_>, seen: &Seen<'_>, path: &str) -> Markup {
    let (w, open) = (look.w, seen.unanswered());
    html! {
        @if let Some((n, of)) = over(seen) {
            p.calm { (w.t_args("alarm-over", &[("n", n.into()), ("of", of.into())])) }
        }
        @else if open.is_empty() { p.calm { (w.t("alarm-all-answered")) } }
        @else {
            ul.missing {
                @for one in open {
                    li {
                        p.who {
                            strong { (recipient(w, look.world, &one.key.to)) } " "
                            (stands(w, one))
                        }
                        p.ways { (call(look, &one.key)) }
                        @if let Some(clock) = one.next(look.world) {
                            p.fine { (clock::next(w, &clock, look.now)) }
                        }
                        (write_down(look, one, path))
                    }
                }
            }
        }
    }
}

/// How many answered, of those who were asked, where nobody has to any more though not all did.
fn over(seen: &Seen<'_>) -> Option<(usize, usize)> {
    let asked = |one: &&Owes<'_>| one.standing() != Standing::Ended(How::Told);
    let asked: Vec<_> = seen.owes.iter().filter(asked).collect();
    let n = asked.iter().filter(|one| one.answer().is_some()).count();
    let closed = asked.iter().any(|one| one.answer().is_none() && one.closed());
    let waits = asked.iter().any(|one| !one.quiet());
    (seen.replaced.is_some() || (closed && !waits)).then_some((n, asked.len()))
}

/// How far it has come, and who has said no: that tells more than which message failed.
fn stands(w: Words, one: &Owes<'_>) -> Markup {
    let refused = one.held.woken.iter().any(|woken| woken.gone.is_some());
    html! {
        @if !(refused && matches!(one.standing(), Standing::Failed(_))) { (standing(w, one)) }
        (gone(w, one))
    }
}

/// Those who said that they cannot, or are the wrong ones, and when.
fn gone(w: Words, one: &Owes<'_>) -> Markup {
    html! {
        @for woken in &one.held.woken {
            @if let Some((says, at)) = &woken.gone {
                span.block.fine {
                    (w.dynamic("alarm-said-", says.as_str())) " " (w.clock(at.0))
                }
            }
        }
    }
}

/// Everybody whom the alarm addresses.
pub(super) fn table(look: &Look<'_>, seen: &Seen<'_>, path: &str) -> Markup {
    let w = look.w;
    let rows = seen.owes.iter().map(|one| {
        Row::new(recipient(w, look.world, &one.key.to))
            .cell(standing(w, one))
            .cell(answered(look, one))
            .cell(steps(look, one))
            .cell(Cell::markup(attempts(look, one)))
            .cell(tools(look, one, path))
    });
    let table = Table::new(w.t("alarm-owes")).caption_hidden().columns([
        Column::text(w.t("alarm-recipient")),
        Column::text(w.t("alarm-state")),
        Column::text(w.t("alarm-answer")),
        Column::text(w.t("alarm-ladder")),
        Column::text(w.t("alarm-attempts")),
        Column::text(w.t("alarm-person")),
    ]);
    html! { (table.rows(rows)) }
}

fn answered(look: &Look<'_>, one: &Owes<'_>) -> Markup {
    let w = look.w;
    let Some(answer) = one.answer() else {
        return html! { span { (w.t("alarm-not-answered")) } (told(look, one)) };
    };
    let rank = answer.rank.filter(|rank| *rank > 0);
    html! {
        span.block { (time_tag(w, answer.at.0)) }
        span.block.fine {
            (w.dynamic("alarm-by-", answer.by.as_str()))
            @if let Some(rank) = rank {
                ", " (w.t_args("alarm-deputy", &[("n", rank.into())]))
            }
        }
        (told(look, one))
        @for (owed, at) in &one.held.delivered {
            span.block.fine { (w.dynamic("alarm-owed-", owed.as_str())) " " (w.clock(at.0)) }
        }
    }
}

/// Who answered what, and what else was said; it never leaves the own region. The latest first.
fn told(look: &Look<'_>, one: &Owes<'_>) -> Markup {
    let w = look.w;
    let all = look.own.and_then(|own| own.own.alarms.answers.get(&one.key));
    html! {
        @for told in all.into_iter().flatten().rev() {
            span.block.fine {
                (w.clock(told.at.0)) " " (w.dynamic("alarm-told-", told.says.as_str()))
                @match &told.who {
                    Some(who) => {
                        ": " (who.name)
                        @if let Some(note) = &who.note { " – " q { (note) } }
                    }
                    None => { ": " (w.t("alarm-told-erased")) },
                }
            }
        }
    }
}

fn steps(look: &Look<'_>, one: &Owes<'_>) -> Markup {
    let w = look.w;
    let step = one.held.steps.iter().max();
    html! {
        @match step {
            Some(step) => span.block { (w.dynamic("alarm-step-", step.as_str())) },
            None => span.block { (w.t("alarm-step-none")) },
        }
        @if let Some(clock) = one.next(look.world).filter(|_| !one.closed()) {
            span.block.fine { (clock::next(w, &clock, look.now)) }
        }
        (gone(w, one))
    }
}

fn attempts(look: &Look<'_>, one: &Owes<'_>) -> Markup {
    let w = look.w;
    let all = &one.held.attempts;
    let Some(last) = all.last() else {
        return html! { (w.t("alarm-no-attempts")) };
    };
    let line = |one: &samband_domain::alarms::Attempt| {
        html! {
            (w.clock(one.at.0)) " " (w.dynamic("channel-", one.channel.as_str())) ": "
            (w.dynamic("alarm-outcome-", one.outcome.as_str()))
        }
    };
    html! {
        span.block { (line(last)) }
        (channels(look, one))
        @if all.len() > 1 {
            details.fold {
                summary { (w.t_args("alarm-attempts-all", &[("n", all.len().into())])) }
                ul.plain { @for one in all.iter().rev() { li { (line(one)) } } }
            }
        }
    }
}

/// What each channel said last, in its own words; it never leaves the own region.
fn channels(look: &Look<'_>, one: &Owes<'_>) -> Markup {
    let w = look.w;
    let all = look.own.into_iter().flat_map(|own| &own.own.alarms.said);
    let said = all.filter(|((key, ..), _)| *key == one.key);
    let said: Vec<_> = said.map(|((_, _, channel), text)| (*channel, text)).collect();
    html! {
        @if !said.is_empty() {
            details.fold {
                summary { (w.t("alarm-channel-said")) }
                ul.plain {
                    @for (channel, text) in said {
                        li.fine { (w.dynamic("channel-", channel.as_str())) ": " (text) }
                    }
                }
            }
        }
    }
}

/// What a person does for the recipient: telephone, write down, close.
fn tools(look: &Look<'_>, one: &Owes<'_>, path: &str) -> Markup {
    let w = look.w;
    let own_region = matches!(&one.key.to.party, Party::Region(id) if id == one.by);
    html! {
        @if !one.quiet() { span.block { (call(look, &one.key)) } }
        @else if !own_region { span.block.fine { (w.t("alarm-noted-there")) } }
        (write_down(look, one, path))
    }
}

/// The way to the form for what was said on the telephone, where that is the own record's.
fn write_down(look: &Look<'_>, one: &Owes<'_>, path: &str) -> Markup {
    let w = look.w;
    let ours = look.own.is_some_and(|own| own.shared.alarms.obligations.contains_key(&one.key));
    let who = recipient(w, look.world, &one.key.to);
    html! {
        @if ours && !one.closed() && (look.told || look.close) {
            a.write-down href={ (path) "?who=" (field_name(&one.key.to)) "#person" } {
                (w.t("alarm-write-down")) span.hidden { ": " (who) }
            }
        }
    }
}
