//! How far a statement reaches: the second lock on a site's data, which the database itself turns.
//!
//! A transaction names its site in the setting `parere.site`, and the policies of `0002_row_security.sql` show and
//! take rows of that site only. The setting ends with the transaction, so that it cannot outlive its purpose on a
//! connection that somebody else has next. What is said here goes out together with what follows it, without waiting
//! in between.

use std::ops::Deref;

use deadpool_postgres::Object;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::failure::Failure;
use crate::auth::SiteScope;

/// The setting lives as long as the transaction.
const NAME: &str = "SELECT set_config('parere.site', $1, true)";

/// What a piece of work may see and change.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach<'a> {
    /// What belongs to no site: sessions, the version of the catalogue.
    NoSite,
    /// One site.
    Site(&'a str),
    /// Every site, survey and instrument, for reading; no answer, no count.
    Catalogue,
}

impl<'a> Reach<'a> {
    /// That of `scope`.
    pub(super) fn of(scope: &'a SiteScope) -> Self {
        Self::Site(scope.site())
    }

    fn setting(self) -> Option<&'a str> {
        match self {
            Self::NoSite => None,
            Self::Site(site) => Some(site),
            Self::Catalogue => Some("*"),
        }
    }
}

/// A connection on which is read what `reach` allows; each statement is a transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    client: &'a Object,
    reach: Reach<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(client: &'a Object, reach: Reach<'a>) -> Self {
        Self { client, reach }
    }

    /// The rows of one statement.
    pub(super) async fn query(
        &self,
        text: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Failure> {
        let client = self.client;
        let statement = client.prepare_cached(text).await?;
        let Some(setting) = self.reach.setting() else {
            return Ok(client.query(&statement, parameters).await?);
        };
        let name = client.prepare_cached(NAME).await?;
        let named: [&(dyn ToSql + Sync); 1] = [&setting];
        // Sent in this order; where one fails, the server passes over the others and ends the transaction.
        let (begun, named, rows, ended) = tokio::join!(
            biased;
            client.batch_execute("BEGIN"),
            client.execute(&name, &named),
            client.query(&statement, parameters),
            client.batch_execute("COMMIT"),
        );
        begun?;
        named?;
        let rows = rows?;
        ended?;
        Ok(rows)
    }

    /// The only row of a statement that always has one.
    pub(super) async fn query_one(
        &self,
        text: &str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, Failure> {
        let row = self.query(text, parameters).await?.pop();
        row.ok_or_else(|| Failure::Unreadable("no row where there is always one".into()))
    }
}

/// A transaction that changes what its reach allows. Given up without an end, it ends with its connection.
#[derive(Debug)]
pub(super) struct Transaction<'a> {
    client: &'a Object,
}

impl<'a> Transaction<'a> {
    pub(super) async fn begin(client: &'a Object, reach: Reach<'_>) -> Result<Self, Failure> {
        let Some(setting) = reach.setting() else {
            client.batch_execute("BEGIN").await?;
            return Ok(Self { client });
        };
        let name = client.prepare_cached(NAME).await?;
        let named: [&(dyn ToSql + Sync); 1] = [&setting];
        let (begun, named) = tokio::join!(
            biased;
            client.batch_execute("BEGIN"),
            client.execute(&name, &named),
        );
        begun?;
        named?;
        Ok(Self { client })
    }

    /// Goes on with another site.
    pub(super) async fn go_on_to(&self, site: &str) -> Result<(), Failure> {
        let name = self.client.prepare_cached(NAME).await?;
        self.client.execute(&name, &[&site]).await?;
        Ok(())
    }

    /// Ends as `result` says; where the connection is gone, so is the transaction.
    pub(super) async fn end<T>(self, result: Result<T, Failure>) -> Result<T, Failure> {
        match result {
            Ok(done) => self.client.batch_execute("COMMIT").await.map(|()| done).map_err(Failure::from),
            Err(failure) => {
                self.client.batch_execute("ROLLBACK").await.ok();
                Err(failure)
            }
        }
    }
}

impl Deref for Transaction<'_> {
    type Target = Object;

    fn deref(&self) -> &Object {
        self.client
    }
}
