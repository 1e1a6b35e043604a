//! The same for people: an answer's page, and the page of a shop's personal data, without a script.

use serde_json::{Value, json};

use crate::answer::{HOSTILE, full, valid, with};
use crate::client::Reply;
use crate::dashboard::{open, sign_in, submit};
use crate::invited::made;
use crate::server::Server;

const DATA: &str = "/dashboard/pk_demo/data";

/// Sends a form from one of our pages.
async fn send(server: &Server, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    submit(server, path, &server.base, cookie, &form.finish()).await
}

#[tokio::test]
async fn an_answer_is_erased_from_its_page_when_it_is_meant() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let answer = with(full(), json!({"comment": HOSTILE[12]}));
    server.post(&answer).await;
    let page = format!("/dashboard/pk_demo/responses/{}", answer["id"].as_str().unwrap());
    let erase = format!("{page}/erase");
    assert!(open(&server, &page, &cookie).await.text().contains(&format!("href=\"{erase}\"")));
    let question = open(&server, &erase, &cookie).await;
    assert_eq!(question.status, 200, "{question:?}");
    assert!(question.text().contains("Erase this answer?") && !question.text().contains("<script>alert"));
    assert_eq!(server.stored().await.len(), 1, "asking does nothing");
    let foreign = submit(&server, &erase, "https://evil.example", &cookie, "").await;
    assert_eq!((foreign.status, server.stored().await.len()), (403, 1));

    let reply = send(&server, &cookie, &erase, &[]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/dashboard/pk_demo/comments"), "{reply:?}");
    assert_eq!(server.stored().await, Vec::<Value>::new());
    assert_eq!(open(&server, &page, &cookie).await.status, 404);
    assert_eq!(open(&server, &erase, &cookie).await.status, 404);
}

#[tokio::test]
async fn a_person_is_looked_up_told_and_erased() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let of = |subject: &str, order: &str| with(full(), json!({"subject": subject, "ref": order}));
    server.post(&json!([of("c-77", "1001"), of("c-77", "1002"), of("c-78", "c-77")])).await;
    assert_eq!(open(&server, DATA, &cookie).await.status, 200);
    let person = format!("{DATA}/person");
    let nobody = send(&server, &cookie, &person, &[("ref", "c-79")]).await;
    assert!(nobody.text().contains("Nothing is stored under this reference."), "{nobody:?}");
    for reference in ["", &"x".repeat(129)] {
        let reply = send(&server, &cookie, &person, &[("ref", reference)]).await;
        assert_eq!(reply.status, 422, "{reply:?}");
        assert!(reply.text().contains("role=\"alert\""), "{reply:?}");
    }
    let found = send(&server, &cookie, &person, &[("ref", "c-77")]).await;
    for words in ["As a person", "2 answers.", "As an order", "1 answer."] {
        assert!(found.text().contains(words), "{words}: {found:?}");
    }
    let hers = [("ref", "c-77"), ("by", "subject")];
    let file = send(&server, &cookie, &format!("{DATA}/export"), &hers).await;
    assert_eq!(file.lines().len(), 3, "{file:?}");
    let reply = send(&server, &cookie, &format!("{DATA}/erase"), &[("ref", "c-77")]).await;
    assert_eq!(reply.status, 400, "a form that does not say by what is none of ours");
    let reply = send(&server, &cookie, &format!("{DATA}/erase"), &hers).await;
    assert!(reply.text().contains("2 answers were erased."), "{reply:?}");
    let reply = send(&server, &cookie, &format!("{DATA}/erase"), &hers).await;
    assert!(reply.text().contains("There was nothing to erase."), "{reply:?}");
    assert_eq!(server.stored().await.len(), 1);
}

#[tokio::test]
async fn somebody_is_looked_up_by_address() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    server.post(&with(valid(3), json!({"attributes": {"email": "Ada@example.org"}}))).await;
    made(&server, json!({"key": "k1", "address": "ada@example.org"})).await;
    let (person, hers) = (format!("{DATA}/person"), [("ref", "ada@example.org"), ("by", "email")]);
    let found = send(&server, &cookie, &person, &hers[..1]).await;
    for words in ["By e-mail address", "1 answer, 0 orders, 1 invitation."] {
        assert!(found.text().contains(words), "{words}: {found:?}");
    }
    assert!(!found.text().contains("As a person"), "{found:?}");
    let file = send(&server, &cookie, &format!("{DATA}/export"), &hers).await;
    assert_eq!(file.lines().len(), 4, "an invitation, a case, an answer, and the end: {file:?}");
    let reply = send(&server, &cookie, &format!("{DATA}/erase"), &hers).await;
    assert!(reply.text().contains("One answer was erased."), "{reply:?}");
    made(&server, json!({"key": "k2", "address": "ada@example.org"})).await;
    let reply = send(&server, &cookie, &format!("{DATA}/erase"), &hers).await;
    assert!(reply.text().contains("It was erased; there was no answer."), "{reply:?}");
    let found = send(&server, &cookie, &person, &hers[..1]).await;
    assert!(found.text().contains("Nothing is stored under this reference."), "{found:?}");
}

#[tokio::test]
async fn a_shop_says_how_long_it_keeps_what_and_leaves_when_its_key_is_typed() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let retention = format!("{DATA}/retention");
    for (comments, answers, status) in [("30", "", 200), ("7", "", 422), ("a year", "30", 422)] {
        let fields = [("comments_days", comments), ("responses_days", answers)];
        let reply = send(&server, &cookie, &retention, &fields).await;
        assert_eq!(reply.status, status, "{comments} {answers}");
        assert!(reply.text().contains(&format!("value=\"{comments}\"")), "what was typed stays");
    }
    let kept = json!({"comments_days": 30, "responses_days": null});
    assert_eq!(server.read("").await["retention"], kept);

    let answer = with(valid(5), json!({"site": "pk_scales", "survey": "ces-5"}));
    assert_eq!(server.post(&answer).await.status, 200);
    let remove = "/dashboard/pk_scales/data/remove";
    for key in ["", "pk_demo", "pk_scale"] {
        assert_eq!(send(&server, &cookie, remove, &[("key", key)]).await.status, 422, "{key}");
    }
    let reply = send(&server, &cookie, remove, &[("key", " pk_scales ")]).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/dashboard"), "{reply:?}");
    assert_eq!(open(&server, "/dashboard/pk_scales/data", &cookie).await.status, 404);
    let last = send(&server, &cookie, &format!("{DATA}/remove"), &[("key", "pk_demo")]).await;
    assert_eq!(last.status, 422);
    assert!(last.text().contains("It is the only site"), "{last:?}");
}
