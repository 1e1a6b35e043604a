//! From the bytes of a request to records that can be stored.
//!
//! `body` reads bytes, `fields` reads JSON, `admission` asks whether this site and survey take it,
//! `doubt` asks whether a shopper sent it, `record` fills in what only the server knows.
//! `event` does all of this for what is only counted.

pub mod admission;
pub mod body;
mod doubt;
pub mod event;
mod fields;
pub(crate) mod record;
