//! Moments: milliseconds since 1970 in UTC inside, RFC 3339 on the wire.

use jiff::Timestamp;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// Milliseconds in a day.
pub const DAY_MS: Millis = 24 * 60 * 60 * 1000;

/// Reads an RFC 3339 moment with an offset; `None` if it is not one.
pub fn parse(text: &str) -> Option<Millis> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// Writes a moment as RFC 3339 in UTC with milliseconds: `2026-11-21T10:00:00.000Z`.
///
/// Moments outside the years −9999 to 9999 are written as the nearest that fits.
pub fn format(moment: Millis) -> String {
    let timestamp = Timestamp::from_millisecond(moment).unwrap_or(if moment < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    });
    format!("{timestamp:.3}")
}

/// The moment an answer was given, by the server's clock.
///
/// The shopper's clock may be years off, but it is the *same* clock at the answer and at the sending:
/// their difference is how long the answer waited, and that is taken from the moment of receipt.
/// `None` when the difference cannot be right: negative, or longer than `wait_ms_max`.
pub fn corrected(occurred: Millis, sent: Millis, received: Millis, wait_ms_max: Millis) -> Option<Millis> {
    let waited = sent.checked_sub(occurred)?;
    (0..=wait_ms_max).contains(&waited).then(|| received - waited)
}

/// Reads `HH:MM` as minutes since midnight, 0–1,439.
pub fn parse_minutes(text: &str) -> Option<i32> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
    };
    let (hours, minutes): (i32, i32) = (two_digits(hours)?, two_digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_in_and_out() {
        for (text, moment, again) in [
            ("2026-11-21T10:00:00Z", 1_795_255_200_000, "2026-11-21T10:00:00.000Z"),
            ("2026-11-21T11:00:00.250+01:00", 1_795_255_200_250, "2026-11-21T10:00:00.250Z"),
            ("1969-12-31T23:59:59Z", -1_000, "1969-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(parse(text), Some(moment), "{text}");
            assert_eq!(format(moment), again);
        }
        for text in ["", "yesterday", "2026-11-21", "2026-11-21T10:00:00", "2026-13-01T00:00:00Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_wrong_clock_is_corrected_by_its_own_difference() {
        let ten_years = 10 * 365 * DAY_MS;
        for (occurred, sent, expected) in [
            (1_000, 3_000, Some(98_000)),
            (1_000 - ten_years, 3_000 - ten_years, Some(98_000)),
            (3_000, 1_000, None),
            (0, 8 * DAY_MS, None),
            (i64::MIN, i64::MAX, None),
        ] {
            assert_eq!(corrected(occurred, sent, 100_000, 7 * DAY_MS), expected);
        }
    }
}
