//! Which character a byte above 127 is.

use encoding_rs::{Encoding, GBK, IBM866, WINDOWS_1251, WINDOWS_1252};

/// A code page that a printer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePage {
    Pc437,
    Pc850,
    Pc858,
    Pc866,
    Wpc1251,
    Wpc1252,
}

/// The numbers by which a maker's printers know code pages.
pub type Table = &'static [(u8, CodePage)];

pub const EPSON: Table = &[
    (0, CodePage::Pc437),
    (2, CodePage::Pc850),
    (16, CodePage::Wpc1252),
    (17, CodePage::Pc866),
    (19, CodePage::Pc858),
    (46, CodePage::Wpc1251),
];
pub const RONGTA: Table = &[(0, CodePage::Pc437), (6, CodePage::Wpc1251), (7, CodePage::Pc866)];
pub const NETUM: Table = &[(0, CodePage::Pc437), (59, CodePage::Pc866), (73, CodePage::Wpc1251)];
pub const STAR: Table = &[(0, CodePage::Pc437), (10, CodePage::Pc866), (34, CodePage::Wpc1251)];

const HIGH_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
                        └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const HIGH_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
                        └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

impl CodePage {
    /// None where the page has no character there.
    pub fn char(self, byte: u8) -> Option<char> {
        let Some(high) = byte.checked_sub(0x80) else { return Some(char::from(byte)) };
        let from = |page: &str| page.chars().nth(usize::from(high));
        match self {
            Self::Pc437 => from(HIGH_437),
            Self::Pc858 if byte == 0xd5 => Some('€'),
            Self::Pc850 | Self::Pc858 => from(HIGH_850),
            Self::Pc866 => single(IBM866, byte),
            Self::Wpc1251 => single(WINDOWS_1251, byte),
            Self::Wpc1252 => single(WINDOWS_1252, byte),
        }
    }
}

fn single(encoding: &'static Encoding, byte: u8) -> Option<char> {
    let bytes = [byte];
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes)?;
    text.chars().next().filter(|char| !char.is_control())
}

/// What a printer that begins in Chinese makes of a text.
pub fn chinese(bytes: &[u8]) -> String {
    GBK.decode_without_bom_handling(bytes).0.into_owned()
}
