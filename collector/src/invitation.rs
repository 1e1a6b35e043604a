//! Asking customers by a link of their own: made, brought to them, answered once.
//!
//! A link names its site and its invitation and proves by a keyed tag that it is from here, so nothing is looked up for
//! one that is not. Opening it records nothing, whoever opens it; what is sent by its form is the one answer of the
//! invitation, whose id it has.

use parere_shared::response::ResponseId;
use parere_shared::violation::{Rule, Violation};

use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::random;
use crate::store::Invitation;

mod link;
pub mod person;
mod table;
mod wish;

pub use link::{link, read};
pub use table::{TABLE_BYTES_MAX, read_table};
pub use wish::{InvitationIn, is_email};

/// Most invitations that are made by one request.
pub const AT_ONCE_MAX: usize = 50;

/// How long an invitation is kept after it was made, whatever became of it.
pub const KEPT_MS: parere_shared::time::Millis = 400 * parere_shared::time::DAY_MS;

/// Makes what is wished for, or finds what was made for the same key before; says whether it is new.
pub async fn make(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    sent: &InvitationIn,
) -> Result<(Invitation, bool), ApiError> {
    let now = app.clock.now();
    let id = ResponseId::new(u64::try_from(now).unwrap_or_default(), &random::bytes::<10>()?);
    let invitation = wish::invitation(sent, site, id, now)?;
    let invitations = app.store.invitations();
    // What somebody else takes away in between was made, and is told as it was wished for.
    let is_new = invitations.invite(scope, &invitation).await?;
    if is_new && invitation.due_at <= now {
        app.invited.notify_one();
    }
    let kept = invitations.invited_for(scope, &invitation.key).await?.unwrap_or(invitation);
    Ok((kept, is_new))
}

/// What the shop is called by its customers: as the question calls it, or by its name.
pub fn brand<'a>(site: &'a SiteEntry, entry: &'a SurveyEntry) -> &'a str {
    if entry.survey.brand.is_empty() { &site.site.name } else { &entry.survey.brand }
}

/// Every rule that a wish breaks.
pub fn check(app: &App, site: &SiteEntry, sent: &InvitationIn) -> Result<(), ApiError> {
    let now = app.clock.now();
    wish::invitation(sent, site, ResponseId::new(0, &[0; 10]), now).map(|_| ())
}

/// Calls an invitation off; an error if there is none, or nothing left to call off.
pub async fn cancel(app: &App, scope: &SiteScope, id: &str) -> Result<(), ApiError> {
    let absent = ApiError::NotFound("The site has no such invitation.");
    let id = ResponseId::parse(id).ok_or(absent.clone())?;
    if app.store.invitations().cancel_invitation(scope, id, "cancelled").await? {
        return Ok(());
    }
    match app.store.invitations().invited(scope, id).await? {
        Some(_) => Err(ApiError::Conflict("It is answered, over, or being sent.")),
        None => Err(absent),
    }
}

/// The violations of one entry of an array, under its place there.
pub(crate) fn placed(found: Vec<Violation>, place: usize) -> Vec<Violation> {
    let at = |violation: Violation| Violation::new(format!("[{place}].{}", violation.field), violation.rule);
    found.into_iter().map(at).collect()
}

/// The refusal of more than are made at once.
pub(crate) fn too_many(max: usize) -> ApiError {
    ApiError::TooLarge(vec![Violation::new("body", Rule::TooMany { max })])
}
