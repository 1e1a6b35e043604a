//! How far an export is, for the person who waits; nothing where nobody looks.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often the line is drawn again.
const TICK: Duration = Duration::from_millis(120);

/// A line on standard error that counts rows; hidden when that is no terminal.
pub(super) struct Progress(ProgressBar);

impl Progress {
    pub(super) fn start() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {human_pos} answers, {per_sec}, {elapsed}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    pub(super) fn add(&self, rows: usize) {
        self.0.inc(u64::try_from(rows).unwrap_or(0));
    }

    pub(super) fn finish(&self) {
        self.0.finish();
    }
}
