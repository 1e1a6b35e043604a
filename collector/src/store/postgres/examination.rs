//! What `parere doctor` looks at in a PostgreSQL database.

use tokio_postgres::Row;

use super::failure::Failure;
use super::reach::Reader;
use crate::auth::SiteScope;
use crate::store::examination::{Finding, Miscount, recount_sql};

const SETTINGS: &str = "
    SELECT current_setting('server_version'), current_setting('fsync') = 'on',
      current_setting('full_page_writes') = 'on', current_setting('synchronous_commit') <> 'off',
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

const INDEXES: &str = "
    SELECT count(*) FROM pg_indexes
    WHERE schemaname = current_schema()
      AND indexname IN ('responses_by_site', 'responses_by_survey', 'responses_by_subject', 'responses_by_ref',
         'responses_commented')";

/// Indexes without which pages and counts read every row.
const INDEXES_NEEDED: i64 = 5;

/// Tables of which each row is one site's.
const TABLES: i64 = 25;

/// How many tables the second lock is on, whether we are let through it, and whether it is there at all.
const LOCKED: &str = "
    SELECT
      (SELECT count(*) FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid
       WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity AND relforcerowsecurity
         AND polname = 'own_site'),
      (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),
      EXISTS (SELECT FROM pg_extension WHERE extname = 'citus'), current_user::text";

pub(super) async fn recount(
    reader: Reader<'_>,
    scope: &SiteScope,
    survey: &str,
) -> Result<Vec<Miscount>, Failure> {
    let mut miscounts = Vec::new();
    for row in reader.query(&recount_sql(), &[&scope.site(), &survey]).await? {
        miscounts.push(Miscount {
            key: (row.try_get(0)?, row.try_get(1)?),
            day: row.try_get(2)?,
            score: row.try_get(3)?,
            per_mille: row.try_get(4)?,
            answers: row.try_get(5)?,
            counted: row.try_get(6)?,
        });
    }
    Ok(miscounts)
}

pub(super) async fn examine(reader: Reader<'_>) -> Result<Vec<Finding>, Failure> {
    let settings = reader.query_one(SETTINGS, &[]).await?;
    let version: String = settings.try_get(0)?;
    let (fsync, pages, commit): (bool, bool, bool) =
        (settings.try_get(1)?, settings.try_get(2)?, settings.try_get(3)?);
    let indexes: i64 = reader.query_one(INDEXES, &[]).await?.try_get(0)?;
    let switch = |is_on: bool| if is_on { "on" } else { "off" };
    let separation = separation(&reader.query_one(LOCKED, &[]).await?)?;
    Ok(vec![
        Finding::fine("server", format!("PostgreSQL {version}")),
        Finding::fine(
            "durability",
            format!(
                "fsync {}, full_page_writes {}, synchronous_commit {}",
                switch(fsync),
                switch(pages),
                switch(commit)
            ),
        )
        .unless(
            !(fsync && pages && commit),
            "A power cut can lose acknowledged answers: switch these on in postgresql.conf.",
        ),
        Finding::fine("indexes", format!("{indexes} of {INDEXES_NEEDED} are there")).unless(
            indexes < INDEXES_NEEDED,
            "An index was removed by hand; create it again, see collector/migrations.",
        ),
        separation,
    ])
}

/// Does the database itself keep sites apart?
fn separation(row: &Row) -> Result<Finding, Failure> {
    let (tables, is_let_through, is_spread): (i64, bool, bool) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let user: &str = row.try_get(3)?;
    if is_spread {
        let seen = "by its statements alone: Citus hands row-level security no settings";
        return Ok(Finding::fine("sites", format!("kept apart {seen}")));
    }
    if is_let_through {
        return Ok(Finding::fine("sites", format!("the user {user} is let through row-level security")).unless(
            true,
            "Sites are kept apart by the program alone: connect as a user without SUPERUSER and BYPASSRLS.",
        ));
    }
    let seen = format!("kept apart by row-level security on {tables} of {TABLES} tables");
    Ok(Finding::fine("sites", seen).unless(
        tables < TABLES,
        "Row-level security was switched off by hand; switch it on again, see collector/migrations.",
    ))
}
