//! Which database, as a URL says it, and what to tell people when there is no way in.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::error::SqlState;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::Failure;
use super::tls::{self, Trust};

/// How long one host may take to answer, unless the URL says otherwise.
const CONNECT_MAX: Duration = Duration::from_secs(4);

/// How long bytes may stay unacknowledged before a connection counts as broken, unless the URL says otherwise.
const SILENCE_MAX: Duration = Duration::from_secs(10);

/// A database that a URL names.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) config: Config,
    trust: Trust,
    root_file: Option<PathBuf>,
}

impl Target {
    /// Reads `postgres://user:password@host:port,host:port/database?sslmode=…`.
    ///
    /// Errors never quote the URL: it has the password in it.
    pub(super) fn parse(url: &str) -> anyhow::Result<Self> {
        let (place, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut trust, mut root_file, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "sslmode" => trust = Some(value.to_owned()),
                "sslrootcert" => {
                    root_file = Some(PathBuf::from(&*percent_decode_str(value).decode_utf8_lossy()));
                }
                _ => rest.push(pair),
            }
        }
        let cleaned = if rest.is_empty() { place.to_owned() } else { format!("{place}?{}", rest.join("&")) };
        let mut config: Config = cleaned.parse().context(
            "the database URL cannot be read; write postgres://user:password@host/database, \
             with special characters of the password percent-encoded",
        )?;
        let (trust, mode) = match trust.as_deref().unwrap_or("prefer") {
            "disable" => (Trust::Plain, SslMode::Disable),
            "prefer" => (Trust::Anyone, SslMode::Prefer),
            "require" if root_file.is_none() => (Trust::Anyone, SslMode::Require),
            // As elsewhere: whoever names a root wants it asked.
            "require" | "verify-ca" => (Trust::AnyNameOf, SslMode::Require),
            "verify-full" => (Trust::NameOf, SslMode::Require),
            other => {
                bail!("sslmode={other} is not known; use disable, prefer, require, verify-ca or verify-full")
            }
        };
        config.ssl_mode(mode);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_MAX);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE_MAX);
        }
        if config.get_application_name().is_none() {
            config.application_name("parere");
        }
        Ok(Self { config, trust, root_file })
    }

    /// How connections are encrypted.
    pub(super) fn tls(&self) -> anyhow::Result<MakeRustlsConnect> {
        tls::connector(self.trust, self.root_file.as_deref())
    }

    /// The user, for sentences.
    pub(super) fn user(&self) -> &str {
        self.config.get_user().unwrap_or("the user")
    }

    /// Why there is no way in, and what to do.
    pub(super) fn unreachable(&self, failure: &Failure) -> anyhow::Error {
        let place = self.place();
        let (user, database) = (self.user(), self.config.get_dbname().unwrap_or_else(|| self.user()));
        match failure.code() {
            Some(code) if *code == SqlState::INVALID_PASSWORD => anyhow::anyhow!(
                "PostgreSQL at {place} refuses the password of the user {user}; correct it in the database URL"
            ),
            Some(code) if *code == SqlState::INVALID_CATALOG_NAME => anyhow::anyhow!(
                "PostgreSQL at {place} has no database {database}; create it with: createdb {database}"
            ),
            Some(code) if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
                anyhow::anyhow!("PostgreSQL at {place} does not let the user {user} in: {failure}")
            }
            Some(code) if *code == SqlState::TOO_MANY_CONNECTIONS => anyhow::anyhow!(
                "PostgreSQL at {place} has no connection left; raise its max_connections (a collector takes eight)"
            ),
            Some(_) => anyhow::anyhow!("PostgreSQL at {place} cannot be used: {failure}"),
            None => anyhow::anyhow!(
                "PostgreSQL at {place} cannot be reached: {failure}; is it running, and is the database URL right?"
            ),
        }
    }

    /// Hosts and ports.
    fn place(&self) -> String {
        let ports = self.config.get_ports();
        let port = |n: usize| ports.get(n).or(ports.first()).copied().unwrap_or(5432);
        let hosts = self.config.get_hosts().iter().enumerate().map(|(n, host)| match host {
            Host::Tcp(name) => format!("{name}:{}", port(n)),
            Host::Unix(folder) => format!("{}/.s.PGSQL.{}", folder.display(), port(n)),
        });
        hosts.collect::<Vec<_>>().join(", ")
    }
}
