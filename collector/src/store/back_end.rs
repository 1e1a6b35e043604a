//! Which back end is there; every set of verbs beside [`Store`](super::Store) hands each call to it.
//!
//! A noun with more than a few verbs gets a set of its own ([`Deliveries`](super::Deliveries) is one): its verbs
//! stand in one list, with their meaning, and each back end has them in a file of that noun.
//! An outbox has none of them: they are the database's behind it.

use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;

/// The database that is there; comes from [`Store::back_end`](super::Store::back_end).
#[derive(Debug, Clone, Copy)]
pub enum BackEnd<'a> {
    /// In a file.
    Sqlite(&'a SqliteStore),
    /// On a server.
    Postgres(&'a PostgresStore),
}

/// The verbs of a set; hands each to the back end that is there.
macro_rules! verbs {
    ($set:ident: $($(#[$meaning:meta])* $verb:ident($($name:ident: $kind:ty),* $(,)?) -> $result:ty;)+) => {
        impl $set<'_> {$(
            $(#[$meaning])*
            pub async fn $verb(&self, $($name: $kind),*) -> $crate::store::Result<$result> {
                match self.0 {
                    $crate::store::BackEnd::Sqlite(store) => store.$verb($($name),*).await,
                    $crate::store::BackEnd::Postgres(store) => store.$verb($($name),*).await,
                }
            }
        )+}
    };
}

pub(super) use verbs;
