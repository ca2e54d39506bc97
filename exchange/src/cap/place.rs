//! Points, polygons and circles (WGS 84).

use std::fmt;

use thiserror::Error;

use super::number::Decimal;

/// A point on the earth: latitude and longitude in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Point {
    latitude: Decimal,
    longitude: Decimal,
}

/// Why something is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotPlace {
    /// Beyond a pole.
    #[error("a latitude lies between -90 and 90")]
    Latitude,
    /// More than half-way round.
    #[error("a longitude lies between -180 and 180")]
    Longitude,
    /// Fewer than three different corners.
    #[error("a polygon has at least three corners: four points, the last the same as the first")]
    Few,
    /// More corners than are checked here.
    #[error("the polygon has more than {} corners", Polygon::MOST)]
    Many,
    /// Two sides meet that are no neighbours.
    #[error("two sides of the polygon meet: the one from corner {0} and the one from corner {1}")]
    Crosses(usize, usize),
    /// A radius below nought.
    #[error("a radius is not below nought")]
    Radius,
}

impl Point {
    /// A point.
    ///
    /// # Errors
    /// If it is not on the earth.
    pub fn new(latitude: Decimal, longitude: Decimal) -> Result<Self, NotPlace> {
        if latitude < Decimal::whole(-90) || latitude > Decimal::whole(90) {
            return Err(NotPlace::Latitude);
        }
        if longitude < Decimal::whole(-180) || longitude > Decimal::whole(180) {
            return Err(NotPlace::Longitude);
        }
        Ok(Self { latitude, longitude })
    }

    /// Degrees north.
    #[must_use]
    pub fn latitude(&self) -> Decimal {
        self.latitude
    }

    /// Degrees east.
    #[must_use]
    pub fn longitude(&self) -> Decimal {
        self.longitude
    }

    fn flat(self) -> (i128, i128) {
        (i128::from(self.longitude.as_nano()), i128::from(self.latitude.as_nano()))
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.latitude, self.longitude)
    }
}

/// A closed line round an area: at least three corners, no two neighbours the same, no sides that
/// meet other than at the corner they share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Polygon(Vec<Point>);

impl Polygon {
    /// The most corners of one polygon: the comparison of all sides with each other must end.
    pub const MOST: usize = 5_000;

    /// A polygon by its corners, the first not repeated at the end. A corner that repeats the one
    /// before it is left out.
    ///
    /// # Errors
    /// If there are too few or too many, or sides meet.
    pub fn new(corners: &[Point]) -> Result<Self, NotPlace> {
        let mut ring = corners.to_vec();
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        if ring.len() > Self::MOST {
            return Err(NotPlace::Many);
        }
        let mut distinct = ring.clone();
        distinct.sort_unstable();
        distinct.dedup();
        if distinct.len() < 3 {
            return Err(NotPlace::Few);
        }
        match crossing(&ring) {
            Some((one, other)) => Err(NotPlace::Crosses(one + 1, other + 1)),
            None => Ok(Self(ring)),
        }
    }

    /// The corners, the first once.
    #[must_use]
    pub fn corners(&self) -> &[Point] {
        &self.0
    }

    /// Whether it encloses nothing: all corners lie on one line.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        let next = self.0.iter().skip(1).chain(self.0.first());
        let twice: i128 = self
            .0
            .iter()
            .zip(next)
            .map(|(a, b)| {
                let ((ax, ay), (bx, by)) = (a.flat(), b.flat());
                ax * by - bx * ay
            })
            .sum();
        twice == 0
    }
}

impl fmt::Display for Polygon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for corner in &self.0 {
            write!(f, "{corner} ")?;
        }
        self.0.first().map_or(Ok(()), |first| write!(f, "{first}"))
    }
}

type Flat = (i128, i128);

/// The first two sides that meet without being neighbours, by their corners.
fn crossing(ring: &[Point]) -> Option<(usize, usize)> {
    let sides: Vec<(Flat, Flat)> =
        (0..ring.len()).map(|at| (ring[at].flat(), ring[(at + 1) % ring.len()].flat())).collect();
    for one in 0..sides.len() {
        for other in one + 2..sides.len() {
            let neighbours = one == 0 && other == sides.len() - 1;
            if !neighbours && meet(sides[one], sides[other]) {
                return Some((one, other));
            }
        }
    }
    None
}

fn meet((a, b): (Flat, Flat), (c, d): (Flat, Flat)) -> bool {
    let apart = |a: i128, b: i128, c: i128, d: i128| a.max(b) < c.min(d) || c.max(d) < a.min(b);
    if apart(a.0, b.0, c.0, d.0) || apart(a.1, b.1, c.1, d.1) {
        return false;
    }
    let turn = |p: Flat, q: Flat, r: Flat| {
        ((q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0)).signum()
    };
    turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0
}

/// A circle: centre and radius in kilometres.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Circle {
    centre: Point,
    radius: Decimal,
}

impl Circle {
    /// A circle; a radius of nought is a point.
    ///
    /// # Errors
    /// If the radius is below nought.
    pub fn new(centre: Point, radius: Decimal) -> Result<Self, NotPlace> {
        if radius < Decimal::default() {
            return Err(NotPlace::Radius);
        }
        Ok(Self { centre, radius })
    }

    /// Its centre.
    #[must_use]
    pub fn centre(&self) -> Point {
        self.centre
    }

    /// Its radius in kilometres.
    #[must_use]
    pub fn radius(&self) -> Decimal {
        self.radius
    }
}

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.centre, self.radius)
    }
}

/// How high an area lies: feet above mean sea level, a lower bound and perhaps an upper one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Height {
    altitude: Decimal,
    ceiling: Option<Decimal>,
}

impl Height {
    /// A height, or the range from it to a ceiling. `None` if the ceiling lies below.
    #[must_use]
    pub fn new(altitude: Decimal, ceiling: Option<Decimal>) -> Option<Self> {
        let right = ceiling.is_none_or(|ceiling| ceiling >= altitude);
        right.then_some(Self { altitude, ceiling })
    }

    /// The height, or the lower bound.
    #[must_use]
    pub fn altitude(&self) -> Decimal {
        self.altitude
    }

    /// The upper bound.
    #[must_use]
    pub fn ceiling(&self) -> Option<Decimal> {
        self.ceiling
    }
}
