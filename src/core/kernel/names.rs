//! Short names as people compare them: `A2` stands before `A10`, and a Cyrillic `А1` is the same as a
//! Latin one.

/// Letters of two alphabets that look alike in capitals, the Cyrillic one first.
const ALIKE: [(char, char); 15] = [
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('І', 'I'),
    ('Ѕ', 'S'),
    ('Ј', 'J'),
];

/// What two names have in common that nobody can tell apart by looking: capitals and small letters
/// are alike, and so are letters of the two alphabets on a waiter's keyboard.
pub fn looks(name: &str) -> String {
    let capitals = name.chars().flat_map(char::to_uppercase);
    let plain = capitals.map(|letter| if letter == 'Ё' { 'Е' } else { letter });
    plain
        .map(|letter| {
            ALIKE.iter().find(|(cyrillic, _)| *cyrillic == letter).map_or(letter, |a| a.1)
        })
        .collect()
}

/// Numbers of more digits stand together.
const LONGEST: u8 = 70;

/// Sorts names naturally when it is compared byte by byte: a number in a name counts as a number.
pub fn natural(name: &str) -> String {
    let mut key = String::with_capacity(name.len() + 4);
    let small: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    let runs = small.chunk_by(|a, b| a.is_ascii_digit() && b.is_ascii_digit());
    for run in runs {
        if run[0].is_ascii_digit() {
            // Of two numbers without leading zeros the longer one is the larger.
            let zeros = run.iter().take_while(|digit| **digit == '0').count();
            let digits = &run[zeros.min(run.len() - 1)..];
            let length = u8::try_from(digits.len()).unwrap_or(u8::MAX).min(LONGEST);
            key.push(char::from(b'0' + length));
            key.extend(digits);
        } else {
            key.extend(run);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = vec!["VIP", "A10", "10", "a2", "Терраса 12", "2", "A1", "Терраса 3", "007"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["2", "007", "10", "A1", "a2", "A10", "VIP", "Терраса 3", "Терраса 12"]);
    }

    #[test]
    fn what_nobody_can_tell_apart_is_one_name() {
        for (one, other) in
            [("A1", "а1"), ("vip", "VIP"), ("ТЕРРАСА 3", "терраса 3"), ("ёлка", "Елка")]
        {
            assert_eq!(looks(one), looks(other), "{one} {other}");
        }
        assert_ne!(looks("A1"), looks("A2"));
        assert_ne!(looks("Б1"), looks("B1"));
    }

    proptest! {
        #[test]
        fn plain_numbers_sort_as_numbers(a: u64, b: u64) {
            prop_assert_eq!(natural(&a.to_string()).cmp(&natural(&b.to_string())), a.cmp(&b));
        }
    }
}
