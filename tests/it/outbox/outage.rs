//! An outage under load: no sender hears of it, everything arrives once, and in its order at each site.
//!
//! In the test run it is as short as it can be; `sh tests/durability outage` has one of a minute, and reports.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::Shop;
use crate::answer::{valid, with};
use crate::client::{Client, PATIENCE};
use crate::durability::asked;
use crate::wire::Wire;

/// Sites that answers are sent to.
const SITES: [&str; 2] = ["pk_demo", "pk_second"];

/// Browsers that send to each of them at the same time, each one answer after the other.
const SENDERS: usize = 4;

/// Answers that are acknowledged at least before, during and after an outage, and so often again during it.
const ANSWERS: usize = 150;

/// What all senders together know.
#[derive(Default)]
struct Senders {
    acknowledged: AtomicUsize,
    errors: AtomicUsize,
    is_over: AtomicBool,
}

impl Senders {
    /// Sends to `site` until it is over. Gives the ids of what was acknowledged, in order.
    async fn send(&self, client: &Client, site: &str, sender: usize) -> Vec<Value> {
        let mut acknowledged = Vec::new();
        while !self.is_over.load(Ordering::Relaxed) {
            let answer = with(valid(9), json!({"site": site, "ref": sender.to_string()}));
            let reply = client.post(&answer).await;
            if reply.status == 200 && reply.json() == json!({"status": "stored"}) {
                self.acknowledged.fetch_add(1, Ordering::Relaxed);
                acknowledged.push(answer["id"].clone());
            } else {
                self.errors.fetch_add(1, Ordering::Relaxed);
            }
        }
        acknowledged
    }

    /// Waits until so many more have been acknowledged, and for `time`.
    async fn wait_for(&self, more: usize, time: Duration) {
        let began = Instant::now();
        let goal = self.acknowledged.load(Ordering::Relaxed) + more;
        while self.acknowledged.load(Ordering::Relaxed) < goal || began.elapsed() < time {
            assert!(began.elapsed() < time + PATIENCE, "senders are stuck");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

/// What came of an outage.
#[derive(Debug, Default, PartialEq, Eq)]
struct Found {
    acknowledged: usize,
    errors: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
}

/// A second site beside the demo shop.
async fn open_second_site(client: &Client) {
    let site = json!({"site": SITES[1], "name": "Second", "zone": "UTC", "origins": ["*"]});
    assert_eq!(client.api(Method::POST, "/api/v1/sites", Some(&site)).await.status, 201);
    let survey = crate::surveys::definition("nps", json!({}));
    let surveys = format!("/api/v1/sites/{}/surveys", SITES[1]);
    assert_eq!(client.api(Method::POST, &surveys, Some(&survey)).await.status, 201);
}

/// Waits until `n` answers to `site` are in the database: id and sender of each, as they were stored.
async fn arrived(client: &Client, site: &str, n: usize) -> Vec<(Value, usize)> {
    let scores = format!("/api/v1/sites/{site}/scores?survey=nps");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let reply = client.api(Method::GET, &scores, None).await;
        if reply.status == 200 && reply.json()["n"].as_u64() >= Some(n as u64) {
            break;
        }
        assert!(Instant::now() < deadline, "they were never forwarded: {reply:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let export = client.api(Method::GET, &format!("/api/v1/sites/{site}/responses.ndjson"), None).await;
    let mut rows = export.lines();
    rows.pop().expect("the last line is the trailer");
    rows.iter().map(|row| (row["id"].clone(), row["ref"].as_str().unwrap().parse().unwrap())).collect()
}

/// Compares what arrived at one site with what each of its senders was told.
fn compare(arrived: &[(Value, usize)], senders: &[Vec<Value>], found: &mut Found) {
    let ids: BTreeSet<&str> = arrived.iter().map(|(id, _)| id.as_str().unwrap()).collect();
    found.doubled += arrived.len() - ids.len();
    let place: HashMap<&str, usize> =
        arrived.iter().enumerate().map(|(n, (id, _))| (id.as_str().unwrap(), n)).collect();
    for acknowledged in senders {
        found.acknowledged += acknowledged.len();
        let places: Vec<_> = acknowledged.iter().filter_map(|id| place.get(id.as_str().unwrap())).collect();
        found.lost += acknowledged.len() - places.len();
        found.out_of_order += places.windows(2).filter(|pair| pair[0] > pair[1]).count();
    }
}

/// Breaks the wire under load, waits until senders have gone on for a while, mends it, and counts.
#[expect(clippy::print_stdout, reason = "what the long form reports")]
async fn outage(break_wire: fn(&Wire), how: &str) {
    let away = Duration::from_secs(asked("PARERE_OUTAGE_SECONDS", 0));
    let beside = away / 6;
    let shop = Shop::new().await;
    let program = shop.start(&[]).await;
    open_second_site(&program).await;
    let senders = Arc::new(Senders::default());
    let sending: Vec<_> = (0..SITES.len() * SENDERS)
        .map(|n| {
            let (senders, client) = (Arc::clone(&senders), (*program).clone());
            tokio::spawn(async move { senders.send(&client, SITES[n / SENDERS], n).await })
        })
        .collect();
    senders.wait_for(ANSWERS, beside).await;
    break_wire(&shop.wire);
    let before = senders.acknowledged.load(Ordering::Relaxed);
    senders.wait_for(ANSWERS, away).await;
    let reply = program.get("/readyz").await;
    assert_eq!(reply.status, 200, "answers can be stored: {reply:?}");
    senders.wait_for(ANSWERS, Duration::ZERO).await;
    let meanwhile = senders.acknowledged.load(Ordering::Relaxed) - before;
    shop.wire.mend();
    let mended = Instant::now();
    senders.wait_for(ANSWERS, beside).await;
    senders.is_over.store(true, Ordering::Relaxed);
    let acknowledged: Vec<Vec<Value>> = join_all(sending).await.into_iter().map(Result::unwrap).collect();

    let mut found = Found { errors: senders.errors.load(Ordering::Relaxed), ..Found::default() };
    for (site, acknowledged) in SITES.iter().zip(acknowledged.chunks(SENDERS)) {
        let n = acknowledged.iter().map(Vec::len).sum();
        compare(&arrived(&program, site, n).await, acknowledged, &mut found);
    }
    println!(
        "durability: the database {how} for {} s: {} answers acknowledged, {meanwhile} of them meanwhile, \
        {} errors to senders, {} lost, {} doubled, {} out of their sender's order, all there {} ms after the end",
        away.as_secs(),
        found.acknowledged,
        found.errors,
        found.lost,
        found.doubled,
        found.out_of_order,
        mended.elapsed().as_millis()
    );
    let acknowledged = found.acknowledged;
    assert_eq!(found, Found { acknowledged, ..Found::default() });
    assert!(meanwhile >= 2 * ANSWERS);
}

#[tokio::test]
async fn a_database_that_is_gone_costs_no_sender_an_error() {
    outage(Wire::cut, "gone").await;
}

#[tokio::test]
async fn a_database_that_falls_silent_costs_no_sender_an_error() {
    outage(Wire::silence, "silent").await;
}
