//! How far a command is, for the person who waits; nothing where nobody looks.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// How often the line is drawn again.
const TICK: Duration = Duration::from_millis(120);

/// A line on standard error that counts answers; hidden when that is no terminal.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Where nobody knows how many there will be.
    pub(super) fn start() -> Self {
        Self::draw(ProgressBar::new_spinner(), "{spinner} {human_pos} answers, {rate} a second, {elapsed}")
    }

    /// Where there will be so many.
    pub(super) fn start_of(total: u32) -> Self {
        let line = "{bar:32} {human_pos} of {human_len} answers, {rate} a second, {elapsed}";
        Self::draw(ProgressBar::new(total.into()), line)
    }

    /// Where there will be about so many, if that is known.
    pub(super) fn of(total: Option<u64>) -> Self {
        let Some(total) = total else { return Self::start() };
        let line = "{bar:32} {human_pos} of {human_len} answers, {rate} a second, {eta} left";
        Self::draw(ProgressBar::new(total), line)
    }

    fn draw(bar: ProgressBar, line: &str) -> Self {
        if let Ok(style) = ProgressStyle::with_template(line) {
            bar.set_style(style.with_key("rate", rate));
        }
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    pub(super) fn add(&self, rows: usize) {
        self.0.inc(u64::try_from(rows).unwrap_or(0));
    }

    /// So many are done.
    pub(super) fn reach(&self, rows: u64) {
        self.0.set_position(rows);
    }

    pub(super) fn finish(&self) {
        self.0.finish();
    }
}

/// Whole answers: nobody reads the decimals of a number that changes eight times a second.
fn rate(state: &ProgressState, out: &mut dyn Write) {
    // A line on a terminal that cannot be written is no reason to stop.
    write!(out, "{:.0}", state.per_sec()).ok();
}
