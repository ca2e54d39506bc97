//! Rosters as pages, the API, the command line and paper read them: who is on duty, what is
//! missing, who was reached, and whose personal link it is.

pub mod cards;
pub mod codes;
pub mod list;
pub mod paper;
pub mod reach;
pub mod sheet;
pub mod token;
pub mod warn;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use samband_domain::alarms::model::{DutyRole, Party, Recipient, Turn};
use samband_domain::words::Code;
use samband_domain::{JournalId, Time};
use samband_engine::World;

pub use codes::Codes;
pub use reach::{Reach, last_reach, reaches};

use crate::text::Words;

/// The topic that changes what is seen of rosters and of who was reached.
pub const TOPICS: &str = "alarm";

/// The roles that a region has on duty.
pub const ROLES: [DutyRole; 5] = [
    DutyRole::Tib,
    DutyRole::RegionalCommand,
    DutyRole::BloodCentre,
    DutyRole::Transport,
    DutyRole::Switchboard,
];

/// Roles of another region whose telephone numbers are kept here too, for the day on which its
/// installation is not heard.
pub const FALLBACK: [DutyRole; 3] = [DutyRole::Tib, DutyRole::BloodCentre, DutyRole::Switchboard];

/// Those outside who are alarmed: their short name and their role.
pub const OUTSIDE: [(&str, DutyRole); 2] =
    [("socialstyrelsen", DutyRole::NationalTib), ("sweba", DutyRole::NationalBlood)];

/// The roles of a region.
#[must_use]
pub fn of_region(region: &JournalId, roles: &[DutyRole]) -> Vec<Recipient> {
    let of = |role: &DutyRole| Recipient { party: Party::Region(region.clone()), role: *role };
    roles.iter().map(of).collect()
}

/// Those outside.
#[must_use]
pub fn outside() -> Vec<Recipient> {
    let of = |(name, role): &(&str, DutyRole)| {
        Some(Recipient { party: Party::Outside(Code::new(name).ok()?), role: *role })
    };
    OUTSIDE.iter().filter_map(of).collect()
}

/// The other regions held here, in the order of their names.
#[must_use]
pub fn other_regions(world: &World, own: &JournalId) -> Vec<JournalId> {
    let regions = world.journals.values().filter(|one| crate::pages::is_region(one.shared()));
    let mut all: Vec<_> = regions.filter(|one| one.id != *own).map(|one| one.id.clone()).collect();
    all.sort_by_key(|id| crate::pages::region_short(world, id));
    all
}

/// A party as addresses and files name it: `skane`, `outside:sweba`.
#[must_use]
pub fn party_text(party: &Party) -> String {
    match party {
        Party::Region(id) => id.to_string(),
        Party::Outside(code) => format!("outside:{code}"),
    }
}

/// A recipient from its two names.
#[must_use]
pub fn recipient(party: &str, role: &str) -> Option<Recipient> {
    let party = match party.strip_prefix("outside:") {
        Some(code) => Party::Outside(Code::new(code).ok()?),
        None => Party::Region(JournalId::new(party).ok()?),
    };
    Some(Recipient { party, role: role.parse().ok()? })
}

/// The name of a role, with its region: `TiB, Skåne`.
#[must_use]
pub fn recipient_text(w: Words, world: &World, of: &Recipient) -> String {
    let role = w.dynamic("duty-role-", of.role.as_str());
    match &of.party {
        Party::Region(id) => format!("{role}, {}", crate::pages::region_short(world, id)),
        Party::Outside(code) => match of.role {
            DutyRole::NationalTib | DutyRole::NationalBlood => role,
            _ => format!("{role}, {code}"),
        },
    }
}

/// The turns of a recipient as a region keeps them; empty where it keeps none or may not see them.
#[must_use]
pub fn turns<'a>(world: &'a World, region: &JournalId, of: &Recipient) -> &'a [Turn] {
    let own = world.local(region).map(|region| &region.own.alarms.rosters);
    own.and_then(|rosters| rosters.get(of)).map_or(&[], Vec::as_slice)
}

/// Those who are on duty now, the holder first.
#[must_use]
pub fn on_duty(turns: &[Turn], now: Time) -> Vec<&Turn> {
    let mut all: Vec<_> = turns.iter().filter(|turn| turn.window.contains(now)).collect();
    all.sort_by_key(|turn| turn.rank);
    all
}

/// The name of a rank: holder, deputy, second deputy.
#[must_use]
pub fn rank_text(w: Words, rank: u8) -> String {
    match rank {
        0 => w.t("roster-rank-holder"),
        1 => w.t("roster-rank-deputy"),
        n => w.t_args("roster-rank-further", &[("n", n.into())]),
    }
}

fn stockholm() -> TimeZone {
    TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC)
}

/// A moment as a form or a file says it: local time to the minute, or with its offset.
#[must_use]
pub fn moment(text: &str) -> Option<Time> {
    let text = text.trim();
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return Some(Time(stamp.as_microsecond()));
    }
    let local: DateTime = text.replacen(' ', "T", 1).parse().ok()?;
    let zoned = local.to_zoned(stockholm()).ok()?;
    Some(Time(zoned.timestamp().as_microsecond()))
}

/// A moment as a form takes it: `2026-11-22T08:00`.
#[must_use]
pub fn local_text(at: Time) -> String {
    let stamp = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    stamp.to_zoned(stockholm()).strftime("%Y-%m-%dT%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_swedish_time_unless_it_says_otherwise() {
        let summer = moment("2026-07-01T08:00").expect("a moment");
        assert_eq!(summer, moment("2026-07-01 08:00").expect("a moment"));
        assert_eq!(summer, moment("2026-07-01T06:00:00Z").expect("a moment"));
        assert_eq!(local_text(summer), "2026-07-01T08:00");
        assert_eq!(moment("i morgon"), None);
    }

    #[test]
    fn a_recipient_is_read_as_it_is_written() {
        for of in outside() {
            assert_eq!(recipient(&party_text(&of.party), of.role.as_str()), Some(of));
        }
        let skane = JournalId::new("skane").expect("an identifier");
        for of in of_region(&skane, &ROLES) {
            assert_eq!(recipient("skane", of.role.as_str()), Some(of));
        }
        assert_eq!(recipient("skane", "king"), None);
        assert_eq!(recipient("outside:", "tib"), None);
    }
}
