//! Bokningar: the day's sessions, who comes, and what became of it.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donors::Command;
use samband_domain::donors::model::{Appointment, AppointmentState, Session, SessionFacts};
use samband_domain::donors::view;
use samband_domain::words::{AppointmentId, Day, SessionId};
use samband_domain::{Region, Time, Window};
use serde::Deserialize;

use super::donors::{forms, local, verdict_tag};
use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::stock::{local as moment, site_name};
use crate::app::{App, Problem, Visitor, fresh_key};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, KEY_FIELD, Row, Status, Table, page_header, section, tag,
};
use crate::text::Words;

const OPEN: &str = "session-open";
const CLOSE: &str = "session-close";
const SETTLE: &str = "appointment-settle";
const MOVE: &str = "appointment-move";

/// Which day, which appointment is moved, and what was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    day: Option<String>,
    #[serde(rename = "move")]
    moved: Option<AppointmentId>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/appointments", get(show).post(act))
}

/// What the page shows.
struct Of {
    day: Day,
    moved: Option<AppointmentId>,
    done: Option<String>,
}

impl Asked {
    fn of(self, now: Time) -> Of {
        let day = self.day.as_deref().and_then(|day| day.parse().ok());
        Of { day: day.unwrap_or_else(|| Day::of(now)), moved: self.moved, done: self.done }
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let now = app.engine.now();
    whole(&app, &visitor, &asked.of(now), &Draft::fresh(now))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::CallDonors, &visitor.region)?;
    let (typed, of) = (Typed::new(pairs), asked.of(app.engine.now()));
    let act = typed.act().to_owned();
    let Some(command) = read(visitor.words, &typed) else {
        return Err(Problem::malformed(&act));
    };
    let day = match &command {
        Ok(Command::OpenSession { facts }) => Day::of(facts.window.from()),
        Ok(Command::Move { at, .. }) => Day::of(*at),
        _ => of.day,
    };
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done(&format!("/appointments?day={day}"), &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &of, &draft)?).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    let command = match typed.act() {
        OPEN => open(w, typed, &mut reader),
        CLOSE => {
            let (session, reason) = (reader.value("session"), reader.text("reason"));
            session.map(|session| Command::CloseSession { session, reason })
        }
        SETTLE => {
            let both = reader.value("appointment").zip(reader.value("state"));
            both.map(|(appointment, state)| Command::Settle { appointment, state })
        }
        MOVE => {
            let (appointment, session) = (reader.value("appointment"), reader.value("session"));
            let text = typed.get("at");
            let at = text.contains(':').then(|| moment(text, "")).flatten();
            if at.is_none() {
                reader.wrong("at", w.t("typed-unreadable"));
            }
            let all = appointment.zip(session).zip(at);
            all.map(|((appointment, session), at)| Command::Move { appointment, session, at })
        }
        _ => return None,
    };
    Some(reader.done(command))
}

fn open(w: Words, typed: &Typed, reader: &mut Reader<'_>) -> Option<Command> {
    let (site, day): (_, Option<Day>) = (reader.value("site"), reader.value("day"));
    let mut clock = |name: &'static str| {
        let text = reader.text(name);
        let at = day.and_then(|day| moment(&format!("{day} {text}"), ""));
        if at.is_none() {
            reader.wrong(name, w.t("typed-unreadable"));
        }
        at
    };
    let (from, until) = (clock("from"), clock("until"));
    let window = from.zip(until).and_then(|(from, until)| Window::new(from, Some(until)).ok());
    if window.is_none() && from.is_some() && until.is_some() {
        reader.wrong("until", w.t("typed-ends-before"));
    }
    let capacity = reader.value("capacity");
    let ticked = forms::KINDS.iter().filter(|(_, field)| typed.get(field) == "on");
    let kinds = ticked.filter_map(|(kind, _)| kind.parse().ok()).collect();
    let all = site.zip(window).zip(capacity);
    all.map(|((site, window), capacity)| Command::OpenSession {
        facts: SessionFacts { site, window, capacity, kinds },
    })
}

fn whole(app: &App, visitor: &Visitor, of: &Of, draft: &Draft) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = local(&world, visitor)?;
    let calls = visitor.may(app, Action::CallDonors);
    let sessions = view::sessions_on(&region.shared.donors, of.day);
    let title = w.t("appointments-title");
    let sheet = Sheet { w, app, visitor, region, of, draft, calls, now };
    let lead = w.iso_date(&of.day.to_string());
    let body = html! {
        (page_header(&title, Some(&lead), None))
        (done_note(w, of.done.as_deref()))
        (draft.banner(w))
        (days(w, of.day))
        @if let Some(id) = &of.moved { (sheet.moving(id)) }
        @if sessions.is_empty() {
            (EmptyState::new(&w.t("appointments-none"), &w.t("appointments-none-text")))
        }
        @for (id, session) in &sessions { (sheet.session(id, session)) }
        @if calls {
            (section("open", &w.t("session-open"), &html! {
                div.panel { (sheet.opening()) }
            }))
        }
    };
    let crumbs = [("/donors", w.t("donors-title"))];
    Ok(page(app, visitor, &title, &crumbs, &body))
}

/// The way to the days around, and to any other.
fn days(w: Words, day: Day) -> Markup {
    let href = |day: Day| format!("/appointments?day={day}");
    let before =
        samband_domain::words::Day::new(day.date().saturating_sub(jiff::Span::new().days(1)));
    let field = Field::date("day", w.t("appointments-day")).value(day.to_string());
    let form = Form::get(w, "/appointments", w.t("appointments-show")).field(field);
    html! {
        div.choices.acts {
            @if let Some(before) = before { a.button.quiet href=(href(before)) { "← " (before) } }
            a.button.quiet href=(href(day.plus_days(1))) { (day.plus_days(1)) " →" }
            (form)
        }
    }
}

struct Sheet<'a> {
    w: Words,
    app: &'a App,
    visitor: &'a Visitor,
    region: &'a Region,
    of: &'a Of,
    draft: &'a Draft,
    calls: bool,
    now: Time,
}

impl Sheet<'_> {
    fn path(&self) -> String {
        format!("/appointments?day={}", self.of.day)
    }

    fn session(&self, id: &SessionId, session: &Session) -> Markup {
        let (w, facts, own) = (self.w, &session.facts, &self.region.own.donors);
        let world = self.app.engine.world();
        let site = site_name(&world, &self.visitor.region, &facts.site);
        let until = facts.window.until().map(|until| w.clock(until.0)).unwrap_or_default();
        let heading = format!("{site} {}–{until}", w.clock(facts.window.from().0));
        let all = view::appointments(own, id);
        let args = [("n", view::taken(own, id).into()), ("all", u32::from(facts.capacity).into())];
        let table = Table::new(heading.clone()).caption_hidden().columns([
            Column::text(w.t("appointment-time")),
            Column::text(w.t("donor-name")),
            Column::text(w.t("donor-kind")),
            Column::text(w.t("appointment-known")),
            Column::text(w.t("appointment-state")),
        ]);
        let rows = all.iter().map(|(id, one)| self.row(id, one));
        section(
            id.as_str(),
            &heading,
            &html! {
                p {
                    (w.t_args("session-taken", &args)) " "
                    @if session.closed.is_some() {
                        (tag(Status::Ended, &w.t("session-closed")))
                    }
                }
                @if all.is_empty() { p { (w.t("session-empty")) } } @else { (table.rows(rows)) }
                @if self.calls && session.closed.is_none() { (self.closing(id)) }
            },
        )
    }

    fn row(&self, id: &AppointmentId, one: &Appointment) -> Row {
        let w = self.w;
        let held = self.region.own.donors.donors.get(&one.donor);
        let name = held.map_or_else(|| one.donor.to_string(), |held| held.identity.name.clone());
        let answer =
            view::prospect(self.region, &one.donor, one.kind, one.at, &self.visitor.region);
        let open = one.state == AppointmentState::Booked;
        Row::new(Cell::text(w.clock(one.at.0)))
            .cell(Cell::link(&format!("/donors/{}?kind={}", one.donor, one.kind), &name))
            .cell(w.dynamic("donor-kind-", one.kind.as_str()))
            .cell(html! {
                @if open && !answer.eligible() { (verdict_tag(w, &answer)) }
                @else if open { (w.t("donor-nothing-known")) }
            })
            .cell(html! {
                (w.dynamic("appointment-", one.state.as_str()))
                @if open && self.calls { (self.buttons(id)) }
            })
    }

    fn buttons(&self, id: &AppointmentId) -> Markup {
        let w = self.w;
        let states =
            [AppointmentState::Attended, AppointmentState::NoShow, AppointmentState::Cancelled];
        html! {
            form.acts method="post" action=(self.path()) {
                input type="hidden" name=(KEY_FIELD) value=(fresh_key());
                input type="hidden" name="act" value=(SETTLE);
                input type="hidden" name="shown" value=(self.now.0);
                input type="hidden" name="appointment" value=(id);
                @for state in states {
                    button.quiet type="submit" name="state" value=(state) {
                        (w.dynamic("appointment-do-", state.as_str()))
                    }
                }
                a.button.quiet href={ (self.path()) "&move=" (id) "#move" } {
                    (w.t("appointment-move"))
                }
            }
        }
    }

    fn closing(&self, id: &SessionId) -> Markup {
        let (w, path) = (self.w, self.path());
        let key = format!("{}-{id}", self.draft.key(CLOSE));
        let form = self
            .draft
            .form(w, &path, CLOSE, &key, w.t("session-close-do"))
            .hidden("session", id.as_str())
            .field(Field::text("reason", w.t("donor-why")).required())
            .danger();
        html! { details.fold { summary { (w.t("session-close")) } div.panel { (form) } } }
    }

    fn moving(&self, id: &AppointmentId) -> Markup {
        let w = self.w;
        let Some(held) = self.region.own.donors.appointments.get(id) else { return html! {} };
        let (path, key) = (self.path(), self.draft.key(MOVE));
        let world = self.app.engine.world();
        let open = view::sessions_to_come(&self.region.shared.donors, self.now);
        let sessions = open.iter().map(|(id, session)| {
            let site = site_name(&world, &self.visitor.region, &session.facts.site);
            (id.to_string(), format!("{site} {}", w.date_time(session.facts.window.from().0)))
        });
        let at = format!("{} {}", Day::of(held.at), w.clock(held.at.0));
        let put = |name: &str, field, start: &str| self.draft.field(MOVE, name, field, start);
        let form = self
            .draft
            .form(w, &path, MOVE, &key, w.t("appointment-move"))
            .cancel(&path, w.t("import-cancel"))
            .hidden("appointment", id.as_str())
            .field(put(
                "session",
                Field::select("session", w.t("session"), sessions).required(),
                held.session.as_str(),
            ))
            .field(put(
                "at",
                Field::text("at", w.t("appointment-at")).hint(w.t("appointment-at-hint")),
                &at,
            ));
        html! { div.panel #move { h2 { (w.t("appointment-move")) } (form) } }
    }

    fn opening(&self) -> Markup {
        let (w, path, key) = (self.w, self.path(), self.draft.key(OPEN));
        let world = self.app.engine.world();
        let put = |name: &str, field, start: &str| self.draft.field(OPEN, name, field, start);
        let sites = forms::sites(&world, &self.visitor.region);
        let site = Field::select("site", w.t("donor-where"), forms::choose(w, sites)).required();
        let mut form = self
            .draft
            .form(w, &path, OPEN, &key, w.t("session-open-do"))
            .field(put("site", site, ""))
            .field(put(
                "day",
                Field::date("day", w.t("appointments-day")).required(),
                &self.of.day.to_string(),
            ))
            .field(put("from", Field::text("from", w.t("session-from")).required(), "08:00"))
            .field(put("until", Field::text("until", w.t("session-until")).required(), "17:00"))
            .field(put(
                "capacity",
                Field::number("capacity", w.t("session-capacity")).required(),
                "20",
            ));
        for (kind, name) in forms::KINDS {
            let start = if kind == "whole_blood" { "on" } else { "" };
            let field = Field::check_box(name, w.dynamic("donor-kind-", kind));
            form = form.field(put(name, field, start));
        }
        html! { (form) }
    }
}
