//! Cursors: where a page ended, in a form that fits one site only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::store::{Seq, Site};

/// Bytes of the seal: enough that a wrong cursor is noticed; it protects nothing that its holder may not read.
const SEAL_BYTES: usize = 8;

/// The cursor of the page after `seq`.
pub fn seal(seq: Seq, site: &Site) -> String {
    let place = seq.to_be_bytes();
    URL_SAFE_NO_PAD.encode([place, mark(place, site)].concat())
}

/// The place a cursor of this site stands for; `None` for a damaged one and for those of other sites.
pub fn open(text: &str, site: &Site) -> Option<Seq> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (place, given) = bytes.split_first_chunk()?;
    let fits: bool = mark(*place, site).ct_eq(given).into();
    fits.then(|| Seq::from_be_bytes(*place))
}

/// Ties a place to the site by the site's secret. All parts have a fixed length, so a plain hash of them will do.
fn mark(place: [u8; 8], site: &Site) -> [u8; SEAL_BYTES] {
    let hash = Sha256::new().chain_update(b"cursor").chain_update(site.secret).chain_update(place).finalize();
    let mut start = [0; SEAL_BYTES];
    start.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(secret: u8) -> Site {
        Site {
            key: "pk_a".into(),
            name: "A".into(),
            zone: "UTC".into(),
            origins: Vec::new(),
            consent_needed: false,
            retention: crate::store::Retention::default(),
            case_hours: None,
            secret: [secret; 32],
            created_at: 0,
        }
    }

    #[test]
    fn a_cursor_fits_its_site_and_no_other() {
        let (ours, theirs) = (site(1), site(2));
        for seq in [0, 1, 4_711, Seq::MAX] {
            let cursor = seal(seq, &ours);
            assert_eq!(open(&cursor, &ours), Some(seq));
            assert_eq!(open(&cursor, &theirs), None);
        }
    }

    #[test]
    fn a_damaged_cursor_is_refused() {
        let ours = site(1);
        let cursor = seal(4_711, &ours);
        let mut damaged =
            vec![String::new(), "x".into(), "====".into(), format!("{cursor}A"), cursor.replace('-', "+")];
        damaged.extend((0..cursor.len()).map(|end| cursor.chars().take(end).collect()));
        damaged.push(format!("B{}", cursor.get(1..).unwrap()));
        for text in damaged.iter().filter(|text| **text != cursor) {
            assert_eq!(open(text, &ours), None, "{text}");
        }
    }
}
