//! Signatures after Standard Webhooks: whoever has the secret knows that it was us, and when.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// A secret as people and libraries have it.
pub fn secret_text(secret: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// The value of `webhook-signature` for a body that is sent under `id` at `timestamp_s`, seconds since 1970.
pub(super) fn sign(secret: &[u8], id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else {
        // HMAC takes keys of any length.
        return String::new();
    };
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_specification_and_of_the_reference_library() {
        // The example of the specification, whose secret is shorter than ours.
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, at, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(sign(&secret, id, at, body), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        for (secret, id, at, body) in [
            ([0_u8; 32], "msg_0", 0_i64, ""),
            ([255; 32], "msg_1", 1_795_255_200, "{}"),
            ([7; 32], "msg_ü", 1_795_255_200, "{\"text\":\"Ottime «scarpe» 👟\"}"),
        ] {
            let reference = standardwebhooks::Webhook::new(&secret_text(&secret)).unwrap();
            let expected = reference.sign(id, at, body.as_bytes()).unwrap();
            assert_eq!(sign(&secret, id, at, body.as_bytes()), expected, "{id}");
        }
    }
}
