//! The tag of a site: the loader with the site's gates put in, and what its surveys ask in each language.

use parere_shared::config::SurveyConfig;
use parere_shared::gate::{Fact, Hours, Zone};
use parere_shared::instrument::Instrument;
use parere_shared::survey::{Placement, Survey, SurveyState};
use serde::{Serialize, Serializer};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::assets::{Assets, Compressed};
use crate::random::hex;
use crate::store::Site;

mod characters;
mod languages;
mod now;
mod pattern;

use now::{Now, Told};
use pattern::pattern;

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
    /// The script with everything inside, in each language.
    nows: Vec<Now>,
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
    /// Hash of the widget's files.
    build: &'a str,
    config: &'a str,
    /// Rules by which the loader finds the nearest.
    languages: &'a [String],
    /// 1 if any of them looks at how often a shopper was here, and 2 more if nothing is remembered without consent.
    remembers: u8,
    surveys: Vec<SurveyGates<'a>>,
}

struct SurveyGates<'a> {
    slug: &'a str,
    from: i64,
    until: i64,
    /// The addresses of its pages, as a regular expression; empty for all.
    urls: String,
    sample: u16,
    again: [u16; 3],
    /// Longest question and longest end label, in em, and points of the scale: for reserving the height;
    /// then how it joins the page.
    question: usize,
    ends: usize,
    points: usize,
    manner: u8,
    /// Has it gates that only the widget knows? Then no frame takes its place.
    is_for_widget: bool,
}

impl Serialize for Gates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.site, self.build, self.config, self.languages, self.remembers, &self.surveys)
            .serialize(serializer)
    }
}

impl Serialize for SurveyGates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [answered, dismissed, other] = self.again;
        let Self { slug, from, until, urls, sample, question, ends, points, manner, is_for_widget, .. } =
            self;
        let mut list = vec![
            json!(slug),
            json!(from),
            json!(until),
            json!(urls),
            json!(sample),
            json!(answered),
            json!(dismissed),
            json!(other),
            json!(question),
            json!(ends),
            json!(points),
            json!(manner),
        ];
        list.extend(is_for_widget.then_some(json!(1)));
        list.serialize(serializer)
    }
}

impl Tag {
    /// The tag for these surveys; `zone` is the site's, around now.
    pub fn new(site: &Site, surveys: &[Survey], zone: Zone, assets: &Assets) -> anyhow::Result<Self> {
        let live = || surveys.iter().filter(|survey| survey.state == SurveyState::Live);
        let (mut configs, mut told) = (Vec::new(), Told::new());
        let mut hash = Sha256::new();
        for survey in live() {
            for language in &survey.languages {
                let bytes = postcard::to_allocvec(&SurveyConfig::new(survey, language, zone))?;
                hash.update(&bytes);
                told.insert((&survey.slug, language), bytes.clone());
                let (slug, language) = (survey.slug.clone(), language.clone());
                configs.push(Config { slug, language, file: Compressed::pack(bytes)? });
            }
        }
        let config_hash = hex(hash.finalize().get(..4).unwrap_or_default());
        let glue = assets.hashed("parere-ask.js");
        let build = glue.trim_start_matches("parere-ask-").trim_end_matches(".js");
        let gates = Self::gates(site, surveys, build, &config_hash)?;
        let nows = now::in_languages(&languages(live()), |language| {
            let carried = now::carried(&site.key, live(), language, &config_hash, &told);
            Now::new(language, &gates, &carried)
        })?;
        let script = Assets::loader().replace(PLACEHOLDER, &gates);
        let [script, gates] = [script, gates].map(|text| Compressed::pack(text.into_bytes()));
        Ok(Self { script: script?, gates: gates?, configs, nows, config_hash })
    }

    /// What rules surveys out, as JSON; `build` and `config_hash` lead to the widget and to what it is told.
    pub fn gates(
        site: &Site,
        surveys: &[Survey],
        build: &str,
        config_hash: &str,
    ) -> serde_json::Result<String> {
        let live = || surveys.iter().filter(|survey| survey.state == SurveyState::Live);
        serde_json::to_string(&Gates {
            site: &site.key,
            build,
            config: config_hash,
            languages: &languages::rules(&languages(live())),
            remembers: u8::from(live().any(counts)) + 2 * u8::from(site.consent_needed),
            surveys: live().map(SurveyGates::new).collect(),
        })
    }

    /// The script with everything inside, in the language nearest to the wanted one.
    pub fn now(&self, language: Option<&str>) -> Option<&Compressed> {
        now::nearest_to(language, &self.nows)
    }

    /// The configuration of a live survey in one of its languages.
    pub fn config(&self, slug: &str, language: &str) -> Option<&Compressed> {
        let found = self.configs.iter().find(|config| config.slug == slug && config.language == language);
        found.map(|config| &config.file)
    }
}

impl<'a> SurveyGates<'a> {
    fn new(survey: &'a Survey) -> Self {
        let gate = survey.gate(Zone::default());
        let instruments: Vec<_> =
            survey.languages.iter().map(|language| survey.instrument(language)).collect();
        let longest = |text: fn(&Instrument) -> usize| instruments.iter().map(text).max().unwrap_or(0);
        Self {
            slug: &survey.slug,
            from: gate.from_ms.unwrap_or(0),
            until: gate.until_ms.unwrap_or(0),
            urls: pattern(&survey.targeting.urls),
            sample: gate.sample_per_mille,
            again: [gate.recontact.answered_days, gate.recontact.dismissed_days, gate.recontact.other_days],
            // A letter is half an em wide; under the scale it is smaller, and both ends share the line.
            question: longest(|instrument| instrument.question.chars().count()).div_ceil(2),
            ends: longest(|instrument| instrument.low.chars().count().max(instrument.high.chars().count()))
                * 4
                / 5,
            points: survey.scale.points(),
            manner: match survey.placement {
                Placement::Inline if survey.trigger.is_immediate() => 0,
                Placement::Inline => 1,
                Placement::Popover | Placement::Bar => 2,
                Placement::Tab => 3,
            },
            is_for_widget: !gate.conditions.is_empty() || gate.hours != Hours::default(),
        }
    }
}

fn counts(survey: &Survey) -> bool {
    survey.targeting.conditions.iter().any(|condition| matches!(condition.fact, Fact::Visitor | Fact::Views))
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
