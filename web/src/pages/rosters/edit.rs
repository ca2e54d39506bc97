//! Setting who is on duty: rows with a window and ways, without scripts. Pasted lines fill the
//! rows in; nothing is recorded before it is saved.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::Command;
use samband_domain::alarms::model::{Channel, Recipient, Turn, Way};
use samband_domain::{ActorId, Time};
use serde::Deserialize;

use super::{HERE, query};
use crate::app::rosters::list::{self, BadLine};
use crate::app::rosters::{local_text, rank_text, recipient, recipient_text, turns};
use crate::app::{App, Problem, Visitor, fresh_key};
use crate::components::{KEY_FIELD, Note, page_header};
use crate::pages::frame::{done, page, send};
use crate::pages::typed::{ACT, Errors, Typed};
use crate::text::Words;

/// Recording what stands in the rows.
const SAVE: &str = "roster-save";
/// More empty rows.
const MORE: &str = "roster-more";
/// Filling rows in from pasted lines.
const PASTE: &str = "roster-paste";
/// Most rows of a form.
const ROWS_MAX: usize = 60;
/// Fields for ways in a row.
const WAYS: usize = 3;
/// Ranks that can be chosen.
const RANKS: u8 = 5;

#[derive(Debug, Deserialize)]
struct Asked {
    party: String,
    role: String,
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/rosters/edit", get(show).post(act))
}

/// Where a role's form is.
pub(super) fn href(of: &Recipient) -> String {
    format!("/rosters/edit?{}", query(of))
}

/// A row as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Row {
    name: String,
    actor: String,
    rank: String,
    from: String,
    until: String,
    ways: Vec<(String, String)>,
    wrong: Option<String>,
}

/// The form as it is shown.
struct Shown {
    rows: Vec<Row>,
    note: Markup,
    key: String,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let of = asked_for(&app, &visitor, &asked)?;
    let world = app.engine.world();
    let now = app.engine.now();
    let over = |turn: &&Turn| turn.window.until().is_none_or(|until| until > now);
    let mut rows: Vec<_> =
        turns(&world, &visitor.region, &of).iter().filter(over).map(row_of).collect();
    if rows.is_empty() {
        rows.push(Row { from: local_text(now), ..Row::default() });
    }
    let shown = Shown { rows, note: html! {}, key: fresh_key() };
    Ok(whole(&app, &visitor, &of, &shown))
}

fn asked_for(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Recipient, Problem> {
    visitor.permit(app, Action::KeepRosters, &visitor.region)?;
    let named = || format!("{} {}", asked.party, asked.role);
    recipient(&asked.party, &asked.role).ok_or_else(|| Problem::not_found(named()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let of = asked_for(&app, &visitor, &asked)?;
    let (w, now) = (visitor.words, app.engine.now());
    let typed = Typed::new(pairs);
    let mut rows = typed_rows(&typed);
    let key = typed.key().to_owned();
    match typed.act() {
        MORE => {
            rows.extend(std::iter::repeat_n(Row::default(), 3));
            rows.truncate(ROWS_MAX);
            let shown = Shown { rows, note: html! {}, key };
            Ok(whole(&app, &visitor, &of, &shown).into_response())
        }
        PASTE => {
            let shown = pasted(w, &typed, rows, now);
            Ok(whole(&app, &visitor, &of, &shown).into_response())
        }
        SAVE => match read(w, &mut rows, now) {
            Some(turns) => save(&app, &visitor, of, typed, (rows, turns)).await,
            None => {
                let n = rows.iter().filter(|row| row.wrong.is_some()).count();
                let text = w.t_args("form-problems", &[("n", n.into())]);
                let shown = Shown { rows, note: html! { (Note::warning(w, &text)) }, key };
                let page = whole(&app, &visitor, &of, &shown);
                Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
            }
        },
        other => Err(Problem::malformed(other)),
    }
}

async fn save(
    app: &App,
    visitor: &Visitor,
    of: Recipient,
    typed: Typed,
    (rows, turns): (Vec<Row>, Vec<Turn>),
) -> Result<Response, Problem> {
    let command: samband_domain::Command = Command::SetRoster { of: of.clone(), turns }.into();
    let sent: Result<_, Errors> = Ok(command);
    match send(app, visitor, &visitor.region, typed, sent).await {
        Ok(_) => Ok(done(HERE, SAVE)),
        Err(back) => {
            let note = back.draft.banner(visitor.words);
            // A refused form is a new command; one that may have been recorded keeps its key.
            let key = back.draft.key(SAVE);
            let shown = Shown { rows, note, key };
            Ok((back.status, whole(app, visitor, &of, &shown)).into_response())
        }
    }
}

/// Rows from pasted lines, in place of what stood there; a wrong line leaves them as they were.
fn pasted(w: Words, typed: &Typed, rows: Vec<Row>, now: Time) -> Shown {
    let key = typed.key().to_owned();
    match list::read(typed.get("lines"), now) {
        Ok(turns) if turns.is_empty() || turns.len() > ROWS_MAX => {
            let text = w.t("roster-paste-none");
            Shown { rows, note: html! { (Note::warning(w, &text)) }, key }
        }
        Ok(turns) => {
            let text = w.t_args("roster-paste-filled", &[("n", turns.len().into())]);
            let rows = turns.iter().map(row_of).collect();
            Shown { rows, note: html! { (Note::info(w, &text)) }, key }
        }
        Err(BadLine { line, part, value }) => {
            let args = [
                ("line", line.into()),
                ("part", w.dynamic("roster-part-", part).into()),
                ("value", value.into()),
            ];
            let text = w.t_args("roster-paste-bad", &args);
            Shown { rows, note: html! { (Note::warning(w, &text)) }, key }
        }
    }
}

fn row_of(turn: &Turn) -> Row {
    let ways = turn.ways.iter().map(|way| (way.channel.to_string(), way.address.clone()));
    Row {
        name: turn.name.clone(),
        actor: turn.actor.as_ref().map_or_else(String::new, ToString::to_string),
        rank: turn.rank.to_string(),
        from: local_text(turn.window.from()),
        until: turn.window.until().map_or_else(String::new, local_text),
        ways: ways.collect(),
        wrong: None,
    }
}

fn typed_rows(typed: &Typed) -> Vec<Row> {
    let count: usize = typed.get("rows").parse().unwrap_or(0);
    let rows = (0..count.min(ROWS_MAX)).map(|n| {
        let get = |name: &str| typed.get(&format!("{name}-{n}")).to_owned();
        let way = |at: usize| {
            let channel = typed.get(&format!("channel-{n}-{at}")).to_owned();
            (channel, typed.get(&format!("address-{n}-{at}")).to_owned())
        };
        let row = Row {
            name: get("name"),
            actor: get("actor"),
            rank: get("rank"),
            from: get("from"),
            until: get("until"),
            ways: (0..6).map(way).filter(|way| !(way.0.is_empty() && way.1.is_empty())).collect(),
            wrong: None,
        };
        (get("gone") != "on").then_some(row)
    });
    rows.flatten().collect()
}

/// Turns from the rows; none if something is wrong, which each row then says of itself.
fn read(w: Words, rows: &mut [Row], now: Time) -> Option<Vec<Turn>> {
    let mut turns = Vec::new();
    let mut fine = true;
    for row in rows.iter_mut() {
        if row.name.is_empty() && row.ways.is_empty() {
            continue;
        }
        match turn(row, now) {
            Ok(turn) => turns.push(turn),
            Err(part) => {
                row.wrong = Some(w.dynamic("roster-wrong-", part));
                fine = false;
            }
        }
    }
    fine.then_some(turns)
}

fn turn(row: &Row, now: Time) -> Result<Turn, &'static str> {
    if row.name.is_empty() {
        return Err("name");
    }
    let actor = match row.actor.as_str() {
        "" => None,
        id => Some(ActorId::new(id).map_err(|_| "actor")?),
    };
    let rank = if row.rank.is_empty() { 0 } else { row.rank.parse().map_err(|_| "rank")? };
    let window = list::window((&row.from, &row.until), now)?;
    let mut ways = Vec::new();
    for (channel, address) in &row.ways {
        let channel = list::channel(channel).ok_or("channel")?;
        if address.is_empty() && channel != Channel::Web {
            return Err("address");
        }
        ways.push(Way { channel, address: address.clone() });
    }
    if ways.is_empty() {
        return Err("address");
    }
    Ok(Turn { actor, name: row.name.clone(), rank, window, ways })
}

fn whole(app: &App, visitor: &Visitor, of: &Recipient, shown: &Shown) -> Html<String> {
    let (w, world) = (visitor.words, app.engine.world());
    let title = recipient_text(w, &world, of);
    let actors: Vec<_> = world.local(&visitor.region).map_or_else(Vec::new, |region| {
        let all = region.shared.kernel.actors.iter();
        all.map(|(id, person)| (id.to_string(), person.title.clone())).collect()
    });
    let body = html! {
        (page_header(&title, Some(&w.t("roster-edit-lead")), None))
        (shown.note)
        form.form.wide method="post" action=(href(of)) novalidate {
            input type="hidden" name=(KEY_FIELD) value=(shown.key);
            input type="hidden" name="rows" value=(shown.rows.len());
            @for (n, row) in shown.rows.iter().enumerate() { (row_form(w, n, row, &actors)) }
            div.submit {
                button type="submit" name=(ACT) value=(SAVE) { (w.t("roster-save")) }
                button.quiet type="submit" name=(ACT) value=(MORE) { (w.t("roster-more")) }
                a.button.quiet href=(HERE) { (w.t("import-cancel")) }
            }
            details {
                summary { (w.t("roster-paste")) }
                div.field {
                    label for="f-lines" { (w.t("roster-paste-label")) }
                    span.hint #f-lines-hint { (w.t("roster-paste-hint")) }
                    textarea #f-lines name="lines" rows="5" aria-describedby="f-lines-hint" {}
                }
                div.submit {
                    button.quiet type="submit" name=(ACT) value=(PASTE) { (w.t("roster-paste-do")) }
                }
            }
        }
    };
    page(app, visitor, &title, &[(HERE, w.t("roster-title"))], &body)
}

fn row_form(w: Words, n: usize, row: &Row, actors: &[(String, String)]) -> Markup {
    let id = |name: &str| format!("f-{name}-{n}");
    let input = |name: &str, label: &str, kind: &str, value: &str| {
        html! {
            div.field {
                label for=(id(name)) { (w.t(label)) }
                input id=(id(name)) name=(format!("{name}-{n}")) type=(kind) value=(value)
                    autocomplete="off" aria-describedby=[row.wrong.as_ref().map(|_| id("wrong"))];
            }
        }
    };
    html! {
        fieldset.panel.turn id={ "turn-" (n) } {
            legend { (w.t_args("roster-row", &[("n", (n + 1).into())])) }
            @if let Some(wrong) = &row.wrong {
                p.error id=(id("wrong")) { span aria-hidden="true" { "✕ " } (wrong) }
            }
            div.turn-who {
                (input("name", "roster-name", "text", &row.name))
                div.field {
                    label for=(id("rank")) { (w.t("roster-rank")) }
                    select id=(id("rank")) name={ "rank-" (n) } {
                        @for rank in 0..RANKS {
                            @let value = rank.to_string();
                            option value=(value) selected[value == row.rank] {
                                (rank_text(w, rank))
                            }
                        }
                    }
                }
                (input("from", "roster-from", "datetime-local", &row.from))
                (input("until", "roster-to", "datetime-local", &row.until))
            }
            @for at in 0..row.ways.len().clamp(WAYS - 1, 5) + 1 {
                (way_form(w, (n, at), row.ways.get(at)))
            }
            details {
                summary { (w.t("roster-row-more")) }
                div.field {
                    label for=(id("actor")) { (w.t("roster-actor")) }
                    span.hint id=(id("actor-hint")) { (w.t("roster-actor-hint")) }
                    select id=(id("actor")) name={ "actor-" (n) }
                        aria-describedby=(id("actor-hint")) {
                        option value="" { (w.t("roster-actor-none")) }
                        @for (value, title) in actors {
                            option value=(value) selected[*value == row.actor] {
                                (title) " (" (value) ")"
                            }
                        }
                    }
                }
                div.field {
                    div.choice {
                        input id=(id("gone")) name={ "gone-" (n) } type="checkbox" value="on";
                        label for=(id("gone")) { (w.t("roster-row-gone")) }
                    }
                }
            }
        }
    }
}

fn way_form(w: Words, (n, at): (usize, usize), way: Option<&(String, String)>) -> Markup {
    let (channel, address) = way.map_or(("", ""), |(channel, address)| (channel, address));
    let (kind, to) = (format!("channel-{n}-{at}"), format!("address-{n}-{at}"));
    let label = [("n", (at + 1).into())];
    html! {
        div.turn-way {
            div.field {
                label for={ "f-" (kind) } { (w.t_args("roster-way", &label)) }
                select id={ "f-" (kind) } name=(kind) {
                    option value="" { (w.t("form-choose")) }
                    @for one in Channel::ALL {
                        option value=(one.as_str()) selected[one.as_str() == channel] {
                            (w.dynamic("roster-channel-", one.as_str()))
                        }
                    }
                }
            }
            div.field {
                label for={ "f-" (to) } { (w.t_args("roster-address", &label)) }
                input id={ "f-" (to) } name=(to) type="text" value=(address) autocomplete="off";
            }
        }
    }
}
