//! What follows a score: do follow-ups, choices and thanks make sense?

use std::collections::BTreeMap;

use super::check_words;
use crate::config::OTHER;
use crate::limit;
use crate::score::Band;
use crate::survey::{Choices, Link, Survey};
use crate::text;
use crate::violation::{Rule, Violation};

impl Survey {
    pub(super) fn check_follow_ups(&self, found: &mut Vec<Violation>) {
        self.check_bands("follow_ups", self.follow_ups.iter().map(|band| (band.from, band.to)), found);
        for (i, band) in self.follow_ups.iter().enumerate() {
            self.check_by_language(&format!("follow_ups[{i}].question"), &band.question, found);
            if let Some(choices) = &band.choices {
                self.check_choices(&format!("follow_ups[{i}].choices"), choices, found);
            } else if !band.comment {
                let rule = Rule::Contradiction("leaves nothing to answer: offer choices or a comment");
                found.push(Violation::new(format!("follow_ups[{i}].comment"), rule));
            }
        }
    }

    fn check_choices(&self, field: &str, choices: &Choices, found: &mut Vec<Violation>) {
        let options = &choices.options;
        if options.is_empty() {
            found.push(Violation::new(format!("{field}.options"), Rule::Empty));
        }
        // "Something else" needs room, too.
        if options.len() >= limit::CHOICES_MAX {
            found.push(Violation::new(
                format!("{field}.options"),
                Rule::TooMany { max: limit::CHOICES_MAX - 1 },
            ));
        }
        for (i, option) in options.iter().enumerate() {
            let field = format!("{field}.options[{i}]");
            if !text::is_slug(&option.value) || option.value.len() > limit::SLUG_CHARS_MAX {
                let rule = Rule::Format("1 to 64 lower-case letters, digits and inner hyphens");
                found.push(Violation::new(format!("{field}.value"), rule));
            } else if option.value == OTHER
                || options.iter().take(i).any(|earlier| earlier.value == option.value)
            {
                let rule = Rule::Contradiction("is taken; `other` stands for something else");
                found.push(Violation::new(format!("{field}.value"), rule));
            }
            self.check_labels(&format!("{field}.label"), &option.label, found);
        }
    }

    pub(super) fn check_thanks(&self, found: &mut Vec<Violation>) {
        self.check_bands("thanks", self.thanks.iter().map(|band| (band.from, band.to)), found);
        for (i, band) in self.thanks.iter().enumerate() {
            self.check_by_language(&format!("thanks[{i}].text"), &band.text, found);
            if let Some(link) = &band.link {
                let is_address = link.url.starts_with("https://")
                    || link.url.starts_with('/') && !link.url.starts_with("//");
                if !is_address || link.url.len() > limit::PAGE_CHARS_MAX || text::has_control(&link.url) {
                    let rule = Rule::Format("an address that begins with https://, or a path of the shop");
                    found.push(Violation::new(format!("thanks[{i}].link.url"), rule));
                }
                self.check_labels(&format!("thanks[{i}].link.label"), &link.label, found);
            }
        }
    }

    /// What this definition may do and had better not; empty for nothing.
    ///
    /// Sending only happy customers to a review site is called *review gating*: the sites' terms forbid it, and in
    /// many countries consumer law does (United States: 16 CFR 465; European Union: Directive 2005/29, annex I, 23c).
    pub fn warnings(&self) -> Vec<Violation> {
        let leads_away = |link: &Link| !link.url.starts_with('/');
        let sent_on = |score: i32| {
            let own = self.thanks.iter().find(|band| band.from <= score && score <= band.to);
            own.and_then(|band| band.link.as_ref()).is_some_and(leads_away)
        };
        let is_bad = |score: i32| {
            matches!(Band::of(self.metric, &self.scale, score), Band::Detractor | Band::Negative)
        };
        let mut scores = self.scale.min..=self.scale.max;
        if scores.clone().any(sent_on) && scores.any(|score| is_bad(score) && !sent_on(score)) {
            let rule = Rule::Contradiction(
                "sends only those who are happy to another site; if reviews are written there, offer it to everyone: \
                 review sites and consumer law forbid choosing",
            );
            return vec![Violation::new("thanks", rule)];
        }
        Vec::new()
    }

    /// Bands lie on the scale, the right way round, and do not overlap.
    fn check_bands(&self, field: &str, bands: impl Iterator<Item = (i32, i32)>, found: &mut Vec<Violation>) {
        let bands: Vec<_> = bands.collect();
        if bands.len() > limit::FOLLOW_UPS_MAX {
            found.push(Violation::new(field, Rule::TooMany { max: limit::FOLLOW_UPS_MAX }));
        }
        for (i, &(from, to)) in bands.iter().enumerate() {
            let range = Rule::OutOfRange { min: self.scale.min.into(), max: self.scale.max.into() };
            for (end, score) in [("from", from), ("to", to)] {
                if !self.scale.contains(score) {
                    found.push(Violation::new(format!("{field}[{i}].{end}"), range.clone()));
                }
            }
            if from > to {
                let rule = Rule::Contradiction("must not lie above its own end");
                found.push(Violation::new(format!("{field}[{i}].from"), rule));
            }
            if bands.iter().take(i).any(|earlier| earlier.0 <= to && from <= earlier.1) {
                let rule = Rule::Contradiction("overlaps an earlier band");
                found.push(Violation::new(format!("{field}[{i}]"), rule));
            }
        }
    }

    /// What only the merchant can say must be said in every language of the survey.
    fn check_labels(&self, field: &str, labels: &BTreeMap<String, String>, found: &mut Vec<Violation>) {
        for language in &self.languages {
            if !labels.contains_key(language) {
                found.push(Violation::new(format!("{field}.{language}"), Rule::Missing));
            }
        }
        self.check_by_language(field, labels, found);
    }

    fn check_by_language(&self, field: &str, words: &BTreeMap<String, String>, found: &mut Vec<Violation>) {
        for (language, words) in words {
            let field = format!("{field}.{language}");
            if self.languages.contains(language) {
                check_words(&field, words, found);
            } else {
                found.push(Violation::new(field, Rule::Unknown("among the languages of this survey")));
            }
        }
    }
}
