//! What is told to the authority: reports of what was done, refused only if they cannot be.

use crate::Region;
use crate::donations::Event;
use crate::donations::command::vigilance::Command;
use crate::donations::event::vigilance as said;
use crate::donations::event::withdrawal::Said;
use crate::donations::model::vigilance::{Category, Notice, ToTell};
use crate::kernel::{not_found, optional_text, refusals};
use crate::words::{Code, Context, NONE, Nothing, Private, Refusal};

refusals! {
    /// The category is not one of what is notified.
    CATEGORY = "vigilance.category", "Dir 2005/61/EC annexes II and III";
    /// The second step was taken before.
    CONFIRMED = "vigilance.confirmed_before", "Dir 2005/61/EC: notification, then confirmation";
    /// It happened later than now.
    AHEAD = "vigilance.ahead_of_time", "design §2: a report speaks of what was";
    /// The year is not over.
    YEAR = "report.year_not_over", "blood.md §5.6: a year is reported when it is over";
}

/// Whether a category can be what is notified.
///
/// # Errors
/// A [`Refusal`] that names both.
pub(crate) fn fits(notice: Notice, category: Category) -> Result<(), Refusal> {
    if category.fits(notice) {
        return Ok(());
    }
    let facts = [("notice", notice.to_string()), ("category", category.to_string())];
    Err(CATEGORY.because(facts))
}

/// What a judgement makes of the case that goes by the reaction's name: the authority is to be
/// told, or not after all. What it was told already is followed by the second step.
pub(crate) fn judged(
    region: &Region,
    case: &Code,
    (what, told): (ToTell, bool),
) -> Option<crate::Event> {
    if region.shared.donations.vigilance.cases.contains_key(case) {
        return None;
    }
    let held = region.own.donations.to_tell.get(case);
    let case = case.clone();
    let event = match held {
        Some(held) if told && *held == what => return None,
        _ if told => Event::Opened(Nothing, Private::Here(said::Opened { case, what })),
        Some(_) => Event::Dismissed(Nothing, Private::Here(said::Dismissed { case })),
        None => return None,
    };
    Some(event.into())
}

/// Decides a command about reports to the authority.
pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let event = match command {
        Command::Notify { notice, category, occurred, unit, note } => {
            fits(*notice, *category)?;
            if *occurred > ctx.now {
                return Err(AHEAD.because([("occurred", occurred.to_string())]));
            }
            let notified = said::Notified {
                case: ctx.named::<Code>("iv"),
                notice: *notice,
                category: *category,
                occurred: *occurred,
                unit: *unit,
            };
            let note = optional_text("note", note.as_ref())?;
            Event::Notified(notified, Private::Here(Said { note }))
        }
        Command::NotifyOpened { case, note } => {
            let held = region.own.donations.to_tell.get(case);
            let held = held.ok_or_else(|| not_found("vigilance_case", case))?;
            let ToTell { notice, category, occurred, unit } = held.clone();
            let notified = said::Notified { case: case.clone(), notice, category, occurred, unit };
            let note = optional_text("note", note.as_ref())?;
            Event::Notified(notified, Private::Here(Said { note }))
        }
        Command::Confirm { case, imputability, note } => {
            let held = region.shared.donations.vigilance.cases.get(case);
            let held = held.ok_or_else(|| not_found("vigilance_case", case))?;
            if held.confirmed.is_some() {
                return Err(CONFIRMED.because([("case", case.to_string())]));
            }
            let note = optional_text("note", note.as_ref())?;
            let said = said::Confirmed { case: case.clone(), imputability: *imputability };
            Event::Confirmed(said, Private::Here(Said { note }))
        }
        Command::File { report, year, digest, reference } => {
            if i32::from(*year) >= i32::from(ctx.now.date().year()) {
                return Err(YEAR.because([("year", year.to_string())]));
            }
            let reference = optional_text("reference", reference.as_ref())?;
            let (report, year, digest) = (*report, *year, *digest);
            Event::ReportFiled(said::ReportFiled { report, year, digest, reference }, NONE)
        }
    };
    Ok(vec![event.into()])
}
