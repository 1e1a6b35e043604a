//! Where a site's news goes, and what is on its way there.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::crm::Crm;

/// Declares how the values of an enum are called where they are kept.
macro_rules! named {
    ($kind:ident { $($value:ident: $name:literal),+ $(,)? }) => {
        impl $kind {
            /// Its name, as it is kept and sent.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $name,)+ }
            }

            /// The one of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$value),)+ _ => None }
            }
        }
    };
}

pub(super) use named;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub enum Occasion {
    /// An answer was stored under an id that was new.
    #[serde(rename = "response.created")]
    Created,
    /// A later revision took an answer's place: a comment, another score.
    #[serde(rename = "response.updated")]
    Updated,
    /// An answer that counts came into the lowest band, or one there got its comment.
    #[serde(rename = "response.detractor")]
    Detractor,
    /// A day is over: its scores.
    #[serde(rename = "digest.daily")]
    Digest,
    /// Somebody is to be asked, by a way that a program of the merchant's knows: with their address.
    #[serde(rename = "invitation.due")]
    Invitation,
    /// Somebody wants to see whether it arrives.
    #[serde(rename = "webhook.test")]
    Test,
}

named!(Occasion {
    Created: "response.created",
    Updated: "response.updated",
    Detractor: "response.detractor",
    Digest: "digest.daily",
    Invitation: "invitation.due",
    Test: "webhook.test",
});

impl Occasion {
    /// Those that a hook can wish for; a test is asked for by itself.
    pub const WISHED: [Self; 5] =
        [Self::Created, Self::Updated, Self::Detractor, Self::Digest, Self::Invitation];
}

/// In whose words a hook is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WebhookKind {
    /// JSON after Standard Webhooks, for programs.
    Standard,
    /// A message after Slack's incoming webhooks, for people.
    Slack,
    /// Contacts, events and tickets in HubSpot.
    HubSpot,
    /// Events and profiles in Klaviyo.
    Klaviyo,
}

named!(WebhookKind { Standard: "standard", Slack: "slack", HubSpot: "hubspot", Klaviyo: "klaviyo" });

impl WebhookKind {
    /// Does it lead into a CRM, so that it needs a token and tells of people by their e-mail addresses?
    pub fn is_crm(self) -> bool {
        matches!(self, Self::HubSpot | Self::Klaviyo)
    }
}

/// Does anything go there?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WebhookState {
    /// Yes.
    On,
    /// Somebody switched it off; what waits goes on waiting.
    Off,
    /// The receiver said that it is gone (410).
    Gone,
    /// It was removed, and is forgotten when the last of its deliveries is.
    Removed,
}

named!(WebhookState { On: "on", Off: "off", Gone: "gone", Removed: "removed" });

/// An address that is told of a site's news.
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// What it is called by in paths and in the log.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// In whose words.
    pub kind: WebhookKind,
    /// Where to.
    pub url: String,
    /// What it is told of.
    pub occasions: Vec<Occasion>,
    /// Hour of the day in the site's zone from which on it is told of the day before, 0–23.
    pub digest_hour: u8,
    /// The last local day of which a digest was put in the queue, since 1970-01-01.
    pub digest_day: i32,
    /// Signs what is sent.
    pub secret: [u8; 32],
    /// What is known of the CRM that it leads into.
    pub crm: Option<Crm>,
    /// Until when the receiver wants to be left alone; 0 if it never said so.
    pub rests_until: Millis,
    /// Does anything go there?
    pub state: WebhookState,
    /// Who made it.
    pub made_by: String,
    /// When it was made.
    pub created_at: Millis,
}

/// Neither the secret nor the address, which is one where Slack gave it, is anything for a log.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// What a delivery tells of; what is sent of it is read when it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// An answer, from this revision on.
    Response(ResponseId, u32),
    /// An invitation, which has its answer's id.
    Invitation(ResponseId),
    /// A local day, since 1970-01-01.
    Day(i32),
    /// Itself.
    Nothing,
}

/// What became of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It is tried, or tried again.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// It was given up.
    Failed,
}

named!(DeliveryState { Waiting: "waiting", Delivered: "delivered", Failed: "failed" });

/// One try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Millis,
    /// What the receiver answered; none if it never came so far.
    pub status: Option<u16>,
    /// How long it took.
    pub latency_ms: u32,
    /// How the reply of a receiver that refused begins, or why there was none.
    pub said: String,
}

/// Tries that are kept of one delivery: the whole schedule, and as many after a replay.
pub const ATTEMPTS_KEPT: usize = 20;

/// News for one hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The webhook-id: the same at every try.
    pub id: String,
    /// Which hook it is for.
    pub hook: String,
    /// What is told.
    pub occasion: Occasion,
    /// What it tells of.
    pub about: About,
    /// What became of it.
    pub state: DeliveryState,
    /// Tries since it was put in the queue, or put there again.
    pub tries: u32,
    /// When it is tried next; while somebody tries it, when that counts as failed.
    pub due_at: Millis,
    /// When it was put in the queue.
    pub created_at: Millis,
    /// What became of the latest tries, the oldest first; at most [`ATTEMPTS_KEPT`].
    pub attempts: Vec<Attempt>,
}

/// What becomes of a delivery after a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Which one.
    pub delivery: String,
    /// Which hook it is for.
    pub hook: String,
    /// Until when it was ours: where somebody else has taken it meanwhile, nothing changes.
    pub claimed_until: Millis,
    /// What became of it.
    pub state: DeliveryState,
    /// Tries, this one among them.
    pub tries: u32,
    /// When it is tried next.
    pub due_at: Millis,
    /// What is kept of the tries.
    pub attempts: Vec<Attempt>,
    /// Did the receiver say that it is gone?
    pub is_gone: bool,
    /// Until when the receiver wants to be left alone, where it said so.
    pub rests_until: Option<Millis>,
}
