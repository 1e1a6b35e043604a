//! What can happen to a collector, drawn at random.

use parere_shared::time::Millis;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::answer::HOSTILE;

/// Surveys of the demo shop, each with its lowest and highest point.
pub(super) const SURVEYS: [(&str, i64, i64); 3] = [("nps", 0, 10), ("ces", 1, 7), ("csat", 1, 5)];

/// What people write who do not think of who will read it.
const PERSONAL: [&str; 3] = ["write to ada@shop.example", "+39 333 123 4567, evenings", "a\\b 100%_"];

/// Parts of comments that a person looks for.
const WORDS: [&str; 5] = ["line", "SHE", "%", "\\", "[email]"];

/// A step in the life of a collector.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// An answer alone.
    One(Item),
    /// Answers in an array.
    Many(Vec<Item>),
    /// A body that is no answer at all.
    Rubbish(&'static str),
    /// A person decides.
    Review(Decision),
    /// What was sent once is erased, whatever became of it.
    Erase(Index),
    /// Time goes by.
    Wait(Millis),
    /// The collector ends, and starts again on the same database.
    Restart,
}

/// What a sender sends; where there is nothing to come back to yet, nothing.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// An answer of which nothing was known; its first revision need not be the first that was made.
    New(Draft, u32),
    /// The bytes of an earlier body, whatever became of it.
    Repeat(Index),
    /// Another content for a stored id; the revision moves by so many.
    Revise(Index, i64, Draft),
    /// A revision of a stored answer, or a new one, that breaks a rule.
    Bad(Option<Index>, Draft, Mistake),
}

/// What an answer says, but for its name and for moments, which depend on when it is sent.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) said: Value,
    pub(super) watch: Watch,
    /// Milliseconds from drawing the question to the answer.
    pub(super) reading_ms: Millis,
}

/// The shopper's clock.
#[derive(Debug, Clone, Copy)]
pub(super) enum Watch {
    /// Not named.
    Absent,
    /// Right, or wrong by so much and so corrected; the answer waited so long to be sent.
    Steady { off: Millis, waited: Millis },
    /// It says that the answer was sent before it was given.
    Backwards,
}

/// A broken rule: the fields that break it, and the status with which the answer is refused.
pub(super) type Mistake = (&'static str, u16);

/// A person's decision on all that match.
#[derive(Debug, Clone)]
pub(super) struct Decision {
    pub(super) survey: Option<usize>,
    /// Received at most so long ago.
    pub(super) within: Option<Millis>,
    pub(super) flag: Option<&'static str>,
    pub(super) word: Option<&'static str>,
    pub(super) review: &'static str,
}

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 1..60)
}

fn step() -> impl Strategy<Value = Step> {
    let waits = select(vec![1, 299, MINUTE, 7 * HOUR, 24 * HOUR]);
    let rubbish = select(vec!["", "{", "[]", "7", "null", "\u{feff}{}", "[{},", "{\"site\":\"pk_demo\"}}"]);
    prop_oneof![
        12 => item().prop_map(Step::One),
        8 => vec(item(), 1..8).prop_map(Step::Many),
        1 => rubbish.prop_map(Step::Rubbish),
        3 => decision().prop_map(Step::Review),
        3 => any::<Index>().prop_map(Step::Erase),
        2 => waits.prop_map(Step::Wait),
        1 => Just(Step::Restart),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    prop_oneof![
        6 => (draft(), 1..4_u32).prop_map(|(draft, revision)| Item::New(draft, revision)),
        3 => any::<Index>().prop_map(Item::Repeat),
        5 => (any::<Index>(), -2..4_i64, draft()).prop_map(|(which, by, draft)| Item::Revise(which, by, draft)),
        2 => (option::of(any::<Index>()), draft(), mistake())
            .prop_map(|(which, draft, mistake)| Item::Bad(which, draft, mistake)),
    ]
}

fn mistake() -> impl Strategy<Value = Mistake> {
    select(vec![
        (r#"{"score": 99}"#, 422),
        (r#"{"score": null}"#, 422),
        (r#"{"score": "9"}"#, 422),
        (r#"{"revision": 0}"#, 422),
        (r#"{"revision": 101}"#, 422),
        (r#"{"id": "019aa2b4-7c00-4abc-8def-0123456789ab"}"#, 422),
        (r#"{"comment": "\u0000"}"#, 422),
        (r#"{"channel": "pigeon"}"#, 422),
        (r#"{"inclusion": 0}"#, 422),
        (r#"{"attributes": {"plan": 1}}"#, 422),
        (r#"{"sent_at": "yesterday"}"#, 422),
        (r#"{"survey": "nope"}"#, 404),
        (r#"{"site": "pk_nobody"}"#, 404),
    ])
}

fn decision() -> impl Strategy<Value = Decision> {
    let flags = select(vec!["any", "fast", "clock", "instrument", "excluded", "included"]);
    (
        option::of(0..SURVEYS.len()),
        option::of(select(vec![1, 30 * MINUTE, 12 * HOUR])),
        option::of(flags),
        option::weighted(0.3, select(&WORDS)),
        select(vec!["include", "exclude", "reset"]),
    )
        .prop_map(|(survey, within, flag, word, review)| Decision { survey, within, flag, word, review })
}

fn draft() -> impl Strategy<Value = Draft> {
    (said(), context(), watch(), select(vec![0, 299, 300, 5_000])).prop_map(
        |(mut said, context, watch, reading_ms)| {
            said.as_object_mut().unwrap().extend(context.as_object().unwrap().clone());
            Draft { said, watch, reading_ms }
        },
    )
}

/// What the shopper said. An absent field is written as `null`, which means the same.
fn said() -> impl Strategy<Value = Value> {
    let comment = prop_oneof![select(&HOSTILE), select(&PERSONAL)].prop_map(str::to_owned);
    let comment = prop_oneof![comment, "\\PC{0,60}"];
    let choices = vec(select(vec!["fit", "price", "other"]), 0..3);
    (0..SURVEYS.len(), any::<Index>(), option::of(comment), choices, option::of(any::<bool>())).prop_map(
        |(survey, point, comment, choices, test)| {
            let (survey, min, max) = SURVEYS[survey];
            let points: Vec<i64> = (min..=max).collect();
            // One of the surveys offers choices, to one that does not they cannot be sent.
            let choices = (survey == "csat").then_some(choices);
            json!({"survey": survey, "score": point.get(&points), "comment": comment, "choices": choices, "test": test})
        },
    )
}

/// How the question came.
fn context() -> impl Strategy<Value = Value> {
    let channels = vec!["inline", "popover", "bar", "tab", "link", "email", "qr", "kiosk", "api"];
    let names = select(vec!["plan", "città", "a b"]);
    (
        option::of(select(vec!["it", "en", "de", "pt-BR"])),
        option::of(select(channels)),
        option::of(select(vec!["phone", "tablet", "desktop"])),
        option::of(select(vec!["product", "returns", "fitting room", ""])),
        option::of(select(vec!["/", "/products/scarpe", "/=cmd"])),
        option::of(select(vec!["1001", "-1"])),
        option::of(select(vec!["c-77"])),
        btree_map(names, "\\PC{0,8}", 0..3),
        option::of(prop_oneof![Just(1.0), 1e-9..1.0_f64]),
        option::of(select(vec!["shown", "0123456789abcdef"])),
    )
        .prop_map(
            |(
                locale,
                channel,
                device,
                touchpoint,
                page,
                reference,
                subject,
                attributes,
                inclusion,
                instrument,
            )| {
                json!({
                    "locale": locale, "channel": channel, "device": device, "touchpoint": touchpoint, "page": page,
                    "ref": reference, "subject": subject, "attributes": attributes, "inclusion": inclusion,
                    "instrument": instrument,
                })
            },
        )
}

fn watch() -> impl Strategy<Value = Watch> {
    let off = select(vec![0, -3 * HOUR, 40 * 24 * HOUR]);
    let waited = select(vec![0, 2_000, 5 * 24 * HOUR]);
    prop_oneof![
        2 => Just(Watch::Absent),
        3 => (off, waited).prop_map(|(off, waited)| Watch::Steady { off, waited }),
        1 => Just(Watch::Backwards),
    ]
}
