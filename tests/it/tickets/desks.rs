//! Tickets as help desks tell them: signed, late, twice, and with more in them than anybody here needs.

use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::hooks::{connected, signed, tell};
use crate::server::Server;

/// A conversation in the shape in which Help Scout sends it; the clock of the tests shows 11:00 on the 21st.
fn conversation(changes: Value) -> Value {
    let body = json!({
        "id": 2_391_938_111_u64, "number": 349, "threads": 2, "type": "email", "status": "active",
        "subject": "Where is my order?", "preview": "A secret that is kept nowhere",
        "createdBy": {"id": 29, "type": "customer", "email": "Luca@example.com"},
        "createdAt": "2026-11-20T08:00:00Z", "closedAt": null, "userUpdatedAt": "2026-11-20T08:00:00Z",
        "tags": [{"id": 9, "color": "#fff", "tag": "returns"}],
        "primaryCustomer": {"id": 29, "type": "customer", "email": "Luca@example.com"},
        "somethingNew": {"deep": [1, 2, 3]},
    });
    with(body, changes)
}

fn thread(kind: &str, at: &str) -> Value {
    json!({"type": kind, "state": "published", "createdAt": at, "body": "A secret that is kept nowhere"})
}

async fn say(server: &Server, event: &str, body: &Value) -> u16 {
    let bytes = serde_json::to_vec(body).unwrap();
    let mut headers = signed("helpscout", crate::hooks::SECRET, &bytes);
    headers.insert("x-helpscout-event", event.parse().unwrap());
    tell(server, "helpscout", headers, bytes).await.status
}

#[tokio::test]
async fn a_conversation_at_help_scout_is_timed_whatever_comes_first() {
    let question = thread("customer", "2026-11-20T08:00:00Z");
    let reply = thread("message", "2026-11-20T09:30:00Z");
    let again = thread("customer", "2026-11-20T20:00:00Z");
    let threads = |list: &[&Value]| json!({"threads": list});
    let life = [
        ("convo.created", conversation(json!({"_embedded": threads(&[&question])}))),
        (
            "convo.agent.reply.created",
            conversation(
                json!({"userUpdatedAt": "2026-11-20T09:30:00Z", "_embedded": threads(&[&question, &reply])}),
            ),
        ),
        ("convo.status", conversation(json!({"status": "closed", "closedAt": "2026-11-20T10:00:00Z"}))),
        (
            "convo.customer.reply.created",
            conversation(
                json!({"userUpdatedAt": "2026-11-20T20:00:00Z", "_embedded": threads(&[&question, &reply, &again])}),
            ),
        ),
        ("convo.status", conversation(json!({"status": "closed", "closedAt": "2026-11-20T21:00:00Z"}))),
        ("satisfaction.ratings", json!({"id": 1, "rating": "great"})),
        ("beacon.chat.created", json!({"id": 1})),
    ];
    let mut boards = Vec::new();
    for is_reversed in [false, true] {
        let server = Server::start().await;
        connected(&server, "helpscout").await;
        let mut told: Vec<_> = life.iter().chain(&life).collect();
        if is_reversed {
            told.reverse();
        }
        for (event, body) in told {
            assert_eq!(say(&server, event, body).await, 200, "{event}");
        }
        let rated = json!({"survey": "ces", "score": 2, "attributes": {"ticket": "2391938111"}});
        assert_eq!(server.post(&with(valid(5), rated)).await.status, 200);
        // The address is that of the customer, in small letters.
        let told = server.read("/speed").await;
        assert_eq!((&told["tickets"], &told["excluded"]), (&json!(1), &json!(0)), "{told:#}");
        let minutes = |wait: &str| told[wait]["all"]["median"]["ms"].as_i64().unwrap() / 60_000;
        assert_eq!(minutes("first_response_time"), 90);
        assert_eq!(minutes("time_to_first_resolution"), 120);
        assert_eq!(minutes("time_to_resolution"), 13 * 60);
        assert_eq!((&told["reopened"]["part"], &told["score_by_speed"][0]["n"]), (&json!(1), &json!(1)));
        let known = server.api(reqwest::Method::GET, "/subjects/luca@example.com?by=subject", None).await;
        assert!(known.lines()[0]["ticket"] == "2391938111" && !known.text().contains("secret"), "{known:?}");
        assert!(
            !String::from_utf8_lossy(&std::fs::read(server.database()).unwrap()).contains("A secret that")
        );
        boards.push(told);
        // It was spam after all.
        let spam = conversation(json!({"status": "spam", "userUpdatedAt": "2026-11-21T09:00:00Z"}));
        assert_eq!(say(&server, "convo.status", &spam).await, 200);
        assert_eq!(server.read("/speed").await["excluded"], 1);
    }
    let without_ids = |board: &Value| with(board.clone(), json!({"slow_and_unhappy": null}));
    assert_eq!(without_ids(&boards[0]), without_ids(&boards[1]));
}

#[tokio::test]
async fn tickets_of_zendesk_and_of_ones_own_desk_are_taken() {
    let server = Server::start().await;
    let message = |event: &str, time: &str, what: Value| {
        json!({
            "type": format!("zen:event-type:ticket.{event}"), "account_id": 1, "id": "2b24ef10", "time": time,
            "zendesk_event_version": "2022-06-20", "subject": "zen:ticket:4711",
            "detail": {"id": "4711", "created_at": "2026-11-20T08:00:00Z", "subject": "Order", "tags": []},
            "event": what,
        })
    };
    let secret = connected(&server, "zendesk").await;
    let comment = json!({"comment": {"is_public": true, "author": {"is_staff": true}, "body": "Hello"}});
    let life = [
        message("status_changed", "2026-11-20T12:00:00Z", json!({"previous": "OPEN", "current": "SOLVED"})),
        message("comment_added", "2026-11-20T11:00:00Z", comment),
        message("created", "2026-11-20T08:00:01Z", json!({})),
        json!(["nothing that is known"]),
    ];
    // The last one first, and all of it again.
    for body in life.iter().chain(&life) {
        let bytes = serde_json::to_vec(body).unwrap();
        let headers = signed("zendesk", &secret, &bytes);
        assert_eq!(tell(&server, "zendesk", headers, bytes).await.status, 200, "{body}");
    }
    let told = server.read("/speed").await;
    assert_eq!(told["first_response_time"]["all"]["median"]["ms"], 3 * 3_600_000, "{told:#}");
    assert_eq!((&told["tickets"], &told["reopened"]["part"]), (&json!(1), &json!(0)));

    let secret = connected(&server, "tickets").await;
    let own = |event: &str, at: &str| json!({"ticket": "T1", "event": event, "at": at, "mood": "fine"});
    for (body, status) in [
        (json!([own("created", "2026-11-20T08:00:00Z"), own("escalated", "2026-11-20T08:10:00Z")]), 200),
        (own("solved", "2026-11-20T08:30:00Z"), 200),
        (own("solved", "2026-11-20T08:30:00Z"), 200),
        (own("solved", "this morning"), 422),
    ] {
        let bytes = serde_json::to_vec(&body).unwrap();
        let headers = signed("tickets", &secret, &bytes);
        assert_eq!(tell(&server, "tickets", headers, bytes).await.status, status, "{body}");
    }
    assert_eq!(server.read("/speed").await["tickets"], 2);
}

#[tokio::test]
async fn a_trigger_at_zendesk_ties_a_ticket_to_its_customer() {
    let (event, trigger) = ("secret-of-the-events", "secret-of-the-trigger");
    let created = json!({
        "type": "zen:event-type:ticket.created", "time": "2026-11-20T08:00:00Z",
        "detail": {"id": "4711", "created_at": "2026-11-20T08:00:00Z", "requester_id": "8447388090494"}, "event": {},
    });
    let replied = json!({
        "type": "zen:event-type:ticket.comment_added", "time": "2026-11-20T09:30:00Z",
        "detail": {"id": "4711", "created_at": "2026-11-20T08:00:00Z"},
        "event": {"comment": {"is_public": true, "author": {"is_staff": true}}},
    });
    let whose = json!({"ticket": "4711", "subject": "c-77", "email": "luca@example.com", "ref": "1001"});
    let mut told = vec![(event, created), (event, replied), (trigger, whose)];
    for _ in 0..2 {
        let server = Server::start().await;
        let secret = json!({"secret": format!("{event},{trigger}")});
        let kept = server.api(reqwest::Method::PUT, "/sources/zendesk", Some(&secret)).await;
        assert_eq!(kept.status, 200, "{kept:?}");
        let say = async |secret: &str, body: &Value| {
            let bytes = serde_json::to_vec(body).unwrap();
            tell(&server, "zendesk", signed("zendesk", secret, &bytes), bytes).await.status
        };
        for (secret, body) in &told {
            assert_eq!(say(secret, body).await, 200, "{body}");
        }
        let of_another = json!({"ticket": "4712", "subject": "c-77"});
        assert_eq!(say("secret-of-nobody", &of_another).await, 401);
        let rated = json!({"survey": "ces", "score": 2, "subject": "c-77"});
        assert_eq!(server.post(&with(valid(5), rated)).await.status, 200);
        let board = server.read("/speed").await;
        assert_eq!((&board["tickets"], &board["excluded"]), (&json!(1), &json!(0)), "{board:#}");
        assert_eq!(
            (&board["score_by_speed"][0]["survey"], &board["score_by_speed"][0]["n"]),
            (&json!("ces"), &json!(1))
        );
        for reference in ["c-77?by=subject", "1001?by=ref", "1001"] {
            let known =
                server.api(reqwest::Method::GET, &format!("/subjects/{reference}"), None).await.lines();
            let ticket = known.iter().find(|line| line["ticket"] == "4711").expect(reference);
            assert_eq!(ticket["ref"], "1001");
        }
        assert_eq!(
            server.api(reqwest::Method::DELETE, "/subjects/c-77", None).await.json(),
            json!({"erased": 1})
        );
        assert_eq!(server.read("/speed").await["tickets"], 0);
        // Whatever is told of it again.
        for (secret, body) in &told {
            assert_eq!(say(secret, body).await, 200);
        }
        assert_eq!(server.read("/speed").await["tickets"], 0);
        told.reverse();
    }
}
