//! The after-action report on paper: what was measured, what follows from it, and everything that
//! was written down, in the order in which it was known.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::{Known, Mode, Time};
use samband_engine::World;
use samband_exchange::paper::{BLACK, Face, HIGH, Ink, Sheet, WIDE, pages, wrapped};

use super::list::{cost_text, due_text};
use super::{course, duration};
use crate::app::incident::after::{Measured, longest, median, report};
use crate::app::incident::duties::{self, Row as Duty};
use crate::app::incident::timeline::{self, Step};
use crate::app::incident::{self, Found, find};
use crate::app::{App, Problem, Visitor};
use crate::pages::parts::region_name;
use crate::text::Words;

const MARGIN: f32 = 16.0;
const INSIDE: f32 = WIDE - 2.0 * MARGIN;
/// The last base line of a sheet's contents.
const BOTTOM: f32 = HIGH - 24.0;
const GREY: Ink = [0.32, 0.36, 0.38];
const PINE: Ink = [0.06, 0.33, 0.39];
const LINE: Ink = [0.72, 0.76, 0.78];
const WHITE: Ink = [1.0; 3];
const BODY: Face = Face::plain(9.0);
const STRONG: Face = Face::bold(9.0);
const FINE: Face = Face::plain(7.5);
/// Where the columns of times begin.
const COLUMNS: [f32; 4] = [MARGIN, 92.0, 126.0, 162.0];

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (world, now) = incident::now(&app);
    let found = find(&world, &issuer, &id)?;
    visitor.permit(&app, Action::SeeAlarms, &found.journal.id)?;
    let steps = timeline::read(&app, &world, &found, &visitor.region, None).await?;
    let about = About { w: visitor.words, world: &world, found: &found, steps: &steps, now };
    // Twice: how many sheets it takes is said on each of them.
    let count = composed(&about, 1).len();
    let bytes = pages(&composed(&about, count));
    let name = format!("{}-{}.pdf", visitor.words.t("inc-after-file"), found.id);
    let name = format!("inline; filename=\"{name}\"");
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// What the report is made of.
struct About<'a, 'w> {
    w: Words,
    world: &'w World,
    found: &'a Found<'w>,
    steps: &'a [Step],
    now: Time,
}

/// Sheets that are being filled.
struct Paper<'a, 'w> {
    about: &'a About<'a, 'w>,
    count: usize,
    done: Vec<Sheet>,
    sheet: Sheet,
    y: f32,
}

fn composed(about: &About<'_, '_>, count: usize) -> Vec<Sheet> {
    let sheet = Sheet::new(about.w.t("inc-after-title"), about.w.lang().code());
    let mut paper = Paper { about, count, done: Vec::new(), sheet, y: 0.0 };
    paper.begin();
    paper.times();
    paper.duties();
    paper.course();
    paper.done.push(paper.sheet);
    paper.done
}

impl Paper<'_, '_> {
    /// The head of a sheet and its foot; an exercise says so in both.
    fn begin(&mut self) {
        let (w, found) = (self.about.w, self.about.found);
        let mut y = 18.0;
        if let Some((word, ink)) = self.mark() {
            for at in [7.0, HIGH - 13.0] {
                self.sheet.rect((MARGIN, at), (INSIDE, 7.0), ink);
                self.sheet.text((MARGIN + 3.0, at + 5.1), Face::bold(12.0), WHITE, word.clone());
                let end = WIDE - MARGIN - 3.0;
                self.sheet.text_end((end, at + 5.1), Face::bold(12.0), WHITE, &word);
            }
            y = 23.0;
        }
        self.sheet.text((MARGIN, y), Face::bold(15.0), BLACK, w.t("inc-after-title"));
        let place = (self.done.len() + 1).into();
        let sheets = w.t_args("inc-after-sheet", &[("n", place), ("of", self.count.into())]);
        self.sheet.text_end((WIDE - MARGIN, y), FINE, GREY, &sheets);
        let owner = region_name(self.about.world, &found.journal.id);
        let title = format!("{} · {owner} · {}", found.held.report.title, found.id);
        let at = (MARGIN, y + 6.5);
        y = self.sheet.paragraph(at, INSIDE, (Face::bold(10.0), BLACK), &title);
        let stage = w.dynamic("inc-of-stage-", found.held.stage.as_str());
        let made = w.date_time(self.about.now.0);
        let made = w.t_args("inc-after-made", &[("stage", stage.into()), ("time", made.into())]);
        y = self.sheet.paragraph((MARGIN, y), INSIDE, (FINE, GREY), &made);
        self.sheet.line(&[(MARGIN, y - 1.4), (WIDE - MARGIN, y - 1.4)], 0.3, LINE);
        let foot = w.t("inc-after-foot");
        self.sheet.paragraph((MARGIN, HIGH - 17.0), INSIDE, (FINE, GREY), &foot);
        self.y = y + 4.0;
    }

    /// The word that every sheet begins and ends with; none in the real world.
    fn mark(&self) -> Option<(String, Ink)> {
        match self.about.found.mode() {
            Mode::Real => None,
            Mode::Exercise => Some((self.about.w.t("ready-mark-exercise"), [0.29, 0.15, 0.41])),
            Mode::Demo => Some((self.about.w.t("ready-mark-demo"), [0.48, 0.29, 0.0])),
        }
    }

    /// Room for so much; otherwise the next sheet begins.
    fn room(&mut self, high: f32) {
        if self.y + high > BOTTOM {
            let next = Sheet::new(self.about.w.t("inc-after-title"), self.about.w.lang().code());
            self.done.push(std::mem::replace(&mut self.sheet, next));
            self.begin();
        }
    }

    fn heading(&mut self, text: &str, size: f32) {
        let face = Face::bold(size);
        // A heading never stands alone at the foot.
        self.room(face.line() * 5.0);
        self.y += face.line() * 0.6;
        self.sheet.text((MARGIN, self.y), face, PINE, text);
        self.y += face.line();
    }

    fn paragraph(&mut self, indent: f32, (face, ink): (Face, Ink), text: &str) {
        for line in wrapped(text, face, INSIDE - indent) {
            self.room(face.line());
            self.sheet.text((MARGIN + indent, self.y), face, ink, line);
            self.y += face.line();
        }
    }

    fn row(&mut self, face: Face, cells: &[String; 4]) {
        let lines: Vec<Vec<String>> = cells
            .iter()
            .enumerate()
            .map(|(at, cell)| {
                let end = COLUMNS.get(at + 1).copied().unwrap_or(WIDE - MARGIN);
                wrapped(cell, face, end - COLUMNS[at] - 2.0)
            })
            .collect();
        let most = lines.iter().map(Vec::len).max().unwrap_or(1).max(1);
        self.room(face.line() * most as f32 + 1.0);
        for (at, cell) in lines.into_iter().enumerate() {
            for (n, line) in cell.into_iter().enumerate() {
                let y = self.y + face.line() * n as f32;
                self.sheet.text((COLUMNS[at], y), face, BLACK, line);
            }
        }
        self.y += face.line() * most as f32;
        let y = self.y - face.line() * 0.7;
        self.sheet.line(&[(MARGIN, y), (WIDE - MARGIN, y)], 0.1, LINE);
        self.y += 0.8;
    }

    fn times(&mut self) {
        let (w, world) = (self.about.w, self.about.world);
        let all = report(world, self.about.found);
        self.heading(&w.t("inc-times"), 11.0);
        let head = |first: String| [first, w.t("inc-took"), w.t("inc-within"), w.t("inc-verdict")];
        self.row(STRONG, &head(w.t("inc-what")));
        for one in &all.course {
            let what = w.dynamic("inc-of-took-", one.what);
            self.row(BODY, &measured(w, what, one));
        }
        for (what, rows) in all.tables().into_iter().filter(|(_, rows)| !rows.is_empty()) {
            self.heading(&w.dynamic("inc-of-took-", what), 9.5);
            self.row(STRONG, &head(w.t("inc-region")));
            for one in rows {
                let region = one.region.as_ref().map(|region| region_name(world, region));
                self.row(BODY, &measured(w, region.unwrap_or_default(), one));
            }
            for (key, known) in [("inc-median", median(rows)), ("inc-longest", longest(rows))] {
                let took = seconds(w, known);
                self.row(BODY, &[w.t(key), took, String::new(), String::new()]);
            }
        }
        self.y += 1.0;
        self.paragraph(0.0, (FINE, GREY), &w.t("inc-times-means"));
    }

    fn duties(&mut self) {
        let (w, world, now) = (self.about.w, self.about.world, self.about.now);
        let rows = duties::of(world, self.about.found, now);
        self.heading(&w.t("inc-duties"), 11.0);
        if rows.is_empty() {
            self.paragraph(0.0, (BODY, GREY), &w.t("inc-duties-none"));
        }
        for row in &rows {
            self.duty(row);
        }
    }

    fn duty(&mut self, row: &Duty<'_>) {
        let (w, duty) = (self.about.w, &row.assigned.duty);
        self.room(BODY.line() * 3.0);
        self.paragraph(0.0, (STRONG, BLACK), &duty.what);
        let owner = duty.owner.clone().unwrap_or_else(|| w.t("inc-duty-no-owner"));
        let region = region_name(self.about.world, &duty.region);
        let line = format!("{region} · {owner} · {}", due_text(w, row, self.about.now));
        self.paragraph(4.0, (BODY, BLACK), &line);
        if let Some(gap) = &duty.gap {
            self.paragraph(4.0, (BODY, BLACK), &format!("{}: {gap}", w.t("inc-duty-gap")));
        }
        let cost = format!("{}: {}", w.t("inc-duty-cost"), cost_text(w, duty.cost));
        self.paragraph(4.0, (BODY, BLACK), &cost);
        let proof = row.said.map_or_else(
            || w.t("inc-duty-unsaid"),
            |said| format!("{} ({})", said.what.proof, w.date_time(said.said.0)),
        );
        self.paragraph(4.0, (BODY, BLACK), &format!("{}: {proof}", w.t("inc-duty-proof")));
        self.y += 1.5;
    }

    fn course(&mut self) {
        let (w, world, found) = (self.about.w, self.about.world, self.about.found);
        self.heading(&w.t("inc-course"), 11.0);
        self.paragraph(0.0, (FINE, GREY), &w.t("inc-clocks"));
        let mut day = String::new();
        for step in course::further(self.about.steps) {
            let today = w.date(step.known.0);
            if today != day {
                self.room(BODY.line() * 2.5);
                self.paragraph(0.0, (STRONG, PINE), &today);
                day = today;
            }
            let (what, who) = course::text(w, world, found, step);
            self.room(BODY.line() * 2.0);
            self.sheet.text((MARGIN, self.y), STRONG, BLACK, w.clock(step.known.0));
            self.paragraph(12.0, (BODY, BLACK), &what);
            let happened = step
                .happened
                .map(|at| format!("{} {} · ", w.t("inc-happened-at"), w.date_time(at.0)));
            let who = format!("{}{who}", happened.unwrap_or_default());
            self.paragraph(12.0, (FINE, GREY), &who);
            self.y += 0.6;
        }
    }
}

fn seconds(w: Words, known: Known<i64>) -> String {
    known.value().map_or_else(|| w.unknown(), |seconds| duration(w, seconds))
}

fn measured(w: Words, what: String, one: &Measured) -> [String; 4] {
    let within = one.within.map_or_else(|| "–".into(), |n| duration(w, n.into()));
    let verdict = match (one.within, one.in_time()) {
        (None, _) => "–".into(),
        (_, Some(true)) => w.t("inc-in-time"),
        (_, Some(false)) => w.t("inc-too-late"),
        (_, None) => w.t("inc-not-yet"),
    };
    [what, seconds(w, one.seconds), within, verdict]
}
