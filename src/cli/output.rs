//! What a command says on the terminal.

use std::io::IsTerminal;

use serde::Serialize;

use super::failure::Failure;
use crate::core::error::Error;
use crate::platform::qr::Picture;

/// Writes what a command found out: one line of JSON for programs, or a text for people.
pub(super) fn tell(
    json: bool,
    found: &impl Serialize,
    text: impl FnOnce() -> String,
) -> Result<(), Failure> {
    if json {
        println!("{}", serde_json::to_string(found).map_err(Error::internal)?);
    } else {
        println!("{}", text());
    }
    Ok(())
}

/// The code in white on black, whatever the colors of the terminal are.
pub(super) fn qr_code(url: &str) -> String {
    let Ok(picture) = Picture::of(url) else { return String::new() };
    let lines = picture.terminal();
    if !std::io::stdout().is_terminal() {
        return lines;
    }
    let colored = lines.lines().map(|line| format!("\x1b[97;40m{line}\x1b[0m\n"));
    colored.collect::<Vec<_>>().concat()
}
