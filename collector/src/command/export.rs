//! `parere export`: every answer that matches, to a file or to standard output.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use futures_util::StreamExt as _;
use parere_shared::violation::Violation;

use super::open;
use super::progress::Progress;
use crate::auth::SiteScope;
use crate::catalogue::zone;
use crate::clock::Clock;
use crate::config::{ExportFormat, ExportOptions};
use crate::export::{Chunks, Export};
use crate::period::Period;
use crate::store::{Filter, Site, Store};

mod output;

use output::Output;

/// Writes the export that `options` ask for. A reader that goes away early is no error.
pub async fn run(options: &ExportOptions, clock: &dyn Clock) -> anyhow::Result<()> {
    let store = open(options.store.url()?.expose()).await?;
    let site = site(&*store, &options.site).await?;
    let filter = filter(&*store, &site, options).await?;
    let format = format(options)?;
    let scope = SiteScope::at_the_machine(&site.key);
    let export =
        Export { store: Arc::clone(&store), scope, filter, format, raw: options.raw, now: clock.now() };
    let mut output = Output::create(options.output.as_deref())?;
    match write(export.start().await?, &mut output).await {
        Ok(()) => output.finish(),
        Err(error) if is_broken_pipe(&error) => Ok(()),
        Err(error) => Err(error.context(output.unfinished())),
    }
}

async fn write(mut chunks: Chunks, output: &mut Output) -> anyhow::Result<()> {
    let progress = Progress::start();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        output.write(&chunk.bytes)?;
        progress.add(chunk.rows);
    }
    progress.finish();
    Ok(())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

async fn site(store: &dyn Store, key: &str) -> anyhow::Result<Site> {
    let sites = store.sites().await?;
    let known = listed(sites.iter().map(|site| site.key.as_str()));
    let found = sites.into_iter().find(|site| site.key == key);
    found.with_context(|| format!("there is no site {key} in this database; it has {known}"))
}

async fn filter(store: &dyn Store, site: &Site, options: &ExportOptions) -> anyhow::Result<Filter> {
    if let Some(slug) = &options.survey {
        let surveys = store.surveys().await?;
        let known: BTreeSet<&str> = surveys
            .iter()
            .filter(|(of, _)| *of == site.key)
            .map(|(_, survey)| survey.slug.as_str())
            .collect();
        if !known.contains(slug.as_str()) {
            bail!("the site {} has no survey {slug}; it has {}", site.key, listed(known.into_iter()));
        }
    }
    let period = Period::parse(options.from.as_deref(), options.to.as_deref(), &zone(&site.zone))
        .map_err(|found| anyhow::anyhow!(sentence(&found)))?;
    Ok(Filter { survey: options.survey.clone(), from: period.from, to: period.to, ..Filter::default() })
}

/// The format that is asked for, or that the file's name ends with; CSV on standard output.
fn format(options: &ExportOptions) -> anyhow::Result<ExportFormat> {
    if let Some(format) = options.format {
        return Ok(format);
    }
    let Some(path) = options.output.as_deref().filter(|path| *path != "-") else {
        return Ok(ExportFormat::Csv);
    };
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") | None => Ok(ExportFormat::Csv),
        Some("ndjson" | "jsonl") => Ok(ExportFormat::Ndjson),
        Some(other) => {
            bail!("files ending in .{other} are not written; use .csv or .ndjson, or say --format")
        }
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".into() } else { names.join(", ") }
}

fn sentence(found: &[Violation]) -> String {
    let said: Vec<_> =
        found.iter().map(|violation| format!("--{} {}", violation.field, violation.rule)).collect();
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::config::{Command, Options};

    #[test]
    fn the_format_follows_the_option_or_the_name() {
        for (arguments, expected) in [
            (vec![], Some(ExportFormat::Csv)),
            (vec!["--output", "-"], Some(ExportFormat::Csv)),
            (vec!["--output", "a.csv"], Some(ExportFormat::Csv)),
            (vec!["--output", "a.ndjson"], Some(ExportFormat::Ndjson)),
            (vec!["--output", "a.jsonl"], Some(ExportFormat::Ndjson)),
            (vec!["--output", "/dev/null"], Some(ExportFormat::Csv)),
            (vec!["--output", "a.csv", "--format", "ndjson"], Some(ExportFormat::Ndjson)),
            (vec!["--output", "a.xls"], None),
        ] {
            let line = ["parere", "export", "--site", "pk_demo"].into_iter().chain(arguments.clone());
            let Some(Command::Export(options)) = Options::parse_from(line).command else {
                panic!("no export")
            };
            assert_eq!(format(&options).ok(), expected, "{arguments:?}");
        }
    }
}
