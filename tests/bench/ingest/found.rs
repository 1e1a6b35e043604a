//! What one measurement found, and the middle of several.

use std::fmt;
use std::time::Duration;

use super::serving::Effort;

/// What one measurement found.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    pub(crate) per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    p999_ms: f64,
    /// Processor time of the server for each answer.
    cpu_us: f64,
    commits_per_second: f64,
    rows_per_commit: f64,
}

impl Found {
    /// Columns of what it prints.
    pub(crate) const HEAD: &str = "p50, p99, p99.9 ms | server CPU µs each | commits/s | rows each";
    /// The line under them.
    pub(crate) const RULE: &str = "---|---:|---:|---:|";

    /// Of waits in microseconds, within `time`, that cost the server `effort`.
    pub(crate) fn new(mut waits_us: Vec<u32>, time: Duration, effort: Effort) -> Self {
        waits_us.sort_unstable();
        let quantile_ms = |thousandths: usize| {
            let index = (waits_us.len() * thousandths / 1000).min(waits_us.len() - 1);
            f64::from(waits_us[index]) / 1000.0
        };
        let n = f64::from(u32::try_from(waits_us.len()).unwrap());
        Self {
            per_second: n / time.as_secs_f64(),
            p50_ms: quantile_ms(500),
            p99_ms: quantile_ms(990),
            p999_ms: quantile_ms(999),
            // The effort is that of the warm-up, too: so are the rows.
            cpu_us: effort.cpu_s * 1e6 / effort.rows.unwrap_or(n),
            commits_per_second: effort.commits / time.as_secs_f64(),
            rows_per_commit: effort.rows.unwrap_or(0.0) / effort.commits.max(1.0),
        }
    }

    /// The middle of each figure by itself.
    pub(crate) fn median(found: &[Self]) -> Self {
        let middle = |figure: fn(&Self) -> f64| {
            let mut figures: Vec<f64> = found.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        Self {
            per_second: middle(|f| f.per_second),
            p50_ms: middle(|f| f.p50_ms),
            p99_ms: middle(|f| f.p99_ms),
            p999_ms: middle(|f| f.p999_ms),
            cpu_us: middle(|f| f.cpu_us),
            commits_per_second: middle(|f| f.commits_per_second),
            rows_per_commit: middle(|f| f.rows_per_commit),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}, {:.2}, {:.2} | {:.0} | ", self.p50_ms, self.p99_ms, self.p999_ms, self.cpu_us)?;
        if self.rows_per_commit == 0.0 {
            return write!(f, "| ");
        }
        write!(f, "{:.0} | {:.1}", self.commits_per_second, self.rows_per_commit)
    }
}
