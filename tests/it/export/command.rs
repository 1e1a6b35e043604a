//! `parere export` to files and folders: compressed, with a manifest, by days, continued.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::answer::{HOSTILE, full, valid, with};
use crate::program::{Program, parere};

fn export(folder: &Path, arguments: &[&str]) -> Output {
    parere(folder, &["export", "--site", "pk_demo"]).args(arguments).output().unwrap()
}

/// Must work, and say nothing where nobody looks.
fn exported(folder: &Path, arguments: &[&str]) {
    let output = export(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = export(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

async fn shop(folder: &Path, more: usize) -> Program {
    let program = Program::start(folder).await;
    for text in HOSTILE {
        assert_eq!(program.post(&with(full(), json!({"comment": text}))).await.status, 200);
    }
    for _ in 0..more {
        let some: Vec<Value> = (0..50).map(|n| valid(n % 11)).collect();
        assert_eq!(program.post(&json!(some)).await.status, 200);
    }
    program
}

#[tokio::test]
async fn files_are_compressed_by_their_name_and_described_by_a_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let _program = shop(folder.path(), 0).await;
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    for name in ["a.csv", "a.csv.gz", "a.csv.zst", "a.ndjson", "a.ndjson.gz", "a.parquet", "a.xlsx"] {
        exported(folder.path(), &["--output", name, "--manifest", "--survey", "nps"]);
        let manifest: Value = serde_json::from_slice(&read(&format!("{name}.manifest.json"))).unwrap();
        assert_eq!(manifest["sha256"], parere_collector::random::hex(&Sha256::digest(read(name))), "{name}");
        assert_eq!(
            (&manifest["rows"], &manifest["erased"]),
            (&json!(HOSTILE.len()), &json!(0)),
            "{manifest}"
        );
        assert_eq!(manifest["filters"], json!({"survey": "nps"}), "{manifest}");
    }
    let mut gunzipped = Vec::new();
    flate2::read::GzDecoder::new(&*read("a.csv.gz")).read_to_end(&mut gunzipped).unwrap();
    assert_eq!(gunzipped, read("a.csv"));
    assert_eq!(zstd::decode_all(&*read("a.csv.zst")).unwrap(), read("a.csv"));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains(".part")), "{left:?}");
}

#[tokio::test]
async fn answers_are_chosen_as_in_the_interface() {
    let folder = tempfile::tempdir().unwrap();
    let program = shop(folder.path(), 1).await;
    for (options, query) in [
        (&["--band", "detractor"][..], "band=detractor"),
        (&["--channel", "inline", "--locale", "it"], "channel=inline&locale=it"),
        (&["--q", "fine"], "q=fine"),
        (&["--flag", "any"], "flag=any"),
    ] {
        let expected = program.api(reqwest::Method::GET, &format!("/responses.csv?{query}"), None).await;
        let output = export(folder.path(), options);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected.text(), "{options:?}");
    }
    let said = refused(folder.path(), &["--band", "pink", "--q", &"x".repeat(300)]);
    assert!(said.contains("--band") && said.contains("--q"), "{said}");
}

#[tokio::test]
async fn days_are_put_apart_with_what_reads_them_together() {
    let folder = tempfile::tempdir().unwrap();
    let program = shop(folder.path(), 2).await;
    exported(folder.path(), &["--partition", "day", "--output", "days"]);
    let days = folder.path().join("days");
    let manifest: Value = serde_json::from_slice(&fs::read(days.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    let rows: u64 = files.iter().map(|file| file["rows"].as_u64().unwrap()).sum();
    assert_eq!((rows, &manifest["rows"]), (100 + HOSTILE.len() as u64, &json!(rows)), "{manifest}");
    for file in files {
        let bytes = fs::read(days.join(file["path"].as_str().unwrap())).unwrap();
        assert_eq!(file["sha256"], parere_collector::random::hex(&Sha256::digest(&bytes)), "{file}");
        assert!(file["path"].as_str().unwrap().starts_with("day=20"), "{file}");
    }
    let columns = fs::read_to_string(days.join("columns.md")).unwrap();
    for name in super::COLUMNS.split(',') {
        assert!(columns.contains(&format!("| `{name}` |")), "{name}");
    }
    assert!(days.join("views.sql").exists() && !folder.path().join("days.part").exists());
    assert!(refused(folder.path(), &["--partition", "day", "--output", "days"]).contains("not empty"));
    fs::create_dir(folder.path().join("more.part")).unwrap();
    assert!(refused(folder.path(), &["--partition", "day", "--output", "more"]).contains("more.part"));
    assert!(
        refused(folder.path(), &["--partition", "day", "--output", "x", "--format", "csv"])
            .contains("--format")
    );
    drop(program);
}

#[tokio::test]
async fn only_what_is_certain_is_continued() {
    let folder = tempfile::tempdir().unwrap();
    let program = shop(folder.path(), 60).await;
    let (part, state) = (folder.path().join("a.csv.part"), folder.path().join("a.csv.part.json"));
    exported(folder.path(), &["--output", "whole.csv"]);
    let whole = fs::read(folder.path().join("whole.csv")).unwrap();

    // Killed where its file may not grow any more, as by a power cut in the middle.
    let half_blocks = whole.len() / 2 / 512;
    let limited = format!("ulimit -f {half_blocks}; exec \"$0\" export --site pk_demo --output a.csv");
    let mut broken = Command::new("sh");
    broken.args(["-c", &limited, env!("CARGO_BIN_EXE_parere")]).current_dir(folder.path()).env_clear();
    assert!(!broken.status().unwrap().success());
    assert!(state.exists(), "it was broken off before its first page");
    let (kept_part, kept_state) = (fs::read(&part).unwrap(), fs::read(&state).unwrap());
    let put_back = || {
        fs::write(&part, &kept_part).unwrap();
        fs::write(&state, &kept_state).unwrap();
    };
    let resume =
        |options: &[&str]| refused(folder.path(), &[&["--output", "a.csv", "--resume"], options].concat());

    assert!(resume(&["--survey", "nps"]).contains("of an export of something else"));
    assert!(resume(&["--raw"]).contains("of an export of something else"));
    let mut other = kept_part.clone();
    other[30] ^= 1;
    fs::write(&part, other).unwrap();
    assert!(resume(&[]).contains("not what was written"));
    fs::write(&part, &kept_part[..100]).unwrap();
    assert!(resume(&[]).contains("shorter than"));
    let noted: Value = serde_json::from_slice(&kept_state).unwrap();
    let elsewhere = with(noted, json!({"last": [1, "019aa2b4-7c00-7abc-8def-0123456789ab"]}));
    put_back();
    fs::write(&state, elsewhere.to_string()).unwrap();
    assert!(resume(&[]).contains("not in this database any more"));
    assert!(refused(folder.path(), &["--output", "none.csv", "--resume"]).contains("nothing to go on with"));
    assert!(refused(folder.path(), &["--output", "a.csv.gz", "--resume"]).contains("compressed"));
    assert!(refused(folder.path(), &["--output", "a.xlsx", "--resume"]).contains("CSV and NDJSON"));

    // What is stored since is not in it, and half a row at its end does no harm.
    put_back();
    fs::write(&part, [&kept_part[..], b"019aa2b4-7c00-7abc"].concat()).unwrap();
    assert_eq!(program.post(&full()).await.status, 200);
    exported(folder.path(), &["--output", "a.csv", "--resume"]);
    assert_eq!(fs::read(folder.path().join("a.csv")).unwrap(), whole);
    assert!(!part.exists() && !state.exists());
}
