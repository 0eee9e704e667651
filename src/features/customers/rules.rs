//! How a guest is found in whatever way their name or number is typed, what of them is shown, and what two
//! that are one come to.

use crate::core::error::{Error, Result};
use crate::core::kernel::search::{digits, fold, phone_key};

/// From so many letters on a name is looked for.
const LETTERS: usize = 3;
/// From so many digits on a telephone is looked for.
const DIGITS: usize = 4;
/// So many digits of a telephone are shown to who needs to tell people apart, and no more.
const SHOWN: usize = 4;
/// So many words of a name are kept to find it by.
const WORDS: usize = 8;
/// The longest fact of two that are joined, in characters.
const LONGEST_FACT: usize = 500;

/// The words by which a name is found, each once.
pub fn name_words(name: &str) -> Vec<String> {
    let folded = fold(name);
    let mut words: Vec<String> = Vec::new();
    for word in folded.split(|letter: char| !letter.is_alphanumeric()) {
        if !word.is_empty() && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words.truncate(WORDS);
    words
}

/// What somebody looks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A telephone that ends so, the last digit first.
    Phone(String),
    /// A name with words that begin so, the longest first.
    Name(Vec<String>),
}

/// Reads what somebody looks for.
///
/// # Errors
/// 422 when there are too few letters or digits to tell people apart.
pub fn wanted(text: &str) -> Result<Wanted> {
    let is_phone = !text.chars().any(char::is_alphabetic);
    if is_phone {
        let key = phone_key(text).filter(|key| key.len() >= DIGITS);
        let too_few = || Error::invalid("text", "must have at least 4 digits of the telephone");
        return key.map(Wanted::Phone).ok_or_else(too_few);
    }
    let mut words = name_words(text);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    match words.first() {
        Some(word) if word.chars().count() >= LETTERS => Ok(Wanted::Name(words)),
        _ => Err(Error::invalid("text", "must have at least 3 letters of a name")),
    }
}

/// Whether a name has words that begin with all of these.
pub fn fits(name: &str, wanted: &[String]) -> bool {
    let words = name_words(name);
    wanted.iter().all(|begins| words.iter().any(|word| word.starts_with(begins.as_str())))
}

/// Whether it looks like an e-mail address; which there are, only a letter tells.
///
/// # Errors
/// 422 when it does not.
pub fn check_email(email: &str) -> Result<()> {
    let is_one = email.split_once('@').is_some_and(|(who, place)| {
        !who.is_empty() && place.contains('.') && !email.contains(char::is_whitespace)
    });
    if email.is_empty() || is_one {
        return Ok(());
    }
    Err(Error::invalid("email", "must look like name@example.com"))
}

/// A telephone of which only the end is shown.
pub fn masked_phone(phone: &str) -> String {
    let digits = digits(phone);
    let hidden = digits.len().saturating_sub(SHOWN);
    format!("•••{}", &digits[hidden..])
}

/// What is known of two that are one: both, once.
pub fn together(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) if one.contains(&other) => Some(one),
        (Some(one), Some(other)) => {
            Some(format!("{one}\n{other}").chars().take(LONGEST_FACT).collect())
        }
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_is_found_in_whatever_way_it_is_typed() {
        let key = phone_key("+7 (912) 345-67-89");
        for typed in ["89123456789", "8 912 345 67 89", "9123456789", "+7-912-345-67-89"] {
            assert_eq!(phone_key(typed), key, "{typed}");
            assert_eq!(wanted(typed).unwrap(), Wanted::Phone(key.clone().unwrap()));
        }
        assert_eq!(phone_key("+49 171 1234567"), phone_key("0171 1234567"));
        assert_ne!(phone_key("+7 912 345-67-88"), key);
        let Wanted::Phone(end) = wanted("67-89").unwrap() else { panic!("it is a telephone") };
        assert!(key.unwrap().starts_with(&end));
        assert_eq!(phone_key("none"), None);
    }

    #[test]
    fn a_name_is_found_by_how_its_words_begin() {
        for (name, text, is_found) in [
            ("Анна Петрова", "петр", true),
            ("Анна Петрова", "АННА ПЕТ", true),
            ("Анна Петрова", "пет анн", true),
            ("Семён Королёв", "королев", true),
            ("Jean-Luc Picard", "luc pic", true),
            ("Анна Петрова", "трова", false),
            ("Анна Петрова", "анна ив", false),
        ] {
            let Wanted::Name(words) = wanted(text).unwrap() else { panic!("{text} is a name") };
            assert_eq!(fits(name, &words), is_found, "{text} in {name}");
        }
        let Wanted::Name(words) = wanted("Ян Ковальский").unwrap() else {
            panic!("a name")
        };
        assert_eq!(words[0], "ковальский", "by the longest word, which fits fewest");
    }

    #[test]
    fn too_little_finds_nobody() {
        for text in ["ан", "а б", "123", "+7 9", "---"] {
            assert_eq!(wanted(text).unwrap_err().status(), 422, "{text}");
        }
    }

    #[test]
    fn of_a_masked_telephone_the_end_is_left() {
        assert_eq!(masked_phone("+7 (912) 345-67-89"), "•••6789");
        assert_eq!(masked_phone("12"), "•••12");
        assert_eq!(masked_phone("call Anna"), "•••");
    }

    #[test]
    fn an_address_has_a_name_and_a_place() {
        for good in ["", "anna@example.com", "a.b+c@почта.рф"] {
            assert!(check_email(good).is_ok(), "{good}");
        }
        for wrong in ["anna", "@example.com", "anna@example", "anna petrova@example.com"] {
            assert_eq!(check_email(wrong).unwrap_err().status(), 422, "{wrong}");
        }
    }

    #[test]
    fn two_that_are_one_know_both_once() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(together(some("nuts"), some("milk")), some("nuts\nmilk"));
        assert_eq!(together(some("nuts, milk"), some("milk")), some("nuts, milk"));
        assert_eq!(together(None, some("milk")), some("milk"));
        assert_eq!(together(some("nuts"), None), some("nuts"));
        let long = "ё".repeat(400);
        let both = together(some(&long), some(&"x".repeat(400))).unwrap();
        assert_eq!(both.chars().count(), 500);
    }
}
