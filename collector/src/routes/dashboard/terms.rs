//! What fields, choices and mistakes are called on the page.

use parere_shared::violation::{Rule, Violation};
use serde::Serialize;
use serde_json::Value;

/// A choice: its name on the wire, and what a person reads.
pub(super) type Choices = &'static [(&'static str, &'static str)];

pub(super) const METRICS: Choices =
    &[("nps", "Net Promoter Score"), ("ces", "Customer effort"), ("csat", "Satisfaction or recommendation")];
pub(super) const POLARITIES: Choices =
    &[("high_is_good", "a high score is good"), ("low_is_good", "a low score is good")];
pub(super) const LOOKS: Choices =
    &[("numbers", "numbers"), ("stars", "stars"), ("faces", "faces"), ("thumbs", "thumbs")];
pub(super) const TOPICS: Choices = &[
    ("", "the usual for what is measured"),
    ("recommendation", "whether they recommend you"),
    ("agreement", "whether they agree that it was easy"),
    ("ease", "how easy it was"),
    ("effort", "how much effort it took"),
    ("satisfaction", "how satisfied they are"),
];
pub(super) const PLACEMENTS: Choices = &[
    ("inline", "in the page, in its own place"),
    ("popover", "in a corner of the window"),
    ("bar", "across the top or the bottom"),
    ("tab", "behind a tab at the side"),
];
pub(super) const POSITIONS: Choices = &[
    ("", "the usual"),
    ("bottom_end", "bottom corner, at the end of the line"),
    ("bottom_start", "bottom corner, at the start of the line"),
    ("top_end", "top corner, at the end of the line"),
    ("top_start", "top corner, at the start of the line"),
    ("bottom", "bottom edge"),
    ("top", "top edge"),
    ("end", "side, at the end of the line"),
    ("start", "side, at the start of the line"),
];
pub(super) const PICKS: Choices = &[("many", "any number"), ("one", "only one")];
pub(super) const URL_OPS: Choices = &[
    ("prefix", "begins with"),
    ("equals", "is"),
    ("contains", "contains"),
    ("glob", "fits, with * for anything"),
];
pub(super) const FACTS: Choices = &[
    ("language", "language of the page"),
    ("device", "device: phone, tablet or desktop"),
    ("referrer", "page before"),
    ("visitor", "visitor: new or returning"),
    ("views", "pages seen in this visit"),
    ("attribute", "attribute of the shopper"),
];
pub(super) const OPS: Choices = &[
    ("is", "is one of"),
    ("contains", "contains one of"),
    ("prefix", "begins with one of"),
    ("glob", "fits one of, with * for anything"),
    ("less", "is less than"),
    ("greater", "is greater than"),
];
pub(super) const TRIGGERS: Choices = &[
    ("immediately", "nothing: at once"),
    ("seconds", "some seconds on the page"),
    ("scroll", "scrolling down"),
    ("exit", "the shopper is about to leave"),
    ("click", "a click on something"),
    ("in_view", "something comes into view"),
    ("event", "an event that the page reports"),
    ("purchase", "a new order"),
];
/// The days of a week: as fields of a form begin, and for people.
pub(super) const WEEKDAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];
/// Where customers meet a shop, by the names under which scores are compared.
pub(super) const TOUCHPOINTS: [&str; 7] =
    ["discovery", "product", "cart", "checkout", "delivery", "returns", "support"];

/// Languages in which we have words of our own.
pub(super) const LANGUAGES: Choices = &[
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("nb", "Norwegian"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("sv", "Swedish"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("zh-Hans", "Chinese, simplified"),
    ("zh-Hant", "Chinese, traditional"),
];

/// `Italian (it)`, or the tag alone.
pub(super) fn language(tag: &str) -> String {
    let known = LANGUAGES.iter().find(|(known, _)| *known == tag);
    known.map_or_else(|| tag.to_owned(), |(tag, name)| format!("{name} ({tag})"))
}

/// What a choice is called; its name where it has no other.
pub(super) fn of(choices: Choices, name: &str) -> &str {
    choices.iter().find(|(known, _)| *known == name).map_or(name, |(_, words)| words)
}

/// The name on the wire of a value that is one of several.
pub(super) fn name<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Thousandths as a percentage with at most one decimal.
pub(super) fn percent(per_mille: u16) -> String {
    match (per_mille / 10, per_mille % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenths) => format!("{whole}.{tenths}"),
    }
}

/// What a field is called in the list of mistakes: `Follow-up 2, choice 1: words in it`.
pub(super) fn label(field: &str) -> String {
    let mut groups = Vec::new();
    let mut rest = field;
    for (list, one) in [
        ("follow_ups", "Follow-up"),
        ("thanks", "Thanks"),
        ("targeting.urls", "Page rule"),
        ("targeting.conditions", "Condition"),
        ("trigger.properties", "Property of the event"),
        ("choices.options", "choice"),
    ] {
        let indexed = rest.strip_prefix(list).and_then(|rest| rest.strip_prefix('[')?.split_once(']'));
        let Some((Ok(index), after)) = indexed.map(|(index, after)| (index.parse::<usize>(), after)) else {
            continue;
        };
        groups.push(format!("{one} {}", index.saturating_add(1)));
        rest = after.trim_start_matches('.');
    }
    let (name, language) = match rest.rsplit_once('.') {
        Some((name, last)) if LABELLED.contains(&name) => (name, Some(last)),
        _ => (rest, None),
    };
    let (name, language) = match name.strip_prefix("texts.").and_then(|text| text.split_once('.')) {
        Some((tag, name)) => (name, Some(tag)),
        None => (name, language),
    };
    let mut label = groups.join(", ");
    let own = LABELS.iter().find(|(known, _)| *known == name).map_or(name, |(_, words)| *words);
    let separator = if label.is_empty() || own.is_empty() { "" } else { ": " };
    label.extend([separator, own]);
    label.extend(language.map_or_else(Vec::new, |tag| vec![" in ", tag]));
    label
}

/// Fields with words by language.
const LABELLED: [&str; 4] = ["question", "label", "text", "link.label"];

const LABELS: [(&str, &str); 38] = [
    ("version", "The survey"),
    ("slug", "Name in addresses"),
    ("metric", "What is measured"),
    ("scale", "Scale"),
    ("scale.min", "Lowest point"),
    ("scale.max", "Highest point"),
    ("scale.polarity", "Direction"),
    ("scale.look", "Look"),
    ("topic", "What the question is about"),
    ("brand", "Your shop’s name"),
    ("languages", "Languages"),
    ("question", "question"),
    ("low", "words at the lowest point"),
    ("high", "words at the highest point"),
    ("thanks", "thanks"),
    ("from", "first score"),
    ("to", "last score"),
    ("comment", "room for a comment"),
    ("label", "words"),
    ("text", "sentence"),
    ("link.url", "address of the link"),
    ("link.label", "words of the link"),
    ("op", "comparison"),
    ("values", "values"),
    ("placement", "Where it stands"),
    ("position", "Corner, edge or side"),
    ("touchpoint", "Touchpoint"),
    ("targeting.sample_per_mille", "Share of shoppers"),
    ("targeting.recontact.answered_days", "Days after an answer"),
    ("targeting.recontact.dismissed_days", "Days after a no"),
    ("targeting.recontact.other_days", "Days after another question"),
    ("targeting.quota.total", "Answers wanted in all"),
    ("targeting.quota.daily", "Answers wanted in a day"),
    ("schedule.from", "First moment"),
    ("schedule.until", "Last moment"),
    ("trigger.on", "What it waits for"),
    ("trigger.seconds", "Seconds"),
    ("trigger.percent", "Percent"),
];

/// What is wrong with a form that has no places for mistakes beside its fields: a line each.
pub(super) fn told(found: &[Violation]) -> Vec<String> {
    found.iter().map(|violation| format!("{}: {}.", violation.field, violation.rule)).collect()
}

/// A broken rule as a sentence under its field.
pub(super) fn sentence(rule: &Rule) -> String {
    let text = rule
        .to_string()
        .replace("scale.max", "the highest point")
        .replace("schedule.from", "the first moment")
        .replace("for the metric nps", "for a Net Promoter Score");
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).chain(['.']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_names_that_people_know() {
        for (field, expected) in [
            ("brand", "Your shop’s name"),
            ("texts.pt-BR.question", "question in pt-BR"),
            ("follow_ups[1].question.it", "Follow-up 2: question in it"),
            ("follow_ups[0].choices.options[2].label.en", "Follow-up 1, choice 3: words in en"),
            ("follow_ups[0]", "Follow-up 1"),
            ("thanks[0].link.label.it", "Thanks 1: words of the link in it"),
            ("targeting.urls[0].value", "Page rule 1: value"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(label(field), expected);
        }
    }

    #[test]
    fn every_language_of_ours_has_a_name() {
        let ours: Vec<_> = parere_shared::wording::ALL.iter().map(|wording| wording.language).collect();
        let named: Vec<_> = LANGUAGES.iter().map(|(tag, _)| *tag).collect();
        assert_eq!(ours, named);
    }
}
