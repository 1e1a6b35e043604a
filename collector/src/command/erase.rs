//! `parere erase`: one answer, or everything of a person, out for good; as the interface does it, without a server.

use anyhow::{Context as _, anyhow, bail};
use parere_shared::response::ResponseId;

use super::user::say;
use super::{open, refusal, site_of};
use crate::auth::{SiteScope, Who};
use crate::clock::Clock;
use crate::config::EraseOptions;
use crate::erasure::{self, Eraser};
use crate::error::ApiError;
use crate::store::{Filter, Person, Scrub, Site, Store};

/// Erases what `options` name, and says how much it was. The same again does nothing more.
pub async fn run(options: &EraseOptions, clock: &dyn Clock) -> anyhow::Result<()> {
    let store = open(options.store.url()?.expose()).await?;
    let site = site_of(&*store, &options.site).await?;
    let scope = SiteScope::at_the_machine(&site.key);
    let eraser = Eraser { store: &*store, clock, who: &Who::Machine };
    if let Some(id) = &options.what.id {
        let absent = || anyhow!("the site {} has no answer {id}", site.key);
        let id = ResponseId::parse(id).with_context(absent)?;
        if options.dry_run {
            return would(&*store, &scope, Filter { ids: Some(vec![id]), ..Filter::default() }).await;
        }
        let was_there = eraser.one(&scope, id).await.map_err(refusal)?.with_context(absent)?;
        return end(&*store, u64::from(was_there)).await;
    }
    let person = person(&*store, &scope, &site, options).await?;
    if options.dry_run {
        return would(&*store, &scope, Filter { person: Some(person), ..Filter::default() }).await;
    }
    let n = eraser.all_of(&scope, person).await.map_err(refusal);
    end(&*store, n.context("the same command goes on where it stopped")?).await
}

async fn person(
    store: &dyn Store,
    scope: &SiteScope,
    site: &Site,
    options: &EraseOptions,
) -> anyhow::Result<Person> {
    let reference = options.what.person.as_deref().context("say --id or --person")?;
    let found = match options.by {
        Some(by) => erasure::person(site, reference, by),
        None => erasure::find(store, scope, site, reference).await,
    };
    match found {
        Err(ApiError::Conflict(_)) => bail!(
            "there are answers with this subject and others with this ref; say --by subject, --by ref or --by either"
        ),
        found => found.map_err(refusal),
    }
}

async fn would(store: &dyn Store, scope: &SiteScope, filter: Filter) -> anyhow::Result<()> {
    let n = store.how_many(scope, &filter).await?;
    say(&format!("nothing was erased; {n} answers would be"))
}

/// Overwrites what is left of them, and says what was done.
async fn end(store: &dyn Store, erased: u64) -> anyhow::Result<()> {
    // Even after none: of a person there are tickets, orders and invitations, too.
    let is_overwritten = store.scrub(Scrub::Quick).await?;
    store.close().await?;
    say(&format!("{erased} answers were erased"))?;
    if !is_overwritten {
        say(
            "a long read keeps what is left of them in the log; it goes when that is over, or with parere compact",
        )?;
    }
    Ok(())
}
