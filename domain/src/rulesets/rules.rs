//! What is allowed about rule sets, and how a rule is asked for.

use super::catalogue::Key;
use super::command::{Command, Verdict};
use super::event::{Adopted, Drafted, Event, Reviewed, Withdrawn};
use super::model::{Cited, Document, Rule, Scope};
use super::state::{Held, InForce, Shared};
use super::value::{Age, Span, Value};
use crate::kernel::{not_found, optional_text, refusals, text};
use crate::words::{Context, Digest, JournalId, Known, NONE, Refusal, Time};

refusals! {
    /// The region has adopted no rule set that is in force.
    NO_SET_IN_FORCE = "rule.no_set_in_force",
        "design §2: a missing rule refuses; it never permits";
    /// The rule set in force does not say.
    MISSING = "rule.missing", "design §2: a missing rule refuses; it never permits";
    /// A rule set needs rules.
    EMPTY = "rule_set.empty", "design §2: rules are data: dated, sourced, per region";
    /// A rule stands twice.
    TWICE = "rule_set.key_twice", "design §2: rules are data: dated, sourced, per region";
    /// A value of another shape than the rule's.
    SHAPE = "rule_set.value_shape", "design §2: rules are data: dated, sourced, per region";
    /// A value without a source.
    NO_SOURCE = "rule_set.no_source", "design §2: rules are data: dated, sourced, per region";
    /// The same text is held already.
    HELD_ALREADY = "rule_set.held_already", "design §2: nothing is ever edited";
    /// Nobody reviews a draft of their own.
    OWN_DRAFT_REVIEW = "rule_set.own_draft_review",
        "design §7: four eyes; whoever drafts a rule set does not review it";
    /// Nobody adopts a draft of their own.
    OWN_DRAFT_ADOPT = "rule_set.own_draft_adopt",
        "design §7: four eyes; whoever drafts a rule set does not adopt it";
    /// An objection says why.
    OBJECTION_UNEXPLAINED = "rule_set.objection_unexplained",
        "design §2: it explains itself";
    /// Nobody has approved the draft.
    NOT_REVIEWED = "rule_set.not_reviewed",
        "design §2: adopting a rule set is a command; a reviewed set only";
    /// Somebody objects.
    OBJECTION = "rule_set.objection",
        "design §2: adopting a rule set is a command; a reviewed set only";
    /// Rules do not apply backwards.
    FROM_PAST = "rule_set.from_past", "design §2: every decision cites the rules of its time";
    /// The set was taken back.
    WITHDRAWN = "rule_set.withdrawn", "design §2: nothing is ever edited";
    /// A set in force is replaced, not taken back.
    IN_FORCE = "rule_set.in_force", "design §2: a missing rule refuses; it never permits";
    /// The set is adopted already from that moment.
    ADOPTED_ALREADY = "rule_set.adopted_already", "design §2: nothing is ever edited";
}

/// Most rules in one set.
pub const RULES_MAX: usize = 1_000;

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    shared: &Shared,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Draft { scope, title, version, rules, file } => {
            let title = text("title", title)?;
            let version = text("version", version)?;
            let rules = check_rules(rules)?;
            let text = Document::of(*scope, title, version, &rules).text();
            let digest = Digest::of(text.as_bytes());
            if shared.held.contains_key(&digest) {
                return Err(HELD_ALREADY.because([("rule_set", digest.short())]));
            }
            Event::Drafted(Drafted { text, file: file.clone() }, NONE)
        }
        Command::Review { rule_set, verdict, comment } => {
            let held = live(shared, *rule_set)?;
            if held.drafted_by == *ctx.actor {
                return Err(OWN_DRAFT_REVIEW.because(facts(*rule_set, ctx)));
            }
            let comment = optional_text("comment", comment.as_ref())?;
            if *verdict == Verdict::Object && comment.is_none() {
                return Err(OBJECTION_UNEXPLAINED.because([("rule_set", rule_set.short())]));
            }
            let reviewed = Reviewed { rule_set: *rule_set, verdict: *verdict, comment };
            Event::Reviewed(reviewed, NONE)
        }
        Command::Adopt { rule_set, from } => {
            adopt(shared, *rule_set, from.unwrap_or(ctx.now), ctx)?
        }
        Command::Withdraw { rule_set, reason } => {
            let held = live(shared, *rule_set)?;
            let in_force = shared.in_force(held.set.scope, ctx.now);
            if in_force.is_some_and(|set| set.digest == *rule_set) {
                return Err(IN_FORCE.because([("rule_set", rule_set.short())]));
            }
            let reason = text("reason", reason)?;
            Event::Withdrawn(Withdrawn { rule_set: *rule_set, reason }, NONE)
        }
    };
    Ok(vec![event])
}

fn facts(rule_set: Digest, ctx: &Context<'_>) -> [(&'static str, String); 2] {
    [("rule_set", rule_set.short()), ("actor", ctx.actor.to_string())]
}

/// The rules with their texts trimmed, if they can stand together.
fn check_rules(rules: &[Rule]) -> Result<Vec<Rule>, Refusal> {
    if rules.is_empty() || rules.len() > RULES_MAX {
        let facts = [("rules", rules.len().to_string()), ("max", RULES_MAX.to_string())];
        return Err(EMPTY.because(facts));
    }
    let mut seen = std::collections::BTreeSet::new();
    rules
        .iter()
        .map(|rule| {
            let key = || ("key", rule.key.to_string());
            if !seen.insert(rule.key) {
                return Err(TWICE.because([key()]));
            }
            if let Known::Value(value) = &rule.value
                && !rule.key.shape().admits(value)
            {
                return Err(SHAPE.because([key(), ("value", value.to_string())]));
            }
            let blank = rule.source.trim().is_empty();
            if blank && rule.value != Known::Unknown {
                return Err(NO_SOURCE.because([key()]));
            }
            let source = if blank { String::new() } else { text("source", &rule.source)? };
            let note = optional_text("note", rule.note.as_ref())?;
            Ok(Rule { key: rule.key, value: rule.value.clone(), source, note })
        })
        .collect()
}

fn adopt(
    shared: &Shared,
    rule_set: Digest,
    from: Time,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let held = live(shared, rule_set)?;
    if held.drafted_by == *ctx.actor {
        return Err(OWN_DRAFT_ADOPT.because(facts(rule_set, ctx)));
    }
    if let Some(objection) = held.standing().find(|review| review.verdict == Verdict::Object) {
        let comment = objection.comment.clone().unwrap_or_default();
        let facts = [("rule_set", rule_set.short()), ("by", objection.by.to_string())];
        let mut refusal = OBJECTION.because(facts);
        refusal.facts.insert("comment", comment);
        return Err(refusal);
    }
    if held.reviews.is_empty() {
        return Err(NOT_REVIEWED.because([("rule_set", rule_set.short())]));
    }
    if from < ctx.now {
        let facts = [("from", from.to_string()), ("now", ctx.now.to_string())];
        return Err(FROM_PAST.because(facts));
    }
    let there = shared.timeline.get(&(held.set.scope, from));
    if there.is_some_and(|there| there.digest == rule_set) {
        let facts = [("rule_set", rule_set.short()), ("from", from.to_string())];
        return Err(ADOPTED_ALREADY.because(facts));
    }
    Ok(Event::Adopted(Adopted { text: held.text.clone(), from }, NONE))
}

/// A rule set that was not taken back.
fn live(shared: &Shared, rule_set: Digest) -> Result<&Held, Refusal> {
    let held = shared.held.get(&rule_set);
    let held = held.ok_or_else(|| not_found("rule_set", rule_set.short()))?;
    match &held.withdrawn {
        Some(_) => Err(WITHDRAWN.because([("rule_set", rule_set.short())])),
        None => Ok(held),
    }
}

impl Shared {
    /// The rule set in force, or the refusal that says there is none.
    ///
    /// # Errors
    /// [`NO_SET_IN_FORCE`].
    pub fn required(
        &self,
        scope: Scope,
        at: Time,
        region: &JournalId,
    ) -> Result<&InForce, Refusal> {
        self.in_force(scope, at).ok_or_else(|| no_set_in_force(scope, at, region))
    }
}

/// The refusal for a region without a rule set in force.
#[must_use]
pub fn no_set_in_force(scope: Scope, at: Time, region: &JournalId) -> Refusal {
    let facts =
        [("region", region.to_string()), ("scope", scope.to_string()), ("at", at.to_string())];
    NO_SET_IN_FORCE.because(facts)
}

macro_rules! accessors {
    ($($(#[$doc:meta])* $name:ident: $pattern:pat => $found:expr, $Type:ty;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`MISSING`] if the set in force does not state it.
        pub fn $name(&self, key: Key) -> Result<$Type, Refusal> {
            match self.set.value(key) {
                Some($pattern) => Ok($found),
                _ => Err(self.missing(key)),
            }
        }
    )*};
}

impl InForce {
    accessors! {
        /// A rule in calendar days.
        days: Value::Days(n) => *n, u32;
        /// A rule in hours.
        hours: Value::Hours(n) => *n, u32;
        /// A rule in minutes.
        minutes: Value::Minutes(n) => *n, u32;
        /// A rule in calendar months.
        months: Value::Months(n) => *n, u32;
        /// A rule in completed years.
        years: Value::Years(n) => *n, u32;
        /// A number of what the rule counts.
        count: Value::Count(n) => *n, u32;
        /// An age limit.
        age: Value::Age(age) => *age, Age;
        /// A temperature range in tenths of a degree: lower end, if there is one, and upper end.
        temperature: Value::Temperature { min_tenths, max_tenths } => (*min_tenths, *max_tenths),
            (Option<i16>, i16);
        /// Grams per litre.
        grams_per_litre: Value::GramsPerLitre(n) => *n, u32;
        /// Kilograms.
        kilograms: Value::Kilograms(n) => *n, u32;
        /// Millilitres.
        millilitres: Value::Millilitres(n) => *n, u32;
        /// Yes or no.
        flag: Value::Flag(yes) => *yes, bool;
        /// The chosen code.
        choice: Value::Choice(code) => code, &str;
        /// The chosen codes.
        list: Value::List(codes) => codes, &[String];
    }

    /// A stretch of time in the unit that the rule states, e.g. a shelf life.
    ///
    /// # Errors
    /// [`MISSING`] if the set in force does not state it.
    pub fn span(&self, key: Key) -> Result<Span, Refusal> {
        match self.set.value(key) {
            Some(Value::Hours(n)) => Ok(Span::Hours(*n)),
            Some(Value::Days(n)) => Ok(Span::Days(*n)),
            Some(Value::Months(n)) => Ok(Span::Months(*n)),
            _ => Err(self.missing(key)),
        }
    }

    /// The refusal for a rule that this set does not state.
    #[must_use]
    pub fn missing(&self, key: Key) -> Refusal {
        MISSING.because([
            ("key", key.to_string()),
            ("region", self.region.to_string()),
            ("rule_set", self.digest.short()),
            ("version", self.set.version.clone()),
        ])
    }

    /// The rule as a decision cites it.
    #[must_use]
    pub fn cited(&self, key: Key) -> Cited {
        let source = self.set.rules.get(&key).map(|rule| rule.source.clone());
        Cited { rule_set: self.digest, key, source: source.unwrap_or_default() }
    }
}
