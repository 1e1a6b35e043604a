//! Hooks and their queue: what is due follows from what is stored, and is sent by one at a time.

use parere_collector::store::{
    About, Attempt, Crm, Delivery, DeliveryState, Occasion, Record, Row, Settled, Store, TicketPlace,
    Webhook, WebhookKind, WebhookState, digest, hand_off,
};
use parere_shared::problem::Verdict;

use super::{SITE, bare, open_shop, record, revised, scope};
use crate::answer::NOON;

fn hook(id: &str, occasions: &[Occasion]) -> Webhook {
    Webhook {
        id: id.into(),
        name: format!("Hook {id}"),
        kind: WebhookKind::Standard,
        url: "https://receiver.example/".into(),
        occasions: occasions.into(),
        digest_hour: 8,
        digest_day: 20_000,
        secret: [9; 32],
        crm: None,
        rests_until: 0,
        state: WebhookState::On,
        made_by: "anna@x".into(),
        created_at: NOON,
    }
}

fn crm() -> Crm {
    Crm {
        token: "pat-1".into(),
        contact: "email".into(),
        fields: [("nps_score".to_owned(), "our_nps".to_owned())].into(),
        ticket: Some(TicketPlace { pipeline: "0".into(), stage: "1".into() }),
        event: None,
    }
}

async fn add(store: &dyn Store, site: &str, hook: &Webhook) {
    store.deliveries().add_webhook(&scope(site), hook).await.unwrap();
}

async fn due(store: &dyn Store, hook: &str, now: i64) -> Vec<Delivery> {
    store.deliveries().due(&scope(SITE), hook, now, 100).await.unwrap()
}

/// Occasion and revision of what is in the queue of a hook, sorted.
async fn told(store: &dyn Store, hook: &str) -> Vec<(Occasion, u32)> {
    let log = store.deliveries().log(&scope(SITE), hook, None, 100).await.unwrap();
    let mut told: Vec<_> = log
        .iter()
        .map(|delivery| match delivery.about {
            About::Response(_, revision) => (delivery.occasion, revision),
            _ => (delivery.occasion, 0),
        })
        .collect();
    told.sort_unstable();
    told
}

fn in_band(record: Record, band: &str) -> Record {
    Record { row: Row { band: band.into(), ..record.row }, ..record }
}

fn commented(record: Record, comment: &str) -> Record {
    Record { row: Row { comment: Some(comment.into()), ..record.row }, ..record }
}

pub(super) async fn hooks_come_and_go(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let queue = store.deliveries();
    let (one, other) = (hook("a", &Occasion::WISHED), hook("b", &[Occasion::Digest]));
    add(store, SITE, &one).await;
    add(store, "pk_other", &other).await;
    assert_eq!(queue.webhooks(&scope(SITE)).await.unwrap(), std::slice::from_ref(&one));
    let all = queue.all_webhooks().await.unwrap();
    assert_eq!(all, [("pk_other".to_owned(), other), (SITE.to_owned(), one.clone())]);
    let changed = Webhook {
        name: "Another".into(),
        kind: WebhookKind::Slack,
        url: "https://elsewhere.example/".into(),
        occasions: vec![Occasion::Detractor],
        digest_hour: 23,
        secret: [1; 32],
        state: WebhookState::Off,
        crm: Some(crm()),
        rests_until: NOON + 9,
        ..one.clone()
    };
    assert!(queue.change_webhook(&scope(SITE), &changed).await.unwrap());
    assert_eq!(queue.webhooks(&scope(SITE)).await.unwrap(), std::slice::from_ref(&changed));
    assert!(!queue.change_webhook(&scope("pk_other"), &changed).await.unwrap(), "another site's");
    assert!(!queue.remove_webhook(&scope("pk_other"), "a").await.unwrap());
    assert!(queue.remove_webhook(&scope(SITE), "a").await.unwrap());
    assert!(!queue.remove_webhook(&scope(SITE), "a").await.unwrap());
    assert!(!queue.change_webhook(&scope(SITE), &one).await.unwrap());
    assert!(queue.webhooks(&scope(SITE)).await.unwrap().is_empty());
    let left = queue.all_webhooks().await.unwrap();
    assert!(left.iter().any(|(_, hook)| hook.state == WebhookState::Removed && hook.url.is_empty()));
    assert!(left.iter().all(|(_, hook)| hook.crm.is_none()), "the token goes with it");
    // Nothing of it is left to forget: with that it is gone itself.
    assert_eq!(queue.forget_deliveries(&scope(SITE), "a", i64::MAX).await.unwrap(), 0);
    assert_eq!(queue.all_webhooks().await.unwrap().len(), 1);
}

pub(super) async fn what_a_hook_wants_is_in_the_queue_with_the_answer(store: &dyn Store) {
    use Occasion::{Created, Detractor, Updated};
    open_shop(store, SITE).await;
    // Before there is a hook, nothing is written down.
    store.append([bare(SITE, 9)].into()).await.unwrap();
    add(store, SITE, &hook("all", &[Created, Updated, Detractor])).await;
    add(store, SITE, &hook("new", &[Created])).await;
    add(store, SITE, &hook("low", &[Detractor])).await;
    add(store, SITE, &Webhook { state: WebhookState::Off, ..hook("off", &Occasion::WISHED) }).await;
    add(store, SITE, &hook("day", &[Occasion::Digest])).await;

    let good = in_band(bare(SITE, 9), "promoter");
    let bad = in_band(revised(&good, 3, 2), "detractor");
    let worse = in_band(revised(&good, 4, 1), "detractor");
    let said = commented(in_band(revised(&good, 5, 1), "detractor"), "Brutte");
    let again = commented(in_band(revised(&good, 6, 1), "detractor"), "Brutte, brutte");
    // A batch that has it twice, and one that repeats what is known.
    let batch = vec![good.clone(), bad.clone(), bad.clone(), good.clone()];
    let verdicts = store.append(batch.into()).await.unwrap();
    assert_eq!(verdicts, [Verdict::Stored, Verdict::Stored, Verdict::Duplicate, Verdict::Superseded]);
    for record in [worse, said, again] {
        assert_eq!(store.append([record.clone()].into()).await.unwrap(), [Verdict::Stored]);
        assert_eq!(store.append([record].into()).await.unwrap(), [Verdict::Duplicate]);
    }
    let expected = [
        (Created, 1),
        (Updated, 3),
        (Updated, 4),
        (Updated, 5),
        (Updated, 6),
        (Detractor, 3),
        (Detractor, 5),
    ];
    assert_eq!(told(store, "all").await, expected);
    assert_eq!(told(store, "new").await, [(Created, 1)]);
    assert_eq!(told(store, "low").await, [(Detractor, 3), (Detractor, 5)]);
    assert_eq!((told(store, "off").await, told(store, "day").await), (vec![], vec![]));

    // What does not count alarms nobody.
    let test = in_band(bare(SITE, 0), "detractor");
    let test = Record { row: Row { test: true, ..test.row }, ..test };
    store.append([test, in_band(record(SITE, 1), "negative")].into()).await.unwrap();
    assert_eq!(told(store, "low").await.len(), 3, "the one that counts, whatever is measured");
    let all = due(store, "new", NOON).await;
    assert!(all.iter().all(|delivery| delivery.tries == 0 && delivery.state == DeliveryState::Waiting));
    assert_eq!(all.len(), 3);
    let ids: std::collections::BTreeSet<_> = all.iter().map(|delivery| &delivery.id).collect();
    assert_eq!(ids.len(), 3);
    // A batch that is refused leaves nothing in the queue either.
    let mut broken = record(SITE, 9);
    broken.row.comment = Some("x".repeat(4_001));
    store.append([bare(SITE, 9), broken].into()).await.unwrap_err();
    assert_eq!(due(store, "new", NOON).await.len(), 3);
}

pub(super) async fn a_claim_holds_until_its_end(store: &dyn Store) {
    open_shop(store, SITE).await;
    add(store, SITE, &hook("a", &[Occasion::Created])).await;
    store.append([bare(SITE, 9), bare(SITE, 9), bare(SITE, 9)].into()).await.unwrap();
    let queue = store.deliveries();
    let site = scope(SITE);
    assert!(due(store, "a", NOON - 1).await.is_empty());
    let ids: Vec<_> = due(store, "a", NOON).await.into_iter().map(|delivery| delivery.id).collect();
    assert_eq!(queue.due(&site, "a", NOON, 2).await.unwrap().len(), 2);
    let (first, rest) = ids.split_first().unwrap();
    assert_eq!(
        queue.claim(&site, std::slice::from_ref(first), NOON, NOON + 60).await.unwrap(),
        std::slice::from_ref(first)
    );
    let mut claimed = queue.claim(&site, &ids, NOON, NOON + 50).await.unwrap();
    claimed.sort();
    let mut others = rest.to_vec();
    others.sort();
    assert_eq!(claimed, others, "the first one is somebody's");
    assert_eq!(due(store, "a", NOON + 49).await.len(), 0);
    assert!(queue.claim(&scope("pk_other"), &ids, NOON + 99, NOON + 100).await.unwrap().is_empty());

    let settled = |delivery: &str, claimed_until, state| Settled {
        delivery: delivery.into(),
        hook: "a".into(),
        claimed_until,
        state,
        tries: 1,
        due_at: NOON + 500,
        attempts: vec![Attempt { at: NOON, status: Some(500), latency_ms: 7, said: "«no»".into() }],
        is_gone: false,
        rests_until: None,
    };
    // Whoever comes too late changes nothing: it is another's by now.
    assert_eq!(due(store, "a", NOON + 60).await.len(), 3);
    queue.claim(&site, std::slice::from_ref(first), NOON + 60, NOON + 120).await.unwrap();
    assert!(!queue.settle(&site, &settled(first, NOON + 60, DeliveryState::Failed)).await.unwrap());
    assert!(queue.settle(&site, &settled(first, NOON + 120, DeliveryState::Waiting)).await.unwrap());
    let resting =
        Settled { rests_until: Some(NOON + 7), ..settled(&rest[0], NOON + 50, DeliveryState::Delivered) };
    assert!(queue.settle(&site, &resting).await.unwrap());
    let last = Settled { is_gone: true, ..settled(&rest[1], NOON + 50, DeliveryState::Failed) };
    assert!(queue.settle(&site, &last).await.unwrap());
    assert_eq!(queue.webhooks(&site).await.unwrap()[0].state, WebhookState::Gone);
    assert_eq!(queue.webhooks(&site).await.unwrap()[0].rests_until, NOON + 7, "said with the first");
    let waiting = queue.log(&site, "a", Some(DeliveryState::Waiting), 9).await.unwrap();
    assert_eq!(
        (waiting.len(), &waiting[0].id, waiting[0].tries, waiting[0].due_at),
        (1, first, 1, NOON + 500)
    );
    assert_eq!(waiting[0].attempts, settled(first, 0, DeliveryState::Waiting).attempts);
    assert!(due(store, "a", NOON + 499).await.is_empty());

    for (delivery, due_at) in [(first, NOON + 500), (&rest[0], NOON + 200), (&rest[1], NOON + 200)] {
        assert!(queue.replay(&site, "a", delivery, NOON + 200).await.unwrap());
        let log = queue.log(&site, "a", Some(DeliveryState::Waiting), 9).await.unwrap();
        let found = log.iter().find(|found| found.id == *delivery).unwrap();
        assert_eq!(
            (found.due_at, found.tries, found.attempts.len()),
            (due_at, 0, 1),
            "what waits keeps its moment"
        );
    }
    assert!(!queue.replay(&site, "b", first, NOON).await.unwrap());
    assert!(!queue.replay(&scope("pk_other"), "a", first, NOON).await.unwrap());
    assert_eq!(queue.forget_deliveries(&site, "a", NOON).await.unwrap(), 0);
    assert_eq!(queue.forget_deliveries(&site, "a", NOON + 1).await.unwrap(), 3);
    assert!(queue.log(&site, "a", None, 9).await.unwrap().is_empty());
    assert_eq!(queue.webhooks(&site).await.unwrap().len(), 1, "who was not removed stays");
}

pub(super) async fn a_day_is_put_in_the_queue_once(store: &dyn Store) {
    open_shop(store, SITE).await;
    add(store, SITE, &hook("a", &[Occasion::Digest])).await;
    let queue = store.deliveries();
    for day in [20_001, 20_001, 20_000, 20_003, 20_002] {
        queue.enqueue_digest(&scope(SITE), day, &digest(SITE, "a", day, NOON)).await.unwrap();
    }
    let mut days: Vec<_> = due(store, "a", NOON).await.into_iter().map(|delivery| delivery.about).collect();
    days.sort_by_key(|about| if let About::Day(day) = about { *day } else { 0 });
    assert_eq!(days, [About::Day(20_001), About::Day(20_003)]);
    assert_eq!(queue.webhooks(&scope(SITE)).await.unwrap()[0].digest_day, 20_003);
    let test = Delivery { about: About::Nothing, occasion: Occasion::Test, ..digest(SITE, "a", 1, NOON) };
    for _ in 0..2 {
        queue.enqueue(&scope(SITE), &test).await.unwrap();
    }
    assert_eq!(told(store, "a").await.len(), 3);
}

pub(super) async fn it_is_known_what_a_hook_was_told_since(store: &dyn Store) {
    use Occasion::{Created, Digest, Updated};
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    add(store, SITE, &hook("a", &[Created, Updated, Digest])).await;
    add(store, SITE, &hook("b", &[Updated])).await;
    let (one, two) = (bare(SITE, 9), bare(SITE, 8));
    let (one_id, two_id) = (one.row.id, two.row.id);
    let at = |record: Record, received_at| Record { row: Row { received_at, ..record.row }, ..record };
    let again = at(revised(&one, 2, 7), NOON + 20);
    store.append([at(one, NOON)].into()).await.unwrap();
    store.append([at(two, NOON + 10)].into()).await.unwrap();
    store.append([again].into()).await.unwrap();
    // What tells of no answer is none.
    let queue = store.deliveries();
    queue.enqueue_digest(&scope(SITE), 20_001, &digest(SITE, "a", 20_001, NOON + 30)).await.unwrap();
    queue.enqueue(&scope(SITE), &hand_off(SITE, "a", one_id, NOON + 30)).await.unwrap();
    let at_other = scope("pk_other");
    for (site, hook, since, limit, expected) in [
        (&scope(SITE), "a", NOON, 9, vec![one_id, two_id, one_id]),
        (&scope(SITE), "a", NOON, 2, vec![one_id, two_id]),
        (&scope(SITE), "a", NOON + 1, 9, vec![one_id, two_id]),
        (&scope(SITE), "a", NOON + 21, 9, vec![]),
        (&scope(SITE), "b", NOON, 9, vec![one_id]),
        (&at_other, "a", NOON, 9, vec![]),
    ] {
        let told = queue.told_since(site, hook, since, limit).await.unwrap();
        assert_eq!(told, expected, "{hook} {since} {limit}");
    }
}
