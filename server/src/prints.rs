//! What lies in the folder on paper is printed anew every day: at the start, and at six in the
//! morning, before the day's first handover.

use std::path::PathBuf;
use std::time::Duration;

use jiff::Zoned;
use jiff::civil::time;
use jiff::tz::TimeZone;
use samband_engine::Engine;

use crate::operate::print;

/// At which hour.
const HOUR: i8 = 6;
/// How long to wait where the calendar gives no answer.
const OTHERWISE: Duration = Duration::from_secs(24 * 3_600);

/// Writes the sheets now and every morning, for ever.
pub async fn daily(engine: Engine, directory: PathBuf) {
    loop {
        match print(&engine, None, &directory) {
            Ok(files) => tracing::info!(files, "contact lists and action cards are written"),
            Err(error) => tracing::error!(%error, "contact lists and action cards: not written"),
        }
        tokio::time::sleep(until_morning(&now())).await;
    }
}

fn now() -> Zoned {
    let zone = TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC);
    Zoned::now().with_time_zone(zone)
}

/// How long until the next morning's hour, by the clock on the wall.
fn until_morning(now: &Zoned) -> Duration {
    let today = now.datetime().with().time(time(HOUR, 0, 0, 0)).build().ok();
    let morning = today.and_then(|at| at.to_zoned(now.time_zone().clone()).ok());
    let next = morning.and_then(|at| if at > *now { Some(at) } else { tomorrow(now) });
    let wait = next.and_then(|at| {
        u64::try_from(at.timestamp().duration_since(now.timestamp()).as_secs()).ok()
    });
    wait.map_or(OTHERWISE, |seconds| Duration::from_secs(seconds.max(60)))
}

fn tomorrow(now: &Zoned) -> Option<Zoned> {
    let date = now.date().tomorrow().ok()?;
    date.to_datetime(time(HOUR, 0, 0, 0)).to_zoned(now.time_zone().clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_morning_is_today_or_tomorrow_also_when_the_clock_is_changed() {
        let hours = |text: &str| {
            let at: Zoned = text.parse().expect("a moment");
            until_morning(&at).as_secs() / 3_600
        };
        assert_eq!(hours("2026-06-01T02:00:00+02:00[Europe/Stockholm]"), 4);
        assert_eq!(hours("2026-06-01T06:00:00+02:00[Europe/Stockholm]"), 24);
        assert_eq!(hours("2026-06-01T22:00:00+02:00[Europe/Stockholm]"), 8);
        // In the night to 2026-03-29 an hour is missing.
        assert_eq!(hours("2026-03-28T22:00:00+01:00[Europe/Stockholm]"), 7);
    }
}
