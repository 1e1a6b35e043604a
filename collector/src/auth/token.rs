//! Tokens of programs: what one can wish for, and how one is made.

use parere_shared::text;
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};

use super::caller::Caller;
use super::hash;
use super::right::{ADMIN, Rights};
use crate::random;
use crate::store::Token;

/// Most tokens of one collector: lists of them are read by people.
pub const TOKENS_MAX: usize = 1_000;

/// Longest name of a token, in characters.
pub const NAME_CHARS_MAX: usize = 100;

/// A token as somebody wishes for it.
#[derive(Debug, Clone, Default)]
pub struct TokenWish {
    /// What it is called.
    pub name: String,
    /// Names of its scopes.
    pub scopes: Vec<String>,
    /// Keys of the sites it is bound to; none for all.
    pub sites: Vec<String>,
    /// When it ends by itself.
    pub expires_at: Option<Millis>,
}

/// A token that was made, and the text of it that is shown once.
pub struct NewToken {
    /// What is kept.
    pub token: Token,
    /// What its holder shows: `par_…`.
    pub secret: String,
}

/// Makes what `maker` wishes for, if it may; every rule that the wish breaks is named.
///
/// Nobody hands out more than they have: a token for a site needs the right to administer it.
pub fn new_token(
    maker: &Caller,
    wish: TokenWish,
    now: Millis,
) -> anyhow::Result<Result<NewToken, Vec<Violation>>> {
    let mut found = Vec::new();
    let mut break_rule = |field: &str, rule| found.push(Violation::new(field, rule));
    let name = wish.name.trim().to_owned();
    if name.is_empty() {
        break_rule("name", Rule::Empty);
    } else if name.chars().count() > NAME_CHARS_MAX {
        break_rule("name", Rule::TooLong { max: NAME_CHARS_MAX });
    } else if text::has_control(&name) {
        break_rule("name", Rule::ControlCharacter);
    }
    let rights = Rights::parse(wish.scopes.iter().map(String::as_str));
    match rights {
        None => break_rule("scopes", Rule::Unknown("read, export, write or admin")),
        Some(rights) if rights.is_empty() => break_rule("scopes", Rule::Empty),
        Some(_) => {}
    }
    let mut sites = wish.sites;
    sites.sort();
    sites.dedup();
    let may = if sites.is_empty() {
        maker.may_everywhere(ADMIN)
    } else {
        sites.iter().all(|site| maker.rights_at(site).has(ADMIN))
    };
    if !may {
        break_rule("sites", Rule::Unknown("sites that you administer"));
    }
    if wish.expires_at.is_some_and(|end| end <= now) {
        break_rule("expires_at", Rule::Format("a moment in the future"));
    }
    let Some(rights) = rights.filter(|_| found.is_empty()) else { return Ok(Err(found)) };
    let secret = format!("par_{}", random::token::<24>()?);
    let token = Token {
        hash: hash(&secret),
        id: random::token::<6>()?,
        name,
        rights,
        sites,
        made_by: maker.who.name(),
        created_at: now,
        used_at: None,
        expires_at: wish.expires_at,
    };
    Ok(Ok(NewToken { token, secret }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;
    use crate::store::Membership;

    fn wish(scopes: &[&str], sites: &[&str]) -> TokenWish {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        TokenWish { name: "CRM".into(), scopes: owned(scopes), sites: owned(sites), expires_at: None }
    }

    #[test]
    fn nobody_hands_out_more_than_they_have() {
        let owner = |site: Option<&str>| {
            Caller::person("anna@x", &[Membership { site: site.map(Into::into), role: Role::Owner }])
        };
        for (maker, wish, broken) in [
            (owner(None), wish(&["read"], &[]), vec![]),
            (owner(Some("pk_a")), wish(&["admin", "read"], &["pk_a"]), vec![]),
            (owner(Some("pk_a")), wish(&["read"], &[]), vec!["sites"]),
            (owner(Some("pk_a")), wish(&["read"], &["pk_a", "pk_b"]), vec!["sites"]),
            (owner(None), wish(&[], &[]), vec!["scopes"]),
            (owner(None), wish(&["everything"], &[]), vec!["scopes"]),
            (owner(None), TokenWish { name: " ".into(), ..wish(&["read"], &[]) }, vec!["name"]),
            (owner(None), TokenWish { expires_at: Some(9), ..wish(&["read"], &[]) }, vec!["expires_at"]),
        ] {
            let made = new_token(&maker, wish.clone(), 10).unwrap();
            let found = made.as_ref().err().into_iter().flatten().map(|found| &*found.field);
            assert_eq!(found.collect::<Vec<_>>(), broken, "{wish:?}");
            if let Ok(made) = made {
                assert!(made.secret.starts_with("par_") && made.secret.len() == 52, "{}", made.secret);
                assert_eq!(made.token.hash, hash(&made.secret));
            }
        }
    }
}
