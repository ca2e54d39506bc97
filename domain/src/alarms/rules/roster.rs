//! Who is on duty.

use super::super::event::{Event, People, RosterSet};
use super::super::model::{Channel, Cover, Recipient, Turn, Way};
use super::{TURNS, WAY};
use crate::Region;
use crate::kernel::{not_found, text};
use crate::words::{Private, Refusal};

/// Most turns of a roster.
const TURNS_MAX: usize = 60;
/// Most ways to one person.
const WAYS_MAX: usize = 6;

/// Sets a roster.
pub(super) fn set(region: &Region, of: &Recipient, turns: &[Turn]) -> Result<Event, Refusal> {
    if turns.len() > TURNS_MAX {
        return Err(TURNS.because([("turns", turns.len().to_string())]));
    }
    let turns = turns.iter().map(|turn| checked(region, turn)).collect::<Result<Vec<_>, _>>()?;
    let cover = turns.iter().map(|turn| Cover {
        rank: turn.rank,
        window: turn.window,
        channels: turn.ways.iter().map(|way| way.channel).collect(),
        two_ways: two_ways(&turn.ways),
    });
    let set = RosterSet { of: of.clone(), cover: cover.collect() };
    Ok(Event::RosterSet(set, Private::Here(People { turns })))
}

fn checked(region: &Region, turn: &Turn) -> Result<Turn, Refusal> {
    if let Some(actor) = &turn.actor
        && !region.shared.kernel.actors.contains_key(actor)
    {
        return Err(not_found("actor", actor));
    }
    let wrong = turn.ways.iter().find(|way| !leads_somewhere(way));
    if turn.ways.is_empty() || turn.ways.len() > WAYS_MAX || wrong.is_some() {
        let way = wrong.map_or_else(String::new, |way| format!("{}: {}", way.channel, way.address));
        return Err(WAY.because([("name", turn.name.clone()), ("way", way)]));
    }
    Ok(Turn { name: text("name", &turn.name)?, ..turn.clone() })
}

fn leads_somewhere(way: &Way) -> bool {
    let address = way.address.trim();
    let short = address.len() <= 200 && address == way.address;
    short
        && match way.channel {
            Channel::Web => true,
            Channel::Email => address.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty() && !host.is_empty() && !address.contains(char::is_whitespace)
            }),
            Channel::Webhook => ["https://", "http://127.0.0.1:"]
                .iter()
                .any(|start| address.starts_with(start) && address.len() > start.len()),
            Channel::Sms | Channel::Voice => telephone(address),
        }
}

fn telephone(address: &str) -> bool {
    let digits = address.bytes().filter(u8::is_ascii_digit).count();
    let fits = |c: char| c.is_ascii_digit() || " -".contains(c);
    (3..=15).contains(&digits) && address.strip_prefix('+').unwrap_or(address).chars().all(fits)
}

/// Two ways that share neither kind nor address.
pub(super) fn two_ways(ways: &[Way]) -> bool {
    let apart = |a: &Way, b: &Way| a.channel != b.channel && a.address != b.address;
    ways.iter().any(|a| ways.iter().any(|b| apart(a, b)))
}
