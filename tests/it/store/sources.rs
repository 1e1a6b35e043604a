//! Connections: put, noted, ended; each site has its own.

use parere_collector::store::{Source, SourceName, Store};

use super::{SITE, open_shop, scope};
use crate::answer::NOON;

fn source(name: SourceName, secret: &str) -> Source {
    Source { name, secret: secret.into(), created_at: NOON, heard_at: None, refused: None }
}

pub(super) async fn a_connection_is_kept_with_when_it_was_heard(store: &dyn Store) {
    open_shop(store, SITE).await;
    open_shop(store, "pk_other").await;
    let sources = store.sources();
    let (shop, desk) = (source(SourceName::Shopify, "one"), source(SourceName::HelpScout, "two"));
    for one in [&shop, &desk] {
        sources.put_source(&scope(SITE), one).await.unwrap();
    }
    sources.put_source(&scope("pk_other"), &source(SourceName::Shopify, "theirs")).await.unwrap();
    assert_eq!(sources.sources(&scope(SITE)).await.unwrap(), [desk, shop.clone()]);
    sources.note_heard(&scope(SITE), SourceName::Shopify, NOON + 1).await.unwrap();
    sources.note_refused(&scope(SITE), SourceName::Shopify, NOON + 2, "why").await.unwrap();
    // What is not there is noted nowhere.
    sources.note_heard(&scope(SITE), SourceName::Bounces, NOON).await.unwrap();
    let heard = Source { heard_at: Some(NOON + 1), refused: Some((NOON + 2, "why".into())), ..shop.clone() };
    assert_eq!(sources.source(&scope(SITE), SourceName::Shopify).await.unwrap(), Some(heard));
    assert_eq!(sources.source(&scope(SITE), SourceName::Bounces).await.unwrap(), None);
    let theirs = sources.source(&scope("pk_other"), SourceName::Shopify).await.unwrap().unwrap();
    assert_eq!((theirs.heard_at, theirs.refused, &*theirs.secret), (None, None, "theirs"));
    // Another secret: it begins anew.
    let renewed = Source { created_at: NOON + 9, ..source(SourceName::Shopify, "three") };
    sources.put_source(&scope(SITE), &renewed).await.unwrap();
    assert_eq!(sources.source(&scope(SITE), SourceName::Shopify).await.unwrap(), Some(renewed));
    assert!(sources.remove_source(&scope(SITE), SourceName::Shopify).await.unwrap());
    assert!(!sources.remove_source(&scope(SITE), SourceName::Shopify).await.unwrap());
    assert_eq!(sources.sources(&scope("pk_other")).await.unwrap().len(), 1);
    // They go with their site.
    assert!(store.remove_site(&scope("pk_other"), NOON).await.unwrap());
    assert_eq!(sources.sources(&scope("pk_other")).await.unwrap(), []);
}
