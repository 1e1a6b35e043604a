//! Invitations by mail, through a real SMTP dialogue.

use std::time::{Duration, Instant};

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use super::smtp::{Smtp, Taken};
use super::{made, open, post, state};
use crate::answer::with;
use crate::client::{PATIENCE, Reply, TOKEN};
use crate::postgres::Database;
use crate::server::Server;

const FROM: [&str; 2] = ["--mail-from", "Bottega Fiorini <ask@shop.example>"];

/// How long it is waited between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(20);

async fn start(smtp: &Smtp) -> Server {
    Server::start_with(&["--smtp-url", &smtp.url, FROM[0], FROM[1]]).await
}

fn to(name: &str) -> Value {
    json!({"key": name, "channel": "email", "address": format!("{name}@example.com"), "locale": "it"})
}

/// Waits until the invitation of this key is in a state.
async fn until(server: &Server, key: &str, wanted: &str) -> Value {
    let began = Instant::now();
    loop {
        let row = state(server, key).await;
        if row["state"] == wanted {
            return row;
        }
        assert!(began.elapsed() < PATIENCE, "{key} is not {wanted}: {row}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// A mail's parts, decoded from quoted-printable.
fn decoded(mail: &Taken) -> String {
    let joined = mail.text.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let Some((&byte, more)) = rest.split_first() {
        let hex = more.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let decoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| byte == b'=');
        bytes.push(decoded.unwrap_or(byte));
        rest = if decoded.is_some() { &more[2..] } else { more };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every link of a mail to the page, in order, without its host.
fn links(server: &Server, mail: &str) -> Vec<String> {
    let own = format!("{}/i/", server.base);
    let starts = mail.match_indices(&own);
    let whole = starts.map(|(at, _)| mail[at + server.base.len()..].split(['"', '\n', '>', ' ', '<']).next());
    whole.map(|link| link.unwrap().replace("&#38;", "&").trim_end().to_owned()).collect()
}

#[tokio::test]
async fn a_mail_asks_in_the_customers_language_and_its_links_lead_to_the_question() {
    let smtp = Smtp::start().await;
    let server = start(&smtp).await;
    made(&server, to("luca")).await;
    let row = until(&server, "luca", "sent").await;
    assert_eq!(row["address"], Value::Null, "forgotten when it is sent");
    let mails = smtp.taken();
    assert_eq!((mails.len(), &*mails[0].to), (1, "luca@example.com"));
    let mail = decoded(&mails[0]);
    let id = row["invitation"].as_str().unwrap();
    for part in [
        "From: \"Bottega Fiorini\" <ask@shop.example>",
        "To: luca@example.com",
        "Subject: Una domanda da Bottega Fiorini",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "multipart/alternative",
        "<html lang=\"it\" dir=\"ltr\">",
        "Quanto è probabile che consiglieresti Bottega Fiorini",
        "aria-label=\"9 su 10\"",
        "Non ricevere più domande",
    ] {
        assert!(mail.contains(part), "{part} in {mail}");
    }
    assert!(mail.contains(&format!("Message-ID: <{id}@shop.example>")), "{mail}");
    assert!(!mail.contains("<img"), "nobody is watched");
    let links = links(&server, &mail);
    let with_score =
        |score: i32| links.iter().find(|link| link.ends_with(&format!("?score={score}"))).cloned();
    assert_eq!((0..=10).filter_map(with_score).count(), 11, "{links:?}");
    let nine = with_score(9).unwrap();
    let page = open(&server, &nine, "en").await;
    assert_eq!((page.status, page.text().matches(" checked").count()), (200, 1), "{page:?}");
    let plain = nine.split('?').next().unwrap().to_owned();
    assert_eq!(post(&server, &plain, &[("score", "9")]).await.status, 200);
    assert_eq!(server.stored().await[0]["channel"], "email");
    // One click takes the customer from the list: a mail program posts to where the head says.
    let leave = links.iter().find(|link| link.ends_with("/unsubscribe")).unwrap();
    let asks = open(&server, leave, "it").await;
    assert_eq!((asks.status, server.read("/suppressions").await["suppressions"].clone()), (200, json!([])));
    assert!(asks.text().contains("<button>Non ricevere più domande</button>"), "{}", asks.text());
    let left = post(&server, leave, &[("List-Unsubscribe", "One-Click")]).await;
    assert!(left.text().contains("Non ti faremo altre domande."), "{left:?}");
    let again = json!({"key": "luca-2", "channel": "email", "address": "LUCA@example.com"});
    assert_eq!(made(&server, again).await["state"], "suppressed");
}

#[tokio::test]
async fn what_a_server_says_decides_what_becomes_of_a_mail() {
    let smtp = Smtp::start().await;
    let server = start(&smtp).await;
    for name in ["nobody", "spam", "broken", "later", "fine"] {
        made(&server, to(name)).await;
    }
    for (name, wanted, reason) in [
        ("nobody", "failed", "unknown_address"),
        ("spam", "failed", "refused"),
        ("broken", "failed", "unclear"),
        ("later", "waiting", "later"),
        ("fine", "sent", ""),
    ] {
        let row = until(&server, name, wanted).await;
        // It waits from the beginning; that it was tried is said with it.
        let began = Instant::now();
        let mut row = row;
        while row["reason"] != reason {
            assert!(began.elapsed() < PATIENCE, "{row}");
            tokio::time::sleep(LOOK_EVERY).await;
            row = state(&server, name).await;
        }
        assert_eq!(row["state"], wanted, "{row}");
        assert_eq!(row["address"].is_null(), wanted != "waiting", "{row}");
    }
    server.clock.advance(61_000);
    until(&server, "later", "sent").await;
    assert_eq!(["nobody", "spam", "broken", "later", "fine"].map(|name| smtp.named(name)), [1, 1, 1, 2, 1]);
    // There is nobody at one address, and that is remembered.
    let again = json!({"key": "nobody-2", "channel": "email", "address": "nobody@example.com"});
    assert_eq!(made(&server, again).await["reason"], "bounced");
}

#[tokio::test]
async fn a_mail_that_was_taken_is_sent_whatever_the_server_says_to_a_farewell() {
    let smtp = Smtp::start().await;
    let server = start(&smtp).await;
    made(&server, to("silent")).await;
    let began = Instant::now();
    until(&server, "silent", "sent").await;
    // A step of the dialogue may take half a minute, its end may not.
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    assert_eq!((smtp.taken().len(), smtp.named("silent")), (1, 1));
}

#[tokio::test]
async fn the_many_mails_of_one_site_do_not_hold_up_those_of_another() {
    let smtp = Smtp::start().await;
    let server = start(&smtp).await;
    let due = json!({"channel": "email", "due_at": "2026-12-01T00:00:00Z"});
    let many = |turn: usize| {
        let wish = |n: usize| {
            with(due.clone(), json!({"survey": "nps", "address": format!("c{turn}-{n}@example.com")}))
        };
        Value::Array((0..50).map(wish).collect())
    };
    for turn in 0..2 {
        let reply = server.api(Method::POST, "/invitations", Some(&many(turn))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
    let other = with(due.clone(), json!({"survey": "ces-5", "address": "other@example.com"}));
    let request = server.request(Method::POST, "/api/v1/sites/pk_scales/invitations").bearer_auth(TOKEN);
    let reply = Reply::to(request.json(&other)).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    server.clock.advance(12 * DAY_MS);
    let began = Instant::now();
    while smtp.taken().len() < 101 {
        assert!(began.elapsed() < PATIENCE, "{} were sent", smtp.taken().len());
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let place = smtp.taken().iter().position(|mail| mail.to == "other@example.com");
    assert!(place.is_some_and(|place| place <= 20), "after a batch of the other site: {place:?}");
}

#[tokio::test]
async fn three_collectors_send_each_mail_once() {
    let smtp = Smtp::start().await;
    let database = Database::create().await;
    let url = database.url();
    let options =
        ["--database-url", &*url, "--smtp-url", &smtp.url, FROM[0], FROM[1], "--outbox-size-mib", "0"];
    let first = Server::start_with(&options).await;
    let wishes: Vec<Value> = (0..40)
        .map(|n| {
            json!({"survey": "nps", "channel": "email", "key": format!("k{n}"), "address": format!("c{n}@example.com")})
        })
        .collect();
    let (second, third) = tokio::join!(Server::start_with(&options), Server::start_with(&options));
    let reply = first.api(Method::POST, "/invitations", Some(&Value::Array(wishes))).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    for n in 0..40 {
        until(&second, &format!("k{n}"), "sent").await;
    }
    let mut sent: Vec<_> = smtp.taken().into_iter().map(|mail| mail.to).collect();
    sent.sort();
    sent.dedup();
    assert_eq!((sent.len(), smtp.taken().len()), (40, 40));
    drop(third);
}

#[tokio::test]
async fn without_a_server_mail_waits_and_says_why() {
    let server = Server::start().await;
    made(&server, to("luca")).await;
    let began = Instant::now();
    while state(&server, "luca").await["reason"] != "no_mail_server" {
        assert!(began.elapsed() < PATIENCE);
        tokio::time::sleep(LOOK_EVERY).await;
    }
    let row = state(&server, "luca").await;
    assert_eq!((&row["state"], &row["address"]), (&json!("waiting"), &json!("l…@example.com")));
}
