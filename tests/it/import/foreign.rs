//! Files of other programs: what their columns mean is said, and each answer comes once.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{NDJSON, export, run, said};
use crate::postgres::Database;

/// Rows of the demo shop's export, with what is the same in every run.
fn rows(folder: &Path, url: &str) -> Vec<Value> {
    let text = export(folder, url, &NDJSON);
    let rows = text.lines().filter(|line| !line.starts_with("{\"_end\""));
    rows.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn put(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

const SHEET: &str = "\u{feff}Date;Rating;Text;Email;Plan;Language\r\n\
    2026-11-20 10:00;9;\"Good; \"\"very\"\"\r\nor so: call +39 333 123 4567\";a@b.example;gold;it_IT\r\n\
    2026-11-20 10:00;9;;;;\r\n\
    2026-11-20 10:00;9;;;;\r\n\
    2026-11-20;3.0;=1+1;c@d.example;;en\r\n\
    yesterday;5;;;;\r\n\
    2026-11-20;eleven;;;;\r\n\
    2026-11-20;11;;;;\r\n\
    2999-01-01;5;;;;\r\n\
    2026-11-20;5;;;;not a language\r\n\
    2026-11-20;5\r\n";

#[tokio::test]
async fn a_sheet_of_anybody_comes_once_into_a_survey_of_its_own() {
    let database = Database::create().await;
    for url in ["sqlite:parere.db".to_owned(), database.url()] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        put(folder, "sheet.csv", SHEET);
        said(folder, &["demo", "--responses", "1", "--until", "2026-11-21", "--database-url", &url]);
        let map =
            "score=rating,comment=Text,occurred_at=Date,subject=Email,attributes.plan=Plan,locale=Language";
        let import = ["import", "sheet.csv", "--site", "pk_demo", "--survey", "old-nps", "--map", map];
        let import = [&import[..], &["--database-url", &url, "--source", "sheet"]].concat();
        let (code, line) = run(folder, &import);
        assert!(code == Some(1) && line.contains("say what it measures with --metric"), "{line}");
        let import = [&import[..], &["--metric", "nps"]].concat();
        let (code, line) = run(folder, &[&import[..], &["--dry-run"]].concat());
        assert!(code == Some(3) && line.contains("the survey old-nps is made for them, archived"), "{line}");
        assert_eq!(rows(folder, &url).len(), 1);
        let rejects = [&import[..], &["--rejects", "no.csv"]].concat();
        let (code, line) = run(folder, &rejects);
        assert_eq!(code, Some(3), "{line}");
        assert!(line.contains("10 rows: 4 new, 0 newer") && line.contains("6 refused"), "{line}");
        for clue in [
            "line 7: occurred_at must be a date and time",
            "line 8: score must be a whole number",
            "line 9: score must be a whole number from 0 to 10",
            "line 10: occurred_at lies in the future",
            "line 11: locale must be a language tag",
            "line 12: it has 2 cells where the header has 6",
        ] {
            assert!(line.contains(clue), "{clue}: {line}");
        }
        let no = fs::read_to_string(folder.join("no.csv")).unwrap();
        assert!(no.starts_with("Date,Rating,Text,Email,Plan,Language,refused\r\n"), "{no}");

        let found: Vec<Value> =
            rows(folder, &url).into_iter().filter(|row| row["survey"] == "old-nps").collect();
        let seen = |row: &Value| {
            json!([row["score"], row["comment"], row["locale"], row["attributes"], row["received_at"]])
        };
        assert_eq!(
            found.iter().map(seen).collect::<Vec<_>>(),
            [
                json!([9, "Good; \"very\"\r\nor so: call [phone]", "it-IT", {"plan": "gold"}, "2026-11-20T09:00:00.000Z"]),
                json!([9, null, null, {}, "2026-11-20T09:00:00.000Z"]),
                json!([9, null, null, {}, "2026-11-20T09:00:00.000Z"]),
                json!([3, "=1+1", "en", {}, "2026-11-19T23:00:00.000Z"]),
            ]
        );
        assert!(found.iter().all(|row| row["flags"].to_string().contains("instrument")), "{found:?}");
        assert!(!format!("{found:?}").contains("a@b.example"), "a subject is stored as a hash only");

        // Once more, and with a row more: what was there is there once.
        let (code, line) = run(folder, &import);
        assert!(
            code == Some(3) && line.contains(" 0 new, 0 newer") && line.contains("4 unchanged"),
            "{line}"
        );
        put(folder, "sheet.csv", &format!("{SHEET}2026-11-20 10:00;9;;;;\r\n"));
        let (_, line) = run(folder, &import);
        assert!(line.contains(" 1 new, 0 newer"), "{line}");
        let (code, line) = run(folder, &[&import[..10], &["--scale", "1-10"]].concat());
        assert!(code == Some(1) && line.contains("never added to it"), "{line}");
        assert!(said(folder, &["doctor", "--database-url", &url]).contains("fine   counts"));
    }
}

#[tokio::test]
async fn scales_of_either_direction_are_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &["demo", "--responses", "1", "--until", "2026-11-21"]);
    put(
        folder,
        "effort.csv",
        "when,points,no\n21/11/2026 10:00,1,a\n21/11/2026 10:00,5,b\n21/11/2026 10:00,6,c\n",
    );
    let import = [
        "import",
        "effort.csv",
        "--site",
        "pk_demo",
        "--survey",
        "old-effort",
        "--metric",
        "ces",
        "--scale",
        "1-5",
        "--polarity",
        "low_is_good",
        "--map",
        "score=points",
        "--map",
        "occurred_at=when,id=no",
        "--dates",
        "%d/%m/%Y %H:%M",
    ];
    let (code, line) = run(folder, &import);
    assert!(code == Some(3) && line.contains("3 rows: 2 new") && line.contains("line 4: score"), "{line}");
    let bands: Vec<Value> = rows(folder, "sqlite:parere.db")
        .into_iter()
        .filter(|row| row["survey"] == "old-effort")
        .map(|row| row["band"].clone())
        .collect();
    assert_eq!(bands, ["positive", "negative"], "little effort is good");
    // Known again by its id, whatever it says now.
    put(folder, "effort.csv", "when,points,no\n21/11/2026 10:00,2,a\n");
    let (code, line) = run(folder, &import);
    assert!(code == Some(3) && line.contains("line 2: another answer is stored"), "{line}");
}

#[tokio::test]
async fn exports_of_delighted_come_as_csv_and_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    said(folder, &["demo", "--responses", "1", "--until", "2026-11-21"]);
    let answer = |id: &str, kind: &str, score: i32| {
        json!({"id": id, "person": "7", "survey_type": kind, "score": score, "comment": "Card 4111 1111 1111 1111",
            "permalink": "https://delighted.example/x", "created_at": 1_763_719_200, "updated_at": null,
            "person_properties": {"plan": "gold"}, "notes": [], "tags": ["vip"], "additional_answers": []})
    };
    let list = json!([answer("1", "nps", 9), answer("2", "csat", 5), answer("3", "nps", 10)]);
    put(folder, "list.json", &list.to_string());
    let lines: Vec<String> = list.as_array().unwrap().iter().map(Value::to_string).collect();
    put(folder, "lines.json", &lines.join("\n"));
    put(
        folder,
        "sheet.csv",
        &format!(
            "ID,Survey Type,Score,Comment,Created At,Person Email,Properties Plan,Permalink,Properties Note\n\
             1,nps,9,Card 4111 1111 1111 1111,2025-11-21 10:00:00 UTC,7,gold,https://delighted.example/x,{}\n",
            "x".repeat(300)
        ),
    );
    let import = |file: &str, more: &[&str]| {
        let line = ["import", file, "--site", "pk_demo", "--survey", "delighted", "--format", "delighted"];
        run(folder, &[&line[..], more].concat())
    };
    let (code, line) = import("list.json", &[]);
    assert!(code == Some(3) && line.contains("3 rows: 2 new"), "{line}");
    assert!(line.contains("line 2: it is of the kind csat, and the survey measures nps"), "{line}");
    let (code, line) = import("lines.json", &[]);
    assert!(code == Some(3) && line.contains("2 unchanged, 0 older"), "{line}");
    let (code, line) = import("sheet.csv", &["--source", "sheet"]);
    assert!(code == Some(0) && line.contains("columns that nothing is made of: Permalink"), "{line}");
    let found: Vec<Value> =
        rows(folder, "sqlite:parere.db").into_iter().filter(|row| row["survey"] == "delighted").collect();
    assert_eq!(found.len(), 3);
    for row in &found {
        assert_eq!((&row["comment"], &row["attributes"]["plan"]), (&json!("Card [card]"), &json!("gold")));
        assert_eq!(row["received_at"], "2025-11-21T10:00:00.000Z");
    }
    let notes = found.iter().filter_map(|row| row["attributes"]["note"].as_str());
    assert_eq!(notes.map(str::len).collect::<Vec<_>>(), [256], "what is too long keeps no answer out");
}
