//! Numbers as the reader's own language writes them.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::Locale;

use crate::app::App;
use crate::error::ApiError;
use crate::language;

/// Writes numbers with the digits, the grouping and the decimal sign of one language.
pub(in crate::routes) struct Numerals(DecimalFormatter);

impl Numerals {
    /// Of the first language that the reader's browser asks for.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let wanted = language::wanted(None, headers);
        Self::of_locale(wanted.iter().find_map(|tag| tag.parse().ok()).unwrap_or(Locale::UNKNOWN))
    }

    fn of_locale(locale: Locale) -> Result<Self, ApiError> {
        let formatter = DecimalFormatter::try_new(
            locale.into(),
            icu_decimal::options::DecimalFormatterOptions::default(),
        );
        Ok(Self(formatter.map_err(anyhow::Error::from)?))
    }

    /// `1,204`, `1.204`, `1 204`.
    pub(super) fn count(&self, n: u64) -> String {
        self.0.format(&Decimal::from(n)).to_string()
    }

    /// With so many digits after the decimal sign, a minus as long as a plus, and none before a zero.
    pub(super) fn decimal(&self, value: f64, digits: usize) -> String {
        let rounding = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
        let value = (value * rounding).round() / rounding + 0.0;
        let written = format!("{value:.digits$}").parse::<Decimal>();
        written
            .map_or_else(|_| value.to_string(), |decimal| self.0.format(&decimal).to_string())
            .replace('-', "−")
    }

    /// `1 answer`, `1,204 answers`.
    pub(super) fn answers(&self, n: u64) -> String {
        if n == 1 { format!("{} answer", self.count(n)) } else { format!("{} answers", self.count(n)) }
    }

    /// Part of a whole in whole percent; less than half a percent is not nothing.
    pub(super) fn share(&self, n: u64, of: u64) -> String {
        match (n, of) {
            (0, _) | (_, 0) => format!("{} %", self.count(0)),
            _ if n * 200 < of => format!("< {} %", self.count(1)),
            _ => format!("{} %", self.count((n * 200 + of) / (of * 2))),
        }
    }
}

impl FromRequestParts<App> for Numerals {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Self::of(&parts.headers)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Of a language.
    pub(in super::super) fn of(tag: &str) -> Numerals {
        Numerals::of_locale(tag.parse().unwrap()).unwrap()
    }

    #[test]
    fn numbers_are_written_as_the_reader_writes_them() {
        for (tag, count, decimal) in [
            ("en", "12,345,678", "−6.5"),
            ("it", "12.345.678", "−6,5"),
            ("fr", "12\u{202f}345\u{202f}678", "−6,5"),
            ("de-CH", "12'345'678", "−6.5"),
            ("es", "12.345.678", "−6,5"),
            ("hi", "1,23,45,678", "−6.5"),
            ("ar-EG", "١٢٬٣٤٥٬٦٧٨", "\u{61c}−٦٫٥"),
            ("und", "12,345,678", "−6.5"),
        ] {
            let numerals = of(tag);
            assert_eq!(
                (numerals.count(12_345_678), numerals.decimal(-6.46, 1)),
                (count.into(), decimal.into()),
                "{tag}"
            );
        }
        assert_eq!(of("en").decimal(-0.04, 1), "0.0", "there is no minus zero for people");
    }

    #[test]
    fn shares_are_whole() {
        for (n, of_all, text) in [
            (0, 0, "0 %"),
            (0, 9, "0 %"),
            (1, 1_000, "< 1 %"),
            (1, 3, "33 %"),
            (2, 3, "67 %"),
            (3, 3, "100 %"),
        ] {
            assert_eq!(of("en").share(n, of_all), text);
        }
    }
}
