//! A help desk knows an address, the shop knows whose that is: both tell of one customer.

use std::time::{Duration, Instant};

use parere_shared::time;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{NOON, valid, with};
use crate::client::PATIENCE;
use crate::hooks::{SECRET, connected, signed, tell};
use crate::server::Server;

/// A moment some minutes after noon.
fn at(minutes: i64) -> String {
    time::format(NOON + minutes * 60_000)
}

/// A collector with a shop and a help desk that tell.
async fn open() -> Server {
    let server = Server::start().await;
    connected(&server, "shopify").await;
    connected(&server, "helpscout").await;
    server
}

async fn say(server: &Server, source: &str, header: (&'static str, &str), body: &Value) {
    let bytes = serde_json::to_vec(body).unwrap();
    let mut headers = signed(source, SECRET, &bytes);
    headers.insert(header.0, header.1.parse().unwrap());
    let reply = tell(server, source, headers, bytes).await;
    assert_eq!(reply.status, 200, "{source}: {reply:?}");
}

/// Shopify tells that somebody orders; without a number they are a guest.
async fn orders(server: &Server, order: u64, customer: Option<u64>, email: &str) {
    let body = json!({
        "id": order, "email": email, "created_at": at(-600), "updated_at": at(-600), "customer_locale": "it-IT",
        "customer": customer.map(|id| json!({"id": id})),
    });
    say(server, "shopify", ("x-shopify-topic", "orders/create"), &body).await;
}

async fn is_delivered(server: &Server, order: u64) {
    let body = json!({"id": order, "fulfillment_id": order, "order_id": order, "status": "delivered", "happened_at": at(0)});
    say(server, "shopify", ("x-shopify-topic", "fulfillment_events/create"), &body).await;
}

/// Help Scout tells of a conversation with somebody, which was closed then or is open.
async fn writes(server: &Server, id: u64, email: &str, closed: Option<i64>) {
    let body = json!({
        "id": id, "type": "email", "status": if closed.is_some() { "closed" } else { "active" },
        "createdAt": at(-90), "userUpdatedAt": at(closed.unwrap_or(-60)), "closedAt": closed.map(at),
        "createdBy": {"type": "customer", "email": email}, "primaryCustomer": {"email": email},
    });
    say(server, "helpscout", ("x-helpscout-event", "convo.status"), &body).await;
}

async fn make_rule(server: &Server, when: &str) {
    let rule = json!({"name": when, "survey": "ces", "when": when, "quiet_hours": ["00:00", "00:00"], "state": "on"});
    let reply = server.api(Method::POST, "/rules", Some(&rule)).await;
    assert_eq!(reply.status, 201, "{reply:?}");
}

/// Waits until the only rule has asked so many, and so many wait.
async fn until(server: &Server, asked: u64, waiting: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let rule = server.read("/rules").await["rules"][0].clone();
        if (&rule["asked"], &rule["waiting"]) == (&json!(asked), &json!(waiting)) {
            return;
        }
        assert!(Instant::now() < deadline, "{asked} asked and {waiting} waiting, but: {rule}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn nobody_is_asked_about_an_order_while_they_wait_for_the_desk() {
    let server = open().await;
    make_rule(&server, "delivered").await;
    // Leo writes before he orders; Luca and Mia, who is a guest, do after.
    writes(&server, 3, "leo@shopper.example", None).await;
    orders(&server, 1001, Some(77), "Luca@shopper.example").await;
    orders(&server, 1002, None, "mia@shopper.example").await;
    orders(&server, 1003, Some(78), "leo@shopper.example").await;
    orders(&server, 1004, Some(79), "nora@shopper.example").await;
    writes(&server, 1, "luca@Shopper.example", None).await;
    writes(&server, 2, "mia@shopper.example", None).await;
    for order in 1001..=1004 {
        is_delivered(&server, order).await;
    }
    until(&server, 1, 3).await;
    assert_eq!(server.read("/invitations").await["invitations"][0]["ref"], "1004");
    server.clock.advance(60_000);
    for (id, email) in [(1, "luca"), (2, "mia"), (3, "leo")] {
        writes(&server, id, &format!("{email}@shopper.example"), Some(1)).await;
    }
    server.clock.advance(2 * 3_600_000);
    until(&server, 4, 0).await;
}

#[tokio::test]
async fn whoever_was_helped_is_asked_where_their_order_says() {
    let server = open().await;
    make_rule(&server, "ticket_closed").await;
    orders(&server, 1001, Some(77), "luca@shopper.example").await;
    orders(&server, 1002, None, "mia@shopper.example").await;
    // Two customers have one address: whose the ticket is, nobody knows.
    orders(&server, 1003, Some(78), "family@shopper.example").await;
    orders(&server, 1004, Some(79), "family@shopper.example").await;
    server.clock.advance(60_000);
    let wrote = [(1, "luca"), (2, "mia"), (3, "family"), (4, "stranger")];
    for (id, name) in wrote {
        writes(&server, id, &format!("{name}@shopper.example"), Some(1)).await;
    }
    until(&server, 2, 0).await;
    let list = server.read("/invitations").await["invitations"].clone();
    let mut asked: Vec<_> = list.as_array().unwrap().iter().collect();
    asked.sort_by_key(|row| row["ticket"].to_string());
    for (row, (id, name)) in asked.iter().zip(wrote) {
        assert_eq!(row["ticket"], id.to_string());
        assert_eq!(row["address"], format!("{}…@shopper.example", &name[..1]));
        assert_eq!(row["locale"], "it-IT", "as they ordered");
    }

    // Nobody replied to them; what the shop's pages send of the same customer is about the ticket all the same.
    let answer = with(valid(5), json!({"survey": "ces", "score": 1, "subject": "77"}));
    assert_eq!(server.post(&answer).await.status, 200);
    let board = server.read("/speed").await;
    assert_eq!(
        (&board["tickets"], &board["slow_and_unhappy"][0]["ticket"]),
        (&json!(4), &json!("1")),
        "{board:#}"
    );
    let known = server.api(Method::GET, "/subjects/77?by=subject", None).await.lines();
    assert!(known.iter().any(|line| line["ticket"] == "1"), "{known:?}");
    assert_eq!(server.api(Method::DELETE, "/subjects/77?by=subject", None).await.status, 200);
    writes(&server, 1, "luca@shopper.example", Some(2)).await;
    assert_eq!(server.read("/speed").await["tickets"], 3, "told again in vain");
}
