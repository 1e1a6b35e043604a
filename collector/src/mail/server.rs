//! The server that takes mail, and one dialogue with it.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use axum::http::Uri;
use lettre::Address;
use lettre::message::Mailbox;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;

use super::trouble::{unencrypted, unknown, unreached};
use super::wait::is_nobody;

/// How long the server may take for one step.
const STEP_MAX: Duration = Duration::from_secs(30);

/// How long the whole dialogue may take but for the farewell; a claim lasts longer.
pub(super) const DIALOGUE_MAX: Duration = Duration::from_mins(2);

/// How long a server may take for its farewell, when all that counts is said.
const FAREWELL_MAX: Duration = Duration::from_secs(3);

/// Ports of mail submission, without and with encryption from the first byte (RFC 8314).
const PORTS: (u16, u16) = (587, 465);

/// How a line is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    /// From the first byte.
    Whole,
    /// Before anything is said, or not at all.
    Needed,
    /// If the server can.
    Offered,
    /// Not, where the network is all one's own.
    Off,
}

/// `smtp://user:password@host:port` or `smtps://…`; nothing prints its password.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<(String, String)>,
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[smtp server]")
    }
}

impl FromStr for SmtpUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "must be smtp://host:port or smtps://user:password@host:port, with ?tls=required, offered or \
                            off behind smtp:// where that is wanted; signs such as @ in a password are written as %40";
        let uri: Uri = text.trim().parse().map_err(|_| FORM)?;
        let authority = uri.authority().ok_or(FORM)?;
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        let credentials = user.and_then(|user| user.split_once(':'));
        if user.is_some() && credentials.is_none() {
            return Err(FORM);
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = credentials.map(|(name, password)| (decoded(name), decoded(password)));
        let encryption = match (uri.scheme_str(), uri.query()) {
            (Some("smtps"), None) => Encryption::Whole,
            (Some("smtp"), Some("tls=required")) => Encryption::Needed,
            (Some("smtp"), Some("tls=off")) => Encryption::Off,
            // A password goes over no open line unless somebody says so.
            (Some("smtp"), None) if credentials.is_some() => Encryption::Needed,
            (Some("smtp"), None | Some("tls=offered")) => Encryption::Offered,
            _ => return Err(FORM),
        };
        let usual = if encryption == Encryption::Whole { PORTS.1 } else { PORTS.0 };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        if host.is_empty() {
            return Err(FORM);
        }
        Ok(Self { host, port: authority.port_u16().unwrap_or(usual), encryption, credentials })
    }
}

/// Where mail goes, and from whom.
#[derive(Debug, Clone)]
pub struct Mailer {
    server: SmtpUrl,
    /// What stands in `From`.
    pub from: Mailbox,
}

/// How far a dialogue came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Handed {
    /// The server has it.
    Over,
    /// It has not, and may take it later; in its words.
    NotYet(String),
    /// It takes none before somebody has changed something.
    NoWay {
        /// In a word; begins with `no_`, as all do for which no try is counted.
        reason: &'static str,
        /// In a sentence.
        why: String,
    },
    /// It never will; is there nobody at the address?
    Never {
        /// Whether that is why.
        is_nobody: bool,
    },
    /// It was called off, or is somebody else's.
    NotOurs,
    /// The line broke when the text was on its way.
    Unclear,
}

impl Mailer {
    /// With the sender's address, as in `Bottega Fiorini <ask@example.com>`.
    pub fn new(server: SmtpUrl, from: &str) -> anyhow::Result<Self> {
        let from = from.parse().with_context(|| {
            format!("--mail-from must be an address such as Shop <ask@example.com>, not {from:?}")
        })?;
        Ok(Self { server, from })
    }

    /// Hands one mail over. Between the greeting and the text, `begin` says whether to go on.
    pub(super) async fn hand_over<B>(&self, to: &Address, message: &[u8], begin: B) -> Handed
    where
        B: AsyncFnOnce() -> bool,
    {
        let is_begun = AtomicBool::new(false);
        let begin = async || {
            let is_ours = begin().await;
            is_begun.store(is_ours, Ordering::Relaxed);
            is_ours
        };
        let talk = async {
            let mut line = self.connect().await?;
            let handed = self.dialogue(&mut line, to, message, begin).await;
            Ok((line, handed))
        };
        match tokio::time::timeout(DIALOGUE_MAX, talk).await {
            Ok(Ok((mut line, handed))) => {
                // Neither what it says to a farewell nor whether it says anything changes what became of the mail.
                let farewell = async {
                    if handed == Handed::Unclear {
                        line.abort().await;
                    } else {
                        line.quit().await.ok();
                    }
                };
                tokio::time::timeout(FAREWELL_MAX, farewell).await.ok();
                handed
            }
            Ok(Err(handed)) => handed,
            Err(_) if is_begun.load(Ordering::Relaxed) => Handed::Unclear,
            Err(_) => Handed::NotYet("it took too long".into()),
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Handed> {
        let server = &self.server;
        let name = ClientId::Domain(self.from.email.domain().to_owned());
        let tls = || TlsParameters::new(server.host.clone()).map_err(|error| unreached(&error));
        let whole = if server.encryption == Encryption::Whole { Some(tls()?) } else { None };
        let place = (server.host.as_str(), server.port);
        let line = AsyncSmtpConnection::connect_tokio1(place, Some(STEP_MAX), &name, whole, None).await;
        let mut line = line.map_err(|error| unreached(&error))?;
        match (server.encryption, line.can_starttls()) {
            (Encryption::Needed, false) => return Err(unencrypted()),
            (Encryption::Needed | Encryption::Offered, true) => {
                line.starttls(tls()?, &name).await.map_err(|error| unreached(&error))?;
            }
            _ => {}
        }
        if let Some((user, password)) = &server.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            line.auth(DEFAULT_MECHANISMS, &credentials).await.map_err(|error| unknown(&error))?;
        }
        Ok(line)
    }

    async fn dialogue<B>(
        &self,
        line: &mut AsyncSmtpConnection,
        to: &Address,
        message: &[u8],
        begin: B,
    ) -> Handed
    where
        B: AsyncFnOnce() -> bool,
    {
        if let Err(error) = line.command(Mail::new(Some(self.from.email.clone()), Vec::new())).await {
            // That is about us and not about the customer.
            return Handed::NotYet(said(&error));
        }
        if let Err(error) = line.command(Rcpt::new(to.clone(), Vec::new())).await {
            return refused(&error);
        }
        if !begin().await {
            return Handed::NotOurs;
        }
        if let Err(error) = line.command(Data).await {
            return refused(&error);
        }
        match line.message(message).await {
            Ok(_) => Handed::Over,
            Err(error) if error.is_transient() || error.is_permanent() => refused(&error),
            Err(_) => Handed::Unclear,
        }
    }
}

/// What a refusal means.
fn refused(error: &Error) -> Handed {
    if !error.is_permanent() {
        return Handed::NotYet(said(error));
    }
    let code = error.status().map_or(0, u16::from);
    Handed::Never { is_nobody: is_nobody(code, &said(error)) }
}

fn said(error: &Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_named_by_its_url() {
        let read = |text: &str| text.parse::<SmtpUrl>();
        for (text, host, port, encryption) in [
            ("smtp://localhost:2525", "localhost", 2525, Encryption::Offered),
            ("smtp://mail.example", "mail.example", 587, Encryption::Offered),
            ("smtp://mail.example?tls=off", "mail.example", 587, Encryption::Off),
            ("smtp://mail.example:25?tls=required", "mail.example", 25, Encryption::Needed),
            ("smtp://a:b@mail.example", "mail.example", 587, Encryption::Needed),
            ("smtp://a:b@mail.example?tls=offered", "mail.example", 587, Encryption::Offered),
            ("smtps://a:b@mail.example", "mail.example", 465, Encryption::Whole),
            ("smtp://[::1]:25", "::1", 25, Encryption::Offered),
        ] {
            let url = read(text).unwrap();
            assert_eq!((&*url.host, url.port, url.encryption), (host, port, encryption), "{text}");
        }
        let url = read("smtps://me%40shop.example:p%40ss@mail.example").unwrap();
        assert_eq!(url.credentials, Some(("me@shop.example".into(), "p@ss".into())));
        assert!(!format!("{url:?}").contains("p@ss"));
        for text in ["", "mail.example", "http://mail.example", "smtp://a@mail.example", "smtps://x?tls=off"]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
