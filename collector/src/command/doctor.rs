//! `parere doctor`: is everything as it should be? Beside a serving collector, and without changing anything.

use std::io::{self, Write as _};

use anyhow::ensure;
use parere_shared::time;

use super::open;
use crate::auth::SiteScope;
use crate::catalogue::date_of;
use crate::clock::Clock;
use crate::config::StoreOptions;
use crate::store::{Filter, Finding, Miscount, Order, Store};

/// Wrong counts that are told one by one; the others are a number.
const TOLD_MAX: usize = 3;

/// How far a moment of receipt may lie ahead of our clock: several collectors on one database, each with its own.
const AHEAD_MS_MAX: i64 = 60_000;

/// Looks at everything and prints a line for each; fails if anything is wrong.
pub async fn run(options: &StoreOptions, clock: &dyn Clock) -> anyhow::Result<()> {
    let store = open(options.url()?.expose()).await?;
    let mut findings = store.examine().await?;
    findings.push(scores(&*store).await?);
    findings.push(clock_of(&*store, clock).await?);
    let mut out = io::stdout().lock();
    for Finding { subject, seen, advice } in &findings {
        let word = if advice.is_some() { "wrong" } else { "fine" };
        writeln!(out, "{word:<6} {subject:<11} {seen}")?;
        if let Some(advice) = advice {
            writeln!(out, "{:18} {advice}", "")?;
        }
    }
    let wrong = findings.iter().filter(|finding| finding.advice.is_some()).count();
    ensure!(wrong == 0, "{wrong} of {} things are not as they should be", findings.len());
    Ok(())
}

/// Recounts every survey of every site.
async fn scores(store: &dyn Store) -> anyhow::Result<Finding> {
    let surveys = store.surveys().await?;
    let mut wrong = Vec::new();
    for (site, survey) in &surveys {
        for miscount in store.recount(&SiteScope::at_the_machine(site), &survey.slug).await? {
            wrong.push(told(site, &survey.slug, &miscount));
        }
    }
    let seen = if wrong.is_empty() {
        format!("{} surveys recounted", surveys.len())
    } else {
        let more = wrong.len().saturating_sub(TOLD_MAX);
        wrong.truncate(TOLD_MAX);
        format!("{}{}", wrong.join("; "), if more > 0 { format!("; and {more} more") } else { String::new() })
    };
    let advice =
        "Counts and answers were changed apart from each other: put a backup in place, or ask for help.";
    Ok(Finding { subject: "counts", seen, advice: (!wrong.is_empty()).then_some(advice) })
}

fn told(site: &str, survey: &str, miscount: &Miscount) -> String {
    let Miscount { key: (dimension, value), day, score, per_mille, answers, counted } = miscount;
    let asked = if *per_mille == 1000 { String::new() } else { format!(" of {per_mille} in 1000 asked") };
    format!(
        "{site}/{survey} on {} by {dimension} {value:?}, score {score}{asked}: {answers} answers, counted {counted}",
        date_of(*day)
    )
}

/// A clock that was set back makes new answers look older than old ones.
async fn clock_of(store: &dyn Store, clock: &dyn Clock) -> anyhow::Result<Finding> {
    let now = clock.now();
    let mut latest = None;
    for site in store.sites().await? {
        let scope = SiteScope::at_the_machine(&site.key);
        let newest = store.page(&scope, &Filter::default(), Order::NewestFirst, None, 1).await?;
        latest = latest.max(newest.first().map(|stored| stored.row.received_at));
    }
    let seen = match latest {
        Some(latest) => format!("now {}, last answer {}", time::format(now), time::format(latest)),
        None => format!("now {}, no answer yet", time::format(now)),
    };
    let is_wrong = latest.is_some_and(|latest| latest > now + AHEAD_MS_MAX);
    let advice = "The last answer lies in the future: set this machine's clock, by NTP if possible.";
    Ok(Finding { subject: "clock", seen, advice: is_wrong.then_some(advice) })
}
