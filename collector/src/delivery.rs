//! News out: what hooks want to hear is sent to them, signed, again and again until they have it.
//!
//! What has to go out stands in the store's queue, put there by the transaction that stored what it tells, so nothing
//! is lost between the two. [`run`] takes what is due, and nobody who sends an answer ever waits for it.
//! The form, the headers and the signature are those of Standard Webhooks (`www.standardwebhooks.com`).

mod address;
mod attempt;
mod body;
mod courier;
mod crm;
mod desk;
mod digest;
mod echo;
mod hand_off;
mod parcel;
mod post;
mod schedule;
mod signature;
mod slack;
mod target;

pub(crate) use courier::IN_FLIGHT_MAX;
pub use courier::run;
pub use crm::{CRM_FIELDS, crm_home, usual_fields};
pub use desk::Desk;
pub use digest::due_day;
pub use hand_off::{HAND_OFF_MS, hand_off};
pub use post::Poster;
pub use signature::secret_text;
pub use target::{Target, URL_CHARS_MAX};

/// Most hooks of one site: each answer is told to each of them.
pub const HOOKS_MAX: usize = 20;

/// How long the log of a hook goes back; what was not delivered until then cannot be replayed.
pub const KEPT_MS: parere_shared::time::Millis = 30 * parere_shared::time::DAY_MS;
