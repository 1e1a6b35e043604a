//! How a config crosses to the browser: all its numbers in one list and all its texts in another, field after field.
//!
//! Code that decodes a struct is made anew for each struct; two lists are decoded by two functions,
//! and that is 5 kB less for every shopper to download. The texts stay where they arrived: nothing is copied.

use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::{ChoiceConfig, FollowUpConfig, SurveyConfig, ThanksConfig};
use crate::gate::{Awaited, Condition, Fact, Gate, Hours, On, Op, Recontact, UrlOp, UrlRule, Zone};
use crate::survey::{Look, Placement, Polarity, Position, Scale};

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
        let SurveyConfig { scale, gate, awaited, .. } = survey;
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
            &survey.refused,
            &survey.never,
            &survey.close,
            &survey.tab,
            &survey.touchpoint,
            &awaited.name,
        ] {
            self.texts.push(text.as_ref());
        }
        self.numbers.extend([
            survey.rtl.into(),
            scale.min.into(),
            scale.max.into(),
            scale.polarity as i64,
            scale.look as i64,
            survey.placement as i64,
            survey.position as i64,
            awaited.on as i64,
            awaited.amount.into(),
            gate.from_ms.unwrap_or(0),
            gate.until_ms.unwrap_or(0),
            gate.hours.days.into(),
            gate.hours.from_min.into(),
            gate.hours.until_min.into(),
            gate.hours.zone.offset_min.into(),
            gate.hours.zone.change_ms,
            gate.hours.zone.then_min.into(),
            gate.sample_per_mille.into(),
            gate.recontact.answered_days.into(),
            gate.recontact.dismissed_days.into(),
            gate.recontact.other_days.into(),
        ]);
        self.count(survey.names.len());
        self.texts.extend(survey.names.iter().map(AsRef::as_ref));
        self.put_after(survey);
        self.count(gate.urls.len());
        for rule in &gate.urls {
            self.numbers.extend([rule.op as i64, rule.not.into()]);
            self.texts.push(rule.value.as_ref());
        }
        self.put_conditions(&gate.conditions);
        self.put_conditions(&awaited.properties);
    }

    fn put_after<T: AsRef<str>>(&mut self, survey: &'a SurveyConfig<T>) {
        self.count(survey.follow_ups.len());
        for follow_up in &survey.follow_ups {
            let flags = [i64::from(follow_up.many), follow_up.comment.into()];
            self.numbers.extend([i64::from(follow_up.from), follow_up.to.into()].into_iter().chain(flags));
            self.texts.push(follow_up.question.as_ref());
            self.count(follow_up.choices.len());
            for choice in &follow_up.choices {
                self.texts.extend([choice.value.as_ref(), choice.label.as_ref()]);
            }
        }
        self.count(survey.thanks.len());
        for thanks in &survey.thanks {
            self.numbers.extend([i64::from(thanks.from), thanks.to.into()]);
            self.texts.extend([thanks.text.as_ref(), thanks.url.as_ref(), thanks.label.as_ref()]);
        }
    }

    fn put_conditions<T: AsRef<str>>(&mut self, conditions: &'a [Condition<T>]) {
        self.count(conditions.len());
        for condition in conditions {
            self.numbers.extend([condition.fact as i64, condition.op as i64, condition.not.into()]);
            self.texts.push(condition.name.as_ref());
            self.count(condition.values.len());
            self.texts.extend(condition.values.iter().map(AsRef::as_ref));
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

    fn flag(&mut self) -> bool {
        self.number() != 0
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
            refused: self.text(),
            never: self.text(),
            close: self.text(),
            tab: self.text(),
            touchpoint: self.text(),
            rtl: self.flag(),
            scale: Scale {
                min: self.small(),
                max: self.small(),
                polarity: if self.flag() { Polarity::LowIsGood } else { Polarity::HighIsGood },
                look: match self.number() {
                    1 => Look::Stars,
                    2 => Look::Faces,
                    3 => Look::Thumbs,
                    _ => Look::Numbers,
                },
            },
            placement: match self.number() {
                1 => Placement::Popover,
                2 => Placement::Bar,
                3 => Placement::Tab,
                _ => Placement::Inline,
            },
            position: match self.number() {
                1 => Position::BottomStart,
                2 => Position::TopEnd,
                3 => Position::TopStart,
                4 => Position::Bottom,
                5 => Position::Top,
                6 => Position::End,
                7 => Position::Start,
                _ => Position::BottomEnd,
            },
            awaited: Awaited {
                name: self.text(),
                on: On::of(self.number()),
                amount: self.small(),
                properties: Vec::new(),
            },
            gate: self.gate(),
            names: self.list(Self::text),
            follow_ups: self.list(Self::follow_up),
            thanks: self.list(Self::thanks),
        }
        .with_rules(self)
    }

    fn gate(&mut self) -> Gate<&'a str> {
        Gate {
            from_ms: self.moment(),
            until_ms: self.moment(),
            hours: Hours {
                days: self.small(),
                from_min: self.small(),
                until_min: self.small(),
                zone: Zone { offset_min: self.small(), change_ms: self.number(), then_min: self.small() },
            },
            sample_per_mille: self.days(),
            recontact: Recontact {
                answered_days: self.days(),
                dismissed_days: self.days(),
                other_days: self.days(),
            },
            urls: Vec::new(),
            conditions: Vec::new(),
        }
    }

    fn list<V>(&mut self, take: impl Fn(&mut Self) -> V) -> Vec<V> {
        (0..self.count()).map(|_| take(self)).collect()
    }

    fn follow_up(&mut self) -> FollowUpConfig<&'a str> {
        FollowUpConfig {
            from: self.small(),
            to: self.small(),
            many: self.flag(),
            comment: self.flag(),
            question: self.text(),
            choices: self.list(|reader| ChoiceConfig { value: reader.text(), label: reader.text() }),
        }
    }

    fn thanks(&mut self) -> ThanksConfig<&'a str> {
        ThanksConfig {
            from: self.small(),
            to: self.small(),
            text: self.text(),
            url: self.text(),
            label: self.text(),
        }
    }

    fn url_rule(&mut self) -> UrlRule<&'a str> {
        let op = match self.number() {
            0 => UrlOp::Contains,
            1 => UrlOp::Equals,
            2 => UrlOp::Prefix,
            _ => UrlOp::Glob,
        };
        UrlRule { op, not: self.flag(), value: self.text() }
    }

    fn condition(&mut self) -> Condition<&'a str> {
        Condition {
            fact: match self.number() {
                0 => Fact::Language,
                1 => Fact::Device,
                2 => Fact::Referrer,
                3 => Fact::Visitor,
                4 => Fact::Views,
                _ => Fact::Attribute,
            },
            op: match self.number() {
                0 => Op::Is,
                1 => Op::Contains,
                2 => Op::Prefix,
                3 => Op::Glob,
                4 => Op::Less,
                _ => Op::Greater,
            },
            not: self.flag(),
            name: self.text(),
            values: self.list(Self::text),
        }
    }
}

impl<'a> SurveyConfig<&'a str> {
    fn with_rules(mut self, reader: &mut Reader<'_, 'a>) -> Self {
        self.gate.urls = reader.list(Reader::url_rule);
        self.gate.conditions = reader.list(Reader::condition);
        self.awaited.properties = reader.list(Reader::condition);
        self
    }
}
