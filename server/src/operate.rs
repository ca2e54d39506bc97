//! What the command line can have done: one function, whether a server runs or not.

mod alarm;
mod alarms;
mod bodies;
mod figures;
mod journals;
mod peers;
mod rules;
mod stock;
mod tables;
mod users;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use samband_access::Principal;
use samband_domain::kernel::{Owner, OwnerKind};
use samband_domain::words::{Code, Day};
use samband_domain::{Command, Digest, JournalId, Mode};
use samband_engine::{AccountError, Engine, Failure, Receipt, Request};
use samband_web::app::card::Reached;
use samband_web::app::{Problem, explain};
use samband_web::text::Words;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Sender;

pub use alarm::{AlarmAsked, print};
pub use figures::ImportFile;
pub(crate) use figures::describe;
pub use rules::{RulesAsked, RulesFile};
pub use samband_web::app::card::Card;
pub use stock::{StockFile, StockKind};
pub use users::{NewUser, open_journal, region_owner};

use crate::cli::{FormatArg, TableArg};
use crate::control::Said;
use crate::place::Place;
use crate::tls::Identity;

/// One thing to be done.
#[derive(Debug, Serialize, Deserialize)]
pub enum Operation {
    /// Open a region's journal.
    RegionAdd {
        /// Short name.
        id: JournalId,
        /// Name.
        name: Option<String>,
        /// SCB county code.
        county_code: Option<String>,
        /// Exercise instead of real.
        exercise: bool,
    },
    /// List journals.
    RegionList,
    /// The clocks of alarms, for a watcher.
    AlarmClocks,
    /// Open the own journal of a collaboration body or of a mobile unit.
    BodyAdd {
        /// Short name.
        id: JournalId,
        /// Name.
        name: String,
        /// Which of the two.
        kind: OwnerKind,
        /// Exercise instead of real.
        exercise: bool,
    },
    /// Join a collaboration body.
    RegionJoin {
        /// Which region.
        region: JournalId,
        /// The body's code.
        body: Code,
        /// The body's name.
        name: String,
    },
    /// Leave a collaboration body.
    RegionLeave {
        /// Which region.
        region: JournalId,
        /// The body's code.
        body: Code,
    },
    /// Make an account.
    UserAdd(NewUser),
    /// List accounts.
    UserList,
    /// New password.
    UserPassword {
        /// Whose.
        user: String,
        /// The password; made up if none.
        password: Option<String>,
    },
    /// Close or open an account.
    UserEnable {
        /// Whose.
        user: String,
        /// Open.
        enabled: bool,
    },
    /// New break-glass codes.
    UserCodes {
        /// Whose.
        user: String,
    },
    /// Import figures.
    Import(ImportFile),
    /// Take in a stock or a code table.
    ImportStock(StockFile),
    /// Export a table.
    Export {
        /// Which.
        table: TableArg,
        /// How.
        format: FormatArg,
        /// Of a settlement: its first and its last day.
        #[serde(default)]
        days: Option<(Day, Day)>,
        /// Of use: whose.
        #[serde(default)]
        region: Option<JournalId>,
    },
    /// Back up.
    Backup {
        /// Where; absolute.
        directory: PathBuf,
    },
    /// Verify journals.
    JournalVerify {
        /// Only this one.
        journal: Option<JournalId>,
    },
    /// Export a journal.
    JournalExport {
        /// Whose.
        journal: JournalId,
        /// Only what others may hold.
        shared: bool,
    },
    /// Change a journal's signing key.
    JournalRotateKey {
        /// Whose.
        journal: JournalId,
    },
    /// Show this installation's card.
    PeerCard,
    /// Trust a card's journals.
    PeerAdd {
        /// The card.
        card: Card,
        /// In which region's name.
        region: Option<JournalId>,
    },
    /// Trust a journal no longer.
    PeerDrop {
        /// Whose.
        journal: JournalId,
        /// Why.
        reason: String,
    },
    /// List trusted journals.
    PeerList,
    /// Draft, review or adopt rules.
    Rules(RulesAsked),
    /// Write out what an exercise begins with.
    ExerciseSnapshot,
    /// Let the exercise go by itself.
    ExerciseStory,
    /// Rosters, tests of reach, and what is printed of them.
    Alarm(AlarmAsked),
    /// Say who can receive what, by a region's rule set in force.
    BloodCompatible(crate::blood::BloodQuestion),
}

/// What an operation may use besides the engine.
#[derive(Clone)]
pub struct Surroundings {
    /// The data directory.
    pub place: Place,
    /// The installation's certificate.
    pub identity: Arc<Identity>,
}

impl Surroundings {
    /// How other installations reach this one.
    #[must_use]
    pub fn reached(&self) -> Reached {
        let settings = &self.place.settings;
        let listen = || settings.peer_listen.as_ref().map(|address| format!("https://{address}"));
        let url = settings.peer_url.clone().or_else(listen);
        Reached { url, certificate: self.identity.fingerprint() }
    }
}

/// Where an operation says what it does.
pub type Say = Sender<Said>;

/// Does one thing.
///
/// # Errors
/// What went wrong, in words for the person at the command line.
pub async fn operate(
    engine: &Engine,
    around: &Surroundings,
    operation: Operation,
    say: &Say,
) -> Result<()> {
    carry_out(engine, around, operation, say).await.map_err(explained)
}

/// A refusal in words, with its code, rule, source and facts; anything else as it is.
fn explained(error: anyhow::Error) -> anyhow::Error {
    let failure = error.downcast_ref::<Failure>().cloned().map(Problem::from);
    let account = || match error.downcast_ref::<AccountError>()? {
        AccountError::Refused(refusal) => Some(Problem::from(refusal.clone())),
        AccountError::Denied(denied) => Some(Problem::from(denied.clone())),
        AccountError::Failed(failure) => Some(Problem::from(failure.clone())),
        _ => None,
    };
    let Some(problem) = failure.or_else(account) else { return error };
    let said = explain(&problem, Words::en());
    let rule = said.rule.map(|rule| format!("\n  rule: {rule}")).unwrap_or_default();
    let source = said.source.map(|source| format!("\n  source: {source}")).unwrap_or_default();
    let facts = said.facts.iter().map(|(name, value)| format!("\n  {name}: {value}"));
    let facts: String = facts.collect();
    anyhow!("{} [{}]{rule}{source}{facts}", said.text, said.code)
}

impl Operation {
    /// Whether it needs the keys or the certificate of the process that writes.
    const fn is_the_writers(&self) -> bool {
        matches!(
            self,
            Self::RegionAdd { .. }
                | Self::BodyAdd { .. }
                | Self::JournalRotateKey { .. }
                | Self::Backup { .. }
                | Self::PeerCard
        )
    }
}

async fn carry_out(
    engine: &Engine,
    around: &Surroundings,
    operation: Operation,
    say: &Say,
) -> Result<()> {
    if engine.follows() && operation.is_the_writers() {
        bail!(
            "{} follows the process that writes its database; this needs the keys and the \
             certificate that lie in the writer's data directory: run it there",
            around.place.root().display()
        );
    }
    // Another process may have changed an account; without an answer, it is as it was known.
    if let Err(error) = engine.reread_doors().await {
        tracing::warn!(%error, "accounts could not be read again");
    }
    match operation {
        Operation::RegionAdd { id, name, county_code, exercise } => {
            let owner = region_owner(&id, name, county_code)?;
            open(engine, &id, owner, exercise, say).await
        }
        Operation::BodyAdd { id, name, kind, exercise } => {
            let owner = Owner { kind, name, county_code: None };
            open(engine, &id, owner, exercise, say).await
        }
        Operation::RegionList => journals::list(engine, say).await,
        Operation::AlarmClocks => {
            let clocks = samband_web::api::alarm_clocks::everything(engine);
            data(say, serde_json::to_vec(&clocks)?).await
        }
        Operation::RegionJoin { region, body, name } => {
            bodies::join(engine, &region, body, name, say).await
        }
        Operation::RegionLeave { region, body } => bodies::leave(engine, &region, body, say).await,
        Operation::UserAdd(new) => users::add(engine, new, say).await,
        Operation::UserList => users::list(engine, say).await,
        Operation::UserPassword { user, password } => {
            users::password(engine, &user, password, say).await
        }
        Operation::UserEnable { user, enabled } => users::enable(engine, &user, enabled, say).await,
        Operation::UserCodes { user } => users::codes(engine, &user, say).await,
        Operation::Import(file) => figures::import(engine, file, say).await,
        Operation::ImportStock(file) => stock::import(engine, file, say).await,
        Operation::Export { table, format, days, region } => {
            tables::export(engine, (table, days, region), format, say).await
        }
        Operation::Backup { directory } => {
            let manifest = engine.backup(&directory).await?;
            keep_beside(&around.place, &directory)?;
            let heads = manifest.heads.len();
            let words = format!(
                "backup of {heads} journal(s) in {}; it holds the signing keys: keep it safe",
                directory.display()
            );
            line(say, words).await
        }
        Operation::JournalVerify { journal } => journals::verify(engine, journal, say).await,
        Operation::JournalExport { journal, shared } => {
            journals::export(engine, &journal, shared, say).await
        }
        Operation::JournalRotateKey { journal } => {
            let key = engine.rotate_key(&Principal::Machine, &journal, fresh_key()?).await?;
            line(say, format!("{journal} signs with key {} from now on; back up keys/", key.id()))
                .await
        }
        Operation::PeerCard => peers::card(engine, around, say).await,
        Operation::PeerAdd { card, region } => peers::add(engine, &card, region, say).await,
        Operation::PeerDrop { journal, reason } => {
            peers::drop_peer(engine, &journal, &reason, say).await
        }
        Operation::PeerList => peers::list(engine, say).await,
        Operation::Rules(asked) => rules::carry_out(engine, asked, say).await,
        Operation::ExerciseSnapshot => crate::exercise::snapshot(engine, say).await,
        Operation::ExerciseStory => crate::exercise::tell_story(engine, say).await,
        Operation::Alarm(asked) => alarm::carry_out(engine, asked, say).await,
        Operation::BloodCompatible(question) => crate::blood::operate(engine, question, say).await,
    }
}

async fn open(
    engine: &Engine,
    id: &JournalId,
    owner: Owner,
    exercise: bool,
    say: &Say,
) -> Result<()> {
    let mode = if exercise { Mode::Exercise } else { Mode::Real };
    let name = owner.name.clone();
    open_journal(engine, id, owner, mode).await?;
    line(say, format!("opened the journal of {name} ({id})")).await
}

/// Adds what makes this installation itself to a backup: without its certificate, every neighbour
/// would have to be told anew.
fn keep_beside(place: &Place, backup: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let settings = place.root().join("samband.toml");
    if settings.exists() {
        std::fs::copy(settings, backup.join("samband.toml"))?;
    }
    let tls = backup.join("tls");
    std::fs::DirBuilder::new().mode(0o700).create(&tls)?;
    for entry in std::fs::read_dir(place.tls())? {
        let path = entry?.path();
        std::fs::copy(&path, tls.join(path.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

/// A line for the person.
pub(crate) async fn line(say: &Say, words: String) -> Result<()> {
    say.send(Said::Line(words)).await.context("nobody listens")
}

/// Bytes of the result.
pub(crate) async fn data(say: &Say, bytes: impl Into<Vec<u8>>) -> Result<()> {
    say.send(Said::Data(bytes.into())).await.context("nobody listens")
}

/// A command in the machine's name.
pub(crate) async fn command(
    engine: &Engine,
    region: &JournalId,
    command: impl Into<Command>,
) -> Result<Receipt> {
    let request = Request {
        principal: Principal::Machine,
        region: region.clone(),
        key: fresh_key()?,
        happened: None,
        command: command.into(),
        asked: None,
    };
    Ok(engine.submit(request).await?)
}

pub(crate) fn fresh_key() -> Result<String> {
    let bytes = samband_access::secret::random::<16>()?;
    Ok(Digest::of(&bytes).to_string())
}
