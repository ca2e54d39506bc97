//! Where one person is all there is, or soon nobody.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use samband_domain::ActorId;
use samband_domain::kernel::Capacity;
use samband_domain::kernel::view::{Filling, Holding};

use super::{Region, View, share};
use crate::components::{Note, Status, tag};
use crate::text::Words;

/// An end that comes within so many days is a risk today.
const ENDS_WITHIN_DAYS: i64 = 365;

/// One risk in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Risk {
    region: String,
    /// Whether the task has nobody at all.
    nobody: bool,
    text: String,
}

/// The risks as a list, the open gaps first.
pub(super) fn list(w: Words, view: &View) -> Markup {
    let mut risks: Vec<_> = view
        .regions
        .iter()
        .flat_map(|region| {
            let mut found = legal(w, view, region);
            found.extend(competences(w, view, region));
            found
        })
        .collect();
    risks.sort_by_key(|risk| !risk.nobody);
    html! {
        p { (w.t("risk-means")) }
        @if risks.is_empty() { (Note::info(w, &w.t("risk-none"))) }
        ul.todo {
            @for risk in &risks {
                li {
                    @if risk.nobody { (tag(Status::Gap, &w.t("risk-nobody"))) }
                    @else { (tag(Status::Attention, &w.t("risk-one"))) }
                    " " strong { (risk.region) } " – " (risk.text)
                }
            }
        }
    }
}

fn legal(w: Words, view: &View, region: &Region) -> Vec<Risk> {
    let risk = |nobody, text| Risk { region: region.place.short().to_owned(), nobody, text };
    let mut found = Vec::new();
    let mut holders: BTreeMap<&ActorId, (&Holding, usize)> = BTreeMap::new();
    for row in &region.legal {
        let role = w.dynamic("legal-", row.role.as_str());
        match &row.filling {
            Filling::Gap { .. } => {
                found.push(risk(true, w.t_args("risk-gap", &[("role", role.into())])));
            }
            Filling::Held(held) => {
                holders.entry(&held.holder).or_insert((held, 0)).1 += 1;
                let args = [("role", role.into()), ("title", (&held.title).into())];
                if row.deputies.is_empty() {
                    found.push(risk(false, w.t_args("risk-no-deputy", &args)));
                }
                let soon = view.now.plus_days(ENDS_WITHIN_DAYS);
                if let Some(until) = held.until.filter(|until| *until <= soon) {
                    let [role, title] = args;
                    let last = w.date(until.0.saturating_sub(1));
                    let args = [role, title, ("date", last.into())];
                    found.push(risk(false, w.t_args("risk-ends", &args)));
                }
            }
            Filling::Deputised(_) | Filling::AwaitsApproval(_) => {
                found.push(risk(false, w.t_args("risk-waits", &[("role", role.into())])));
            }
        }
    }
    for (held, roles) in holders.values().filter(|(_, roles)| *roles > 1) {
        let args = [
            ("title", (&held.title).into()),
            ("n", (*roles).into()),
            ("share", share(w, held.share_permille).into()),
        ];
        found.push(risk(false, w.t_args("risk-several", &args)));
    }
    found
}

/// Competences that hang on one person here, or that most regions have and this one lacks.
fn competences(w: Words, view: &View, region: &Region) -> Vec<Risk> {
    let all: BTreeMap<_, _> =
        view.regions.iter().flat_map(competences_of).map(|(c, n, _)| (c, n)).collect();
    all.into_iter()
        .filter_map(|(code, name)| {
            let here: Vec<_> = competences_of(region).filter(|(c, ..)| *c == code).collect();
            let people: BTreeSet<_> = here.iter().map(|(.., held)| &held.holder).collect();
            let (nobody, text) = match (people.len(), here.first()) {
                (0, _) if is_common(view, code) => {
                    (true, w.t_args("risk-no-competence", &[("name", name.into())]))
                }
                (1, Some((.., held))) => {
                    let args = [
                        ("name", name.into()),
                        ("title", (&held.title).into()),
                        ("share", share(w, held.share_permille).into()),
                    ];
                    (false, w.t_args("risk-one-competence", &args))
                }
                _ => return None,
            };
            Some(Risk { region: region.place.short().to_owned(), nobody, text })
        })
        .collect()
}

/// Whether most regions have a competence. What one region makes do with is no gap elsewhere.
fn is_common(view: &View, code: &str) -> bool {
    let has = |region: &&Region| competences_of(region).any(|(c, ..)| c == code);
    2 * view.regions.iter().filter(has).count() > view.regions.len()
}

fn competences_of(region: &Region) -> impl Iterator<Item = (&str, &str, &Holding)> {
    region.standing.iter().filter_map(|(mandate, held)| match &mandate.capacity {
        Capacity::Competence { code, name } => Some((code.as_str(), name.as_str(), held)),
        _ => None,
    })
}
