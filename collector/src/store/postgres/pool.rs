//! Connections: how many, with which bounds, and how work is done on one of them.

use std::time::Duration;

use deadpool_postgres::{Hook, HookError, Manager, Object, Runtime, Timeouts};

use super::failure::{Failure, Remedy};
use super::target::Target;
use crate::store;

/// Writing connections of one collector: as many sites are appended to at the same time.
pub(super) const WRITERS: usize = 4;

/// Reading connections of one collector. Together with the writing ones, a server with the usual hundred
/// connections has room for twelve collectors.
pub(super) const READERS: usize = 4;

/// How long a caller waits for a connection that is free, or for a new one.
const CONNECTION_WAIT_MAX: Duration = Duration::from_secs(5);

/// How long one attempt may take, all of its statements together: longer than the server lets a statement run,
/// so that this bound is met only when the server cannot be heard any more.
const ATTEMPT_MAX: Duration = Duration::from_secs(40);

/// How a writing connection begins. A collector that falls silent inside a transaction holds its site's row for a
/// few seconds only. `synchronous_commit` is only raised: `off` would acknowledge what is not on disk.
///
/// Statements are planned at each use, where the server can be told so: a plan that was made for good while the table
/// was empty went through a whole index for each answer, and an answer took five times as long after 40,000 others.
pub(super) const WRITING: &str = "
    SET statement_timeout = '10s';
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '5s';
    SELECT set_config('plan_cache_mode', 'force_custom_plan', false)
    WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'plan_cache_mode');
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// How a reading connection begins; a page of an export takes milliseconds.
pub(super) const READING: &str = "
    SET statement_timeout = '30s';
    SET default_transaction_read_only = on;
    SELECT set_config('plan_cache_mode', 'force_custom_plan', false)
    WHERE EXISTS (SELECT FROM pg_settings WHERE name = 'plan_cache_mode')";

/// A few connections that callers take turns with.
#[derive(Debug)]
pub(super) struct Pool(deadpool_postgres::Pool);

/// A borrowed connection. One whose work was cut short is thrown away, since nobody knows in what state it is,
/// and so are those that lie idle beside it: where one is gone, they are too, and each would have to be waited for.
#[derive(Debug)]
pub(super) struct Connection {
    object: Option<Object>,
    is_settled: bool,
    pool: deadpool_postgres::Pool,
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(object) = self.object.take().filter(|_| !self.is_settled) {
            drop(Object::take(object));
            self.pool.retain(|_, _| false);
        }
    }
}

impl Pool {
    /// At most `size` connections to `target`, each of which begins with `settings`.
    pub(super) fn new(target: &Target, size: usize, settings: &'static str) -> anyhow::Result<Self> {
        let manager = Manager::new(target.config.clone(), target.tls()?);
        let begin = Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async move { client.batch_execute(settings).await.map_err(HookError::Backend) })
        });
        let pool = deadpool_postgres::Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts {
                wait: Some(CONNECTION_WAIT_MAX),
                create: Some(CONNECTION_WAIT_MAX),
                recycle: Some(CONNECTION_WAIT_MAX),
            })
            .post_create(begin)
            .build()?;
        Ok(Self(pool))
    }

    /// Borrows a connection.
    pub(super) async fn connect(&self) -> Result<Connection, Failure> {
        Ok(Connection { object: Some(self.0.get().await?), is_settled: false, pool: self.0.clone() })
    }

    /// Does the server answer? Asked once, not again and again.
    pub(super) async fn check(&self) -> store::Result<()> {
        let asking = async {
            let mut connection = self.connect().await?;
            let result = connection.object()?.simple_query("SELECT 1").await.map_err(Failure::from);
            connection.settle(&result);
            result.map(|_| ())
        };
        tokio::time::timeout(CONNECTION_WAIT_MAX, asking)
            .await
            .unwrap_or(Err(Failure::TooSlow))
            .map_err(Into::into)
    }

    /// Ends every connection.
    pub(super) fn close(&self) {
        self.0.close();
    }
}

impl Connection {
    /// The connection itself.
    pub(super) fn object(&self) -> Result<&Object, Failure> {
        self.object.as_ref().ok_or(Failure::NoConnection("the connection was given back"))
    }

    /// The connection itself, for a transaction.
    pub(super) fn object_mut(&mut self) -> Result<&mut Object, Failure> {
        self.object.as_mut().ok_or(Failure::NoConnection("the connection was given back"))
    }

    /// Its work came to an end, this way or that: the next one can have it, unless it is the connection that failed.
    pub(super) fn settle<T>(&mut self, result: &Result<T, Failure>) {
        let is_broken = result.as_ref().is_err_and(|failure| failure.remedy() == Remedy::Reconnect);
        self.is_settled = !is_broken;
    }
}

/// Gives one attempt its time and no more.
pub(super) async fn within<T>(attempt: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::time::timeout(ATTEMPT_MAX, attempt).await.unwrap_or(Err(Failure::TooSlow))
}

/// Reads on a connection of `$pool` what `$reach` allows, again if need be.
///
/// A macro, since a closure that borrows cannot promise that its future may change threads.
macro_rules! read {
    ($pool:expr, $reach:expr, |$reader:ident| $work:expr) => {{
        let mut attempts = $crate::store::postgres::retry::Attempts::new();
        loop {
            let attempt = async {
                let mut connection = $pool.connect().await?;
                let $reader = $crate::store::postgres::reach::Reader::new(connection.object()?, $reach);
                let result = $work.await;
                connection.settle(&result);
                result
            };
            match $crate::store::postgres::pool::within(attempt).await {
                Err(failure) if attempts.go_on(&failure).await => {}
                result => break result.map_err($crate::store::StoreError::from),
            }
        }
    }};
}

/// Does work that reaches as far as `$reach` in a transaction on a connection of `$pool`, again if need be;
/// on disk when it is done.
///
/// The work must come to the same end when it finds itself done: a commit whose reply is lost is repeated.
macro_rules! transact {
    ($pool:expr, $reach:expr, |$transaction:ident, $attempt:pat_param| $work:expr) => {{
        let mut attempts = $crate::store::postgres::retry::Attempts::new();
        loop {
            let $attempt = attempts.attempt();
            let attempt = async {
                let mut connection = $pool.connect().await?;
                let opened =
                    $crate::store::postgres::reach::Transaction::begin(connection.object()?, $reach).await?;
                let $transaction = &opened;
                let result = $work.await;
                let result = opened.end(result).await;
                connection.settle(&result);
                result
            };
            match $crate::store::postgres::pool::within(attempt).await {
                Err(failure) if attempts.go_on(&failure).await => {}
                result => break result.map_err($crate::store::StoreError::from),
            }
        }
    }};
}

pub(super) use {read, transact};
