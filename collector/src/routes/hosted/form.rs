//! What the page's form says, field by field.

use std::collections::BTreeMap;

use parere_shared::config::SurveyConfig;
use parere_shared::limit::{COMMENT_CHARS_MAX, REVISION_MAX};
use parere_shared::text;
use serde_json::{Value, json};

use super::reason;
use super::visit::Visit;

/// The fields of a form or of a query, by name; an empty one is as good as none.
#[derive(Default)]
pub(in crate::routes) struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    pub(in crate::routes) fn parse(bytes: &[u8]) -> Self {
        let mut fields = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in form_urlencoded::parse(bytes).into_owned() {
            if !value.is_empty() {
                fields.entry(name).or_default().push(value);
            }
        }
        Self(fields)
    }

    /// Every value of a field that may be there several times.
    pub(in crate::routes) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    pub(in crate::routes) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).last().map(String::as_str)
    }

    pub(in crate::routes) fn number(&self, name: &str) -> Option<i32> {
        self.get(name)?.parse().ok()
    }

    /// A short text that breaks no rule: what a link carries too much must not cost the answer.
    pub(in crate::routes) fn short(&self, name: &str, chars_max: usize) -> Option<String> {
        let value = self.get(name)?;
        (value.chars().count() <= chars_max && !text::has_control(value)).then(|| value.to_owned())
    }
}

/// What the shopper said, and which answer it belongs to.
pub(super) struct Form {
    pub(super) id: String,
    /// 1 for the score; from 2 on choices and comment are sent along.
    pub(super) revision: u32,
    instrument: Option<String>,
    pub(super) score: Option<i32>,
    /// Values of what was ticked.
    pub(super) choices: Vec<String>,
    /// As it was typed, for showing it again.
    pub(super) comment: String,
}

impl Form {
    pub(super) fn read(fields: &Fields) -> Self {
        let text = |name| fields.get(name).unwrap_or_default();
        Self {
            id: text("id").to_owned(),
            revision: text("revision").parse().ok().filter(|n| (1..=REVISION_MAX).contains(n)).unwrap_or(1),
            instrument: fields.get("instrument").map(str::to_owned),
            score: fields.number("score"),
            choices: fields.all("choice").to_vec(),
            // Forms send every line end as two characters; one was typed.
            comment: text("comment").replace("\r\n", "\n"),
        }
    }

    /// Is nothing left to ask?
    pub(super) fn is_complete(&self) -> bool {
        self.revision > 1 || !self.choices.is_empty() || !self.cleaned().is_empty()
    }

    fn cleaned(&self) -> String {
        text::clean(&self.comment, usize::MAX)
    }

    /// How many characters the comment has above what is taken.
    pub(super) fn comment_chars(comment: &str) -> Option<usize> {
        let chars = text::clean(comment, usize::MAX).chars().count();
        (chars > COMMENT_CHARS_MAX).then_some(chars)
    }

    /// The answer in the words of ingest, which checks it.
    pub(super) fn answer(&self, site: &str, survey: &str, visit: &Visit, config: &SurveyConfig) -> Value {
        let comment = Some(self.cleaned()).filter(|comment| !comment.is_empty());
        let mut answer = visit.context(site, survey);
        let said = json!({
            "id": self.id, "revision": self.revision, "score": self.score, "comment": comment,
            "choices": reason::of_band(config, self.score, &self.choices), "instrument": self.instrument,
        });
        if let (Value::Object(answer), Value::Object(said)) = (&mut answer, said) {
            answer.extend(said);
        }
        answer
    }
}
