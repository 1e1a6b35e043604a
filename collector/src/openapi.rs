//! The description of the collector's own interfaces: OpenAPI 3.1, at `/api/v1/openapi.json`.
//!
//! Paths and bodies come from the handlers and their types, through `#[utoipa::path]` and `ToSchema`;
//! bounds come from the constants that the handlers obey (`bounds`), since the macros take literals alone.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Server};

mod answers;
mod bounds;
mod queries;
mod reading;
mod refusals;
mod shop_file;

pub use answers::{Acknowledged, Answers, Page, Reviewed};
pub use queries::{
    AuditQuery, CardsQuery, CasesQuery, DaysQuery, DeliveriesQuery, ExportQuery, FunnelQuery, InAddress,
    InDelivery, InHook, InInvitation, InMark, InResponse, InRule, InSite, InSource, InSubject, InSurvey,
    InToken, InWebhook, InvitationsQuery, MarksQuery, OrderQuery, PageQuery, PeriodQuery, ScoresQuery,
    SegmentsQuery, SpeedQuery, SubjectQuery, WhichQuery,
};
pub use reading::{Reading, reading};
pub use refusals::{
    Conflict, InvalidBody, InvalidQuery, NoSuchInvitation, NoSuchMark, NoSuchPart, NoSuchResponse,
    NoSuchRule, NoSuchSite, NoSuchSource, NoSuchToken, NoSuchWebhook, NotCounted, NotHeard, NotTaken,
    Refused, Unavailable,
};
pub use shop_file::shop_file;

/// Name of the one way to sign in.
const TOKEN: &str = "token";

/// What is said before the first path.
pub fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("parere")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Takes answers of a shop's customers, keeps them, and says what they mean. \
             Errors are problem documents after RFC 9457.",
        ))
        .build();
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of an operator, `par_…`, with the scopes that a path needs; or that of `PARERE_ADMIN_TOKEN`."))
        .build();
    OpenApiBuilder::new()
        .info(info)
        // The paths below begin at the root of whatever host this was read from.
        .servers(Some([Server::new("/")]))
        .components(Some(
            ComponentsBuilder::new().security_scheme(TOKEN, SecurityScheme::Http(scheme)).build(),
        ))
        .security(Some([SecurityRequirement::new(TOKEN, [""; 0])]))
        .build()
}

/// The whole description as JSON.
pub fn document(described: &OpenApi) -> anyhow::Result<Value> {
    let mut document = serde_json::to_value(described)?;
    bounds::put_into(&mut document)?;
    Ok(document)
}

/// The description as it is served; it says nothing that a stranger may not know.
pub fn reply(document: &Bytes) -> impl IntoResponse + use<> {
    const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300");
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (header::CACHE_CONTROL, CACHE),
        ],
        document.clone(),
    )
}
