//! Three collectors, one of which is killed again and again, and three senders.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::tz::TimeZone;
use parere_collector::auth::SiteScope;
use parere_collector::rules::{Cause, Customer, KeptRule, Round, RuleChannel};
use parere_collector::store::{
    self, Invitation, InvitationState, Person, Purpose, SettledInvitation, Store, Turn,
};
use parere_shared::gate::Recontact;
use parere_shared::time::{DAY_MS, Millis};
use serde_json::json;

use super::check::{Sent, look_at};
use super::world::{BEGINNING, END, World};

/// Orders of half a year; `PARERE_SIMULATED_ORDERS=100000` is the whole of it.
const ORDERS: u32 = 1_000;

/// How often it is looked, in milliseconds of the simulation.
const STEP_MS: Millis = 3 * 3_600_000;

/// How long a turn lasts.
const TURN_MS: Millis = 60_000;

/// One in so many questions is answered, a day after it was sent.
const ANSWERED: usize = 4;

fn rule(id: &str, survey: &str, when: &str, after_days: u16) -> KeptRule {
    let rule = json!({"name": id, "survey": survey, "when": when, "after_days": after_days, "state": "on"});
    KeptRule {
        id: id.into(),
        rule: serde_json::from_value(rule).unwrap(),
        version: 1,
        on_since: Some(BEGINNING),
        changed_by: "Ada".into(),
        changed_at: BEGINNING,
    }
}

struct Shop {
    store: std::sync::Arc<dyn Store>,
    scope: SiteScope,
    world: World,
    rules: Vec<KeptRule>,
    surveys: BTreeMap<String, Recontact>,
    sent: Mutex<Vec<Sent>>,
}

impl Shop {
    /// What a collector does at a site when it looks.
    async fn look(&self, name: &str, now: Millis) {
        let turn = Turn { holder: name.into(), until: now + TURN_MS };
        let taken = self.store.rules().take_rules_turn(&self.scope, &turn, now).await.unwrap();
        let Some(mut reached) = taken else { return };
        let round = Round {
            store: &*self.store,
            scope: &self.scope,
            zone: &TimeZone::UTC,
            rules: &self.rules,
            surveys: &self.surveys,
            turn: &turn,
            now,
        };
        let know = |cause: Cause, _: RuleChannel| self.know(cause, now);
        loop {
            let heard = self.world.after(reached, now, 500);
            let Some(last) = heard.last() else { break };
            if !round.plan(&heard, know).await.unwrap() {
                return;
            }
            reached = last.seq;
        }
        while round.decide_due(know).await.unwrap().is_some_and(|n| n > 0) {}
    }

    async fn know(&self, cause: Cause, now: Millis) -> anyhow::Result<Customer> {
        let mut customer = self.world.customer(&cause, now);
        let person = Person { subject: cause.subject, order_ref: None };
        let asked =
            self.store.rules().asked_before(&self.scope, customer.person.as_ref(), &person, 50).await?;
        customer.asked.extend(asked);
        Ok(customer)
    }

    /// What a sender does: claims, says that it begins, sends, settles.
    async fn send(&self, now: Millis) {
        let invitations = self.store.invitations();
        let due = invitations.due_invitations(&self.scope, now, 100).await.unwrap();
        let ids: Vec<_> = due.iter().map(|invitation| invitation.id).collect();
        let until = now + TURN_MS;
        let claimed = invitations.claim_invitations(&self.scope, &ids, now, until).await.unwrap();
        for invitation in due.into_iter().filter(|invitation| claimed.contains(&invitation.id)) {
            if !invitations.begin_sending(&self.scope, invitation.id, until).await.unwrap() {
                continue;
            }
            self.sent.lock().unwrap().push(sent(&invitation, now));
            let settled = SettledInvitation {
                id: invitation.id,
                claimed_until: until,
                state: InvitationState::Sent,
                reason: String::new(),
                tries: 1,
                due_at: now,
                sent_at: Some(now),
            };
            invitations.settle_invitation(&self.scope, &settled).await.unwrap();
        }
    }

    /// Some of those who were asked yesterday answer.
    async fn answer(&self, now: Millis) {
        let is_now = |sent: &Sent| (now - STEP_MS..now).contains(&(sent.at + DAY_MS));
        let sent = self.sent.lock().unwrap().clone();
        let answers = sent.iter().step_by(ANSWERED).filter(|sent| is_now(sent)).map(|sent| sent.id);
        for id in answers {
            if self.store.invitations().note_answered(&self.scope, id, now).await.unwrap() {
                let mut sent = self.sent.lock().unwrap();
                sent.iter_mut().find(|sent| sent.id == id).unwrap().answered_at = Some(now);
            }
        }
    }
}

fn sent(invitation: &Invitation, now: Millis) -> Sent {
    Sent {
        id: invitation.id,
        key: invitation.key.clone(),
        survey: invitation.survey.clone(),
        rule: invitation.rule.clone().unwrap(),
        order: invitation.order_ref.clone().unwrap().parse().unwrap(),
        decided_at: invitation.created_at,
        at: now,
        answered_at: None,
    }
}

/// Lets `work` go as far as its `steps`-th pause, and kills it there.
async fn kill_after(steps: usize, work: impl Future<Output = ()>) {
    let mut work = std::pin::pin!(work);
    let mut left = steps;
    std::future::poll_fn(|context| {
        let polled = work.as_mut().poll(context);
        left = left.saturating_sub(1);
        if left == 0 { std::task::Poll::Ready(()) } else { polled }
    })
    .await;
}

#[tokio::test]
async fn half_a_year_of_orders_asks_everybody_once_and_nobody_too_often() {
    #[expect(clippy::disallowed_methods, reason = "how long tests run is no option of the program")]
    let orders = std::env::var("PARERE_SIMULATED_ORDERS").map_or(ORDERS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("parere.db").display());
    let shop = Shop {
        store: store::open(&url, Purpose::Serve).await.unwrap(),
        scope: SiteScope::at_the_machine("pk_shop"),
        world: World::new(orders),
        rules: vec![rule("nps", "nps", "delivered", 3), rule("ces", "ces", "return_finished", 1)],
        surveys: ["nps", "ces"].map(|survey| (survey.to_owned(), Recontact::default())).into(),
        sent: Mutex::default(),
    };
    let mut now = BEGINNING;
    let mut steps = 0;
    while now < END + 60 * DAY_MS {
        // One of the three is killed in the middle, in every fifth step, each time at another place.
        let is_killed = steps % 5 == 0;
        let first = async {
            if is_killed {
                kill_after(1 + steps / 5 % 23, shop.look("one", now)).await;
            } else {
                shop.look("one", now).await;
            }
        };
        tokio::join!(first, shop.look("two", now), shop.look("three", now));
        tokio::join!(shop.send(now), shop.send(now), shop.send(now));
        shop.answer(now).await;
        now += STEP_MS;
        steps += 1;
    }
    shop.look("four", now).await;
    shop.send(now).await;
    let plans = shop.store.rules().count_plans(&shop.scope).await.unwrap();
    let waiting = shop.store.invitations().due_invitations(&shop.scope, now, 10).await.unwrap();
    assert!(waiting.is_empty(), "every one that was due was sent");
    look_at(&shop.world, &shop.sent.lock().unwrap(), &plans);
    shop.store.close().await.unwrap();
}
