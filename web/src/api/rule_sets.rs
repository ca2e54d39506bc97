//! Rule sets: which rules each region has in force, the regions side by side, and the way from a
//! draft over its review to its adoption.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::rulesets::view::{Cell, compare};
use samband_domain::rulesets::{Command, Held, Rule, Scope, Verdict};
use samband_domain::{Digest, JournalId, SharedState, Time};
use samband_engine::Request;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, Form, Place, submit};
use super::figures::Bad;
use super::input::{At, Body, Key, Query, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::import::words_of;
use crate::app::rules::{Named, draft as drafted, find, read};
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// A rule set as the list names it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleSet {
    /// SHA-256 of the text: its name.
    pub hash: String,
    /// Whose rules.
    pub region: String,
    /// What it governs.
    pub scope: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
    /// `in_force`, `scheduled`, `reviewed`, `objected`, `drafted`, `superseded` or `withdrawn`.
    pub standing: String,
    /// From when it applies or applied, latest first.
    pub from: Vec<String>,
    /// When it was drafted.
    pub drafted_at: String,
    /// By whom: the actor's id in that region.
    pub drafted_by: String,
    /// How many rules have a value.
    pub known: usize,
}

impl RuleSet {
    fn of(
        region: &JournalId,
        shared: &SharedState,
        digest: Digest,
        held: &Held,
        now: Time,
    ) -> Self {
        let shared = &shared.rulesets;
        let applies = shared.timeline.values().filter(|set| set.digest == digest).rev();
        let known = held.set.rules.keys().filter(|key| held.set.value(**key).is_some());
        Self {
            hash: digest.to_string(),
            region: region.to_string(),
            scope: held.set.scope.to_string(),
            title: held.set.title.clone(),
            version: held.set.version.clone(),
            standing: shared.standing(digest, held, now).as_str().into(),
            from: applies.map(|set| set.from.to_string()).collect(),
            drafted_at: held.drafted.to_string(),
            drafted_by: held.drafted_by.to_string(),
            known: known.count(),
        }
    }
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneRule {
    /// Its name, e.g. `shelf_life.red_cells`.
    pub key: String,
    /// What it is about.
    pub heading: String,
    /// Its value as a file writes it; null is unknown.
    pub value: Option<String>,
    /// Its unit; blank if it has none.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
    /// What is worth knowing about it.
    pub note: Option<String>,
}

impl From<&Rule> for OneRule {
    fn from(rule: &Rule) -> Self {
        let value = rule.value.as_ref().value();
        Self {
            key: rule.key.to_string(),
            heading: rule.key.heading().to_string(),
            value: value.map(ToString::to_string),
            unit: value.map_or("", |value| value.unit(rule.key.shape())).to_owned(),
            source: rule.source.clone(),
            note: rule.note.clone(),
        }
    }
}

/// A review, or what else somebody did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Act {
    /// `approve`, `object`, `adopt` or `withdraw`.
    pub act: String,
    /// By whom: the actor's id in that region.
    pub by: String,
    /// When.
    pub at: String,
    /// From when the set applies, for an adoption.
    pub from: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The record.
    pub record: Place,
}

/// A rule set with its rules and what was done about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeRuleSet {
    /// What the list says.
    #[serde(flatten)]
    pub summary: RuleSet,
    /// The rules, in the catalogue's order.
    pub rules: Vec<OneRule>,
    /// Names of rules that a later version of this program wrote and this one does not use.
    pub unread: Vec<String>,
    /// What was done, oldest first.
    pub acts: Vec<Act>,
    /// The exact text.
    pub text: String,
    /// The draft's record.
    pub record: Place,
}

fn acts(held: &Held) -> Vec<Act> {
    let reviews = held.reviews.iter().map(|review| Act {
        act: review.verdict.to_string(),
        by: review.by.to_string(),
        at: review.recorded.to_string(),
        from: None,
        reason: review.comment.clone(),
        record: Place::from(&review.at),
    });
    let adoptions = held.adoptions.iter().map(|adoption| Act {
        act: "adopt".into(),
        by: adoption.by.to_string(),
        at: adoption.recorded.to_string(),
        from: Some(adoption.from.to_string()),
        reason: None,
        record: Place::from(&adoption.at),
    });
    let withdrawn = held.withdrawn.iter().map(|withdrawn| Act {
        act: "withdraw".into(),
        by: withdrawn.by.to_string(),
        at: withdrawn.recorded.to_string(),
        from: None,
        reason: Some(withdrawn.reason.clone()),
        record: Place::from(&withdrawn.at),
    });
    let mut acts: Vec<Act> = reviews.chain(adoptions).chain(withdrawn).collect();
    acts.sort_by_key(|act| act.record.seq);
    acts
}

/// Every region's rule sets.
#[utoipa::path(
    get, path = "/rule-sets", tag = "rule-sets", params(Form),
    responses((status = 200, body = Vec<RuleSet>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeRuleSets, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let words = visitor.words;
    let table = || tables::rule_sets(words, &world, now);
    if let Some(file) = form.file("rule-sets", words, now, table)? {
        return Ok(file);
    }
    let mut all = Vec::new();
    for (region, shared) in world.shared() {
        let held = shared.rulesets.held.iter();
        all.extend(held.map(|(digest, held)| RuleSet::of(&region, shared, *digest, held, now)));
    }
    Ok(Json(all).into_response())
}

/// Whose set is meant, where several regions hold the same text.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// A region; otherwise the own one first.
    pub region: Option<String>,
}

/// One rule set with its rules.
#[utoipa::path(
    get, path = "/rule-sets/{hash}", tag = "rule-sets", params(("hash" = String, Path), Whose),
    responses((status = 200, body = WholeRuleSet), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At(hash): At<Digest>,
    Query(whose): Query<Whose>,
) -> Result<Json<WholeRuleSet>, Problem> {
    visitor.permit(&app, Action::SeeRuleSets, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let found = find(&world, &hash, &visitor.region, whose.region.as_deref());
    let unknown = || Problem::not_found(hash.to_string());
    let (region, shared) = found.ok_or_else(unknown)?;
    let held = shared.rulesets.held.get(&hash).ok_or_else(unknown)?;
    Ok(Json(WholeRuleSet {
        summary: RuleSet::of(&region, shared, hash, held, now),
        rules: held.set.rules.values().map(OneRule::from).collect(),
        unread: held.set.unread.keys().cloned().collect(),
        acts: acts(held),
        text: held.text.clone(),
        record: Place::from(&held.at),
    }))
}

/// When, and in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Compared {
    /// The rules in force at this moment or on this date; now otherwise.
    pub at: Option<String>,
    /// `json` (default), `csv` or `xlsx`.
    pub format: Option<String>,
    /// Headings of a file: `keys` (default, stable) or `words` (of the language asked for, with
    /// its decimal mark).
    pub headings: Option<String>,
}

/// A region's rule set in force.
#[derive(Debug, Serialize, ToSchema)]
pub struct InForce {
    /// The region.
    pub region: String,
    /// SHA-256 of its rule set; null if it has none in force.
    pub hash: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Since when.
    pub from: Option<String>,
}

/// What a region says about a rule.
#[derive(Debug, Serialize, ToSchema)]
pub struct Said {
    /// The region.
    pub region: String,
    /// `value`, `unknown`, `absent` (the set does not mention it) or `no_set`.
    pub state: String,
    /// The value as a file writes it; null is unknown.
    pub value: Option<String>,
    /// Its unit.
    pub unit: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// What is worth knowing about it.
    pub note: Option<String>,
}

/// A rule over all regions.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComparedRule {
    /// Its name.
    pub key: String,
    /// What it is about.
    pub heading: String,
    /// `same`, `differs` or `missing`.
    pub likeness: String,
    /// What each region says.
    pub regions: Vec<Said>,
}

/// The regions' rules in force side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// At which moment.
    pub at: String,
    /// Which sets are compared.
    pub regions: Vec<InForce>,
    /// Every rule of the catalogue.
    pub rules: Vec<ComparedRule>,
}

fn said(region: &JournalId, cell: Cell<'_>) -> Said {
    let rule = cell.rule();
    let value = cell.value();
    Said {
        region: region.to_string(),
        state: cell.kind().into(),
        value: value.map(ToString::to_string),
        unit: rule.and_then(|rule| Some(value?.unit(rule.key.shape()).to_owned())),
        source: rule.map(|rule| rule.source.clone()),
        note: rule.and_then(|rule| rule.note.clone()),
    }
}

/// The regions' rules in force side by side: the same, different, or missing somewhere.
#[utoipa::path(
    get, path = "/rule-sets/compare", tag = "rule-sets", params(Compared),
    responses((status = 200, body = Comparison), (status = "default", body = ProblemDocument)),
)]
pub async fn side_by_side(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Compared>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeRuleSets, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let form = Form { format: asked.format, headings: asked.headings };
    let at = asked.at.as_deref().map_or(Ok(now), |text| moment("at", text))?;
    let words = visitor.words;
    let table = || tables::rule_comparison(words, &world, at);
    if let Some(file) = form.file("rules-compared", words, now, table)? {
        return Ok(file);
    }
    let regions = tables::ruled(&world);
    let compared = compare(&regions, Scope::Blood, at);
    let in_force = compared.regions.iter().map(|(region, set)| InForce {
        region: region.to_string(),
        hash: set.map(|set| set.digest.to_string()),
        version: set.map(|set| set.set.version.clone()),
        from: set.map(|set| set.from.to_string()),
    });
    let ids = || compared.regions.iter().map(|(id, _)| id);
    let rules = compared.rows.iter().map(|row| ComparedRule {
        key: row.key.to_string(),
        heading: row.heading().to_string(),
        likeness: row.likeness.as_str().into(),
        regions: ids().zip(&row.cells).map(|(region, cell)| said(region, *cell)).collect(),
    });
    let (regions, rules) = (in_force.collect(), rules.collect());
    Ok(Json(Comparison { at: at.to_string(), regions, rules }).into_response())
}

/// Rules to draft.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDraft {
    /// The rules as TOML or CSV.
    pub text: String,
    /// Name of the file they come from; none for rules typed in.
    #[serde(default)]
    pub file: String,
    /// Title; as the text says otherwise.
    #[serde(default)]
    pub title: String,
    /// Version; as the text says otherwise.
    #[serde(default)]
    pub version: String,
    /// `true`: only show what it would bring, with every bad row.
    #[serde(default)]
    pub dry_run: bool,
}

/// What a draft would bring, or brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct Drafted {
    /// How many rules.
    pub rules: usize,
    /// How many of them are unknown.
    pub unknown: usize,
    /// Everything wrong; anything here means that nothing is drafted.
    pub bad: Vec<Bad>,
    /// What was recorded; null in a dry run.
    pub done: Option<Done>,
}

/// Draft a rule set: all of it, or nothing. The identifier in the answer is its hash.
#[utoipa::path(
    post, path = "/rule-sets", tag = "rule-sets", request_body = NewDraft,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Drafted), (status = "default", body = ProblemDocument)),
)]
pub async fn draft(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(new): Body<NewDraft>,
) -> Result<Json<Drafted>, Problem> {
    visitor.permit(&app, Action::DraftRuleSet, &visitor.region)?;
    let words = visitor.words;
    let found = read(&visitor, &new.file, new.text.as_bytes())?;
    let unknown = found.rules.iter().filter(|rule| rule.value.as_ref().value().is_none()).count();
    let (rules, named) = (found.rules.len(), Named { title: new.title, version: new.version });
    let bad = found.bad.iter().map(|bad| Bad {
        line: bad.line,
        column: bad.column.clone(),
        code: bad.code.to_owned(),
        value: bad.value.clone(),
        reason: words_of(words, bad.code, &bad.args),
    });
    let bad = bad.collect();
    if new.dry_run {
        return Ok(Json(Drafted { rules, unknown, bad, done: None }));
    }
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key: key.text,
        happened: None,
        command: drafted(&visitor, found, &named)?.into(),
        asked: key.asked,
    };
    let receipt = app.engine.submit(request).await?;
    let done = Some(super::answer::done(&app, receipt).await?);
    Ok(Json(Drafted { rules, unknown, bad, done }))
}

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReview {
    /// `approve` or `object`.
    pub verdict: String,
    /// Why; needed for an objection.
    pub comment: Option<String>,
}

/// Review a rule set that somebody else drafted.
#[utoipa::path(
    post, path = "/rule-sets/{hash}/reviews", tag = "rule-sets", request_body = NewReview,
    params(("hash" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn review(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(rule_set): At<Digest>,
    Body(new): Body<NewReview>,
) -> Result<Json<Done>, Problem> {
    let verdict = one_of::<Verdict>(&new.verdict)?;
    submit(&app, &visitor, key, Command::Review { rule_set, verdict, comment: new.comment }).await
}

/// From when.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAdoption {
    /// A moment, or a date, which means its start in Sweden; now otherwise.
    pub from: Option<String>,
}

/// Adopt a reviewed rule set from a moment on.
#[utoipa::path(
    post, path = "/rule-sets/{hash}/adoption", tag = "rule-sets", request_body = NewAdoption,
    params(("hash" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn adopt(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(rule_set): At<Digest>,
    Body(new): Body<NewAdoption>,
) -> Result<Json<Done>, Problem> {
    let from = new.from.as_deref().map(|text| moment("from", text)).transpose()?;
    submit(&app, &visitor, key, Command::Adopt { rule_set, from }).await
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewRuleSetWithdrawal)]
pub struct NewWithdrawal {
    /// Why.
    pub reason: String,
}

/// Take a draft back, or an adopted set before it is in force.
#[utoipa::path(
    post, path = "/rule-sets/{hash}/withdrawal", tag = "rule-sets", request_body = NewWithdrawal,
    params(("hash" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(rule_set): At<Digest>,
    Body(NewWithdrawal { reason }): Body<NewWithdrawal>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::Withdraw { rule_set, reason }).await
}
