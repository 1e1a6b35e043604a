//! A database of an earlier schema, with answers in it, is brought up to date: what it holds says the same afterwards.

use std::fs;

use parere_collector::store::{self, Dimension, Purpose, Span, Store};
use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;

use super::{SITE, scope, survey, tally};
use crate::answer::NOON;
use crate::postgres::Database;
use crate::tidy::root;

/// A survey that asks one in four, one that asks everybody, and answers to both with the chances they claim.
const CLAIMS: [(&str, &str); 7] = [
    ("quarter", "0.25"),
    ("quarter", "0.25"),
    ("quarter", "0.001"),
    ("quarter", "NULL"),
    ("quarter", "1.0"),
    ("all", "0.25"),
    ("all", "1.0"),
];

/// What both back ends have in common of the old schema, as statements; `zeros` are so many bytes in one's own words.
fn filling(zeros: impl Fn(usize) -> String, is_postgres: bool) -> String {
    let no = if is_postgres { "false" } else { "0" };
    let mut quarter = survey("quarter");
    quarter.targeting.sample_per_mille = 250;
    let mut statements = vec![format!(
        "INSERT INTO sites (site, name, zone, origins, consent_needed, secret, created_at_ms)
         VALUES ('{SITE}', 'Shop', 'UTC', '[]', {no}, {}, {NOON})",
        zeros(32)
    )];
    for survey in [quarter, survey("all")] {
        statements.extend(asked(&survey));
    }
    for (n, (slug, inclusion)) in CLAIMS.into_iter().enumerate() {
        let id =
            if is_postgres { format!("'00000000-0000-7000-8000-{n:012}'") } else { format!("x'{n:032x}'") };
        // Those that say 1 are taken for a crawler's.
        let flags = if inclusion == "1.0" { 1 << 17 } else { 0 };
        statements.push(format!(
            "INSERT INTO responses (seq, site, id, digest, survey, metric, instrument, revision, score, band, choices,
               channel, attributes, test, flags, inclusion, occurred_at_ms, received_at_ms, day, counted_locale,
               counted_touchpoint)
             VALUES ({}, '{SITE}', {id}, {}, '{slug}', 'nps', 'i', 1, 9, 'promoter', '[]', 'inline', '{{}}', {no},
               {flags}, {inclusion}, {NOON}, {NOON}, 20778, 'it', '')",
            n + 1,
            zeros(16)
        ));
        statements.extend(counted(slug, flags > 0));
    }
    statements.push(String::new());
    statements.join(";\n")
}

/// A survey with the instruments of two moments.
fn asked(survey: &Survey) -> Vec<String> {
    let slug = &survey.slug;
    let definition = serde_json::to_string(survey).unwrap();
    let mut statements = vec![format!(
        "INSERT INTO surveys (site, survey, definition, created_at_ms, updated_at_ms)
         VALUES ('{SITE}', '{slug}', '{definition}', {NOON}, {NOON})"
    )];
    for (later, language) in [(0, "it"), (0, "en"), (1_000, "de")] {
        let shown = Instrument { language: language.into(), ..survey.instrument(language) };
        let definition = serde_json::to_string(&shown).unwrap().replace('\'', "''");
        statements.push(format!(
            "INSERT INTO instruments (site, survey, instrument, definition, created_at_ms)
             VALUES ('{SITE}', '{slug}', '{}', '{definition}', {})",
            shown.id(),
            NOON + later
        ));
    }
    statements
}

/// What one answer counts as.
fn counted(slug: &str, is_flagged: bool) -> Vec<String> {
    let keys = if is_flagged {
        vec![("excluded", "flagged")]
    } else {
        vec![("all", ""), ("channel", "inline"), ("locale", "it"), ("device", ""), ("touchpoint", "")]
    };
    let count = |(dimension, value): (&str, &str)| {
        format!(
            "INSERT INTO daily_counts (site, survey, dimension, day, value, instrument, score, n)
             VALUES ('{SITE}', '{slug}', '{dimension}', 20778, '{value}', 'i', 9, 1)
             ON CONFLICT (site, survey, dimension, day, value, instrument, score)
             DO UPDATE SET n = daily_counts.n + 1"
        )
    };
    keys.into_iter().map(count).collect()
}

async fn assert_weighted(store: &dyn Store) {
    let always = Span::Days(0, 100_000);
    let count = async |slug: &str, dimension| {
        let counts = store.counts(&scope(SITE), slug, always, dimension).await.unwrap();
        tally(counts).into_iter().map(|((key, _, per_mille), n)| (key, per_mille, n)).collect::<Vec<_>>()
    };
    for (dimension, key) in [(Dimension::All, ""), (Dimension::Channel, "inline"), (Dimension::Locale, "it")]
    {
        let expected = [(key.to_owned(), 250, 2), (key.to_owned(), 1000, 2)];
        assert_eq!(count("quarter", dimension).await, expected);
        assert_eq!(count("all", dimension).await, [(key.to_owned(), 1000, 1)]);
    }
    for slug in ["quarter", "all"] {
        assert_eq!(count(slug, Dimension::Excluded).await, [("flagged".to_owned(), 1000, 1)]);
        assert_eq!(store.recount(&scope(SITE), slug).await.unwrap(), []);
    }
    let versions = store.versions().await.unwrap();
    let found: Vec<_> = versions
        .iter()
        .map(|(_, slug, version)| {
            (slug.as_str(), version.since - NOON, version.per_mille, version.instruments.len())
        })
        .collect();
    let mut expected = [
        ("all", 0, None, 2),
        ("all", 1_000, Some(1000), 1),
        ("quarter", 0, None, 2),
        ("quarter", 1_000, Some(250), 1),
    ];
    let mut found = found;
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

fn step(path: &str) -> String {
    fs::read_to_string(root().join("collector/migrations").join(path)).unwrap()
}

#[tokio::test]
async fn counts_of_an_older_file_are_told_apart_by_chance() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parere.db");
    let old = rusqlite::Connection::open(&path).unwrap();
    for name in ["0001_init", "0002_consent", "0003_catalogue"] {
        old.execute_batch(&step(&format!("sqlite/{name}.sql"))).unwrap();
    }
    old.execute_batch(&filling(|len| format!("zeroblob({len})"), false)).unwrap();
    old.pragma_update(None, "application_id", 0x7061_7265).unwrap();
    old.pragma_update(None, "user_version", 3).unwrap();
    drop(old);
    let store = store::open(&format!("sqlite:{}", path.display()), Purpose::Serve).await.unwrap();
    assert_weighted(&*store).await;
}

#[tokio::test]
async fn counts_of_an_older_database_are_told_apart_by_chance() {
    let database = Database::create().await;
    let old = database.connect_as_collector().await;
    old.batch_execute(&step("postgres/0001_init.sql")).await.unwrap();
    let zeros = |len: usize| format!("decode(repeat('00', {len}), 'hex')");
    old.batch_execute(&filling(zeros, true)).await.unwrap();
    old.batch_execute(
        "CREATE TABLE schema_steps (step INTEGER PRIMARY KEY, taken_at TIMESTAMPTZ NOT NULL);
         CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, ends_at TIMESTAMPTZ NOT NULL);
         INSERT INTO schema_steps VALUES (1, now())",
    )
    .await
    .unwrap();
    let store = store::open(&database.url(), Purpose::Serve).await.unwrap();
    assert_weighted(&*store).await;
    // Some engines commit each statement by itself: a step that was cut short is taken again.
    old.batch_execute(&step("postgres/0004_inclusion.sql")).await.unwrap();
    assert_weighted(&*store).await;
}
