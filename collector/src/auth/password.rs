//! Passwords: which ones are taken, and how they are kept.

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

use crate::error::ApiError;
use crate::random;

/// Shortest password that is taken. What counts is length: nothing is asked about kinds of characters.
pub const PASSWORD_CHARS_MIN: usize = 10;

/// Longest: a sentence. Without a bound, hashing would cost what a sender likes.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// Argon2id with 19 MiB, two passes, one lane: the first of the settings that OWASP holds to be equally strong
/// (Password Storage Cheat Sheet, 2025). About 20 ms on a server.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Passwords that are hashed at the same time: one thread of two cores, so that the other one takes answers.
const AT_ONCE: usize = 1;

/// Callers that wait for their turn, less than two seconds; the next one is told to come back.
const WAITING_MAX: usize = 64;

/// What a password is compared with where there is none to compare it with: a hash that nothing has.
/// So it takes the same time whether there is an account or not.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$cGFyZXJlLW5vYm9keS0wMQ$bm9ib2R5IGhhcyBhIHBhc3N3b3JkIGxpa2UgdGhpcyE";

/// May this become a password? If not, the rule that it breaks, for "The password …".
pub fn acceptable(password: &str) -> Result<(), &'static str> {
    match password.chars().count() {
        n if n < PASSWORD_CHARS_MIN => Err("must have at least 10 characters"),
        n if n > PASSWORD_CHARS_MAX => Err("may have at most 128 characters"),
        _ => Ok(()),
    }
}

/// Hashes a password; takes tens of milliseconds and 19 MiB.
pub fn hash_password(password: &str) -> anyhow::Result<String> {
    let salt: [u8; 16] = random::bytes()?;
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow::anyhow!("could not hash a password: {error}"))?.to_string())
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|error| anyhow::anyhow!("could not hash a password: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Is this the password that is kept as `kept`, or none at all?
fn fits(password: &str, kept: Option<&str>) -> bool {
    let Ok(hash) = PasswordHash::new(kept.unwrap_or(NOBODY)) else { return false };
    // Its parameters are those of the hash: they may be older than ours.
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && kept.is_some()
}

/// Hashing in turns, off the threads that answer requests: a flood of sign-ins takes no answer's time.
#[derive(Debug)]
pub struct Passwords {
    turns: Semaphore,
    waiting: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { turns: Semaphore::new(AT_ONCE), waiting: Semaphore::new(WAITING_MAX) }
    }
}

impl Passwords {
    /// See [`hash_password`].
    pub async fn hash(&self, password: &str) -> Result<String, ApiError> {
        let password = password.to_owned();
        Ok(self.in_turn(move || hash_password(&password)).await??)
    }

    /// Is this the password? Takes the same time where none is kept.
    pub async fn verify(&self, password: &str, kept: Option<String>) -> Result<bool, ApiError> {
        let password = password.to_owned();
        self.in_turn(move || fits(&password, kept.as_deref())).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let crowded = |_| ApiError::Unavailable("Too many people are signing in.");
        let _waiting = self.waiting.try_acquire().map_err(crowded)?;
        let _turn = self.turns.acquire().await.map_err(anyhow::Error::from)?;
        Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_the_only_rule() {
        for (password, taken) in [
            ("", false),
            ("nine char", false),
            ("ten  chars", true),
            ("aaaaaaaaaa", true),
            ("щщщщщщщщщщ", true),
            ("щщщщщщщщщ", false),
        ] {
            assert_eq!(acceptable(password).is_ok(), taken, "{password:?}");
        }
        assert!(acceptable(&"x".repeat(128)).is_ok() && acceptable(&"x".repeat(129)).is_err());
    }

    #[test]
    fn passwords_are_kept_as_owasp_wants() {
        let (one, two) = (hash_password("correct horse").unwrap(), hash_password("correct horse").unwrap());
        assert_ne!(one, two, "each has a salt of its own");
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert!(fits("correct horse", Some(&one)) && fits("correct horse", Some(&two)));
        assert!(!fits("Correct horse", Some(&one)) && !fits("", Some(&one)) && !fits("x", Some("nonsense")));
    }

    #[test]
    fn nobody_costs_what_somebody_costs_and_never_fits() {
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(parameters(NOBODY), parameters(&hash_password("correct horse").unwrap()));
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!fits("correct horse", None));
    }
}
