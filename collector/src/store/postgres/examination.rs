//! What `parere doctor` looks at in a PostgreSQL database.

use deadpool_postgres::Object;

use super::failure::Failure;
use crate::auth::SiteScope;
use crate::store::examination::{Finding, Miscount, recount_sql};

const SETTINGS: &str = "
    SELECT current_setting('server_version'), current_setting('fsync') = 'on',
      current_setting('full_page_writes') = 'on', current_setting('synchronous_commit') <> 'off',
      (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

const INDEXES: &str = "
    SELECT count(*) FROM pg_indexes
    WHERE schemaname = current_schema() AND indexname IN ('responses_by_site', 'responses_by_survey')";

/// Indexes without which pages and counts read every row.
const INDEXES_NEEDED: i64 = 2;

pub(super) async fn recount(
    client: &Object,
    scope: &SiteScope,
    survey: &str,
) -> Result<Vec<Miscount>, Failure> {
    let mut miscounts = Vec::new();
    for row in client.query(&recount_sql(), &[&scope.site(), &survey]).await? {
        miscounts.push(Miscount {
            key: (row.try_get(0)?, row.try_get(1)?),
            day: row.try_get(2)?,
            score: row.try_get(3)?,
            answers: row.try_get(4)?,
            counted: row.try_get(5)?,
        });
    }
    Ok(miscounts)
}

pub(super) async fn examine(client: &Object) -> Result<Vec<Finding>, Failure> {
    let settings = client.query_one(SETTINGS, &[]).await?;
    let version: String = settings.try_get(0)?;
    let (fsync, pages, commit): (bool, bool, bool) =
        (settings.try_get(1)?, settings.try_get(2)?, settings.try_get(3)?);
    let indexes: i64 = client.query_one(INDEXES, &[]).await?.try_get(0)?;
    let switch = |is_on: bool| if is_on { "on" } else { "off" };
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
    ])
}
