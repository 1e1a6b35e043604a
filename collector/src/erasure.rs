//! What people may ask for: to be told what is stored of them, and to be forgotten.

use std::sync::atomic::Ordering;

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

use crate::app::App;
use crate::auth::{self, Action, SiteScope, Who};
use crate::clock::Clock;
use crate::error::ApiError;
use crate::store::{Filter, Order, Person, Scrub, Store, StoreError};

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
        for person in &whose.people {
            disown(self.store, self.clock, scope, person).await?;
        }
        // What somebody was asked before that may have been answered meanwhile.
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
    let store = &*app.store;
    let orders = store.orders().orders_of(scope, person).await?.into_iter();
    let orders = orders.map(|(order, _)| Person { subject: None, order_ref: Some(order) });
    for theirs in orders.chain([person.clone()]) {
        store.rules().erase_plans(scope, &theirs).await?;
        store.invitations().erase_invitations(scope, &theirs).await?;
    }
    disown(store, &*app.clock, scope, person).await?;
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

async fn disown(
    store: &dyn Store,
    clock: &dyn Clock,
    scope: &SiteScope,
    person: &Person,
) -> Result<(), ApiError> {
    let theirs = store.orders().orders_of(scope, person).await?;
    let known = theirs.iter().filter_map(|(_, order)| order.subject()).chain(person.subject);
    store.segments().forget_segments(scope, &known.collect::<Vec<_>>()).await?;
    let mut orders: Vec<String> = theirs.into_iter().map(|(order, _)| order).collect();
    store.happenings().forget_whose(scope, person).await?;
    for order in &orders {
        let of_order = Person { subject: None, order_ref: Some(order.clone()) };
        store.happenings().forget_whose(scope, &of_order).await?;
    }
    // Named, and perhaps told of only later.
    orders.extend(person.order_ref.clone());
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
