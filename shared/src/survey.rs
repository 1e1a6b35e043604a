//! A survey: one question, and when and where to ask it.
//!
//! This is the definition as operators write it (JSON) and as the collector stores it.
//! The browser never sees it whole: it gets a [`crate::config::SurveyConfig`] in one language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod check;
mod place;
mod rules;
mod scale;
mod words;

pub use check::check_conditions;
pub use place::{Placement, Position};
pub use rules::{Quota, Schedule, Targeting, Trigger, Weekday};
pub use scale::{Look, Metric, Polarity, Scale, Topic};
pub use words::{Choice, Choices, FollowUp, Link, Pick, Texts, Thanks};

/// Where a survey is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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

/// One question with its scale, texts, follow-ups, place and rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
    /// What is said after the answer, by score band; empty: one sentence for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thanks: Vec<Thanks>,
    /// Where the prompt stands.
    #[serde(default)]
    pub placement: Placement,
    /// Corner, edge or side, for placements that have one; see [`Survey::position`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Where in the customer journey the question stands; may be empty.
    #[serde(default)]
    pub touchpoint: String,
    /// Whom to ask.
    #[serde(default)]
    pub targeting: Targeting,
    /// When to ask.
    #[serde(default)]
    pub schedule: Schedule,
    /// What must happen on the page first.
    #[serde(default, skip_serializing_if = "Trigger::is_immediate")]
    pub trigger: Trigger,
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

    /// Where a prompt that does not stand in the page stands: what the definition says, or the usual place.
    pub fn position(&self) -> Position {
        self.position.unwrap_or(self.placement.usual_position())
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
        thanks: Vec::new(),
        position: None,
        trigger: Trigger::Immediately,
        placement: Placement::Inline,
        touchpoint: String::new(),
        targeting: Targeting::default(),
        schedule: Schedule::default(),
    }
}
