//! Accounts and tokens at the command line, beside a collector that serves.

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use reqwest::Method;
use serde_json::json;

use super::{PASSWORD, form};
use crate::client::Reply;
use crate::program::{Program, parere};

/// Runs it to its end with something on its standard input.
fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = parere(folder, arguments);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    // It may end without having read it.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

/// What it said, which must have been a success.
fn said(folder: &Path, arguments: &[&str], input: &str) -> String {
    let output = run(folder, arguments, input);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

async fn sign_in(program: &Program, email: &str, password: &str) -> u16 {
    let request = program.request(Method::POST, "/dashboard/sign-in").header("origin", &program.base);
    Reply::to(request.body(form(&[("email", email), ("password", password)]))).await.status
}

#[tokio::test]
async fn accounts_are_made_and_changed_beside_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let user = |arguments: &[&str], input: &str| said(folder.path(), &[&["user"], arguments].concat(), input);
    assert_eq!(user(&["list"], ""), "");
    user(&["create", "Anna@Shop.Example"], &format!("{PASSWORD}\n"));
    user(&["create", "bea@shop.example", "--role", "viewer", "--site", "pk_demo"], PASSWORD);
    assert_eq!(
        user(&["list"], ""),
        "anna@shop.example\topen\towner at every site\nbea@shop.example\topen\tviewer at pk_demo\n"
    );
    assert_eq!(sign_in(&program, "anna@shop.example", PASSWORD).await, 303);
    user(&["password", "anna@shop.example"], "another horse\r\n");
    assert_eq!(sign_in(&program, "anna@shop.example", PASSWORD).await, 403);
    assert_eq!(sign_in(&program, "anna@shop.example", "another horse").await, 303);
    user(&["disable", "anna@shop.example"], "");
    assert_eq!(sign_in(&program, "anna@shop.example", "another horse").await, 403);
    user(&["enable", "anna@shop.example"], "");
    assert_eq!(sign_in(&program, "anna@shop.example", "another horse").await, 303);
    user(&["role", "bea@shop.example", "editor", "--site", "pk_scales"], "");
    user(&["role", "bea@shop.example", "none", "--site", "pk_demo"], "");
    assert!(user(&["list"], "").ends_with("bea@shop.example\topen\teditor at pk_scales\n"));

    let log = program.read("/api/v1/audit").await;
    let at_the_machine = log["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "machine");
    assert_eq!(at_the_machine.count(), 7, "{log}");
}

#[tokio::test]
async fn tokens_are_made_and_revoked_beside_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let token = |arguments: &[&str]| said(folder.path(), &[&["token"], arguments].concat(), "");
    let made = token(&["create", "CRM", "--scopes", "read,export", "--sites", "pk_demo", "--days", "30"]);
    let secret = made.strip_suffix('\n').unwrap();
    assert!(secret.starts_with("par_") && !secret.contains('\n'), "a script takes it as it is: {made}");
    let read =
        async || Reply::to(program.request(Method::GET, "/api/v1/sites").bearer_auth(secret)).await.status;
    assert_eq!(read().await, 200);
    let listed = token(&["list"]);
    assert!(!listed.contains(secret) && listed.contains("\tCRM\tread,export\tpk_demo\tends "), "{listed}");
    let id = listed.split('\t').next().unwrap();
    assert_eq!(program.read("/api/v1/tokens").await["tokens"][0]["id"], json!(id));
    token(&["revoke", id]);
    assert_eq!((read().await, token(&["list"]).as_str()), (401, ""));
}

#[tokio::test]
async fn mistakes_are_told_in_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    Program::start(folder.path()).await.kill();
    said(folder.path(), &["user", "create", "anna@x"], PASSWORD);
    for (arguments, input, code, clue) in [
        (&["user", "create", "anna@x"][..], PASSWORD, 1, "there is an account anna@x already"),
        (&["user", "create", "anna"], PASSWORD, 1, "no e-mail address"),
        (&["user", "create", "bea@x"], "too short\n", 1, "at least 10 characters"),
        (&["user", "create", "bea@x"], "", 1, "at least 10 characters"),
        (&["user", "create", "bea@x"], &"x".repeat(10_000), 1, "at most 128 characters"),
        (&["user", "create", "bea@x", "--site", "pk_nobody"], PASSWORD, 1, "no site pk_nobody"),
        (&["user", "create", "bea@x", "--role", "king"], PASSWORD, 2, "viewer, editor, owner"),
        (&["user", "create", "bea@x", PASSWORD], "", 2, "unexpected argument"),
        (&["user", "password", "nobody@x"], PASSWORD, 1, "no account nobody@x"),
        (&["user", "disable", "nobody@x"], "", 1, "no account nobody@x"),
        (&["user", "role", "nobody@x", "viewer"], "", 1, "no account nobody@x"),
        (&["user", "list", "--database-url", "sqlite:nowhere.db"], "", 1, "nowhere.db"),
        (&["user"], "", 2, "Usage"),
        (&["token", "create", "CRM"], "", 2, "--scopes"),
        (&["token", "create", "CRM", "--scopes", "all"], "", 1, "read, export, write or admin"),
        (&["token", "create", "CRM", "--scopes", "read", "--sites", "pk_nobody"], "", 1, "no site pk_nobody"),
        (&["token", "revoke", "nothing"], "", 1, "no token nothing"),
    ] {
        let output = run(folder.path(), arguments, input);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(clue), "{arguments:?}: {error}");
        assert!(!error.contains(PASSWORD) || arguments.contains(&PASSWORD), "{error}");
        assert!(code == 2 || error.trim_end().lines().count() == 1, "{arguments:?}: {error}");
    }
    assert_eq!(said(folder.path(), &["user", "list"], "").lines().count(), 1, "and nothing was changed");
}
