//! Why a mail server is of no use as it is set up, in a sentence for whoever runs the collector.
//!
//! None of these is about a customer or passes by itself: the mail waits, and no try is counted.

use std::error::Error as _;

use lettre::transport::smtp::Error;

use super::server::Handed;

/// What kept us from a line to the server, or from an encrypted one.
pub(super) fn unreached(error: &Error) -> Handed {
    match certificate(error) {
        Some(doubt) => Handed::NoWay {
            reason: "no_trust",
            why: format!("the mail server's certificate is not trusted, so nothing was said to it: {doubt}"),
        },
        None => Handed::NotYet(error.to_string()),
    }
}

/// There is no encryption where it is needed.
pub(super) fn unencrypted() -> Handed {
    let why = "the mail server offers no encryption (STARTTLS), so no password was said to it";
    Handed::NoWay { reason: "no_encryption", why: why.into() }
}

/// The server did not let us in; one that says "later" is asked again as with a mail.
pub(super) fn unknown(error: &Error) -> Handed {
    if error.is_permanent() || error.is_client() {
        let why = format!("the mail server did not take the user and password of --smtp-url: {error}");
        return Handed::NoWay { reason: "no_sign_in", why };
    }
    Handed::NotYet(error.to_string())
}

/// What is wrong with the certificate, if that is what is wrong.
fn certificate(error: &Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(found) = cause {
        let inner = found.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if let Some(tls @ rustls::Error::InvalidCertificate(_)) = tls {
            return Some(tls.to_string());
        }
        cause = found.source();
    }
    None
}
