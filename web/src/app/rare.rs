//! A search for rare blood as it stands in an address.

use samband_domain::Time;
use samband_domain::blood::model::{Antigens, Component, Group, Hpa};
use samband_domain::donors::typed::hla_names;
use samband_domain::rare::model::Wanted;
use samband_domain::rare::view::{self, groups_for};
use samband_engine::World;
use serde::Deserialize;

use super::Problem;
use super::stock;
use crate::pages::read_lacking;
use crate::text::Words;

/// What stands in the address; what is empty asks for nothing.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Red-cell antigens that must be known to be absent, e.g. `Fya,Jka`.
    pub antigens: Option<String>,
    /// The recipient's group; groups that the base table allows are searched.
    pub group: Option<String>,
    /// Component.
    pub component: Option<String>,
    /// HLA types that a donor must have, e.g. `A*02:01,B7`.
    pub hla: Option<String>,
    /// Platelet antigens that a donor must be known to lack, e.g. `1a`.
    pub hpa: Option<String>,
    /// What was just done.
    #[serde(default)]
    #[param(ignore)]
    pub done: Option<String>,
}

/// A search that can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Component; none means any.
    pub component: Option<Component>,
    /// The recipient's group.
    pub recipient: Option<Group>,
    /// What is wanted.
    pub wanted: Wanted,
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

fn bad(field: &'static str, value: &str, allowed: &str) -> Problem {
    let shown: String = value.chars().take(40).collect();
    Problem::new(axum::http::StatusCode::BAD_REQUEST, "web.filter")
        .fact("filter", field)
        .fact("value", shown)
        .fact("allowed", allowed)
}

impl Asked {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.antigens, &self.hla, &self.hpa].iter().all(|text| given(text.as_ref()).is_none())
    }

    /// The recipient's group as a form's choice; empty if it is none.
    #[must_use]
    pub fn recipient(&self) -> String {
        let group = given(self.group.as_ref()).and_then(|text| stock::group(text).ok());
        group.map_or_else(String::new, |group| group.as_str().to_owned())
    }

    /// The address's query again.
    #[must_use]
    pub fn query(&self) -> String {
        let pairs = [
            ("antigens", &self.antigens),
            ("group", &self.group),
            ("component", &self.component),
            ("hla", &self.hla),
            ("hpa", &self.hpa),
        ];
        let pair = |(name, text): (&str, &Option<String>)| {
            given(text.as_ref()).map(|text| format!("{name}={}", encoded(text)))
        };
        let all: Vec<_> = pairs.into_iter().filter_map(pair).collect();
        format!("?{}", all.join("&"))
    }

    /// The search.
    ///
    /// # Errors
    /// A problem that names the value and what is allowed.
    pub fn search(&self, _w: Words) -> Result<Search, Problem> {
        let component = given(self.component.as_ref()).map(stock::component).transpose()?;
        let recipient = given(self.group.as_ref()).map(stock::group).transpose()?;
        let lacks =
            read_lacking(given(self.antigens.as_ref()).unwrap_or_default()).map_err(|word| {
                bad("antigens", &word, "C, c, E, e, K, k, Fya, Fyb, Jka, Jkb, S, s …")
            })?;
        let texts = |text: &Option<String>| -> Vec<String> {
            let all = given(text.as_ref()).unwrap_or_default();
            all.split([',', ' ', ';']).filter(|s| !s.is_empty()).map(str::to_owned).collect()
        };
        let one_hla = |text: String| {
            hla_names(&text).into_iter().next().ok_or_else(|| bad("hla", &text, "A*02:01, B7"))
        };
        let mut hla = texts(&self.hla).into_iter().map(one_hla).collect::<Result<Vec<_>, _>>()?;
        let one_hpa = |text: String| {
            let name = text.to_lowercase().replace("hpa-", "");
            let name = name.trim_end_matches(['-', '−']);
            name.parse::<Hpa>().map_err(|_| bad("hpa", &text, "1a, 1b, 2a, 3a, 5a, 15a …"))
        };
        let mut lacks_hpa =
            texts(&self.hpa).into_iter().map(one_hpa).collect::<Result<Vec<_>, _>>()?;
        hla.sort();
        hla.dedup();
        lacks_hpa.sort_unstable();
        lacks_hpa.dedup();
        let cells = component.unwrap_or(Component::RedCells);
        let mut groups = recipient.map(|one| groups_for(cells, one)).unwrap_or_default();
        groups.sort_unstable();
        Ok(Search { component, recipient, wanted: Wanted { groups, lacks, hla, lacks_hpa } })
    }
}

impl Search {
    /// The address of the form that asks a region for units like this.
    #[must_use]
    pub fn ask_href(&self) -> String {
        let component = self.component.unwrap_or(Component::RedCells);
        let group = self.recipient.map_or("", Group::as_str);
        let names =
            |all: Antigens| all.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(",");
        format!(
            "/shipments/ask?component={component}&group={}&negative={}",
            encoded(group),
            encoded(&names(self.wanted.lacks))
        )
    }
}

/// A value as it stands in an address.
fn encoded(text: &str) -> String {
    let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_' | b'.' | b',');
    let one = |c: u8| if plain(c) { char::from(c).to_string() } else { format!("%{c:02X}") };
    text.bytes().map(one).collect()
}

/// Every region's part of a search.
#[must_use]
pub fn parts(world: &World, now: Time) -> Vec<view::Part<'_>> {
    let regions = stock::parts(world, now);
    let part = |part: samband_domain::blood::view::picture::Part<'_>| {
        let journal = world.journal(part.journal)?;
        Some(view::Part { journal: &journal.id, shared: journal.shared(), as_of: part.as_of })
    };
    regions.into_iter().filter_map(part).collect()
}
