//! The blood stock as pages and the API read it: every region's part, filters, and units by what
//! stands on their labels.

use axum::http::StatusCode;
use samband_domain::blood::model::{Component, Din, DinError, Group, ProductCode, UnitId};
use samband_domain::blood::view::picture::{Cell, Filter, Part};
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_engine::{Journal, World};

use super::Problem;
use crate::text::Words;

/// The topics that change what is seen of the stock.
pub const TOPICS: &str = "stock rule_set site";

/// Every region's part of the picture, in the order of the regions' names.
#[must_use]
pub fn parts(world: &World, now: Time) -> Vec<Part<'_>> {
    let mut regions: Vec<&Journal> =
        world.journals.values().map(AsRef::as_ref).filter(|one| is_region(one)).collect();
    regions.sort_by_cached_key(|journal| journal.name());
    regions.into_iter().map(|journal| part(journal, now)).collect()
}

fn is_region(journal: &Journal) -> bool {
    let facts = journal.shared().kernel.journal.as_ref();
    facts.is_some_and(|facts| facts.owner.kind == samband_domain::kernel::OwnerKind::Region)
}

/// One region's part.
#[must_use]
pub fn part(journal: &Journal, now: Time) -> Part<'_> {
    let shared = journal.shared();
    Part {
        journal: &journal.id,
        kernel: &shared.kernel,
        rules: &shared.rulesets,
        stock: &shared.blood,
        as_of: journal.as_of(now),
    }
}

/// A filter as it stands in an address; what is empty filters nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// Region.
    pub region: Option<&'a str>,
    /// Site.
    pub site: Option<&'a str>,
    /// Component.
    pub component: Option<&'a str>,
    /// Group.
    pub group: Option<&'a str>,
}

/// A value that a filter does not have, with what it may be.
pub(crate) fn no_such(field: &'static str, value: &str, allowed: impl Into<String>) -> Problem {
    let shown: String = value.chars().take(60).collect();
    Problem::new(StatusCode::BAD_REQUEST, "web.filter")
        .fact("filter", field)
        .fact("value", shown)
        .fact("allowed", allowed)
}

fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

impl Asked<'_> {
    /// The filter, if every value in it exists.
    ///
    /// # Errors
    /// A problem that names the value and what is allowed.
    pub fn filter(self, world: &World) -> Result<Filter, Problem> {
        let region = given(self.region).map(|text| region(world, text)).transpose()?;
        let site = given(self.site).map(|text| site(world, region.as_ref(), text)).transpose()?;
        let component = given(self.component).map(component).transpose()?;
        let group = given(self.group).map(group).transpose()?;
        Ok(Filter { region, site, component, group })
    }
}

/// A region that is held here.
///
/// # Errors
/// A problem that names the regions there are.
pub fn region(world: &World, text: &str) -> Result<JournalId, Problem> {
    let regions = world.journals.values().filter(|journal| is_region(journal));
    let ids: Vec<_> = regions.map(|journal| journal.id.clone()).collect();
    let names = || ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let found = ids.iter().find(|id| id.as_str() == text).cloned();
    found.ok_or_else(|| no_such("region", text, names()))
}

fn site(world: &World, region: Option<&JournalId>, text: &str) -> Result<SiteId, Problem> {
    let wanted = |journal: &&std::sync::Arc<Journal>| region.is_none_or(|id| journal.id == *id);
    let journals = world.journals.values().filter(|one| is_region(one)).filter(wanted);
    let mut ids: Vec<_> =
        journals.flat_map(|journal| journal.shared().kernel.sites.keys()).collect();
    ids.sort_unstable();
    ids.dedup();
    let names = || ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let found = ids.iter().find(|id| id.as_str() == text).map(|id| (*id).clone());
    found.ok_or_else(|| no_such("site", text, names()))
}

/// A component by its code; dashes as on the command line are taken.
///
/// # Errors
/// A problem that names the components there are.
pub fn component(text: &str) -> Result<Component, Problem> {
    let names = || Component::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
    text.replace('-', "_").parse().map_err(|_| no_such("component", text, names()))
}

/// A group in any spelling in use.
///
/// # Errors
/// A problem that names the groups there are.
pub fn group(text: &str) -> Result<Group, Problem> {
    let names = || Group::ALL.map(Group::as_str).join(", ");
    text.parse().map_err(|_| no_such("group", text, names()))
}

/// A donation number as it stands in an address: 13 characters, or 14 with its check character,
/// which must be the number's own.
///
/// # Errors
/// A problem that says which part does not fit.
pub fn din(text: &str) -> Result<Din, Problem> {
    let plain = Din::parse(text);
    let typed = || Din::parse_typed(text);
    plain
        .or_else(|first| typed().map_err(|second| if text.len() > 13 { second } else { first }))
        .map_err(|error| bad_din(text, &error))
}

/// Why a text is no donation number, as a problem.
#[must_use]
pub fn bad_din(text: &str, error: &DinError) -> Problem {
    let why = match error {
        DinError::Length { .. } => "din_length",
        DinError::Facility { .. } => "din_facility",
        DinError::Digits { .. } => "din_digits",
        DinError::CheckMissing => "din_check_missing",
        DinError::CheckWrong { .. } => "din_check_wrong",
    };
    let shown: String = text.chars().take(40).collect();
    Problem::new(StatusCode::BAD_REQUEST, "web.bad_din").fact("value", shown).fact("why", why)
}

/// A product code as it stands in an address.
///
/// # Errors
/// A problem that shows what stood there.
pub fn product(text: &str) -> Result<ProductCode, Problem> {
    ProductCode::parse(text).map_err(|error| {
        let shown: String = text.chars().take(40).collect();
        Problem::new(StatusCode::BAD_REQUEST, "web.bad_product")
            .fact("value", shown)
            .fact("detail", error.to_string())
    })
}

/// A unit by its text form, `A999026000001.E0336V00`; the check character is taken too.
///
/// # Errors
/// As [`din`] and [`product`].
pub fn unit(text: &str) -> Result<UnitId, Problem> {
    let (number, code) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    Ok(UnitId { din: din(number)?, product: product(code)? })
}

/// The address of a unit's page.
#[must_use]
pub fn unit_href(id: &UnitId) -> String {
    format!("/units/{}/{}", id.din, id.product)
}

/// A site's name in its region, or its id where that is not known here.
#[must_use]
pub fn site_name(world: &World, region: &JournalId, site: &SiteId) -> String {
    let journal = world.journal(region);
    let held = journal.and_then(|journal| journal.shared().kernel.sites.get(site));
    held.map_or_else(|| site.to_string(), |held| held.name.clone())
}

/// Who a figure comes from, in words: `Samband`, `enligt ProSang`, `enligt Samband och ProSang`.
#[must_use]
pub fn source_words(w: Words, cell: &Cell) -> String {
    let own = cell.by_own_record().then(|| w.t("stock-by-samband"));
    let Some((last, others)) = cell.systems.split_last() else {
        return own.unwrap_or_else(|| w.unknown());
    };
    let first: Vec<_> = own.into_iter().chain(others.iter().cloned()).collect();
    let system = if first.is_empty() {
        last.clone()
    } else {
        let args = [("first", first.join(", ").into()), ("last", last.as_str().into())];
        w.t_args("stock-by-several", &args)
    };
    w.t_args("stock-by-system", &[("system", system.into())])
}

/// Days of supply as a person reads them: whole days, and tenths below ten. Nothing is rounded up:
/// what is shown as fourteen days lasts fourteen days.
#[must_use]
pub fn days_text(w: Words, milli: Known<u64>) -> String {
    match milli {
        Known::Unknown => w.unknown(),
        Known::Value(milli) => w.t_args("stock-days", &[("days", days_figure(w, milli).into())]),
    }
}

/// The number of it alone.
#[must_use]
pub fn days_figure(w: Words, milli: u64) -> String {
    let (step, decimals) = if milli < 10_000 { (100, 1) } else { (1_000, 0) };
    w.decimal((i128::from(milli / step * step), 1_000), decimals)
}

/// Units in a day as a person writes them, in thousandths.
#[must_use]
pub fn per_day(text: &str) -> Option<u64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, part) = plain.split_once([',', '.']).unwrap_or((plain.as_str(), ""));
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 3 {
        return None;
    }
    let part: u64 = format!("{part:0<3}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(part)
}

/// A Swedish date, with a clock or the one that goes without saying: `2026-11-22 14:30`.
#[must_use]
pub fn local(text: &str, otherwise: &str) -> Option<Time> {
    let text = text.trim();
    let (date, clock) = text.split_once(['T', ' ']).unwrap_or((text, otherwise));
    let date: jiff::civil::Date = date.parse().ok()?;
    let (hour, minute) = clock.trim().split_once([':', '.'])?;
    let clock = jiff::civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    let zone = jiff::tz::TimeZone::get("Europe/Stockholm").ok()?;
    let zoned = date.to_datetime(clock).to_zoned(zone).ok()?;
    Some(Time(zoned.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_wrong_check_character_is_refused_and_without_one_is_taken_in_an_address() {
        let plain = Din::parse("A999026000001").unwrap();
        assert_eq!(din("A999026000001").unwrap(), plain);
        let right = format!("A999026000001{}", plain.check_character());
        assert_eq!(din(&right).unwrap(), plain);
        let wrong = if plain.check_character() == 'A' { 'B' } else { 'A' };
        let problem = din(&format!("A999026000001{wrong}")).unwrap_err();
        assert_eq!(problem.facts["why"], "din_check_wrong");
        assert_eq!(din("A99902600000").unwrap_err().facts["why"], "din_length");
    }

    #[test]
    fn units_a_day_are_read_as_people_write_them() {
        assert_eq!(per_day("13,7"), Some(13_700));
        assert_eq!(per_day("124"), Some(124_000));
        assert_eq!(per_day("1.4"), Some(1_400));
        for text in ["", "-1", "många", "1,2345", ",5"] {
            assert_eq!(per_day(text), None, "{text}");
        }
    }
}
