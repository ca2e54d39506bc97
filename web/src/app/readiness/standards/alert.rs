//! An alarm as CAP 1.2.

use samband_domain::alarms::Issued;
use samband_domain::alarms::model::{Alarm, Kind, Party, Place};
use samband_domain::incidents::model::{Assessment, Holds, Stage};
use samband_domain::{JournalId, Known, Mode, Time};
use samband_engine::Journal;
use samband_exchange::cap::{
    AbsoluteUri, Alert, Area, Category, Certainty, Circle, Decimal, Info, Item, Many, Message,
    Moment, Named, Parts, Point, Reference, ResponseType, Scope, Severity, Status, Text, Token,
    Urgency,
};

use super::sender;
use crate::app::{App, Problem};
use crate::text::Words;

/// The alerts are Swedish, whoever asks.
const WORDS: Words = Words::sv();

/// An alarm of a region as an alert. What the record holds always fits; if it should not, the
/// log says what did not.
///
/// # Errors
/// A problem if the alarm cannot be said in CAP.
pub fn alert_of(app: &App, issuer: &Journal, issued: &Issued) -> Result<Alert, Problem> {
    let wrong = |what: &str, why: &dyn std::fmt::Display| {
        tracing::error!(alarm = %issued.alarm.id, what, %why, "no CAP");
        Problem::broken()
    };
    let alarm = &issued.alarm;
    let parts = Parts {
        identifier: token(alarm.id.as_str()).map_err(|e| wrong("identifier", &e))?,
        sender: token(&sender(app, &issuer.id)).map_err(|e| wrong("sender", &e))?,
        sent: moment(issued.said)?,
        status: status(issuer, alarm).map_err(|e| wrong("status", &e))?,
        message: message(app, issuer, alarm)?,
        source: Text::new("Samband").ok(),
        scope: scope(alarm).ok_or_else(|| wrong("scope", &"nobody"))?,
        codes: Vec::new(),
        incidents: alarm.incident.iter().filter_map(|one| Item::new(one.as_str()).ok()).collect(),
        infos: vec![info(app, issuer, issued).map_err(|e| wrong("info", &e))?],
    };
    Alert::new(parts).map_err(|e| wrong("references", &e))
}

type NotText = samband_exchange::cap::NotText;

fn token(text: &str) -> Result<Token, NotText> {
    Token::new(text)
}

fn moment(time: Time) -> Result<Moment, Problem> {
    Moment::swedish(time).ok_or_else(Problem::broken)
}

/// An exercise names itself; a demo and a test of reach are tests, to be disregarded.
fn status(issuer: &Journal, alarm: &Alarm) -> Result<Status, NotText> {
    let mode = issuer.mode().unwrap_or(Mode::Real);
    let reach = || Text::new(&WORDS.t("ready-cap-reach")).map(Some);
    Ok(match mode {
        Mode::Exercise => {
            let drill = issuer.shared().alarms.exercise.as_ref().map(|drill| drill.id.clone());
            let incident = || alarm.incident.as_ref().map(ToString::to_string);
            let id = drill.or_else(incident).unwrap_or_else(|| alarm.id.to_string());
            Status::exercise(&token(&id)?, &WORDS.t("ready-cap-exercise"))?
        }
        Mode::Demo => Status::Test { note: Some(Text::new(&WORDS.t("ready-cap-demo"))?) },
        Mode::Real if alarm.kind == Kind::Reach => Status::Test { note: reach()? },
        Mode::Real => Status::Actual { note: None },
    })
}

/// An update updates and a recall cancels the alarm that it replaces, named as it was sent.
fn message(app: &App, issuer: &Journal, alarm: &Alarm) -> Result<Message, Problem> {
    let Some(before) = &alarm.replaces else {
        return Ok(Message::Alert { references: Vec::new() });
    };
    let issued = &issuer.shared().alarms.issued;
    let held = issued.get(before).ok_or_else(|| Problem::not_found(before.as_str()))?;
    let broken = |_| Problem::broken();
    let reference = Reference {
        sender: token(&sender(app, &issuer.id)).map_err(broken)?,
        identifier: token(before.as_str()).map_err(broken)?,
        sent: moment(held.said)?,
    };
    let many = Many::one(reference);
    Ok(if alarm.kind == Kind::Recall { Message::Cancel(many) } else { Message::Update(many) })
}

/// A pre-alert is for those who are in the cooperation; any other alarm for those it names.
fn scope(alarm: &Alarm) -> Option<Scope> {
    let address = |party: &Party, role: &str| match party {
        Party::Region(region) => Item::new(&format!("{region}/{role}")).ok(),
        Party::Outside(code) => Item::new(&format!("{}/{role}", code.as_str())).ok(),
    };
    let all = alarm.to.iter().filter_map(|to| address(&to.party, to.role.as_str()));
    let addresses: Vec<_> = all.collect();
    if alarm.kind == Kind::PreAlert {
        let restriction = Text::new(&WORDS.t("ready-cap-restriction")).ok()?;
        return Some(Scope::Restricted { restriction, addresses });
    }
    Many::new(addresses).map(|addresses| Scope::Private { addresses })
}

/// Whether both findings are confirmed, not only suspected.
fn confirmed(assessment: &Assessment) -> bool {
    assessment.harm.holds == Holds::Yes && assessment.imbalance.holds == Holds::Yes
}

/// How soon, how hard, how sure.
fn grades(issuer: &Journal, alarm: &Alarm) -> (Urgency, Severity, Certainty) {
    let incidents = &issuer.shared().incidents.incidents;
    let held = alarm.incident.as_ref().and_then(|id| incidents.get(id));
    let found = held.and_then(|one| one.assessment.as_ref());
    let sure = match held.map(|one| one.stage) {
        Some(Stage::Draft | Stage::Suspected) => Certainty::Possible,
        Some(_) if found.is_some_and(|(one, _)| confirmed(one)) => Certainty::Observed,
        Some(_) => Certainty::Likely,
        None => Certainty::Unknown,
    };
    match alarm.kind {
        Kind::Regional | Kind::National => (Urgency::Immediate, Severity::Extreme, sure),
        Kind::Blood => (Urgency::Immediate, Severity::Severe, sure),
        Kind::PreAlert => (Urgency::Expected, Severity::Unknown, sure),
        Kind::Recall => (Urgency::Past, Severity::Minor, sure),
        _ => (Urgency::Unknown, Severity::Minor, Certainty::Unknown),
    }
}

fn response(kind: Kind) -> ResponseType {
    match kind {
        Kind::Recall => ResponseType::AllClear,
        Kind::PreAlert => ResponseType::Prepare,
        Kind::Reach => ResponseType::Monitor,
        _ => ResponseType::Execute,
    }
}

/// In an exercise the text begins and ends with the word, so that cutting it short hides nothing.
fn marked(mode: Mode, text: &str) -> String {
    let mark = match mode {
        Mode::Real => return text.to_owned(),
        Mode::Exercise => WORDS.t("ready-mark-exercise"),
        Mode::Demo => WORDS.t("ready-mark-demo"),
    };
    format!("{mark} – {text} – {mark}")
}

fn info(app: &App, issuer: &Journal, issued: &Issued) -> Result<Info, NotText> {
    let alarm = &issued.alarm;
    let mode = issuer.mode().unwrap_or(Mode::Real);
    let event = WORDS.dynamic("ready-of-alarm-", alarm.kind.as_str());
    let base = Info::swedish(Category::Health, Text::new(&event)?, grades(issuer, alarm));
    let injured = match alarm.injured {
        Known::Value(range) => format!("{}-{}", range.least, range.most),
        Known::Unknown => "unknown".to_owned(),
    };
    let categories = Many::new(vec![Category::Health, Category::Rescue]);
    Ok(Info {
        categories: categories.unwrap_or(base.categories),
        responses: vec![response(alarm.kind)],
        sender_name: Some(Text::new(&issuer.name())?),
        headline: Some(Text::new(&marked(mode, &alarm.headline))?),
        description: Some(Text::new(&marked(mode, &alarm.text))?),
        instruction: Some(Text::new(&WORDS.t("ready-cap-instruction"))?),
        web: web(app, &issuer.id, alarm),
        parameters: vec![Named {
            name: Text::new("samband:injured")?,
            value: Some(Text::new(&injured)?),
        }],
        areas: alarm.place.as_ref().value().map(area).transpose()?.into_iter().collect(),
        ..base
    })
}

fn web(app: &App, issuer: &JournalId, alarm: &Alarm) -> Option<AbsoluteUri> {
    let host = app.site.public.as_deref()?;
    let root = if host.contains("://") { host.to_owned() } else { format!("https://{host}") };
    AbsoluteUri::new(&format!("{}/alarm/{issuer}/{}", root.trim_end_matches('/'), alarm.id)).ok()
}

fn area(place: &Place) -> Result<Area, NotText> {
    let point = place.point.value().and_then(|(latitude, longitude)| {
        let micro = |value: i32| Decimal::micro(i64::from(value));
        Point::new(micro(latitude)?, micro(longitude)?).ok()
    });
    let circle = point.and_then(|point| Circle::new(point, Decimal::default()).ok());
    Ok(Area {
        description: Text::new(&place.text)?,
        polygons: Vec::new(),
        circles: circle.into_iter().collect(),
        geocodes: Vec::new(),
        height: None,
    })
}
