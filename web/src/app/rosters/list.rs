//! A roster as lines of text: what is pasted from a spreadsheet, read from a file, or written out.
//!
//! `name;rank;from;until;channel;address;channel;address…`, with tabs or semicolons. A blank rank
//! is the holder's, a blank beginning is now, a blank end is until further notice.

use samband_domain::alarms::model::{Channel, Turn, Way};
use samband_domain::{Time, Window};

use super::{local_text, moment};

/// A line that is not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong: `name`, `rank`, `from`, `until`, `channel` or `address`.
    pub part: &'static str,
    /// What stood there.
    pub value: String,
}

/// Heads of the first column, where a list has heads.
const HEADS: [&str; 2] = ["namn", "name"];

/// Turns as lines say them.
///
/// # Errors
/// The first line that is not understood.
pub fn read(text: &str, now: Time) -> Result<Vec<Turn>, BadLine> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty());
    let lines = lines.filter(|(n, line)| *n > 0 || !HEADS.contains(&first(line).as_str()));
    lines.map(|(n, line)| turn(line, now).map_err(|bad| BadLine { line: n + 1, ..bad })).collect()
}

fn first(line: &str) -> String {
    line.split([';', '\t']).next().unwrap_or_default().trim().to_lowercase()
}

fn turn(line: &str, now: Time) -> Result<Turn, BadLine> {
    let mut cells = line.split([';', '\t']).map(str::trim);
    let mut next = || cells.next().unwrap_or_default();
    let bad =
        |part, value: &str| BadLine { line: 0, part, value: value.chars().take(60).collect() };
    let (name, rank, from, until) = (next(), next(), next(), next());
    if name.is_empty() {
        return Err(bad("name", name));
    }
    let rank = match rank {
        "" => 0,
        text => text.parse().map_err(|_| bad("rank", text))?,
    };
    let window = window((from, until), now).map_err(|part| match part {
        "from" => bad("from", from),
        _ => bad("until", until),
    })?;
    let mut ways = Vec::new();
    while let Some(kind) = cells.next() {
        let address = cells.next().unwrap_or_default();
        if kind.is_empty() && address.is_empty() {
            continue;
        }
        let channel = channel(kind).ok_or_else(|| bad("channel", kind))?;
        if address.is_empty() && channel != Channel::Web {
            return Err(bad("address", kind));
        }
        ways.push(Way { channel, address: address.to_owned() });
    }
    Ok(Turn { actor: None, name: name.to_owned(), rank, window, ways })
}

/// A window from what stands in two fields: the name of the one that is wrong otherwise.
///
/// # Errors
/// `from` or `until`.
pub fn window((from, until): (&str, &str), now: Time) -> Result<Window, &'static str> {
    let from = match from.trim() {
        "" => now,
        text => moment(text).ok_or("from")?,
    };
    let until = match until.trim() {
        "" => None,
        text => Some(moment(text).ok_or("until")?),
    };
    Window::new(from, until).map_err(|_| "until")
}

/// A channel by its code or by what people call it.
#[must_use]
pub fn channel(text: &str) -> Option<Channel> {
    let text = text.trim().to_lowercase();
    text.parse().ok().or(match text.as_str() {
        "e-post" | "epost" | "mejl" | "e-mail" => Some(Channel::Email),
        "telefon" | "samtal" | "ring" | "phone" | "telephone" => Some(Channel::Voice),
        "webb" | "sidan" => Some(Channel::Web),
        _ => None,
    })
}

/// Turns as lines, which [`read`] reads.
#[must_use]
pub fn write(turns: &[Turn]) -> String {
    let lines = turns.iter().map(|turn| {
        let until = turn.window.until().map_or_else(String::new, local_text);
        let (rank, from) = (turn.rank.to_string(), local_text(turn.window.from()));
        let mut cells = vec![turn.name.clone(), rank, from, until];
        cells.extend(
            turn.ways.iter().flat_map(|way| [way.channel.to_string(), way.address.clone()]),
        );
        cells.join(";")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_780_315_200_000_000);

    #[test]
    fn what_is_written_is_read_again() {
        let text = "Namn;Ordning;Från;Till;Väg;Adress\n\
                    Ada Prov;;2026-06-01 08:00;2026-06-08 08:00;SMS;070-1740605;\
                    e-post;a@example.org\n\
                    Bo Prov;1;;;telefon;08-465 004 01\n";
        let turns = read(text, NOW).expect("a list");
        assert_eq!(turns.len(), 2);
        assert_eq!((turns[0].rank, turns[1].rank), (0, 1));
        assert_eq!(turns[0].ways.len(), 2);
        assert_eq!(turns[1].ways[0].channel, Channel::Voice);
        assert_eq!(turns[1].window, Window::open(NOW));
        assert_eq!(read(&write(&turns), NOW), Ok(turns));
    }

    #[test]
    fn a_line_that_is_not_understood_is_named_with_its_part() {
        let wrong = |text: &str| read(text, NOW).map_err(|bad| (bad.line, bad.part));
        assert_eq!(wrong(";0;;;sms;070"), Err((1, "name")));
        assert_eq!(wrong("A;0;;;sms;070\nB;x;;;sms;070"), Err((2, "rank")));
        assert_eq!(wrong("A;0;i går;;sms;070"), Err((1, "from")));
        assert_eq!(wrong("A;0;2026-06-02 08:00;2026-06-01 08:00;sms;070"), Err((1, "until")));
        assert_eq!(wrong("A;0;;;duva;070"), Err((1, "channel")));
        assert_eq!(wrong("A;0;;;sms;"), Err((1, "address")));
    }
}
