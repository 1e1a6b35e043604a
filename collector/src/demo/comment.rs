//! What made-up shoppers write: the sentences of `comments.csv`, one or two at a time.

use std::collections::HashMap;

use anyhow::Context as _;
use parere_shared::score::Band;
use serde::Deserialize;

use super::dice::Dice;

/// Sentences by language, tone and topic; `{shoe}` stands for one of the [`SHOES`].
const SENTENCES: &str = include_str!("comments.csv");

/// What the demo shop sells.
pub(super) const SHOES: [&str; 4] = ["Conero", "Sirolo", "Urbino", "Furlo"];

/// Of a thousand comments, how many say two things.
const TWO_PER_MILLE: u32 = 350;

/// Of a thousand comments, how many are typed without care for capitals and full stops.
const CASUAL_PER_MILLE: u32 = 200;

/// How a sentence sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Tone {
    Good,
    Middle,
    Bad,
}

impl Tone {
    /// How people sound who chose a score of this band.
    pub(super) fn of(band: Band) -> Self {
        match band {
            Band::Promoter | Band::Positive => Self::Good,
            Band::Passive | Band::Neutral => Self::Middle,
            Band::Detractor | Band::Negative => Self::Bad,
        }
    }
}

/// What a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Topic {
    Shoes,
    Shop,
    Delivery,
    Returns,
    /// Couriers that are late: in one week, and for some days after it.
    Couriers,
}

impl Topic {
    /// What is spoken of at any time.
    const USUAL: [Self; 4] = [Self::Shoes, Self::Shop, Self::Delivery, Self::Returns];
}

#[derive(Deserialize)]
struct Sentence {
    language: String,
    tone: Tone,
    topic: Topic,
    text: String,
}

/// Everything that is said.
#[derive(Debug)]
pub(super) struct Comments(HashMap<(String, Tone, Topic), Vec<String>>);

impl Comments {
    /// Reads the sentences.
    pub(super) fn read() -> anyhow::Result<Self> {
        let mut of: HashMap<_, Vec<String>> = HashMap::new();
        for sentence in csv::Reader::from_reader(SENTENCES.as_bytes()).deserialize() {
            let Sentence { language, tone, topic, text } = sentence.context("could not read comments.csv")?;
            of.entry((language, tone, topic)).or_default().push(text);
        }
        Ok(Self(of))
    }

    /// A comment in `language`; where nothing is said about `topic`, about something else.
    pub(super) fn write(&self, language: &str, tone: Tone, topic: Topic, dice: &mut Dice) -> Option<String> {
        let other = dice.one(&Topic::USUAL).copied().unwrap_or(Topic::Shoes);
        let first = self.sentence(language, tone, topic, dice);
        let second = self.sentence(language, tone, other, dice);
        let text = match (first, second) {
            (Some(first), Some(second)) if other != topic && dice.happens(TWO_PER_MILLE) => {
                joined(first, second)
            }
            (Some(only), _) | (None, Some(only)) => only.to_owned(),
            (None, None) => return None,
        };
        let shoe = dice.one(&SHOES)?;
        let text = text.replace("{shoe}", shoe);
        Some(if dice.happens(CASUAL_PER_MILLE) { casual(&text) } else { text })
    }

    fn sentence(&self, language: &str, tone: Tone, topic: Topic, dice: &mut Dice) -> Option<&str> {
        let said = self.0.get(&(language.to_owned(), tone, topic))?;
        dice.one(said).map(String::as_str)
    }
}

/// Two sentences as one text.
fn joined(first: &str, second: &str) -> String {
    let is_wide = first.chars().any(|c| ('\u{3040}'..='\u{30ff}').contains(&c));
    let (stop, space) = if is_wide { ("。", "") } else { (".", " ") };
    let is_ended = first.ends_with(['.', '。', '!', '?', '…', '”', '»', '“']);
    format!("{first}{}{space}{second}", if is_ended { "" } else { stop })
}

/// As on a phone, in a hurry.
fn casual(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().into_iter().flat_map(char::to_lowercase);
    first.chain(rest).collect::<String>().trim_end_matches(['.', '。']).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::language::LANGUAGES;
    use super::*;

    #[test]
    fn every_language_has_something_to_say_in_every_tone() {
        let Comments(of) = Comments::read().unwrap();
        for language in LANGUAGES {
            let least = if matches!(language.tag, "it" | "en") { 10 } else { 4 };
            for tone in [Tone::Good, Tone::Middle, Tone::Bad] {
                let said = |topic| of.get(&(language.tag.to_owned(), tone, topic)).map_or(0, Vec::len);
                assert!(Topic::USUAL.map(said).iter().all(|n| *n > 0), "{} {tone:?}", language.tag);
                assert!(Topic::USUAL.map(said).iter().sum::<usize>() >= least, "{} {tone:?}", language.tag);
                assert_eq!(said(Topic::Couriers) > 0, tone != Tone::Good, "{} {tone:?}", language.tag);
            }
        }
        let texts: Vec<_> = of.values().flatten().collect();
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), texts.len(), "nothing is there twice");
        let spoken: HashSet<_> = LANGUAGES.iter().map(|language| language.tag).collect();
        assert!(of.keys().all(|(language, ..)| spoken.contains(&**language)));
    }

    #[test]
    fn a_comment_is_what_a_shopper_may_send() {
        let comments = Comments::read().unwrap();
        let mut dice = Dice::of_day(1, 1);
        for language in LANGUAGES {
            let mut seen = HashSet::new();
            for _ in 0..300 {
                let text =
                    comments.write(language.tag, Tone::Bad, Topic::Shoes, &mut dice).unwrap_or_default();
                assert!(!text.contains('{') && text.chars().count() < 300, "{text}");
                assert_eq!(parere_shared::redact::redact(&text), text, "nothing in it has to be masked");
                seen.insert(text);
            }
            assert!(seen.len() >= 12, "{} repeats itself: {seen:?}", language.tag);
        }
    }

    #[test]
    fn two_sentences_make_one_text() {
        for (first, second, expected) in [
            ("Good", "Fast.", "Good. Fast."),
            ("Good!", "Fast.", "Good! Fast."),
            ("きれいです", "届きました。", "きれいです。届きました。"),
        ] {
            assert_eq!(joined(first, second), expected);
        }
        assert_eq!(casual("Très bien."), "très bien");
    }
}
