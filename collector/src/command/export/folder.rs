//! `--partition day`: a folder of Parquet files that appears when it is complete.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, ensure};

use super::super::progress::Progress;
use super::part::beside;
use crate::config::{ExportFormat, ExportOptions};
use crate::export::{Export, dictionary};

/// How `DuckDB` sees the files as one table.
const VIEWS: &str = include_str!("views.sql");

/// The format of a folder: Parquet, unless something else was asked for, which there is not.
pub(super) fn format(options: &ExportOptions) -> anyhow::Result<ExportFormat> {
    ensure!(
        options.format.is_none_or(|format| format == ExportFormat::Parquet),
        "--partition writes Parquet alone; leave out --format"
    );
    Ok(ExportFormat::Parquet)
}

/// Writes beside `folder` and renames in the end.
pub(super) async fn write(export: Export, folder: &Path) -> anyhow::Result<()> {
    let part = beside(Path::new(folder.as_os_str().to_string_lossy().trim_end_matches('/')), ".part");
    let is_free = fs::read_dir(folder).map_or(true, |mut found| found.next().is_none());
    ensure!(is_free, "{} is not empty; choose another folder", folder.display());
    ensure!(
        !part.exists(),
        "there is {}, left by an export that broke off or still written by one; remove it first",
        part.display()
    );
    fs::create_dir(&part).with_context(|| format!("could not write to {}", part.display()))?;
    let written = fill(export, part.clone()).await;
    if let Err(error) = written {
        // It is ours, made a moment ago; what stays is in the way of the next one, which says so.
        fs::remove_dir_all(&part).ok();
        return Err(error.context(format!("the export broke off; {} was not touched", folder.display())));
    }
    let could_not = || format!("could not complete {}", folder.display());
    fs::rename(&part, folder).with_context(could_not)?;
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(above).and_then(|above| above.sync_all()).with_context(could_not)
}

async fn fill(export: Export, part: PathBuf) -> anyhow::Result<()> {
    let progress = Arc::new(Progress::of(export.set.rows));
    let seen = Arc::clone(&progress);
    let found = export.build_days(part.clone(), move |rows| seen.add(rows)).await?;
    progress.finish();
    let mut manifest = serde_json::to_string_pretty(&found)?;
    manifest.push('\n');
    for (name, text) in [("views.sql", VIEWS), ("columns.md", &*dictionary()), ("manifest.json", &manifest)] {
        let mut file = File::create_new(part.join(name))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    Ok(File::open(&part)?.sync_all()?)
}
