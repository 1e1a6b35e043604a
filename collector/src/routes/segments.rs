//! Lists of people, such as the segments of a CRM, sent by programs.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition;
use super::query::{Asked, refuse_any};
use crate::app::App;
use crate::auth::{Action, May, WRITE};
use crate::error::ApiError;
use crate::ingest::body;
use crate::openapi::{InSite, InvalidBody, NoSuchSite, Refused, SegmentsQuery};
use crate::segments::{self, LISTED_LEN_MAX, ListLine};
use crate::store::Listed;

/// Most bytes of a body: as many people with a few attributes each, in any script.
const BYTES_MAX: usize = 1024 * 1024;

/// `POST /sites/{site}/segments`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take))
}

/// What a list says of one person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedIn {
    /// The merchant's reference for the person, as answers have it; kept as a keyed hash.
    pub subject: Option<String>,
    /// Without a reference: an e-mail address with which the person has ordered; it is not kept.
    pub email: Option<String>,
    /// What is added to the attributes of answers that come later; null takes one away.
    pub attributes: BTreeMap<String, Option<String>>,
}

/// One person, or several at once.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
#[serde(untagged)]
enum ListedPeople {
    /// One person.
    One(ListedIn),
    /// Several; all are taken or none.
    Many(Vec<ListedIn>),
}

/// What was taken.
#[derive(Debug, Serialize, ToSchema)]
struct ListTaken {
    /// Entries of which something is kept.
    taken: u64,
    /// The others by their places in the array, from 0: no order with a customer is known with their address.
    unknown: Vec<u64>,
}

/// The bytes of a body, bounded.
struct Sent(Bytes);

impl FromRequest<App> for Sent {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        Ok(Self(body::bytes(request.into_body(), BYTES_MAX, app.body_timeout).await?))
    }
}

/// Takes what a list says of people; it is added to the attributes of their later answers.
#[utoipa::path(post, path = "/sites/{site}/segments", operation_id = "send_segments", params(InSite, SegmentsQuery),
    request_body = ListedPeople, responses((status = 200, body = ListTaken), NoSuchSite, InvalidBody, Refused))]
async fn take(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    asked: Asked,
    Sent(bytes): Sent,
) -> Result<Json<ListTaken>, ApiError> {
    let mut found = Vec::new();
    let is_dry = asked.switch("dry_run", &mut found);
    refuse_any(found)?;
    let lines = read(&bytes)?;
    let meant = segments::meant(&*app.store, &scope, &site.site, &lines).await?;
    let unknown: Vec<u64> =
        (0..).zip(&meant).filter(|(_, people)| people.is_empty()).map(|(n, _)| n).collect();
    let taken = (lines.len() - unknown.len()) as u64;
    let listed: Vec<Listed> = meant.into_iter().flatten().collect();
    if !is_dry && !listed.is_empty() {
        app.store.segments().list_people(&scope, &listed, app.clock.now()).await?;
        let what = format!("{taken} entries");
        app.record(&caller.who, Action::SegmentsImport, Some(scope.site()), &what).await?;
    }
    Ok(Json(ListTaken { taken, unknown }))
}

/// Reads one entry or an array of them; lists everything wrong.
fn read(bytes: &[u8]) -> Result<Vec<ListLine>, ApiError> {
    let Ok(Value::Array(items)) = serde_json::from_slice::<Value>(bytes) else {
        return Ok(vec![checked(definition::parse(bytes)?).map_err(ApiError::Invalid)?]);
    };
    if items.len() > LISTED_LEN_MAX {
        let rule = Rule::TooMany { max: LISTED_LEN_MAX };
        return Err(ApiError::TooLarge(vec![Violation::new("body", rule)]));
    }
    let (mut lines, mut found) = (Vec::with_capacity(items.len()), Vec::new());
    for (n, item) in items.into_iter().enumerate() {
        let at =
            |violation: Violation| Violation { field: format!("[{n}].{}", violation.field), ..violation };
        match definition::read::<ListedIn>(item).and_then(checked) {
            Ok(line) => lines.push(line),
            Err(broken) => found.extend(broken.into_iter().map(at)),
        }
    }
    if found.is_empty() { Ok(lines) } else { Err(ApiError::Invalid(found)) }
}

/// An address beside a reference is not looked for, and is one all the same.
fn checked(sent: ListedIn) -> Result<ListLine, Vec<Violation>> {
    if let (Some(_), Some(email)) = (&sent.subject, &sent.email) {
        ListLine::new(None, Some(email), sent.attributes.clone())?;
    }
    ListLine::new(sent.subject.as_deref(), sent.email.as_deref(), sent.attributes)
}
