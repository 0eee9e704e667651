//! What a pairing code looks like. Pure.

/// No letter or digit that is taken for another one when it is read aloud or typed.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A code of 40 random bits, in two halves: `7KQM-2XHD`.
pub fn code_of(random: [u8; 8]) -> String {
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    let (first, second) = random.split_at(4);
    let half = |bytes: &[u8]| bytes.iter().map(letter).collect::<String>();
    format!("{}-{}", half(first), half(second))
}

/// A code as somebody typed it, in the form in which codes are compared.
pub fn tidy(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = code_of([0, 1, 31, 32, 255, 7, 8, 9]);
        assert_eq!(code, "AB9A-9HJK");
        assert_eq!(tidy(" ab9a 9hjk "), tidy(&code));
        assert_ne!(tidy("ab9a 9hj"), tidy(&code));
    }

    #[test]
    fn every_letter_can_be_drawn_and_none_twice() {
        let mut letters = ALPHABET.to_vec();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), 32);
    }
}
