//! What keeps an invitation from being sent when it is due: looked at right before it goes out.

use parere_shared::time::Millis;

use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::rules::{self, KeptRule};
use crate::store::{self, Invitation, SuppressionReason};

/// Why it waits, where it is night at the customer's.
pub(super) const QUIET: &str = "quiet";

/// Until when nothing is sent to this customer, if it is quiet where they are: what waited for a mail server may be due
/// in the middle of the night. Whoever is invited without a rule is written to when the merchant said.
pub(super) async fn quiet_until(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    invitation: &Invitation,
    kept: &[KeptRule],
    now: Millis,
) -> store::Result<Option<Millis>> {
    let kept = kept.iter().find(|kept| Some(&kept.id) == invitation.rule.as_ref());
    let Some(kept) = kept else { return Ok(None) };
    let order = match &invitation.order_ref {
        Some(order) => app.store.orders().order(scope, order).await?,
        None => None,
    };
    let zone = order.as_ref().and_then(rules::zone);
    let awake = kept.rule.awake(now, zone.as_ref().unwrap_or(&site.zone));
    Ok((awake > now).then_some(awake))
}

/// Whether they have left the list of those who are asked since they were invited.
pub(super) async fn unsuppressed(
    app: &App,
    scope: &SiteScope,
    invitation: &Invitation,
) -> store::Result<Option<SuppressionReason>> {
    let Some(person) = &invitation.person else { return Ok(None) };
    Ok(app.store.invitations().suppressed(scope, person).await?.map(|suppression| suppression.reason))
}
