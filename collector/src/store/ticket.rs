//! What is stored of a ticket of a help desk: what happened to it and when, and never a word of it.

use std::collections::BTreeSet;

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What can happen to a ticket, in the order in which it is taken where two things happen at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketEvent {
    /// A customer asked.
    Created,
    /// The desk wrote first: nobody waited for a reply.
    Outbound,
    /// The customer wrote again.
    CustomerReplied,
    /// A person at the desk replied to the customer; notes, drafts and automatic replies are none.
    AgentReplied,
    /// It is open again, or no spam after all.
    Reopened,
    /// It was solved or closed.
    Solved,
    /// It went on in another ticket.
    Merged,
    /// It was spam.
    Spam,
    /// It was deleted.
    Deleted,
}

/// Most events of one kind that are kept of a ticket, the earliest: no clock looks at more.
const SAME_MAX: usize = 30;

/// A thing and since when it is so: of two, the later one holds.
pub type Since<T> = Option<(Millis, T)>;

/// One ticket. Joined from what is heard of it, in whatever order and however often: it comes to the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticket {
    /// Where it was heard of: `tickets`, `helpscout`, `zendesk`.
    #[serde(skip)]
    pub source: String,
    /// What the help desk calls it.
    #[serde(skip)]
    pub id: String,
    /// What happened, and when.
    pub happened: BTreeSet<(Millis, TicketEvent)>,
    /// HMAC of the merchant's reference for the customer.
    pub subject: Since<[u8; 32]>,
    /// How it came: `email`, `chat`, `phone` …
    pub channel: Since<String>,
    /// Words that the desk filed it under.
    pub tags: Since<Vec<String>>,
    /// The order that it is about.
    pub order_ref: Since<String>,
}

impl Ticket {
    /// A ticket of which this is all that is known.
    pub fn heard(source: &str, id: &str, event: TicketEvent, at: Millis) -> Self {
        Self { source: source.into(), id: id.into(), happened: [(at, event)].into(), ..Self::default() }
    }

    /// Takes in what else is known of the same ticket.
    pub fn join(&mut self, other: Self) {
        self.happened.extend(other.happened);
        let mut kept: Vec<(TicketEvent, usize)> = Vec::new();
        self.happened.retain(|(_, event)| {
            let place = kept.iter().position(|(known, _)| known == event).unwrap_or_else(|| {
                kept.push((*event, 0));
                kept.len() - 1
            });
            kept.get_mut(place).is_some_and(|(_, n)| {
                *n += 1;
                *n <= SAME_MAX
            })
        });
        self.subject = self.subject.take().max(other.subject);
        self.channel = self.channel.take().max(other.channel);
        self.tags = self.tags.take().max(other.tags);
        self.order_ref = self.order_ref.take().max(other.order_ref);
    }

    /// When it was created, or first heard of while that is not known; it belongs to the period of this moment.
    pub fn began_at(&self) -> Millis {
        let created = self.happened.iter().find(|(_, event)| *event == TicketEvent::Created);
        let happened = created.or(self.happened.first()).map(|(at, _)| *at);
        // Whose it is may be told before anything that happened to it.
        let told = self.subject.map(|(at, _)| at).or(self.order_ref.as_ref().map(|(at, _)| *at));
        happened.or(told).unwrap_or(0)
    }
}

/// An answer that could be one to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// Which answer.
    pub id: ResponseId,
    /// Wording and scale that were shown.
    pub instrument: String,
    /// The chosen point.
    pub score: i32,
    /// Chance of having been asked under which it is counted, in thousandths.
    pub per_mille: u16,
    /// When it was received.
    pub received_at: Millis,
    /// HMAC of the merchant's reference for the person.
    pub subject: Option<[u8; 32]>,
    /// The ticket that its attribute `ticket` names.
    pub ticket: Option<String>,
}

/// The attribute of an answer that names its ticket.
pub(super) fn ticket_of(attributes: &str) -> Option<String> {
    // Few answers have it, and reading all of them as JSON would be the larger part of the work.
    let named = attributes.contains("\"ticket\"").then(|| serde_json::from_str(attributes).ok());
    let mut attributes: serde_json::Map<String, serde_json::Value> = named.flatten()?;
    match attributes.remove("ticket") {
        Some(serde_json::Value::String(ticket)) => Some(ticket),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_and_number_of_hearings_make_no_difference() {
        use TicketEvent::{AgentReplied, Created, Reopened, Solved};
        let mut heard: Vec<Ticket> =
            [(1, Created), (5, AgentReplied), (7, Solved), (9, Reopened), (9, AgentReplied)]
                .into_iter()
                .map(|(at, event)| Ticket::heard("tickets", "7", event, at))
                .collect();
        heard.extend((100..200).map(|at| Ticket::heard("tickets", "7", AgentReplied, at)));
        for (n, channel) in ["chat", "email"].into_iter().enumerate() {
            heard[n].channel = Some((i64::try_from(n).unwrap(), channel.into()));
            heard[n].subject = Some((3, [u8::try_from(n).unwrap(); 32]));
        }
        let joined = |order: &[usize]| {
            let mut ticket = heard[order[0]].clone();
            order[1..].iter().for_each(|place| ticket.join(heard[*place].clone()));
            ticket
        };
        let forward: Vec<usize> = (0..heard.len()).collect();
        let whole = joined(&forward);
        let mut order = forward.clone();
        order.reverse();
        assert_eq!(joined(&order), whole);
        for step in [3, 7, 11, 26] {
            // Prime to 105, or made so by going round.
            let order: Vec<usize> =
                (0..2 * heard.len()).map(|n| n * step % heard.len()).chain(forward.clone()).collect();
            assert_eq!(joined(&order), whole, "{step}");
        }
        assert_eq!(whole.began_at(), 1);
        let nameless = Ticket { happened: BTreeSet::new(), ..whole.clone() };
        assert_eq!(nameless.began_at(), 3, "when its customer was told");
        assert_eq!(whole.channel, Some((1, "email".into())));
        assert_eq!(whole.subject, Some((3, [1; 32])));
        assert_eq!(whole.happened.len(), 3 + SAME_MAX);
        let text = serde_json::to_string(&whole).unwrap();
        let again: Ticket = serde_json::from_str(&text).unwrap();
        assert_eq!(Ticket { source: "tickets".into(), id: "7".into(), ..again }, whole);
    }

    #[test]
    fn an_answer_names_its_ticket() {
        for (attributes, expected) in [
            ("{}", None),
            (r#"{"plan":"ticket"}"#, None),
            (r#"{"ticket":"4711","plan":"gold"}"#, Some("4711")),
            (r#"{"ticket":7}"#, None),
        ] {
            assert_eq!(ticket_of(attributes).as_deref(), expected, "{attributes}");
        }
    }
}
