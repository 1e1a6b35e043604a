//! The surveys of the demo shop, as they are asked now and as one of them was asked before.

use std::collections::BTreeMap;

use anyhow::ensure;
use parere_shared::instrument::Instrument;
use parere_shared::survey::{Metric, Scale, Survey, Texts};
use parere_shared::time::Millis;

use super::language::LANGUAGES;
use crate::catalogue::SurveyEntry;
use crate::store::SurveyWrite;

/// A survey as it was asked at some time.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) slug: String,
    pub(super) metric: Metric,
    pub(super) scale: Scale,
    /// The instrument of each language.
    pub(super) instruments: BTreeMap<String, String>,
    /// Was it worded otherwise than today?
    pub(super) is_worded_as_before: bool,
}

/// A survey with its past.
#[derive(Debug, Clone)]
pub(super) struct Past {
    pub(super) now: Asked,
    /// Only of the survey that was worded anew.
    pub(super) before: Option<Asked>,
}

impl Past {
    /// As it was asked, before or after it was worded anew.
    pub(super) fn asked(&self, is_before: bool) -> &Asked {
        self.before.as_ref().filter(|_| is_before).unwrap_or(&self.now)
    }
}

/// The past of one of our surveys. Fails where it is no longer asked as the first start made it.
pub(super) fn past_of(ours: &Survey, survey: &Survey) -> anyhow::Result<Past> {
    let is_ours = survey.metric == ours.metric && survey.scale == ours.scale;
    ensure!(
        is_ours,
        "the survey {} of {} has another scale than the one it was made with; made-up answers would not fit it, so use \
         a fresh database",
        survey.slug,
        super::SITE
    );
    let now = asked(survey, false);
    let before = (survey.metric == Metric::Nps).then(|| asked(&worded_as_before(survey), true));
    Ok(Past { now, before })
}

/// When a survey that was worded anew asked what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wordings {
    /// First moment of the former wording.
    pub(super) before: Millis,
    /// First moment of today's.
    pub(super) anew: Millis,
}

/// What is written, in this order, so that `entry` is asked in every language and has its past; nothing if it is so
/// already.
///
/// The past comes first and leaves the definition as it is: what is said from today on is written today.
pub(super) fn prepared(entry: &SurveyEntry, wordings: Wordings, now: Millis) -> Vec<SurveyWrite> {
    let mut survey = entry.survey.clone();
    for language in LANGUAGES {
        if !survey.languages.iter().any(|own| own == language.tag) {
            survey.languages.push(language.tag.into());
        }
    }
    let is_worded_anew = survey.metric == Metric::Nps;
    let (today, before) = (instruments(&survey), instruments(&worded_as_before(&survey)));
    let is_known = |instrument: &Instrument| entry.instruments.contains_key(&instrument.id());
    let is_prepared = survey == entry.survey
        && today.iter().all(is_known)
        && (!is_worded_anew || before.iter().all(is_known));
    if is_prepared {
        return Vec::new();
    }
    let write = |survey: &Survey, instruments: &[Instrument], now: Millis| SurveyWrite {
        survey: survey.clone(),
        instruments: instruments.to_vec(),
        author: "parere demo".into(),
        now,
    };
    let mut writes = Vec::new();
    if is_worded_anew {
        writes.push(write(&entry.survey, &before, wordings.before));
        writes.push(write(&entry.survey, &today, wordings.anew));
    }
    writes.push(write(&survey, &today, now));
    writes
}

fn asked(survey: &Survey, is_worded_as_before: bool) -> Asked {
    let instruments = instruments(survey).into_iter().map(|i| (i.language.clone(), i.id())).collect();
    Asked {
        slug: survey.slug.clone(),
        metric: survey.metric,
        scale: survey.scale,
        instruments,
        is_worded_as_before,
    }
}

fn instruments(survey: &Survey) -> Vec<Instrument> {
    survey.languages.iter().map(|language| survey.instrument(language)).collect()
}

/// The same survey with the question of former times.
fn worded_as_before(survey: &Survey) -> Survey {
    let mut before = survey.clone();
    for language in LANGUAGES {
        let texts = before.texts.entry(language.tag.into()).or_default();
        *texts = Texts { question: Some(language.asked_before.into()), ..texts.clone() };
    }
    before
}
