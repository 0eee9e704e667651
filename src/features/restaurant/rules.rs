//! What a restaurant's facts must look like.

use crate::core::error::{Error, Result};
use crate::core::kernel::Zone;

/// Checks what is given of currency, zone and languages; `place` begins the name of a wrong field.
///
/// # Errors
/// 422 that names the field.
pub fn check_facts(
    place: &str,
    currency: Option<&str>,
    timezone: Option<&str>,
    languages: Option<&[String]>,
) -> Result<()> {
    let refuse = |field: &str, why: &str| Err(Error::invalid(format!("{place}{field}"), why));
    let is_code = |text: &str, length: usize, fits: fn(&u8) -> bool| {
        text.len() == length && text.as_bytes().iter().all(fits)
    };
    if let Some(Err(reason)) = timezone.map(Zone::named) {
        return refuse("timezone", &reason);
    }
    if currency.is_some_and(|code| !is_code(code, 3, u8::is_ascii_uppercase)) {
        return refuse("currency", "must be a code of three capitals, such as RUB or EUR");
    }
    let Some(languages) = languages else { return Ok(()) };
    let is_known = |language: &String| is_code(language, 2, u8::is_ascii_lowercase);
    if languages.is_empty() || !languages.iter().all(is_known) {
        return refuse("languages", "must be codes of two small letters, such as ru or en");
    }
    Ok(())
}
