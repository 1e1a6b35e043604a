//! A collector and its model, side by side: each step happens to both, and they must say the same about it.

use parere_collector::clock::Clock as _;
use parere_shared::response::ResponseId;
use parere_shared::time::{self, Millis};
use proptest::sample::Index;
use reqwest::Method;
use serde_json::{Value, json};

use super::model::Model;
use super::step::{Decision, Draft, Item, SURVEYS, Step, Watch};
use crate::answer::with;
use crate::server::Server;

/// Both of them, and what was sent so far.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) model: Model,
    /// Every body with the status that it must have: 200 stands for whatever the model says.
    sent: Vec<(Value, u16)>,
    made: u64,
}

impl World {
    /// A shop with nothing in it but its surveys, one of which offers choices.
    pub(super) async fn begin() -> Self {
        let server = Server::start().await;
        let options = json!([{"value": "fit", "label": {"en": "Fit", "it": "Vestibilità"}}]);
        let follow_up = json!({"from": 1, "to": 3, "choices": {"options": options, "other": true}});
        let csat = with(server.read("/surveys/csat").await, json!({"follow_ups": [follow_up]}));
        assert_eq!(server.api(Method::PUT, "/surveys/csat", Some(&csat)).await.status, 200);
        let surveys = server.read("/surveys").await["surveys"].clone();
        let model = Model::new(serde_json::from_value::<Vec<_>>(surveys).unwrap());
        Self { server, model, sent: Vec::new(), made: 0 }
    }

    pub(super) fn now(&self) -> Millis {
        self.server.clock.now()
    }

    /// The world after `step`.
    pub(super) async fn after(mut self, step: &Step) -> Self {
        match step {
            Step::One(item) => self.send_one(item).await,
            Step::Many(items) => self.send_many(items).await,
            Step::Rubbish(body) => assert_eq!(self.server.send(body.as_bytes().to_vec()).await.status, 400),
            Step::Review(decision) => self.review(decision).await,
            Step::Erase(which) => self.erase(*which).await,
            Step::Wait(ms) => self.server.clock.advance(*ms),
            Step::Restart => self.server = self.server.restarted().await,
        }
        self
    }

    async fn send_one(&mut self, item: &Item) {
        let Some((body, refused)) = self.body(item) else { return };
        let reply = self.server.post(&body).await;
        let expected = self.expected(&body, refused);
        match expected {
            "rejected" => assert_eq!(reply.status, refused, "{body}: {reply:?}"),
            "conflict" => assert_eq!(reply.status, 409, "{body}: {reply:?}"),
            status => {
                assert_eq!((reply.status, reply.json()), (200, json!({"status": status})), "{body}");
            }
        }
    }

    async fn send_many(&mut self, items: &[Item]) {
        let bodies: Vec<(Value, u16)> = items.iter().filter_map(|item| self.body(item)).collect();
        if bodies.is_empty() {
            return;
        }
        let array: Value = bodies.iter().map(|(body, _)| body.clone()).collect();
        let reply = self.server.post(&array).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let results = reply.json()["results"].as_array().unwrap().clone();
        assert_eq!(results.len(), bodies.len());
        for ((body, refused), result) in bodies.iter().zip(results) {
            assert_eq!(result["id"], body["id"]);
            assert_eq!(result["status"], self.expected(body, *refused), "{body}: {result}");
            let problem = &result["problem"]["status"];
            assert!(problem.is_null() || result["status"] == "conflict" || *problem == *refused, "{result}");
        }
    }

    /// What the model says; it knows nothing of answers that break a rule.
    fn expected(&mut self, body: &Value, refused: u16) -> &'static str {
        let now = self.now();
        if refused == 200 { self.model.take(body, now) } else { "rejected" }
    }

    async fn review(&mut self, decision: &Decision) {
        let now = self.now();
        let mut query = form_urlencoded::Serializer::new(String::new());
        let survey = decision.survey.map(|survey| SURVEYS[survey].0.to_owned());
        let from = decision.within.map(|within| time::format(now - within));
        let (flag, word) = (decision.flag.map(str::to_owned), decision.word.map(str::to_owned));
        for (name, value) in [("survey", survey), ("from", from), ("flag", flag), ("q", word)] {
            value.map(|value| query.append_pair(name, &value));
        }
        let query = query.finish();
        let path = format!("/responses/review?{query}");
        let reply = self.server.api(Method::POST, &path, Some(&json!({"review": decision.review}))).await;
        if query.is_empty() {
            assert_eq!(reply.violations(), ["query missing"]);
        } else {
            let changed = self.model.review(decision, now);
            assert_eq!((reply.status, reply.json()), (200, json!({"changed": changed})), "{path}");
        }
    }

    async fn erase(&mut self, which: Index) {
        let Some((body, _)) = one_of(&self.sent, which) else { return };
        let id = body["id"].as_str().unwrap();
        let reply = self.server.api(Method::DELETE, &format!("/responses/{id}"), None).await;
        assert_eq!(reply.status, if self.model.erase(id) { 204 } else { 404 }, "{id}: {reply:?}");
    }

    /// What to send, with the status that the rules give it.
    fn body(&mut self, item: &Item) -> Option<(Value, u16)> {
        let sent = match item {
            Item::New(draft, revision) => (self.new_body(draft, *revision), 200),
            Item::Repeat(which) => one_of(&self.sent, *which)?.clone(),
            Item::Revise(which, by, draft) => (self.revised(*which, *by, draft)?, 200),
            Item::Bad(which, draft, (broken, status)) => {
                let body = which.and_then(|which| self.revised(which, 1, draft));
                let body = body.unwrap_or_else(|| self.new_body(draft, 1));
                (broken_body(body, broken), *status)
            }
        };
        self.sent.push(sent.clone());
        Some(sent)
    }

    fn new_body(&mut self, draft: &Draft, revision: u32) -> Value {
        self.made += 1;
        let answered = draft.occurred_and_sent(self.now()).map_or(self.now(), |(occurred, _)| occurred);
        let mut random = [0; 10];
        random[2..].copy_from_slice(&self.made.to_be_bytes());
        let id = ResponseId::new((answered - draft.reading_ms).unsigned_abs(), &random).encode();
        self.filled(draft, &json!({"id": id, "revision": revision}))
    }

    /// Another revision of a stored answer; beyond the ends of what a revision may be, its own.
    fn revised(&self, which: Index, by: i64, draft: &Draft) -> Option<Value> {
        let row = one_of(&self.model.answers, which)?.row();
        let standing = row["revision"].as_i64().unwrap();
        let revision =
            Some(standing + by).filter(|revision| (1..=100).contains(revision)).unwrap_or(standing);
        Some(self.filled(draft, &json!({"id": row["id"], "revision": revision})))
    }

    fn filled(&self, draft: &Draft, named: &Value) -> Value {
        let mut body = json!({"site": "pk_demo"});
        let fields = body.as_object_mut().unwrap();
        fields.extend(draft.said.as_object().unwrap().clone());
        fields.extend(named.as_object().unwrap().clone());
        if let Some((occurred, sent)) = draft.occurred_and_sent(self.now()) {
            fields.insert("occurred_at".into(), json!(time::format(occurred)));
            fields.insert("sent_at".into(), json!(time::format(sent)));
        }
        if body["instrument"] == "shown" {
            let survey = body["survey"].as_str().unwrap();
            body["instrument"] = json!(self.model.instrument(survey, Some("it")));
        }
        body
    }
}

impl Draft {
    fn occurred_and_sent(&self, now: Millis) -> Option<(Millis, Millis)> {
        match self.watch {
            Watch::Absent => None,
            Watch::Steady { off, waited } => Some((now + off - waited, now + off)),
            Watch::Backwards => Some((now, now - 1)),
        }
    }
}

fn one_of<T>(all: &[T], which: Index) -> Option<&T> {
    (!all.is_empty()).then(|| which.get(all))
}

fn broken_body(mut body: Value, broken: &str) -> Value {
    let broken: Value = serde_json::from_str(broken).unwrap();
    body.as_object_mut().unwrap().extend(broken.as_object().unwrap().clone());
    body
}
