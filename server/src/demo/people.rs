//! The demo regions' invented people, their roles and mandates (mission A24–A34; demo.md).

use anyhow::{Result, anyhow};
use samband_access::{PasswordHash, Principal};
use samband_domain::kernel::{
    Approval, Capacity, Command as Kernel, Event as KernelEvent, Identity, LegalRole, Profession,
    Role,
};
use samband_domain::{ActorId, Event, JournalId, Known, MandateId, Time, Window};
use samband_engine::Engine;

use super::{act, actor, by_machine, day, person, user};

/// Invented family names, one for each region; nobody is called so.
pub(super) fn family(region: &str) -> &'static str {
    match region {
        "blekinge" => "Provén-Exempel",
        "halland" => "Påhittsson",
        "kronoberg" => "Låtsasberg",
        "dalarna" => "Testberg-Fiktén",
        "gavleborg" => "Provström",
        "orebro" => "Övningsson",
        "sormland" => "Låtsaslund",
        "uppsala" => "Fiktén",
        "varmland" => "Exempelgren",
        "vastmanland" => "Påhittsdal",
        _ => "Exempelius",
    }
}

/// First name, kind and title of the person behind each role's account.
const fn behind(role: Role) -> (&'static str, Profession, &'static str) {
    match role {
        Role::Coordinator => ("Alva", Profession::BiomedicalScientist, "Blodsamordnare"),
        Role::Scientist => ("Bo", Profession::BiomedicalScientist, "Biomedicinsk analytiker"),
        Role::Physician => ("Cecilia", Profession::Physician, "Transfusionsansvarig läkare"),
        Role::Nurse => ("Jasmin", Profession::Nurse, "Sjuksköterska, vårdavdelning"),
        Role::Phlebotomist => ("Kim", Profession::Nurse, "Sjuksköterska, blodgivning"),
        Role::Tib => ("David", Profession::Management, "Tjänsteperson i beredskap"),
        Role::Commander => ("Lena", Profession::Management, "Chef, särskild sjukvårdsledning"),
        Role::Director => ("Ebba", Profession::Management, "Hälso- och sjukvårdsdirektör"),
        Role::Manager => ("Frans", Profession::Management, "Verksamhetschef"),
        Role::Secretary => ("Greta", Profession::Management, "Sekreterare"),
        Role::Safety => ("Hugo", Profession::Nurse, "Patientsäkerhetsansvarig"),
        Role::Administrator => ("Ida", Profession::Management, "Systemadministratör"),
    }
}

/// Registers the people behind the accounts and opens the accounts. The administrator comes from
/// the machine, as in every installation; the administrator makes the others.
///
/// # Errors
/// If a command is refused.
pub async fn register(engine: &Engine, region: &JournalId, hash: &PasswordHash) -> Result<()> {
    let mut roles = vec![Role::Administrator];
    roles.extend(Role::ALL.iter().copied().filter(|role| *role != Role::Administrator));
    for role in roles {
        let principal = match role {
            Role::Administrator => Principal::Machine,
            _ => person(region, Role::Administrator),
        };
        let (first, profession, title) = behind(role);
        let identity = identity(region, first, role.as_str());
        let command = Kernel::RegisterActor {
            id: Some(actor(role.as_str())),
            profession,
            title: title.into(),
            identity,
        };
        act(engine, principal.clone(), region, command).await?;
        let command = Grant::new(actor(role.as_str()), Capacity::Role(role), "demokonto").command();
        act(engine, principal, region, command).await?;
        engine.seed_account(user(region, role), actor(role.as_str()), hash.clone()).await?;
    }
    Ok(())
}

fn identity(region: &JournalId, first: &str, local: &str) -> Identity {
    Identity {
        name: format!("{first} {}", family(region.as_str())),
        hsa_id: None,
        phone: None,
        email: Some(format!("{local}@{region}.example")),
    }
}

/// A mandate to be granted.
struct Grant {
    holder: ActorId,
    capacity: Capacity,
    basis: String,
    from: Time,
    until: Option<Time>,
    share: Known<u16>,
    approval: Approval,
    deputy_for: Option<MandateId>,
    delegated_from: Option<MandateId>,
    review: Option<Time>,
}

impl Grant {
    fn new(holder: ActorId, capacity: Capacity, basis: &str) -> Self {
        Self {
            holder,
            capacity,
            basis: basis.into(),
            from: day("2024-01-01"),
            until: None,
            share: Known::Unknown,
            approval: Approval::NotRequired,
            deputy_for: None,
            delegated_from: None,
            review: None,
        }
    }

    fn share(self, permille: u16) -> Self {
        Self { share: Known::Value(permille), ..self }
    }

    fn until(self, date: &str) -> Self {
        Self { until: Some(day(date)), ..self }
    }

    fn approved(self, reference: &str) -> Self {
        let decided = day("2023-12-01");
        let authority = "Läkemedelsverket".into();
        let approval = Approval::Approved { authority, reference: reference.into(), decided };
        Self { approval, ..self }
    }

    fn pending(self) -> Self {
        let asked = Known::Value(day("2025-09-01"));
        Self {
            approval: Approval::Pending { authority: "Läkemedelsverket".into(), asked }, ..self
        }
    }

    fn deputy_for(self, first: MandateId) -> Self {
        Self { deputy_for: Some(first), ..self }
    }

    fn delegated(self, from: MandateId, review: Time) -> Self {
        Self { delegated_from: Some(from), review: Some(review), ..self }
    }

    fn command(self) -> Kernel {
        Kernel::GrantMandate {
            holder: self.holder,
            capacity: self.capacity,
            site: None,
            window: Window::new(self.from, self.until).expect("a demo window ends after it starts"),
            deputy_for: self.deputy_for,
            delegated_from: self.delegated_from,
            review_at: self.review,
            share_permille: self.share,
            approval: self.approval,
            basis: Some(self.basis),
        }
    }
}

async fn grant(engine: &Engine, region: &JournalId, by: Role, grant: Grant) -> Result<MandateId> {
    let receipt = act(engine, person(region, by), region, grant.command()).await?;
    let granted = receipt.events.into_iter().find_map(|event| match event {
        Event::Kernel(KernelEvent::MandateGranted(mandate, _)) => Some(mandate.id),
        _ => None,
    });
    granted.ok_or_else(|| anyhow!("no mandate was granted"))
}

/// Registers somebody without an account.
async fn colleague(
    engine: &Engine,
    region: &JournalId,
    id: &str,
    first: &str,
    profession: Profession,
    title: &str,
) -> Result<ActorId> {
    let command = Kernel::RegisterActor {
        id: Some(actor(id)),
        profession,
        title: title.into(),
        identity: identity(region, first, id),
    };
    by_machine(engine, region, command).await?;
    Ok(actor(id))
}

fn speciality() -> Capacity {
    Capacity::Competence {
        code: "transfusion-medicine".parse().expect("a plain code"),
        name: "Klinisk immunologi och transfusionsmedicin".into(),
    }
}

fn further_training() -> Capacity {
    Capacity::Competence {
        code: "chemistry-with-transfusion".parse().expect("a plain code"),
        name: "Klinisk kemi med vidareutbildning i transfusionsmedicin".into(),
    }
}

/// Grants the region's legal roles, competences, delegations and assignments.
///
/// # Errors
/// If a command is refused.
pub async fn appoint(engine: &Engine, region: &JournalId) -> Result<()> {
    match region.as_str() {
        "blekinge" => blekinge(engine, region).await,
        "halland" => halland(engine, region).await,
        "kronoberg" => kronoberg(engine, region).await,
        _ => skane(engine, region).await,
    }?;
    delegate(engine, region).await
}

fn legal(holder: ActorId, role: LegalRole, basis: &str) -> Grant {
    let grant = Grant::new(holder, Capacity::Legal(role), basis);
    if role.needs_approval() { grant.approved("DEMO 2023-1") } else { grant }
}

/// A28: no specialist; one pensioner at about 40 %, so the cover has an end in sight.
async fn blekinge(engine: &Engine, region: &JournalId) -> Result<()> {
    let title = "Läkare, pensionär på deltid";
    let id = "lakare-1";
    let doctor = colleague(engine, region, id, "Jonas", Profession::Physician, title).await?;
    let basis = "Rapporten A28: en pensionär cirka 40 %; slutdatum antagande";
    let competence = Grant::new(doctor.clone(), speciality(), basis);
    let competence = competence.share(400).until("2027-06-30");
    grant(engine, region, Role::Physician, competence).await?;
    let role = legal(doctor, LegalRole::ResponsiblePerson, "Antagande i demovärlden");
    grant(engine, region, Role::Director, role.share(400).until("2027-06-30")).await?;
    let quality = Capacity::Legal(LegalRole::QualityControlManager);
    let quality = Grant::new(actor("scientist"), quality, "Antagande i demovärlden");
    grant(engine, region, Role::Director, quality).await?;
    Ok(())
}

/// A27: none with the speciality; four clinical chemists with further training cover what the
/// authorities ask for.
async fn halland(engine: &Engine, region: &JournalId) -> Result<()> {
    let mut chemists = Vec::new();
    for (n, first) in ["Karin", "Lars", "Maja", "Nils"].into_iter().enumerate() {
        let id = format!("kemist-{}", n + 1);
        let title = "Specialist i klinisk kemi";
        let who = colleague(engine, region, &id, first, Profession::Physician, title).await?;
        let basis = "Rapporten A27: fyra kliniska kemister täcker myndighetskraven";
        let competence = Grant::new(who.clone(), further_training(), basis);
        grant(engine, region, Role::Physician, competence).await?;
        chemists.push(who);
    }
    let roles = LegalRole::ALL.iter().copied();
    for (who, role) in chemists.iter().cycle().zip(roles) {
        if role == LegalRole::ProductionManager {
            continue;
        }
        let mandate = legal(who.clone(), role, "Rapporten A27; fördelningen är ett antagande");
        let mandate = grant(engine, region, Role::Director, mandate).await?;
        if role == LegalRole::ResponsiblePerson {
            let deputy = legal(chemists[3].clone(), role, "Antagande i demovärlden");
            grant(engine, region, Role::Director, deputy.deputy_for(mandate)).await?;
        }
    }
    Ok(())
}

/// A26: one doctor with the speciality, about 20 % of full time.
async fn kronoberg(engine: &Engine, region: &JournalId) -> Result<()> {
    let title = "Specialist i transfusionsmedicin";
    let id = "specialist-1";
    let doctor = colleague(engine, region, id, "Olivia", Profession::Physician, title).await?;
    let basis = "Rapporten A26: en läkare med specialiteten, cirka 20 % av heltid";
    let competence = Grant::new(doctor.clone(), speciality(), basis).share(200);
    grant(engine, region, Role::Physician, competence).await?;
    let role = legal(doctor.clone(), LegalRole::ResponsiblePerson, "Antagande i demovärlden");
    grant(engine, region, Role::Director, role.share(200)).await?;
    let expert = Capacity::Legal(LegalRole::QualifiedPerson);
    let expert = Grant::new(doctor, expert, "Antagande: ansökan inskickad").pending();
    grant(engine, region, Role::Director, expert).await?;
    let production = Capacity::Legal(LegalRole::ProductionManager);
    let production = Grant::new(actor("scientist"), production, "Antagande i demovärlden");
    grant(engine, region, Role::Director, production).await?;
    Ok(())
}

/// A18, A34: an own verksamhetsområde, and six ST posts.
async fn skane(engine: &Engine, region: &JournalId) -> Result<()> {
    let title = "Överläkare i transfusionsmedicin";
    let first = colleague(engine, region, "overlakare-1", "Petra", Profession::Physician, title);
    let first = first.await?;
    let second = colleague(engine, region, "overlakare-2", "Rune", Profession::Physician, title);
    let second = second.await?;
    for who in [&first, &second] {
        let basis = "Rapporten A34: god försörjning av specialister";
        let competence = Grant::new(who.clone(), speciality(), basis);
        grant(engine, region, Role::Physician, competence).await?;
    }
    let training = Capacity::Assignment { task: "Sex ST-tjänster i transfusionsmedicin".into() };
    let training = Grant::new(first.clone(), training, "Rapporten A34");
    grant(engine, region, Role::Director, training).await?;
    for role in LegalRole::ALL {
        let mandate = legal(first.clone(), *role, "Antagande i demovärlden");
        let mandate = grant(engine, region, Role::Director, mandate).await?;
        let deputy = legal(second.clone(), *role, "Antagande i demovärlden");
        grant(engine, region, Role::Director, deputy.deputy_for(mandate)).await?;
    }
    Ok(())
}

/// A30, A31: experienced BMA approve new donors by delegation and hold quality management.
async fn delegate(engine: &Engine, region: &JournalId) -> Result<()> {
    let world = engine.world();
    let shared = world.journal(region).map(|journal| journal.shared().kernel.clone());
    let physician = actor("physician");
    let from = shared.and_then(|kernel| {
        let roles = samband_domain::kernel::view::roles_of(&kernel, &physician, engine.now());
        roles.into_iter().next().map(|(_, mandate)| mandate)
    });
    let from = from.ok_or_else(|| anyhow!("{region}: the physician has no role"))?;
    let task = Capacity::Delegation { task: "Bedöma och godkänna nya blodgivare".into() };
    let delegation = Grant::new(actor("scientist"), task, "Rapporten A30");
    // Soon enough to stand on the physician's page.
    let delegation = delegation.delegated(from, engine.now().plus_days(40));
    grant(engine, region, Role::Physician, delegation).await?;
    let task = Capacity::Assignment { task: "Kvalitetsledning och rutindokument".into() };
    let assignment = Grant::new(actor("scientist"), task, "Rapporten A31");
    grant(engine, region, Role::Manager, assignment).await?;
    Ok(())
}
