//! What the browser is told about a survey, in one language.
//!
//! The collector makes it from the survey; it crosses as postcard bytes and holds no floating-point number,
//! because one of those would cost the widget 13 kB. The collector owns its texts (`String`),
//! the widget borrows them from those bytes (`&str`).

use crate::gate::{Awaited, Gate, Hours, On, Zone};
use crate::instrument::Instrument;
use crate::language;
use crate::survey::{Look, Placement, Position, Scale, Schedule, Survey, Trigger};
use crate::time;
use crate::wording::{self, Wording};

mod after;
mod wire;

pub use after::{ChoiceConfig, FollowUpConfig, OTHER, ThanksConfig};

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
    /// Said in place of everything else when the answer will never be stored.
    pub refused: T,
    /// The button after which nothing is ever asked again.
    pub never: T,
    /// Name of the cross that closes a prompt which does not stand in the page.
    pub close: T,
    /// On the tab that opens it.
    pub tab: T,
    /// What is said after the answer, by band.
    pub thanks: Vec<ThanksConfig<T>>,
    /// How it joins the page.
    pub placement: Placement,
    /// In which corner, at which edge or side.
    pub position: Position,
    /// What must happen on the page first.
    pub awaited: Awaited<T>,
    /// Where in the customer journey; may be empty.
    pub touchpoint: T,
    /// Whether to ask.
    pub gate: Gate<T>,
}

impl SurveyConfig {
    /// The survey in the language that fits `language` best; `zone` is the site's, around now.
    pub fn new(survey: &Survey, language: &str, zone: Zone) -> Self {
        let instrument = survey.instrument(language);
        let wording = wording::nearest(&instrument.language);
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
            refused: wording.refused.into(),
            never: wording.never.into(),
            close: wording.close.into(),
            tab: wording.tab.into(),
            thanks: survey.thanks_in(&instrument.language),
            placement: survey.placement,
            position: survey.position(),
            awaited: survey.awaited(),
            touchpoint: survey.touchpoint.clone(),
            gate: survey.gate(zone),
            language: instrument.language,
            question: instrument.question,
            low: instrument.low,
            high: instrument.high,
        }
    }
}

impl Survey {
    /// The survey's own language that fits `wanted` best, or its first.
    pub fn language_for(&self, wanted: &str) -> &str {
        let own: Vec<&str> = self.languages.iter().map(String::as_str).collect();
        language::nearest(wanted, &own).or(own.first().copied()).unwrap_or("en")
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

    /// When and whom to ask; `zone` is the site's, around now.
    pub fn gate(&self, zone: Zone) -> Gate {
        Gate {
            from_ms: self.schedule.from.as_deref().and_then(time::parse),
            until_ms: self.schedule.until.as_deref().and_then(time::parse),
            hours: self.schedule.hours_in(zone),
            urls: self.targeting.urls.clone(),
            conditions: self.targeting.conditions.clone(),
            sample_per_mille: self.targeting.sample_per_mille,
            recontact: self.targeting.recontact,
        }
    }

    fn awaited(&self) -> Awaited {
        let of = |on, amount: u16, name: &str| Awaited {
            on,
            amount: amount.into(),
            name: name.into(),
            properties: Vec::new(),
        };
        match &self.trigger {
            Trigger::Immediately => of(On::Start, 0, ""),
            Trigger::Seconds { seconds } => of(On::Seconds, *seconds, ""),
            Trigger::Scroll { percent } => of(On::Scroll, *percent, ""),
            Trigger::Exit => of(On::Exit, 0, ""),
            Trigger::Click { selector } => of(On::Click, 0, selector),
            Trigger::InView { selector } => of(On::InView, 0, selector),
            Trigger::Event { name, properties } => {
                Awaited { properties: properties.clone(), ..of(On::Event, 0, name) }
            }
            Trigger::Purchase => of(On::Purchase, 0, ""),
        }
    }
}

impl Schedule {
    /// Days and times in `zone`; hours that are not a time are open, and [`Survey::violations`] names them.
    fn hours_in(&self, zone: Zone) -> Hours {
        let days = self.days.iter().fold(0, |mask, &day| mask | 1 << day as i32);
        let [from_min, until_min] = self
            .hours
            .as_ref()
            .map_or([0, 0], |hours| hours.each_ref().map(|time| time::parse_minutes(time).unwrap_or(0)));
        if days == 0 && from_min == until_min {
            return Hours::default();
        }
        Hours { days, from_min, until_min, zone }
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
