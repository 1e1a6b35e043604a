//! The CRM's own house: HubSpot and Klaviyo as their documents describe them, as far as they are spoken to.
//!
//! Source: HubSpot's references of batch upserts, multi-status errors, search, tickets, events and usage limits;
//! Klaviyo's of events and accounts. It remembers what was written, so that a test sees what a merchant would.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::client::PATIENCE;

/// The token that is accepted.
pub(super) const TOKEN: &str = "pat-eu1-0123456789";

/// What happens to a request instead of, or after, what should.
#[derive(Debug, Clone)]
pub(super) enum Mishap {
    /// Nothing is done, and this is answered: a status, `retry-after`, a body.
    Refused(u16, Option<&'static str>, Value),
    /// It is done, and nobody hears of it: the line stays open.
    Silence,
    /// It is done, and 500 is answered.
    Denied,
}

/// A contact: its id and its properties.
pub(super) type Contact = (String, BTreeMap<String, String>);

/// What the house has.
#[derive(Default)]
pub(super) struct Rooms {
    pub(super) contacts: BTreeMap<String, Contact>,
    pub(super) properties: BTreeSet<String>,
    /// Each with the id of its contact.
    pub(super) tickets: Vec<(Value, String)>,
    /// Occurrences of custom events, by their `uuid`.
    pub(super) events: BTreeMap<String, Value>,
    /// Events of Klaviyo, by their `unique_id`.
    pub(super) answered: BTreeMap<String, Value>,
    /// For the next requests whose path holds the text, each once.
    pub(super) mishaps: VecDeque<(&'static str, Mishap)>,
    /// Method and path of every request, and how many contacts were in it.
    pub(super) calls: Vec<(String, usize)>,
}

/// A running CRM.
pub(super) struct House {
    pub(super) base: String,
    rooms: Arc<Mutex<Rooms>>,
}

impl House {
    pub(super) async fn start() -> Self {
        let metrics = ["nps", "csat", "ces"];
        let names = metrics.map(|metric| ["score", "comment", "date"].map(|what| format!("{metric}_{what}")));
        let properties = names.into_iter().flatten().chain(["email".into()]).collect();
        let rooms = Arc::new(Mutex::new(Rooms { properties, ..Rooms::default() }));
        let router = Router::new().fallback(receive).with_state(Arc::clone(&rooms));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, rooms }
    }

    pub(super) fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap()
    }

    /// This happens to the next request whose path holds `path`.
    pub(super) fn expect(&self, path: &'static str, mishap: Mishap) {
        self.rooms().mishaps.push_back((path, mishap));
    }

    /// A property of a contact.
    pub(super) fn property(&self, email: &str, name: &str) -> Option<String> {
        self.rooms().contacts.get(email)?.1.get(name).cloned()
    }

    /// Requests whose path holds `path`, and the contacts in each.
    pub(super) fn calls(&self, path: &str) -> Vec<usize> {
        let rooms = self.rooms();
        rooms.calls.iter().filter(|(call, _)| call.contains(path)).map(|(_, n)| *n).collect()
    }

    /// Waits until the house is as it shall be.
    pub(super) async fn until(&self, what: &str, holds: impl Fn(&Rooms) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(&self.rooms()) {
            assert!(Instant::now() < deadline, "never: {what}; {:?}", self.rooms().calls);
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

type Reply = (u16, Value);

async fn receive(
    State(rooms): State<Arc<Mutex<Rooms>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().to_owned();
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    let (mishap, reply) = {
        let mut rooms = rooms.lock().unwrap();
        let n = sent["inputs"].as_array().map_or(0, Vec::len);
        rooms.calls.push((format!("{method} {path}"), n));
        let next = rooms.mishaps.iter().position(|(of, _)| path.contains(of));
        let mishap = next.and_then(|place| rooms.mishaps.remove(place)).map(|(_, mishap)| mishap);
        let reply = match &mishap {
            Some(Mishap::Refused(status, _, body)) => (*status, body.clone()),
            _ => rooms.answer(&method, &path, &headers, &sent),
        };
        (mishap, reply)
    };
    let status = StatusCode::from_u16(reply.0).unwrap();
    match mishap {
        Some(Mishap::Silence) => std::future::pending().await,
        Some(Mishap::Denied) => (StatusCode::INTERNAL_SERVER_ERROR, "{}").into_response(),
        Some(Mishap::Refused(_, Some(wait), _)) => {
            (status, [("retry-after", wait)], reply.1.to_string()).into_response()
        }
        _ => (status, [("content-type", "application/json")], reply.1.to_string()).into_response(),
    }
}

fn refusal(status: u16, category: &str, message: &str) -> Reply {
    (status, json!({"status": "error", "message": message, "correlationId": "c", "category": category}))
}

impl Rooms {
    fn answer(&mut self, method: &Method, path: &str, headers: &HeaderMap, sent: &Value) -> Reply {
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
        if path.starts_with("/api/") {
            if header("authorization") != format!("Klaviyo-API-Key {TOKEN}") {
                return (401, json!({"errors": [{"code": "not_authenticated", "detail": "Incorrect key."}]}));
            }
            assert_eq!(header("revision"), "2025-10-15");
        } else if header("authorization") != format!("Bearer {TOKEN}") {
            let said = format!("Authentication credentials not found: {}", header("authorization"));
            return refusal(401, "INVALID_AUTHENTICATION", &said);
        }
        match (method.as_str(), path) {
            ("POST", "/crm/v3/objects/contacts/batch/upsert") => self.upsert(sent),
            ("POST", "/crm/v3/objects/tickets") => self.make_ticket(sent),
            ("POST", "/crm/v3/objects/tickets/search") => self.search(sent),
            ("PATCH", path) => self.change_ticket(path.rsplit('/').next().unwrap(), sent),
            ("POST", "/events/v3/send/batch") => self.occur(sent),
            ("GET", "/crm/v3/pipelines/tickets/0/stages/1") => (200, json!({"id": "1"})),
            ("GET", path) if path.starts_with("/crm/v3/properties/contacts/") => {
                let name = path.rsplit('/').next().unwrap();
                let is_there = self.properties.contains(name);
                if is_there { (200, json!({"name": name})) } else { refusal(404, "OBJECT_NOT_FOUND", "none") }
            }
            ("GET", "/api/accounts") => (200, json!({"data": []})),
            ("POST", "/api/events") => {
                let event = sent["data"]["attributes"].clone();
                let id = event["unique_id"].as_str().unwrap().to_owned();
                // Klaviyo takes the first of each id and says nothing of the others.
                self.answered.entry(id).or_insert(event);
                (202, Value::Null)
            }
            _ => refusal(404, "OBJECT_NOT_FOUND", "no such place"),
        }
    }

    fn upsert(&mut self, sent: &Value) -> Reply {
        let inputs = sent["inputs"].as_array().unwrap();
        let emails: Vec<&str> = inputs.iter().map(|input| input["id"].as_str().unwrap()).collect();
        if inputs.len() > 100 || emails.iter().collect::<BTreeSet<_>>().len() < inputs.len() {
            return refusal(400, "VALIDATION_ERROR", "Too many or duplicate inputs");
        }
        for input in inputs {
            assert_eq!(input["idProperty"], "email");
            for name in input["properties"].as_object().unwrap().keys() {
                if !self.properties.contains(name) {
                    let said = format!("Property values were not valid: Property \"{name}\" does not exist");
                    return refusal(400, "VALIDATION_ERROR", &said);
                }
            }
        }
        // Some mistakes refuse the whole, others their own part.
        if let Some(poison) = emails.iter().find(|email| email.starts_with("poison")) {
            return refusal(400, "VALIDATION_ERROR", &format!("Email address {poison} is invalid"));
        }
        let (mut results, mut errors) = (Vec::new(), Vec::new());
        for (input, email) in inputs.iter().zip(emails) {
            if email.starts_with("bad") {
                let context = json!({"objectWriteTraceId": [input["objectWriteTraceId"]]});
                let said = format!("Email address {email} is invalid");
                errors.push(json!({"status": "error", "category": "VALIDATION_ERROR", "message": said, "context": context}));
                continue;
            }
            let id = (100 + self.contacts.len()).to_string();
            let contact = self.contacts.entry(email.into()).or_insert((id, BTreeMap::new()));
            for (name, value) in input["properties"].as_object().unwrap() {
                contact.1.insert(name.clone(), value.as_str().unwrap().into());
            }
            results.push(json!({"id": contact.0, "properties": {"email": email}}));
        }
        let status = if errors.is_empty() { 200 } else { 207 };
        let mut body = json!({"status": "COMPLETE", "results": results});
        if status == 207 {
            body["numErrors"] = json!(errors.len());
            body["errors"] = json!(errors);
        }
        (status, body)
    }

    fn make_ticket(&mut self, sent: &Value) -> Reply {
        let tie = &sent["associations"][0];
        assert_eq!(
            tie["types"],
            json!([{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 16}])
        );
        let contact = tie["to"]["id"].as_str().unwrap().to_owned();
        assert!(self.contacts.values().any(|(id, _)| *id == contact));
        let id = (900 + self.tickets.len()).to_string();
        self.tickets.push((sent["properties"].clone(), contact));
        (201, json!({"id": id}))
    }

    fn search(&self, sent: &Value) -> Reply {
        let filter = &sent["filterGroups"][0]["filters"][0];
        assert_eq!((&filter["propertyName"], &filter["operator"]), (&json!("subject"), &json!("EQ")));
        let found = self.tickets.iter().position(|(ticket, _)| ticket["subject"] == filter["value"]);
        let results: Vec<Value> =
            found.iter().map(|place| json!({"id": (900 + place).to_string()})).collect();
        (200, json!({"total": results.len(), "results": results}))
    }

    fn change_ticket(&mut self, id: &str, sent: &Value) -> Reply {
        let place = id.parse::<usize>().unwrap() - 900;
        for (name, value) in sent["properties"].as_object().unwrap() {
            self.tickets[place].0[name] = value.clone();
        }
        (200, json!({"id": id}))
    }

    fn occur(&mut self, sent: &Value) -> Reply {
        for event in sent["inputs"].as_array().unwrap() {
            let id = event["uuid"].as_str().unwrap().to_owned();
            if self.events.contains_key(&id) {
                return refusal(409, "CONFLICT", "An event with this id is there");
            }
            self.events.insert(id, event.clone());
        }
        (204, Value::Null)
    }
}
