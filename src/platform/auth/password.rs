//! Passwords and PINs by argon2id. A PIN is short, so it is also peppered with a key that is
//! not in the database: a copied database alone does not give it away.

use std::sync::Arc;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::benches::Benches;
use super::secrets::random_bytes;
use crate::core::error::{Error, Result};

/// How many bytes a hash has.
const LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

/// Hashes and checks secrets, off the async threads.
#[derive(Clone)]
pub struct Hasher {
    pin_key: Arc<[u8]>,
    /// The hash of nothing anybody knows: checked where there is no such person, so that the
    /// time of an answer does not tell who exists.
    decoy: Arc<str>,
    benches: Arc<Benches>,
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
        let decoy = written(&random_bytes::<16>()?, &random_bytes::<LENGTH>()?)?;
        let benches = Arc::new(Benches::start()?);
        Ok(Self { pin_key: pin_key.into(), decoy: decoy.into(), benches })
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

    /// Comes back while secrets are hashed.
    ///
    /// # Errors
    /// When they are not any more.
    pub async fn probe(&self) -> Result<()> {
        self.benches.probe().await
    }

    async fn hash(&self, secret: &str, pepper: Pepper) -> Result<String> {
        let salt = random_bytes::<16>()?;
        let (hasher, secret) = (self.clone(), secret.to_owned());
        let work = move |memory: &mut [Block]| {
            let hash = hasher.digest(&secret, &salt, Params::default(), pepper, memory)?;
            written(&salt, &hash)
        };
        self.benches.compute(work).await
    }

    async fn verify(&self, secret: &str, hash: Option<&str>, pepper: Pepper) -> Result<bool> {
        let exists = hash.is_some();
        let known = PasswordHash::new(hash.unwrap_or(&self.decoy)).map_err(Error::internal)?;
        let (hasher, secret) = (self.clone(), secret.to_owned());
        let work = move |memory: &mut [Block]| {
            let params = Params::try_from(&known).map_err(Error::internal)?;
            let (salt, hash) = known.salt.zip(known.hash).ok_or_else(not_ours)?;
            let found = hasher.digest(&secret, salt.as_ref(), params, pepper, memory)?;
            Ok(exists && verify_slices_are_equal(&found, hash.as_bytes()).is_ok())
        };
        self.benches.compute(work).await
    }

    fn digest(
        &self,
        secret: &str,
        salt: &[u8],
        params: Params,
        pepper: Pepper,
        memory: &mut [Block],
    ) -> Result<[u8; LENGTH]> {
        let pepper: &[u8] = match pepper {
            Pepper::None => &[],
            Pepper::PinKey => &self.pin_key,
        };
        let argon2 = Argon2::new_with_secret(pepper, Algorithm::Argon2id, Version::V0x13, params)
            .map_err(Error::internal)?;
        let mut hash = [0; LENGTH];
        // A hash that asks for more memory than there is was not made by a box.
        argon2
            .hash_password_into_with_memory(secret.as_bytes(), salt, &mut hash, memory)
            .map_err(Error::internal)?;
        Ok(hash)
    }
}

/// A hash as the database keeps it.
fn written(salt: &[u8], hash: &[u8]) -> Result<String> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&Params::default()).map_err(Error::internal)?,
        salt: Some(Salt::new(salt).map_err(Error::internal)?),
        hash: Some(Output::new(hash).map_err(Error::internal)?),
    };
    Ok(hash.to_string())
}

fn not_ours() -> Error {
    Error::internal("a kept secret has no hash")
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
    async fn what_the_crate_itself_wrote_is_still_good() {
        use argon2::PasswordHasher;
        let kept = Argon2::default().hash_password(b"correct horse").unwrap().to_string();
        let hasher = Hasher::new(b"one key").unwrap();
        assert!(hasher.is_password("correct horse", Some(&kept)).await.unwrap());
        let greedy = kept.replace("m=19456", "m=1945600");
        assert!(hasher.is_password("correct horse", Some(&greedy)).await.is_err());
    }

    #[tokio::test]
    async fn a_pin_needs_the_key_of_the_box() {
        let pin = Hasher::new(b"one key").unwrap().hash_pin("1234").await.unwrap();
        assert!(Hasher::new(b"one key").unwrap().is_pin("1234", Some(&pin)).await.unwrap());
        assert!(!Hasher::new(b"other").unwrap().is_pin("1234", Some(&pin)).await.unwrap());
    }
}
