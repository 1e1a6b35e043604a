//! A drawn card: turns what the shopper does into events, and changes what stands there.

use gloo::events::EventListener;
use parere_shared::config::{FollowUpConfig, ThanksConfig};
use parere_shared::text::cut;
use wasm_bindgen::JsCast as _;

use crate::dom::{self, Node};
use crate::drawing::{self, Drawing};
use crate::prompt::Event;
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

impl View {
    /// Listens to a drawn card.
    pub(crate) fn new(card: Node) -> Self {
        let mut listeners = Vec::with_capacity(KINDS.len());
        for (name, kind) in KINDS {
            listeners.push(dom::on(card.unchecked_ref(), name, move |event| session::hear(kind, event)));
        }
        Self { card, walks: false, _listeners: listeners }
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
        let score = if part == "option" { drawing::score_of(rest) } else { None };
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
        let drawing = Drawing::follow_up(follow_up, &dom::written(&self.card));
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
        self.end("thanks", thanks.text);
        if !thanks.url.is_empty() {
            for (name, value) in [("href", Some(thanks.url)), ("text", Some(thanks.label)), ("hidden", None)]
            {
                dom::put(&self.card, "a", name, value);
            }
        }
        dom::focus(&self.card, ".status");
    }

    /// Says in place of everything else that the answer is not stored: it comes by itself, and takes no focus from the page.
    pub(crate) fn refuse(&self, text: &str) {
        self.end("error", text);
        dom::put(&self.card, "a", "hidden", Some(""));
        dom::refocus(&self.card, ".status");
    }

    /// Shows nothing but `text`, as that `part`; screen readers hear it.
    fn end(&self, part: &str, text: &str) {
        dom::release();
        for shown in ["[part=scale]", ".more", ".actions"] {
            dom::put(&self.card, shown, "hidden", Some(""));
        }
        dom::put(&self.card, ".status", "part", Some(part));
        self.say(text);
    }

    /// Shows only the tab, or the card with it.
    pub(crate) fn fold(&self, folded: bool) {
        dom::put(&self.card, "[part=tab]", "aria-expanded", Some(if folded { "false" } else { "true" }));
        dom::fold(&self.card, folded);
    }
}
