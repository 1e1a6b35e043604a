//! Three collectors, each of which looks and sends, and one of which is killed again and again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::tz::TimeZone;
use parere_collector::auth::SiteScope;
use parere_collector::rules::{Cause, Customer, KeptRule, Round, RuleChannel};
use parere_collector::store::{
    self, Invitation, InvitationState, Person, Purpose, SettledInvitation, Store, Turn,
};
use parere_shared::gate::Recontact;
use parere_shared::time::{DAY_MS, Millis};
use serde_json::json;

use super::check::{Letters, Sent, look_at};
use super::world::{BEGINNING, END, World};
use crate::postgres::Database;

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

/// A collector beside others.
struct Collector {
    name: &'static str,
    store: Arc<dyn Store>,
}

struct Shop {
    collectors: [Collector; 3],
    scope: SiteScope,
    world: World,
    rules: Vec<KeptRule>,
    surveys: BTreeMap<String, Recontact>,
    sent: Mutex<Vec<Sent>>,
}

impl Shop {
    /// What a collector does at a site when it looks.
    async fn look(&self, Collector { name, store }: &Collector, now: Millis) {
        let turn = Turn { holder: (*name).into(), until: now + TURN_MS };
        let taken = store.rules().take_rules_turn(&self.scope, &turn, now).await.unwrap();
        let Some(mut reached) = taken else { return };
        let round = Round {
            store: &**store,
            scope: &self.scope,
            zone: &TimeZone::UTC,
            rules: &self.rules,
            surveys: &self.surveys,
            turn: &turn,
            now,
        };
        let know = |cause: Cause, _: RuleChannel| self.know(store, cause, now);
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

    async fn know(&self, store: &Arc<dyn Store>, cause: Cause, now: Millis) -> anyhow::Result<Customer> {
        let mut customer = self.world.customer(&cause, now);
        let person = Person { subject: customer.subject, order_ref: None };
        let asked = store.rules().asked_before(&self.scope, customer.person.as_ref(), &person, 50).await?;
        customer.asked.extend(asked);
        Ok(customer)
    }

    /// What a sender does: ends what another one left, claims, says that it begins, sends, settles.
    async fn send(&self, Collector { store, .. }: &Collector, now: Millis) {
        let invitations = store.invitations();
        invitations.lapse(&self.scope, now).await.unwrap();
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
        let answering: Vec<_> = {
            let sent = self.sent.lock().unwrap();
            let sent_before = |moment: Millis| sent.partition_point(|sent| sent.at < moment);
            let yesterday = sent_before(now - STEP_MS - DAY_MS)..sent_before(now - DAY_MS);
            yesterday.filter(|place| place % ANSWERED == 0).map(|place| (place, sent[place].id)).collect()
        };
        for (place, id) in answering {
            if self.collectors[0].store.invitations().note_answered(&self.scope, id, now).await.unwrap() {
                self.sent.lock().unwrap()[place].answered_at = Some(now);
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
    // What several tasks of one collector are to SQLite, several collectors are to PostgreSQL.
    let store = store::open(&url, Purpose::Serve).await.unwrap();
    Box::pin(half_a_year(orders, [(); 3].map(|()| Arc::clone(&store)))).await;
}

#[tokio::test]
async fn half_a_year_of_orders_beside_postgresql() {
    let database = Database::create().await;
    let url = database.url();
    let open = || store::open(&url, Purpose::Serve);
    let stores = tokio::try_join!(open(), open(), open()).unwrap();
    Box::pin(half_a_year(ORDERS, stores.into())).await;
}

async fn half_a_year(orders: u32, stores: [Arc<dyn Store>; 3]) {
    let [one, two, three] = stores;
    let collector = |name, store| Collector { name, store };
    let shop = Shop {
        collectors: [collector("one", one), collector("two", two), collector("three", three)],
        scope: SiteScope::at_the_machine("pk_shop"),
        world: World::new(orders),
        rules: vec![rule("nps", "nps", "delivered", 3), rule("ces", "ces", "return_finished", 1)],
        surveys: ["nps", "ces"].map(|survey| (survey.to_owned(), Recontact::default())).into(),
        sent: Mutex::default(),
    };
    let [first, second, third] = &shop.collectors;
    let mut now = BEGINNING;
    let mut killed_sending = 0;
    for step in 0.. {
        // One of the three is killed in the middle, again and again, each time at another place.
        let (looks, sends) = (shop.look(first, now), shop.send(first, now));
        let (looks_until, sends_until) = (1 + step / 5 % 23, 1 + step / 7 % 61);
        let first_looks = kill_after(if step % 5 == 0 { looks_until } else { usize::MAX }, looks);
        tokio::join!(first_looks, shop.look(second, now), shop.look(third, now));
        let is_killed = step % 7 == 0;
        killed_sending += u64::from(is_killed);
        let first_sends = kill_after(if is_killed { sends_until } else { usize::MAX }, sends);
        tokio::join!(first_sends, shop.send(second, now), shop.send(third, now));
        shop.answer(now).await;
        now += STEP_MS;
        if now >= END + 60 * DAY_MS {
            break;
        }
    }
    // What the last one who was killed had claimed is another's by now.
    shop.look(second, now).await;
    shop.send(second, now).await;
    let store = &second.store;
    let waiting = store.invitations().due_invitations(&shop.scope, now, 10).await.unwrap();
    assert!(waiting.is_empty(), "every one that was due was sent");
    let plans = store.rules().count_plans(&shop.scope).await.unwrap();
    let invitations = store.invitations().count_invitations(&shop.scope, now).await.unwrap();
    look_at(&shop.world, &shop.sent.lock().unwrap(), &plans, &Letters { invitations, killed_sending });
    for collector in &shop.collectors {
        collector.store.close().await.unwrap();
    }
}
