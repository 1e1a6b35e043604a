//! Characters: which are let in, and what a comment looks like after cleaning.

/// A control character that no text of ours may contain; newline, carriage return and tab are text.
fn is_forbidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\r' | '\t')
}

/// Does `text` contain control characters other than newline, carriage return and tab?
pub fn has_control(text: &str) -> bool {
    text.chars().any(is_forbidden)
}

/// A comment as it is sent: without control characters, trimmed, at most `chars_max` characters.
pub fn clean(text: &str, chars_max: usize) -> String {
    let mut kept = String::new();
    // Where the last character ends that is more than a blank.
    let mut end = 0;
    let mut room = chars_max;
    for c in text.chars() {
        if is_forbidden(c) || room == 0 {
            continue;
        }
        room -= 1;
        if !c.is_whitespace() {
            kept.push(c);
            end = kept.len();
        } else if end > 0 {
            kept.push(c);
        }
    }
    kept.truncate(end);
    kept
}

/// A name for use in paths: lower-case letters, digits and inner hyphens.
pub fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// A public site key: `pk_` and at least one lower-case letter, digit or underscore, at most 64 characters.
pub fn is_site_key(text: &str) -> bool {
    text.len() <= 64
        && text.strip_prefix("pk_").is_some_and(|rest| {
            !rest.is_empty()
                && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
}

/// A language tag such as `it`, `pt-BR` or `zh-Hans`: hyphen-joined runs of 2–8 letters or digits.
pub fn is_language(text: &str) -> bool {
    text.len() <= 35
        && text.split('-').enumerate().all(|(i, part)| {
            (2..=8).contains(&part.len())
                && part
                    .bytes()
                    .all(|b| if i == 0 { b.is_ascii_lowercase() } else { b.is_ascii_alphanumeric() })
        })
}

/// All parts, one after the other.
#[inline(never)]
pub fn concat(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}

/// Takes what stands before the first `separator` off the start of `rest`; all of it where there is none.
///
/// (`str::split` would cost the widget half a kilobyte.)
#[inline(never)]
pub fn cut<'a>(rest: &mut &'a str, separator: u8) -> &'a str {
    let whole = *rest;
    let end = whole.bytes().position(|byte| byte == separator).unwrap_or(whole.len());
    *rest = whole.get(end + 1..).unwrap_or_default();
    whole.get(..end).unwrap_or_default()
}

// `str::parse` and `to_string` bring the formatting machinery into the wasm; these few lines do not.

/// Reads 1 to 15 decimal digits: every such number is exact in JavaScript, too.
pub fn parse_number(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    text.bytes().try_fold(0_i64, |value, b| b.is_ascii_digit().then(|| value * 10 + i64::from(b - b'0')))
}

/// Reads a decimal number with an optional sign and fraction, in thousandths; what is finer is cut off.
pub fn parse_thousandths(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut fraction = text;
    let whole = parse_number(cut(&mut fraction, b'.'))?;
    let mut thousandths = 0;
    for digit in fraction.bytes().chain(*b"000").take(3) {
        thousandths = thousandths * 10 + i64::from(digit.is_ascii_digit().then(|| digit - b'0')?);
    }
    // At most 15 digits before the point and 3 after it.
    Some(sign * (whole.checked_mul(1000)? + thousandths))
}

/// Appends `value` in decimal.
pub fn push_number(text: &mut String, value: i64) {
    if value < 0 {
        text.push('-');
    }
    if value.abs() >= 10 {
        push_number(text, value.abs() / 10);
    }
    text.push(u8::try_from(value.abs() % 10).map_or('0', |digit| char::from(b'0' + digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written() {
        for (value, text) in
            [(0, "0"), (9, "9"), (10, "10"), (-305, "-305"), (1_795_255_200_000, "1795255200000")]
        {
            let mut written = String::new();
            push_number(&mut written, value);
            assert_eq!(written, text);
            assert_eq!(parse_number(text), (value >= 0).then_some(value));
        }
        for text in ["", "x", "1 ", "9999999999999999"] {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    #[test]
    fn decimals_are_read_in_thousandths() {
        for (text, value) in [
            ("0", Some(0)),
            ("49.9", Some(49_900)),
            ("-1.5", Some(-1_500)),
            ("2.71828", Some(2_718)),
            ("7.", Some(7_000)),
            ("999999999999999", Some(999_999_999_999_999_000)),
            ("9999999999999999", None),
            (".5", None),
            ("1e3", None),
            ("1.x", None),
            ("1.-5", None),
            ("", None),
            ("gold", None),
        ] {
            assert_eq!(parse_thousandths(text), value, "{text}");
        }
    }

    #[test]
    fn a_text_is_cut_at_a_byte() {
        let mut rest = "perché|b||c";
        let parts: Vec<&str> = (0..5).map(|_| cut(&mut rest, b'|')).collect();
        assert_eq!((parts, rest), (vec!["perché", "b", "", "c", ""], ""));
    }

    #[test]
    fn comments_lose_control_characters_and_nothing_else() {
        for (input, cleaned) in [
            ("  Ottime scarpe\n", "Ottime scarpe"),
            ("a\u{0}b\u{7}c\u{1b}[31m", "abc[31m"),
            ("riga 1\r\n\triga 2", "riga 1\r\n\triga 2"),
            ("\u{200f}مريح 👟\u{85}", "\u{200f}مريح 👟"),
            ("\u{0}\u{1}", ""),
        ] {
            assert_eq!(clean(input, 4_000), cleaned);
            assert!(!has_control(&clean(input, 4_000)));
        }
        assert_eq!(clean("👟👟👟", 2), "👟👟");
    }

    #[test]
    fn names_are_told_from_noise() {
        for (text, slug, site, language) in [
            ("nps", true, false, true),
            ("pk_demo", false, true, false),
            ("pk_", false, false, false),
            ("pk_Demo", false, false, false),
            ("-nps", false, false, false),
            ("zh-Hans", false, false, true),
            ("pt-BR", false, false, true),
            ("ces-5", true, false, false),
            ("", false, false, false),
            ("it'; drop", false, false, false),
        ] {
            assert_eq!(
                (is_slug(text), is_site_key(text), is_language(text)),
                (slug, site, language),
                "{text}"
            );
        }
    }
}
