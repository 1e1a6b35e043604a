//! No statement on SQLite goes through all that a site has where an index leads to the few rows it means.
//!
//! `SQLite` knows nothing of how many rows an index leads to unless it is told (`migrations/sqlite/0019_statistics.sql`),
//! and then takes the whole site for as good a way as the order of one customer.

use parere_collector::store::{self, Purpose};
use rusqlite::Connection;
use tempfile::TempDir;

use super::portable::LARGE;
use super::sources;

/// Statements that mean all of it, by file and a part of them, each with its reason.
const WHOLE: [(&str, &str, &str); 13] = [
    (
        "addresses.rs",
        "SELECT order_ref, known FROM orders",
        "no index leads to an address, so that nothing leaks one",
    ),
    ("backup.rs", "SELECT site, (SELECT count(*)", "a backup is counted"),
    ("cases.rs", "AND status = 'done'", "the latest, as far as the page goes"),
    ("erase.rs", "DELETE FROM deliveries", "the queue is a month long at most"),
    ("erase.rs", "SELECT EXISTS (SELECT 1 FROM tombstones)", "one row says it"),
    (
        "happenings.rs",
        "DELETE FROM happenings WHERE seq IN ( SELECT seq FROM ( SELECT",
        "a slice of the oldest",
    ),
    ("invitations.rs", "SELECT survey, CASE", "all are counted"),
    ("orders.rs", "SELECT DISTINCT lower(json_extract(known,", "no index leads to an address"),
    ("outgoing.rs", "SELECT DISTINCT site FROM responses", "once, when a program starts"),
    ("plans.rs", "SELECT rule, state, why, count(*)", "all are counted"),
    ("removal.rs", "DELETE FROM", "a site goes with all it has"),
    ("segments.rs", "SELECT EXISTS (SELECT 1 FROM segments)", "one row says it"),
    ("suppressions.rs", "SELECT person, reason, at_ms FROM suppressions", "the list is told, latest first"),
];

/// A file with today's schema.
async fn empty(folder: &TempDir) -> Connection {
    let path = folder.path().join("parere.db");
    let url = format!("sqlite:{}", path.display());
    store::open(&url, Purpose::Serve).await.unwrap().close().await.unwrap();
    Connection::open(&path).unwrap()
}

#[tokio::test]
async fn what_is_looked_for_by_a_name_is_found_by_an_index() {
    let folder = tempfile::tempdir().unwrap();
    let connection = empty(&folder).await;
    let (mut n, mut found, mut unused) = (0, Vec::new(), WHOLE.to_vec());
    let ours = sources().into_iter().filter(|(file, _)| file.starts_with("collector/src/store/sqlite"));
    for (file, text) in ours {
        for statement in statements(&text) {
            // What is put together at run time has tests of its own.
            let Ok(plan) = plan(&connection, &statement) else { continue };
            n += 1;
            let Some(step) = plan.iter().find(|step| is_whole(step)) else { continue };
            let means_all =
                |(name, part, _): &(&str, &str, &str)| file.ends_with(name) && statement.contains(part);
            if WHOLE.iter().any(means_all) {
                unused.retain(|one| !means_all(one));
            } else {
                found.push(format!("{}: {statement}\n    {step}", file.display()));
            }
        }
    }
    assert!(n > 200, "{n} statements were understood");
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(unused.is_empty(), "these go through nothing: {unused:?}");
}

#[tokio::test]
async fn of_a_table_with_statistics_every_index_has_some() {
    let folder = tempfile::tempdir().unwrap();
    let connection = empty(&folder).await;
    // The key of a table without row ids goes by the table's name, and has two columns or more.
    let mut lacking = connection
        .prepare(
            "SELECT list.name, (SELECT count(*) FROM pragma_index_info(list.name)),
               (SELECT length(stat) - length(replace(stat, ' ', '')) FROM sqlite_stat1
                WHERE tbl = named.tbl AND idx IN (list.name, iif(list.origin = 'pk', tbl, NULL)))
             FROM (SELECT DISTINCT tbl FROM sqlite_stat1) AS named
             JOIN pragma_index_list(named.tbl) AS list",
        )
        .unwrap();
    let rows = lacking.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
    let rows: Vec<(String, i64, Option<i64>)> = rows.unwrap().collect::<rusqlite::Result<_>>().unwrap();
    assert!(rows.len() > 20, "{rows:?}");
    for (index, columns, figures) in rows {
        assert_eq!(figures, Some(columns), "{index}: a figure for each column after that of the table");
    }
}

/// Texts of a source file that are a statement by themselves, or with what a macro puts before them; in one line.
fn statements(text: &str) -> Vec<String> {
    let text = text.replace("'\"'", "").replace("\\\"", "").replace("\\\n", "");
    let parts: Vec<&str> = text.split('"').collect();
    let literals = || parts.windows(3).step_by(2);
    let begins = literals().find(|part| part[2].trim_start_matches([',', '\n', ' ']).starts_with("$rest"));
    let begins = begins.map_or("", |part| part[1]);
    let whole = literals().filter(|part| part[1] != begins).map(|part| {
        let is_rest = part[0].trim_end().ends_with("select!(") || part[0].trim_end().ends_with("selected!(");
        let statement = if is_rest { format!("{begins}{}", part[1]) } else { part[1].to_owned() };
        statement.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    let verbs = ["SELECT ", "UPDATE ", "DELETE ", "INSERT "];
    whole.filter(|text| verbs.iter().any(|verb| text.starts_with(verb))).collect()
}

fn plan(connection: &Connection, statement: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}"))?;
    let rows = statement.raw_query();
    rows.mapped(|row| row.get(3)).collect()
}

/// Does this step go through all that a site, or everybody, has in a large table?
fn is_whole(step: &str) -> bool {
    let mut words = step.split(' ');
    let (verb, table) = (words.next(), words.next().unwrap_or_default());
    LARGE.contains(&table) && (verb == Some("SCAN") || step.ends_with("(site=?)"))
}
