//! What is sent from an incident's pages.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::Form as Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::html;
use samband_access::Action;
use samband_domain::alarms::model::{DutyRole, Key, Owed, Party, Recipient};
use samband_domain::incidents::Command;
use samband_domain::incidents::model::{
    Assessment, CareMode, Duty, Finding, Holds, Measure, Resolution, Scope,
};
use samband_domain::words::AlarmId;
use samband_domain::{Command as Any, JournalId, SiteId, Time, alarms};

use super::{after, blood, distribution, forms, one, secondary};
use crate::app::incident::{self, Found, duties, find, indicators};
use crate::app::{App, Problem, Visitor};
use crate::pages::frame::{Back, done, send};
use crate::pages::typed::{Errors, Reader, Typed};

type Pairs = Vec<(String, String)>;
type Where = Path<(String, String)>;

/// A value of a code that the form itself offers.
fn coded<T: FromStr>(typed: &Typed, name: &'static str) -> Result<T, Problem> {
    typed.get(name).parse().map_err(|_| Problem::malformed(name))
}

fn place(typed: &Typed, name: &'static str) -> Result<u16, Problem> {
    coded(typed, name)
}

/// When it is looked at again: so many hours from when the form was shown.
fn review(typed: &Typed, now: Time) -> Result<Time, Problem> {
    let hours: i64 = coded(typed, "review")?;
    if !(1..=24).contains(&hours) {
        return Err(Problem::malformed("review"));
    }
    Ok(typed.shown(now).plus_seconds(hours * 3_600))
}

/// What a form of the incident's own page asks for.
fn command(
    app: &App,
    visitor: &Visitor,
    found: &Found<'_>,
    typed: &Typed,
) -> Result<Result<Command, Errors>, Problem> {
    let (incident, now) = (found.id.clone(), app.engine.now());
    let mut reader = Reader::new(visitor.words, typed);
    let command = match typed.act() {
        forms::SUSPECT => Command::Suspect { incident },
        forms::NOTE => {
            Command::Note { incident, text: reader.text("text"), source: reader.text("source") }
        }
        forms::MODE => {
            let site = Some(typed.get("site")).filter(|id| !id.is_empty());
            let site = site.map(SiteId::new).transpose()?;
            let mode: CareMode = coded(typed, "mode")?;
            Command::SetMode { site, mode, basis: reader.text("basis") }
        }
        forms::CONFIRM => {
            let mode = coded(typed, "mode")?;
            Command::Confirm { incident, basis: reader.text("basis"), mode }
        }
        forms::ASSESS => {
            let (basis, source) = (reader.text("basis"), reader.text("source"));
            let finding = |name| {
                let holds: Holds = coded(typed, name)?;
                Ok::<_, Problem>(Finding { holds, basis: basis.clone(), source: source.clone() })
            };
            let assessment =
                Assessment { harm: finding("harm")?, imbalance: finding("imbalance")? };
            Command::Assess { incident, assessment }
        }
        forms::RESOLVE => {
            let resolution = Box::new(resolution(app, found, typed, &mut reader)?);
            Command::Resolve { incident, resolution }
        }
        forms::SECOND => Command::Second { incident, resolution: place(typed, "resolution")? },
        forms::EXTEND => Command::Extend {
            incident,
            resolution: place(typed, "resolution")?,
            review: review(typed, now)?,
            basis: reader.text("basis"),
        },
        forms::LIFT => Command::Lift {
            incident,
            resolution: place(typed, "resolution")?,
            basis: reader.text("basis"),
        },
        forms::STAND_DOWN => Command::StandDown { incident, basis: reader.text("basis") },
        forms::CLOSE => Command::Close { incident, text: reader.text("text") },
        other => return Err(Problem::malformed(other)),
    };
    Ok(reader.done(Some(command)))
}

/// A decision with the indicators as they stand.
fn resolution(
    app: &App,
    found: &Found<'_>,
    typed: &Typed,
    reader: &mut Reader<'_>,
) -> Result<Resolution, Problem> {
    let (world, now) = incident::now(app);
    let measure: Measure = coded(typed, "measure")?;
    let scope = match typed.get("scope") {
        "scene" => Scope::Scene,
        "region" => Scope::Region,
        site => Scope::Site(SiteId::new(site)?),
    };
    let shown = indicators::all(&world, found, now).into_iter();
    let indicators = shown.filter(|one| one.measure == measure).map(|one| one.indicator);
    Ok(Resolution {
        measure,
        scope,
        resource: reader.optional("resource"),
        basis: reader.text("basis"),
        indicators: indicators.collect(),
        review: review(typed, now)?,
    })
}

/// Incidents are led where they are.
fn ours(visitor: &Visitor, issuer: &str) -> Result<(), Problem> {
    if visitor.region.as_str() == issuer { Ok(()) } else { Err(Problem::malformed("region")) }
}

pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Where,
    Body(pairs): Body<Pairs>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    ours(&visitor, &issuer)?;
    let typed = Typed::new(pairs);
    let act = typed.act().to_owned();
    let world = app.engine.world();
    let found = find(&world, &issuer, &id)?;
    let command = command(&app, &visitor, &found, &typed)?.map(Any::from);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&found.href(), &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let page =
                one::whole(&app, &visitor, (&issuer, &id), &draft, (&html! {}, None)).await?;
            Ok((status, page).into_response())
        }
    }
}

/// The blood centre's word that its stock is told.
pub(super) async fn blood(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Where,
    Body(pairs): Body<Pairs>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != blood::STOCK {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let found = find(&world, &issuer, &id)?;
    let to =
        Recipient { party: Party::Region(visitor.region.clone()), role: DutyRole::BloodCentre };
    let alarm = AlarmId::new(typed.get("alarm"))?;
    let key = Key { issuer: found.journal.id.clone(), alarm, to };
    let command = alarms::Command::Deliver { key, owed: Owed::Stock };
    let path = format!("{}/blood", found.href());
    match send(&app, &visitor, &visitor.region, typed, Ok(command.into())).await {
        Ok(_) => Ok(done(&path, blood::STOCK)),
        Err(back) => {
            let Back { status, draft } = *back;
            let page = blood::whole(&app, &visitor, (&issuer, &id), (None, &draft, &html! {}))?;
            Ok((status, page).into_response())
        }
    }
}

/// Duties: given and dropped where the incident is, reported on where they are done.
pub(super) async fn after(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Where,
    Body(pairs): Body<Pairs>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let typed = Typed::new(pairs);
    let act = typed.act().to_owned();
    let world = app.engine.world();
    let found = find(&world, &issuer, &id)?;
    let command = duty(&app, &visitor, &found, &typed)?.map(Any::from);
    let path = format!("{}/after", found.href());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&path, &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let page = after::whole(&app, &visitor, (&issuer, &id), (&draft, &html! {}))?;
            Ok((status, page).into_response())
        }
    }
}

fn duty(
    app: &App,
    visitor: &Visitor,
    found: &Found<'_>,
    typed: &Typed,
) -> Result<Result<Command, Errors>, Problem> {
    let incident = found.id.clone();
    let mut reader = Reader::new(visitor.words, typed);
    let command = match typed.act() {
        after::ASSIGN => {
            ours(visitor, found.journal.id.as_str())?;
            let what = reader.text("what");
            let region = JournalId::new(typed.get("region"))?;
            let due = reader.day_after("due");
            let (gap, owner) = (reader.optional("gap"), reader.optional("owner"));
            let cost = kronor(typed.get("cost"))?;
            let duty = due.map(|due| Duty { what, region, due, gap, cost, owner });
            duty.map(|duty| Command::AssignDuty { incident, duty })
        }
        after::DROP => {
            ours(visitor, found.journal.id.as_str())?;
            let (duty, why) = (place(typed, "duty")?, reader.text("why"));
            Some(Command::DropDuty { incident, duty, why })
        }
        after::REPORT => {
            let (world, now) = incident::now(app);
            let place = place(typed, "duty")?;
            let rows = duties::of(&world, found, now);
            let row = rows.iter().find(|row| row.place == place);
            let row = row.ok_or_else(|| Problem::malformed("duty"))?;
            let done = !typed.get("finished").is_empty();
            let (duty, proof) = (row.assigned.at.clone(), reader.text("proof"));
            Some(Command::ReportDuty { duty, done, proof })
        }
        other => return Err(Problem::malformed(other)),
    };
    Ok(reader.done(command))
}

/// A cost in whole kronor; nothing written is unknown.
fn kronor(text: &str) -> Result<Option<u64>, Problem> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let read = |digits: String| digits.parse().map_err(|_| Problem::malformed("cost"));
    (!digits.is_empty()).then_some(digits).map(read).transpose()
}

/// What was done otherwise than proposed, with its reason: it stands in the incident's course.
fn deviated(
    visitor: &Visitor,
    issuer: &str,
    (found, typed): (&Found<'_>, &Typed),
    said: &'static str,
) -> Result<Result<Any, Errors>, Problem> {
    ours(visitor, issuer)?;
    if typed.act() != distribution::DEVIATE {
        return Err(Problem::malformed(typed.act()));
    }
    let w = visitor.words;
    let mut reader = Reader::new(w, typed);
    let (what, why, source) = (reader.text("text"), reader.text("why"), reader.text("source"));
    let text = w.t_args(said, &[("what", what.into()), ("why", why.into())]);
    let command = Command::Note { incident: found.id.clone(), text, source };
    Ok(reader.done(Some(command)).map(Any::from))
}

/// Casualties from the scene went elsewhere than proposed.
pub(super) async fn distribution(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Where,
    Body(pairs): Body<Pairs>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (typed, world) = (Typed::new(pairs), app.engine.world());
    let found = find(&world, &issuer, &id)?;
    let command = deviated(&visitor, &issuer, (&found, &typed), "inc-dist-noted")?;
    let path = format!("{}/distribution", found.href());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&path, distribution::DEVIATE)),
        Err(back) => {
            let Back { status, draft } = *back;
            let asked = BTreeMap::new();
            let parts = (&asked, &draft, &html! {});
            let page = distribution::whole(&app, &visitor, (&issuer, &id), parts)?;
            Ok((status, page).into_response())
        }
    }
}

/// Patients were moved elsewhere than proposed.
pub(super) async fn secondary(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Where,
    Body(pairs): Body<Pairs>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (typed, world) = (Typed::new(pairs), app.engine.world());
    let found = find(&world, &issuer, &id)?;
    let command = deviated(&visitor, &issuer, (&found, &typed), "inc-move-noted")?;
    let path = format!("{}/distribution/secondary", found.href());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&path, distribution::DEVIATE)),
        Err(back) => {
            let Back { status, draft } = *back;
            let asked = BTreeMap::new();
            let parts = (&asked, &draft, &html! {});
            let page = secondary::whole(&app, &visitor, (&issuer, &id), parts)?;
            Ok((status, page).into_response())
        }
    }
}
