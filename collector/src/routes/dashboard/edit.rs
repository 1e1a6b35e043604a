//! The editor of surveys: one form, complete without a script.
//!
//! Field names are the paths of the definition's fields, so that what is wrong with a definition finds its field.
//! Buttons that add or remove something send the whole form and get it back, with nothing lost.

use askama::Template;
use axum::Router;
use axum::extract::{Form as Body, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use parere_shared::survey::{Survey, SurveyState};
use parere_shared::violation::{Rule, Violation};

use super::{Frame, preview, render};
use crate::app::App;
use crate::auth::{May, WRITE};
use crate::error::ApiError;
use crate::routes::query::{Asked, NO_SUCH_SURVEY};
use crate::store::SurveyWrite;

mod act;
mod entered;
mod form;
mod kind;
mod page;
mod read;
mod states;
#[cfg(test)]
mod tests;
mod write;

use act::Sent;
use form::Form;
use kind::{KINDS, Kind};
use page::Page;
use read::{Fixed, definition};

/// Said once: whoever saves again has been told.
const CHANGED_MEANWHILE: Rule = Rule::Contradiction(
    "was changed by somebody else meanwhile; see under “What was changed”, and save again to put this in its place",
);

/// Names and texts of the form, as browsers send them.
pub(super) type Pairs = Vec<(String, String)>;

/// Making and changing surveys.
pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/dashboard/{site}/new-survey", get(choose).post(create))
        .route("/dashboard/{site}/surveys/{survey}/edit", get(edit).post(save))
        .route("/dashboard/{site}/surveys/{survey}/state", post(set_state))
        .merge(preview::router())
}

#[derive(Template)]
#[template(path = "dashboard/edit/kinds.html")]
struct Kinds {
    frame: Frame,
    style: String,
    site: String,
    site_name: String,
}

/// The kinds of questions; or the form for one of them.
async fn choose(State(app): State<App>, hand: May<WRITE>, asked: Asked) -> Result<Response, ApiError> {
    let Some(name) = asked.get("kind") else {
        let (site, site_name) = (hand.site.site.key.clone(), hand.site.site.name.clone());
        let style = app.assets.url("editor.css");
        return render(&Kinds { frame: Frame::of(&app, &hand.caller), style, site, site_name });
    };
    let kind = Kind::find(name).ok_or(ApiError::NotFound("There is no such kind of question."))?;
    let survey = kind.survey(&hand.site);
    let mut entered = write::entered(&survey, &hand.site.zone);
    entered.set("slug", &survey.slug);
    Page::draw(&app, &hand, &survey, Form::new(entered, &[], &[], String::new()), None)
}

/// The form of a survey that exists.
async fn edit(
    State(app): State<App>,
    hand: May<WRITE>,
    Path((_, slug)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let survey = &hand.site.survey(&slug).ok_or(NO_SUCH_SURVEY)?.survey;
    let entered = write::entered(survey, &hand.site.zone);
    let version = latest(&app, &hand, &slug).await?;
    let form = Form::new(entered, &[], &survey.warnings(), String::new()).of_version(version);
    Page::draw(&app, &hand, survey, form, asked.get("saved").map(|_| slug.as_str()))
}

/// Makes the survey, or does what a button of the form says.
async fn create(
    State(app): State<App>,
    hand: May<WRITE>,
    Body(pairs): Body<Pairs>,
) -> Result<Response, ApiError> {
    let fixed = Fixed { slug: None, state: SurveyState::Draft };
    let (survey, sent, mut found) = take(pairs, fixed, &hand);
    if !sent.is_save {
        return sent.again(&app, &hand, &survey);
    }
    if hand.site.survey(&survey.slug).is_some() {
        let rule = Rule::Contradiction("is taken; choose another");
        found.push(Violation::new("slug", rule));
    }
    if !found.is_empty() {
        return sent.refused(&app, &hand, &survey, &found);
    }
    if !app.store.add_survey(&hand.scope, hand.write(&app, survey.clone())).await? {
        let taken = Violation::new("slug", Rule::Contradiction("is taken; choose another"));
        return sent.refused(&app, &hand, &survey, &[taken]);
    }
    app.catalogue.reload().await?;
    Ok(saved(&hand, &survey.slug))
}

/// Writes the survey, or does what a button of the form says.
async fn save(
    State(app): State<App>,
    hand: May<WRITE>,
    Path((_, slug)): Path<(String, String)>,
    Body(pairs): Body<Pairs>,
) -> Result<Response, ApiError> {
    let state = hand.site.survey(&slug).ok_or(NO_SUCH_SURVEY)?.survey.state;
    let (survey, mut sent, mut found) = take(pairs, Fixed { slug: Some(&slug), state }, &hand);
    if !sent.is_save {
        return sent.again(&app, &hand, &survey);
    }
    let version = latest(&app, &hand, &slug).await?;
    if sent.version != version {
        sent.version = version;
        found.push(Violation::new("version", CHANGED_MEANWHILE));
    }
    if !found.is_empty() {
        return sent.refused(&app, &hand, &survey, &found);
    }
    if !app.store.replace_survey(&hand.scope, hand.write(&app, survey)).await? {
        return Err(NO_SUCH_SURVEY);
    }
    app.catalogue.reload().await?;
    Ok(saved(&hand, &slug))
}

/// Takes a survey from one state of its life to another.
async fn set_state(
    State(app): State<App>,
    hand: May<WRITE>,
    Path((_, slug)): Path<(String, String)>,
    Body(pairs): Body<Pairs>,
) -> Result<Response, ApiError> {
    let current = hand.site.survey(&slug).ok_or(NO_SUCH_SURVEY)?.survey.clone();
    let wanted = pairs.iter().find(|(name, _)| name == "state").map(|(_, state)| state.as_str());
    let state = wanted.and_then(|wanted| states::after(current.state, wanted));
    let state = state.ok_or(ApiError::Conflict("The survey is in another state by now."))?;
    let survey = Survey { state, ..current };
    let found = survey.violations();
    if !found.is_empty() {
        // Written under rules that were other ones.
        let version = latest(&app, &hand, &slug).await?;
        let entered = write::entered(&survey, &hand.site.zone);
        let form = Form::new(entered, &found, &[], String::new()).of_version(version);
        return Ok(refuse(Page::draw(&app, &hand, &survey, form, None)?));
    }
    if !app.store.replace_survey(&hand.scope, hand.write(&app, survey)).await? {
        return Err(NO_SUCH_SURVEY);
    }
    app.catalogue.reload().await?;
    Ok(saved(&hand, &slug))
}

/// The definition that a form describes, for the preview: `None` where something is wrong with it.
pub(super) fn described(pairs: Pairs, hand: &May<WRITE>) -> Option<Survey> {
    // No page of a survey knows its slug by the form alone, and a preview does without.
    let pairs = pairs.into_iter().filter(|(name, _)| name != "slug").collect();
    let fixed = Fixed { slug: Some(preview::SLUG), state: SurveyState::Draft };
    let (survey, _, found) = take(pairs, fixed, hand);
    found.is_empty().then_some(survey)
}

/// Reads the form after doing what its button says.
fn take(pairs: Pairs, fixed: Fixed<'_>, hand: &May<WRITE>) -> (Survey, Sent, Vec<Violation>) {
    let mut sent = Sent::of(pairs);
    let (before, _) = definition(&sent.entered, fixed, &hand.site.zone);
    sent.act(&before);
    let (survey, mut found) = definition(&sent.entered, fixed, &hand.site.zone);
    found.extend(sent.fault.take());
    (survey, sent, found)
}

/// The number of the survey's latest version.
async fn latest(app: &App, hand: &May<WRITE>, slug: &str) -> Result<i64, ApiError> {
    let versions = app.store.survey_versions(&hand.scope, slug, 1).await?;
    Ok(versions.first().map_or(0, |version| version.number))
}

fn saved(hand: &May<WRITE>, slug: &str) -> Response {
    Redirect::to(&format!("/dashboard/{}/surveys/{slug}/edit?saved=1", hand.site.site.key)).into_response()
}

fn refuse(page: Response) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
}

impl Sent {
    /// The form as it came, with what its button changed.
    fn again(mut self, app: &App, hand: &May<WRITE>, survey: &Survey) -> Result<Response, ApiError> {
        let found: Vec<_> = self.fault.take().into_iter().collect();
        let is_refused = !found.is_empty();
        let form = Form::new(self.entered, &found, &[], self.changed).of_version(self.version);
        let page = Page::draw(app, hand, survey, form, None)?;
        Ok(if is_refused { refuse(page) } else { page })
    }

    fn refused(
        self,
        app: &App,
        hand: &May<WRITE>,
        survey: &Survey,
        found: &[Violation],
    ) -> Result<Response, ApiError> {
        let form = Form::new(self.entered, found, &[], String::new()).of_version(self.version);
        Ok(refuse(Page::draw(app, hand, survey, form, None)?))
    }
}

impl May<WRITE> {
    fn write(&self, app: &App, survey: Survey) -> SurveyWrite {
        let instruments = survey.languages.iter().map(|language| survey.instrument(language)).collect();
        SurveyWrite { survey, instruments, author: self.caller.who.name(), now: app.clock.now() }
    }
}
