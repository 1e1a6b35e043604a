//! A sheet of cards as it lies on paper: which paper, where each card is, and in which lines its words are.
//!
//! Lengths are in millimetres, from the upper left corner.

use crate::error::ApiError;
use crate::routes::hosted::qr::Code;

/// Cards of a sheet: two columns and five rows of 85 × 54 mm, the size of a bank card, fit on either paper.
pub(super) const CARDS_MAX: usize = 10;

/// Width and height of a card.
pub(super) const CARD: (f32, f32) = (85.0, 54.0);

/// Side of a code with its quiet zone: read by any phone at arm's length.
pub(super) const CODE: f32 = 34.0;

/// Where the code is on its card: lower right, beside the words.
pub(super) const CODE_AT: (f32, f32) = (CARD.0 - CODE - 2.0, (CARD.1 - CODE) / 2.0 + 3.0);

/// Where the shop's name begins, on which line it stands, and how large its letters are.
pub(super) const BRAND: (f32, f32, f32) = (5.0, 9.0, 4.0);

/// The same of the first line of the words under it.
pub(super) const WORDS: (f32, f32, f32) = (5.0, 16.0, 3.6);

/// From one line of them to the next.
pub(super) const LINE: f32 = 5.0;

/// Letters of a line beside the code.
const LINE_CHARS: usize = 22;

/// Most lines of words.
const LINES_MAX: usize = 7;

/// What is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paper {
    /// ISO 216.
    A4,
    /// ANSI A, in North America.
    Letter,
}

impl Paper {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "a4" => Some(Self::A4),
            "letter" => Some(Self::Letter),
            _ => None,
        }
    }

    /// Its width and height.
    pub(super) fn size(self) -> (f32, f32) {
        match self {
            Self::A4 => (210.0, 297.0),
            Self::Letter => (215.9, 279.4),
        }
    }
}

/// What is on a sheet.
pub(super) struct Sheet<'a> {
    pub(super) paper: Paper,
    /// Language of the words.
    pub(super) language: &'a str,
    /// What the shop is called.
    pub(super) brand: String,
    pub(super) question: &'a str,
    pub(super) cards: Vec<Card<'a>>,
}

/// A card: where its upper left corner is, and where it leads.
pub(super) struct Card<'a> {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) url: &'a str,
    pub(super) code: Code,
}

impl<'a> Sheet<'a> {
    /// A card for each address, at most [`CARDS_MAX`].
    pub(super) fn new(
        paper: Paper,
        language: &'a str,
        brand: &str,
        question: &'a str,
        urls: &'a [String],
    ) -> Result<Self, ApiError> {
        let (width, height) = paper.size();
        let margin = ((width - 2.0 * CARD.0) / 2.0, (height - 5.0 * CARD.1) / 2.0);
        let places = (0_u8..5).flat_map(|row| [(0_u8, row), (1, row)]);
        let cards = places.zip(urls).map(|((column, row), url)| {
            let (x, y) = (margin.0 + f32::from(column) * CARD.0, margin.1 + f32::from(row) * CARD.1);
            Ok(Card { x, y, url, code: Code::of(url)? })
        });
        let cards = cards.collect::<Result<_, ApiError>>()?;
        Ok(Self { paper, language, brand: brand.chars().take(2 * LINE_CHARS).collect(), question, cards })
    }
}

/// A text in lines that fit beside the code; what has no blanks is broken anywhere.
pub(super) fn lines(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunks(LINE_CHARS) {
            let part: String = part.iter().collect();
            let Some(line) = lines.last_mut() else { continue };
            let blank = usize::from(!line.is_empty());
            if line.chars().count() + blank + part.chars().count() > LINE_CHARS {
                lines.push(part);
            } else {
                line.push_str(if blank == 1 { " " } else { "" });
                line.push_str(&part);
            }
        }
    }
    lines.truncate(LINES_MAX);
    lines
}

/// The lines of a text, each with where its letters stand, counted from the top of the card.
pub(super) fn placed(text: &str) -> impl Iterator<Item = (f32, String)> {
    lines(text).into_iter().zip(0_u8..).map(|(line, place)| (WORDS.1 + LINE * f32::from(place), line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_broken_into_lines_that_fit() {
        for text in
            ["Quanto è probabile che consiglieresti Bottega Fiorini a un amico?", "x".repeat(70).as_str(), ""]
        {
            let found = lines(text);
            assert!(found.iter().all(|line| line.chars().count() <= LINE_CHARS), "{found:?}");
            let (joined, whole) = (found.concat().replace(' ', ""), text.replace(' ', ""));
            assert_eq!(joined, whole);
        }
    }

    #[test]
    fn ten_cards_lie_on_either_paper() {
        let urls = vec!["https://feedback.example/s/pk_demo/nps?via=qr".to_owned(); 11];
        for paper in [Paper::A4, Paper::Letter] {
            let sheet = Sheet::new(paper, "en", "Shop", "?", &urls).unwrap();
            let (width, height) = paper.size();
            let is_inside = |card: &Card<'_>| {
                card.x >= 0.0 && card.y >= 0.0 && card.x + CARD.0 <= width && card.y + CARD.1 <= height
            };
            assert!(sheet.cards.len() == CARDS_MAX && sheet.cards.iter().all(is_inside), "{paper:?}");
        }
    }
}
