//! Kinds of questions, and what a new survey says before anybody has written anything.

use parere_shared::survey::{
    Look, Metric, Placement, Polarity, Scale, Schedule, Survey, SurveyState, Targeting, Topic, Trigger,
};

use crate::catalogue::SiteEntry;

/// A kind of question, as one chooses it.
pub(super) struct Kind {
    /// Name in the address, and the usual slug.
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) advice: &'static str,
    metric: Metric,
    topic: Option<Topic>,
    scale: Scale,
}

const fn points(min: i32, max: i32, look: Look) -> Scale {
    Scale { min, max, polarity: Polarity::HighIsGood, look }
}

const fn kind(
    name: &'static str,
    words: &'static str,
    advice: &'static str,
    metric: Metric,
    scale: Scale,
) -> Kind {
    Kind { name, words, advice, metric, topic: None, scale }
}

const fn recommendation(name: &'static str, words: &'static str, advice: &'static str, max: i32) -> Kind {
    let topic = Some(Topic::Recommendation);
    Kind { topic, ..kind(name, words, advice, Metric::Csat, points(1, max, Look::Numbers)) }
}

const fn effort(name: &'static str, words: &'static str, max: i32) -> Kind {
    let scale = Scale { polarity: Polarity::LowIsGood, ..points(1, max, Look::Numbers) };
    kind(name, words, "How much effort did it take? A low score is good.", Metric::Ces, scale)
}

/// Every kind, by what is measured.
pub(super) const KINDS: [(&str, &[Kind]); 4] = [
    (
        "Would they recommend you?",
        &[
            kind(
                "nps",
                "Net Promoter Score, 0–10",
                "How likely are you to recommend us? The one that others can be compared with.",
                Metric::Nps,
                points(0, 10, Look::Numbers),
            ),
            recommendation(
                "recommend-10",
                "Recommendation, 1–10",
                "The same question on ten points; not an NPS.",
                10,
            ),
            recommendation(
                "recommend-5",
                "Recommendation, 1–5",
                "The same question on five points; not an NPS.",
                5,
            ),
        ],
    ),
    (
        "Was it easy? (a high score is good)",
        &[
            kind(
                "ces",
                "Customer effort, 1–7",
                "It was easy: how much do you agree?",
                Metric::Ces,
                points(1, 7, Look::Numbers),
            ),
            kind(
                "ces-5",
                "Customer effort, 1–5",
                "It was easy: how much do you agree?",
                Metric::Ces,
                points(1, 5, Look::Numbers),
            ),
        ],
    ),
    (
        "How much effort did it take? (a low score is good)",
        &[effort("effort-7", "Customer effort, 1–7", 7), effort("effort-5", "Customer effort, 1–5", 5)],
    ),
    (
        "Were they satisfied?",
        &[
            kind(
                "csat",
                "Satisfaction in numbers, 1–5",
                "How satisfied are you?",
                Metric::Csat,
                points(1, 5, Look::Numbers),
            ),
            kind(
                "stars",
                "Satisfaction in stars, 1–5",
                "How satisfied are you?",
                Metric::Csat,
                points(1, 5, Look::Stars),
            ),
            kind(
                "faces",
                "Satisfaction in faces, 1–5",
                "How satisfied are you?",
                Metric::Csat,
                points(1, 5, Look::Faces),
            ),
            kind(
                "thumbs",
                "Satisfaction, thumb up or down",
                "The quickest to answer, and the one that says least.",
                Metric::Csat,
                points(0, 1, Look::Thumbs),
            ),
        ],
    ),
];

impl Kind {
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        KINDS.iter().flat_map(|(_, kinds)| *kinds).find(|kind| kind.name == name)
    }

    /// A new survey of this kind, in the languages and with the name of the site's other surveys.
    pub(super) fn survey(&self, site: &SiteEntry) -> Survey {
        let last = site.surveys.last().map(|entry| &entry.survey);
        let is_taken = |slug: &str| site.survey(slug).is_some();
        let numbered = (2..).map(|n| format!("{}-{n}", self.name));
        let slug = std::iter::once(self.name.to_owned()).chain(numbered).find(|slug| !is_taken(slug));
        Survey {
            slug: slug.unwrap_or_default(),
            state: SurveyState::Draft,
            metric: self.metric,
            scale: self.scale,
            topic: self.topic,
            brand: last.map_or_else(|| site.site.name.clone(), |survey| survey.brand.clone()),
            languages: last.map_or_else(|| vec!["en".into()], |survey| survey.languages.clone()),
            texts: [].into(),
            follow_ups: Vec::new(),
            thanks: Vec::new(),
            placement: Placement::Inline,
            position: None,
            touchpoint: String::new(),
            targeting: Targeting::default(),
            schedule: Schedule::default(),
            trigger: Trigger::Immediately,
        }
    }
}
