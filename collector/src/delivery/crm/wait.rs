//! How long a CRM wants to be left alone after it answered 429.

use parere_shared::time::{DAY_MS, Millis};
use serde_json::Value;

const SECOND_MS: Millis = 1_000;

/// Longest rest, whatever is asked: limits of a day end with it.
const REST_MAX_MS: Millis = DAY_MS;

/// The moment from which on it may be asked again.
///
/// The header says so in seconds or as a date (RFC 9110, 10.2.3). Without one HubSpot names its limit (`policyName`):
/// one of ten seconds, or one of a day, which is asked again by the hour.
pub(super) fn rests_until(retry_after: Option<&str>, body: &[u8], now: Millis) -> Millis {
    let said = retry_after.map(str::trim).and_then(|text| {
        if let Ok(seconds) = text.parse::<i64>() {
            return Some(seconds.saturating_mul(SECOND_MS));
        }
        let date = jiff::fmt::rfc2822::parse(text).ok()?;
        Some(date.timestamp().as_millisecond().saturating_sub(now))
    });
    let guessed = || match policy(body).as_deref() {
        Some("DAILY") => 60 * 60 * SECOND_MS,
        Some(policy) if policy.contains("SECONDLY") => 10 * SECOND_MS,
        _ => 60 * SECOND_MS,
    };
    now + said.unwrap_or_else(guessed).clamp(SECOND_MS, REST_MAX_MS)
}

fn policy(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    Some(body.get("policyName")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crm_says_when_it_wants_to_be_asked_again() {
        // 2026-11-21 10:00 UTC.
        let now = 1_795_255_200_000;
        let day = 24 * 60 * 60;
        for (header, body, expected_s) in [
            (Some("7"), "", 7),
            (Some(" 7 "), r#"{"policyName":"DAILY"}"#, 7),
            (Some("0"), "", 1),
            (Some("-5"), "", 1),
            (Some("99999999999999999"), "", day),
            (Some("Sat, 21 Nov 2026 10:00:30 GMT"), "", 30),
            (Some("Sat, 21 Nov 2026 09:00:00 GMT"), "", 1),
            (Some("Sat, 21 Nov 2037 10:00:00 GMT"), "", day),
            (Some("soon"), "", 60),
            (None, "", 60),
            (None, r#"{"policyName":"DAILY"}"#, 60 * 60),
            (None, r#"{"policyName":"SECONDLY"}"#, 10),
            (None, r#"{"policyName":"TEN_SECONDLY_ROLLING"}"#, 10),
            (None, r#"{"policyName":7}"#, 60),
        ] {
            let found = rests_until(header, body.as_bytes(), now);
            assert_eq!(found, now + expected_s * 1_000, "{header:?} {body}");
        }
    }
}
