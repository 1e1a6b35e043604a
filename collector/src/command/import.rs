//! `parere import`: answers from a file, on the way that real ones take into the store.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;

use super::open;
use super::progress::Progress;
use super::user::record as note;
use crate::assets::Assets;
use crate::auth::{Action, SiteScope};
use crate::catalogue::{Catalogue, SiteEntry};
use crate::clock::Clock;
use crate::config::{ImportFormat, ImportOptions, Mapping};
use crate::import::{self, Foreign, Form, Line, Lines, Made, Origin, Raw, Target};
use crate::store::{Filter, Order, Record, Row, Store, StoreError};

mod rejects;
mod summary;
mod target;

use rejects::Rejects;
use summary::Summary;

/// Most answers in one transaction: fewer would wait for the disk too often; more would keep a collector that serves
/// beside us from its turn for longer than a tenth of a second.
const BATCH_LEN: usize = 2_048;

/// Some rows were refused, and all others imported.
#[derive(Debug, thiserror::Error)]
#[error("{refused} of {read} rows were refused")]
pub struct SomeRefused {
    refused: u64,
    read: u64,
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
        Some(slug) => Some(imagined.as_ref().or_else(|| site.survey(slug)).with_context(|| {
            let known: Vec<_> = site.surveys.iter().map(|entry| entry.survey.slug.as_str()).collect();
            format!("the site {} has no survey {slug}; it has {}", options.site, known.join(", "))
        })?),
        None => None,
    };
    let mut importing = Importing {
        store: &*store,
        scope: SiteScope::at_the_machine(&site.site.key),
        target: Target { site: &site, survey, now: clock.now() },
        foreign: Foreign::new(Origin { source: options.source.clone(), dates: options.dates.clone() }),
        is_dry: options.dry_run,
        seen: HashMap::new(),
        rejects: options
            .rejects
            .as_deref()
            .map(|path| Rejects::create(path, lines.header.as_ref()))
            .transpose()?,
        summary: Summary::default(),
    };
    let unused = lines.unused.join(", ");
    importing.take_all(lines).await?;
    let Importing { rejects, summary, .. } = importing;
    if let Some(rejects) = rejects {
        rejects.finish()?;
    }
    if !options.dry_run && summary.has_changed() {
        let what = format!("{}: {}", named(&options.file), summary.in_short());
        note(&*store, &*clock, Action::ResponsesImport, Some(&site.site.key), &what).await?;
    }
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
    catalogue.site(key).with_context(|| {
        let known: Vec<_> = catalogue.all().keys().cloned().collect();
        let known = if known.is_empty() { "none".into() } else { known.join(", ") };
        format!("there is no site {key} in this database; it has {known}")
    })
}

fn named(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// An import on its way.
struct Importing<'a> {
    store: &'a dyn Store,
    scope: SiteScope,
    target: Target<'a>,
    foreign: Foreign,
    /// Nothing is written.
    is_dry: bool,
    /// What would have been stored so far, where nothing is.
    seen: HashMap<ResponseId, Row>,
    rejects: Option<Rejects>,
    summary: Summary,
}

/// A row that can be stored.
struct Ready {
    number: u64,
    raw: Raw,
    record: Record,
}

impl Importing<'_> {
    async fn take_all(&mut self, lines: Lines) -> anyhow::Result<()> {
        let progress = Progress::start();
        let mut batch = Vec::with_capacity(BATCH_LEN);
        let mut last = 0;
        for line in lines {
            let Line { number, raw, said } = line.context("the file could not be read any further")?;
            last = number;
            self.summary.read += 1;
            match said.and_then(|said| import::made(said, &self.target, &mut self.foreign)) {
                Ok(Made::Record(record)) => batch.push(Ready { number, raw, record: *record }),
                Ok(Made::LeftOut) => self.summary.left_out += 1,
                Err(why) => self.refuse(number, raw, &why)?,
            }
            if batch.len() >= BATCH_LEN {
                let len = batch.len();
                self.take(std::mem::take(&mut batch)).await.with_context(|| stopped(last))?;
                progress.add(len);
            }
        }
        let len = batch.len();
        self.take(batch).await.with_context(|| stopped(last))?;
        progress.add(len);
        progress.finish();
        Ok(())
    }

    fn refuse(&mut self, number: u64, raw: Raw, why: &str) -> anyhow::Result<()> {
        self.summary.refuse(number, why);
        match &mut self.rejects {
            Some(rejects) => rejects.write(import::with_reason(raw, why)),
            None => Ok(()),
        }
    }

    /// Stores what is not there yet.
    async fn take(&mut self, batch: Vec<Ready>) -> anyhow::Result<()> {
        let known = self.known(&batch).await?;
        let mut wanted = Vec::with_capacity(batch.len());
        for ready in batch {
            let Some(stored) = known.get(&ready.record.row.id) else {
                wanted.push(ready);
                continue;
            };
            match stored.revision.cmp(&ready.record.row.revision) {
                _ if import::is_stored(stored, &ready.record) => self.summary.unchanged += 1,
                std::cmp::Ordering::Less => wanted.push(ready),
                std::cmp::Ordering::Equal => self.refuse(ready.number, ready.raw, CONFLICT)?,
                std::cmp::Ordering::Greater => self.summary.older += 1,
            }
        }
        if self.is_dry {
            return self.imagine(wanted, &known);
        }
        let records: Arc<[Record]> = wanted.iter().map(|ready| ready.record.clone()).collect();
        match self.store.append(records).await {
            Ok(verdicts) => self.settle(wanted, verdicts, &known),
            // One that the schema does not take keeps all of its batch out.
            Err(StoreError::Refused(_)) => self.take_singly(wanted, &known).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn take_singly(
        &mut self,
        wanted: Vec<Ready>,
        known: &HashMap<ResponseId, Row>,
    ) -> anyhow::Result<()> {
        for ready in wanted {
            match self.store.append(Arc::new([ready.record.clone()])).await {
                Ok(verdicts) => self.settle(vec![ready], verdicts, known)?,
                Err(StoreError::Refused(why)) => {
                    self.refuse(ready.number, ready.raw, &format!("the database refused it: {why}"))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// What is stored under the ids of a batch.
    async fn known(&self, batch: &[Ready]) -> anyhow::Result<HashMap<ResponseId, Row>> {
        let ids: Vec<_> = batch.iter().map(|ready| ready.record.row.id).collect();
        let mut known: HashMap<_, _> =
            ids.iter().filter_map(|id| Some((*id, self.seen.get(id)?.clone()))).collect();
        let filter = Filter { ids: Some(ids), ..Filter::default() };
        let stored = self.store.page(&self.scope, &filter, Order::OldestFirst, None, batch.len()).await?;
        for stored in stored {
            known.entry(stored.row.id).or_insert(stored.row);
        }
        Ok(known)
    }

    fn settle(
        &mut self,
        wanted: Vec<Ready>,
        verdicts: Vec<Verdict>,
        known: &HashMap<ResponseId, Row>,
    ) -> anyhow::Result<()> {
        let mut new = HashSet::new();
        for (ready, verdict) in wanted.into_iter().zip(verdicts) {
            let id = ready.record.row.id;
            match verdict {
                Verdict::Stored if known.contains_key(&id) || !new.insert(id) => self.summary.newer += 1,
                Verdict::Stored => self.summary.new += 1,
                Verdict::Duplicate => self.summary.unchanged += 1,
                Verdict::Superseded => self.summary.older += 1,
                Verdict::Conflict => self.refuse(ready.number, ready.raw, CONFLICT)?,
            }
        }
        Ok(())
    }

    /// What the store would do, where nothing is written.
    fn imagine(&mut self, wanted: Vec<Ready>, known: &HashMap<ResponseId, Row>) -> anyhow::Result<()> {
        for ready in wanted {
            let row = ready.record.row.clone();
            let standing = self.seen.get(&row.id).or_else(|| known.get(&row.id));
            match standing
                .map(|stored| (stored.revision.cmp(&row.revision), import::is_stored(stored, &ready.record)))
            {
                None => self.summary.new += 1,
                Some((_, true)) => {
                    self.summary.unchanged += 1;
                    continue;
                }
                Some((std::cmp::Ordering::Less, _)) => self.summary.newer += 1,
                Some((std::cmp::Ordering::Equal, _)) => {
                    self.refuse(ready.number, ready.raw, CONFLICT)?;
                    continue;
                }
                Some((std::cmp::Ordering::Greater, _)) => {
                    self.summary.older += 1;
                    continue;
                }
            }
            self.seen.insert(row.id, row);
        }
        Ok(())
    }
}

/// Why a row is refused whose id has another content already.
const CONFLICT: &str = "another answer is stored under this id and revision; it was left as it is";

fn stopped(line: u64) -> String {
    format!(
        "the import stopped at line {line}; what came before is stored or told above, and the same command goes on from \
         there"
    )
}
