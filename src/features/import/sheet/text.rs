//! The text of a file, whatever it was written in: UTF-8, UTF-16, or a code page of old.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// How much of a file is looked at for UTF-16 without a mark.
const LOOKED_AT: usize = 4096;

/// Reads the bytes in the encoding that their mark names, else in the one they look like.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let encoding = utf16_of(bytes).unwrap_or_else(|| code_page_of(bytes));
    encoding.decode_without_bom_handling(bytes).0
}

/// The separators of a sheet have an empty byte in UTF-16: behind them or before.
fn utf16_of(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(LOOKED_AT)];
    let empty =
        |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    match (empty(0), empty(1)) {
        (0, 0) => None,
        (before, behind) if before > behind => Some(UTF_16BE),
        _ => Some(UTF_16LE),
    }
}

fn code_page_of(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MENU: &str = "Раздел;Блюдо;Цена;Цех\r\nСупы;Борщ с говядиной;250,50;горячий\r\n";

    #[test]
    fn a_sheet_is_read_in_the_encoding_it_has() {
        let utf16 = |to_bytes: fn(u16) -> [u8; 2], mark: &[u8]| {
            mark.iter().copied().chain(MENU.encode_utf16().flat_map(to_bytes)).collect::<Vec<u8>>()
        };
        for (name, bytes) in [
            ("UTF-8", MENU.as_bytes().to_vec()),
            ("UTF-8 with a mark", format!("\u{feff}{MENU}").into_bytes()),
            ("UTF-16 LE", utf16(u16::to_le_bytes, b"\xFF\xFE")),
            ("UTF-16 BE", utf16(u16::to_be_bytes, b"\xFE\xFF")),
            ("UTF-16 LE without a mark", utf16(u16::to_le_bytes, b"")),
            ("UTF-16 BE without a mark", utf16(u16::to_be_bytes, b"")),
            ("Windows-1251", encoding_rs::WINDOWS_1251.encode(MENU).0.into_owned()),
            ("IBM 866", encoding_rs::IBM866.encode(MENU).0.into_owned()),
        ] {
            assert_eq!(decoded(&bytes), MENU, "{name}");
        }
        let western = "category,dish,price\nDesserts,Crème brûlée,9.50\n";
        assert_eq!(decoded(&encoding_rs::WINDOWS_1252.encode(western).0), western);
    }
}
