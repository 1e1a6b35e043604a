//! The tag with everything inside (`www/now.js`): a site's end of it, in each language.

use std::collections::BTreeMap;

use parere_shared::language::nearest;
use parere_shared::survey::Survey;

use super::characters;
use crate::assets::{Assets, Compressed};

/// Most bytes of configurations in one script, of 300 to 1,000 for each survey; what comes after is fetched, as by the
/// tag. It bounds what is compressed when a site with many surveys changes.
const CARRIED_BYTES_MAX: usize = 16 * 1024;

/// How `www/now.js` ends; the build holds it to that.
const END: &str = ");";

/// What surveys say, by slug and language.
pub(super) type Told<'a> = BTreeMap<(&'a str, &'a str), Vec<u8>>;

/// The script in one of a site's languages.
#[derive(Debug)]
pub(super) struct Now {
    pub(super) language: String,
    pub(super) file: Compressed,
}

impl Now {
    /// With `gates` as in the tag; `carried` are what surveys say in this language, by the names that the loader knows.
    pub(super) fn new(language: &str, gates: &str, carried: &[(String, &[u8])]) -> std::io::Result<Self> {
        let mut end = format!("[{gates},{{");
        let mut left = CARRIED_BYTES_MAX;
        for (name, bytes) in carried {
            let Some(rest) = left.checked_sub(bytes.len()) else { break };
            left = rest;
            end.extend([&*characters::literal(name.as_bytes()), ":", &characters::literal(bytes), ","]);
        }
        end.extend(["}]", END]);
        let file = Compressed::ending(Assets::now(), end.into_bytes())?;
        Ok(Self { language: language.to_owned(), file })
    }
}

/// What the surveys say in this language or the one that stands in for it, by the names under which the loader asks
/// for it. A survey with a quota is fetched, as by the tag: a script that was kept finds nothing to ask once it is met.
pub(super) fn carried<'a>(
    site: &str,
    surveys: impl Iterator<Item = &'a Survey>,
    language: &str,
    config_hash: &str,
    told: &'a Told<'a>,
) -> Vec<(String, &'a [u8])> {
    let open = surveys.filter(|survey| survey.targeting.quota.is_open());
    let named = open.filter_map(|survey| {
        let bytes = told.get(&(survey.slug.as_str(), survey.language_for(language)))?;
        Some((format!("{site}.{}.{language}-{config_hash}.bin", survey.slug), bytes.as_slice()))
    });
    named.collect()
}

/// One for each language; also where nothing is asked in any.
pub(super) fn in_languages(
    languages: &[String],
    make: impl Fn(&str) -> std::io::Result<Now>,
) -> std::io::Result<Vec<Now>> {
    if languages.is_empty() {
        return Ok(vec![make("")?]);
    }
    languages.iter().map(|language| make(language)).collect()
}

/// The script in the language that is nearest to `wanted`, or else in the first.
pub(super) fn nearest_to<'a>(wanted: Option<&str>, nows: &'a [Now]) -> Option<&'a Compressed> {
    let own: Vec<&str> = nows.iter().map(|now| now.language.as_str()).collect();
    let language = wanted.and_then(|wanted| nearest(wanted, &own));
    let found = nows.iter().find(|now| Some(now.language.as_str()) == language);
    found.or(nows.first()).map(|now| &now.file)
}
