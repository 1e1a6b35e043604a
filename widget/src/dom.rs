//! The few things we ask of the browser, each in one small function.
//!
//! The document is reached through our own declarations: those of `web_sys` check every node's class and every
//! call for exceptions, which is a kilobyte of code for things that cannot fail here. Where a page can make a
//! call fail (storage, shadow roots) the failure is caught.

use gloo::events::EventListener;
use parere_shared::response::ResponseId;
use parere_shared::text::{cut, push_number};
use parere_shared::time::Millis;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{EventTarget, Window};

use crate::page::WINDOW;

#[wasm_bindgen]
extern "C" {
    /// Anything in the document; what it has no such property for is `undefined`.
    #[derive(Clone)]
    pub type Node;
    #[wasm_bindgen(js_namespace = document, js_name = createElementNS)]
    fn create_element(namespace: &str, tag: &str) -> Node;
    #[wasm_bindgen(method)]
    pub(crate) fn append(this: &Node, child: &Node);
    #[wasm_bindgen(method)]
    pub(crate) fn remove(this: &Node);
    #[wasm_bindgen(method)]
    pub(crate) fn focus(this: &Node);
    #[wasm_bindgen(method)]
    pub(crate) fn contains(this: &Node, other: &Node) -> bool;
    #[wasm_bindgen(method, js_name = setAttribute)]
    pub(crate) fn set(this: &Node, name: &str, value: &str);
    #[wasm_bindgen(method, setter)]
    pub(crate) fn set_hidden(this: &Node, hidden: bool);
    #[wasm_bindgen(method, setter, js_name = textContent)]
    pub(crate) fn set_text(this: &Node, text: &str);
    #[wasm_bindgen(method, getter)]
    pub(crate) fn value(this: &Node) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = offsetHeight)]
    pub(crate) fn height(this: &Node) -> i32;
    #[wasm_bindgen(method, getter, js_name = parentElement)]
    pub(crate) fn parent(this: &Node) -> Option<Node>;
    #[wasm_bindgen(method, js_name = dispatchEvent)]
    fn dispatch(this: &Node, event: &CustomEvent);
    #[wasm_bindgen(method, catch, js_name = attachShadow)]
    pub(crate) fn attach_shadow(this: &Node, init: &JsValue) -> Result<Node, JsValue>;
    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    pub(crate) fn adopt(this: &Node, sheets: &js_sys::Array);

    #[wasm_bindgen(method, getter)]
    pub(crate) fn style(this: &Node) -> Style;
    /// Its own style, or the one that all rules together give it.
    pub type Style;
    #[wasm_bindgen(js_name = getComputedStyle)]
    pub(crate) fn computed_style(node: &Node) -> Style;
    #[wasm_bindgen(method, js_name = getPropertyValue)]
    pub(crate) fn get(this: &Style, name: &str) -> String;
    #[wasm_bindgen(method, js_name = setProperty)]
    pub(crate) fn put(this: &Style, name: &str, value: &str);

    #[wasm_bindgen(js_name = CSSStyleSheet)]
    pub type Sheet;
    #[wasm_bindgen(constructor, catch, js_class = "CSSStyleSheet")]
    pub(crate) fn new() -> Result<Sheet, JsValue>;
    #[wasm_bindgen(method, js_name = replaceSync)]
    pub(crate) fn replace(this: &Sheet, css: &str);

    /// What a listener is told.
    pub type Heard;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn key(this: &Heard) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn target(this: &Heard) -> Option<Node>;
    #[wasm_bindgen(method, getter, js_name = relatedTarget)]
    pub(crate) fn related(this: &Heard) -> Option<Node>;

    type CustomEvent;
    #[wasm_bindgen(constructor)]
    fn new(name: &str, init: &JsValue) -> CustomEvent;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill_randomly(bytes: &mut [u8]);
}

/// The window we live in.
pub(crate) fn window() -> Window {
    WINDOW.with(Clone::clone)
}

/// The browser's clock.
pub(crate) fn now() -> Millis {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, and `as` saturates")]
    let now = js_sys::Date::now() as Millis;
    now
}

/// The same clock as RFC 3339 in UTC.
pub(crate) fn timestamp() -> String {
    js_sys::Date::new_0().to_iso_string().into()
}

/// A random number below 1000.
pub(crate) fn chance() -> u16 {
    random_below(1000)
}

/// A new id for a response.
pub(crate) fn response_id() -> String {
    let mut random = [0; 10];
    fill_randomly(&mut random);
    ResponseId::new(now().unsigned_abs(), &random).encode()
}

fn random_below(limit: u16) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to the limit")]
    let number = (js_sys::Math::random() * f64::from(limit)) as u16;
    number
}

/// `number` in decimal, without the formatting machinery.
pub(crate) fn digits(number: i32) -> String {
    let mut text = String::new();
    push_number(&mut text, number.into());
    text
}

/// Calls `act` at every `event` on `target` until the listener is dropped.
///
/// Boxed here: a listener of its own type for every closure would cost 200 bytes each.
pub(crate) fn on(
    target: &EventTarget,
    event: &'static str,
    act: impl FnMut(&web_sys::Event) + 'static,
) -> EventListener {
    listen(target, event, Box::new(act))
}

fn listen(target: &EventTarget, event: &'static str, act: Box<dyn FnMut(&web_sys::Event)>) -> EventListener {
    EventListener::new(target, event, act)
}

/// Lets an event happen at `node`.
pub(crate) fn tell(node: &Node, name: &str, init: &JsValue) {
    node.dispatch(&CustomEvent::new(name, init));
}

/// A new element at the end of `parent`: `tag|attribute=value|attribute=value`.
#[inline(never)]
pub(crate) fn add(parent: &Node, markup: &str) -> Node {
    let mut rest = markup;
    let tag = cut(&mut rest, b'|');
    let is_drawing = matches!(tag, "svg" | "path");
    let namespace = if is_drawing { "http://www.w3.org/2000/svg" } else { "http://www.w3.org/1999/xhtml" };
    let node = create_element(namespace, tag);
    while !rest.is_empty() {
        let mut value = cut(&mut rest, b'|');
        let name = cut(&mut value, b'=');
        node.set(name, value);
    }
    parent.append(&node);
    node
}
