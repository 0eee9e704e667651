//! Star's CloudPRNT: the printer posts how it is, fetches work as a picture, and says what became of it.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::counter::Counter;
use crate::features::printing::wire::{End, Status, Trouble};

/// How a printer reads a page, and what opens a drawer without one.
pub const PICTURE: &str = "image/png";
/// See [`PICTURE`].
pub const NOTHING: &str = "text/plain";

/// How a printer says that it is.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StarPrinterStatus)]
pub struct Polled {
    /// As in `200%20OK` or `410%20Out%20of%20paper`.
    #[serde(rename = "statusCode")]
    pub status_code: Option<String>,
}

/// Whether there is work.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StarPrinterWork)]
pub struct Offered {
    /// Whether there is.
    pub job_ready: bool,
    /// The forms in which it can be had.
    pub media_types: Vec<&'static str>,
    /// By what it is called for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_token: Option<String>,
    /// How the printer says what became of it.
    pub delete_method: &'static str,
}

/// Which work is fetched.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// By what the offer called it.
    pub token: Option<String>,
}

/// What became of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Confirmed {
    /// By what the offer called it.
    pub token: Option<String>,
    /// As in `200 OK` or `OK`, and `5..` where it could not be printed.
    pub code: String,
}

impl Polled {
    /// Notes how the printer is. What there is for it.
    pub fn asks(&self, counter: &Counter) -> Offered {
        counter.hears(Some(self.status_code.as_deref().map(status).unwrap_or_default()));
        let lies = counter.offers();
        let is_page = lies.as_ref().is_some_and(|(_, is_page)| *is_page);
        Offered {
            job_ready: lies.is_some(),
            media_types: if is_page { vec![PICTURE] } else { vec![NOTHING] },
            job_token: lies.map(|(name, _)| name),
            delete_method: "DELETE",
        }
    }
}

impl Confirmed {
    /// Notes what became of it. Old printers do not say of what: then it is of what lies there.
    pub fn tells(&self, counter: &Counter) {
        let name = self.token.clone().or_else(|| counter.offers().map(|(name, _)| name));
        if let Some(name) = name {
            counter.confirm(&name, end(&self.code), None);
        }
    }
}

/// How a printing ended, by its code. Of what it could not read or load nothing is on paper.
fn end(code: &str) -> End {
    match code.trim_start().as_bytes() {
        [b'2', ..] | [b'O', b'K', ..] => End::Printed,
        [b'5', b'2', ..] => End::NotSent(Trouble::Offline),
        _ => End::NotSent(Trouble::Broken),
    }
}

/// How it is, by the number with which its status begins.
fn status(code: &str) -> Status {
    let number: String = code.trim_start().chars().take_while(char::is_ascii_digit).collect();
    let trouble = match number.as_bytes() {
        b"410" => Some(Trouble::NoPaper),
        b"411" => Some(Trouble::Broken),
        b"420" => Some(Trouble::CoverOpen),
        [b'4', ..] => Some(Trouble::Offline),
        [b'5', ..] => Some(Trouble::Broken),
        _ => None,
    };
    Status { trouble, is_paper_low: number == "211" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_status_means() {
        let table = [
            ("200%20OK", None, false),
            ("OK", None, false),
            ("", None, false),
            ("211%20Paper%20low", None, true),
            ("410%20Out%20of%20paper", Some(Trouble::NoPaper), false),
            ("411 Paper jam", Some(Trouble::Broken), false),
            ("420 Cover open", Some(Trouble::CoverOpen), false),
            ("400", Some(Trouble::Offline), false),
            ("521 x", Some(Trouble::Broken), false),
        ];
        for (code, trouble, is_paper_low) in table {
            assert_eq!(status(code), Status { trouble, is_paper_low }, "{code}");
        }
    }

    #[test]
    fn what_a_code_means() {
        for code in ["200 OK", "200", "OK", "210"] {
            assert_eq!(end(code), End::Printed, "{code}");
        }
        assert_eq!(end("520"), End::NotSent(Trouble::Offline));
        assert_eq!(end("511 x"), End::NotSent(Trouble::Broken));
    }
}
