//! What is known of the page and of this visit.

use parere_shared::gate::{Known, Visit};
use parere_shared::response::Device;
use parere_shared::text::{cut, parse_number};
use parere_shared::time::Millis;

/// The findings of loader and glue; empty where there is nothing to say.
///
/// They cross as one text, separated by NUL: a getter for each would cost more than all of this.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page<'a> {
    /// Site key.
    pub(crate) site: &'a str,
    /// Number of this browser where it could not be stored.
    pub(crate) visitor: &'a str,
    /// The page asked for this survey by name: targeting does not count.
    pub(crate) is_forced: bool,
    /// Width of the screen, in CSS pixels.
    pub(crate) screen_px: i32,
    /// Path of the page.
    pub(crate) path: &'a str,
    /// Path, query and fragment.
    pub(crate) url: &'a str,
    /// `data-ref`.
    pub(crate) order_ref: &'a str,
    /// `data-subject`, or what the page said with `identify`.
    pub(crate) subject: &'a str,
    /// Language of the page.
    pub(crate) language: &'a str,
    /// Address of the page before.
    pub(crate) referrer: &'a str,
    /// `new` or `returning`.
    pub(crate) visits: &'a str,
    /// Pages seen in this visit.
    pub(crate) views: &'a str,
    /// What the page said of the shopper: name and value by turns, each ended by NUL.
    pub(crate) attributes: &'a str,
}

impl<'a> Page<'a> {
    /// Reads them in the order in which `browser/ask/api.js` writes them.
    pub(crate) fn parse(facts: &'a str) -> Self {
        let mut rest = facts;
        let mut next = || cut(&mut rest, 0);
        // Fields are evaluated in the order in which they stand here.
        let mut page = Self {
            site: next(),
            visitor: next(),
            is_forced: !next().is_empty(),
            screen_px: number(next()),
            path: next(),
            url: next(),
            order_ref: next(),
            subject: next(),
            language: next(),
            referrer: next(),
            visits: next(),
            views: next(),
            attributes: "",
        };
        page.attributes = rest;
        page
    }

    /// Class of device.
    pub(crate) fn device(&self) -> Device {
        Device::of_width(self.screen_px)
    }

    /// What targeting reads.
    pub(crate) fn visit(&self, now: Millis) -> Visit<'a> {
        let known = Known {
            language: self.language,
            device: self.device().as_str(),
            referrer: self.referrer,
            visitor: self.visits,
            views: self.views,
            attributes: self.attributes,
        };
        Visit { url: self.url, now, known }
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
        let facts = [
            "pk_demo",
            "a1b2",
            "1",
            "390",
            "/p",
            "/p?q=1#x",
            "1001",
            "c-77",
            "it-CH",
            "https://search.example/",
            "returning",
            "3",
            "plan",
            "gold",
            "",
        ];
        let facts = facts.join("\0");
        let page = Page::parse(&facts);
        assert_eq!((page.site, page.visitor), ("pk_demo", "a1b2"));
        assert_eq!((page.is_forced, page.screen_px), (true, 390));
        assert_eq!((page.path, page.url), ("/p", "/p?q=1#x"));
        assert_eq!((page.order_ref, page.subject, page.language), ("1001", "c-77", "it-CH"));
        assert_eq!((page.referrer, page.visits, page.views), ("https://search.example/", "returning", "3"));
        assert_eq!(page.attributes, "plan\0gold\0");
        assert_eq!(page.visit(5).known.device, "phone");
    }

    #[test]
    fn what_is_missing_is_empty() {
        let page = Page::parse("pk_demo\0\0\0NaN");
        assert_eq!((page.is_forced, page.screen_px, page.subject), (false, 0, ""));
    }
}
