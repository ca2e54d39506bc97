//! When couriers go in the demo, and one question that waits for an answer. The times are invented.

use anyhow::Result;
use samband_domain::SiteId;
use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::supply::{Goods, Leg, Side};
use samband_domain::blood::model::{Antigen, Antigens, Attributes, Component, Group};
use samband_domain::kernel::Role;
use samband_domain::words::Code;
use samband_engine::Engine;

use super::{act, journal, person};

/// From, to, days, minutes after midnight, minutes under way.
type Row = ((&'static str, &'static str), (&'static str, &'static str), &'static [u8], u16, u16);

const WEEKDAYS: &[u8] = &[1, 2, 3, 4, 5];
const DAILY: &[u8] = &[1, 2, 3, 4, 5, 6, 7];

const LEGS: [Row; 6] = [
    (("skane", "lund-bc"), ("halland", "varberg-bc"), DAILY, 6 * 60 + 30, 150),
    (("skane", "lund-bc"), ("halland", "varberg-bc"), WEEKDAYS, 13 * 60 + 15, 150),
    (("skane", "lund-bc"), ("blekinge", "karlskrona-bc"), DAILY, 16 * 60, 165),
    (("halland", "halmstad-bc"), ("skane", "malmo-bc"), DAILY, 10 * 60, 110),
    (("blekinge", "karlskrona-bc"), ("skane", "lund-bc"), WEEKDAYS, 9 * 60 + 45, 165),
    (("kronoberg", "vaxjo-bc"), ("skane", "lund-bc"), DAILY, 14 * 60 + 30, 140),
];

/// States the timetable, and lets Halland ask Skåne.
pub async fn state(engine: &Engine) -> Result<()> {
    for ((region, from), (to_region, to_site), days, departs, under_way) in LEGS {
        let code = format!("{from}-{to_site}-{:02}{:02}", departs / 60, departs % 60);
        let leg = Leg {
            code: Code::new(&code)?,
            from: SiteId::new(from)?,
            to_region: journal(to_region),
            to_site: SiteId::new(to_site)?,
            days: days.to_vec(),
            departs,
            cutoff: 30,
            under_way,
            carrier: "Blodtransporten".into(),
        };
        let region = journal(region);
        let stated = Blood::StateLeg { leg };
        act(engine, person(&region, Role::Coordinator), &region, stated).await?;
    }
    let halland = journal("halland");
    let ask = Blood::Call {
        side: Side::Ask,
        site: SiteId::new("varberg-bc")?,
        to_region: journal("skane"),
        to_site: None,
        goods: Goods {
            component: Component::RedCells,
            group: Some(Group::O_NEG),
            negative: Antigens::of(Antigen::BigK),
            attributes: Attributes::NONE,
            units: 4,
        },
        by: engine.now().plus_seconds(8 * 3_600),
        note: None,
    };
    act(engine, person(&halland, Role::Scientist), &halland, ask).await?;
    Ok(())
}
