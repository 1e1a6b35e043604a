//! What is measured, on which points, and what the question is about.

use serde::{Deserialize, Serialize};

/// What is measured: a type, never guessed from the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// A higher score is better.
    HighIsGood,
    /// A lower score is better: "how much effort did it take".
    LowIsGood,
}

/// How the points of the scale are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
