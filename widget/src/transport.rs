//! The only network code: an answer goes out, a status comes back.

use js_sys::Reflect;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{RequestCredentials, RequestInit, Response};

use crate::dom;

/// What came back; status 0 when nothing did.
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// `Retry-After`, 0 where absent.
    pub(crate) retry_after_s: i64,
}

/// Posts `body` and calls `done` once.
///
/// A string body is `text/plain` by itself: a simple request, no preflight.
/// `keepalive` lets it outlive the page.
pub(crate) fn post(url: &str, body: &str, done: impl FnOnce(Reply) + 'static) {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_credentials(RequestCredentials::Omit);
    init.set_body(&JsValue::from_str(body));
    Reflect::set(&init, &JsValue::from_str("keepalive"), &JsValue::TRUE).ok();
    let sent = dom::window().fetch_with_str_and_init(url, &init);
    // One function for both outcomes: exactly one of them happens, once, and then it frees itself.
    let settled: js_sys::Function =
        Closure::once_into_js(move |outcome: JsValue| done(reply(&outcome))).unchecked_into();
    // `Promise::then2` wants closures that Rust owns; this one belongs to the promise.
    if let Ok(then) = Reflect::get(&sent, &JsValue::from_str("then")) {
        then.unchecked_into::<js_sys::Function>().call2(&sent, &settled, &settled).ok();
    }
}

/// Hands `body` to the browser to send while the page goes away; nothing comes back.
pub(crate) fn beacon(url: &str, body: &str) {
    dom::window().navigator().send_beacon_with_opt_str(url, Some(body)).ok();
}

fn reply(outcome: &JsValue) -> Reply {
    let Some(response) = outcome.dyn_ref::<Response>() else {
        return Reply { status: 0, retry_after_s: 0 };
    };
    let retry_after = response.headers().get("Retry-After").ok().flatten();
    let retry_after_s = retry_after.and_then(|text| parere_shared::text::parse_number(&text));
    Reply { status: response.status(), retry_after_s: retry_after_s.unwrap_or(0) }
}
