//! So many who listen, each on a connection of its own: to Samband's events, or to a broker.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use super::broker;

/// Connections that are opened at a time: no more than the system lets wait.
const OPENING_MAX: usize = 64;

/// What is listened to.
#[derive(Clone)]
pub(super) enum Kind {
    /// Samband's events.
    Page {
        /// Of whoever is signed in.
        token: String,
    },
    /// A broker's topic.
    Subscriber,
}

/// Everybody who listens.
pub(super) struct Ears {
    count: usize,
    heard: mpsc::UnboundedReceiver<Instant>,
    _tasks: JoinSet<Result<()>>,
}

impl Ears {
    /// Opens them, and waits until each is connected.
    pub(super) async fn open(address: &str, kind: Kind, count: usize) -> Result<Self> {
        let (tell, heard) = mpsc::unbounded_channel();
        let places = Arc::new(Semaphore::new(OPENING_MAX));
        let (ready, mut connected) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        for n in 0..count {
            let (address, kind) = (address.to_owned(), kind.clone());
            let (tell, ready, places) = (tell.clone(), ready.clone(), Arc::clone(&places));
            tasks.spawn(async move {
                let place = places.acquire().await?;
                let stream = TcpStream::connect(&address).await?;
                stream.set_nodelay(true)?;
                let mut ear = match kind {
                    Kind::Page { token } => Ear::Page(page(stream, &address, &token).await?),
                    Kind::Subscriber => Ear::Subscriber(broker::subscribe(stream, n).await?),
                };
                drop(place);
                ready.send(())?;
                loop {
                    ear.hears().await?;
                    tell.send(Instant::now())?;
                }
            });
        }
        drop(ready);
        let mut open = 0;
        while connected.recv().await.is_some() {
            open += 1;
            if open == count {
                break;
            }
        }
        ensure!(open == count, "{open} of {count} could listen");
        Ok(Self { count, heard, _tasks: tasks })
    }

    /// Forgets what was heard before: now the word is given.
    pub(super) fn begin(&mut self) -> Instant {
        while self.heard.try_recv().is_ok() {}
        Instant::now()
    }

    /// How long each took to hear it.
    pub(super) async fn heard(&mut self, begun: Instant) -> Result<Vec<Duration>> {
        let mut times = Vec::with_capacity(self.count);
        while times.len() < self.count {
            let at = self.heard.recv().await.context("nobody listens any more")?;
            times.push(at.duration_since(begun));
        }
        Ok(times)
    }
}

enum Ear {
    Page(BufReader<TcpStream>),
    Subscriber(BufReader<TcpStream>),
}

impl Ear {
    /// Waits until the word is there, once for each time that it is given.
    async fn hears(&mut self) -> Result<()> {
        match self {
            Self::Page(stream) => {
                let mut line = String::new();
                loop {
                    line.clear();
                    ensure!(stream.read_line(&mut line).await? > 0, "the stream ended");
                    // Only raising an alarm begins an incident; its other steps say `alarm`.
                    if line.contains(broker::WORD) {
                        return Ok(());
                    }
                }
            }
            Self::Subscriber(stream) => {
                let length = broker::length(stream).await?;
                let mut body = vec![0; length];
                stream.read_exact(&mut body).await?;
                Ok(())
            }
        }
    }
}

/// Opens an event stream; its first beat says that it is there.
async fn page(stream: TcpStream, address: &str, token: &str) -> Result<BufReader<TcpStream>> {
    let mut stream = BufReader::with_capacity(1_024, stream);
    let text = format!(
        "GET /api/v1/events HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    stream.get_mut().write_all(text.as_bytes()).await?;
    let mut line = String::new();
    while !line.contains("alive") {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "the stream ended");
        ensure!(!line.contains(" 503"), "too many listen");
    }
    Ok(stream)
}
