//! The answer as one page that needs nothing else, to be printed, and as lines for a terminal.
//! The words are lent by whoever prints it.

use std::fmt::Write as _;

use super::estimate::Estimate;
use super::marks::Mark;
use super::measures::{Measure, REGION, WHOLE};
use super::plot::Plot;
use super::report::{Case, Figure, Report};
use super::words::Words;

const STYLE: &str = "\
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;
color:#1b1b1b}h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
.fine{color:#595959;font-size:.85em}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.88rem}
th,td{border-bottom:1px solid #d5d5d5;padding:.3rem .5rem;text-align:right;vertical-align:top}
th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #1b1b1b}
.wide{overflow-x:auto}.wide td{white-space:nowrap}
.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1rem}
figure{margin:0;break-inside:avoid}figcaption{font-size:.88rem}svg{width:100%;height:auto}
.said{background:#f3f3f3;padding:.8rem 1rem}
.marks td{text-align:left;overflow-wrap:anywhere}tr{break-inside:avoid}
@media print{body{margin:0;max-width:none;font-size:11px}
.curves{grid-template-columns:1fr 1fr 1fr}.wide{font-size:.8em}}";

/// How curves are drawn.
const PLOT_STYLE: &str = "\
.grid{stroke:#e2e2e2}.tick{font-size:10px;fill:#444}
.line{fill:none;stroke:#00558c;stroke-width:1.8}circle{fill:#00558c}.whisker{stroke:#00558c}
.level{stroke:#8a3a00;stroke-dasharray:5 4;stroke-width:1.5}.band{fill:#8a3a00;opacity:.12}";

/// What is drawn over the price.
pub const DRAWN: [&str; 9] = [
    "red_short",
    "platelets_short",
    "university_red_short",
    "university_platelets_short",
    "red_outdated",
    "platelets_outdated",
    "moved",
    "km",
    "spread",
];

/// Every key that a report asks a catalogue for.
#[must_use]
pub fn keys() -> Vec<String> {
    let measures = WHOLE.iter().chain(&REGION).map(|measure| format!("simulate-{}", measure.key));
    let marks = Mark::ALL.iter().map(|mark| format!("simulate-mark-{}", mark.as_str()));
    let ways = ["self", "joint", "priced", "today"].map(|way| format!("simulate-way-{way}"));
    let rest = [
        "amount",
        "axis",
        "basis",
        "chosen",
        "compared",
        "curves",
        "curves-text",
        "difference",
        "marked",
        "number",
        "per-year",
        "price",
        "price-of",
        "regions",
        "rests",
        "said",
        "simplified",
        "source",
        "table",
        "under",
        "value",
    ];
    let rest = rest.map(|key| format!("simulate-{key}"));
    measures.chain(marks).chain(ways).chain(rest).collect()
}

/// A report as it is being written, with its words.
struct Writing<'a> {
    report: &'a Report,
    words: &'a dyn Words,
}

/// The page.
#[must_use]
pub fn page(report: &Report, words: &dyn Words) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"{1}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title>\
         <style>{STYLE}{PLOT_STYLE}</style></head><body><h1>{0}</h1>",
        escape(&report.scenario),
        words.lang()
    );
    let writing = Writing { report, words };
    writing.head(&mut out);
    if report.cases.len() > 1 {
        writing.table(&mut out);
    } else if let Some(case) = report.cases.first() {
        writing.alone(case, &mut out);
    }
    writing.curves(&mut out);
    writing.regions(&mut out);
    writing.marks(&mut out);
    out.push_str("</body></html>\n");
    out
}

/// Each curve over the price as an SVG file of its own, with its measure's key.
#[must_use]
pub fn plots(report: &Report, words: &dyn Words) -> Vec<(&'static str, String)> {
    let writing = Writing { report, words };
    let level_of = report.cases.first().filter(|case| case.name == "self");
    let below = writing.t("axis");
    let file = |measure: Measure| {
        let name = writing.t(measure.key);
        let svg = writing.plot(measure, level_of, &below).svg(words, &name);
        let open = "<svg xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\" ";
        let svg = svg.replacen("<svg ", open, 1);
        // What the page has as a style sheet and a caption, the file has inside.
        let title = format!("><style>{PLOT_STYLE}</style><title>{name}</title>");
        (measure.key, svg.replacen('>', &title, 1))
    };
    drawn().map(file).collect()
}

impl Writing<'_> {
    /// A measure over the price, held against each region for itself.
    fn plot<'a>(&self, measure: Measure, level_of: Option<&Case>, below: &'a str) -> Plot<'a> {
        let value = |case: &Case| case.figure(measure.key).map(|figure| figure.estimate);
        let points = self.report.curve.iter();
        let points = points.filter_map(|case| Some((case.price?, value(case)?))).collect();
        Plot { below, points, level: level_of.and_then(value) }
    }

    fn t(&self, key: &str) -> String {
        escape(&self.words.say(&format!("simulate-{key}"), &[]))
    }

    fn with(&self, key: &str, with: &[(&str, String)]) -> String {
        escape(&self.words.say(&format!("simulate-{key}"), with))
    }

    /// A policy's name for people.
    fn name(&self, case: &Case) -> String {
        let price = case.price.map_or_else(String::new, |price| self.words.number(price, 0));
        match case.name.as_str() {
            way @ ("self" | "joint" | "priced" | "today") => {
                self.with(&format!("way-{way}"), &[("price", price)])
            }
            _ => self.with("price-of", &[("price", price)]),
        }
    }

    fn said(&self, estimate: Estimate, digits: u8) -> String {
        let number = |value| self.words.number(value, digits);
        format!("{} ± {}", number(estimate.mean), number(estimate.half_width))
    }

    fn head(&self, out: &mut String) {
        let report = self.report;
        if let Some(variant) = &report.variant {
            let _ = write!(out, "<p><strong>{}</strong></p>", escape(variant));
        }
        let with = [
            ("years", report.years.to_string()),
            ("replications", report.replications.to_string()),
            ("assumed", report.marked(Mark::Assumed).to_string()),
            ("all", report.marks.len().to_string()),
        ];
        let (about, said) = (escape(&report.about), self.with("said", &with));
        let _ = write!(out, "<p>{about}</p><p class=\"said\">{said}</p>");
    }

    /// A figure, and below it how it differs from the first policy's.
    fn figure_cell(&self, figure: &Figure, digits: u8) -> String {
        let difference = figure.against_first.map_or(String::new(), |one| {
            let sign = if one.mean > 0.0 { "+" } else { "" };
            format!("<br><span class=\"fine\">{sign}{}</span>", self.said(one, digits))
        });
        format!("<td>{}{difference}</td>", self.said(figure.estimate, digits))
    }

    fn table(&self, out: &mut String) {
        let first = self.report.cases.first().map(|case| self.name(case)).unwrap_or_default();
        let _ = write!(
            out,
            "<h2>{}</h2><p>{}</p><table><thead><tr><th>{}</th>",
            self.t("compared"),
            self.with("under", &[("first", first)]),
            self.t("per-year")
        );
        for case in &self.report.cases {
            let _ = write!(out, "<th>{}</th>", self.name(case));
        }
        out.push_str("</tr></thead><tbody>");
        for (n, measure) in WHOLE.iter().enumerate() {
            let _ = write!(out, "<tr><td>{}</td>", self.t(measure.key));
            for case in &self.report.cases {
                out.push_str(&self.figure_cell(&case.figures[n], measure.digits));
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
    }

    fn alone(&self, case: &Case, out: &mut String) {
        let (name, per_year) = (self.name(case), self.t("per-year"));
        let _ = write!(
            out,
            "<h2>{name}</h2><table><thead><tr><th>{per_year}</th><th></th></tr></thead><tbody>",
        );
        for (measure, figure) in WHOLE.iter().zip(&case.figures) {
            let cell = self.figure_cell(figure, measure.digits);
            let _ = write!(out, "<tr><td>{}</td>{cell}</tr>", self.t(measure.key));
        }
        out.push_str("</tbody></table>");
    }

    fn curves(&self, out: &mut String) {
        let report = self.report;
        if report.curve.is_empty() {
            return;
        }
        let level_of = report.cases.first().filter(|case| case.name == "self");
        let (title, text) = (self.t("curves"), self.t("curves-text"));
        let _ = write!(out, "<h2>{title}</h2><p>{text}</p><div class=\"curves\">");
        let below = self.t("axis");
        for measure in drawn() {
            let plot = self.plot(measure, level_of, &below);
            let name = self.t(measure.key);
            let svg = plot.svg(self.words, &name);
            let _ = write!(out, "<figure>{svg}<figcaption>{name}</figcaption></figure>");
        }
        let (title, price) = (self.t("table"), self.t("price"));
        let _ = write!(
            out,
            "</div><h2>{title}</h2><div class=\"wide\"><table><thead><tr><th>{price}</th>",
        );
        for measure in drawn() {
            let _ = write!(out, "<th>{}</th>", self.t(measure.key));
        }
        out.push_str("</tr></thead><tbody>");
        for case in &report.curve {
            let _ = write!(out, "<tr><td>{}</td>", self.name(case));
            for measure in drawn() {
                let value = case.figure(measure.key).map(|one| one.estimate).unwrap_or_default();
                let _ = write!(out, "<td>{}</td>", self.said(value, measure.digits));
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
    }

    fn regions(&self, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2>", self.t("regions"));
        for case in &self.report.cases {
            let (name, per_year) = (self.name(case), self.t("per-year"));
            let _ = write!(out, "<h3>{name}</h3><table><thead><tr><th>{per_year}</th>");
            for region in &case.regions {
                let _ = write!(out, "<th>{}</th>", escape(&region.name));
            }
            out.push_str("</tr></thead><tbody>");
            for (n, measure) in REGION.iter().enumerate() {
                let _ = write!(out, "<tr><td>{}</td>", self.t(measure.key));
                for region in &case.regions {
                    out.push_str(&self.figure_cell(&region.figures[n], measure.digits));
                }
                out.push_str("</tr>");
            }
            out.push_str("</tbody></table>");
        }
    }

    fn marks(&self, out: &mut String) {
        let _ = write!(
            out,
            "<h2>{}</h2><p>{}</p><table class=\"marks\"><thead><tr>",
            self.t("rests"),
            self.t("simplified")
        );
        for key in ["number", "value", "basis", "source"] {
            let _ = write!(out, "<th>{}</th>", self.t(key));
        }
        out.push_str("</tr></thead><tbody>");
        for row in &self.report.marks {
            let note = row.note.as_deref().map(|note| format!(". {note}")).unwrap_or_default();
            let source = if row.chosen { self.t("chosen") } else { escape(&row.source) };
            let _ = write!(
                out,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{source}{}</td></tr>",
                escape(&row.place),
                escape(&row.value),
                self.t(&format!("mark-{}", row.mark.as_str())),
                escape(&note)
            );
        }
        out.push_str("</tbody></table>");
    }

    /// The same for a terminal.
    fn text(&self) -> String {
        let report = self.report;
        let say =
            |key: &str, with: &[(&str, String)]| self.words.say(&format!("simulate-{key}"), with);
        let variant = report.variant.as_ref().map(|one| format!(" – {one}")).unwrap_or_default();
        let amount = [
            ("years", report.years.to_string()),
            ("replications", report.replications.to_string()),
            ("seed", report.seed.to_string()),
        ];
        let mut out = format!("{}{variant}\n{}\n", report.scenario, say("amount", &amount));
        for case in report.cases.iter().chain(&report.curve) {
            let _ = writeln!(out, "\n{}", self.name(case));
            for (measure, figure) in WHOLE.iter().zip(&case.figures) {
                let value = self.said(figure.estimate, measure.digits);
                let difference = figure.against_first.map_or(String::new(), |one| {
                    format!("   {} {}", say("difference", &[]), self.said(one, measure.digits))
                });
                let _ = writeln!(out, "  {:54} {value:>22}{difference}", say(measure.key, &[]));
            }
        }
        let count = |mark: Mark| report.marked(mark).to_string();
        let marked = [
            ("report", count(Mark::Report)),
            ("literature", count(Mark::Literature)),
            ("assumed", count(Mark::Assumed)),
        ];
        let _ = writeln!(out, "\n{}", say("marked", &marked));
        for row in &report.marks {
            let _ = writeln!(out, "  {:10} {} = {}", row.mark.as_str(), row.place, row.value);
        }
        out
    }
}

fn drawn() -> impl Iterator<Item = Measure> {
    WHOLE.into_iter().filter(|measure| DRAWN.contains(&measure.key))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Report {
    /// The answer as lines for a terminal, with the table of marks by their number.
    #[must_use]
    pub fn text(&self, words: &dyn Words) -> String {
        Writing { report: self, words }.text()
    }
}
