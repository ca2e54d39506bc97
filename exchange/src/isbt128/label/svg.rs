//! Shapes as an SVG document.

use std::fmt::Write as _;

use super::draw::{SIDE, Shape};

pub(super) fn write(shapes: &[Shape], title: &str) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIDE}mm\" height=\"{SIDE}mm\" \
         viewBox=\"0 0 {SIDE} {SIDE}\" role=\"img\" font-family=\"Helvetica, Arial, 'Liberation \
         Sans', 'DejaVu Sans', sans-serif\"><title>{}</title>\
         <rect width=\"{SIDE}\" height=\"{SIDE}\" fill=\"#fff\"/>",
        escape(title)
    );
    let mut bars = String::new();
    for shape in shapes {
        // Writing to a String cannot fail.
        let _ = match shape {
            Shape::Box { x, y, width, height } => {
                write!(bars, "M{x} {y}h{width}v{height}h-{width}z")
            }
            Shape::Frame { x, y, width, height } => write!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" \
                 stroke=\"#000\" stroke-width=\"0.2\"/>"
            ),
            Shape::Text { x, y, size, bold, text } => {
                let weight = if *bold { " font-weight=\"bold\"" } else { "" };
                let text = escape(text);
                write!(svg, "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{weight}>{text}</text>")
            }
        };
    }
    let _ = write!(svg, "<path shape-rendering=\"crispEdges\" d=\"{bars}\"/></svg>");
    svg
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
