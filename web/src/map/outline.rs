//! The outlines of the 21 counties, read once from `web/map/lan.svg`.

use std::sync::OnceLock;

const DRAWN: &str = include_str!("../../map/lan.svg");

/// A county as drawn. One unit is 100 m (SWEREF 99 TM), y grows southwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct County {
    /// The official code (SCB), `01`–`25`.
    pub code: &'static str,
    /// The official name, such as `Skåne län`.
    pub name: &'static str,
    /// The SVG path.
    pub path: &'static str,
    /// The middle of the largest circle inside it: where a text stands best.
    pub label: (i32, i32),
    /// The radius of that circle.
    pub room: i32,
    /// The box around it.
    pub bounds: Bounds,
}

/// A box in map units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The western edge.
    pub west: i32,
    /// The northern edge.
    pub north: i32,
    /// The eastern edge.
    pub east: i32,
    /// The southern edge.
    pub south: i32,
}

impl Bounds {
    /// Whether two boxes share any place.
    #[must_use]
    pub fn meets(self, other: Bounds) -> bool {
        self.west < other.east
            && other.west < self.east
            && self.north < other.south
            && other.north < self.south
    }

    /// The box around both.
    #[must_use]
    pub fn with(self, other: Bounds) -> Bounds {
        Bounds {
            west: self.west.min(other.west),
            north: self.north.min(other.north),
            east: self.east.max(other.east),
            south: self.south.max(other.south),
        }
    }

    fn around((x, y): (i32, i32)) -> Bounds {
        Bounds { west: x, north: y, east: x, south: y }
    }
}

/// All counties, in the order of their codes.
#[must_use]
pub fn counties() -> &'static [County] {
    static COUNTIES: OnceLock<Vec<County>> = OnceLock::new();
    COUNTIES.get_or_init(|| DRAWN.lines().filter_map(county).collect())
}

/// The county of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static County> {
    counties().iter().find(|county| county.code == code)
}

fn county(line: &'static str) -> Option<County> {
    let path = attribute(line, " d=\"")?;
    let (x, y) = attribute(line, " data-label=\"")?.split_once(' ')?;
    Some(County {
        code: attribute(line, " data-code=\"")?,
        name: attribute(line, " data-name=\"")?,
        path,
        label: (x.parse().ok()?, y.parse().ok()?),
        room: attribute(line, " data-room=\"")?.parse().ok()?,
        bounds: bounds(path)?,
    })
}

fn attribute(line: &'static str, name: &str) -> Option<&'static str> {
    let (_, rest) = line.split_once(name)?;
    rest.split('"').next()
}

/// The box around a path of the form `M x y l dx dy dx dy … z`, repeated.
fn bounds(path: &str) -> Option<Bounds> {
    let mut found: Option<Bounds> = None;
    for ring in path.split('z').filter(|ring| !ring.is_empty()) {
        let (start, steps) = ring.strip_prefix('M')?.split_once('l')?;
        let mut at = point(&mut start.split(' '))?;
        let mut steps = steps.split(' ').peekable();
        found = Some(found.map_or(Bounds::around(at), |b| b.with(Bounds::around(at))));
        while steps.peek().is_some() {
            let (dx, dy) = point(&mut steps)?;
            at = (at.0 + dx, at.1 + dy);
            found = found.map(|b| b.with(Bounds::around(at)));
        }
    }
    found
}

fn point<'a>(numbers: &mut impl Iterator<Item = &'a str>) -> Option<(i32, i32)> {
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_21_counties_are_there_with_their_official_codes() {
        let codes: Vec<_> = counties().iter().map(|county| county.code).collect();
        assert_eq!(
            codes,
            [
                "01", "03", "04", "05", "06", "07", "08", "09", "10", "12", "13", "14", "17", "18",
                "19", "20", "21", "22", "23", "24", "25"
            ]
        );
        assert_eq!(find("12").map(|county| county.name), Some("Skåne län"));
        assert_eq!(find("11"), None);
    }

    #[test]
    fn every_label_stands_inside_its_county_box_and_sodra_lies_in_the_south() {
        for county in counties() {
            let ((x, y), b) = (county.label, county.bounds);
            assert!(b.west < x && x < b.east && b.north < y && y < b.south, "{}", county.name);
            assert!(county.room > 100, "{}", county.name);
        }
        let south = |code| find(code).map(|county| county.bounds.south);
        assert!(south("12") > south("10") && south("10") > south("07"));
        assert!(find("25").map(|c| c.bounds.south) < find("01").map(|c| c.bounds.north));
    }
}
