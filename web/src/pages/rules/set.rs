//! One rule set: its rules under their headings, who drafted, reviewed and adopted it, and what
//! can be done about it.

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::rulesets::view::Standing;
use samband_domain::rulesets::{Command, Heading, Held, Rule, Shared, Verdict};
use samband_domain::{ActorId, Digest, JournalId, SharedState, Time};
use samband_exchange::rulesets::{file_stem, to_csv, to_toml};
use serde::Deserialize;

use super::said::{legend, source, standing_tag, value};
use crate::app::rules::find;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, Field, Note, Row, Table, digest, live_region, page_header, section,
    time_tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{May, as_written, record_link, region_name, shared_area, title_of};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

/// What can be done about a rule set; each has its own step with its own form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Review,
    Adopt,
    Withdraw,
}

impl Act {
    const ALL: [Self; 3] = [Self::Review, Self::Adopt, Self::Withdraw];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Review => "rules-review",
            Self::Adopt => "rules-adopt",
            Self::Withdraw => "rules-withdraw",
        }
    }

    /// The name without what all have in common: how an address and a message key say it.
    fn short(self) -> &'static str {
        self.as_str().trim_start_matches("rules-")
    }

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == name || act.short() == name)
    }

    /// Whether it can be done as the set stands, by somebody who did not draft it.
    fn fits(self, view: &View) -> bool {
        let standing = view.standing;
        let drafter = view.held.drafted_by == view.reader;
        match self {
            Self::Review => !drafter && standing.waits(),
            Self::Adopt => {
                !drafter && matches!(standing, Standing::Reviewed | Standing::Superseded)
            }
            Self::Withdraw => standing.waits() || standing == Standing::Scheduled,
        }
    }

    /// What one must be allowed to do for it.
    fn action(self, held: &Held) -> Action {
        match self {
            Self::Review => Action::ReviewRuleSet,
            Self::Adopt => Action::AdoptRuleSet,
            Self::Withdraw if held.adoptions.is_empty() => Action::DraftRuleSet,
            Self::Withdraw => Action::WithdrawRuleSet,
        }
    }
}

/// What the page shows.
struct View {
    now: Time,
    region: JournalId,
    region_name: String,
    own: bool,
    reader: ActorId,
    digest: Digest,
    held: Held,
    standing: Standing,
    since: Option<Time>,
    history: Vec<Happened>,
    may: May,
    step: Option<Act>,
    done: Option<String>,
}

/// Something that happened to the set.
struct Happened {
    when: Time,
    what: String,
    who: String,
    said: Option<String>,
    record: samband_domain::RecordRef,
}

/// Which step is asked for, whose set is meant, and what was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    region: Option<String>,
    step: Option<String>,
    done: Option<String>,
    format: Option<String>,
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/rule-sets/{digest}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(digest): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let view = look(&app, &visitor, &digest, &asked)?;
    if let Some(format) = &asked.format {
        return Ok(file(&view, format));
    }
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)).into_response())
}

/// The set as a file that can be drafted from again.
fn file(view: &View, format: &str) -> Response {
    let set = &view.held.set;
    let (kind, ending, bytes) = match format {
        "csv" => ("text/csv; charset=utf-8", "csv", to_csv(set)),
        _ => ("application/toml; charset=utf-8", "toml", to_toml(set).into_bytes()),
    };
    let name = format!("attachment; filename=\"{}.{ending}\"", file_stem(set));
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response()
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(digest): Path<String>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut view = look(&app, &visitor, &digest, &asked)?;
    let typed = Typed::new(pairs);
    let act = Act::of(typed.act()).ok_or_else(|| Problem::malformed(typed.act()))?;
    view.step = Some(act);
    let command = read(visitor.words, &view, act, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&address(&view), act.as_str())),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &view, &draft)).into_response())
        }
    }
}

fn read(w: Words, view: &View, act: Act, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let rule_set = view.digest;
    let command = match act {
        Act::Review => {
            let verdict = reader.value::<Verdict>("verdict");
            let comment = reader.optional("comment");
            if verdict == Some(Verdict::Object) && comment.is_none() {
                reader.wrong("comment", w.t("typed-needed"));
            }
            verdict.map(|verdict| Command::Review { rule_set, verdict, comment })
        }
        Act::Adopt => {
            let from = reader.day("from");
            // Today means at once: the day has begun already.
            let shown = typed.shown(view.now);
            let today = |from: Time| from <= shown && shown < from.plus_days(1);
            from.map(|from| Command::Adopt { rule_set, from: Some(from).filter(|f| !today(*f)) })
        }
        Act::Withdraw => Some(Command::Withdraw { rule_set, reason: reader.text("reason") }),
    };
    reader.done(command)
}

fn address(view: &View) -> String {
    format!("/rule-sets/{}?region={}", view.digest, view.region)
}

fn look(app: &App, visitor: &Visitor, digest: &str, asked: &Asked) -> Result<View, Problem> {
    visitor.permit(app, Action::SeeRuleSets, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let unknown = || Problem::not_found(digest);
    let digest: Digest = digest.parse().map_err(|_| unknown())?;
    let found = find(&world, &digest, &visitor.region, asked.region.as_deref());
    let (region, shared) = found.ok_or_else(unknown)?;
    let held = shared.rulesets.held.get(&digest).ok_or_else(unknown)?.clone();
    let w = visitor.words;
    let actions = Act::ALL.map(|act| act.action(&held));
    Ok(View {
        now,
        region_name: region_name(&world, &region),
        own: region == visitor.region,
        reader: visitor.actor.clone(),
        digest,
        standing: shared.rulesets.standing(digest, &held, now),
        since: since(&shared.rulesets, digest, now),
        history: history(w, shared, &held),
        may: May::of(&actions, |action| visitor.may(app, action)),
        step: asked.step.as_deref().and_then(Act::of),
        done: asked.done.clone(),
        held,
        region,
    })
}

/// Since or from when it applies: the stretch it is in, or the next one.
fn since(shared: &Shared, digest: Digest, now: Time) -> Option<Time> {
    let sets = shared.timeline.values().filter(|set| set.digest == digest);
    let from: Vec<Time> = sets.map(|set| set.from).collect();
    from.iter().rfind(|from| **from <= now).or_else(|| from.first()).copied()
}

fn history(w: Words, shared: &SharedState, held: &Held) -> Vec<Happened> {
    let who = |actor: &ActorId| title_of(shared, actor);
    let what = match &held.file {
        Some(file) => w.t_args("rules-event-drafted-file", &[("file", (&file.name).into())]),
        None => w.t("rules-event-drafted"),
    };
    let happened = |when: Time, what: String, by: &ActorId, at: &samband_domain::RecordRef| {
        Happened { when, what, who: who(by), said: None, record: at.clone() }
    };
    let mut all = vec![happened(held.drafted, what, &held.drafted_by, &held.at)];
    for review in &held.reviews {
        let what = w.dynamic("rules-event-", review.verdict.as_str());
        let said = review.comment.clone();
        let of = happened(review.recorded, what, &review.by, &review.at);
        all.push(Happened { said, ..of });
    }
    for adoption in &held.adoptions {
        let time = w.date_time(adoption.from.0);
        let what = w.t_args("rules-event-adopted", &[("time", time.into())]);
        all.push(happened(adoption.recorded, what, &adoption.by, &adoption.at));
    }
    if let Some(withdrawn) = &held.withdrawn {
        let what = w.t("rules-event-withdrawn");
        let of = happened(withdrawn.recorded, what, &withdrawn.by, &withdrawn.at);
        all.push(Happened { said: Some(withdrawn.reason.clone()), ..of });
    }
    all.sort_by_key(|one| one.when);
    all
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    let crumbs = [("/rule-sets", w.t("rules-title"))];
    page(app, visitor, &view.held.set.title, &crumbs, &body(w, view, draft))
}

fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    let set = &view.held.set;
    let args = [("region", (&view.region_name).into()), ("version", (&set.version).into())];
    let lead = w.t_args("rules-of-region", &args);
    html! {
        (page_header(&set.title, Some(&lead), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (live_region("rule-set", "rule_set", &address(view), &html! {
            (standing(w, view))
            (section("history", &w.t("rules-history"), &happened(w, view)))
        }))
        (steps(w, view, draft))
        (section("rules", &w.t("rules-text"), &rules(w, view)))
        (legend(w, set.rules.values()))
        (section("exact", &w.t("rules-exact"), &exact(w, view)))
    }
}

fn standing(w: Words, view: &View) -> Markup {
    let time = view.since.map(|since| w.date_time(since.0)).unwrap_or_default();
    let name = view.standing.as_str();
    let text = w.t_args(&format!("rules-is-{name}"), &[("time", time.into())]);
    let unread = view.held.set.unread.len();
    html! {
        p.standing { (standing_tag(w, view.standing)) " " (text) }
        @if unread > 0 {
            (Note::warning(w, &w.t_args("rules-unread", &[("n", unread.into())])))
        }
    }
}

fn happened(w: Words, view: &View) -> Markup {
    let rows = view.history.iter().map(|one| {
        Row::new(time_tag(w, one.when.0))
            .cell(one.what.clone())
            .cell(one.who.clone())
            .cell(one.said.clone().unwrap_or_else(|| "–".into()))
            .cell(record_link(w, &one.record))
    });
    let table = Table::new(w.t("rules-history"))
        .caption_hidden()
        .columns([
            Column::text(w.t("rules-when")),
            Column::text(w.t("rules-what")),
            Column::text(w.t("rules-who")),
            Column::text(w.t("rules-said")),
            Column::text(w.t("rules-record")),
        ])
        .rows(rows);
    html! { (table) }
}

/// The rules under their headings, in the catalogue's order.
fn rules(w: Words, view: &View) -> Markup {
    let under = |heading: Heading| {
        let rules = view.held.set.rules.values();
        rules.filter(move |rule| rule.key.heading() == heading).collect::<Vec<_>>()
    };
    html! {
        @for heading in Heading::ALL {
            @let rules = under(*heading);
            @if !rules.is_empty() {
                h3 id=(heading) { (w.rule_heading(*heading)) }
                (table(w, *heading, &rules))
            }
        }
    }
}

fn table(w: Words, heading: Heading, rules: &[&Rule]) -> Table {
    let row = |rule: &&Rule| {
        let name = html! { (w.rule_name(rule.key)) " " code.rule-key { (rule.key) } };
        Row::new(name)
            .cell(value(w, rule))
            .cell(Cell::markup(source(w, &rule.source)))
            .cell(rule.note.as_ref().map_or_else(|| html! { "–" }, |note| as_written(w, note)))
    };
    Table::new(w.rule_heading(heading))
        .caption_hidden()
        .columns([
            Column::text(w.t("rules-rule")),
            Column::text(w.t("rules-value")),
            Column::text(w.t("rules-source")),
            Column::text(w.t("rules-note")),
        ])
        .rows(rules.iter().map(row))
}

fn exact(w: Words, view: &View) -> Markup {
    let at = address(view);
    html! {
        p.exports {
            a href={ (at) "&format=toml" } download { "↓ " (w.t("rules-as-toml")) } " "
            a href={ (at) "&format=csv" } download { "↓ " (w.t("rules-as-csv")) }
        }
        div.panel {
            (Definitions::new().markup(w.t("rules-digest"), digest(&view.digest.to_string())))
        }
        details.panel {
            summary { (w.t("rules-exact-show")) }
            pre.exact-text tabindex="0" { (view.held.text) }
        }
    }
}

/// What can be done now: the next step first, and links to the others.
fn steps(w: Words, view: &View, draft: &Draft) -> Markup {
    if !view.own {
        return html! { (Note::info(w, &w.t("rules-other-region"))) };
    }
    let open: Vec<Act> = Act::ALL.into_iter().filter(|act| act.fits(view)).collect();
    let may = |act: &Act| view.may.has(act.action(&view.held));
    let may: Vec<Act> = open.iter().copied().filter(may).collect();
    let waits = view.standing.waits();
    if may.is_empty() && !waits {
        return html! {};
    }
    let drafter = view.held.drafted_by == view.reader && waits;
    let next = match view.standing {
        Standing::Drafted | Standing::Objected => Some(Act::Review),
        Standing::Reviewed => Some(Act::Adopt),
        _ => None,
    };
    let shown = view.step.or(next).filter(|act| may.contains(act));
    let body = html! {
        @if drafter { (Note::info(w, &w.t("rules-own-draft"))) }
        @if may.is_empty() { (Note::info(w, &w.t("rules-who-may"))) }
        @if let Some(act) = shown { div.panel { (form(w, view, draft, act)) } }
        p.choose {
            @for act in may.iter().filter(|act| Some(**act) != shown) {
                a.button.quiet href={ (address(view)) "&step=" (act.short()) "#do" } {
                    (w.dynamic("rules-to-", act.short()))
                }
            }
        }
    };
    section("do", &w.t("rules-do"), &body)
}

fn form(w: Words, view: &View, draft: &Draft, act: Act) -> Markup {
    let (name, action) = (act.as_str(), address(view));
    let key = draft.key(name);
    let word = |part: &str| w.t(&format!("{name}-{part}"));
    let form = draft.form(w, &action, name, &key, word("button"));
    let field = |id, field: Field, start: &str| draft.field(name, id, field, start);
    let form = match act {
        Act::Review => {
            let verdicts = Verdict::ALL.iter();
            let verdicts = verdicts.map(|one| (one.as_str(), word(one.as_str())));
            let verdict = Field::radios("verdict", word("verdict"), verdicts).required();
            let hint = word("comment-hint");
            let comment = shared_area(w, "comment", word("comment"), &hint);
            form.field(field("verdict", verdict, "")).field(field("comment", comment, ""))
        }
        Act::Adopt => {
            let tomorrow = Words::sv().date(view.now.plus_days(1).0);
            let from = Field::date("from", word("from")).hint(word("from-hint")).required();
            form.field(field("from", from, &tomorrow))
        }
        Act::Withdraw => {
            let reason = shared_area(w, "reason", w.t("form-reason"), "").required();
            form.danger().field(field("reason", reason, ""))
        }
    };
    html! { h3 { (word("heading")) } p { (word("confirm")) } (form) }
}
