//! The guest on the page: asks one question and sends the answer.
//!
//! `www/loader.js` starts it, and only on pages where there is something to ask or something left to send.
//! What JavaScript may call is in this file; what it hands over is in [`page`].
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
//! | [`dom`], [`page`], [`report`] | the browser, what the loader knows, the debug line |
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
mod report;
mod session;
mod transport;

pub use page::Page;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static HEAP: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// Sends what earlier pages left and, if the loader found a slot, asks. Says whether a prompt stands now.
#[wasm_bindgen]
pub fn start(config: Vec<u8>, page: &Page) -> bool {
    session::start(config, page)
}

/// Takes the prompt away, if there is one.
#[wasm_bindgen]
pub fn dismiss() {
    session::act(prompt::Event::Dismissed);
}
