//! `parere import`: what was exported comes back as it was, and what others exported comes once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::answer::{HOSTILE, full, valid, with};
use crate::durability::shim::{Control, Shim};
use crate::postgres::Database;
use crate::program::{Program, parere};

mod foreign;
mod quiet;

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

/// The export of the demo shop in a database, but for the moment at which it was made.
fn export(folder: &Path, url: &str, options: &[&str]) -> String {
    let text = said(folder, &[&["export", "--site", "pk_demo", "--database-url", url], options].concat());
    match text.split_once("\"as_of\":\"") {
        Some((before, after)) => format!("{before}{}", after.split_once('"').unwrap().1),
        None => text,
    }
}

const NDJSON: [&str; 2] = ["--format", "ndjson"];

/// A shop with answers of every kind: made up and hostile, tested, flagged, decided about, sampled, of every survey.
pub(crate) async fn fill(program: &Program) {
    for (n, text) in HOSTILE.iter().enumerate() {
        let answer = with(full(), json!({"comment": text, "ref": text, "test": n % 5 == 0, "locale": "it"}));
        assert_eq!(program.post(&answer).await.status, 200);
    }
    let facts = json!({"quote\"": "\\", "=x": "=1+1", "'": "'=2", "uni": "\u{202e}👟"});
    let long = with(full(), json!({"comment": "👟\r\n".repeat(1_333), "attributes": facts, "page": "/=1"}));
    assert_eq!(program.post(&long).await.status, 200);
    let bot = valid(0).to_string().into_bytes();
    assert_eq!(program.send_with(bot, &[("user-agent", "a crawler")]).await.status, 200);
    for survey in ["ces", "csat"] {
        assert_eq!(program.post(&with(valid(3), json!({"survey": survey}))).await.status, 200);
    }
    let revised = with(valid(2), json!({"survey": "nps", "instrument": "0123456789abcdef"}));
    program.post(&revised).await;
    program.post(&with(revised, json!({"revision": 3, "score": 8, "comment": "'=quoted"}))).await;
    let excluded = valid(1);
    program.post(&excluded).await;
    let path = format!("/responses/review?id={}", excluded["id"].as_str().unwrap());
    let reply = program.api(Method::POST, &path, Some(&json!({"review": "exclude"}))).await;
    assert!(reply.status < 500, "{reply:?}");
}

#[tokio::test]
async fn an_export_comes_back_byte_for_byte_on_either_kind_of_database() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    fill(&program).await;
    let demo = ["demo", "--responses", "300", "--until", "2026-11-21", "--force"];
    said(folder.path(), &demo);
    let home = "sqlite:parere.db";
    let all = export(folder.path(), home, &NDJSON);
    for (name, options) in
        [("a.ndjson", &NDJSON[..]), ("guarded.csv", &[]), ("raw.csv", &["--format", "csv", "--raw"])]
    {
        said(folder.path(), &[&["export", "--site", "pk_demo", "--output", name], options].concat());
    }
    // What is there is left alone, beside the collector that serves it.
    let line = said(folder.path(), &["import", "a.ndjson", "--site", "pk_demo"]);
    let n = all.lines().count() - 1;
    assert!(
        line.starts_with(&format!("{n} rows: 0 new, 0 newer")) && line.contains(&format!("{n} unchanged")),
        "{line}"
    );
    assert_eq!(export(folder.path(), home, &NDJSON), all);

    let database = Database::create().await;
    let urls = ["sqlite:b.db".to_owned(), "sqlite:c.db".into(), "sqlite:d.db".into(), database.url()];
    for (url, file) in urls.iter().zip(["a.ndjson", "raw.csv", "guarded.csv", "a.ndjson"]) {
        // Surveys as they are there; the demo makes the same, and one answer that is taken away again.
        let empty =
            ["demo", "--responses", "1", "--until", "2026-11-21", "--seed", "9", "--database-url", url];
        said(folder.path(), &empty);
        let one = export(folder.path(), url, &[]).lines().nth(1).unwrap()[..36].to_owned();
        let raw = if file == "raw.csv" { &["--raw"][..] } else { &[] };
        let import = [&["import", file, "--site", "pk_demo", "--database-url", url], raw].concat();
        let dry = said(folder.path(), &[&import[..], &["--dry-run"]].concat());
        assert!(
            dry.starts_with("nothing was written") && dry.contains(&format!("{n} rows: {n} new")),
            "{dry}"
        );
        let line = said(folder.path(), &import);
        assert!(line.starts_with(&format!("{n} rows: {n} new, 0 newer")), "{line}");
        let again = said(folder.path(), &import);
        assert!(again.contains(" 0 new, 0 newer") && again.contains(&format!("{n} unchanged")), "{again}");
        let found = export(folder.path(), url, &NDJSON);
        let without = |text: &str| -> Vec<String> {
            let kept = text.lines().filter(|line| !line.contains(&one) && !line.starts_with("{\"_end\""));
            // CSV cannot tell text that begins with an apostrophe before a formula from one that was guarded.
            kept.map(|line| if file == "guarded.csv" { line.replace("'=", "=") } else { line.into() })
                .collect()
        };
        assert_eq!(without(&found), without(&all), "{file} into {url}");
        assert!(said(folder.path(), &["doctor", "--database-url", url]).contains("fine   counts"));
    }
}

#[tokio::test]
async fn higher_revisions_win_and_contradictions_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let [a, b, c] = [2, 5, 9].map(|score| with(valid(score), json!({"comment": "one"})));
    for answer in [&a, &b, &c] {
        assert_eq!(program.post(answer).await.status, 200);
    }
    drop(program);
    let export = export(folder.path(), "sqlite:parere.db", &NDJSON);
    let mut rows: Vec<Value> =
        export.lines().take(3).map(|line| serde_json::from_str(line).unwrap()).collect();
    rows[0]["revision"] = json!(2);
    rows[0]["comment"] = json!("write to a@b.example");
    rows[1]["comment"] = json!("another content");
    let foreign = with(rows[2].clone(), json!({"id": a["id"], "survey": "ces"}));
    rows.push(foreign);
    rows.push(with(rows[2].clone(), json!({"score": 11})));
    let text: Vec<String> = rows.iter().map(Value::to_string).collect();
    fs::write(folder.path().join("changed.ndjson"), text.join("\n")).unwrap();
    let import = ["import", "changed.ndjson", "--site", "pk_demo", "--rejects", "no.ndjson"];
    let (code, line) = run(folder.path(), &import);
    assert!(code == Some(1) && line.contains("line 5: the line that ends an export is missing"), "{line}");
    let import = [&import[..], &["--incomplete"]].concat();
    let (code, dry) = run(folder.path(), &[&import[..], &["--dry-run"]].concat());
    assert_eq!(code, Some(3), "{dry}");
    let (code, line) = run(folder.path(), &import);
    assert_eq!(code, Some(3), "{line}");
    assert!(dry.contains(line.lines().next().unwrap()), "{dry}\n{line}");
    assert!(line.starts_with("5 rows: 0 new, 1 newer than what was stored, 1 unchanged, 0 older"), "{line}");
    for clue in [
        "line 2: another answer is stored under this id and revision",
        "line 4: the instrument is none of the survey ces",
        "line 5: score must be a whole number from 0 to 10",
        "parere: 3 of 5 rows were refused",
    ] {
        assert!(line.contains(clue), "{clue}: {line}");
    }
    let refused = fs::read_to_string(folder.path().join("no.ndjson")).unwrap();
    let refused: Vec<Value> = refused.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(refused.len(), 3);
    let off_scale =
        refused.iter().find(|row| row["refused"] == "score must be a whole number from 0 to 10").unwrap();
    let program = Program::start(folder.path()).await;
    let stored = program.stored().await;
    assert_eq!(stored[0]["comment"], "write to [email]", "masked as at ingest");
    assert_eq!((&stored[0]["revision"], &stored[1]["comment"]), (&json!(2), &json!("one")));
    // What was corrected goes in; the reason does not matter.
    let corrected = with(off_scale.clone(), json!({"score": 10, "revision": 2})).to_string();
    fs::write(folder.path().join("again.ndjson"), corrected).unwrap();
    let again = ["import", "again.ndjson", "--site", "pk_demo", "--incomplete"];
    assert!(said(folder.path(), &again).starts_with("1 rows: 0 new, 1 newer"));
    assert!(said(folder.path(), &["doctor"]).contains("fine   counts"));
}

#[tokio::test]
async fn what_is_no_export_is_said_in_one_sentence_with_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    for text in HOSTILE {
        assert_eq!(program.post(&with(full(), json!({"comment": text}))).await.status, 200);
    }
    for name in ["a.csv", "a.ndjson"] {
        said(folder.path(), &["export", "--site", "pk_demo", "--output", name]);
    }
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let [csv, ndjson] = ["a.csv", "a.ndjson"].map(|name| fs::read(folder.path().join(name)).unwrap());
    let text = String::from_utf8(csv.clone()).unwrap();
    put("cut.csv", &csv[..csv.len() - 40]);
    put("cut.ndjson", &ndjson[..ndjson.len() / 2]);
    put("headless.csv", text.split_once("\r\n").unwrap().1.as_bytes());
    put("other.csv", b"Rating,Text\n9,good\n");
    put("less.csv", text.replacen(",band,", ",", 1).as_bytes());
    put("latin.csv", &[&csv[..], b"perch\xe9\r\n"].concat());
    put("wide.csv", &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    put("empty.csv", b"");
    put("notes.txt", b"x");
    for (file, options, clue) in [
        ("cut.csv", &[][..], "it breaks off"),
        ("cut.ndjson", &[], "the line that ends an export is missing"),
        ("headless.csv", &[], "line 1: an export of parere has no column"),
        ("other.csv", &[], "say with --map"),
        ("less.csv", &[], "line 1: the column band is missing"),
        ("latin.csv", &[], "it is not UTF-8"),
        ("wide.csv", &[], "line 1: it is UTF-16"),
        ("empty.csv", &[], "it is empty"),
        ("notes.txt", &[], "--format"),
        ("nowhere.csv", &[], "there is no file nowhere.csv"),
        ("a.csv", &["--survey", "nope"], "no survey nope; it has"),
        ("a.csv", &["--rejects", "./a.csv"], "--rejects names the file that is read"),
        (
            "other.csv",
            &["--map", "score=Rating,occurred_at=When", "--survey", "old"],
            "line 1: there is no column When",
        ),
        ("other.csv", &["--map", "score=Rating", "--survey", "old"], "--map occurred_at=COLUMN"),
        ("other.csv", &["--map", "score=Rating"], "say with --survey"),
        ("other.csv", &["--format", "delighted", "--survey", "old"], "which column is the occurred_at"),
    ] {
        let (code, line) = run(folder.path(), &[&["import", file, "--site", "pk_demo"], options].concat());
        assert!(code == Some(1) && line.contains(clue), "{file} {options:?}: {line}");
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
    }
    let (code, line) = run(folder.path(), &["import", "a.csv", "--site", "pk_nobody"]);
    assert!(code == Some(1) && line.contains("no site pk_nobody"), "{line}");
    let found = export(folder.path(), "sqlite:parere.db", &NDJSON);
    assert_eq!(found.lines().count(), HOSTILE.len() + 1, "nothing came of any of it");
    // A row that is cut short is refused alone, where the operator knows that the file breaks off.
    let (code, line) = run(folder.path(), &["import", "cut.csv", "--site", "pk_demo", "--incomplete"]);
    assert!(
        code == Some(3) && line.contains("1 refused") && line.contains("cells where the header has 21"),
        "{line}"
    );
}

#[tokio::test]
async fn a_killed_import_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--responses", "250", "--until", "2026-11-21"];
    said(folder.path(), &demo);
    said(folder.path(), &["export", "--site", "pk_demo", "--output", "a.ndjson"]);
    let all = export(folder.path(), "sqlite:parere.db", &NDJSON);
    let shim = Shim::new();
    fs::copy(folder.path().join("a.ndjson"), shim.folder.join("a.ndjson")).unwrap();
    let one = ["demo", "--responses", "1", "--until", "2026-11-21", "--seed", "9"];
    said(&shim.folder, &one);
    let before = export(&shim.folder, "sqlite:parere.db", &NDJSON).lines().count();
    let import = ["import", "a.ndjson", "--site", "pk_demo"];
    let mut killed = 0;
    for die_at in (1..).step_by(40) {
        shim.set(Control::DieAt, die_at);
        let output = shim.before(&mut parere(&shim.folder, &import)).output().unwrap();
        shim.heal();
        if output.status.success() {
            break;
        }
        killed += 1;
        assert!(said(&shim.folder, &["doctor"]).contains("fine   counts"));
    }
    assert!(killed > 2, "{killed}");
    said(&shim.folder, &import);
    let found = export(&shim.folder, "sqlite:parere.db", &NDJSON);
    let rows = |text: &str| -> BTreeSet<String> { text.lines().map(Into::into).collect() };
    let missing: Vec<_> = rows(&all).difference(&rows(&found)).cloned().collect();
    assert!(missing.len() == 1 && missing[0].starts_with("{\"_end\""), "{missing:?}");
    assert_eq!(found.lines().count(), all.lines().count() + before - 1, "each answer once");
    let log = Connection::open(shim.folder.join("parere.db")).unwrap();
    let noted: i64 = log
        .query_row("SELECT count(*) FROM audit WHERE action = 'responses.import'", [], |row| row.get(0))
        .unwrap();
    assert!(noted >= 1, "who put answers in is written down");
}
