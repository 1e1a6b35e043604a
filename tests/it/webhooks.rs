//! News of answers, as a receiver gets them: signed, again until it has them, and never at the cost of a shopper.

use std::time::{Duration, Instant};

use parere_shared::time::Millis;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{NOON, full, valid, with};
use crate::client::{Client, PATIENCE, SITE};
use crate::receiver::{Answer, Receiver};
use crate::server::Server;

mod digest;
mod encrypted;
mod refused;
mod several;
mod tried;

/// What a test needs that has its receiver on this machine.
pub(crate) const PRIVATE: [&str; 2] = ["--webhook-private", "on"];

/// A hook and its secret.
pub(crate) struct Hook {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Hook {
    /// To `receiver`, told of `events`.
    pub(crate) async fn to(client: &Client, receiver: &Receiver, events: &[&str]) -> Self {
        let url = format!("{}/hook?a=b", receiver.base);
        Self::made(client, &json!({"name": "CRM", "url": url, "events": events})).await
    }

    pub(crate) async fn made(client: &Client, wish: &Value) -> Self {
        let reply = client.api(Method::POST, "/webhooks", Some(wish)).await;
        assert_eq!(reply.status, 201, "{reply:?}");
        // A CRM has none.
        let text = |name: &str| reply.json()[name].as_str().unwrap_or_default().to_owned();
        assert!(reply.header("location").ends_with(&format!("{SITE}/webhooks/{}", text("webhook"))));
        Self { id: text("webhook"), secret: text("secret") }
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/webhooks/{}{rest}", self.id)
    }

    /// The log, newest first.
    pub(crate) async fn log(&self, client: &Client) -> Vec<Value> {
        client.read(&self.path("/deliveries?limit=500")).await["deliveries"].as_array().unwrap().clone()
    }

    /// Waits until the log is as it shall be, and gives it.
    pub(crate) async fn until(&self, client: &Client, holds: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let log = self.log(client).await;
            if holds(&log) {
                return log;
            }
            assert!(Instant::now() < deadline, "never: {log:#?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the one delivery that there is was tried `n` times, and gives it.
    pub(crate) async fn tried(&self, client: &Client, n: usize) -> Value {
        let is_tried = |log: &[Value]| log.len() == 1 && log[0]["attempts"].as_array().unwrap().len() == n;
        self.until(client, is_tried).await.remove(0)
    }
}

/// Have all been delivered?
pub(crate) fn all_delivered(log: &[Value]) -> bool {
    log.iter().all(|delivery| delivery["state"] == "delivered")
}

/// One minute, in milliseconds.
const MINUTE_MS: Millis = 60_000;

#[tokio::test]
async fn an_answer_and_its_revision_arrive_signed() {
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&[]).await);
    let events = ["response.created", "response.updated", "response.detractor"];
    let hook = Hook::to(&server, &receiver, &events).await;
    let answer = full();
    assert_eq!(server.post(&answer).await.status, 200);
    let letters = receiver.wait_for(1).await;
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    letter.assert_signed(&hook.secret);
    assert_eq!(letter.path, "/hook?a=b");
    assert_eq!(letter.header("content-type"), "application/json");
    assert_eq!(letter.header("webhook-timestamp"), (NOON / 1_000).to_string());
    let body = letter.json();
    assert_eq!((&body["type"], &body["data"]["site"]), (&json!("response.created"), &json!("pk_demo")));
    assert_eq!(body["timestamp"], "2026-11-21T11:00:00.000Z");
    assert_eq!(body["data"]["response"], server.stored().await[0], "as in an export");

    // Said again: nothing new. Said otherwise: what changed, and that somebody is unhappy.
    assert_eq!(server.post(&answer).await.json()["status"], "duplicate");
    let revised =
        with(answer.clone(), json!({"revision": 2, "score": 3, "comment": "Call me: anna@x.example"}));
    assert_eq!(server.post(&revised).await.json()["status"], "stored");
    assert_eq!(server.post(&answer).await.json()["status"], "superseded");
    let letters = receiver.wait_for(3).await;
    let mut told: Vec<_> = letters[1..].iter().map(|letter| letter.json()["type"].clone()).collect();
    told.sort_by_key(ToString::to_string);
    assert_eq!(told, [json!("response.detractor"), json!("response.updated")]);
    for letter in &letters[1..] {
        letter.assert_signed(&hook.secret);
        let response = &letter.json()["data"]["response"];
        assert_eq!((&response["score"], &response["revision"]), (&json!(3), &json!(2)));
        assert_eq!(response["comment"], "Call me: [email]", "masked as it is stored");
    }
    let log = hook.until(&server, |log| log.len() == 3 && all_delivered(log)).await;
    assert!(log.iter().all(|delivery| delivery["response"] == answer["id"]), "{log:?}");
    assert_eq!(log[2]["attempts"][0]["status"], 204);
    // A try-out is told, and alarms nobody; a promoter alarms nobody either.
    server.post(&with(valid(0), json!({"test": true}))).await;
    server.post(&valid(10)).await;
    let log = hook.until(&server, |log| log.len() == 5 && all_delivered(log)).await;
    let detractors = log.iter().filter(|delivery| delivery["event"] == "response.detractor").count();
    assert_eq!((detractors, receiver.letters().len()), (1, 5));
}

#[tokio::test]
async fn people_in_slack_read_a_message_that_rings_nobodys_bell() {
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&[]).await);
    let wish =
        json!({"name": "Team", "kind": "slack", "url": receiver.base, "events": ["response.detractor"]});
    let hook = Hook::made(&server, &wish).await;
    let answer = with(valid(2), json!({"comment": "<!channel> Brutte & care <https://evil.example|qui>"}));
    server.post(&valid(9)).await;
    server.post(&answer).await;
    let letters = receiver.wait_for(1).await;
    let text = letters[0].json()["text"].as_str().unwrap().to_owned();
    assert!(
        text.starts_with("*2 (0 to 10)* · detractor · nps\n> &lt;!channel&gt; Brutte &amp; care &lt;https:")
    );
    let link = format!("<{}/dashboard/pk_demo/responses/{}|", server.base, answer["id"].as_str().unwrap());
    assert!(text.contains(&link), "{text}");
    assert_eq!(text.matches('<').count(), 1, "our own link alone: {text}");
    hook.until(&server, |log| log.len() == 1 && all_delivered(log)).await;
}

#[tokio::test]
async fn a_hook_is_made_changed_tested_and_removed() {
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&[]).await);
    assert_eq!(server.read("/webhooks").await, json!({"webhooks": []}));
    let hook = Hook::to(&server, &receiver, &["response.created"]).await;
    let shown = server.read(&hook.path("")).await;
    assert_eq!(server.read("/webhooks").await["webhooks"], json!([shown]));
    assert_eq!(
        (&shown["kind"], &shown["state"], &shown["digest_hour"]),
        (&json!("standard"), &json!("on"), &json!(8))
    );
    assert!(!shown.to_string().contains("whsec_") && shown.get("secret").is_none());

    let reply = server.api(Method::POST, &hook.path("/test"), None).await;
    assert_eq!(reply.status, 202, "{reply:?}");
    let letters = receiver.wait_for(1).await;
    assert_eq!(letters[0].id(), reply.json()["delivery"]);
    assert_eq!(letters[0].json()["type"], "webhook.test");
    letters[0].assert_signed(&hook.secret);

    let change = async |change: Value| {
        let reply = server.api(Method::PATCH, &hook.path(""), Some(&change)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()
    };
    assert_eq!(change(json!({"name": "ERP"})).await.get("secret"), None);
    let secret = change(json!({"rotate_secret": true})).await["secret"].as_str().unwrap().to_owned();
    assert_ne!(secret, hook.secret);
    server.post(&valid(9)).await;
    receiver.wait_for(2).await[1].assert_signed(&secret);

    assert_eq!(change(json!({"state": "off"})).await["state"], "off");
    server.post(&valid(9)).await;
    assert_eq!(server.api(Method::POST, &hook.path("/test"), None).await.status, 409);
    assert_eq!(change(json!({"state": "on"})).await["name"], "ERP");
    let log = hook.until(&server, all_delivered).await;
    assert_eq!(log.len(), 2, "nothing was written down while it was off: {log:?}");

    for (wish, broken) in [
        (
            json!({"name": "x", "url": "nonsense", "events": ["everything"]}),
            vec!["url format", "events unknown"],
        ),
        (json!({}), vec!["name missing", "url missing", "events missing"]),
    ] {
        let refused = server.api(Method::POST, "/webhooks", Some(&wish)).await;
        assert_eq!(
            (refused.status, refused.violations()),
            (422, broken.into_iter().map(Into::into).collect())
        );
    }
    assert_eq!(server.api(Method::DELETE, &hook.path(""), None).await.status, 204);
    for (method, path) in
        [(Method::GET, ""), (Method::DELETE, ""), (Method::POST, "/test"), (Method::GET, "/deliveries")]
    {
        assert_eq!(server.api(method, &hook.path(path), None).await.status, 404, "{path}");
    }
    for n in 0..20 {
        Hook::made(
            &server,
            &json!({"name": n.to_string(), "url": receiver.base, "events": ["digest.daily"]}),
        )
        .await;
    }
    let wish = json!({"name": "one more", "url": receiver.base, "events": ["digest.daily"]});
    assert_eq!(server.api(Method::POST, "/webhooks", Some(&wish)).await.status, 409);

    let entries = server.read("/api/v1/audit?limit=50").await;
    let actions: Vec<_> =
        entries["entries"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    let expected = [("create", 21), ("test", 1), ("change", 4), ("remove", 1)];
    for (action, n) in expected.map(|(action, n)| (json!(format!("webhook.{action}")), n)) {
        assert_eq!(actions.iter().filter(|found| ***found == action).count(), n, "{action}");
    }
    let told = entries.to_string();
    assert!(!told.contains("whsec_") && !told.contains("http"), "no secret, no address: {told}");
}

#[tokio::test]
async fn the_dashboard_has_all_of_it_without_a_script() {
    let (server, receiver) =
        (Server::start_with(&PRIVATE).await, Receiver::start(&[Answer::Status(500, "<b>no</b>")]).await);
    let cookie = crate::dashboard::sign_in(&server).await;
    let page = "/dashboard/pk_demo/webhooks";
    let submit = async |path: &str, fields: &[(&str, &str)]| {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(fields);
        crate::dashboard::submit(&server, path, &server.base, &cookie, &text.finish()).await
    };
    let open = async |path: &str| crate::dashboard::open(&server, path, &cookie).await;
    assert!(open("/dashboard").await.text().contains(page), "the way there");
    let wish = [("name", "<b>CRM</b>"), ("url", "nonsense"), ("kind", "standard"), ("digest_hour", "8")];
    let refused = submit(page, &wish).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text().contains("&#60;b&#62;CRM") && refused.text().contains("events:"),
        "{}",
        refused.text()
    );
    let wish = [
        ("name", "<b>CRM</b>"),
        ("url", &receiver.base),
        ("kind", "standard"),
        ("event", "response.created"),
        ("event", "digest.daily"),
        ("digest_hour", "7"),
    ];
    let made = submit(page, &wish).await;
    assert_eq!(made.status, 200);
    let secret = format!("whsec_{}", made.text().split("whsec_").nth(1).unwrap().split('<').next().unwrap());
    assert!(!open(page).await.text().contains("whsec_"), "shown once");
    let hooks = server.read("/webhooks").await;
    let hook = Hook {
        id: hooks["webhooks"][0]["webhook"].as_str().unwrap().into(),
        secret: secret.replace("&#x3d;", "=").replace("&#61;", "="),
    };
    assert_eq!(hooks["webhooks"][0]["events"], json!(["response.created", "digest.daily"]));

    let act = format!("{page}/act");
    let sent = submit(&act, &[("webhook", &hook.id), ("act", "test")]).await;
    assert_eq!((sent.status, sent.header("location")), (303, &*format!("{page}/{}", hook.id)));
    receiver.wait_for(1).await[0].assert_signed(&hook.secret);
    let failed = hook.tried(&server, 1).await;
    let log = open(sent.header("location")).await;
    assert!(log.text().contains("Test · given up") && log.text().contains("&#60;b&#62;no"), "{}", log.text());
    let delivery = failed["delivery"].as_str().unwrap();
    submit(&act, &[("webhook", &hook.id), ("act", "replay"), ("delivery", delivery)]).await;
    assert_eq!(receiver.wait_for(2).await[1].id(), delivery);
    hook.until(&server, all_delivered).await;
    submit(&act, &[("webhook", &hook.id), ("act", "off")]).await;
    assert!(open(page).await.text().contains("Switched off."));
    let rotated = submit(&act, &[("webhook", &hook.id), ("act", "rotate")]).await;
    assert!(rotated.text().contains("whsec_"));
    assert_eq!(submit(&act, &[("webhook", &hook.id), ("act", "nonsense")]).await.status, 422);
    submit(&act, &[("webhook", &hook.id), ("act", "remove")]).await;
    assert!(open(page).await.text().contains("There is none yet."));
}
