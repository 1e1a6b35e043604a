//! Rules and what they plan.

use parere_collector::rules::{Asked, Cause, KeptRule, Why};
use parere_collector::store::{
    Invitation, InvitationChannel, InvitationState, Person, Plan, PlanCount, PlanState, SettledPlan, Store,
    Turn,
};
use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use serde_json::json;

use super::{SITE, open_shop, scope};
use crate::answer::{NOON, fresh_id};

const OTHER: &str = "pk_other";

/// How long a turn lasts.
const TURN_MS: Millis = 60_000;

fn kept(id: &str, version: u32) -> KeptRule {
    let definition = json!({"name": format!("Version {version}"), "survey": "nps", "when": "delivered"});
    KeptRule {
        id: id.into(),
        rule: serde_json::from_value(definition).unwrap(),
        version,
        on_since: (version > 1).then_some(NOON),
        changed_by: "Ada".into(),
        changed_at: NOON,
    }
}

fn plan(order: &str, subject: u8, due_at: Millis) -> Plan {
    Plan {
        key: format!("rule:a:{order}"),
        rule: "a".into(),
        cause: Cause {
            kind: "delivered".into(),
            at: NOON,
            order: Some(order.into()),
            ticket: None,
            subject: Some([subject; 32]),
            properties: vec![("carrier".into(), "«DHL»".into())],
        },
        state: PlanState::Waiting,
        why: None,
        due_at,
        made_at: NOON,
    }
}

fn turn(holder: &str, now: Millis) -> Turn {
    Turn { holder: holder.into(), until: now + TURN_MS }
}

fn settled(plan: &Plan, state: PlanState, why: Option<Why>, due_at: Millis) -> SettledPlan {
    SettledPlan { key: plan.key.clone(), state, why, due_at, invitation: None }
}

/// Asks the person with the address 9 at `now`.
fn ask(plan: &Plan, now: Millis) -> SettledPlan {
    let invitation = Invitation {
        id: ResponseId::parse(&fresh_id()).unwrap(),
        survey: "nps".into(),
        channel: InvitationChannel::Email,
        key: plan.key.clone(),
        rule: Some(plan.rule.clone()),
        order_ref: plan.cause.order.clone(),
        ticket: None,
        subject: plan.cause.subject,
        person: Some([9; 32]),
        address: Some("luca@example.com".into()),
        locale: None,
        state: InvitationState::Waiting,
        reason: String::new(),
        tries: 0,
        due_at: now,
        expires_at: now + 1,
        created_at: now,
        sent_at: None,
        answered_at: None,
    };
    SettledPlan { invitation: Some(invitation), ..settled(plan, PlanState::Asked, None, now) }
}

pub(super) async fn rules_come_and_go(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, OTHER).await;
    let (rules, here, there) = (store.rules(), scope(SITE), scope(OTHER));
    assert!(rules.keep_rule(&here, &kept("a", 1)).await.unwrap());
    assert!(!rules.keep_rule(&here, &kept("a", 1)).await.unwrap(), "the id is taken");
    assert!(rules.keep_rule(&there, &kept("b", 1)).await.unwrap());
    assert!(!rules.keep_rule(&there, &kept("a", 2)).await.unwrap(), "another site's");
    assert!(!rules.keep_rule(&here, &kept("a", 3)).await.unwrap(), "not the next version");
    assert!(rules.keep_rule(&here, &kept("a", 2)).await.unwrap());
    assert!(!rules.keep_rule(&here, &kept("a", 2)).await.unwrap(), "somebody was faster");
    assert_eq!(rules.kept_rules(&here).await.unwrap(), [kept("a", 2)]);
    let all = [(OTHER.to_owned(), kept("b", 1)), (SITE.to_owned(), kept("a", 2))];
    assert_eq!(rules.all_rules().await.unwrap(), all);
    assert!(!rules.remove_rule(&there, "a").await.unwrap());
    let mine = turn("one", NOON);
    assert!(rules.take_rules_turn(&here, &mine, NOON).await.unwrap().is_some());
    let other = Plan { key: "rule:b:1001".into(), rule: "b".into(), ..plan("1001", 1, NOON) };
    assert!(rules.plan(&here, &mine, 1, &[plan("1001", 1, NOON), other.clone()]).await.unwrap());
    assert!(rules.remove_rule(&here, "a").await.unwrap());
    assert_eq!(rules.due_plans(&here, NOON, 9).await.unwrap(), [other], "what waited under it waits no more");
    assert!(!rules.remove_rule(&here, "a").await.unwrap());
    assert_eq!(rules.kept_rules(&here).await.unwrap(), []);
}

pub(super) async fn a_happening_is_planned_once_and_decided_once(store: &dyn Store) {
    open_shop(store, SITE).await;
    let (rules, here, mine) = (store.rules(), scope(SITE), turn("one", NOON));
    assert_eq!(rules.take_rules_turn(&here, &mine, NOON).await.unwrap(), Some(0));
    let (early, late) = (plan("1001", 1, NOON + 1), plan("1002", 2, NOON + 2));
    assert!(rules.plan(&here, &mine, 7, &[early.clone(), late.clone()]).await.unwrap());
    assert!(rules.plan(&here, &mine, 5, &[plan("1001", 3, NOON - 5)]).await.unwrap(), "read again");
    assert!(rules.plan(&here, &mine, 7, &[]).await.unwrap());
    assert_eq!(rules.take_rules_turn(&here, &mine, NOON).await.unwrap(), Some(7), "never back");
    assert_eq!(rules.due_plans(&here, NOON, 10).await.unwrap(), []);
    assert_eq!(rules.due_plans(&here, NOON + 2, 10).await.unwrap(), [early.clone(), late.clone()]);
    assert_eq!(rules.due_plans(&here, NOON + 2, 1).await.unwrap(), std::slice::from_ref(&early));
    let put_off = settled(&early, PlanState::Waiting, Some(Why::TicketOpen), NOON + 9);
    assert!(rules.settle_plans(&here, &mine, &[put_off]).await.unwrap());
    assert!(rules.settle_plans(&here, &mine, &[ask(&late, NOON + 2)]).await.unwrap());
    let twice = settled(&late, PlanState::Dropped, Some(Why::Refunded), NOON + 2);
    assert!(rules.settle_plans(&here, &mine, &[twice, ask(&late, NOON + 3)]).await.unwrap(), "it is decided");
    let asked = rules.asked_before(&here, Some(&[9; 32]), &Person::default(), 9).await.unwrap();
    assert_eq!(
        asked,
        [Asked { survey: "nps".into(), at: NOON + 2, answered_at: None }],
        "one, and the first"
    );
    let by_order = Person { subject: None, order_ref: Some("1002".into()) };
    assert_eq!(rules.asked_before(&here, None, &by_order, 9).await.unwrap(), asked);
    assert_eq!(rules.asked_before(&here, Some(&[8; 32]), &Person::default(), 9).await.unwrap(), []);
    let waits = Plan { why: Some(Why::TicketOpen), due_at: NOON + 9, ..early.clone() };
    assert_eq!(rules.due_plans(&here, NOON + 9, 10).await.unwrap(), [waits]);
    let dropped = settled(&early, PlanState::Dropped, Some(Why::Refunded), NOON + 9);
    assert!(rules.settle_plans(&here, &mine, &[dropped]).await.unwrap());
    let count = |state, why| PlanCount { rule: "a".into(), state, why, n: 1 };
    let expected = [count(PlanState::Asked, None), count(PlanState::Dropped, Some(Why::Refunded))];
    assert_eq!(rules.count_plans(&here).await.unwrap(), expected);
    // What was decided stays decided, whatever is read again.
    assert!(rules.plan(&here, &mine, 8, &[early, late]).await.unwrap());
    assert_eq!(rules.due_plans(&here, Millis::MAX, 10).await.unwrap(), []);
}

pub(super) async fn whose_turn_is_over_writes_nothing(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, OTHER).await;
    let (rules, here) = (store.rules(), scope(SITE));
    let (one, other) = (turn("one", NOON), turn("other", NOON));
    assert!(!rules.plan(&here, &one, 1, &[plan("1001", 1, NOON)]).await.unwrap(), "nobody's turn");
    assert_eq!(rules.take_rules_turn(&here, &one, NOON).await.unwrap(), Some(0));
    assert_eq!(rules.take_rules_turn(&here, &other, NOON + TURN_MS - 1).await.unwrap(), None);
    assert_eq!(rules.take_rules_turn(&scope(OTHER), &other, NOON).await.unwrap(), Some(0), "another site");
    assert!(rules.plan(&here, &one, 3, &[plan("1001", 1, NOON)]).await.unwrap());
    // Each write makes it longer.
    let longer = turn("one", NOON + TURN_MS);
    let again = settled(&plan("1001", 1, NOON), PlanState::Waiting, None, NOON);
    assert!(rules.settle_plans(&here, &longer, &[again]).await.unwrap());
    assert_eq!(rules.take_rules_turn(&here, &other, NOON + TURN_MS).await.unwrap(), None);
    let later = turn("other", NOON + 2 * TURN_MS);
    assert_eq!(rules.take_rules_turn(&here, &later, NOON + 2 * TURN_MS).await.unwrap(), Some(3));
    // The first one was only slow, and comes back.
    assert!(!rules.plan(&here, &longer, 9, &[plan("1002", 2, NOON)]).await.unwrap());
    assert!(!rules.settle_plans(&here, &longer, &[ask(&plan("1001", 1, NOON), NOON)]).await.unwrap());
    assert_eq!(rules.due_plans(&here, NOON, 10).await.unwrap(), [plan("1001", 1, NOON)]);
    assert_eq!(rules.asked_before(&here, Some(&[9; 32]), &Person::default(), 9).await.unwrap(), []);
    assert_eq!(rules.take_rules_turn(&here, &later, NOON).await.unwrap(), Some(3));
    assert_eq!(rules.happenings_read(&here).await.unwrap(), 3);
}

pub(super) async fn a_person_and_a_site_take_their_plans_with_them(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, OTHER).await;
    let (rules, here, there, mine) = (store.rules(), scope(SITE), scope(OTHER), turn("one", NOON));
    let later = Plan { made_at: NOON + 1, ..plan("1002", 1, NOON) };
    let plans = [plan("1001", 1, NOON), later.clone(), plan("1003", 2, NOON)];
    for site in [&here, &there] {
        assert!(rules.take_rules_turn(site, &mine, NOON).await.unwrap().is_some());
        assert!(rules.plan(site, &mine, 1, &plans).await.unwrap());
        assert!(rules.keep_rule(site, &kept("a", 1)).await.unwrap());
    }
    let by_subject = Person { subject: Some([1; 32]), order_ref: None };
    let by_order = Person { subject: None, order_ref: Some("1003".into()) };
    assert_eq!(rules.plans_of(&here, &by_subject, 9).await.unwrap(), [later.clone(), plan("1001", 1, NOON)]);
    assert_eq!(rules.plans_of(&here, &by_subject, 1).await.unwrap(), [later]);
    assert_eq!(rules.plans_of(&here, &by_order, 9).await.unwrap(), [plan("1003", 2, NOON)]);
    assert_eq!(rules.erase_plans(&here, &by_subject).await.unwrap(), 2);
    assert_eq!(rules.erase_plans(&here, &by_subject).await.unwrap(), 0);
    assert_eq!(rules.due_plans(&here, NOON, 9).await.unwrap(), [plan("1003", 2, NOON)]);
    assert_eq!(rules.forget_plans(&here, NOON).await.unwrap(), 0);
    assert_eq!(rules.forget_plans(&here, NOON + 1).await.unwrap(), 1);
    assert_eq!(rules.due_plans(&there, NOON, 9).await.unwrap().len(), 3, "another site's");

    assert!(store.remove_site(&there, NOON).await.unwrap());
    assert_eq!(rules.all_rules().await.unwrap(), [(SITE.to_owned(), kept("a", 1))]);
    while !store.clear_site(&there).await.unwrap() {}
    assert_eq!(rules.due_plans(&there, NOON, 9).await.unwrap(), []);
    assert_eq!(rules.take_rules_turn(&there, &mine, NOON).await.unwrap(), Some(0), "nothing is left");
}
