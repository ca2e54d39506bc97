//! An installation: a data directory and the command line towards it.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::server::Server;

/// The password of every account that tests make.
pub const PASSWORD: &str = "proof-of-the-pudding";

/// The program under test: `SAMBAND_BIN`, or the one cargo has built.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn program() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/samband");
    let path = std::env::var_os("SAMBAND_BIN").map_or_else(built, PathBuf::from);
    path.canonicalize().unwrap_or_else(|_| {
        panic!("no program at {}: run `cargo build -p samband` first", path.display())
    })
}

/// What a command said and how it ended.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// What was printed, if all went well.
    ///
    /// # Panics
    /// If it did not.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.err);
        self.out
    }

    /// What was said, if it failed with exit code 1, as every refusal does.
    ///
    /// # Panics
    /// If it did not, or said nothing.
    #[track_caller]
    pub fn refused(self) -> String {
        assert_eq!(self.code, Some(1), "out: {}\nerr: {}", self.out, self.err);
        assert!(self.err.contains("samband: "), "says nothing: {}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self.err
    }
}

/// Runs the program with something on its standard input.
///
/// # Panics
/// If it cannot be run.
pub fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>, input: &str) -> Ran {
    ran(Command::new(program()).args(arguments), input)
}

pub(crate) fn ran(command: &mut Command, input: &str) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env_remove("SAMBAND_DATA");
    let mut child = command.spawn().expect("the program runs");
    // A program that wants no input may have closed it already.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// An address that nobody listens on now.
///
/// # Panics
/// If the machine has none.
#[must_use]
pub fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound").to_string()
}

/// A data directory within a directory of its own that is gone with this value.
pub struct Installation {
    around: TempDir,
    data: PathBuf,
}

impl Default for Installation {
    fn default() -> Self {
        Self::new()
    }
}

impl Installation {
    /// One without data.
    ///
    /// # Panics
    /// If no directory can be made.
    #[must_use]
    pub fn new() -> Self {
        let around = tempfile::Builder::new().prefix("samband-proof-").tempdir();
        let around = around.expect("a directory");
        let data = around.path().join("data");
        Self { around, data }
    }

    /// One with a region and an account `user` that holds the roles.
    #[must_use]
    pub fn with(user: &str, roles: &str) -> Self {
        let made = Self::new();
        made.add_user(user, roles);
        made
    }

    /// The data directory.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A path beside the data directory.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.around.path().join(name)
    }

    /// Writes a file beside the data directory.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.beside(name);
        std::fs::write(&path, text).expect("written");
        path
    }

    /// Writes a secret beside the data directory, for its owner alone.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn secret(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.write(name, text);
        let alone = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(&path, alone).expect("set");
        path
    }

    /// Writes the settings.
    ///
    /// # Panics
    /// If they cannot be written.
    pub fn settings(&self, text: &str) {
        std::fs::create_dir_all(&self.data).expect("made");
        std::fs::write(self.data.join("samband.toml"), text).expect("written");
    }

    /// Makes an account with [`PASSWORD`]; the first one opens the region's journal.
    pub fn add_user(&self, user: &str, roles: &str) {
        let arguments = ["user", "add", user, "--role", roles, "--password-stdin"];
        self.run_with(arguments, PASSWORD).ok();
    }

    /// Runs a command of the command line on the data directory: `command` holds its words, in
    /// which the data directory is named at the end.
    pub fn run<S: AsRef<OsStr>>(&self, command: impl IntoIterator<Item = S>) -> Ran {
        self.run_with(command, "")
    }

    /// The same, with something on standard input.
    pub fn run_with<S: AsRef<OsStr>>(
        &self,
        command: impl IntoIterator<Item = S>,
        input: &str,
    ) -> Ran {
        let mut process = Command::new(program());
        process.args(command).arg("--data").arg(&self.data);
        ran(&mut process, input)
    }

    /// Starts the server, on a port of its own choice, and waits until it serves.
    ///
    /// # Panics
    /// If it does not come up.
    #[must_use]
    #[track_caller]
    pub fn serve(&self) -> Server {
        self.serve_with(&[])
    }

    /// The same with more options.
    ///
    /// # Panics
    /// If it does not come up.
    #[must_use]
    #[track_caller]
    pub fn serve_with(&self, options: &[&str]) -> Server {
        let mut server = self.begin(options);
        server.ready().unwrap_or_else(|error| panic!("{error}"));
        server
    }

    /// Starts the server without waiting for it.
    #[must_use]
    pub fn begin(&self, options: &[&str]) -> Server {
        let mut command = Command::new(program());
        command.arg("serve").arg("--data").arg(&self.data);
        command.args(["--listen", "127.0.0.1:0"]).args(options);
        Server::begin(&mut command)
    }
}
