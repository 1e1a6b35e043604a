//! The second lock: what PostgreSQL itself shows and takes when a statement of ours has a mistake in it.

use parere_collector::store::{self, Purpose};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::{SITE, bare, open_shop, revised};
use crate::postgres::Database;

const OTHER: &str = "pk_other";

/// Tables of which each row is one site's.
const TABLES: [&str; 6] = ["sites", "surveys", "instruments", "places", "responses", "daily_counts"];

/// Two shops with an answer each, and a connection of the collector's own user.
async fn two_shops() -> (Database, Client) {
    let database = Database::create().await;
    let store = store::open(&database.url(), Purpose::Serve).await.unwrap();
    for site in [SITE, OTHER] {
        open_shop(&*store, site).await;
    }
    // In one batch and in an order of its own, with a revision of each.
    let answers = [bare(OTHER, 3), bare(SITE, 9)];
    let batch: Vec<_> = answers.iter().flat_map(|answer| [answer.clone(), revised(answer, 2, 5)]).collect();
    store.append(batch.into()).await.unwrap();
    let client = database.connect_as_collector().await;
    (database, client)
}

/// Rows that a statement without its site is shown in each table, in a transaction that reaches as far as `reach`.
async fn shown(client: &mut Client, reach: Option<&str>) -> Vec<(&'static str, i64)> {
    let transaction = client.transaction().await.unwrap();
    if let Some(reach) = reach {
        transaction.execute("SELECT set_config('parere.site', $1, true)", &[&reach]).await.unwrap();
    }
    let mut shown = Vec::new();
    for table in TABLES {
        let row = transaction
            .query_one(&format!("SELECT count(*), count(DISTINCT site) FROM {table}"), &[])
            .await
            .unwrap();
        shown.push((table, row.get::<_, i64>(1)));
        assert!(row.get::<_, i64>(0) >= row.get::<_, i64>(1));
    }
    transaction.commit().await.unwrap();
    shown
}

#[tokio::test]
async fn a_statement_that_forgets_its_site_sees_nothing() {
    let (database, mut client) = two_shops().await;
    assert_eq!(shown(&mut client, None).await, TABLES.map(|table| (table, 0)));
    assert_eq!(shown(&mut client, Some("pk_nobody")).await, TABLES.map(|table| (table, 0)));
    assert_eq!(shown(&mut client, Some(SITE)).await, TABLES.map(|table| (table, 1)));
    // The name is forgotten with its transaction.
    assert_eq!(shown(&mut client, None).await, TABLES.map(|table| (table, 0)));
    let catalogue = [("sites", 2), ("surveys", 2), ("instruments", 2)];
    assert_eq!(shown(&mut client, Some("*")).await[..3], catalogue);
    assert_eq!(shown(&mut client, Some("*")).await[3..], TABLES.map(|table| (table, 0))[3..]);
    // Everything was there all the time.
    assert_eq!(shown(&mut database.connect().await, None).await, TABLES.map(|table| (table, 2)));
}

#[tokio::test]
async fn a_statement_with_the_wrong_site_changes_nothing() {
    let (_database, mut client) = two_shops().await;
    for reach in [None, Some(OTHER), Some("*")] {
        for (statement, is_refused) in [
            ("UPDATE responses SET score = 0 WHERE site = 'pk_shop'", false),
            ("UPDATE sites SET name = '' WHERE site = 'pk_shop'", false),
            ("DELETE FROM daily_counts WHERE site = 'pk_shop'", false),
            ("DELETE FROM instruments WHERE site = 'pk_shop'", false),
            ("INSERT INTO places (site, seq) VALUES ('pk_third', 1)", true),
            (
                "INSERT INTO places (site, seq) VALUES ('pk_shop', 1)
                ON CONFLICT (site) DO UPDATE SET seq = places.seq + 1",
                true,
            ),
            ("INSERT INTO surveys VALUES ('pk_shop', 'own', '{}', 0, 0)", true),
        ] {
            let transaction = client.transaction().await.unwrap();
            if let Some(reach) = reach {
                transaction.execute("SELECT set_config('parere.site', $1, true)", &[&reach]).await.unwrap();
            }
            match transaction.execute(statement, &[]).await {
                Ok(changed) => assert!(changed == 0 && !is_refused, "{reach:?}: {statement}"),
                Err(error) => {
                    let is_policy = error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE);
                    assert!(is_policy && is_refused, "{reach:?}: {statement}: {error}");
                }
            }
        }
    }
    // Nor can a row be given to somebody else.
    let transaction = client.transaction().await.unwrap();
    transaction.execute("SELECT set_config('parere.site', $1, true)", &[&SITE]).await.unwrap();
    let error = transaction.execute("UPDATE responses SET site = 'pk_other'", &[]).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{error}");
}
