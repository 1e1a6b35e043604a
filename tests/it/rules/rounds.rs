//! Single rounds of one collector.

use jiff::tz::TimeZone;
use parere_collector::auth::SiteScope;
use parere_collector::rules::{Cause, Customer, Heard, KeptRule, OrderMoments, Round, RuleChannel, Why};
use parere_collector::store::{self, InvitationState, PlanCount, PlanState, Purpose, Store, Turn};
use parere_shared::gate::Recontact;
use parere_shared::time::{DAY_MS, Millis};
use serde_json::json;

use crate::answer::NOON;

fn heard(seq: i64, kind: &str, order: &str, at: Millis) -> Heard {
    let cause = Cause {
        kind: kind.into(),
        at,
        order: Some(order.into()),
        ticket: None,
        subject: None,
        properties: Vec::new(),
    };
    Heard { seq, id: format!("{kind}-{order}"), cause }
}

fn rule(id: &str, state: &str, when: &str) -> KeptRule {
    let rule = json!({"name": id, "survey": "ces", "when": when, "after_days": 1, "state": state});
    KeptRule {
        id: id.into(),
        rule: serde_json::from_value(rule).unwrap(),
        version: 1,
        on_since: (state == "on").then_some(NOON),
        changed_by: "Ada".into(),
        changed_at: NOON,
    }
}

/// Each order is another customer's.
async fn know(cause: Cause, _: RuleChannel) -> anyhow::Result<Customer> {
    let address = cause.order.map(|order| format!("{order}@shop.example"));
    let order = OrderMoments { language: "it".into(), ..OrderMoments::default() };
    Ok(Customer { order: Some(order), person: None, address, ..Customer::default() })
}

/// Hears, a moment later decides; with these rules.
async fn round(store: &dyn Store, rules: &[KeptRule], heard: &[Heard], now: Millis) {
    let scope = SiteScope::at_the_machine("pk_shop");
    let turn = Turn { holder: "one".into(), until: now + 60_000 };
    assert!(store.rules().take_rules_turn(&scope, &turn, now).await.unwrap().is_some());
    let surveys = [("ces".to_owned(), Recontact::default())].into();
    let round =
        Round { store, scope: &scope, zone: &TimeZone::UTC, rules, surveys: &surveys, turn: &turn, now };
    assert!(round.plan(heard, know).await.unwrap());
    assert!(round.decide_due(know).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_refunded_before_the_letter_left_is_called_off() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("parere.db").display());
    let store = store::open(&url, Purpose::Serve).await.unwrap();
    let scope = SiteScope::at_the_machine("pk_shop");
    let rules =
        [rule("a", "on", "delivered"), rule("b", "on", "return_finished"), rule("c", "off", "delivered")];
    let news = [
        heard(1, "delivered", "1001", NOON),
        heard(2, "return_finished", "1001", NOON),
        heard(3, "delivered", "1002", NOON),
        heard(4, "delivered", "1003", NOON - 1),
        heard(5, "out_for_delivery", "1004", NOON),
    ];
    round(&*store, &rules, &news, NOON).await;
    let made = |key: &'static str| {
        let (store, scope) = (&store, &scope);
        async move { store.invitations().invited_for(scope, key).await.unwrap() }
    };
    assert!(made("rule:a:1001").await.is_none(), "its moment has not come");
    round(&*store, &rules, &[], NOON + DAY_MS).await;
    for (key, expected) in [
        ("rule:a:1001", Some("1001@shop.example")),
        ("rule:b:1001", Some("1001@shop.example")),
        ("rule:a:1002", Some("1002@shop.example")),
        ("rule:a:1003", None),
        ("rule:c:1001", None),
    ] {
        let invitation = made(key).await;
        assert_eq!(invitation.as_ref().and_then(|one| one.address.as_deref()), expected, "{key}");
        if let Some(invitation) = invitation {
            assert_eq!(invitation.locale.as_deref(), Some("it"));
            assert_eq!((invitation.due_at, invitation.expires_at), (NOON + DAY_MS, NOON + 15 * DAY_MS));
        }
    }
    // The program that sends was away.
    round(&*store, &rules, &[heard(6, "refunded", "1001", NOON + DAY_MS)], NOON + DAY_MS + 1).await;
    let state = |key: &'static str| async move {
        let invitation = made(key).await.unwrap();
        (invitation.state, invitation.reason)
    };
    assert_eq!(state("rule:a:1001").await, (InvitationState::Cancelled, "refunded".into()));
    assert_eq!(
        state("rule:b:1001").await,
        (InvitationState::Waiting, String::new()),
        "of a return that is right"
    );
    assert_eq!(state("rule:a:1002").await, (InvitationState::Waiting, String::new()));
    store.close().await.unwrap();
}

#[tokio::test]
async fn what_waits_under_a_rule_that_is_switched_off_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("parere.db").display());
    let store = store::open(&url, Purpose::Serve).await.unwrap();
    let scope = SiteScope::at_the_machine("pk_shop");
    let news = [heard(1, "delivered", "1001", NOON), heard(2, "delivered", "1002", NOON)];
    round(&*store, &[rule("a", "on", "delivered"), rule("b", "on", "delivered")], &news, NOON).await;
    // One is off, one is removed, and one was made that knows nothing of what was read before.
    let rules = [rule("a", "off", "delivered"), rule("c", "on", "delivered")];
    round(&*store, &rules, &[], NOON + DAY_MS).await;
    let counts = store.rules().count_plans(&scope).await.unwrap();
    let dropped =
        |rule: &str| PlanCount { rule: rule.into(), state: PlanState::Dropped, why: Some(Why::Rule), n: 2 };
    assert_eq!(counts, [dropped("a"), dropped("b")]);
    store.close().await.unwrap();
}
