//! The code that makes the first admin: the console shows it, or the owner chose it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};

use super::store;
use crate::core::error::Result;
use crate::core::store::Store;
use crate::platform::auth::random_bytes;

/// Letters and digits that are not taken for one another when they are read aloud.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// 50 bits: hopeless to guess at a door that shuts after a few failures.
const LENGTH: usize = 10;

/// Whether the box waits to be set up, and by which code.
#[derive(Default)]
pub struct Setup {
    code: Mutex<Option<[u8; 32]>>,
    /// An admin is here: nothing needs to be asked of the database any more.
    is_done: AtomicBool,
}

impl Setup {
    /// Whether nobody can manage the box yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_needed(&self, store: &Store) -> Result<bool> {
        if self.is_done.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let has_admin = store.read(store::has_admin).await?;
        self.is_done.store(has_admin, Ordering::Relaxed);
        Ok(!has_admin)
    }

    /// Takes the code that the owner chose in the settings; it is the same at every start.
    pub fn take_code(&self, chosen: &str) {
        *self.code.lock().unwrap_or_else(PoisonError::into_inner) = Some(hash(chosen));
    }

    /// A new code, as it is shown; the one before it is worthless from now on.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new_code(&self) -> Result<String> {
        let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
        let mut code: String = random_bytes::<LENGTH>()?.map(letter).iter().collect();
        self.take_code(&code);
        code.insert(LENGTH / 2, '-');
        Ok(code)
    }

    /// Whether this is the code that the console shows, or that the owner chose.
    pub fn fits(&self, code: &str) -> bool {
        let wanted = *self.code.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.is_some_and(|wanted| verify_slices_are_equal(&wanted, &hash(code)).is_ok())
    }
}

fn hash(code: &str) -> [u8; 32] {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, letters.to_ascii_uppercase().as_bytes()).as_ref());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_as_people_type_it() {
        let setup = Setup::default();
        assert!(!setup.fits(""), "there is no code yet");
        let code = setup.new_code().unwrap();
        assert_eq!((code.len(), code.find('-')), (LENGTH + 1, Some(5)), "{code}");
        assert!(setup.fits(&code) && setup.fits(&code.to_lowercase().replace('-', " ")));
        assert!(!setup.fits(&code[1..]) && !setup.fits(""));
        let next = setup.new_code().unwrap();
        assert!(setup.fits(&next) && !setup.fits(&code), "an old code is worthless");
        setup.take_code("Nonna-1987");
        assert!(setup.fits("nonna 1987") && !setup.fits(&next), "the owner's own");
    }
}
