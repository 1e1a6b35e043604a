//! Who signed a message: each source's own scheme, over the bytes that came, compared in constant time.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use parere_shared::time::Millis;
use sha1::Sha1;
use sha2::Sha256;

use crate::store::SourceName;

/// Fewest characters of a secret that others make.
const SECRET_CHARS_MIN: usize = 8;

/// Most characters of a secret.
pub const SECRET_CHARS_MAX: usize = 200;

/// How old a message may be that names its own moment, and how far ahead of us, in milliseconds: what Standard Webhooks
/// advise.
const TOLERANCE_MS: Millis = 5 * 60_000;

/// Why a message is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Nothing is signed.
    Missing,
    /// Signed with another secret, or changed on its way.
    Wrong,
    /// Signed too long ago, or in the future.
    Stale,
}

impl Doubt {
    /// In a sentence.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Missing => "The message has no signature.",
            Self::Wrong => "The signature is not one with the secret of this connection.",
            Self::Stale => "The message was signed more than 5 minutes ago, or its clock is ahead.",
        }
    }
}

/// The bytes of a secret after Standard Webhooks, `whsec_` and base64 of 24 to 64 bytes.
pub fn own_secret(text: &str) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(text.strip_prefix("whsec_")?).ok()?;
    (24..=64).contains(&bytes.len()).then_some(bytes)
}

/// Between several secrets: at Zendesk each webhook has its own, and those for events run no triggers.
const BETWEEN_SECRETS: char = ',';

/// Is every secret in this text, one or several, long enough to be one?
pub fn is_long_enough(source: SourceName, text: &str) -> bool {
    secrets(source, text).all(|secret| secret.len() >= SECRET_CHARS_MIN)
}

fn secrets(source: SourceName, text: &str) -> impl Iterator<Item = &str> {
    let several = (source == SourceName::Zendesk).then(|| text.split(BETWEEN_SECRETS).map(str::trim));
    let one = (source != SourceName::Zendesk).then_some(text);
    several.into_iter().flatten().chain(one)
}

/// Was `body` signed with `secret`, as `source` signs?
pub(super) fn check(
    source: SourceName,
    secret: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: Millis,
) -> Result<(), Doubt> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).ok_or(Doubt::Missing);
    let key = secret.as_bytes();
    let is_right = match source {
        // https://shopify.dev/docs/apps/build/webhooks/subscribe/https
        SourceName::Shopify => is_sha256(key, &[body], header("x-shopify-hmac-sha256")?),
        // WC_Webhook::generate_signature
        SourceName::WooCommerce => is_sha256(key, &[body], header("x-wc-webhook-signature")?),
        // https://developer.helpscout.com/webhooks/
        SourceName::HelpScout => is_sha1(key, body, header("x-helpscout-signature")?),
        // https://developer.zendesk.com/documentation/webhooks/verifying/; it asks for no tolerance of the moment.
        SourceName::Zendesk => {
            let signature = header("x-zendesk-webhook-signature")?;
            let moment = header("x-zendesk-webhook-signature-timestamp")?;
            // An empty one would be anybody's.
            let mut known = secrets(source, secret).filter(|secret| secret.len() >= SECRET_CHARS_MIN);
            known.any(|secret| is_sha256(secret.as_bytes(), &[moment.as_bytes(), body], signature))
        }
        SourceName::Orders | SourceName::Tickets | SourceName::Bounces => {
            let (id, moment) = (header("webhook-id")?, header("webhook-timestamp")?);
            let signatures = header("webhook-signature")?;
            let Some(key) = own_secret(secret) else { return Err(Doubt::Wrong) };
            let start = format!("{id}.{moment}.");
            // Several while secrets are changed; those of another version are not ours to check.
            let mut of_our_version = signatures.split(' ').filter_map(|text| text.strip_prefix("v1,"));
            if !of_our_version.any(|signature| is_sha256(&key, &[start.as_bytes(), body], signature)) {
                return Err(Doubt::Wrong);
            }
            let signed_at = moment.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000));
            let is_fresh = signed_at.is_some_and(|at| now.abs_diff(at) <= TOLERANCE_MS.unsigned_abs());
            return if is_fresh { Ok(()) } else { Err(Doubt::Stale) };
        }
    };
    if is_right { Ok(()) } else { Err(Doubt::Wrong) }
}

/// The first call of `WooCommerce` when a webhook is saved: a form of one number, which is not signed and tells nothing.
///
/// From `WC_Webhook::deliver_ping`; refused, the webhook could not be saved.
pub(super) fn is_ping(source: SourceName, headers: &HeaderMap, body: &[u8]) -> bool {
    let number = std::str::from_utf8(body).ok().and_then(|text| text.trim().strip_prefix("webhook_id="));
    source == SourceName::WooCommerce
        && !headers.contains_key("x-wc-webhook-signature")
        && number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_sha256(key: &[u8], parts: &[&[u8]], signature: &str) -> bool {
    let (Ok(mut mac), Ok(signature)) = (Hmac::<Sha256>::new_from_slice(key), STANDARD.decode(signature))
    else {
        return false;
    };
    for part in parts {
        mac.update(part);
    }
    mac.verify_slice(&signature).is_ok()
}

fn is_sha1(key: &[u8], body: &[u8], signature: &str) -> bool {
    let (Ok(mut mac), Ok(signature)) = (Hmac::<Sha1>::new_from_slice(key), STANDARD.decode(signature)) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&signature).is_ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    const NOW: Millis = 1_795_255_200_000;
    const OWN: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn headers(of: &[(&'static str, &str)]) -> HeaderMap {
        let pair =
            |(name, value): &(&'static str, &str)| (HeaderName::from_static(name), value.parse().unwrap());
        of.iter().map(pair).collect()
    }

    // Made with `printf '%s' BODY | openssl dgst -sha256 -hmac SECRET -binary | base64`, and -sha1.
    #[test]
    fn each_source_signs_in_its_own_way() {
        use SourceName::{HelpScout, Orders, Shopify, WooCommerce, Zendesk};
        let (hash, other) = ("HqrmT1o1wMneFoHDmizEypUy2Ry9txatb7siPqlbUqM=", "Zv/LopxXtKUB+aTHXQAlkGnZoG4=");
        let moment = "2026-11-21T10:00:00Z";
        for (source, of, expected) in [
            (Shopify, vec![("x-shopify-hmac-sha256", hash)], Ok(())),
            (Shopify, vec![], Err(Doubt::Missing)),
            (Shopify, vec![("x-wc-webhook-signature", hash)], Err(Doubt::Missing)),
            (Shopify, vec![("x-shopify-hmac-sha256", other)], Err(Doubt::Wrong)),
            (Shopify, vec![("x-shopify-hmac-sha256", "")], Err(Doubt::Wrong)),
            (Shopify, vec![("x-shopify-hmac-sha256", "%%%")], Err(Doubt::Wrong)),
            (WooCommerce, vec![("x-wc-webhook-signature", hash)], Ok(())),
            (WooCommerce, vec![("x-wc-webhook-signature", other)], Err(Doubt::Wrong)),
            (HelpScout, vec![("x-helpscout-signature", other)], Ok(())),
            (HelpScout, vec![("x-helpscout-signature", hash)], Err(Doubt::Wrong)),
            (
                Zendesk,
                vec![
                    ("x-zendesk-webhook-signature", "vvTEzLHGOKblu+rBF3tPsTTzV4BHsUTnCH3m32Na+pg="),
                    ("x-zendesk-webhook-signature-timestamp", moment),
                ],
                Ok(()),
            ),
            (
                Zendesk,
                vec![
                    ("x-zendesk-webhook-signature", hash),
                    ("x-zendesk-webhook-signature-timestamp", moment),
                ],
                Err(Doubt::Wrong),
            ),
            (Zendesk, vec![("x-zendesk-webhook-signature", hash)], Err(Doubt::Missing)),
            (Orders, vec![("webhook-id", "m"), ("webhook-timestamp", "1795255200")], Err(Doubt::Missing)),
        ] {
            let found = check(source, "secret-of-a-shop", &headers(&of), br#"{"id":1001}"#, NOW);
            assert_eq!(found, expected, "{source:?} {of:?}");
        }
    }

    #[test]
    fn each_webhook_of_zendesk_has_a_secret_of_its_own() {
        let moment = "2026-11-21T10:00:00Z";
        let sign = |secret: &str| {
            let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(moment.as_bytes());
            mac.update(b"{}");
            STANDARD.encode(mac.finalize().into_bytes())
        };
        for (kept, signed_with, is_right) in [
            ("secret-of-events", "secret-of-events", true),
            ("secret-of-events,secret-of-triggers", "secret-of-events", true),
            ("secret-of-events,secret-of-triggers", "secret-of-triggers", true),
            ("secret-of-events,secret-of-triggers", "secret-of-events,secret-of-triggers", false),
            ("secret-of-events,secret-of-triggers", "another", false),
            ("secret-of-events,", "", false),
            ("secret-of-events,short", "short", false),
        ] {
            let of = [
                ("x-zendesk-webhook-signature", &*sign(signed_with)),
                ("x-zendesk-webhook-signature-timestamp", moment),
            ];
            let found = check(SourceName::Zendesk, kept, &headers(&of), b"{}", NOW);
            assert_eq!(found.is_ok(), is_right, "{kept} {signed_with}");
        }
        for (source, text, expected) in [
            (SourceName::Zendesk, "secret-of-events,secret-of-triggers", true),
            (SourceName::Zendesk, "secret-of-events,", false),
            (SourceName::Zendesk, "secret-of-events,short", false),
            (SourceName::Shopify, "secret,of,a,shop", true),
            (SourceName::Shopify, "short", false),
        ] {
            assert_eq!(is_long_enough(source, text), expected, "{source:?} {text}");
        }
    }

    #[test]
    fn our_own_scheme_is_that_of_standard_webhooks_and_ends_after_five_minutes() {
        let signer = standardwebhooks::Webhook::new(OWN).unwrap();
        let body = r#"{"order":"1001"}"#;
        let seconds = NOW / 1_000;
        for (at_s, secret, more, expected) in [
            (seconds, OWN, "", Ok(())),
            (seconds, OWN, "v1a,AAAA ", Ok(())),
            (seconds, OWN, "v1,AAAA v1,!!! ", Ok(())),
            (seconds - 300, OWN, "", Ok(())),
            (seconds + 300, OWN, "", Ok(())),
            (seconds - 301, OWN, "", Err(Doubt::Stale)),
            (seconds + 301, OWN, "", Err(Doubt::Stale)),
            (0, OWN, "", Err(Doubt::Stale)),
            (seconds, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx", "", Err(Doubt::Wrong)),
            (seconds, "no secret of ours", "", Err(Doubt::Wrong)),
        ] {
            let signature = more.to_owned() + &signer.sign("msg_1", at_s, body.as_bytes()).unwrap();
            let moment = at_s.to_string();
            let of = [
                ("webhook-id", "msg_1"),
                ("webhook-timestamp", &*moment),
                ("webhook-signature", &*signature),
            ];
            for source in [SourceName::Orders, SourceName::Tickets, SourceName::Bounces] {
                let found = check(source, secret, &headers(&of), body.as_bytes(), NOW);
                assert_eq!(found, expected, "{at_s} {secret} {more}");
            }
            // Another id under the same signature, and a byte more.
            let other = [("webhook-id", "msg_2"), of[1], of[2]];
            let found = check(SourceName::Orders, secret, &headers(&other), body.as_bytes(), NOW);
            assert_eq!(found, Err(Doubt::Wrong));
            let longer = format!("{body} ");
            assert_eq!(
                check(SourceName::Orders, secret, &headers(&of), longer.as_bytes(), NOW),
                Err(Doubt::Wrong)
            );
        }
    }

    #[test]
    fn a_ping_is_a_form_of_one_number() {
        use SourceName::{Shopify, WooCommerce};
        for (source, body, signature, expected) in [
            (WooCommerce, "webhook_id=7", None, true),
            (WooCommerce, "webhook_id=", None, false),
            (WooCommerce, "webhook_id=7&order=1", None, false),
            (WooCommerce, "{}", None, false),
            (WooCommerce, "webhook_id=7", Some("AAAA"), false),
            (Shopify, "webhook_id=7", None, false),
        ] {
            let of: Vec<_> = signature.map(|value| ("x-wc-webhook-signature", value)).into_iter().collect();
            assert_eq!(is_ping(source, &headers(&of), body.as_bytes()), expected, "{source:?} {body}");
        }
    }

    #[test]
    fn a_secret_of_ours_is_long_enough() {
        for (text, is_one) in [
            (OWN, true),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaM", false),
            ("whsec_AAAA", false),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false),
        ] {
            assert_eq!(own_secret(text).is_some(), is_one, "{text}");
        }
    }
}
