//! Epson's ePOS-Print: a document in XML, and an answer that says what became of it.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::status::{Doubt, Status, Trouble};
use super::talk::End;
use super::work::{Extras, Work};
use super::xml::{Element, elements};
use crate::features::printing::paper::Bitmap;

/// Where such a printer takes documents; with the printer itself, and how long it may print, ms.
pub const PATH: &str = "/cgi-bin/epos/service.cgi?devid=local_printer&timeout=10000";
const NAMESPACE: &str = "http://www.epson-pos.com/schemas/2011/03/epos-print";
const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// Bits of an answer's `status`.
const PRINTED: u32 = 0x0000_0002;
const OFF_LINE: u32 = 0x0000_0008;
const COVER_OPEN: u32 = 0x0000_0020;
/// A mechanical error, the cutter, one that only switching off mends, one that mends itself.
const BROKEN: u32 = 0x0000_6C00;
const PAPER_LOW: u32 = 0x0002_0000;
const PAPER_OUT: u32 = 0x0008_0000;

/// What is to be done, as a document; one without anything in it asks how the printer is.
pub fn document(work: Option<&Work>) -> String {
    let content = match work {
        None => String::new(),
        Some(Work::Page(page, extras)) => printing(&page.dots, *extras),
        Some(Work::Drawer(pin)) => {
            let drawer = if *pin == 5 { 2 } else { 1 };
            format!(r#"<pulse drawer="drawer_{drawer}" time="pulse_100"/>"#)
        }
    };
    format!(r#"<epos-print xmlns="{NAMESPACE}">{content}</epos-print>"#)
}

fn printing(page: &Bitmap, extras: Extras) -> String {
    let sound = r#"<sound pattern="pattern_a" repeat="2" cycle="1000"/>"#;
    let sound = if extras.sounds { sound } else { "" };
    let end = if extras.cuts { r#"<cut type="feed"/>"# } else { r#"<feed line="5"/>"# };
    let (width, height) = (page.width(), page.height());
    let dots = BASE64_STANDARD.encode(page.bytes());
    format!(
        r#"{sound}<image width="{width}" height="{height}" color="color_1" mode="mono">{dots}</image>{end}"#
    )
}

/// A document as it is posted. `name`: by which the printer is asked later what became of it.
pub fn request(work: Option<&Work>, name: Option<&str>) -> String {
    let name = name.map(|name| format!("<printjobid>{name}</printjobid>")).unwrap_or_default();
    let document = document(work);
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="{SOAP}"><s:Header><parameter xmlns="{NAMESPACE}"><devid>local_printer</devid><timeout>10000</timeout>{name}</parameter></s:Header><s:Body>{document}</s:Body></s:Envelope>"#
    )
}

/// What became of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it was printed.
    is_done: bool,
    /// Why not.
    code: String,
    status: u32,
    /// The name of the document, where the printer knows such.
    pub name: Option<String>,
}

impl Answer {
    /// Reads one; none where it is none.
    pub fn read(body: &[u8]) -> Option<Self> {
        let all = elements(body)?;
        let name = all.iter().find(|one| one.name == "printjobid").map(|one| one.text.clone());
        all.iter().find_map(|one| Self::of(one, name.clone()))
    }

    /// Of the element that says it.
    pub fn of(response: &Element, name: Option<String>) -> Option<Self> {
        if response.name != "response" {
            return None;
        }
        let is_done = matches!(response.attribute("success")?, "true" | "1");
        let code = response.attribute("code").unwrap_or_default().to_owned();
        let status = response.attribute("status").and_then(|status| status.parse().ok());
        Some(Self { is_done, code, status: status.unwrap_or_default(), name })
    }

    /// How the printer is.
    pub fn status(&self) -> Status {
        let has = |bits: u32| self.status & bits != 0;
        let trouble = match self.code.as_str() {
            "EPTR_REC_EMPTY" => Some(Trouble::NoPaper),
            "EPTR_COVER_OPEN" => Some(Trouble::CoverOpen),
            "EPTR_AUTOMATICAL" | "EPTR_CUTTER" | "EPTR_MECHANICAL" | "EPTR_UNRECOVERABLE" => {
                Some(Trouble::Broken)
            }
            _ if has(PAPER_OUT) => Some(Trouble::NoPaper),
            _ if has(COVER_OPEN) => Some(Trouble::CoverOpen),
            _ if has(BROKEN) => Some(Trouble::Broken),
            _ if has(OFF_LINE) => Some(Trouble::Offline),
            _ => None,
        };
        Status { trouble, is_paper_low: has(PAPER_LOW) }
    }

    /// How the printing of a page ended.
    pub fn end(&self) -> End {
        match (self.code.as_str(), self.status().trouble) {
            _ if self.is_done => End::Printed,
            // Its queue is full, or the document never came to a printer.
            ("TooManyRequests" | "EX_SPOOLER", _) => End::NotSent(Trouble::Offline),
            ("DeviceNotFound" | "SchemaError" | "EX_BADPORT", _) => {
                End::NotSent(Trouble::NotAPrinter)
            }
            (_, Some(trouble)) => End::Unsure(Doubt::Is(trouble)),
            _ => End::Unsure(Doubt::NotConfirmed),
        }
    }

    /// Of an answer to a question by name: whether that document is on paper. A printer that knows no
    /// names answers for itself alone, and is not believed.
    pub fn has_printed(&self, name: &str) -> bool {
        self.is_done && self.status & PRINTED != 0 && self.name.as_deref() == Some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(attributes: &str, name: &str) -> Answer {
        let body = format!(
            r#"<s:E xmlns:s="s"><s:H><parameter>{name}</parameter></s:H><s:B><response {attributes}/></s:B></s:E>"#
        );
        Answer::read(body.as_bytes()).unwrap()
    }

    #[test]
    fn what_an_answer_means() {
        use Trouble::{Broken, CoverOpen, NoPaper, NotAPrinter, Offline};
        let table = [
            (r#"success="true" code="" status="251658262""#, End::Printed),
            (r#"success="1" code="" status="2""#, End::Printed),
            (
                r#"success="false" code="EPTR_REC_EMPTY" status="0""#,
                End::Unsure(Doubt::Is(NoPaper)),
            ),
            (r#"success="false" code="EX_TIMEOUT" status="40""#, End::Unsure(Doubt::Is(CoverOpen))),
            (r#"success="false" code="" status="2056""#, End::Unsure(Doubt::Is(Broken))),
            (r#"success="false" code="EX_TIMEOUT" status="0""#, End::Unsure(Doubt::NotConfirmed)),
            (r#"success="false" code="TooManyRequests" status="1""#, End::NotSent(Offline)),
            (r#"success="false" code="DeviceNotFound" status="1""#, End::NotSent(NotAPrinter)),
        ];
        for (attributes, end) in table {
            assert_eq!(answer(attributes, "").end(), end, "{attributes}");
        }
        let low = answer(r#"success="true" code="" status="131074""#, "").status();
        assert_eq!((low.trouble, low.is_paper_low), (None, true));
    }

    #[test]
    fn only_who_knows_the_name_is_believed() {
        let done = r#"success="true" code="" status="2""#;
        assert!(answer(done, "<printjobid>7-a</printjobid>").has_printed("7-a"));
        assert!(!answer(done, "<printjobid>7-a</printjobid>").has_printed("7-b"));
        assert!(!answer(done, "").has_printed("7-a"));
        let waits = r#"success="true" code="" status="0""#;
        assert!(!answer(waits, "<printjobid>7-a</printjobid>").has_printed("7-a"));
        assert_eq!(Answer::read(b"<html><body>Login</body></html>"), None);
    }
}
