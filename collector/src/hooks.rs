//! What others tell a site: orders of its shop, tickets of its help desk, letters that came back.
//!
//! A message is believed if it is signed with the secret of its source, over the bytes that came ([`signature`]); then
//! [`Told`] hands it to the handler of that source. Whatever it does is committed before it is acknowledged, and the
//! same message again, or one that comes late, leads to the same end.

use parere_shared::time;

use crate::app::App;
use crate::error::ApiError;
use crate::store::SourceName;

mod bounces;
mod helpscout;
mod news;
mod orders;
mod receive;
mod shopify;
mod signature;
pub mod tickets;
mod woocommerce;
mod zendesk;

pub use receive::{Message, Told};
pub use signature::{SECRET_CHARS_MAX, is_long_enough, own_secret};
pub use zendesk::TRIGGER_BODY;

/// Does all that a message means, which is on disk when this returns.
pub async fn hear(app: &App, message: &Message) -> Result<(), ApiError> {
    let heard = match message.source {
        SourceName::Shopify => {
            let triggered_at = time::parse(message.header("x-shopify-triggered-at"));
            let topic = message.header("x-shopify-topic");
            shopify::read(topic, &message.json()?, triggered_at.unwrap_or(message.at))
        }
        SourceName::WooCommerce => {
            woocommerce::read(message.header("x-wc-webhook-topic"), &message.json()?, message.at)
        }
        SourceName::Orders => orders::read(&message.json()?, message.at).map_err(ApiError::Invalid)?,
        SourceName::HelpScout => {
            let event = message.header("x-helpscout-event");
            return tickets::take(app, message, helpscout::read(event, &tickets::body(message), message.at))
                .await;
        }
        SourceName::Zendesk => {
            return tickets::take(app, message, zendesk::read(&tickets::body(message), message.at)).await;
        }
        SourceName::Tickets => return tickets::hear(app, message).await,
        SourceName::Bounces => return bounces::hear(app, message).await,
    };
    news::take(app, message, heard).await
}
