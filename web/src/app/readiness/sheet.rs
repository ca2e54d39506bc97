//! The situation report on one page of A4: what holds, who says so and when, and who says
//! otherwise. It always fits: letters get smaller first, then long texts shorter.

use samband_domain::agreements::Kept;
use samband_domain::readiness::Said;
use samband_domain::readiness::model::{Certainty, Field, Section, Statement};
use samband_domain::{JournalId, Mode, Time};
use samband_engine::World;
use samband_exchange::paper::{BLACK, Face, HIGH, Ink, Sheet, WIDE, wrapped};

use super::Terms;
use super::situation::{Situation, of_incident, of_section, stated_text};
use crate::pages::region_short;
use crate::text::Words;

/// What the page holds most of, as far as who may see it goes.
const KEPT: Kept = Kept::Capacity;

const MARGIN: f32 = 14.0;
const GAP: f32 = 7.0;
/// Width of one of the two columns.
const COLUMN: f32 = (WIDE - 2.0 * MARGIN - GAP) / 2.0;
/// Base line of the last line that a column holds.
const BOTTOM: f32 = HIGH - 22.0;
const GREY: Ink = [0.32, 0.36, 0.38];
const PINE: Ink = [0.06, 0.33, 0.39];
const BERRY: Ink = [0.55, 0.1, 0.22];
const LINE: Ink = [0.72, 0.76, 0.78];
const WHITE: Ink = [1.0; 3];
const FAINT: Ink = [0.9, 0.91, 0.93];

/// How much is shown: size of letters, letters of a text, other statements of a field.
const SCALES: [(f32, usize, usize); 9] = [
    (9.5, 400, 4),
    (9.0, 300, 3),
    (8.5, 240, 3),
    (8.0, 180, 2),
    (7.5, 140, 2),
    (7.0, 100, 2),
    (6.5, 80, 1),
    (5.8, 48, 1),
    (5.2, 24, 1),
];

struct Line {
    face: Face,
    ink: Ink,
    text: String,
    /// Distance from what stands above.
    above: f32,
    /// Stands on the same page part as what follows.
    heads: bool,
}

/// What the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a, 'w> {
    /// The language.
    pub words: Words,
    /// The world.
    pub world: &'w World,
    /// What is said.
    pub situation: &'a Situation<'w>,
    /// Whose page it is.
    pub reader: &'a JournalId,
    /// When the page is made.
    pub now: Time,
}

/// The page as PDF.
#[must_use]
pub fn pdf(asked: &Asked<'_, '_>) -> Vec<u8> {
    let w = asked.words;
    let mut sheet = Sheet::new(w.t("ready-situation"), w.lang().code());
    watermark(&mut sheet, asked);
    let top = head(&mut sheet, asked);
    let fitting = SCALES.iter().map(|scale| lines(asked, *scale)).find_map(|all| {
        let places = placed(&all, top)?;
        Some((all, places))
    });
    let last = || {
        let all = lines(asked, SCALES[SCALES.len() - 1]);
        (all, Vec::new())
    };
    let (mut all, mut places) = fitting.unwrap_or_else(last);
    if places.is_empty() {
        places = flow(&all, top);
        // What is left out is never left out silently.
        if let Some(end) = places.len().checked_sub(1).and_then(|at| all.get_mut(at)) {
            end.text = w.t("ready-sheet-cut");
        }
    }
    for (line, (x, y)) in all.iter().zip(places) {
        sheet.text((x, y), line.face, line.ink, line.text.clone());
    }
    foot(&mut sheet, asked);
    sheet.pdf()
}

/// The mark that the page begins and ends with; none in the real world.
fn mark(asked: &Asked<'_, '_>) -> Option<(String, Ink)> {
    match asked.situation.mode {
        Mode::Real => None,
        Mode::Exercise => Some((asked.words.t("ready-mark-exercise"), [0.42, 0.18, 0.5])),
        Mode::Demo => Some((asked.words.t("ready-mark-demo"), [0.3, 0.36, 0.42])),
    }
}

fn watermark(sheet: &mut Sheet, asked: &Asked<'_, '_>) {
    let Some((word, ink)) = mark(asked) else { return };
    let (face, large) = (Face::bold(11.0), Face::bold(64.0));
    let text = format!("{word} – {} – {word}", asked.words.t("ready-mark-not-real"));
    for y in [0.0, HIGH - 8.0] {
        sheet.rect((0.0, y), (WIDE, 8.0), ink);
        sheet.text(((WIDE - face.width(&text)) / 2.0, y + 5.4), face, WHITE, text.clone());
    }
    for y in [118.0, 212.0] {
        sheet.text(((WIDE - large.width(&word)) / 2.0, y), large, FAINT, word.clone());
    }
}

fn head(sheet: &mut Sheet, asked: &Asked<'_, '_>) -> f32 {
    let (w, situation) = (asked.words, asked.situation);
    sheet.text((MARGIN, 18.0), Face::bold(16.0), BLACK, w.t("ready-situation"));
    let made = w.t_args("ready-sheet-made", &[("time", w.date_time(asked.now.0).into())]);
    sheet.text_end((WIDE - MARGIN, 18.0), Face::plain(9.0), GREY, &made);
    let (n, of) = situation.reported();
    let owner = region_short(asked.world, &situation.issuer.id);
    let title = format!("{} · {owner} · {}", situation.incident.report.title, situation.id);
    let inside = WIDE - 2.0 * MARGIN;
    let mut y =
        sheet.paragraph((MARGIN, 24.5), inside, (Face::bold(10.5), BLACK), &cutoff(&title, 160));
    let count = w.t_args("ready-reported", &[("n", n.into()), ("of", of.into())]);
    let each: Vec<String> = situation.parts().iter().map(|part| part_text(asked, part)).collect();
    let text = format!("{count}: {}.", each.join(" · "));
    y = sheet.paragraph((MARGIN, y), inside, (Face::plain(8.0), GREY), &cutoff(&text, 600));
    sheet.line(&[(MARGIN, y - 1.6), (WIDE - MARGIN, y - 1.6)], 0.3, LINE);
    y + 3.0
}

fn part_text(asked: &Asked<'_, '_>, part: &super::situation::Part<'_>) -> String {
    let w = asked.words;
    let name = region_short(asked.world, &part.region.id);
    match (part.said, part.last()) {
        (Some(said), Some(last)) => {
            let version = ("version", said.version.into());
            let with = [("region", name.into()), version, ("clock", w.clock(last.0).into())];
            w.t_args("ready-sheet-part", &with)
        }
        _ => w.t_args("ready-sheet-silent", &[("region", name.into())]),
    }
}

fn foot(sheet: &mut Sheet, asked: &Asked<'_, '_>) {
    let w = asked.words;
    let y = HIGH - 16.5;
    sheet.line(&[(MARGIN, y), (WIDE - MARGIN, y)], 0.3, LINE);
    let terms = Terms::of(asked.world, asked.now);
    let owner = &asked.situation.issuer.id;
    sheet.text((MARGIN, y + 4.0), Face::bold(8.0), BLACK, terms.whom(w, KEPT, owner, asked.reader));
    if let Some(by) = terms.by(w, owner, asked.reader) {
        sheet.text((MARGIN, y + 7.4), Face::plain(7.0), GREY, cutoff(&by, 120));
    }
    sheet.text_end((WIDE - MARGIN, y + 4.0), Face::plain(7.0), GREY, &w.t("ready-sheet-counts"));
}

fn lines(asked: &Asked<'_, '_>, (size, most, others): (f32, usize, usize)) -> Vec<Line> {
    let mut all = Vec::new();
    for section in Section::ALL.iter().copied() {
        let heading = asked.words.dynamic("ready-of-section-", section.as_str());
        let face = Face::bold(size + 1.0);
        all.push(Line { face, ink: PINE, text: heading, above: 1.6, heads: true });
        let mut silent = Vec::new();
        for of in of_section(section) {
            if !of_field(&mut all, asked, of, (size, most, others)) {
                silent.push(asked.words.dynamic("ready-of-field-", of.as_str()));
            }
        }
        if !silent.is_empty() {
            let with = [("fields", silent.join(", ").into())];
            let text = asked.words.t_args("ready-sheet-nothing", &with);
            let face = Face::plain(size - 1.0);
            paragraph(&mut all, face, GREY, &text);
        }
    }
    all
}

/// A field's lines; false if nobody has said a word of it.
fn of_field(
    all: &mut Vec<Line>,
    asked: &Asked<'_, '_>,
    of: Field,
    (size, most, others): (f32, usize, usize),
) -> bool {
    let accounts = asked.situation.accounts(of);
    if accounts.is_empty() {
        return false;
    }
    let w = asked.words;
    let label = w.dynamic("ready-of-field-", of.as_str());
    let value = |said: &Said<Statement>| cutoff(&stated_text(w, &said.what.stated), most);
    if of_incident(of) {
        let holds = accounts[0].holds;
        let text = format!("{label}: {}", value(holds.1));
        paragraph(all, Face::bold(size), BLACK, &text);
        paragraph(all, Face::plain(size - 1.5), GREY, &from_text(asked, holds));
    } else {
        // Each region speaks of itself: one line after the other would fill the page.
        let one = |(region, said): (&JournalId, &Said<Statement>)| {
            format!("{} ({})", value(said), from_text(asked, (region, said)))
        };
        let each: Vec<_> = accounts.iter().map(|merged| one(merged.holds)).collect();
        paragraph(all, Face::bold(size), BLACK, &label);
        paragraph(all, Face::plain(size - 0.5), BLACK, &each.join(" · "));
    }
    let rest: Vec<_> = accounts.iter().flat_map(|merged| merged.others.iter()).collect();
    for other in rest.iter().take(others) {
        let with = [("value", value(other.1).into()), ("from", from_text(asked, **other).into())];
        paragraph(all, Face::plain(size - 1.0), BERRY, &w.t_args("ready-sheet-other", &with));
    }
    if rest.len() > others {
        let left = rest.len() - others;
        let text = w.t_args("ready-sheet-more", &[("n", left.into())]);
        paragraph(all, Face::plain(size - 1.0), BERRY, &text);
    }
    true
}

/// `TiB Skåne 14:05, uppskattad`.
fn from_text(asked: &Asked<'_, '_>, (region, said): (&JournalId, &Said<Statement>)) -> String {
    let (w, one) = (asked.words, &said.what);
    let source = w.dynamic("ready-of-source-", one.source.as_str());
    let place = region_short(asked.world, region);
    let day = if one.valid.date() == asked.now.date() {
        String::new()
    } else {
        w.date(one.valid.0) + " "
    };
    let clock = w.clock(one.valid.0);
    let sure = match one.certainty {
        Certainty::Confirmed => String::new(),
        other => format!(", {}", w.dynamic("ready-of-certainty-", other.as_str())),
    };
    format!("{source} {place} {day}{clock}{sure}")
}

fn paragraph(all: &mut Vec<Line>, face: Face, ink: Ink, text: &str) {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in wrapped(&flat, face, COLUMN) {
        all.push(Line { face, ink, text: line, above: 0.0, heads: false });
    }
}

/// Where each line stands; none if they do not fit into the two columns.
fn placed(all: &[Line], top: f32) -> Option<Vec<(f32, f32)>> {
    let places = flow(all, top);
    (places.len() == all.len()).then_some(places)
}

/// Where the lines stand that fit.
fn flow(all: &[Line], top: f32) -> Vec<(f32, f32)> {
    let mut places = Vec::with_capacity(all.len());
    let (mut x, mut y) = (MARGIN, top);
    for line in all {
        let step = line.above + line.face.line();
        // A heading does not stand alone at the foot of a column.
        let needed = if line.heads { step * 2.5 } else { step };
        if y + needed > BOTTOM {
            if x > MARGIN {
                break;
            }
            (x, y) = (MARGIN + COLUMN + GAP, top);
        }
        y += step;
        places.push((x, y - line.face.line() * 0.3));
    }
    places
}

/// A text of at most so many letters.
fn cutoff(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let short: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", short.trim_end())
}
