//! The formula guard: text that a spreadsheet would run is marked as text.
//!
//! Shoppers write the comments, and merchants open the file in a spreadsheet, which runs what looks like a
//! formula. An apostrophe before it makes it plain text again (OWASP, *CSV Injection*).

use std::borrow::Cow;

/// `text`, behind an apostrophe if a spreadsheet might run it.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if is_risky(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that was guarded. One that began with an apostrophe before a formula of its own loses that.
pub(crate) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_risky(rest)).unwrap_or(text)
}

/// Spreadsheets skip spaces before a formula, and some read full-width signs as plain ones.
fn is_risky(text: &str) -> bool {
    let is_space = |c: char| c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n');
    let first = text.chars().find(|&c| !is_space(c));
    matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_marked_and_nothing_else_is_touched() {
        for (text, risky) in [
            ("=1+1", true),
            ("=cmd|' /C calc'!A0", true),
            ("+39 333", true),
            ("-5 per la spedizione", true),
            ("@SUM(A1)", true),
            ("\t=1", true),
            ("\r=1", true),
            ("\nciao", true),
            ("   =1", true),
            ("\u{a0}\u{3000}=1", true),
            ("＝1＋1", true),
            ("＋1", true),
            ("－1", true),
            ("＠x", true),
            ("  ＝1", true),
            ("", false),
            ("   ", false),
            ("1=1", false),
            ("Belle - davvero", false),
            ("'=1", false),
            ("(=1)", false),
            ("👟 =1", false),
        ] {
            let expected = if risky { format!("'{text}") } else { text.to_owned() };
            assert_eq!(guarded(text), expected, "{text:?}");
            assert!(unguarded(&expected) == text || text == "'=1", "{text:?}");
        }
    }
}
