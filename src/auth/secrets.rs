//! The keys of a box: made at the first start, kept in `secrets/`, never in the database.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{Error, Result};

/// The keys of a box.
pub struct Secrets {
    /// Signs tokens.
    pub token_key: Vec<u8>,
    /// Peppers PINs.
    pub pin_key: Vec<u8>,
}

impl Secrets {
    /// Reads the keys, or makes them where they are missing. A key from the settings goes before
    /// the token key of the folder; the PIN key always stays in the folder, so that a changed
    /// setting does not make every PIN wrong.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn load(folder: &Path, secret_key: Option<&str>) -> Result<Self> {
        let folder = folder.join("secrets");
        let token_key = match secret_key {
            Some(key) => digest(&SHA256, key.as_bytes()).as_ref().to_vec(),
            None => read_or_make(&folder.join("token.key"))?,
        };
        Ok(Self { token_key, pin_key: read_or_make(&folder.join("pin.key"))? })
    }
}

/// 32 random bytes as text that fits into a settings file.
///
/// # Errors
/// When the system has no randomness to give.
pub fn random_key() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?))
}

/// Random bytes that nobody can guess.
///
/// # Errors
/// When the system has no randomness to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness"))?;
    Ok(bytes)
}

/// What the database keeps of a token or code that the box made: long and random, so that the
/// hash alone leads nobody back to it.
pub fn digest_of(secret: &str) -> Vec<u8> {
    digest(&SHA256, secret.as_bytes()).as_ref().to_vec()
}

fn read_or_make(path: &Path) -> Result<Vec<u8>> {
    let io_error = |error: std::io::Error| Error::internal(format!("{}: {error}", path.display()));
    match fs::read_to_string(path) {
        Ok(text) => URL_SAFE_NO_PAD
            .decode(text.trim())
            .ok()
            .filter(|key| key.len() >= 32)
            .ok_or_else(|| Error::internal(format!("{} holds no key", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = random_key()?;
            // Written aside and renamed: a pulled plug leaves no half key.
            let draft = path.with_extension("new");
            let mut file = fs::OpenOptions::new()
                .create(true)
                .truncate(true)
                .write(true)
                .mode(0o600)
                .open(&draft)
                .map_err(io_error)?;
            file.write_all(key.as_bytes()).and_then(|()| file.sync_all()).map_err(io_error)?;
            fs::rename(&draft, path).map_err(io_error)?;
            URL_SAFE_NO_PAD.decode(key).map_err(Error::internal)
        }
        Err(error) => Err(io_error(error)),
    }
}
