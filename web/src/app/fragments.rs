//! Parts of pages that many readers see alike: rendered once for each audience, not once for each
//! reader. A change that a thousand open pages hear of is drawn once and copied.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use maud::{Markup, PreEscaped};
use samband_domain::Time;
use samband_engine::World;

/// The header with which `live.js` asks for a part alone.
const FRAGMENT: &str = "x-fragment";

/// Most parts kept of one world.
const KEPT_MAX: usize = 512;

/// Ages on a page are told by the minute.
const MINUTE: i64 = 60 * 1_000_000;

#[derive(Debug, Default)]
struct Held {
    /// The world and minute that the parts were drawn from.
    drawn: (u64, i64),
    parts: HashMap<String, Arc<OnceLock<Bytes>>>,
}

/// The parts of the present world and minute. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Fragments(Arc<Mutex<Held>>);

impl Fragments {
    /// The part of a key, drawn once for a world and minute. The key names page, audience,
    /// language and query: whoever sees something else has another one.
    #[must_use]
    pub fn get(
        &self,
        world: &World,
        now: Time,
        key: String,
        draw: impl FnOnce() -> Markup,
    ) -> Fragment {
        let drawn = (world.serial, now.0.div_euclid(MINUTE));
        let place = {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // A reader who still holds an older world draws for itself and disturbs nobody.
            if drawn < held.drawn {
                Arc::default()
            } else {
                if drawn > held.drawn || held.parts.len() >= KEPT_MAX {
                    held.parts.clear();
                    held.drawn = drawn;
                }
                Arc::clone(held.parts.entry(key).or_default())
            }
        };
        // Whoever comes second waits for the first instead of drawing it again.
        Fragment(place.get_or_init(|| Bytes::from(draw().into_string())).clone())
    }
}

/// A part as it is sent.
#[derive(Clone, Debug)]
pub struct Fragment(Bytes);

impl Fragment {
    /// The part inside a page.
    #[must_use]
    pub fn markup(&self) -> Markup {
        PreEscaped(String::from_utf8_lossy(&self.0).into_owned())
    }
}

impl IntoResponse for Fragment {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, "text/html; charset=utf-8")], self.0).into_response()
    }
}

/// Whether only a page's live part is asked for.
#[must_use]
pub fn alone(headers: &HeaderMap) -> bool {
    headers.contains_key(FRAGMENT)
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn a_part_is_drawn_once_for_each_world_and_audience() {
        let fragments = Fragments::default();
        let world = |serial| World { serial, ..World::default() };
        let count = std::cell::Cell::new(0);
        let ask = |world: &World, key: &str, now: i64| {
            let draw = || {
                count.set(count.get() + 1);
                html! { (count.get()) }
            };
            fragments.get(world, Time(now), key.into(), draw).markup().into_string()
        };
        assert_eq!(ask(&world(1), "skane", 0), "1");
        assert_eq!(ask(&world(1), "skane", 1), "1");
        assert_eq!(ask(&world(1), "halland", 1), "2");
        assert_eq!(ask(&world(2), "skane", 1), "3", "the world changed");
        assert_eq!(ask(&world(1), "skane", 1), "4", "an older world is drawn, and not kept");
        assert_eq!(ask(&world(2), "skane", 1), "3");
        assert_eq!(ask(&world(2), "skane", MINUTE), "5", "ages change with the minute");
    }
}
