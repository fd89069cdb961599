//! Numbers as people read them: medians with their spread, and limits with whether they were kept.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use crate::Result;

/// Prints a line or several.
pub(crate) fn say(text: &str) {
    // A reader who has seen enough is no reason to stop half-way.
    drop(writeln!(std::io::stdout(), "{text}"));
}

/// Measures, unless cargo only wants to see that the benchmark called `name` starts, and says how it went.
pub(crate) fn conclude(
    (name, is_bench, is_strict): (&str, bool, bool),
    measure: impl FnOnce() -> Result<Verdicts>,
) -> ExitCode {
    if !is_bench {
        // `cargo test --all-targets` runs benchmarks as well.
        say(&format!("To measure, run `cargo bench --bench {name}`."));
        return ExitCode::SUCCESS;
    }
    match measure() {
        Ok(verdicts) if is_strict && !verdicts.all_kept() => ExitCode::FAILURE,
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("The benchmark could not go on: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Several measurements of one thing; never empty where it is printed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Series(Vec<f64>);

impl Series {
    pub(crate) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Round for round, how many times as much as in `other`. Rounds that follow each other meet the same weather.
    pub(crate) fn times(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a / b).collect())
    }

    /// Round for round, both together.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a + b).collect())
    }

    /// Each measurement divided by `divisor`.
    pub(crate) fn per(&self, divisor: f64) -> Self {
        Self(self.0.iter().map(|value| value / divisor).collect())
    }

    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match sorted.len() {
            0 => f64::NAN,
            length if length % 2 == 1 => sorted[middle],
            _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
        }
    }

    pub(crate) fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn most(&self) -> f64 {
        self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// A count as what it can be divided by.
#[expect(
    clippy::cast_precision_loss,
    reason = "nothing that is counted in here comes near 2^52"
)]
pub(crate) const fn float(count: u64) -> f64 {
    count as f64
}

/// Bytes in units of 2^20, as memory is measured.
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    float(bytes) / 1_048_576.0
}

/// Bytes in units of 10^9, as disks and lines are measured.
pub(crate) fn gigabytes(bytes: u64) -> f64 {
    float(bytes) / 1e9
}

/// The heading of a table.
pub(crate) fn heading(text: &str) {
    say(&format!(
        "\n{text}\n  {:44}{:>9}   {:>8} – {}",
        "", "median", "min", "max"
    ));
}

/// A row of a table.
pub(crate) fn row(name: &str, unit: &str, series: &Series) {
    say(&format!(
        "  {name:44}{:9.3}   {:8.3} – {:.3} {unit}",
        series.median(),
        series.least(),
        series.most()
    ));
}

/// A value that must not be greater than its limit.
#[derive(Debug)]
struct Verdict {
    what: String,
    value: f64,
    limit: f64,
    unit: &'static str,
}

/// All limits that were looked at.
#[derive(Debug, Default)]
pub(crate) struct Verdicts(Vec<Verdict>);

impl Verdicts {
    pub(crate) fn at_most(&mut self, limit: f64, unit: &'static str, what: &str, value: f64) {
        let what = what.to_owned();
        self.0.push(Verdict {
            what,
            value,
            limit,
            unit,
        });
    }

    pub(crate) fn all_kept(&self) -> bool {
        self.0.iter().all(Verdict::is_kept)
    }
}

impl Verdict {
    fn is_kept(&self) -> bool {
        self.value <= self.limit
    }
}

impl fmt::Display for Verdicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nLimits")?;
        for verdict in &self.0 {
            let Verdict {
                what,
                value,
                limit,
                unit,
            } = verdict;
            let word = if verdict.is_kept() { "kept" } else { "MISSED" };
            writeln!(f, "  {word:7}{what:62}{value:9.3}  (at most {limit} {unit})")?;
        }
        Ok(())
    }
}
