//! Marks on trends.

use tokio_postgres::Row;

use super::PostgresStore;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::retry::Attempt;
use crate::auth::SiteScope;
use crate::store::{Mark, Result};

const ALL: &str = "
    SELECT mark, survey, touchpoint, day, text, made_by, created_at_ms
    FROM marks WHERE site = $1 AND ($2::text IS NULL OR survey = $2)";

const ADD: &str = "
    INSERT INTO marks (site, mark, survey, touchpoint, day, text, made_by, created_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const REMOVE: &str = "DELETE FROM marks WHERE site = $1 AND mark = $2";

type Done<T> = std::result::Result<T, Failure>;

impl PostgresStore {
    pub(in crate::store) async fn marks(&self, scope: &SiteScope, survey: Option<&str>) -> Result<Vec<Mark>> {
        read!(self.readers, Reach::of(scope), |reader| all(reader, scope.site(), survey))
    }

    pub(in crate::store) async fn add_mark(&self, scope: &SiteScope, mark: &Mark) -> Result<()> {
        transact!(self.writers, Reach::of(scope), |transaction, _| add(transaction, scope.site(), mark))
    }

    pub(in crate::store) async fn remove_mark(&self, scope: &SiteScope, mark: &str) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| remove(
            transaction,
            scope.site(),
            mark,
            attempt
        ))
    }
}

async fn all(reader: Reader<'_>, site: &str, survey: Option<&str>) -> Done<Vec<Mark>> {
    let rows = reader.query(ALL, &[&site, &survey]).await?;
    let mut marks = rows.iter().map(read_one).collect::<Done<Vec<_>>>()?;
    // Databases sort text each in their own way.
    marks.sort_by(|a, b| (a.day, a.created_at, &a.id).cmp(&(b.day, b.created_at, &b.id)));
    Ok(marks)
}

fn read_one(row: &Row) -> Done<Mark> {
    Ok(Mark {
        id: row.try_get(0)?,
        survey: row.try_get(1)?,
        touchpoint: row.try_get(2)?,
        day: row.try_get(3)?,
        text: row.try_get(4)?,
        made_by: row.try_get(5)?,
        created_at: row.try_get(6)?,
    })
}

async fn add(transaction: &Transaction<'_>, site: &str, mark: &Mark) -> Done<()> {
    let Mark { id, survey, touchpoint, day, text, made_by, created_at } = mark;
    transaction.execute(ADD, &[&site, id, survey, touchpoint, day, text, made_by, created_at]).await?;
    Ok(())
}

/// The second run of a transaction that was committed finds nothing left to remove.
async fn remove(transaction: &Transaction<'_>, site: &str, mark: &str, attempt: Attempt) -> Done<bool> {
    Ok(transaction.execute(REMOVE, &[&site, &mark]).await? == 1 || attempt == Attempt::Again)
}
