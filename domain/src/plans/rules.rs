//! What is allowed in joint supply. A plan proposes; a mandated person of the sender or of the
//! receiver decides, each for the own region.

pub(super) mod calls;
pub(super) mod campaigns;

use super::command::Command;
use super::event::{AcceptedMove, Event, Refused, Reopened, Said, TargetSet};
use super::model::{Arc, DayUse, HomeReport, Outcome, Place, Proposal, Target, UseReport};
use crate::Region;
use crate::blood::{
    self,
    model::supply::{Goods, Side},
};
use crate::kernel::model::RecordKeeper;
use crate::kernel::{not_found, optional_text, refusals, text};
use crate::words::{Context, Day, NONE, Period, Private, Refusal, SiteId};

refusals! {
    /// Days out of order, outside the report, ahead of today, or too many.
    PERIOD = "plan.period", "planning.md §6: a series states the days it covers";
    /// A day is named twice for one line, or the report has no row.
    ROWS = "plan.rows", "design §5: unknown is not zero; a row says one thing once";
    /// Amber above green, or green above what the stock is filled up to.
    TARGET = "plan.target", "planning.md §3.4: green, amber and red are steps of one ladder";
    /// The region neither sends nor receives.
    NOT_OURS = "plan.not_ours", "planning.md §6: each region owns its floor and its veto";
    /// It left already, or its plan is too old to act on.
    TOO_LATE = "plan.too_late", "planning.md §6: the plan rolls daily";
    /// The same was accepted.
    ACCEPTED = "plan.accepted_already", "design §2: two signatures over the same content bind";
    /// A region closed the arc.
    CLOSED = "plan.closed", "planning.md §6: a refused proposal re-solves with the arc closed";
    /// No units, or more than one consignment can hold.
    UNITS = "plan.units", "planning.md §6: proposals are whole units";
    /// A month that is not over, or a row that cannot be.
    HOMES = "plan.homes", "mission A59: whose patients were given what follows from the care given";
    /// Another number than proposed, and no word why.
    WHY = "plan.change_unexplained", "design §2: it explains itself, and so do people";
}

/// Most days in a report: four years.
pub const DAYS_MAX: i64 = 1_461;
/// An arc is closed for at most so many days; after that somebody says so again.
pub const CLOSED_DAYS_MAX: i64 = 31;
/// Most rows in one report.
const ROWS_MAX: usize = 60_000;
/// Most rows about one month.
const HOMES_MAX: usize = 1_000;
/// Most units in one of them.
const HOME_UNITS_MAX: u32 = 1_000_000;
/// Most units in one proposal.
const UNITS_MAX: u32 = 1_000;
/// A proposal older than this is made again before anybody accepts it.
const FRESH_HOURS: i64 = 24;

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
        Command::ReportUse { report } => Event::UseReported(used(region, report, ctx)?, NONE),
        Command::StateHomes { report } => Event::HomesStated(homes(report, ctx)?, NONE),
        Command::SetTarget { site, line, target } => {
            open(region, site, ctx)?;
            let target = target.as_ref().map(ladder).transpose()?;
            Event::TargetSet(TargetSet { site: site.clone(), line: *line, target }, NONE)
        }
        Command::Accept { .. } => return accept(region, command, ctx),
        Command::AdoptCallUps { weeks, rests, note } => {
            return calls::adopt(region, (weeks, rests, note.as_ref()), ctx);
        }
        Command::WithdrawCallUp { week, reason } => {
            return calls::withdraw(region, (*week, reason), ctx);
        }
        Command::RecordCampaign { campaign, replaces } => {
            campaigns::record(region, (campaign, replaces.as_ref()), ctx)?
        }
        Command::CountCampaign { campaign } => campaigns::count(region, campaign, ctx)?,
        Command::TellStrata => return calls::tell(region, ctx),
        Command::Refuse { arc, until, reason } => {
            let today = Day::of(ctx.now);
            ours(region, arc, ctx)?;
            if *until < today || until.days_since(today) > CLOSED_DAYS_MAX {
                let most = CLOSED_DAYS_MAX.to_string();
                return Err(PERIOD.because([("until", until.to_string()), ("most", most)]));
            }
            let reason = text("reason", reason)?;
            Event::Refused(Refused { arc: arc.clone(), until: *until, reason }, NONE)
        }
        Command::Reopen { arc } => {
            if !region.shared.plans.closed.contains_key(arc) {
                return Err(not_found("arc", format!("{} → {}", arc.from.site, arc.to.site)));
            }
            Event::Reopened(Reopened { arc: arc.clone() }, NONE)
        }
    };
    Ok(vec![event.into()])
}

fn open<'a>(
    region: &'a Region,
    site: &SiteId,
    ctx: &Context<'_>,
) -> Result<&'a crate::kernel::Site, Refusal> {
    blood::House::of(region).open_site(site, ctx)
}

fn used(region: &Region, report: &UseReport, ctx: &Context<'_>) -> Result<UseReport, Refusal> {
    let sites = &region.shared.kernel.sites;
    if let Some(site) = report.sites().into_iter().find(|site| !sites.contains_key(*site)) {
        return Err(not_found("site", site.to_string()));
    }
    let UseReport { from, to, .. } = *report;
    let days = to.days_since(from);
    if !(0..DAYS_MAX).contains(&days) || to > Day::of(ctx.now) {
        return Err(PERIOD.because([("from", from.to_string()), ("to", to.to_string())]));
    }
    if report.rows.is_empty() || report.rows.len() > ROWS_MAX {
        return Err(ROWS.because([("rows", report.rows.len().to_string())]));
    }
    let mut rows = report.rows.clone();
    if let Some(row) = rows.iter().find(|row| row.day < from || row.day > to) {
        return Err(PERIOD.because([("day", row.day.to_string())]));
    }
    rows.sort_by(|a, b| (&a.site, a.line, a.day).cmp(&(&b.site, b.line, b.day)));
    let what = |row: &DayUse| (row.site.clone(), row.line, row.day);
    let twice = rows.windows(2).find(|two| what(&two[0]) == what(&two[1]));
    if let Some(two) = twice {
        let line = two[0].line;
        return Err(ROWS.because([
            ("site", two[0].site.to_string()),
            ("day", two[0].day.to_string()),
            ("component", line.component.to_string()),
            ("group", line.group.map_or_else(String::new, |group| group.to_string())),
        ]));
    }
    Ok(UseReport { rows, source: text("source", &report.source)?, ..report.clone() })
}

/// Whole months that are over, each row once; the own region's patients are what is left.
fn homes(report: &HomeReport, ctx: &Context<'_>) -> Result<HomeReport, Refusal> {
    let wrong = |field: &str, value: String| {
        Err(HOMES.because([("field", field.into()), ("value", value)]))
    };
    if !matches!(report.month, Period::Month(..)) || report.month.ended() > ctx.now {
        return wrong("month", report.month.to_string());
    }
    if report.rows.len() > HOMES_MAX {
        return wrong("rows", report.rows.len().to_string());
    }
    let mut rows = report.rows.clone();
    rows.sort();
    for row in &rows {
        let home = row.home.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
        if row.units == 0 || row.units > HOME_UNITS_MAX {
            return wrong("units", row.units.to_string());
        }
        // Nobody can tell what an unknown region pays.
        if row.home.as_ref() == Some(ctx.region) || (row.home.is_none() && row.in_care_price) {
            return wrong("home", home);
        }
    }
    let what = |n: usize| (rows[n].component, &rows[n].home, rows[n].in_care_price);
    if let Some(n) = (1..rows.len()).find(|n| what(n - 1) == what(*n)) {
        return wrong("rows", rows[n].component.to_string());
    }
    let source = text("source", &report.source)?;
    Ok(HomeReport { month: report.month, source, rows })
}

fn ladder(target: &Target) -> Result<Target, Refusal> {
    if target.amber_from > target.green_from || target.green_from > target.fill_to {
        return Err(TARGET.because([
            ("amber_from", target.amber_from.to_string()),
            ("green_from", target.green_from.to_string()),
            ("fill_to", target.fill_to.to_string()),
        ]));
    }
    Ok(Target { basis: text("basis", &target.basis)?, ..target.clone() })
}

/// The own end of an arc.
fn ours<'a>(region: &Region, arc: &'a Arc, ctx: &Context<'_>) -> Result<&'a Place, Refusal> {
    let own = [&arc.from, &arc.to].into_iter().find(|place| place.region == *ctx.region);
    let own = own.filter(|_| arc.from != arc.to).ok_or_else(|| {
        let regions = [("from", arc.from.region.to_string()), ("to", arc.to.region.to_string())];
        NOT_OURS.because(regions)
    })?;
    open(region, &own.site, ctx)?;
    Ok(own)
}

fn accept(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let Command::Accept { proposal, units, by_telephone, note } = command else {
        unreachable!("routed by decide");
    };
    let arc = &proposal.arc;
    let own = ours(region, arc, ctx)?;
    timely(region, proposal, ctx)?;
    if *units == 0 || *units > UNITS_MAX || arc.group.is_none() {
        return Err(UNITS.because([("units", units.to_string())]));
    }
    let note = optional_text("note", note.as_ref())?;
    if *units != proposal.units && note.is_none() {
        let facts = [("proposed", proposal.units.to_string()), ("units", units.to_string())];
        return Err(WHY.because(facts));
    }
    let external = |site: &SiteId| {
        let held = region.shared.kernel.sites.get(site);
        held.is_some_and(|held| held.record != RecordKeeper::Samband)
    };
    let sends = arc.from.region == *ctx.region;
    let outcome = match sends {
        _ if *by_telephone || (sends && external(&own.site)) => Outcome::Telephone,
        true => Outcome::Offered,
        false => Outcome::Asked,
    };
    let accepted = AcceptedMove { proposal: (**proposal).clone(), units: *units, outcome };
    let said = Event::Accepted(accepted, Private::Here(Said { note }));
    let mut events = vec![crate::Event::from(said)];
    if let Some(call) = call(proposal, *units, outcome) {
        let made = blood::decide(&blood::House::of(region), &call, ctx)?;
        events.extend(made.into_iter().map(crate::Event::from));
    }
    Ok(events)
}

/// Still ahead, of a plan that is not too old, not accepted before and along no closed arc.
fn timely(region: &Region, proposal: &Proposal, ctx: &Context<'_>) -> Result<(), Refusal> {
    let arc = &proposal.arc;
    let old = proposal.made.plus_seconds(FRESH_HOURS * 3_600) < ctx.now;
    if proposal.leaves <= ctx.now || proposal.arrives <= proposal.leaves || old {
        let facts = [("leaves", proposal.leaves.to_string()), ("made", proposal.made.to_string())];
        return Err(TOO_LATE.because(facts));
    }
    let plans = &region.shared.plans;
    let same = |one: &&super::state::Accepted| {
        one.proposal.arc == *arc && one.proposal.leaves == proposal.leaves
    };
    if let Some(before) = plans.accepted.values().find(same) {
        return Err(ACCEPTED.because([("said", before.said.to_string())]));
    }
    let today = Day::of(ctx.now);
    let shut = plans.closed.iter().find(|(shut, one)| shut.covers(arc) && one.until >= today);
    match shut {
        Some((_, one)) => Err(CLOSED.because([("until", one.until.to_string())])),
        None => Ok(()),
    }
}

/// What is said to the other side: units offered, or asked for.
fn call(proposal: &Proposal, units: u32, outcome: Outcome) -> Option<blood::Command> {
    let Arc { from, to, component, group } = &proposal.arc;
    let (side, own, other, by) = match outcome {
        Outcome::Offered => (Side::Offer, from, to, proposal.leaves),
        Outcome::Asked => (Side::Ask, to, from, proposal.arrives),
        Outcome::Telephone => return None,
    };
    let goods = Goods {
        component: *component,
        group: *group,
        negative: Default::default(),
        attributes: Default::default(),
        units,
    };
    Some(blood::Command::Call {
        side,
        site: own.site.clone(),
        to_region: other.region.clone(),
        to_site: Some(other.site.clone()),
        goods,
        by,
        note: None,
    })
}
