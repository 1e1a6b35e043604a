//! Rules: after which happening a customer is asked what, when, and when not.
//!
//! A rule names a kind of happening ("delivered"), a wait, conditions, and what keeps it from asking. [`decide()`] says
//! what becomes of one happening under one rule, at any moment, and is all there is to decide: when a happening is read,
//! again when its moment has come, and in a dry run over happenings that are over. How often one person may be asked is what the page's gate says
//! (`parere_shared::gate`).

use jiff::tz::TimeZone;
use parere_shared::gate::Condition;
use parere_shared::time::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod budget;
mod check;
mod decide;
mod dry_run;
mod known;
mod look_back;
mod planner;
mod quiet;
mod region;
mod round;
mod sentence;
mod standing;

pub use budget::{Asked, memory};
pub use check::{AFTER_DAYS_MAX, AFTER_HOURS_MAX, EXPIRES_DAYS_MAX, RULES_MAX, is_kind};
pub use decide::{Case, Decision, PAUSE_LOOK_MS, decide};
pub use dry_run::{Outcome, Trial, dry_run};
pub use look_back::{DAYS, LookedBack, TRIALS_MAX, look_back};
pub use planner::{LOOK_EVERY, Planner};
pub use quiet::Quiet;
pub use region::zone;
pub use round::{Customer, DECIDED_MAX, Heard, Round, key};
pub use sentence::KINDS;
pub use standing::{OrderMoments, TicketSpan};

/// A rule, as operators write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is called, for people: 1–100 characters.
    pub name: String,
    /// Slug of the survey that is asked.
    pub survey: String,
    /// The kind of happening after which it asks: `delivered`, `return_finished`, `ticket_closed`, … or a word of
    /// the shop's own, `[a-z0-9_]{1,40}`.
    pub when: String,
    /// Days to wait after it, 0–365, by the calendar of where the customer is.
    #[serde(default)]
    pub after_days: u16,
    /// Hours to wait in addition, 0–72.
    #[serde(default)]
    pub after_hours: u16,
    /// What must hold, all of it: properties of the happening and what is known of the order, as `attribute`;
    /// the customer's `language`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// What keeps it from asking; where absent, what makes sense for the kind of happening.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless: Option<Vec<Unless>>,
    /// How the question is sent.
    #[serde(default)]
    pub channel: RuleChannel,
    /// When nothing is sent, `[from, until]` as `HH:MM` where the customer is; the same twice: never quiet.
    #[serde(default = "usual_quiet_hours")]
    pub quiet_hours: [String; 2],
    /// Days after its moment in which it can still be asked, 1–90.
    #[serde(default = "usual_expiry")]
    pub expires_days: u16,
    /// Does it ask?
    #[serde(default)]
    pub state: RuleState,
}

fn usual_quiet_hours() -> [String; 2] {
    ["21:00".into(), "09:00".into()]
}

fn usual_expiry() -> u16 {
    14
}

/// What keeps a rule from asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unless {
    /// The order was cancelled: never asked.
    Cancelled,
    /// The order was refunded: never asked.
    Refunded,
    /// A ticket of the customer is open: asked when none is any more.
    TicketOpen,
    /// A return of the order is open: asked when it is finished.
    ReturnOpen,
}

impl Unless {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Cancelled, Self::Refunded, Self::TicketOpen, Self::ReturnOpen];

    /// What makes sense after a kind of happening. Whoever sent a pair of shoes back has the money back, too, and a
    /// customer of the help desk is asked about the help.
    pub fn usual(when: &str) -> Vec<Self> {
        match when {
            "order_cancelled" | "refunded" | "return_opened" | "ticket_closed" | "chat_ended" => {
                vec![Self::TicketOpen]
            }
            "return_finished" => vec![Self::TicketOpen, Self::ReturnOpen],
            "ticket_opened" | "ticket_reopened" => Vec::new(),
            _ => Self::ALL.into(),
        }
    }

    /// Its name, as it is kept and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
            Self::TicketOpen => "ticket_open",
            Self::ReturnOpen => "return_open",
        }
    }
}

/// How the question is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleChannel {
    /// A letter of ours.
    #[default]
    Email,
    /// Handed to a program that sends short messages.
    Sms,
    /// Handed to a program that has another way.
    Other,
}

/// Does a rule ask?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RuleState {
    /// Yes, after what happens from the switching on.
    On,
    /// No; what waited under it is dropped.
    #[default]
    Off,
}

impl Rule {
    /// A rule that asks `survey` after happenings of the kind `when`, with all else as where it is not said.
    pub fn new(name: &str, survey: &str, when: &str) -> Self {
        Self {
            name: name.into(),
            survey: survey.into(),
            when: when.into(),
            after_days: 0,
            after_hours: 0,
            conditions: Vec::new(),
            unless: None,
            channel: RuleChannel::default(),
            quiet_hours: usual_quiet_hours(),
            expires_days: usual_expiry(),
            state: RuleState::default(),
        }
    }

    /// The first moment from `at` on in which something may be sent to a customer in `zone`.
    pub fn awake(&self, at: Millis, zone: &TimeZone) -> Millis {
        Quiet::parse(&self.quiet_hours).map_or(at, |quiet| quiet.awake(at, zone))
    }

    /// What keeps it from asking: what it says, or what makes sense for its happening.
    pub fn unless(&self) -> Vec<Unless> {
        self.unless.clone().unwrap_or_else(|| Unless::usual(&self.when))
    }
}

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRule {
    /// What it is called by in paths and keys.
    pub id: String,
    /// The rule.
    pub rule: Rule,
    /// 1 for a new one; one more with every change.
    pub version: u32,
    /// When it was switched on; what happened before is not asked about. `None` while it is off.
    pub on_since: Option<Millis>,
    /// Who wrote it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Millis,
}

/// A happening under a rule: what is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What kind it is.
    pub kind: String,
    /// When it happened.
    pub at: Millis,
    /// The order it belongs to.
    pub order: Option<String>,
    /// The ticket it belongs to.
    pub ticket: Option<String>,
    /// Keyed hash of the customer's reference.
    pub subject: Option<[u8; 32]>,
    /// What the source said of it: name and value.
    pub properties: Vec<(String, String)>,
}

/// Why it is not asked, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is night where the customer is.
    Quiet,
    /// A ticket of the customer is open.
    TicketOpen,
    /// The return is open.
    ReturnOpen,
    /// The customer answered this survey not long ago.
    Answered,
    /// The customer sent this question away not long ago.
    Dismissed,
    /// The customer was asked something not long ago.
    Other,
    /// The order was cancelled.
    Cancelled,
    /// The order was refunded.
    Refunded,
    /// A condition does not hold.
    Condition,
    /// It happened before the rule was switched on.
    Before,
    /// The time in which it can be asked is over.
    Late,
    /// No address is known.
    NoAddress,
    /// The customer wants no questions.
    Never,
    /// The survey is not live.
    Survey,
    /// The rule was switched off, changed to another happening, or removed.
    Rule,
}
