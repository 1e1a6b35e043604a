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

impl Instrument {
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

    #[test]
    fn every_part_counts() {
        let base = Instrument {
            metric: Metric::Csat,
            scale: Scale { min: 1, max: 5, polarity: Polarity::HighIsGood, look: Look::Numbers },
            language: "en".into(),
            question: "How was it?".into(),
            low: "Poor".into(),
            high: "Good".into(),
        };
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
