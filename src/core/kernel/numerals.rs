//! Numbers as people write them in spreadsheets, with commas, points and spaces of any country.

/// The plain decimal (`1200.5`) that a text means. `decimal` says of how many digits a fraction
/// may be; a separator with another number of digits behind it is never a decimal one. Where no
/// fraction fits at all it can only part thousands; elsewhere such a number is refused.
///
/// # Errors
/// A sentence that says how to write it.
pub fn plain(text: &str, decimal: impl Fn(usize) -> bool) -> Result<String, String> {
    let text = text.trim();
    let (sign, unsigned) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) = parted(unsigned, &decimal)?;
    let whole = without_groups(whole).ok_or_else(|| unclear(text))?;
    if !is_digits(fraction.unwrap_or("0")) {
        return Err(unclear(text));
    }
    Ok(fraction.map_or_else(|| format!("{sign}{whole}"), |part| format!("{sign}{whole}.{part}")))
}

/// What stands before and behind the decimal separator.
fn parted<'a>(
    text: &'a str,
    decimal: &impl Fn(usize) -> bool,
) -> Result<(&'a str, Option<&'a str>), String> {
    let Some(last) = text.rfind(['.', ',']) else { return Ok((text, None)) };
    let (whole, fraction) = (&text[..last], &text[last + 1..]);
    let separator = &text[last..=last];
    let is_repeated = whole.contains(separator);
    if !is_repeated && decimal(fraction.len()) {
        return Ok((whole, Some(fraction)));
    }
    let only_whole = !decimal(1) && !decimal(2);
    let other = if separator == "." { "," } else { "." };
    if (is_repeated || only_whole) && !whole.contains(other) {
        Ok((text, None))
    } else {
        Err(unclear(text))
    }
}

/// The digits of a whole number, which may be parted in threes by one kind of separator.
fn without_groups(text: &str) -> Option<String> {
    let is_mark = |c: char| matches!(c, '.' | ',' | '\'' | '’') || c.is_whitespace();
    let mut marks = text.chars().filter(|c| is_mark(*c)).collect::<Vec<_>>();
    marks.dedup();
    let groups: Vec<&str> = text.split(is_mark).collect();
    let fits = match groups.as_slice() {
        [only] => is_digits(only),
        [first, rest @ ..] => {
            marks.len() == 1
                && (1..=3).contains(&first.len())
                && !first.starts_with('0')
                && is_digits(first)
                && rest.iter().all(|group| group.len() == 3 && is_digits(group))
        }
        [] => false,
    };
    fits.then(|| groups.concat())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unclear(text: &str) -> String {
    let has_digits = text.contains(|c: char| c.is_ascii_digit());
    let why = if has_digits { "can be read in several ways" } else { "is no number" };
    format!("is “{text}”, which {why}; write it like 1200 or 1200.50")
}

/// A number for a spreadsheet: never three digits behind the point, which could be thousands.
pub fn for_sheet(number: f64) -> String {
    let text = format!("{number:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text.split_once('.') {
        Some((_, fraction)) if fraction.len() == 3 => format!("{text}0"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// F2: more digits behind a separator than the currency has are never decimals.
    #[test]
    fn thousands_are_never_thousandths() {
        for (text, digits, plainly) in [
            ("650", 2, "650"),
            ("650,5", 2, "650.5"),
            ("1 200", 2, "1200"),
            ("1\u{a0}200,50", 2, "1200.50"),
            ("1’200.50", 2, "1200.50"),
            ("1,200.50", 2, "1200.50"),
            ("1.200,50", 2, "1200.50"),
            ("1,200,000", 2, "1200000"),
            ("1.200.000,5", 2, "1200000.5"),
            ("1,000", 0, "1000"),
            ("50.000", 0, "50000"),
            ("1,234", 3, "1.234"),
            ("-3.07", 2, "-3.07"),
        ] {
            assert_eq!(plain(text, |n| n > 0 && n <= digits).as_deref(), Ok(plainly), "{text}");
        }
        for (text, digits) in [
            ("1,200", 2),
            ("1.200", 2),
            ("12.500", 2),
            ("1,2000", 2),
            ("1.", 2),
            (".5", 2),
            ("1,5", 0),
            ("0.500", 0),
            ("12 00", 2),
            ("1,200 000", 2),
            ("1,200.500", 2),
            ("1.200.00", 2),
            ("1,20.000,5", 2),
            ("", 2),
            ("ten", 2),
        ] {
            assert!(plain(text, |n| n > 0 && n <= digits).is_err(), "{text}");
        }
    }

    #[test]
    fn a_word_is_no_number_and_an_unclear_number_says_so() {
        let said = |text| plain(text, |n| n > 0 && n <= 2).unwrap_err();
        assert!(said("ten").contains("“ten”, which is no number"), "{}", said("ten"));
        assert!(said("1,200").contains("“1,200”, which can be read in several ways"));
    }

    #[test]
    fn a_number_of_a_sheet_is_read_as_it_was() {
        for (number, text) in [(1200.0, "1200"), (33.333, "33.3330"), (0.1 + 0.2, "0.3")] {
            assert_eq!(for_sheet(number), text);
            assert_eq!(plain(text, |n| n != 0 && n != 3).as_deref(), Ok(text));
        }
    }
}
