//! The PostgreSQL schema and statements stay within what engines can do that spread tables over machines.
//!
//! Citus refuses other unique keys and triggers on a spread table and asks every machine where the site is not named;
//! `CockroachDB` and `YugabyteDB` lack advisory locks and notifications, and a sequence is one hot spot for all.

use std::path::PathBuf;

use super::{extension, sources};

/// Tables that grow with customers and answers.
pub(super) const LARGE: [&str; 13] = [
    "responses",
    "daily_counts",
    "daily_events",
    "deliveries",
    "happenings",
    "orders",
    "tickets",
    "tombstones",
    "survey_invitations",
    "suppressions",
    "rule_plans",
    "cases",
    "segments",
];

/// Tables of which every machine can hold a copy, and whose keys need not begin with the site.
const SMALL: [&str; 11] = [
    "catalogue",
    "sessions",
    "leases",
    "schema_steps",
    "accounts",
    "memberships",
    "founding",
    "invitations",
    "tokens",
    "audit",
    "tombstone_key",
];

/// What one engine or another does not have, or not on spread tables.
const FORBIDDEN: [&str; 16] = [
    "trigger",
    "notify",
    "listen",
    "pg_advisory_lock",
    "pg_try_advisory_lock",
    "pg_advisory_xact_lock",
    "serial",
    "bigserial",
    "identity",
    "sequence",
    "nextval",
    "deferrable",
    "exclude",
    "partition",
    "unique",
    "skip",
];

/// Every statement with where it stands: the migrations', and the texts in the code of the back end.
fn statements() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("collector/migrations/postgres") {
            let bare: Vec<_> = text.lines().map(|line| line.split("--").next().unwrap()).collect();
            all.extend(bare.join("\n").split(';').map(|statement| (path.clone(), statement.to_owned())));
        } else if path.starts_with("collector/src/store/postgres") && extension(&path) == "rs" {
            let texts = literals(&text)
                .into_iter()
                .flat_map(|text| text.split(';').map(str::to_owned).collect::<Vec<_>>());
            all.extend(texts.filter(|text| is_statement(text)).map(|text| (path.clone(), text)));
        }
    }
    let mut all: Vec<_> = all.into_iter().map(|(path, text)| (path, text.to_lowercase())).collect();
    all.retain(|(_, text)| !text.trim().is_empty());
    assert!(all.len() > 35, "too few statements to believe: {}", all.len());
    all
}

fn is_statement(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "SET", "WITH", "LOCK", "FROM"]
        .contains(&first)
}

/// The texts in quotes of a Rust file; comments are passed over.
fn literals(source: &str) -> Vec<String> {
    let code: Vec<_> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = code.join("\n").replace("'\"'", "").replace("\\\"", "");
    code.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn words(statement: &str) -> Vec<&str> {
    statement.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect()
}

/// Does a statement go by the site: `site = $1`, or rows that begin with it?
fn names_the_site(statement: &str) -> bool {
    let flat = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    let inserts = flat.strip_prefix("insert into ").is_some_and(|rest| {
        let columns = rest.split_once('(').map_or("", |(_, columns)| columns.trim_start());
        columns.starts_with("site,") && (flat.contains("select $1::text, *") || flat.contains("values ($1"))
    });
    inserts || flat.contains("where site = $1")
}

#[test]
fn statements_on_large_tables_name_the_site() {
    for (path, statement) in statements() {
        let is_schema = ["create", "alter table", "drop policy"]
            .iter()
            .any(|word| statement.trim_start().starts_with(word));
        let is_large = words(&statement).iter().any(|word| LARGE.contains(word));
        // A step of the schema goes through all sites, each beside its own rows, so that each machine does its own part.
        let is_step = extension(&path) == "sql"
            && (statement.contains(".site = ") || statement.contains("group by site,"));
        // Spreading a table names the column by which it is spread.
        if is_large && !is_schema && !is_step && !statement.contains("create_distributed_table") {
            assert!(names_the_site(&statement), "{}: without its site: {statement}", path.display());
        }
    }
}

#[test]
fn nothing_is_used_that_an_engine_lacks() {
    for (path, statement) in statements() {
        let found = words(&statement).into_iter().find(|word| FORBIDDEN.contains(word));
        assert_eq!(found, None, "{}: {statement}", path.display());
        let has_subquery_in_values =
            statement.split("values").nth(1).is_some_and(|rest| rest.contains("select"));
        assert!(!has_subquery_in_values, "{}: Citus refuses it: {statement}", path.display());
    }
}

#[test]
fn every_key_begins_with_the_site_and_every_step_can_be_taken_twice() {
    for (path, statement) in statements() {
        let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
        let where_it_is = path.display();
        if let Some(table) = statement.strip_prefix("create table ") {
            let table =
                table.strip_prefix("if not exists ").unwrap_or_else(|| panic!("{where_it_is}: {statement}"));
            let name = table.split(' ').next().unwrap();
            let begins = table.contains("primary key (site") || table.contains("( site text primary key");
            assert!(begins || SMALL.contains(&name), "{where_it_is}: the key of {name}");
        }
        if let Some(index) = statement.strip_prefix("create index ") {
            assert!(index.starts_with("if not exists "), "{where_it_is}: {statement}");
            assert!(index.contains("(site, "), "{where_it_is}: an index that begins elsewhere: {statement}");
        }
        if let Some(inserted) = statement.strip_prefix("insert into ").filter(|_| extension(&path) == "sql") {
            assert!(inserted.contains("on conflict"), "{where_it_is}: {statement}");
        }
    }
}

#[test]
fn the_database_keeps_sites_apart_in_every_table_of_theirs() {
    let all: Vec<_> = statements()
        .into_iter()
        .map(|(_, statement)| statement.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let tables = all.iter().filter_map(|text| text.strip_prefix("create table if not exists "));
    let mut found = 0;
    for (table, columns) in tables.filter_map(|text| text.split_once(' ')) {
        // Roles and the log say who may open which site, before any is opened.
        if !words(columns).contains(&"site") || ["memberships", "audit"].contains(&table) {
            continue;
        }
        found += 1;
        for needed in [
            format!("alter table {table} enable row level security"),
            format!("alter table {table} force row level security"),
            format!("create policy own_site on {table} using (site = current_setting('parere.site', true))"),
        ] {
            assert!(all.contains(&needed), "{table}: {needed}");
        }
    }
    assert_eq!(found, 25, "doctor counts as many");
    // The way past the site is for reading, and not for what grows with the answers.
    for wide in all.iter().filter(|text| text.starts_with("create policy") && text.contains("'*'")) {
        assert!(
            wide.contains(" for select ") && !LARGE.iter().any(|table| words(wide).contains(table)),
            "{wide}"
        );
    }
}

#[test]
fn the_lint_finds_what_it_is_for() {
    let found = literals(
        "// \"a\"\nconst A: &str = \"\n SELECT '\\\"' FROM responses\"; let c = '\"'; let b = \"b\";",
    );
    assert_eq!(found, ["\n SELECT '' FROM responses", "b"]);
    for (statement, expected) in [
        ("select * from responses where site = $1 and id = $2", true),
        ("select * from responses where id = $1", false),
        ("insert into responses ( site, id) select $1::text, * from unnest($2)", true),
        ("insert into responses (id, site) values ($1, $2)", false),
        ("delete from responses where site\n = $1", true),
    ] {
        assert_eq!(names_the_site(statement), expected, "{statement}");
    }
}
