//! Our own words for each kind of question, by language; a merchant may override any of them.
//!
//! Only the collector carries these texts: the browser gets those of one language in its configuration.

use crate::language;
use crate::score::Band;
use crate::survey::Topic;

mod ar;
mod bg;
mod cs;
mod da;
mod de;
mod el;
mod en;
mod es;
mod fa;
mod fi;
mod fr;
mod he;
mod hi;
mod hr;
mod hu;
mod it;
mod ja;
mod ko;
mod nb;
mod nl;
mod pl;
mod pt;
mod ro;
mod sv;
mod tr;
mod uk;
mod zh_hans;
mod zh_hant;

/// How a question and the ends of its scale are worded.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// With the shop's name at `{brand}`.
    pub question: &'static str,
    /// The same without a name.
    pub question_unbranded: &'static str,
    /// Under the lowest point, on a scale that runs the way the question asks.
    pub low: &'static str,
    /// Under the highest point.
    pub high: &'static str,
}

/// What is said to a customer who is invited by a link of their own.
#[derive(Debug, Clone, Copy)]
pub struct Invited {
    /// Subject of a mail, with the shop's name at `{brand}`.
    pub subject: &'static str,
    /// Above the points of the scale in a mail: what choosing one does.
    pub hint: &'static str,
    /// The link and the button after which no mail comes any more.
    pub unsubscribe: &'static str,
    /// After that.
    pub unsubscribed: &'static str,
    /// In place of a question whose time is over.
    pub expired: &'static str,
    /// In place of a question that was answered by this link.
    pub used: &'static str,
    /// Where a link is none of ours.
    pub unknown: &'static str,
}

/// Everything a shopper can read, in one language.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// Language tag.
    pub language: &'static str,
    /// Is it written from right to left?
    pub rtl: bool,
    /// How likely to recommend: a high score is good.
    pub recommendation: Asked,
    /// Agreement that it was easy: a high score is good.
    pub agreement: Asked,
    /// How easy it was: a high score is good.
    pub ease: Asked,
    /// How much effort it took: a low score is good.
    pub effort: Asked,
    /// How it was: a high score is good.
    pub satisfaction: Asked,
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
    /// The choice for whatever else it was; a comment says what.
    pub other: &'static str,
    /// The button after which nothing is ever asked again.
    pub never: &'static str,
    /// Accessible name of the cross that closes a prompt.
    pub close: &'static str,
    /// On the tab at the side of a page that opens the question.
    pub tab: &'static str,
    /// Sent without a score: what is missing.
    pub choose: &'static str,
    /// Could not be sent, and what to do.
    pub failed: &'static str,
    /// Will never be stored, whatever the shopper does.
    pub refused: &'static str,
    /// In place of a question that is not asked any more.
    pub ended: &'static str,
    /// To whoever comes by a link of their own.
    pub invited: Invited,
}

/// Every language we ship, by its tag.
pub const ALL: [&Wording; 28] = [
    &ar::WORDING,
    &bg::WORDING,
    &cs::WORDING,
    &da::WORDING,
    &de::WORDING,
    &el::WORDING,
    &en::WORDING,
    &es::WORDING,
    &fa::WORDING,
    &fi::WORDING,
    &fr::WORDING,
    &he::WORDING,
    &hi::WORDING,
    &hr::WORDING,
    &hu::WORDING,
    &it::WORDING,
    &ja::WORDING,
    &ko::WORDING,
    &nb::WORDING,
    &nl::WORDING,
    &pl::WORDING,
    &pt::WORDING,
    &ro::WORDING,
    &sv::WORDING,
    &tr::WORDING,
    &uk::WORDING,
    &zh_hans::WORDING,
    &zh_hant::WORDING,
];

/// Our words in exactly this language; upper and lower case are alike.
pub fn of(language: &str) -> Option<&'static Wording> {
    ALL.into_iter().find(|wording| wording.language.eq_ignore_ascii_case(language))
}

/// Our words in this language, or in the nearest that we have: `pt` for `pt-BR`.
pub fn spoken(language: &str) -> Option<&'static Wording> {
    language::nearest(language, &ALL.map(|wording| wording.language)).and_then(of)
}

/// Our words in this language as [`spoken`], or in English.
pub fn nearest(language: &str) -> &'static Wording {
    spoken(language).unwrap_or(&en::WORDING)
}

impl Wording {
    /// The words for a topic.
    pub fn asked(&self, topic: Topic) -> &Asked {
        match topic {
            Topic::Recommendation => &self.recommendation,
            Topic::Agreement => &self.agreement,
            Topic::Ease => &self.ease,
            Topic::Effort => &self.effort,
            Topic::Satisfaction => &self.satisfaction,
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
mod tests;
