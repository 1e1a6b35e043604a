//! `parere demo`: made-up answers for the demo shop, on the way that real ones take into the store.

use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use parere_shared::problem::Verdict;

use super::progress::Progress;
use crate::assets::Assets;
use crate::auth::SiteScope;
use crate::catalogue::{Catalogue, SiteEntry, date_of, days_since_1970};
use crate::clock::Clock;
use crate::config::DemoOptions;
use crate::demo::{self, History, MadeUp, SITE, Wish};
use crate::ingest::record::{self, Receipt};
use crate::store::{self, Filter, Order, Purpose, Record, Store};

/// Most records in one transaction: a collector that serves beside us gets its turn between two of them.
const BATCH_LEN: usize = 512;

/// Makes up the answers that `options` ask for and stores them; beside a collector that serves, too.
///
/// Fails in a sentence where they would stand among real answers.
pub async fn run(options: &DemoOptions, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let store = store::open(options.store.url()?.expose(), Purpose::Beside).await?;
    demo::create(&*store, clock.now()).await?;
    let catalogue = Catalogue::load(Arc::clone(&store), Assets::new(None), Arc::clone(&clock)).await?;
    let site = demo_shop(&catalogue)?;
    let wish = wish(options, &site, &*clock)?;
    let scope = SiteScope::at_the_machine(SITE);
    if !options.force {
        let first = store.page(&scope, &Filter::default(), Order::NewestFirst, None, 1).await?;
        ensure!(
            first.is_empty(),
            "{SITE} has answers already, and made-up ones would stand among them: use a fresh database \
             (--database-url sqlite:demo.db), or say --force"
        );
    }
    // Whatever is wrong with the shop is found before anything is written.
    History::new(&site, &wish)?;
    for write in History::preparations(&site, clock.now()) {
        store.replace_survey(&scope, write).await?;
    }
    catalogue.reload().await?;
    let site = demo_shop(&catalogue)?;
    let stored = fill(&*store, &site, History::new(&site, &wish)?, wish.responses).await?;
    store.close().await?;
    let (first, last) = (date_of(wish.days.start), date_of(wish.days.end - 1));
    writeln!(
        io::stdout(),
        "{stored} made-up answers stored in {SITE}, from {first} to {last}, seed {}; {} were there before",
        wish.seed,
        u64::from(wish.responses) - stored,
    )?;
    Ok(())
}

fn demo_shop(catalogue: &Catalogue) -> anyhow::Result<Arc<SiteEntry>> {
    catalogue.site(SITE).context(
        "this database has no demo shop, and gets none beside its own sites: use a fresh database \
         (--database-url sqlite:demo.db)",
    )
}

fn wish(options: &DemoOptions, site: &SiteEntry, clock: &dyn Clock) -> anyhow::Result<Wish> {
    let today = site.day_of(clock.now());
    let end = options.until.map_or(today, days_since_1970);
    ensure!(end <= today, "--until lies in the future; answers come from the past");
    Ok(Wish {
        responses: options.responses,
        seed: options.seed,
        days: end - i32::from(options.days.cast_signed())..end,
    })
}

/// Stores all of `history`; says how many answers of it were not there before.
async fn fill(store: &dyn Store, site: &SiteEntry, history: History, total: u32) -> anyhow::Result<u64> {
    let progress = Progress::start_of(total);
    let mut stored = 0;
    let mut batch = Vec::with_capacity(BATCH_LEN + MadeUp::REVISIONS_MAX);
    for day in history {
        for answer in day {
            add_records(&mut batch, site, &answer)?;
            if batch.len() >= BATCH_LEN {
                stored += append(store, &mut batch, &progress).await?;
            }
        }
    }
    stored += append(store, &mut batch, &progress).await?;
    progress.finish();
    Ok(stored)
}

/// What ingest would have made of it.
fn add_records(batch: &mut Vec<Record>, site: &SiteEntry, answer: &MadeUp) -> anyhow::Result<()> {
    for (received, response) in &answer.revisions {
        let survey = site.survey(&response.survey).context("the survey is gone")?;
        let receipt = Receipt { now: *received, is_operator: true, doubts: answer.doubts };
        let record = record::of(response.clone(), site, survey, receipt);
        let record = record.context("an id could not be read")?;
        batch.push(record.map_err(|error| anyhow::anyhow!("{error:?}"))?);
    }
    Ok(())
}

/// Stores a batch and empties it; says how many answers began with it.
async fn append(store: &dyn Store, batch: &mut Vec<Record>, progress: &Progress) -> anyhow::Result<u64> {
    let records: Arc<[Record]> = std::mem::take(batch).into();
    let verdicts = store.append(Arc::clone(&records)).await?;
    let first = |record: &&Record| record.row.revision == 1;
    progress.add(records.iter().filter(first).count());
    let new =
        records.iter().zip(verdicts).filter(|(record, verdict)| first(record) && *verdict == Verdict::Stored);
    Ok(new.map(|_| 1).sum())
}
