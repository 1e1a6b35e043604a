//! Where trouble ends: one console line under `data-debug`, never a throw into the page.

use std::cell::RefCell;

use crate::page::Page;

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
}

/// From now on lines go to this page's loader, which knows whether they are wanted.
pub(crate) fn to(page: Page) {
    PAGE.with_borrow_mut(|known| *known = Some(page));
}

/// Says what happened.
pub(crate) fn say(line: &str) {
    PAGE.with_borrow(|page| {
        if let Some(page) = page {
            page.say(line);
        }
    });
}
