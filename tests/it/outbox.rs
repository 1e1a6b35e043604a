//! While the database is away: no sender hears of it, nothing acknowledged is lost, and everything arrives once.

use std::time::Instant;

use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::client::{Client, PATIENCE};
use crate::postgres::Database;
use crate::program::Program;
use crate::wire::Wire;

mod outage;

/// A collector whose wire to the database can be cut.
struct Shop {
    database: Database,
    wire: Wire,
    folder: tempfile::TempDir,
}

impl Shop {
    async fn new() -> Self {
        Self { database: Database::create().await, wire: Wire::new(), folder: tempfile::tempdir().unwrap() }
    }

    async fn start(&self, options: &[&str]) -> Program {
        let url = self.database.url_by(self.wire.port);
        let mut all = vec!["--database-url", &url];
        all.extend(options);
        Program::start_with(self.folder.path(), &all).await
    }
}

/// Waits until `n` answers are in the database, and gives them.
async fn wait_for_stored(client: &Client, n: usize) -> Vec<Value> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let reply = client.api(reqwest::Method::GET, "/responses.ndjson", None).await;
        if reply.status == 200 && reply.lines().len() > n {
            return client.stored().await;
        }
        assert!(Instant::now() < deadline, "they were never forwarded: {reply:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_waits_outlives_the_process_and_its_place() {
    let shop = Shop::new().await;
    let (one, two) = (shop.start(&[]).await, shop.start(&[]).await);
    shop.wire.cut();
    let mut acknowledged = Vec::new();
    for program in [&one, &two, &one, &two, &two] {
        let answer = valid(9);
        assert_eq!(program.post(&answer).await.status, 200);
        acknowledged.push(answer["id"].clone());
    }
    // A power cut on one machine, the end of a polite one on the other: each had a file of its own.
    one.kill();
    two.terminate();
    let mut two = two;
    assert_eq!(two.wait().code(), Some(0));
    shop.wire.mend();

    // One successor takes over both files.
    let next = shop.start(&[]).await;
    let stored = wait_for_stored(&next, acknowledged.len()).await;
    let ids: Vec<_> = stored.iter().map(|row| row["id"].clone()).collect();
    for id in &acknowledged {
        assert_eq!(ids.iter().filter(|stored| *stored == id).count(), 1, "{id}");
    }
    let files = std::fs::read_dir(shop.folder.path().join("parere-outbox")).unwrap();
    let databases =
        files.filter(|file| file.as_ref().unwrap().path().extension().is_some_and(|end| end == "db"));
    assert_eq!(databases.count(), 1);
}

#[tokio::test]
async fn revisions_and_repetitions_are_settled_when_they_are_forwarded() {
    let shop = Shop::new().await;
    let program = shop.start(&[]).await;
    let (known, fresh) = (valid(3), valid(9));
    assert_eq!(program.post(&known).await.json()["status"], "stored");
    shop.wire.cut();
    for (answer, expected) in [
        // What the database has is not known here; what the outbox has is.
        (known.clone(), "stored"),
        (known.clone(), "duplicate"),
        (with(known.clone(), json!({"revision": 3, "score": 4})), "stored"),
        (with(known.clone(), json!({"revision": 2, "score": 5})), "superseded"),
        (fresh.clone(), "stored"),
        (with(fresh.clone(), json!({"revision": 2, "score": 10})), "stored"),
    ] {
        let reply = program.post(&answer).await;
        assert_eq!((reply.status, &reply.json()["status"]), (200, &json!(expected)), "{answer}");
    }
    shop.wire.mend();
    let stored = wait_for_stored(&program, 2).await;
    let deadline = Instant::now() + PATIENCE;
    let mut scores: Vec<_> = stored.iter().map(|row| row["score"].clone()).collect();
    while scores != [4, 10] {
        assert!(Instant::now() < deadline, "{scores:?}");
        scores = program.stored().await.iter().map(|row| row["score"].clone()).collect();
    }
    let direct = valid(5);
    assert_eq!(program.post(&direct).await.json()["status"], "stored");
    assert_eq!(program.post(&direct).await.json()["status"], "duplicate");
    assert_eq!(program.stored().await.len(), 3);
}

#[tokio::test]
async fn an_outbox_that_is_full_puts_senders_off_and_keeps_what_it_took() {
    let shop = Shop::new().await;
    let program = shop.start(&["--outbox-size-mib", "1"]).await;
    shop.wire.cut();
    let long = "però ".repeat(700);
    let mut acknowledged = 0;
    let put_off = loop {
        let reply = program.post(&with(valid(9), json!({"comment": long}))).await;
        if reply.status != 200 {
            break reply;
        }
        acknowledged += 1;
        assert!(acknowledged < 2_000, "a mebibyte holds no more than that");
    };
    assert_eq!(put_off.status, 503, "{put_off:?}");
    assert!(!put_off.header("retry-after").is_empty(), "{put_off:?}");
    assert!(acknowledged > 50, "{acknowledged}");
    assert_eq!(program.get("/readyz").await.status, 503, "send traffic elsewhere");
    assert_eq!(program.get("/healthz").await.status, 200);
    shop.wire.mend();
    assert_eq!(wait_for_stored(&program, acknowledged).await.len(), acknowledged);
    program.wait_until_ready().await;
    assert_eq!(program.post(&valid(9)).await.status, 200);
}

#[tokio::test]
async fn without_an_outbox_senders_are_put_off() {
    let shop = Shop::new().await;
    let program = shop.start(&["--outbox-size-mib", "0"]).await;
    shop.wire.cut();
    let reply = program.post(&valid(9)).await;
    assert_eq!(reply.status, 503, "{reply:?}");
    assert!(!shop.folder.path().join("parere-outbox").exists());
    shop.wire.mend();
    assert_eq!(program.post(&valid(9)).await.status, 200);
}
