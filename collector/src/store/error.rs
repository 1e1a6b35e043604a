//! What a caller can do about a store that failed.

/// Why a store could not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It may work later: busy, full, out of reach. The sender keeps the answer and tries again.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A record breaks a rule of the schema; the same record will never be taken.
    #[error("the database refused a record")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The stored data cannot be understood; a person has to look.
    #[error("the database is damaged")]
    Corrupt(#[source] Box<dyn std::error::Error + Send + Sync>),
}
