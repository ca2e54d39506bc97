//! A running server process.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use crate::client::Client;
use crate::installation::PASSWORD;
use crate::{PATIENCE, wait_for};

/// A server that is killed when it is dropped.
pub struct Server {
    child: Child,
    lines: Receiver<String>,
    printed: Vec<String>,
    address: Option<String>,
    errors: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a `samband serve` command.
    ///
    /// # Panics
    /// If the program cannot be run.
    pub fn begin(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_remove("SAMBAND_DATA");
        let mut child = command.spawn().expect("the program runs");
        let (sender, lines) = mpsc::channel();
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let errors = Arc::new(Mutex::new(String::new()));
        let err = BufReader::new(child.stderr.take().expect("a pipe"));
        let kept = Arc::clone(&errors);
        let reader = std::thread::spawn(move || {
            for line in err.lines().map_while(Result::ok) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let reader = Some(reader);
        Self { child, lines, printed: Vec::new(), address: None, errors, reader }
    }

    /// Waits until the address is printed.
    ///
    /// # Errors
    /// What the process said, if it ends before.
    pub fn ready(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        while self.address.is_none() {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.address = line.strip_prefix("Samband: ").map(str::to_owned);
                    self.printed.push(line);
                }
                Err(RecvTimeoutError::Timeout) => return Err("no address was printed".into()),
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait();
                    // All that it said, to its last word.
                    self.reader.take().map(JoinHandle::join);
                    return Err(format!("ended with {status:?}:\n{}", self.errors()));
                }
            }
        }
        Ok(())
    }

    /// The address for people.
    ///
    /// # Panics
    /// If the server is not ready.
    #[must_use]
    pub fn address(&self) -> &str {
        self.address.as_deref().expect("a server that is ready")
    }

    /// Everything printed so far.
    pub fn printed(&mut self) -> &[String] {
        self.printed.extend(self.lines.try_iter());
        &self.printed
    }

    /// What it said on standard error so far.
    #[must_use]
    pub fn errors(&self) -> String {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs in with [`PASSWORD`].
    ///
    /// # Panics
    /// If that is refused.
    #[must_use]
    #[track_caller]
    pub fn sign_in(&self, user: &str) -> Client {
        Client::sign_in(self.address(), user, PASSWORD).unwrap_or_else(|error| panic!("{error}"))
    }

    /// A client that is not signed in.
    #[must_use]
    pub fn nobody(&self) -> Client {
        Client::new(self.address())
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the process at once: SIGKILL, nothing of it runs any more.
    ///
    /// # Panics
    /// If it cannot be waited for.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        self.child.wait().expect("an end");
    }

    /// Asks the process to stop and waits until it has.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn stop(mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    /// Sends a signal, named without `SIG`.
    ///
    /// # Panics
    /// If `kill` cannot be run.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().expect("kill runs");
        assert!(sent.success(), "SIG{name}");
    }

    /// Waits until the process ends by itself.
    ///
    /// # Panics
    /// If it does not.
    pub fn ended(&mut self) -> ExitStatus {
        wait_for("the server ends", || self.child.try_wait().expect("a child"))
    }

    /// Whether the process still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
