//! The one task that sends: it looks what is due at each site, claims it, and hands it over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use lettre::Address;
use lettre::message::Mailbox;
use parere_shared::time::{DAY_MS, Millis};

use super::hold::{QUIET, quiet_until, unsuppressed};
use super::letter::compose;
use super::server::{DIALOGUE_MAX, Handed, Mailer};
use super::wait::wait_ms;
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::invitation::KEPT_MS;
use crate::rules::KeptRule;
use crate::store::{
    self, Invitation, InvitationChannel, InvitationState, Occasion, SettledInvitation, Suppression,
    SuppressionReason, Webhook, WebhookKind, WebhookState,
};

/// How often every site is looked at where nobody rings.
const SWEEP_EVERY: Duration = Duration::from_secs(2);

/// How often what is over and what is old is looked for.
const TIDY_EVERY: Duration = Duration::from_secs(30);

/// Mails that one after the other takes its turn in a batch.
const TURNS: Millis = 5;

/// Most invitations of a site that are claimed at once: so many turns of as many mails as are on their way together.
const BATCH_LEN: usize = 20;

/// Mails on their way at the same time; few servers take more from one sender.
const AT_ONCE: usize = 4;

/// How long a claim lasts: every mail of a batch may take its whole time, and clocks do not agree.
const CLAIM_MS: Millis = (TURNS + 1) * DIALOGUE_MAX.as_secs().cast_signed() * 1_000;

/// How long what cannot be sent at all is left alone before it is looked at again.
const NO_WAY_MS: Millis = 5 * 60 * 1_000;

/// How long a hook has to take an invitation: its whole schedule, and a day.
const HAND_OFF_MS: Millis = 5 * DAY_MS;

/// Sends what is due until it is dropped.
pub async fn run(app: App) {
    let (mut tidied, mut is_reading) = (None::<Instant>, true);
    loop {
        let is_tidying = tidied.is_none_or(|at| at.elapsed() >= TIDY_EVERY);
        let result = round(&app, is_tidying).await;
        if is_tidying && result.is_ok() {
            tidied = Some(Instant::now());
        }
        // Said once, not at every round; what is due stays where it is.
        if let Err(error) = &result
            && is_reading
        {
            tracing::warn!("invitations that are due could not be read: {error:#}");
        }
        is_reading = result.is_ok();
        tokio::select! {
            () = app.invited.notified() => {}
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}

async fn round(app: &App, is_tidying: bool) -> store::Result<()> {
    for (key, site) in app.catalogue.all().iter() {
        let scope = SiteScope::at_the_machine(key);
        if is_tidying {
            let now = app.clock.now();
            app.store.invitations().lapse(&scope, now).await?;
            while app.store.invitations().forget_invitations(&scope, now - KEPT_MS).await? > 0 {}
        }
        while send_some(app, &scope, site).await? == BATCH_LEN {}
    }
    Ok(())
}

/// Sends a batch of what is due; says how many it was.
async fn send_some(app: &App, scope: &SiteScope, site: &SiteEntry) -> store::Result<usize> {
    let now = app.clock.now();
    let due = app.store.invitations().due_invitations(scope, now, BATCH_LEN).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let (ids, until) = (due.iter().map(|one| one.id).collect::<Vec<_>>(), now + CLAIM_MS);
    let claimed = app.store.invitations().claim_invitations(scope, &ids, now, until).await?;
    let n = claimed.len();
    let is_by_rule = due.iter().any(|one| one.rule.is_some());
    let rules = if is_by_rule { app.store.rules().kept_rules(scope).await? } else { Vec::new() };
    let rules = rules.as_slice();
    let ours = due.into_iter().filter(|one| claimed.contains(&one.id));
    stream::iter(ours)
        .for_each_concurrent(AT_ONCE, |one| async move {
            if let Err(error) = send(app, scope, site, &one, rules, until).await {
                tracing::warn!(site = scope.site(), "an invitation could not be sent: {error:#}");
            }
        })
        .await;
    Ok(n)
}

/// Sends one claimed invitation and writes down what came of it.
async fn send(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    invitation: &Invitation,
    rules: &[KeptRule],
    until: Millis,
) -> anyhow::Result<()> {
    let now = app.clock.now();
    let settled = |state, reason: &str, due_at, sent_at| SettledInvitation {
        id: invitation.id,
        claimed_until: until,
        state,
        reason: reason.into(),
        tries: match reason {
            // It was not tried.
            QUIET => invitation.tries,
            // There is no way to try it.
            reason if reason.starts_with("no_") => 0,
            _ => invitation.tries + 1,
        },
        due_at,
        sent_at,
    };
    let settled = if invitation.expires_at <= now {
        settled(InvitationState::Expired, "", now, None)
    } else if let Some(reason) = unsuppressed(app, scope, invitation).await? {
        settled(InvitationState::Suppressed, reason.as_str(), now, None)
    } else if let Some(morning) = quiet_until(app, scope, site, invitation, rules, now).await? {
        settled(InvitationState::Waiting, QUIET, morning, None)
    } else {
        match (invitation.channel, &app.mailer) {
            (InvitationChannel::Email, Some(mailer)) => {
                match mail(app, mailer, scope, site, invitation, until).await? {
                    Handed::Over => settled(InvitationState::Sent, "", now, Some(app.clock.now())),
                    Handed::NotYet(why) => {
                        tracing::info!(site = scope.site(), "a mail was not taken yet: {why}");
                        match wait_ms(invitation.tries + 1) {
                            Some(wait) => settled(InvitationState::Waiting, "later", now + wait, None),
                            None => settled(InvitationState::Failed, "given_up", now, None),
                        }
                    }
                    Handed::NoWay { reason, why } => {
                        tracing::warn!(site = scope.site(), "a mail waits: {why}");
                        settled(InvitationState::Waiting, reason, now + NO_WAY_MS, None)
                    }
                    Handed::Never { is_nobody: true } => {
                        settled(InvitationState::Failed, "unknown_address", now, None)
                    }
                    Handed::Never { is_nobody: false } => {
                        settled(InvitationState::Failed, "refused", now, None)
                    }
                    Handed::Unclear => settled(InvitationState::Failed, "unclear", now, None),
                    Handed::NotOurs => return Ok(()),
                }
            }
            (InvitationChannel::Email, None) => {
                settled(InvitationState::Waiting, "no_mail_server", now + NO_WAY_MS, None)
            }
            _ if hand_off(app, scope, invitation, now).await? => {
                // Its address is needed until the hook has it.
                settled(InvitationState::Sending, "", now + HAND_OFF_MS, None)
            }
            _ => settled(InvitationState::Waiting, "no_webhook", now + NO_WAY_MS, None),
        }
    };
    app.store.invitations().settle_invitation(scope, &settled).await?;
    app.desk.ring(scope.site());
    if settled.reason == "unknown_address" {
        bounce(app, scope, invitation).await?;
    }
    Ok(())
}

/// Puts an invitation in the queue of the oldest hook that brings some; `false` if there is none. One alone: a customer
/// gets one message.
async fn hand_off(app: &App, scope: &SiteScope, invitation: &Invitation, now: Millis) -> store::Result<bool> {
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

/// There is nobody at this address: nothing is sent there any more.
async fn bounce(app: &App, scope: &SiteScope, invitation: &Invitation) -> store::Result<()> {
    let Some(person) = invitation.person else { return Ok(()) };
    let suppression = Suppression { person, reason: SuppressionReason::Bounced, at: app.clock.now() };
    app.store.invitations().suppress(scope, &suppression).await?;
    Ok(())
}

async fn mail(
    app: &App,
    mailer: &Mailer,
    scope: &SiteScope,
    site: &SiteEntry,
    invitation: &Invitation,
    until: Millis,
) -> anyhow::Result<Handed> {
    let address: Option<Address> = invitation.address.as_deref().and_then(|address| address.parse().ok());
    let (Some(entry), Some(address)) = (site.survey(&invitation.survey), address) else {
        return Ok(Handed::Never { is_nobody: false });
    };
    let letter = compose(&app.public_url, site, entry, invitation)?;
    let to = Mailbox::new(None, address.clone());
    let message = letter.message(&mailer.from, &to, invitation, app.clock.now())?;
    let is_begun = AtomicBool::new(false);
    let begin = async || {
        let said = app.store.invitations().begin_sending(scope, invitation.id, until).await;
        let is_ours = matches!(said, Ok(true));
        // Where the store cannot say, nothing is handed over, and the claim runs out.
        is_begun.store(is_ours, Ordering::Relaxed);
        is_ours
    };
    let handed = tokio::time::timeout(DIALOGUE_MAX, mailer.hand_over(&address, &message, begin)).await;
    Ok(handed.unwrap_or_else(|_| {
        if is_begun.load(Ordering::Relaxed) {
            Handed::Unclear
        } else {
            Handed::NotYet("it took too long".into())
        }
    }))
}
