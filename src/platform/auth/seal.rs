//! Secrets of others that the box has to say again, such as the key of a payment provider: sealed in the
//! database with a key that is kept beside it, in `secrets/`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};

use super::secrets::read_or_make;
use crate::core::error::{Error, Result};

/// The name of the key.
const KEY: &str = "seal.key";

/// Seals and opens. The key is made when it is needed first.
pub struct Seal {
    folder: PathBuf,
    key: Mutex<Option<Vec<u8>>>,
}

impl Seal {
    /// With the key in the data folder.
    pub fn in_folder(data: &Path) -> Self {
        Self { folder: data.join("secrets"), key: Mutex::new(None) }
    }

    fn key(&self) -> Result<RandomizedNonceKey> {
        let mut kept = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = match &*kept {
            Some(bytes) => bytes,
            None => kept.insert(read_or_make(&self.folder.join(KEY))?),
        };
        let key = bytes.get(..AES_256_GCM.key_len()).unwrap_or_default();
        RandomizedNonceKey::new(&AES_256_GCM, key).map_err(Error::internal)
    }

    /// Seals a text for the place where it will stand: moved elsewhere it does not open.
    ///
    /// # Errors
    /// When the key cannot be read or made.
    pub fn seal(&self, place: &str, text: &str) -> Result<Vec<u8>> {
        let mut bytes = text.as_bytes().to_vec();
        let sealed = self.key()?.seal_in_place_append_tag(Aad::from(place), &mut bytes);
        let nonce = sealed.map_err(Error::internal)?;
        Ok([nonce.as_ref().as_slice(), &bytes].concat())
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// 409 when the key is another one: the secret has to be typed again.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<String> {
        self.opened(place, sealed)?.ok_or_else(|| {
            let detail = "The secret was sealed with another key of this box, so it cannot be read. \
                          Type it again.";
            Error::conflict("secret_sealed", detail)
        })
    }

    fn opened(&self, place: &str, sealed: &[u8]) -> Result<Option<String>> {
        let key = self.key()?;
        let Some((nonce, bytes)) = sealed.split_at_checked(NONCE_LEN) else { return Ok(None) };
        let Ok(nonce) = Nonce::try_assume_unique_for_key(nonce) else { return Ok(None) };
        let mut bytes = bytes.to_vec();
        let opened = key.open_in_place(nonce, Aad::from(place), &mut bytes).ok();
        Ok(opened.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_at_its_place_with_its_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("secrets")).unwrap();
        let seal = Seal::in_folder(folder.path());
        let sealed = seal.seal("provider 1", "live_secret").unwrap();
        assert!(!sealed.windows(4).any(|part| part == b"live"), "it is not there in plain");
        assert_eq!(seal.open("provider 1", &sealed).unwrap(), "live_secret");
        let again = Seal::in_folder(folder.path());
        assert_eq!(again.open("provider 1", &sealed).unwrap(), "live_secret");
        assert_eq!(seal.open("provider 2", &sealed).unwrap_err().status(), 409);
        assert_eq!(seal.open("provider 1", &sealed[..5]).unwrap_err().status(), 409);
        let mut bent = sealed.clone();
        bent[NONCE_LEN] ^= 1;
        assert_eq!(seal.open("provider 1", &bent).unwrap_err().status(), 409);
    }
}
