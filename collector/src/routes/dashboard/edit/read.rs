//! From the form to a definition, with every mistake named by its field.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use jiff::tz::TimeZone;
use parere_shared::survey::{
    Choice, Choices, FollowUp, Link, Look, Metric, Pick, Placement, Polarity, Scale, Survey, SurveyState,
    Texts, Thanks,
};
use parere_shared::violation::{Rule, Violation};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::entered::Entered;

mod rules;

pub(super) use rules::DAYS;

/// What does not stand in the form: the slug of a survey that exists, and its state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixed<'a> {
    pub(super) slug: Option<&'a str>,
    pub(super) state: SurveyState,
}

/// The definition that the form describes, and everything that is wrong with it.
///
/// Where a field cannot be read, something harmless stands for it; such a definition is never written.
/// Moments are of the zone's clocks.
pub(super) fn definition(entered: &Entered, fixed: Fixed<'_>, zone: &TimeZone) -> (Survey, Vec<Violation>) {
    let form = Reader { entered, read: RefCell::default(), found: RefCell::default() };
    let languages = entered.languages();
    for i in 0..languages.len() {
        form.text(&format!("languages[{i}]"));
    }
    let survey = Survey {
        slug: fixed.slug.map_or_else(|| form.text("slug").trim().to_owned(), str::to_owned),
        state: fixed.state,
        metric: form.choice("metric").unwrap_or(Metric::Csat),
        scale: Scale {
            min: form.number("scale.min").unwrap_or(0),
            max: form.number("scale.max").unwrap_or(1),
            polarity: form.choice("scale.polarity").unwrap_or(Polarity::HighIsGood),
            look: form.choice("scale.look").unwrap_or(Look::Numbers),
        },
        topic: form.choice_if_any("topic"),
        brand: form.text("brand").to_owned(),
        texts: languages.iter().filter_map(|language| form.texts(language)).collect(),
        follow_ups: form.each("follow_ups", |at| form.follow_up(at, &languages)),
        thanks: form.each("thanks", |at| form.thanks(at, &languages)),
        placement: form.choice("placement").unwrap_or(Placement::Inline),
        position: form.choice_if_any("position"),
        touchpoint: form.text("touchpoint").trim().to_owned(),
        targeting: form.targeting(),
        schedule: form.schedule(zone),
        trigger: form.trigger(),
        languages,
    };
    // Of the form alone: a language that is still to be added.
    form.text("new.language");
    let found = form.finish(&survey);
    (survey, found)
}

struct Reader<'a> {
    entered: &'a Entered,
    /// Names of fields that exist.
    read: RefCell<BTreeSet<String>>,
    found: RefCell<Vec<Violation>>,
}

impl Reader<'_> {
    /// What the form itself gets wrong, then what the definition does; one thing for each field.
    fn finish(self, survey: &Survey) -> Vec<Violation> {
        let read = self.read.into_inner();
        let unknown = self.entered.names().filter(|name| !read.contains(*name));
        let unknown = unknown.map(|name| Violation::new(name, Rule::Unknown("a field of this form")));
        let mut found: Vec<Violation> = self.found.into_inner();
        found.extend(unknown);
        for violation in survey.violations() {
            if !found.iter().any(|earlier| earlier.field == violation.field) {
                found.push(violation);
            }
        }
        found
    }

    fn text(&self, name: &str) -> &str {
        self.read.borrow_mut().insert(name.to_owned());
        self.entered.text(name)
    }

    fn wrong(&self, name: &str, rule: Rule) {
        self.found.borrow_mut().push(Violation::new(name, rule));
    }

    /// A text, or nothing where only blanks stand.
    fn words(&self, name: &str) -> Option<String> {
        let text = self.text(name);
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    fn is_ticked(&self, name: &str) -> bool {
        self.text(name);
        self.entered.has(name)
    }

    fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        let Some(text) = self.words(name) else {
            self.wrong(name, Rule::Missing);
            return None;
        };
        let number = text.trim().parse().ok();
        if number.is_none() {
            self.wrong(name, Rule::Type("a whole number"));
        }
        number
    }

    fn number_if_any<T: FromStr>(&self, name: &str) -> Option<T> {
        self.words(name).and_then(|_| self.number(name))
    }

    fn choice<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let chosen = serde_json::from_value(Value::String(self.text(name).to_owned())).ok();
        if chosen.is_none() {
            self.wrong(name, Rule::Format("one of the choices"));
        }
        chosen
    }

    fn choice_if_any<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.words(name).and_then(|_| self.choice(name))
    }

    fn each<T>(&self, list: &str, read: impl Fn(&str) -> T) -> Vec<T> {
        (0..self.entered.len(list)).map(|i| read(&format!("{list}[{i}]"))).collect()
    }

    fn texts(&self, language: &str) -> Option<(String, Texts)> {
        let words = |name: &str| self.words(&format!("texts.{language}.{name}"));
        let texts = Texts {
            question: words("question"),
            low: words("low"),
            high: words("high"),
            thanks: words("thanks"),
        };
        (texts != Texts::default()).then(|| (language.to_owned(), texts))
    }

    fn by_language(&self, at: &str, languages: &[String]) -> BTreeMap<String, String> {
        let words = languages.iter().filter_map(|language| {
            self.words(&format!("{at}.{language}")).map(|words| (language.clone(), words))
        });
        words.collect()
    }

    fn follow_up(&self, at: &str, languages: &[String]) -> FollowUp {
        let pick = self.choice_if_any(&format!("{at}.choices.pick")).unwrap_or(Pick::Many);
        let other = self.is_ticked(&format!("{at}.choices.other"));
        let options = self.each(&format!("{at}.choices.options"), |at| {
            let label = self.by_language(&format!("{at}.label"), languages);
            let value = self.text(&format!("{at}.value")).trim().to_owned();
            let value = if value.is_empty() {
                slug(languages.iter().find_map(|language| label.get(language)))
            } else {
                value
            };
            Choice { value, label }
        });
        FollowUp {
            from: self.number(&format!("{at}.from")).unwrap_or_default(),
            to: self.number(&format!("{at}.to")).unwrap_or_default(),
            question: self.by_language(&format!("{at}.question"), languages),
            choices: (!options.is_empty()).then_some(Choices { pick, options, other }),
            comment: self.is_ticked(&format!("{at}.comment")),
        }
    }

    fn thanks(&self, at: &str, languages: &[String]) -> Thanks {
        let url = self.words(&format!("{at}.link.url")).map(|url| url.trim().to_owned());
        let label = self.by_language(&format!("{at}.link.label"), languages);
        let link = (url.is_some() || !label.is_empty()).then(|| Link { url: url.unwrap_or_default(), label });
        Thanks {
            from: self.number(&format!("{at}.from")).unwrap_or_default(),
            to: self.number(&format!("{at}.to")).unwrap_or_default(),
            text: self.by_language(&format!("{at}.text"), languages),
            link,
        }
    }
}

/// A name for what has these words: `Too expensive!` → `too-expensive`; empty where there are none to make it of.
fn slug(words: Option<&String>) -> String {
    let words = words.map(|words| words.to_lowercase()).unwrap_or_default();
    let parts = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts
        .take(6)
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .take(48)
        .collect::<String>()
        .trim_matches('-')
        .to_owned()
}
