//! Shapes as a PDF document of one page, with the fonts that every reader has.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::draw::{SIDE, Shape};
use crate::paper::win_ansi;

/// Points in a millimetre.
const POINTS: f32 = 72.0 / 25.4;

const REGULAR: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");

pub(super) fn write(shapes: &[Shape], title: &str) -> Vec<u8> {
    let [catalog, pages, page_id, regular, bold, content, info] =
        [1, 2, 3, 4, 5, 6, 7].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page_id]).count(1);
    pdf.document_info(info).title(TextStr(title));
    let mut page = pdf.page(page_id);
    page.media_box(Rect::new(0.0, 0.0, SIDE * POINTS, SIDE * POINTS)).parent(pages);
    page.contents(content);
    let mut resources = page.resources();
    resources.fonts().pair(REGULAR, regular).pair(BOLD, bold);
    resources.finish();
    page.finish();
    for (id, name) in [(regular, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(id).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    pdf.stream(content, &drawn(shapes));
    pdf.finish()
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
