//! What the browser is told about a survey, in one language.
//!
//! The collector makes it from the survey; it crosses as postcard bytes and holds no floating-point number,
//! because one of those would cost the widget 13 kB. The collector owns its texts (`String`),
//! the widget borrows them from those bytes (`&str`).

use crate::gate::Gate;
use crate::instrument::Instrument;
use crate::score::Band;
use crate::survey::{FollowUp, Look, Scale, Survey};
use crate::time;
use crate::wording::{self, Wording};

mod wire;

/// One survey as a shopper meets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyConfig<T = String> {
    /// Slug.
    pub slug: T,
    /// Id of the instrument.
    pub instrument: T,
    /// Language of the texts below.
    pub language: T,
    /// Is that language written from right to left?
    pub rtl: bool,
    /// The points.
    pub scale: Scale,
    /// The question, brand filled in.
    pub question: T,
    /// Words under the lowest point.
    pub low: T,
    /// Words under the highest point.
    pub high: T,
    /// Accessible name of each point, lowest first.
    pub names: Vec<T>,
    /// Follow-up questions by band.
    pub follow_ups: Vec<FollowUpConfig<T>>,
    /// The button that sends the comment.
    pub send: T,
    /// The button that sends the prompt away.
    pub dismiss: T,
    /// Said to screen readers when the score is chosen.
    pub noted: T,
    /// After the answer.
    pub thanks: T,
    /// Where in the customer journey; may be empty.
    pub touchpoint: T,
    /// Whether to ask.
    pub gate: Gate<T>,
}

/// The follow-up question of a band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpConfig<T = String> {
    /// First score of the band.
    pub from: i32,
    /// Last score of the band.
    pub to: i32,
    /// The question.
    pub question: T,
}

impl SurveyConfig {
    /// The survey in the language that fits `language` best.
    pub fn new(survey: &Survey, language: &str) -> Self {
        let instrument = survey.instrument(language);
        let wording = wording::nearest(&instrument.language);
        let texts = survey.texts.get(&instrument.language);
        Self {
            slug: survey.slug.clone(),
            instrument: instrument.id(),
            rtl: wording.rtl,
            scale: survey.scale,
            names: names(&instrument, wording),
            follow_ups: survey.follow_ups_in(&instrument.language),
            send: wording.send.into(),
            dismiss: wording.dismiss.into(),
            noted: wording.noted.into(),
            thanks: texts.and_then(|t| t.thanks.clone()).unwrap_or_else(|| wording.thanks.into()),
            touchpoint: survey.touchpoint.clone(),
            gate: survey.gate(),
            language: instrument.language,
            question: instrument.question,
            low: instrument.low,
            high: instrument.high,
        }
    }
}

impl Survey {
    /// The survey's own language that fits `wanted` best: the same, the same base, or the first.
    pub fn language_for(&self, wanted: &str) -> &str {
        let base = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let exact = self.languages.iter().find(|own| own.eq_ignore_ascii_case(wanted));
        let near = || self.languages.iter().find(|own| base(own) == base(wanted));
        exact.or_else(near).or(self.languages.first()).map_or("en", String::as_str)
    }

    /// What a shopper who prefers `wanted` sees.
    pub fn instrument(&self, wanted: &str) -> Instrument {
        let language = self.language_for(wanted);
        let wording = wording::nearest(language);
        let topic = self.topic();
        let asked = wording.asked(topic);
        let [low, high] = match self.scale.look {
            // Under two thumbs stand their own names.
            Look::Thumbs => wording.thumbs,
            _ if topic.polarity() == self.scale.polarity => [asked.low, asked.high],
            _ => [asked.high, asked.low],
        };
        let ours = if self.brand.is_empty() { asked.question_unbranded } else { asked.question };
        let texts = self.texts.get(language).cloned().unwrap_or_default();
        let question = texts.question.unwrap_or_else(|| ours.into());
        Instrument {
            metric: self.metric,
            scale: self.scale,
            language: language.into(),
            question: question.replace("{brand}", &self.brand),
            low: texts.low.unwrap_or_else(|| low.into()),
            high: texts.high.unwrap_or_else(|| high.into()),
        }
    }

    /// When and whom to ask.
    pub fn gate(&self) -> Gate {
        Gate {
            from_ms: self.schedule.from.as_deref().and_then(time::parse),
            until_ms: self.schedule.until.as_deref().and_then(time::parse),
            urls: self.targeting.urls.clone(),
            sample_per_mille: self.targeting.sample_per_mille,
            recontact: self.targeting.recontact,
        }
    }

    /// The follow-up questions in one of the survey's languages; the metric's own bands where none are given.
    fn follow_ups_in(&self, language: &str) -> Vec<FollowUpConfig> {
        if self.follow_ups.is_empty() {
            let bands = Band::all(self.metric).into_iter();
            return bands.filter_map(|band| self.our_follow_up(band, language)).collect();
        }
        self.follow_ups.iter().map(|own| self.own_follow_up(own, language)).collect()
    }

    fn our_follow_up(&self, band: Band, language: &str) -> Option<FollowUpConfig> {
        let range = band.range(self.metric, &self.scale)?;
        let question = wording::nearest(language).follow_up(band).into();
        Some(FollowUpConfig { from: *range.start(), to: *range.end(), question })
    }

    fn own_follow_up(&self, own: &FollowUp, language: &str) -> FollowUpConfig {
        let question = own.question.get(language).cloned().unwrap_or_else(|| {
            let band = Band::of(self.metric, &self.scale, own.from);
            wording::nearest(language).follow_up(band).into()
        });
        FollowUpConfig { from: own.from, to: own.to, question }
    }
}

/// Accessible names of the points, lowest first: the number, and at the ends what they mean.
fn names(instrument: &Instrument, wording: &Wording) -> Vec<String> {
    let scale = instrument.scale;
    let points = scale.min..=scale.max;
    let named = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    match scale.look {
        Look::Thumbs => named(&wording.thumbs),
        Look::Faces if scale.points() == 5 => named(&wording.faces),
        Look::Faces => named(&[wording.faces[0], wording.faces[2], wording.faces[4]]),
        Look::Stars => points.map(|n| fill(wording.star, n, scale.max)).collect(),
        Look::Numbers => points
            .map(|n| {
                let name = fill(wording.point, n, scale.max);
                match n {
                    _ if n == scale.min => format!("{name}, {}", instrument.low),
                    _ if n == scale.max => format!("{name}, {}", instrument.high),
                    _ => name,
                }
            })
            .collect(),
    }
}

fn fill(template: &str, n: i32, max: i32) -> String {
    template.replace("{n}", &n.to_string()).replace("{max}", &max.to_string())
}

#[cfg(test)]
mod tests;
