//! Prices as the restaurant writes them: as the browsers' `Intl` does, which writes them anew when
//! the app takes over.

use crate::core::kernel::Money;

const FIXED_SPACE: char = '\u{a0}';

/// `1 450 ₽`, `$12.50`: in the manner of the restaurant's main language. The minor units are
/// written only where there are some.
pub fn price(amount: Money, currency: &str, digits: u8, language: &str) -> String {
    let unit = 10_i64.pow(u32::from(digits));
    let (whole, rest) = (amount.0 / unit, (amount.0 % unit).abs());
    let (group, point) = match language {
        "en" => (',', '.'),
        "de" | "es" | "it" | "tr" => ('.', ','),
        _ => (FIXED_SPACE, ','),
    };
    let mut number = grouped(whole, group);
    if rest != 0 {
        number.push_str(&format!("{point}{rest:0width$}", width = usize::from(digits)));
    }
    match (language, symbol(currency)) {
        ("en", Some(symbol)) => format!("{symbol}{number}"),
        ("en", None) => format!("{currency}{FIXED_SPACE}{number}"),
        (_, symbol) => format!("{number}{FIXED_SPACE}{}", symbol.unwrap_or(currency)),
    }
}

fn grouped(whole: i64, group: char) -> String {
    let digits = whole.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    out
}

fn symbol(currency: &str) -> Option<&'static str> {
    Some(match currency {
        "RUB" => "₽",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "KZT" => "₸",
        "GEL" => "₾",
        "AMD" => "֏",
        "AZN" => "₼",
        "TRY" => "₺",
        "UAH" => "₴",
        "ILS" => "₪",
        "INR" => "₹",
        "JPY" | "CNY" => "¥",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_browsers_write_them() {
        for (minor, currency, digits, language, text) in [
            (65_000, "RUB", 2, "ru", "650\u{a0}₽"),
            (145_000, "RUB", 2, "ru", "1\u{a0}450\u{a0}₽"),
            (145_050, "RUB", 2, "ru", "1\u{a0}450,50\u{a0}₽"),
            (123_456_705, "RUB", 2, "ru", "1\u{a0}234\u{a0}567,05\u{a0}₽"),
            (1200, "JPY", 0, "en", "¥1,200"),
            (1250, "USD", 2, "en", "$12.50"),
            (1250, "CHF", 2, "en", "CHF\u{a0}12.50"),
            (1_250_500, "KWD", 3, "ru", "1\u{a0}250,500\u{a0}KWD"),
            (145_000, "EUR", 2, "de", "1.450\u{a0}€"),
        ] {
            assert_eq!(price(Money(minor), currency, digits, language), text);
        }
    }
}
