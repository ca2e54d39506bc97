//! The four regions' agreement about joint supply. Its prices, keys and clauses are invented: they
//! show what such an agreement can say.

use anyhow::Result;
use samband_domain::agreements::terms::{
    Carriage, CostKey, CostKeys, MonthlyCost, SupplyTerms, UnitPrice, UnknownHome,
};
use samband_domain::agreements::{AgreementKind, Command as Agreements};
use samband_domain::blood::model::Component;
use samband_domain::kernel::Role;
use samband_domain::plans::Command as Plans;
use samband_domain::plans::model::{HomeReport, HomeUnits};
use samband_domain::words::{Period, Window};
use samband_engine::Engine;
use samband_web::app::plans::settlement::last_month;

use super::{REGIONS, act, day, journal, person, proposal};

/// Skåne proposes, the other three sign.
///
/// # Errors
/// If a command is refused.
pub async fn agreement(engine: &Engine) -> Result<()> {
    let skane = journal("skane");
    let command = Agreements::Propose {
        title: "Avtal om gemensam blodförsörjning".into(),
        kind: AgreementKind::Supply,
        parties: REGIONS.iter().map(|id| journal(id)).collect(),
        clauses: clauses(),
        window: Window::open(day("2026-01-01")),
        reference: Some("DEMO-GBF-2026".into()),
        terms: Some(Box::new(terms())),
    };
    let receipt = act(engine, person(&skane, Role::Director), &skane, command).await?;
    let (document, proposal) = proposal(&receipt)?;
    for id in REGIONS.iter().filter(|id| **id != "skane") {
        let region = journal(id);
        let command = Agreements::Sign { document, proposal: proposal.clone() };
        act(engine, person(&region, Role::Director), &region, command).await?;
    }
    Ok(())
}

/// Skåne states where the patients lived whom it gave units in the last month that is over.
///
/// # Errors
/// If the command is refused.
pub async fn homes(engine: &Engine) -> Result<()> {
    let skane = journal("skane");
    let (first, _) = last_month(engine.now());
    let row = |component, home: Option<&str>, in_care_price, units| HomeUnits {
        component,
        home: home.map(journal),
        in_care_price,
        units,
    };
    let report = HomeReport {
        month: Period::Month(first.date().year(), first.date().month()),
        source: "Påhittat: patientadministrativa systemet".into(),
        rows: vec![
            row(Component::RedCells, Some("blekinge"), false, 14),
            row(Component::RedCells, Some("kronoberg"), true, 31),
            row(Component::Platelets, Some("halland"), false, 6),
            row(Component::RedCells, None, false, 3),
        ],
    };
    let by = person(&skane, Role::Coordinator);
    act(engine, by, &skane, Plans::StateHomes { report }).await?;
    Ok(())
}

fn terms() -> SupplyTerms {
    let price = |component, kronor: u64| UnitPrice { component, ore: kronor * 100 };
    SupplyTerms {
        keys: CostKeys { population: 40, r#use: 40, equal: 20 },
        prices: vec![
            price(Component::RedCells, 1_400),
            price(Component::Platelets, 4_200),
            price(Component::Plasma, 500),
        ],
        box_ore: Some(35_000),
        legs: Vec::new(),
        carriage: Carriage::Sender,
        unknown_home: UnknownHome::Treated,
        joint: vec![
            MonthlyCost {
                what: "Utbildningstjänst i transfusionsmedicin".into(),
                paid_by: journal("skane"),
                ore: 7_000_001,
                key: Some(CostKey::Equal),
            },
            MonthlyCost {
                what: "Blodbuss".into(),
                paid_by: journal("halland"),
                ore: 20_000_000,
                key: Some(CostKey::Population),
            },
        ],
    }
}

fn clauses() -> Vec<String> {
    let clauses = [
        "Den region som tar emot enheter från en annan ersätter den enligt priserna nedan.",
        "Ges en enhet till en patient från en annan region bär hemregionen kostnaden, om inte \
         regionvårdens pris redan bär den.",
        "Gemensamma utlägg fördelas månadsvis efter nycklarna nedan.",
        "Avräkning görs månadsvis av det som kvitterats i parternas journaler.",
    ];
    clauses.map(str::to_owned).to_vec()
}
