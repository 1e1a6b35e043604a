//! Several processes, one database: the program on PostgreSQL, and what one process sees of another's changes.

use std::time::{Duration, Instant};

use parere_collector::auth::SiteScope;
use parere_collector::store::{self, Purpose, SurveyWrite};
use parere_shared::survey::{Survey, SurveyState};
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{HOSTILE, NOON, full, valid, with};
use crate::client::{Client, PATIENCE, SITE};
use crate::postgres::{Database, PASSWORD, PASSWORD_IN_URL};
use crate::program::{Program, parere};
use crate::server::Server;

async fn status(client: &Client, answer: &Value) -> Value {
    let reply = client.post(answer).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["status"].clone()
}

/// Waits until `client` shows the survey in this state; how long that took.
async fn wait_for_state(client: &Client, state: &str) -> Duration {
    let began = Instant::now();
    while client.read(&format!("{SITE}/surveys/nps")).await["state"] != state {
        assert!(began.elapsed() < PATIENCE, "the change was never seen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

#[tokio::test]
async fn the_program_works_on_postgresql_from_end_to_end() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    let url = database.url();
    let program = Program::start_with(folder.path(), &["--database-url", &url]).await;
    assert!(program.welcome.contains("A demo shop was created"), "{}", program.welcome);
    let answer = with(full(), json!({"score": 9}));
    assert_eq!(status(&program, &answer).await, "stored");
    assert_eq!(status(&program, &answer).await, "duplicate");
    let higher = with(answer.clone(), json!({"revision": 2, "score": 10, "comment": HOSTILE[3]}));
    assert_eq!(status(&program, &higher).await, "stored");
    assert_eq!(status(&program, &answer).await, "superseded");
    assert_eq!(program.post(&with(answer.clone(), json!({"revision": 2, "score": 1}))).await.status, 409);
    let many: Vec<Value> = HOSTILE.iter().map(|text| with(full(), json!({"comment": text}))).collect();
    assert_eq!(program.post(&json!(many)).await.status, 200);

    let n = HOSTILE.len() + 1;
    let scores = program.read(&format!("{SITE}/scores?survey=nps&by=day")).await;
    assert_eq!((&scores["n"], &scores["score"]), (&json!(n), &json!(100.0)), "{scores}");
    let exported = program.stored().await;
    assert_eq!(exported.len(), n);
    assert_eq!((&exported[0]["score"], &exported[0]["comment"]), (&json!(10), &json!(HOSTILE[3])));
    let found = program.read(&format!("{SITE}/responses?q=EMOJI&limit=5")).await;
    assert_eq!(found["responses"].as_array().map(Vec::len), Some(2), "{found}");

    // The same at the machine, from the environment and from a file; the password stays where it is.
    std::fs::write(folder.path().join("url"), format!("{url}\n")).unwrap();
    let export = ["export", "--site", "pk_demo", "--format", "ndjson"];
    let mut by_environment = parere(folder.path(), &export);
    by_environment.env("PARERE_DATABASE_URL", &url);
    let mut by_file = parere(folder.path(), &export);
    by_file.args(["--database-url-file", "url"]);
    for mut command in [by_environment, by_file] {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(
            String::from_utf8(output.stdout).unwrap().lines().count(),
            n + 1,
            "rows and the last line"
        );
    }
    let mut manual = parere(folder.path(), &["--help"]);
    let said = manual.env("PARERE_DATABASE_URL", &url).output().unwrap().stdout;
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains(PASSWORD) && !said.contains(PASSWORD_IN_URL), "{said}");
    let mut wrong = parere(folder.path(), &[]);
    let wrong =
        wrong.env("PARERE_DATABASE_URL", url.replace(PASSWORD_IN_URL, "wrong-secret")).output().unwrap();
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("refuses the password") && !said.contains("wrong-secret"), "{said}");
    assert_eq!((wrong.status.code(), said.lines().count()), (Some(1), 1), "{said}");
}

#[tokio::test]
async fn two_collectors_on_one_database_agree() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    let url = database.url();
    let one = Program::start_with(folder.path(), &["--database-url", &url]).await;
    let two = Program::start_with(folder.path(), &["--database-url", &url]).await;
    assert!(!two.welcome.contains("A demo shop was created"), "{}", two.welcome);
    let shared = valid(9);
    assert_eq!(status(&one, &shared).await, "stored");
    assert_eq!(status(&two, &shared).await, "duplicate");
    for n in 0..20 {
        let client: &Client = if n % 2 == 0 { &one } else { &two };
        assert_eq!(status(client, &valid(n % 11)).await, "stored");
    }
    let path = format!("{SITE}/scores?survey=nps&by=channel");
    let scores = one.read(&path).await;
    assert_eq!(scores["n"], 21);
    assert_eq!(scores, two.read(&path).await);
    assert_eq!(one.stored().await, two.stored().await);

    // A quota that is met with the answers of both is met at both.
    let wanted = crate::surveys::definition("wanted", json!({"targeting": {"quota": {"total": 2}}}));
    assert_eq!(one.api(Method::POST, "/surveys", Some(&wanted)).await.status, 201);
    for collector in [&one, &two] {
        crate::quota::until_asked(collector, true).await;
    }
    for collector in [&one, &two] {
        assert_eq!(status(collector, &with(valid(9), json!({"survey": "wanted"}))).await, "stored");
    }
    for collector in [&one, &two] {
        crate::quota::until_asked(collector, false).await;
    }

    // A survey that is changed at one is as it shall be at the other, a second or so later.
    let mut survey = one.read(&format!("{SITE}/surveys/nps")).await;
    survey["state"] = json!("paused");
    let put = one.api(Method::PUT, "/surveys/nps", Some(&survey)).await;
    assert_eq!(put.status, 200, "{put:?}");
    wait_for_state(&two, "paused").await;
    assert_eq!(two.post(&valid(9)).await.status, 410);
}

#[tokio::test]
async fn a_change_by_another_process_is_seen_with_sqlite_too() {
    let server = Server::start().await;
    let url = format!("sqlite:{}", server.database().display());
    let other = store::open(&url, Purpose::Beside).await.unwrap();
    let survey: Survey = serde_json::from_value(server.read(&format!("{SITE}/surveys/nps")).await).unwrap();
    let write = SurveyWrite {
        survey: Survey { state: SurveyState::Paused, ..survey },
        instruments: Vec::new(),
        author: String::new(),
        now: NOON,
    };
    assert!(other.replace_survey(&SiteScope::at_the_machine("pk_demo"), write).await.unwrap());
    wait_for_state(&server, "paused").await;
    assert_eq!(server.post(&valid(9)).await.status, 410);
}
