//! `parere compact` leaves nothing in unused parts of the file, beside a collector that goes on serving.

use super::bytes::found;
use crate::answer::valid;
use crate::program::{Program, parere};

/// Leaves a word in pages that nothing uses any more, as an erasure in a large file may.
const LEAVE: &str = "
    PRAGMA secure_delete = OFF;
    CREATE TABLE passing (said TEXT);
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 500)
    INSERT INTO passing SELECT 'quokka00001end ' || hex(randomblob(500)) FROM numbers;
    PRAGMA wal_checkpoint(TRUNCATE);
    DROP TABLE passing;";

#[tokio::test]
async fn compact_leaves_nothing_in_unused_pages_and_every_answer() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    for score in 0..=10 {
        assert_eq!(program.post(&valid(score)).await.status, 200);
    }
    let words = ["quokka00001end".to_owned()];
    {
        let database = rusqlite::Connection::open(folder.path().join("parere.db")).unwrap();
        database.execute_batch(LEAVE).unwrap();
    }
    assert!(!found(folder.path(), &words).is_empty(), "there is something to be cleared");

    let output = parere(folder.path(), &["compact"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(found(folder.path(), &words), Vec::<String>::new());
    assert_eq!(program.post(&valid(10)).await.status, 200);
    program.kill();
    let database = rusqlite::Connection::open(folder.path().join("parere.db")).unwrap();
    let answers: i64 = database.query_row("SELECT count(*) FROM responses", [], |row| row.get(0)).unwrap();
    assert_eq!(answers, 12);

    let elsewhere = tempfile::tempdir().unwrap();
    let output = parere(elsewhere.path(), &["compact"]).output().unwrap();
    assert!(!output.status.success(), "there is no database to write anew: {output:?}");
}
