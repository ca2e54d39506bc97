//! The label as shapes, in millimetres from the upper left corner.

use super::{Label, WORDS_MAX, symbols};

/// The side of the label.
pub const SIDE: f32 = 100.0;

/// Width of a module of a linear symbol; the standard's usual one.
const MODULE: f32 = 0.25;
/// Height of a linear symbol.
const BARS: f32 = 10.0;
/// Width of a module of the Data Matrix.
const CELL: f32 = 0.5;
/// From the edge of a quarter to what is in it; wider than the quiet zone of ten modules.
const MARGIN: f32 = 3.5;
/// Half the label.
const HALF: f32 = SIDE / 2.0;

/// Something to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled rectangle: a bar or a cell.
    Box {
        /// From the left.
        x: f32,
        /// From the top.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
    },
    /// A rectangle's outline.
    Frame {
        /// From the left.
        x: f32,
        /// From the top.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
    },
    /// A line of words.
    Text {
        /// From the left.
        x: f32,
        /// From the top, to the line that the letters stand on.
        y: f32,
        /// Height of the letters' square.
        size: f32,
        /// Whether it is bold.
        bold: bool,
        /// The words.
        text: String,
    },
}

struct Drawing(Vec<Shape>);

/// The shapes of a label.
pub(super) fn label(label: &Label) -> Vec<Shape> {
    let mut drawing = Drawing(Vec::new());
    let quarters = [(0.0, 0.0), (HALF, 0.0), (0.0, HALF), (HALF, HALF)];
    for (((x, y), text), heading) in
        quarters.into_iter().zip(label.linear()).zip(&label.words.headings)
    {
        drawing.0.push(Shape::Frame {
            x: x + 0.5,
            y: y + 0.5,
            width: HALF - 1.0,
            height: HALF - 1.0,
        });
        drawing.text(x + MARGIN, y + 4.5, 2.5, false, heading);
        drawing.bars(x + MARGIN, y + 6.0, &text);
    }
    drawing.donation(label);
    // ABO large, RhD below it: what is read across a room.
    let (abo, rhd) = label.words.group.split_once(' ').unwrap_or((&label.words.group, ""));
    drawing.text(HALF + MARGIN, 34.0, 14.0, true, abo);
    drawing.text(HALF + MARGIN, 43.0, 6.5, true, rhd);
    drawing.text(HALF + MARGIN, 20.0, 2.8, false, &label.group.encode());
    drawing.text(MARGIN, HALF + 20.0, 3.2, true, label.product.as_str());
    drawing.lines(MARGIN, HALF + 25.0, 3.2, 25, &label.words.product);
    drawing.text(HALF + MARGIN, HALF + 21.5, 4.2, true, &label.words.expiry);
    drawing.matrix(HALF + MARGIN, HALF + 25.0, &label.matrix());
    drawing.lines(MARGIN, SIDE - 8.0, 2.5, 34, &label.words.notice);
    drawing.0
}

impl Drawing {
    /// The donation number as people read it: the flag apart, the check character in a box.
    fn donation(&mut self, label: &Label) {
        let (din, flag) = (label.din, label.flag.flag().number());
        // Small enough for the widest of the fonts that a reader may have.
        self.text(MARGIN, 21.5, 3.3, true, &din.spaced());
        self.text(MARGIN + 33.8, 20.0, 2.0, false, &format!("{flag:02}"));
        self.0.push(Shape::Frame { x: MARGIN + 37.5, y: 17.2, width: 5.2, height: 5.8 });
        self.text(MARGIN + 38.5, 21.6, 4.2, true, &din.check_character().to_string());
        self.lines(MARGIN, 28.0, 3.0, 27, &label.words.facility);
    }

    fn text(&mut self, x: f32, y: f32, size: f32, bold: bool, text: &str) {
        if !text.is_empty() {
            let text = text.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect();
            self.0.push(Shape::Text { x, y, size, bold, text });
        }
    }

    /// Words in as many lines as they need, four at most.
    fn lines(&mut self, x: f32, y: f32, size: f32, width: usize, text: &str) {
        for (at, line) in wrap(text, width).into_iter().take(4).enumerate() {
            self.text(x, y + size * 1.3 * at as f32, size, false, &line);
        }
    }

    fn bars(&mut self, x: f32, y: f32, text: &str) {
        let modules = symbols::code128(text).unwrap_or_default();
        for (from, length) in runs(&modules) {
            self.0.push(Shape::Box {
                x: x + from as f32 * MODULE,
                y,
                width: length as f32 * MODULE,
                height: BARS,
            });
        }
    }

    fn matrix(&mut self, x: f32, y: f32, text: &str) {
        for (row, modules) in symbols::matrix(text).unwrap_or_default().iter().enumerate() {
            for (from, length) in runs(modules) {
                self.0.push(Shape::Box {
                    x: x + from as f32 * CELL,
                    y: y + row as f32 * CELL,
                    width: length as f32 * CELL,
                    height: CELL,
                });
            }
        }
    }
}

/// Where dark modules stand in a row: from, how many.
fn runs(modules: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in modules.iter().enumerate().filter(|(_, dark)| **dark) {
        match runs.last_mut() {
            Some((from, length)) if *from + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

/// Lines of at most as many characters, broken between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let word: String = word.chars().take(width).collect();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}
