//! Asking the server: through the control socket of its machine, or over the network as somebody
//! who may see alarms.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use samband_web::api::alarm_clocks::AlarmClocks;

use crate::control;
use crate::http::Target;
use crate::operate::Operation;

/// Where the clocks are read.
pub enum Source {
    /// The control socket of a data directory.
    Machine(PathBuf),
    /// A server's address.
    Network {
        /// Where one signs in.
        door: Box<Target>,
        /// Where the clocks are.
        clocks: Box<Target>,
        /// Name and password.
        who: (String, String),
        /// The token, once signed in.
        token: Option<String>,
    },
}

impl Source {
    /// The server of a data directory on this machine.
    pub fn machine(root: &Path) -> Self {
        Self::Machine(root.join("control.sock"))
    }

    /// A server at an address.
    ///
    /// # Errors
    /// If that is none.
    pub fn network(url: &str, user: &str, password: &str) -> Result<Self> {
        let at = |path: &str| Target::read(&format!("{}{path}", url.trim_end_matches('/')));
        let (door, clocks) = (at("/api/v1/sign-in")?, at("/api/v1/alarms/clocks")?);
        let who = (user.to_owned(), password.to_owned());
        let (door, clocks) = (Box::new(door), Box::new(clocks));
        Ok(Self::Network { door, clocks, who, token: None })
    }

    /// Asks once.
    ///
    /// # Errors
    /// If there is no answer, or none that can be understood.
    pub async fn ask(&mut self) -> Result<AlarmClocks> {
        match self {
            // Never by opening the database here: the question is whether the server runs.
            Self::Machine(socket) => {
                let said = control::ask(socket, &Operation::AlarmClocks).await?;
                serde_json::from_slice(&said).context("the server is of another version")
            }
            Self::Network { door, clocks, who, token } => {
                let held = match token.take() {
                    Some(held) => held,
                    None => sign_in(door, who).await?,
                };
                let headers = [("authorization", format!("Bearer {held}"))];
                let answer = clocks.get(&headers).await?;
                // A session that ended is opened anew the next time.
                if answer.status != 200 {
                    bail!("it answers {}", answer.status);
                }
                *token = Some(held);
                answer.json().context("the server is of another version")
            }
        }
    }
}

async fn sign_in(door: &Target, (user, password): &(String, String)) -> Result<String> {
    let asked = serde_json::json!({ "user": user, "password": password }).to_string();
    let answer = door.post(&[], asked).await?;
    if answer.status != 200 {
        bail!("{user} is not let in: {}", answer.status);
    }
    let said: serde_json::Value = answer.json()?;
    let token = said["token"].as_str().context("no token")?;
    Ok(token.to_owned())
}
