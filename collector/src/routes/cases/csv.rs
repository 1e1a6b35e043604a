//! Every case of a period as a file.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use parere_shared::time::Millis;

use crate::app::App;
use crate::auth::{Action, EXPORT, May, SiteScope};
use crate::config::ExportFormat;
use crate::error::ApiError;
use crate::export::{CaseTable, Turn};
use crate::openapi::{ExportQuery, InSite, InvalidQuery, NoSuchSite, PeriodQuery, Refused};
use crate::routes::exports::{named, turn};
use crate::routes::query::{Asked, refuse_any};
use crate::store::{CasePlace, Store};

/// Cases that are read at a time.
const PAGE_LEN: usize = 500;

/// Every case that was opened in a period as CSV, the earliest first: a header, then a line for each.
#[utoipa::path(get, path = "/sites/{site}/cases.csv", operation_id = "export_cases",
    params(InSite, PeriodQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), NoSuchSite, InvalidQuery, Refused))]
pub(super) async fn export(
    State(app): State<App>,
    May { scope, site, caller }: May<EXPORT>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let mut found = Vec::new();
    let period = asked.period(&site, &mut found);
    let table = CaseTable { raw: asked.switch("raw", &mut found) };
    refuse_any(found)?;
    let turn = turn(&app, &scope)?;
    let name = format!("{}-cases.csv", scope.site());
    app.record_if_possible(&caller.who, Action::ResponsesExport, scope.site(), &name).await;
    // One that is opened again while the file is written is opened later than that, and stands in it once.
    let to = period.to.unwrap_or(Millis::MAX).min(app.clock.now() + 1);
    let head = table.head()?;
    let rest = Rest {
        store: Arc::clone(&app.store),
        scope,
        from: period.from.unwrap_or(Millis::MIN),
        to,
        table,
        after: None,
        _turn: turn,
    };
    let head = stream::once(async move { Ok(Bytes::from(head)) });
    let pages = stream::try_unfold(Some(rest), |rest| async move {
        let Some(rest) = rest else { return Ok(None) };
        rest.page().await.map(Some)
    });
    let chunks = head.chain(pages).inspect_err(|error: &anyhow::Error| {
        tracing::error!("the export of cases was broken off: {error:#}");
    });
    named(Body::from_stream(chunks).into_response(), &name, ExportFormat::Csv)
}

/// What is still to be read.
struct Rest {
    store: Arc<dyn Store>,
    scope: SiteScope,
    from: Millis,
    to: Millis,
    table: CaseTable,
    after: Option<CasePlace>,
    /// Held until the body is dropped.
    _turn: Turn,
}

impl Rest {
    /// The next lines, and what is left after them; nothing after the last.
    async fn page(self) -> anyhow::Result<(Bytes, Option<Self>)> {
        let cases = self.store.cases();
        let rows = cases.cases_opened(&self.scope, self.from, self.to, self.after, PAGE_LEN).await?;
        let lines = Bytes::from(self.table.lines(&rows)?);
        let last = rows.last().filter(|_| rows.len() == PAGE_LEN);
        let after = last.map(|row| CasePlace { at: row.case.opened_at, response: row.case.response });
        Ok((lines, after.map(|after| Self { after: Some(after), ..self })))
    }
}
