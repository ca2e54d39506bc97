//! A gateway of text messages and calls, and another system that is called: takes what it is
//! sent, or fails as such things do.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::wait_for;

/// What becomes of what it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Taken.
    Taken,
    /// Refused with a status.
    Refused(u16),
    /// The connection ends without a word.
    Dropped,
    /// Nothing is ever answered.
    Silent,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// Path.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Body as it was sent.
    pub text: String,
    /// Body as JSON.
    pub body: Value,
}

impl Call {
    /// The name of the message.
    #[must_use]
    pub fn name(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    /// The kind of channel.
    #[must_use]
    pub fn channel(&self) -> &str {
        self.body["channel"].as_str().unwrap_or_default()
    }
}

#[derive(Default)]
struct Held {
    calls: Vec<Call>,
    fates: BTreeMap<String, Fate>,
    /// Connections that are never answered.
    silent: Vec<TcpStream>,
}

/// A gateway on a port of its own.
pub struct Gateway {
    address: String,
    held: Arc<Mutex<Held>>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self::new()
    }
}

impl Gateway {
    /// One that takes everything.
    ///
    /// # Panics
    /// If there is no port.
    #[must_use]
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound").to_string();
        let held = Arc::new(Mutex::new(Held::default()));
        let own = Arc::clone(&held);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let own = Arc::clone(&own);
                std::thread::spawn(move || take(stream, &own));
            }
        });
        Self { address, held }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where one of its paths is called.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What becomes of calls of a path from now on.
    pub fn set(&self, path: &str, fate: Fate) {
        self.held().fates.insert(path.to_owned(), fate);
    }

    /// Every call so far of those that carry an alarm.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        let all = self.held().calls.clone();
        all.into_iter().filter(|call| !call.name().starts_with("canary/")).collect()
    }

    /// Waits for a call that is wanted; those that try the channel are seen, too.
    pub fn wait(&self, what: &str, wanted: impl Fn(&Call) -> bool) -> Call {
        wait_for(what, || self.held().calls.iter().find(|call| wanted(call)).cloned())
    }
}

fn take(stream: TcpStream, held: &Mutex<Held>) {
    let Some((call, mut stream)) = read(stream) else { return };
    let path = call.path.clone();
    let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
    let fate = held.fates.get(&path).copied().unwrap_or(Fate::Taken);
    held.calls.push(call);
    let status = match fate {
        Fate::Taken => 202,
        Fate::Refused(status) => status,
        Fate::Dropped => return,
        Fate::Silent => return held.silent.push(stream),
    };
    let head = format!("HTTP/1.1 {status} x\r\nContent-Length: 6\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(format!("{head}noted\n").as_bytes());
}

fn read(stream: TcpStream) -> Option<(Call, TcpStream)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let text = String::from_utf8(body).ok()?;
    let body = serde_json::from_str(&text).ok()?;
    Some((Call { path, headers, text, body }, reader.into_inner()))
}
