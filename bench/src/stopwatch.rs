//! Time, and what many times say together.

use std::time::Duration;

/// Processor time of this whole process so far, to a hundredth of a second; none where the system
/// does not say.
pub(crate) fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name before the last bracket may hold spaces; user and system time stand 12th and 13th
    // after it, in hundredths.
    let fields: Vec<_> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let hundredths: u64 =
        fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    Some(Duration::from_millis(hundredths * 10))
}

/// Processor time since an earlier reading, in microseconds for each of `count`.
pub(crate) fn processor_each(before: Option<Duration>, count: u64) -> f64 {
    match (before, processor_time()) {
        (Some(before), Some(now)) => {
            (now.saturating_sub(before)).as_secs_f64() * 1e6 / count as f64
        }
        _ => f64::NAN,
    }
}

/// How many a second.
pub(crate) fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(1e-9)
}

/// The middle one; of an even number, the lower of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

/// Latencies: half are shorter than the first, 99 of 100 shorter than the second.
pub(crate) fn percentiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    (at(50), at(99))
}

/// Milliseconds with two decimals.
pub(crate) fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// A whole number with thin groups of three, as Swedish and scientific texts write it.
pub(crate) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_middles_found() {
        assert_eq!(grouped(1_234_567.4), "1 234 567");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(grouped(1000.0), "1 000");
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < 1e-9);
        let times = (1..=200).map(Duration::from_millis).collect();
        let (half, most) = percentiles(times);
        assert_eq!((half.as_millis(), most.as_millis()), (101, 199));
    }
}
