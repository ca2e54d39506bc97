//! Series of days: what was used, per site, component and group. A day that nobody reported is
//! unknown, never zero.

use std::collections::BTreeMap;

use samband_domain::blood::model::{Component, Group};
use samband_domain::words::Day;
use serde::Serialize;

/// Most days between the first and the last of a file: forty years.
const DAYS_MAX: i64 = 14_640;
/// Most units of a line.
const UNITS_MAX: u32 = 100_000;
/// The header of a file.
pub const HEADER: &str = "date,site,component,group,units";

/// Whose days they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// Site.
    pub site: String,
    /// Component.
    pub component: Component,
    /// Group; none for all of them together, where that is all that anybody says.
    pub group: Option<Group>,
}

/// Every series of a file, over the same days.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The first day of all.
    pub first: Day,
    /// Days from the first to the last of all.
    pub days: usize,
    /// Units by day; none where nobody said.
    pub series: BTreeMap<Key, Vec<Option<u32>>>,
}

impl Table {
    /// A day by its place, also beyond the last.
    #[must_use]
    pub fn day(&self, at: usize) -> Day {
        self.first.plus_days(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// What was known before a day, by its place; series of which nothing was known are not there.
    #[must_use]
    pub fn until(&self, at: usize) -> Self {
        let days = at.min(self.days);
        let cut = |(key, units): (&Key, &Vec<Option<u32>>)| (key.clone(), units[..days].to_vec());
        let known = |(_, units): &(Key, Vec<Option<u32>>)| units.iter().any(Option::is_some);
        let series = self.series.iter().map(cut).filter(known).collect();
        Self { first: self.first, days, series }
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeriesError {
    /// The header is another one.
    #[error("line 1: the header must be {HEADER}")]
    Header,
    /// A line cannot be read.
    #[error("line {line}: {what}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong and what to do.
        what: String,
    },
    /// There is nothing in it.
    #[error("no line after the header")]
    Empty,
    /// First and last day lie too far apart.
    #[error("from {0} to {1} are more than forty years")]
    Span(Day, Day),
}

/// Reads a file: `date,site,component,group,units`, one line a day and series. A line with empty
/// units says that the number is not known, and so does a missing line; an empty group is all
/// groups together.
///
/// # Errors
/// [`SeriesError`] names the line.
pub fn read(text: &str) -> Result<Table, SeriesError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().enumerate();
    if lines.next().map(|(_, line)| line.trim_end()) != Some(HEADER) {
        return Err(SeriesError::Header);
    }
    let mut rows: BTreeMap<(Key, Day), Option<u32>> = BTreeMap::new();
    for (at, text) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let fault = |what: String| SeriesError::Line { line: at + 1, what };
        let (key, day, units) = row(text).map_err(fault)?;
        if rows.insert((key, day), units).is_some() {
            return Err(fault("this day of the series stands there already".into()));
        }
    }
    let days = || rows.keys().map(|(_, day)| *day);
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return Err(SeriesError::Empty);
    };
    let span = last.days_since(first) + 1;
    if span > DAYS_MAX {
        return Err(SeriesError::Span(first, last));
    }
    let count = usize::try_from(span).unwrap_or(0);
    let mut series: BTreeMap<Key, Vec<Option<u32>>> = BTreeMap::new();
    for ((key, day), units) in rows {
        let at = usize::try_from(day.days_since(first)).unwrap_or(0);
        series.entry(key).or_insert_with(|| vec![None; count])[at] = units;
    }
    Ok(Table { first, days: count, series })
}

fn row(text: &str) -> Result<(Key, Day, Option<u32>), String> {
    let cells: Vec<&str> = text.split(',').map(str::trim).collect();
    let [day, site, component, group, units] = cells[..] else {
        return Err(format!("{} cells, not five", cells.len()));
    };
    let day = day.parse::<Day>().map_err(|error| error.to_string())?;
    if site.is_empty() || site.len() > 80 || site.contains('"') {
        return Err("the site needs 1 to 80 characters without quotes".into());
    }
    let component = Component::ALL.iter().find(|known| known.as_str() == component).copied();
    let component = component.ok_or_else(|| {
        let known: Vec<_> = Component::ALL.iter().map(|known| known.as_str()).collect();
        format!("the component is none of {}", known.join(", "))
    })?;
    let group = match group {
        "" => None,
        text => Some(text.parse::<Group>().map_err(|error| error.to_string())?),
    };
    let units = match units {
        "" => None,
        text => Some(
            text.parse::<u32>()
                .ok()
                .filter(|units| *units <= UNITS_MAX)
                .ok_or_else(|| format!("“{text}” is not a number of units; empty is unknown"))?,
        ),
    };
    Ok((Key { site: site.to_owned(), component, group }, day, units))
}

/// Writes a file that [`read`] reads back.
#[must_use]
pub fn write(table: &Table) -> String {
    let mut text = format!("{HEADER}\n");
    for at in 0..table.days {
        let day = table.first.plus_days(u32::try_from(at).unwrap_or(u32::MAX));
        for (key, units) in &table.series {
            if let Some(units) = units[at] {
                let (component, group) =
                    (key.component.as_str(), key.group.map_or("", Group::as_str));
                text.push_str(&format!("{day},{},{component},{group},{units}\n", key.site));
            }
        }
    }
    text
}
