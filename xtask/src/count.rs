//! What a suite's output says about how many tests passed, failed and were skipped.

use std::fmt;
use std::ops::AddAssign;

/// Passed, failed, skipped; and the names of the skipped, where the output tells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
    pub skipped_names: Vec<String>,
}

impl Count {
    /// One check that either holds or does not.
    pub fn one(passed: bool) -> Self {
        Self { passed: passed.into(), failed: (!passed).into(), ..Self::default() }
    }

    /// Adds what one line of output says. Understands libtest's result line and the plain
    /// `N passed, N failed, N skipped` of our own runners.
    pub fn read_line(&mut self, line: &str) {
        if let Some(name) = skipped_name(line) {
            self.skipped_names.push(name);
        }
        let numbers = match line.strip_prefix("test result: ") {
            Some(rest) => rest.split_once(". ").map(|(_, numbers)| numbers),
            None => Some(line),
        };
        if let Some(found) = numbers.and_then(numbers_of) {
            *self += found;
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.skipped_names.extend(other.skipped_names);
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Reads `5 passed; 0 failed; 1 ignored; …` or `5 passed, 0 failed, 1 skipped`.
fn numbers_of(text: &str) -> Option<Count> {
    let mut count = Count::default();
    let mut kinds = 0;
    for part in text.split([';', ',']) {
        let mut words = part.split_whitespace();
        let (Some(number), Some(kind)) = (words.next(), words.next()) else {
            continue;
        };
        let number = match number.parse() {
            Ok(number) => number,
            // The elapsed time follows the counts; before them it is another sort of line.
            Err(_) if kinds >= 2 => break,
            Err(_) => return None,
        };
        match kind {
            "passed" => count.passed = number,
            "failed" => count.failed = number,
            "ignored" | "skipped" => count.skipped = number,
            _ => continue,
        }
        kinds += 1;
    }
    (kinds >= 2).then_some(count)
}

/// `test some::name ... ignored, reason` and `skip some name: reason`.
fn skipped_name(line: &str) -> Option<String> {
    if let Some(rest) = line.strip_prefix("skip ") {
        return Some(rest.split(": ").next().unwrap_or(rest).to_owned());
    }
    let (name, outcome) = line.strip_prefix("test ")?.split_once(" ... ")?;
    outcome.starts_with("ignored").then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Count {
        let mut count = Count::default();
        lines.iter().for_each(|line| count.read_line(line));
        count
    }

    #[test]
    fn libtest_results_are_added_up() {
        let count = read(&[
            "running 3 tests",
            "test a::b ... ok",
            "test a::c ... ignored, needs PostgreSQL: run cargo xtask verify",
            "test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; \
             finished in 0.01s",
            "test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
        ]);
        assert_eq!((count.passed, count.failed, count.skipped), (9, 2, 1));
        assert_eq!(count.skipped_names, ["a::c"]);
    }

    #[test]
    fn our_own_runners_are_understood() {
        let count = read(&["ok   pages: one", "skip print: no", "12 passed, 1 failed, 1 skipped"]);
        assert_eq!(count.to_string(), "12 passed, 1 failed, 1 skipped");
        assert_eq!(count.skipped_names, ["print"]);
    }

    #[test]
    fn other_lines_say_nothing() {
        let count = read(&["error: 3 passed the gate, 2 failed", "1 failed", "passed, failed", ""]);
        assert_eq!(count, Count::default());
    }
}
