//! What a printer says of itself, in the bytes of Epson's ESC/POS, which most others copied.

use std::io;

/// What keeps a printer from printing.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = PrinterTroubleKind)]
pub enum Trouble {
    /// Nobody answers at its address.
    Unreachable,
    /// It has no paper.
    NoPaper,
    /// Its cover is open.
    CoverOpen,
    /// Its cutter or something else in it is stuck.
    Broken,
    /// It is there and takes nothing, it does not say why.
    Offline,
    /// Somebody answers at its address who is no printer.
    NotAPrinter,
}

impl Trouble {
    /// What an attempt to speak to a printer failed of.
    pub fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::NotAPrinter,
            _ => Self::Unreachable,
        }
    }
}

/// Why nobody knows whether a page is on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The line broke.
    LineBroke,
    /// The printer took no more.
    Stalled,
    /// It took all and did not say that it printed it.
    NotConfirmed,
    /// It said what is the matter.
    Is(Trouble),
}

/// Asks at once, whatever lies in the printer's memory: `DLE EOT n`.
pub const ASKS: [[u8; 3]; 4] = [[0x10, 0x04, 1], [0x10, 0x04, 2], [0x10, 0x04, 3], [0x10, 0x04, 4]];
/// Asks behind all that was sent: `GS r 1`. The answer says that it was all taken off the wire and
/// put on paper up to there.
pub const ASK_BEHIND: [u8; 3] = [0x1D, b'r', 1];

/// Whether a byte answers `DLE EOT`: `0xx1xx10`.
pub fn is_answer(byte: u8) -> bool {
    byte & 0b1001_0011 == 0b0001_0010
}

/// Whether a byte answers `GS r`: `0xx0xxxx`.
pub fn is_answer_behind(byte: u8) -> bool {
    byte & 0b1001_0000 == 0
}

/// So much of what is heard shows who talks.
const GREETING: usize = 4;

/// Whether this is how another server begins to talk (`SSH-`, `HTTP`, `220 `): letters, where a printer
/// gives one byte to a question, or tells of itself in bytes that are none.
pub fn is_talk(heard: &[u8]) -> bool {
    let Some(begin) = heard.get(..GREETING) else { return false };
    let is_text = begin.iter().all(|byte| (b' '..=b'~').contains(byte));
    is_text && !begin.iter().all(|byte| is_answer(*byte))
}

/// What a printer said in its four answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// What keeps it from printing.
    pub trouble: Option<Trouble>,
    /// Whether its paper comes to an end.
    pub is_paper_low: bool,
}

/// Reads the answers to [`ASKS`]; one that did not come is none.
pub fn status(answers: [Option<u8>; 4]) -> Status {
    let has = |place: usize, bits: u8| answers[place].is_some_and(|byte| byte & bits != 0);
    let (printer, offline, error, paper) = (0, 1, 2, 3);
    let trouble = if has(paper, 0b0110_0000) || has(offline, 0b0010_0000) {
        Some(Trouble::NoPaper)
    } else if has(offline, 0b0000_0100) {
        Some(Trouble::CoverOpen)
    } else if has(error, 0b0110_1000) || has(offline, 0b0100_0000) {
        Some(Trouble::Broken)
    } else if has(printer, 0b0000_1000) {
        Some(Trouble::Offline)
    } else {
        None
    };
    Status { trouble, is_paper_low: has(paper, 0b0000_1100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_printer_means() {
        const WELL: Option<u8> = Some(0x12);
        let table = [
            ([WELL; 4], None, false),
            ([Some(0x16), WELL, WELL, WELL], None, false),
            ([Some(0x1A), Some(0x32), WELL, Some(0x7E)], Some(Trouble::NoPaper), true),
            ([WELL, WELL, WELL, Some(0x1E)], None, true),
            ([Some(0x1A), Some(0x16), WELL, WELL], Some(Trouble::CoverOpen), false),
            ([Some(0x1A), Some(0x52), Some(0x1A), WELL], Some(Trouble::Broken), false),
            ([Some(0x1A), WELL, WELL, WELL], Some(Trouble::Offline), false),
            ([Some(0x1A), None, None, None], Some(Trouble::Offline), false),
            ([None; 4], None, false),
        ];
        for (answers, trouble, is_paper_low) in table {
            assert_eq!(status(answers), Status { trouble, is_paper_low }, "{answers:x?}");
        }
    }

    #[test]
    fn another_server_is_known_by_its_first_words_and_a_printer_is_none() {
        for greeting in ["SSH-2.0-OpenSSH_9.2", "HTTP/1.1 400", "220 mail", "<html>", "+OK r"] {
            assert!(is_talk(greeting.as_bytes()), "{greeting}");
        }
        // Answers of one without paper and with an error, and what some tell unasked (ASB).
        let table = [&[0x3A, 0x32, 0x52, 0x7E][..], &[0x14, 0, 0, 0x0F], &[0x12; 4], b"SSH"];
        for said in table {
            assert!(!is_talk(said), "{said:x?}");
        }
    }

    #[test]
    fn no_byte_answers_both_questions() {
        assert!((0..=255).all(|byte| !(is_answer(byte) && is_answer_behind(byte))));
        assert!(
            is_answer(0x12) && is_answer(0x7E) && is_answer_behind(0) && is_answer_behind(0x0F)
        );
    }
}
