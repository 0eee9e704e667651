//! Which passwords are refused. What guards a password is its length, and that nobody tries it
//! first; capitals and signs are not asked for: they end up as “Password1!”.

use std::io::Read;

use flate2::read::GzDecoder;

use crate::core::error::{Error, Result};

/// The fewest characters.
const SHORTEST: usize = 8;
/// Some 11,000 of the most common passwords of that length, one a line, in small letters, packed:
/// those of the list that comes with zxcvbn (MIT), and some in Russian.
const COMMON: &[u8] = include_bytes!("common_passwords.txt.gz");

/// Whether this may be the password of somebody who signs in as `username`.
///
/// # Errors
/// 400 with a sentence that says what a better one is like.
pub fn check_new_password(password: &str, username: &str) -> Result<()> {
    if password.chars().count() < SHORTEST {
        let detail = format!("A password needs at least {SHORTEST} characters.");
        return Err(Error::rule("password_short", detail).with("least", SHORTEST));
    }
    let lower = password.to_lowercase();
    if lower == username.to_lowercase() || is_common(&lower)? {
        let detail = "This password is one of those that are tried first. Take three or four words \
                      that have nothing to do with each other.";
        return Err(Error::rule("password_common", detail));
    }
    Ok(())
}

/// Unpacked for the moment of asking: it is asked a few times a year.
fn is_common(lower: &str) -> Result<bool> {
    let mut all = String::new();
    GzDecoder::new(COMMON).read_to_string(&mut all).map_err(Error::internal)?;
    Ok(all.lines().any(|common| common == lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_counts_and_what_everybody_takes_does_not() {
        let code = |password: &str| match check_new_password(password, "annapetrova") {
            Ok(()) => "fine",
            Err(error) => error.problem().code,
        };
        for common in
            ["password", "Password1", "12345678", "qwertyuiop", "пароль123", "AnnaPetrova"]
        {
            assert_eq!(code(common), "password_common", "{common}");
        }
        assert_eq!(code("sh0rt!A"), "password_short");
        for fine in ["correct horse", "борщ медведь окно", "aaaaabbbbbcccccd", "nopqrstuvx"]
        {
            assert_eq!(code(fine), "fine", "{fine}");
        }
    }
}
