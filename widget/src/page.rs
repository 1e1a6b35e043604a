//! What the loader knows of the page.

use parere_shared::text::{cut, parse_number};

/// The loader's findings; empty where there is nothing to say.
///
/// They cross as one text, separated by NUL: a getter for each would cost more than all of this.
#[derive(Debug, Default)]
pub(crate) struct Page<'a> {
    /// Site key.
    pub(crate) site: &'a str,
    /// Where the collector answers: origin and path prefix.
    pub(crate) base: &'a str,
    /// Number of this browser where it could not be stored.
    pub(crate) visitor: &'a str,
    /// The page asked for this survey by name: targeting does not count.
    pub(crate) is_forced: bool,
    /// Height reserved for the prompt, in CSS pixels; 0 for none.
    pub(crate) reserved_px: i32,
    /// Width of the screen, in CSS pixels.
    pub(crate) screen_px: i32,
    /// Path of the page.
    pub(crate) path: &'a str,
    /// Path, query and fragment.
    pub(crate) url: &'a str,
    /// `data-ref`.
    pub(crate) order_ref: &'a str,
    /// `data-subject`.
    pub(crate) subject: &'a str,
}

impl<'a> Page<'a> {
    /// Reads them in the order in which `www/loader.js` writes them.
    pub(crate) fn parse(facts: &'a str) -> Self {
        let mut rest = facts;
        let mut next = || cut(&mut rest, 0);
        // Fields are evaluated in the order in which they stand here.
        Self {
            site: next(),
            base: next(),
            visitor: next(),
            is_forced: !next().is_empty(),
            reserved_px: number(next()),
            screen_px: number(next()),
            path: next(),
            url: next(),
            order_ref: next(),
            subject: next(),
        }
    }
}

fn number(text: &str) -> i32 {
    parse_number(text).and_then(|number| i32::try_from(number).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_become_fields() {
        let page =
            Page::parse("pk_demo\0https://c.example\0a1b2\x001\x00212\x00390\0/p\0/p?q=1#x\x001001\0c-77");
        assert_eq!((page.site, page.base, page.visitor), ("pk_demo", "https://c.example", "a1b2"));
        assert_eq!((page.is_forced, page.reserved_px, page.screen_px), (true, 212, 390));
        assert_eq!((page.path, page.url), ("/p", "/p?q=1#x"));
        assert_eq!((page.order_ref, page.subject), ("1001", "c-77"));
    }

    #[test]
    fn what_is_missing_is_empty() {
        let page = Page::parse("pk_demo\0https://c.example\0\0\0NaN");
        assert_eq!((page.is_forced, page.reserved_px, page.screen_px, page.subject), (false, 0, 0, ""));
    }
}
