//! What is left of an erased answer: enough to know it when it comes again, and nothing else.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use parere_shared::response::ResponseId;
use sha2::Sha256;

/// HMAC-SHA-256 of an id, cut to half: two ids share one once in 2⁶⁴ erasures.
pub(super) type Tombstone = [u8; 16];

/// What a tombstone is of; it comes first in each, so that one is never taken for another.
const ANSWER: &[u8] = b"answer\0";
/// See [`ANSWER`].
const SITE: &[u8] = b"site\0";
/// See [`ANSWER`].
const TICKET: &[u8] = b"ticket\0";

/// Makes the tombstones of one database. Without the key, nobody who has an id can tell whether it was erased.
#[derive(Clone)]
pub(super) struct TombstoneKey(Hmac<Sha256>);

impl TombstoneKey {
    /// With the key that the database was given when it was made.
    pub(super) fn new(key: &[u8]) -> anyhow::Result<Self> {
        Ok(Self(Hmac::new_from_slice(key)?))
    }

    /// That of an answer to `site`.
    pub(super) fn of_answer(&self, site: &str, id: ResponseId) -> Tombstone {
        self.cut(&[ANSWER, site.as_bytes(), b"\0", id.as_bytes()])
    }

    /// That of a whole site, and so of whatever is still sent to it.
    pub(super) fn of_site(&self, site: &str) -> Tombstone {
        self.cut(&[SITE, site.as_bytes()])
    }

    /// That of a ticket; names of sources have no zero in them.
    pub(super) fn of_ticket(&self, site: &str, source: &str, ticket: &str) -> Tombstone {
        self.cut(&[TICKET, site.as_bytes(), b"\0", source.as_bytes(), b"\0", ticket.as_bytes()])
    }

    fn cut(&self, parts: &[&[u8]]) -> Tombstone {
        let mut hmac = self.0.clone();
        for part in parts {
            hmac.update(part);
        }
        let whole: [u8; 32] = hmac.finalize().into_bytes().into();
        whole.first_chunk().copied().unwrap_or_default()
    }
}

impl fmt::Debug for TombstoneKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TombstoneKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tombstones_differ_by_key_site_and_id() {
        let ids = [1, 2].map(|made| ResponseId::new(made, &[0; 10]));
        let mut made = Vec::new();
        for key in [[1; 32], [2; 32]] {
            let key = TombstoneKey::new(&key).unwrap();
            for site in ["pk_a", "pk_b"] {
                made.push(key.of_site(site));
                made.extend(
                    [("a", "bc"), ("ab", "c")].map(|(source, ticket)| key.of_ticket(site, source, ticket)),
                );
                made.extend(ids.map(|id| key.of_answer(site, id)));
            }
        }
        let again = TombstoneKey::new(&[1; 32]).unwrap().of_answer("pk_a", ResponseId::new(1, &[0; 10]));
        assert_eq!(made.get(3), Some(&again));
        made.sort_unstable();
        made.dedup();
        assert_eq!(made.len(), 20);
    }
}
