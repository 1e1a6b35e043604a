//! `parere compact`: the database written anew, so that nothing of what was erased is left in unused parts of it.

use anyhow::ensure;

use super::open;
use crate::config::StoreOptions;
use crate::store::Scrub;

/// Writes the whole file anew; beside a serving collector, answers wait meanwhile.
pub async fn run(options: &StoreOptions) -> anyhow::Result<()> {
    let store = open(options.url()?.expose()).await?;
    ensure!(
        store.scrub(Scrub::Whole).await?,
        "a long read is in the way of the last step; try again when it is over"
    );
    Ok(())
}
