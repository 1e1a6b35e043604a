//! One customer asked one question by a link of their own, and what became of it; who does not want to be asked.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::people::Hash;
use super::webhook::named;

/// By which way an invitation reaches its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InvitationChannel {
    /// We send a mail.
    Email,
    /// A program of the merchant's sends a text, and is told by a hook when.
    Sms,
    /// The merchant brings the link to its customer.
    Link,
    /// The link is printed.
    Qr,
    /// A program of the merchant's brings it by some other way, and is told by a hook when.
    Other,
}

named!(InvitationChannel { Email: "email", Sms: "sms", Link: "link", Qr: "qr", Other: "other" });

impl InvitationChannel {
    /// Is it sent, and so due at a moment? The others have their link at once and are in the merchant's hands.
    pub fn is_sent(self) -> bool {
        !matches!(self, Self::Link | Self::Qr)
    }
}

/// What became of an invitation.
///
/// That somebody opened the link is no state: scanners open every link, and readers of mail are not watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum InvitationState {
    /// It is sent when it is due.
    Waiting,
    /// It is being handed over: from now on it may have arrived.
    Sending,
    /// It is on its way, and its link can be used.
    Sent,
    /// Its question was answered.
    Answered,
    /// Somebody called it off.
    Cancelled,
    /// It could not be sent, or nobody knows whether it was.
    Failed,
    /// Its time was over before it was sent or answered.
    Expired,
    /// Its customer does not want to be asked.
    Suppressed,
}

named!(InvitationState {
    Waiting: "waiting",
    Sending: "sending",
    Sent: "sent",
    Answered: "answered",
    Cancelled: "cancelled",
    Failed: "failed",
    Expired: "expired",
    Suppressed: "suppressed",
});

impl InvitationState {
    /// Every one, in the order of a life.
    pub const ALL: [Self; 8] = [
        Self::Waiting,
        Self::Sending,
        Self::Sent,
        Self::Answered,
        Self::Cancelled,
        Self::Failed,
        Self::Expired,
        Self::Suppressed,
    ];

    /// The states from which this one can be reached; every change of a store is one of these.
    pub fn reached_from(self) -> &'static [Self] {
        match self {
            // Put back: nothing was handed over, or it was handed back at once.
            Self::Waiting | Self::Failed | Self::Suppressed => &[Self::Waiting, Self::Sending],
            Self::Sending | Self::Expired => &[Self::Waiting],
            Self::Sent => &[Self::Sending],
            // A mail of which nobody knows whether it left may well have arrived.
            Self::Answered => &[Self::Sent, Self::Sending, Self::Failed],
            Self::Cancelled => &[Self::Waiting, Self::Sent],
        }
    }

    /// Can the link be used to answer, or to change the answer?
    pub fn is_open(self) -> bool {
        self == Self::Answered || Self::Answered.reached_from().contains(&self)
    }

    /// Names of the states from which this one can be reached.
    pub(super) fn reached_from_names(self) -> Vec<&'static str> {
        self.reached_from().iter().map(|state| state.as_str()).collect()
    }
}

/// One customer asked one question.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The id of its answer, too: so there is one.
    pub id: ResponseId,
    /// Slug of the survey.
    pub survey: String,
    /// By which way.
    pub channel: InvitationChannel,
    /// What it is for; a site has one invitation of each.
    pub key: String,
    /// The rule that made it.
    pub rule: Option<String>,
    /// The merchant's order reference, which its answer gets.
    pub order_ref: Option<String>,
    /// The conversation with the shop's support that it asks about.
    pub ticket: Option<String>,
    /// HMAC of the merchant's reference for the person, which its answer gets.
    pub subject: Option<Hash>,
    /// Keyed hash of the address: what suppressions and budgets go by.
    pub person: Option<Hash>,
    /// Where to; in the clear until it is sent or over, and then nowhere.
    pub address: Option<String>,
    /// Language, where one was given.
    pub locale: Option<String>,
    /// What became of it.
    pub state: InvitationState,
    /// Why, in a word: `unclear`, `unsubscribed`.
    pub reason: String,
    /// Tries to send it.
    pub tries: u32,
    /// When it is sent; while somebody has claimed it, when that claim ends.
    pub due_at: Millis,
    /// From when on its link leads nowhere.
    pub expires_at: Millis,
    /// When it was made.
    pub created_at: Millis,
    /// When it was sent, or given out.
    pub sent_at: Option<Millis>,
    /// When it was answered first.
    pub answered_at: Option<Millis>,
}

/// The address is nothing for a log.
impl std::fmt::Debug for Invitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invitation")
            .field("id", &self.id.encode())
            .field("key", &self.key)
            .field("channel", &self.channel)
            .field("state", &self.state)
            .field("reason", &self.reason)
            .field("due_at", &self.due_at)
            .finish_non_exhaustive()
    }
}

impl Invitation {
    /// Its state at `now`: what was sent and not answered in time is over without anybody's doing.
    pub fn standing(&self, now: Millis) -> InvitationState {
        let is_open = matches!(self.state, InvitationState::Waiting | InvitationState::Sent);
        if is_open && self.expires_at <= now { InvitationState::Expired } else { self.state }
    }

    /// As it is kept of somebody who is not asked, if they are not.
    pub(super) fn unless_suppressed(self, suppressed: Option<SuppressionReason>) -> Self {
        let Some(reason) = suppressed else { return self };
        let (state, reason) = (InvitationState::Suppressed, reason.as_str().to_owned());
        Self { state, reason, address: None, sent_at: None, ..self }
    }
}

/// What became of a claimed invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledInvitation {
    /// Which one.
    pub id: ResponseId,
    /// Until when it was ours: where somebody else has it meanwhile, nothing changes.
    pub claimed_until: Millis,
    /// What became of it; its address is forgotten unless it waits again or is still to be brought.
    pub state: InvitationState,
    /// Why.
    pub reason: String,
    /// Tries to send it, this one among them.
    pub tries: u32,
    /// When it is tried next.
    pub due_at: Millis,
    /// When it was sent.
    pub sent_at: Option<Millis>,
}

/// How many invitations there are of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationCount {
    /// Slug of the survey.
    pub survey: String,
    /// In which state.
    pub state: InvitationState,
    /// Was it sent, or given out?
    pub is_sent: bool,
    /// So many.
    pub n: u64,
}

/// Why somebody is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SuppressionReason {
    /// They said so, by the link in a mail.
    Unsubscribed,
    /// There is nobody at the address.
    Bounced,
    /// They called a mail spam.
    Complained,
    /// The merchant put them on the list.
    Added,
}

named!(SuppressionReason {
    Unsubscribed: "unsubscribed",
    Bounced: "bounced",
    Complained: "complained",
    Added: "added",
});

/// Somebody who is not asked by any way of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Keyed hash of the address; the address itself is not kept.
    pub person: Hash,
    /// Why.
    pub reason: SuppressionReason,
    /// Since when.
    pub at: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_over_and_nothing_is_sent_twice() {
        use InvitationState::{Answered, Cancelled, Expired, Failed, Sending, Sent, Suppressed, Waiting};
        for (to, from) in [
            (Waiting, vec![Waiting, Sending]),
            (Sending, vec![Waiting]),
            (Sent, vec![Sending]),
            (Answered, vec![Sending, Sent, Failed]),
            (Cancelled, vec![Waiting, Sent]),
            (Failed, vec![Waiting, Sending]),
            (Expired, vec![Waiting]),
            (Suppressed, vec![Waiting, Sending]),
        ] {
            let mut found = to.reached_from().to_vec();
            found.sort_unstable();
            assert_eq!(found, from, "{to:?}");
            assert_eq!(InvitationState::parse(to.as_str()), Some(to));
        }
        // Nothing leads from a state in which it may have been sent, or shall not be, to one in which it is sent.
        let mut reachable = vec![Sent, Answered, Cancelled, Failed, Expired, Suppressed];
        for _ in InvitationState::ALL {
            let more = InvitationState::ALL
                .into_iter()
                .filter(|to| to.reached_from().iter().any(|from| reachable.contains(from)));
            reachable.extend(more.collect::<Vec<_>>());
        }
        assert!(!reachable.contains(&Waiting) && !reachable.contains(&Sending));
    }

    #[test]
    fn a_link_is_open_until_it_is_over() {
        use InvitationState::{Answered, Expired, Failed, Sent, Waiting};
        let invitation = |state| Invitation {
            id: ResponseId::new(1, &[0; 10]),
            survey: "ces".into(),
            channel: InvitationChannel::Email,
            key: "a".into(),
            rule: None,
            order_ref: None,
            ticket: None,
            subject: None,
            person: None,
            address: Some("luca@example.com".into()),
            locale: None,
            state,
            reason: String::new(),
            tries: 0,
            due_at: 5,
            expires_at: 10,
            created_at: 1,
            sent_at: None,
            answered_at: None,
        };
        for (state, now, expected) in [
            (Waiting, 9, Waiting),
            (Waiting, 10, Expired),
            (Sent, 9, Sent),
            (Sent, 10, Expired),
            (Answered, 10, Answered),
            (Failed, 10, Failed),
        ] {
            assert_eq!(invitation(state).standing(now), expected);
        }
        assert!(!format!("{:?}", invitation(Sent)).contains("luca"));
        assert!([Sent, Failed, Answered].iter().all(|state| state.is_open()));
        assert!(!Expired.is_open() && !Waiting.is_open());
    }
}
