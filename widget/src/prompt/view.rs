//! Draws the prompt into the open shadow root of its host, and turns what the shopper does into events.

use gloo::events::EventListener;
use parere_shared::text::{concat, cut, push_number};
use wasm_bindgen::JsCast as _;

use super::{Event, scale};
use crate::dom::{self, Node};
use crate::session::{self, Survey};

/// A drawn prompt; dropping it removes every listener.
pub(crate) struct View {
    host: Node,
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
    Focusout,
    Input,
}

const KINDS: [(&str, Kind); 6] = [
    ("keydown", Kind::Keydown),
    ("keyup", Kind::Keyup),
    ("change", Kind::Change),
    ("click", Kind::Click),
    ("focusout", Kind::Focusout),
    ("input", Kind::Input),
];

/// What is under the scale: the follow-up question, the buttons, the line for screen readers and thanks.
const BELOW: &str = "
 div|class=more|hidden=
  label|for=comment
  div|class=grow
   textarea|part=comment|id=comment|rows=2|maxlength=4000
 div|class=actions
  button|type=button|part=dismiss|text=$
  button|type=button|part=submit|hidden=|text=$
 p|class=status|role=status|tabindex=-1";

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
    /// Draws the question into `host`; `None` where the browser cannot, or another prompt stands there.
    ///
    /// `reserved_px` is the height that the loader keeps free: the card fills it.
    pub(crate) fn new(host: Node, survey: &Survey, reserved_px: i32) -> Option<Self> {
        let mut drawing =
            Drawing { markup: "div|part=card|lang=$|dir=$".into(), words: survey.language.into() };
        drawing.add("", &[if survey.rtl { "rtl" } else { "ltr" }]);
        scale::draw(&mut drawing, survey);
        drawing.add(BELOW, &[survey.dismiss, survey.send]);
        let css = style(&host, survey.scale.points());
        let card = dom::draw(&host, &css, &drawing.markup, &drawing.words, reserved_px)?;
        let mut listeners = Vec::with_capacity(KINDS.len());
        for (name, kind) in KINDS {
            listeners.push(dom::on(card.unchecked_ref(), name, move |event| session::hear(kind, event)));
        }
        Some(Self { host, card, walks: false, _listeners: listeners })
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
            Kind::Change if self.walks => score.map(Event::Moved),
            Kind::Change => score.map(Event::Chosen),
            Kind::Click if part == "dismiss" => Some(Event::Dismissed),
            Kind::Click if part == "submit" => Some(Event::Sent(dom::written(&self.card))),
            // A tap on the point that the arrow keys stand on changes nothing, and yet it is an answer.
            Kind::Click => score.filter(|_| !self.walks).map(|_| Event::Settled),
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
    pub(crate) fn ask(&self, question: &str) {
        dom::release(&self.host);
        dom::put(&self.card, "[for]", "text", Some(question));
        for hidden in [".more", "[part=submit]"] {
            dom::put(&self.card, hidden, "hidden", None);
        }
    }

    /// Tells screen readers.
    pub(crate) fn say(&self, text: &str) {
        dom::put(&self.card, ".status", "text", Some(text));
    }

    /// Thanks in place of everything else; takes the focus, because what had it is gone.
    pub(crate) fn thank(&self, thanks: &str) {
        dom::release(&self.host);
        for shown in ["fieldset", ".more", ".actions"] {
            dom::put(&self.card, shown, "hidden", Some(""));
        }
        dom::put(&self.card, ".status", "part", Some("thanks"));
        self.say(thanks);
        dom::focus(&self.card, ".status");
    }

    /// Takes the prompt and its slot off the page.
    pub(crate) fn close(&self) {
        dom::close(&self.host);
    }

    /// The element that stands in the page.
    pub(crate) fn host(&self) -> &Node {
        &self.host
    }
}

/// The stylesheet. `all: initial` keeps the page's rules out; what should look like the shop is handed in by name.
fn style(host: &Node, points: usize) -> String {
    const SHEET: &str = include_str!(concat!(env!("OUT_DIR"), "/prompt.css"));
    let looks = dom::looks(host);
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
        let length = format!("maxlength={}\n", parere_shared::limit::COMMENT_CHARS_MAX);
        assert!(super::BELOW.contains(&length));
    }
}
