//! A survey: one question, and when and where to ask it.
//!
//! This is the definition as operators write it (JSON) and as the collector stores it.
//! The browser never sees it whole: it gets a [`crate::config::SurveyConfig`] in one language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::gate::{Recontact, UrlRule};

mod check;

/// What is measured: a type, never guessed from the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Metric {
    /// Net Promoter Score: always 0–10.
    Nps,
    /// Customer effort score.
    Ces,
    /// Customer satisfaction.
    Csat,
}

impl Metric {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nps => "nps",
            Self::Ces => "ces",
            Self::Csat => "csat",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Nps, Self::Ces, Self::Csat].into_iter().find(|metric| metric.as_str() == text)
    }
}

/// What the question is about; with the metric it chooses our wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// How likely to recommend. Only 0–10 with the metric `nps` is an NPS; otherwise it is a recommendation score.
    Recommendation,
    /// "It was easy": how much one agrees.
    Agreement,
    /// How easy it was.
    Ease,
    /// How much effort it took.
    Effort,
    /// How it was.
    Satisfaction,
}

impl Topic {
    /// The direction in which our wording of the topic runs; the ends change places on a scale that runs the other way.
    pub fn polarity(self) -> Polarity {
        if self == Self::Effort { Polarity::LowIsGood } else { Polarity::HighIsGood }
    }
}

/// Which end of the scale is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// A higher score is better.
    HighIsGood,
    /// A lower score is better: "how much effort did it take".
    LowIsGood,
}

/// How the points of the scale are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// Plain numbered cells.
    Numbers,
    /// A row of stars, filled up to the chosen one.
    Stars,
    /// Our own line-drawn faces, from displeased to pleased.
    Faces,
    /// Thumb down and thumb up: 0 and 1.
    Thumbs,
}

/// The points a shopper can choose from, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Lowest point.
    pub min: i32,
    /// Highest point; greater than `min`.
    pub max: i32,
    /// Which end is good.
    pub polarity: Polarity,
    /// How it is drawn.
    pub look: Look,
}

impl Scale {
    /// Is `score` one of the points?
    pub fn contains(&self, score: i32) -> bool {
        (self.min..=self.max).contains(&score)
    }

    /// Number of points; 0 for a scale that makes no sense.
    pub fn points(&self) -> usize {
        usize::try_from(i64::from(self.max) - i64::from(self.min) + 1).unwrap_or(0)
    }
}

/// Where a survey is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SurveyState {
    /// Being written: never asked, takes test answers only.
    Draft,
    /// Asked and answered.
    Live,
    /// Not asked for now.
    Paused,
    /// Over; its answers stay.
    Archived,
}

/// The merchant's own words in one language; what is absent comes from our [`crate::wording`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Texts {
    /// The question; `{brand}` stands for the survey's brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Words under the lowest point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// Words under the highest point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// The sentence after the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks: Option<String>,
}

/// A run of scores that gets its own follow-up question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// First score of the band.
    pub from: i32,
    /// Last score of the band.
    pub to: i32,
    /// The follow-up question by language; absent languages use our wording for the band.
    #[serde(default)]
    pub question: BTreeMap<String, String>,
}

/// Where the prompt stands on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    /// In the page, in its own slot.
    #[default]
    Inline,
}

/// Whom to ask; an empty targeting asks everybody everywhere, within the recontact rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Targeting {
    /// Rules on the page's address: at least one of the plain ones and none of the `not` ones must match.
    pub urls: Vec<UrlRule>,
    /// Share of shoppers asked, in thousandths, 1–1000; sticky for each browser.
    pub sample_per_mille: u16,
    /// How long to leave a shopper alone.
    pub recontact: Recontact,
}

impl Default for Targeting {
    fn default() -> Self {
        Self { urls: Vec::new(), sample_per_mille: 1000, recontact: Recontact::default() }
    }
}

/// The time in which the survey may be asked, RFC 3339; open where absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Schedule {
    /// First moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// First moment after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// One question with its scale, texts, follow-ups, place and rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Name in paths and exports, unique in its site: `[a-z0-9-]`, at most 64.
    pub slug: String,
    /// Where it is in its life.
    #[serde(default = "draft")]
    pub state: SurveyState,
    /// What is measured.
    pub metric: Metric,
    /// The points to choose from.
    pub scale: Scale,
    /// What the question is about; see [`Survey::topic`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<Topic>,
    /// The shop's name as it stands in the question.
    #[serde(default)]
    pub brand: String,
    /// Languages it is asked in; the first is used when none fits.
    pub languages: Vec<String>,
    /// The merchant's own words by language.
    #[serde(default)]
    pub texts: BTreeMap<String, Texts>,
    /// Follow-up questions by score band; empty: one for each of the metric's bands.
    #[serde(default)]
    pub follow_ups: Vec<FollowUp>,
    /// Where the prompt stands.
    #[serde(default)]
    pub placement: Placement,
    /// Where in the customer journey the question stands; may be empty.
    #[serde(default)]
    pub touchpoint: String,
    /// Whom to ask.
    #[serde(default)]
    pub targeting: Targeting,
    /// When to ask.
    #[serde(default)]
    pub schedule: Schedule,
}

fn draft() -> SurveyState {
    SurveyState::Draft
}

impl Survey {
    /// What the question is about: what the definition says, or what the metric is most often asked with.
    pub fn topic(&self) -> Topic {
        self.topic.unwrap_or(match (self.metric, self.scale.polarity) {
            (Metric::Nps, _) => Topic::Recommendation,
            (Metric::Ces, Polarity::HighIsGood) => Topic::Agreement,
            (Metric::Ces, Polarity::LowIsGood) => Topic::Effort,
            (Metric::Csat, _) => Topic::Satisfaction,
        })
    }

    /// Takes an answer from a shopper now? A draft takes test answers only.
    pub fn accepts(&self, test: bool) -> bool {
        match self.state {
            SurveyState::Live => true,
            SurveyState::Draft => test,
            SurveyState::Paused | SurveyState::Archived => false,
        }
    }
}

/// A sensible survey for tests to start from.
#[cfg(test)]
pub(crate) fn example() -> Survey {
    Survey {
        slug: "nps".into(),
        state: SurveyState::Live,
        metric: Metric::Nps,
        scale: Scale { min: 0, max: 10, polarity: Polarity::HighIsGood, look: Look::Numbers },
        topic: None,
        brand: String::new(),
        languages: vec!["en".into(), "it".into()],
        texts: BTreeMap::new(),
        follow_ups: Vec::new(),
        placement: Placement::Inline,
        touchpoint: String::new(),
        targeting: Targeting::default(),
        schedule: Schedule::default(),
    }
}
