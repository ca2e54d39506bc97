//! A real alarm always wins: an exercise's server asks the real one whether an alarm runs, and
//! sends nothing while one does, or while nobody knows, but that the exercise is stopped.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::http::Target;

/// How often the real installation is asked.
const EVERY: Duration = Duration::from_secs(5);

/// How long it may take to answer.
const WITHIN: Duration = Duration::from_secs(4);

/// Whether an exercise may send now.
#[derive(Debug)]
pub struct Gate(AtomicBool);

#[derive(Deserialize)]
struct Running {
    running: bool,
}

impl Gate {
    /// Open where nothing real is named: a made-up world has nothing to wait for. Shut until the
    /// first answer where something is.
    #[must_use]
    pub const fn new(real: Option<&String>) -> Self {
        Self(AtomicBool::new(real.is_none()))
    }

    /// Whether something may be sent.
    pub fn is_open(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Asks for ever. No answer counts as an alarm that runs.
    pub async fn watch(&self, real: &str) -> Result<()> {
        let target = Target::read(&format!("{}/api/v1/alarms/running", real.trim_end_matches('/')))
            .context("in samband.toml, real")?;
        loop {
            let asked = tokio::time::timeout(WITHIN, ask(&target)).await;
            let open = matches!(asked, Ok(Ok(false)));
            if self.0.swap(open, Ordering::SeqCst) != open {
                if open {
                    tracing::info!("no real alarm runs: the exercise may send");
                } else {
                    let why = match asked {
                        Ok(Ok(_)) => "a real alarm runs".to_owned(),
                        Ok(Err(error)) => format!("{error:#}"),
                        Err(_) => "no answer in time".to_owned(),
                    };
                    tracing::warn!(why, "the exercise holds back what it would send");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }
}

async fn ask(target: &Target) -> Result<bool> {
    let answer = target.get(&[]).await?;
    if answer.status != 200 {
        bail!("the real installation answers {}", answer.status);
    }
    let said: Running = answer.json()?;
    Ok(said.running)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::{Router, routing::get};

    use super::Gate;

    /// A real installation that says this.
    async fn real(says: &'static str) -> String {
        let router =
            Router::new().route("/api/v1/alarms/running", get(move || async move { says }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }

    async fn open(address: String) -> bool {
        let gate = Arc::new(Gate::new(Some(&address)));
        assert!(!gate.is_open(), "shut until somebody has answered");
        let watched = Arc::clone(&gate);
        let watch = tokio::spawn(async move { watched.watch(&address).await });
        for _ in 0..200 {
            if gate.is_open() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        watch.abort();
        gate.is_open()
    }

    #[tokio::test]
    async fn invariant_10_only_a_word_that_nothing_runs_opens_the_exercise() {
        assert!(open(real("{\"running\":false}").await).await);
        assert!(!open(real("{\"running\":true}").await).await);
        assert!(!open(real("<html>").await).await);
        assert!(!open("http://127.0.0.1:9".into()).await);
        assert!(Gate::new(None).is_open(), "a made-up world waits for nothing");
    }
}
