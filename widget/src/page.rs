//! What the loader hands over: a plain object, read by typed getters (a deserialised one would cost 16 kB).

use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Window;

use crate::dom::Node;

#[wasm_bindgen]
extern "C" {
    /// The loader's findings on this page.
    #[derive(Clone)]
    pub type Page;

    /// Where the collector answers: origin and path prefix.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn base(this: &Page) -> String;

    /// The slot that was found; without one there is only mail to send.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn host(this: &Page) -> Option<Node>;

    /// Slug of the survey that the loader could not rule out.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn survey(this: &Page) -> Option<String>;

    /// The page asked for this survey by name: targeting does not count.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn forced(this: &Page) -> bool;

    /// Height reserved for the prompt, in CSS pixels; 0 for none.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn height(this: &Page) -> i32;

    /// Number of this browser where it could not be stored.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn visitor(this: &Page) -> Option<String>;

    /// `data-ref`.
    #[wasm_bindgen(method, getter, js_name = ref)]
    pub(crate) fn order_ref(this: &Page) -> Option<String>;

    /// `data-subject`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn subject(this: &Page) -> Option<String>;

    /// Where the page stands.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn location(this: &Page) -> Location;
    pub(crate) type Location;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn pathname(this: &Location) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn search(this: &Location) -> String;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn hash(this: &Location) -> String;

    /// What it is seen on.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn screen(this: &Page) -> Screen;
    pub(crate) type Screen;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn width(this: &Screen) -> i32;

    /// Writes a line to the console if the tag has `data-debug`.
    #[wasm_bindgen(method)]
    pub(crate) fn say(this: &Page, line: &str);

    // `web_sys::window()` looks in four places and costs 1 kB; we only ever live in a window.
    #[wasm_bindgen(thread_local_v2, js_name = window)]
    pub(crate) static WINDOW: Window;
}
