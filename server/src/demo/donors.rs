//! The demo regions' invented donors, sessions and a list to call: enough to see each case. All of
//! it is assumed; nobody is called so, and the numbers are of the series that is never given out.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use samband_domain::blood::model::{Antigen, Group, Phenotype};
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command as Donors;
use samband_domain::donors::model::{
    Answer, Checks, Declaration, DeferralReason, Earlier, Filter, Identity, Question, SessionFacts,
    Terms, Types, Until,
};
use samband_domain::kernel::Role;
use samband_domain::words::Day;
use samband_domain::{DonorId, JournalId, Known, PersonNumber, SiteId, Window};
use samband_engine::Engine;

use super::{act, journal, person};

/// A donor of the demo, as [`PEOPLE`] lists them.
type Line = (&'static str, &'static str, u16, Group, Option<i64>, Case);

/// First name, year of birth, group, days since the last donation (none: never gave), what is
/// special about the donor.
const PEOPLE: &[Line] = &[
    ("Agnes", "19900214", 980, Group::O_NEG, Some(140), Case::Typed),
    ("Birger", "19850309", 981, Group::O_NEG, Some(75), Case::Plain),
    ("Cilla", "19990417", 982, Group::ALL[2], Some(60), Case::Plain),
    ("Doris", "19930522", 984, Group::ALL[0], Some(200), Case::Tattooed),
    ("Edvin", "19880630", 983, Group::ALL[1], None, Case::Plain),
    ("Folke", "19650711", 985, Group::ALL[1], None, Case::Plain),
    ("Gerd", "19590803", 986, Group::ALL[0], Some(120), Case::Plain),
    ("Harry", "19790912", 987, Group::ALL[1], Some(30), Case::Plasma),
    ("Irma", "19821005", 988, Group::ALL[2], Some(25), Case::Plasma),
    ("Jarl", "19951124", 989, Group::ALL[0], Some(90), Case::Deferred),
    ("Karin", "19751201", 990, Group::ALL[3], Some(400), Case::Plain),
    ("Karin", "19751202", 990, Group::ALL[3], Some(400), Case::Twice),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Plain,
    /// Typed beyond the group.
    Typed,
    /// Has a tattoo of five months ago.
    Tattooed,
    /// Approved for plasma alone.
    Plasma,
    /// Deferred for low haemoglobin.
    Deferred,
    /// The same person as the one before, registered with a wrong day of birth.
    Twice,
}

/// Each region's blood centre and invented family name.
const PLACES: &[(&str, &str, &str)] = &[
    ("blekinge", "karlskrona-bc", "Provgivare"),
    ("halland", "halmstad-bc", "Givarsson"),
    ("kronoberg", "vaxjo-bc", "Givarberg"),
    ("skane", "lund-bc", "Givarelius"),
];

/// Registers the donors, opens today's and tomorrow's sessions and makes a list.
///
/// # Errors
/// If a command is refused.
pub async fn register(engine: &Engine) -> Result<()> {
    for (place, (region, site, family)) in PLACES.iter().enumerate() {
        let (region, site) = (journal(region), SiteId::new(site)?);
        let mut donors = Vec::new();
        for (n, one) in PEOPLE.iter().enumerate() {
            let phone = format!("070-174 06 {:02}", 10 + place * 20 + n);
            let identity = Identity {
                number: number(one.1, one.2)?,
                name: format!("{} {family}", one.0),
                phone: Some(phone),
                email: None,
            };
            donors.push(one_donor(engine, &region, (&site, identity), one).await?);
        }
        sessions(engine, &region, &site, &donors).await?;
    }
    Ok(())
}

/// A number with its check digit.
pub(super) fn number(born: &str, serial: u16) -> Result<PersonNumber> {
    let text = format!("{born}{serial:03}");
    let weigh = |(at, byte): (usize, u8)| {
        let value = u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 };
        value / 10 + value % 10
    };
    let sum: u32 = text.bytes().skip(2).enumerate().map(weigh).sum();
    format!("{text}{}", (10 - sum % 10) % 10).parse().context("a demo number is well formed")
}

async fn one_donor(
    engine: &Engine,
    region: &JournalId,
    (site, identity): (&SiteId, Identity),
    (_, _, _, group, last, case): &(&str, &str, u16, Group, Option<i64>, Case),
) -> Result<DonorId> {
    let now = engine.now();
    let nurse = || person(region, Role::Phlebotomist);
    let kind = match case {
        Case::Plasma => DonationKind::Plasmapheresis,
        _ => DonationKind::WholeBlood,
    };
    let number = identity.number.clone();
    let terms = Terms { site: Some(site.clone()), kinds: vec![kind], may_call: true };
    let earlier = last.map(|days| Earlier { day: Day::of(now.plus_days(-days)), kind });
    let earlier = Known::Value(earlier.into_iter().collect());
    act(engine, nurse(), region, Donors::Register { identity, terms, earlier }).await?;
    let world = engine.world();
    let own = world.local(region).map(|region| &region.own.donors);
    let donor = own.and_then(|own| own.by_number.get(&number)).cloned();
    let donor = donor.ok_or_else(|| anyhow!("{region}: a donor was not registered"))?;
    let antigens = match case {
        Case::Typed => Phenotype::UNTESTED
            .with(Antigen::BigK, false)
            .with(Antigen::Fya, false)
            .with(Antigen::Jka, false),
        _ => Phenotype::UNTESTED,
    };
    let hla =
        if *case == Case::Typed { vec!["A*02:01".into(), "B*07:02".into()] } else { Vec::new() };
    let types = Types { phenotype: antigens, hla, hpa: Vec::new() };
    let typing = Donors::Type { donor: donor.clone(), group: Known::Value(*group), types };
    act(engine, person(region, Role::Scientist), region, typing).await?;
    match case {
        Case::Tattooed => {
            let tattoo = Day::of(now).minus_months(5);
            let declaration = declared(Answer::On(tattoo));
            let (donor, site) = (donor.clone(), site.clone());
            act(engine, nurse(), region, Donors::Declare { donor, site, declaration }).await?;
        }
        Case::Deferred => {
            let defer = Donors::Defer {
                donor: donor.clone(),
                reason: DeferralReason::LowHb,
                until: Until::Day(Day::of(now).plus_months(2)),
                note: Some("Hb 118, järn ordinerat".into()),
            };
            act(engine, nurse(), region, defer).await?;
        }
        _ => {}
    }
    Ok(donor)
}

/// Everything answered and measured so that nothing hinders.
pub(super) fn nothing_hinders() -> Declaration {
    declared(Answer::No)
}

/// Everything answered so that nothing but the tattoo may hinder.
fn declared(tattoo: Answer) -> Declaration {
    let yes = [Question::ValidId, Question::UnderstandsSwedish, Question::Well];
    let answer = |question: &Question| match question {
        Question::Tattoo => (*question, tattoo),
        _ if yes.contains(question) => (*question, Answer::Yes),
        _ => (*question, Answer::No),
    };
    let answers: BTreeMap<_, _> = Question::ALL.iter().map(answer).collect();
    let known = Known::Value;
    let checks = Checks {
        weight: known(68),
        hb: known(141),
        platelets: known(230),
        protein: known(71),
        ..Checks::default()
    };
    Declaration { answers, checks }
}

/// A session now and one tomorrow, some appointments, and a list of O RhD neg to call.
async fn sessions(
    engine: &Engine,
    region: &JournalId,
    site: &SiteId,
    donors: &[DonorId],
) -> Result<()> {
    let (now, nurse) = (engine.now(), || person(region, Role::Phlebotomist));
    let today = Day::of(now).starts().plus_seconds(8 * 3_600);
    let days = [(today.max(now), [6, 10]), (today.plus_days(1), [3, 4])];
    for (from, places) in days {
        let until = Some(from.plus_seconds(9 * 3_600));
        let facts = SessionFacts {
            site: site.clone(),
            window: Window::new(from, until).context("a session ends after it starts")?,
            capacity: 24,
            kinds: DonationKind::ALL.to_vec(),
        };
        act(engine, nurse(), region, Donors::OpenSession { facts }).await?;
        let world = engine.world();
        let held = world.local(region).map(|region| &region.shared.donors.sessions);
        let held = held.into_iter().flatten();
        let session = held.max_by_key(|(_, one)| one.facts.window.from()).map(|(id, _)| id.clone());
        let session = session.ok_or_else(|| anyhow!("{region}: no session"))?;
        for place in places {
            let book = Donors::Book {
                donor: donors[place].clone(),
                session: session.clone(),
                at: from.plus_seconds(1_800 + 1_200 * i64::try_from(place)?),
                kind: DonationKind::WholeBlood,
            };
            // Whoever certainly may not give is not booked: that too is part of the demo.
            if act(engine, nurse(), region, book).await.is_err() {
                tracing::debug!(%region, place, "not booked");
            }
        }
    }
    let filter = Filter {
        kind: DonationKind::WholeBlood,
        on: Day::of(now).plus_days(1),
        group: Some(Group::O_NEG),
        site: None,
        last_before: None,
        most: 20,
    };
    let list = Donors::MakeList { name: "O RhD neg, helblod".into(), filter };
    act(engine, nurse(), region, list).await?;
    Ok(())
}
