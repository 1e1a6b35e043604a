//! Our own words for each kind of question, by language; a merchant may override any of them.
//!
//! Only the collector carries these texts: the browser gets those of one language in its configuration.

use crate::score::Band;
use crate::survey::{Metric, Polarity, Scale};

mod en;
mod it;

/// How a question and the ends of its scale are worded.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// With the shop's name at `{brand}`.
    pub question: &'static str,
    /// The same without a name.
    pub question_unbranded: &'static str,
    /// Under the lowest point.
    pub low: &'static str,
    /// Under the highest point.
    pub high: &'static str,
}

/// Everything a shopper can read, in one language.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// Language tag.
    pub language: &'static str,
    /// Is it written from right to left?
    pub rtl: bool,
    /// Likelihood to recommend.
    pub nps: Asked,
    /// Agreement that it was easy: a high score is good.
    pub ces_agreement: Asked,
    /// How much effort it took: a low score is good.
    pub ces_effort: Asked,
    /// Satisfaction.
    pub csat: Asked,
    /// Follow-up after a good, a middling and a bad score.
    pub follow_up: [&'static str; 3],
    /// Accessible name of a point: `{n}` of `{max}`.
    pub point: &'static str,
    /// Accessible name of a star: `{n}` of `{max}`.
    pub star: &'static str,
    /// Five faces, from displeased to pleased.
    pub faces: [&'static str; 5],
    /// Thumb down, thumb up.
    pub thumbs: [&'static str; 2],
    /// The button that sends the comment.
    pub send: &'static str,
    /// The button that sends the prompt away.
    pub dismiss: &'static str,
    /// Said to screen readers when the score is chosen.
    pub noted: &'static str,
    /// After the answer.
    pub thanks: &'static str,
    /// Said when it is sent without a score.
    pub choose: &'static str,
    /// Said when the answer could not be taken now.
    pub failed: &'static str,
    /// Said in place of a question that is not asked any more.
    pub ended: &'static str,
}

/// Every language we ship.
pub const ALL: [&Wording; 2] = [&en::WORDING, &it::WORDING];

/// Our words in exactly this language.
pub fn of(language: &str) -> Option<&'static Wording> {
    ALL.into_iter().find(|wording| wording.language == language)
}

/// Our words in this language, in its base language (`pt` for `pt-BR`), or in English.
pub fn nearest(language: &str) -> &'static Wording {
    let base = language.split('-').next().unwrap_or(language);
    of(language).or_else(|| of(base)).unwrap_or(&en::WORDING)
}

impl Wording {
    /// The words that fit a metric and the direction of its scale.
    pub fn asked(&self, metric: Metric, scale: &Scale) -> &Asked {
        match (metric, scale.polarity) {
            (Metric::Nps, _) => &self.nps,
            (Metric::Ces, Polarity::HighIsGood) => &self.ces_agreement,
            (Metric::Ces, Polarity::LowIsGood) => &self.ces_effort,
            (Metric::Csat, _) => &self.csat,
        }
    }

    /// The follow-up question for a band.
    pub fn follow_up(&self, band: Band) -> &'static str {
        let [on_good, on_middling, on_bad] = self.follow_up;
        match band {
            Band::Promoter | Band::Positive => on_good,
            Band::Passive | Band::Neutral => on_middling,
            Band::Detractor | Band::Negative => on_bad,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit;

    #[test]
    fn every_language_says_everything_within_bounds() {
        for wording in ALL {
            let questions = [&wording.nps, &wording.ces_agreement, &wording.ces_effort, &wording.csat];
            let mut texts: Vec<&str> =
                questions.iter().flat_map(|q| [q.question, q.question_unbranded, q.low, q.high]).collect();
            texts.extend(wording.follow_up.iter().chain(&wording.faces).chain(&wording.thumbs));
            texts.extend([wording.send, wording.dismiss, wording.noted, wording.thanks]);
            texts.extend([wording.choose, wording.failed, wording.ended]);
            for text in texts {
                let chars = text.chars().count();
                assert!((1..=limit::TEXT_CHARS_MAX).contains(&chars), "{}: {text}", wording.language);
                assert_eq!(text.trim(), text);
            }
            for asked in questions {
                assert!(asked.question.contains("{brand}") && !asked.question_unbranded.contains('{'));
                assert!(
                    asked.low.chars().count() <= 28 && asked.high.chars().count() <= 28,
                    "ends fit 320 px"
                );
            }
            for name in [wording.point, wording.star] {
                assert!(name.contains("{n}") && name.contains("{max}"));
            }
            assert!(wording.send.chars().count() <= 14 && wording.dismiss.chars().count() <= 24);
        }
    }

    #[test]
    fn the_nearest_language_speaks() {
        for (asked, spoken) in [("it", "it"), ("it-CH", "it"), ("en-GB", "en"), ("sq", "en"), ("", "en")] {
            assert_eq!(nearest(asked).language, spoken);
        }
    }
}
