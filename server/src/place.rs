//! A data directory: what lies where, and who may write it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use samband_domain::kernel::OwnerKind;
use serde::Deserialize;

use crate::operate::Operation;

/// Settings of an installation: `samband.toml` in its data directory. Every one has a default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `postgres://…`; without it the database is a file in the data directory.
    pub database: Option<String>,
    /// Follow the process that writes the PostgreSQL database instead of writing it.
    pub follow: bool,
    /// Address at which the process that writes takes commands from those that follow it.
    pub follower_listen: Option<String>,
    /// `HOST:PORT` under which they reach it, where that is not what `follower_listen` says.
    pub follower_address: Option<String>,
    /// Address for people, e.g. `127.0.0.1:8080`.
    pub listen: Option<String>,
    /// Address for other installations, e.g. `0.0.0.0:8443`; without it none can pull.
    pub peer_listen: Option<String>,
    /// Address under which other installations reach `peer_listen`, e.g. `https://host:8443`.
    pub peer_url: Option<String>,
    /// Address under which people reach this, where a proxy stands in front.
    pub public_url: Option<String>,
    /// Proxies whose word about a client's address counts.
    pub proxies: Vec<std::net::IpAddr>,
    /// Certificate chain (PEM) for people's connections; with `tls_key`.
    pub tls_certificate: Option<PathBuf>,
    /// Its private key (PEM).
    pub tls_key: Option<PathBuf>,
    /// Seconds between pulls from other installations.
    pub pull_seconds: Option<u64>,
    /// Of an exercise: address of the real installation, asked before anything is sent.
    pub real: Option<String>,
}

/// A data directory.
#[derive(Clone, Debug)]
pub struct Place {
    root: PathBuf,
    /// Its settings.
    pub settings: Settings,
}

/// The right to write a data directory; given back when dropped or when the process ends.
pub struct Held(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Place {
    /// Names a data directory and reads its settings; makes the directory if it is new.
    ///
    /// # Errors
    /// If it cannot be made, or its settings cannot be read.
    pub fn open(root: &Path) -> Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root)
            .with_context(|| format!("cannot make the data directory {}", root.display()))?;
        let root = root
            .canonicalize()
            .with_context(|| format!("cannot find the data directory {}", root.display()))?;
        let path = root.join("samband.toml");
        let settings = match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).with_context(|| format!("in {}", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Settings::default(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        Ok(Self { root, settings })
    }

    /// As [`Place::open`], but only what begins an installation may be done where there is none:
    /// a typing error would otherwise make one, and find all in order in it.
    ///
    /// # Errors
    /// As [`Place::open`], or if nothing is there.
    pub fn open_for(root: &Path, operation: &Operation) -> Result<Self> {
        // A bus begins with its own journal: it belongs to no region's.
        let begins = matches!(
            operation,
            Operation::UserAdd(_)
                | Operation::RegionAdd { .. }
                | Operation::BodyAdd { kind: OwnerKind::MobileUnit, .. }
        );
        if !begins {
            return Self::open_standing(root);
        }
        // What cannot begin leaves nothing behind.
        if let Operation::UserAdd(new) = operation
            && !Self::stands(root)?
        {
            new.check_region()?;
        }
        Self::open(root)
    }

    /// As [`Place::open`], but only where an installation stands already: a server that began one
    /// by itself would serve a sign-in that nobody can pass, at a path that somebody mistyped.
    ///
    /// # Errors
    /// As [`Place::open`], or if nothing is there; the message says how one is begun.
    pub fn open_standing(root: &Path) -> Result<Self> {
        if Self::stands(root)? {
            return Self::open(root);
        }
        let root = root.display();
        bail!(
            "{root} holds no installation; begin one with `samband user add --data {root} \
             NAME@REGION`, or name the directory of the one that you mean"
        )
    }

    /// Whether a directory holds an installation, whole or half restored; makes nothing.
    fn stands(root: &Path) -> Result<bool> {
        if !root.exists() {
            return Ok(false);
        }
        let place = Self::open(root)?;
        let database = place.settings.database.is_some() || place.database().exists();
        Ok(database || place.restore_mark().exists())
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The embedded database.
    pub fn database(&self) -> PathBuf {
        self.root.join("samband.db")
    }

    /// The signing keys.
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// The installation's certificate and key towards other installations.
    pub fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// Where a running server takes the command line's requests.
    pub fn socket(&self) -> PathBuf {
        self.root.join("control.sock")
    }

    /// That nobody but their owner may read the private keys: one that others have read signs
    /// nothing that can be believed.
    ///
    /// # Errors
    /// If others may, which file it is and what to do.
    pub fn check_secrets(&self) -> Result<()> {
        for directory in [self.keys(), self.tls()] {
            let Ok(entries) = std::fs::read_dir(&directory) else { continue };
            for entry in entries {
                let path = entry?.path();
                let mode = std::fs::metadata(&path)?.permissions().mode();
                if path.extension().is_some_and(|ending| ending == "key") && mode & 0o077 != 0 {
                    let path = path.display();
                    bail!(
                        "others may read the private key {path}; replace the key if somebody \
                         else has been on this machine, then `chmod 600 {path}`"
                    );
                }
            }
        }
        Ok(())
    }

    /// Stands there while a restore is not finished.
    pub fn restore_mark(&self) -> PathBuf {
        self.root.join("restore-unfinished")
    }

    /// Takes the right to write; `None` if a running process has it.
    ///
    /// # Errors
    /// If the lock file cannot be made.
    pub fn hold(&self) -> Result<Option<Held>> {
        let path = self.root.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("cannot write to the data directory: {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)?;
                writeln!(&file, "{}", std::process::id())?;
                Ok(Some(Held(file)))
            }
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("cannot lock {}", path.display()))
            }
        }
    }

    /// Takes the right to write, or says who has it.
    ///
    /// # Errors
    /// If a running process has it.
    pub fn must_hold(&self) -> Result<Held> {
        match self.hold()? {
            Some(held) => Ok(held),
            None => {
                let path = self.root.join("lock");
                let pid = std::fs::read_to_string(path).unwrap_or_default();
                bail!(
                    "{} is in use by process {}; stop it first, or use another --data directory",
                    self.root.display(),
                    pid.trim()
                )
            }
        }
    }
}
