//! The address of an invitation: `/i/{site}.{id and tag}`.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parere_shared::response::ResponseId;
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::catalogue::SiteEntry;
use crate::ingest::record::keyed_hash;
use crate::store::Site;

/// What the hash in a link is for, so that it is good for nothing else.
const LINK: &str = "invitation\0";

/// Bytes of the id.
const ID_LEN: usize = 16;

/// Bytes of the hash that stand in a link: nobody guesses one of 2⁹⁶.
const TAG_LEN: usize = 12;

/// The whole address.
pub fn link(public_url: &str, site: &Site, id: ResponseId) -> String {
    format!("{public_url}/i/{}", token(site, id))
}

/// Site key, a dot, and id and tag in base64.
fn token(site: &Site, id: ResponseId) -> String {
    let mut bytes = id.as_bytes().to_vec();
    bytes.extend_from_slice(&tag(site, id));
    format!("{}.{}", site.key, URL_SAFE_NO_PAD.encode(bytes))
}

fn tag(site: &Site, id: ResponseId) -> [u8; TAG_LEN] {
    keyed_hash(&site.secret, LINK, &id.encode()).first_chunk().copied().unwrap_or_default()
}

/// The site of a link and the invitation that it names, if it is from here.
pub fn read(app: &App, token: &str) -> Option<(Arc<SiteEntry>, ResponseId)> {
    let (key, rest) = token.split_once('.')?;
    let site = app.catalogue.site(key)?;
    let id = named(&site.site, rest)?;
    Some((site, id))
}

fn named(site: &Site, text: &str) -> Option<ResponseId> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (id, shown) = bytes.split_first_chunk::<ID_LEN>()?;
    let id = ResponseId::from_bytes(*id)?;
    bool::from(tag(site, id).as_slice().ct_eq(shown)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Retention;

    fn site(key: &str, secret: u8) -> Site {
        Site {
            key: key.into(),
            name: String::new(),
            zone: "UTC".into(),
            origins: Vec::new(),
            consent_needed: false,
            retention: Retention::default(),
            case_hours: None,
            secret: [secret; 32],
            created_at: 0,
        }
    }

    #[test]
    fn a_link_that_is_not_ours_names_nothing() {
        let shop = site("pk_shop", 1);
        let id = ResponseId::new(1_700_000_000_000, &[7; 10]);
        let whole = token(&shop, id);
        let text = whole.strip_prefix("pk_shop.").unwrap();
        assert_eq!((text.len(), named(&shop, text)), (38, Some(id)));
        assert_eq!(named(&site("pk_shop", 2), text), None, "another secret");
        // Every other letter at every place.
        for place in 0..text.len() {
            for letter in ["A", "b", "_"] {
                let mut other = text.to_owned();
                other.replace_range(place..=place, letter);
                let found = named(&shop, &other);
                assert_eq!(found.is_some(), other == text, "{other}");
            }
        }
        for other in ["", "A", &text[..37], &format!("{text}AAAA"), "☃"] {
            assert_eq!(named(&shop, other), None, "{other}");
        }
    }
}
