//! The survey that answers of other programs become answers to: one that fits, or a new one that is never asked.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use parere_shared::survey::{
    Look, Metric, Placement, Polarity, Scale, Schedule, Survey, SurveyState, Targeting, Trigger,
};

use crate::auth::{Action, SiteScope};
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::clock::Clock;
use crate::command::user::record;
use crate::config::{ImportOptions, Points};
use crate::import::{Form, sentence};
use crate::store::{Store, SurveyWrite};

/// The survey that has to be made; `None` where there is one, which is asked as the options say.
pub(super) fn missing(
    options: &ImportOptions,
    form: &Form,
    site: &SiteEntry,
) -> anyhow::Result<Option<Survey>> {
    let slug = options.survey.as_deref().context("say with --survey which survey they are answers to")?;
    if let Some(entry) = site.survey(slug) {
        agree(options, &entry.survey)?;
        return Ok(None);
    }
    // Delighted asked on these scales.
    let usual = |metric| match (form, metric) {
        (_, Metric::Nps) => Some(Points { min: 0, max: 10 }),
        (Form::Delighted(_), Metric::Ces | Metric::Csat) => Some(Points { min: 1, max: 5 }),
        _ => None,
    };
    let metric = options.metric.or(matches!(form, Form::Delighted(_)).then_some(Metric::Nps));
    let metric = metric.with_context(|| {
        format!("there is no survey {slug}; say what it measures with --metric to make it")
    })?;
    let Some(points) = options.scale.or_else(|| usual(metric)) else {
        bail!("there is no survey {slug}; say its points with --scale (0-10, 1-7) to make it");
    };
    let polarity = options.polarity.unwrap_or(Polarity::HighIsGood);
    let survey = archived(slug, metric, points, polarity);
    let found = survey.violations();
    ensure!(found.is_empty(), "the survey {slug} cannot be made: {}", sentence(&found));
    Ok(Some(survey))
}

/// Is `survey` asked as the options say, as far as they say it?
fn agree(options: &ImportOptions, survey: &Survey) -> anyhow::Result<()> {
    let Survey { slug, metric, scale, .. } = survey;
    let fits = options.metric.is_none_or(|wanted| wanted == *metric)
        && options.scale.is_none_or(|wanted| (wanted.min, wanted.max) == (scale.min, scale.max))
        && options.polarity.is_none_or(|wanted| wanted == scale.polarity);
    let direction = match scale.polarity {
        Polarity::HighIsGood => "high_is_good",
        Polarity::LowIsGood => "low_is_good",
    };
    ensure!(
        fits,
        "the survey {slug} measures {} from {} to {}, {direction}; answers on another scale are never added to it: name \
         another survey",
        metric.as_str(),
        scale.min,
        scale.max
    );
    Ok(())
}

fn archived(slug: &str, metric: Metric, points: Points, polarity: Polarity) -> Survey {
    Survey {
        slug: slug.into(),
        state: SurveyState::Archived,
        metric,
        scale: Scale { min: points.min, max: points.max, polarity, look: Look::Numbers },
        topic: None,
        brand: String::new(),
        languages: vec!["en".into()],
        texts: BTreeMap::new(),
        follow_ups: Vec::new(),
        thanks: Vec::new(),
        placement: Placement::Inline,
        position: None,
        touchpoint: String::new(),
        targeting: Targeting::default(),
        schedule: Schedule::default(),
        trigger: Trigger::Immediately,
    }
}

/// Adds the survey to the site.
pub(super) async fn make(
    store: &dyn Store,
    clock: &dyn Clock,
    site: &str,
    survey: &Survey,
) -> anyhow::Result<()> {
    let instruments = survey.languages.iter().map(|language| survey.instrument(language)).collect();
    let write =
        SurveyWrite { survey: survey.clone(), instruments, author: "parere import".into(), now: clock.now() };
    // Somebody else may have made it by now; then it is there, too.
    if store.add_survey(&SiteScope::at_the_machine(site), write).await? {
        record(store, clock, Action::SurveyCreate, Some(site), &survey.slug).await?;
    }
    Ok(())
}

/// The survey as it would be.
pub(super) fn imagined(survey: &Survey) -> SurveyEntry {
    let instruments = survey.languages.iter().map(|language| survey.instrument(language));
    let instruments = instruments.map(|instrument| (instrument.id(), instrument)).collect();
    SurveyEntry::new(survey.clone(), instruments, Vec::new())
}
