//! The maker's commands. `cargo run` starts the product; everything else is here.
//!
//! A test that needs PostgreSQL says so where every test runner shows it,
//! `#[ignore = "needs PostgreSQL: run cargo xtask verify"]`, and reads the address from
//! `SAMBAND_TEST_POSTGRES`. `verify` starts a private cluster and runs the ignored tests too.
//! A test with a small and a large amount of work reads `SAMBAND_LONG`; it is never ignored.

mod browser;
mod build;
mod count;
mod postgres;
mod setup;
mod shell;
mod tidy;
mod verify;

use anyhow::{Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
The maker's commands:

  cargo xtask setup [--bench]     install what is missing, and say what
  cargo xtask verify [--long]     setup, then every check and test; prints the sum
  cargo xtask tidy                arrows, lengths, words, message keys, licences
  cargo xtask browser             the browser suite alone
  cargo xtask postgres COMMAND…   run COMMAND with a private PostgreSQL, for instance
                                  cargo xtask postgres cargo test -- --include-ignored
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; `Ok(false)` means that it ran and found something wrong.
fn run(arguments: &[String]) -> Result<bool> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["setup"] => setup::run(false).map(|()| true),
        ["setup", "--bench"] => setup::run(true).map(|()| true),
        ["verify"] => verify::run(false),
        ["verify", "--long"] => verify::run(true),
        ["tidy"] => tidy::run().map(|count| count.failed == 0),
        ["browser"] => {
            setup::run(false)?;
            let built = build::workspace()?;
            let count = browser::run(&built)?;
            println!("browser: {count}");
            Ok(count.failed == 0)
        }
        ["postgres", command @ ..] if !command.is_empty() => postgres::run_with(command),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(true)
        }
        _ => {
            eprint!("{USAGE}");
            bail!("unknown command: {}", arguments.join(" "))
        }
    }
}
