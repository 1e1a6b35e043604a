//! The page of the editor: the form, the state of the survey, the preview beside it.

use askama::Template;
use axum::response::Response;
use parere_shared::survey::{Survey, SurveyState};

use super::form::Form;
use super::states::StateBox;
use crate::app::App;
use crate::auth::{May, WRITE};
use crate::error::ApiError;
use crate::routes::dashboard::{Frame, preview, render, terms};
use crate::welcome;

#[derive(Template)]
#[template(path = "dashboard/edit/page.html")]
pub(super) struct Page {
    frame: Frame,
    style: String,
    script: String,
    site: String,
    site_name: String,
    /// Empty while there is no such survey.
    slug: String,
    title: String,
    form: Form,
    /// Tag and name of each language, and what is asked in it where nothing else is written.
    languages: Vec<Language>,
    state: StateBox,
    saved: bool,
    /// Address of the preview, where the form describes a survey.
    preview: Option<String>,
    tag: String,
}

struct Language {
    tag: String,
    name: String,
    ours: Option<[String; 3]>,
}

impl Page {
    /// Draws the page; `saved` where it follows a save.
    pub(super) fn draw(
        app: &App,
        hand: &May<WRITE>,
        survey: &Survey,
        form: Form,
        saved: Option<&str>,
    ) -> Result<Response, ApiError> {
        let site = hand.site.site.key.clone();
        let stored = hand.site.survey(&survey.slug).map(|entry| &entry.survey);
        // A new survey may have been given the name of another.
        let is_new = form.is_new();
        let stored = stored.filter(|_| !is_new);
        let is_sound = survey.violations().is_empty();
        let page = Self {
            frame: Frame::of(app, &hand.caller),
            style: app.assets.url("editor.css"),
            script: app.assets.url("editor.js"),
            site_name: hand.site.site.name.clone(),
            slug: stored.map(|survey| survey.slug.clone()).unwrap_or_default(),
            title: stored.map_or_else(|| "A new survey".into(), |stored| stored.instrument("").question),
            languages: survey.languages.iter().map(|tag| Language::new(tag, survey, is_sound)).collect(),
            form,
            state: StateBox::of(stored.map_or(SurveyState::Draft, |stored| stored.state)),
            saved: saved.is_some(),
            preview: is_sound.then(|| preview::address(&site, survey, survey.language_for(""), false)),
            tag: welcome::tag(&app.public_url, &site),
            site,
        };
        let mut response = render(&page)?;
        preview::allow(response.headers_mut());
        Ok(response)
    }
}

impl Language {
    fn new(tag: &str, survey: &Survey, is_sound: bool) -> Self {
        let ours = is_sound.then(|| {
            let bare = Survey { languages: vec![tag.to_owned()], texts: [].into(), ..survey.clone() };
            let asked = bare.instrument(tag);
            [asked.question, asked.low, asked.high]
        });
        Self { tag: tag.to_owned(), name: terms::language(tag), ours }
    }
}
