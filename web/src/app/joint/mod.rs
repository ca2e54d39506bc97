//! Joint or alone: what page, interface and command line share. A small answer comes at once, a
//! large one waits in the line of long computations.

pub mod board;
mod plotted;
mod words;

pub(crate) use words::exact;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use samband_domain::Time;
use samband_planning::progress::{Progress, Stopped};
use samband_planning::simulate::ask::{COMPARED, Document, NoAnswer, Question, SODRA};
use samband_planning::simulate::model::CallUp;
use samband_planning::simulate::report::Report;
use serde::Deserialize;

use super::jobs::{Full, Jobs, Standing};
use super::{App, Problem};

/// Who may be chosen beside each region for itself.
pub const AGAINST: [&str; 2] = ["priced", "joint"];

/// Highest price of a unit over 100 km that can be asked for.
pub const PRICE_MAX: u32 = 20_000;
/// Most days of minimum stock.
pub const FLOOR_MAX: u32 = 21;
/// Most years.
pub const YEARS_MAX: u32 = 20;
/// Fewest replications: fewer have no interval worth the name.
pub const REPLICATIONS_MIN: u32 = 5;
/// Most replications.
pub const REPLICATIONS_MAX: u32 = 200;

/// Years of the answer that comes at once.
const QUICK_YEARS: u32 = 2;
/// Its replications.
const QUICK_REPLICATIONS: u32 = 6;
/// Its prices besides the chosen one.
const QUICK_PRICES: [u32; 3] = [0, 300, 3_000];
/// The large answer's prices besides the chosen one.
const PRICES: [u32; 7] = [0, 100, 300, 600, 1_000, 2_000, 5_000];

/// How long a page waits for the answer that comes at once.
const AT_ONCE: Duration = Duration::from_secs(6);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(25);

/// The scenario that comes with the program.
///
/// # Panics
/// Never: a test reads it.
#[must_use]
pub fn document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| Document::read(SODRA).expect("the shipped scenario reads"))
}

/// The computations, small and large. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Joint {
    quick: Jobs<Question, Report>,
    long: Jobs<Question, Report>,
}

/// What is asked, as it stands in an address or a form. A slider sends its own place and the place
/// it had: if the two differ it was moved, and holds against the number beside it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Form {
    pub(crate) price: Option<String>,
    pub(crate) price_slide: Option<String>,
    pub(crate) price_at: Option<String>,
    pub(crate) floor: Option<String>,
    pub(crate) floor_slide: Option<String>,
    pub(crate) floor_at: Option<String>,
    pub(crate) scenario: Option<String>,
    pub(crate) against: Option<String>,
    pub(crate) callup: Option<String>,
    pub(crate) years: Option<String>,
    pub(crate) replications: Option<String>,
    pub(crate) seed: Option<String>,
    pub(crate) region: Option<String>,
    /// What was just done.
    pub done: Option<String>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Price of a unit over 100 km, in kronor.
    pub price: u32,
    /// Days of red cells that a region keeps for itself.
    pub floor: u32,
    /// A variant of the scenario; none is today.
    pub scenario: Option<String>,
    /// What is shown beside each region for itself: `priced` or `joint`.
    pub against: &'static str,
    /// Who calls whom, where the supply is joint.
    pub callup: CallUp,
    /// Years of the large answer.
    pub years: u32,
    /// Its replications.
    pub replications: u32,
    /// What all is drawn from.
    pub seed: u64,
    /// Whose costs are shown; none is the reader's own.
    pub region: Option<String>,
}

impl Default for Asked {
    fn default() -> Self {
        let scenario = &document().scenario;
        let whole = |value: f64| value.clamp(0.0, 1e6).round() as u32;
        Self {
            price: whole(scenario.transport.price.value),
            floor: whole(scenario.components.red_cells.floor_days.value),
            scenario: None,
            against: AGAINST[0],
            callup: CallUp::Pooled,
            years: 5,
            replications: 30,
            seed: 1,
            region: None,
        }
    }
}

fn said(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// The slider's place if it was moved, else the number.
fn slid<'a>(
    number: Option<&'a String>,
    slide: Option<&'a String>,
    at: Option<&'a String>,
) -> Option<&'a str> {
    let (slide, at) = (said(slide), said(at));
    if slide.is_some() && slide != at { slide } else { said(number) }
}

fn whole<T: std::str::FromStr + PartialOrd>(
    text: Option<&str>,
    otherwise: T,
    range: std::ops::RangeInclusive<T>,
    name: &'static str,
) -> Result<T, Problem> {
    let Some(text) = text else { return Ok(otherwise) };
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.parse().ok().filter(|n| range.contains(n)).ok_or_else(|| Problem::malformed(name))
}

impl Form {
    /// What is asked; anything that cannot be read is a problem, not a guess.
    ///
    /// # Errors
    /// The problem that names the field.
    pub fn asked(&self) -> Result<Asked, Problem> {
        let usual = Asked::default();
        let price = slid(self.price.as_ref(), self.price_slide.as_ref(), self.price_at.as_ref());
        let floor = slid(self.floor.as_ref(), self.floor_slide.as_ref(), self.floor_at.as_ref());
        let scenario = said(self.scenario.as_ref()).filter(|id| *id != "today");
        let known = |id: &&str| document().scenario.variant.iter().any(|one| one.id == *id);
        let region = said(self.region.as_ref());
        let is_region = |id: &&str| document().scenario.region.iter().any(|one| one.id == *id);
        let against = said(self.against.as_ref()).unwrap_or(usual.against);
        let against = AGAINST.into_iter().find(|one| *one == against);
        let (years, replications) = (said(self.years.as_ref()), said(self.replications.as_ref()));
        let often = REPLICATIONS_MIN..=REPLICATIONS_MAX;
        Ok(Asked {
            price: whole(price, usual.price, 0..=PRICE_MAX, "price")?,
            floor: whole(floor, usual.floor, 0..=FLOOR_MAX, "floor")?,
            scenario: one_of(scenario, known, "scenario")?,
            against: against.ok_or_else(|| Problem::malformed("against"))?,
            callup: match said(self.callup.as_ref()) {
                None | Some("pooled") => CallUp::Pooled,
                Some("local") => CallUp::Local,
                Some(_) => return Err(Problem::malformed("callup")),
            },
            years: whole(years, usual.years, 1..=YEARS_MAX, "years")?,
            replications: whole(replications, usual.replications, often, "replications")?,
            seed: whole(said(self.seed.as_ref()), usual.seed, 0..=u64::MAX, "seed")?,
            region: one_of(region, is_region, "region")?,
        })
    }
}

fn one_of(
    text: Option<&str>,
    known: impl Fn(&&str) -> bool,
    name: &'static str,
) -> Result<Option<String>, Problem> {
    match text {
        Some(text) if !known(&text) => Err(Problem::malformed(name)),
        text => Ok(text.map(str::to_owned)),
    }
}

impl Asked {
    /// What an address asks.
    ///
    /// # Errors
    /// The problem that names the field.
    pub fn of_query(query: &str) -> Result<Self, Problem> {
        let wrong = |_| Problem::malformed("query");
        let uri: axum::http::Uri = format!("/?{query}").parse().map_err(wrong)?;
        let form = axum::extract::Query::<Form>::try_from_uri(&uri);
        form.map_err(|error| Problem::malformed(error.body_text()))?.0.asked()
    }

    /// The same as the end of an address.
    #[must_use]
    pub fn query(&self) -> String {
        let Self { price, floor, against, years, replications, seed, .. } = self;
        let scenario = self.scenario.as_deref().unwrap_or("today");
        let callup = self.callup_text();
        let region = self.region.as_ref().map(|id| format!("&region={id}")).unwrap_or_default();
        format!(
            "price={price}&floor={floor}&scenario={scenario}&against={against}&callup={callup}\
             &years={years}&replications={replications}&seed={seed}{region}"
        )
    }

    /// `local` or `pooled`.
    #[must_use]
    pub fn callup_text(&self) -> &'static str {
        if self.callup == CallUp::Local { "local" } else { "pooled" }
    }

    fn of(&self, prices: &[u32], years: u32, replications: u32) -> Question {
        let mut prices: Vec<u32> = prices.iter().copied().chain([self.price]).collect();
        prices.sort_unstable();
        prices.dedup();
        Question {
            variant: self.scenario.clone(),
            ways: COMPARED.map(str::to_owned).to_vec(),
            price: Some(self.price.into()),
            floor_days: Some(self.floor.into()),
            callup: self.callup,
            prices: prices.into_iter().map(f64::from).collect(),
            years,
            replications,
            seed: self.seed,
        }
    }

    /// The question whose answer comes at once.
    #[must_use]
    pub fn quick(&self) -> Question {
        self.of(&QUICK_PRICES, QUICK_YEARS, QUICK_REPLICATIONS)
    }

    /// The question with all the years and replications asked for.
    #[must_use]
    pub fn question(&self) -> Question {
        self.of(&PRICES, self.years, self.replications)
    }

    /// The answer to one of the two, as the line of computations gives it.
    ///
    /// # Errors
    /// [`Stopped`] if somebody asked for it.
    pub fn answer(
        &self,
        question: &Question,
        progress: &Progress,
    ) -> Result<Result<Report, String>, Stopped> {
        answer(question, progress)
    }
}

/// On one thread, so that the writer and the pages keep the others.
fn answer(question: &Question, progress: &Progress) -> Result<Result<Report, String>, Stopped> {
    match question.answer(document(), 1, progress) {
        Ok(report) => Ok(Ok(report)),
        Err(NoAnswer::Stopped(stopped)) => Err(stopped),
        Err(NoAnswer::Scenario(error)) => Ok(Err(error.to_string())),
    }
}

/// An answer that is there.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was asked.
    pub question: Question,
    /// What came out.
    pub report: Arc<Result<Report, String>>,
    /// When it was ready.
    pub at: Time,
    /// Whether it is the small one.
    pub quick: bool,
}

impl Answer {
    /// The report.
    ///
    /// # Errors
    /// The problem that says why there is none.
    pub fn report(&self) -> Result<&Report, Problem> {
        self.report.as_ref().as_ref().map_err(|detail| {
            Problem::unprocessable("web.plan_impossible").fact("detail", detail.clone())
        })
    }
}

impl App {
    /// How the large answer stands.
    #[must_use]
    pub fn joint_standing(&self, asked: &Asked) -> Standing<Report> {
        self.joint.long.standing(&asked.question())
    }

    /// Asks for the large answer.
    ///
    /// # Errors
    /// [`Full`] if too many wait.
    pub fn joint_ask(&self, asked: &Asked) -> Result<(), Full> {
        let (question, engine) = (asked.question(), self.engine.clone());
        let work = question.clone();
        self.joint.long.ask(question, move || engine.now(), move |progress| answer(&work, progress))
    }

    /// Stops the large answer, running or waiting.
    pub fn joint_stop(&self, asked: &Asked) {
        self.joint.long.stop(&asked.question());
    }

    /// The best answer there is: the large one if it is ready, else the small one, which is waited
    /// for a moment; none if even that takes longer.
    pub async fn joint_answer(&self, asked: &Asked) -> Option<Answer> {
        if let Standing::Done { answer, at } = self.joint_standing(asked) {
            return Some(Answer { question: asked.question(), report: answer, at, quick: false });
        }
        let question = asked.quick();
        let wait = async {
            loop {
                if let Some(found) = self.joint_quick(&question) {
                    return found;
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        tokio::time::timeout(AT_ONCE, wait).await.ok()
    }

    /// The small answer to the usual question if somebody has asked for it; asks for it otherwise.
    #[must_use]
    pub fn joint_usual(&self) -> Option<Answer> {
        self.joint_quick(&Asked::default().quick())
    }

    fn joint_quick(&self, question: &Question) -> Option<Answer> {
        if let Standing::Done { answer, at } = self.joint.quick.standing(question) {
            return Some(Answer { question: question.clone(), report: answer, at, quick: true });
        }
        let (work, engine) = (question.clone(), self.engine.clone());
        let now = move || engine.now();
        // Where too many wait, the next look asks again.
        let _ =
            self.joint.quick.ask(question.clone(), now, move |progress| answer(&work, progress));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_asked_and_the_other_way_round() {
        let usual = Asked::default();
        assert_eq!((usual.price, usual.floor, usual.scenario.as_deref()), (900, 3, None));
        let other = Asked {
            price: 0,
            floor: 7,
            scenario: Some("lost_site".into()),
            against: "joint",
            callup: CallUp::Local,
            years: 1,
            replications: 5,
            seed: 77,
            region: Some("halland".into()),
        };
        for asked in [usual, other] {
            assert_eq!(Asked::of_query(&asked.query()).unwrap(), asked);
        }
    }

    #[test]
    fn a_slider_that_was_moved_holds_against_the_number_beside_it() {
        let price = |query: &str| Asked::of_query(query).map(|asked| asked.price).ok();
        assert_eq!(price("price=900&price_slide=900&price_at=900"), Some(900));
        assert_eq!(price("price=900&price_slide=1200&price_at=900"), Some(1_200));
        assert_eq!(price("price=7777&price_slide=900&price_at=900"), Some(7_777));
        assert_eq!(price("price=1+200"), Some(1_200));
        assert_eq!(price("price=-1"), None);
        assert_eq!(price("price=1e99"), None);
    }

    #[test]
    fn what_cannot_be_asked_is_told_by_field() {
        for query in [
            "floor=99",
            "scenario=war",
            "against=self",
            "callup=none",
            "years=0",
            "replications=100000",
            "seed=x",
            "region=atlantis",
        ] {
            let problem = Asked::of_query(query).unwrap_err();
            let field = query.split('=').next().unwrap();
            assert_eq!(problem.facts.get("detail").map(String::as_str), Some(field));
        }
    }
}
