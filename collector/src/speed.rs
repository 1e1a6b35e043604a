//! How fast a help desk is, from what happened to its tickets.

mod clocks;

pub use clocks::{Clocks, STAYS_SOLVED_MS};
