//! Rosters and tests of reach.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::ActorId;
use samband_domain::alarms::Command;
use samband_domain::alarms::model::{Cover, Recipient, Turn, Way};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{Body, Key, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::rosters::{list, party_text, reaches, recipient, turns, warn};
use crate::app::{App, Problem, Visitor};

/// A way to somebody.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct RosterWay {
    /// `web`, `email`, `webhook`, `sms` or `voice`.
    pub channel: String,
    /// Telephone number or address.
    pub address: String,
}

/// Somebody's turn.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterTurn {
    /// Name; null of another region's people.
    pub name: Option<String>,
    /// The person in the register, if tied to one.
    pub actor: Option<String>,
    /// 0 holds the role, 1 is the deputy, and so on.
    pub rank: u8,
    /// From when.
    pub from: String,
    /// Until when; null is until further notice.
    pub until: Option<String>,
    /// Kinds of channel in the order in which they are tried.
    pub channels: Vec<String>,
    /// Whether two of the ways are independent.
    pub two_ways: bool,
    /// Ways; null of another region's people.
    pub ways: Option<Vec<RosterWay>>,
}

/// Who is on duty in a role.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterOf {
    /// Whose journal holds the roster.
    pub held_by: String,
    /// A region, or `outside:NAME`.
    pub party: String,
    /// `tib`, `regional_command`, `blood_centre`, `transport`, `switchboard`, `national_tib` or
    /// `national_blood`.
    pub role: String,
    /// When it was set.
    pub set_at: String,
    /// Turns.
    pub turns: Vec<RosterTurn>,
}

/// Something that is wrong with who is on duty.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterWarning {
    /// A region, or `outside:NAME`.
    pub party: String,
    /// The role.
    pub role: String,
    /// `nobody`, `gap`, `one_channel`, `not_independent`, `no_deputy` or `no_fallback`.
    pub what: &'static str,
    /// From when, of a gap.
    pub from: Option<String>,
    /// Until when, of a gap; null where it does not end within the week.
    pub until: Option<String>,
}

/// Rosters and what is wrong with them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rosters {
    /// Every roster known here: the own region's with names, others' without.
    pub rosters: Vec<RosterOf>,
    /// What is wrong with the own region's, the worst first.
    pub warnings: Vec<RosterWarning>,
}

fn turn(cover: &Cover, turn: Option<&Turn>) -> RosterTurn {
    RosterTurn {
        name: turn.map(|turn| turn.name.clone()),
        actor: turn.and_then(|turn| turn.actor.as_ref()).map(ToString::to_string),
        rank: cover.rank,
        from: cover.window.from().to_string(),
        until: cover.window.until().map(|until| until.to_string()),
        channels: cover.channels.iter().map(ToString::to_string).collect(),
        two_ways: cover.two_ways,
        ways: turn.map(|turn| {
            let ways = turn.ways.iter();
            ways.map(|way| RosterWay {
                channel: way.channel.to_string(),
                address: way.address.clone(),
            })
            .collect()
        }),
    }
}

fn warning(one: &warn::Warning) -> RosterWarning {
    let (what, from, until) = match &one.what {
        warn::What::Nobody => ("nobody", None, None),
        warn::What::Gap { from, until } => {
            ("gap", Some(from.to_string()), until.map(|until| until.to_string()))
        }
        warn::What::OneChannel { .. } => ("one_channel", None, None),
        warn::What::NotIndependent { .. } => ("not_independent", None, None),
        warn::What::NoDeputy => ("no_deputy", None, None),
        warn::What::NoFallback => ("no_fallback", None, None),
    };
    let (party, role) = (party_text(&one.of.party), one.of.role.to_string());
    RosterWarning { party, role, what, from, until }
}

/// Who is on duty: the own region's people by name for those at work there, others' as cover alone.
#[utoipa::path(
    get, path = "/rosters", tag = "rosters",
    responses((status = 200, body = Rosters), (status = "default", body = ProblemDocument)),
)]
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Json<Rosters>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let names = visitor.may(&app, Action::AnswerAlarm);
    let mut all = Vec::new();
    for journal in world.journals.values() {
        let own = journal.id == visitor.region && names;
        for (of, roster) in &journal.shared().alarms.rosters {
            let people = if own { turns(&world, &journal.id, of) } else { &[] };
            let rows = roster.cover.iter().enumerate();
            all.push(RosterOf {
                held_by: journal.id.to_string(),
                party: party_text(&of.party),
                role: of.role.to_string(),
                set_at: roster.said.to_string(),
                turns: rows.map(|(n, cover)| turn(cover, people.get(n))).collect(),
            });
        }
    }
    let warnings = warn::warnings(&world, &visitor.region, now);
    Ok(Json(Rosters { rosters: all, warnings: warnings.iter().map(warning).collect() }))
}

/// Somebody's turn, to be set.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewRosterTurn)]
pub struct NewTurn {
    /// Name.
    pub name: String,
    /// The person in the register.
    pub actor: Option<String>,
    /// 0 holds the role, 1 is the deputy, and so on.
    pub rank: u8,
    /// From when; now if left out.
    pub from: Option<String>,
    /// Until when; until further notice if left out.
    pub until: Option<String>,
    /// Ways in the order in which they are tried.
    pub ways: Vec<RosterWay>,
}

/// A roster, to be set.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRoster {
    /// A region, or `outside:NAME`.
    pub party: String,
    /// The role.
    pub role: String,
    /// Turns; none takes the roster away.
    pub turns: Vec<NewTurn>,
}

/// Set who is on duty in a role, in place of what was set before.
#[utoipa::path(
    put, path = "/rosters", tag = "rosters", request_body = NewRoster,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn set(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewRoster>,
) -> Result<Json<Done>, Problem> {
    let of = of(&asked.party, &asked.role)?;
    let turns = asked.turns.into_iter().map(|one| read(&app, one));
    let turns = turns.collect::<Result<Vec<_>, _>>()?;
    submit(&app, &visitor, key, Command::SetRoster { of, turns }).await
}

fn of(party: &str, role: &str) -> Result<Recipient, Problem> {
    recipient(party, role).ok_or_else(|| Problem::malformed(format!("{party} {role}")))
}

fn read(app: &App, one: NewTurn) -> Result<Turn, Problem> {
    // Both spellings of a moment are taken: the form's local one, and the API's own.
    let window = list::window(
        (one.from.as_deref().unwrap_or(""), one.until.as_deref().unwrap_or("")),
        app.engine.now(),
    );
    let window = window.or_else(|field| {
        let text = if field == "from" { one.from.as_deref() } else { one.until.as_deref() };
        moment(if field == "from" { "from" } else { "until" }, text.unwrap_or("")).map(|_| ())?;
        Err(Problem::new(axum::http::StatusCode::BAD_REQUEST, "web.window"))
    })?;
    let ways = one
        .ways
        .into_iter()
        .map(|way| Ok::<_, Problem>(Way { channel: one_of(&way.channel)?, address: way.address }));
    Ok(Turn {
        actor: one.actor.as_deref().map(ActorId::new).transpose()?,
        name: one.name,
        rank: one.rank,
        window,
        ways: ways.collect::<Result<_, _>>()?,
    })
}

/// One role in a test of reach.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReachedRole {
    /// A region, or `outside:NAME`.
    pub party: String,
    /// The role.
    pub role: String,
    /// Milliseconds until a person answered; null if nobody has.
    pub after_ms: Option<i64>,
    /// The rank of whoever answered; null if that person was not woken here.
    pub rank: Option<u8>,
    /// How many people were woken.
    pub woken: usize,
}

/// A test of reach.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReachTest {
    /// Whose.
    pub region: String,
    /// Its alarm.
    pub alarm: String,
    /// When it was sent.
    pub at: String,
    /// How many roles were asked.
    pub asked: usize,
    /// How many answered.
    pub reached: usize,
    /// Role by role.
    pub roles: Vec<ReachedRole>,
}

/// Every region's tests of reach, the latest first.
#[utoipa::path(
    get, path = "/rosters/reach", tag = "rosters",
    responses((status = 200, body = Vec<ReachTest>), (status = "default", body = ProblemDocument)),
)]
pub async fn reach(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<ReachTest>>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let world = app.engine.world();
    let tests = world.journals.values().flat_map(|journal| {
        let all = reaches(&journal.shared().alarms, &journal.id);
        all.into_iter().map(|one| (journal.id.to_string(), one)).collect::<Vec<_>>()
    });
    let mut tests: Vec<_> = tests.collect();
    tests.sort_by_key(|(_, one)| std::cmp::Reverse(one.at));
    let shown = tests.into_iter().map(|(region, one)| ReachTest {
        region,
        alarm: one.alarm.to_string(),
        at: one.at.to_string(),
        asked: one.asked(),
        reached: one.reached(),
        roles: one
            .rows
            .iter()
            .map(|row| ReachedRole {
                party: party_text(&row.to.party),
                role: row.to.role.to_string(),
                after_ms: row.after.map(|micros| micros / 1_000),
                rank: row.rank,
                woken: row.woken,
            })
            .collect(),
    });
    Ok(Json(shown.collect()))
}

/// Whom to test.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReach {
    /// Roles.
    pub to: Vec<ReachTo>,
}

/// A role to be tested.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReachTo {
    /// A region, or `outside:NAME`.
    pub party: String,
    /// The role.
    pub role: String,
}

/// Test who is reached, unannounced.
#[utoipa::path(
    post, path = "/rosters/reach", tag = "rosters", request_body = NewReach,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn test(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewReach>,
) -> Result<Json<Done>, Problem> {
    let to = asked.to.iter().map(|one| of(&one.party, &one.role)).collect::<Result<_, _>>()?;
    let alarm = Box::new(crate::app::rosters::reach::draft(visitor.words, to));
    submit(&app, &visitor, key, Command::Issue { alarm }).await
}
