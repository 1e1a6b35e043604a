//! Where a site hears from: inbound connections, each with the secret that its messages are signed with.

use parere_shared::time::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::webhook::named;

/// Who tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceName {
    /// Orders of a shop at Shopify.
    Shopify,
    /// Orders of a shop with `WooCommerce`.
    WooCommerce,
    /// Orders of any other shop, in our own words.
    Orders,
    /// Conversations at Help Scout.
    HelpScout,
    /// Tickets at Zendesk.
    Zendesk,
    /// Tickets of any other help desk, in our own words.
    Tickets,
    /// Letters that came back, from whoever sends our mail.
    Bounces,
}

named!(SourceName {
    Shopify: "shopify",
    WooCommerce: "woocommerce",
    Orders: "orders",
    HelpScout: "helpscout",
    Zendesk: "zendesk",
    Tickets: "tickets",
    Bounces: "bounces",
});

impl SourceName {
    /// Every one, in the order in which people see them.
    pub const ALL: [Self; 7] = [
        Self::Shopify,
        Self::WooCommerce,
        Self::Orders,
        Self::HelpScout,
        Self::Zendesk,
        Self::Tickets,
        Self::Bounces,
    ];

    /// Does the other side make the secret, so that it has to be given to us?
    pub fn makes_its_secret(self) -> bool {
        matches!(self, Self::Shopify | Self::Zendesk)
    }

    /// Does it sign as we sign: after Standard Webhooks?
    pub fn signs_as_we_do(self) -> bool {
        matches!(self, Self::Orders | Self::Tickets | Self::Bounces)
    }
}

/// A site's connection to one of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// Who tells.
    pub name: SourceName,
    /// Its messages are signed with it, so it is kept as it is.
    pub secret: String,
    /// When it got this secret.
    pub created_at: Millis,
    /// When a message was last accepted, within [`NOTED_EVERY_MS`].
    pub heard_at: Option<Millis>,
    /// When a message was last refused, within [`NOTED_EVERY_MS`], and why.
    pub refused: Option<(Millis, String)>,
}

/// A secret is nothing for a log.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How exactly it is known when a source was heard or refused: so seldom does a flood of messages write, in milliseconds.
pub const NOTED_EVERY_MS: Millis = 60_000;
