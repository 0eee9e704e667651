//! The keys of a box: made at the first start, kept in `secrets/`, never in the database.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::core::error::{Error, Result};
use crate::core::kernel::Timestamp;
use crate::platform::config::Settings;

/// The keys of a box.
pub struct Secrets {
    /// Sign tokens.
    pub keys: Keys,
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
    pub fn load(folder: &Path, settings: &Settings) -> Result<Self> {
        let folder = folder.join("secrets");
        let of_text = |key: &String| digest(&SHA256, key.as_bytes()).as_ref().to_vec();
        let keys = match &settings.secret_key {
            Some(key) => Keys {
                folder: None,
                current: of_text(key),
                // The owner takes it out of the settings when its time is over.
                previous: settings.secret_key_previous.as_ref().map(|key| (of_text(key), i64::MAX)),
            },
            None => Keys::of_folder(&folder)?,
        };
        Ok(Self { keys, pin_key: read_or_make(&folder.join("pin.key"))? })
    }
}

/// The key that signs tokens, and the one before it, whose tokens are still good for a while.
#[derive(Clone)]
pub struct Keys {
    /// Where they are kept; none where the settings hold them.
    folder: Option<PathBuf>,
    /// Signs.
    pub current: Vec<u8>,
    /// Is still believed until a moment, in seconds since 1970.
    pub previous: Option<(Vec<u8>, i64)>,
}

const CURRENT: &str = "token.key";
const PREVIOUS: &str = "token.previous";

impl Keys {
    /// One key that is kept nowhere.
    #[cfg(test)]
    pub fn of_bytes(key: &[u8]) -> Self {
        Self { folder: None, current: key.to_vec(), previous: None }
    }

    fn of_folder(folder: &Path) -> Result<Self> {
        let previous = fs::read_to_string(folder.join(PREVIOUS)).ok().and_then(|text| {
            let (key, until) = text.trim().split_once(' ')?;
            Some((URL_SAFE_NO_PAD.decode(key).ok()?, until.parse().ok()?))
        });
        let current = read_or_make(&folder.join(CURRENT))?;
        Ok(Self { folder: Some(folder.to_owned()), current, previous })
    }

    /// Makes a new key; the one of now is believed until `until`, in seconds since 1970.
    ///
    /// # Errors
    /// When the settings hold the key, or the folder cannot be written.
    pub fn rotated(&self, until: i64) -> Result<Self> {
        let folder = self.folder.as_deref().ok_or_else(|| {
            let detail = "The key is set in the box's settings. Put a new one there as secret_key, \
                          the one of now as secret_key_previous, and start the box anew.";
            Error::rule("fixed_by_settings", detail).with("field", "secret_key")
        })?;
        let old = URL_SAFE_NO_PAD.encode(&self.current);
        write(&folder.join(PREVIOUS), &format!("{old} {until}"))?;
        let new = random_key()?;
        write(&folder.join(CURRENT), &new)?;
        Self::of_folder(folder)
    }
}

/// Gives a box that does not run a new key to sign tokens with. Nobody is signed out: what the old
/// one signed is believed for `minutes` more.
///
/// # Errors
/// As [`Keys::rotated`].
pub fn rotate_keys(folder: &Path, settings: &Settings, now: Timestamp) -> Result<()> {
    let minutes = i64::from(settings.access_token_expire_minutes);
    Secrets::load(folder, settings)?.keys.rotated(now.0 / 1000 + minutes * 60).map(drop)
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

pub(super) fn read_or_make(path: &Path) -> Result<Vec<u8>> {
    let io_error = |error: std::io::Error| Error::internal(format!("{}: {error}", path.display()));
    match fs::read_to_string(path) {
        Ok(text) => URL_SAFE_NO_PAD
            .decode(text.trim())
            .ok()
            .filter(|key| key.len() >= 32)
            .ok_or_else(|| Error::internal(format!("{} holds no key", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = random_key()?;
            write(path, &key)?;
            URL_SAFE_NO_PAD.decode(key).map_err(Error::internal)
        }
        Err(error) => Err(io_error(error)),
    }
}

/// Written aside and renamed: a pulled plug leaves no half key.
fn write(path: &Path, text: &str) -> Result<()> {
    let draft = path.with_extension("new");
    let written = fs::OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&draft, path));
    written.map_err(|error| Error::internal(format!("{}: {error}", path.display())))
}
