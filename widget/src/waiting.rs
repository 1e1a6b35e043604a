//! Surveys that wait for something to happen on the page.

use std::cell::RefCell;

use parere_shared::gate::On;

use crate::dom;
use crate::page::Page;
use crate::session::{self, Survey};

thread_local! {
    static WAITING: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone)]
struct Waiting {
    page: Page<'static>,
    survey: &'static Survey,
}

/// Asks now, or when what the survey waits for has happened; says whether a prompt stands.
pub(crate) fn ask(page: Page<'static>, survey: &'static Survey) -> bool {
    let awaited = &survey.awaited;
    if page.is_forced || matches!(awaited.on, On::Start | On::Purchase) {
        return session::ask(&page, survey);
    }
    dom::watch(awaited.on as i32, awaited.amount, awaited.name, survey.slug);
    WAITING.with_borrow_mut(|waiting| waiting.push(Waiting { page, survey }));
    false
}

/// Something happened: asks the first survey that waited for it. `properties` are an event's, as in [`Page`].
pub(crate) fn happen(on: On, amount: i32, name: &str, properties: &str) {
    let met = WAITING.with_borrow_mut(|waiting| {
        let is_met = |wait: &Waiting| wait.survey.awaited.is_met(on, amount, name, properties);
        let index = waiting.iter().position(is_met)?;
        Some(waiting.remove(index))
    });
    if let Some(Waiting { page, survey }) = met {
        session::ask(&page, survey);
    }
}
