//! What the program was given at its start: the administrator's token, and the key of the link that makes the first account.

use subtle::ConstantTimeEq as _;

use super::hash;
use crate::config::Secret;
use crate::random;
use crate::store::Hash;

/// What a caller can prove beside what is stored.
pub struct Credentials {
    admin_token: Option<Hash>,
    set_up_key: Hash,
}

impl Credentials {
    /// Knows the administrator's token, if there is one, and the key of the set-up link.
    pub fn new(admin_token: Option<&Secret>, set_up_key: &str) -> Self {
        Self { admin_token: admin_token.map(|token| hash(token.expose())), set_up_key: hash(set_up_key) }
    }

    /// Is this the administrator's token?
    pub fn is_admin_token(&self, token: &str) -> bool {
        self.admin_token.is_some_and(|known| known.ct_eq(&hash(token)).into())
    }

    /// Is this the key of the set-up link? Whether it still opens anything, the store says: only the first account.
    pub fn is_set_up_key(&self, key: &str) -> bool {
        self.set_up_key.ct_eq(&hash(key)).into()
    }

    /// The name under which the administrator's sessions are kept; they end when the token changes. No e-mail address is like it.
    pub fn administrator(&self) -> Option<String> {
        let known = self.admin_token?;
        let mark = hash(&random::hex(&known));
        Some(format!("administrator:{}", random::hex(mark.get(..8).unwrap_or_default())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_administrator_is_another_one_with_another_token() {
        let credentials = |token: &str| Credentials::new(Some(&token.parse().unwrap()), "key");
        let one = credentials("0123456789abcdef");
        assert!(one.is_admin_token("0123456789abcdef") && !one.is_admin_token("0123456789abcdeF"));
        assert!(one.is_set_up_key("key") && !one.is_set_up_key(""));
        assert_ne!(one.administrator(), credentials("0123456789abcdeF").administrator());
        assert_eq!(one.administrator(), credentials("0123456789abcdef").administrator());
        let none = Credentials::new(None, "key");
        assert!(!none.is_admin_token("") && none.administrator().is_none());
    }
}
