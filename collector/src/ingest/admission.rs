//! Whether a response is taken: known site, allowed origin, within the limits, open survey, no rule broken.

use std::net::SocketAddr;

use axum::http::{HeaderMap, header};
use parere_shared::limit::COMMENT_CHARS_MAX;
use parere_shared::redact::redact;
use parere_shared::response::{self, Response};
use parere_shared::time::Millis;
use serde_json::Value;

use super::{doubt, fields, record};
use crate::app::App;
use crate::auth::{Caller, WRITE};
use crate::catalogue::SiteEntry;
use crate::client::Client;
use crate::error::ApiError;
use crate::limit::RateLimiter;
use crate::origin;
use crate::store::{Hash, Record};

/// Facts about the request that all of its responses share.
pub struct Sender<'a> {
    /// Whom limits go by.
    pub client: Client,
    /// The page's origin, where a browser named one that is not our own.
    pub origin: Option<&'a str>,
    /// What the request was addressed to.
    pub host: &'a str,
    /// What its program calls itself.
    pub agent: &'a str,
    /// Whose token it shows, if it shows one.
    pub caller: Option<Caller>,
    /// Did it fill in a field that no shopper can see?
    pub is_trapped: bool,
    /// What is known of who answers by the link of an invitation.
    pub invited: Option<ByInvitation>,
    /// When it was received.
    pub now: Millis,
}

/// What an invitation says of its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByInvitation {
    /// HMAC of the merchant's reference for the person.
    pub subject: Option<Hash>,
    /// Did its link bring another score just before?
    pub is_torn: bool,
}

impl<'a> Sender<'a> {
    /// Reads the facts from a request; fails if it shows a token and the store cannot be asked about it.
    pub async fn new(app: &App, peer: SocketAddr, headers: &'a HeaderMap) -> Result<Self, ApiError> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("null"));
        // The hosted pages of a site are ours, whatever shops the site lists.
        let is_own = origin::is_own(headers, &app.public_url);
        Ok(Self {
            client: app.client.client(peer, headers),
            origin: text(header::ORIGIN).filter(|_| !is_own),
            host: text(header::HOST).unwrap_or_default(),
            agent: text(header::USER_AGENT).unwrap_or_default(),
            caller: Caller::by_shown_token(app, headers).await?,
            is_trapped: false,
            invited: None,
            now: app.clock.now(),
        })
    }

    /// Is it a program of the site's own, which may send answers of many shoppers?
    pub fn is_operator_of(&self, site: &str) -> bool {
        self.caller.as_ref().is_some_and(|caller| caller.rights_at(site).has(WRITE))
    }
}

/// A record that can be stored, or the reason why not.
///
/// Only what names a site is read before the origin is checked; only what names a survey before its rules are.
pub fn admit(app: &App, sender: &Sender<'_>, value: &Value) -> Result<Record, ApiError> {
    let (mut response, mut violations) = fields::read(value);
    let is_named = |field: &str| !violations.iter().any(|violation| violation.field == field);
    if !is_named("site") || !is_named("survey") || !is_named("body") {
        return Err(ApiError::Invalid(violations));
    }
    let site =
        app.catalogue.site(&response.site).ok_or(ApiError::NotFound("There is no site with this key."))?;
    check_sender(&app.limiter, sender, &site)?;
    let entry =
        site.survey(&response.survey).ok_or(ApiError::NotFound("The site has no survey of this name."))?;
    if !entry.survey.accepts(response.test) {
        return Err(ApiError::Closed);
    }
    violations.extend(checked(&response, &violations));
    if !violations.iter().any(|violation| violation.field == "score") {
        violations.extend(response::check_against(&response, &entry.survey));
    }
    // Before anything is made of it: neither the row nor the digest that tells a retry knows the raw text.
    response.comment = response.comment.as_deref().map(masked);
    if !violations.is_empty() {
        return Err(ApiError::Invalid(violations));
    }
    let doubts = doubt::of(sender, app.visitors.as_ref(), &response);
    // Only an id that cannot be read makes no record, and that is a violation.
    let is_operator = sender.is_operator_of(&site.site.key);
    let receipt = record::Receipt { now: sender.now, is_operator, doubts };
    let mut record =
        record::of(response, &site, entry, receipt).unwrap_or(Err(ApiError::Invalid(violations)))?;
    // A link carries no reference of a person: the invitation has its hash.
    record.subject = record.subject.or(sender.invited.and_then(|invited| invited.subject));
    Ok(record)
}

/// A comment as it is stored; masks can be longer than what they stand for, and the store has the wire's bound.
pub(crate) fn masked(comment: &str) -> String {
    redact(comment).chars().take(COMMENT_CHARS_MAX).collect()
}

/// The rules of the wire, for fields that could be read at all.
fn checked(
    response: &Response,
    unreadable: &[parere_shared::violation::Violation],
) -> Vec<parere_shared::violation::Violation> {
    let mut broken = response::check(response);
    broken.retain(|violation| !unreadable.iter().any(|earlier| earlier.field == violation.field));
    broken
}

/// May this sender send to this site, and so much?
pub(super) fn check_sender(
    limiter: &RateLimiter,
    sender: &Sender<'_>,
    site: &SiteEntry,
) -> Result<(), ApiError> {
    // A request without an origin comes from a program, not from a page; a page cannot leave it out.
    if let Some(origin) = sender.origin
        && !site.site.origins.iter().any(|rule| rule.allows(origin, sender.host))
    {
        return Err(ApiError::Forbidden(
            "Answers from this origin are not taken; add it to the site's origins.",
        ));
    }
    limiter.check(&site.site.key, sender.client).map_err(|wait| ApiError::TooMany {
        // Rounded up: a sender that comes back too early would be refused again.
        retry_after_s: wait.as_secs() + 1,
    })
}
