//! What people may ask for: to be told what is stored of them, and to be forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;
use std::sync::atomic::Ordering;

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

use crate::app::App;
use crate::auth::{self, Action, SiteScope, Who};
use crate::clock::Clock;
use crate::error::ApiError;
use crate::store::{Filter, Hash, Order, Person, Scrub, ShopOrder, Store, StoreError};

mod whose;

pub use whose::{AddressHeld, KnownBy, Whose, find, known};

/// Somebody who erases, at a moment.
#[derive(Clone, Copy)]
pub struct Eraser<'a> {
    /// Where it is erased.
    pub store: &'a dyn Store,
    /// When, and when it is written down.
    pub clock: &'a dyn Clock,
    /// By whom.
    pub who: &'a Who,
}

impl Eraser<'_> {
    /// Erases one answer and says whether it was there; `None` if there never was one of this id.
    ///
    /// Written down before it is done: afterwards nothing else tells of it. The id is no part of that.
    pub async fn one(self, scope: &SiteScope, id: ResponseId) -> Result<Option<bool>, ApiError> {
        let filter = Filter { ids: Some(vec![id]), ..Filter::default() };
        let rows = self.store.page(scope, &filter, Order::OldestFirst, None, 1).await?;
        let Some(stored) = rows.first() else {
            let was_there = !self.store.erased(scope, &[id]).await?.is_empty();
            return Ok(was_there.then_some(false));
        };
        self.note(Action::ResponsesErase, scope, &stored.row.survey).await?;
        self.store.erase(scope, &filter, self.clock.now()).await?;
        Ok(Some(true))
    }

    /// Erases everything of a person, tickets among it, and says how many answers it was.
    pub async fn all_of(self, scope: &SiteScope, whose: &Whose) -> Result<u64, ApiError> {
        self.note(Action::SubjectErase, scope, "").await?;
        for person in &whose.people {
            self.store.tickets().erase_tickets_of(scope, person, self.clock.now()).await?;
            // First: what is asked no more is answered no more.
            self.store.rules().erase_plans(scope, person).await?;
        }
        // Before what leads to them: whoever goes on after a failure finds the same way.
        let erased = self.store.erase(scope, &whose.answers, self.clock.now()).await?;
        for person in &whose.people {
            self.store.invitations().erase_invitations(scope, person).await?;
        }
        if let Some(held) = &whose.address {
            self.store.addresses().erase_invitations_to(scope, &held.person).await?;
        }
        let orders = orders_of_all(self.store, scope, &whose.people).await?;
        disown(self.store, self.clock, scope, &whose.people, &orders).await?;
        // What somebody was asked before may have been answered meanwhile, under an id that is known already.
        Ok(erased + self.store.erase(scope, &whose.answers, self.clock.now()).await?)
    }

    async fn note(self, action: Action, scope: &SiteScope, target: &str) -> Result<(), ApiError> {
        let entry = auth::entry(self.clock, self.who, action, Some(scope.site()), target)?;
        Ok(self.store.access().record(entry).await?)
    }
}

/// Erases one answer; `false` if there never was one of this id. Once more does nothing more.
pub async fn erase_one(app: &App, who: &Who, scope: &SiteScope, id: ResponseId) -> Result<bool, ApiError> {
    let erased = eraser(app, who).one(scope, id).await?;
    if erased == Some(true) {
        follow(app, scope.site());
    }
    Ok(erased.is_some())
}

/// Erases everything of a person, tickets among it, and says how many answers it was.
pub async fn erase_person(app: &App, who: &Who, scope: &SiteScope, whose: &Whose) -> Result<u64, ApiError> {
    let erased = eraser(app, who).all_of(scope, whose).await;
    // Whatever came in between: the first ones are gone.
    follow(app, scope.site());
    erased
}

fn eraser<'a>(app: &'a App, who: &'a Who) -> Eraser<'a> {
    Eraser { store: &*app.store, clock: &*app.clock, who }
}

/// Forgets, for good, that a person's orders are theirs: nothing that is told of them again says it, and nobody is asked
/// about them. Their answers stay.
pub async fn forget_customer(app: &App, scope: &SiteScope, person: &Person) -> Result<(), ApiError> {
    let (store, people) = (&*app.store, slice::from_ref(person));
    let orders = orders_of_all(store, scope, people).await?;
    let of_order = |order: &String| Person { subject: None, order_ref: Some(order.clone()) };
    for theirs in orders.keys().map(of_order).chain([person.clone()]) {
        store.rules().erase_plans(scope, &theirs).await?;
        store.invitations().erase_invitations(scope, &theirs).await?;
    }
    disown(store, &*app.clock, scope, people, &orders).await?;
    app.is_scrub_due.store(true, Ordering::Relaxed);
    Ok(())
}

/// Forgets who any of a shop's customers are, and what was to be asked of them: the shop has left. Answers stay.
pub async fn forget_customers(app: &App, scope: &SiteScope) -> Result<(), ApiError> {
    let store = &app.store;
    while store.rules().forget_plans(scope, Millis::MAX).await? > 0 {}
    while store.invitations().forget_invitations(scope, Millis::MAX).await? > 0 {}
    while store.happenings().forget_happenings(scope, Millis::MAX).await? > 0 {}
    while store.segments().let_go_of_segments(scope, Millis::MAX).await? > 0 {}
    while store.orders().let_go_of_orders(scope, Millis::MAX, Millis::MIN).await? > 0 {}
    app.is_scrub_due.store(true, Ordering::Relaxed);
    Ok(())
}

/// Orders of people by their references. Many may be known by one subject, and it is looked for once.
async fn orders_of_all(
    store: &dyn Store,
    scope: &SiteScope,
    people: &[Person],
) -> Result<BTreeMap<String, ShopOrder>, ApiError> {
    let mut orders = BTreeMap::new();
    for known_by in apart(people) {
        orders.extend(store.orders().orders_of(scope, &known_by).await?);
    }
    Ok(orders)
}

/// All that people are known by, one thing at a time and each once.
fn apart(people: &[Person]) -> Vec<Person> {
    let subjects: BTreeSet<Hash> = people.iter().filter_map(|person| person.subject).collect();
    let orders: BTreeSet<String> = people.iter().filter_map(|person| person.order_ref.clone()).collect();
    let by_subject = subjects.into_iter().map(|subject| Person { subject: Some(subject), order_ref: None });
    let by_order = orders.into_iter().map(|order| Person { subject: None, order_ref: Some(order) });
    by_subject.chain(by_order).collect()
}

/// Forgets whose these people's orders are, what happened to them by whose it was, and what lists say of them.
async fn disown(
    store: &dyn Store,
    clock: &dyn Clock,
    scope: &SiteScope,
    people: &[Person],
    orders: &BTreeMap<String, ShopOrder>,
) -> Result<(), ApiError> {
    let known = orders.values().filter_map(ShopOrder::subject);
    let known: BTreeSet<Hash> = known.chain(people.iter().filter_map(|person| person.subject)).collect();
    store.segments().forget_segments(scope, &known.into_iter().collect::<Vec<_>>()).await?;
    let of_order = |order: &String| Person { subject: None, order_ref: Some(order.clone()) };
    let all: Vec<Person> = people.iter().cloned().chain(orders.keys().map(of_order)).collect();
    let all = apart(&all);
    for known_by in &all {
        store.happenings().forget_whose(scope, known_by).await?;
    }
    // Those that were named, too, and are perhaps told of only later.
    let orders: Vec<String> = all.into_iter().filter_map(|known_by| known_by.order_ref).collect();
    store.orders().forget_customer(scope, &orders, clock.now()).await?;
    Ok(())
}

fn follow(app: &App, site: &str) {
    app.live.tell(site);
    app.shelf.clear(site);
    app.is_scrub_due.store(true, Ordering::Relaxed);
}

/// Overwrites what is left in unused parts of the database and in its log; later, if a reader is in the way.
pub async fn scrub(app: &App) -> Result<(), StoreError> {
    // Said first: what is erased meanwhile is due again.
    app.is_scrub_due.store(false, Ordering::Relaxed);
    let is_done = app.store.scrub(Scrub::Quick).await;
    if !matches!(is_done, Ok(true)) {
        app.is_scrub_due.store(true, Ordering::Relaxed);
    }
    is_done.map(|_| ())
}
