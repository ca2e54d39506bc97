//! A real mail server (aiosmtpd), whose mailbox is a folder.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::installation::Installation;
use crate::wait_for;

/// The password that the server asks for.
const PASSWORD: &str = "a mail server's password";

/// A mail server that is stopped when it is dropped.
pub struct Mailbox {
    child: Child,
    folder: PathBuf,
    certificate: PathBuf,
    port: u16,
}

impl Mailbox {
    /// Starts one with a certificate of its own.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn new(beside: &Installation) -> Self {
        let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle");
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]);
        let made = made.expect("a certificate");
        let certificate = beside.write("mail.pem", made.cert.pem());
        let key = beside.write("mail.key", made.signing_key.serialize_pem());
        let folder = beside.beside("mail");
        std::fs::create_dir(&folder).expect("made");
        let mut python = Command::new(oracle.join(".venv/bin/python"));
        python.arg(oracle.join("mailbox.py")).arg(&folder).arg(&certificate).arg(&key);
        python.args(["samband", PASSWORD]).stdout(Stdio::piped());
        let mut child = python.spawn().expect("run `cargo xtask setup` first");
        let mut port = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut port).expect("a port");
        let port = port.trim().parse().expect("a port");
        Self { child, folder, certificate, port }
    }

    /// Its part of a channel file.
    #[must_use]
    pub fn settings(&self, beside: &Installation) -> String {
        let password = beside.secret("mail-password", PASSWORD);
        let (port, ca) = (self.port, &self.certificate);
        format!(
            "[email]\nserver = \"127.0.0.1\"\nport = {port}\nsecurity = \"starttls\"\nca = {ca:?}\n\
             user = \"samband\"\npassword = {{ file = {password:?} }}\n\
             from = \"Samband <samband@exempel.test>\"\n"
        )
    }

    /// Every message so far, as it came.
    ///
    /// # Panics
    /// If the folder cannot be read.
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).expect("readable");
        let paths = entries.map(|entry| entry.expect("readable").path());
        let mut paths: Vec<_> =
            paths.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        paths.sort();
        let read = |path: PathBuf| std::fs::read_to_string(path).expect("readable");
        paths.into_iter().map(read).collect()
    }

    /// Waits for a message that is wanted.
    pub fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        wait_for(what, || self.messages().into_iter().find(|text| wanted(text)))
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
