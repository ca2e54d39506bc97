//! The answer as one page that needs nothing else: Swedish first, English beside, to be printed.

use std::fmt::Write as _;

use super::estimate::Estimate;
use super::marks::Mark;
use super::measures::{Measure, REGION, WHOLE};
use super::plot::{Plot, number};
use super::report::{Case, Figure, Report};

const STYLE: &str = "\
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;
color:#1b1b1b}h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2rem 0 .5rem}
.en{color:#595959;font-size:.85em}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.88rem}
th,td{border-bottom:1px solid #d5d5d5;padding:.3rem .5rem;text-align:right;vertical-align:top}
th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #1b1b1b}
.wide{overflow-x:auto}.wide td{white-space:nowrap}
.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1rem}
figure{margin:0;break-inside:avoid}figcaption{font-size:.88rem}svg{width:100%;height:auto}
.grid{stroke:#e2e2e2}.tick{font-size:10px;fill:#444}
.line{fill:none;stroke:#00558c;stroke-width:1.8}circle{fill:#00558c}.whisker{stroke:#00558c}
.level{stroke:#8a3a00;stroke-dasharray:5 4;stroke-width:1.5}.band{fill:#8a3a00;opacity:.12}
.said{background:#f3f3f3;padding:.8rem 1rem}
.marks td{text-align:left;overflow-wrap:anywhere}tr{break-inside:avoid}
@media print{body{margin:0;max-width:none;font-size:11px}
.curves{grid-template-columns:1fr 1fr 1fr}.wide{font-size:.8em}}";

/// The page.
#[must_use]
pub fn page(report: &Report) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"sv\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title>\
         <style>{STYLE}</style></head><body><h1>{0}</h1>",
        escape(&report.scenario)
    );
    head(report, &mut out);
    if report.cases.len() > 1 {
        table(report, &mut out);
    } else if let Some(case) = report.cases.first() {
        alone(case, &mut out);
    }
    curves(report, &mut out);
    regions(report, &mut out);
    marks(report, &mut out);
    out.push_str("</body></html>\n");
    out
}

fn head(report: &Report, out: &mut String) {
    if let Some(variant) = &report.variant {
        let _ = write!(out, "<p><strong>{}</strong></p>", escape(variant));
    }
    let assumed = report.marks.iter().filter(|row| row.mark == Mark::Assumed).count();
    let _ = write!(
        out,
        "<p>{}</p><p class=\"said\">Medelvärden per år över {} år och {} upprepningar med samma \
         patienter för varje sätt att samarbeta; ± är halva 95 % konfidensintervallet och \
         skillnader är parade. Intervallet säger hur säkert modellen är räknad, inte hur säker \
         modellen är: {assumed} av {} tal är antagna och står sist. Det som är säkrast är \
         riktningen mellan sätten, inte nivån.<br><span class=\"en\" lang=\"en\">Means per year \
         with paired 95 % confidence intervals. They say how exactly the model was computed, not \
         how true it is.</span></p>",
        escape(&report.about),
        report.years,
        report.replications,
        report.marks.len(),
    );
}

/// A policy's name for people.
fn name(case: &Case) -> String {
    match case.name.as_str() {
        "self" => "Var för sig".to_owned(),
        "joint" => "Gemensamt, fria transporter".to_owned(),
        "priced" => {
            let price = case.price.map_or(String::new(), |price| number(price, 0));
            format!("Gemensamt, {price} kr/enhet och 100 km")
        }
        "today" => "Dagens fördelning av kallelser".to_owned(),
        other => other.to_owned(),
    }
}

fn said(estimate: Estimate, digits: u8) -> String {
    let digits = usize::from(digits);
    format!("{} ± {}", number(estimate.mean, digits), number(estimate.half_width, digits))
}

fn measure_cell(measure: &Measure) -> String {
    format!("{}<br><span class=\"en\" lang=\"en\">{}</span>", measure.sv, measure.en)
}

/// A figure, and below it how it differs from the first policy's.
fn figure_cell(figure: &Figure, digits: u8) -> String {
    let difference = figure.against_first.map_or(String::new(), |one| {
        let sign = if one.mean > 0.0 { "+" } else { "" };
        format!("<br><span class=\"en\">{sign}{}</span>", said(one, digits))
    });
    format!("<td>{}{difference}</td>", said(figure.estimate, digits))
}

fn table(report: &Report, out: &mut String) {
    let first = report.cases.first().map(name).unwrap_or_default();
    let _ = write!(
        out,
        "<h2>Jämförelse</h2><p>Under varje tal: skillnaden mot ”{}”.</p><table><thead><tr>\
         <th>Per år</th>",
        escape(&first)
    );
    for case in &report.cases {
        let _ = write!(out, "<th>{}</th>", escape(&name(case)));
    }
    out.push_str("</tr></thead><tbody>");
    for (n, measure) in WHOLE.iter().enumerate() {
        let _ = write!(out, "<tr><td>{}</td>", measure_cell(measure));
        for case in &report.cases {
            out.push_str(&figure_cell(&case.figures[n], measure.digits));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

fn alone(case: &Case, out: &mut String) {
    let _ = write!(
        out,
        "<h2>{}</h2><table><thead><tr><th>Per år</th><th></th></tr></thead><tbody>",
        escape(&name(case))
    );
    for (measure, figure) in WHOLE.iter().zip(&case.figures) {
        let cell = figure_cell(figure, measure.digits);
        let _ = write!(out, "<tr><td>{}</td>{cell}</tr>", measure_cell(measure));
    }
    out.push_str("</tbody></table>");
}

/// What is drawn over the price.
const DRAWN: [&str; 9] = [
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

fn curves(report: &Report, out: &mut String) {
    if report.curve.is_empty() {
        return;
    }
    let level_of = report.cases.first().filter(|case| case.name == "self");
    out.push_str(
        "<h2>Över transportens pris</h2><p>Gemensam försörjning när transporten kostar mer och \
         mer; streckad linje: var för sig. Lodräta streck: 95 % konfidensintervall.</p>\
         <div class=\"curves\">",
    );
    for measure in WHOLE.iter().filter(|measure| DRAWN.contains(&measure.key)) {
        let value = |case: &Case| case.figure(measure.key).map(|figure| figure.estimate);
        let points = report.curve.iter();
        let points: Vec<_> = points.filter_map(|case| Some((case.price?, value(case)?))).collect();
        let level = level_of.and_then(value);
        let plot = Plot { below: "kr per enhet och 100 km", points, level };
        let _ = write!(
            out,
            "<figure>{}<figcaption>{}</figcaption></figure>",
            plot.svg(measure.sv),
            measure_cell(measure)
        );
    }
    out.push_str(
        "</div><h2>Samma tal som tabell</h2><div class=\"wide\"><table><thead><tr><th>Pris</th>",
    );
    let drawn = || WHOLE.iter().enumerate().filter(|(_, one)| DRAWN.contains(&one.key));
    for (_, measure) in drawn() {
        let _ = write!(out, "<th>{}</th>", measure.sv);
    }
    out.push_str("</tr></thead><tbody>");
    for case in &report.curve {
        let price = case.price.map_or(String::new(), |price| number(price, 0));
        let _ = write!(out, "<tr><td>{price} kr</td>");
        for (n, measure) in drawn() {
            let _ = write!(out, "<td>{}</td>", said(case.figures[n].estimate, measure.digits));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
}

fn regions(report: &Report, out: &mut String) {
    out.push_str("<h2>Regionerna</h2>");
    for case in &report.cases {
        let _ = write!(out, "<h3>{}</h3><table><thead><tr><th>Per år</th>", escape(&name(case)));
        for region in &case.regions {
            let _ = write!(out, "<th>{}</th>", escape(&region.name));
        }
        out.push_str("</tr></thead><tbody>");
        for (n, measure) in REGION.iter().enumerate() {
            let _ = write!(out, "<tr><td>{}</td>", measure_cell(measure));
            for region in &case.regions {
                out.push_str(&figure_cell(&region.figures[n], measure.digits));
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table>");
    }
}

fn marks(report: &Report, out: &mut String) {
    let words = |mark: Mark| match mark {
        Mark::Report => "rapporten",
        Mark::Literature => "litteratur",
        Mark::Assumed => "antaget",
    };
    out.push_str(
        "<h2>Vad svaret vilar på</h2><p>Så förenklar modellen: tiden går i dagar; en enhet känns \
         av grupp och ålder, inte av fenotyp; alla patienter räknas som vuxna utan antikroppar; \
         kvällens transporter mellan regioner väljs enhet för enhet efter störst nytta, vilket på \
         provade kvällar når mer än 99 % av vinsten i det exakta optimet; kallelser räknas en gång i veckan. Brist är en enhet som ingen \
         kunde ge den dagen ens med snabb transport; i verkligheten möts den av extra \
         kallelser, uppskjuten vård eller köp från andra håll.</p><table class=\"marks\"><thead>\
         <tr><th>Tal</th><th>Värde</th><th>Märke</th><th>Källa</th></tr></thead><tbody>",
    );
    for row in &report.marks {
        let note = row.note.as_deref().map(|note| format!(". {note}")).unwrap_or_default();
        let _ = write!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}{}</td></tr>",
            escape(&row.place),
            escape(&row.value),
            words(row.mark),
            escape(&row.source),
            escape(&note)
        );
    }
    out.push_str("</tbody></table>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Report {
    /// The answer as lines for a terminal, with the table of marks by their number.
    #[must_use]
    pub fn text(&self) -> String {
        let variant = self.variant.as_ref().map(|one| format!(" – {one}")).unwrap_or_default();
        let mut out = format!(
            "{}{variant}\n{} år, {} upprepningar, frö {}; per år, ± 95 %\n",
            self.scenario, self.years, self.replications, self.seed
        );
        for case in self.cases.iter().chain(&self.curve) {
            let _ = writeln!(out, "\n{}", name(case));
            for (measure, figure) in WHOLE.iter().zip(&case.figures) {
                let value = said(figure.estimate, measure.digits);
                let difference = figure.against_first.map_or(String::new(), |one| {
                    format!("   skillnad {}", said(one, measure.digits))
                });
                let _ = writeln!(out, "  {:54} {value:>22}{difference}", measure.sv);
            }
        }
        let count = |mark: Mark| self.marks.iter().filter(|row| row.mark == mark).count();
        let _ = writeln!(
            out,
            "\nTalen: {} ur rapporten, {} ur litteraturen, {} antagna.",
            count(Mark::Report),
            count(Mark::Literature),
            count(Mark::Assumed)
        );
        for row in &self.marks {
            let mark = row.mark.as_str();
            let _ = writeln!(out, "  {:10} {} = {}", mark, row.place, row.value);
        }
        out
    }
}
