//! One request to a CRM, and what its reply means.

use axum::http::Method;
use parere_shared::text;
use parere_shared::time;
use serde_json::Value;

use super::wait::rests_until;
use crate::app::App;
use crate::delivery::echo::{REPEATS, excerpt};
use crate::delivery::post::{Letter, Reply};
use crate::delivery::schedule::Outcome;
use crate::store::{Crm, Webhook, WebhookKind};

/// The edition of Klaviyo's interface in which it is spoken to; Klaviyo answers to each for two years.
const KLAVIYO_REVISION: &str = "2025-10-15";

/// Most bytes of a reply that are read: that to a hundred contacts repeats what was written to each.
const REPLY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Most characters of what a CRM says that are kept.
const SAID_CHARS_MAX: usize = 300;

/// Most bytes of it that are looked at: a character has at most four.
const SAID_BYTES_MAX: usize = 4 * SAID_CHARS_MAX;

/// How one delivery ended, this time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    pub(super) outcome: Outcome,
    /// What the CRM answered; none if it was not asked, or never came so far.
    pub(super) status: Option<u16>,
    pub(super) said: String,
}

/// What a CRM answered to a request that it took.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Null where there is no JSON in it.
    pub(super) body: Value,
}

impl Answer {
    /// All is well.
    pub(super) fn end(&self) -> End {
        End { outcome: Outcome::Taken, status: Some(self.status), said: String::new() }
    }
}

/// The way to one CRM.
pub(super) struct Line<'a> {
    pub(super) app: &'a App,
    pub(super) hook: &'a Webhook,
    pub(super) crm: &'a Crm,
    /// What no reply may bring into the log.
    pub(super) words: Vec<&'a str>,
}

impl Line<'_> {
    /// Asks; an end is why it was not taken.
    pub(super) async fn call(&self, method: Method, path: &str, sent: Option<&Value>) -> Result<Answer, End> {
        let url = format!("{}{path}", self.hook.url.trim_end_matches('/'));
        let letter = Letter {
            method,
            headers: headers(self.hook.kind, &self.crm.token),
            body: sent.map(Value::to_string).unwrap_or_default().into(),
            reply_bytes_max: REPLY_BYTES_MAX,
        };
        let reply = self.app.poster.post(&url, letter).await;
        let reply = reply.map_err(|said| End { outcome: Outcome::NotTaken, status: None, said })?;
        if (200..300).contains(&reply.status) {
            let body = serde_json::from_slice(&reply.beginning).unwrap_or_default();
            return Ok(Answer { status: reply.status, body });
        }
        Err(self.refusal(&reply))
    }

    fn refusal(&self, reply: &Reply) -> End {
        let name = called(self.hook.kind);
        let now = self.app.clock.now();
        let (outcome, said) = match reply.status {
            401 => (Outcome::NotTaken, format!("{name} did not accept the token.")),
            403 => {
                (Outcome::NotTaken, format!("{name} did not accept the token for this; it may lack a scope."))
            }
            429 => {
                let until = rests_until(reply.retry_after.as_deref(), &reply.beginning, now);
                (
                    Outcome::Rests(until),
                    format!("{name} wants to be left alone until {}.", time::format(until)),
                )
            }
            _ => (Outcome::NotTaken, self.message(&reply.beginning)),
        };
        End { outcome, status: Some(reply.status), said }
    }

    /// What a reply says, cut, and without anything of the answers or the token.
    pub(super) fn message(&self, reply: &[u8]) -> String {
        let body: Value = serde_json::from_slice(reply).unwrap_or_default();
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        // HubSpot's form, then Klaviyo's, which is that of JSON:API.
        let said = text(body.get("message")).or_else(|| text(body.pointer("/errors/0/detail")));
        let said = said.map_or_else(|| reply.to_vec(), String::into_bytes);
        let words: Vec<&str> = self.words.iter().copied().chain([&*self.crm.token]).collect();
        // A long one is no message, and whatever is in it is looked for in all that was answered.
        let kept = excerpt(&said[..said.len().min(SAID_BYTES_MAX)], &words);
        if kept != REPEATS {
            return text::clean(&kept, SAID_CHARS_MAX);
        }
        // A word of their own, which tells what kind of mistake it is.
        let category = text(body.get("category")).or_else(|| text(body.pointer("/errors/0/code")));
        let is_word =
            |word: &String| word.len() <= 60 && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
        category.filter(is_word).map_or_else(|| kept.clone(), |category| format!("{category} {kept}"))
    }
}

/// What a CRM is called.
pub(super) fn called(kind: WebhookKind) -> &'static str {
    if kind == WebhookKind::Klaviyo { "Klaviyo" } else { "HubSpot" }
}

fn headers(kind: WebhookKind, token: &str) -> Vec<(&'static str, String)> {
    if kind == WebhookKind::Klaviyo {
        vec![
            ("authorization", format!("Klaviyo-API-Key {token}")),
            ("revision", KLAVIYO_REVISION.into()),
            ("accept", "application/vnd.api+json".into()),
            ("content-type", "application/vnd.api+json".into()),
        ]
    } else {
        vec![("authorization", format!("Bearer {token}")), ("content-type", "application/json".into())]
    }
}
