//! The only network code: an answer goes out, a status comes back.

use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Response;

use crate::answer::{Field, js};

/// What came back; status 0 when nothing did.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// `Retry-After`, 0 where absent.
    pub(crate) retry_after_s: i64,
}

#[wasm_bindgen]
extern "C" {
    type Sent;
    #[wasm_bindgen]
    fn fetch(url: &str, init: &JsValue) -> Sent;
    #[wasm_bindgen(method)]
    fn then(this: &Sent, arrived: &JsValue, failed: &JsValue);
    #[wasm_bindgen(js_namespace = navigator, js_name = sendBeacon)]
    fn send_beacon(url: &str, body: &str);
}

/// Posts `body` and calls `done` once.
///
/// A string body is `text/plain` by itself: a simple request, no preflight.
/// `keepalive` lets it outlive the page.
pub(crate) fn post(url: &str, body: &str, mut done: impl FnMut(Reply) + 'static) {
    let init = js(&[
        ("method", Field::Text("POST")),
        ("credentials", Field::Text("omit")),
        ("body", Field::Text(body)),
        ("keepalive", Field::Yes),
    ]);
    // One function for both outcomes: exactly one of them happens, once, and then the browser frees it.
    let settled = Closure::<dyn FnMut(JsValue)>::new(move |outcome: JsValue| done(reply(&outcome)));
    let settled = settled.into_js_value();
    fetch(url, &init).then(&settled, &settled);
}

/// Hands `body` to the browser to send while the page goes away; nothing comes back.
pub(crate) fn beacon(url: &str, body: &str) {
    send_beacon(url, body);
}

fn reply(outcome: &JsValue) -> Reply {
    let Some(response) = outcome.dyn_ref::<Response>() else {
        return Reply { status: 0, retry_after_s: 0 };
    };
    let retry_after = response.headers().get("Retry-After").ok().flatten();
    let retry_after_s = retry_after.and_then(|text| parere_shared::text::parse_number(&text));
    Reply { status: response.status(), retry_after_s: retry_after_s.unwrap_or(0) }
}
