//! How a text is found that somebody typed in another way.

/// As many of a telephone number's last digits tell it from others: before them stands the country's
/// code, or 8, or 0, or nothing.
pub const PHONE_TELLS: usize = 9;

/// By what a telephone is found however it is typed: its last digits, the last one first; none where it
/// has no digit.
pub fn phone_key(phone: &str) -> Option<String> {
    let key: String = digits(phone).chars().rev().take(PHONE_TELLS).collect();
    (!key.is_empty()).then_some(key)
}

/// How texts are compared in a search: small letters, and ё as е, as most people type it.
pub fn fold(text: &str) -> String {
    let small = text.trim().chars().flat_map(char::to_lowercase);
    small.map(|letter| if letter == 'ё' { 'е' } else { letter }).collect()
}

/// The digits of a text.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
