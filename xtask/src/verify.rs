//! `cargo xtask verify`: everything that must hold, the cheapest signal first, and one sum.

use crate::build::{self, Built, TestProgram};
use crate::count::Count;
use crate::postgres::{self, Cluster};
use crate::{browser, setup, shell, tidy};
use anyhow::Result;
use std::time::{Duration, Instant};

/// Tests that may be skipped where nothing may be (`CI=true`), each with the reason.
const SKIPS_ALLOWED: &[(&str, &str)] = &[];

/// Random histories begin from one seed, so that a red run is the change's own; `--long` draws new
/// ones and many more.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "1964");

const SUITE_LIMIT: Duration = Duration::from_secs(20 * 60);
const SUITE_LIMIT_LONG: Duration = Duration::from_secs(3 * 60 * 60);

/// What has been run so far.
#[derive(Default)]
struct Report {
    suites: Vec<(String, Count, Duration)>,
}

impl Report {
    /// Runs one suite. An error is a failure of that suite and does not hide the others.
    fn suite(&mut self, name: &str, run: impl FnOnce() -> Result<Count>) -> bool {
        println!("\n── {name}");
        let started = Instant::now();
        let count = run().unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Count::one(false)
        });
        let passed = count.failed == 0;
        println!("{name}: {count}, {:.1} s", started.elapsed().as_secs_f64());
        self.suites.push((name.to_owned(), count, started.elapsed()));
        passed
    }

    fn sum(&self) -> Count {
        let mut sum = Count::default();
        self.suites.iter().for_each(|(_, count, _)| sum += count.clone());
        sum
    }

    fn print_table(&self) {
        println!("\n{:<28}{:>8}{:>8}{:>8}{:>10}", "suite", "passed", "failed", "skipped", "s");
        for (name, count, time) in &self.suites {
            let Count { passed, failed, skipped, .. } = count;
            let seconds = time.as_secs_f64();
            println!("{name:<28}{passed:>8}{failed:>8}{skipped:>8}{seconds:>10.1}");
        }
        let total: Duration = self.suites.iter().map(|(_, _, time)| *time).sum();
        println!("{:<52}{:>10.1}", "together", total.as_secs_f64());
    }
}

/// Runs everything; `Ok(false)` if something failed.
pub fn run(long: bool) -> Result<bool> {
    let mut report = Report::default();
    report.suite("setup", || setup::run(false).map(|()| Count::default()));
    gates(&mut report);
    let mut built = Built::default();
    let is_built = report.suite("build", || {
        built = build::workspace()?;
        Ok(Count::one(true))
    });
    if is_built {
        tests(&mut report, &built, long);
        report.suite("browser", || browser::run(&built));
    }
    report.print_table();
    let sum = report.sum();
    let is_skip_wrong = std::env::var("CI").is_ok_and(|ci| ci == "true") && !may_skip(&sum);
    if is_skip_wrong {
        println!("\nskipped tests are failures here: {}", sum.skipped_names.join(", "));
    }
    println!("\nverify: {sum}");
    Ok(sum.failed == 0 && !is_skip_wrong)
}

/// What needs no running program.
fn gates(report: &mut Report) {
    let cargo = |arguments: &[&str]| {
        let mut command = shell::command("cargo");
        command.args(arguments).env("RUSTDOCFLAGS", "-D warnings");
        shell::succeeds(&mut command).map(Count::one)
    };
    report.suite("fmt", || cargo(&["fmt", "--all", "--check"]));
    report.suite("tidy", tidy::run);
    report.suite("clippy", || {
        cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])
    });
    report.suite("doc", || cargo(&["doc", "--workspace", "--no-deps", "--quiet"]));
}

/// Unit and property tests room by room, then the whole-system proofs file by file.
fn tests(report: &mut Report, built: &Built, long: bool) {
    let cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(error) => {
            report.suite("postgresql", || Err(error));
            return;
        }
    };
    let limit = if long { SUITE_LIMIT_LONG } else { SUITE_LIMIT };
    let root = shell::may_mount();
    let run = |name: &str, program: &TestProgram| {
        let mut command = program.command(root);
        command.env(postgres::VARIABLE, cluster.url());
        command.envs(built.samband.iter().map(|file| ("SAMBAND_BIN", file)));
        if long {
            command.envs([("SAMBAND_LONG", "1"), ("PROPTEST_CASES", "4096")]);
        } else if std::env::var_os(SEED.0).is_none() {
            command.env(SEED.0, SEED.1);
        }
        let mut count = shell::suite(name, &mut command, limit)?;
        if !root {
            count += skipped(program.needing_root()?);
        }
        Ok(count)
    };
    let (proofs, rooms): (Vec<_>, Vec<_>) =
        built.tests.iter().partition(|program| program.package == "proof");
    for room in rooms.chunk_by(|a, b| a.package == b.package) {
        report.suite(&room[0].package, || {
            let mut count = Count::default();
            for program in room {
                let name = format!("{} {}", program.package, program.target);
                count += run(&name, program)?;
            }
            Ok(count)
        });
    }
    report.suite("examples in the docs", || {
        let mut command = shell::command("cargo");
        command.args(["test", "--workspace", "--doc", "--quiet", "--no-fail-fast"]);
        shell::suite("examples", &mut command, limit)
    });
    for program in proofs {
        let name = format!("proof {}", program.target);
        report.suite(&name, || run(&name, program));
    }
}

/// Tests that were left out because we are not root: said and counted, never passed.
fn skipped(names: Vec<String>) -> Count {
    for name in &names {
        println!("skip {name}: needs root to mount a small disk");
    }
    let number = u32::try_from(names.len()).unwrap_or(u32::MAX);
    Count { skipped: number, skipped_names: names, ..Count::default() }
}

fn may_skip(sum: &Count) -> bool {
    let allowed = |name: &String| SKIPS_ALLOWED.iter().any(|(known, _)| known == name);
    sum.skipped_names.len() == sum.skipped as usize && sum.skipped_names.iter().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_test_needs_a_reason_in_the_list() {
        let mut count = Count::default();
        assert!(may_skip(&count));
        count.read_line("3 passed, 0 failed, 1 skipped");
        assert!(!may_skip(&count), "a skip without a name is not in any list");
        count.read_line("skip something: no reason known to the list");
        assert!(!may_skip(&count));
    }

    #[test]
    fn what_only_root_can_run_is_counted_as_skipped() {
        let count = skipped(vec!["needs_root::a_full_disk".into()]);
        assert_eq!((count.passed, count.skipped), (0, 1));
        assert!(!may_skip(&count), "and is missed where nothing may be skipped");
        assert!(may_skip(&skipped(Vec::new())));
    }
}
