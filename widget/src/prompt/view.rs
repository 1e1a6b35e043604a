//! Draws the prompt into the open shadow root of its host, and turns what the shopper does into events.

use gloo::events::EventListener;
use js_sys::{Array, Reflect};
use parere_shared::config::SurveyConfig;
use parere_shared::limit;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    CssStyleSheet, Element, HtmlElement, HtmlTextAreaElement, IntersectionObserver,
    IntersectionObserverEntry, IntersectionObserverInit, KeyboardEvent, ShadowRootInit, ShadowRootMode,
};

use super::{Event, scale};
use crate::dom::{self, Hidden};
use crate::session;

/// A drawn prompt; dropping it removes every listener.
pub(crate) struct View {
    host: HtmlElement,
    scale: Element,
    more: Element,
    why: Element,
    actions: Element,
    submit: Element,
    status: HtmlElement,
    _listeners: Vec<EventListener>,
    _sight: Sight,
}

impl View {
    /// Draws the question into `host`; `None` where the browser cannot, or another prompt stands there.
    ///
    /// `reserved_px` is the height that the loader keeps free: the card fills it.
    pub(crate) fn new(host: HtmlElement, survey: &SurveyConfig, reserved_px: i32) -> Option<Self> {
        let sheet = CssStyleSheet::new().ok()?;
        sheet.replace_sync(include_str!(concat!(env!("OUT_DIR"), "/prompt.css"))).ok()?;
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
        Reflect::set(&root, &JsValue::from_str("adoptedStyleSheets"), &Array::of1(&sheet)).ok()?;
        borrow_looks(&host, survey.scale.points());
        let direction = if survey.rtl { "rtl" } else { "ltr" };
        let card = [("part", "card"), ("lang", survey.language.as_str()), ("dir", direction)];
        let card = add_card(&host, &root, &card)?;
        let scale = scale::draw(&card, survey);
        let (more, why, comment) = draw_comment(&card);
        let actions: Element = dom::add(&card, "div", &[("class", "actions")]);
        let dismiss = draw_button(&actions, "dismiss", &survey.dismiss);
        let submit = draw_button(&actions, "submit", &survey.send);
        dom::hide(&submit, Hidden::Yes);
        let status = dom::add(&card, "p", &[("class", "status"), ("role", "status"), ("tabindex", "-1")]);
        if reserved_px > 0 && host.offset_height() > reserved_px {
            dom::set(&card, "class", "tight");
        }
        let mut listeners = Vec::from(scale::listen(&scale));
        listeners.extend(listen(&card, &dismiss, &submit, &comment));
        let sight = Sight::new(&host)?;
        Some(Self { host, scale, more, why, actions, submit, status, _listeners: listeners, _sight: sight })
    }

    /// Asks why, in the same card; from the first answer on the prompt takes the height it needs.
    pub(crate) fn ask(&self, question: &str) {
        self.host.style().remove_property("min-height").ok();
        self.why.set_text_content(Some(question));
        dom::hide(&self.more, Hidden::No);
        dom::hide(&self.submit, Hidden::No);
    }

    /// Tells screen readers.
    pub(crate) fn say(&self, text: &str) {
        self.status.set_text_content(Some(text));
    }

    /// Thanks in place of everything else; takes the focus, because what had it is gone.
    pub(crate) fn thank(&self, thanks: &str) {
        self.host.style().remove_property("min-height").ok();
        for element in [&self.scale, &self.more, &self.actions] {
            dom::hide(element, Hidden::Yes);
        }
        dom::set(&self.status, "part", "thanks");
        self.say(thanks);
        self.status.focus().ok();
    }

    /// Takes the prompt and its slot off the page.
    pub(crate) fn close(&self) {
        self.host.remove();
    }

    /// The element that stands in the page.
    pub(crate) fn host(&self) -> &HtmlElement {
        &self.host
    }
}

fn add_card(host: &HtmlElement, root: &web_sys::ShadowRoot, attributes: &[(&str, &str)]) -> Option<Element> {
    // `dom::add` takes an element as parent; a shadow root is none.
    let card: Element = dom::add(host, "div", attributes);
    root.append_child(&card).ok()?;
    Some(card)
}

fn draw_comment(card: &Element) -> (Element, Element, HtmlTextAreaElement) {
    let more: Element = dom::add(card, "div", &[("class", "more")]);
    let why: Element = dom::add(&more, "label", &[("for", "comment")]);
    let grow: Element = dom::add(&more, "div", &[("class", "grow")]);
    let length = dom::digits(i32::try_from(limit::COMMENT_CHARS_MAX).unwrap_or(i32::MAX));
    let attributes = [("part", "comment"), ("id", "comment"), ("rows", "2"), ("maxlength", length.as_str())];
    let comment = dom::add(&grow, "textarea", &attributes);
    dom::hide(&more, Hidden::Yes);
    (more, why, comment)
}

fn draw_button(parent: &Element, part: &str, text: &str) -> Element {
    let button: Element = dom::add(parent, "button", &[("type", "button"), ("part", part)]);
    button.set_text_content(Some(text));
    button
}

fn listen(
    card: &Element,
    dismiss: &Element,
    submit: &Element,
    comment: &HtmlTextAreaElement,
) -> [EventListener; 4] {
    let written = comment.clone();
    let escape = dom::on(card, "keydown", move |event| {
        // What was written is not thrown away by a key.
        if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" && written.value().is_empty() {
            session::act(Event::Dismissed);
        }
    });
    let written = comment.clone();
    let send = dom::on(submit, "click", move |_| session::act(Event::Sent(written.value())));
    let written = comment.clone();
    // A copy of the text under the field gives it its height, in every browser.
    let grow = dom::on(comment, "input", move |_| {
        if let Some(parent) = written.parent_element() {
            dom::set(&parent, "data-text", &written.value());
        }
    });
    [escape, send, grow, dom::on(dismiss, "click", |_| session::act(Event::Dismissed))]
}

/// Tells when half of the prompt is in view; dropping it ends that.
struct Sight {
    observer: IntersectionObserver,
    _tell: Closure<dyn FnMut(JsValue)>,
}

impl Sight {
    fn new(host: &HtmlElement) -> Option<Self> {
        let tell = Closure::<dyn FnMut(JsValue)>::new(|entries: JsValue| {
            let last = entries.unchecked_into::<Array>().pop().unchecked_into::<IntersectionObserverEntry>();
            if last.is_intersecting() {
                session::act(Event::Seen);
            }
        });
        let half = IntersectionObserverInit::new();
        half.set_threshold(&JsValue::from_f64(0.5));
        let observer = IntersectionObserver::new_with_options(tell.as_ref().unchecked_ref(), &half).ok()?;
        observer.observe(host);
        Some(Self { observer, _tell: tell })
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// `all: initial` keeps the page's rules out; what should look like the shop is read and handed in by name.
fn borrow_looks(host: &HtmlElement, points: usize) {
    let ours = host.style();
    let (wide, narrow) = scale::columns(points);
    for (name, columns) in [("--_wide", wide), ("--_narrow", narrow)] {
        ours.set_property(name, &dom::digits(i32::try_from(columns).unwrap_or(1))).ok();
    }
    let window = dom::window();
    let style_of = |element: &Element| window.get_computed_style(element).ok().flatten();
    let Some(mut element) = host.parent_element() else { return };
    if let Some(style) = style_of(&element) {
        for (name, property) in [("--_text", "color"), ("--_font", "font-family"), ("--_size", "font-size")] {
            ours.set_property(name, &style.get_property_value(property).unwrap_or_default()).ok();
        }
    }
    // The surface we stand on: the nearest background that hides what is behind it.
    loop {
        let surface = style_of(&element).and_then(|style| style.get_property_value("background-color").ok());
        if let Some(surface) = surface.filter(|surface| !surface.ends_with(", 0)")) {
            ours.set_property("--_surface", &surface).ok();
            return;
        }
        match element.parent_element() {
            Some(parent) => element = parent,
            None => return,
        }
    }
}
