//! `parere doctor`: says that all is well when it is, and what is not when it is not.

use std::path::Path;

use serde_json::json;

use crate::answer::{HOSTILE, valid, with};
use crate::postgres::Database;
use crate::program::{Program, parere};

/// Exit code, and what it says, of a look at the database of `url`.
fn examine(folder: &Path, url: &str) -> (Option<i32>, String) {
    let output = parere(folder, &["doctor", "--database-url", url]).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

/// The lines that begin with `word`, by their subject.
fn subjects<'a>(said: &'a str, word: &str) -> Vec<&'a str> {
    let lines = said.lines().filter_map(|line| line.strip_prefix(word));
    lines.filter_map(|line| line.split_whitespace().next()).collect()
}

/// Answers of every kind that counts differ by.
async fn fill(program: &Program) {
    for (n, text) in HOSTILE.iter().enumerate() {
        let answer = with(valid(9), json!({"comment": text, "test": n % 5 == 0, "locale": "it"}));
        assert_eq!(program.post(&answer).await.status, 200);
    }
    let corrected = with(valid(3), json!({"channel": "inline", "device": "phone"}));
    program.post(&corrected).await;
    program.post(&with(corrected, json!({"revision": 2, "score": 8, "touchpoint": "cart"}))).await;
    let bot = valid(0).to_string().into_bytes();
    assert_eq!(program.send_with(bot, &[("user-agent", "a crawler")]).await.status, 200);
}

#[tokio::test]
async fn a_file_is_looked_at_beside_the_collector_that_serves_it() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    fill(&program).await;
    let url = "sqlite:parere.db";
    let (code, said) = examine(folder.path(), url);
    assert_eq!(code, Some(0), "{said}");
    let all = ["integrity", "references", "indexes", "file", "log", "space", "counts", "clock"];
    assert_eq!(subjects(&said, "fine"), all, "{said}");
    program.kill();

    let database = rusqlite::Connection::open(folder.path().join("parere.db")).unwrap();
    let change = |statement: &str| {
        database.execute_batch(statement).unwrap();
        examine(folder.path(), url)
    };
    for (statement, subject, clue, undo) in [
        (
            "UPDATE daily_counts SET n = n + 1 WHERE dimension = 'channel' AND value = 'inline'",
            "counts",
            "by channel \"inline\", score 8: 1 answers, counted 2",
            "UPDATE daily_counts SET n = n - 1 WHERE dimension = 'channel' AND value = 'inline'",
        ),
        (
            "UPDATE daily_counts SET per_mille = 500 WHERE dimension = 'channel' AND value = 'inline'",
            "counts",
            "by channel \"inline\", score 8 of 500 in 1000 asked: 0 answers, counted 1",
            "UPDATE daily_counts SET per_mille = 1000 WHERE dimension = 'channel' AND value = 'inline'",
        ),
        (
            "UPDATE responses SET flags = 0 WHERE flags != 0",
            "counts",
            "by all \"\", score 0: 1 answers, counted 0",
            "UPDATE responses SET flags = 131072 WHERE score = 0",
        ),
        (
            "DROP INDEX responses_by_survey",
            "indexes",
            "4 of 5",
            "CREATE INDEX responses_by_survey ON responses (site, survey, received_at_ms)",
        ),
        (
            "UPDATE responses SET received_at_ms = received_at_ms + 1000000000000",
            "clock",
            "2058-",
            "UPDATE responses SET received_at_ms = received_at_ms - 1000000000000",
        ),
    ] {
        let (code, said) = change(statement);
        assert_eq!((code, subjects(&said, "wrong")), (Some(1), vec![subject]), "{statement}: {said}");
        assert!(said.contains(clue), "{clue} in {said}");
        let (code, said) = change(undo);
        assert_eq!(code, Some(0), "{undo}: {said}");
    }
}

#[tokio::test]
async fn a_postgresql_database_is_looked_at_the_same_way() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    let url = database.url();
    let program = Program::start_with(folder.path(), &["--database-url", &url]).await;
    fill(&program).await;
    let (code, said) = examine(folder.path(), &url);
    assert_eq!(code, Some(0), "{said}");
    let all = ["server", "durability", "indexes", "sites", "counts", "clock"];
    assert_eq!(subjects(&said, "fine"), all, "{said}");

    // Nothing is wrong with the database, but with who looks at it.
    let (code, said) = examine(folder.path(), &database.url_of_administrator());
    assert_eq!((code, subjects(&said, "wrong")), (Some(1), vec!["sites"]), "{said}");
    assert!(said.contains("the user admin is let through row-level security"), "{said}");

    let client = database.connect().await;
    client
        .batch_execute(
            "DELETE FROM responses WHERE score = 8; DROP INDEX responses_by_site;
            ALTER TABLE places NO FORCE ROW LEVEL SECURITY",
        )
        .await
        .unwrap();
    let (code, said) = examine(folder.path(), &url);
    assert_eq!((code, subjects(&said, "wrong")), (Some(1), vec!["indexes", "sites", "counts"]), "{said}");
    assert!(said.contains("on 24 of 25 tables"), "{said}");
    assert!(said.contains("by all \"\", score 8: 0 answers, counted 1"), "{said}");
}

#[tokio::test]
async fn where_there_is_no_database_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = examine(folder.path(), "sqlite:nowhere.db");
    assert_eq!(code, Some(1));
    assert!(said.contains("nowhere.db"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
