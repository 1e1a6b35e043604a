//! The name of a response: a `UUIDv7`, made once in the browser.

use crate::time::Millis;
use uuid::{Builder, Uuid, Variant};

/// A UUID of version 7 (RFC 9562); the moment in it is the shopper's and is never trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResponseId(Uuid);

impl ResponseId {
    /// Reads the hyphenated form; `None` for anything else and for other versions.
    pub fn parse(text: &str) -> Option<Self> {
        let uuid = Uuid::try_parse(text).ok().filter(|_| text.len() == 36)?;
        Self::from_bytes(uuid.into_bytes())
    }

    /// From its 16 bytes, as stored; `None` if they are not a `UUIDv7`.
    pub fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        let uuid = Uuid::from_bytes(bytes);
        (uuid.get_version_num() == 7 && uuid.get_variant() == Variant::RFC4122).then_some(Self(uuid))
    }

    /// A new id from the browser's clock (milliseconds since 1970) and ten random bytes.
    pub fn new(now_ms: u64, random: &[u8; 10]) -> Self {
        Self(Builder::from_unix_timestamp_millis(now_ms, random).into_uuid())
    }

    /// When it was made, in milliseconds since 1970, by the clock of whoever made it.
    pub fn made_ms(&self) -> Millis {
        self.as_bytes().iter().take(6).fold(0, |ms, byte| ms << 8 | Millis::from(*byte))
    }

    /// The 16 bytes, as stored.
    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The hyphenated form, lower case.
    pub fn encode(&self) -> String {
        let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' - 10 + value });
        let mut text = String::new();
        for (i, byte) in self.0.as_bytes().iter().enumerate() {
            if matches!(i, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push(digit(byte >> 4));
            text.push(digit(byte & 15));
        }
        text
    }
}
