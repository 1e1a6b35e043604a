//! The card as text: markup for the scripts of `browser/`, which build the elements, and the words in it.
//!
//! A line is `tag|attribute=value|…`, indented by one blank for each level; `text` stands for what is in the element.
//! `$` stands for the next of the words, which are separated by NUL: they come from merchants and may hold anything.

use parere_shared::config::{FollowUpConfig, SurveyConfig};
use parere_shared::survey::Placement;

mod scale;
pub(crate) mod style;

pub(crate) use scale::score_of;

/// What is under the scale: room for the follow-up question, the buttons, the line for screen readers and thanks.
const BELOW: &str = "
 div|class=more|hidden=
 div|class=actions
  button|type=button|part=never|text=$
  button|type=button|part=dismiss|text=$
  button|type=button|part=submit|hidden=|text=$
 p|class=status|role=status|tabindex=-1
  span
  a|part=link|target=_blank|rel=noopener|hidden=";

/// The field for a comment; a copy of its text lies under it and gives it its height.
const COMMENT: &str = "
div|class=grow|data-text=$
 textarea|part=comment|id=comment|rows=2|maxlength=4000|aria-label=$|text=$";

/// Markup and its words.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    pub(crate) markup: String,
    pub(crate) words: String,
}

impl Drawing {
    /// The question.
    pub(crate) fn question(survey: &SurveyConfig<&str>) -> Self {
        let mut drawing = Self { markup: "div|part=card|lang=$|dir=$|class=$".into(), words: String::new() };
        drawing.words.push_str(survey.language);
        let dir = if survey.rtl { "rtl" } else { "ltr" };
        if survey.placement == Placement::Tab {
            drawing.add(
                "\n button|type=button|part=tab|aria-expanded=false|text=$",
                &[dir, "folded", survey.tab],
            );
        } else {
            drawing.add("", &[dir, ""]);
        }
        // A tab closes what it opens; in the page there is nothing to get out of the way.
        if matches!(survey.placement, Placement::Popover | Placement::Bar) {
            drawing.add("\n button|type=button|part=close|aria-label=$|text=×", &[survey.close]);
        }
        scale::draw(&mut drawing, survey);
        drawing.add(BELOW, &[survey.never, survey.dismiss, survey.send]);
        drawing
    }

    /// The follow-up question, with what was `written` under another one before.
    pub(crate) fn follow_up(follow_up: &FollowUpConfig<&str>, written: &str) -> Self {
        let question = follow_up.question;
        let mut drawing = Self { markup: String::new(), words: question.into() };
        if follow_up.choices.is_empty() {
            drawing.markup.push_str("label|for=comment|text=$");
        } else {
            drawing.markup.push_str("fieldset|part=choices|class=choices\n legend|text=$");
            let kind = if follow_up.many { "checkbox" } else { "radio" };
            for choice in &follow_up.choices {
                drawing.add(
                    "\n label\n  input|type=$|name=choice|value=$\n  span|text=$",
                    &[kind, choice.value, choice.label],
                );
            }
        }
        if follow_up.comment {
            drawing.add(COMMENT, &[written, question, written]);
        }
        drawing
    }

    /// Adds lines of markup and a word for each `$` in them.
    #[inline(never)]
    fn add(&mut self, markup: &str, words: &[&str]) {
        self.markup.push_str(markup);
        for word in words {
            self.words.push('\0');
            self.words.push_str(word);
        }
    }

    /// Goes on with the last word.
    fn extend(&mut self, end: &str) {
        self.words.push_str(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parere_shared::config::ChoiceConfig;
    use parere_shared::limit;

    #[test]
    fn the_field_takes_as_much_as_a_comment_may_hold() {
        assert!(COMMENT.contains(&format!("|maxlength={}|", limit::COMMENT_CHARS_MAX)));
    }

    #[test]
    fn every_place_has_its_word() {
        let choice = |value, label| ChoiceConfig { value, label };
        for (choices, many, comment) in [
            (vec![], false, true),
            (vec![choice("fit", "The fit"), choice("other", "Other")], true, true),
            (vec![choice("fit", "The fit")], false, false),
        ] {
            let follow_up = FollowUpConfig { from: 0, to: 6, question: "Why?", choices, many, comment };
            let drawing = Drawing::follow_up(&follow_up, "was\nwritten");
            let places = drawing.markup.matches('$').count();
            assert_eq!(drawing.words.split('\0').count(), places, "{}", drawing.markup);
        }
    }
}
