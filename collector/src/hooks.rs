//! What others tell a site: orders of its shop, tickets of its help desk, letters that came back.
//!
//! A message is believed if it is signed with the secret of its source, over the bytes that came ([`signature`]); then
//! [`Told`] hands it to the handler of that source. Whatever it does is committed before it is acknowledged, and the
//! same message again, or one that comes late, leads to the same end.

mod helpscout;
mod receive;
mod signature;
pub mod tickets;
mod zendesk;

pub use receive::{Message, Told};
pub use signature::{SECRET_CHARS_MAX, SECRET_CHARS_MIN, own_secret};
