//! Shapes as a PDF document of one page, with the fonts that every reader has.

use pdf_writer::{Content, Str};

use super::draw::{SIDE, Shape};
use crate::paper::{BOLD, POINTS, REGULAR, document, win_ansi};

pub(super) fn write(shapes: &[Shape], title: &str) -> Vec<u8> {
    document((SIDE, SIDE), None, title, &drawn(shapes))
}

fn drawn(shapes: &[Shape]) -> Vec<u8> {
    let mut content = Content::new();
    // From here on, millimetres from the lower left corner.
    content.transform([POINTS, 0.0, 0.0, POINTS, 0.0, 0.0]);
    content.set_line_width(0.2);
    for shape in shapes {
        match shape {
            Shape::Box { x, y, width, height } => {
                content.rect(*x, SIDE - y - height, *width, *height).fill_nonzero();
            }
            Shape::Frame { x, y, width, height } => {
                content.rect(*x, SIDE - y - height, *width, *height).stroke();
            }
            Shape::Text { x, y, size, bold, text } => {
                content.begin_text().set_font(if *bold { BOLD } else { REGULAR }, *size);
                content.next_line(*x, SIDE - y).show(Str(&win_ansi(text))).end_text();
            }
        }
    }
    content.finish().to_vec()
}
