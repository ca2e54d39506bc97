//! The contact list for the folder: every role that an alarm may concern, who has it now and next,
//! and every way to them.

use samband_domain::alarms::model::{Recipient, Turn, Way};
use samband_exchange::paper::{BLACK, Face, Sheet, WIDE, pages, wrapped};

use super::sheet::{About, BODY, BOTTOM, FINE, GREY, INSIDE, LINE, MARGIN, STRONG, TINT};
use super::{FALLBACK, ROLES, of_region, other_regions, outside, rank_text, recipient_text, turns};
use crate::text::Words;

/// Where the columns begin: name, until when, ways.
const COLUMNS: [f32; 3] = [MARGIN + 2.0, 80.0, 118.0];

/// Everybody on a region's list: its own roles, those outside, and other regions' functions.
#[must_use]
pub fn recipients(about: &About<'_>) -> Vec<Recipient> {
    let others = other_regions(about.world, about.region);
    let mut all = of_region(about.region, &ROLES);
    all.extend(outside());
    all.extend(others.iter().flat_map(|id| of_region(id, &FALLBACK)));
    all
}

/// Turns that a printed list names: those on duty now, and those who come within a day.
#[must_use]
pub fn listed(turns: &[Turn], about: &About<'_>) -> Vec<Turn> {
    let soon = about.now.plus_days(1);
    let over = |turn: &&Turn| turn.window.until().is_none_or(|until| until > about.now);
    let mut all: Vec<_> =
        turns.iter().filter(over).filter(|turn| turn.window.from() < soon).cloned().collect();
    all.sort_by_key(|turn| (turn.window.from() > about.now, turn.rank, turn.window.from()));
    all
}

/// The contact list as PDF.
#[must_use]
pub fn contacts(about: &About<'_>) -> Vec<u8> {
    // Twice: how many sheets it takes is said on each of them.
    let count = composed(about, 1).len();
    pages(&composed(about, count))
}

fn composed(about: &About<'_>, count: usize) -> Vec<Sheet> {
    let title = about.words.t("roster-contacts-title");
    let mut done = Vec::new();
    let (mut sheet, mut y) = about.begin(&title, Some((1, count)));
    for of in recipients(about) {
        let lines = block(about, &of);
        if y + lines.high() > BOTTOM {
            done.push(sheet);
            (sheet, y) = about.begin(&title, Some((done.len() + 1, count)));
        }
        y = lines.draw(&mut sheet, y);
    }
    done.push(sheet);
    done
}

struct Block {
    heading: String,
    rows: Vec<(Vec<String>, String, Vec<String>)>,
}

fn block(about: &About<'_>, of: &Recipient) -> Block {
    let w = about.words;
    let heading = recipient_text(w, about.world, of);
    let listed = listed(turns(about.world, about.region, of), about);
    let row = |turn: &Turn| {
        let name = format!("{} ({})", turn.name, rank_text(w, turn.rank));
        let when = when_text(about, turn);
        let ways = turn.ways.iter().filter_map(|way| way_text(w, way));
        let ways = ways.flat_map(|text| wrapped(&text, BODY, WIDE - MARGIN - COLUMNS[2]));
        (wrapped(&name, STRONG, COLUMNS[1] - COLUMNS[0] - 2.0), when, ways.collect())
    };
    let rows = if listed.is_empty() {
        vec![(vec![w.t("roster-contacts-nobody")], String::new(), vec!["_".repeat(32)])]
    } else {
        listed.iter().map(row).collect()
    };
    Block { heading, rows }
}

/// Until when somebody has it, or from when.
fn when_text(about: &About<'_>, turn: &Turn) -> String {
    let w = about.words;
    let short = |at: samband_domain::Time| {
        let date = w.date(at.0);
        // On a sheet of one day the year is in everybody's head; the clock is not.
        format!("{} {}", date.get(5..).unwrap_or(&date), w.clock(at.0))
    };
    if turn.window.from() > about.now {
        return w.t_args("roster-print-from", &[("at", short(turn.window.from()).into())]);
    }
    match turn.window.until() {
        Some(until) => w.t_args("roster-print-until", &[("at", short(until).into())]),
        None => w.t("roster-print-further"),
    }
}

/// A way as it is printed; the open page is no way for paper.
#[must_use]
pub fn way_text(w: Words, way: &Way) -> Option<String> {
    let kind = w.dynamic("roster-channel-", way.channel.as_str());
    let there = !way.address.trim().is_empty();
    there.then(|| format!("{kind}: {}", way.address))
}

impl Block {
    fn lines(row: &(Vec<String>, String, Vec<String>)) -> usize {
        row.0.len().max(row.2.len()).max(1)
    }

    fn high(&self) -> f32 {
        let lines: usize = self.rows.iter().map(Self::lines).sum();
        8.0 + BODY.line() * lines as f32 + 1.5 * self.rows.len() as f32 + 3.0
    }

    fn draw(&self, sheet: &mut Sheet, y: f32) -> f32 {
        sheet.rect((MARGIN, y - 4.4), (INSIDE, 6.2), TINT);
        sheet.text((COLUMNS[0], y), Face::bold(10.5), BLACK, self.heading.clone());
        let mut y = y + 7.0;
        for row in &self.rows {
            for (n, name) in row.0.iter().enumerate() {
                sheet.text((COLUMNS[0], y + BODY.line() * n as f32), STRONG, BLACK, name.clone());
            }
            sheet.text((COLUMNS[1], y), FINE, GREY, row.1.clone());
            for (n, way) in row.2.iter().enumerate() {
                sheet.text((COLUMNS[2], y + BODY.line() * n as f32), BODY, BLACK, way.clone());
            }
            y += BODY.line() * Self::lines(row) as f32 + 1.5;
            sheet.line(&[(MARGIN, y - 4.6), (WIDE - MARGIN, y - 4.6)], 0.1, LINE);
        }
        y + 4.0
    }
}

/// A file for the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub pdf: Vec<u8>,
}

/// Everything that is printed for a region every day.
#[must_use]
pub fn all(about: &About<'_>) -> Vec<Print> {
    let w = about.words;
    let region = about.region;
    let contacts = Print {
        name: format!("{region}-{}.pdf", w.t("roster-file-contacts")),
        pdf: contacts(about),
    };
    let cards = super::cards::CARDS.iter().map(|role| Print {
        name: format!("{region}-{}-{role}.pdf", w.t("roster-file-card")),
        pdf: super::cards::card(about, *role).pdf(),
    });
    std::iter::once(contacts).chain(cards).collect()
}
