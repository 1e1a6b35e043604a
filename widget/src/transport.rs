//! The only network code: an answer goes out; what came back arrives at [`crate::answering::settle`].

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// `value` as JSON, whatever the page has taught its objects.
    pub(crate) fn json(value: &JsValue) -> String;

    /// Posts `body` as a simple request that outlives the page; the entry `name` is settled later, once.
    pub(crate) fn post(url: &str, body: &str, name: &str);

    /// Hands `body` to the browser to send while the page goes away; nothing comes back.
    pub(crate) fn beacon(url: &str, body: &str);
}
