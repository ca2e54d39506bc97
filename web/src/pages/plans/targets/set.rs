//! One target: a mandated person sets it, changes it, or takes it away, and says why.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::stock::Line;
use samband_domain::plans::Command;
use samband_domain::plans::model::Target;
use samband_domain::{Command as Any, SiteId};
use serde::Deserialize;

use super::{group_text, proposals::percent};
use crate::app::plans::targets::{Proposals, Proposed, Row};
use crate::app::stock::site_name;
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header, section};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::shared_area;
use crate::pages::stock::component as component_text;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const SET: &str = "set-target";
const CLEAR: &str = "clear-target";

pub(super) fn routes() -> Router<App> {
    Router::new().route("/plan/targets/set", get(show).post(act))
}

/// What is asked, as it stands in an address: which line, and where the numbers begin.
#[derive(Clone, Debug, Deserialize)]
struct Which {
    site: String,
    component: String,
    group: Option<String>,
    fill: Option<u32>,
    green: Option<u32>,
    amber: Option<u32>,
    lead: Option<u32>,
    keeps: Option<u32>,
    /// Thousandths.
    service: Option<u32>,
    /// Thousandths.
    waste: Option<u32>,
}

/// The address at which a line's target is set, with a proposal's numbers to begin with, or with
/// those that hold.
pub(super) fn href(site: &SiteId, row: &Row, from: Option<(&Proposed, &Proposals)>) -> String {
    let Line { component, group } = row.line;
    let group = group.map_or("", |group| group.as_str());
    let line = format!("/plan/targets/set?site={site}&component={component}&group={group}");
    let permille = |percent: f64| (percent * 10.0).round().max(0.0) as u32;
    match (from, &row.held) {
        (Some((one, of)), _) => format!(
            "{line}&fill={}&green={}&amber={}&lead={}&keeps={}&service={}&waste={}",
            one.bands.level,
            one.bands.amber_below,
            one.bands.red_below,
            of.lead_days,
            of.keeps_days,
            permille(one.service_percent),
            permille(one.wastage_percent)
        ),
        (None, Some(held)) => {
            let Target { fill_to, green_from, amber_from, .. } = held.target;
            format!("{line}&fill={fill_to}&green={green_from}&amber={amber_from}")
        }
        (None, None) => line,
    }
}

impl Which {
    fn line(&self) -> Result<(SiteId, Line), Problem> {
        let component = crate::app::stock::component(&self.component)?;
        let group = self.group.as_deref().filter(|text| !text.is_empty());
        let group = group.map(crate::app::stock::group).transpose()?;
        Ok((SiteId::new(&self.site)?, Line { component, group }))
    }

    /// The grounds to begin with, where the numbers are a proposal's.
    fn grounds(&self, w: Words, day: String) -> String {
        let (Some(lead), Some(keeps)) = (self.lead, self.keeps) else { return String::new() };
        let of = |permille: Option<u32>| percent(w, f64::from(permille.unwrap_or(0)) / 10.0);
        let args = [
            ("day", day.into()),
            ("lead", i64::from(lead).into()),
            ("keeps", i64::from(keeps).into()),
            ("service", of(self.service).into()),
            ("waste", of(self.waste).into()),
        ];
        w.t_args("targets-basis-proposed", &args)
    }

    fn query(&self) -> String {
        format!("region=&site={}&component={}", self.site, self.component)
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SetTargets, &visitor.region)?;
    whole(&app, &visitor, &which, &Draft::fresh(app.engine.now()))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    which: &Which,
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let (site, line) = which.line()?;
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let shared = journal.shared();
    if !shared.kernel.sites.contains_key(&site) {
        return Err(Problem::not_found(site.as_str()));
    }
    let held = shared.plans.targets.get(&(site.clone(), line));
    let name = format!(
        "{}: {}, {}",
        site_name(&world, &visitor.region, &site),
        component_text(w, line.component),
        group_text(w, line.group)
    );
    let title = w.t("targets-set-title");
    let body = html! {
        (page_header(&title, Some(&name), None))
        (draft.banner(w))
        (section("set", &w.t("targets-set"), &form(app, w, which, draft)))
        @if held.is_some() { (section("clear", &w.t("targets-clear"), &clear(w, which, draft))) }
    };
    let crumbs = [("/plan/targets", w.t("targets-title"))];
    Ok(page(app, visitor, &title, &crumbs, &body))
}

fn action(which: &Which) -> String {
    let group = which.group.as_deref().unwrap_or_default();
    format!("/plan/targets/set?site={}&component={}&group={group}", which.site, which.component)
}

fn form(app: &App, w: Words, which: &Which, draft: &Draft) -> Markup {
    let (key, action) = (draft.key(SET), action(which));
    let start = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
    let number = |name: &'static str, label: &str, hint: &str, n: Option<u32>| {
        let field = Field::number(name, w.t(label)).hint(w.t(hint)).required();
        draft.field(SET, name, field, &start(n))
    };
    let day = w.date(app.engine.now().0);
    html! {
        (draft.form(w, &action, SET, &key, w.t("targets-set-do"))
            .field(number("fill_to", "targets-fill", "targets-fill-hint", which.fill))
            .field(number("green_from", "targets-green", "targets-green-hint", which.green))
            .field(number("amber_from", "targets-amber", "targets-amber-hint", which.amber))
            .field(draft.field(SET, "basis",
                shared_area(w, "basis", w.t("targets-basis"), &w.t("targets-basis-hint")).required(),
                &which.grounds(w, day)))
            .cancel("/plan/targets", w.t("targets-cancel")))
    }
}

fn clear(w: Words, which: &Which, draft: &Draft) -> Markup {
    let (key, action) = (draft.key(CLEAR), action(which));
    html! {
        p { (w.t("targets-clear-means")) }
        (draft.form(w, &action, CLEAR, &key, w.t("targets-clear-do")).danger())
    }
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Query(which): Query<Which>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SetTargets, &visitor.region)?;
    let (site, line) = which.line()?;
    let typed = Typed::new(pairs);
    let (act, target) = match typed.act() {
        SET => (SET, read(visitor.words, &typed).map(Some)),
        CLEAR => (CLEAR, Ok(None)),
        other => return Err(Problem::malformed(other)),
    };
    let command = target.map(|target| Any::from(Command::SetTarget { site, line, target }));
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&format!("/plan/targets?{}", which.query()), act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &which, &draft)?).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Target, Errors> {
    let mut reader = Reader::new(w, typed);
    let mut units = |name| reader.value::<u32>(name);
    let numbers = (units("fill_to"), units("green_from"), units("amber_from"));
    let basis = reader.text("basis");
    let (fill_to, green_from, amber_from) = numbers;
    let numbers = fill_to.zip(green_from).zip(amber_from);
    let ((fill_to, green_from), amber_from) = reader.done(numbers)?;
    Ok(Target { fill_to, green_from, amber_from, basis })
}
