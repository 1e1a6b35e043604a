//! Personal data of a site: what is stored about somebody, how long anything is kept, and the end of it all.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use parere_shared::response::ResponseId;

use super::form::Form;
use super::{Frame, HOME, render};
use crate::app::App;
use crate::auth::{ADMIN, Caller, May, SiteScope, email};
use crate::catalogue::SiteEntry;
use crate::erasure::{self, AddressHeld, KnownBy, Whose};
use crate::error::ApiError;
use crate::retention::{DAYS_MAX, DAYS_MIN};
use crate::routes::erasure::told;
use crate::routes::sites::{RetentionIn, checked_retention, end, save};
use crate::store::{Filter, Order, Row, Site};

/// Answers of one person that are counted one by one: more is "more than", and no more is read.
const COUNTED_MAX: usize = 1_000;

#[derive(Template)]
#[template(path = "dashboard/data.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    /// What was just done; empty where nothing was.
    said: String,
    /// What was wrong with the last form.
    refusals: Vec<String>,
    reference: String,
    /// What there is of the reference; nothing before it was asked for.
    found: Option<Vec<Found>>,
    comments_days: String,
    responses_days: String,
    days_min: u32,
    days_max: u32,
}

/// Answers that are known by a reference.
struct Found {
    by: &'static str,
    words: &'static str,
    n: usize,
    is_more: bool,
    /// What else holds the address, where something does.
    holds: Option<AddressHeld>,
}

impl Page {
    fn of(app: &App, site: &Site, caller: &Caller) -> Self {
        let days = |days: Option<u32>| days.map(|days| days.to_string()).unwrap_or_default();
        Self {
            frame: Frame::of(app, caller),
            site: site.key.clone(),
            site_name: site.name.clone(),
            said: String::new(),
            refusals: Vec::new(),
            reference: String::new(),
            found: None,
            comments_days: days(site.retention.comments_days),
            responses_days: days(site.retention.responses_days),
            days_min: DAYS_MIN,
            days_max: DAYS_MAX,
        }
    }

    /// The page again, with what was wrong.
    fn refused(self, refusal: String) -> Result<Response, ApiError> {
        let page = render(&Self { refusals: vec![refusal], ..self })?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    }
}

/// The forms.
pub(super) async fn page(
    State(app): State<App>,
    May { site, caller, .. }: May<ADMIN>,
) -> Result<Response, ApiError> {
    render(&Page::of(&app, &site.site, &caller))
}

/// How much is stored about somebody. A form that is sent: a reference is no part of an address, and of no log.
pub(super) async fn person(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let page = Page { reference: form.text("ref").into(), ..Page::of(&app, &site.site, &caller) };
    let mut found = Vec::new();
    for &(by, words) in ways(&page.reference) {
        let whose = match erasure::known(&*app.store, &scope, &site.site, &page.reference, by).await {
            Err(ApiError::Invalid(_)) => return page.refused("A reference has 1 to 128 characters.".into()),
            whose => whose?,
        };
        let Whose { answers, address, .. } = whose;
        let rows = app.store.page(&scope, &answers, Order::OldestFirst, None, COUNTED_MAX + 1).await?;
        let holds = address.filter(|held| held.orders + held.invitations > 0);
        if !rows.is_empty() || holds.is_some() {
            let name = KnownBy::NAMED.iter().find(|(known, _)| *known == by).map_or("", |(_, name)| name);
            let n = rows.len().min(COUNTED_MAX);
            found.push(Found { by: name, words, n, is_more: rows.len() > n, holds });
        }
    }
    render(&Page { found: Some(found), ..page })
}

/// By what a reference is looked for, and in which words: an address is one person's, a number can be two things.
fn ways(reference: &str) -> &'static [(KnownBy, &'static str)] {
    match email(reference) {
        Some(_) => &[(KnownBy::Email, "By e-mail address")],
        None => &[(KnownBy::Subject, "As a person"), (KnownBy::Ref, "As an order")],
    }
}

/// All of it as a file.
pub(super) async fn export(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let whose = known(&app, &scope, &site.site, &form).await?;
    told(&app, &caller.who, scope, &site.site, whose).await
}

/// All of it erased.
pub(super) async fn erase(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let whose = known(&app, &scope, &site.site, &form).await?;
    let held = whose.address.as_ref().map_or(0, |held| held.orders + held.invitations);
    let said = match erasure::erase_person(&app, &caller.who, &scope, &whose).await? {
        0 if held > 0 => "It was erased; there was no answer.".into(),
        0 => "There was nothing to erase.".into(),
        1 => "One answer was erased.".into(),
        n => format!("{n} answers were erased."),
    };
    render(&Page { said, ..Page::of(&app, &site.site, &caller) })
}

/// Whoever a form names.
async fn known(app: &App, scope: &SiteScope, site: &Site, form: &Form) -> Result<Whose, ApiError> {
    let by = KnownBy::parse(form.text("by")).ok_or(ApiError::Malformed(Vec::new()))?;
    erasure::known(&*app.store, scope, site, form.text("ref"), by).await
}

/// How long something is kept.
pub(super) async fn retention(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let [comments_days, responses_days] =
        ["comments_days", "responses_days"].map(|name| form.text(name).trim());
    // What is no number at all is out of range, too.
    let days = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap_or(0));
    let sent = RetentionIn { comments_days: days(comments_days), responses_days: days(responses_days) };
    let mut wrong = Vec::new();
    let retention = checked_retention(&sent, &mut wrong);
    let page = Page {
        comments_days: comments_days.into(),
        responses_days: responses_days.into(),
        ..Page::of(&app, &site.site, &caller)
    };
    if !wrong.is_empty() {
        return page.refused(format!("Days are a whole number from {DAYS_MIN} to {DAYS_MAX}, or nothing."));
    }
    save(&app, &caller.who, &scope, &site.site, Site { retention, ..site.site.clone() }).await?;
    render(&Page { said: "That is how long it is kept from now on.".into(), ..page })
}

/// The end of the site, for who types its key.
pub(super) async fn remove(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let page = Page::of(&app, &site.site, &caller);
    if form.text("key").trim() != site.site.key {
        return page.refused(format!("Nothing was removed: that is not {}.", site.site.key));
    }
    match end(&app, &caller.who, &scope).await {
        Err(ApiError::Conflict(why)) => page.refused(why.into()),
        ended => ended.map(|()| Redirect::to(HOME).into_response()),
    }
}

#[derive(Template)]
#[template(path = "dashboard/erase.html")]
struct Confirm {
    frame: Frame,
    site: String,
    survey: String,
    id: String,
    score: i32,
    comment: String,
}

/// Is it meant?
pub(super) async fn confirm(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let row = row(&app, &scope, &id).await?;
    render(&Confirm {
        frame: Frame::of(&app, &caller),
        site: site.site.key.clone(),
        survey: row.survey,
        id: row.id.encode(),
        score: row.score,
        comment: row.comment.unwrap_or_default(),
    })
}

async fn row(app: &App, scope: &SiteScope, id: &str) -> Result<Row, ApiError> {
    const ABSENT: ApiError = ApiError::NotFound("The site has no such answer.");
    let filter = Filter { ids: Some(vec![ResponseId::parse(id).ok_or(ABSENT)?]), ..Filter::default() };
    let rows = app.store.page(scope, &filter, Order::OldestFirst, None, 1).await?;
    Ok(rows.into_iter().next().ok_or(ABSENT)?.row)
}

/// It is.
pub(super) async fn erase_one(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    const ABSENT: ApiError = ApiError::NotFound("The site has no such answer.");
    let id = ResponseId::parse(&id).ok_or(ABSENT)?;
    if !erasure::erase_one(&app, &caller.who, &scope, id).await? {
        return Err(ABSENT);
    }
    Ok(Redirect::to(&comments_of(&site)).into_response())
}

fn comments_of(site: &SiteEntry) -> String {
    format!("/dashboard/{}/comments", site.site.key)
}
