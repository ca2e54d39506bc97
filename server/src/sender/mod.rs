//! The sender: makes messages on real channels of what `alarms::view::scheduled` says is due.
//!
//! Nothing but the record and what is on its way in memory says what was sent. A process killed
//! between sending and recording sends the same message again, under the same name; one that was
//! recorded is never sent again. Every message is a task of its own, so that a slow channel delays
//! no other. What a channel says is recorded in its words and is never an answer.

mod canary;
mod channel;
mod config;
mod say;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Result, anyhow};
use samband_access::Principal;
use samband_domain::alarms::Command;
use samband_domain::alarms::model::Outcome;
use samband_domain::alarms::view::{self, Message};
use samband_domain::{Digest, JournalId, Mode, Time};
use samband_engine::{Engine, Failure, News, Request};
use samband_web::app::channels::{Board, Name};
use samband_web::text::Words;
use tokio::sync::broadcast::error::RecvError;

use crate::exercise::Gate;

pub use config::Channels;

/// How long one attempt may take.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// The clock is looked at at least this often, whatever it said before: it may have been set.
const LOOK: Duration = Duration::from_secs(5);

/// After a recording that did not succeed.
const PAUSE: Duration = Duration::from_millis(500);

/// Messages under way at a time; more wait for the first of them, never for one channel.
const UNDER_WAY_MAX: usize = 2_000;

/// What every message on its way shares.
pub struct Sender {
    engine: Engine,
    channels: Vec<Channels>,
    board: Arc<Board>,
    /// The address that personal links begin with, unless the channel file names another.
    link: String,
    under_way: Mutex<BTreeSet<Name>>,
    /// Shut while a real alarm runs: an exercise says nothing then but that it is stopped.
    gate: Arc<Gate>,
}

impl Sender {
    /// One that sends by these channels.
    pub fn new(
        engine: Engine,
        channels: Vec<Channels>,
        (board, gate): (Arc<Board>, Arc<Gate>),
        link: &str,
    ) -> Arc<Self> {
        let link = link.trim_end_matches('/').to_owned();
        Arc::new(Self { engine, channels, board, link, under_way: Mutex::default(), gate })
    }

    /// Sends for ever: a fault in it must not end it.
    pub async fn run(self: Arc<Self>) {
        for n in 0..self.channels.len() {
            for (channel, tried) in self.channels[n].canaries.clone() {
                tokio::spawn(canary::run(Arc::clone(&self), n, channel, tried));
            }
        }
        loop {
            match tokio::spawn(Arc::clone(&self).attend()).await {
                Ok(()) => return,
                Err(error) => tracing::error!(%error, "the sender broke off; again"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn attend(self: Arc<Self>) {
        let mut news = self.engine.subscribe();
        loop {
            let next = self.send_due();
            let wait = next.map_or(LOOK, |next| {
                let micros = next.since(self.engine.now()).max(0);
                Duration::from_micros(micros.unsigned_abs()).min(LOOK)
            });
            tokio::select! {
                heard = hear_of_alarms(&mut news) => if !heard { return },
                () = tokio::time::sleep(wait) => {}
            }
            // What was said meanwhile is looked at together.
            while news.try_recv().is_ok() {}
        }
    }

    /// Sends what is due and is not on its way; when the next one is.
    fn send_due(self: &Arc<Self>) -> Option<Time> {
        // Before the world is looked at: what has arrived since stands in it.
        let under_way = self.under_way().clone();
        let (world, now) = (self.engine.world(), self.engine.now());
        let mut next = None;
        for journal in world.locals() {
            let Some(region) = journal.local() else { continue };
            let (shared, own) = (&region.shared.alarms, &region.own.alarms);
            let held = journal.mode() == Some(Mode::Exercise) && !self.gate.is_open();
            for message in view::scheduled(shared, own) {
                // That the drill is over for the real thing's sake is what must reach everybody
                // just then; all else of an exercise waits.
                if held && !view::says_real(shared, &message) {
                    continue;
                }
                let name = name(&journal.id, &message);
                if under_way.contains(&name) || !view::may_leave(shared, own, &message, now) {
                    continue;
                }
                if message.due > now {
                    next = Some(next.map_or(message.due, |next: Time| next.min(message.due)));
                } else if self.begin(&name) {
                    tokio::spawn(Arc::clone(self).carry(name, message));
                }
            }
        }
        next
    }

    fn under_way(&self) -> std::sync::MutexGuard<'_, BTreeSet<Name>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, name: &Name) -> bool {
        let mut under_way = self.under_way();
        under_way.len() < UNDER_WAY_MAX && under_way.insert(name.clone())
    }

    async fn carry(self: Arc<Self>, name: Name, message: Message) {
        let (one, named) = (Arc::clone(&self), name.clone());
        // A fault in it must neither end the sender nor lose the message.
        let sent = tokio::spawn(async move { one.attempt(&named, &message).await }).await;
        let sent = sent.unwrap_or_else(|error| Err(error.into()));
        let (outcome, detail) = match sent {
            Ok(()) => (Outcome::Sent, None),
            Err(error) => {
                let why: String = format!("{error:#}").chars().take(300).collect();
                tracing::warn!(message = %name, why, "not sent");
                (Outcome::Failed, Some(why))
            }
        };
        if self.record(&name, outcome, detail).await {
            self.under_way().remove(&name);
        }
    }

    async fn attempt(&self, name: &Name, message: &Message) -> Result<()> {
        let world = self.engine.world();
        let mode = world.journal(&name.journal).and_then(|journal| journal.mode());
        let words = Words::sv();
        let by = self.channels.iter().find(|one| Some(one.mode) == mode);
        let by = by.filter(|one| one.has(message.way.channel));
        let by = by.ok_or_else(|| anyhow!(words.t("msg-no-channel")))?;
        if !by.may_reach(&message.way.address) {
            return Err(anyhow!(words.t("msg-not-allowed")));
        }
        let link = by.link.as_deref().unwrap_or(&self.link);
        let content = say::content(&world, by.mode, name, message, link);
        let content = content.ok_or_else(|| anyhow!(words.t("msg-no-alarm")))?;
        let (text, now) = (name.to_string(), self.engine.now());
        let letter = channel::Letter { name: &text, to: &message.way.address, content, now };
        let sent = within(by.send(letter)).await;
        if let Err(error) = &sent {
            let at = (by.mode, message.way.channel);
            self.board.failed(at, &format!("{error:#}"), self.engine.now());
        }
        sent
    }

    /// Writes down what became of an attempt, however long the database does not answer; whether
    /// it stands there. Until it does, the message counts as on its way.
    async fn record(&self, name: &Name, outcome: Outcome, detail: Option<String>) -> bool {
        let Name { journal, key, person, channel, number } = name.clone();
        let asked = Digest::of(format!("{name} {outcome}").as_bytes());
        let command = Command::Attempted { key, person, channel, number, outcome, detail };
        let request = Request {
            principal: Principal::Engine,
            region: journal,
            key: asked.to_string(),
            happened: None,
            command: command.into(),
            asked: Some(asked),
        };
        let mut told = false;
        loop {
            match self.engine.submit(request.clone()).await {
                Ok(_) => return true,
                Err(
                    error @ (Failure::Refused(_)
                    | Failure::Denied(_)
                    | Failure::NoJournal(_)
                    | Failure::SteppedDown),
                ) => {
                    tracing::error!(message = %name, %error, "an attempt is not recorded");
                    return false;
                }
                Err(_) if self.engine.health().stopped => return false,
                Err(error) => {
                    if !told {
                        tracing::error!(message = %name, %error, "an attempt is not recorded yet");
                    }
                    told = true;
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

/// What a channel says, or that it says nothing in time.
async fn within(sent: impl Future<Output = Result<()>>) -> Result<()> {
    match tokio::time::timeout(DEADLINE, sent).await {
        Ok(sent) => sent,
        Err(_) => {
            let args = [("seconds", DEADLINE.as_secs().into())];
            Err(anyhow!(Words::sv().t_args("msg-late", &args)))
        }
    }
}

fn name(journal: &JournalId, message: &Message) -> Name {
    let Message { key, person, way, number, .. } = message;
    let (journal, key) = (journal.clone(), key.clone());
    Name { journal, key, person: *person, channel: way.channel, number: *number }
}

/// Waits for news of alarms; none once the engine is gone.
pub async fn hear_of_alarms(news: &mut tokio::sync::broadcast::Receiver<News>) -> bool {
    loop {
        match news.recv().await {
            Ok(News { topics, .. }) => {
                let about = |topic: &String| topic == "alarm" || topic == "incident";
                if topics.values().flatten().any(about) {
                    return true;
                }
            }
            Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}
