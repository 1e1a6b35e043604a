//! What the buttons of the form do to it.

use parere_shared::survey::Survey;
use parere_shared::text;
use parere_shared::violation::{Rule, Violation};

use super::Pairs;
use super::entered::Entered;

/// A form that was sent, without what only says which button it was.
pub(super) struct Sent {
    pub(super) entered: Entered,
    /// To be written, and not only shown again?
    pub(super) is_save: bool,
    /// Path of what was added, or of the list that lost something.
    pub(super) changed: String,
    /// The version of the survey that the form was made of; 0 for none.
    pub(super) version: i64,
    /// Why the button could not do it.
    pub(super) fault: Option<Violation>,
    button: String,
}

impl Sent {
    pub(super) fn of(pairs: Pairs) -> Self {
        let (mut button, mut version, mut fields) = (String::new(), 0, Pairs::new());
        for (name, text) in pairs {
            if name == "do" {
                button = text;
            } else if name == "version" {
                version = text.parse().unwrap_or_default();
            } else if !name.starts_with("preview.") {
                fields.push((name, text));
            }
        }
        let is_save = matches!(button.as_str(), "" | "save");
        Self {
            entered: Entered::from_pairs(fields),
            is_save,
            changed: String::new(),
            version,
            fault: None,
            button,
        }
    }

    /// Does what the button says; `before` is the definition as far as it can be read.
    pub(super) fn act(&mut self, before: &Survey) {
        let button = std::mem::take(&mut self.button);
        let (verb, object) = button.split_once(' ').unwrap_or((&button, ""));
        let mut languages = self.entered.languages();
        match (verb, object) {
            ("add", list) => {
                if let Some(entry) = self.entered.add(list) {
                    if matches!(list, "follow_ups" | "thanks") {
                        self.entered.suggest_band(&entry, list, before.metric, &before.scale);
                    }
                    self.changed = entry;
                }
            }
            ("remove", entry) => {
                self.entered.remove(entry);
                let list = entry.rsplit_once('[').map_or("", |(list, _)| list);
                self.changed = list.into();
            }
            ("first", language) if languages.iter().any(|own| own == language) => {
                languages.retain(|own| own != language);
                languages.insert(0, language.to_owned());
                self.entered.set_languages(&languages);
                self.changed = "languages".into();
            }
            ("without", language) => {
                languages.retain(|own| own != language);
                self.entered.set_languages(&languages);
                self.changed = "languages".into();
            }
            _ => {}
        }
        // Whoever wrote a language and then saved at once meant to add it.
        if matches!(verb, "language" | "save" | "") {
            self.add_language(languages);
        } else if let Some(text) = self.entered.take("new.language") {
            self.keep_language(text);
        }
    }

    fn add_language(&mut self, mut languages: Vec<String>) {
        let Some(text) = self.entered.take("new.language") else { return };
        let tag = text.trim();
        if tag.is_empty() {
            return;
        }
        let rule = if !text::is_language(tag) {
            Rule::Format("a language tag such as it or pt-BR")
        } else if languages.iter().any(|own| own == tag) {
            Rule::Contradiction("is a language of this survey already")
        } else {
            languages.push(tag.to_owned());
            self.entered.set_languages(&languages);
            self.changed = format!("texts.{tag}");
            return;
        };
        self.fault = Some(Violation::new("new.language", rule));
        self.keep_language(text);
    }

    /// What was typed stays in its field, which is no field of the definition.
    fn keep_language(&mut self, text: String) {
        if !text.is_empty() {
            self.entered.set("new.language", text);
        }
    }
}
