//! One request to a receiver: resolved and checked, connected, sent, and the beginning of the reply.
//!
//! The address that is connected to is the one that was checked, so a name that leads elsewhere a moment later leads
//! nowhere. Nothing follows a redirect: there is nothing here that could.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{HeaderMap, Method, Request, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;

use super::address::is_public;
use super::target::Target;
use crate::config::Switch;

/// How long a connection may take to come about, encryption included.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// How long the whole may take: as Standard Webhooks recommends it at least.
pub(super) const POST_MAX: Duration = Duration::from_secs(15);

/// Most bytes of a reply's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Most addresses of one name that are tried.
const ADDRESSES_MAX: usize = 4;

/// What is sent.
pub(super) struct Letter {
    pub(super) method: Method,
    /// Those besides `host`, `user-agent` and `connection`; their values hold what was checked when it was entered.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
    /// Most bytes of the reply's body that are looked at.
    pub(super) reply_bytes_max: usize,
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) status: u16,
    /// The header `retry-after`, as it was written.
    pub(super) retry_after: Option<String>,
    /// How the body begins.
    pub(super) beginning: Vec<u8>,
}

/// Sends to receivers.
pub struct Poster {
    private: Switch,
    /// Made when the first encrypted line is needed: not every collector has a hook, or authorities on its machine.
    tls: OnceLock<Option<TlsConnector>>,
}

impl Poster {
    /// To addresses of the public internet; to any, where `private` is on.
    pub fn new(private: Switch) -> Self {
        Self { private, tls: OnceLock::new() }
    }

    /// May receivers be in private networks, and lines unencrypted?
    pub fn private(&self) -> Switch {
        self.private
    }

    /// Sends one letter. An error says in a sentence why there is no reply.
    pub(super) async fn post(&self, url: &str, letter: Letter) -> Result<Reply, String> {
        let target = Target::parse(url, self.private).map_err(|form| format!("It must be {form}."))?;
        tokio::time::timeout(POST_MAX, self.send(&target, letter))
            .await
            .unwrap_or_else(|_| Err(format!("No reply within {} seconds.", POST_MAX.as_secs())))
    }

    async fn send(&self, target: &Target, letter: Letter) -> Result<Reply, String> {
        let connecting = tokio::time::timeout(CONNECT_MAX, self.connect(target));
        let stream = connecting
            .await
            .map_err(|_| format!("No connection within {} seconds.", CONNECT_MAX.as_secs()))??;
        if !target.is_tls {
            return exchange(stream, target, letter).await;
        }
        let tls = self.tls.get_or_init(connector).as_ref();
        let tls = tls.ok_or("This machine knows no certificate authority, so no receiver can be checked.")?;
        let name = ServerName::try_from(target.host.clone())
            .map_err(|_| "The host has no name for a certificate.")?;
        let encrypting = tokio::time::timeout(CONNECT_MAX, tls.connect(name, stream));
        let stream = encrypting
            .await
            .map_err(|_| format!("No encryption within {} seconds.", CONNECT_MAX.as_secs()))?
            .map_err(|error| format!("The line could not be encrypted: {error}."))?;
        exchange(stream, target, letter).await
    }

    /// A connection to an address that was checked.
    async fn connect(&self, target: &Target) -> Result<TcpStream, String> {
        let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
        let found = found.map_err(|_| format!("There is no address for the name {}.", target.host))?;
        let allowed: Vec<SocketAddr> =
            found.filter(|address| self.private == Switch::On || is_public(address.ip())).collect();
        if allowed.is_empty() {
            return Err(format!("{} is no address of the public internet.", target.host));
        }
        let mut last = String::new();
        for address in allowed.into_iter().take(ADDRESSES_MAX) {
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = format!("No connection: {error}."),
            }
        }
        Err(last)
    }
}

/// Encrypted lines to whom an authority of this machine vouches for; none where it knows no authority.
fn connector() -> Option<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return None;
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = builder.with_safe_default_protocol_versions().ok()?.with_root_certificates(roots);
    Some(TlsConnector::from(Arc::new(config.with_no_client_auth())))
}

async fn exchange<S>(stream: S, target: &Target, letter: Letter) -> Result<Reply, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| format!("The exchange broke off: {error}.");
    let mut builder = http1::Builder::new();
    let shaken = builder.max_buf_size(HEAD_BYTES_MAX).handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(broken)?;
    // Ends with this function, however that ends.
    let mut driving = JoinSet::new();
    driving.spawn(async move { connection.await.ok() });
    let mut request = Request::builder()
        .method(letter.method)
        .uri(&target.path)
        .header(header::HOST, &target.authority)
        .header(header::USER_AGENT, concat!("parere/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close");
    for (name, value) in letter.headers {
        request = request.header(name, value);
    }
    let request =
        request.body(Full::new(letter.body)).map_err(|error| format!("It cannot be sent: {error}."))?;
    let reply = sender.send_request(request).await.map_err(broken)?;
    let (status, retry_after) = (reply.status().as_u16(), retry_after(reply.headers()));
    let mut body = reply.into_body();
    let mut beginning = Vec::new();
    while beginning.len() < letter.reply_bytes_max {
        // What the receiver says beyond its status changes nothing, even where it breaks off.
        let Some(Ok(frame)) = body.frame().await else { break };
        beginning.extend_from_slice(frame.data_ref().map_or(&[][..], |bytes| bytes));
    }
    beginning.truncate(letter.reply_bytes_max);
    Ok(Reply { status, retry_after, beginning })
}

fn retry_after(headers: &HeaderMap) -> Option<String> {
    headers.get(header::RETRY_AFTER)?.to_str().ok().map(Into::into)
}
