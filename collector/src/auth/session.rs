//! Sessions of people on the dashboard: a cookie that only the browser knows, and its hash in the store.

use axum::http::{HeaderMap, HeaderValue, header};
use parere_shared::time::{DAY_MS, Millis};

use super::hash;
use crate::app::App;
use crate::error::ApiError;
use crate::random;
use crate::store::Session;

/// How long a sign-in lasts: a working month, on the operator's own machine.
pub const SESSION_MS: Millis = 30 * DAY_MS;

/// Cookie of a session that has begun.
pub struct Started(pub HeaderValue);

/// Starts a session for `account`, in place of the one that the request carries, if it carries one.
pub async fn start_session(app: &App, account: &str, headers: &HeaderMap) -> Result<Started, ApiError> {
    end_session(app, headers).await?;
    let (secret, now) = (random::token::<32>()?, app.clock.now());
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let session = Session {
        hash: hash(&secret),
        account: account.into(),
        browser: browser(agent),
        created_at: now,
        used_at: now,
        expires_at: now + SESSION_MS,
    };
    app.store.access().add_session(session).await?;
    Ok(Started(cookie_of(&app.public_url, &secret, SESSION_MS / 1000)?))
}

/// Ends the session whose cookie a request carries, if it carries one; says whose it was.
pub async fn end_session(app: &App, headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(secret) = secret(headers) else { return Ok(None) };
    let Some(session) = app.store.access().session(hash(secret), app.clock.now()).await? else {
        return Ok(None);
    };
    app.store.access().remove_session(&session.account, session.hash).await?;
    Ok(Some(session.account))
}

/// No script reads it, no foreign form sends it, and over https no neighbour overwrites it:
/// `__Host-` binds it to this host, which browsers allow over https only.
pub fn cookie_of(public_url: &str, secret: &str, max_age_s: i64) -> Result<HeaderValue, ApiError> {
    let (name, secure) =
        if public_url.starts_with("https://") { ("__Host-parere", "; Secure") } else { ("parere", "") };
    let cookie = format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    Ok(HeaderValue::from_str(&cookie).map_err(anyhow::Error::from)?)
}

/// The secret in a request's cookie.
pub(super) fn secret(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| matches!(*name, "__Host-parere" | "parere")).map(|(_, secret)| secret)
}

/// A browser as its user would name it; what it says about itself is not kept.
fn browser(agent: &str) -> String {
    let named = |table: &[(&str, &'static str)], unknown: &'static str| {
        table.iter().find(|(mark, _)| agent.contains(mark)).map_or(unknown, |(_, name)| name)
    };
    // Each calls itself by the names of those below it, too: the first one counts.
    let program = named(
        &[
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("SamsungBrowser", "Samsung Internet"),
            ("Firefox", "Firefox"),
            ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"),
            ("Chrome", "Chrome"),
            ("Safari", "Safari"),
        ],
        "A browser",
    );
    let system = named(
        &[
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS X", "Mac"),
            ("CrOS", "ChromeOS"),
            ("Linux", "Linux"),
        ],
        "another system",
    );
    format!("{program} on {system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_locked_to_the_host() {
        for (url, cookie) in [
            (
                "https://feedback.example",
                "__Host-parere=s; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure",
            ),
            ("http://127.0.0.1:1", "parere=s; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"),
        ] {
            assert_eq!(cookie_of(url, "s", 60).unwrap(), cookie);
        }
    }

    #[test]
    fn browsers_have_the_names_that_people_use() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.5.0", "A browser on another system"),
            ("", "A browser on another system"),
        ] {
            assert_eq!(browser(agent), name);
        }
    }
}
