//! `parere erase`: one answer, or everything of a person, out for good; as the interface does it, without a server.

use anyhow::{Context as _, anyhow, bail};
use parere_shared::response::ResponseId;

use super::user::say;
use super::{open, refusal, site_of};
use crate::auth::{SiteScope, Who};
use crate::clock::Clock;
use crate::config::EraseOptions;
use crate::erasure::{self, Eraser, KnownBy, Whose};
use crate::error::ApiError;
use crate::store::{Filter, Scrub, Site, Store};

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
    let whose = whose(&*store, &scope, &site, options).await?;
    if options.dry_run {
        would(&*store, &scope, whose.answers).await?;
        return whose.address.map_or(Ok(()), |held| {
            let (orders, invitations) = (held.orders, held.invitations);
            say(&format!("{orders} orders and {invitations} invitations hold the address"))
        });
    }
    let n = eraser.all_of(&scope, &whose).await.map_err(refusal);
    end(&*store, n.context("the same command goes on where it stopped")?).await
}

async fn whose(
    store: &dyn Store,
    scope: &SiteScope,
    site: &Site,
    options: &EraseOptions,
) -> anyhow::Result<Whose> {
    let EraseOptions { by, what, .. } = options;
    let by = if what.email.is_some() { Some(KnownBy::Email) } else { *by };
    let reference = what.person.as_deref().or(what.email.as_deref());
    let reference = reference.context("say --id, --person or --email")?;
    let found = match by {
        Some(by) => erasure::known(store, scope, site, reference, by).await,
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
