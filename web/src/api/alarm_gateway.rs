//! What gateways report: receipts, answers by telephone and text message, and that what was sent
//! to try a channel came back. Each shows a secret of its own channel; a receipt is never an
//! answer, and an answer needs the person's code.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use samband_access::{Action, Principal};
use samband_domain::alarms::Command;
use samband_domain::alarms::command::Who;
use samband_domain::alarms::model::{By, Channel, Key, Outcome, Says, Way};
use samband_domain::{Digest, JournalId, Mode, Time};
use samband_engine::{Failure, Request, World};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::Body;
use super::problem::ProblemDocument;
use crate::app::channels::Name;
use crate::app::{App, Problem, Visitor, bearer_token};
use crate::text::Words;

/// What became of a message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Its name, as it was sent.
    pub message: String,
    /// `delivered` or `failed`.
    pub outcome: String,
    /// In the gateway's words.
    pub detail: Option<String>,
}

/// Noted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Taken {
    /// Whether it was known before.
    pub repeated: bool,
}

/// What a person pressed or wrote.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pressed {
    /// The name of the message that is answered, where the gateway knows it.
    pub message: Option<String>,
    /// The number or address that the answer came from.
    pub from: Option<String>,
    /// What was written, e.g. `1 1234`.
    pub text: Option<String>,
    /// The key that was pressed: `1` takes it on, `2` cannot, `3` is the wrong recipient.
    pub key: Option<String>,
    /// The code that was keyed in.
    pub pin: Option<String>,
}

/// What to tell the person. A wrong code is told, never locked out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Told {
    /// Whether the answer counts.
    pub accepted: bool,
    /// Why not, as a stable code.
    pub code: Option<String>,
    /// To be spoken or sent back, in Swedish.
    pub say: String,
}

/// What came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Back {
    /// The code in the message that tried the channel.
    pub code: String,
}

/// A gateway that showed its channel's secret; asked for before anything that it sent is read.
pub struct Gateway(Mode, Channel);

impl FromRequestParts<App> for Gateway {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let known = bearer_token(&parts.headers).and_then(|shown| app.site.channels.who(shown));
        let (mode, channel) =
            known.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "gateway.unknown"))?;
        Ok(Self(mode, channel))
    }
}

fn no_message(name: &str) -> Problem {
    let short: String = name.chars().take(200).collect();
    Problem::unprocessable("gateway.message").fact("message", short)
}

/// Whether a message can have gone out by a channel: it was recorded, or comes next and may be on
/// its way. A number out of turn would keep the true ones from ever being counted.
fn was_sent(world: &World, (mode, channel): (Mode, Channel), name: &Name) -> bool {
    let Some(journal) = world.journal(&name.journal).filter(|one| one.mode() == Some(mode)) else {
        return false;
    };
    let held = journal.shared().alarms.obligations.get(&name.key);
    let next = held.map(|held| {
        let tried = held.tried(name.person, name.channel);
        tried.iter().map(|one| u32::from(one.number) + 1).max().unwrap_or(0)
    });
    name.channel == channel && next.is_some_and(|next| u32::from(name.number) <= next)
}

/// A gateway says what became of a message. Never an answer.
#[utoipa::path(
    post, path = "/alarm-gateway/receipts", tag = "alarms", request_body = Receipt,
    responses((status = 200, body = Taken), (status = "default", body = ProblemDocument)),
)]
pub async fn receipt(
    State(app): State<App>,
    Gateway(mode, channel): Gateway,
    Body(receipt): Body<Receipt>,
) -> Result<Json<Taken>, Problem> {
    let name: Name = receipt.message.parse().map_err(|text: String| no_message(&text))?;
    if !was_sent(&app.engine.world(), (mode, channel), &name) {
        return Err(no_message(&receipt.message));
    }
    let outcome = match receipt.outcome.as_str() {
        "delivered" => Outcome::Delivered,
        "failed" => Outcome::Failed,
        other => return Err(Problem::malformed(format!("outcome: {other}"))),
    };
    let asked = Digest::of(format!("{name} {outcome}").as_bytes());
    let Name { journal, key, person, channel, number } = name;
    let detail = receipt.detail.map(|text| text.trim().chars().take(300).collect::<String>());
    let detail = detail.filter(|text| !text.is_empty());
    let command = Command::Attempted { key, person, channel, number, outcome, detail };
    let request = Request {
        principal: Principal::Engine,
        region: journal,
        key: asked.to_string(),
        happened: None,
        command: command.into(),
        asked: Some(asked),
    };
    let done = app.engine.submit(request).await?;
    Ok(Json(Taken { repeated: done.repeated || done.first.is_none() }))
}

/// What a person pressed or wrote: `1` takes it on, `2` cannot, `3` is the wrong recipient, then
/// the code.
#[utoipa::path(
    post, path = "/alarm-gateway/answers", tag = "alarms", request_body = Pressed,
    responses((status = 200, body = Told), (status = "default", body = ProblemDocument)),
)]
pub async fn answer(
    State(app): State<App>,
    Gateway(mode, channel): Gateway,
    Body(pressed): Body<Pressed>,
) -> Result<Json<Told>, Problem> {
    let Some((says, pin)) = read(&pressed) else {
        return Ok(Json(not(Some("gateway.unclear"), "msg-said-unclear")));
    };
    let Some(found) = whose(&app.engine.world(), mode, &pressed, &pin) else {
        return Ok(Json(not(Some("alarm.token"), "msg-said-wrong-code")));
    };
    let by = if channel == Channel::Voice { By::Keys } else { By::Reply };
    let asked = Digest::of(format!("{} {} {says} {by}", found.journal, found.token).as_bytes());
    let (key, who) = (found.key, Who::Token(found.token));
    let command = Command::Answer { key, who, by, says, note: None };
    let request = Request {
        principal: Principal::Nobody,
        region: found.journal,
        key: asked.to_string(),
        happened: None,
        command: command.into(),
        asked: Some(asked),
    };
    match app.engine.submit(request).await {
        Ok(_) => {
            let say = Words::sv().dynamic("msg-said-", says.as_str());
            Ok(Json(Told { accepted: true, code: None, say }))
        }
        Err(Failure::Refused(refusal)) if refusal.kind.code == "alarm.ended" => {
            Ok(Json(not(Some(refusal.kind.code), "msg-said-ended")))
        }
        Err(failure) => Err(failure.into()),
    }
}

fn not(code: Option<&str>, say: &str) -> Told {
    Told { accepted: false, code: code.map(str::to_owned), say: Words::sv().t(say) }
}

/// The answer and the code, from keys or from what was written.
fn read(pressed: &Pressed) -> Option<(Says, String)> {
    let text = format!(
        "{} {} {}",
        pressed.key.as_deref().unwrap_or_default(),
        pressed.pin.as_deref().unwrap_or_default(),
        pressed.text.as_deref().unwrap_or_default()
    );
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let word = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let (says, pin) = match (word.as_str(), digits.len()) {
        ("ja", 4) => (Says::TakesOn, digits.as_str()),
        ("nej", 4) => (Says::Cannot, digits.as_str()),
        ("fel", 4) => (Says::WrongRecipient, digits.as_str()),
        (_, 5) => {
            let says = match digits.as_bytes()[0] {
                b'1' => Says::TakesOn,
                b'2' => Says::Cannot,
                b'3' => Says::WrongRecipient,
                _ => return None,
            };
            (says, &digits[1..])
        }
        _ => return None,
    };
    Some((says, pin.to_owned()))
}

struct Found {
    journal: JournalId,
    key: Key,
    token: String,
    /// Open before answered before closed, newest first.
    rank: (bool, bool, Time),
    /// Whether message or sender say that it is theirs.
    theirs: bool,
}

/// Whose code it is: of the message that is answered, of the number that answers, or, from another
/// telephone, of the only one who has it.
fn whose(world: &World, mode: Mode, pressed: &Pressed, pin: &str) -> Option<Found> {
    let name: Option<Name> = pressed.message.as_deref().and_then(|text| text.parse().ok());
    let from = pressed.from.as_deref().map(number);
    let mut all = Vec::new();
    for journal in world.locals().filter(|one| one.mode() == Some(mode)) {
        let Some(region) = journal.local() else { continue };
        for (key, people) in &region.own.alarms.people {
            let Some(held) = region.shared.alarms.obligations.get(key) else { continue };
            for (n, person) in people.iter().enumerate() {
                let Some(person) = person.as_ref().filter(|person| person.pin == pin) else {
                    continue;
                };
                let named = name.as_ref().is_some_and(|name| {
                    (&name.journal, &name.key, usize::from(name.person)) == (&journal.id, key, n)
                });
                let by_way = |way: &Way| from.as_ref() == Some(&number(&way.address));
                all.push(Found {
                    journal: journal.id.clone(),
                    key: key.clone(),
                    token: person.token.clone(),
                    rank: (held.closed.is_none(), held.answer.is_none(), held.since),
                    theirs: named || (name.is_none() && person.ways.iter().any(by_way)),
                });
            }
        }
    }
    if all.iter().any(|one| one.theirs) {
        all.retain(|one| one.theirs);
    } else {
        // Two people with one code, and nothing says whose it is: neither is taken for the other.
        all.retain(|one| name.is_none() && one.rank.0 && one.rank.1);
        if all.len() > 1 {
            return None;
        }
    }
    all.into_iter().max_by_key(|one| one.rank)
}

/// A telephone number as its digits with the country's code; another address as it is.
fn number(address: &str) -> String {
    if address.contains('@') || address.contains("://") {
        return address.trim().to_lowercase();
    }
    let digits: String = address.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("00") {
        Some(rest) => rest.to_owned(),
        None if address.trim().starts_with('+') => digits,
        None => digits.strip_prefix('0').map_or(digits.clone(), |rest| format!("46{rest}")),
    }
}

/// What was sent to try a channel came back.
#[utoipa::path(
    post, path = "/alarm-gateway/returns", tag = "alarms", request_body = Back,
    responses((status = 200, body = Taken), (status = "default", body = ProblemDocument)),
)]
pub async fn came_back(
    State(app): State<App>,
    Gateway(mode, channel): Gateway,
    Body(back): Body<Back>,
) -> Result<Json<Taken>, Problem> {
    let (code, now) = (back.code.trim(), app.engine.now());
    let known = app.site.channels.came_back((mode, channel), code, now);
    Ok(Json(Taken { repeated: !known }))
}

/// How a channel is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelState {
    /// `email`, `webhook`, `sms` or `voice`.
    pub channel: String,
    /// Whether it is set up for the region's mode.
    pub set_up: bool,
    /// `works`, `lost`, `unknown` (tried, nothing back yet) or `untried`.
    pub path: String,
    /// When what was sent to try it last came back; null is never since the start.
    pub last_ok: Option<String>,
    /// How long ago, in seconds.
    pub age_seconds: Option<i64>,
    /// Every how many seconds it is tried; null is never.
    pub every_seconds: Option<u32>,
    /// How many seconds may pass until a lost path shows; null is never.
    pub shows_within_seconds: Option<u32>,
    /// When a message last failed.
    pub failed: Option<String>,
    /// What the channel said then.
    pub why: Option<String>,
}

/// The channels that wake people, and whether what tries them comes back.
#[utoipa::path(
    get, path = "/alarms/channels", tag = "alarms",
    responses(
        (status = 200, body = Vec<ChannelState>), (status = "default", body = ProblemDocument),
    ),
)]
pub async fn channels(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<ChannelState>>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (mode, now) = (app.mode(Some(&visitor.region)), app.engine.now());
    let states = app.site.channels.states(mode, now);
    let sent = Channel::ALL.iter().filter(|channel| **channel != Channel::Web);
    let all = sent.map(|channel| {
        let state = states.iter().find(|state| state.set_up.channel == *channel);
        let canary = state.and_then(|state| state.set_up.canary);
        let ok = state.and_then(|state| state.last_ok);
        let failed = state.and_then(|state| state.failed.clone());
        ChannelState {
            channel: channel.to_string(),
            set_up: state.is_some(),
            path: state.map_or("untried", |state| state.path.as_str()).to_owned(),
            last_ok: ok.map(|time| time.to_string()),
            age_seconds: ok.map(|time| now.since(time) / 1_000_000),
            every_seconds: canary.map(|(every, _)| every),
            shows_within_seconds: canary.map(|(every, within)| every.saturating_add(within)),
            failed: failed.as_ref().map(|(time, _)| time.to_string()),
            why: failed.map(|(_, why)| why),
        }
    });
    Ok(Json(all.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(text: &str) -> Pressed {
        let text = Some(text.to_owned());
        Pressed { message: None, from: None, text, key: None, pin: None }
    }

    #[test]
    fn an_answer_is_read_as_a_tired_person_writes_it() {
        for text in ["1 1234", "11234", "1, 1234.", " 1\n1234", "Ja 1234", "1-12 34"] {
            assert_eq!(read(&pressed(text)), Some((Says::TakesOn, "1234".into())), "{text}");
        }
        assert_eq!(read(&pressed("2 0417")), Some((Says::Cannot, "0417".into())));
        assert_eq!(read(&pressed("fel 0417")), Some((Says::WrongRecipient, "0417".into())));
        for text in ["", "1", "1234", "4 1234", "1 12345", "kanske 1234"] {
            assert_eq!(read(&pressed(text)), None, "{text}");
        }
        let (key, pin) = (Some("3".to_owned()), Some("0417".to_owned()));
        let keys = Pressed { key, pin, text: None, ..pressed("") };
        assert_eq!(read(&keys), Some((Says::WrongRecipient, "0417".into())));
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in ["+46 70-174 06 99", "0701740699", "0046701740699"] {
            assert_eq!(number(text), "46701740699", "{text}");
        }
        assert_ne!(number("+4670174069"), number("+46701740699"));
    }
}
