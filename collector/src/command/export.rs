//! `parere export`: every answer that matches, to a file, to a folder or to standard output.

use std::fs::File;
use std::io;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use futures_util::StreamExt as _;

use super::progress::Progress;
use super::{open, site_of};
use crate::auth::SiteScope;
use crate::clock::Clock;
use crate::config::{ExportFormat, ExportOptions};
use crate::export::{Chunks, Export, Making, Manifest, Mark, Place, Set, hash};

mod asked;
mod folder;
mod output;
mod part;
mod resume;

use output::Output;
pub(super) use output::write_whole;
use part::PartFile;
use resume::State;

/// Writes the export that `options` ask for. A reader that goes away early is no error.
pub async fn run(options: &ExportOptions, clock: &dyn Clock) -> anyhow::Result<()> {
    let store = open(options.store.url()?.expose()).await?;
    let site = site_of(&*store, &options.site).await?;
    let filter = asked::filter(&*store, &site, options).await?;
    let (format, compression) = asked::format(options)?;
    let scope = SiteScope::at_the_machine(&site.key);
    let set = Set::fix(&*store, &scope, &filter, clock.now()).await?;
    let export = Export { store, site, scope, filter, set, format, raw: options.raw };
    let path = options.output.as_deref().filter(|path| *path != "-");
    if options.partition.is_some() {
        return folder::write(export, path.context("--partition needs a folder in --output")?).await;
    }
    let output = match path {
        Some(path) => Output::create(path, compression)?,
        None => Output::Stream(Box::new(io::stdout())),
    };
    match output {
        Output::Stream(stream) => {
            ensure!(!options.manifest && !options.resume, "--manifest and --resume need a file in --output");
            to_stream(export, stream).await
        }
        Output::File(file) => to_file(export, *file, options).await,
    }
}

async fn to_stream(export: Export, mut stream: Box<dyn io::Write>) -> anyhow::Result<()> {
    let written = match export.start(Mark::default()) {
        Making::Streamed(chunks) => write_lines(chunks, &mut stream).await,
        Making::Built(export) => write_built(*export, &mut stream).await,
    };
    match written.and_then(|()| Ok(stream.flush()?)) {
        Err(error) if is_broken_pipe(&error) => Ok(()),
        written => written.context("the export broke off; what was written is not complete"),
    }
}

async fn write_lines(mut chunks: Chunks, stream: &mut dyn io::Write) -> anyhow::Result<()> {
    let progress = Progress::start();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        stream.write_all(&chunk.bytes)?;
        progress.reach(chunk.mark.rows);
    }
    progress.finish();
    Ok(())
}

/// Nothing is written before all is there.
async fn write_built(export: Export, stream: &mut dyn io::Write) -> anyhow::Result<()> {
    let folder = std::env::temp_dir();
    let place = Place { file: tempfile::tempfile_in(&folder)?, folder, free_bytes_min: 0 };
    let mut built = build(export, place).await?.0;
    io::Seek::rewind(&mut built)?;
    io::copy(&mut built, stream)?;
    Ok(())
}

async fn build(export: Export, place: Place) -> anyhow::Result<(File, Manifest)> {
    let progress = Arc::new(Progress::of(export.set.rows));
    let seen = Arc::clone(&progress);
    let built = export.build(place, move |rows| seen.add(rows)).await?;
    progress.finish();
    Ok((built.file, built.manifest))
}

/// Under its name when it is complete and on disk.
async fn to_file(export: Export, file: PartFile, options: &ExportOptions) -> anyhow::Result<()> {
    let path = file.path().to_owned();
    let broke_off = || format!("the export broke off; {} was not touched", path.display());
    let (file, mut manifest) = match export.format {
        ExportFormat::Csv | ExportFormat::Ndjson => lines_to_file(export, file, options).await?,
        ExportFormat::Parquet | ExportFormat::Xlsx => {
            ensure!(!options.resume, "only CSV and NDJSON can be continued; leave out --resume");
            let place = Place { file: file.plain()?, folder: file.folder().to_owned(), free_bytes_min: 0 };
            match build(export, place).await {
                Ok((_, manifest)) => (file, manifest),
                Err(error) => {
                    file.discard();
                    return Err(error.context(broke_off()));
                }
            }
        }
    };
    let done = file.finish()?;
    if options.manifest {
        // Read again, as it stands there.
        manifest.sha256 = Some(hash(&done).context("could not read the file again")?.0);
        let beside = part::beside(&path, ".manifest.json");
        let mut text = serde_json::to_string_pretty(&manifest)?;
        text.push('\n');
        write_whole(&beside, text.as_bytes())?;
    }
    Ok(())
}

async fn lines_to_file(
    mut export: Export,
    mut file: PartFile,
    options: &ExportOptions,
) -> anyhow::Result<(PartFile, Manifest)> {
    let state_path = file.state_path();
    let mark = if options.resume {
        resume::go_on(&mut export, &mut file).await?
    } else {
        file.start_anew()?;
        Mark::default()
    };
    let (path, total) = (file.path().to_owned(), export.set.rows);
    let mut state = State::of(&export);
    let Making::Streamed(mut chunks) = export.start(mark) else { bail!("only lines are streamed") };
    let progress = Progress::of(total);
    let broke_off = |can_go_on| {
        let how = if can_go_on { "; --resume goes on with what is there" } else { "" };
        format!("the export broke off; {} was not touched{how}", path.display())
    };
    let can_go_on = file.can_go_on();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.with_context(|| broke_off(can_go_on))?;
        file.write(&chunk.bytes).with_context(|| broke_off(can_go_on))?;
        progress.reach(chunk.mark.rows);
        if let Some(manifest) = chunk.end {
            progress.finish();
            return Ok((file, *manifest));
        }
        if can_go_on {
            state.note(&chunk.mark, file.len());
            state.write(&state_path).with_context(|| format!("could not write {}", state_path.display()))?;
        }
    }
    bail!(broke_off(can_go_on))
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
