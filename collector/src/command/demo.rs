//! `parere demo`: made-up answers for the demo shop, on the way that real ones take into the store.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use parere_shared::event::EventKind;
use parere_shared::problem::Verdict;
use parere_shared::response::Channel;
use parere_shared::time::Millis;
use serde_json::Map;

use super::progress::Progress;
use crate::assets::Assets;
use crate::auth::SiteScope;
use crate::catalogue::{Catalogue, SiteEntry, date_of, days_since_1970};
use crate::clock::Clock;
use crate::config::DemoOptions;
use crate::demo::{self, History, MadeUp, MadeUpOrder, SITE, Wish};
use crate::hooks;
use crate::ingest::record::{self, Receipt};
use crate::random::hex;
use crate::store::{
    self, Event, Filter, Happening, Known, Order, Purpose, Record, SourceName, Store, Ticket,
};

/// Most records in one transaction: a collector that serves beside us gets its turn between two of them.
const BATCH_LEN: usize = 512;

/// Days at the end of the made-up past whose low scores open cases: as many as one would have on one's desk.
const CASE_DAYS: i32 = 4;

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
    for write in History::preparations(&site, &wish, clock.now()) {
        store.replace_survey(&scope, write).await?;
    }
    catalogue.reload().await?;
    let site = demo_shop(&catalogue)?;
    for rule in demo::rules(clock.now()) {
        // One that is there may have been changed.
        store.rules().keep_rule(&scope, &rule).await?;
    }
    let stored = fill(&*store, &site, History::new(&site, &wish)?, &wish).await?;
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
async fn fill(store: &dyn Store, site: &SiteEntry, history: History, wish: &Wish) -> anyhow::Result<u64> {
    let progress = Progress::start_of(wish.responses);
    let mut filling = Filling::default();
    for day in history {
        for answer in day {
            filling.add(site, &answer, wish.days.end - CASE_DAYS)?;
            if filling.batch.len() >= BATCH_LEN {
                filling.append(store, &progress).await?;
            }
        }
    }
    filling.append(store, &progress).await?;
    let events: Vec<_> = filling.events.into_iter().collect();
    store.count_events(events.into()).await?;
    progress.finish();
    Ok(filling.stored)
}

/// How far the filling is.
#[derive(Default)]
struct Filling {
    /// What is stored next, each with what became of its question.
    batch: Vec<(Record, Vec<(Event, u64)>)>,
    /// What became of the questions of all that was stored.
    events: BTreeMap<Event, u64>,
    /// Tickets that are stored next.
    tickets: Vec<Ticket>,
    /// Orders that are stored next, each with what happened to it.
    orders: Vec<(MadeUpOrder, Vec<Happening>)>,
    /// What happened to tickets, stored next.
    happenings: Vec<Happening>,
    /// Answers that were not there before.
    stored: u64,
}

impl Filling {
    /// What ingest would have made of it; low scores from the day `cases_from` on open cases.
    fn add(&mut self, site: &SiteEntry, answer: &MadeUp, cases_from: i32) -> anyhow::Result<()> {
        let tickets = tickets(site, answer);
        if let Some(order) = order(site, answer) {
            let told = |ticket| hooks::tickets::happenings(ticket, ticket, order.known.told_at);
            self.happenings.extend(tickets.iter().flat_map(told));
            let happened = happenings(&order);
            self.orders.push((order, happened));
        }
        self.tickets.extend(tickets);
        for (received, response) in &answer.revisions {
            let survey = site.survey(&response.survey).context("the survey is gone")?;
            let receipt = Receipt { now: *received, is_operator: true, doubts: answer.doubts };
            let record = record::of(response.clone(), site, survey, receipt);
            let record = record.context("an id could not be read")?;
            let mut record = record.map_err(|error| anyhow::anyhow!("{error:?}"))?;
            record.is_news = record.day >= cases_from;
            let is_first = record.row.revision == 1;
            let events = if is_first { events(&record, answer) } else { Vec::new() };
            self.batch.push((record, events));
        }
        Ok(())
    }

    /// Stores the batch and empties it.
    async fn append(&mut self, store: &dyn Store, progress: &Progress) -> anyhow::Result<()> {
        let (records, events): (Vec<_>, Vec<_>) = std::mem::take(&mut self.batch).into_iter().unzip();
        let records: Arc<[Record]> = records.into();
        let verdicts = store.append(Arc::clone(&records)).await?;
        for ((record, events), verdict) in records.iter().zip(events).zip(verdicts) {
            if record.row.revision == 1 && verdict == Verdict::Stored {
                self.stored += 1;
                for (event, n) in events {
                    *self.events.entry(event).or_default() += n;
                }
            }
        }
        let tickets = std::mem::take(&mut self.tickets);
        let scope = SiteScope::at_the_machine(SITE);
        store.tickets().join_tickets(&scope, &tickets).await?;
        for (order, happenings) in std::mem::take(&mut self.orders) {
            store.orders().tell(&scope, &order.reference, &order.known, &happenings).await?;
        }
        store.happenings().add(&scope, &std::mem::take(&mut self.happenings)).await?;
        progress.add(records.iter().filter(|record| record.row.revision == 1).count());
        Ok(())
    }
}

/// The tickets behind an answer, the customer's as far as the shop knows them.
fn tickets(site: &SiteEntry, answer: &MadeUp) -> Vec<Ticket> {
    let mut tickets = answer.tickets.clone();
    let subject = answer.revisions.first().and_then(|(_, first)| first.subject.as_deref());
    if let (Some(tied), Some(subject)) = (tickets.first_mut(), subject) {
        let hash = record::subject_hash(&site.site, subject);
        tied.subject = Some((tied.began_at(), hash));
    }
    tickets
}

/// The order behind an answer, the customer's as far as the shop knows them.
fn order(site: &SiteEntry, answer: &MadeUp) -> Option<MadeUpOrder> {
    let mut order = answer.order.clone()?;
    let subject = answer.revisions.first().and_then(|(_, first)| first.subject.as_deref());
    if let Some(subject) = subject {
        let hash = record::subject_hash(&site.site, subject);
        let as_of = order.known.told_at;
        order.known.contact.subject = Some(Known { as_of, value: hex(&hash) });
    }
    Some(order)
}

/// What happened to an order, as its shop would have told it.
fn happenings(order: &MadeUpOrder) -> Vec<Happening> {
    let happening = |(kind, at): &(&str, Millis)| Happening {
        source: SourceName::Orders,
        id: format!("{kind}:{}:", order.reference),
        kind: (*kind).into(),
        at: *at,
        received_at: *at,
        order: Some(order.reference.clone()),
        ticket: None,
        subject: order.known.subject(),
        properties: Map::new(),
    };
    order.happened.iter().map(happening).collect()
}

/// What became of the question of an answer and of others; on what and in which language is left open.
fn events(record: &Record, answer: &MadeUp) -> Vec<(Event, u64)> {
    let event = |kind| Event {
        site: record.site.clone(),
        survey: record.row.survey.clone(),
        day: record.day,
        kind,
        instrument: String::new(),
        channel: record.row.channel.map_or("", Channel::as_str),
        locale: String::new(),
        device: "",
        touchpoint: String::new(),
    };
    let counted = EventKind::ALL.into_iter().zip(answer.events).filter(|(_, n)| *n > 0);
    counted.map(|(kind, n)| (event(kind), n.into())).collect()
}
