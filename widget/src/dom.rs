//! The few things we ask of the browser, each in one small function.

use gloo::events::EventListener;
use parere_shared::response::ResponseId;
use parere_shared::text::push_number;
use parere_shared::time::Millis;
use wasm_bindgen::{JsCast, UnwrapThrowExt as _};
use web_sys::{Element, Event, EventTarget, Window};

use crate::page::WINDOW;

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
    let filled =
        window().crypto().is_ok_and(|crypto| crypto.get_random_values_with_u8_array(&mut random).is_ok());
    if !filled {
        // Ids need to differ, not to be secret.
        random.fill_with(|| random_below(256).to_le_bytes()[0]);
    }
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
    act: impl FnMut(&Event) + 'static,
) -> EventListener {
    listen(target, event, Box::new(act))
}

fn listen(target: &EventTarget, event: &'static str, act: Box<dyn FnMut(&Event)>) -> EventListener {
    EventListener::new(target, event, act)
}

/// A new element at the end of `parent`.
pub(crate) fn add<T: JsCast>(parent: &Element, tag: &str, attributes: &[(&str, &str)]) -> T {
    add_in(parent, "http://www.w3.org/1999/xhtml", tag, attributes).unchecked_into()
}

/// A new SVG element at the end of `parent`.
pub(crate) fn add_svg(parent: &Element, tag: &str, attributes: &[(&str, &str)]) -> Element {
    add_in(parent, "http://www.w3.org/2000/svg", tag, attributes)
}

fn add_in(parent: &Element, namespace: &str, tag: &str, attributes: &[(&str, &str)]) -> Element {
    // A fixed name of an element always makes one; if not, the guard around the wasm takes the prompt away.
    let document = parent.owner_document().unwrap_throw();
    let element = document.create_element_ns(Some(namespace), tag).unwrap_throw();
    for (name, value) in attributes {
        set(&element, name, value);
    }
    parent.append_child(&element).ok();
    element
}

/// Sets an attribute.
pub(crate) fn set(element: &Element, name: &str, value: &str) {
    element.set_attribute(name, value).ok();
}

/// Shows or hides an element.
pub(crate) fn hide(element: &Element, hidden: Hidden) {
    element.toggle_attribute_with_force("hidden", hidden == Hidden::Yes).ok();
}

/// Whether an element is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hidden {
    Yes,
    No,
}
