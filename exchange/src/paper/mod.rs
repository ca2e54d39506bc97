//! A sheet of A4 with text and vector drawings, as PDF, with the fonts that every reader has.
//!
//! Places are millimetres from the upper left corner. Nothing flows by itself: whoever composes a
//! page asks how wide a text is and where a paragraph ended.

mod fonts;
mod write;

pub(crate) use write::{BOLD, POINTS, REGULAR, document};
pub use write::{pages, win_ansi};

/// Width of the sheet.
pub const WIDE: f32 = 210.0;
/// Height of the sheet.
pub const HIGH: f32 = 297.0;
/// Millimetres in a point.
const POINT: f32 = 25.4 / 72.0;
/// Distance of lines in sizes of the text.
const LEADING: f32 = 1.3;

/// How a text stands: its size in points, and its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// Size in points.
    pub size: f32,
    /// Whether it is bold.
    pub bold: bool,
}

impl Face {
    /// Of ordinary weight.
    #[must_use]
    pub const fn plain(size: f32) -> Self {
        Self { size, bold: false }
    }

    /// Of bold weight.
    #[must_use]
    pub const fn bold(size: f32) -> Self {
        Self { size, bold: true }
    }

    /// From one line to the next.
    #[must_use]
    pub fn line(self) -> f32 {
        self.size * POINT * LEADING
    }

    /// How wide a text is.
    #[must_use]
    pub fn width(self, text: &str) -> f32 {
        let sum: u32 = win_ansi(text).iter().map(|byte| fonts::width(*byte, self.bold)).sum();
        // A line of a sheet has a few hundred letters of at most a thousand thousandths.
        sum as f32 / 1_000.0 * self.size * POINT
    }
}

/// A colour: red, green and blue from 0 to 1.
pub type Ink = [f32; 3];

/// Black.
pub const BLACK: Ink = [0.0; 3];

#[derive(Clone, Debug, PartialEq)]
enum Mark {
    Text { at: (f32, f32), face: Face, ink: Ink, text: String },
    Line { points: Vec<(f32, f32)>, wide: f32, ink: Ink, dash: Option<(f32, f32)> },
    Area { points: Vec<(f32, f32)>, ink: Ink },
}

/// A sheet that is being composed.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    title: String,
    lang: String,
    marks: Vec<Mark>,
}

impl Sheet {
    /// An empty sheet; title and language are told to readers that speak.
    #[must_use]
    pub fn new(title: impl Into<String>, lang: impl Into<String>) -> Self {
        Self { title: title.into(), lang: lang.into(), marks: Vec::new() }
    }

    /// A line of text from a point on its base line.
    pub fn text(&mut self, at: (f32, f32), face: Face, ink: Ink, text: impl Into<String>) {
        self.marks.push(Mark::Text { at, face, ink, text: text.into() });
    }

    /// A line of text that ends at a point on its base line.
    pub fn text_end(&mut self, at: (f32, f32), face: Face, ink: Ink, text: &str) {
        self.text((at.0 - face.width(text), at.1), face, ink, text);
    }

    /// A paragraph within a width; the answer is the base line below its last one.
    pub fn paragraph(
        &mut self,
        at: (f32, f32),
        wide: f32,
        (face, ink): (Face, Ink),
        text: &str,
    ) -> f32 {
        let mut below = at.1;
        for line in wrapped(text, face, wide) {
            self.text((at.0, below), face, ink, line);
            below += face.line();
        }
        below
    }

    /// A line through points.
    pub fn line(&mut self, points: &[(f32, f32)], wide: f32, ink: Ink) {
        self.marks.push(Mark::Line { points: points.to_vec(), wide, ink, dash: None });
    }

    /// A dashed line through points: so long a stroke, so long a gap.
    pub fn dashed(&mut self, points: &[(f32, f32)], wide: f32, ink: Ink, dash: (f32, f32)) {
        self.marks.push(Mark::Line { points: points.to_vec(), wide, ink, dash: Some(dash) });
    }

    /// A filled area between points.
    pub fn area(&mut self, points: &[(f32, f32)], ink: Ink) {
        self.marks.push(Mark::Area { points: points.to_vec(), ink });
    }

    /// A filled rectangle.
    pub fn rect(&mut self, at: (f32, f32), size: (f32, f32), ink: Ink) {
        let (right, below) = (at.0 + size.0, at.1 + size.1);
        self.area(&[at, (right, at.1), (right, below), (at.0, below)], ink);
    }

    /// The sheet as a PDF document of one page.
    #[must_use]
    pub fn pdf(&self) -> Vec<u8> {
        write::write(self)
    }
}

/// A text in lines that fit; a word that is longer than a line stands alone on one.
#[must_use]
pub fn wrapped(text: &str, face: Face, wide: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if !line.is_empty() && face.width(&longer) > wide {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        } else {
            line = longer;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_as_wide_as_its_letters() {
        let face = Face::plain(10.0);
        // Helvetica: "Å" 667, "r" 333, space 278, "5" 556 thousandths of the size.
        let points = (667.0 + 333.0 + 278.0 + 556.0) / 1_000.0 * 10.0;
        assert!((face.width("År 5") - points * POINT).abs() < 1e-4);
        assert!(Face::bold(10.0).width("kr") > face.width("kr"));
    }

    #[test]
    fn lines_fit_and_no_word_is_lost() {
        let (face, text) =
            (Face::plain(9.0), "Regionerna har gemensam försörjning och egna lager.");
        let lines = wrapped(text, face, 30.0);
        assert!(lines.len() > 2 && lines.iter().all(|line| face.width(line) <= 30.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrapped("sjukvårdsregionen", face, 5.0), ["sjukvårdsregionen"]);
    }

    #[test]
    fn a_sheet_is_one_page_of_a4_with_its_letters_in_the_fonts_encoding() {
        let mut sheet = Sheet::new("Prov", "sv");
        sheet.text((20.0, 20.0), Face::bold(12.0), BLACK, "Skåne – förbättring \u{2212}5 ± 2");
        sheet.line(&[(20.0, 30.0), (60.0, 30.0)], 0.3, BLACK);
        sheet.dashed(&[(20.0, 32.0), (60.0, 32.0)], 0.3, BLACK, (1.0, 1.0));
        sheet.rect((20.0, 40.0), (10.0, 5.0), [0.5; 3]);
        let pdf = sheet.pdf();
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("/Count 1"), "{text}");
        assert!(text.contains("/MediaBox [0 0 595.27") || text.contains("/MediaBox [0 0 595.28"));
        assert!(text.contains("/Lang (sv)") && text.contains("/WinAnsiEncoding"));
        assert_eq!(win_ansi("å–\u{2212}±\u{202f}→"), [0xe5, 0x96, 0x96, 0xb1, 0xa0, b'?']);
    }

    #[test]
    fn several_sheets_are_one_document_with_every_page_in_its_place() {
        let sheet = |text: &str| {
            let mut sheet = Sheet::new(text, "sv");
            sheet.text((20.0, 20.0), Face::plain(12.0), BLACK, text);
            sheet
        };
        let pdf = pages(&[sheet("Ett"), sheet("Tva"), sheet("Tre")]);
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("/Count 3") && text.contains("/Kids [3 0 R 8 0 R 10 0 R]"), "{text}");
        let at = |word: &str| text.find(&format!("({word}) Tj")).expect("the page's text");
        assert!(at("Ett") < at("Tva") && at("Tva") < at("Tre"));
        assert_eq!(pages(&[sheet("Ett")]), sheet("Ett").pdf());
    }
}
