//! What somebody needs to be able to sign in. Pure.

use crate::core::error::{Error, Result};

/// Whether a new person can sign in with what they are given: a PIN is enough where one stands at
/// a paired tablet, and an admin must also come in when there is none.
pub fn check_way_in(is_admin: bool, has_password: bool, has_pin: bool) -> Result<()> {
    if has_password || (has_pin && !is_admin) {
        return Ok(());
    }
    let detail = if is_admin {
        "An admin needs a password: a PIN counts on paired tablets only."
    } else {
        "Give this person a PIN or a password: without one they cannot sign in."
    };
    Err(Error::rule("secret_needed", detail).with("field", "password"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_enough_but_for_an_admin() {
        assert!(check_way_in(false, false, true).is_ok());
        assert!(check_way_in(true, true, false).is_ok());
        for (is_admin, has_pin) in [(false, false), (true, true)] {
            let refusal = check_way_in(is_admin, false, has_pin).unwrap_err();
            assert_eq!(refusal.problem().code, "secret_needed");
        }
    }
}
