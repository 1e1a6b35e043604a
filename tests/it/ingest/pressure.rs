//! Too much at once: later, with the time to come back, and nothing lost or stored by half.

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::json;

use super::{assert_readable_across_origins, status};
use crate::answer::{valid, with};
use crate::client::Reply;
use crate::server::Server;

/// Seconds until the sender is to come back.
fn retry_after_s(reply: &Reply) -> u64 {
    reply.header("retry-after").parse().unwrap_or_else(|_| panic!("a number of seconds: {reply:?}"))
}

#[tokio::test]
async fn a_sender_over_its_limit_is_told_when_to_come_back() {
    let server = Server::start_with(&["--rate-limit", "3"]).await;
    for _ in 0..3 {
        assert_eq!(status(&server.post(&valid(9)).await), "stored");
    }
    let reply = server.post(&valid(9)).await;
    assert_eq!(reply.status, 429, "{reply:?}");
    assert_eq!(reply.violations(), Vec::<String>::new());
    assert_readable_across_origins(&reply);
    assert!((1..=60).contains(&retry_after_s(&reply)), "{reply:?}");
    assert_eq!(server.stored().await.len(), 3);

    // The limit is for one client and one site; claims about another address change nothing.
    let body = valid(9).to_string().into_bytes();
    let forged = server.send_with(body, &[("x-forwarded-for", "198.51.100.7")]).await;
    assert_eq!(forged.status, 429, "{forged:?}");
    let elsewhere = with(valid(5), json!({"site": "pk_scales", "survey": "ces-5"}));
    assert_eq!(status(&server.post(&elsewhere).await), "stored");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_limit() {
    let server = Server::start_with(&["--rate-limit", "1", "--trusted-proxies", "127.0.0.0/8"]).await;
    for (client, expected) in [
        ("198.51.100.1", 200),
        ("198.51.100.1", 429),
        ("198.51.100.2", 200),
        ("203.0.113.9, 198.51.100.2", 429),
        ("2001:db8:1:2::1", 200),
        ("2001:db8:1:2:ffff::9", 429),
        ("2001:db8:1:3::1", 200),
    ] {
        let body = valid(9).to_string().into_bytes();
        let reply = server.send_with(body, &[("x-forwarded-for", client)]).await;
        assert_eq!(reply.status, expected, "{client}");
    }
}

#[tokio::test]
async fn a_full_queue_puts_senders_off_and_keeps_what_it_took() {
    const SENDERS: usize = 12;
    // One answer with the writer and one in the queue: with the database locked, all others must be put off.
    const TAKEN_MAX: usize = 2;
    let server = Server::start_with(&["--queue-len", "1"]).await;
    let lock = rusqlite::Connection::open(server.database()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();

    let mut sending: FuturesUnordered<_> = (0..SENDERS)
        .map(|_| {
            let server = &server;
            async move { server.post(&valid(9)).await }
        })
        .collect();
    let mut put_off = 0;
    while put_off < SENDERS - TAKEN_MAX {
        let reply = sending.next().await.unwrap();
        assert_eq!(reply.status, 503, "{reply:?}");
        assert_eq!(reply.violations(), Vec::<String>::new());
        assert_readable_across_origins(&reply);
        assert!((1..=60).contains(&retry_after_s(&reply)), "{reply:?}");
        put_off += 1;
    }
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.stored().await.len(), 0, "nothing is acknowledged or stored while the lock is held");

    lock.execute_batch("ROLLBACK").unwrap();
    let late: Vec<Reply> = sending.collect().await;
    let taken = late.iter().filter(|reply| reply.status == 200).count();
    assert!(taken >= 1, "{late:?}");
    assert_eq!(server.stored().await.len(), taken, "what was acknowledged is stored, and nothing else");
    assert_eq!(status(&server.post(&valid(9)).await), "stored");
}

#[tokio::test]
async fn an_array_that_cannot_be_taken_now_is_put_off_as_a_whole() {
    let server = Server::start_with(&["--rate-limit", "1"]).await;
    assert_eq!(status(&server.post(&valid(9)).await), "stored");
    let reply = server.post(&json!([valid(1), valid(2)])).await;
    assert_eq!(reply.status, 429, "{reply:?}");
    assert!(retry_after_s(&reply) >= 1);
    assert_eq!(server.stored().await.len(), 1);
}
