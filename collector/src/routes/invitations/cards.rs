//! Cards to print and put in a parcel: a sheet of them, each with a code, as SVG and as PDF.

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use parere_shared::config::SurveyConfig;
use parere_shared::text::is_language;
use parere_shared::violation::{Rule, Violation};

use self::sheet::{CARDS_MAX, Paper, Sheet};
use super::invite_all;
use crate::app::App;
use crate::auth::{Caller, May, READ, SiteScope, WRITE};
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::invitation::{self, InvitationIn};
use crate::openapi::{CardsQuery, InSite, InvalidQuery, NoSuchSite, Refused};
use crate::routes::query::{Asked, NO_SUCH_SURVEY, refuse_any};

mod pdf;
mod sheet;
mod svg;

/// In which form a sheet is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Svg,
    Pdf,
}

/// A sheet of cards that all have the survey's public link.
#[utoipa::path(get, path = "/sites/{site}/invitations/cards.svg", operation_id = "print_cards",
    params(InSite, CardsQuery),
    responses((status = 200, body = String, content_type = "image/svg+xml"), NoSuchSite, InvalidQuery, Refused))]
pub(super) async fn print(
    State(app): State<App>,
    May { site, .. }: May<READ>,
    asked: Asked,
) -> Result<Response, ApiError> {
    of_all(&app, &site, &asked, Form::Svg)
}

/// A sheet of cards that each have a link of their own, for one customer and one answer.
#[utoipa::path(post, path = "/sites/{site}/invitations/cards.svg", operation_id = "make_cards",
    params(InSite, CardsQuery),
    responses((status = 200, body = String, content_type = "image/svg+xml"), NoSuchSite, InvalidQuery, Refused))]
pub(super) async fn make(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    asked: Asked,
) -> Result<Response, ApiError> {
    of_each(&app, &caller, &scope, &site, &asked, Form::Svg).await
}

/// The same sheet as PDF, for a printer: a question in letters that its fonts do not have is left out, and the address
/// stands in its place.
#[utoipa::path(get, path = "/sites/{site}/invitations/cards.pdf", operation_id = "print_cards_pdf",
    params(InSite, CardsQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), NoSuchSite, InvalidQuery, Refused))]
pub(super) async fn print_pdf(
    State(app): State<App>,
    May { site, .. }: May<READ>,
    asked: Asked,
) -> Result<Response, ApiError> {
    of_all(&app, &site, &asked, Form::Pdf)
}

/// The same sheet as PDF, each card with a link of its own.
#[utoipa::path(post, path = "/sites/{site}/invitations/cards.pdf", operation_id = "make_cards_pdf",
    params(InSite, CardsQuery),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), NoSuchSite, InvalidQuery, Refused))]
pub(super) async fn make_pdf(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    asked: Asked,
) -> Result<Response, ApiError> {
    of_each(&app, &caller, &scope, &site, &asked, Form::Pdf).await
}

/// Cards with the survey's public link.
fn of_all(app: &App, site: &SiteEntry, asked: &Asked, form: Form) -> Result<Response, ApiError> {
    let wanted = Wanted::of(site, asked)?;
    let url = format!("{}/s/{}/{}?via=qr", app.public_url, site.site.key, wanted.entry.survey.slug);
    wanted.sheet(site, form, &vec![url; wanted.n])
}

/// Cards with a link each, which are made now.
async fn of_each(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    asked: &Asked,
    form: Form,
) -> Result<Response, ApiError> {
    let wanted = Wanted::of(site, asked)?;
    if !wanted.language.is_empty() && !is_language(wanted.language) {
        let rule = Rule::Format("a language tag such as it or pt-BR");
        return Err(ApiError::Invalid(vec![Violation::new("lang", rule)]));
    }
    let wish = InvitationIn {
        survey: wanted.entry.survey.slug.clone(),
        channel: "qr".into(),
        locale: Some(wanted.language.to_owned()),
        ..InvitationIn::default()
    };
    let (made, _) = invite_all(app, caller, scope, site, &vec![wish; wanted.n]).await?;
    let urls: Vec<_> =
        made.iter().map(|made| invitation::link(&app.public_url, &site.site, made.id)).collect();
    wanted.sheet(site, form, &urls)
}

/// What shall be printed.
struct Wanted<'a> {
    entry: &'a SurveyEntry,
    /// How many cards.
    n: usize,
    paper: Paper,
    /// Language of the question, as far as the survey has it.
    language: &'a str,
}

impl<'a> Wanted<'a> {
    fn of(site: &'a SiteEntry, asked: &'a Asked) -> Result<Self, ApiError> {
        let n = asked.get("n").map_or(Some(CARDS_MAX), |n| n.parse().ok());
        let paper = asked.get("paper").map_or(Some(Paper::A4), Paper::parse);
        let mut found = Vec::new();
        if n.is_none_or(|n| !(1..=CARDS_MAX).contains(&n)) {
            found.push(Violation::new("n", Rule::OutOfRange { min: 1, max: 10 }));
        }
        if paper.is_none() {
            found.push(Violation::new("paper", Rule::Unknown("a4 or letter")));
        }
        if asked.get("survey").is_none() {
            found.push(Violation::new("survey", Rule::Missing));
        }
        refuse_any(found)?;
        Ok(Self {
            entry: asked.survey(site)?.ok_or(NO_SUCH_SURVEY)?,
            n: n.unwrap_or(CARDS_MAX),
            paper: paper.unwrap_or(Paper::A4),
            language: asked.get("lang").unwrap_or_default(),
        })
    }

    /// A sheet of cards that lead to these addresses.
    fn sheet(&self, site: &SiteEntry, form: Form, urls: &[String]) -> Result<Response, ApiError> {
        let language = self.entry.survey.language_for(self.language);
        let config = SurveyConfig::new(&self.entry.survey, language, site.offsets);
        let brand = invitation::brand(site, self.entry);
        let sheet = Sheet::new(self.paper, &config.language, brand, &config.question, urls)?;
        let nosniff = (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let kind = |kind| (header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Ok(match form {
            Form::Svg => {
                let alone = HeaderValue::from_static("default-src 'none'");
                let alone = (header::CONTENT_SECURITY_POLICY, alone);
                ([kind("image/svg+xml"), alone, nosniff], svg::svg(&sheet)).into_response()
            }
            Form::Pdf => {
                let name = HeaderValue::from_static("inline; filename=\"cards.pdf\"");
                let name = (header::CONTENT_DISPOSITION, name);
                ([kind("application/pdf"), name, nosniff], pdf::pdf(&sheet)?).into_response()
            }
        })
    }
}
