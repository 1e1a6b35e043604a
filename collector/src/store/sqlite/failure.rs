//! What a caller can do about an error of SQLite, and what a person can.

use rusqlite::{Error, ErrorCode};

use crate::store::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Corrupt(error.into()),
                ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch | ErrorCode::TooBig => {
                    Self::Refused(error.into())
                }
                _ => Self::Unavailable(error.into()),
            },
            Error::FromSqlConversionFailure(..)
            | Error::InvalidColumnType(..)
            | Error::IntegralValueOutOfRange(..) => Self::Corrupt(error.into()),
            _ => Self::Unavailable(error.into()),
        }
    }
}

/// May the connection no longer know what is on disk?
///
/// After a failed fsync the system forgets what it could not write, and the next fsync succeeds without it:
/// nothing may be built on what this connection wrote last.
pub(super) fn is_broken(error: &Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::SystemIoFailure | ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

/// The error, with what a person can do about it if that is known.
pub(super) fn advised(error: anyhow::Error) -> anyhow::Error {
    let cause = error.chain().find_map(|cause| cause.downcast_ref::<Error>());
    match cause.and_then(|cause| Some((cause, advice(cause)?))) {
        Some((cause, advice)) => anyhow::anyhow!("{advice} ({cause})"),
        None => error,
    }
}

fn advice(error: &Error) -> Option<&'static str> {
    Some(match error.sqlite_error_code()? {
        ErrorCode::NotADatabase => "it is not a SQLite database; name another file with --database-url",
        ErrorCode::DatabaseCorrupt => "it is damaged; put a backup in its place",
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            "another program holds it locked; end that program and start again"
        }
        ErrorCode::DiskFull => "the disk is full; free some space and start again",
        ErrorCode::SystemIoFailure => {
            "the disk cannot be read or written; look for its errors in the system's log"
        }
        ErrorCode::ReadOnly => "it cannot be written; look at its mode and at how the disk is mounted",
        _ => return None,
    })
}
