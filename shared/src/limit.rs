//! Bounds that both sides obey; each says why it is what it is.

/// Most bytes in the body of one response: a 4,000-character comment in any script, and room for its context.
pub const RESPONSE_BYTES_MAX: usize = 16 * 1024;

/// Most bytes in the body of an array: what browsers let `fetch(keepalive)` and `sendBeacon` carry.
pub const ARRAY_BYTES_MAX: usize = 64 * 1024;

/// Most bytes in a report of events: names and words of the longest kinds, and room.
pub const EVENTS_BYTES_MAX: usize = 2 * 1024;

/// Most responses in an array: more than an outbox holds, and few enough for one transaction.
pub const ARRAY_LEN_MAX: usize = 50;

/// Most characters in a comment.
pub const COMMENT_CHARS_MAX: usize = 4_000;

/// Most attributes on a response.
pub const ATTRIBUTES_MAX: usize = 32;

/// Most characters in the name of an attribute.
pub const ATTRIBUTE_NAME_CHARS_MAX: usize = 64;

/// Most characters in the value of an attribute.
pub const ATTRIBUTE_VALUE_CHARS_MAX: usize = 256;

/// Most choices on a response.
pub const CHOICES_MAX: usize = 20;

/// Most characters in a short field: references, touchpoints, choices.
pub const FIELD_CHARS_MAX: usize = 128;

/// Most characters in a page address: what servers commonly accept as a path.
pub const PAGE_CHARS_MAX: usize = 2_048;

/// Highest revision of a response: a shopper who keeps changing a score, not a script.
pub const REVISION_MAX: u32 = 100;

/// Most characters in a text the merchant writes: a question must fit a phone.
pub const TEXT_CHARS_MAX: usize = 200;

/// Most points on a scale: 0–10.
pub const SCALE_POINTS_MAX: usize = 11;

/// Most follow-up bands, languages and address rules of a survey: bounds what every page view downloads.
pub const FOLLOW_UPS_MAX: usize = 11;
/// See [`FOLLOW_UPS_MAX`].
pub const LANGUAGES_MAX: usize = 40;
/// See [`FOLLOW_UPS_MAX`].
pub const URL_RULES_MAX: usize = 20;

/// Most conditions of a survey or of its trigger, and values in one of them. See [`FOLLOW_UPS_MAX`].
pub const CONDITIONS_MAX: usize = 20;
/// See [`CONDITIONS_MAX`].
pub const CONDITION_VALUES_MAX: usize = 20;

/// Longest wait until a prompt appears, in seconds: who stays longer has left the tab open.
pub const TRIGGER_SECONDS_MAX: u16 = 3_600;

/// Most characters in a slug.
pub const SLUG_CHARS_MAX: usize = 64;

/// Longest wait between two questions to one shopper, in days.
pub const RECONTACT_DAYS_MAX: u16 = 3_650;
