//! Asking customers by a link of their own: made, brought to them, answered once.
//!
//! A link names its site and its invitation and proves by a keyed tag that it is from here, so nothing is looked up for
//! one that is not. Opening it records nothing, whoever opens it; what is sent by its form is the one answer of the
//! invitation, whose id it has.

use std::slice;

use parere_shared::response::ResponseId;
use parere_shared::time::{DAY_MS, Millis};
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
pub use wish::{InvitationIn, is_email, is_phone};

/// Most invitations that are made by one request.
pub const AT_ONCE_MAX: usize = 50;

/// How long an invitation is kept after it was made, whatever became of it.
pub const KEPT_MS: Millis = 400 * DAY_MS;

/// Broken rules of a table that are told at least, if there are as many: whoever reads them mends a few at a time.
const VIOLATIONS_MAX: usize = 50;

/// Makes what is wished for, or finds what was made for the same key before; says whether it is new.
pub async fn make(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    sent: &InvitationIn,
) -> Result<(Invitation, bool), ApiError> {
    let now = app.clock.now();
    let wished = wish::invitation(sent, site, new_id(now)?, now)?;
    let (mut kept, new) = keep(app, scope, slice::from_ref(&wished), now).await?;
    Ok((kept.pop().unwrap_or(wished), new == 1))
}

/// Makes all of these or, if one breaks a rule or cannot be stored, none. Gives back what there is of each, in their
/// order, and how many are new.
pub async fn make_all(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    sent: &[InvitationIn],
) -> Result<(Vec<Invitation>, u64), ApiError> {
    let now = app.clock.now();
    let (mut wished, mut found) = (Vec::with_capacity(sent.len()), Vec::new());
    for (place, sent) in sent.iter().enumerate() {
        match wish::invitation(sent, site, new_id(now)?, now) {
            Ok(invitation) => wished.push(invitation),
            Err(ApiError::Invalid(broken)) => found.extend(placed(broken, place)),
            Err(other) => return Err(other),
        }
        if found.len() > VIOLATIONS_MAX {
            break;
        }
    }
    if !found.is_empty() {
        return Err(ApiError::Invalid(found));
    }
    keep(app, scope, &wished, now).await
}

fn new_id(now: Millis) -> Result<ResponseId, ApiError> {
    Ok(ResponseId::new(u64::try_from(now).unwrap_or_default(), &random::bytes::<10>()?))
}

/// Stores these, and wakes whoever sends what is due.
async fn keep(
    app: &App,
    scope: &SiteScope,
    wished: &[Invitation],
    now: Millis,
) -> Result<(Vec<Invitation>, u64), ApiError> {
    let kept = app.store.invitations().invite_all(scope, wished).await?;
    let new: Vec<_> = wished.iter().zip(&kept).filter(|(wished, kept)| wished.id == kept.id).collect();
    if new.iter().any(|(wished, _)| wished.due_at <= now) {
        app.invited.notify_one();
    }
    let new = new.len() as u64;
    Ok((kept, new))
}

/// What the shop is called by its customers: as the question calls it, or by its name.
pub fn brand<'a>(site: &'a SiteEntry, entry: &'a SurveyEntry) -> &'a str {
    if entry.survey.brand.is_empty() { &site.site.name } else { &entry.survey.brand }
}

/// Calls an invitation off and says which it was; an error if there is none, or nothing left to call off.
pub async fn cancel(app: &App, scope: &SiteScope, id: &str) -> Result<Invitation, ApiError> {
    let absent = ApiError::NotFound("The site has no such invitation.");
    let id = ResponseId::parse(id).ok_or(absent.clone())?;
    let invitations = app.store.invitations();
    let found = invitations.invited(scope, id).await?.ok_or(absent)?;
    if invitations.cancel_invitation(scope, id, "cancelled").await? {
        return Ok(found);
    }
    Err(ApiError::Conflict("It is answered, over, or being sent."))
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
