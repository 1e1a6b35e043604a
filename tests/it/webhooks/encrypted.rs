//! Letters over encrypted lines: only to whom an authority of this machine vouches for, by the name in the address.

use std::sync::Arc;

use reqwest::Method;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{Hook, PRIVATE};
use crate::postgres::server;
use crate::program::Program;

/// A receiver with the certificate of our database's server, which is for `localhost`; its port.
async fn receiver() -> u16 {
    let certificate = server().certificate("server");
    let chain = CertificateDer::pem_file_iter(&certificate).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(certificate.with_extension("key")).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Who does not believe us hangs up.
            let Ok(mut line) = acceptor.accept(stream).await else { continue };
            let (mut said, mut buffer) = (String::new(), [0; 4096]);
            while !said.contains("\"webhook.test\"") {
                let len = line.read(&mut buffer).await.unwrap();
                assert!(len > 0, "{said}");
                said.push_str(std::str::from_utf8(&buffer[..len]).unwrap());
            }
            assert!(said.starts_with("POST /hook HTTP/1.1\r\n") && said.contains("webhook-signature: v1,"));
            line.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
            line.shutdown().await.ok();
        }
    });
    port
}

#[tokio::test]
async fn a_receiver_is_believed_by_its_name_and_its_authority() {
    let (folder, port) = (tempfile::tempdir().unwrap(), receiver().await);
    for (authority, host, expected) in [
        ("root", "localhost", "delivered"),
        ("root", "127.0.0.1", "failed"),
        ("stranger", "localhost", "failed"),
    ] {
        let known = server().certificate(authority);
        let program =
            Program::start_by(|command| command.args(PRIVATE).env("SSL_CERT_FILE", &known), folder.path())
                .await;
        let url = format!("https://{host}:{port}/hook");
        let wish = json!({"name": host, "url": url, "events": ["digest.daily"]});
        let hook = Hook::made(&program, &wish).await;
        assert_eq!(program.api(Method::POST, &hook.path("/test"), None).await.status, 202);
        let tried = hook.tried(&program, 1).await;
        assert_eq!(tried["state"], expected, "{authority} {host}: {tried}");
        let said = tried["attempts"][0]["said"].as_str().unwrap();
        assert_eq!(said.contains("could not be encrypted"), expected == "failed", "{said}");
        program.kill();
    }
}
