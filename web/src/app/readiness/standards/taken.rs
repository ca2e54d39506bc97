//! A CAP message from outside as the draft of an incident. Never an alarm by itself: what others
//! say is written down, and a duty officer decides.

use axum::http::StatusCode;
use samband_domain::alarms::model::{Between, Place};
use samband_domain::incidents::model::Report;
use samband_domain::{Known, Mode, Time};
use samband_exchange::cap::{Alert, Info, MessageWord, Moment, StatusWord};

use crate::app::Problem;

/// Most letters that the record takes of one text.
const MOST: usize = 1_900;

/// A message as what was first known of an incident.
///
/// # Errors
/// A problem if the message belongs to another world than the journal, or says of no event.
pub fn report_of(alert: &Alert, mode: Mode, now: Time) -> Result<Report, Problem> {
    let status = alert.status.word();
    let fits = match mode {
        Mode::Real => status == StatusWord::Actual,
        Mode::Exercise => status == StatusWord::Exercise,
        Mode::Demo => status != StatusWord::Actual,
    };
    if !fits {
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "web.cap_mode");
        return Err(problem.fact("status", status_text(status)).fact("own", mode.as_str()));
    }
    let kind = alert.message.word();
    let info = swedish(alert);
    let (MessageWord::Alert | MessageWord::Update, Some(info)) = (kind, info) else {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "web.cap_no_event"));
    };
    let sender = info.sender_name.as_ref().map(|name| format!("{name} "));
    let happened = info.onset.as_ref().map_or(Known::Unknown, |at| past(at, now));
    Ok(Report {
        title: short(info.headline.as_deref().unwrap_or(&info.event), 200),
        text: short(&text(info), MOST),
        source: short(
            &format!("{}({}, CAP {})", sender.unwrap_or_default(), alert.sender, alert.identifier),
            400,
        ),
        place: place(info),
        happened,
        injured: injured(info),
    })
}

fn status_text(status: StatusWord) -> &'static str {
    use samband_exchange::cap::Word as _;
    status.text()
}

/// What it says in Swedish; otherwise the first that it says.
fn swedish(alert: &Alert) -> Option<&Info> {
    let sv = alert.infos.iter().find(|info| info.language.primary() == "sv");
    sv.or_else(|| alert.infos.first())
}

fn text(info: &Info) -> String {
    let all = [Some(&info.event), info.description.as_ref(), info.instruction.as_ref()];
    let all: Vec<&str> = all.into_iter().flatten().map(|text| &**text).collect();
    all.join("\n")
}

fn past(at: &Moment, now: Time) -> Known<Time> {
    let time = Time(at.seconds().saturating_mul(1_000_000));
    // What is expected has not happened.
    if time <= now { Known::Value(time) } else { Known::Unknown }
}

fn place(info: &Info) -> Known<Place> {
    let Some(area) = info.areas.first() else { return Known::Unknown };
    let circle = area.circles.first().map(|circle| circle.centre());
    let micro = |nano: i64| i32::try_from(nano.div_euclid(1_000)).ok();
    let point = circle.and_then(|point| {
        Some((micro(point.latitude().as_nano())?, micro(point.longitude().as_nano())?))
    });
    let point = point.map_or(Known::Unknown, Known::Value);
    Known::Value(Place { text: short(&area.description, 400), point })
}

fn injured(info: &Info) -> Known<Between> {
    let said = info.parameters.iter().find(|one| &*one.name == "samband:injured");
    let range = said.and_then(|one| one.value.as_ref()?.split_once('-'));
    let range = range.and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match range {
        Some((least, most)) if least <= most => Known::Value(Between { least, most }),
        _ => Known::Unknown,
    }
}

/// A text that the record takes: no longer than it may be, without letters that steer machines.
fn short(text: &str, most: usize) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    if plain.chars().count() <= most {
        return plain;
    }
    let cut: String = plain.chars().take(most - 1).collect();
    format!("{cut}…")
}
