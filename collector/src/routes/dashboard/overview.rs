//! All sites and surveys at a glance.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use parere_shared::survey::SurveyState;

use super::figure::{Figure, metric_name};
use super::{Frame, render};
use crate::app::App;
use crate::auth::Admin;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::period::Period;
use crate::scoreboard;
use crate::welcome;

#[derive(Template)]
#[template(path = "dashboard/overview.html")]
struct Overview {
    frame: Frame,
    sites: Vec<SiteCard>,
}

struct SiteCard {
    key: String,
    name: String,
    tag: String,
    surveys: Vec<SurveyCard>,
}

struct SurveyCard {
    slug: String,
    metric: &'static str,
    question: String,
    state: &'static str,
    figure: Figure,
}

/// Every survey with its score over all time.
pub(super) async fn page(State(app): State<App>, admin: Admin) -> Result<Response, ApiError> {
    let mut sites = Vec::new();
    for entry in app.catalogue.all().values() {
        sites.push(site_card(&app, admin, entry).await?);
    }
    render(&Overview { frame: Frame::new(&app, true), sites })
}

async fn site_card(app: &App, admin: Admin, site: &SiteEntry) -> Result<SiteCard, ApiError> {
    let mut surveys = Vec::new();
    for entry in &site.surveys {
        surveys.push(survey_card(app, admin, site, entry).await?);
    }
    Ok(SiteCard {
        key: site.site.key.clone(),
        name: site.site.name.clone(),
        tag: welcome::tag(&app.public_url, &site.site.key),
        surveys,
    })
}

async fn survey_card(
    app: &App,
    admin: Admin,
    site: &SiteEntry,
    entry: &SurveyEntry,
) -> Result<SurveyCard, ApiError> {
    let survey = &entry.survey;
    let board =
        scoreboard::read(&*app.store, &admin.scope(&site.site.key), site, entry, Period::default(), None)
            .await?;
    Ok(SurveyCard {
        slug: survey.slug.clone(),
        metric: metric_name(survey.metric),
        question: survey.instrument("").question,
        state: state(survey.state),
        figure: Figure::new(survey.metric, &survey.scale, &board.summary),
    })
}

/// What the state means for shoppers; nothing is said of what is as it should be.
pub(super) fn state(state: SurveyState) -> &'static str {
    match state {
        SurveyState::Live => "",
        SurveyState::Draft => "Draft: not asked yet",
        SurveyState::Paused => "Paused: not asked for now",
        SurveyState::Archived => "Archived: not asked any more",
    }
}
