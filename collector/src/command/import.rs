//! `parere import`: answers from a file, on the way that real ones take into the store.

use std::path::Path;
use std::sync::Arc;

use anyhow::{bail, ensure};

use super::user::record as note;
use super::{no_site, no_survey, open};
use crate::assets::Assets;
use crate::auth::Action;
use crate::catalogue::{Catalogue, SiteEntry};
use crate::clock::Clock;
use crate::config::{ImportFormat, ImportOptions, Mapping};
use crate::import::{self, Foreign, Form, Origin, Target};

mod rejects;
mod summary;
mod taking;
mod target;

pub(super) use rejects::Rejects;
pub(super) use summary::Refusals;
use taking::Taking;

/// Some rows were refused, and all others imported.
#[derive(Debug, thiserror::Error)]
#[error("{refused} of {read} rows were refused")]
pub struct SomeRefused {
    pub(super) refused: u64,
    pub(super) read: u64,
}

/// Imports what `options` name, and says what became of it. The same file again changes nothing.
pub async fn run(options: &ImportOptions, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let form = form(options)?;
    let store = open(options.store.url()?.expose()).await?;
    let catalogue = Catalogue::load(Arc::clone(&store), Assets::new(None), Arc::clone(&clock)).await?;
    let site = site_of(&catalogue, &options.site)?;
    let is_own = matches!(form, Form::OwnNdjson | Form::OwnCsv { .. });
    // Before a survey is made for it.
    let lines = import::open(&options.file, &form, options.incomplete)?;
    let made = if is_own { None } else { target::missing(options, &form, &site)? };
    if let Some(survey) = made.as_ref().filter(|_| !options.dry_run) {
        target::make(&*store, &*clock, &site.site.key, survey).await?;
        catalogue.reload().await?;
    }
    let site = site_of(&catalogue, &options.site)?;
    let imagined = made.as_ref().filter(|_| options.dry_run).map(target::imagined);
    let survey = match &options.survey {
        Some(slug) => Some(imagined.as_ref().or_else(|| site.survey(slug)).ok_or_else(|| {
            no_survey(&options.site, slug, site.surveys.iter().map(|entry| &*entry.survey.slug))
        })?),
        None => None,
    };
    let target = Target { site: &site, survey, now: clock.now() };
    let foreign = Foreign::new(Origin { source: options.source.clone(), dates: options.dates.clone() });
    let rejects = options.rejects.as_deref();
    // Its rows are read while others are refused.
    ensure!(
        rejects.is_none_or(|path| !is_same(path, &options.file)),
        "--rejects names the file that is read"
    );
    let rejects = rejects.map(|path| Rejects::create(path, lines.header.as_ref())).transpose()?;
    let unused = lines.unused.join(", ");
    let mut taking = Taking::new(&*store, target, foreign, rejects, options.dry_run);
    let taken = taking.all(lines).await;
    let summary = taking.end()?;
    if !options.dry_run && summary.has_changed() {
        let what = format!("{}: {}", named(&options.file), summary.in_short());
        note(&*store, &*clock, Action::ResponsesImport, Some(&site.site.key), &what).await?;
    }
    taken?;
    store.close().await?;
    summary.tell(options.dry_run, made.as_ref(), &unused)?;
    let (refused, read) = (summary.refused(), summary.read);
    if refused > 0 { Err(SomeRefused { refused, read }.into()) } else { Ok(()) }
}

/// What is asked for, or what the file's name ends with.
fn form(options: &ImportOptions) -> anyhow::Result<Form> {
    let mapping = Mapping(options.map.iter().flat_map(|mapping| mapping.0.clone()).collect());
    let end = options.file.extension().and_then(|end| end.to_str());
    let format = match (options.format, end) {
        (Some(format), _) => format,
        (None, Some("csv")) => ImportFormat::Csv,
        (None, Some("ndjson" | "jsonl")) => ImportFormat::Ndjson,
        (None, _) => bail!("say with --format what {} is: ndjson, csv or delighted", options.file.display()),
    };
    let form = match format {
        ImportFormat::Ndjson => Form::OwnNdjson,
        ImportFormat::Csv if mapping.0.is_empty() => Form::OwnCsv { is_raw: options.raw },
        ImportFormat::Csv => Form::Mapped(mapping.clone()),
        ImportFormat::Delighted => Form::Delighted(mapping.clone()),
    };
    ensure!(form != Form::OwnNdjson || mapping.0.is_empty(), "--map is for CSV files; leave it out");
    let is_foreign = matches!(form, Form::Mapped(_) | Form::Delighted(_));
    ensure!(!is_foreign || options.survey.is_some(), "say with --survey which survey they are answers to");
    Ok(form)
}

fn site_of(catalogue: &Catalogue, key: &str) -> anyhow::Result<Arc<SiteEntry>> {
    catalogue.site(key).ok_or_else(|| no_site(key, catalogue.all().keys().map(String::as_str)))
}

pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

pub(super) fn named(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
