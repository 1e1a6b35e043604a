//! The card as a state machine: what happened goes in, what is to be done comes out.
//!
//! Pure; [`crate::view`] draws and listens, [`crate::session`] does what is to be done.

use parere_shared::config::SurveyConfig;
use parere_shared::limit;
use parere_shared::memory::Moment;
use parere_shared::redact::redact;
use parere_shared::survey::Placement;
use parere_shared::text;

#[cfg(test)]
mod tests;

/// What can happen to a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// Half of it came into view.
    Seen,
    /// A score was chosen by pointer, Space or Enter.
    Chosen(i32),
    /// The arrow keys moved the choice: maybe on the way to another.
    Moved(i32),
    /// The choice stayed where it was moved to, or the focus left the scale.
    Settled,
    /// The follow-up was sent: the comment, and the choices, one a line.
    Sent(String, String),
    /// A score that was chosen before we listened, and is kept as revision 1 already.
    Resumed(i32),
    /// The answer will never be stored.
    Refused,
    /// The tab was pressed.
    Opened,
    /// The shopper wants it away.
    Dismissed,
    /// The shopper wants no question any more.
    Never,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Remember the moment and tell the page.
    Note(Moment),
    /// Keep and send this revision, tell the page.
    Store(Answer),
    /// Tell the page of this revision, which is kept already.
    Tell(Answer),
    /// Send [`Event::Settled`] when the arrow keys rested.
    AwaitRest,
    /// Ask why: the follow-up question with this index.
    Ask(usize),
    /// Say thanks in place of the question: the entry with this index.
    Thank(usize),
    /// Say in place of everything else that the answer is not stored.
    Refuse,
    /// Show the card behind the tab, or only the tab.
    Fold(bool),
    /// Remember never to ask again.
    Forswear,
    /// Take the prompt away.
    Close,
}

/// One revision of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) score: i32,
    pub(crate) revision: u32,
    /// Empty for none.
    pub(crate) comment: String,
    /// Values of the choices, one a line.
    pub(crate) choices: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Behind its tab.
    Folded,
    Asking,
    Thanked,
    Closed,
}

/// A question on its way to an answer.
#[derive(Debug)]
pub(crate) struct Prompt {
    stage: Stage,
    /// Does it stand behind a tab?
    has_tab: bool,
    seen: bool,
    /// Stored score, and the one the arrow keys stand on.
    score: Option<i32>,
    moved: Option<i32>,
    revision: u32,
    survey: &'static SurveyConfig<&'static str>,
}

impl Prompt {
    /// A prompt with nothing chosen.
    pub(crate) fn new(survey: &'static SurveyConfig<&'static str>) -> Self {
        let has_tab = survey.placement == Placement::Tab;
        let stage = if has_tab { Stage::Folded } else { Stage::Asking };
        Self { stage, has_tab, seen: false, score: None, moved: None, revision: 0, survey }
    }

    /// Calls `effect` with what `event` leads to, one thing after the other.
    pub(crate) fn step(&mut self, event: Event, effect: &mut dyn FnMut(Effect)) {
        match (self.stage, event) {
            (Stage::Closed, _) => {}
            (Stage::Folded, Event::Opened) => {
                self.stage = Stage::Asking;
                effect(Effect::Fold(false));
                self.see(effect);
            }
            (stage, Event::Refused) => {
                if stage != Stage::Folded {
                    self.stage = Stage::Thanked;
                }
                effect(Effect::Refuse);
            }
            (Stage::Folded, event) if event != Event::Dismissed => {}
            (_, Event::Seen) => self.see(effect),
            (_, Event::Never) => {
                effect(Effect::Forswear);
                self.close(effect);
            }
            (Stage::Thanked, Event::Opened) => self.close(effect),
            (_, Event::Opened) => self.fold(effect),
            (_, Event::Dismissed) if self.has_tab && self.score.is_none() && self.stage == Stage::Asking => {
                self.fold(effect);
            }
            (_, Event::Dismissed) => self.close(effect),
            (Stage::Thanked | Stage::Folded, _) => {}
            (Stage::Asking, Event::Chosen(score)) => self.choose(score, effect),
            (Stage::Asking, Event::Resumed(score)) => {
                self.score = Some(score);
                self.revision = 1;
                let (comment, choices) = (String::new(), String::new());
                effect(Effect::Tell(Answer { score, revision: 1, comment, choices }));
                self.follow(score, true, effect);
            }
            (Stage::Asking, Event::Moved(score)) => {
                self.moved = Some(score);
                effect(Effect::AwaitRest);
            }
            (Stage::Asking, Event::Settled) => {
                if let Some(score) = self.moved {
                    self.choose(score, effect);
                }
            }
            (Stage::Asking, Event::Sent(comment, choices)) => self.send(&comment, choices, effect),
        }
    }

    fn see(&mut self, effect: &mut dyn FnMut(Effect)) {
        if !core::mem::replace(&mut self.seen, true) {
            effect(Effect::Note(Moment::Shown));
        }
    }

    fn fold(&mut self, effect: &mut dyn FnMut(Effect)) {
        self.stage = Stage::Folded;
        effect(Effect::Fold(true));
    }

    fn close(&mut self, effect: &mut dyn FnMut(Effect)) {
        if self.score.is_none() {
            effect(Effect::Note(Moment::Dismissed));
        }
        self.stage = Stage::Closed;
        effect(Effect::Close);
    }

    fn choose(&mut self, score: i32, effect: &mut dyn FnMut(Effect)) {
        self.moved = None;
        // The last revision is kept for the comment.
        if self.score == Some(score) || self.revision + 1 >= limit::REVISION_MAX {
            return;
        }
        let is_first = self.score.replace(score).is_none();
        self.store(score, String::new(), String::new(), effect);
        self.follow(score, is_first, effect);
    }

    /// After a score: remembers the first, and asks why or thanks.
    fn follow(&mut self, score: i32, is_first: bool, effect: &mut dyn FnMut(Effect)) {
        if is_first {
            effect(Effect::Note(Moment::Answered));
        }
        match self.survey.follow_ups.iter().position(|band| band.from <= score && score <= band.to) {
            Some(index) => effect(Effect::Ask(index)),
            None => self.thank(score, effect),
        }
    }

    fn send(&mut self, comment: &str, choices: String, effect: &mut dyn FnMut(Effect)) {
        // Addresses and numbers of people do not leave the browser; a mask may be longer than what it hides.
        let comment =
            text::clean(&redact(&text::clean(comment, limit::COMMENT_CHARS_MAX)), limit::COMMENT_CHARS_MAX);
        // The arrow keys may stand on a score that has not rested yet: it is the one that is meant.
        let Some(score) = self.moved.take().or(self.score) else { return };
        if !(comment.is_empty() && choices.is_empty() && self.score == Some(score)) {
            self.score = Some(score);
            self.store(score, comment, choices, effect);
        }
        self.thank(score, effect);
    }

    fn store(&mut self, score: i32, comment: String, choices: String, effect: &mut dyn FnMut(Effect)) {
        self.revision += 1;
        effect(Effect::Store(Answer { score, revision: self.revision, comment, choices }));
    }

    fn thank(&mut self, score: i32, effect: &mut dyn FnMut(Effect)) {
        self.stage = Stage::Thanked;
        let thanks = self.survey.thanks.iter().position(|band| band.from <= score && score <= band.to);
        effect(Effect::Thank(thanks.unwrap_or(0)));
    }
}
