//! Passwords and PINs by argon2id. A PIN is short, so it is also peppered with a key that is
//! not in the database: a copied database alone does not give it away.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// How many hashes are computed at once: each takes 19 MiB, and the board has 512.
const AT_ONCE: usize = 2;

/// Hashes and checks secrets, off the async threads.
#[derive(Clone)]
pub struct Hasher {
    pin_key: Arc<[u8]>,
    /// The hash of nothing anybody knows: checked where there is no such person, so that the
    /// time of an answer does not tell who exists.
    decoy: Arc<str>,
    slots: Arc<Semaphore>,
}

#[derive(Clone, Copy)]
enum Pepper {
    None,
    PinKey,
}

impl Hasher {
    /// With the key that peppers PINs.
    ///
    /// # Errors
    /// When no randomness can be had.
    pub fn new(pin_key: &[u8]) -> Result<Self> {
        let decoy = hash(&Argon2::default(), &super::secrets::random_key()?)?;
        Ok(Self {
            pin_key: pin_key.into(),
            decoy: decoy.into(),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// The hash of a password.
    ///
    /// # Errors
    /// When the hashing fails.
    pub async fn hash_password(&self, password: &str) -> Result<String> {
        self.hash(password, Pepper::None).await
    }

    /// The hash of a PIN.
    ///
    /// # Errors
    /// When the hashing fails.
    pub async fn hash_pin(&self, pin: &str) -> Result<String> {
        self.hash(pin, Pepper::PinKey).await
    }

    /// Whether a password belongs to a hash; false, after the same time, where there is none.
    ///
    /// # Errors
    /// When the check cannot be made.
    pub async fn is_password(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        self.verify(password, hash, Pepper::None).await
    }

    /// Whether a PIN belongs to a hash; false, after the same time, where there is none.
    ///
    /// # Errors
    /// When the check cannot be made.
    pub async fn is_pin(&self, pin: &str, hash: Option<&str>) -> Result<bool> {
        self.verify(pin, hash, Pepper::PinKey).await
    }

    async fn hash(&self, secret: &str, pepper: Pepper) -> Result<String> {
        let (hasher, secret) = (self.clone(), secret.to_owned());
        self.compute(move || hash(&hasher.argon2(pepper)?, &secret)).await
    }

    async fn verify(&self, secret: &str, hash: Option<&str>, pepper: Pepper) -> Result<bool> {
        let (hasher, secret) = (self.clone(), secret.to_owned());
        let exists = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        self.compute(move || {
            let parsed = PasswordHash::new(&hash).map_err(Error::internal)?;
            let fits = hasher.argon2(pepper)?.verify_password(secret.as_bytes(), &parsed).is_ok();
            Ok(fits && exists)
        })
        .await
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let _slot = self.slots.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }

    fn argon2(&self, pepper: Pepper) -> Result<Argon2<'_>> {
        match pepper {
            Pepper::None => Ok(Argon2::default()),
            Pepper::PinKey => Argon2::new_with_secret(
                &self.pin_key,
                Algorithm::Argon2id,
                Version::V0x13,
                Params::default(),
            )
            .map_err(Error::internal),
        }
    }
}

fn hash(argon2: &Argon2<'_>, secret: &str) -> Result<String> {
    let hash = argon2.hash_password(secret.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_secret_fits_its_own_hash_only() {
        let hasher = Hasher::new(b"one key").unwrap();
        let password = hasher.hash_password("correct horse").await.unwrap();
        assert!(password.starts_with("$argon2id$"));
        assert!(hasher.is_password("correct horse", Some(&password)).await.unwrap());
        assert!(!hasher.is_password("correct hors", Some(&password)).await.unwrap());
        assert!(!hasher.is_password("correct horse", None).await.unwrap());
    }

    #[tokio::test]
    async fn a_pin_needs_the_key_of_the_box() {
        let pin = Hasher::new(b"one key").unwrap().hash_pin("1234").await.unwrap();
        assert!(Hasher::new(b"one key").unwrap().is_pin("1234", Some(&pin)).await.unwrap());
        assert!(!Hasher::new(b"other").unwrap().is_pin("1234", Some(&pin)).await.unwrap());
    }
}
