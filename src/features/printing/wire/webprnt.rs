//! Star's WebPRNT: a document in XML that stands in another as text, and an answer that does too.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::status::{Doubt, Status, Trouble};
use super::talk::End;
use super::work::{Extras, Work};
use super::xml::elements;
use crate::features::printing::paper::Bitmap;

/// Where such a printer takes documents.
pub const PATH: &str = "/StarWebPRNT/SendMessage";
const NAMESPACE: &str = "http://www.star-m.jp";

/// An answer's code: another has it just now, and nothing was printed.
const BUSY: &str = "2001";
/// Where what the printer says of itself begins: two bytes tell how long it is.
const PRINTER: usize = 2;
const ERROR: usize = 3;
const PAPER: usize = 5;

/// What is to be done, as it is posted; nothing asks how the printer is.
pub fn request(work: Option<&Work>) -> String {
    let content = match work {
        None => String::new(),
        Some(Work::Page(page, extras)) => printing(&page.dots, *extras),
        Some(Work::Drawer(pin)) => {
            let channel = if *pin == 5 { 2 } else { 1 };
            format!(r#"<peripheral channel="{channel}" on="200" off="200"/>"#)
        }
    };
    let root = format!("<root>{content}</root>");
    let root = root.replace('<', "&lt;").replace('>', "&gt;");
    format!(r#"<StarWebPrint xmlns="{NAMESPACE}"><Request>{root}</Request></StarWebPrint>"#)
}

fn printing(page: &Bitmap, extras: Extras) -> String {
    let sound = if extras.sounds { r#"<sound channel="1" repeat="2"/>"# } else { "" };
    let end = if extras.cuts {
        r#"<cutpaper feed="true" type="partial"/>"#
    } else {
        r#"<feed line="5"/>"#
    };
    let (width, height) = (page.width(), page.height());
    let dots = BASE64_STANDARD.encode(page.bytes());
    format!(
        r#"<initialization/>{sound}<bitimage width="{width}" height="{height}">{dots}</bitimage>{end}"#
    )
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    is_done: bool,
    code: String,
    status: Vec<u8>,
}

impl Answer {
    /// Reads one; none where it is none.
    pub fn read(body: &[u8]) -> Option<Self> {
        let outer = elements(body)?;
        let root = outer.iter().find(|one| one.name == "Response")?;
        let inner = elements(root.text.trim().as_bytes())?;
        let said = |name| inner.iter().find(|one| one.name == name).map(|one| one.text.trim());
        let digits = said("status").unwrap_or_default();
        let byte = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self {
            is_done: said("success")? == "true",
            code: said("code").unwrap_or_default().to_owned(),
            status: (0..digits.len() / 2).map_while(|at| byte(2 * at)).collect(),
        })
    }

    /// How the printer is.
    pub fn status(&self) -> Status {
        let has = |at: usize, bits: u8| self.status.get(at).is_some_and(|byte| byte & bits != 0);
        let trouble = if has(PAPER, 0x08) {
            Some(Trouble::NoPaper)
        } else if has(PRINTER, 0x20) {
            Some(Trouble::CoverOpen)
        } else if has(ERROR, 0x28) {
            Some(Trouble::Broken)
        } else if has(PRINTER, 0x08) {
            Some(Trouble::Offline)
        } else {
            None
        };
        Status { trouble, is_paper_low: has(PAPER, 0x04) }
    }

    /// How the printing of a page ended.
    pub fn end(&self) -> End {
        match self.status().trouble {
            _ if self.is_done => End::Printed,
            _ if self.code == BUSY => End::NotSent(Trouble::Offline),
            Some(trouble) => End::Unsure(Doubt::Is(trouble)),
            None => End::Unsure(Doubt::NotConfirmed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(root: &str) -> Option<Answer> {
        let root = root.replace('<', "&lt;").replace('>', "&gt;");
        Answer::read(format!("<StarWebPrint><Response>{root}</Response></StarWebPrint>").as_bytes())
    }

    #[test]
    fn what_an_answer_means() {
        use Trouble::{CoverOpen, NoPaper, Offline};
        let said = |code: &str, status: &str| {
            let success = code == "0";
            let root = format!(
                "<root><success>{success}</success><code>{code}</code><status>{status}</status></root>"
            );
            answer(&root).unwrap()
        };
        let table = [
            (said("0", "23860000000000000000"), End::Printed),
            (said("1100", "23862800000000000000"), End::Unsure(Doubt::Is(CoverOpen))),
            (said("1100", "2386080000 0C"), End::Unsure(Doubt::Is(Offline))),
            (said("1100", "23860800000C00000000"), End::Unsure(Doubt::Is(NoPaper))),
            (said("1100", ""), End::Unsure(Doubt::NotConfirmed)),
            (said("2001", ""), End::NotSent(Offline)),
        ];
        for (answer, end) in table {
            assert_eq!(answer.end(), end, "{answer:?}");
        }
        assert!(said("0", "23860000000400000000").status().is_paper_low);
        assert_eq!(answer("<root/>"), None);
        assert_eq!(Answer::read(b"<html>"), None);
    }
}
