//! The tag of a site: the loader with the site's gates put in, and what its surveys ask in each language.

use parere_shared::config::SurveyConfig;
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
    /// The gates alone, for the script that is the same for every site.
    pub gates: Compressed,
    /// Hash over the configuration of every survey in every language: stands in their addresses.
    pub config_hash: String,
    configs: Vec<Config>,
}

/// A survey in one of its languages.
#[derive(Debug)]
struct Config {
    slug: String,
    language: String,
    file: Compressed,
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
        let live = || surveys.iter().filter(|survey| survey.state == SurveyState::Live);
        let languages = languages(live());
        let mut configs = Vec::new();
        let mut hash = Sha256::new();
        for survey in live() {
            for language in &survey.languages {
                let bytes = postcard::to_allocvec(&SurveyConfig::new(survey, language))?;
                hash.update(&bytes);
                let (slug, language) = (survey.slug.clone(), language.clone());
                configs.push(Config { slug, language, file: Compressed::pack(bytes)? });
            }
        }
        let config_hash = hex(hash.finalize().get(..4).unwrap_or_default());
        let glue = assets.hashed("parere.js");
        let gates = Gates {
            site,
            build: glue.trim_end_matches(".js"),
            config: &config_hash,
            languages: &languages,
            surveys: live().map(SurveyGates::new).collect(),
        };
        let gates = serde_json::to_string(&gates)?;
        let script = Assets::loader().replace(PLACEHOLDER, &gates);
        let [script, gates] = [script, gates].map(|text| Compressed::pack(text.into_bytes()));
        Ok(Self { script: script?, gates: gates?, configs, config_hash })
    }

    /// The configuration of a live survey in one of its languages.
    pub fn config(&self, slug: &str, language: &str) -> Option<&Compressed> {
        let found = self.configs.iter().find(|config| config.slug == slug && config.language == language);
        found.map(|config| &config.file)
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

/// Every language of any of them, the first survey's first language first.
fn languages<'a>(surveys: impl Iterator<Item = &'a Survey>) -> Vec<String> {
    let mut languages: Vec<String> = Vec::new();
    for language in surveys.flat_map(|survey| &survey.languages) {
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    languages
}
