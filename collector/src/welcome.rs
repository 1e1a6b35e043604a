//! What the program says when it has started: where to look, and what to paste.

use std::fmt;

use crate::demo;

/// The addresses a person needs.
#[derive(Debug, Clone)]
pub struct Welcome {
    public_url: String,
    /// Absent where there is an account already.
    set_up_key: Option<String>,
    is_first_start: bool,
}

impl Welcome {
    /// For a server that shops reach at `public_url`.
    pub fn new(public_url: &str, set_up_key: Option<&str>, is_first_start: bool) -> Self {
        Self { public_url: public_url.into(), set_up_key: set_up_key.map(Into::into), is_first_start }
    }
}

/// The tag a merchant pastes.
pub fn tag(public_url: &str, site: &str) -> String {
    format!(r#"<script async src="{public_url}/v1/{site}.js"></script>"#)
}

/// The same with everything inside, in one language of the site.
pub fn now_tag(public_url: &str, site: &str, language: &str) -> String {
    format!(r#"<script async src="{public_url}/v1/{site}.now.js?lang={language}"></script>"#)
}

impl fmt::Display for Welcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { public_url, set_up_key, is_first_start } = self;
        writeln!(f)?;
        if *is_first_start {
            writeln!(f, "  A demo shop was created; everything in it can be tried at once.")?;
            writeln!(f)?;
        }
        writeln!(f, "  Storefront  {public_url}/demo")?;
        match set_up_key {
            Some(key) => {
                writeln!(f, "  Dashboard   {public_url}/dashboard/set-up?key={key}  (makes your account)")?;
            }
            None => writeln!(f, "  Dashboard   {public_url}/dashboard")?,
        }
        writeln!(f, "  Tag         {}", tag(public_url, demo::SITE))
    }
}
