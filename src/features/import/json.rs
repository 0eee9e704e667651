//! A restaurant as JSON, read.

use serde::Deserialize;

use super::content::Content;
use super::limits::Lengths;
use crate::core::error::{Error, Result};
use crate::platform::http;

/// The largest JSON file of which every wrong place is looked for, in bytes.
const SEARCHED: usize = 512 * 1024;

/// Reads a JSON file. Its amounts are in the restaurant's currency; see [`currency_of`].
///
/// # Errors
/// 400 when it is no JSON or holds too much; 422 that names the places, e.g.
/// `categories[3].dishes[1].variations[0].price`.
pub fn read_json(bytes: &[u8]) -> Result<Content> {
    http::read_json_file::<Lengths>(bytes, 0).map_err(of_the_file)?.check()?;
    http::read_json_file(bytes, SEARCHED).map_err(of_the_file)
}

/// The same refusal, as one who sent a file understands it.
fn of_the_file(error: Error) -> Error {
    match error.problem().errors.first() {
        Some(wrong) if wrong.field.is_empty() => {
            let detail = error.problem().detail.replacen("The request body", "The file", 1);
            Error::rule("bad_file", detail)
        }
        _ => error,
    }
}

/// The currency that a JSON file names. Amounts are read with its digits, so whoever takes in
/// the file of another restaurant has to look at this first.
pub fn currency_of(bytes: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Head {
        restaurant: Option<Currency>,
    }
    #[derive(Deserialize)]
    struct Currency {
        currency: Option<String>,
    }
    let head: Head = serde_json::from_slice(bytes).ok()?;
    head.restaurant?.currency
}
