//! Which back end is there; every set of verbs beside [`Store`] hands each call to it.
//!
//! A noun with more than a few verbs gets a set of its own ([`Deliveries`] is one): its verbs
//! stand in one list, with their meaning, and each back end has them in a file of that noun.
//! An outbox has none of them: they are the database's behind it.

use super::postgres::PostgresStore;
use super::sqlite::SqliteStore;
use super::{
    Access, Addresses, Cases, Deliveries, Happenings, Invitations, Marks, Orders, Rules, Segments, Sources,
    Store, Tickets,
};

/// The database that is there; comes from [`Store::back_end`].
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

impl dyn Store {
    /// Who may come in, by which secrets, and what they did.
    pub fn access(&self) -> Access<'_> {
        Access(self.back_end())
    }

    /// What is done about low scores.
    pub fn cases(&self) -> Cases<'_> {
        Cases(self.back_end())
    }

    /// What was improved, and when.
    pub fn marks(&self) -> Marks<'_> {
        Marks(self.back_end())
    }

    /// Hooks of sites, and the queue of what goes to them.
    pub fn deliveries(&self) -> Deliveries<'_> {
        Deliveries(self.back_end())
    }

    /// Where sites hear from.
    pub fn sources(&self) -> Sources<'_> {
        Sources(self.back_end())
    }

    /// What happened to customers.
    pub fn happenings(&self) -> Happenings<'_> {
        Happenings(self.back_end())
    }

    /// Orders of shops.
    pub fn orders(&self) -> Orders<'_> {
        Orders(self.back_end())
    }

    /// What is held of an e-mail address.
    pub fn addresses(&self) -> Addresses<'_> {
        Addresses(self.back_end())
    }

    /// Tickets of help desks.
    pub fn tickets(&self) -> Tickets<'_> {
        Tickets(self.back_end())
    }

    /// Customers who are asked by a link of their own, and those who are not.
    pub fn invitations(&self) -> Invitations<'_> {
        Invitations(self.back_end())
    }

    /// What lists say of people.
    pub fn segments(&self) -> Segments<'_> {
        Segments(self.back_end())
    }

    /// Rules of sites, and what they plan.
    pub fn rules(&self) -> Rules<'_> {
        Rules(self.back_end())
    }
}
