//! The picture itself: columns from the donor to the end, drawn by the server. Every box is a link
//! to its line in the list, so that it is reached by keyboard and says its whole text.

use maud::{Markup, PreEscaped, html};

use crate::app::trace::{Graph, Kind, Node};
use crate::text::Words;

const WIDTH: usize = 206;
const HEIGHT: usize = 58;
const GAP_X: usize = 34;
const GAP_Y: usize = 18;
const HEAD: usize = 8;

/// Where each box stands.
struct Placed {
    x: usize,
    y: usize,
}

fn place(graph: &Graph) -> (Vec<Placed>, usize, usize) {
    let columns = graph.columns();
    let mut used: Vec<usize> = Vec::new();
    let mut placed = Vec::new();
    for column in &columns {
        if used.len() <= *column {
            used.resize(*column + 1, 0);
        }
        let x = HEAD + column * (WIDTH + GAP_X);
        let y = HEAD + used[*column] * (HEIGHT + GAP_Y);
        used[*column] += 1;
        placed.push(Placed { x, y });
    }
    let width = HEAD * 2 + used.len() * (WIDTH + GAP_X) - GAP_X.min(used.len() * GAP_X);
    let rows = used.iter().copied().max().unwrap_or(1);
    (placed, width, HEAD * 2 + rows * (HEIGHT + GAP_Y) - GAP_Y)
}

/// As much of a text as fits into a box; the whole of it stands in the list and the title.
fn fitting(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most - 1).collect();
    format!("{}…", cut.trim_end())
}

fn box_of(w: Words, n: usize, node: &Node, at: &Placed) -> Markup {
    let kind = w.dynamic("trace-kind-", node.kind.as_str());
    let whole = format!("{kind}: {}, {}", node.title, node.detail);
    let mut class = format!("trace-box trace-{}", node.kind.as_str());
    if node.asked {
        class.push_str(" asked");
    }
    if node.stopped {
        class.push_str(" stopped");
    }
    let radius = match node.kind {
        Kind::Donor | Kind::Issued => 28,
        Kind::End => 2,
        _ => 8,
    };
    let sign = if node.stopped { "✕ " } else { "" };
    html! {
        a href={ "#t-" (n) } class=(class) aria-label=(whole) {
            title { (whole) }
            rect x=(at.x) y=(at.y) width=(WIDTH) height=(HEIGHT) rx=(radius) {}
            text x=(at.x + 10) y=(at.y + 17) class="trace-word" { (sign) (kind) }
            text x=(at.x + 10) y=(at.y + 34) class="trace-name" { (fitting(&node.title, 24)) }
            text x=(at.x + 10) y=(at.y + 50) class="trace-word" { (fitting(&node.detail, 29)) }
        }
    }
}

fn line(from: &Placed, to: &Placed) -> Markup {
    let (x1, y1) = (from.x + WIDTH, from.y + HEIGHT / 2);
    let (x2, y2) = (to.x, to.y + HEIGHT / 2);
    let middle = usize::midpoint(x1, x2);
    let path = format!("M{x1} {y1} C{middle} {y1} {middle} {y2} {} {y2}", x2.saturating_sub(5));
    html! { path d=(path) class="trace-line" marker-end="url(#trace-arrow)" {} }
}

/// Draws the picture in a region that scrolls sideways.
pub(super) fn drawing(w: Words, graph: &Graph) -> Markup {
    let (placed, width, height) = place(graph);
    let view = format!("0 0 {width} {height}");
    html! {
        p.fine { (w.t("trace-picture-hint")) }
        div.trace-scroll role="region" aria-label=(w.t("trace-picture")) tabindex="0" {
            svg.trace xmlns="http://www.w3.org/2000/svg" viewBox=(view) width=(width)
                height=(height) role="group" aria-label=(w.t("trace-picture")) {
                (PreEscaped(ARROW))
                @for (from, to) in &graph.edges { (line(&placed[*from], &placed[*to])) }
                @for (n, node) in graph.nodes.iter().enumerate() {
                    (box_of(w, n, node, &placed[n]))
                }
            }
        }
    }
}

const ARROW: &str = r#"<defs><marker id="trace-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z" class="trace-tip"/></marker></defs>"#;
