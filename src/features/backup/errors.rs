//! What goes wrong with a backup's file, in words.

use std::io;

use crate::core::error::Error;

pub fn damaged() -> Error {
    let detail = "This file is no backup, or it is damaged or cut off. Nothing was changed; \
                  take another one.";
    Error::rule("backup_damaged", detail)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
pub fn not_written(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            let detail = "There is not enough space for the backup. The older ones are kept; free \
                          some space, or choose another place.";
            Error::rule("no_space", detail)
        }
        _ => Error::rule("backup_not_written", format!("The backup cannot be written: {error}.")),
    }
}
