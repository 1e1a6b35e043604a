//! From a response that breaks no rule to the record that is stored: what only the server knows is filled in.

use hmac::{Hmac, KeyInit as _, Mac as _};
use parere_shared::gate::BUCKETS;
use parere_shared::response::{Response, ResponseId};
use parere_shared::score::Band;
use parere_shared::time::{self, DAY_MS, Millis};
use sha2::Sha256;

use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::store::{Flags, Record, Row, Site};

/// What hashes under a site's secret are for; it comes first in each, so that one is never good for another.
const SUBJECT: &str = "subject\0";
/// See [`SUBJECT`].
const ANSWER: &str = "answer\0";

/// Longest wait between an answer and its sending that is believed: what an outbox keeps, and a day for slow clocks.
const WAIT_MS_MAX: Millis = 8 * DAY_MS;

/// Touchpoints that are counted under their own name, beside the survey's own; all others are `other`,
/// so that a sender cannot make the counts grow without end.
const TOUCHPOINTS: [&str; 7] = ["discovery", "product", "cart", "checkout", "delivery", "returns", "support"];

/// What is known of an answer's coming.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt {
    /// When it was received.
    pub(crate) now: Millis,
    /// Did an operator's token come with it?
    pub(crate) is_operator: bool,
    /// What is doubted of it.
    pub(crate) doubts: Flags,
}

/// `None` if the response has no readable id; it has been refused by then.
pub(crate) fn of(
    response: Response,
    site: &SiteEntry,
    entry: &SurveyEntry,
    receipt: Receipt,
) -> Option<Result<Record, ApiError>> {
    let id = ResponseId::parse(&response.id)?;
    Some(build(response, id, site, entry, receipt))
}

fn build(
    mut response: Response,
    id: ResponseId,
    site: &SiteEntry,
    entry: &SurveyEntry,
    receipt: Receipt,
) -> Result<Record, ApiError> {
    let (survey, now) = (&entry.survey, receipt.now);
    let (occurred_at, clock) = occurred_at(&response, now);
    let (instrument, unknown) = instrument(&response, entry);
    let (counted_per_mille, unlikely) = counted_per_mille(&response, entry, receipt);
    let subject = response.subject.as_deref().map(|subject| subject_hash(&site.site, subject));
    let counted_locale = counted_locale(response.locale.as_deref(), entry);
    let counted_touchpoint = counted_touchpoint(response.touchpoint.as_deref(), entry);
    // A retry is sent at another moment.
    response.sent_at = None;
    let digest = digest(&site.site.secret, &response)?;
    let row = Row {
        id,
        survey: response.survey,
        metric: survey.metric,
        instrument,
        revision: response.revision,
        score: response.score,
        band: Band::of(survey.metric, &survey.scale, response.score).as_str().into(),
        comment: response.comment,
        choices: to_json(&response.choices)?,
        locale: response.locale,
        channel: response.channel,
        touchpoint: response.touchpoint,
        device: response.device,
        page: response.page,
        order_ref: response.order_ref,
        attributes: to_json(&response.attributes)?,
        test: response.test,
        flags: receipt.doubts.with(clock).with(unknown).with(unlikely),
        inclusion: response.inclusion,
        occurred_at,
        received_at: now,
    };
    Ok(Record {
        site: site.site.key.clone(),
        digest,
        subject,
        day: site.day_of(now),
        counted_locale,
        counted_touchpoint,
        counted_per_mille,
        is_news: true,
        row,
    })
}

/// When the score was chosen, by our clock; the moment of receipt where the shopper's clock makes no sense.
fn occurred_at(response: &Response, now: Millis) -> (Millis, Flags) {
    let [occurred, sent] =
        [&response.occurred_at, &response.sent_at].map(|t| t.as_deref().and_then(time::parse));
    let Some(occurred) = occurred else { return (now, Flags::default()) };
    let corrected = match sent {
        Some(sent) => time::corrected(occurred, sent, now, WAIT_MS_MAX),
        // Without the moment of sending, the clock is believed as far as an outbox reaches back.
        None => (now - WAIT_MS_MAX..=now).contains(&occurred).then_some(occurred),
    };
    corrected.map_or((now, Flags::CLOCK), |moment| (moment, Flags::default()))
}

/// The instrument the shopper saw; the current one where none, or none of this survey's, is named.
fn instrument(response: &Response, entry: &SurveyEntry) -> (String, Flags) {
    let named = response.instrument.as_deref();
    if let Some(id) = named
        && entry.instruments.contains_key(id)
    {
        return (id.into(), Flags::default());
    }
    let current = entry.instrument(response.locale.as_deref().unwrap_or_default());
    (current, if named.is_some() { Flags::INSTRUMENT } else { Flags::default() })
}

/// The name under which a language is counted.
pub(crate) fn counted_locale(locale: Option<&str>, entry: &SurveyEntry) -> String {
    let is_known = |locale: &&str| entry.survey.languages.iter().any(|own| own == locale);
    locale.map_or("", |locale| Some(locale).filter(is_known).unwrap_or("other")).into()
}

/// The name under which a touchpoint is counted.
pub(crate) fn counted_touchpoint(touchpoint: Option<&str>, entry: &SurveyEntry) -> String {
    match touchpoint {
        Some(own) if own == entry.survey.touchpoint || TOUCHPOINTS.contains(&own) => own.into(),
        Some("") | None => String::new(),
        Some(_) => "other".into(),
    }
}

/// The chance of having been asked that the answer is weighted by, in thousandths.
///
/// A small chance is a large weight, so a stranger's word is not enough: believed are the shares that the survey itself
/// asks, or asked as lately as answers can be on their way. An operator, who shows its token, may have drawn a sample
/// of its own. Anything else counts as if all had been asked, which is the least weight there is.
fn counted_per_mille(response: &Response, entry: &SurveyEntry, receipt: Receipt) -> (u16, Flags) {
    let Some(inclusion) = response.inclusion else { return (BUCKETS, Flags::default()) };
    let believed = in_thousandths(inclusion).filter(|per_mille| {
        receipt.is_operator || entry.asked_share_since(*per_mille, receipt.now - WAIT_MS_MAX)
    });
    believed.map_or((BUCKETS, Flags::INCLUSION), |per_mille| (per_mille, Flags::default()))
}

/// A chance as it is counted; `None` below half a thousandth.
pub(crate) fn in_thousandths(chance: f64) -> Option<u16> {
    (1..=BUCKETS).find(|per_mille| (chance * f64::from(BUCKETS) - f64::from(*per_mille)).abs() <= 0.5)
}

/// Tells a retry from another content: everything the browser said, but for the moment of sending, which is gone by now.
///
/// Keyed: a copy of the database without the secrets of its sites does not tell whether a guessed subject is right.
pub(crate) fn digest(secret: &[u8; 32], response: &Response) -> Result<[u8; 16], ApiError> {
    let hash = keyed_hash(secret, ANSWER, &to_json(response)?);
    let mut digest = [0; 16];
    digest.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    Ok(digest)
}

/// What is stored of the merchant's reference for a person.
pub(crate) fn subject_hash(site: &Site, subject: &str) -> [u8; 32] {
    keyed_hash(&site.secret, SUBJECT, subject)
}

/// HMAC-SHA-256 of a text under a site's secret; `purpose` keeps hashes apart and ends with a zero.
pub(crate) fn keyed_hash(secret: &[u8; 32], purpose: &str, text: &str) -> [u8; 32] {
    // A key is filled up with zeros to the length of a block (RFC 2104, section 2).
    let mut block = [0; 64];
    block.iter_mut().zip(secret).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(purpose.as_bytes());
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, ApiError> {
    serde_json::to_string(value).map_err(|error| ApiError::from(anyhow::anyhow!(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_every_other_program() {
        // printf 'subject\0c-77' | openssl dgst -sha256 -mac hmac -macopt hexkey:0707…07 (32 bytes)
        let expected = "d3fbd82fc3a46085e3edb6688eec62fea7fe28db5a0b4a737646c30ddeb749c0";
        assert_eq!(crate::random::hex(&keyed_hash(&[7; 32], SUBJECT, "c-77")), expected);
    }
}
