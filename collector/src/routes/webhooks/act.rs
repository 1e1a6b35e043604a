//! What can be done to a hook, by programs and on the dashboard.

use super::wish::{self, WebhookIn};
use crate::app::App;
use crate::auth::{Action, Caller, SiteScope};
use crate::catalogue::SiteEntry;
use crate::delivery::{HOOKS_MAX, due_day, secret_text};
use crate::error::ApiError;
use crate::random;
use crate::store::{About, Occasion, Webhook, WebhookKind, WebhookState, new_delivery};

const NO_SUCH_HOOK: ApiError = ApiError::NotFound("The site has no such webhook.");

fn named(hook: &Webhook) -> String {
    format!("{} ({})", hook.name, hook.id)
}

/// The hook of this id.
pub(in crate::routes) async fn find(app: &App, scope: &SiteScope, id: &str) -> Result<Webhook, ApiError> {
    let hooks = app.store.deliveries().webhooks(scope).await?;
    hooks.into_iter().find(|hook| hook.id == id).ok_or(NO_SUCH_HOOK)
}

/// Makes a hook; gives it back with its secret, if it has one, which is shown this once.
pub(in crate::routes) async fn make(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    sent: WebhookIn,
) -> Result<(Webhook, Option<String>), ApiError> {
    let now = app.clock.now();
    let mut hook = Webhook {
        id: random::token::<6>()?,
        name: String::new(),
        kind: WebhookKind::Standard,
        url: String::new(),
        occasions: Vec::new(),
        digest_hour: wish::DIGEST_HOUR,
        digest_day: 0,
        secret: random::bytes()?,
        crm: None,
        rests_until: 0,
        state: WebhookState::On,
        made_by: caller.who.name(),
        created_at: now,
    };
    wish::apply(&sent, &mut hook, true, app.poster.private()).map_err(ApiError::Invalid)?;
    // Its first digest is that of the day which ends next.
    hook.digest_day = due_day(now, &site.zone, hook.digest_hour);
    if app.store.deliveries().webhooks(scope).await?.len() >= HOOKS_MAX {
        return Err(ApiError::Conflict("The site has 20 webhooks; remove one that is not used any more."));
    }
    app.store.deliveries().add_webhook(scope, &hook).await?;
    app.record(&caller.who, Action::WebhookCreate, Some(scope.site()), &named(&hook)).await?;
    // Nothing that goes to a CRM is signed.
    let secret = (!hook.kind.is_crm()).then(|| secret_text(&hook.secret));
    Ok((hook, secret))
}

/// Changes a hook; gives it back, with its secret where that is new.
pub(in crate::routes) async fn alter(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    id: &str,
    sent: WebhookIn,
) -> Result<(Webhook, Option<String>), ApiError> {
    let mut hook = find(app, scope, id).await?;
    wish::apply(&sent, &mut hook, false, app.poster.private()).map_err(ApiError::Invalid)?;
    let is_rotated = sent.rotate_secret == Some(true) && !hook.kind.is_crm();
    if is_rotated {
        hook.secret = random::bytes()?;
    }
    if !app.store.deliveries().change_webhook(scope, &hook).await? {
        return Err(NO_SUCH_HOOK);
    }
    app.desk.ring(scope.site());
    app.record(&caller.who, Action::WebhookChange, Some(scope.site()), &named(&hook)).await?;
    let secret = is_rotated.then(|| secret_text(&hook.secret));
    Ok((hook, secret))
}

/// Removes a hook.
pub(in crate::routes) async fn remove_hook(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    id: &str,
) -> Result<(), ApiError> {
    let hook = find(app, scope, id).await?;
    if !app.store.deliveries().remove_webhook(scope, id).await? {
        return Err(NO_SUCH_HOOK);
    }
    app.record(&caller.who, Action::WebhookRemove, Some(scope.site()), &named(&hook)).await
}

/// Puts a test in the queue; its id.
pub(in crate::routes) async fn enqueue_test(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    id: &str,
) -> Result<String, ApiError> {
    let hook = find(app, scope, id).await?;
    if hook.state != WebhookState::On {
        return Err(ApiError::Conflict("The webhook is switched off; switch it on first."));
    }
    let told = random::token::<16>()?;
    let delivery = new_delivery(&hook.id, Occasion::Test, About::Nothing, &told, app.clock.now());
    app.store.deliveries().enqueue(scope, &delivery).await?;
    app.desk.ring(scope.site());
    app.record(&caller.who, Action::WebhookTest, Some(scope.site()), &named(&hook)).await?;
    Ok(delivery.id)
}

/// Puts a delivery back into the queue.
pub(in crate::routes) async fn replay_one(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    id: &str,
    delivery: &str,
) -> Result<(), ApiError> {
    let hook = find(app, scope, id).await?;
    if !app.store.deliveries().replay(scope, &hook.id, delivery, app.clock.now()).await? {
        return Err(ApiError::NotFound("The webhook has no such delivery."));
    }
    app.desk.ring(scope.site());
    app.record(
        &caller.who,
        Action::WebhookReplay,
        Some(scope.site()),
        &format!("{} {delivery}", named(&hook)),
    )
    .await
}
