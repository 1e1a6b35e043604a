//! Whose data is meant: by the merchant's own reference for a person, by an order, or by an e-mail address.

use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::response::ResponseId;
use parere_shared::violation::{Rule, Violation};

use crate::auth::{SiteScope, email};
use crate::error::ApiError;
use crate::ingest::record::subject_hash;
use crate::invitation::person::person_key;
use crate::store::{Contact, Filter, Hash, Invitation, Order, Person, Seq, ShopOrder, Site, Store};

/// Answers that are looked through for an address in one read: a fraction of a second.
const READ_LEN: Seq = 50_000;

/// Answers of a person that are listed by one read.
const PAGE_LEN: usize = 500;

/// By what a reference shall be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum KnownBy {
    /// The `subject` of answers: the merchant's reference for a person.
    Subject,
    /// The `ref` of answers: an order.
    Ref,
    /// Both.
    Either,
    /// An e-mail address, in whatever holds it.
    Email,
}

impl KnownBy {
    /// Every one, with its name.
    pub const NAMED: [(Self, &'static str); 4] =
        [(Self::Subject, "subject"), (Self::Ref, "ref"), (Self::Either, "either"), (Self::Email, "email")];

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(by, _)| *by)
    }
}

/// All by which a person is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// By what tickets, orders, plans and invitations are theirs.
    pub people: Vec<Person>,
    /// What holds their address, if they were looked for by it.
    pub address: Option<AddressHeld>,
    /// Which answers are theirs.
    pub answers: Filter,
}

/// What holds an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressHeld {
    /// Hash of the address, by which invitations are theirs.
    pub person: Hash,
    /// Orders whose customer is reached at it.
    pub orders: usize,
    /// Invitations that were made for it.
    pub invitations: usize,
}

impl Whose {
    /// Whoever is known by a reference, and by the orders that it leads to.
    async fn of(store: &dyn Store, scope: &SiteScope, person: Person) -> Result<Self, ApiError> {
        let mut people = vec![person];
        for (order, _) in store.orders().orders_of(scope, &people[0]).await? {
            let of_order = Person { subject: None, order_ref: Some(order) };
            if people[0].order_ref != of_order.order_ref {
                people.push(of_order);
            }
        }
        let answers = match &*people {
            [person] => Filter { person: Some(person.clone()), ..Filter::default() },
            people => among(answers_of_all(store, scope, people).await?),
        };
        Ok(Self { people, address: None, answers })
    }
}

fn among(mut ids: Vec<ResponseId>) -> Filter {
    ids.sort_unstable();
    ids.dedup();
    Filter { ids: Some(ids), ..Filter::default() }
}

/// Who is known by `reference` at `site`, looked for by what was said.
pub async fn known(
    store: &dyn Store,
    scope: &SiteScope,
    site: &Site,
    reference: &str,
    by: KnownBy,
) -> Result<Whose, ApiError> {
    let person = person(site, reference, by)?;
    if by == KnownBy::Email {
        return reached(store, scope, site, reference).await;
    }
    Whose::of(store, scope, person).await
}

/// Whose answers are meant where it was not said by what to look.
///
/// An address is one person's, whatever holds it. A number can be that of a customer and that of a stranger's order: what
/// is found both ways is nobody's for sure, and neither handed out nor erased before somebody says which is meant.
pub async fn find(
    store: &dyn Store,
    scope: &SiteScope,
    site: &Site,
    reference: &str,
) -> Result<Whose, ApiError> {
    if email(reference).is_some() {
        return known(store, scope, site, reference, KnownBy::Email).await;
    }
    let mut found = Vec::new();
    for by in [KnownBy::Subject, KnownBy::Ref] {
        if has_any(store, scope, person(site, reference, by)?).await? {
            found.push(by);
        }
    }
    match *found {
        [by] => Whose::of(store, scope, person(site, reference, by)?).await,
        [] => Whose::of(store, scope, person(site, reference, KnownBy::Subject)?).await,
        _ => Err(ApiError::Conflict(
            "There are answers with this subject and others with this ref; say by=subject, by=ref or by=either.",
        )),
    }
}

/// Whose answers `reference` stands for at `site`. Subjects are stored as hashes only, so it is hashed as they were.
fn person(site: &Site, reference: &str, by: KnownBy) -> Result<Person, ApiError> {
    let refused = |rule| Err(ApiError::Invalid(vec![Violation::new("ref", rule)]));
    match reference.chars().count() {
        0 => return refused(Rule::Empty),
        chars if chars > FIELD_CHARS_MAX => return refused(Rule::TooLong { max: FIELD_CHARS_MAX }),
        _ => {}
    }
    Ok(Person {
        subject: (by != KnownBy::Ref).then(|| subject_hash(site, reference)),
        order_ref: (by != KnownBy::Subject).then(|| reference.into()),
    })
}

async fn has_any(store: &dyn Store, scope: &SiteScope, person: Person) -> Result<bool, ApiError> {
    // An order of which the customer was forgotten is nobody's.
    let orders = store.orders().orders_of(scope, &person).await?;
    let is_known = orders.iter().any(|(_, order)| order.contact != Contact::default())
        || !store.segments().segments_of(scope, person.subject.as_slice()).await?.is_empty()
        || !store.invitations().invitations_of(scope, &person, 1).await?.is_empty()
        || !store.tickets().tickets_of(scope, &person).await?.is_empty()
        || !store.rules().plans_of(scope, &person, 1).await?.is_empty();
    if is_known {
        return Ok(true);
    }
    let filter = Filter { person: Some(person), ..Filter::default() };
    Ok(!store.page(scope, &filter, Order::OldestFirst, None, 1).await?.is_empty())
}

/// Whoever is reached at an address: by the orders and invitations that hold it and what these are known by, by answers
/// that name it, and by the address itself, which some shops refer to people with.
async fn reached(
    store: &dyn Store,
    scope: &SiteScope,
    site: &Site,
    written: &str,
) -> Result<Whose, ApiError> {
    let Some(address) = email(written) else {
        let rule = Rule::Format("an e-mail address");
        return Err(ApiError::Invalid(vec![Violation::new("ref", rule)]));
    };
    let hash = person_key(site, &address);
    let orders = store.addresses().orders_to(scope, &address).await?;
    let invitations = store.addresses().invitations_to(scope, &hash).await?;
    let people = people(site, &[&address, written.trim()], &orders, &invitations)?;
    let mut ids: Vec<ResponseId> = invitations.iter().map(|invitation| invitation.id).collect();
    ids.extend(naming(store, scope, &address).await?);
    // People call an order by its number, and answers can; as a reference of its own it would be somebody else's.
    let numbers = orders.iter().filter_map(|(_, order)| Some(order.number.as_ref()?.value.clone()));
    let called = numbers.chain([address, written.trim().to_owned()]);
    let called = called.map(|name| Person { subject: None, order_ref: Some(name) });
    let all: Vec<Person> = people.iter().cloned().chain(called).collect();
    ids.extend(answers_of_all(store, scope, &all).await?);
    Ok(Whose {
        people,
        address: Some(AddressHeld { person: hash, orders: orders.len(), invitations: invitations.len() }),
        answers: among(ids),
    })
}

/// Subjects and orders that lead to the same person, each once.
fn people(
    site: &Site,
    written: &[&str],
    orders: &[(String, ShopOrder)],
    invitations: &[Invitation],
) -> Result<Vec<Person>, ApiError> {
    let mut people: Vec<Person> = Vec::new();
    let by_itself = written.iter().map(|written| person(site, written, KnownBy::Subject));
    let by_order = orders
        .iter()
        .map(|(order, known)| Ok(Person { subject: known.subject(), order_ref: Some(order.clone()) }));
    let by_invitation = invitations.iter().map(|invitation| {
        Ok(Person { subject: invitation.subject, order_ref: invitation.order_ref.clone() })
    });
    for person in by_itself.chain(by_order).chain(by_invitation) {
        let person = person?;
        if person != Person::default() && !people.contains(&person) {
            people.push(person);
        }
    }
    Ok(people)
}

/// Answers that name an address, a stretch at a time.
async fn naming(store: &dyn Store, scope: &SiteScope, address: &str) -> Result<Vec<ResponseId>, ApiError> {
    let (last, mut after, mut found) = (store.last_seq(scope).await?, 0, Vec::new());
    while after < last {
        let to = after.saturating_add(READ_LEN);
        found.extend(store.addresses().answers_naming(scope, address, after, to).await?);
        after = to;
    }
    Ok(found)
}

async fn answers_of_all(
    store: &dyn Store,
    scope: &SiteScope,
    people: &[Person],
) -> Result<Vec<ResponseId>, ApiError> {
    let mut found = Vec::new();
    for person in people {
        let filter = Filter { person: Some(person.clone()), ..Filter::default() };
        let mut after = None;
        loop {
            let rows = store.page(scope, &filter, Order::OldestFirst, after, PAGE_LEN).await?;
            after = rows.last().map(|row| row.seq);
            found.extend(rows.iter().map(|row| row.row.id));
            if rows.len() < PAGE_LEN {
                break;
            }
        }
    }
    Ok(found)
}
