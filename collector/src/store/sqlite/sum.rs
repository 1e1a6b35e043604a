//! Daily counts summed over days.
//!
//! Here and not by `GROUP BY`, which sorts every line by two texts and two numbers: over 12,000 lines that took six
//! times as long as reading them.

use std::collections::HashMap;

use rusqlite::{Connection, named_params};

use crate::auth::SiteScope;
use crate::store::{Count, Dimension};

const LINES: &str = "
    SELECT day, value, instrument, score, per_mille, n FROM daily_counts
    WHERE site = :site AND survey = :survey AND dimension = :dimension AND day >= :from AND day < :to";

/// Texts that come again and again, each kept once.
#[derive(Default)]
struct Texts {
    places: HashMap<String, usize>,
    last: usize,
    kept: Vec<String>,
}

impl Texts {
    /// Where `text` is kept; lines lie in the order of their texts, so mostly where the last one is.
    fn place(&mut self, text: &str) -> usize {
        // Nothing is not compared with nothing: the C library looks where an empty text points to, which is nowhere,
        // and on some processors that takes longer than all else here.
        let is_same = |last: &String| last.len() == text.len() && (text.is_empty() || last == text);
        if self.kept.get(self.last).is_some_and(is_same) {
            return self.last;
        }
        self.last = self.places.get(text).copied().unwrap_or_else(|| {
            self.places.insert(text.to_owned(), self.kept.len());
            self.kept.push(text.to_owned());
            self.kept.len() - 1
        });
        self.last
    }
}

/// What is counted from the day `from` to the one before `to`, told apart by `dimension`, in the order of the keys.
pub(super) fn whole_days(
    connection: &Connection,
    scope: &SiteScope,
    survey: &str,
    [from, to]: [i32; 2],
    dimension: Dimension,
) -> rusqlite::Result<Vec<Count>> {
    let mut statement = connection.prepare_cached(LINES)?;
    let mut lines = statement.query(named_params! {
        ":site": scope.site(), ":survey": survey, ":dimension": dimension.as_str(), ":from": from, ":to": to,
    })?;
    let (mut values, mut instruments) = (Texts::default(), Texts::default());
    let mut sums: HashMap<(i32, usize, usize, i32, u16), u64> = HashMap::new();
    while let Some(line) = lines.next()? {
        let day = if dimension == Dimension::Day { line.get(0)? } else { 0 };
        let value = values.place(line.get_ref(1)?.as_str()?);
        let instrument = instruments.place(line.get_ref(2)?.as_str()?);
        *sums.entry((day, value, instrument, line.get(3)?, line.get(4)?)).or_default() +=
            line.get::<_, u64>(5)?;
    }
    let counted =
        |((day, value, instrument, score, per_mille), n): ((i32, usize, usize, i32, u16), u64)| Count {
            key: if dimension == Dimension::Day { day.to_string() } else { values.kept[value].clone() },
            instrument: instruments.kept[instrument].clone(),
            score,
            per_mille,
            n,
        };
    let mut counts: Vec<_> = sums.into_iter().filter(|(_, n)| *n > 0).map(counted).collect();
    counts.sort_unstable_by(|a, b| {
        (&a.key, &a.instrument, a.score, a.per_mille).cmp(&(&b.key, &b.instrument, b.score, b.per_mille))
    });
    Ok(counts)
}
