//! News for everybody who listens: one broadcast, many readers.
//!
//! A piece of news is rendered once and then copied by reference to every connection. It carries
//! topics, never bodies: whoever hears it asks again for what they may see.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use samband_engine::{Engine, News};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::{MissedTickBehavior, interval};
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;
use tokio_stream::wrappers::{BroadcastStream, IntervalStream};

/// Most connections that listen at a time.
pub const LISTENERS_MAX: usize = 8_192;

/// Pieces of news that a slow connection may lag behind before it is told to reread everything.
const LAG_MAX: usize = 256;

/// How often a silent connection shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// What a connection hears that missed something: every live part asks again.
const RELOAD: &[u8] = b"data: {\"topic\":\"*\",\"journal\":null,\"serial\":null}\n\n";

/// The news, rendered once. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Live {
    frames: broadcast::Sender<Bytes>,
    listening: Arc<AtomicUsize>,
}

impl Live {
    /// Starts telling an engine's news, until the engine is gone.
    #[must_use]
    pub fn start(engine: &Engine) -> Self {
        let live = Self { frames: broadcast::channel(LAG_MAX).0, listening: Arc::default() };
        let frames = live.frames.clone();
        let mut news = engine.subscribe();
        tokio::spawn(async move {
            loop {
                let frame = match news.recv().await {
                    Ok(news) => Bytes::from(frame(&news)),
                    Err(RecvError::Lagged(_)) => Bytes::from_static(RELOAD),
                    Err(RecvError::Closed) => break,
                };
                // Nobody listening is no error.
                let _ = frames.send(frame);
            }
        });
        live
    }

    /// How many listen.
    #[must_use]
    pub fn listening(&self) -> usize {
        self.listening.load(Ordering::Relaxed)
    }

    /// The answer that goes on as long as somebody listens; none if too many do already. Whoever
    /// says as of which transaction they read is told at once if another has come since: nothing
    /// is lost between a page and its stream.
    #[must_use]
    pub fn listen(&self, engine: &Engine, since: Option<u64>) -> Option<Response> {
        let place = Place::take(&self.listening)?;
        // First the ear, then the question.
        let heard = self.frames.subscribe();
        let missed = since.is_some_and(|serial| serial != engine.world().serial);
        let missed = tokio_stream::iter(missed.then_some(Bytes::from_static(RELOAD)));
        let mut beat = interval(HEARTBEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first beat comes at once, so that the browser knows it is connected.
        let beats = IntervalStream::new(beat).map(|_| Bytes::from_static(b": alive\n\n"));
        let frames = BroadcastStream::new(heard).map(|frame| match frame {
            Ok(frame) => frame,
            Err(BroadcastStreamRecvError::Lagged(_)) => Bytes::from_static(RELOAD),
        });
        let stream = missed.chain(frames.merge(beats)).map(move |frame| {
            let _held = &place;
            Ok::<_, std::convert::Infallible>(frame)
        });
        let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
        Some((headers, Body::from_stream(stream)).into_response())
    }
}

/// A listener's place, given back when the connection ends.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(listening: &Arc<AtomicUsize>) -> Option<Self> {
        let more = |n: usize| (n < LISTENERS_MAX).then_some(n + 1);
        listening.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(Self(Arc::clone(listening)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// One event per journal and topic, all under the transaction's number.
fn frame(news: &News) -> String {
    let mut out = String::new();
    for (journal, topics) in &news.topics {
        for topic in topics {
            // Topics and journal ids are plain words; the quotes need no escaping.
            let _ = writeln!(
                out,
                "id: {0}\ndata: {{\"topic\":\"{topic}\",\"journal\":\"{journal}\",\"serial\":{0}}}\n",
                news.serial,
            );
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_news_is_one_event_per_topic_without_bodies() {
        let id = samband_domain::JournalId::new("skane").unwrap();
        let topics = [(id, ["figures".to_owned(), "site".to_owned()].into())].into();
        let text = frame(&News { serial: 7, topics });
        assert_eq!(
            text,
            "id: 7\ndata: {\"topic\":\"figures\",\"journal\":\"skane\",\"serial\":7}\n\n\
             id: 7\ndata: {\"topic\":\"site\",\"journal\":\"skane\",\"serial\":7}\n\n"
        );
    }

    #[test]
    fn places_are_given_back() {
        let listening = Arc::new(AtomicUsize::new(LISTENERS_MAX - 1));
        let place = Place::take(&listening);
        assert!(place.is_some() && Place::take(&listening).is_none());
        drop(place);
        assert!(Place::take(&listening).is_some());
    }
}
