//! The address of a hook, taken apart.

use axum::http::Uri;

use crate::config::Switch;

/// Longest address, in characters.
pub const URL_CHARS_MAX: usize = 1_000;

/// Where a hook leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Name or address, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Is the line encrypted?
    pub is_tls: bool,
    /// Host and port as they stand in the address.
    pub authority: String,
    /// Path and query.
    pub path: String,
}

impl Target {
    /// Takes `url` apart, or says what it must be; `private` lets `http://` pass.
    pub fn parse(url: &str, private: Switch) -> Result<Self, &'static str> {
        const FORM: &str = "an address as in https://receiver.example/hook";
        // Resolvers and proxies do not agree on what other characters mean.
        if url.len() > URL_CHARS_MAX || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(FORM);
        }
        let uri: Uri = url.parse().map_err(|_| FORM)?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if private == Switch::On => false,
            Some("http") => return Err("an address that begins with https://"),
            _ => return Err(FORM),
        };
        let authority = uri.authority().ok_or(FORM)?;
        if authority.as_str().contains('@') {
            return Err("an address without a name and a password");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        let after_host = authority.as_str().rsplit(']').next().unwrap_or_default();
        let port = match authority.port_u16() {
            Some(0) => return Err(FORM),
            Some(port) => port,
            // A port that cannot be read is none that was left out.
            None if after_host.contains(':') => return Err(FORM),
            None if is_tls => 443,
            None => 80,
        };
        if host.is_empty() {
            return Err(FORM);
        }
        Ok(Self {
            host: host.into(),
            port,
            is_tls,
            authority: authority.as_str().into(),
            path: uri.path_and_query().map_or_else(|| "/".into(), |path| path.as_str().into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart_or_refused() {
        for (url, private, expected) in [
            ("https://receiver.example/hook", Switch::Off, Some(("receiver.example", 443, true, "/hook"))),
            ("https://receiver.example", Switch::Off, Some(("receiver.example", 443, true, "/"))),
            (
                "https://receiver.example:8443/a?b=c",
                Switch::Off,
                Some(("receiver.example", 8443, true, "/a?b=c")),
            ),
            ("https://[2606:4700::1111]:444/x", Switch::Off, Some(("2606:4700::1111", 444, true, "/x"))),
            ("https://[::1]/x", Switch::Off, Some(("::1", 443, true, "/x"))),
            ("http://localhost:3000/x", Switch::On, Some(("localhost", 3000, false, "/x"))),
            ("http://localhost/x", Switch::On, Some(("localhost", 80, false, "/x"))),
            ("http://receiver.example/x", Switch::Off, None),
            ("HTTP://receiver.example/x", Switch::Off, None),
            ("https://user:word@receiver.example/", Switch::On, None),
            ("https://receiver.example@10.0.0.1/", Switch::On, None),
            ("https://receiver.example:0/", Switch::On, None),
            ("https://receiver.example:99999/", Switch::On, None),
            ("https://receiver.example:/", Switch::On, None),
            ("https:///hook", Switch::On, None),
            ("ftp://receiver.example/", Switch::On, None),
            ("file:///etc/passwd", Switch::On, None),
            ("gopher://receiver.example/", Switch::On, None),
            ("//receiver.example/", Switch::On, None),
            ("/hook", Switch::On, None),
            ("receiver.example", Switch::On, None),
            ("https://receiver.example/a b", Switch::On, None),
            ("https://receiver.example/\r\nx: y", Switch::On, None),
            ("https://bücher.example/", Switch::On, None),
            ("", Switch::On, None),
        ] {
            let found = Target::parse(url, private);
            let found = found.as_ref().ok().map(|at| (&*at.host, at.port, at.is_tls, &*at.path));
            assert_eq!(found, expected, "{url}");
        }
        assert!(Target::parse(&format!("https://x.example/{}", "a".repeat(1_000)), Switch::On).is_err());
    }
}
