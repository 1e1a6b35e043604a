//! Sites: a merchant's shop, its name, its time zone, and the pages from which answers are taken.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use parere_shared::time::{self, Millis};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use crate::app::App;
use crate::auth::{ADMIN, Action, Anywhere, Everywhere, May, READ, SiteScope, Who};
use crate::error::ApiError;
use crate::openapi::{Conflict, InSite, InvalidBody, NoSuchSite, Refused};
use crate::origin::OriginRule;
use crate::random;
use crate::store::{Filter, Order, Retention, Site, Store};
use crate::welcome;

mod check;

pub use check::ORIGINS_MAX;
pub(crate) use check::changed_site;
pub(super) use check::{checked_case_hours, checked_retention};

/// `GET, POST /sites` and `GET, PATCH, DELETE /sites/{site}`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, change, remove))
}

/// A site as it is sent: all of it to create one, what shall change to change one.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteIn {
    pub(crate) site: Option<String>,
    name: Option<String>,
    zone: Option<String>,
    origins: Option<Vec<String>>,
    consent_needed: Option<bool>,
    retention: Option<RetentionIn>,
    cases: Option<CasesIn>,
}

/// What becomes of low scores at a site.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasesIn {
    /// Hours until a case is due, 1–720; null where low scores open none.
    pub(super) due_hours: Option<u32>,
}

/// How long a site keeps what it is sent, in days; what is null or not said is kept for good.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetentionIn {
    /// Comments; their answers stay.
    pub(super) comments_days: Option<u32>,
    /// Whole answers; their counts stay, and with them the scores.
    pub(super) responses_days: Option<u32>,
}

impl From<&Site> for SiteIn {
    /// All that was ever sent about it, so that the same site can be made elsewhere.
    fn from(site: &Site) -> Self {
        // Taken apart, so that no field is forgotten here.
        let Site {
            key,
            name,
            zone,
            origins,
            consent_needed,
            retention,
            case_hours,
            secret: _,
            created_at: _,
        } = site;
        let Retention { comments_days, responses_days } = *retention;
        Self {
            site: Some(key.clone()),
            name: Some(name.clone()),
            zone: Some(zone.clone()),
            origins: Some(origins.iter().map(|origin| String::from(origin.clone())).collect()),
            consent_needed: Some(*consent_needed),
            retention: Some(RetentionIn { comments_days, responses_days }),
            cases: Some(CasesIn { due_hours: *case_hours }),
        }
    }
}

/// A site as it is shown: never its secret.
#[derive(Debug, Serialize, ToSchema)]
struct SiteOut {
    site: String,
    name: String,
    zone: String,
    #[schema(value_type = Vec<String>)]
    origins: Vec<OriginRule>,
    consent_needed: bool,
    retention: Retention,
    cases: CasesOut,
    tag: String,
    created_at: String,
}

/// What becomes of low scores.
#[derive(Debug, Serialize, ToSchema)]
struct CasesOut {
    /// Hours until a case is due; null where low scores open none.
    #[schema(required)]
    due_hours: Option<u32>,
}

/// A list of sites.
#[derive(Debug, Serialize, ToSchema)]
struct Sites {
    sites: Vec<SiteOut>,
}

impl SiteOut {
    fn new(site: &Site, app: &App) -> Self {
        Self {
            site: site.key.clone(),
            name: site.name.clone(),
            zone: site.zone.clone(),
            origins: site.origins.clone(),
            consent_needed: site.consent_needed,
            retention: site.retention,
            cases: CasesOut { due_hours: site.case_hours },
            tag: welcome::tag(&app.public_url, &site.key),
            created_at: time::format(site.created_at),
        }
    }
}

/// Every site that the caller may read.
#[utoipa::path(get, path = "/sites", operation_id = "list_sites", responses((status = 200, body = Sites), Refused))]
async fn list(State(app): State<App>, Anywhere(caller): Anywhere<READ>) -> Json<Sites> {
    let all = app.catalogue.all();
    let readable = all.values().filter(|entry| caller.scope(&entry.site.key).is_some());
    Json(Sites { sites: readable.map(|entry| SiteOut::new(&entry.site, &app)).collect() })
}

/// One site.
#[utoipa::path(get, path = "/sites/{site}", operation_id = "read_site", params(InSite),
    responses((status = 200, body = SiteOut), NoSuchSite, Refused))]
async fn read(State(app): State<App>, May { site, .. }: May<READ>) -> Json<SiteOut> {
    Json(SiteOut::new(&site.site, &app))
}

/// A new site; its key is made up when none is wished for.
#[utoipa::path(post, path = "/sites", operation_id = "create_site", request_body = SiteIn,
    responses((status = 201, body = SiteOut), Conflict, InvalidBody, Refused))]
async fn create(
    State(app): State<App>,
    Everywhere(caller): Everywhere<ADMIN>,
    Definition(sent): Definition<SiteIn>,
) -> Result<impl IntoResponse, ApiError> {
    let site = made(sent, app.clock.now())?;
    if !app.store.add_site(site.clone()).await? {
        return Err(ApiError::Conflict(
            "A site has this key, or had it; choose another, or leave the key out.",
        ));
    }
    app.catalogue.reload().await?;
    app.record(&caller.who, Action::SiteCreate, Some(&site.key), &site.name).await?;
    let location = [(header::LOCATION, format!("/api/v1/sites/{}", site.key))];
    Ok((StatusCode::CREATED, location, Json(SiteOut::new(&site, &app))))
}

/// A site with a secret of its own, if what was sent about it makes sense.
pub(crate) fn made(sent: SiteIn, now: Millis) -> Result<Site, ApiError> {
    let wishes = check::new_site(sent).map_err(ApiError::Invalid)?;
    let key = match wishes.key {
        Some(key) => key,
        None => format!("pk_{}", random::token::<8>()?),
    };
    Ok(Site {
        key,
        name: wishes.name,
        zone: wishes.zone,
        origins: wishes.origins,
        consent_needed: wishes.consent_needed,
        retention: wishes.retention,
        case_hours: wishes.case_hours,
        secret: random::bytes()?,
        created_at: now,
    })
}

/// Changes what is sent and keeps the rest.
#[utoipa::path(patch, path = "/sites/{site}", operation_id = "change_site", params(InSite), request_body = SiteIn,
    responses((status = 200, body = SiteOut), NoSuchSite, Conflict, InvalidBody, Refused))]
async fn change(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Definition(sent): Definition<SiteIn>,
) -> Result<Json<SiteOut>, ApiError> {
    let changed = changed_site(sent, &site.site).map_err(ApiError::Invalid)?;
    Ok(Json(SiteOut::new(&save(&app, &caller.who, &scope, &site.site, changed).await?, &app)))
}

/// Writes a changed site, unless its days would begin elsewhere.
pub(super) async fn save(
    app: &App,
    who: &Who,
    scope: &SiteScope,
    old: &Site,
    changed: Site,
) -> Result<Site, ApiError> {
    refuse_other_days(&*app.store, scope, old, &changed).await?;
    if !app.store.change_site(scope, changed.clone()).await? {
        return Err(ApiError::NotFound("There is no such site."));
    }
    app.catalogue.reload().await?;
    app.record(who, Action::SiteChange, Some(scope.site()), &changed.name).await?;
    Ok(changed)
}

/// Removes a site with its surveys and all answers, at once for everybody who asks; its key is never given out again.
#[utoipa::path(delete, path = "/sites/{site}", operation_id = "remove_site", params(InSite),
    responses((status = 204, description = "It is gone; what it had is cleared away within minutes."), NoSuchSite, Conflict, Refused))]
async fn remove(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
) -> Result<StatusCode, ApiError> {
    end(&app, &caller.who, &scope).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a site. The last one stays: without any, the next start would take the database for a new one.
pub(super) async fn end(app: &App, who: &Who, scope: &SiteScope) -> Result<(), ApiError> {
    if app.catalogue.all().len() < 2 {
        return Err(ApiError::Conflict("It is the only site; make another one first."));
    }
    app.record(who, Action::SiteRemove, Some(scope.site()), "").await?;
    if !app.store.remove_site(scope, app.clock.now()).await? {
        return Err(ApiError::NotFound("There is no such site."));
    }
    app.catalogue.reload().await?;
    Ok(())
}

/// Answers are counted under the local day of their receipt: another zone would leave them on the wrong days.
pub(crate) async fn refuse_other_days(
    store: &dyn Store,
    scope: &SiteScope,
    old: &Site,
    new: &Site,
) -> Result<(), ApiError> {
    if new.zone == old.zone
        || store.page(scope, &Filter::default(), Order::OldestFirst, None, 1).await?.is_empty()
    {
        return Ok(());
    }
    Err(ApiError::Conflict(
        "The site has answers, counted by days of its time zone; make a new site for another zone.",
    ))
}
