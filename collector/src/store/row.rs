//! What is stored about sites and answers.

use parere_shared::response::{Channel, Device, ResponseId};
use parere_shared::score::Band;
use parere_shared::survey::Metric;
use parere_shared::time::Millis;

use super::{Flags, Retention};
use crate::origin::OriginRule;

/// Place of an answer in the order of storing; grows, never used twice.
pub type Seq = i64;

/// One merchant's shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Public site key.
    pub key: String,
    /// Name for people.
    pub name: String,
    /// IANA time zone in which its days begin.
    pub zone: String,
    /// Pages from which answers are taken.
    pub origins: Vec<OriginRule>,
    /// Is nothing remembered on a shopper's device before the page has said that it may?
    pub consent_needed: bool,
    /// How long what it is sent is kept.
    pub retention: Retention,
    /// Hours until the case of a low score is due; `None` where low scores open none.
    pub case_hours: Option<u32>,
    /// Keys the hashes of subjects.
    pub secret: [u8; 32],
    /// When it was added.
    pub created_at: Millis,
}

/// An answer as it is stored and exported.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Made once in the browser.
    pub id: ResponseId,
    /// Slug of the survey.
    pub survey: String,
    /// What was measured.
    pub metric: Metric,
    /// Wording, scale and look that were shown.
    pub instrument: String,
    /// 1 for the score alone; higher when more followed.
    pub revision: u32,
    /// The chosen point.
    pub score: i32,
    /// Its band: `promoter`, `negative` …
    pub band: String,
    /// What the shopper wrote.
    pub comment: Option<String>,
    /// What the shopper ticked, as a JSON array.
    pub choices: String,
    /// Language of the prompt.
    pub locale: Option<String>,
    /// How the question came.
    pub channel: Option<Channel>,
    /// Where in the customer journey.
    pub touchpoint: Option<String>,
    /// Class of device.
    pub device: Option<Device>,
    /// Path of the page.
    pub page: Option<String>,
    /// The merchant's order reference.
    pub order_ref: Option<String>,
    /// The merchant's own facts, as a JSON object.
    pub attributes: String,
    /// A try-out that never counts.
    pub test: bool,
    /// Doubts.
    pub flags: Flags,
    /// Probability of having been asked, as the sender says.
    pub inclusion: Option<f64>,
    /// When the score was chosen, by the server's clock.
    pub occurred_at: Millis,
    /// When revision 1 (or the first that arrived) was received.
    pub received_at: Millis,
}

/// An answer on its way into the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The site it belongs to.
    pub site: String,
    /// Hash of everything the shopper's browser said, the moment of sending aside: tells a retry from a change.
    pub digest: [u8; 16],
    /// HMAC of the merchant's reference for the person.
    pub subject: Option<[u8; 32]>,
    /// Local day of receipt, since 1970-01-01.
    pub day: i32,
    /// Locale under which it is counted: one of the survey's, or `other`.
    pub counted_locale: String,
    /// Touchpoint under which it is counted: a known one, or `other`.
    pub counted_touchpoint: String,
    /// Chance of having been asked under which it is counted, in thousandths: what the sender says if the survey
    /// bears it out, or 1000.
    pub counted_per_mille: u16,
    /// Is it told to whoever waits for answers, and may it open a case? One that was given long ago and comes from a file,
    /// or is made up, is and does not.
    pub is_news: bool,
    /// What is stored.
    pub row: Row,
}

/// A stored answer with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRow {
    /// Place in the order of storing.
    pub seq: Seq,
    /// What is stored.
    pub row: Row,
}

/// Which answers are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of one survey only.
    pub survey: Option<String>,
    /// Received at this moment or later.
    pub from: Option<Millis>,
    /// Received before this moment.
    pub to: Option<Millis>,
    /// With at least one of these flags.
    pub flags: Option<Flags>,
    /// With this text in the comment, ASCII letters in either case; with any comment where it is empty.
    pub text: Option<String>,
    /// With a score in this band.
    pub band: Option<Band>,
    /// Asked in this language.
    pub locale: Option<String>,
    /// Asked in this way.
    pub channel: Option<Channel>,
    /// Given on a page whose path begins so.
    pub page: Option<String>,
    /// Only those of this person.
    pub person: Option<Person>,
    /// Only these.
    pub ids: Option<Vec<ResponseId>>,
    /// Stored up to this place.
    pub seq_max: Option<Seq>,
}

/// What a search has found, and how far it looked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// Answers that match, in the order that was asked for.
    pub rows: Vec<StoredRow>,
    /// The last answer that was looked at, and when it was received; none when fewer than asked for were left.
    pub reached: Option<(Seq, Millis)>,
}

/// By what the answers of a person are known: at least one of both; an answer is theirs if one of them fits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// HMAC of the merchant's reference for the person.
    pub subject: Option<[u8; 32]>,
    /// An order of theirs.
    pub order_ref: Option<String>,
}

/// In which order a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As stored: for exports.
    OldestFirst,
    /// The other way round: for reading.
    NewestFirst,
}
