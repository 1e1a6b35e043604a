//! `parere segments import`: what a CRM's list says of people, out of the CSV file that it exports.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, ensure};

use super::import::{Refusals, Rejects, SomeRefused, is_same, named};
use super::user::record as note;
use super::{open, refusal, site_of};
use crate::auth::{Action, SiteScope};
use crate::clock::Clock;
use crate::config::{Field, Mapping, SegmentsCommand, SegmentsImportOptions};
use crate::import::{self, Form, Line, Lines, Raw, Said, sentence};
use crate::segments::{self, LISTED_LEN_MAX, ListLine, NO_CUSTOMER};
use crate::store::{Listed, Site, Store};

/// Does what the command says.
pub async fn run(command: &SegmentsCommand, clock: &dyn Clock) -> anyhow::Result<()> {
    let SegmentsCommand::Import(options) = command;
    import_list(options, clock).await
}

/// Imports a list, and says what became of it. The same file again changes nothing but when it was last heard.
async fn import_list(options: &SegmentsImportOptions, clock: &dyn Clock) -> anyhow::Result<()> {
    let mapping = Mapping(options.map.iter().flat_map(|mapping| mapping.0.clone()).collect());
    let store = open(options.store.url()?.expose()).await?;
    let site = site_of(&*store, &options.site).await?;
    let names = names(&mapping)?;
    let lines = import::open(&options.file, &Form::Listed(mapping), false)?;
    let rejects = rejects(options.rejects.as_deref(), &options.file, &lines)?;
    let unused = lines.unused.join(", ");
    let scope = SiteScope::at_the_machine(&site.key);
    let mut taking = Taking {
        store: &*store,
        clock: (!options.dry_run).then_some(clock),
        scope,
        site: &site,
        names,
        rejects,
        refusals: Refusals::default(),
        read: 0,
        taken: 0,
    };
    let done = taking.all(lines).await;
    let Taking { rejects, refusals, read, taken, .. } = taking;
    if let Some(rejects) = rejects {
        rejects.finish()?;
    }
    if !options.dry_run && taken > 0 {
        let what = format!("{}: {taken} entries", named(&options.file));
        note(&*store, clock, Action::SegmentsImport, Some(&site.key), &what).await?;
    }
    done?;
    store.close().await?;
    let refused = refusals.n();
    let mut out = io::stdout();
    if options.dry_run {
        writeln!(out, "nothing was written; this is what would be:")?;
    }
    if !unused.is_empty() {
        writeln!(out, "columns that nothing is made of: {unused}")?;
    }
    write!(out, "{read} rows: {taken} taken, {refused} refused\n{}", refusals.in_words())?;
    if refused > 0 { Err(SomeRefused { refused, read }.into()) } else { Ok(()) }
}

/// The attributes that a list has; fails where it names nobody, or says nothing.
fn names(mapping: &Mapping) -> anyhow::Result<Vec<String>> {
    let is_whose = |(field, _): &(Field, String)| matches!(field, Field::Subject | Field::Email);
    ensure!(
        mapping.0.iter().any(is_whose),
        "say with --map which column has the person: subject=COLUMN or email=COLUMN"
    );
    let name = |(field, _): &(Field, String)| match field {
        Field::Attribute(name) => Some(name.clone()),
        _ => None,
    };
    let names: Vec<String> = mapping.0.iter().filter_map(name).collect();
    ensure!(!names.is_empty(), "say with --map what to take over: attribute.NAME=COLUMN");
    Ok(names)
}

fn rejects(path: Option<&Path>, file: &Path, lines: &Lines) -> anyhow::Result<Option<Rejects>> {
    let Some(path) = path else { return Ok(None) };
    // Its rows are read while others are refused.
    ensure!(!is_same(path, file), "--rejects names the file that is read");
    Rejects::create(path, lines.header.as_ref()).map(Some)
}

/// An import on its way.
struct Taking<'a> {
    store: &'a dyn Store,
    /// None where nothing is written.
    clock: Option<&'a dyn Clock>,
    scope: SiteScope,
    site: &'a Site,
    /// The attributes that the list has.
    names: Vec<String>,
    rejects: Option<Rejects>,
    refusals: Refusals,
    read: u64,
    taken: u64,
}

impl Taking<'_> {
    /// Takes every row.
    async fn all(&mut self, lines: Lines) -> anyhow::Result<()> {
        let mut batch = Vec::with_capacity(LISTED_LEN_MAX);
        for line in lines {
            let Line { number, raw, said } = line.context("the file could not be read any further")?;
            self.read += 1;
            match said.and_then(|said| self.line(said)) {
                Ok(said) => batch.push((number, raw, said)),
                Err(why) => self.refuse(number, raw, &why)?,
            }
            if batch.len() >= LISTED_LEN_MAX {
                self.take(std::mem::take(&mut batch)).await.with_context(|| stopped(number))?;
            }
        }
        self.take(batch).await.context("the import stopped before its end; the same command goes on")
    }

    /// What a row says; an attribute whose cell is empty is taken away.
    fn line(&self, said: Said) -> Result<ListLine, String> {
        let Said::Foreign(fields) = said else { return Err("it is no row of a list".into()) };
        let text = |wanted: &Field| {
            fields.iter().find(|(field, _)| field == wanted).map(|(_, text)| text.trim().to_owned())
        };
        let value = |name: &String| (name.clone(), text(&Field::Attribute(name.clone())));
        let attributes: BTreeMap<String, Option<String>> = self.names.iter().map(value).collect();
        let (subject, email) = (text(&Field::Subject), text(&Field::Email));
        ListLine::new(subject.as_deref(), email.as_deref(), attributes).map_err(|found| sentence(&found))
    }

    async fn take(&mut self, batch: Vec<(u64, Raw, ListLine)>) -> anyhow::Result<()> {
        let lines: Vec<ListLine> = batch.iter().map(|(_, _, line)| line.clone()).collect();
        let meant = segments::meant(self.store, &self.scope, self.site, &lines).await.map_err(refusal)?;
        let mut listed: Vec<Listed> = Vec::with_capacity(batch.len());
        let mut taken = 0;
        for ((number, raw, _), people) in batch.into_iter().zip(meant) {
            if people.is_empty() {
                self.refuse(number, raw, NO_CUSTOMER)?;
            } else {
                taken += 1;
                listed.extend(people);
            }
        }
        if let Some(clock) = self.clock.filter(|_| !listed.is_empty()) {
            self.store.segments().list_people(&self.scope, &listed, clock.now()).await?;
        }
        self.taken += taken;
        Ok(())
    }

    fn refuse(&mut self, number: u64, raw: Raw, why: &str) -> anyhow::Result<()> {
        self.refusals.add(number, why);
        match &mut self.rejects {
            Some(rejects) => rejects.write(import::with_reason(raw, why)),
            None => Ok(()),
        }
    }
}

fn stopped(line: u64) -> String {
    format!("the import stopped before line {line} was stored; the same command goes on")
}
