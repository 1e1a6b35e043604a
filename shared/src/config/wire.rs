//! How a config crosses to the browser: all its numbers in one list and all its texts in another, field after field.
//!
//! Code that decodes a struct is made anew for each struct; two lists are decoded by two functions,
//! and that is 5 kB less for every shopper to download. The texts stay where they arrived: nothing is copied.

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::{FollowUpConfig, SurveyConfig};
use crate::gate::{Gate, Recontact, UrlOp, UrlRule};
use crate::survey::{Look, Polarity, Scale};

#[derive(Default, Serialize, Deserialize)]
struct Lists<'a> {
    numbers: Vec<i64>,
    #[serde(borrow)]
    texts: Vec<&'a str>,
}

impl<T: AsRef<str>> Serialize for SurveyConfig<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut lists = Lists::default();
        lists.put(self);
        lists.serialize(serializer)
    }
}

impl<'a, 'de: 'a> Deserialize<'de> for SurveyConfig<&'a str> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let lists = Lists::deserialize(deserializer)?;
        let mut reader = Reader { numbers: &lists.numbers, texts: &lists.texts, is_short: false };
        let survey = reader.survey();
        if reader.is_short {
            return Err(D::Error::custom("too short"));
        }
        Ok(survey)
    }
}

impl<'a> Lists<'a> {
    fn count(&mut self, count: usize) {
        self.numbers.push(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// In the order in which [`Reader::survey`] takes them.
    fn put<T: AsRef<str>>(&mut self, survey: &'a SurveyConfig<T>) {
        let SurveyConfig { scale, gate, .. } = survey;
        for text in [
            &survey.slug,
            &survey.instrument,
            &survey.language,
            &survey.question,
            &survey.low,
            &survey.high,
            &survey.send,
            &survey.dismiss,
            &survey.noted,
            &survey.thanks,
            &survey.touchpoint,
        ] {
            self.texts.push(text.as_ref());
        }
        self.numbers.extend([
            survey.rtl.into(),
            scale.min.into(),
            scale.max.into(),
            scale.polarity as i64,
            scale.look as i64,
            gate.from_ms.unwrap_or(0),
            gate.until_ms.unwrap_or(0),
            gate.sample_per_mille.into(),
            gate.recontact.answered_days.into(),
            gate.recontact.dismissed_days.into(),
            gate.recontact.other_days.into(),
        ]);
        self.count(survey.names.len());
        self.texts.extend(survey.names.iter().map(AsRef::as_ref));
        self.count(survey.follow_ups.len());
        for follow_up in &survey.follow_ups {
            self.numbers.extend([i64::from(follow_up.from), follow_up.to.into()]);
            self.texts.push(follow_up.question.as_ref());
        }
        self.count(gate.urls.len());
        for rule in &gate.urls {
            self.numbers.extend([rule.op as i64, rule.not.into()]);
            self.texts.push(rule.value.as_ref());
        }
    }
}

/// Takes one value after the other; past the end there are zeros and empty texts, and it remembers that.
struct Reader<'l, 'a> {
    numbers: &'l [i64],
    texts: &'l [&'a str],
    is_short: bool,
}

impl<'a> Reader<'_, 'a> {
    #[inline(never)]
    fn text(&mut self) -> &'a str {
        let Some((text, rest)) = self.texts.split_first() else {
            self.is_short = true;
            return "";
        };
        self.texts = rest;
        text
    }

    #[inline(never)]
    fn number(&mut self) -> i64 {
        let Some((&number, rest)) = self.numbers.split_first() else {
            self.is_short = true;
            return 0;
        };
        self.numbers = rest;
        number
    }

    fn small(&mut self) -> i32 {
        i32::try_from(self.number()).unwrap_or(0)
    }

    fn days(&mut self) -> u16 {
        u16::try_from(self.number()).unwrap_or(0)
    }

    fn moment(&mut self) -> Option<i64> {
        Some(self.number()).filter(|&moment| moment != 0)
    }

    /// Of things that have a text each: there cannot be more of them than texts.
    fn count(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or(0).min(self.texts.len())
    }

    fn survey(&mut self) -> SurveyConfig<&'a str> {
        // Fields are evaluated in the order in which they stand here.
        SurveyConfig {
            slug: self.text(),
            instrument: self.text(),
            language: self.text(),
            question: self.text(),
            low: self.text(),
            high: self.text(),
            send: self.text(),
            dismiss: self.text(),
            noted: self.text(),
            thanks: self.text(),
            touchpoint: self.text(),
            rtl: self.number() != 0,
            scale: Scale {
                min: self.small(),
                max: self.small(),
                polarity: if self.number() == 0 { Polarity::HighIsGood } else { Polarity::LowIsGood },
                look: match self.number() {
                    1 => Look::Stars,
                    2 => Look::Faces,
                    3 => Look::Thumbs,
                    _ => Look::Numbers,
                },
            },
            gate: Gate {
                from_ms: self.moment(),
                until_ms: self.moment(),
                sample_per_mille: self.days(),
                recontact: Recontact {
                    answered_days: self.days(),
                    dismissed_days: self.days(),
                    other_days: self.days(),
                },
                urls: Vec::new(),
            },
            names: Vec::new(),
            follow_ups: Vec::new(),
        }
        .with_lists(self)
    }
}

impl<'a> SurveyConfig<&'a str> {
    fn with_lists(mut self, reader: &mut Reader<'_, 'a>) -> Self {
        for _ in 0..reader.count() {
            self.names.push(reader.text());
        }
        for _ in 0..reader.count() {
            let (from, to, question) = (reader.small(), reader.small(), reader.text());
            self.follow_ups.push(FollowUpConfig { from, to, question });
        }
        for _ in 0..reader.count() {
            let op = match reader.number() {
                0 => UrlOp::Contains,
                1 => UrlOp::Equals,
                2 => UrlOp::Prefix,
                _ => UrlOp::Glob,
            };
            self.gate.urls.push(UrlRule { op, not: reader.number() != 0, value: reader.text() });
        }
        self
    }
}
