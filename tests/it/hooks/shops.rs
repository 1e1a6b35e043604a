//! What shops tell, as they tell it: in any order, again and again, with fields that nobody knows.
//!
//! The messages in this folder were made from the documented schema; none is a recording.

use std::sync::Arc;

use parere_collector::auth::SiteScope;
use parere_collector::store::{self, Known, Placed, Purpose, ShopOrder, Store, kind};
use serde_json::{Value, json};

use super::{connected, signed, tell};
use crate::answer::{NOON, valid, with};
use crate::client::Reply;
use crate::dashboard::{open, sign_in};
use crate::server::Server;

/// What Shopify tells of one order, by topic and file.
pub(super) const SHOPIFY: [(&str, &str); 7] = [
    ("orders/create", include_str!("shopify-orders-create.json")),
    ("orders/paid", include_str!("shopify-orders-paid.json")),
    ("fulfillments/create", include_str!("shopify-fulfillments-create.json")),
    ("fulfillment_events/create", include_str!("shopify-fulfillment-events-delayed.json")),
    ("fulfillment_events/create", include_str!("shopify-fulfillment-events-delivered.json")),
    ("refunds/create", include_str!("shopify-refunds-create.json")),
    ("returns/close", include_str!("shopify-returns-close.json")),
];

/// Shopify's id of the order.
pub(super) const ORDER: &str = "820982911946154508";

/// A collector with a shop that tells, and a look into its store.
pub(super) struct Shop {
    pub(super) server: Server,
    source: &'static str,
    secret: String,
    store: Arc<dyn Store>,
}

impl Shop {
    pub(super) async fn open(source: &'static str) -> Self {
        let server = Server::start().await;
        let secret = connected(&server, source).await;
        let url = format!("sqlite:{}", server.database().display());
        Self { source, secret, store: store::open(&url, Purpose::Beside).await.unwrap(), server }
    }

    async fn tell(&self, topic: &str, body: &str) -> Reply {
        let mut headers = signed(self.source, &self.secret, body.as_bytes());
        for (name, value) in [
            ("x-shopify-topic", topic),
            ("x-shopify-triggered-at", "2026-11-21T08:00:00.123456789Z"),
            ("x-wc-webhook-topic", topic),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        tell(&self.server, self.source, headers, body.into()).await
    }

    pub(super) async fn told(&self, topic: &str, body: &str) {
        let reply = self.tell(topic, body).await;
        assert_eq!(reply.status, 200, "{topic}: {reply:?}");
    }

    pub(super) async fn order(&self, order: &str) -> Option<ShopOrder> {
        self.store.orders().order(&scope(), order).await.unwrap()
    }

    async fn happenings(&self) -> Vec<Placed> {
        self.store.happenings().happenings_after(&scope(), 0, 100).await.unwrap()
    }

    /// What happened, to what, and when; sorted.
    pub(super) async fn happened(&self) -> Vec<(String, String, i64)> {
        let told = self.happenings().await.into_iter();
        let mut told: Vec<_> = told.map(|p| (p.happening.kind, p.happening.id, p.happening.at)).collect();
        told.sort();
        told
    }
}

fn scope() -> SiteScope {
    SiteScope::at_the_machine("pk_demo")
}

fn value<T: Clone>(known: Option<&Known<T>>) -> Option<T> {
    known.map(|known| known.value.clone())
}

fn at(text: &str) -> i64 {
    parere_shared::time::parse(text).unwrap()
}

#[tokio::test]
async fn an_order_of_shopify_is_the_same_in_whatever_order_it_is_told() {
    let mut ends = Vec::new();
    for turn in 0..SHOPIFY.len() {
        let shop = Shop::open("shopify").await;
        let mut story = SHOPIFY;
        story.rotate_left(turn);
        if turn % 2 == 1 {
            story.reverse();
        }
        for (topic, body) in story {
            shop.told(topic, body).await;
            shop.told(topic, body).await;
        }
        let mut order = shop.order(ORDER).await.unwrap();
        // Each collector here has a site with a secret of its own.
        assert!(order.contact.subject.take().is_some() && order.contact.guest.take().is_some());
        ends.push((order, shop.happened().await));
    }
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:#?}");
    let (order, happened) = &ends[0];
    let kinds: Vec<_> = happened.iter().map(|(kind, ..)| &**kind).collect();
    assert_eq!(
        kinds,
        ["delayed", "delivered", "fulfilled", "order_paid", "order_placed", "refunded", "return_finished"]
    );
    assert_eq!(order.at(kind::ORDER_PLACED), Some(at("2026-11-10T08:00:00Z")));
    assert_eq!(order.at(kind::DELIVERED), Some(at("2026-11-15T10:30:00Z")));
    assert_eq!(order.at(kind::RETURN_FINISHED), Some(at("2026-11-21T08:00:00.123Z")));
    assert_eq!((order.status(), order.delivery()), ("returned", "late"));
    assert_eq!(value(order.number.as_ref()).as_deref(), Some("1001"));
    assert_eq!(
        value(order.contact.email.as_ref()).as_deref(),
        Some("luca.nuovo@shopper.example"),
        "the later one"
    );
    assert_eq!(value(order.contact.first_name.as_ref()).as_deref(), Some("Luca"));
    assert_eq!(value(order.carrier.as_ref()).as_deref(), Some("BRT"));
    assert_eq!(value(order.region.as_ref()).as_deref(), Some("IT-TO"));
    assert_eq!(value(order.locale.as_ref()).as_deref(), Some("it-IT"));
    assert_eq!(value(order.skus.as_ref()).unwrap().into_iter().collect::<Vec<_>>(), ["LACE", "SHOE-42"]);
    let kept = format!("{ends:?}");
    for secret in ["203.0.113", "secret", "Segreta", "Cognome", "10121", "SECRET-TRACKING"] {
        assert!(!kept.contains(secret), "{secret} is kept");
    }
}

#[tokio::test]
async fn a_return_that_shopify_calls_off_is_over() {
    let shop = Shop::open("shopify").await;
    let returned = json!({"id": 7_001, "order_id": 820_982_911_946_154_508_u64}).to_string();
    for (topic, status) in
        [("returns/request", "return_opened"), ("returns/decline", "open"), ("returns/cancel", "open")]
    {
        shop.told(topic, &returned).await;
        assert_eq!(shop.order(ORDER).await.unwrap().status(), status, "{topic}");
    }
    let kinds: Vec<_> = shop.happened().await.into_iter().map(|(kind, ..)| kind).collect();
    assert_eq!(kinds, ["return_cancelled", "return_opened"]);
}

#[tokio::test]
async fn what_nobody_knows_is_passed_over() {
    let shop = Shop::open("shopify").await;
    for (topic, body) in [
        ("products/update", "{}"),
        ("", "{}"),
        ("customers/data_request", r#"{"customer": {"id": 1}}"#),
        ("orders/create", "{}"),
        ("orders/create", "[]"),
        ("orders/create", r#"{"id": null}"#),
        ("orders/create", r#"{"id": {"a": 1}}"#),
        ("fulfillment_events/create", r#"{"order_id": 5, "fulfillment_id": 6, "status": "teleported"}"#),
        ("fulfillments/create", r#"{"order_id": 5}"#),
        ("returns/sing", r#"{"id": 1, "order_id": 5}"#),
    ] {
        shop.told(topic, body).await;
    }
    assert_eq!(shop.happenings().await, []);
    for body in ["", "{", "\u{0}", "nonsense"] {
        assert_eq!(shop.tell("orders/create", body).await.status, 400, "{body:?}");
    }
}

#[tokio::test]
async fn an_order_of_woocommerce_is_one_when_it_is_paid_for() {
    let created = include_str!("woocommerce-order-created.json");
    let completed = include_str!("woocommerce-order-completed.json");
    for story in [
        [("order.created", created), ("order.updated", completed)],
        [("order.updated", completed), ("order.created", created)],
    ] {
        let shop = Shop::open("woocommerce").await;
        for (topic, body) in story {
            shop.told(topic, body).await;
            shop.told(topic, body).await;
        }
        let order = shop.order("727").await.unwrap();
        assert_eq!(
            (order.status(), order.at(kind::FULFILLED)),
            ("fulfilled", Some(at("2026-11-12T09:00:00Z")))
        );
        assert_eq!(order.at(kind::ORDER_PAID), Some(at("2026-11-10T09:00:30Z")));
        assert_eq!(value(order.region.as_ref()).as_deref(), Some("IT-TO"));
        assert_eq!(value(order.number.as_ref()).as_deref(), Some("W-727"));
        assert_eq!(value(order.contact.email.as_ref()).as_deref(), Some("luca@shopper.example"));
        let kinds: Vec<_> = shop.happened().await.into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds, ["fulfilled", "order_paid", "order_placed"]);
        assert!(!format!("{order:?}").contains("203.0.113"));
        shop.told("order.deleted", r#"{"id": 727}"#).await;
        assert_eq!(shop.order("727").await.unwrap().contact, store::Contact::default());
    }
    let shop = Shop::open("woocommerce").await;
    shop.told("order.created", include_str!("woocommerce-order-failed.json")).await;
    assert_eq!(shop.happenings().await, [], "nobody paid");
    let guest = shop.order("728").await.unwrap();
    assert_eq!((guest.contact.subject.is_none(), guest.subject()), (true, guest.guest()), "a guest");
}

#[tokio::test]
async fn any_other_shop_tells_in_our_own_words() {
    let shop = Shop::open("orders").await;
    let whole = json!({
        "order": "A-1", "event": "delivered", "at": "2026-11-20T10:00:00+01:00", "id": "parcel 1",
        "subject": "c-77", "email": "a@shopper.example", "phone": "+39333", "first_name": "Anna", "locale": "it",
        "zone": "Europe/Rome", "carrier": "dhl", "region": "IT", "skus": ["S1", "S2"],
        "properties": {"gift": true}, "a_field_of_next_year": 1
    });
    shop.told("", &whole.to_string()).await;
    shop.told("", &whole.to_string()).await;
    shop.told(
        "",
        &json!([{"order": "A-1", "event": "gift_wrapped"}, {"order": "A-2", "event": "order_placed"}])
            .to_string(),
    )
    .await;
    let happened = shop.happenings().await;
    let ids: Vec<_> = happened.iter().map(|placed| &*placed.happening.id).collect();
    assert_eq!(ids, ["delivered:A-1:parcel 1", "gift_wrapped:A-1:", "order_placed:A-2:"]);
    assert_eq!(happened[0].happening.properties["gift"], true);
    assert_eq!(happened[1].happening.at, NOON, "said without a moment: now");
    let order = shop.order("A-1").await.unwrap();
    assert_eq!((order.delivery(), value(order.zone.as_ref()).as_deref()), ("delivered", Some("Europe/Rome")));
    assert!(!order.moments.contains_key("gift_wrapped"));
    for (body, status, fields) in [
        (json!({}), 422, vec!["order", "event"]),
        (json!({"order": "A-1", "event": "Gift Wrapped"}), 422, vec!["event"]),
        (json!({"order": "x".repeat(129), "event": "delivered"}), 422, vec!["order"]),
        (json!({"order": "A-1", "event": "delivered", "at": "yesterday"}), 422, vec!["at"]),
        (
            json!([{"order": "A-3", "event": "delivered"}, {"order": 7, "event": "x", "properties": []}]),
            422,
            vec!["[1].properties"],
        ),
        (
            json!({"order": "A-1", "event": "x", "properties": {"x": "y".repeat(2_000)}}),
            422,
            vec!["properties"],
        ),
    ] {
        let reply = shop.tell("", &body.to_string()).await;
        let broken: Vec<_> = reply.violations();
        let found: Vec<_> = broken.iter().map(|violation| violation.split(' ').next().unwrap()).collect();
        assert_eq!((reply.status, found), (status, fields), "{body}");
    }
    assert_eq!(shop.order("A-3").await, None, "all of a message or nothing");
    shop.told("", &json!({"order": "A-1", "event": "redacted", "subject": "c-77"}).to_string()).await;
    shop.told("", &whole.to_string()).await;
    assert_eq!(shop.order("A-1").await.unwrap().contact, store::Contact::default());
}

#[tokio::test]
async fn a_person_is_told_their_orders_and_can_have_them_forgotten() {
    let shop = Shop::open("shopify").await;
    for (topic, body) in SHOPIFY {
        shop.told(topic, body).await;
    }
    for reference in ["1001", ORDER, "115310627314723954"] {
        let told = shop.server.api(reqwest::Method::GET, &format!("/subjects/{reference}"), None).await;
        assert_eq!(told.status, 200, "{told:?}");
        let lines = told.lines();
        assert_eq!(lines[0]["_order"]["order"], ORDER, "{reference}: {lines:?}");
        assert_eq!(lines[0]["_order"]["known"]["contact"]["email"]["value"], "luca.nuovo@shopper.example");
        assert_eq!(lines.last().unwrap()["_end"]["rows"], 0);
    }
    let path = "/subjects/115310627314723954";
    let gone = shop.server.api(reqwest::Method::DELETE, path, None).await;
    assert_eq!((gone.status, gone.json()), (200, json!({"erased": 0})), "no answer was there");
    shop.told(SHOPIFY[0].0, SHOPIFY[0].1).await;
    assert_eq!(shop.order(ORDER).await.unwrap().contact, store::Contact::default(), "told again in vain");
    assert!(shop.happenings().await.iter().all(|placed| placed.happening.order.is_some()));
}

#[tokio::test]
async fn answers_are_told_apart_by_what_became_of_the_order() {
    let shop = Shop::open("shopify").await;
    for (topic, body) in &SHOPIFY[..5] {
        shop.told(topic, body).await;
    }
    // By the number, by the id, an order that nobody knows, and none.
    for (score, reference) in [(2, json!("1001")), (4, json!(ORDER)), (9, json!("9999")), (10, Value::Null)] {
        let answer = with(valid(score), json!({"ref": reference}));
        assert_eq!(shop.server.post(&answer).await.status, 200);
    }
    for (by, keys) in [
        ("delivery", vec![("late", 2), ("unknown", 2)]),
        ("order_status", vec![("delivered", 2), ("unknown", 2)]),
        ("carrier", vec![("BRT", 2), ("unknown", 2)]),
        ("region", vec![("IT-TO", 2), ("unknown", 2)]),
        ("sku", vec![("LACE", 2), ("SHOE-42", 2), ("unknown", 2)]),
    ] {
        let board = shop.server.read(&format!("/scores?survey=nps&by={by}")).await;
        let series = board["series"].as_array().unwrap();
        let mut found: Vec<_> = series
            .iter()
            .map(|point| (point["key"].as_str().unwrap(), point["n"].as_u64().unwrap()))
            .collect();
        found.sort_unstable();
        assert_eq!(found, keys, "{by}: {board}");
        assert_eq!(board["n"], 4);
        // Beside each other under the same keys, and one that nobody has.
        let key = keys[0].0;
        let asked = format!("/scores?survey=nps&by={by}&segments={key},unknown,nobody");
        let segments = &shop.server.read(&asked).await["segments"];
        assert_eq!(segments["by"], by, "{segments}");
        let pairs = segments["pairs"].as_array().unwrap().iter();
        let pairs: Vec<_> =
            pairs.map(|pair| json!([pair["one"], pair["other"], pair["difference"]])).collect();
        let expected = [
            json!([key, "unknown", 200.0]),
            json!([key, "nobody", null]),
            json!(["unknown", "nobody", null]),
        ];
        assert_eq!(pairs, expected, "{by}");
    }
    let cookie = sign_in(&shop.server).await;
    let page = open(&shop.server, "/dashboard/pk_demo/surveys/nps", &cookie).await;
    for row in ["Order", "Delivery", "Carrier", "Region", "Article"] {
        assert!(page.text().contains(&format!("<th scope=\"col\">{row}</th>")), "{row}: {}", page.text());
    }
    assert!(page.text().contains("<th scope=\"row\">BRT</th><td>2</td>"), "{}", page.text());
}

#[tokio::test]
async fn contact_goes_120_days_after_the_last_news() {
    let shop = Shop::open("shopify").await;
    shop.told(SHOPIFY[0].0, SHOPIFY[0].1).await;
    assert!(shop.order(ORDER).await.unwrap().contact_until().is_some());
    shop.server.clock.advance(121 * parere_shared::time::DAY_MS);
    let deadline = std::time::Instant::now() + crate::client::PATIENCE;
    while shop.order(ORDER).await.unwrap().contact_until().is_some() {
        assert!(std::time::Instant::now() < deadline, "it is kept");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    shop.told(SHOPIFY[0].0, SHOPIFY[0].1).await;
    assert_eq!(shop.order(ORDER).await.unwrap().contact_until(), None, "told again");
    shop.server.clock.advance(280 * parere_shared::time::DAY_MS);
    while shop.order(ORDER).await.is_some() || !shop.happenings().await.is_empty() {
        assert!(std::time::Instant::now() < deadline, "it is kept");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}
