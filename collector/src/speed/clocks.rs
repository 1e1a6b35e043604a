//! What happened to a ticket, as clocks: how long until somebody replied, until it was solved, and did that hold.

use parere_shared::speed::{HOUR_MS, Wait};
use parere_shared::time::Millis;

use crate::store::{Ticket, TicketEvent};

/// How long a ticket has to stay solved to count as solved at first contact. The length is ours: whoever was not helped
/// writes again within three days.
pub const STAYS_SOLVED_MS: Millis = 72 * HOUR_MS;

/// The moments of one ticket that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// When the customer asked.
    pub created: Millis,
    /// When somebody first replied.
    pub first_reply: Option<Millis>,
    /// When it was first solved; what came later changes nothing about it.
    pub first_solved: Option<Millis>,
    /// When it was last solved, as long as it is.
    pub last_solved: Option<Millis>,
    /// How often it was opened again.
    pub reopenings: u32,
    /// The first time.
    first_reopened: Option<Millis>,
    /// Replies until the first solution had stood for [`STAYS_SOLVED_MS`]: 0, 1, or 2 for more.
    replies: u8,
}

impl Clocks {
    /// The clocks of a ticket, whatever the order in which its events arrived.
    ///
    /// None where it does not count: it was merged, spam or deleted, the desk wrote first, or nobody knows when it began.
    pub fn of(ticket: &Ticket) -> Option<Self> {
        let first = |wanted| ticket.happened.iter().find(|(_, event)| *event == wanted).map(|(at, _)| *at);
        let mut clocks = Self {
            created: first(TicketEvent::Created)?,
            first_reply: first(TicketEvent::AgentReplied),
            first_solved: None,
            last_solved: None,
            reopenings: 0,
            first_reopened: None,
            replies: 0,
        };
        let mut is_out = false;
        for &(at, event) in &ticket.happened {
            match event {
                TicketEvent::Created | TicketEvent::CustomerReplied | TicketEvent::AgentReplied => {}
                TicketEvent::Outbound | TicketEvent::Merged => return None,
                TicketEvent::Spam | TicketEvent::Deleted => is_out = true,
                TicketEvent::Reopened => {
                    is_out = false;
                    if clocks.last_solved.take().is_some() {
                        clocks.reopenings += 1;
                        clocks.first_reopened.get_or_insert(at);
                    }
                }
                // Said again, it is no second solution.
                TicketEvent::Solved => {
                    clocks.last_solved.get_or_insert(at);
                    clocks.first_solved.get_or_insert(at);
                }
            }
        }
        clocks.replies = clocks.replies_of(ticket);
        (!is_out).then_some(clocks)
    }

    fn replies_of(&self, ticket: &Ticket) -> u8 {
        let Some(until) = self.stands_at() else { return 0 };
        let replies =
            ticket.happened.iter().filter(|(at, event)| *event == TicketEvent::AgentReplied && *at <= until);
        replies.take(2).map(|_| 1).sum()
    }

    /// When the first solution has stood long enough.
    fn stands_at(&self) -> Option<Millis> {
        self.first_solved.map(|solved| solved + STAYS_SOLVED_MS)
    }

    /// Was it solved by one reply and stayed so? None as long as that cannot be known.
    pub fn is_solved_at_first_contact(&self, now: Millis) -> Option<bool> {
        let stands_at = self.stands_at().filter(|stands_at| *stands_at <= now)?;
        let came_back = self.first_reopened.is_some_and(|reopened| reopened <= stands_at);
        Some(self.replies == 1 && !came_back)
    }

    /// First response time: from the question to the first reply. None where it was solved without one.
    pub fn first_response(&self, now: Millis, length: impl Fn(Millis, Millis) -> Millis) -> Option<Wait> {
        if self.first_reply.is_none() && self.first_solved.is_some() {
            return None;
        }
        Some(wait(self.created, self.first_reply, now, length))
    }

    /// From the question to the first solution.
    pub fn first_resolution(&self, now: Millis, length: impl Fn(Millis, Millis) -> Millis) -> Wait {
        wait(self.created, self.first_solved, now, length)
    }

    /// Time to resolution: from the question to the solution that held.
    pub fn resolution(&self, now: Millis, length: impl Fn(Millis, Millis) -> Millis) -> Wait {
        wait(self.created, self.last_solved, now, length)
    }
}

fn wait(from: Millis, end: Option<Millis>, now: Millis, length: impl Fn(Millis, Millis) -> Millis) -> Wait {
    Wait { ms: length(from, end.unwrap_or(now)).max(0), is_over: end.is_some() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use TicketEvent::{
        AgentReplied, Created, CustomerReplied, Deleted, Merged, Outbound, Reopened, Solved, Spam,
    };

    fn ticket(happened: &[(i64, TicketEvent)]) -> Ticket {
        let happened = happened.iter().map(|&(hours, event)| (hours * HOUR_MS, event)).collect();
        Ticket { happened, ..Ticket::default() }
    }

    #[test]
    fn clocks_of_whole_lives() {
        // First reply, first and last solution in hours; reopenings; solved at first contact, 1,000 hours later.
        type Expected = (Option<i64>, Option<i64>, Option<i64>, u32, Option<bool>);
        type Life = (&'static str, &'static [(i64, TicketEvent)], Option<Expected>);
        let table: [Life; 14] = [
            ("new", &[(0, Created)], Some((None, None, None, 0, None))),
            (
                "solved by one reply",
                &[(0, Created), (2, AgentReplied), (2, Solved)],
                Some((Some(2), Some(2), Some(2), 0, Some(true))),
            ),
            (
                "by two",
                &[(0, Created), (2, AgentReplied), (3, CustomerReplied), (4, AgentReplied), (5, Solved)],
                Some((Some(2), Some(5), Some(5), 0, Some(false))),
            ),
            (
                "reopened within three days",
                &[(0, Created), (1, AgentReplied), (1, Solved), (73, Reopened), (80, Solved)],
                Some((Some(1), Some(1), Some(80), 1, Some(false))),
            ),
            (
                "reopened later, and open",
                &[(0, Created), (1, AgentReplied), (1, Solved), (74, Reopened)],
                Some((Some(1), Some(1), None, 1, Some(true))),
            ),
            (
                "closed again what is closed",
                &[(0, Created), (1, AgentReplied), (1, Solved), (90, Solved)],
                Some((Some(1), Some(1), Some(1), 0, Some(true))),
            ),
            (
                "solved without a word",
                &[(0, Created), (1, Solved)],
                Some((None, Some(1), Some(1), 0, Some(false))),
            ),
            ("opened, never closed", &[(0, Created), (1, Reopened)], Some((None, None, None, 0, None))),
            (
                "twice reopened",
                &[(0, Created), (1, Solved), (2, Reopened), (3, Solved), (4, Reopened), (5, Solved)],
                Some((None, Some(1), Some(5), 2, Some(false))),
            ),
            ("merged", &[(0, Created), (1, AgentReplied), (2, Merged), (3, Reopened)], None),
            ("spam", &[(0, Created), (1, Spam)], None),
            (
                "no spam after all",
                &[(0, Created), (1, Spam), (2, Reopened)],
                Some((None, None, None, 0, None)),
            ),
            ("deleted", &[(0, Created), (1, Solved), (2, Deleted)], None),
            ("the desk began", &[(0, Created), (0, Outbound), (1, Solved)], None),
        ];
        for (name, happened, expected) in table {
            let clocks = Clocks::of(&ticket(happened));
            let hours = |at: Option<Millis>| at.map(|at| at / HOUR_MS);
            let found = clocks.map(|clocks| {
                let [reply, first, last] =
                    [clocks.first_reply, clocks.first_solved, clocks.last_solved].map(hours);
                (reply, first, last, clocks.reopenings, clocks.is_solved_at_first_contact(1_000 * HOUR_MS))
            });
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(
            Clocks::of(&ticket(&[(1, AgentReplied), (2, Solved)])),
            None,
            "nobody knows when it began"
        );
    }

    #[test]
    fn what_is_open_has_lasted_until_now() {
        let clocks = Clocks::of(&ticket(&[(10, Created), (12, AgentReplied)])).unwrap();
        let now = 20 * HOUR_MS;
        let plain = |from, to| to - from;
        let over = |ms, is_over| Wait { ms, is_over };
        assert_eq!(clocks.first_response(now, plain), Some(over(2 * HOUR_MS, true)));
        assert_eq!(clocks.resolution(now, plain), over(10 * HOUR_MS, false));
        assert_eq!(clocks.first_resolution(now, |_, _| 7), over(7, false));
        // Solved without a reply: nobody waits for one.
        let silent = Clocks::of(&ticket(&[(10, Created), (12, Solved)])).unwrap();
        assert_eq!(silent.first_response(now, plain), None);
        // First contact is not decided before three days are over.
        let solved = Clocks::of(&ticket(&[(0, Created), (1, AgentReplied), (1, Solved)])).unwrap();
        assert_eq!(solved.is_solved_at_first_contact(73 * HOUR_MS - 1), None);
        assert_eq!(solved.is_solved_at_first_contact(73 * HOUR_MS), Some(true));
    }
}
