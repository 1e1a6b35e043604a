//! Whether a survey definition makes sense; every violation is listed, not only the first.

use super::{Look, Metric, Placement, Polarity, Scale, Survey, Topic};
use crate::limit;
use crate::violation::{Rule, Violation};
use crate::{text, wording};

mod after;
mod rules;

pub use rules::check_conditions;

impl Survey {
    /// Every rule that this definition breaks; empty when it can be asked.
    pub fn violations(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        if !text::is_slug(&self.slug) || self.slug.len() > limit::SLUG_CHARS_MAX {
            let rule = Rule::Format("1 to 64 lower-case letters, digits and inner hyphens");
            found.push(Violation::new("slug", rule));
        }
        check_scale(self.metric, &self.scale, &mut found);
        check_topic(self.metric, self.topic(), &mut found);
        check_text("brand", &self.brand, &mut found);
        // Every answer carries it.
        check_length("touchpoint", &self.touchpoint, limit::FIELD_CHARS_MAX, &mut found);
        self.check_languages(&mut found);
        self.check_texts(&mut found);
        self.check_follow_ups(&mut found);
        self.check_thanks(&mut found);
        self.check_position(&mut found);
        self.check_targeting(&mut found);
        self.check_quota(&mut found);
        self.check_schedule(&mut found);
        self.check_trigger(&mut found);
        found
    }

    fn check_position(&self, found: &mut Vec<Violation>) {
        if self.position.is_some_and(|position| !self.placement.fits(position)) {
            let rule = Rule::Contradiction(match self.placement {
                Placement::Inline => "is for prompts that do not stand in the page",
                Placement::Popover => "must be a corner: bottom_end, bottom_start, top_end or top_start",
                Placement::Bar => "must be bottom or top",
                Placement::Tab => "must be end or start",
            });
            found.push(Violation::new("position", rule));
        }
    }

    fn check_languages(&self, found: &mut Vec<Violation>) {
        if self.languages.is_empty() {
            found.push(Violation::new("languages", Rule::Empty));
        }
        if self.languages.len() > limit::LANGUAGES_MAX {
            found.push(Violation::new("languages", Rule::TooMany { max: limit::LANGUAGES_MAX }));
        }
        for (i, language) in self.languages.iter().enumerate() {
            let field = format!("languages[{i}]");
            if !text::is_language(language) {
                found.push(Violation::new(field, Rule::Format("a language tag such as it or pt-BR")));
            } else if self.languages.iter().take(i).any(|earlier| earlier == language) {
                found.push(Violation::new(field, Rule::Contradiction("names a language twice")));
            } else if wording::spoken(language).is_none() {
                self.check_own_words(language, found);
            }
        }
    }

    /// A language that we do not ship needs the merchant's own words for everything a shopper reads.
    fn check_own_words(&self, language: &str, found: &mut Vec<Violation>) {
        let texts = self.texts.get(language);
        for (name, text) in [
            ("question", texts.and_then(|t| t.question.as_ref())),
            ("low", texts.and_then(|t| t.low.as_ref())),
            ("high", texts.and_then(|t| t.high.as_ref())),
            ("thanks", texts.and_then(|t| t.thanks.as_ref())),
        ] {
            if text.is_none() {
                found.push(Violation::new(format!("texts.{language}.{name}"), Rule::Missing));
            }
        }
    }

    fn check_texts(&self, found: &mut Vec<Violation>) {
        for (language, texts) in &self.texts {
            if !self.languages.contains(language) {
                found.push(Violation::new(
                    format!("texts.{language}"),
                    Rule::Unknown("among the languages of this survey"),
                ));
            }
            for (name, text) in [
                ("question", &texts.question),
                ("low", &texts.low),
                ("high", &texts.high),
                ("thanks", &texts.thanks),
            ] {
                if let Some(text) = text {
                    check_words(&format!("texts.{language}.{name}"), text, found);
                }
            }
        }
    }
}

fn check_scale(metric: Metric, scale: &Scale, found: &mut Vec<Violation>) {
    if scale.min >= scale.max {
        found.push(Violation::new("scale.min", Rule::Contradiction("must be less than scale.max")));
        return;
    }
    if metric == Metric::Nps && !is_nps(scale) {
        let rule = Rule::Contradiction("must be 0 to 10, high_is_good, numbers for the metric nps");
        found.push(Violation::new("scale", rule));
    }
    if scale.points() > limit::SCALE_POINTS_MAX {
        found.push(Violation::new("scale", Rule::TooMany { max: limit::SCALE_POINTS_MAX }));
    }
    let fits = match scale.look {
        Look::Numbers => true,
        Look::Stars => (3..=10).contains(&scale.points()) && scale.min == 1,
        Look::Faces => matches!(scale.points(), 3 | 5),
        Look::Thumbs => (scale.min, scale.max) == (0, 1),
    };
    if scale.look != Look::Numbers && scale.polarity == Polarity::LowIsGood {
        let rule = Rule::Contradiction("must be high_is_good: more stars and happier faces are better");
        found.push(Violation::new("scale.polarity", rule));
    }
    if !fits {
        let rule = Rule::Contradiction(
            "does not fit the look: stars are 1 to 3–10, faces 3 or 5 points, thumbs 0 and 1",
        );
        found.push(Violation::new("scale.look", rule));
    }
}

/// A metric can be asked about in some ways only: whether one recommends says nothing about effort.
fn check_topic(metric: Metric, topic: Topic, found: &mut Vec<Violation>) {
    let fits = match topic {
        Topic::Recommendation => metric != Metric::Ces,
        Topic::Agreement | Topic::Ease | Topic::Effort => metric == Metric::Ces,
        Topic::Satisfaction => metric == Metric::Csat,
    };
    if !fits {
        let rule = Rule::Contradiction(
            "does not fit the metric: nps asks for recommendation, ces for agreement, ease or effort, \
             csat for satisfaction or recommendation",
        );
        found.push(Violation::new("topic", rule));
    }
}

fn is_nps(scale: &Scale) -> bool {
    (scale.min, scale.max, scale.polarity, scale.look) == (0, 10, Polarity::HighIsGood, Look::Numbers)
}

/// A text that a shopper reads: not empty, not long, no control characters.
fn check_words(field: &str, words: &str, found: &mut Vec<Violation>) {
    if words.trim().is_empty() {
        found.push(Violation::new(field, Rule::Empty));
    }
    check_text(field, words, found);
}

fn check_text(field: &str, words: &str, found: &mut Vec<Violation>) {
    check_length(field, words, limit::TEXT_CHARS_MAX, found);
}

fn check_length(field: &str, words: &str, max: usize, found: &mut Vec<Violation>) {
    if words.chars().count() > max {
        found.push(Violation::new(field, Rule::TooLong { max }));
    }
    if text::has_control(words) {
        found.push(Violation::new(field, Rule::ControlCharacter));
    }
}

#[cfg(test)]
mod tests;
