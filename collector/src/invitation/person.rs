//! Whom an address belongs to, without the address: what suppressions and budgets go by.

use crate::ingest::record::keyed_hash;
use crate::store::{Hash, Site};

/// What the hash is for, so that it is good for nothing else.
const PERSON: &str = "person\0";

/// HMAC-SHA-256 of a mail address or telephone number in its usual form, under the site's secret.
pub fn person_key(site: &Site, address: &str) -> Hash {
    keyed_hash(&site.secret, PERSON, &usual_form(address))
}

/// The same address always in the same letters: mail addresses in lower case, numbers as digits without `+` and `00`.
///
/// What a mail server makes of dots and plus signs is its own business: they tell people apart here.
pub fn usual_form(address: &str) -> String {
    let address = address.trim().to_lowercase();
    if address.contains('@') {
        return address;
    }
    let digits: String = address.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix("00").map_or(digits.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_however_it_is_written() {
        for (written, form) in [
            ("luca@example.com", "luca@example.com"),
            (" Luca@Example.COM\n", "luca@example.com"),
            ("luca+shoes@example.com", "luca+shoes@example.com"),
            ("+39 333 123-4567", "393331234567"),
            ("0039 (333) 1234567", "393331234567"),
            ("39.333.1234567", "393331234567"),
        ] {
            assert_eq!(usual_form(written), form);
        }
    }
}
