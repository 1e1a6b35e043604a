//! The life of a survey: what each step does, in a sentence.

use parere_shared::survey::SurveyState;

/// The state of a survey, and where it can go from there.
pub(super) struct StateBox {
    pub(super) name: &'static str,
    pub(super) sentence: &'static str,
    pub(super) steps: Vec<Step>,
}

/// A button.
pub(super) struct Step {
    /// The state it leads to, by its name on the wire.
    pub(super) to: &'static str,
    pub(super) words: &'static str,
    pub(super) sentence: &'static str,
    pub(super) is_usual: bool,
}

const PUBLISH: Step = Step {
    to: "live",
    words: "Publish",
    sentence: "Shoppers are asked from now on, wherever the tag stands and the rules below allow it.",
    is_usual: true,
};
const PAUSE: Step = Step {
    to: "paused",
    words: "Pause",
    sentence: "Nobody is asked until you publish it again; every answer stays.",
    is_usual: true,
};
const ARCHIVE: Step = Step {
    to: "archived",
    words: "Archive",
    sentence: "It is over: nobody is asked any more; its answers and scores stay.",
    is_usual: false,
};
const RESTORE: Step = Step {
    to: "paused",
    words: "Take out of the archive",
    sentence: "It becomes a paused survey again, which can be published.",
    is_usual: false,
};

impl StateBox {
    pub(super) fn of(state: SurveyState) -> Self {
        let (name, sentence, steps) = match state {
            SurveyState::Draft => {
                ("Draft", "Nobody is asked; test answers are taken and never count.", vec![PUBLISH, ARCHIVE])
            }
            SurveyState::Live => {
                ("Live", "Shoppers are asked, and their answers count.", vec![PAUSE, ARCHIVE])
            }
            SurveyState::Paused => ("Paused", "Nobody is asked for now.", vec![PUBLISH, ARCHIVE]),
            SurveyState::Archived => ("Archived", "It is over; its answers stay.", vec![RESTORE]),
        };
        Self { name, sentence, steps }
    }
}

/// The state of this name, if a button leads there from `state`.
pub(super) fn after(state: SurveyState, name: &str) -> Option<SurveyState> {
    let is_offered = StateBox::of(state).steps.iter().any(|step| step.to == name);
    is_offered.then_some(match name {
        "live" => SurveyState::Live,
        "paused" => SurveyState::Paused,
        _ => SurveyState::Archived,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_goes_where_a_button_leads() {
        use SurveyState::{Archived, Draft, Live, Paused};
        for (from, name, to) in [
            (Draft, "live", Some(Live)),
            (Draft, "archived", Some(Archived)),
            (Draft, "paused", None),
            (Draft, "draft", None),
            (Live, "paused", Some(Paused)),
            (Live, "archived", Some(Archived)),
            (Live, "live", None),
            (Live, "draft", None),
            (Paused, "live", Some(Live)),
            (Archived, "paused", Some(Paused)),
            (Archived, "live", None),
            (Archived, "", None),
        ] {
            assert_eq!(after(from, name), to, "{from:?} to {name:?}");
        }
    }
}
