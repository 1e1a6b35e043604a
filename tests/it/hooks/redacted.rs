//! What Shopify wishes on behalf of customers: that they are told, and that they are forgotten.

use parere_collector::store;
use reqwest::Method;

use super::shops::{ORDER, SHOPIFY, Shop};
use crate::client::{Reply, TOKEN};

const REDACT: (&str, &str) = ("customers/redact", include_str!("shopify-customers-redact.json"));

#[tokio::test]
async fn whom_shopify_redacts_is_forgotten_for_good() {
    for turn in 0..3 {
        let shop = Shop::open("shopify").await;
        let mut story = vec![SHOPIFY[0], SHOPIFY[1]];
        story.insert(turn, REDACT);
        for (topic, body) in story {
            shop.told(topic, body).await;
        }
        let order = shop.order(ORDER).await.unwrap();
        assert_eq!(order.contact, store::Contact::default(), "redacted as number {turn}");
        let kept = format!("{order:?} {:?}", shop.happened().await);
        assert!(!kept.contains("luca") && !kept.contains("Luca"), "{kept}");
    }
    let shop = Shop::open("shopify").await;
    shop.told(SHOPIFY[0].0, SHOPIFY[0].1).await;
    shop.told("shop/redact", r#"{"shop_id": 954889, "shop_domain": "x"}"#).await;
    assert_eq!(shop.order(ORDER).await.unwrap().contact, store::Contact::default(), "with the whole shop");
}

#[tokio::test]
async fn what_shopify_wishes_for_a_customer_stands_in_the_log() {
    let shop = Shop::open("shopify").await;
    let wish = r#"{"shop_id": 954889, "customer": {"id": 191167, "email": "luca@example.com"}, "orders_requested": [299938],
        "data_request": {"id": 9999}}"#;
    let logged = async || {
        let reply = Reply::to(shop.server.request(Method::GET, "/api/v1/audit").bearer_auth(TOKEN)).await;
        let entries = reply.json()["entries"].as_array().unwrap().clone();
        let of_shop = entries.into_iter().filter(|entry| entry["kind"] == "source");
        let words = of_shop.map(|entry| {
            ["actor", "action", "site", "target"]
                .map(|name| entry[name].as_str().unwrap_or_default().to_owned())
                .join(" ")
        });
        words.collect::<Vec<_>>()
    };
    for (topic, body, expected) in [
        ("customers/data_request", wish, "shopify subject.ask pk_demo 9999"),
        (REDACT.0, REDACT.1, "shopify subject.erase pk_demo "),
        ("shop/redact", r#"{"shop_id": 954889}"#, "shopify subject.erase pk_demo everybody"),
    ] {
        shop.told(topic, body).await;
        shop.server.clock.advance(1_000);
        assert_eq!(logged().await.first().map(String::as_str), Some(expected), "{topic}");
    }
    assert_eq!(logged().await.len(), 3);
}
