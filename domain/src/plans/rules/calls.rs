//! Weeks of a call-up plan: adopted with their lists in one decision, and taken back before they
//! begin. A plan counts donors; who is invited is drawn here, by the region's rules.

use std::collections::{BTreeMap, BTreeSet};

use super::super::event::{
    AdoptedWeek, CallUpWithdrawn, DrawnWeek, Event, StrataTold, WithdrawnWhy,
};
use super::super::model::{CallBasis, CallWeek, DrawnLine, FEWEST, ToldDonors, ToldSilent, told};
use super::{FRESH_HOURS, open};
use crate::Region;
use crate::blood::model::Group;
use crate::donations::model::DonationKind;
use crate::donors::model::{Filter, Response, Sex, Stratum};
use crate::donors::strata::{self, Pace};
use crate::donors::{self, Command as Donors};
use crate::kernel::{not_found, optional_text, refusals, text};
use crate::rulesets::Scope;
use crate::words::{Context, Day, DonorId, Known, NONE, Private, Refusal, SiteId};

refusals! {
    /// A week begins on a Monday to come, not too far ahead.
    WEEK = "plan.call_week", "planning.md §3.5: a call-up plan speaks of whole weeks to come";
    /// The week was adopted already.
    WEEK_ADOPTED = "plan.call_week_adopted",
        "issue 4: nobody is called twice within a set time; a week has one plan";
    /// The plan is too old to act on, or from a time to come.
    OLD = "plan.call_old", "planning.md §6: the plan rolls daily";
    /// No line, a stratum named twice, or more invitations than anybody works off.
    LINES = "plan.call_lines", "issue 4: a list that somebody can work through";
    /// Of all who were to be invited, nobody may be.
    NOBODY = "plan.call_nobody", "blood.md §5.2: the region's rules on donors decide who may give";
    /// The week has begun, or somebody on its lists has been called.
    BEGUN = "plan.call_begun", "design §5: what has happened stands; a list can be closed";
}

/// How far ahead a week can be adopted.
pub const WEEKS_AHEAD: i64 = 16;
/// Most weeks adopted at once.
const WEEKS_MOST: usize = 4;
/// Most donors invited for one week.
const INVITED_MOST: u32 = 5_000;

pub(super) fn adopt(
    region: &Region,
    (weeks, rests, note): (&[CallWeek], &CallBasis, Option<&String>),
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let note = optional_text("note", note)?;
    if rests.made.plus_seconds(FRESH_HOURS * 3_600) < ctx.now || rests.made > ctx.now {
        return Err(OLD.because([("made", rests.made.to_string())]));
    }
    if weeks.is_empty() || weeks.len() > WEEKS_MOST {
        let facts = [("weeks", weeks.len().to_string()), ("most", WEEKS_MOST.to_string())];
        return Err(LINES.because(facts));
    }
    let pace = Pace::of(region, ctx.region, ctx.now)?;
    let mut taken = BTreeSet::new();
    let mut days = BTreeSet::new();
    let mut events = Vec::new();
    for week in weeks {
        if !days.insert(week.week) {
            return Err(WEEK_ADOPTED.because([("week", week.week.to_string())]));
        }
        to_come(region, week.week, ctx)?;
        clean(region, week, ctx)?;
        events.extend(drawn(region, (week, rests, note.as_ref()), pace, &mut taken, ctx)?);
    }
    Ok(events)
}

/// A Monday that lies ahead, and that nobody has adopted.
fn to_come(region: &Region, week: Day, ctx: &Context<'_>) -> Result<(), Refusal> {
    let ahead = week.days_since(Day::of(ctx.now));
    let monday = week.date().weekday() == jiff::civil::Weekday::Monday;
    if !monday || ahead <= 0 || ahead > 7 * WEEKS_AHEAD {
        let most = WEEKS_AHEAD.to_string();
        return Err(WEEK.because([("week", week.to_string()), ("most", most)]));
    }
    match region.shared.plans.call_ups.get(&week) {
        Some(held) => {
            let facts = [("week", week.to_string()), ("said", held.said.to_string())];
            Err(WEEK_ADOPTED.because(facts))
        }
        None => Ok(()),
    }
}

/// Lines that name open sites, each stratum once, and no more people than somebody can call.
fn clean(region: &Region, week: &CallWeek, ctx: &Context<'_>) -> Result<(), Refusal> {
    let strata: BTreeSet<_> = week.lines.iter().map(|line| &line.stratum).collect();
    let invited = week.lines.iter().fold(0_u32, |sum, line| sum.saturating_add(line.invite));
    if strata.len() != week.lines.len() || invited == 0 || invited > INVITED_MOST {
        return Err(LINES.because([
            ("lines", week.lines.len().to_string()),
            ("strata", strata.len().to_string()),
            ("invited", invited.to_string()),
            ("most", INVITED_MOST.to_string()),
        ]));
    }
    for line in &week.lines {
        open(region, &line.stratum.site, ctx)?;
    }
    Ok(())
}

/// The week's event, and its lists: one for each place, or more where a list would grow too long.
fn drawn(
    region: &Region,
    (week, rests, note): (&CallWeek, &CallBasis, Option<&String>),
    pace: Pace,
    taken: &mut BTreeSet<DonorId>,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let rules = region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)?;
    let asked: Vec<(&Stratum, u32)> =
        week.lines.iter().map(|line| (&line.stratum, line.invite)).collect();
    let when = (ctx.now, week.week, pace.quiet);
    let drawn = strata::draw(region, ctx.region, &asked, when, taken);
    if drawn.iter().all(Vec::is_empty) {
        let invited: u32 = week.lines.iter().map(|line| line.invite).sum();
        return Err(NOBODY.because([
            ("week", week.week.to_string()),
            ("invited", invited.to_string()),
            ("quiet_days", pace.quiet.to_string()),
            ("rule_set", rules.digest.short()),
        ]));
    }
    let mut by_site: BTreeMap<&SiteId, Vec<DonorId>> = BTreeMap::new();
    for (line, donors) in week.lines.iter().zip(&drawn) {
        by_site.entry(&line.stratum.site).or_default().extend(donors.iter().cloned());
        taken.extend(donors.iter().cloned());
    }
    let mut lists = Vec::new();
    let mut made = Vec::new();
    for (site, donors) in by_site {
        for donors in donors.chunks(usize::from(donors::LIST_MOST)) {
            let filter = Filter {
                kind: DonationKind::WholeBlood,
                on: week.week,
                group: None,
                site: Some(site.clone()),
                last_before: None,
                most: donors::LIST_MOST,
            };
            let name = list_name(region, site, week.week);
            let (list, event) = donors::listed(ctx, (name, filter, donors), rules.digest);
            lists.push(list);
            made.push(event.into());
        }
    }
    let lines = week.lines.iter().cloned().zip(drawn);
    let lines = lines.map(|(line, donors)| DrawnLine { line, donors }).collect();
    let shared = AdoptedWeek { week: week.week, rests: rests.clone(), groups: week.told() };
    let own = DrawnWeek { lines, lists, rule_set: rules.digest, note: note.cloned() };
    let adopted = Event::CallUpAdopted(shared, Private::Here(own));
    Ok(std::iter::once(adopted.into()).chain(made).collect())
}

/// What a list is called: the week and the place, as people say them.
fn list_name(region: &Region, site: &SiteId, week: Day) -> String {
    let held = region.shared.kernel.sites.get(site);
    let name = held.map_or_else(|| site.to_string(), |held| held.name.clone());
    let number = week.date().iso_week_date();
    format!("v. {} {}: {name}", number.week(), number.year())
}

pub(super) fn withdraw(
    region: &Region,
    (week, reason): (Day, &str),
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = region.own.plans.drawn.get(&week);
    let held = held.ok_or_else(|| not_found("week", week))?;
    let lists = &region.own.donors.lists;
    let of = |id| lists.get(id).into_iter();
    let called = held.lists.iter().flat_map(of).flat_map(|list| list.donors.values().flatten());
    let called = called.count();
    if called > 0 || week <= Day::of(ctx.now) {
        let facts = [("week", week.to_string()), ("called", called.to_string())];
        return Err(BEGUN.because(facts));
    }
    let reason = text("reason", reason)?;
    let event =
        Event::CallUpWithdrawn(CallUpWithdrawn { week }, Private::Here(WithdrawnWhy { reason }));
    let mut events = vec![crate::Event::from(event)];
    let open =
        |list: &&crate::words::CallUpId| lists.get(*list).is_some_and(|list| list.closed.is_none());
    for list in held.lists.iter().filter(open) {
        let command = Donors::CloseList { list: list.clone() };
        events.extend(donors::decide(region, &command, ctx)?);
    }
    Ok(events)
}

/// What other regions may know of the own donors: counts by group, sex and how often they came,
/// rounded, small ones as unknown.
pub(super) fn tell(region: &Region, ctx: &Context<'_>) -> Result<Vec<crate::Event>, Refusal> {
    let today = Day::of(ctx.now);
    let census = strata::census(region, ctx.region, (ctx.now, today))?;
    let mut rows = Vec::new();
    for group in Group::ALL {
        for sex in Sex::ALL {
            for response in Response::ALL {
                let same =
                    |one: &&Stratum| (one.group, one.sex, one.response) == (group, *sex, *response);
                let days = census.free.iter().filter(|(one, _)| same(one));
                let days: Vec<Day> = days.flat_map(|(_, days)| days.iter().copied()).collect();
                let free = days.iter().filter(|day| **day <= today).count();
                let (donors, free) = (count(days.len()), count(free));
                let donors = told(donors);
                let free = donors.value().map_or(Known::Unknown, |_| told(free));
                if donors != Known::Value(0) {
                    rows.push(ToldDonors { group, sex: *sex, response: *response, donors, free });
                }
            }
        }
    }
    let mut silent = BTreeMap::<Group, u32>::new();
    for one in donors::view::nobody_calls(region, ctx.now, ctx.region) {
        if let Known::Value(group) = one.held.group {
            *silent.entry(group).or_default() += 1;
        }
    }
    let silent = Group::ALL
        .into_iter()
        .map(|group| ToldSilent { group, donors: told(silent.get(&group).copied().unwrap_or(0)) });
    let told = StrataTold { on: today, fewest: FEWEST, rows, silent: silent.collect() };
    Ok(vec![Event::StrataTold(told, NONE).into()])
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
