//! Answers that come late to a CRM: after a newer one of the same person to the same measure.
//!
//! What failed is tried again for three days, and a browser keeps what it could not send. Meanwhile the same person may
//! have answered again, and a contact has one latest score. So before answers are sent it is looked for newer ones of
//! which the same hook was or is to be told, by what is stored and not by what was sent: of two that are on their way
//! at the same time the older one gives way, too.

use std::collections::{BTreeMap, BTreeSet};

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

use super::{Told, buyers, reason_to_be_silent};
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::store::{Crm, Filter, Order, Row, Webhook};

/// What is said of an answer that changes nothing there.
pub(super) const SAID: &str = "A newer answer of the same person was or will be told; nothing was sent.";

/// Latest deliveries among which newer answers are looked for: more than most shops have in the three days of tries.
const LATEST_MAX: usize = 20_000;

/// Answers that are read with one statement.
const AT_ONCE: usize = 500;

/// The order in which answers were given.
type Place = (Millis, Millis, ResponseId);

fn place(row: &Row) -> Place {
    (row.occurred_at, row.received_at, row.id)
}

/// When people answered each measure last, by their addresses.
#[derive(Debug, Default)]
pub(super) struct Latest(BTreeMap<(String, &'static str), Place>);

impl Latest {
    /// Was something given after `row`, by the same person and to the same measure?
    pub(super) fn overtakes(&self, email: &str, row: &Row) -> bool {
        let last = self.0.get(&(email.to_owned(), row.metric.as_str()));
        last.is_some_and(|last| *last > place(row))
    }

    fn note(&mut self, email: String, row: &Row) {
        let last = self.0.entry((email, row.metric.as_str())).or_insert_with(|| place(row));
        *last = place(row).max(*last);
    }
}

/// The last answers of those who gave `told`, as far as the hook is told of them.
pub(super) async fn latest(
    app: &App,
    site: &SiteEntry,
    hook: &Webhook,
    crm: &Crm,
    told: &[(usize, Told<'_>)],
) -> anyhow::Result<Latest> {
    let mut latest = Latest::default();
    let told = || told.iter().map(|(_, told)| told);
    let Some(first) = told().map(|told| told.row.occurred_at).min() else { return Ok(latest) };
    for told in told() {
        latest.note(told.email.clone(), told.row);
    }
    let scope = SiteScope::at_the_machine(&site.site.key);
    // Nothing is received before it is given, and put in the queue before it is received.
    let ids = app.store.deliveries().told_since(&scope, &hook.id, first, LATEST_MAX).await?;
    let known: BTreeSet<ResponseId> = told().map(|told| told.row.id).collect();
    let ids: BTreeSet<ResponseId> = ids.into_iter().filter(|id| !known.contains(id)).collect();
    let ids: Vec<ResponseId> = ids.into_iter().collect();
    let people: BTreeSet<&str> = told().map(|told| &*told.email).collect();
    let is_later =
        |row: &Row| told().any(|told| told.row.metric == row.metric && place(told.row) < place(row));
    for ids in ids.chunks(AT_ONCE) {
        let filter = Filter { ids: Some(ids.to_vec()), ..Filter::default() };
        let found = app.store.page(&scope, &filter, Order::NewestFirst, None, ids.len()).await?;
        let rows: Vec<Row> = found.into_iter().map(|stored| stored.row).filter(is_later).collect();
        let buyers = buyers(app, site, &rows).await?;
        for row in &rows {
            let email = reason_to_be_silent(row, &crm.contact, &buyers).ok();
            if let Some(email) = email.filter(|email| people.contains(&**email)) {
                latest.note(email, row);
            }
        }
    }
    Ok(latest)
}
