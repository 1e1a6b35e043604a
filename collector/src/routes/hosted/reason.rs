//! Why the score: the follow-up question of its band, with what was said to it so far.

use parere_shared::config::{ChoiceConfig, FollowUpConfig, SurveyConfig};
use serde_json::{Value, json};

use super::page::Sheet;

/// The question as it is drawn.
pub(super) struct Reason<'a> {
    pub(super) question: &'a str,
    /// Type of the fields: of radio buttons one can be chosen.
    pub(super) kind: &'static str,
    pub(super) choices: Vec<Tick<'a>>,
    /// Is there room for a comment?
    pub(super) comment: bool,
    /// Not asked yet: the places for it are there, for a script to fill.
    pub(super) is_later: bool,
}

/// A choice, and whether it is made.
pub(super) struct Tick<'a> {
    pub(super) choice: &'a ChoiceConfig,
    pub(super) is_chosen: bool,
}

/// The band of a score, if it has a question.
pub(super) fn band(config: &SurveyConfig, score: Option<i32>) -> Option<&FollowUpConfig> {
    let score = score?;
    config.follow_ups.iter().find(|band| (band.from..=band.to).contains(&score))
}

/// Of what was ticked, all but the reasons that only other bands than that of `score` offer: the question changed with
/// the score, and the page could not know. What no band offers any more was ticked in good faith.
pub(super) fn of_band<'a>(config: &SurveyConfig, score: Option<i32>, ticked: &'a [String]) -> Vec<&'a str> {
    let offers = |band: &FollowUpConfig, value: &str| band.choices.iter().any(|choice| choice.value == value);
    let own = band(config, score);
    let is_meant = |value: &&str| {
        own.is_some_and(|own| offers(own, value)) || !config.follow_ups.iter().any(|band| offers(band, value))
    };
    ticked.iter().map(String::as_str).filter(is_meant).collect()
}

impl<'a> Reason<'a> {
    /// Once the score is stored; and wherever what was said is to be shown again.
    pub(super) fn shown(config: &'a SurveyConfig, sheet: &Sheet) -> Option<Self> {
        let own = band(config, sheet.score);
        let is_empty = sheet.choices.is_empty() && sheet.comment.is_empty();
        let band = if is_empty {
            own.filter(|_| sheet.revision > 1)
        } else {
            // A score of another band or none must not take away what stood under the question.
            let mut all = own.into_iter().chain(&config.follow_ups);
            all.clone().find(|band| holds(band, sheet)).or_else(|| all.next())
        };
        let tick =
            |choice: &'a ChoiceConfig| Tick { choice, is_chosen: sheet.choices.contains(&choice.value) };
        band.map(|band| Self {
            question: &band.question,
            kind: if band.many { "checkbox" } else { "radio" },
            choices: band.choices.iter().map(tick).collect(),
            comment: band.comment || !sheet.comment.is_empty(),
            is_later: false,
        })
    }

    /// No question yet.
    pub(super) fn later() -> Self {
        Self { question: "", kind: "checkbox", choices: Vec::new(), comment: true, is_later: true }
    }
}

/// Does the question of `band` have a place for all that was said?
fn holds(band: &FollowUpConfig, sheet: &Sheet) -> bool {
    let is_offered = |value: &String| band.choices.iter().any(|choice| choice.value == *value);
    (band.comment || sheet.comment.is_empty()) && sheet.choices.iter().all(is_offered)
}

/// The questions of all bands, for the kiosk's script.
pub(super) fn all(config: &SurveyConfig) -> Vec<Value> {
    let choice = |choice: &ChoiceConfig| json!({"value": choice.value, "label": choice.label});
    let question = |band: &FollowUpConfig| {
        json!({
            "from": band.from, "to": band.to, "question": band.question,
            "choices": band.choices.iter().map(choice).collect::<Vec<_>>(),
            "many": band.many, "comment": band.comment,
        })
    };
    config.follow_ups.iter().map(question).collect()
}
