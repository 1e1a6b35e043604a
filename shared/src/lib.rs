//! The words and rules that widget and collector share.
//!
//! Everything here is pure: no I/O, no clock, no randomness.
//! It compiles natively and to wasm, and the *same* functions decide in the browser and on the server.
//!
//! | module | answers |
//! |---|---|
//! | [`survey`] | what is asked, where and when |
//! | [`wording`], [`language`] | our own words for it, by language; which language is nearest to another |
//! | [`instrument`] | exactly what a shopper saw, as a hash |
//! | [`config`], [`icon`] | what the browser is told, in one language; how points are drawn |
//! | [`gate`], [`memory`] | may this shopper be asked now, and why not |
//! | [`response`] | an answer, and whether it is one |
//! | [`event`] | what becomes of a question without one |
//! | [`redact`] | which addresses and numbers a comment loses |
//! | [`score`] | what the answers say, and how sure we are |
//! | [`speed`] | how long customers waited, and how much of it in business hours |
//! | [`contrast`] | whether a colour can be read, and the nearest that can |
//! | [`violation`], [`problem`] | what is wrong with an input |
//! | [`policy`] | does a shop's Content-Security-Policy let the widget in |
//! | `schema` | what is written otherwise than it is kept, for the collector's description of itself |
//! | [`limit`], [`time`], [`text`] | bounds, moments, characters |

pub mod config;
pub mod contrast;
pub mod event;
pub mod gate;
pub mod icon;
pub mod instrument;
pub mod language;
pub mod limit;
pub mod memory;
pub mod policy;
pub mod problem;
pub mod redact;
pub mod response;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod score;
pub mod speed;
pub mod survey;
pub mod text;
pub mod time;
pub mod violation;
pub mod wording;
