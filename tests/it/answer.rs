//! Answers to post.

use std::sync::atomic::{AtomicU64, Ordering};

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use serde_json::{Value, json};

/// Noon of a Saturday in Rome, where the demo shop is; servers under test stand at this moment.
pub(crate) const NOON: Millis = 1_795_258_800_000;

/// An id that no other answer has, made a little after [`NOON`]: nobody can be said to have answered it too fast.
pub(crate) fn fresh_id() -> String {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let n = MADE.fetch_add(1, Ordering::Relaxed);
    let mut random = [0x5a; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    ResponseId::new(NOON.unsigned_abs() + 1 + n / 50, &random).encode()
}

/// The shortest answer that is taken.
pub(crate) fn valid(score: i32) -> Value {
    json!({"site": "pk_demo", "survey": "nps", "id": fresh_id(), "revision": 1, "score": score})
}

/// `answer` with some fields changed; `null` takes a field away.
pub(crate) fn with(mut answer: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    let fields = answer.as_object_mut().unwrap();
    for (name, value) in changes {
        if value.is_null() {
            fields.remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
    answer
}

/// An answer with every field that a widget can send.
pub(crate) fn full() -> Value {
    with(
        valid(9),
        json!({
            "comment": "Comode, «belle»\ne \"leggere\"", "locale": "it", "page": "/products/scarpe",
            "channel": "inline", "touchpoint": "product", "device": "phone", "ref": "1001", "subject": "c-77",
            "attributes": {"plan": "gold"}, "inclusion": 0.25,
            "occurred_at": "2026-11-21T10:59:58Z", "sent_at": "2026-11-21T11:00:00Z",
        }),
    )
}

/// Names of the flags of a stored answer, joined by spaces.
pub(crate) fn flags_of(row: &Value) -> String {
    let names = row["flags"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    names.collect::<Vec<_>>().join(" ")
}

/// Texts that have broken somebody's export or dashboard before.
pub(crate) const HOSTILE: [&str; 16] = [
    "comma, semicolon; tab\tpipe|",
    "she said \"fine\", twice: \"\"",
    "line one\nline two\r\nline three\rend",
    "emoji 👟👩🏽‍🦱🇮🇹 and e\u{301}",
    "مريح جدًا، شكرًا",
    "שלום \u{202e}reversed\u{202c}",
    "=HYPERLINK(\"http://evil.example\",\"click\")",
    "+1 for the price",
    "-1 for the box",
    "@everyone",
    "  =leading spaces",
    "\t=leading tab",
    "<script>alert(1)</script>",
    "'; DROP TABLE responses; --",
    "\u{feff}byte order mark",
    "Straße, œuvre, İstanbul, ﷽",
];

/// Numbers that look random and are the same in every run (xorshift64*).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % limit
    }

    /// One of `choices`.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }
}
