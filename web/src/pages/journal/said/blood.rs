//! What a record about blood says, in a line.

use samband_domain::blood::Event as E;
use samband_domain::blood::model::UnitId;
use samband_domain::blood::model::stock::Line;
use samband_domain::words::RecordRef;
use samband_domain::{SharedState, SiteId};

use super::About;
use crate::app::stock::unit_href;
use crate::text::Words;

/// A record about blood.
pub(super) fn about(w: Words, event: &E, at: &RecordRef, shared: &SharedState) -> About {
    let site = |id: &SiteId| {
        let held = shared.kernel.sites.get(id);
        held.map_or_else(|| id.to_string(), |held| held.name.clone())
    };
    let at_site = |id: &SiteId| About::Link(format!("/stock/{}/{id}", at.journal), site(id));
    match event {
        E::CodesLoaded(table, _) => About::Text(format!("{} {}", table.title(), table.version())),
        E::TakenOver(taken, _) => {
            let href = format!("/stock/{}/{}", at.journal, taken.site);
            About::Link(href, format!("{}: {}", site(&taken.site), many(w, taken.load.units.len())))
        }
        E::ExternalReported(report, _) => at_site(&report.site),
        E::DutyStated(said, _) => at_site(&said.site),
        E::Counted(count, _) => at_site(&count.site),
        E::DemandStated(said, _) => About::Text(line(w, said.line)),
        E::ShortageNoted(noted, _) => About::Text(line(w, noted.line)),
        E::ShortageEnded(ended, _) => About::Text(line(w, ended.line)),
        E::Dispatched(sent, _) => {
            let count = many(w, sent.load.units.len());
            About::Link("/shipments".into(), format!("{}: {count}", site(&sent.way.from)))
        }
        E::Asked(called, _) | E::Offered(called, _) => {
            let goods = crate::pages::goods_text(w, &called.goods);
            About::Link(format!("/shipments/calls/{}", at.hash), goods)
        }
        E::Answered(said, _) => {
            let goods = crate::pages::goods_text(w, &said.goods);
            About::Link(format!("/shipments/calls/{}", said.call.hash), goods)
        }
        E::LegStated(said, _) => About::Text(said.leg.code.to_string()),
        E::LegEnded(said, _) => About::Text(said.code.to_string()),
        _ => units(w, &event.units()),
    }
}

/// A component and group in words.
fn line(w: Words, line: Line) -> String {
    let component = w.dynamic("compat-component-", line.component.as_str());
    let group = line.group.map_or_else(|| w.t("stock-every-group"), |group| group.to_string());
    format!("{component}, {group}")
}

fn units(w: Words, units: &[UnitId]) -> About {
    match units {
        [] => About::Nothing,
        [one] => About::Link(unit_href(one), one.to_string()),
        [first, ..] => {
            About::Link(unit_href(first), format!("{first} … ({})", many(w, units.len())))
        }
    }
}

fn many(w: Words, count: usize) -> String {
    w.t_args("stock-units", &[("n", count.into())])
}
