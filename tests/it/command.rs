//! The program at the command line: its manual, its exit codes, its export, its end.

use std::fs;
use std::path::Path;
use std::process::Output;

use reqwest::Method;
use serde_json::json;

use crate::answer::{HOSTILE, full, valid, with};
use crate::client::TOKEN;
use crate::program::{Program, parere};

/// Runs it to its end.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    parere(folder, arguments).output().unwrap()
}

fn said(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_first_start_says_where_to_look_and_what_to_paste() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let base = &program.base;
    assert!(program.welcome.contains(&format!("{base}/demo")), "{}", program.welcome);
    assert!(program.welcome.contains(&format!(r#"<script async src="{base}/v1/pk_demo.js"></script>"#)));
    assert!(!program.welcome.contains(TOKEN), "a secret is never said");
    let link =
        program.welcome.split_whitespace().find(|word| word.contains("/dashboard")).expect("a set-up link");

    // The link makes the first account, once, for whoever has it; opening it uses nothing up.
    let path = link.strip_prefix(base.as_str()).unwrap();
    let key = path.split_once("key=").unwrap().1;
    for _ in 0..2 {
        let form = program.get(path).await;
        assert_eq!((form.status, form.header("set-cookie")), (200, ""), "{form:?}");
    }
    let make = async |email: &str| {
        let fields = format!("key={key}&email={email}&password=correct+horse&again=correct+horse");
        let request = program.request(Method::POST, "/dashboard/set-up").header("origin", base);
        crate::client::Reply::to(request.body(fields)).await
    };
    let first = make("anna%40shop.example").await;
    assert_eq!(first.status, 303, "{first:?}");
    let cookie = first.header("set-cookie").split(';').next().unwrap().to_owned();
    let flags = first.header("set-cookie").to_ascii_lowercase();
    assert!(flags.contains("httponly") && flags.contains("samesite=") && flags.contains("path=/"), "{flags}");
    let second = make("eve%40shop.example").await;
    assert_eq!((second.status, second.header("set-cookie")), (403, ""), "{second:?}");
    assert_eq!(program.get(path).await.status, 403);
    let dashboard =
        |cookie: &str| program.request(Method::GET, "/dashboard").header("cookie", cookie.to_owned());
    let reply = crate::client::Reply::to(dashboard(&cookie)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(reply.header("content-security-policy").contains("default-src 'none'"), "{reply:?}");
    let stranger = crate::client::Reply::to(dashboard("parere=0000")).await;
    assert_ne!(stranger.status, 200, "{stranger:?}");

    program.kill();
    let again = Program::start(folder.path()).await;
    assert!(!again.welcome.contains("key="), "who has an account signs in: {}", again.welcome);
}

#[tokio::test]
async fn an_export_at_the_machine_equals_that_of_the_interface() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path()).await;
    for text in HOSTILE {
        assert_eq!(program.post(&with(full(), json!({"comment": text}))).await.status, 200);
    }
    assert_eq!(program.post(&with(valid(5), json!({"survey": "ces"}))).await.status, 200);
    // While the server runs, and again when it is gone.
    let cases: [(&str, &[&str]); 6] = [
        ("responses.csv", &[]),
        ("responses.csv?raw=1", &["--format", "csv", "--raw"]),
        ("responses.csv?survey=ces", &["--survey", "ces"]),
        ("responses.csv?to=2000-01-01", &["--to", "2000-01-01"]),
        ("responses.ndjson", &["--format", "ndjson"]),
        ("responses.ndjson?survey=nps", &["--format", "ndjson", "--survey", "nps"]),
    ];
    let mut expected = Vec::new();
    for (path, options) in cases {
        let reply = program.api(Method::GET, &format!("/{path}"), None).await;
        assert_eq!(reply.status, 200, "{path}");
        expected.push((without_moment(reply.text()), options));
    }
    for is_running in [true, false] {
        if !is_running {
            program.terminate();
            assert!(program.wait().success());
        }
        for (expected, options) in &expected {
            let output = run(folder.path(), &[&["export", "--site", "pk_demo"], *options].concat());
            assert!(output.status.success(), "{options:?}: {}", said(&output.stderr));
            assert_eq!(without_moment(said(&output.stdout)), *expected, "{options:?}, running: {is_running}");
        }
    }
    for (name, (expected, options)) in
        ["a.csv", "b", "c.csv", "d.csv", "e.ndjson", "f.ndjson"].iter().zip(&expected)
    {
        let output =
            run(folder.path(), &[&["export", "--site", "pk_demo", "--output", name], *options].concat());
        assert!(output.status.success() && output.stdout.is_empty(), "{options:?}: {}", said(&output.stderr));
        let file = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(without_moment(&file), *expected, "{options:?}");
    }
}

/// An export, but for the moment at which it was made.
fn without_moment(export: &str) -> String {
    match export.split_once("\"as_of\":\"") {
        Some((before, after)) => format!("{before}{}", after.split_once('"').unwrap().1),
        None => export.to_owned(),
    }
}

#[tokio::test]
async fn mistakes_get_one_clear_sentence_and_an_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    Program::start(folder.path()).await.kill();
    fs::write(folder.path().join("other.db"), "SQLite format 3, or so it says").unwrap();
    let cases: [(&[&str], i32, &str); 11] = [
        (&["export", "--site", "pk_nobody"], 1, "pk_nobody"),
        (&["export", "--site", "pk_demo", "--survey", "nope"], 1, "nope"),
        (&["export", "--site", "pk_demo", "--from", "soon"], 1, "--from"),
        (&["export", "--site", "pk_demo", "--output", "no/such/folder/a.csv"], 1, "no/such/folder/a.csv"),
        (&["export", "--site", "pk_demo", "--output", "a.xls"], 1, "--format"),
        (&["export", "--site", "pk_demo", "--database-url", "sqlite:nowhere.db"], 1, "nowhere.db"),
        (&["export", "--site", "pk_demo", "--database-url", "sqlite:other.db"], 1, "other.db"),
        (&["export", "--site", "pk_demo", "--database-url", "oracle://x"], 1, "sqlite:"),
        (&["export"], 2, "--site"),
        (&["--listen", "everywhere"], 2, "--listen"),
        (&["--admin-token", "short"], 2, "16 characters"),
    ];
    for (arguments, code, clue) in cases {
        let output = run(folder.path(), arguments);
        let error = said(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(clue), "{arguments:?}: {error}");
        assert!(code == 2 || error.trim_end().lines().count() == 1, "{arguments:?}: {error}");
        assert!(!error.contains("panicked") && output.stdout.is_empty(), "{arguments:?}: {error}");
    }
    assert!(!folder.path().join("nowhere.db").exists(), "an export creates no database");
    assert!(!folder.path().join("a.xls").exists());
}

#[tokio::test]
async fn two_servers_do_not_share_a_port() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let address = program.base.strip_prefix("http://").unwrap();
    let output = run(folder.path(), &["--listen", address, "--database-url", "sqlite:second.db"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output.stderr).contains(address), "{}", said(&output.stderr));
}

#[tokio::test]
async fn the_manual_names_every_option_with_its_environment() {
    let folder = tempfile::tempdir().unwrap();
    let serve = run(folder.path(), &["--help"]);
    assert!(serve.status.success());
    for option in [
        "listen",
        "database-url",
        "public-url",
        "admin-token",
        "admin-token-file",
        "trusted-proxies",
        "rate-limit",
        "site-rate-limit",
        "connections-max",
        "connections-per-client",
        "header-timeout-ms",
        "body-timeout-ms",
        "drain-delay-ms",
        "queue-len",
        "assets-dir",
    ] {
        assert!(said(&serve.stdout).contains(&format!("--{option}")), "{option}");
        let environment = format!("PARERE_{}", option.to_ascii_uppercase().replace('-', "_"));
        assert!(said(&serve.stdout).contains(&environment), "{environment}");
    }
    let export = run(folder.path(), &["export", "--help"]);
    for option in ["site", "format", "survey", "from", "to", "output", "database-url"] {
        assert!(said(&export.stdout).contains(&format!("--{option}")), "{option}");
    }
    assert!(run(folder.path(), &["--version"]).status.success());
}

#[tokio::test]
async fn a_polite_end_loses_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path()).await;
    let client = (*program).clone();
    let sending: Vec<_> = (0..200)
        .map(|n| {
            let client = client.clone();
            tokio::spawn(async move {
                let answer = valid(n % 11);
                let request = client.request(Method::POST, "/v1/responses").body(answer.to_string());
                // Refused or cut off is well, as long as nothing acknowledged is lost.
                let is_stored = request.send().await.is_ok_and(|reply| reply.status() == 200);
                is_stored.then(|| answer["id"].clone())
            })
        })
        .collect();
    // In the middle of it all: as soon as the first are acknowledged.
    let mut acknowledged = Vec::new();
    for (n, sent) in sending.into_iter().enumerate() {
        acknowledged.extend(sent.await.unwrap());
        if n == 10 {
            program.terminate();
        }
    }
    assert_eq!(program.wait().code(), Some(0));
    assert!(acknowledged.len() > 10, "{}", acknowledged.len());

    let again = Program::start(folder.path()).await;
    let stored: Vec<_> = again.stored().await.into_iter().map(|row| row["id"].clone()).collect();
    for id in &acknowledged {
        assert!(stored.contains(id), "acknowledged and lost: {id}");
    }
}

#[tokio::test]
async fn a_secret_may_come_from_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("token"), "a-token-from-a-file-0123\n").unwrap();
    let both = run(folder.path(), &["--admin-token-file", "token"]);
    assert_eq!(both.status.code(), Some(2), "one token, or the other: {}", said(&both.stderr));
    let output = parere(folder.path(), &["--help"]).output().unwrap();
    assert!(!said(&output.stdout).contains(TOKEN), "the environment's value is hidden");
}

#[tokio::test]
async fn the_options_that_would_hold_are_printed_with_their_sources_and_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["config", "--listen", "127.0.0.1:9", "--trusted-proxies", "10.0.0.0/8,::1/128"];
    let mut command = parere(folder.path(), &arguments);
    command
        .env("PARERE_RATE_LIMIT", "off")
        .env("PARERE_DATABASE_URL", "postgres://shop:hush@db.example/parere");
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", said(&output.stderr));
    let lines: Vec<Vec<&str>> =
        said(&output.stdout).lines().map(|line| line.split_whitespace().collect()).collect();
    for expected in [
        &["listen", "127.0.0.1:9", "command", "line"][..],
        &["database-url", "postgres://shop:[secret]@db.example/parere", "PARERE_DATABASE_URL"],
        &["admin-token", "[secret]", "PARERE_ADMIN_TOKEN"],
        &["trusted-proxies", "10.0.0.0/8,::1/128", "command", "line"],
        &["rate-limit", "off", "PARERE_RATE_LIMIT"],
        &["site-rate-limit", "60000", "default"],
        &["assets-dir", "not", "set"],
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected:?} in {lines:?}");
    }
    assert!(!said(&output.stdout).contains("hush") && !said(&output.stdout).contains(TOKEN));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is created");

    let unreadable = parere(folder.path(), &["config", "--admin-token-file", "none"])
        .env_remove("PARERE_ADMIN_TOKEN")
        .output();
    let unreadable = unreadable.unwrap();
    assert_eq!(unreadable.status.code(), Some(1));
    assert!(said(&unreadable.stderr).contains("none"), "{}", said(&unreadable.stderr));
}
