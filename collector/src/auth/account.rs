//! E-mail addresses: what an account goes by.

/// Longest address that mail systems carry (RFC 5321, section 4.5.3.1.3, without the brackets).
pub const EMAIL_CHARS_MAX: usize = 254;

/// An address as it is kept, in lower case; `None` if it is none.
///
/// Whether mail arrives there is not asked: it is a name to sign in with, and nothing is ever sent to it.
pub fn email(text: &str) -> Option<String> {
    let email = text.trim().to_lowercase();
    let (name, host) = email.rsplit_once('@')?;
    let is_plain =
        |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | ',' | ';');
    let is_taken = !name.is_empty()
        && !host.is_empty()
        && !name.contains('@')
        && email.chars().all(is_plain)
        && email.chars().count() <= EMAIL_CHARS_MAX;
    is_taken.then_some(email)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_one_form() {
        for (text, kept) in [
            ("anna@shop.example", Some("anna@shop.example")),
            (" Anna.Rossi+crm@Shop.Example\n", Some("anna.rossi+crm@shop.example")),
            ("ÅSA@shop.example", Some("åsa@shop.example")),
            ("anna@localhost", Some("anna@localhost")),
            ("anna", None),
            ("", None),
            ("@shop.example", None),
            ("anna@", None),
            ("anna@shop@example", None),
            ("anna rossi@shop.example", None),
            ("Anna <anna@shop.example>", None),
            ("administrator:1", None),
        ] {
            assert_eq!(email(text).as_deref(), kept, "{text:?}");
        }
        assert_eq!(email(&format!("{}@x", "a".repeat(252))).map(|email| email.len()), Some(254));
        assert_eq!(email(&format!("{}@x", "a".repeat(253))), None);
    }
}
