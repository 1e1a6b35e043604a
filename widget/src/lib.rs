//! The guest on the page: asks one question and sends the answer.
//!
//! It comes in two halves, so that a shopper sees the question before the rest is there (`collector/build/widget.rs`
//! builds each by itself): **ask** decides and draws, **answer** listens, keeps and sends.
//! `www/loader.js` fetches the first half where there is something to ask, and the second when a question stands
//! or something is left to send. A third part, **explain**, is for merchants: why is a survey asked here, or why not?
//!
//! What JavaScript may call is in this file; what we call is in the scripts of `browser/`.
//!
//! | module | part | does |
//! |---|---|---|
//! | [`ask`] | ask | may it be asked, must something happen first, how is it drawn: pure |
//! | [`drawing`] | both | the card as text, its stylesheet |
//! | [`page`] | all | what is known of the page |
//! | [`explain`] | explain | every gate in plain words: pure |
//! | [`prompt`] | answer | the card as a state machine: pure |
//! | [`session`] | answer | one prompt on one page: what was answered, what follows |
//! | [`view`], [`dom`] | answer | the drawn card |
//! | [`answer`] | answer | an answer in the words of the wire |
//! | [`outbox`] | answer | which answers still wait, when to try again, what a reply means: pure |
//! | [`mail`] | answer | the outbox at work: stored, sent, tried again |
//! | [`transport`], [`memory`] | answer | the only network code, the only storage code |
//!
//! Nothing here formats with `core::fmt` or can panic with a message: that machinery would double the bytes.

#![cfg_attr(
    not(all(feature = "ask", feature = "answer", feature = "explain")),
    expect(dead_code, reason = "each part is built by itself and leaves out what only the others call")
)]

use wasm_bindgen::prelude::wasm_bindgen;

mod answer;
mod ask;
mod dom;
mod drawing;
mod explain;
mod mail;
mod memory;
mod outbox;
mod page;
mod prompt;
mod session;
mod transport;
mod view;

use page::Page;

#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static HEAP: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// The half that decides and draws. Texts are described in [`ask`] and [`page`].
#[cfg(feature = "ask")]
pub mod asking {
    use super::{Page, ask, wasm_bindgen};

    /// What becomes of the survey behind `config` on this page; `now` in milliseconds since 1970.
    #[wasm_bindgen]
    pub fn judge(facts: &str, memory: &str, config: &[u8], is_due: bool, now: f64) -> String {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, and `as` saturates")]
        ask::ask(&Page::parse(facts), memory, config, is_due, now as i64)
    }

    /// The stylesheet of its question.
    #[wasm_bindgen]
    pub fn sheet(config: &[u8], looks: &str) -> String {
        ask::sheet(config, looks)
    }

    /// Did what the survey waits for happen with this event?
    #[wasm_bindgen]
    pub fn is_event(config: &[u8], name: &str, properties: &str) -> bool {
        ask::is_event(config, name, properties)
    }
}

/// The part that explains. Texts are described in [`explain`] and [`page`].
#[cfg(feature = "explain")]
pub mod explaining {
    use super::{Page, explain, wasm_bindgen};

    /// Every gate of the survey behind `config`, and whether it lets this visit pass; `now` in milliseconds since 1970.
    #[wasm_bindgen]
    pub fn gates(facts: &str, memory: &str, config: &[u8], now: f64) -> String {
        #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, and `as` saturates")]
        explain::explain(&Page::parse(facts), memory, config, now as i64)
    }
}

/// The half that listens, keeps and sends.
#[cfg(feature = "answer")]
pub mod answering {
    use super::{Page, dom, mail, prompt, session, wasm_bindgen};

    pub use dom::Node;

    /// Sends what earlier pages left.
    #[wasm_bindgen]
    pub fn open(site: &str, base: &str) {
        mail::open(site, base);
    }

    /// Takes over a card that was drawn for the survey behind `config`; says whether it is taken.
    #[wasm_bindgen]
    pub fn attach(facts: String, card: Node, config: Vec<u8>) -> bool {
        session::attach(&Page::parse(facts.leak()), card, config)
    }

    /// Half of the prompt came into view.
    #[wasm_bindgen]
    pub fn seen() {
        session::act(prompt::Event::Seen);
    }

    /// A score that was chosen and put in the outbox, as revision 1 of the answer `id`, before anyone listened.
    #[wasm_bindgen]
    pub fn resume(id: &str, score: i32) {
        session::resume(id, score);
    }

    /// A score that was chosen before anyone listened, where nothing can be kept.
    #[wasm_bindgen]
    pub fn chosen(score: i32) {
        session::act(prompt::Event::Chosen(score));
    }

    /// The collector's reply to the unsent answer `name`: its status (0 for no reply) and `Retry-After`.
    #[wasm_bindgen]
    pub fn settle(name: &str, status: u16, retry_after_s: u32) {
        if mail::settle(name, status, retry_after_s) {
            session::refuse(name);
        }
    }

    /// Takes the prompt away, if there is one.
    #[wasm_bindgen]
    pub fn dismiss() {
        session::act(prompt::Event::Dismissed);
    }
}
