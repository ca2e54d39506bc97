//! `cargo xtask setup`: the only thing that installs. Safe to repeat; `verify` starts with it,
//! so that it cannot rot.

use crate::{postgres, shell};
use anyhow::{Result, bail};
use std::fs;
use std::path::Path;

/// A Debian package, why we want it, and how to see that it is there.
struct Package {
    name: &'static str,
    why: &'static str,
    is_there: fn() -> bool,
}

const PACKAGES: &[Package] = &[
    Package {
        name: "postgresql",
        why: "the journal's second backend",
        is_there: || postgres::binaries().is_ok(),
    },
    Package { name: "chromium", why: "the browser suite", is_there: || has("chromium") },
    Package {
        name: "fonts-dejavu-core",
        why: "text in the browser's pictures",
        is_there: || Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists(),
    },
    Package { name: "nodejs", why: "the browser suite", is_there: || has("node") },
    Package { name: "npm", why: "the browser suite", is_there: || has("npm") },
    Package {
        name: "poppler-utils",
        why: "pictures of printed labels",
        is_there: || has("pdftoppm"),
    },
    Package {
        name: "python3-venv",
        why: "decoders and a mail server in proof/oracle",
        is_there: || python_can("venv, ensurepip"),
    },
];

const BENCH_PACKAGES: &[Package] =
    &[Package { name: "wrk", why: "load for the benchmarks", is_there: || has("wrk") }];

/// Installs what is missing.
pub fn run(for_bench: bool) -> Result<()> {
    toolchain()?;
    let wanted = PACKAGES.iter().chain(if for_bench { BENCH_PACKAGES } else { &[] });
    let missing: Vec<&Package> = wanted.filter(|package| !(package.is_there)()).collect();
    if !missing.is_empty() {
        install(&missing)?;
    }
    browser_modules()?;
    decoders()?;
    println!("setup: everything is in place");
    Ok(())
}

/// The parts of the Rust toolchain that the checks use. A toolchain is never installed by us.
fn toolchain() -> Result<()> {
    for (part, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if shell::output(shell::command("cargo").args([part, "--version"])).is_err() {
            bail!("cargo {part} is missing: run rustup component add {component}");
        }
    }
    Ok(())
}

fn install(missing: &[&Package]) -> Result<()> {
    for package in missing {
        println!("setup: installing {} ({})", package.name, package.why);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.name).collect();
    let by_hand = format!("apt-get install --no-install-recommends {}", names.join(" "));
    if !has("apt-get") {
        bail!("this is not Debian: install the equivalent of: {by_hand}");
    }
    let through = if shell::is_root() { "env" } else { "sudo" };
    if through == "sudo" && !has("sudo") {
        bail!("not root, and no sudo: run as root: {by_hand}");
    }
    let apt = |arguments: &[&str]| {
        let mut command = shell::command(through);
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]).args(arguments);
        shell::succeeds(&mut command)
    };
    if !apt(&["update"])? {
        println!("setup: the package lists could not be refreshed; trying with those we have");
    }
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(names);
    if !apt(&arguments)? {
        bail!("installation failed; run as root: {by_hand}");
    }
    match missing.iter().find(|package| !(package.is_there)()) {
        Some(package) => bail!("{} was installed but cannot be found", package.name),
        None => Ok(()),
    }
}

/// `npm ci` in `proof/browser`, unless what is there was installed from this very lock file.
fn browser_modules() -> Result<()> {
    let folder = shell::root().join("proof/browser");
    let lock = fs::read(folder.join("package-lock.json"))?;
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|text| text == lock) {
        return Ok(());
    }
    println!("setup: installing the browser suite's modules (playwright-core, axe-core)");
    let mut npm = shell::command("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder);
    if !shell::succeeds(&mut npm)? {
        bail!("npm ci failed in proof/browser");
    }
    Ok(fs::write(installed, lock)?)
}

/// The Python environment of `proof/oracle`, unless what is there was installed from this very
/// list. Every file is pinned by its digest.
fn decoders() -> Result<()> {
    let folder = shell::root().join("proof/oracle");
    let list = fs::read(folder.join("requirements.txt"))?;
    let environment = folder.join(".venv");
    let installed = environment.join(".installed-requirements.txt");
    if fs::read(&installed).is_ok_and(|text| text == list) {
        return Ok(());
    }
    println!("setup: installing the independent decoders and a mail server (zxing-cpp, aiosmtpd)");
    let mut create = shell::command("python3");
    create.args(["-m", "venv", "--clear"]).arg(&environment);
    let mut pip = shell::command(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.args(["--only-binary=:all:", "--require-hashes", "-r", "requirements.txt"]);
    pip.current_dir(&folder);
    if !shell::succeeds(&mut create)? || !shell::succeeds(&mut pip)? {
        bail!("they could not be installed in proof/oracle/.venv");
    }
    Ok(fs::write(installed, list)?)
}

fn python_can(import: &str) -> bool {
    let mut python = shell::command("python3");
    shell::output(python.args(["-c", &format!("import {import}")])).is_ok()
}

fn has(program: &str) -> bool {
    shell::find(program).is_some()
}
