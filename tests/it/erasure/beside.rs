//! What is stored of a person beside answers: told before them, and gone with them.

use reqwest::Method;
use serde_json::{Value, json};

use super::both;
use crate::answer::{valid, with};
use crate::hooks::{connected, signed, tell};

#[tokio::test]
async fn what_happened_and_what_was_noted_is_told() {
    for (server, _database) in both().await {
        let secret = connected(&server, "orders").await;
        let news = json!([
            {"order": "1001", "event": "gift_wrapped", "at": "2026-11-20T10:00:00Z", "subject": "c-77",
             "properties": {"ribbon": "red"}},
            {"order": "1001", "event": "delivered", "at": "2026-11-20T12:00:00Z"},
            {"order": "1002", "event": "delivered", "at": "2026-11-20T12:00:00Z", "subject": "c-78"},
        ]);
        let news = news.to_string().into_bytes();
        assert_eq!(tell(&server, "orders", signed("orders", &secret, &news), news).await.status, 200);
        for (subject, note) in [("c-77", "Rang her"), ("c-78", "Wrote to him")] {
            let answer = with(valid(2), json!({"subject": subject}));
            assert_eq!(server.post(&answer).await.status, 200);
            let path = format!("/cases/{}", answer["id"].as_str().unwrap());
            assert_eq!(server.api(Method::PATCH, &path, Some(&json!({"note": note}))).await.status, 200);
        }
        let path = "/subjects/c-77?by=subject";
        let lines = server.api(Method::GET, path, None).await.lines();
        let of = |kind: &str| -> Vec<Value> {
            lines.iter().map(|line| line[kind].clone()).filter(|of| !of.is_null()).collect()
        };
        let happened = of("happening");
        assert_eq!(
            happened.iter().map(|told| &told["happened"]).collect::<Vec<_>>(),
            [&json!("gift_wrapped"), &json!("delivered")],
            "{lines:?}"
        );
        assert_eq!(
            (&happened[0]["properties"], &happened[0]["at"], &happened[0]["ref"], &happened[0]["source"]),
            (&json!({"ribbon": "red"}), &json!("2026-11-20T10:00:00.000Z"), &json!("1001"), &json!("orders"))
        );
        let cases = of("case");
        assert_eq!(
            (cases.len(), &cases[0]["note"], &cases[0]["status"]),
            (1, &json!("Rang her"), &json!("open"))
        );
        assert_eq!(cases[0]["id"], lines[lines.len() - 2]["id"], "the answer follows");
        assert_eq!(lines.last().unwrap()["_end"]["rows"], 1);
        assert_eq!(server.api(Method::DELETE, path, None).await.json(), json!({"erased": 1}));
        let left = server.api(Method::GET, path, None).await.lines();
        assert_eq!(left.len(), 1, "{left:?}");
        let his = server.api(Method::GET, "/subjects/c-78?by=subject", None).await;
        assert!(his.text().contains("Wrote to him"), "{his:?}");
    }
}
