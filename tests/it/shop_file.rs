//! `parere site` and `parere survey`: a shop as a file, there and back.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::client::Client;
use crate::import::fill;
use crate::postgres::Database;
use crate::program::{Program, parere};
use crate::server::Server;

/// Exit code and everything said.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = parere(folder, arguments).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// The same, where all must go well.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let (code, said) = run(folder, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {said}");
    said
}

#[tokio::test]
async fn every_survey_of_the_demo_comes_back_as_it_was_on_either_kind_of_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create().await;
    // Ten languages, and a question that was worded otherwise before.
    said(folder.path(), &["demo", "--responses", "50", "--until", "2026-11-21"]);
    let answers = said(folder.path(), &["export", "--site", "pk_demo"]);
    for site in ["pk_demo", "pk_scales"] {
        said(folder.path(), &["site", "export", "--site", site, "--output", &format!("{site}.json")]);
    }
    assert!(
        said(folder.path(), &["site", "list"])
            .contains("pk_scales\tDemo shop: other scales\tEurope/Rome\t5 surveys")
    );
    for url in ["sqlite:other.db".to_owned(), database.url()] {
        let at = ["--database-url", url.as_str()];
        for site in ["pk_demo", "pk_scales"] {
            let file = format!("{site}.json");
            let import = [&["site", "import", file.as_str()], &at[..]].concat();
            let dry = said(folder.path(), &[&import[..], &["--dry-run"]].concat());
            assert!(dry.starts_with("nothing was written"), "{dry}");
            let line = said(folder.path(), &import);
            assert!(
                line.contains(&format!("the site {site} is made")) && dry.ends_with(&line),
                "{line}\n{dry}"
            );
            let line = said(folder.path(), &import);
            assert_eq!(line, format!("{site} is as the file says; nothing was changed\n"));
            let again = said(folder.path(), &[&["site", "export", "--site", site], &at[..]].concat());
            assert_eq!(again, fs::read_to_string(folder.path().join(&file)).unwrap(), "{site} in {url}");
        }
        // With what was asked before, answers come back, too.
        fs::write(folder.path().join("answers.csv"), &answers).unwrap();
        said(folder.path(), &[&["import", "answers.csv", "--site", "pk_demo"], &at[..]].concat());
        assert_eq!(said(folder.path(), &[&["export", "--site", "pk_demo"], &at[..]].concat()), answers);
        let listed = said(folder.path(), &[&["survey", "list", "--site", "pk_demo"], &at[..]].concat());
        assert!(listed.starts_with("nps\tlive\tnps\t"), "{listed}");
    }
}

#[tokio::test]
async fn a_shop_moves_to_the_other_kind_of_database_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let program = Program::start(folder).await;
    fill(&program).await;
    program.kill();
    said(folder, &["demo", "--responses", "120", "--until", "2026-11-21", "--force"]);
    let database = Database::create().await;
    let urls = ["sqlite:parere.db".to_owned(), database.url(), "sqlite:back.db".into()];
    for pair in urls.windows(2) {
        let [from, to] = [&pair[0], &pair[1]].map(|url| ["--database-url", url.as_str()]);
        for (kind, file) in [("site", "shop.json"), ("export", "answers.ndjson")] {
            let command = if kind == "site" { &["site", "export"][..] } else { &["export"] };
            said(folder, &[command, &["--site", "pk_demo", "--output", file], &from].concat());
        }
        said(folder, &[&["site", "import", "shop.json"], &to[..]].concat());
        said(folder, &[&["import", "answers.ndjson", "--site", "pk_demo"], &to[..]].concat());
        let all = |at: &[&str]| said(folder, &[&["export", "--site", "pk_demo"], at].concat());
        assert_eq!(all(&to), all(&from), "{pair:?}");
        let shop = |at: &[&str]| said(folder, &[&["site", "export", "--site", "pk_demo"], at].concat());
        assert_eq!(shop(&to), shop(&from), "{pair:?}");
        assert!(said(folder, &[&["doctor"], &to[..]].concat()).contains("fine   counts"));
    }
}

#[tokio::test]
async fn what_is_otherwise_is_changed_and_said_beside_a_collector() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let text = said(folder.path(), &["survey", "export", "nps", "--site", "pk_demo"]);
    let mut file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((file["surveys"].as_array().unwrap().len(), file.get("site")), (1, None));
    file["surveys"][0]["state"] = json!("paused");
    file["surveys"][0]["brand"] = json!("Bottega");
    let fresh = with(file["surveys"][0].clone(), json!({"slug": "fresh"}));
    file["surveys"].as_array_mut().unwrap().push(fresh);
    fs::write(folder.path().join("a.json"), file.to_string()).unwrap();
    let line = said(folder.path(), &["survey", "import", "a.json", "--site", "pk_demo"]);
    assert_eq!(
        line,
        "the survey nps: State was live and is paused\n\
         the survey nps: Shop’s name was Bottega Fiorini and is Bottega\nthe survey fresh is made\n"
    );
    let versions = || {
        let database = rusqlite::Connection::open(folder.path().join("parere.db")).unwrap();
        let count = "SELECT count(*) FROM survey_versions WHERE survey = 'nps'";
        database.query_row(count, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(versions(), 2, "a save that is kept, as by the dashboard");
    said(folder.path(), &["survey", "import", "a.json", "--site", "pk_demo"]);
    assert_eq!(versions(), 2);
    let deadline = std::time::Instant::now() + crate::client::PATIENCE;
    while Client::new(program.base.clone()).read("/surveys/nps").await["state"] != "paused" {
        assert!(std::time::Instant::now() < deadline, "the collector sees it without a restart");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_site_keeps_its_rules_when_a_file_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let site: Value =
        serde_json::from_str(&said(folder.path(), &["site", "export", "--site", "pk_demo"])).unwrap();
    let put = |file: &Value| fs::write(folder.path().join("b.json"), file.to_string()).unwrap();
    assert_eq!(program.post(&with(valid(5), json!({"survey": "ces"}))).await.status, 200);
    let renamed = with(site["site"].clone(), json!({"name": "Shoes"}));
    put(&with(site.clone(), json!({"site": renamed})));
    let line = said(folder.path(), &["site", "import", "b.json"]);
    assert_eq!(line, "the site pk_demo: name was \"Demo shop\" and is \"Shoes\"\n");
    for (changes, clue) in [
        (
            json!({"site": with(site["site"].clone(), json!({"zone": "Asia/Tokyo"}))}),
            "counted by days of its time zone",
        ),
        (
            json!({"site": with(site["site"].clone(), json!({"zone": "Mars"}))}),
            "zone must be an IANA time zone",
        ),
        (json!({"site": with(site["site"].clone(), json!({"site": null}))}), "no site.site"),
        (
            json!({"surveys": [with(site["surveys"][0].clone(), json!({"languages": []}))]}),
            "surveys[0].languages",
        ),
        (
            json!({"surveys": [with(site["surveys"][0].clone(), json!({"sorvey": 1}))]}),
            "surveys[0].sorvey is not",
        ),
        (json!({"surveys": null}), "surveys is required"),
        (json!({"extra": 1}), "extra is not"),
    ] {
        put(&with(site.clone(), changes.clone()));
        let (code, line) = run(folder.path(), &["site", "import", "b.json"]);
        assert!(
            code == Some(1) && line.contains(clue) && line.trim_end().lines().count() == 1,
            "{changes}: {line}"
        );
    }
    let (code, line) = run(folder.path(), &["survey", "export", "nope", "--site", "pk_demo"]);
    assert!(code == Some(1) && line.contains("no survey nope; it has nps, ces, csat"), "{line}");
}

#[tokio::test]
async fn the_schema_names_every_part_and_refers_to_nothing_else() {
    let server = Server::start().await;
    let reply = server.get("/api/v1/survey.schema.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    let schema = reply.json();
    let mut named = Vec::new();
    for part in reply.text().split("\"$ref\":\"").skip(1) {
        let path = part.split('"').next().unwrap();
        assert!(schema.pointer(&path[1..]).is_some(), "{path}");
        named.push(path.rsplit('/').next().unwrap().to_owned());
    }
    for part in schema["$defs"].as_object().unwrap().keys() {
        assert!(named.contains(part), "{part} is there for nothing");
    }
    // It forbids what is refused, and knows every field that is written.
    let survey = &schema["$defs"]["Survey"];
    assert_eq!(
        (&survey["additionalProperties"], &schema["additionalProperties"]),
        (&json!(false), &json!(false))
    );
    let written = server.read("/surveys/nps").await;
    for field in written.as_object().unwrap().keys() {
        assert!(survey["properties"].get(field).is_some(), "{field}");
    }
}
