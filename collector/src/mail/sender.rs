//! The one task that sends: it looks what is due at each site, claims it, and hands it over.

use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use lettre::Address;
use lettre::message::Mailbox;
use parere_shared::time::Millis;

use super::hold::{QUIET, quiet_until, unsuppressed};
use super::letter::compose;
use super::server::{DIALOGUE_MAX, Handed, Mailer};
use super::wait::wait_ms;
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::delivery::{HAND_OFF_MS, hand_off};
use crate::invitation::KEPT_MS;
use crate::rules::KeptRule;
use crate::store::{
    self, Invitation, InvitationChannel, InvitationState, SettledInvitation, Suppression, SuppressionReason,
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
        if result.is_ok_and(|is_more| is_more) {
            continue;
        }
        tokio::select! {
            () = app.invited.notified() => {}
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}

/// A batch of every site, so that the many mails of one do not hold up those of the others; says whether there may be
/// more. A site that cannot be read costs the others nothing.
async fn round(app: &App, is_tidying: bool) -> store::Result<bool> {
    let mut result = Ok(false);
    for (key, site) in app.catalogue.all().iter() {
        match at_site(app, &SiteScope::at_the_machine(key), site, is_tidying).await {
            Ok(n) => result = result.map(|is_more| is_more || n == BATCH_LEN),
            Err(error) => result = Err(error),
        }
    }
    result
}

async fn at_site(app: &App, scope: &SiteScope, site: &SiteEntry, is_tidying: bool) -> store::Result<usize> {
    if is_tidying {
        let now = app.clock.now();
        app.store.invitations().lapse(scope, now).await?;
        while app.store.invitations().forget_invitations(scope, now - KEPT_MS).await? > 0 {}
    }
    send_some(app, scope, site).await
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
                app.desk.ring(scope.site());
                // Its address is needed until the hook has it.
                settled(InvitationState::Sending, "", now + HAND_OFF_MS, None)
            }
            _ => settled(InvitationState::Waiting, "no_webhook", now + NO_WAY_MS, None),
        }
    };
    app.store.invitations().settle_invitation(scope, &settled).await?;
    if settled.reason == "unknown_address" {
        bounce(app, scope, invitation).await?;
    }
    Ok(())
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
    // Where the store cannot say, nothing is handed over, and the claim runs out.
    let begin =
        async || matches!(app.store.invitations().begin_sending(scope, invitation.id, until).await, Ok(true));
    Ok(mailer.hand_over(&address, &message, begin).await)
}
