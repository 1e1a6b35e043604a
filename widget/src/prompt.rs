//! The card as a state machine: what happened goes in, what is to be done comes out.
//!
//! Pure; [`view`] draws and listens, [`crate::session`] does what is to be done.

use parere_shared::config::FollowUpConfig;
use parere_shared::limit;
use parere_shared::memory::Moment;
use parere_shared::text;

mod scale;
#[cfg(test)]
mod tests;
pub(crate) mod view;

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
    /// The comment was sent.
    Sent(String),
    /// The shopper wants it away.
    Dismissed,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Remember the moment and tell the page.
    Note(Moment),
    /// Keep and send this revision, tell the page.
    Store(Answer),
    /// Send [`Event::Settled`] when the arrow keys rested.
    AwaitRest,
    /// Ask why: the follow-up question with this index.
    Ask(usize),
    /// Say thanks in place of the question.
    Thank,
    /// Take the prompt away.
    Close,
}

/// One revision of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) score: i32,
    pub(crate) revision: u32,
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    Thanked,
    Closed,
}

/// A question on its way to an answer.
#[derive(Debug)]
pub(crate) struct Prompt {
    stage: Stage,
    seen: bool,
    /// Stored score, and the one the arrow keys stand on.
    score: Option<i32>,
    moved: Option<i32>,
    revision: u32,
    follow_ups: &'static [FollowUpConfig<&'static str>],
}

impl Prompt {
    /// A prompt with nothing chosen.
    pub(crate) fn new(follow_ups: &'static [FollowUpConfig<&'static str>]) -> Self {
        Self { stage: Stage::Asking, seen: false, score: None, moved: None, revision: 0, follow_ups }
    }

    /// Calls `effect` with what `event` leads to, one thing after the other.
    pub(crate) fn step(&mut self, event: Event, effect: &mut dyn FnMut(Effect)) {
        match (self.stage, event) {
            (Stage::Closed, _) => {}
            (_, Event::Seen) => {
                if !core::mem::replace(&mut self.seen, true) {
                    effect(Effect::Note(Moment::Shown));
                }
            }
            (_, Event::Dismissed) => {
                if self.score.is_none() {
                    effect(Effect::Note(Moment::Dismissed));
                }
                self.stage = Stage::Closed;
                effect(Effect::Close);
            }
            (Stage::Thanked, _) => {}
            (Stage::Asking, Event::Chosen(score)) => self.choose(score, effect),
            (Stage::Asking, Event::Moved(score)) => {
                self.moved = Some(score);
                effect(Effect::AwaitRest);
            }
            (Stage::Asking, Event::Settled) => {
                if let Some(score) = self.moved {
                    self.choose(score, effect);
                }
            }
            (Stage::Asking, Event::Sent(comment)) => self.send(&comment, effect),
        }
    }

    fn choose(&mut self, score: i32, effect: &mut dyn FnMut(Effect)) {
        self.moved = None;
        // The last revision is kept for the comment.
        if self.score == Some(score) || self.revision + 1 >= limit::REVISION_MAX {
            return;
        }
        let is_first = self.score.replace(score).is_none();
        self.store(score, None, effect);
        if is_first {
            effect(Effect::Note(Moment::Answered));
        }
        match self.follow_ups.iter().position(|band| band.from <= score && score <= band.to) {
            Some(index) => effect(Effect::Ask(index)),
            None => self.thank(effect),
        }
    }

    fn send(&mut self, comment: &str, effect: &mut dyn FnMut(Effect)) {
        let comment = text::clean(comment, limit::COMMENT_CHARS_MAX);
        // The arrow keys may stand on a score that has not rested yet: it is the one that is meant.
        let score = self.moved.take().or(self.score);
        if let Some(score) = score
            && (!comment.is_empty() || self.score != Some(score))
        {
            self.score = Some(score);
            self.store(score, Some(comment).filter(|comment| !comment.is_empty()), effect);
        }
        self.thank(effect);
    }

    fn store(&mut self, score: i32, comment: Option<String>, effect: &mut dyn FnMut(Effect)) {
        self.revision += 1;
        effect(Effect::Store(Answer { score, revision: self.revision, comment }));
    }

    fn thank(&mut self, effect: &mut dyn FnMut(Effect)) {
        self.stage = Stage::Thanked;
        effect(Effect::Thank);
    }
}
