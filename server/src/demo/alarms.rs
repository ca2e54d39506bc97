//! Who is on duty in the demo's four regions, and a test of reach this morning. Names are
//! invented; the telephone numbers are those that Sweden keeps free for fiction (08-465 004 00 to
//! 99, 070-174 06 05 to 06 99), the mail addresses lead nowhere.
//!
//! Not everything is as it should be, so that there is something to put right: Kronoberg's blood
//! centre has no deputy, and Blekinge's transports are reached by one telephone alone.

use anyhow::{Result, anyhow};
use samband_domain::alarms::Command as Alarms;
use samband_domain::alarms::command::Who;
use samband_domain::alarms::model::{
    By, Channel, DutyRole, Key, Party, Recipient, Says, Turn, Way,
};
use samband_domain::kernel::Role;
use samband_domain::{JournalId, Time, Window};
use samband_engine::Engine;
use samband_web::app::rosters::reach::draft;
use samband_web::app::rosters::{FALLBACK, ROLES, of_region, outside, recipient_text};
use samband_web::text::Words;

use super::clock::Past;
use super::people::family;
use super::{REGIONS, act, actor, journal, person};

/// When the test of reach was made, in minutes before the present.
const TESTED: i64 = 13 * 60;
/// How long a duty officer has the function (preparedness.md §1.4: about a week).
const TURN_DAYS: i64 = 7;

/// Holder and deputy of a role: the first name, and the role by which the person signs in.
type OnCall = (&'static str, Option<Role>);

const fn on_call(role: DutyRole) -> [OnCall; 2] {
    match role {
        DutyRole::Tib => [("David", Some(Role::Tib)), ("Mona", None)],
        DutyRole::RegionalCommand => [("Lena", Some(Role::Commander)), ("Otto", None)],
        DutyRole::BloodCentre => {
            [("Bo", Some(Role::Scientist)), ("Cecilia", Some(Role::Physician))]
        }
        DutyRole::Transport => [("Frans", Some(Role::Manager)), ("Petra", None)],
        _ => [("Larmcentralen", None), ("Växeln", None)],
    }
}

/// Sets every region's rosters.
///
/// # Errors
/// If a command is refused.
pub async fn rosters(engine: &Engine) -> Result<()> {
    for id in REGIONS {
        let region = journal(id);
        let now = engine.now();
        for of in of_region(&region, &ROLES) {
            let turns = own(&region, of.role, now);
            set(engine, &region, of, turns).await?;
        }
        for of in outside() {
            let turns = vec![function(engine, &region, &of)];
            set(engine, &region, of, turns).await?;
        }
        for other in REGIONS.iter().filter(|other| **other != id) {
            for of in of_region(&journal(other), &FALLBACK) {
                let turns = vec![function(engine, &region, &of)];
                set(engine, &region, of, turns).await?;
            }
        }
    }
    Ok(())
}

async fn set(engine: &Engine, region: &JournalId, of: Recipient, turns: Vec<Turn>) -> Result<()> {
    act(engine, person(region, Role::Tib), region, Alarms::SetRoster { of, turns }).await?;
    Ok(())
}

/// The own people of a role: this week's and the next.
fn own(region: &JournalId, role: DutyRole, now: Time) -> Vec<Turn> {
    let people = on_call(role);
    let alone = role == DutyRole::BloodCentre && region.as_str() == "kronoberg";
    let people = people.iter().zip(0_u8..).take(if alone { 1 } else { 2 });
    let change = Time::start_of(now.plus_days(2).date());
    let change = change.map_or(now.plus_days(2), |day| day.plus_seconds(8 * 3_600));
    people
        .flat_map(|((first, signs_in), rank)| {
            let turn = |window| Turn {
                actor: signs_in.map(|role| actor(role.as_str())),
                name: name(region, first, role),
                rank,
                window,
                ways: ways(region, role, rank),
            };
            let first = Window::new(now, Some(change));
            let next = Window::new(change, Some(change.plus_days(2 * TURN_DAYS)));
            [first, next].into_iter().flatten().map(turn).collect::<Vec<_>>()
        })
        .collect()
}

fn name(region: &JournalId, first: &str, role: DutyRole) -> String {
    match role {
        DutyRole::Switchboard => first.to_owned(),
        _ => format!("{first} {}", family(region.as_str())),
    }
}

fn ways(region: &JournalId, role: DutyRole, rank: u8) -> Vec<Way> {
    let n = place(region) * 20 + position(role) * 2 + u32::from(rank);
    let (desk, mobile) = (format!("08-465 004 {n:02}"), format!("070-174 06 {:02}", 5 + n));
    if role == DutyRole::Switchboard {
        return vec![way(Channel::Voice, desk)];
    }
    if role == DutyRole::Transport && region.as_str() == "blekinge" {
        return vec![way(Channel::Sms, mobile.clone()), way(Channel::Voice, mobile)];
    }
    let mail = format!("{}-{rank}@{region}.example.org", role.as_str().replace('_', "-"));
    vec![way(Channel::Sms, mobile), way(Channel::Voice, desk), way(Channel::Email, mail)]
}

const fn way(channel: Channel, address: String) -> Way {
    Way { channel, address }
}

fn place(region: &JournalId) -> u32 {
    let at = REGIONS.iter().position(|one| *one == region.as_str());
    at.and_then(|at| u32::try_from(at).ok()).unwrap_or(0)
}

fn position(role: DutyRole) -> u32 {
    let at = ROLES.iter().position(|one| *one == role);
    at.and_then(|at| u32::try_from(at).ok()).unwrap_or(0)
}

/// A function by its desk: who sits there is not this region's to know.
fn function(engine: &Engine, region: &JournalId, of: &Recipient) -> Turn {
    let (w, now) = (Words::sv(), engine.now());
    let name = recipient_text(w, &engine.world(), of);
    let desk = match &of.party {
        Party::Region(id) => place(id) * 20 + position(of.role) * 2 + 10,
        Party::Outside(_) if of.role == DutyRole::NationalTib => 92 + place(region),
        Party::Outside(_) => 96 + place(region),
    };
    let host = match &of.party {
        Party::Region(id) => id.to_string(),
        Party::Outside(code) => code.to_string(),
    };
    let ways = vec![
        way(Channel::Voice, format!("08-465 004 {desk:02}")),
        way(Channel::Email, format!("jour@{host}.example.org")),
    ];
    Turn { actor: None, name, rank: 0, window: Window::open(now), ways }
}

/// A test of reach in every region: all but one role answer, some of them late.
///
/// # Errors
/// If a command is refused.
pub async fn tested(engine: &Engine, past: &Past<'_>) -> Result<()> {
    past.go(TESTED);
    let mut sent = Vec::new();
    for id in REGIONS {
        let region = journal(id);
        let to = of_region(&region, &ROLES[..4]);
        let alarm = Box::new(draft(Words::sv(), to));
        act(engine, person(&region, Role::Tib), &region, Alarms::Issue { alarm }).await?;
        let world = engine.world();
        let issued = world.local(&region).map(|own| &own.shared.alarms.issued);
        let alarm = issued.and_then(|all| all.keys().next().cloned());
        sent.push((region, alarm.ok_or_else(|| anyhow!("the test left no alarm"))?));
    }
    let answers = [
        (DutyRole::Tib, Role::Tib, 1),
        (DutyRole::BloodCentre, Role::Scientist, 2),
        (DutyRole::RegionalCommand, Role::Commander, 4),
        (DutyRole::Transport, Role::Manager, 9),
    ];
    for (role, who, after) in answers {
        past.go(TESTED - after);
        for (region, alarm) in &sent {
            let to = Recipient { party: Party::Region(region.clone()), role };
            let key = Key { issuer: region.clone(), alarm: alarm.clone(), to };
            let silent = role == DutyRole::Transport && region.as_str() == "blekinge";
            let command = if silent {
                let why = "Ingen nåddes på en timme; numret rättas.".into();
                Alarms::Close { key, why }
            } else {
                let (who, by, says) = (Who::Oneself, By::Page, Says::TakesOn);
                Alarms::Answer { key, who, by, says, note: None }
            };
            let who = if silent { Role::Tib } else { who };
            act(engine, person(region, who), region, command).await?;
        }
    }
    Ok(())
}
