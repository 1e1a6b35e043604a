//! Planning what has happened, and deciding what is due: one collector at a time at a site.
//!
//! A happening becomes a plan in the transaction that says it was read; a plan becomes an invitation in the transaction
//! that says it was decided. So whoever dies anywhere in between leaves either nothing or all of it.

use std::collections::{BTreeMap, HashSet};

use jiff::tz::TimeZone;
use parere_shared::gate::Recontact;
use parere_shared::memory::Memory;
use parere_shared::response::ResponseId;
use parere_shared::time::{DAY_MS, Millis};

use super::{
    Asked, Case, Cause, Decision, KeptRule, OrderMoments, RuleChannel, RuleState, TicketSpan, Unless, Why,
    decide, memory,
};
use crate::auth::SiteScope;
use crate::random;
use crate::store::{
    self, Hash, Invitation, InvitationChannel, InvitationState, Plan, PlanState, Seq, SettledPlan, Store,
    Turn, kind,
};

/// Most plans that are decided in one transaction.
pub const DECIDED_MAX: usize = 100;

/// A happening in the order of receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Its place in that order.
    pub seq: Seq,
    /// What its source calls it.
    pub id: String,
    /// What happened.
    pub cause: Cause,
}

/// What is known of a happening's customer.
#[derive(Debug, Clone, Default)]
pub struct Customer {
    /// Keyed hash of the shop's reference for them.
    pub subject: Option<Hash>,
    /// The order.
    pub order: Option<OrderMoments>,
    /// Their tickets.
    pub tickets: Vec<TicketSpan>,
    /// What they were asked, by whatever way.
    pub asked: Vec<Asked>,
    /// Where to reach them.
    pub address: Option<String>,
    /// Keyed hash of the address.
    pub person: Option<Hash>,
    /// They want no questions.
    pub is_suppressed: bool,
}

/// A site at a moment, in a collector's turn.
#[derive(Clone, Copy)]
pub struct Round<'a> {
    /// Where plans are kept.
    pub store: &'a dyn Store,
    /// The site.
    pub scope: &'a SiteScope,
    /// Its zone.
    pub zone: &'a TimeZone,
    /// Its rules.
    pub rules: &'a [KeptRule],
    /// Surveys that are live, and how often they may be asked.
    pub surveys: &'a BTreeMap<String, Recontact>,
    /// Whose turn it is.
    pub turn: &'a Turn,
    /// The moment.
    pub now: Millis,
}

/// What an invitation is for: of an order, or of a ticket, each rule asks once.
pub fn key(rule: &str, cause: &Cause, happening: &str) -> String {
    let is_of_support = cause.kind.starts_with("ticket_") || cause.kind == "chat_ended";
    let (first, second) =
        if is_of_support { (&cause.ticket, &cause.order) } else { (&cause.order, &cause.ticket) };
    format!("rule:{rule}:{}", first.as_ref().or(second.as_ref()).map_or(happening, |name| name))
}

impl Round<'_> {
    /// Plans what was heard, in its order; `false` if the turn is another's.
    pub async fn plan<F, Known>(&self, heard: &[Heard], know: F) -> anyhow::Result<bool>
    where
        F: Fn(Cause, RuleChannel) -> Known,
        Known: Future<Output = anyhow::Result<Customer>>,
    {
        let Some(last) = heard.last() else { return Ok(true) };
        let mut plans = Vec::new();
        for one in heard {
            let meant = |kept: &&KeptRule| kept.on_since.is_some_and(|since| since <= one.cause.at);
            // They are the same to every rule that asks by the same way.
            let mut customers: Vec<(RuleChannel, Customer)> = Vec::new();
            for kept in self.rules.iter().filter(meant).filter(|kept| kept.rule.when == one.cause.kind) {
                let channel = kept.rule.channel;
                if !customers.iter().any(|(by, _)| *by == channel) {
                    customers.push((channel, know(one.cause.clone(), channel).await?));
                }
                let Some((_, customer)) = customers.iter().find(|(by, _)| *by == channel) else { continue };
                let (due_at, why) = match self.decide(kept, &one.cause, customer) {
                    Decision::Ask(at) => (at, None),
                    Decision::Wait(at, why) => (at, Some(why)),
                    Decision::Never(_) => continue,
                };
                plans.push(Plan {
                    key: key(&kept.id, &one.cause, &one.id),
                    rule: kept.id.clone(),
                    cause: one.cause.clone(),
                    state: PlanState::Waiting,
                    why,
                    due_at,
                    made_at: self.now,
                });
            }
        }
        self.call_off(heard).await?;
        Ok(self.store.rules().plan(self.scope, self.turn, last.seq, &plans).await?)
    }

    /// Calls off what was decided and is not sent yet, where it would not be decided so any more.
    async fn call_off(&self, heard: &[Heard]) -> store::Result<()> {
        for one in heard {
            let (unless, why) = match &*one.cause.kind {
                kind::ORDER_CANCELLED => (Unless::Cancelled, Why::Cancelled),
                kind::REFUNDED => (Unless::Refunded, Why::Refunded),
                _ => continue,
            };
            for kept in self.rules.iter().filter(|kept| kept.rule.unless().contains(&unless)) {
                let about = Cause { kind: kept.rule.when.clone(), ..one.cause.clone() };
                let invitations = self.store.invitations();
                let made = invitations.invited_for(self.scope, &key(&kept.id, &about, &one.id)).await?;
                if let Some(made) = made.filter(|made| made.state == InvitationState::Waiting) {
                    invitations.cancel_invitation(self.scope, made.id, why.as_str()).await?;
                }
            }
        }
        Ok(())
    }

    /// Decides what is due, the earliest first; says of how many it was decided, `None` if the turn is another's.
    pub async fn decide_due<F, Known>(&self, know: F) -> anyhow::Result<Option<usize>>
    where
        F: Fn(Cause, RuleChannel) -> Known,
        Known: Future<Output = anyhow::Result<Customer>>,
    {
        let mut settled = Vec::new();
        // Who is asked now is known as asked from the next round on: what else is due for them is left to that.
        let mut met: HashSet<Hash> = HashSet::new();
        for plan in self.store.rules().due_plans(self.scope, self.now, DECIDED_MAX).await? {
            let kept = self.rules.iter().find(|kept| kept.id == plan.rule);
            let Some(kept) = kept.filter(|kept| kept.rule.state == RuleState::On) else {
                settled.push(done(&plan, PlanState::Dropped, Some(Why::Rule), plan.due_at));
                continue;
            };
            let customer = know(plan.cause.clone(), kept.rule.channel).await?;
            let known_by: Vec<Hash> = customer.person.into_iter().chain(customer.subject).collect();
            if known_by.iter().any(|hash| met.contains(hash)) {
                continue;
            }
            settled.push(match self.decide(kept, &plan.cause, &customer) {
                Decision::Ask(at) if at <= self.now => {
                    met.extend(known_by);
                    let invitation = Some(self.invitation(kept, &plan, customer)?);
                    SettledPlan { invitation, ..done(&plan, PlanState::Asked, None, self.now) }
                }
                Decision::Ask(at) => done(&plan, PlanState::Waiting, Some(Why::Quiet), at),
                Decision::Wait(at, why) => done(&plan, PlanState::Waiting, Some(why), at),
                Decision::Never(why) => done(&plan, PlanState::Dropped, Some(why), plan.due_at),
            });
        }
        let is_ours =
            settled.is_empty() || self.store.rules().settle_plans(self.scope, self.turn, &settled).await?;
        Ok(is_ours.then_some(settled.len()))
    }

    fn decide(&self, kept: &KeptRule, cause: &Cause, customer: &Customer) -> Decision {
        let memory = Memory { never: customer.is_suppressed, ..memory(&customer.asked) };
        let asked = Case {
            rule: &kept.rule,
            on_since: kept.on_since,
            cause,
            order: customer.order.as_ref(),
            tickets: &customer.tickets,
            memory: &memory,
            recontact: self.surveys.get(&kept.rule.survey).copied(),
            has_address: customer.address.is_some(),
            zone: self.zone,
        };
        decide(&asked, self.now)
    }

    fn invitation(&self, kept: &KeptRule, plan: &Plan, customer: Customer) -> anyhow::Result<Invitation> {
        let language = customer.order.map(|order| order.language);
        Ok(Invitation {
            id: ResponseId::new(u64::try_from(self.now).unwrap_or_default(), &random::bytes::<10>()?),
            survey: kept.rule.survey.clone(),
            channel: match kept.rule.channel {
                RuleChannel::Email => InvitationChannel::Email,
                RuleChannel::Sms => InvitationChannel::Sms,
                RuleChannel::Other => InvitationChannel::Other,
            },
            key: plan.key.clone(),
            rule: Some(kept.id.clone()),
            order_ref: plan.cause.order.clone(),
            ticket: plan.cause.ticket.clone(),
            subject: customer.subject,
            person: customer.person,
            address: customer.address,
            locale: language.filter(|language| !language.is_empty()),
            state: InvitationState::Waiting,
            reason: String::new(),
            tries: 0,
            due_at: self.now,
            expires_at: self.now + Millis::from(kept.rule.expires_days) * DAY_MS,
            created_at: self.now,
            sent_at: None,
            answered_at: None,
        })
    }
}

fn done(plan: &Plan, state: PlanState, why: Option<Why>, due_at: Millis) -> SettledPlan {
    SettledPlan { key: plan.key.clone(), state, why, due_at, invitation: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_asks_once_of_an_order_or_a_ticket() {
        let cause = |kind: &str, order: Option<&str>, ticket: Option<&str>| Cause {
            kind: kind.into(),
            at: 0,
            order: order.map(Into::into),
            ticket: ticket.map(Into::into),
            subject: None,
            properties: Vec::new(),
        };
        for (cause, expected) in [
            (cause("delivered", Some("1001"), None), "rule:a:1001"),
            (cause("delivered", Some("1001"), Some("7")), "rule:a:1001"),
            (cause("ticket_closed", Some("1001"), Some("7")), "rule:a:7"),
            (cause("chat_ended", None, None), "rule:a:e-1"),
            (cause("my_word", None, Some("7")), "rule:a:7"),
        ] {
            assert_eq!(key("a", &cause, "e-1"), expected);
        }
    }
}
