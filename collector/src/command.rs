//! Commands beside `serve`: what can be done at the machine, without a server.

use std::path::Path;
use std::sync::Arc;

use anyhow::{anyhow, ensure};

use crate::error::ApiError;
use crate::import::sentence;
use crate::store::{self, Purpose, Site, Store};

pub mod backup;
pub mod compact;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod erase;
pub mod export;
pub mod import;
mod progress;
pub mod segments;
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

/// The site of this key.
async fn site_of(store: &dyn Store, key: &str) -> anyhow::Result<Site> {
    let sites = store.sites().await?;
    let unknown = no_site(key, sites.iter().map(|site| &*site.key));
    sites.into_iter().find(|site| site.key == key).ok_or(unknown)
}

/// Why a site was not found.
fn no_site<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> anyhow::Error {
    anyhow!("there is no site {key} in this database; it has {}", listed(known))
}

/// Why a survey of a site was not found.
fn no_survey<'a>(site: &str, slug: &str, known: impl Iterator<Item = &'a str>) -> anyhow::Error {
    anyhow!("the site {site} has no survey {slug}; it has {}", listed(known))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

/// A refusal of the interface, for a terminal.
fn refusal(error: ApiError) -> anyhow::Error {
    let problem = error.problem();
    match error {
        ApiError::Internal(cause) => anyhow!("{cause:#}"),
        _ if problem.violations.is_empty() => anyhow!(problem.detail),
        _ => anyhow!(sentence(&problem.violations)),
    }
}

/// How the program ends after `error`: 3 where a command did its work, but for some of what it was given.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    if error.is::<import::SomeRefused>() { 3 } else { 1 }
}
