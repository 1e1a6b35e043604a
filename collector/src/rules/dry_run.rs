//! What a rule would have done with what has happened, told before it is switched on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use jiff::tz::TimeZone;
use parere_shared::gate::Recontact;
use parere_shared::time::Millis;

use super::{Asked, Case, Cause, Decision, OrderMoments, Rule, TicketSpan, Why, decide, memory};

/// A happening with all that is known of it today.
#[derive(Debug, Clone)]
pub struct Trial {
    /// What its invitation would be for; of several with one key, the first one counts.
    pub key: String,
    /// The happening.
    pub cause: Cause,
    /// Its order.
    pub order: Option<OrderMoments>,
    /// Tickets of the customer.
    pub tickets: Vec<TicketSpan>,
    /// Who the customer is: what budgets go by.
    pub person: Option<[u8; 32]>,
    /// What they were asked in truth, by whatever way.
    pub asked: Vec<Asked>,
    /// Is there an address to send the question to?
    pub has_address: bool,
}

/// What would have become of the happenings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Of so many.
    pub happenings: u64,
    /// Would have been asked.
    pub asked: u64,
    /// Would still wait.
    pub waiting: u64,
    /// Would not have been asked, by reason.
    pub not_asked: BTreeMap<Why, u64>,
}

/// Goes through `trials` as the scheduler would have, from the first happening to `now`.
pub fn dry_run(
    rule: &Rule,
    recontact: Option<Recontact>,
    zone: &TimeZone,
    trials: &[Trial],
    now: Millis,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut seen = HashSet::new();
    let mut asked: HashMap<[u8; 32], Vec<Asked>> = HashMap::new();
    let mut due: BinaryHeap<Reverse<(Millis, usize)>> = BinaryHeap::new();
    let mut first: Vec<usize> = (0..trials.len()).collect();
    first.sort_by_key(|&index| trials.get(index).map(|trial| trial.cause.at));
    for index in first {
        let Some(trial) = trials.get(index) else { continue };
        if seen.insert(&trial.key) {
            due.push(Reverse((trial.cause.at, index)));
        }
    }
    outcome.happenings = due.len() as u64;
    while let Some(Reverse((at, index))) = due.pop() {
        let Some(trial) = trials.get(index) else { continue };
        if at > now {
            outcome.waiting += 1;
            continue;
        }
        let earlier = trial.person.and_then(|person| asked.get(&person)).into_iter().flatten();
        let known: Vec<Asked> = trial.asked.iter().chain(earlier).filter_map(|one| one.as_of(at)).collect();
        let case = Case {
            rule,
            on_since: None,
            cause: &trial.cause,
            order: trial.order.as_ref(),
            tickets: &trial.tickets,
            memory: &memory(&known),
            recontact,
            has_address: trial.has_address,
            zone,
        };
        match decide(&case, at) {
            Decision::Ask(moment) if moment <= at => {
                outcome.asked += 1;
                if let Some(person) = trial.person {
                    let one = Asked { survey: rule.survey.clone(), at, answered_at: None };
                    asked.entry(person).or_default().push(one);
                }
            }
            Decision::Ask(again) | Decision::Wait(again, _) => due.push(Reverse((again, index))),
            Decision::Never(why) => *outcome.not_asked.entry(why).or_default() += 1,
        }
    }
    outcome
}

impl Asked {
    /// As it was known at `at`.
    fn as_of(&self, at: Millis) -> Option<Self> {
        let answered_at = self.answered_at.filter(|answered| *answered <= at);
        (self.at <= at).then(|| Self { answered_at, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use parere_shared::time::DAY_MS;
    use serde_json::json;

    use super::*;

    /// Saturday, 21 November 2026, 10:00 UTC.
    const NOW: Millis = 1_795_255_200_000;

    fn trial(order: &str, person: u8, days_ago: i64) -> Trial {
        Trial {
            key: order.into(),
            cause: Cause {
                kind: "delivered".into(),
                at: NOW - days_ago * DAY_MS,
                order: Some(order.into()),
                ticket: None,
                subject: None,
                properties: Vec::new(),
            },
            order: Some(OrderMoments::default()),
            tickets: Vec::new(),
            person: Some([person; 32]),
            asked: Vec::new(),
            has_address: true,
        }
    }

    #[test]
    fn it_says_what_would_have_happened() {
        let rule: Rule = serde_json::from_value(
            json!({"name": "a", "survey": "ces", "when": "delivered", "after_days": 3}),
        )
        .unwrap();
        let refunded = |days_ago: i64, trial: Trial| Trial {
            order: Some(OrderMoments {
                refunded_at: Some(NOW - days_ago * DAY_MS),
                ..OrderMoments::default()
            }),
            ..trial
        };
        let answered =
            Asked { survey: "ces".into(), at: NOW - 30 * DAY_MS, answered_at: Some(NOW - 9 * DAY_MS) };
        let open = TicketSpan { ticket: "t".into(), opened_at: NOW - 9 * DAY_MS, closed_at: None };
        let trials = [
            trial("1", 1, 20),
            // Two days later: the week is over before its own time is, so both are asked.
            trial("2", 1, 18),
            trial("1", 1, 19),
            // Money back before and after its moment.
            refunded(8, trial("3", 2, 10)),
            refunded(6, trial("4", 3, 10)),
            // An answer that came on the day it would have been asked, and one of which it could not know.
            Trial { asked: vec![answered.clone()], ..trial("5", 4, 12) },
            Trial { asked: vec![answered], ..trial("6", 5, 20) },
            Trial { tickets: vec![open], ..trial("7", 6, 10) },
            Trial { has_address: false, ..trial("8", 7, 10) },
            trial("9", 8, 2),
        ];
        let outcome = dry_run(&rule, Some(Recontact::default()), &TimeZone::UTC, &trials, NOW);
        let not_asked = [(Why::Answered, 1), (Why::Refunded, 1), (Why::NoAddress, 1)];
        assert_eq!(
            outcome,
            Outcome { happenings: 9, asked: 4, waiting: 2, not_asked: not_asked.into() },
            "the open ticket and the fresh one wait"
        );
        let draft = dry_run(&rule, None, &TimeZone::UTC, &trials, NOW);
        assert_eq!(draft.not_asked.get(&Why::Survey), Some(&6));
    }
}
