//! The card and its surroundings, the clock and chance, each in one small function.
//!
//! What these do is written in the scripts of `browser/`, next to what may fail.

use gloo::events::EventListener;
use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::EventTarget;

#[wasm_bindgen]
extern "C" {
    /// An element.
    pub type Node;
    /// Builds elements in what `selector` finds in the card, in place of what was there.
    pub(crate) fn fill(card: &Node, selector: &str, markup: &str, words: &str);
    /// Sets an attribute, or the text, of what `selector` finds in the card; without a value it goes.
    pub(crate) fn put(card: &Node, selector: &str, name: &str, value: Option<&str>);
    /// Part, key, "1" if the focus stays on the scale, and value: what an event is about, one a line.
    pub(crate) fn heard(event: &web_sys::Event) -> String;
    /// The comment so far.
    pub(crate) fn written(card: &Node) -> String;
    /// What is ticked so far, one a line.
    pub(crate) fn ticked(card: &Node) -> String;
    /// Moves the focus.
    pub(crate) fn focus(card: &Node, selector: &str);
    /// Shows only the tab, or moves the focus into the open card.
    pub(crate) fn fold(card: &Node, folded: bool);
    /// From now on the slot is as high as what stands in it.
    pub(crate) fn release();
    /// Lets `parere:{name}` happen at the prompt, when we are done.
    pub(crate) fn tell(name: &str, detail: &JsValue);
    /// Takes the prompt off the page, when we are done.
    pub(crate) fn close();
    /// As [`focus`], where something in the card has it: it is never taken from the page.
    pub(crate) fn refocus(card: &Node, selector: &str);
    /// Tells the page that something went wrong.
    pub(crate) fn fail(line: &str);
    /// Writes a line to the console if the tag has `data-debug`.
    pub(crate) fn say(line: &str);

    // `web_sys::window()` looks in four places and costs 1 kB; we only ever live in a window.
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    static WINDOW: EventTarget;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    fn fill_randomly(bytes: &mut [u8]);
}

/// The window we live in.
pub(crate) fn window() -> EventTarget {
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
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 999")]
    let number = (js_sys::Math::random() * 1000.0) as u16;
    number
}

/// A new id for a response.
pub(crate) fn response_id() -> String {
    let mut random = [0; 10];
    fill_randomly(&mut random);
    ResponseId::new(now().unsigned_abs(), &random).encode()
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
