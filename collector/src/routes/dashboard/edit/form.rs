//! The form as the page draws it: each field with its text and what is wrong with it.

use parere_shared::violation::{Rule, Violation};

use super::entered::Entered;
use crate::routes::dashboard::terms::{label, sentence};

/// All that stands in the form, and what has to be put right.
pub(super) struct Form {
    entered: Entered,
    faults: Vec<Fault>,
    advice: Vec<Fault>,
    /// Where the last button added or removed something: opened, and the first field of it has the focus.
    changed: String,
    /// The version of the survey that it was made of.
    pub(super) version: i64,
}

/// Something that is wrong, and where.
pub(super) struct Fault {
    /// Path of the field or group that shows it.
    place: String,
    /// Id of that; empty for what the form does not have.
    pub(super) id: String,
    pub(super) label: String,
    pub(super) sentence: String,
}

/// One field.
pub(super) struct Field {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) text: String,
    pub(super) is_ticked: bool,
    pub(super) faults: Vec<String>,
    pub(super) advice: Vec<String>,
    pub(super) has_focus: bool,
}

/// An entry of a list.
pub(super) struct Entry {
    /// `follow_ups[1]`.
    pub(super) at: String,
    pub(super) id: String,
    /// Counted from 1.
    pub(super) number: usize,
}

impl Form {
    pub(super) fn new(
        entered: Entered,
        found: &[Violation],
        warnings: &[Violation],
        changed: String,
    ) -> Self {
        let (faults, advice) =
            (found.iter().map(Fault::of).collect(), warnings.iter().map(Fault::of).collect());
        Self { entered, faults, advice, changed, version: 0 }
    }

    pub(super) fn of_version(self, version: i64) -> Self {
        Self { version, ..self }
    }

    pub(super) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    pub(super) fn advice(&self) -> &[Fault] {
        &self.advice
    }

    /// Is the survey still to be made? Then it can be given a name.
    pub(super) fn is_new(&self) -> bool {
        self.entered.has("slug")
    }

    /// The field `name` of the group `at`; either may be empty.
    pub(super) fn field(&self, at: impl AsRef<str>, name: impl AsRef<str>) -> Field {
        let (at, name) = (at.as_ref(), name.as_ref());
        let separator = if at.is_empty() || name.is_empty() { "" } else { "." };
        let name = [at, separator, name].concat();
        let of = |faults: &[Fault]| {
            let own = faults.iter().filter(|fault| fault.place == name);
            own.map(|fault| fault.sentence.clone()).collect()
        };
        Field {
            id: id(&name),
            text: self.entered.text(&name).to_owned(),
            is_ticked: self.entered.has(&name),
            faults: of(&self.faults),
            advice: of(&self.advice),
            has_focus: self.has_focus(&name),
            name,
        }
    }

    pub(super) fn entries(&self, list: impl AsRef<str>) -> Vec<Entry> {
        let list = list.as_ref();
        let entries = (0..self.entered.len(list)).map(|i| {
            let at = format!("{list}[{i}]");
            Entry { id: id(&at), at, number: i + 1 }
        });
        entries.collect()
    }

    /// Does one of the fields of a section need attention? Beginnings of their names, with commas between them.
    pub(super) fn is_open(&self, sections: impl AsRef<str>) -> bool {
        let sections = sections.as_ref();
        let inside = |place: &str| sections.split(',').any(|start| place.starts_with(start));
        let all = self.faults.iter().chain(&self.advice);
        (!self.changed.is_empty() && inside(&self.changed))
            || all.into_iter().any(|fault| inside(&fault.place))
    }

    /// Is something here that is not as in every new survey?
    pub(super) fn has_entries(&self, list: impl AsRef<str>) -> bool {
        self.entered.len(list.as_ref()) > 0
    }

    /// The first field of what was just added.
    fn has_focus(&self, name: &str) -> bool {
        let list = self.changed.rsplit_once('[').map_or("", |(list, _)| list);
        let first = match list {
            "follow_ups" | "thanks" => ".from".to_owned(),
            "targeting.urls" | "trigger.properties" => ".op".to_owned(),
            "targeting.conditions" => ".fact".to_owned(),
            _ if list.ends_with(".choices.options") => {
                format!(".label.{}", self.entered.text("languages[0]"))
            }
            _ if self.changed.starts_with("texts.") => ".question".to_owned(),
            _ => return false,
        };
        name.strip_prefix(self.changed.as_str()) == Some(first.as_str())
    }
}

impl Field {
    /// Is this choice chosen?
    pub(super) fn is(&self, name: &str) -> bool {
        self.text == name
    }

    /// Ids of what describes it, for `aria-describedby`: the advice below it and what is wrong.
    pub(super) fn described_by(&self, has_help: bool) -> String {
        let parts =
            [(has_help, "-help"), (!self.faults.is_empty(), "-fault"), (!self.advice.is_empty(), "-advice")];
        let ids = parts.iter().filter(|(is_there, _)| *is_there).map(|(_, end)| format!("{}{end}", self.id));
        ids.collect::<Vec<_>>().join(" ")
    }
}

impl Fault {
    fn of(violation: &Violation) -> Self {
        let place = place(&violation.field);
        let is_here =
            !matches!(violation.rule, Rule::Unknown("a field of this form")) && violation.field != "version";
        Self {
            id: if is_here { id(&place) } else { String::new() },
            label: label(&violation.field),
            sentence: sentence(&violation.rule),
            place,
        }
    }
}

/// The input or group that shows what is wrong with a field of the definition.
fn place(field: &str) -> String {
    let is_entry = |list: &str| {
        let rest = field.strip_prefix(list).and_then(|rest| rest.strip_prefix('['));
        rest.is_some_and(|rest| rest.find(']').is_some_and(|end| end + 1 == rest.len()))
    };
    if field == "scale" {
        return "scale.min".into();
    }
    if field.starts_with("languages") || field.starts_with("texts.") && field.matches('.').count() == 1 {
        return "new.language".into();
    }
    if is_entry("follow_ups") || is_entry("thanks") {
        return format!("{field}.from");
    }
    // Values stand together, one in a line.
    match field.rfind(".values[") {
        Some(end) => field.get(..end + ".values".len()).unwrap_or(field).to_owned(),
        None => field.to_owned(),
    }
}

/// A path as an id that needs no escapes in a link.
pub(super) fn id(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_stand_at_a_field_that_is_there() {
        for (field, expected) in [
            ("brand", "brand"),
            ("scale", "scale.min"),
            ("languages[3]", "new.language"),
            ("texts.it", "new.language"),
            ("texts.it.question", "texts.it.question"),
            ("follow_ups[0]", "follow_ups[0].from"),
            ("follow_ups[0].question.it", "follow_ups[0].question.it"),
            ("follow_ups[0].choices.options[1].label.it", "follow_ups[0].choices.options[1].label.it"),
            ("targeting.conditions[2].values[1]", "targeting.conditions[2].values"),
            ("trigger.properties[0].values", "trigger.properties[0].values"),
            ("thanks", "thanks"),
        ] {
            assert_eq!(place(field), expected);
        }
        assert_eq!(id("follow_ups[0].question.pt-BR"), "follow_ups-0--question-pt-BR");
    }
}
