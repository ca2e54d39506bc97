//! What is told to the authority: reports of what was done, refused only if they cannot be.

use crate::Region;
use crate::donations::Event;
use crate::donations::command::vigilance::Command;
use crate::donations::event::vigilance as said;
use crate::donations::event::withdrawal::Said;
use crate::kernel::{not_found, optional_text, refusals};
use crate::words::{Code, Context, NONE, Private, Refusal};

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

/// Decides a command about reports to the authority.
pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let event = match command {
        Command::Notify { notice, category, occurred, unit, note } => {
            if !category.fits(*notice) {
                let facts = [("notice", notice.to_string()), ("category", category.to_string())];
                return Err(CATEGORY.because(facts));
            }
            if *occurred > ctx.now {
                return Err(AHEAD.because([("occurred", occurred.to_string())]));
            }
            let notified = said::Notified {
                case: Code::new(&ctx.fresh("iv")).expect("a fresh identifier is a code"),
                notice: *notice,
                category: *category,
                occurred: *occurred,
                unit: *unit,
            };
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
