//! At the machine: a kill on the way, and what the doctor says of it all.

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{full, with};
use crate::client::{Client, PATIENCE};
use crate::postgres::Database;
use crate::program::{Program, parere};

/// Answers of one person: slices enough to be killed between.
const ANSWERS: usize = 6_000;

async fn fill(client: &Client) {
    let answers: Vec<Value> =
        (0..ANSWERS).map(|n| with(full(), json!({"score": n % 11, "subject": "c-1", "ref": null}))).collect();
    for batch in answers.chunks(50) {
        assert_eq!(client.post(&json!(batch)).await.status, 200);
    }
}

async fn n(client: &Client) -> u64 {
    client.read("/scores?survey=nps").await["n"].as_u64().unwrap()
}

fn assert_well(folder: &Path, url: &str) {
    let doctor = parere(folder, &["doctor", "--database-url", url]).output().unwrap();
    assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stdout));
}

#[tokio::test]
async fn an_erasure_that_is_killed_on_the_way_is_ended_by_asking_again() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    for url in ["sqlite:parere.db".to_owned(), database.url()] {
        let program = Program::start_with(folder.path(), &["--database-url", &url]).await;
        fill(&program).await;
        let client = (*program).clone();
        let erasing = tokio::spawn(async move {
            let path = format!("{}/subjects/c-1", crate::client::SITE);
            let request = client.request(Method::DELETE, &path).bearer_auth(crate::client::TOKEN);
            request.send().await.is_ok()
        });
        let deadline = Instant::now() + PATIENCE;
        while n(&program).await == ANSWERS as u64 {
            assert!(Instant::now() < deadline, "nothing was ever erased");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        program.kill();
        erasing.await.unwrap();
        assert_well(folder.path(), &url);

        let program = Program::start_with(folder.path(), &["--database-url", &url]).await;
        let left = n(&program).await;
        assert_eq!(program.stored().await.len() as u64, left);
        let reply = program.api(Method::DELETE, "/subjects/c-1", None).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"erased": left})));
        assert_eq!(n(&program).await, 0);
        assert_well(folder.path(), &url);
    }
}
