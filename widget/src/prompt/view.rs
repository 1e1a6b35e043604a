//! Draws the prompt into the open shadow root of its host, and turns what the shopper does into events.

use gloo::events::EventListener;
use parere_shared::config::{FollowUpConfig, ThanksConfig};
use parere_shared::survey::Placement;
use parere_shared::text::{concat, cut, push_number};
use wasm_bindgen::JsCast as _;

use super::{Event, scale};
use crate::dom::{self, Node};
use crate::session::{self, Survey};

/// A drawn prompt; dropping it removes every listener.
pub(crate) struct View {
    card: Node,
    /// Are the arrow keys walking over the points?
    walks: bool,
    _listeners: Vec<EventListener>,
}

/// The DOM events we listen to, all on the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Keydown,
    Keyup,
    Change,
    Click,
    Focusin,
    Focusout,
    Input,
}

const KINDS: [(&str, Kind); 7] = [
    ("keydown", Kind::Keydown),
    ("keyup", Kind::Keyup),
    ("change", Kind::Change),
    ("click", Kind::Click),
    ("focusin", Kind::Focusin),
    ("focusout", Kind::Focusout),
    ("input", Kind::Input),
];

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

/// Markup for [`dom::draw`], and the words for its places.
pub(super) struct Drawing {
    markup: String,
    words: String,
}

impl Drawing {
    /// Adds lines of markup and a word for each `$` in them.
    #[inline(never)]
    pub(super) fn add(&mut self, markup: &str, words: &[&str]) {
        self.markup.push_str(markup);
        for word in words {
            self.words.push('\0');
            self.words.push_str(word);
        }
    }

    /// Goes on with the last word.
    pub(super) fn extend(&mut self, end: &str) {
        self.words.push_str(end);
    }
}

impl View {
    /// Draws the question; `None` where the browser cannot, or another prompt stands there.
    pub(crate) fn new(survey: &Survey) -> Option<Self> {
        let mut drawing =
            Drawing { markup: "div|part=card|lang=$|dir=$|class=$".into(), words: String::new() };
        drawing.words.push_str(survey.language);
        let dir = if survey.rtl { "rtl" } else { "ltr" };
        let is_over = survey.placement != Placement::Inline;
        let place = match survey.placement {
            Placement::Inline => String::new(),
            Placement::Popover => concat(&["popover ", survey.position.as_str()]),
            Placement::Bar => concat(&["bar ", survey.position.as_str()]),
            Placement::Tab => concat(&["tab ", survey.position.as_str()]),
        };
        if survey.placement == Placement::Tab {
            drawing.add(
                "\n button|type=button|part=tab|aria-expanded=false|text=$",
                &[dir, "folded", survey.tab],
            );
        } else {
            drawing.add("", &[dir, ""]);
        }
        if is_over {
            drawing.add("\n button|type=button|part=close|aria-label=$|text=×", &[survey.close]);
        }
        scale::draw(&mut drawing, survey);
        drawing.add(BELOW, &[survey.never, survey.dismiss, survey.send]);
        let css = style(is_over, survey.scale.points());
        let card = dom::draw(&place, &css, &drawing.markup, &drawing.words)?;
        let mut listeners = Vec::with_capacity(KINDS.len());
        for (name, kind) in KINDS {
            listeners.push(dom::on(card.unchecked_ref(), name, move |event| session::hear(kind, event)));
        }
        Some(Self { card, walks: false, _listeners: listeners })
    }

    /// What a DOM event means for the prompt, if anything.
    ///
    /// The browser moves the choice with every arrow key; that is a walk and not an answer.
    /// It becomes one by Space or Enter, by leaving the scale, or by resting.
    pub(crate) fn hear(&mut self, kind: Kind, event: &web_sys::Event) -> Option<Event> {
        let heard = dom::heard(event);
        let mut rest = heard.as_str();
        let mut next = || cut(&mut rest, b'\n');
        let (part, key, stays) = (next(), next(), next());
        let score = if part == "option" { scale::score_of(rest) } else { None };
        match kind {
            Kind::Keydown => {
                // What was written is not thrown away by a key.
                if key == "Escape" && dom::written(&self.card).is_empty() {
                    return Some(Event::Dismissed);
                }
                score?;
                self.walks = key.starts_with("Arrow");
                (key == "Enter" || key == " ").then_some(Event::Settled)
            }
            Kind::Keyup => {
                self.walks = false;
                None
            }
            Kind::Focusin => None,
            Kind::Change if self.walks => score.map(Event::Moved),
            Kind::Change => score.map(Event::Chosen),
            Kind::Click => match part {
                "dismiss" | "close" => Some(Event::Dismissed),
                "never" => Some(Event::Never),
                "tab" => Some(Event::Opened),
                "submit" => Some(Event::Sent(dom::written(&self.card), dom::ticked(&self.card))),
                // A tap on the point that the arrow keys stand on changes nothing, and yet it is an answer.
                _ => score.filter(|_| !self.walks).map(|_| Event::Settled),
            },
            Kind::Focusout => score.filter(|_| stays.is_empty()).map(|_| Event::Settled),
            Kind::Input => {
                // A copy of the text under the field gives it its height, in every browser.
                if part == "comment" {
                    dom::put(&self.card, ".grow", "data-text", Some(rest));
                }
                None
            }
        }
    }

    /// Asks why, in the same card; from the first answer on the prompt takes the height it needs.
    pub(crate) fn ask(&self, follow_up: &FollowUpConfig<&'static str>, survey: &Survey) {
        dom::release();
        // What was written under another question stays.
        let written = dom::written(&self.card);
        let (question, comment) = (follow_up.question, [written.as_str(), follow_up.question, &written]);
        let mut drawing = Drawing { markup: String::new(), words: question.into() };
        if follow_up.choices.is_empty() {
            drawing.markup.push_str("label|for=comment|text=$");
        } else {
            drawing.markup.push_str("fieldset|part=choices\n legend|text=$");
            let kind = if follow_up.many { "checkbox" } else { "radio" };
            for choice in &follow_up.choices {
                drawing.add(
                    "\n label\n  input|type=$|name=choice|value=$\n  span|text=$",
                    &[kind, choice.value, choice.label],
                );
            }
        }
        if follow_up.comment {
            drawing.add(COMMENT, &comment);
        }
        dom::fill(&self.card, ".more", &drawing.markup, &drawing.words);
        for hidden in [".more", "[part=submit]"] {
            dom::put(&self.card, hidden, "hidden", None);
        }
        // From here on the other button only closes.
        dom::put(&self.card, "[part=never]", "hidden", Some(""));
        dom::put(&self.card, "[part=dismiss]", "text", Some(survey.close));
    }

    /// Tells screen readers.
    pub(crate) fn say(&self, text: &str) {
        dom::put(&self.card, ".status span", "text", Some(text));
    }

    /// Thanks in place of everything else; takes the focus, because what had it is gone.
    pub(crate) fn thank(&self, thanks: &ThanksConfig<&'static str>) {
        dom::release();
        for shown in ["[part=scale]", ".more", ".actions"] {
            dom::put(&self.card, shown, "hidden", Some(""));
        }
        dom::put(&self.card, ".status", "part", Some("thanks"));
        self.say(thanks.text);
        if !thanks.url.is_empty() {
            for (name, value) in [("href", Some(thanks.url)), ("text", Some(thanks.label)), ("hidden", None)]
            {
                dom::put(&self.card, "a", name, value);
            }
        }
        dom::focus(&self.card, ".status");
    }

    /// Shows only the tab, or the card with it.
    pub(crate) fn fold(&self, folded: bool) {
        dom::put(&self.card, "[part=tab]", "aria-expanded", Some(if folded { "false" } else { "true" }));
        dom::fold(&self.card, folded);
    }

    /// Takes the prompt and its slot off the page.
    pub(crate) fn close(&self) {
        dom::close();
    }
}

/// The stylesheet. `all: initial` keeps the page's rules out; what should look like the shop is handed in by name.
fn style(is_over: bool, points: usize) -> String {
    const SHEET: &str = include_str!(concat!(env!("OUT_DIR"), "/prompt.css"));
    let looks = dom::looks(is_over);
    let mut rest = looks.as_str();
    let mut next = || cut(&mut rest, b'\n');
    let mut css = concat(&[
        SHEET,
        ":host{--_text:",
        next(),
        ";--_font:",
        next(),
        ";--_size:",
        next(),
        ";--_surface:",
        next(),
    ]);
    for (name, columns) in [";--_wide:", ";--_narrow:"].into_iter().zip(scale::columns(points)) {
        css.push_str(name);
        push_number(&mut css, i64::try_from(columns).unwrap_or(1));
    }
    css.push('}');
    css
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_field_takes_as_much_as_a_comment_may_hold() {
        let length = format!("|maxlength={}|", parere_shared::limit::COMMENT_CHARS_MAX);
        assert!(super::COMMENT.contains(&length));
    }
}
