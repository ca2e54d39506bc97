//! Rules for sites and memberships.

use super::{
    ALREADY_ENDED, ID_TAKEN, SITE_HAS_CHILDREN, SITE_OUTSIDE_PARENT, not_found, optional_text, text,
};
use crate::kernel::command::Command;
use crate::kernel::event::{BodyLeft, Event, SiteClosed, SiteCorrected};
use crate::kernel::model::{Membership, Site};
use crate::kernel::state::Shared;
use crate::words::{Context, NONE, Refusal, SiteId, Time, Window};

pub(super) fn decide(
    shared: &Shared,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::JoinBody { body, name, window } => {
            if shared.bodies.get(body).is_some_and(|held| held.window.overlaps(window)) {
                return Err(taken("body", body));
            }
            let name = text("name", name)?;
            Event::BodyJoined(Membership { body: body.clone(), name, window: *window }, NONE)
        }
        Command::LeaveBody { body, at } => {
            let held = shared.bodies.get(body).ok_or_else(|| not_found("body", body))?;
            still_open(&held.window, *at)?;
            Event::BodyLeft(BodyLeft { body: body.clone(), at: *at }, NONE)
        }
        Command::OpenSite { .. } => open_site(shared, command, ctx)?,
        Command::CorrectSite { site, name, record, note, reason } => {
            find(shared, site)?;
            let right = SiteCorrected {
                site: site.clone(),
                name: text("name", name)?,
                record: *record,
                note: optional_text("note", note.as_ref())?,
                reason: text("reason", reason)?,
            };
            Event::SiteCorrected(right, NONE)
        }
        Command::CloseSite { site, at, reason } => {
            still_open(&find(shared, site)?.window, *at)?;
            let open_child = shared.sites.values().find(|child| {
                child.parent.as_ref() == Some(site)
                    && child.window.until().is_none_or(|until| until > *at)
            });
            if let Some(child) = open_child {
                let facts = [("site", site.to_string()), ("child", child.name.clone())];
                return Err(SITE_HAS_CHILDREN.because(facts));
            }
            let reason = text("reason", reason)?;
            Event::SiteClosed(SiteClosed { site: site.clone(), at: *at, reason }, NONE)
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn open_site(shared: &Shared, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let Command::OpenSite { id, name, kind, parent, record, window, note } = command else {
        unreachable!("routed by decide");
    };
    let id = match id {
        Some(id) if shared.sites.contains_key(id) => return Err(taken("site", id)),
        Some(id) => id.clone(),
        None => ctx.named::<SiteId>("s"),
    };
    if let Some(parent) = parent {
        let above = find(shared, parent)?;
        if !above.window.covers(window) {
            let facts = [("parent", above.name.clone()), ("site", name.clone())];
            return Err(SITE_OUTSIDE_PARENT.because(facts));
        }
    }
    let site = Site {
        id,
        name: text("name", name)?,
        kind: *kind,
        parent: parent.clone(),
        record: *record,
        window: *window,
        note: optional_text("note", note.as_ref())?,
    };
    Ok(Event::SiteOpened(site, NONE))
}

fn find<'a>(shared: &'a Shared, site: &SiteId) -> Result<&'a Site, Refusal> {
    shared.sites.get(site).ok_or_else(|| not_found("site", site))
}

// By value, so that callers hand over what they have just made.
#[allow(clippy::needless_pass_by_value)]
fn taken(what: &'static str, id: impl ToString) -> Refusal {
    ID_TAKEN.because([("what", what.into()), ("id", id.to_string())])
}

/// Ending something needs a moment after its start and before an end it already has.
pub(super) fn still_open(window: &Window, at: Time) -> Result<(), Refusal> {
    let ended = window.until().is_some_and(|until| until <= at);
    if ended || at < window.from() {
        let until = window.until().map_or_else(|| "-".into(), |until| until.to_string());
        let facts = [("from", window.from().to_string()), ("until", until), ("at", at.to_string())];
        return Err(ALREADY_ENDED.because(facts));
    }
    Ok(())
}
