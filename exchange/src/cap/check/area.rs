//! Checks what stands in `<area>`.

use super::slots::{AREA, Found};
use super::{Checker, Node, quoted};
use crate::cap::info::Area;
use crate::cap::number::Decimal;
use crate::cap::place::{Circle, Height, NotPlace, Point, Polygon};
use crate::cap::problem::Code;

/// The most points of all polygons of a document.
const MOST_POINTS: usize = 4 * Polygon::MOST;

impl Checker {
    pub(super) fn area(&mut self, node: &Node<'_>) -> Option<Area> {
        let found = self.found(node, AREA);
        let description = self.text(found.one("areaDesc"));
        let polygons = found.all("polygon").iter().filter_map(|one| self.polygon(one)).collect();
        let circles = found.all("circle").iter().filter_map(|one| self.circle(one)).collect();
        let geocodes = self.named(found.all("geocode"));
        let height = self.height(&found);
        Some(Area { description: description?, polygons, circles, geocodes, height })
    }

    /// A point, reported as part of what `code` says if it is not written as one.
    fn point(&mut self, node: &Node<'_>, text: &str, code: Code) -> Option<Point> {
        let pair = text.split_once(',').and_then(|(latitude, longitude)| {
            Some((Decimal::read(latitude).ok()?, Decimal::read(longitude).ok()?))
        });
        let Some((latitude, longitude)) = pair else {
            self.say(code, node, format!("“{}” is no point", quoted(text)));
            return None;
        };
        let point = Point::new(latitude, longitude);
        if let Err(error) = point {
            let code = if error == NotPlace::Latitude { Code::Latitude } else { Code::Longitude };
            self.say(code, node, format!("“{}”: {error}", quoted(text)));
        }
        point.ok()
    }

    fn polygon(&mut self, node: &Node<'_>) -> Option<Polygon> {
        let text = self.leaf(node);
        let written: Vec<&str> = text.split_whitespace().collect();
        self.points += written.len();
        if written.len() > Polygon::MOST + 1 || self.points > MOST_POINTS {
            let text = format!(
                "at most {} points of a polygon, {MOST_POINTS} in all, are checked",
                Polygon::MOST
            );
            self.say(Code::PolygonMany, node, text);
            return None;
        }
        let points: Vec<Option<Point>> =
            written.iter().map(|text| self.point(node, text, Code::Polygon)).collect();
        if points.len() < 4 {
            self.say(Code::PolygonFew, node, format!("there are {} points", points.len()));
        }
        let points: Vec<Point> = points.into_iter().collect::<Option<_>>()?;
        let closed = points.first() == points.last();
        if let (false, Some(first), Some(last)) = (closed, points.first(), points.last()) {
            let text = format!("the first point is {first}, the last is {last}");
            self.say(Code::PolygonOpen, node, text);
        }
        if let Some(pair) = points.windows(2).find(|pair| pair[0] == pair[1]) {
            self.say(Code::PolygonRepeats, node, format!("{} stands twice in a row", pair[0]));
        }
        match Polygon::new(&points) {
            Ok(polygon) => {
                if polygon.is_flat() {
                    self.say(Code::PolygonFlat, node, "the polygon encloses nothing");
                }
                (closed && points.len() >= 4).then_some(polygon)
            }
            Err(error @ NotPlace::Few) if points.len() >= 4 => {
                self.say(Code::PolygonFew, node, error.to_string());
                None
            }
            Err(NotPlace::Few) => None,
            Err(error) => {
                self.say(Code::PolygonCrosses, node, error.to_string());
                None
            }
        }
    }

    fn circle(&mut self, node: &Node<'_>) -> Option<Circle> {
        let text = self.leaf(node);
        let pieces: Vec<&str> = text.split_whitespace().collect();
        let [centre, radius] = pieces[..] else {
            self.say(Code::Circle, node, format!("“{}” is no centre and radius", quoted(text)));
            return None;
        };
        let centre = self.point(node, centre, Code::Circle);
        let Ok(radius) = Decimal::read(radius) else {
            self.say(Code::Circle, node, format!("“{}” is no radius", quoted(radius)));
            return None;
        };
        if radius < Decimal::default() {
            self.say(Code::Radius, node, format!("the radius is {radius}"));
            return None;
        }
        Circle::new(centre?, radius).ok()
    }

    fn height(&mut self, found: &Found<'_>) -> Option<Height> {
        let altitude = self.number(found.one("altitude"));
        let ceiling = self.number(found.one("ceiling"));
        let (low, high) = (found.one("altitude"), found.one("ceiling"));
        if let (None, Some(node)) = (low, high) {
            self.say(Code::CeilingAlone, node, "<ceiling> stands without <altitude>");
        }
        let height = Height::new(altitude?, ceiling);
        if let (None, Some(node)) = (height, high) {
            self.say(Code::CeilingBelow, node, "<ceiling> lies below <altitude>");
        }
        height
    }
}
