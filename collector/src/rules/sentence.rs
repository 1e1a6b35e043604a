//! Rules and reasons in words, for people.

use std::fmt;

use super::{Rule, RuleChannel, Unless, Why};

/// Kinds of happenings that shops and help desks tell of, with what happens then.
pub const KINDS: [(&str, &str); 17] = [
    ("order_placed", "an order is placed"),
    ("order_paid", "an order is paid"),
    ("fulfilled", "an order is sent off"),
    ("in_transit", "a parcel is on its way"),
    ("out_for_delivery", "a parcel is out for delivery"),
    ("delayed", "a delivery is late"),
    ("delivered", "an order is delivered"),
    ("delivery_failed", "a delivery fails"),
    ("order_cancelled", "an order is cancelled"),
    ("refunded", "an order is refunded"),
    ("return_opened", "a return is opened"),
    ("return_finished", "a return is finished"),
    ("return_cancelled", "a return is called off"),
    ("ticket_opened", "a ticket is opened"),
    ("ticket_closed", "a ticket is closed"),
    ("ticket_reopened", "a ticket is reopened"),
    ("chat_ended", "a chat ends"),
];

/// `3 days after an order is delivered, ask ces by e-mail.`
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |n: u16, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
        let wait = match (self.after_days, self.after_hours) {
            (0, 0) => "As soon as".into(),
            (0, hours) => format!("{} after", count(hours, "hour")),
            (days, 0) => format!("{} after", count(days, "day")),
            (days, hours) => format!("{} and {} after", count(days, "day"), count(hours, "hour")),
        };
        write!(f, "{wait} ")?;
        match KINDS.iter().find(|(kind, _)| *kind == self.when) {
            Some((_, happens)) => f.write_str(happens)?,
            None => write!(f, "“{}” happens", self.when)?,
        }
        write!(f, ", ask {} {}.", self.survey, self.channel.in_words())
    }
}

impl RuleChannel {
    /// How it is sent, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Email => "by e-mail",
            Self::Sms => "by SMS",
            Self::Other => "by another program",
        }
    }
}

impl Unless {
    /// What keeps the rule from asking, and what then; in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Cancelled => "Not if the order was cancelled",
            Self::Refunded => "Not if the order was refunded",
            Self::TicketOpen => "Wait while a ticket of the customer is open",
            Self::ReturnOpen => "Wait while a return is open",
        }
    }
}

impl Why {
    /// In words, as a reason not to ask.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Quiet => "It is night for the customer",
            Self::TicketOpen => "A ticket was open",
            Self::ReturnOpen => "A return was open",
            Self::Answered => "Answered this survey not long ago",
            Self::Dismissed => "Sent this question away not long ago",
            Self::Other => "Asked something not long ago",
            Self::Cancelled => "The order was cancelled",
            Self::Refunded => "The order was refunded",
            Self::Condition => "A condition did not hold",
            Self::Before => "Happened before the rule was switched on",
            Self::Late => "Too long ago",
            Self::NoAddress => "No address is known",
            Self::Never => "Wants no questions",
            Self::Survey => "The survey is not live",
            Self::Rule => "The rule was switched off or changed",
        }
    }

    /// Every one, with its name as it is kept.
    pub const NAMED: [(Self, &'static str); 15] = [
        (Self::Quiet, "quiet"),
        (Self::TicketOpen, "ticket_open"),
        (Self::ReturnOpen, "return_open"),
        (Self::Answered, "answered"),
        (Self::Dismissed, "dismissed"),
        (Self::Other, "other"),
        (Self::Cancelled, "cancelled"),
        (Self::Refunded, "refunded"),
        (Self::Condition, "condition"),
        (Self::Before, "before"),
        (Self::Late, "late"),
        (Self::NoAddress, "no_address"),
        (Self::Never, "never"),
        (Self::Survey, "survey"),
        (Self::Rule, "rule"),
    ];

    /// Its name, as it is kept and sent.
    pub fn as_str(self) -> &'static str {
        Self::NAMED.iter().find(|(why, _)| *why == self).map_or("", |(_, name)| name)
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(why, _)| *why)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_reads_as_a_sentence() {
        for (when, after_days, after_hours, channel, expected) in [
            ("delivered", 3, 0, "email", "3 days after an order is delivered, ask ces by e-mail."),
            ("return_finished", 0, 1, "sms", "1 hour after a return is finished, ask ces by SMS."),
            ("chat_ended", 0, 0, "email", "As soon as a chat ends, ask ces by e-mail."),
            (
                "picked_up",
                1,
                2,
                "other",
                "1 day and 2 hours after “picked_up” happens, ask ces by another program.",
            ),
        ] {
            let rule: Rule = serde_json::from_value(json!({
                "name": "a", "survey": "ces", "when": when, "after_days": after_days, "after_hours": after_hours,
                "channel": channel,
            }))
            .unwrap();
            assert_eq!(rule.to_string(), expected);
        }
    }

    #[test]
    fn reasons_are_kept_under_the_names_they_are_sent_under() {
        for (why, name) in Why::NAMED {
            assert_eq!(serde_json::to_value(why).unwrap(), json!(name));
            assert_eq!((Why::parse(name), why.as_str()), (Some(why), name));
        }
    }
}
