//! The hosted page's address as a code to print: one path on a white ground, sharp at every size.

use std::fmt::Write as _;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::violation::{Rule, Violation};
use qrcode::{Color, EcLevel, QrCode};

use super::Place;
use super::form::Fields;
use crate::app::App;
use crate::auth::Open;
use crate::error::ApiError;
use crate::routes::query::NO_SUCH_SURVEY;

/// White modules around the code: what the standard asks for.
const QUIET_ZONE: u16 = 4;

/// The same address is the same code; a day, so that a new public address arrives.
const DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// What the address may say besides where it leads.
const CARRIED: [&str; 3] = ["lang", "touchpoint", "ref"];

/// The code of `/s/{site}/{survey}?via=qr`.
pub(super) async fn code(
    _: Open,
    State(app): State<App>,
    Path((site, slug)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let place = Place::find(&app, &site, &slug).ok_or(NO_SUCH_SURVEY)?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("via", "qr");
    for name in CARRIED {
        if let Some(value) = fields.short(name, FIELD_CHARS_MAX) {
            query.append_pair(name, &value);
        }
    }
    let url = format!("{}/s/{}/{}?{}", app.public_url, place.site.site.key, place.slug, query.finish());
    let code = Code::of(&url)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CACHE_CONTROL, DAY),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, svg(&code)).into_response())
}

/// The code of an address: dark runs of modules, in a square with its quiet zone.
pub(in crate::routes) struct Code {
    /// Side of the square, in modules.
    pub(in crate::routes) side: u16,
    /// Dark runs of each row, one after the other.
    pub(in crate::routes) runs: Vec<Run>,
}

/// Dark modules side by side.
pub(in crate::routes) struct Run {
    /// The first one's place from the left, in modules.
    pub(in crate::routes) x: u16,
    /// Its place from above.
    pub(in crate::routes) y: u16,
    /// How many.
    pub(in crate::routes) len: u16,
}

impl Code {
    /// The code of `url`; a violation of `ref`, which may be long, if it does not fit into one.
    pub(in crate::routes) fn of(url: &str) -> Result<Self, ApiError> {
        // The middle level: a scratch costs nothing, and the code stays coarse enough for cheap print.
        let code = QrCode::with_error_correction_level(url, EcLevel::M).map_err(|_| {
            ApiError::Invalid(vec![Violation::new("ref", Rule::Format("short enough for a code"))])
        })?;
        Ok(Self { side: len(code.width()) + 2 * QUIET_ZONE, runs: runs(&code.to_colors(), code.width()) })
    }

    /// As an SVG path, a unit for each module.
    pub(in crate::routes) fn path(&self) -> String {
        let mut path = String::new();
        for Run { x, y, len } in &self.runs {
            // Writing to a string cannot fail.
            write!(path, "M{x} {y}h{len}v1h-{len}z").ok();
        }
        path
    }
}

fn runs(modules: &[Color], width: usize) -> Vec<Run> {
    let mut runs = Vec::new();
    for (row, y) in modules.chunks(width).zip(QUIET_ZONE..) {
        let mut x = QUIET_ZONE;
        for run in row.chunk_by(|a, b| a == b) {
            let len = len(run.len());
            if run.first() == Some(&Color::Dark) {
                runs.push(Run { x, y, len });
            }
            x += len;
        }
    }
    runs
}

/// The largest code has 177 modules on a side.
fn len(modules: usize) -> u16 {
    u16::try_from(modules).unwrap_or(u16::MAX)
}

fn svg(code: &Code) -> String {
    let (side, path) = (code.side, code.path());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>\n"
    )
}
