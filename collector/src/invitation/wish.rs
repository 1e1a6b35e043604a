//! What one may wish of an invitation.

use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::response::ResponseId;
use parere_shared::text;
use parere_shared::time::{self, DAY_MS, Millis};
use parere_shared::violation::{Rule, Violation};
use serde::Deserialize;
use utoipa::ToSchema;

use super::person::person_key;
use crate::auth::email;
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::ingest::record::subject_hash;
use crate::store::{Invitation, InvitationChannel, InvitationState};

/// How long a link leads somewhere where nothing else was wished.
const LIFE_MS: Millis = 30 * DAY_MS;

/// How long it leads somewhere at most, and how far ahead it may be due: as long as it is kept.
const LIFE_MS_MAX: Millis = 365 * DAY_MS;

/// Most digits of a telephone number (ITU-T E.164), and fewest that reach somebody in another country.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// An invitation as it is sent.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvitationIn {
    /// Slug of the survey.
    pub survey: String,
    /// `email`, `sms`, `link`, `qr` or `other`.
    pub channel: String,
    /// What it is for: a site has one invitation of each, so that the same request again makes none.
    pub key: Option<String>,
    /// Where to: a mail address, or for `sms` a telephone number. For `link` and `qr` it is not needed.
    pub address: Option<String>,
    /// The merchant's reference for the person; stored only as a keyed hash.
    pub subject: Option<String>,
    /// The merchant's order reference.
    #[serde(rename = "ref")]
    pub order_ref: Option<String>,
    /// The conversation with support that is asked about.
    pub ticket: Option<String>,
    /// Language of the customer.
    pub locale: Option<String>,
    /// When it is sent; at once where absent.
    pub due_at: Option<String>,
    /// From when on its link leads nowhere; 30 days after it is due where absent.
    pub expires_at: Option<String>,
}

/// Is this an address that a mail can be sent to?
pub fn is_email(address: &str) -> bool {
    email(address).is_some() && address.is_ascii() && !address.contains(['\\', '(', ')', '[', ']', ':'])
}

/// Is this a telephone number that a text can be sent to?
pub fn is_phone(number: &str) -> bool {
    let is_known = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '/');
    number.chars().all(is_known)
        && PHONE_DIGITS.contains(&number.chars().filter(char::is_ascii_digit).count())
}

/// The invitation that is wished for, or every rule that is broken.
pub(super) fn invitation(
    sent: &InvitationIn,
    site: &SiteEntry,
    id: ResponseId,
    now: Millis,
) -> Result<Invitation, ApiError> {
    let mut found = texts(sent);
    let channel = InvitationChannel::parse(&sent.channel).unwrap_or_else(|| {
        found.push(Violation::new("channel", Rule::Unknown("email, sms, link, qr or other")));
        InvitationChannel::Link
    });
    if site.survey(&sent.survey).is_none() {
        found.push(Violation::new("survey", Rule::Unknown("a survey of this site")));
    }
    let address = sent.address.as_deref().map(str::trim).filter(|address| !address.is_empty());
    found.extend(wrong_address(channel, address));
    let due_at = moment(sent.due_at.as_deref(), "due_at", &mut found).unwrap_or(now).max(now);
    let expires_at = moment(sent.expires_at.as_deref(), "expires_at", &mut found);
    let expires_at = expires_at.unwrap_or(due_at.saturating_add(LIFE_MS));
    if expires_at <= due_at {
        found.push(Violation::new("expires_at", Rule::Contradiction("must be later than due_at")));
    }
    if expires_at > now + LIFE_MS_MAX {
        found.push(Violation::new("expires_at", Rule::Format("within a year from now")));
    }
    if !found.is_empty() {
        return Err(ApiError::Invalid(found));
    }
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let subject = given(&sent.subject).map(|subject| subject_hash(&site.site, &subject));
    let is_sent = channel.is_sent();
    Ok(Invitation {
        id,
        survey: sent.survey.clone(),
        channel,
        key: given(&sent.key).unwrap_or_else(|| id.encode()),
        rule: None,
        order_ref: given(&sent.order_ref),
        ticket: given(&sent.ticket),
        subject,
        person: address.map(|address| person_key(&site.site, address)),
        address: address.filter(|_| is_sent).map(str::to_owned),
        locale: given(&sent.locale),
        state: if is_sent { InvitationState::Waiting } else { InvitationState::Sent },
        reason: String::new(),
        tries: 0,
        due_at,
        expires_at,
        created_at: now,
        sent_at: (!is_sent).then_some(now),
        answered_at: None,
    })
}

/// Texts that are too long, or no texts.
fn texts(sent: &InvitationIn) -> Vec<Violation> {
    let texts = [
        ("key", &sent.key),
        ("subject", &sent.subject),
        ("ref", &sent.order_ref),
        ("ticket", &sent.ticket),
        ("address", &sent.address),
    ];
    let mut found = Vec::new();
    for (field, text) in texts {
        let text = text.as_deref().unwrap_or_default();
        if text.chars().count() > FIELD_CHARS_MAX {
            found.push(Violation::new(field, Rule::TooLong { max: FIELD_CHARS_MAX }));
        }
        if text::has_control(text) || text.contains(['\n', '\t']) {
            found.push(Violation::new(field, Rule::ControlCharacter));
        }
    }
    let locale = sent.locale.as_deref().filter(|locale| !locale.is_empty());
    if locale.is_some_and(|locale| !text::is_language(locale)) {
        found.push(Violation::new("locale", Rule::Format("a language tag such as it or pt-BR")));
    }
    found
}

fn wrong_address(channel: InvitationChannel, address: Option<&str>) -> Option<Violation> {
    use InvitationChannel::{Email, Link, Other, Qr, Sms};
    let rule = match (channel, address) {
        (Email | Sms | Other, None) => Rule::Missing,
        (Email, Some(address)) if !is_email(address) => Rule::Format("a mail address"),
        (Sms, Some(address)) if !is_phone(address) => Rule::Format("a telephone number with its country"),
        (Email | Sms | Other | Link | Qr, _) => return None,
    };
    Some(Violation::new("address", rule))
}

fn moment(text: Option<&str>, field: &str, found: &mut Vec<Violation>) -> Option<Millis> {
    let text = text.filter(|text| !text.is_empty())?;
    let moment = time::parse(text);
    if moment.is_none() {
        found.push(Violation::new(field, Rule::Format("a moment such as 2026-11-21T10:00:00Z")));
    }
    moment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_their_channel() {
        use InvitationChannel::{Email, Link, Other, Sms};
        for (channel, address, is_taken) in [
            (Email, Some("luca@example.com"), true),
            (Email, Some("luca@example.com\nBcc: a@b.c"), false),
            (Email, Some("Luca <luca@example.com>"), false),
            (Email, Some("luca"), false),
            (Email, None, false),
            (Sms, Some("+39 333 1234567"), true),
            (Sms, Some("luca@example.com"), false),
            (Sms, Some("12"), false),
            (Other, Some("whatever"), true),
            (Other, None, false),
            (Link, None, true),
            (Link, Some("luca@example.com"), true),
        ] {
            assert_eq!(wrong_address(channel, address).is_none(), is_taken, "{channel:?} {address:?}");
        }
    }
}
