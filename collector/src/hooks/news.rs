//! What a shop tells of an order, whoever told it; and what follows from it.

use parere_shared::time::{self, Millis};
use serde_json::{Map, Value};

use super::Message;
use crate::app::App;
use crate::auth::{Action, Who};
use crate::erasure::{forget_customer, forget_customers};
use crate::error::ApiError;
use crate::ingest::record::subject_hash;
use crate::random::hex;
use crate::store::{Contact, Happening, Known, Person, ShopOrder, kind};

/// Most characters of a text that is kept of an order.
pub(super) const TEXT_CHARS_MAX: usize = 200;

/// What a message means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Heard {
    /// Something about an order.
    News(Box<News>),
    /// Somebody wants to know what is stored of them, by what the shop calls that wish.
    Asked(String),
    /// Somebody is to be forgotten.
    Redact {
        /// References of their orders.
        orders: Vec<String>,
        /// The shop's reference for them.
        subject: Option<String>,
    },
    /// Everybody is: the shop has left.
    RedactAll,
}

/// News of an order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct News {
    /// Its reference: the shop's own id.
    pub(super) order: String,
    /// The shop's reference for the customer.
    pub(super) subject: Option<String>,
    /// When that was so.
    pub(super) as_of: Millis,
    /// What else is known of it.
    pub(super) known: ShopOrder,
    /// What happened to it.
    pub(super) happened: Vec<Happened>,
}

/// Something that happened to an order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Happened {
    /// What.
    pub(super) kind: String,
    /// To which part; the whole order has no name.
    pub(super) part: String,
    /// When.
    pub(super) at: Millis,
    /// What else was told of it.
    pub(super) properties: Map<String, Value>,
}

impl News {
    /// Of an order, as of a moment, about which nothing is known yet.
    pub(super) fn of(order: String, as_of: Millis) -> Self {
        let known = ShopOrder { told_at: as_of, ..ShopOrder::default() };
        Self { order, subject: None, as_of, known, happened: Vec::new() }
    }

    /// Something happened to it, if it is known when.
    pub(super) fn happened(&mut self, kind: &str, part: &str, at: Option<Millis>) {
        if let Some(at) = at {
            let properties = Map::new();
            self.happened.push(Happened { kind: kind.into(), part: part.into(), at, properties });
        }
    }

    /// A fact as of the moment of the news.
    pub(super) fn fact<T>(&self, value: Option<T>) -> Option<Known<T>> {
        value.map(|value| Known { as_of: self.as_of, value })
    }
}

/// Does all that follows from what was heard; on disk when it returns.
pub(super) async fn take(app: &App, message: &Message, heard: Vec<Heard>) -> Result<(), ApiError> {
    for heard in heard {
        match heard {
            Heard::News(news) => tell(app, message, *news).await?,
            // Whoever answers for the shop reads it in the log, and finds the customer by the shop's own list.
            Heard::Asked(wish) => note(app, message, Action::SubjectAsk, &wish).await?,
            Heard::Redact { orders, subject } => {
                note(app, message, Action::SubjectErase, "").await?;
                redact(app, message, orders, subject).await?;
            }
            Heard::RedactAll => {
                note(app, message, Action::SubjectErase, "everybody").await?;
                forget_customers(app, &message.scope).await?;
            }
        }
    }
    Ok(())
}

async fn tell(app: &App, message: &Message, news: News) -> Result<(), ApiError> {
    let News { order, subject, as_of, mut known, happened } = news;
    let hash = |name: &str| subject_hash(&message.site.site, name);
    let kept = |hash: [u8; 32]| Known { as_of, value: hex(&hash) };
    let subject = subject.map(|subject| hash(&subject));
    let email = known.contact.email.as_ref().map(|email| email.value.to_lowercase());
    let guest = email.map(|email| hash(&email));
    known.contact = Contact { subject: subject.map(kept), guest: guest.map(kept), ..known.contact };
    let mut happenings = Vec::with_capacity(happened.len());
    for Happened { kind, part, at, properties } in happened {
        // What every shop knows is told apart in an order; a merchant's own word is a reason to ask, and no more.
        if kind::OF_ORDERS.contains(&&*kind) {
            known = known.join(ShopOrder::happened(&kind, &part, at));
        }
        happenings.push(Happening {
            source: message.source,
            id: format!("{kind}:{order}:{part}"),
            kind,
            at,
            received_at: message.at,
            order: Some(order.clone()),
            ticket: None,
            subject,
            properties,
        });
    }
    app.store.orders().tell(&message.scope, &order, &known, &happenings).await?;
    Ok(())
}

/// Writes down what is done on behalf of a customer, or asked.
async fn note(app: &App, message: &Message, action: Action, target: &str) -> Result<(), ApiError> {
    app.record(&Who::Source(message.source), action, Some(message.scope.site()), target).await
}

async fn redact(
    app: &App,
    message: &Message,
    orders: Vec<String>,
    subject: Option<String>,
) -> Result<(), ApiError> {
    let subject = subject.map(|subject| subject_hash(&message.site.site, &subject));
    let people = orders.into_iter().map(|order| Person { subject: None, order_ref: Some(order) });
    for person in people.chain(subject.map(|_| Person { subject, order_ref: None })) {
        forget_customer(app, &message.scope, &person).await?;
    }
    Ok(())
}

/// A text at a path of `value`, without blanks around it; none where it is absent, empty, or longer than is kept.
pub(super) fn text(value: &Value, path: &str) -> Option<String> {
    let text = match value.pointer(path)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_kept = !text.is_empty()
        && text.chars().count() <= TEXT_CHARS_MAX
        && !parere_shared::text::has_control(&text);
    is_kept.then_some(text)
}

/// The first of the paths at which there is a text.
pub(super) fn first_text(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| text(value, path))
}

/// A moment at a path of `value`: RFC 3339.
pub(super) fn moment(value: &Value, path: &str) -> Option<Millis> {
    time::parse(value.pointer(path)?.as_str()?)
}

/// What stands in a list at a path of `value`.
pub(super) fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Country and province of an address: `IT`, `US-CA`.
pub(super) fn region(country: Option<String>, province: Option<String>) -> Option<String> {
    let country = country.filter(|code| code.len() == 2)?.to_ascii_uppercase();
    let province = province.filter(|code| (1..=3).contains(&code.len()));
    Some(province.map_or(country.clone(), |code| format!("{country}-{}", code.to_ascii_uppercase())))
}
