//! Mail over encrypted lines: to whom an authority of this machine vouches for, with the password that the server knows.

use std::sync::Arc;
use std::time::Instant;

use reqwest::Method;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio_rustls::TlsAcceptor;

use super::smtp::{LOGIN, Line, Smtp};
use super::wish;
use crate::client::PATIENCE;
use crate::postgres::server;
use crate::program::Program;

/// Shows the certificate of our database's server, which is for `localhost` and signed by `root`.
fn acceptor() -> TlsAcceptor {
    let certificate = server().certificate("server");
    let chain = CertificateDer::pem_file_iter(&certificate).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(certificate.with_extension("key")).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
}

/// Sends one mail through `smtp`; what became of its invitation, and the sentence in the log, if there is one.
async fn sent(smtp: &Smtp, scheme: &str, host: &str, authority: &str, password: &str) -> (Value, String) {
    let (folder, known) = (tempfile::tempdir().unwrap(), server().certificate(authority));
    let encoded = |text: &str| text.replace('@', "%40").replace(' ', "%20");
    let url = format!("{scheme}://{}:{}@{host}:{}", encoded(LOGIN.0), encoded(password), smtp.port);
    let program = Program::start_by(
        |command| {
            command.env("PARERE_SMTP_URL", &url).env("PARERE_MAIL_FROM", "Shop <ask@shop.example>");
            command.env("SSL_CERT_FILE", &known)
        },
        folder.path(),
    )
    .await;
    let wanted = wish(json!({"key": "k1", "channel": "email", "address": "luca@example.com"}));
    let made = program.api(Method::POST, "/invitations", Some(&wanted)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let began = Instant::now();
    loop {
        let row = program.read("/invitations").await["invitations"][0].clone();
        if row["state"] == "sent" || row["reason"] != "" {
            let logged = if row["state"] == "sent" { String::new() } else { program.logged("a mail ") };
            return (row, logged);
        }
        assert!(began.elapsed() < PATIENCE, "{row}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn mail_goes_over_an_encrypted_line_with_the_password_that_is_known() {
    let (whole, after) = (Line::Whole(acceptor()), Line::After(acceptor()));
    for (line, scheme, mechanism) in [
        (&whole, "smtps", "PLAIN"),
        (&whole, "smtps", "LOGIN"),
        (&after, "smtp", "PLAIN"),
        (&after, "smtp", "LOGIN"),
    ] {
        let smtp = Smtp::start_by(line.clone(), Some(mechanism)).await;
        let (row, _) = sent(&smtp, scheme, "localhost", "root", LOGIN.1).await;
        assert_eq!((&row["state"], smtp.taken().len()), (&json!("sent"), 1), "{scheme} {mechanism}: {row}");
        assert!(smtp.taken()[0].text.contains("To: luca@example.com"));
        let smtp = Smtp::start_by(line.clone(), Some(mechanism)).await;
        let (row, logged) = sent(&smtp, scheme, "localhost", "root", "wrong").await;
        assert_eq!((&row["state"], &row["reason"]), (&json!("waiting"), &json!("no_sign_in")), "{row}");
        let sentence =
            "the mail server did not take the user and password of --smtp-url: permanent error (535)";
        assert!(logged.contains(sentence) && !logged.contains("wrong\""), "{logged}");
        assert_eq!((smtp.named(""), smtp.taken().len()), (0, 0));
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_nobody_vouches_for() {
    let (whole, after) = (Line::Whole(acceptor()), Line::After(acceptor()));
    for (line, scheme, host, authority) in [
        (&whole, "smtps", "localhost", "stranger"),
        (&after, "smtp", "localhost", "stranger"),
        (&whole, "smtps", "127.0.0.1", "root"),
        (&after, "smtp", "127.0.0.1", "root"),
    ] {
        let smtp = Smtp::start_by(line.clone(), Some("PLAIN")).await;
        let (row, logged) = sent(&smtp, scheme, host, authority, LOGIN.1).await;
        assert_eq!((&row["state"], &row["reason"]), (&json!("waiting"), &json!("no_trust")), "{row}");
        let sentence =
            "the mail server's certificate is not trusted, so nothing was said to it: invalid peer";
        assert!(logged.contains(sentence), "{logged}");
        let said = smtp.said();
        assert!(said.iter().all(|verb| matches!(verb.as_str(), "EHLO" | "STARTTLS")), "{said:?}");
    }
}

#[tokio::test]
async fn a_password_is_not_said_where_the_line_cannot_be_encrypted() {
    let smtp = Smtp::start_by(Line::Open, Some("PLAIN")).await;
    let (row, logged) = sent(&smtp, "smtp", "localhost", "root", LOGIN.1).await;
    assert_eq!((&row["state"], &row["reason"]), (&json!("waiting"), &json!("no_encryption")), "{row}");
    assert!(logged.contains("offers no encryption"), "{logged}");
    assert!(!smtp.said().contains(&"AUTH".to_owned()), "{:?}", smtp.said());
}
