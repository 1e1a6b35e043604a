//! A help desk's past, out of the CSV file that it exports.

use std::path::Path;

use serde_json::{Value, json};

use super::HOUR;
use crate::program::{Program, parere};

const HEAD: &str = "Number,Opened at,first_reply,replies,solved,tags\n";

/// Imports a file of this text: exit code and everything said.
fn import(folder: &Path, text: &str) -> (Option<i32>, String) {
    std::fs::write(folder.join("past.csv"), text).unwrap();
    let line = ["tickets", "import", "past.csv", "--site", "pk_demo", "--map", "ticket=Number"];
    let output = parere(folder, &[&line[..], &["--map", "created=Opened at"]].concat()).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

#[tokio::test]
async fn a_desks_past_comes_out_of_a_file_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let import = |text: &str| import(folder.path(), text);
    let rows = "7,2025-11-01 10:00,2025-11-01 12:30,1,2025-11-02T11:00:00Z,\"returns, sizes\"\n\
                8,2025-11-03T10:00:00+01:00,2025-11-03T11:30:00+01:00,3,,\n";
    let (code, said) = import(&format!("{HEAD}{rows}9,yesterday,,,,\n,2025-11-01 10:00,,,,\n"));
    assert_eq!(code, Some(1), "{said}");
    let moment = "created must be a moment such as 2026-11-21 10:00";
    assert!(said.contains(&format!("line 4: {moment}\nline 5: ticket must not be empty")), "{said}");
    assert_eq!(program.read("/speed").await["tickets"], 0, "nothing was taken");
    for _ in 0..2 {
        let (code, said) = import(&format!("{HEAD}{rows}"));
        assert_eq!((code, &*said), (Some(0), "2 tickets are in pk_demo\n"));
    }
    let board = program.read("/speed").await;
    let response = &board["first_response_time"]["all"];
    assert_eq!((&response["n"], &response["median"]["ms"]), (&json!(2), &json!(3 * HOUR / 2)), "{board:#}");
    assert_eq!(board["first_contact_resolution"]["part"], 1);
    let log = program.read("/api/v1/audit").await;
    let told = |entry: &Value| {
        (entry["action"] == "tickets.import").then(|| (entry["kind"].clone(), entry["target"].clone()))
    };
    let told: Vec<_> = log["entries"].as_array().unwrap().iter().filter_map(told).collect();
    assert_eq!(told, vec![(json!("machine"), json!("past.csv: 2 tickets")); 2], "{log}");
    let (code, said) = import("Number,first_reply\n7,\n");
    assert!(code == Some(1) && said.contains("the file has no column Opened at"), "{said}");
}

#[tokio::test]
async fn a_file_breaks_the_same_rules_as_a_program_and_on_which_lines_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let opened = "2025-11-01 10:00";
    let rows = [
        format!("7,{opened},,,,\"two\nlines\"\n"),
        "8,2999-01-01 10:00,,,,\n".into(),
        format!("9\u{7},{opened},,,,\n"),
        format!("10,{opened},2999-01-01 10:00,2,2999-01-02 10:00,\n"),
        format!("11,{opened},,,,\"returns, {}\"\n", "x".repeat(65)),
        format!("12,{opened},,,,\"{}\"\n", "x,".repeat(33)),
        format!("{},{opened},,,,\n", "y".repeat(129)),
        format!("13,{opened},,three,,\n"),
        format!("14,{opened}\n"),
    ];
    let expected = "nothing was taken:\n\
        line 4: created lies in the future\n\
        line 5: ticket must not contain control characters\n\
        line 6: first_reply lies in the future; solved lies in the future\n\
        line 7: tags must have at most 64 characters\n\
        line 8: tags must have at most 32 entries\n\
        line 9: ticket must have at most 128 characters\n\
        line 10: replies must be a number\n\
        line 11: it has 2 cells where the header has 6\n";
    let table = format!("{HEAD}{}", rows.concat());
    for table in [table.replace('\n', "\r\n"), table.replace(',', ";").replace("x;", "x,"), table] {
        let (code, said) = import(folder.path(), &table);
        assert!(code == Some(1) && said.contains(expected), "{said}");
    }
    assert_eq!(program.read("/speed").await["tickets"], 0);
    let many = format!("{HEAD}{}", "1,soon,,,,\n".repeat(12));
    let (_, said) = import(folder.path(), &many);
    assert!(said.contains("line 11: created") && said.trim_end().ends_with("and 2 more"), "{said}");
    let log = program.read("/api/v1/audit").await.to_string();
    assert!(!log.contains("tickets.import"), "{log}");
}
