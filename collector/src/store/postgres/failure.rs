//! What went wrong with PostgreSQL, and what can be done about it.
//!
//! Only the message and the code of a server's error are ever shown: its details can quote a row.

use std::error::Error as _;
use std::fmt;

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// A failed attempt.
#[derive(Debug)]
pub(super) enum Failure {
    /// The server said no, or the connection to it broke.
    Database(Error),
    /// No connection could be had; says why.
    NoConnection(&'static str),
    /// It took longer than it may.
    TooSlow,
    /// What was read cannot be understood; says what.
    Unreadable(String),
}

/// What can be done about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Somebody else wrote at the same time: do it again.
    Again,
    /// The connection is gone: do it again on another one.
    Reconnect,
    /// Come back later.
    Later,
    /// The same record will never be taken.
    Never,
    /// A person has to look.
    Repair,
}

impl Failure {
    pub(super) fn remedy(&self) -> Remedy {
        let error = match self {
            Self::NoConnection(_) | Self::TooSlow => return Remedy::Later,
            Self::Unreadable(_) => return Remedy::Repair,
            Self::Database(error) => error,
        };
        let Some(state) = error.code() else {
            // Broken off, refused, or closed before it was used. What cannot be read back is another matter.
            let is_decoding = error.to_string().starts_with("error deserializing");
            return if is_decoding { Remedy::Repair } else { Remedy::Reconnect };
        };
        match state.code().get(..2) {
            _ if *state == SqlState::T_R_SERIALIZATION_FAILURE
                || *state == SqlState::T_R_DEADLOCK_DETECTED =>
            {
                Remedy::Again
            }
            // Shut down, crashed, starting up; idle in a transaction for too long; moved to a standby.
            Some("08") => Remedy::Reconnect,
            _ if [
                SqlState::ADMIN_SHUTDOWN,
                SqlState::CRASH_SHUTDOWN,
                SqlState::CANNOT_CONNECT_NOW,
                SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
                SqlState::READ_ONLY_SQL_TRANSACTION,
            ]
            .contains(state) =>
            {
                Remedy::Reconnect
            }
            Some("22" | "23") => Remedy::Never,
            Some("XX") if *state != SqlState::INTERNAL_ERROR => Remedy::Repair,
            _ => Remedy::Later,
        }
    }

    /// The server's code, where it gave one.
    pub(super) fn code(&self) -> Option<&SqlState> {
        match self {
            Self::Database(error) => error.code(),
            _ => None,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => match error.as_db_error() {
                Some(said) => write!(f, "{} ({})", said.message(), said.code().code()),
                None => match error.source() {
                    Some(cause) => write!(f, "{cause}"),
                    None => write!(f, "{error}"),
                },
            },
            Self::NoConnection(why) => f.write_str(why),
            Self::TooSlow => f.write_str("it took too long"),
            Self::Unreadable(what) => write!(f, "cannot be understood: {what}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

impl From<PoolError> for Failure {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
                Self::Database(error)
            }
            PoolError::Timeout(TimeoutType::Wait) => Self::NoConnection("no connection became free in time"),
            PoolError::Timeout(_) => Self::NoConnection("the server did not answer in time"),
            _ => Self::NoConnection("the store is closed"),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure.remedy() {
            Remedy::Again | Remedy::Reconnect | Remedy::Later => Self::Unavailable(failure.into()),
            Remedy::Never => Self::Refused(failure.into()),
            Remedy::Repair => Self::Corrupt(failure.into()),
        }
    }
}
