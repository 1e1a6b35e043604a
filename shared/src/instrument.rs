//! An instrument: the exact wording, scale, look and language that a shopper saw.
//!
//! Scores are only comparable within one instrument; its id is stored on every response,
//! so that a change of wording shows as a break in the trend and not as a change of mood.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::survey::{Metric, Scale};

/// Bytes of the hash that make the id: 64 bits, far beyond any number of wordings of one survey.
const ID_BYTES: usize = 8;

/// What a shopper saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Instrument {
    /// What is measured.
    pub metric: Metric,
    /// Points, direction and look.
    pub scale: Scale,
    /// Language of the texts.
    pub language: String,
    /// The question, brand filled in.
    pub question: String,
    /// Words under the lowest point.
    pub low: String,
    /// Words under the highest point.
    pub high: String,
}

/// What may tell two instruments apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Difference {
    /// What is measured.
    Metric,
    /// The points that can be chosen.
    Scale,
    /// Which end is good.
    Polarity,
    /// The words of the question.
    Wording,
    /// The words at the ends of the scale.
    Ends,
    /// Numbers, stars, faces or thumbs.
    Look,
    /// The language.
    Language,
}

impl Difference {
    /// In plain words, to be said of a survey: "the wording of the question".
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Metric => "what is measured",
            Self::Scale => "the points of the scale",
            Self::Polarity => "the direction of the scale",
            Self::Wording => "the wording of the question",
            Self::Ends => "the words at the ends of the scale",
            Self::Look => "the look of the scale",
            Self::Language => "the language",
        }
    }
}

impl Instrument {
    /// What is different in `other`, the weightiest first; nothing if they are the same.
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let points = |scale: &Scale| (scale.min, scale.max);
        let ends = |instrument: &Self| (instrument.low.clone(), instrument.high.clone());
        let all = [
            (self.metric != other.metric, Difference::Metric),
            (points(&self.scale) != points(&other.scale), Difference::Scale),
            (self.scale.polarity != other.scale.polarity, Difference::Polarity),
            (self.question != other.question, Difference::Wording),
            (ends(self) != ends(other), Difference::Ends),
            (self.scale.look != other.scale.look, Difference::Look),
            (self.language != other.language, Difference::Language),
        ];
        all.into_iter().filter(|(is_different, _)| *is_different).map(|(_, difference)| difference).collect()
    }

    /// 16 hexadecimal digits: the start of the SHA-256 of every part, each ended by a zero byte.
    pub fn id(&self) -> String {
        let mut hash = Sha256::new();
        let scale = format!("{:?} {:?}", self.metric, self.scale);
        for part in [&scale, &self.language, &self.question, &self.low, &self.high] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.finalize().iter().take(ID_BYTES).fold(String::new(), |mut id, byte| {
            // Writing to a string cannot fail.
            write!(id, "{byte:02x}").ok();
            id
        })
    }
}

/// Does `text` look like an instrument's id?
pub fn is_id(text: &str) -> bool {
    text.len() == 2 * ID_BYTES && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survey::{Look, Polarity};

    fn asked() -> Instrument {
        Instrument {
            metric: Metric::Csat,
            scale: Scale { min: 1, max: 5, polarity: Polarity::HighIsGood, look: Look::Numbers },
            language: "en".into(),
            question: "How was it?".into(),
            low: "Poor".into(),
            high: "Good".into(),
        }
    }

    #[test]
    fn what_is_different_is_said() {
        let base = asked();
        assert_eq!(base.differences(&base.clone()), []);
        for (other, expected) in [
            (Instrument { metric: Metric::Ces, ..base.clone() }, vec![Difference::Metric]),
            (Instrument { scale: Scale { max: 7, ..base.scale }, ..base.clone() }, vec![Difference::Scale]),
            (
                Instrument {
                    scale: Scale { polarity: Polarity::LowIsGood, look: Look::Faces, ..base.scale },
                    ..base.clone()
                },
                vec![Difference::Polarity, Difference::Look],
            ),
            (
                Instrument { language: "it".into(), question: "Com'era?".into(), ..base.clone() },
                vec![Difference::Wording, Difference::Language],
            ),
            (Instrument { high: "Great".into(), ..base.clone() }, vec![Difference::Ends]),
        ] {
            assert_eq!(base.differences(&other), expected, "{other:?}");
            assert_eq!(other.differences(&base), expected, "{other:?}");
        }
    }

    #[test]
    fn every_part_counts() {
        let base = asked();
        let others = [
            Instrument { metric: Metric::Ces, ..base.clone() },
            Instrument { scale: Scale { look: Look::Stars, ..base.scale }, ..base.clone() },
            Instrument { scale: Scale { max: 7, ..base.scale }, ..base.clone() },
            Instrument { language: "it".into(), ..base.clone() },
            Instrument { question: "How was it".into(), ..base.clone() },
            Instrument { low: "Poo".into(), high: "rGood".into(), ..base.clone() },
        ];
        assert!(is_id(&base.id()) && base.id() == base.clone().id());
        for other in others {
            assert_ne!(base.id(), other.id(), "{other:?}");
        }
    }

    #[test]
    fn the_id_of_a_wording_never_changes() {
        let nps = Instrument {
            metric: Metric::Nps,
            scale: Scale { min: 0, max: 10, polarity: Polarity::HighIsGood, look: Look::Numbers },
            language: "en".into(),
            question: "How likely?".into(),
            low: "Not".into(),
            high: "Very".into(),
        };
        assert_eq!(nps.id(), "ad1088563eb0e7d5");
        assert!(!is_id("ad1088563eb0e7d") && !is_id("0123456789ABCDEF") && !is_id(""));
    }
}
