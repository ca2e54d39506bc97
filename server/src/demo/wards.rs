//! From request to transfusion in the demo: what waits at the bench, what is set aside, what wards
//! have in hand and what they gave, by the steps that people take. Assumed.

use anyhow::{Context as _, Result, anyhow};
use samband_domain::blood::model::{Antigen, Component, Requirement, Significance, UnitId};
use samband_domain::kernel::Role;
use samband_domain::patients::Command as Patients;
use samband_domain::patients::model::Target;
use samband_domain::transfusion::command::Handing;
use samband_domain::transfusion::model::{
    Category, Estimate, Imputability, Kind, Reaction, Request, Severity, Urgency,
};
use samband_domain::transfusion::{Command, Event as WardEvent};
use samband_domain::{Event, JournalId, Known, PatientId, RequestId, SiteId};
use samband_engine::Engine;

use super::clock::Past;
use super::patients::People;
use super::{act, journal, person};

/// What a ward asks for.
struct Order {
    region: &'static str,
    patient: &'static str,
    component: Component,
    units: u16,
    urgency: Urgency,
    /// When it is needed, in minutes from the present.
    needed: i64,
    site: &'static str,
    ward: &'static str,
    indication: &'static str,
}

const fn red_cells(
    (region, site): (&'static str, &'static str),
    patient: &'static str,
    units: u16,
    needed: i64,
    (ward, indication): (&'static str, &'static str),
) -> Order {
    let (component, urgency) = (Component::RedCells, Urgency::Routine);
    Order { region, patient, component, units, urgency, needed, site, ward, indication }
}

const LUND: (&str, &str) = ("skane", "lund-bc");
const HALMSTAD: (&str, &str) = ("halland", "halmstad-bc");
const VARBERG: (&str, &str) = ("halland", "varberg-bc");
const KARLSKRONA: (&str, &str) = ("blekinge", "karlskrona-bc");
const VAXJO: (&str, &str) = ("kronoberg", "vaxjo-bc");

/// Goes through the last hours: what was handed out first, then what is still to be done.
///
/// # Errors
/// If a command is refused.
pub async fn run(engine: &Engine, past: &Past<'_>, people: &People) -> Result<()> {
    let wards = Wards { engine, past, people };
    past.go(7 * 60);
    wards.given().await?;
    past.go(4 * 60);
    wards.in_hand().await?;
    past.go(3 * 60);
    wards.waiting().await?;
    past.go(2 * 60);
    wards.blocked_afterwards().await?;
    past.go(35);
    wards.bleeding().await
}

struct Wards<'a> {
    engine: &'a Engine,
    past: &'a Past<'a>,
    people: &'a People,
}

impl Wards<'_> {
    /// Two units that were given this morning; after one of them somebody shivered.
    async fn given(&self) -> Result<()> {
        for (at, patient, reacted) in [(LUND, "ingrid", true), (KARLSKRONA, "ragnhild", true)] {
            let why = ("Medicinavdelningen", "Anemi, Hb 68");
            let order = red_cells(at, patient, 1, -5 * 60, why);
            let (request, units) = self.set_aside(&order).await?;
            self.hand_out(&order, &request, &units).await?;
            let (region, who) = (journal(order.region), self.person(patient)?);
            let began = self.engine.now();
            let unit = units[0];
            let check = Command::CheckBedside { unit, patient: Some(who.clone()) };
            self.nurse(&region, check).await?;
            let ended = Known::Unknown;
            let given = Command::Transfuse { unit, patient: who.clone(), began, ended };
            self.nurse(&region, given).await?;
            if reacted {
                let reaction = Reaction {
                    patient: who,
                    units: vec![unit],
                    began,
                    category: Category::Other,
                    severity: Severity::Mild,
                    imputability: Imputability::NotAssessable,
                    signs: "Frossa och 38,4 °C efter en halv påse; avbröts".into(),
                    assessed_by: None,
                };
                self.nurse(&region, Command::React { reaction }).await?;
            }
        }
        Ok(())
    }

    /// What wards have fetched and not said anything more about.
    async fn in_hand(&self) -> Result<()> {
        for (at, patient, units) in
            [(LUND, "david", 2), (HALMSTAD, "marianne", 1), (KARLSKRONA, "petter", 1)]
        {
            let why = ("Kirurgavdelningen", "Blödning efter operation, Hb 74");
            let order = red_cells(at, patient, units, -2 * 60, why);
            let (request, units) = self.set_aside(&order).await?;
            self.hand_out(&order, &request, &units).await?;
        }
        Ok(())
    }

    /// Orders to choose for, and orders with units set aside.
    async fn waiting(&self) -> Result<()> {
        let hip = ("Ortopedavdelningen", "Höftoperation i eftermiddag");
        for (at, patient, units) in [(LUND, "astrid", 2), (KARLSKRONA, "sixten", 2)] {
            self.set_aside(&red_cells(at, patient, units, 5 * 60, hip)).await?;
        }
        self.set_aside(&red_cells(HALMSTAD, "nora", 1, 6 * 60, hip)).await?;
        let anaemia = ("Hematologavdelningen", "Anemi, Hb 71");
        let urgent = |order| Order { urgency: Urgency::Urgent, ..order };
        self.ask(&urgent(red_cells(LUND, "bertil", 2, 3 * 60, anaemia))).await?;
        let young = ("Neonatalavdelningen", "Anemi hos nyfödd");
        self.ask(&urgent(red_cells(KARLSKRONA, "flicka", 1, 2 * 60, young))).await?;
        self.ask(&red_cells(VAXJO, "tage", 2, 4 * 60, hip)).await?;
        self.ask(&urgent(red_cells(VAXJO, "ulrika", 1, 90, anaemia))).await?;
        // The two that are on their way from Lund.
        let platelets = Order {
            component: Component::Platelets,
            ..red_cells(VARBERG, "kerstin", 2, 4 * 60, ("Onkologen", "TPK 8, HLA-antikroppar"))
        };
        self.ask(&platelets).await?;
        Ok(())
    }

    /// A unit is set aside, and an hour later an antibody is found: it must not be handed out.
    async fn blocked_afterwards(&self) -> Result<()> {
        let order = red_cells(LUND, "cecilia", 1, 7 * 60, ("Medicinavdelningen", "Anemi, Hb 75"));
        self.set_aside(&order).await?;
        self.past.go(60);
        let region = journal(order.region);
        let found = Patients::FindAntibody {
            patient: self.person(order.patient)?,
            against: Target::RedCell(Antigen::Jka),
            significance: Known::Value(Significance::Significant),
            method: Some("panel, kolonnteknik".into()),
            found: self.engine.now(),
            place: "Referenslaboratoriet Lund".into(),
        };
        act(self.engine, person(&region, Role::Scientist), &region, found).await?;
        Ok(())
    }

    /// A massive transfusion in Varberg, its first package handed out.
    async fn bleeding(&self) -> Result<()> {
        let why = ("Akutmottagningen", "Trafikolycka, chock");
        let order = red_cells(VARBERG, "lennart", 4, 0, why);
        let order = Order { urgency: Urgency::Massive, ..order };
        let (region, request) = (journal(order.region), self.request(&order)?);
        let start = Command::StartPackages { request };
        let by = person(&region, Role::Nurse);
        let receipt = act(self.engine, by, &region, start).await?;
        let request = asked(receipt.events)?;
        let units = self.chosen(&order, &request).await?;
        self.hand_out(&order, &request, &units).await
    }

    fn person(&self, name: &str) -> Result<PatientId> {
        self.people.get(name).cloned().ok_or_else(|| anyhow!("nobody is called {name}"))
    }

    fn request(&self, order: &Order) -> Result<Request> {
        let requirements = match order.component {
            Component::Platelets => vec![Requirement::HlaMatched, Requirement::Irradiated],
            _ => Vec::new(),
        };
        Ok(Request {
            patient: Some(self.person(order.patient)?),
            estimate: Estimate::NONE,
            component: order.component,
            units: order.units,
            needed: self.past.minutes(-order.needed).max(self.engine.now()),
            urgency: order.urgency,
            kind: Kind::Transfusion,
            requirements,
            site: SiteId::new(order.site)?,
            ward: order.ward.into(),
            indication: order.indication.into(),
        })
    }

    async fn nurse(&self, region: &JournalId, command: Command) -> Result<Vec<Event>> {
        let receipt = act(self.engine, person(region, Role::Nurse), region, command).await?;
        Ok(receipt.events)
    }

    async fn ask(&self, order: &Order) -> Result<RequestId> {
        let (region, request) = (journal(order.region), self.request(order)?);
        asked(self.nurse(&region, Command::Request { request }).await?)
    }

    async fn set_aside(&self, order: &Order) -> Result<(RequestId, Vec<UnitId>)> {
        let request = self.ask(order).await?;
        let units = self.chosen(order, &request).await?;
        Ok((request, units))
    }

    /// The best units of the place, as the record chooses them.
    async fn chosen(&self, order: &Order, request: &RequestId) -> Result<Vec<UnitId>> {
        let best = Command::ReserveBest {
            request: request.clone(),
            component: Some(order.component),
            count: order.units,
            at_least: order.units,
        };
        let region = journal(order.region);
        let receipt = act(self.engine, person(&region, Role::Scientist), &region, best).await?;
        let units = receipt.events.into_iter().find_map(|event| match event {
            Event::Transfusion(WardEvent::Allocated(_, one)) => {
                one.here().map(|one| one.units.clone())
            }
            _ => None,
        });
        units.context("nothing was set aside")
    }

    async fn hand_out(&self, order: &Order, request: &RequestId, units: &[UnitId]) -> Result<()> {
        let handing = Handing {
            request: request.clone(),
            units: units.to_vec(),
            fetched_by: "Undersköterska P. Exempel".into(),
        };
        let region = journal(order.region);
        let issue = Command::Issue { handing };
        act(self.engine, person(&region, Role::Scientist), &region, issue).await?;
        Ok(())
    }
}

fn asked(events: Vec<Event>) -> Result<RequestId> {
    let request = events.into_iter().find_map(|event| match event {
        Event::Transfusion(WardEvent::Requested(_, one)) => one.here().map(|one| one.id.clone()),
        _ => None,
    });
    request.context("nothing was asked for")
}
