//! Who is on duty: a holder and a deputy in every role, each by two ways. Names are invented; the
//! telephone numbers are those that Sweden keeps free for fiction (070-174 06 05 to 06 99).

use anyhow::Result;
use samband_domain::alarms::Command as Alarms;
use samband_domain::alarms::model::{Channel, DutyRole, Party, Recipient, Turn, Way};
use samband_domain::kernel::{Command as Kernel, Identity, Profession, Role};
use samband_domain::{ActorId, JournalId, Time, Window};
use samband_engine::Engine;

use super::super::people::family;
use super::super::{act, actor, by_machine, person};
use super::REGIONS;

/// How long the exercise may go on once its world is made.
const EXERCISE_HOURS: i64 = 8;

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
        let turns = people.iter().zip(0..).map(|((id, first, what), rank)| {
            let name = format!("{first} {} ({what})", family(region.as_str()));
            turn(Some(actor(id)), &name, rank, (now, ways(region, id)))
        });
        set(engine, region, (own.clone(), role), turns.collect()).await?;
    }
    let switchboard = vec![way(Channel::Voice, &number(region, "switchboard"))];
    let turns = vec![turn(None, "Larmcentralen", 0, (now, switchboard))];
    set(engine, region, (own, DutyRole::Switchboard), turns).await?;
    outside(engine, region, now).await
}

/// Who answers for the country, as this region knows it.
async fn outside(engine: &Engine, region: &JournalId, now: Time) -> Result<()> {
    let named = [
        ("socialstyrelsen", DutyRole::NationalTib, "Socialstyrelsens TiB"),
        ("sweba", DutyRole::NationalBlood, "Nationell blodsamordning (SweBA)"),
    ];
    for (party, role, name) in named {
        let mail = way(Channel::Email, &format!("jour@{party}.example"));
        let voice = way(Channel::Voice, &number(region, party));
        let turns = vec![turn(None, name, 0, (now, vec![mail, voice]))];
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

fn turn(actor: Option<ActorId>, name: &str, rank: u8, (from, ways): (Time, Vec<Way>)) -> Turn {
    Turn { actor, name: name.into(), rank, window: Window::open(from), ways }
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

/// Who has a telephone, in the order of the numbers.
const TELEPHONES: [&str; 9] = [
    "tib",
    "tib-2",
    "commander",
    "commander-2",
    "scientist",
    "physician",
    "manager",
    "switchboard",
    "outside",
];

/// A number that nobody has: nine for every region.
fn number(region: &JournalId, id: &str) -> String {
    let at = REGIONS.iter().position(|one| *one == region.as_str()).unwrap_or(0);
    let who = TELEPHONES.iter().position(|one| *one == id).unwrap_or(TELEPHONES.len() - 1);
    format!("+4670174{:04}", 605 + at * TELEPHONES.len() + who)
}

/// States the exercise: it may reach the invented people above, and nobody else.
///
/// # Errors
/// If the command is refused.
pub async fn state_exercise(engine: &Engine, region: &JournalId, present: Time) -> Result<()> {
    let people = ROLES.iter().flat_map(|(_, people)| people.iter().map(|(id, ..)| *id));
    let mails = people.map(|id| mail(region, id));
    let national = ["socialstyrelsen", "sweba"].map(|party| format!("jour@{party}.example"));
    let numbers = TELEPHONES.iter().map(|id| number(region, id));
    let command = Alarms::SetExercise {
        title: "Buss mot buss, E18 vid Arboga".into(),
        leader: "Övningsledningen, Sjukvårdsregion Mellansverige (påhittad)".into(),
        until: present.plus_seconds(EXERCISE_HOURS * 3_600),
        allowed: mails.chain(national).chain(numbers).collect(),
    };
    act(engine, person(region, Role::Tib), region, command).await?;
    Ok(())
}
