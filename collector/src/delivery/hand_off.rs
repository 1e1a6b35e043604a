//! Invitations that a program of the merchant's brings to the customer: put in the queue of a hook, told, and settled.

use parere_shared::config::SurveyConfig;
use parere_shared::response::ResponseId;
use parere_shared::time::{self, DAY_MS, Millis};
use serde_json::json;

use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::invitation::link;
use crate::store::{
    self, DeliveryState, Invitation, InvitationState, Occasion, SettledInvitation, Webhook, WebhookKind,
    WebhookState,
};

/// How long a hook has to take an invitation: its whole schedule, and a day.
pub const HAND_OFF_MS: Millis = 5 * DAY_MS;

/// Puts an invitation in the queue of the oldest hook that brings some; `false` if there is none. One alone: a customer
/// gets one message. Whoever puts it there a second time changes nothing.
pub async fn hand_off(
    app: &App,
    scope: &SiteScope,
    invitation: &Invitation,
    now: Millis,
) -> store::Result<bool> {
    let hooks = app.store.deliveries().webhooks(scope).await?;
    let brings = |hook: &&Webhook| {
        let is_on = hook.state == WebhookState::On && hook.kind == WebhookKind::Standard;
        is_on && hook.occasions.contains(&Occasion::Invitation)
    };
    let Some(hook) = hooks.iter().find(brings) else { return Ok(false) };
    let delivery = store::hand_off(scope.site(), &hook.id, invitation.id, now);
    app.store.deliveries().enqueue(scope, &delivery).await?;
    Ok(true)
}

/// The invitation of this id as it is handed over; `None` if it is not to be any more.
///
/// A letter may be read before the sender who put it in the queue has written so, or after that sender died in between:
/// then it is written here.
pub(super) async fn on_its_way(
    app: &App,
    scope: &SiteScope,
    id: ResponseId,
) -> store::Result<Option<Invitation>> {
    let invitations = app.store.invitations();
    let mut found = invitations.invited(scope, id).await?;
    if let Some(waiting) = found.take_if(|found| found.state == InvitationState::Waiting) {
        let now = app.clock.now();
        let begun = SettledInvitation {
            id,
            claimed_until: waiting.due_at,
            state: InvitationState::Sending,
            reason: String::new(),
            tries: waiting.tries,
            due_at: now + HAND_OFF_MS,
            sent_at: None,
        };
        invitations.settle_invitation(scope, &begun).await?;
        found = invitations.invited(scope, id).await?;
    }
    Ok(found.filter(|found| found.state == InvitationState::Sending))
}

/// What a program needs to ask somebody; `None` if there is nobody to ask any more.
pub(super) fn told(app: &App, site: &SiteEntry, invitation: &Invitation) -> Option<serde_json::Value> {
    let (address, entry) = (invitation.address.as_ref()?, site.survey(&invitation.survey)?);
    let link = link(&app.public_url, &site.site, invitation.id);
    let language = entry.survey.language_for(invitation.locale.as_deref().unwrap_or_default());
    let config = SurveyConfig::new(&entry.survey, language, site.offsets);
    Some(json!({
        "site": site.site.key,
        "invitation": {
            "id": invitation.id.encode(), "key": invitation.key, "channel": invitation.channel,
            "address": address, "survey": invitation.survey, "ref": invitation.order_ref,
            "ticket": invitation.ticket, "locale": config.language,
            "text": format!("{} {link}", config.question), "link": link,
            "expires_at": time::format(invitation.expires_at),
        },
    }))
}

/// An invitation is on its way to its customer, or nobody takes it there.
pub(super) async fn brought(
    app: &App,
    site: &str,
    id: ResponseId,
    delivery: DeliveryState,
    now: Millis,
) -> store::Result<()> {
    let scope = SiteScope::at_the_machine(site);
    let Some(found) = app.store.invitations().invited(&scope, id).await? else { return Ok(()) };
    let is_brought = delivery == DeliveryState::Delivered;
    let settled = SettledInvitation {
        id,
        claimed_until: found.due_at,
        state: if is_brought { InvitationState::Sent } else { InvitationState::Failed },
        reason: if is_brought { String::new() } else { "given_up".into() },
        tries: found.tries,
        due_at: now,
        sent_at: is_brought.then_some(now),
    };
    app.store.invitations().settle_invitation(&scope, &settled).await?;
    Ok(())
}
