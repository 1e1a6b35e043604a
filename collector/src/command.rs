//! Commands beside `serve`: what can be done at the machine, without a server.

use std::path::Path;
use std::sync::Arc;

use anyhow::ensure;

use crate::store::{self, Purpose, Store};

pub mod backup;
pub mod compact;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod import;
mod progress;
pub mod shop;
pub mod tickets;
pub mod token;
pub mod user;

/// Opens the database, if there is one: a command is no reason to create it.
pub(crate) async fn open(url: &str) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        ensure!(Path::new(path).exists(), "there is no database at {path}; see --database-url");
    }
    store::open(url, Purpose::Beside).await
}

/// How the program ends after `error`: 3 where a command did its work, but for some of what it was given.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<import::SomeRefused>() { 3 } else { 1 }
}
