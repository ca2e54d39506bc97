//! Who is on duty: a holder and a deputy in every role, each by two ways, and the functions of the
//! other regions by their desks. Names are invented; the telephone numbers are those that Sweden
//! keeps free for fiction (070-174 06 05 to 06 99 for people, 08-465 004 00 to 99 for desks).

use anyhow::Result;
use samband_domain::alarms::Command as Alarms;
use samband_domain::alarms::model::{Channel, DutyRole, Party, Recipient, Turn, Way};
use samband_domain::kernel::{Command as Kernel, Identity, Profession, Role};
use samband_domain::{JournalId, Time, Window};
use samband_engine::Engine;
use samband_web::app::rosters::{FALLBACK, of_region, recipient_text};
use samband_web::text::Words;

use super::super::people::family;
use super::super::{act, actor, by_machine, journal, person};
use super::REGIONS;

/// How long the exercise may go on once its world is made.
const EXERCISE_HOURS: i64 = 8;
/// How long a duty officer has the function (preparedness.md §1.4: about a week).
const TURN_DAYS: i64 = 7;

/// Somebody on call: actor, first name, what the person does.
type OnCall = (&'static str, &'static str, &'static str);

/// Every role with its holder and deputies, by rank.
const ROLES: [(DutyRole, &[OnCall]); 4] = [
    (DutyRole::Tib, &[("tib", "David", "TiB"), ("tib-2", "Mona", "TiB, ersättare")]),
    (
        DutyRole::RegionalCommand,
        &[("commander", "Lena", "RSSL-chef"), ("commander-2", "Otto", "RSSL, ersättare")],
    ),
    (
        DutyRole::BloodCentre,
        &[("scientist", "Bo", "Blodcentralens jour"), ("physician", "Cecilia", "bakjour")],
    ),
    (
        DutyRole::Transport,
        &[("manager", "Frans", "Transportsamordnare"), ("tib-2", "Mona", "ersättare")],
    ),
];

/// Deputies without an account of their own.
const DEPUTIES: [OnCall; 2] =
    [("tib-2", "Mona", "TiB, ersättare"), ("commander-2", "Otto", "RSSL, ersättare")];

/// Sets a region's rosters.
///
/// # Errors
/// If a command is refused.
pub async fn keep(engine: &Engine, region: &JournalId) -> Result<()> {
    for (id, first, title) in DEPUTIES {
        let command = Kernel::RegisterActor {
            id: Some(actor(id)),
            profession: Profession::Management,
            title: title.into(),
            identity: Identity {
                name: format!("{first} {}", family(region.as_str())),
                hsa_id: None,
                phone: None,
                email: Some(mail(region, id)),
            },
        };
        by_machine(engine, region, command).await?;
    }
    let now = engine.now();
    let own = Party::Region(region.clone());
    for (role, people) in ROLES {
        let turns = people.iter().zip(0..).flat_map(|((id, first, what), rank)| {
            let name = format!("{first} {} ({what})", family(region.as_str()));
            let turn = |window| Turn {
                actor: Some(actor(id)),
                name: name.clone(),
                rank,
                window,
                ways: ways(region, id),
            };
            shifts(now).into_iter().map(turn).collect::<Vec<_>>()
        });
        set(engine, region, (own.clone(), role), turns.collect()).await?;
    }
    let switchboard = vec![way(Channel::Voice, &desk(region, DutyRole::Switchboard))];
    let turns = vec![function("Larmcentralen", now, switchboard)];
    set(engine, region, (own, DutyRole::Switchboard), turns).await?;
    others(engine, region, now).await?;
    outside(engine, region, now).await
}

/// This week's turn and the next.
fn shifts(now: Time) -> Vec<Window> {
    let change = Time::start_of(now.plus_days(2).date());
    let change = change.map_or(now.plus_days(2), |day| day.plus_seconds(8 * 3_600));
    let first = Window::new(now, Some(change));
    let next = Window::new(change, Some(change.plus_days(2 * TURN_DAYS)));
    [first, next].into_iter().flatten().collect()
}

/// The other regions' functions, for the day on which an installation is not heard: who sits there
/// is not this region's to know.
async fn others(engine: &Engine, region: &JournalId, now: Time) -> Result<()> {
    for other in REGIONS.iter().filter(|other| **other != region.as_str()) {
        let other = journal(other);
        for of in of_region(&other, &FALLBACK) {
            let name = recipient_text(Words::sv(), &engine.world(), &of);
            let voice = way(Channel::Voice, &desk(&other, of.role));
            let ways = vec![voice, way(Channel::Email, &mail(&other, of.role.as_str()))];
            let turns = vec![function(&name, now, ways)];
            set(engine, region, (of.party, of.role), turns).await?;
        }
    }
    Ok(())
}

/// Who answers for the country, as this region knows it.
async fn outside(engine: &Engine, region: &JournalId, now: Time) -> Result<()> {
    let named = [
        ("socialstyrelsen", DutyRole::NationalTib, "Socialstyrelsens TiB"),
        ("sweba", DutyRole::NationalBlood, "Nationell blodsamordning (SweBA)"),
    ];
    for (party, role, name) in named {
        let mail = way(Channel::Email, &format!("jour@{party}.example"));
        let voice = way(Channel::Voice, &national(role));
        let turns = vec![function(name, now, vec![mail, voice])];
        set(engine, region, (Party::Outside(party.parse()?), role), turns).await?;
    }
    Ok(())
}

async fn set(
    engine: &Engine,
    region: &JournalId,
    (party, role): (Party, DutyRole),
    turns: Vec<Turn>,
) -> Result<()> {
    let command = Alarms::SetRoster { of: Recipient { party, role }, turns };
    act(engine, person(region, Role::Tib), region, command).await?;
    Ok(())
}

/// A desk that is always staffed: nobody hands it over.
fn function(name: &str, from: Time, ways: Vec<Way>) -> Turn {
    Turn { actor: None, name: name.into(), rank: 0, window: Window::open(from), ways }
}

fn ways(region: &JournalId, id: &str) -> Vec<Way> {
    vec![
        way(Channel::Web, ""),
        way(Channel::Sms, &number(region, id)),
        way(Channel::Email, &mail(region, id)),
    ]
}

fn way(channel: Channel, address: &str) -> Way {
    Way { channel, address: address.into() }
}

fn mail(region: &JournalId, id: &str) -> String {
    format!("{id}@{region}.example")
}

/// Who has a mobile telephone, in the order of the numbers.
const TELEPHONES: [&str; 7] =
    ["tib", "tib-2", "commander", "commander-2", "scientist", "physician", "manager"];

/// A mobile number that nobody has: seven for every region, from 070-174 06 05.
fn number(region: &JournalId, id: &str) -> String {
    let who = TELEPHONES.iter().position(|one| *one == id).unwrap_or(0);
    format!("070-174 06 {:02}", 5 + place(region) * TELEPHONES.len() + who)
}

/// A function's number that nobody has: three for every region, from 08-465 004 00.
pub(super) fn desk(region: &JournalId, role: DutyRole) -> String {
    let which = FALLBACK.iter().position(|one| *one == role).unwrap_or(0);
    format!("08-465 004 {:02}", place(region) * FALLBACK.len() + which)
}

/// The national functions' numbers, one for each in every region.
fn national(role: DutyRole) -> String {
    format!("08-465 004 {}", if role == DutyRole::NationalTib { 90 } else { 91 })
}

fn place(region: &JournalId) -> usize {
    REGIONS.iter().position(|one| *one == region.as_str()).unwrap_or(0)
}

/// States the exercise: it may reach the invented people above, and nobody else.
///
/// # Errors
/// If the command is refused.
pub async fn state_exercise(engine: &Engine, region: &JournalId, present: Time) -> Result<()> {
    let people = ROLES.iter().flat_map(|(_, people)| people.iter().map(|(id, ..)| *id));
    let mails = people.map(|id| mail(region, id));
    let outside = ["socialstyrelsen", "sweba"].map(|party| format!("jour@{party}.example"));
    let numbers = TELEPHONES.iter().map(|id| number(region, id));
    let roles = [DutyRole::NationalTib, DutyRole::NationalBlood];
    let desks = roles.map(national).into_iter().chain(REGIONS.iter().flat_map(|other| {
        let other = journal(other);
        FALLBACK.into_iter().flat_map(move |role| [desk(&other, role), mail(&other, role.as_str())])
    }));
    let command = Alarms::SetExercise {
        title: "Buss mot buss, E18 vid Arboga".into(),
        leader: "Övningsledningen, Sjukvårdsregion Mellansverige (påhittad)".into(),
        until: present.plus_seconds(EXERCISE_HOURS * 3_600),
        allowed: mails.chain(outside).chain(numbers).chain(desks).collect(),
    };
    act(engine, person(region, Role::Tib), region, command).await?;
    Ok(())
}
