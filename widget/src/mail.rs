//! The outbox at work: every revision is kept first, then sent, and tried again until it is settled.
//!
//! It outlives the prompt. While anything waits it listens for `online` and `pagehide`, and no longer.

use std::cell::RefCell;

use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use parere_shared::text::concat;
use parere_shared::time::Millis;

use crate::memory::Unsent;
use crate::outbox::{Entry, LEASE_MS, Outbox, Verdict};
use crate::{dom, transport};

thread_local! {
    static MAIL: RefCell<Option<Mail>> = const { RefCell::new(None) };
}

struct Mail {
    url: String,
    unsent: Unsent,
    outbox: Outbox,
    listeners: Vec<EventListener>,
    timer: Option<Timeout>,
    /// The collector said that a survey is gone.
    stopped: bool,
}

/// Longest timer: browsers fire at once beyond 2³¹ ms, and a page seldom lives for an hour.
const WAIT_MS_MAX: Millis = 3_600_000;

/// Opens the outbox of `site` and sends what earlier pages left.
pub(crate) fn open(site: &str, base: &str) {
    if MAIL.with_borrow(Option::is_some) {
        return;
    }
    let now = dom::now();
    let mut mail = Mail {
        url: concat(&[base, "/v1/responses"]),
        unsent: Unsent::of(site),
        outbox: Outbox::default(),
        listeners: Vec::new(),
        timer: None,
        stopped: false,
    };
    let mut left = Vec::new();
    mail.unsent.each(|entry| left.push(entry));
    for entry in left {
        mail.take_in(entry, now);
    }
    mail.send(now);
    MAIL.with_borrow_mut(|open| *open = Some(mail));
}

/// Takes in a new revision and sends it; [`Mail::send`] keeps it first.
pub(crate) fn put(entry: Entry) {
    let now = dom::now();
    with(|mail| {
        mail.take_in(entry, now);
        mail.send(now);
    });
}

/// The collector's reply to the entry `name` is here, status 0 for none; says whether it will never be stored.
pub(crate) fn settle(name: &str, status: u16, retry_after_s: u32) -> bool {
    let verdict = Verdict::of(status);
    with(|mail| mail.settle(name, verdict, retry_after_s));
    matches!(verdict, Verdict::Refuse | Verdict::Stop)
}

/// Has the collector said that a survey is gone? Then nothing more is asked on this page.
pub(crate) fn is_stopped() -> bool {
    MAIL.with_borrow(|mail| mail.as_ref().is_some_and(|mail| mail.stopped))
}

/// Runs `act` unless the outbox is busy or not open.
fn with(act: impl FnOnce(&mut Mail)) {
    MAIL.with(|mail| {
        if let Ok(mut mail) = mail.try_borrow_mut()
            && let Some(mail) = mail.as_mut()
        {
            act(mail);
        }
    });
}

impl Mail {
    fn take_in(&mut self, entry: Entry, now: Millis) {
        let dropped = self.outbox.dropped;
        for name in self.outbox.add(entry, now) {
            self.unsent.forget(&name);
        }
        if self.outbox.dropped > dropped {
            dom::say("answers given up: unsent for 7 days, or more than 20");
        }
    }

    /// Sends what is due, and comes back for the rest.
    fn send(&mut self, now: Millis) {
        while let Some(entry) = self.outbox.take_due(now, LEASE_MS) {
            self.unsent.put(entry);
            transport::post(&self.url, &entry.body_sent_at(&dom::timestamp()), &entry.name);
        }
        self.wait(now);
    }

    fn settle(&mut self, name: &str, verdict: Verdict, retry_after_s: u32) {
        let now = dom::now();
        match self.outbox.settle(name, verdict, retry_after_s, now, dom::chance()) {
            Some(kept) => self.unsent.put(kept),
            None => self.unsent.forget(name),
        }
        match verdict {
            Verdict::Stop => {
                dom::fail("no such survey (404 or 410): the answer was dropped");
                self.stopped = true;
            }
            Verdict::Refuse => dom::fail("the collector refused an answer: it was dropped"),
            Verdict::Forget | Verdict::Keep => {}
        }
        self.wait(now);
    }

    /// Sets the timer for what waits, and listens exactly as long as there is something to send.
    fn wait(&mut self, now: Millis) {
        self.timer = self.outbox.wait(now).map(|wait| {
            let wait = u32::try_from(wait.min(WAIT_MS_MAX)).unwrap_or(0);
            Timeout::new(wait, || with(|mail| mail.send(dom::now())))
        });
        if self.outbox.is_empty() {
            self.listeners.clear();
        } else if self.listeners.is_empty() {
            let window = dom::window();
            let online = dom::on(&window, "online", |_| {
                with(|mail| {
                    mail.outbox.hurry(dom::now());
                    mail.send(dom::now());
                });
            });
            self.listeners = vec![online, dom::on(&window, "pagehide", |_| leave())];
        }
    }
}

/// The page goes away: what is not already on its way goes with the browser's help.
///
/// It stays in the outbox, due for the next page: a beacon is never acknowledged, and the collector knows a duplicate.
fn leave() {
    with(|mail| {
        let now = dom::now();
        mail.outbox.hurry(now);
        while let Some(entry) = mail.outbox.take_due(now, 0) {
            mail.unsent.put(entry);
            transport::beacon(&mail.url, &entry.body_sent_at(&dom::timestamp()));
        }
    });
}
