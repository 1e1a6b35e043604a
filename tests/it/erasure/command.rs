//! `parere erase`: what the interface erases, beside a collector that serves.

use std::path::Path;

use reqwest::Method;
use serde_json::json;

use crate::answer::{valid, with};
use crate::client::Client;
use crate::postgres::Database;
use crate::program::{Program, parere};

/// Exit code and everything said.
fn erase(folder: &Path, url: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let place = ["erase", "--site", "pk_demo", "--database-url", url];
    let output = parere(folder, &[&place[..], arguments].concat()).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test]
async fn answers_and_persons_are_erased_at_the_machine() {
    let database = Database::create().await;
    for url in ["sqlite:parere.db".to_owned(), database.url()] {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start_with(folder.path(), &["--database-url", &url]).await;
        let answers = [
            with(valid(1), json!({"subject": "c-1"})),
            with(valid(2), json!({"subject": "c-1"})),
            with(valid(3), json!({"ref": "1001"})),
            with(valid(4), json!({"subject": "1001"})),
            valid(5),
            valid(6),
            with(valid(7), json!({"attributes": {"email": "Ada@example.org"}})),
        ];
        for answer in &answers {
            assert_eq!(program.post(answer).await.status, 200);
        }
        let one = answers[4]["id"].as_str().unwrap();
        let never = valid(0)["id"].as_str().unwrap().to_owned();
        for (arguments, code, clue) in [
            (&["--person", "c-1", "--dry-run"][..], 0, "nothing was erased; 2 answers would be\n"),
            (&["--person", "c-1"], 0, "2 answers were erased\n"),
            (&["--person", "c-1"], 0, "0 answers were erased\n"),
            (&["--person", "1001"], 1, "say --by subject, --by ref or --by either"),
            (&["--person", "1001", "--by", "ref"], 0, "1 answers were erased\n"),
            (&["--person", "1001"], 0, "1 answers were erased\n"),
            (&["--person", ""], 1, "ref must not be empty"),
            (&["--id", one, "--dry-run"], 0, "1 answers would be\n"),
            (&["--id", one], 0, "1 answers were erased\n"),
            (&["--id", one], 0, "0 answers were erased\n"),
            (&["--id", &never], 1, "the site pk_demo has no answer"),
            (&["--id", "nonsense"], 1, "the site pk_demo has no answer nonsense"),
            (
                &["--email", "ada@example.org", "--dry-run"],
                0,
                "; 1 answers would be\n0 orders and 0 invitations hold",
            ),
            (&["--email", "ada@example.org"], 0, "1 answers were erased\n"),
            (&["--email", "ada@example.org"], 0, "0 answers were erased\n"),
            (&["--email", "ada"], 1, "an e-mail address"),
            (&["--email", "ada@example.org", "--person", "c-1"], 2, "cannot be used with"),
            (&["--id", one, "--person", "c-1"], 2, "cannot be used with"),
            (&[], 2, "required"),
        ] {
            let (found, line) = erase(folder.path(), &url, arguments);
            assert!(found == Some(code) && line.contains(clue), "{arguments:?}: {found:?} {line}");
        }
        // Another line: the one that was open has been idle for so long that it may just end.
        let client = Client::new(program.base.clone());
        let stored = client.stored().await;
        assert_eq!((stored.len(), &stored[0]["id"]), (1, &answers[5]["id"]));
        assert_eq!(client.read("/scores?survey=nps").await["n"], 1, "scores follow at once");
        assert_eq!(client.post(&answers[0]).await.json()["status"], "superseded", "it never comes back");
        let log = client.api(Method::GET, "/api/v1/audit?limit=50", None).await;
        assert!(log.text().contains("responses.erase"), "{log:?}");
        assert!(log.text().contains("subject.erase") && !log.text().contains("c-1"), "{log:?}");
        let doctor = parere(folder.path(), &["doctor", "--database-url", &url]).output().unwrap();
        assert!(doctor.status.success(), "{}", String::from_utf8_lossy(&doctor.stdout));
    }
}
