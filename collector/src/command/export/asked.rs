//! What the options of an export mean in this database.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{bail, ensure};
use parere_shared::violation::Violation;

use super::folder;
use super::part::Compression;
use crate::catalogue::zone;
use crate::command::no_survey;
use crate::config::{ExportFormat, ExportOptions};
use crate::routes::filter;
use crate::store::{Filter, Site, Store};

/// Which answers are asked for.
pub(super) async fn filter(
    store: &dyn Store,
    site: &Site,
    options: &ExportOptions,
) -> anyhow::Result<Filter> {
    if let Some(slug) = &options.survey {
        let surveys = store.surveys().await?;
        let known: BTreeSet<&str> = surveys
            .iter()
            .filter(|(of, _)| *of == site.key)
            .map(|(_, survey)| survey.slug.as_str())
            .collect();
        if !known.contains(slug.as_str()) {
            return Err(no_survey(&site.key, slug, known.into_iter()));
        }
    }
    let text = |name: &str| match name {
        "from" => options.from.as_deref(),
        "to" => options.to.as_deref(),
        "band" => options.band.as_deref(),
        "channel" => options.channel.as_deref(),
        "locale" => options.locale.as_deref(),
        "flag" => options.flag.as_deref(),
        "q" => options.q.as_deref(),
        _ => None,
    };
    let mut found = Vec::new();
    let filter = filter::parse(&text, &zone(&site.zone), &mut found);
    ensure!(found.is_empty(), sentence(&found));
    Ok(Filter { survey: options.survey.clone(), ..filter })
}

/// What is asked for, or what the file's name ends with; CSV on standard output.
pub(super) fn format(options: &ExportOptions) -> anyhow::Result<(ExportFormat, Compression)> {
    if options.partition.is_some() {
        return Ok((folder::format(options)?, Compression::None));
    }
    let path = options.output.as_deref().filter(|path| *path != "-");
    let (name, compression) = Compression::of(path.unwrap_or(Path::new("")));
    let format = match (options.format, Path::new(&name).extension().and_then(|end| end.to_str())) {
        (Some(format), _) => format,
        (None, Some("csv") | None) => ExportFormat::Csv,
        (None, Some("ndjson" | "jsonl")) => ExportFormat::Ndjson,
        (None, Some("parquet")) => ExportFormat::Parquet,
        (None, Some("xlsx")) => ExportFormat::Xlsx,
        (None, Some(other)) => bail!(
            "files ending in .{other} are not written; use .csv, .ndjson, .parquet or .xlsx, or say --format"
        ),
    };
    let is_whole = matches!(format, ExportFormat::Parquet | ExportFormat::Xlsx);
    ensure!(
        !is_whole || compression == Compression::None,
        "{} files are compressed inside; leave out .gz or .zst",
        format.extension()
    );
    Ok((format, compression))
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
            (vec![], Some((ExportFormat::Csv, Compression::None))),
            (vec!["--output", "-"], Some((ExportFormat::Csv, Compression::None))),
            (vec!["--output", "a.csv"], Some((ExportFormat::Csv, Compression::None))),
            (vec!["--output", "a.csv.gz"], Some((ExportFormat::Csv, Compression::Gzip))),
            (vec!["--output", "a.ndjson"], Some((ExportFormat::Ndjson, Compression::None))),
            (vec!["--output", "a.ndjson.zst"], Some((ExportFormat::Ndjson, Compression::Zstd))),
            (vec!["--output", "a.jsonl"], Some((ExportFormat::Ndjson, Compression::None))),
            (vec!["--output", "a.parquet"], Some((ExportFormat::Parquet, Compression::None))),
            (vec!["--output", "a.xlsx"], Some((ExportFormat::Xlsx, Compression::None))),
            (vec!["--output", "/dev/null"], Some((ExportFormat::Csv, Compression::None))),
            (
                vec!["--output", "a.csv", "--format", "ndjson"],
                Some((ExportFormat::Ndjson, Compression::None)),
            ),
            (vec!["--output", "a.xls"], None),
            (vec!["--output", "a.xlsx.gz"], None),
            (vec!["--output", "a.gz", "--format", "parquet"], None),
        ] {
            let line = ["parere", "export", "--site", "pk_demo"].into_iter().chain(arguments.clone());
            let Some(Command::Export(options)) = Options::parse_from(line).command else {
                panic!("no export")
            };
            assert_eq!(format(&options).ok(), expected, "{arguments:?}");
        }
    }
}
