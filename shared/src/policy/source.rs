//! Does a source of a policy match an address? CSP Level 3, section 6.7.2.

/// An address in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Address<'a> {
    scheme: &'a str,
    host: &'a str,
    port: u16,
    path: &'a str,
}

impl<'a> Address<'a> {
    /// Reads `https://host:port/path`; `None` for anything else.
    pub(super) fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.trim().split_once("://")?;
        let (authority, path) = split_path(rest.split(['?', '#']).next()?);
        let (host, port) = split_port(authority);
        let port = match port {
            Some(port) => port.parse().ok()?,
            None => default_port(scheme)?,
        };
        (!host.is_empty()).then_some(Self { scheme, host, port, path })
    }
}

/// Does `source` let `target` in, on a page at `page`?
pub(super) fn matches(source: &str, target: &Address<'_>, page: Option<&Address<'_>>) -> bool {
    if source == "*" {
        return default_port(target.scheme).is_some();
    }
    if source.starts_with('\'') {
        return source.eq_ignore_ascii_case("'self'") && page.is_some_and(|page| is_same(page, target));
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return is_scheme(scheme, target.scheme);
    }
    let (scheme, rest) =
        source.split_once("://").map_or((None, source), |(scheme, rest)| (Some(scheme), rest));
    // A source without a scheme means the page's own.
    let scheme = scheme.or(page.map(|page| page.scheme)).unwrap_or("https");
    let (authority, path) = split_path(rest);
    let (host, port) = split_port(authority);
    is_scheme(scheme, target.scheme)
        && is_host(host, target.host)
        && is_port(port, target)
        && is_path(path, target.path)
}

/// 'self': the page's own origin, or the same host at the safer scheme.
fn is_same(page: &Address<'_>, target: &Address<'_>) -> bool {
    let is_default = |address: &Address<'_>| default_port(address.scheme) == Some(address.port);
    page.host.eq_ignore_ascii_case(target.host)
        && is_scheme(page.scheme, target.scheme)
        && (page.port == target.port || is_default(page) && is_default(target))
}

/// A scheme stands for itself and for its encrypted form.
fn is_scheme(named: &str, scheme: &str) -> bool {
    let safer: &[&str] = match named.to_ascii_lowercase().as_str() {
        "http" | "wss" => &["https"],
        "ws" => &["wss", "http", "https"],
        _ => &[],
    };
    named.eq_ignore_ascii_case(scheme) || safer.iter().any(|safer| safer.eq_ignore_ascii_case(scheme))
}

/// `*.shop.example` stands for every name below, not for `shop.example` itself.
fn is_host(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some("") => true,
        Some(rest) => {
            let at = host.len().checked_sub(rest.len()).filter(|at| *at > 0);
            let end = at.and_then(|at| host.get(at..));
            rest.starts_with('.') && end.is_some_and(|end| end.eq_ignore_ascii_case(rest))
        }
        None => pattern.eq_ignore_ascii_case(host),
    }
}

fn is_port(port: Option<&str>, target: &Address<'_>) -> bool {
    match port {
        Some("*") => true,
        // What is said of the plain port holds for the encrypted one.
        Some("80") if target.port == 443 => true,
        Some(port) => port.parse() == Ok(target.port),
        None => default_port(target.scheme) == Some(target.port),
    }
}

/// A path that ends in a slash stands for everything below, any other for itself.
fn is_path(pattern: &str, path: &str) -> bool {
    match pattern {
        "" | "/" => true,
        _ if pattern.ends_with('/') => path.starts_with(pattern),
        _ => pattern == path,
    }
}

fn split_path(rest: &str) -> (&str, &str) {
    rest.find('/').map_or((rest, ""), |at| rest.split_at(at))
}

/// An IPv6 address has colons of its own, inside brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        _ => None,
    }
}
