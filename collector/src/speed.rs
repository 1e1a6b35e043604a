//! How fast a help desk is, from what happened to its tickets and what their customers said.

mod board;
mod clocks;
pub mod desk;
mod read;

pub use board::{BucketScore, Clock, ScoreBySpeed, SlowTicket, SpeedBoard, SpeedPoint, Told, WaitCount};
pub use clocks::{Clocks, STAYS_SOLVED_MS};
pub use read::{TICKETS_MAX, board};
