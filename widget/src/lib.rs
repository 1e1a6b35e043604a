//! The guest on the page: asks one question and sends the answer.
//!
//! `www/loader.js` starts it, and only on pages where there is something to ask or something left to send.
//! What JavaScript may call is in this file; what we call is in `browser.js`.
//!
//! | module | does |
//! |---|---|
//! | [`session`] | one prompt on one page: may it be asked, what was answered, what follows |
//! | [`prompt`] | the card: a pure state machine, and the view that draws it |
//! | [`answer`] | an answer in the words of the wire |
//! | [`outbox`] | pure: which answers still wait, when to try again, what a reply means |
//! | [`mail`] | the outbox at work: stored, sent, tried again |
//! | [`transport`] | the only network code |
//! | [`memory`] | the only storage code |
//! | [`dom`], [`page`] | the card in the document, what the loader knows |
//!
//! Nothing here formats with `core::fmt` or can panic with a message: that machinery would double the bytes.

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

pub use dom::Node;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static HEAP: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// Sends what earlier pages left and asks in `host`, if there is one; says whether a prompt stands now.
///
/// `facts` is what the loader knows of the page ([`page`]), `config` the survey as the collector wrote it.
#[wasm_bindgen]
pub fn start(facts: String, host: Option<Node>, config: Vec<u8>) -> bool {
    let page = page::Page::parse(facts.leak());
    mail::open(page.site, page.base);
    host.is_some_and(|host| session::ask(&page, host, config))
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
