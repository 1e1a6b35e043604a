//! The tag of a site: the loader with the site's gates put in, and the configuration in each language.

use parere_shared::config::SiteConfig;
use parere_shared::gate::UrlOp;
use parere_shared::instrument::Instrument;
use parere_shared::survey::{Survey, SurveyState};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::assets::{Assets, Compressed};
use crate::random::hex;

/// Where the loader expects the gates.
const PLACEHOLDER: &str = "\"__PARERE_TAG__\"";

/// What a site's pages download: made once when a survey changes.
#[derive(Debug)]
pub struct Tag {
    /// The script.
    pub script: Compressed,
    /// Hash over the configuration in every language: stands in its address.
    pub config_hash: String,
    configs: Vec<(String, Compressed)>,
}

/// The gates, as the loader reads them: lists, since every page view carries them (`www/loader.js` says the order).
struct Gates<'a> {
    site: &'a str,
    /// Name of the widget's two files without extension: `parere-1a2b3c4d`.
    build: &'a str,
    config: &'a str,
    languages: &'a [String],
    surveys: Vec<SurveyGates<'a>>,
}

struct SurveyGates<'a> {
    slug: &'a str,
    from: i64,
    until: i64,
    urls: Vec<(u8, &'a str, u8)>,
    sample: u16,
    again: [u16; 3],
    /// Longest question and longest end label, in characters, and points of the scale: for reserving the height.
    chars: usize,
    ends: usize,
    points: usize,
}

impl Serialize for Gates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.site, self.build, self.config, self.languages, &self.surveys).serialize(serializer)
    }
}

impl Serialize for SurveyGates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self {
            slug,
            from,
            until,
            urls,
            sample,
            again: [answered, dismissed, other],
            chars,
            ends,
            points,
        } = self;
        (slug, from, until, urls, sample, answered, dismissed, other, chars, ends, points)
            .serialize(serializer)
    }
}

impl Tag {
    /// The tag for these surveys.
    pub fn new(site: &str, surveys: &[Survey], assets: &Assets) -> anyhow::Result<Self> {
        let languages = languages(surveys);
        let configs: Result<Vec<_>, _> = languages
            .iter()
            .map(|language| postcard::to_allocvec(&SiteConfig::new(site, surveys, language)))
            .collect();
        let configs = configs?;
        let mut hash = Sha256::new();
        for config in &configs {
            hash.update(config);
        }
        let config_hash = hex(hash.finalize().get(..4).unwrap_or_default());
        let glue = assets.hashed("parere.js");
        let gates = Gates {
            site,
            build: glue.trim_end_matches(".js"),
            config: &config_hash,
            languages: &languages,
            surveys: surveys.iter().filter(|s| s.state == SurveyState::Live).map(SurveyGates::new).collect(),
        };
        let script = Assets::loader().replace(PLACEHOLDER, &serde_json::to_string(&gates)?);
        let packed: std::io::Result<Vec<_>> = configs.into_iter().map(Compressed::pack).collect();
        Ok(Self {
            script: Compressed::pack(script.into_bytes())?,
            configs: languages.into_iter().zip(packed?).collect(),
            config_hash,
        })
    }

    /// The configuration in one of the site's languages.
    pub fn config(&self, language: &str) -> Option<&Compressed> {
        self.configs.iter().find(|(own, _)| own == language).map(|(_, config)| config)
    }
}

impl<'a> SurveyGates<'a> {
    fn new(survey: &'a Survey) -> Self {
        let gate = survey.gate();
        let instruments: Vec<_> =
            survey.languages.iter().map(|language| survey.instrument(language)).collect();
        let longest = |text: fn(&Instrument) -> usize| instruments.iter().map(text).max().unwrap_or(0);
        let urls = survey.targeting.urls.iter().map(|rule| {
            let op = match rule.op {
                UrlOp::Contains => 0,
                UrlOp::Equals => 1,
                UrlOp::Prefix => 2,
                UrlOp::Glob => 3,
            };
            (op, rule.value.as_str(), u8::from(rule.not))
        });
        Self {
            slug: &survey.slug,
            from: gate.from_ms.unwrap_or(0),
            until: gate.until_ms.unwrap_or(0),
            urls: urls.collect(),
            sample: gate.sample_per_mille,
            again: [gate.recontact.answered_days, gate.recontact.dismissed_days, gate.recontact.other_days],
            chars: longest(|instrument| instrument.question.chars().count()),
            ends: longest(|instrument| instrument.low.chars().count().max(instrument.high.chars().count())),
            points: survey.scale.points(),
        }
    }
}

/// Every language of any live survey, the first survey's first language first.
fn languages(surveys: &[Survey]) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    for language in surveys.iter().filter(|s| s.state == SurveyState::Live).flat_map(|s| &s.languages) {
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    languages
}
