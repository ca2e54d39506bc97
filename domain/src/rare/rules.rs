//! What is allowed about rare blood.

use super::command::Command;
use super::event::{Answered, Asked, Event, Note};
use super::model::{Band, Wanted};
use super::state::{KEPT_DAYS, Shared};
use crate::blood::model::stock::Duty;
use crate::donors::typed::hla_names;
use crate::kernel::{optional_text, refusals};
use crate::words::{Context, Foreign, JournalId, NONE, Private, RecordRef, Refusal, SiteId, Time};
use crate::{Region, SharedState};

refusals! {
    /// A search that says nothing, or an HLA type that is none.
    WANTED = "rare.wanted", "blood.md §2.5: rare is what is known to lack an antigen, or a type";
    /// The same question is open.
    ASKED = "rare.asked_already", "design §5: a question is asked once";
    /// The question is not known here, or is one's own.
    UNKNOWN = "rare.question_unknown",
        "design §2: another region's event acts only through my own that names it by hash";
    /// The question is over, or was answered.
    OVER = "rare.question_over", "design §5: what is due is safe to repeat";
}

/// Most types in one question.
const HLA_MAX: usize = 8;

/// Most numbers in an answer.
const PHONES_MAX: usize = 4;

/// Functions whose telephone is named, the first that a region has stated.
const FUNCTIONS: [&str; 3] = ["reference-laboratory", "transfusion-physician", "blood-centre"];

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let event = match command {
        Command::Ask { wanted, note } => {
            let wanted = clean(wanted)?;
            let asks = region.shared.rare.asks.values();
            let mut open = asks.filter(|ask| ask.said.plus_days(KEPT_DAYS) > ctx.now);
            if let Some(ask) = open.find(|ask| ask.wanted == wanted) {
                return Err(ASKED.because([("asked", ask.said.to_string())]));
            }
            let note = Note { note: optional_text("note", note.as_ref())? };
            Event::Asked(Asked { wanted }, Private::Here(note))
        }
        Command::Answer { ask } => {
            let wanted = asked(ask, ctx)?;
            if region.shared.rare.answers.contains_key(&ask.hash) {
                return Err(OVER.because([("journal", ask.journal.to_string())]));
            }
            let typed = &region.own.donors.typed;
            let (fitting, _) = typed.find(&wanted.of_donors(), 0);
            let band = Band::of(fitting, typed.len());
            let answered = Answered { ask: ask.clone(), band, phones: phones(region, ctx.now) };
            Event::Answered(answered, NONE)
        }
    };
    Ok(vec![event.into()])
}

fn clean(wanted: &Wanted) -> Result<Wanted, Refusal> {
    let mut hla = Vec::new();
    for text in &wanted.hla {
        let name = hla_names(text).into_iter().next();
        hla.push(name.ok_or_else(|| WANTED.because([("hla", text.chars().take(20).collect())]))?);
    }
    hla.sort();
    hla.dedup();
    let mut lacks_hpa = wanted.lacks_hpa.clone();
    lacks_hpa.sort_unstable();
    lacks_hpa.dedup();
    let mut groups = wanted.groups.clone();
    groups.sort_unstable();
    groups.dedup();
    let wanted = Wanted { groups, hla, lacks_hpa, ..wanted.clone() };
    if !wanted.says_something() || wanted.hla.len() > HLA_MAX {
        return Err(WANTED.because([("hla", wanted.hla.len().to_string())]));
    }
    Ok(wanted)
}

fn asked<'a>(ask: &RecordRef, ctx: &Context<'a>) -> Result<&'a Wanted, Refusal> {
    let unknown = || UNKNOWN.because([("journal", ask.journal.to_string())]);
    let Foreign { mode, at, event } = ctx.foreign.ok_or_else(unknown)?;
    if at != ask || ask.journal == *ctx.region || *mode != ctx.mode {
        return Err(unknown());
    }
    match event {
        crate::Event::Rare(Event::Asked(asked, _)) => Ok(&asked.wanted),
        _ => Err(unknown()),
    }
}

fn phones(region: &Region, now: Time) -> Vec<(SiteId, Duty)> {
    let (duty, sites) = (&region.shared.blood.duty, &region.shared.kernel.sites);
    let open = |site: &SiteId| sites.get(site).is_some_and(|held| held.window.contains(now));
    let all = || duty.iter().filter(|(site, _)| open(site));
    let of = |function: &str| -> Vec<(SiteId, Duty)> {
        let lines = all().flat_map(|(site, lines)| lines.iter().map(move |line| (site, line)));
        let wanted = lines.filter(|(_, line)| line.value.function.as_str() == function);
        wanted.map(|(site, line)| (site.clone(), line.value.clone())).take(PHONES_MAX).collect()
    };
    let mut found = FUNCTIONS.iter().map(|function| of(function));
    found.find(|numbers| !numbers.is_empty()).unwrap_or_default()
}

/// Questions of other regions that this one has not answered.
#[must_use]
pub fn due(
    shared: &Shared,
    journal: &JournalId,
    others: &[(&JournalId, &SharedState)],
    now: Time,
) -> Vec<Command> {
    let theirs = others.iter().filter(|(other, _)| *other != journal);
    let asks = theirs.flat_map(|(_, state)| state.rare.asks.values());
    let open = asks.filter(|ask| {
        ask.said.plus_days(KEPT_DAYS) > now && !shared.answers.contains_key(&ask.at.hash)
    });
    open.map(|ask| Command::Answer { ask: ask.at.clone() }).collect()
}
