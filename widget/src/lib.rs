//! The guest on the page: asks one question and sends the answer.
//!
//! `www/loader.js` starts it, and only on pages where there is something to ask or something left to send.
//! What JavaScript may call is in this file; what we call is in the scripts of `browser/`.
//!
//! | module | does |
//! |---|---|
//! | [`session`] | one prompt on one page: may it be asked, what was answered, what follows |
//! | [`waiting`] | surveys that wait for something to happen on the page |
//! | [`prompt`] | the card: a pure state machine, and the view that draws it |
//! | [`answer`] | an answer in the words of the wire |
//! | [`outbox`] | pure: which answers still wait, when to try again, what a reply means |
//! | [`mail`] | the outbox at work: stored, sent, tried again |
//! | [`transport`] | the only network code |
//! | [`memory`] | the only storage code |
//! | [`dom`], [`page`] | the card in the document, what the loader knows |
//!
//! Nothing here formats with `core::fmt` or can panic with a message: that machinery would double the bytes.

use parere_shared::gate::On;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

mod answer;
mod dom;
mod mail;
mod memory;
mod outbox;
mod page;
mod prompt;
mod session;
mod transport;
mod waiting;

pub use dom::Node;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static HEAP: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// Sends what earlier pages left. `facts` is what is known of the page ([`page`]), here and below.
#[wasm_bindgen]
pub fn open(facts: String) {
    let page = page::Page::parse(facts.leak());
    mail::open(page.site, page.base);
}

/// Asks the survey behind `config`, now or when what it waits for has happened; says whether a prompt stands now.
#[wasm_bindgen]
pub fn ask(facts: String, config: Vec<u8>) -> bool {
    let page = page::Page::parse(facts.leak());
    session::read(config).is_some_and(|survey| waiting::ask(page, survey))
}

/// Something happened on the page: its kind, amount and name (`parere_shared::gate::On`), and an event's properties.
#[wasm_bindgen]
pub fn happen(on: i32, amount: i32, name: &str, properties: &str) {
    waiting::happen(On::of(on.into()), amount, name, properties);
}

/// Why a survey is asked here or is not: a list of `{gate, pass, seen}`.
#[wasm_bindgen]
pub fn explain(facts: String, config: Vec<u8>) -> JsValue {
    let page = page::Page::parse(facts.leak());
    session::read(config).map_or(JsValue::UNDEFINED, |survey| session::explain(&page, survey))
}

/// Half of the prompt came into view.
#[wasm_bindgen]
pub fn seen() {
    session::act(prompt::Event::Seen);
}

/// The collector's reply to the unsent answer `name` is here: its status (0 for no reply) and `Retry-After`.
#[wasm_bindgen]
pub fn settle(name: &str, status: u16, retry_after_s: u32) {
    mail::settle(name, status, retry_after_s);
}

/// Takes the prompt away, if there is one.
#[wasm_bindgen]
pub fn dismiss() {
    session::act(prompt::Event::Dismissed);
}
