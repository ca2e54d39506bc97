//! What every sheet for the wall or the folder says: in which mode it was made, when, until when
//! it holds, and who may see it. An exercise says so first and last.

use samband_domain::{JournalId, Mode, Time};
use samband_engine::World;
use samband_exchange::paper::{BLACK, Face, Ink, Sheet, WIDE};

use crate::text::Words;

/// Left and right margin.
pub const MARGIN: f32 = 16.0;
/// Width between the margins.
pub const INSIDE: f32 = WIDE - 2.0 * MARGIN;
/// The last base line of a sheet's contents.
pub const BOTTOM: f32 = 272.0;
/// For what stands beside.
pub const GREY: Ink = [0.32, 0.36, 0.38];
/// Lines of tables.
pub const LINE: Ink = [0.62, 0.66, 0.68];
/// Behind headings.
pub const TINT: Ink = [0.91, 0.94, 0.95];
/// Behind the word of an exercise.
const EXERCISE: Ink = [0.29, 0.15, 0.41];
/// Behind the word of a demonstration.
const DEMO: Ink = [0.48, 0.29, 0.0];
const WHITE: Ink = [1.0; 3];

/// Ordinary text.
pub const BODY: Face = Face::plain(10.0);
/// Text that must be found.
pub const STRONG: Face = Face::bold(10.0);
/// What stands beside.
pub const FINE: Face = Face::plain(8.0);

/// For how many hours a sheet holds at most: it is printed anew every day.
const HOLDS_HOURS: i64 = 26;

/// What a sheet is made for.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The language.
    pub words: Words,
    /// What is known.
    pub world: &'a World,
    /// Whose sheet.
    pub region: &'a JournalId,
    /// When it is made.
    pub now: Time,
}

impl About<'_> {
    /// The mode of the region's journal.
    #[must_use]
    pub fn mode(&self) -> Mode {
        let journal = self.world.journal(self.region);
        journal.and_then(|journal| journal.mode()).unwrap_or(Mode::Real)
    }

    /// The word that an exercise or a demonstration begins and ends with.
    #[must_use]
    pub fn mode_word(&self) -> Option<String> {
        match self.mode() {
            Mode::Real => None,
            Mode::Exercise => Some(self.words.t("roster-mode-exercise")),
            Mode::Demo => Some(self.words.t("roster-mode-demo")),
        }
    }

    /// Until when the sheet holds: the next handover, and a day at most.
    #[must_use]
    pub fn holds_until(&self) -> Time {
        let shared = self.world.journal(self.region).map(|one| one.shared());
        let rosters = shared.map(|shared| &shared.alarms.rosters);
        let covers = rosters.into_iter().flat_map(|all| all.values());
        let handovers = covers.filter_map(|roster| super::warn::handover(&roster.cover, self.now));
        let day = self.now.plus_seconds(HOLDS_HOURS * 3_600);
        handovers.min().map_or(day, |first| first.min(day))
    }

    /// A sheet with its head; the answer is where its contents begin.
    #[must_use]
    pub fn begin(&self, title: &str, part: Option<(usize, usize)>) -> (Sheet, f32) {
        let w = self.words;
        let mut sheet = Sheet::new(title, w.lang().code());
        let mut y = 18.0;
        if let Some(word) = self.mode_word() {
            bar(&mut sheet, 8.0, (self.mode(), &word));
            y = 24.0;
        }
        sheet.text((MARGIN, y), Face::bold(18.0), BLACK, title);
        let whose = crate::pages::region_short(self.world, self.region);
        sheet.text_end((WIDE - MARGIN, y), Face::bold(12.0), BLACK, &whose);
        let times = [
            ("made", w.date_time(self.now.0).into()),
            ("until", w.date_time(self.holds_until().0).into()),
        ];
        sheet.text((MARGIN, y + 7.0), STRONG, BLACK, w.t_args("roster-print-times", &times));
        if let Some((n, of)) = part {
            let text = w.t_args("roster-print-page", &[("n", n.into()), ("of", of.into())]);
            sheet.text_end((WIDE - MARGIN, y + 7.0), FINE, GREY, &text);
        }
        let seen = w.t("roster-print-seen");
        let below = sheet.paragraph((MARGIN, y + 12.0), INSIDE, (FINE, GREY), &seen);
        sheet.line(&[(MARGIN, below - 1.0), (WIDE - MARGIN, below - 1.0)], 0.4, BLACK);
        self.end(&mut sheet);
        (sheet, below + 5.0)
    }

    fn end(&self, sheet: &mut Sheet) {
        let text = self.words.t("roster-print-foot");
        sheet.paragraph((MARGIN, 279.0), INSIDE, (FINE, GREY), &text);
        if let Some(word) = self.mode_word() {
            bar(sheet, 285.0, (self.mode(), &word));
        }
    }
}

fn bar(sheet: &mut Sheet, y: f32, (mode, word): (Mode, &str)) {
    let ink = if mode == Mode::Demo { DEMO } else { EXERCISE };
    sheet.rect((MARGIN, y), (INSIDE, 7.0), ink);
    sheet.text((MARGIN + 3.0, y + 5.1), Face::bold(12.0), WHITE, word);
}
