//! Which character a byte above 127 is: the tables that makers print in their manuals, as Microsoft
//! publishes them at unicode.org; NUL where there is none.

use encoding_rs::GBK;

/// A code page that a printer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePage {
    Pc437,
    Pc850,
    Pc858,
    Pc866,
    Wpc1250,
    Wpc1251,
    Wpc1252,
    Wpc1253,
    Wpc1254,
}

/// The numbers by which a maker's printers know code pages.
pub type Table = &'static [(u8, CodePage)];

pub const EPSON: Table = &[
    (0, CodePage::Pc437),
    (2, CodePage::Pc850),
    (16, CodePage::Wpc1252),
    (17, CodePage::Pc866),
    (19, CodePage::Pc858),
    (45, CodePage::Wpc1250),
    (46, CodePage::Wpc1251),
    (47, CodePage::Wpc1253),
    (48, CodePage::Wpc1254),
];
pub const RONGTA: Table = &[(0, CodePage::Pc437), (6, CodePage::Wpc1251), (7, CodePage::Pc866)];
pub const NETUM: Table = &[(0, CodePage::Pc437), (59, CodePage::Pc866), (73, CodePage::Wpc1251)];
pub const STAR: Table = &[(0, CodePage::Pc437), (10, CodePage::Pc866), (34, CodePage::Wpc1251)];

const HIGH_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
                        └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const HIGH_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
                        └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
const HIGH_866: &str = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
                        └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{a0}";
const HIGH_1250: &str = "€\0‚\0„…†‡\0‰Š‹ŚŤŽŹ\0‘’“”•–—\0™š›śťžź\u{a0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{ad}®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż\
                         ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";
const HIGH_1251: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\0™љ›њќћџ\u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї\
                         АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя";
const HIGH_1252: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
                         ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
const HIGH_1253: &str = "€\0‚ƒ„…†‡\0‰\0‹\0\0\0\0\0‘’“”•–—\0™\0›\0\0\0\0\u{a0}΅Ά£¤¥¦§¨©\0«¬\u{ad}®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏ\
                         ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\0ΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\0";
const HIGH_1254: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0\0\0\0‘’“”•–—˜™š›œ\0\0Ÿ\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
                         ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ";

impl CodePage {
    /// None where the page has no character there.
    pub fn char(self, byte: u8) -> Option<char> {
        let Some(high) = byte.checked_sub(0x80) else { return Some(char::from(byte)) };
        let page = match self {
            Self::Pc858 if byte == 0xd5 => return Some('€'),
            Self::Pc437 => HIGH_437,
            Self::Pc850 | Self::Pc858 => HIGH_850,
            Self::Pc866 => HIGH_866,
            Self::Wpc1250 => HIGH_1250,
            Self::Wpc1251 => HIGH_1251,
            Self::Wpc1252 => HIGH_1252,
            Self::Wpc1253 => HIGH_1253,
            Self::Wpc1254 => HIGH_1254,
        };
        page.chars().nth(usize::from(high)).filter(|char| *char != '\0')
    }
}

/// What a printer that begins in Chinese makes of a text.
pub fn chinese(bytes: &[u8]) -> String {
    GBK.decode_without_bom_handling(bytes).0.into_owned()
}
