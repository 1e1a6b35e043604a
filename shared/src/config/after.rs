//! What follows a score: the follow-up question with its choices, and thanks.

use std::collections::BTreeMap;

use crate::score::Band;
use crate::survey::{Choices, FollowUp, Pick, Survey, Thanks};
use crate::wording;

/// The value that is stored for "something else".
pub const OTHER: &str = "other";

/// The follow-up question of a band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpConfig<T = String> {
    /// First score of the band.
    pub from: i32,
    /// Last score of the band.
    pub to: i32,
    /// The question.
    pub question: T,
    /// What to choose from, "something else" included; often nothing.
    pub choices: Vec<ChoiceConfig<T>>,
    /// May several be chosen?
    pub many: bool,
    /// Is there room for a comment?
    pub comment: bool,
}

/// One of the choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceConfig<T = String> {
    /// What is stored.
    pub value: T,
    /// What is read.
    pub label: T,
}

/// What is said after an answer in a band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThanksConfig<T = String> {
    /// First score of the band.
    pub from: i32,
    /// Last score of the band.
    pub to: i32,
    /// The sentence.
    pub text: T,
    /// Where the link under it leads; empty for no link.
    pub url: T,
    /// What the link says.
    pub label: T,
}

impl Survey {
    /// The follow-up questions in one of the survey's languages; the metric's own bands where none are given.
    pub(super) fn follow_ups_in(&self, language: &str) -> Vec<FollowUpConfig> {
        if self.follow_ups.is_empty() {
            let bands = Band::all(self.metric).into_iter();
            return bands.filter_map(|band| self.our_follow_up(band, language)).collect();
        }
        self.follow_ups.iter().map(|own| self.own_follow_up(own, language)).collect()
    }

    /// What is said after an answer; the last entry is for all scores that have none of their own.
    pub(super) fn thanks_in(&self, language: &str) -> Vec<ThanksConfig> {
        let own = self.texts.get(language).and_then(|texts| texts.thanks.clone());
        let general = own.unwrap_or_else(|| wording::nearest(language).thanks.into());
        let of_band = |band: &Thanks| {
            let (url, label) = band.link.as_ref().map(|link| (link.url.clone(), link.label.clone())).unzip();
            ThanksConfig {
                from: band.from,
                to: band.to,
                text: band.text.get(language).cloned().unwrap_or_else(|| general.clone()),
                label: words(&label.unwrap_or_default(), language, url.as_deref().unwrap_or_default()),
                url: url.unwrap_or_default(),
            }
        };
        let mut thanks: Vec<_> = self.thanks.iter().map(of_band).collect();
        let none = String::new;
        let (from, to) = (self.scale.min, self.scale.max);
        thanks.push(ThanksConfig { from, to, text: general.clone(), url: none(), label: none() });
        thanks
    }

    fn our_follow_up(&self, band: Band, language: &str) -> Option<FollowUpConfig> {
        let range = band.range(self.metric, &self.scale)?;
        let question = wording::nearest(language).follow_up(band).into();
        let (from, to) = (*range.start(), *range.end());
        Some(FollowUpConfig { from, to, question, choices: Vec::new(), many: false, comment: true })
    }

    fn own_follow_up(&self, own: &FollowUp, language: &str) -> FollowUpConfig {
        let question = own.question.get(language).cloned().unwrap_or_else(|| {
            let band = Band::of(self.metric, &self.scale, own.from);
            wording::nearest(language).follow_up(band).into()
        });
        let choices = own.choices.as_ref();
        FollowUpConfig {
            from: own.from,
            to: own.to,
            question,
            choices: choices.map(|choices| choices.in_language(language)).unwrap_or_default(),
            many: choices.is_some_and(|choices| choices.pick == Pick::Many),
            // Whoever chose something else is asked what.
            comment: own.comment || choices.is_some_and(|choices| choices.other),
        }
    }
}

impl Choices {
    fn in_language(&self, language: &str) -> Vec<ChoiceConfig> {
        let own = self.options.iter().map(|choice| ChoiceConfig {
            value: choice.value.clone(),
            label: words(&choice.label, language, &choice.value),
        });
        let other = || ChoiceConfig { value: OTHER.into(), label: wording::nearest(language).other.into() };
        own.chain(self.other.then(other)).collect()
    }
}

/// The words in `language`; in another language rather than none, and `fallback` rather than nothing.
fn words(by_language: &BTreeMap<String, String>, language: &str, fallback: &str) -> String {
    let found = by_language.get(language).or_else(|| by_language.values().next());
    found.map_or(fallback, String::as_str).to_owned()
}
