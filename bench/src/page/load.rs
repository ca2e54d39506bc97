//! Load by wrk.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

/// Connections.
const CONNECTIONS: u32 = 64;

/// What wrk found: answers a second, and latencies in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) rate: f64,
    pub(crate) half: f64,
    pub(crate) most: f64,
}

/// Asks as often as it goes; every answer must be a success.
pub(crate) async fn run(
    address: &str,
    path: &str,
    headers: &[(&str, String)],
    lasting: Duration,
) -> Result<Load> {
    let mut arguments = vec!["-t2".to_owned(), format!("-c{CONNECTIONS}"), "--latency".into()];
    arguments.push(format!("-d{}s", lasting.as_secs()));
    for (name, value) in headers {
        arguments.extend(["-H".into(), format!("{name}: {value}")]);
    }
    arguments.push(format!("http://{address}{path}"));
    let output = tokio::task::spawn_blocking(move || {
        std::process::Command::new("wrk").args(arguments).output()
    });
    let output = output.await?.context("wrk is missing: cargo xtask setup --bench")?;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "wrk: {}", String::from_utf8_lossy(&output.stderr));
    parse(&text)
}

fn parse(text: &str) -> Result<Load> {
    for bad in ["Non-2xx", "Socket errors"] {
        if let Some(line) = text.lines().find(|line| line.contains(bad)) {
            anyhow::bail!("not every answer was a success: {}", line.trim());
        }
    }
    let after = |name: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(name));
        line.map(str::trim).with_context(|| format!("wrk does not say {name}"))
    };
    let rate = after("Requests/sec:")?.parse()?;
    Ok(Load { rate, half: milliseconds(after("50%")?)?, most: milliseconds(after("99%")?)? })
}

fn milliseconds(text: &str) -> Result<f64> {
    let units = [("us", 1e-3), ("ms", 1.0), ("s", 1e3)];
    let found = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)));
    let (number, factor) = found.with_context(|| format!("“{text}” is no time"))?;
    Ok(number.trim().parse::<f64>()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says_is_understood_and_failures_are_failures() {
        let said = "  Latency Distribution\n     50%  900.00us\n     99%    1.20s\n\
                    Requests/sec:  1234.50\n";
        let load = parse(said).unwrap();
        let all = [(load.rate, 1234.5), (load.half, 0.9), (load.most, 1200.0)];
        assert!(all.iter().all(|(found, right)| (found - right).abs() < 1e-6), "{load:?}");
        assert!(parse(&format!("{said}  Non-2xx or 3xx responses: 7\n")).is_err());
    }
}
