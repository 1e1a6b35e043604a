//! `parere site` and `parere survey`: a shop as a file, so that its set-up can be kept under version control.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::Context as _;
use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;

use super::export::write_whole;
use super::{no_survey, open, site_of};
use crate::clock::Clock;
use crate::config::{ShopOptions, SiteCommand, SurveyCommand};
use crate::import::sentence;
use crate::shop_file::ShopFile;
use crate::store::{self, Purpose, Site, Store};

mod change;

use change::Change;

/// Does what the command says about sites.
pub async fn site(command: &SiteCommand, clock: &dyn Clock) -> anyhow::Result<()> {
    match command {
        SiteCommand::List { store } => list_sites(&*open(store.url()?.expose()).await?).await,
        SiteCommand::Export { shop, output } => {
            let (store, site) = opened(shop).await?;
            let file = ShopFile::of(
                Some(&site),
                surveys(&*store, &site.key).await?,
                asked(&*store, &site.key).await?,
            );
            write(output.as_deref(), &file)
        }
        SiteCommand::Import { store, file, dry_run } => {
            let file = read(file)?;
            let key = file.site.as_ref().and_then(|site| site.site.clone());
            let key = key.context("the file has no site.site, the key by which the site is known again")?;
            let store = store::open(store.url()?.expose(), Purpose::Beside).await?;
            Change { store: &*store, clock, key: &key, is_dry: *dry_run }.to(file).await
        }
    }
}

/// Does what the command says about surveys.
pub async fn survey(command: &SurveyCommand, clock: &dyn Clock) -> anyhow::Result<()> {
    match command {
        SurveyCommand::List(shop) => {
            let (store, site) = opened(shop).await?;
            let mut out = io::stdout().lock();
            for survey in surveys(&*store, &site.key).await? {
                let Survey { slug, state, metric, languages, .. } = survey;
                let state = format!("{state:?}").to_lowercase();
                writeln!(out, "{slug}\t{state}\t{}\t{}", metric.as_str(), languages.join(","))?;
            }
            Ok(())
        }
        SurveyCommand::Export { shop, survey, output } => {
            let (store, site) = opened(shop).await?;
            let mut surveys = surveys(&*store, &site.key).await?;
            if let Some(slug) = survey {
                let unknown = no_survey(&site.key, slug, surveys.iter().map(|survey| &*survey.slug));
                surveys.retain(|survey| survey.slug == *slug);
                if surveys.is_empty() {
                    return Err(unknown);
                }
            }
            write(output.as_deref(), &ShopFile::of(None, surveys, asked(&*store, &site.key).await?))
        }
        SurveyCommand::Import { shop, file, dry_run } => {
            let file = ShopFile { site: None, ..read(file)? };
            let (store, site) = opened(shop).await?;
            Change { store: &*store, clock, key: &site.key, is_dry: *dry_run }.to(file).await
        }
    }
}

async fn opened(options: &ShopOptions) -> anyhow::Result<(std::sync::Arc<dyn Store>, Site)> {
    let store = open(options.store.url()?.expose()).await?;
    let site = site_of(&*store, &options.site).await?;
    Ok((store, site))
}

async fn list_sites(store: &dyn Store) -> anyhow::Result<()> {
    let surveys = store.surveys().await?;
    let mut out = io::stdout().lock();
    for Site { key, name, zone, .. } in store.sites().await? {
        let n = surveys.iter().filter(|(site, _)| *site == key).count();
        writeln!(out, "{key}\t{name}\t{zone}\t{n} surveys")?;
    }
    Ok(())
}

/// The surveys of a site, in the order they were made.
async fn surveys(store: &dyn Store, key: &str) -> anyhow::Result<Vec<Survey>> {
    let all = store.surveys().await?.into_iter();
    Ok(all.filter(|(site, _)| site == key).map(|(_, survey)| survey).collect())
}

/// Everything that surveys of a site ever asked, by slug.
async fn asked(store: &dyn Store, key: &str) -> anyhow::Result<BTreeMap<String, Vec<Instrument>>> {
    let mut asked: BTreeMap<String, Vec<Instrument>> = BTreeMap::new();
    for (site, survey, _, instrument) in store.instruments().await? {
        if site == key {
            asked.entry(survey).or_default().push(instrument);
        }
    }
    Ok(asked)
}

fn read(path: &Path) -> anyhow::Result<ShopFile> {
    let text = std::fs::read_to_string(path).with_context(|| format!("could not read {}", path.display()))?;
    let checked = ShopFile::read(&text).and_then(|file| {
        let found = file.violations();
        if found.is_empty() { Ok(file) } else { Err(found) }
    });
    checked.map_err(|found| anyhow::anyhow!("{} cannot be taken: {}", path.display(), sentence(&found)))
}

/// A file appears under its name when all of it is written.
fn write(path: Option<&Path>, file: &ShopFile) -> anyhow::Result<()> {
    let text = file.written()?;
    let Some(path) = path.filter(|path| *path != "-") else {
        return io::stdout().write_all(text.as_bytes()).context("could not write to standard output");
    };
    write_whole(path, text.as_bytes())
}

/// Ids of instruments.
fn ids<'a>(instruments: impl IntoIterator<Item = &'a Instrument>) -> BTreeSet<String> {
    instruments.into_iter().map(Instrument::id).collect()
}
