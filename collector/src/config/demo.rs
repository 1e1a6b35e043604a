//! What is made up for the demo shop.

use clap::Args;
use jiff::civil::Date;

use super::StoreOptions;

/// How many made-up answers, and over which time.
#[derive(Debug, Clone, Args)]
pub struct DemoOptions {
    /// Database; one with the demo shop is made if there is none.
    #[command(flatten)]
    pub store: StoreOptions,

    /// How many answers to make up.
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub responses: u32,

    /// What chance starts from: the same number, days and end make the same answers, with the same ids.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,

    /// Over how many days.
    #[arg(long, value_name = "DAYS", default_value_t = 120, value_parser = clap::value_parser!(u16).range(28..=3650))]
    pub days: u16,

    /// The day before which they end, such as 2026-11-21, in the shop's time zone. Default: today, so that yesterday
    /// is the last day.
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,

    /// Put them among answers that are there already.
    #[arg(long)]
    pub force: bool,
}
