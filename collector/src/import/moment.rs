//! Moments as other programs write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use parere_shared::time::{self, Millis};

/// Reads a moment: in the format that `dates` says, or as RFC 3339, as `2026-11-21 10:00[:00]` with or without an
/// offset, as a date, or as seconds or milliseconds since 1970. Without an offset it is of `zone`.
pub(super) fn read(text: &str, dates: Option<&str>, zone: &TimeZone) -> Option<Millis> {
    let text = text.trim();
    let moment = match dates {
        Some(format) => in_format(text, format, zone)?,
        None => time::parse(text).or_else(|| counted(text)).or_else(|| written(text, zone))?,
    };
    // A UUID of version 7 begins in 1970.
    (moment >= 0).then_some(moment)
}

fn in_format(text: &str, format: &str, zone: &TimeZone) -> Option<Millis> {
    let parts = strtime::parse(format, text).ok()?;
    if let Ok(timestamp) = parts.to_timestamp() {
        return Some(timestamp.as_millisecond());
    }
    let local = parts.to_datetime().or_else(|_| parts.to_date().map(Into::into)).ok()?;
    of_zone(local, zone)
}

/// Seconds of this century have ten digits, milliseconds thirteen.
fn counted(text: &str) -> Option<Millis> {
    let number: Millis = text.parse().ok()?;
    match text.len() {
        9 | 10 => number.checked_mul(1_000),
        12 | 13 => Some(number),
        _ => None,
    }
}

fn written(text: &str, zone: &TimeZone) -> Option<Millis> {
    let (local, is_utc) = match text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")) {
        Some(local) => (local.trim_end(), true),
        None => (text, false),
    };
    for format in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S %:z", "%Y-%m-%d %H:%M:%S%:z"] {
        if let Ok(timestamp) = Timestamp::strptime(format, local) {
            return Some(timestamp.as_millisecond());
        }
    }
    let zone = if is_utc { &TimeZone::UTC } else { zone };
    let moment: Option<DateTime> =
        local.parse().ok().or_else(|| DateTime::strptime("%Y-%m-%d %H:%M", local).ok());
    of_zone(moment.or_else(|| local.parse::<Date>().ok().map(Into::into))?, zone)
}

fn of_zone(local: DateTime, zone: &TimeZone) -> Option<Millis> {
    local.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_others_write_them() {
        let rome = TimeZone::get("Europe/Rome").unwrap();
        for (text, dates, expected) in [
            ("2026-11-21T10:00:00Z", None, Some("2026-11-21T10:00:00.000Z")),
            ("2026-11-21T10:00:00+01:00", None, Some("2026-11-21T09:00:00.000Z")),
            (" 2026-11-21 10:00:00 UTC ", None, Some("2026-11-21T10:00:00.000Z")),
            ("2026-11-21 10:00:00 +0100", None, Some("2026-11-21T09:00:00.000Z")),
            ("2026-11-21 10:00:00", None, Some("2026-11-21T09:00:00.000Z")),
            ("2026-11-21 10:00:00.25", None, Some("2026-11-21T09:00:00.250Z")),
            ("2026-11-21 10:00", None, Some("2026-11-21T09:00:00.000Z")),
            ("2026-06-21", None, Some("2026-06-20T22:00:00.000Z")),
            ("1795255200", None, Some("2026-11-21T10:00:00.000Z")),
            ("1795255200250", None, Some("2026-11-21T10:00:00.250Z")),
            ("21/11/2026 10:00", Some("%d/%m/%Y %H:%M"), Some("2026-11-21T09:00:00.000Z")),
            ("11/21/26", Some("%m/%d/%y"), Some("2026-11-20T23:00:00.000Z")),
            ("21.11.2026 10:00 +0000", Some("%d.%m.%Y %H:%M %z"), Some("2026-11-21T10:00:00.000Z")),
            ("2026-11-21", Some("%d/%m/%Y"), None),
            ("21/11/2026", None, None),
            ("1969-12-31T00:00:00Z", None, None),
            ("2026", None, None),
            ("soon", None, None),
            ("", None, None),
        ] {
            let found = read(text, dates, &rome).map(time::format);
            assert_eq!(found.as_deref(), expected, "{text} {dates:?}");
        }
    }
}
