//! What an import does not do: it tells nobody, brings back nothing that was erased, and forgets nobody's name.

use std::fs;

use serde_json::{Value, json};

use super::{run, said};
use crate::answer::{valid, with};
use crate::client::Client;
use crate::postgres::Database;
use crate::program::Program;
use crate::webhooks::Hook;

#[tokio::test]
async fn hooks_are_not_told_and_what_was_erased_stays_out() {
    let database = Database::create().await;
    for url in ["sqlite:parere.db".to_owned(), database.url()] {
        let at = ["--database-url", url.as_str()];
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let program = Program::start_with(folder, &at).await;
        let answers = [with(valid(2), json!({"subject": "c-77"})), valid(5), valid(9)];
        for answer in &answers {
            assert_eq!(program.post(answer).await.status, 200);
        }
        let wish = json!({"name": "CRM", "url": "https://hooks.example/x", "events": ["response.created"]});
        let hook = Hook::made(&program, &wish).await;

        let mut rows = program.stored().await;
        rows[0]["revision"] = json!(2);
        rows[0]["comment"] = json!("later");
        rows.push(with(rows[2].clone(), json!({"id": valid(0)["id"]})));
        let text: Vec<String> = rows.iter().map(Value::to_string).collect();
        fs::write(folder.join("a.ndjson"), text.join("\n")).unwrap();
        let id = answers[1]["id"].as_str().unwrap();
        said(folder, &[&["erase", "--site", "pk_demo", "--id", id], &at[..]].concat());
        let import = [&["import", "a.ndjson", "--site", "pk_demo", "--incomplete"], &at[..]].concat();
        let expected = "4 rows: 1 new, 1 newer than what was stored, 1 unchanged, 1 older than what is stored or erased, \
                        0 refused\n";
        let dry = said(folder, &[&import[..], &["--dry-run"]].concat());
        assert_eq!(dry.lines().nth(1), expected.lines().next(), "it says beforehand what will be");
        assert_eq!(said(folder, &import), expected);
        // Another line: the one that was open has been idle for so long that it may just end.
        let client = Client::new(program.base.clone());
        let stored = client.stored().await;
        assert_eq!(stored.len(), 3);
        assert!(stored.iter().all(|row| row["id"] != id), "{stored:?}");
        let (code, line) = run(
            folder,
            &[&["erase", "--site", "pk_demo", "--person", "c-77", "--dry-run"], &at[..]].concat(),
        );
        assert!(code == Some(0) && line.contains("1 answers would be"), "whose it is was not lost: {line}");

        // The next real one is the only one that the hook is told of.
        assert_eq!(hook.log(&client).await.len(), 0);
        assert_eq!(client.post(&valid(7)).await.status, 200);
        assert_eq!(hook.until(&client, |log| !log.is_empty()).await.len(), 1);
    }
}
