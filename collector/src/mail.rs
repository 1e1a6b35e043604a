//! Mail out: one question to one customer, by any server that speaks SMTP.
//!
//! The server is asked step by step, because it matters how far it came: until the text itself is handed over nothing
//! has arrived, and the invitation can be sent later; from then on a broken line leaves it open whether it did, and it
//! is not sent again.

mod hold;
mod letter;
mod sender;
mod server;
mod trouble;
mod wait;

pub use letter::{Letter, compose};
pub use sender::run;
pub use server::{Mailer, SmtpUrl};
