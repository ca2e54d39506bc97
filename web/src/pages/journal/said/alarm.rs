//! What records of incidents, alarms and readiness are about.

use samband_domain::alarms::model::{Party, Recipient};
use samband_domain::{SharedState, SiteId, alarms, incidents, readiness};

use super::About;
use crate::text::Words;

fn site(shared: &SharedState, id: &SiteId) -> String {
    let held = shared.kernel.sites.get(id);
    held.map_or_else(|| id.to_string(), |held| held.name.clone())
}

fn recipient(w: Words, to: &Recipient) -> String {
    let role = w.dynamic("duty-role-", to.role.as_str());
    match &to.party {
        Party::Region(region) => format!("{role}, {}", w.dynamic("region-", region.as_str())),
        // The role's name says whose it is.
        Party::Outside(_) => role,
    }
}

pub(super) fn of_incidents(event: &incidents::Event, shared: &SharedState) -> About {
    use incidents::Event as E;
    About::Text(match event {
        E::Opened(opened, _) => format!("{}: {}", opened.incident, opened.report.title),
        E::ModeSet(set, _) => set.site.as_ref().map_or_else(String::new, |id| site(shared, id)),
        E::Noted(noted, _) => format!("{}: {}", noted.incident, noted.text),
        _ => event.incident().map_or_else(String::new, ToString::to_string),
    })
}

pub(super) fn of_alarms(w: Words, event: &alarms::Event) -> About {
    use alarms::Event as E;
    About::Text(match event {
        E::RosterSet(set, _) => recipient(w, &set.of),
        E::Issued(alarm, _) => format!("{}: {}", alarm.id, alarm.headline),
        E::Heard(heard, _) => format!("{}: {}", heard.alarm.id, heard.alarm.headline),
        E::Noted(noted, _) => {
            format!("{}: {}", noted.alarm, w.dynamic("region-", noted.from.as_str()))
        }
        _ => event
            .key()
            .map_or_else(String::new, |key| format!("{}: {}", key.alarm, recipient(w, &key.to))),
    })
}

pub(super) fn of_readiness(event: &readiness::Event, shared: &SharedState) -> About {
    use readiness::Event as E;
    About::Text(match event {
        E::CapacityReported(capacity, _) => site(shared, &capacity.site),
        E::SituationReported(said, _) => format!("{}, {}", said.incident, said.version),
        E::Pledged(pledge, _) => {
            format!("{}: {}/{}", pledge.alarm, pledge.units.len(), pledge.quota)
        }
        E::Moved(moved, _) => moved.alarm.to_string(),
        E::HelicopterReported(helicopter, _) => helicopter.base.clone(),
        E::Needed(material, _) | E::Offered(material, _) => {
            format!("{} × {}", material.count, material.what)
        }
        E::Accepted(one, _) | E::Lent(one, _) | E::Returned(one, _) => {
            format!("{} × {}", one.material.count, one.material.what)
        }
    })
}
