//! Draws the prompt into the open shadow root of its host, and turns what the shopper does into events.

use gloo::events::EventListener;
use js_sys::Array;
use parere_shared::limit;
use wasm_bindgen::JsCast as _;

use super::sight::Sight;
use super::{Event, scale};
use crate::answer::{Field, js};
use crate::dom::{self, Heard, Node, Sheet};
use crate::session::{self, Survey};

/// A drawn prompt; dropping it removes every listener.
pub(crate) struct View {
    host: Node,
    scale: Node,
    more: Node,
    why: Node,
    comment: Node,
    actions: Node,
    dismiss: Node,
    submit: Node,
    status: Node,
    /// Are the arrow keys walking over the points?
    walks: bool,
    _listeners: Vec<EventListener>,
    _sight: Sight,
}

/// The DOM events we listen to, all on the card.
#[derive(Debug, Clone, Copy)]
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
    /// Draws the question into `host`; `None` where the browser cannot, or another prompt stands there.
    ///
    /// `reserved_px` is the height that the loader keeps free: the card fills it.
    pub(crate) fn new(host: Node, survey: &Survey, reserved_px: i32) -> Option<Self> {
        let sheet = Sheet::new().ok()?;
        sheet.replace(include_str!(concat!(env!("OUT_DIR"), "/prompt.css")));
        let root = host.attach_shadow(&js(&[("mode", Field::Text("open"))])).ok()?;
        root.adopt(&Array::of1(&sheet));
        borrow_looks(&host, survey.scale.points());
        let card = dom::add(&root, "div|part=card");
        card.set("lang", survey.language);
        card.set("dir", if survey.rtl { "rtl" } else { "ltr" });
        let scale = scale::draw(&card, survey);
        let more = dom::add(&card, "div|class=more|hidden=");
        let why = dom::add(&more, "label|for=comment");
        let grow = dom::add(&more, "div|class=grow");
        let comment = dom::add(&grow, "textarea|part=comment|id=comment|rows=2");
        let length = i32::try_from(limit::COMMENT_CHARS_MAX).unwrap_or(i32::MAX);
        comment.set("maxlength", &dom::digits(length));
        let actions = dom::add(&card, "div|class=actions");
        let dismiss = dom::add(&actions, "button|type=button|part=dismiss");
        dismiss.set_text(survey.dismiss);
        let submit = dom::add(&actions, "button|type=button|part=submit|hidden=");
        submit.set_text(survey.send);
        let status = dom::add(&card, "p|class=status|role=status|tabindex=-1");
        if reserved_px > 0 && host.height() > reserved_px {
            card.set("class", "tight");
        }
        let mut listeners = Vec::with_capacity(KINDS.len());
        for (name, kind) in KINDS {
            listeners.push(dom::on(card.unchecked_ref(), name, move |event| session::hear(kind, event)));
        }
        let sight = Sight::new(&host);
        Some(Self {
            host,
            scale,
            more,
            why,
            comment,
            actions,
            dismiss,
            submit,
            status,
            walks: false,
            _listeners: listeners,
            _sight: sight,
        })
    }

    /// What a DOM event means for the prompt, if anything.
    ///
    /// The browser moves the choice with every arrow key; that is a walk and not an answer.
    /// It becomes one by Space or Enter, by leaving the scale, or by resting.
    pub(crate) fn hear(&mut self, kind: Kind, event: &web_sys::Event) -> Option<Event> {
        let event: &Heard = event.unchecked_ref();
        let target = event.target()?;
        let score = if self.scale.contains(&target) { scale::score_of(&target) } else { None };
        let written = || self.comment.value().unwrap_or_default();
        match kind {
            Kind::Keydown => {
                let key = event.key();
                // What was written is not thrown away by a key.
                if key == "Escape" && written().is_empty() {
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
            Kind::Click if self.dismiss.contains(&target) => Some(Event::Dismissed),
            Kind::Click if self.submit.contains(&target) => Some(Event::Sent(written())),
            // A tap on the point that the arrow keys stand on changes nothing, and yet it is an answer.
            Kind::Click => score.filter(|_| !self.walks).map(|_| Event::Settled),
            Kind::Focusout => {
                score?;
                let stays = event.related().is_some_and(|to| self.scale.contains(&to));
                (!stays).then_some(Event::Settled)
            }
            Kind::Input => {
                // A copy of the text under the field gives it its height, in every browser.
                if score.is_none()
                    && let Some(grow) = target.parent()
                {
                    grow.set("data-text", &written());
                }
                None
            }
        }
    }

    /// Asks why, in the same card; from the first answer on the prompt takes the height it needs.
    pub(crate) fn ask(&self, question: &str) {
        self.host.style().put("min-height", "");
        self.why.set_text(question);
        self.more.set_hidden(false);
        self.submit.set_hidden(false);
    }

    /// Tells screen readers.
    pub(crate) fn say(&self, text: &str) {
        self.status.set_text(text);
    }

    /// Thanks in place of everything else; takes the focus, because what had it is gone.
    pub(crate) fn thank(&self, thanks: &str) {
        self.host.style().put("min-height", "");
        for element in [&self.scale, &self.more, &self.actions] {
            element.set_hidden(true);
        }
        self.status.set("part", "thanks");
        self.say(thanks);
        self.status.focus();
    }

    /// Takes the prompt and its slot off the page.
    pub(crate) fn close(&self) {
        self.host.remove();
    }

    /// The element that stands in the page.
    pub(crate) fn host(&self) -> &Node {
        &self.host
    }
}

/// `all: initial` keeps the page's rules out; what should look like the shop is read and handed in by name.
fn borrow_looks(host: &Node, points: usize) {
    let ours = host.style();
    let (wide, narrow) = scale::columns(points);
    for (name, columns) in [("--_wide", wide), ("--_narrow", narrow)] {
        ours.put(name, &dom::digits(i32::try_from(columns).unwrap_or(1)));
    }
    let Some(mut element) = host.parent() else { return };
    let style = dom::computed_style(&element);
    for (name, property) in [("--_text", "color"), ("--_font", "font-family"), ("--_size", "font-size")] {
        ours.put(name, &style.get(property));
    }
    // The surface we stand on: the nearest background that hides what is behind it.
    loop {
        let surface = dom::computed_style(&element).get("background-color");
        if !surface.ends_with(", 0)") {
            ours.put("--_surface", &surface);
            return;
        }
        match element.parent() {
            Some(parent) => element = parent,
            None => return,
        }
    }
}
