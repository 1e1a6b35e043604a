//! Invitations of a site, for people: how many came to what, the latest ones, a table in, and who is not asked.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use parere_shared::score::{Steps, funnel};

use super::form::{File, Form};
use super::numerals::Numerals;
use super::words::Moment;
use super::{Frame, render, terms};
use crate::app::App;
use crate::auth::{Caller, May, READ, SiteScope, WRITE};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::invitation::read_table;
use crate::routes::invitations::{cancel_by_hand, invite_all, masked, suppress_by_hand, unsuppress_by_hand};
use crate::store::{Invitation, InvitationChannel, InvitationCount, InvitationState};

/// Invitations on the page: a few screens.
const SHOWN: usize = 50;

/// People on the list that are counted; beyond it is said that there are more.
const SUPPRESSED_MAX: usize = 1_000;

#[derive(Template)]
#[template(path = "dashboard/invitations.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    may_write: bool,
    has_mail: bool,
    counts: Vec<(&'static str, String)>,
    /// Of those that were sent, how many were answered, with its interval.
    answered: Option<String>,
    rows: Vec<Row>,
    suppressed: String,
    /// Slugs of surveys that cards can be printed for.
    surveys: Vec<String>,
    refusals: Vec<String>,
    /// The table that was not taken.
    table: String,
}

struct Row {
    id: String,
    what: String,
    state: &'static str,
    reason: String,
    made: Moment,
    due: Option<Moment>,
    can_be_cancelled: bool,
}

/// What a state is called.
fn called(state: InvitationState) -> &'static str {
    match state {
        InvitationState::Waiting => "Waiting",
        InvitationState::Sending => "Being sent",
        InvitationState::Sent => "Sent",
        InvitationState::Answered => "Answered",
        InvitationState::Cancelled => "Called off",
        InvitationState::Failed => "Failed",
        InvitationState::Expired => "Expired",
        InvitationState::Suppressed => "Not wanted",
    }
}

/// By which way, in a word.
fn way(channel: InvitationChannel) -> &'static str {
    match channel {
        InvitationChannel::Email => "mail",
        InvitationChannel::Sms => "text message",
        InvitationChannel::Link => "link",
        InvitationChannel::Qr => "printed code",
        InvitationChannel::Other => "another way",
    }
}

/// Why, in words.
fn told(reason: &str) -> &str {
    match reason {
        "unclear" => "it may have arrived, so it is not sent again",
        "no_mail_server" => "there is no mail server: see --smtp-url",
        "quiet" => "it is night where the customer is",
        "no_trust" => "the mail server's certificate is not trusted",
        "no_encryption" => "the mail server offers no encryption, which a password needs",
        "no_sign_in" => "the mail server did not take user and password",
        "no_webhook" => "no webhook is told of it",
        "unknown_address" => "there is nobody at the address",
        "refused" => "the mail server did not take it",
        "given_up" => "tried too often",
        other => other,
    }
}

impl Row {
    fn of(invitation: &Invitation, now: parere_shared::time::Millis) -> Self {
        let state = invitation.standing(now);
        let address = invitation.address.as_deref().map(masked);
        let order = invitation.order_ref.as_ref().map(|order| format!("order {order}"));
        let about = [Some(invitation.survey.clone()), Some(way(invitation.channel).into()), address, order];
        Self {
            id: invitation.id.encode(),
            what: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            state: called(state),
            reason: told(&invitation.reason).to_owned(),
            made: Moment::new(invitation.created_at),
            due: (state == InvitationState::Waiting).then(|| Moment::new(invitation.due_at)),
            can_be_cancelled: InvitationState::Cancelled.reached_from().contains(&state),
        }
    }
}

/// How many of those that were sent were answered, in a sentence.
fn answered(counts: &[InvitationCount], numerals: &Numerals) -> Option<String> {
    let of = |fits: fn(&InvitationCount) -> bool| {
        counts.iter().filter(|count| fits(count)).map(|count| count.n).sum::<u64>()
    };
    let sent = of(|count| count.is_sent);
    let answered = of(|count| count.is_sent && count.state == InvitationState::Answered);
    let rate = funnel(Steps { shown: sent, answered, ..Steps::default() }).response_rate?;
    Some(format!(
        "{} of {} that were sent were answered: {} %, likely between {} and {}.",
        numerals.count(answered),
        numerals.count(sent),
        numerals.decimal(rate.share, 0),
        numerals.decimal(rate.interval.low, 0),
        numerals.decimal(rate.interval.high, 0)
    ))
}

/// The page.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    numerals: Numerals,
) -> Result<Response, ApiError> {
    draw(&app, &caller, &scope, &site, &numerals, Vec::new(), String::new()).await
}

async fn draw(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    numerals: &Numerals,
    refusals: Vec<String>,
    table: String,
) -> Result<Response, ApiError> {
    let (invitations, now) = (app.store.invitations(), app.clock.now());
    let counts = invitations.count_invitations(scope, now).await?;
    let rows = invitations.latest_invitations(scope, None, None, SHOWN).await?;
    let suppressed = invitations.suppressions(scope, SUPPRESSED_MAX + 1).await?.len();
    let more = if suppressed > SUPPRESSED_MAX { "More than " } else { "" };
    let of = |state: InvitationState| {
        let n: u64 = counts.iter().filter(|count| count.state == state).map(|count| count.n).sum();
        (called(state), numerals.count(n))
    };
    render(&Page {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        may_write: caller.rights_at(scope.site()).has(WRITE),
        has_mail: app.mailer.is_some(),
        counts: if counts.is_empty() { Vec::new() } else { InvitationState::ALL.map(of).into() },
        answered: answered(&counts, numerals),
        rows: rows.iter().map(|row| Row::of(row, now)).collect(),
        suppressed: format!("{more}{}", numerals.count(suppressed.min(SUPPRESSED_MAX) as u64)),
        surveys: site.surveys.iter().map(|entry| entry.survey.slug.clone()).collect(),
        refusals,
        table,
    })
}

/// Takes a table, calls off, puts on the list and takes from it: the button says which.
pub(super) async fn act(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    numerals: Numerals,
    form: Form,
) -> Result<Response, ApiError> {
    let done = match form.text("act") {
        "invite" => match read_table(form.text("table").as_bytes()) {
            Ok(wishes) => invite_all(&app, &caller, &scope, &site, &wishes).await.map(|_| ()),
            Err(error) => Err(error),
        },
        "cancel" => cancel_by_hand(&app, &caller, &scope, form.text("invitation")).await,
        "suppress" => suppress_by_hand(&app, &caller, &scope, &site, form.text("address")).await,
        "unsuppress" => {
            unsuppress_by_hand(&app, &caller, &scope, &site, form.text("address")).await.map(|_| ())
        }
        _ => return Err(ApiError::Invalid(Vec::new())),
    };
    let table = form.text("table").to_owned();
    ended(&app, &caller, &scope, &site, &numerals, done, table).await
}

/// Takes a table out of a file.
pub(super) async fn upload(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    numerals: Numerals,
    file: Result<File, ApiError>,
) -> Result<Response, ApiError> {
    let done = match file.and_then(|File(bytes)| read_table(&bytes)) {
        Ok(wishes) => invite_all(&app, &caller, &scope, &site, &wishes).await.map(|_| ()),
        Err(error) => Err(error),
    };
    ended(&app, &caller, &scope, &site, &numerals, done, String::new()).await
}

/// Back to the page; with what was wrong and the table that was not taken, if something was.
async fn ended(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    numerals: &Numerals,
    done: Result<(), ApiError>,
    table: String,
) -> Result<Response, ApiError> {
    let found = match done {
        Ok(()) => {
            let place = format!("/dashboard/{}/invitations", scope.site());
            return Ok(Redirect::to(&place).into_response());
        }
        Err(ApiError::Invalid(found) | ApiError::Malformed(found) | ApiError::TooLarge(found)) => found,
        Err(other) => return Err(other),
    };
    let page = draw(app, caller, scope, site, numerals, terms::told(&found), table).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
