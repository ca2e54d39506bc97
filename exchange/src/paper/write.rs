//! A sheet as PDF.

use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::{HIGH, Ink, Mark, Sheet, WIDE};

/// Points in a millimetre.
pub(crate) const POINTS: f32 = 72.0 / 25.4;

/// The ordinary font of a [`document`].
pub(crate) const REGULAR: Name<'static> = Name(b"F1");
/// Its bold font.
pub(crate) const BOLD: Name<'static> = Name(b"F2");

pub(super) fn write(sheet: &Sheet) -> Vec<u8> {
    document((WIDE, HIGH), Some(&sheet.lang), &sheet.title, &drawn(&sheet.marks))
}

/// Sheets as one document, in their order; it is called as the first one is.
#[must_use]
pub fn pages(sheets: &[Sheet]) -> Vec<u8> {
    let (title, lang) =
        sheets.first().map_or(("", None), |first| (&*first.title, Some(&*first.lang)));
    let contents: Vec<_> = sheets.iter().map(|sheet| drawn(&sheet.marks)).collect();
    let contents: Vec<_> = contents.iter().map(Vec::as_slice).collect();
    written((WIDE, HIGH), lang, title, &contents)
}

/// A document of one page, in millimetres, with the fonts that every reader has.
pub(crate) fn document(
    size: (f32, f32),
    lang: Option<&str>,
    title: &str,
    content: &[u8],
) -> Vec<u8> {
    written(size, lang, title, &[content])
}

fn written(
    (wide, high): (f32, f32),
    lang: Option<&str>,
    title: &str,
    contents: &[&[u8]],
) -> Vec<u8> {
    let [catalog, pages, regular, bold, info] = [1, 2, 4, 5, 7].map(Ref::new);
    // The first page's numbers are those of a document of one page; the others follow all.
    let ids = |n: usize| match i32::try_from(n).unwrap_or(i32::MAX / 4) {
        0 => (Ref::new(3), Ref::new(6)),
        n => (Ref::new(6 + 2 * n), Ref::new(7 + 2 * n)),
    };
    let mut pdf = Pdf::new();
    let mut root = pdf.catalog(catalog);
    root.pages(pages);
    if let Some(lang) = lang {
        root.lang(TextStr(lang));
    }
    root.finish();
    let kids = (0..contents.len()).map(|n| ids(n).0);
    pdf.pages(pages).kids(kids).count(i32::try_from(contents.len()).unwrap_or(i32::MAX));
    pdf.document_info(info).title(TextStr(title));
    for n in 0..contents.len() {
        let (page_id, stream) = ids(n);
        let mut page = pdf.page(page_id);
        page.media_box(Rect::new(0.0, 0.0, wide * POINTS, high * POINTS)).parent(pages);
        page.contents(stream);
        let mut resources = page.resources();
        resources.fonts().pair(REGULAR, regular).pair(BOLD, bold);
        resources.finish();
        page.finish();
    }
    for (id, name) in [(regular, &b"Helvetica"[..]), (bold, b"Helvetica-Bold")] {
        pdf.type1_font(id).base_font(Name(name)).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    for (n, content) in contents.iter().enumerate() {
        pdf.stream(ids(n).1, content);
    }
    pdf.finish()
}

fn drawn(marks: &[Mark]) -> Vec<u8> {
    let mut content = Content::new();
    let place = |(x, y): (f32, f32)| (x * POINTS, (HIGH - y) * POINTS);
    for mark in marks {
        match mark {
            Mark::Text { at, face, ink: [r, g, b], text } => {
                let (x, y) = place(*at);
                content.set_fill_rgb(*r, *g, *b);
                content.begin_text().set_font(if face.bold { BOLD } else { REGULAR }, face.size);
                content.next_line(x, y).show(Str(&win_ansi(text))).end_text();
            }
            Mark::Line { points, wide, ink, dash } => {
                stroke(&mut content, *ink, *wide, *dash);
                path(&mut content, points.iter().copied().map(place));
                content.stroke();
            }
            Mark::Area { points, ink: [r, g, b] } => {
                content.set_fill_rgb(*r, *g, *b);
                path(&mut content, points.iter().copied().map(place));
                content.close_path().fill_nonzero();
            }
        }
    }
    content.finish().to_vec()
}

fn stroke(content: &mut Content, [r, g, b]: Ink, wide: f32, dash: Option<(f32, f32)>) {
    content.set_stroke_rgb(r, g, b).set_line_width(wide * POINTS);
    match dash {
        Some((on, off)) => content.set_dash_pattern([on * POINTS, off * POINTS], 0.0),
        None => content.set_dash_pattern([], 0.0),
    };
}

fn path(content: &mut Content, points: impl Iterator<Item = (f32, f32)>) {
    for (n, (x, y)) in points.enumerate() {
        if n == 0 {
            content.move_to(x, y)
        } else {
            content.line_to(x, y)
        };
    }
}

/// A text in the encoding that the built-in fonts know: Latin letters are where Unicode has them,
/// a minus is the dash of its width, and what the fonts do not have is a question mark.
#[must_use]
pub fn win_ansi(text: &str) -> Vec<u8> {
    let byte = |c: char| match c {
        '–' | '\u{2212}' => 0x96,
        '—' => 0x97,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '…' => 0x85,
        '•' => 0x95,
        '€' => 0x80,
        '\u{202f}' | '\u{2009}' => 0xa0,
        ' '..='~' | '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(c)).unwrap_or(b'?'),
        _ => b'?',
    };
    text.chars().map(byte).collect()
}
