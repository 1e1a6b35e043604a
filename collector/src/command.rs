//! Commands beside `serve`: what can be done at the machine, without a server.

pub mod config;
pub mod export;
