//! Comments that are ticked are decided about together.

use reqwest::Method;
use serde_json::json;

use super::{open, sign_in, submit};
use crate::answer::{valid, with};
use crate::server::Server;

const COMMENTS: &str = "/dashboard/pk_demo/comments";

/// Answers in scores and, of all, those left out.
async fn counted(server: &Server) -> [u64; 2] {
    let scores = server.read("/scores?survey=nps").await;
    [&scores["n"], &scores["excluded"]["flagged"]].map(|n| n.as_u64().unwrap())
}

#[tokio::test]
async fn ticked_comments_are_left_out_and_counted_again() {
    let server = Server::start().await;
    server.clock.advance(60_000);
    let mut ids = Vec::new();
    for n in 0..5 {
        let answer = with(valid(9), json!({"comment": format!("Comment {n}"), "locale": "it"}));
        assert_eq!(server.post(&answer).await.status, 200);
        ids.push(answer["id"].as_str().unwrap().to_owned());
    }
    let cookie = sign_in(&server).await;
    let page = open(&server, COMMENTS, &cookie).await;
    assert_eq!(page.text().matches("type=\"checkbox\" name=\"id\"").count(), 5);
    let all = ids.iter().fold(String::new(), |all, id| all + "shown=" + id + "&");
    for (fields, changed, expected) in [
        ("review=exclude".to_owned(), 0, [5, 0]),
        (format!("{all}id={}&id={}&review=exclude&reason=The+same+sender", ids[0], ids[1]), 2, [3, 2]),
        (format!("id={}&id={}&id={}&review=exclude", ids[0], ids[0], ids[2]), 1, [2, 3]),
        (format!("{all}all=1&review=exclude"), 2, [0, 5]),
        (format!("{all}all=1&review=reset"), 5, [5, 0]),
        (format!("id={}&review=include", ids[4]), 1, [5, 0]),
    ] {
        let path = format!("{COMMENTS}?locale=it&decided=7");
        let reply = submit(&server, &path, &server.base, &cookie, &fields).await;
        let back = format!("{COMMENTS}?locale=it&decided={changed}");
        assert_eq!((reply.status, reply.header("location")), (303, &*back), "{fields}");
        assert_eq!(counted(&server).await, expected, "{fields}");
        let page = open(&server, &back, &cookie).await;
        let told = if changed == 0 { "Nothing changed".into() } else { format!("Done: {changed} answer") };
        assert!(page.text().contains(&told), "{told}");
    }
    let log = server.api(Method::GET, "/api/v1/audit", None).await;
    assert!(log.text().contains("exclude 2: The same sender"), "{}", log.text());
    assert!(open(&server, "/dashboard/audit", &cookie).await.text().contains("The same sender"));

    for fields in [
        format!("id={}&review=delete", ids[0]),
        "id=nope&review=exclude".into(),
        format!("id={}&review=exclude&reason={}", ids[0], "x".repeat(201)),
        format!("id={}&review=exclude&reason=a%0ab", ids[0]),
        (0..51).fold(String::new(), |all, n| format!("{all}id=019aa2b4-7c00-7abc-8def-{n:012}&"))
            + "review=exclude",
    ] {
        assert_eq!(submit(&server, COMMENTS, &server.base, &cookie, &fields).await.status, 422, "{fields}");
    }
    let fields = format!("id={}&review=exclude", ids[0]);
    let foreign = submit(&server, COMMENTS, "https://evil.example", &cookie, &fields).await;
    assert_eq!((foreign.status, counted(&server).await), (403, [5, 0]), "only from our own pages");
}
