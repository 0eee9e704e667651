//! The words that tasks are written in, with the numbers that stand in the fiscal document. Pure.

use serde::Deserialize;

/// A value that a task may name by its word or by its number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Word {
    Number(i64),
    Text(String),
}

impl Word {
    /// The entry of a list that this names.
    pub(super) fn of(&self, list: &[(&'static str, i64)]) -> Option<(&'static str, i64)> {
        list.iter().copied().find(|(word, number)| match self {
            Self::Number(given) => given == number,
            Self::Text(given) => given == word || *given == number.to_string(),
        })
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Tag 1055; since 2021 without the tax on imputed income (8).
pub(super) const TAXATION: [(&str, i64); 5] =
    [("osn", 1), ("usnIncome", 2), ("usnIncomeOutcome", 4), ("esn", 16), ("patent", 32)];

/// Tag 1214.
pub(super) const METHODS: [(&str, i64); 7] = [
    ("fullPrepayment", 1),
    ("prepayment", 2),
    ("advance", 3),
    ("fullPayment", 4),
    ("partialPayment", 5),
    ("credit", 6),
    ("creditPayment", 7),
];

/// Tag 1212.
pub(super) const OBJECTS: [(&str, i64); 30] = [
    ("commodity", 1),
    ("excise", 2),
    ("job", 3),
    ("service", 4),
    ("gamblingBet", 5),
    ("gamblingPrize", 6),
    ("lottery", 7),
    ("lotteryPrize", 8),
    ("intellectualActivity", 9),
    ("payment", 10),
    ("agentCommission", 11),
    ("composite", 12),
    ("another", 13),
    ("proprietaryLaw", 14),
    ("nonOperatingIncome", 15),
    ("insuranceContributions", 16),
    ("merchantTax", 17),
    ("resortFee", 18),
    ("deposit", 19),
    ("consumption", 20),
    ("soleProprietorCPIContributions", 21),
    ("cpiContributions", 22),
    ("soleProprietorCMIContributions", 23),
    ("cmiContributions", 24),
    ("csiContributions", 25),
    ("casinoPayment", 26),
    ("exciseWithoutMarking", 30),
    ("exciseWithMarking", 31),
    ("commodityWithoutMarking", 32),
    ("commodityWithMarking", 33),
];

/// Tag 2108 of FFD 1.2.
pub(super) const UNITS: [(&str, i64); 24] = [
    ("piece", 0),
    ("gram", 10),
    ("kilogram", 11),
    ("ton", 12),
    ("centimeter", 20),
    ("decimeter", 21),
    ("meter", 22),
    ("squareCentimeter", 30),
    ("squareDecimeter", 31),
    ("squareMeter", 32),
    ("milliliter", 40),
    ("liter", 41),
    ("cubicMeter", 42),
    ("kilowattHour", 50),
    ("gkal", 51),
    ("day", 70),
    ("hour", 71),
    ("minute", 72),
    ("second", 73),
    ("kilobyte", 80),
    ("megabyte", 81),
    ("gigabyte", 82),
    ("terabyte", 83),
    ("otherUnits", 255),
];

/// The ways to pay, in the order of their sums: tags 1031, 1081, 1215, 1216, 1217.
pub(super) const PAYMENTS: [(&str, i64); 5] =
    [("cash", 0), ("electronically", 1), ("prepaid", 2), ("credit", 3), ("other", 4)];

/// The tags of the sums by way to pay.
pub(super) const PAYMENT_TAGS: [&str; 5] = ["1031", "1081", "1215", "1216", "1217"];

/// What they are called on paper.
pub(super) const PAYMENT_NAMES: [&str; 5] = [
    "НАЛИЧНЫМИ",
    "БЕЗНАЛИЧНЫМИ",
    "ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)",
    "ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)",
    "ИНАЯ ФОРМА ОПЛАТЫ",
];

/// What a marked thing becomes by the receipt: tag 2003.
pub(super) const MARK_STATUSES: [(&str, i64); 5] = [
    ("itemPieceSold", 1),
    ("itemDryForSale", 2),
    ("itemPieceReturn", 3),
    ("itemDryReturn", 4),
    ("itemStatusUnchanged", 255),
];

/// Kinds of marking codes.
pub(super) const MARK_TYPES: [(&str, i64); 7] = [
    ("auto", 256),
    ("imcUnrecognized", 0),
    ("imcShort", 1),
    ("imcFmVerifyCode88", 2),
    ("imcVerifyCode44", 3),
    ("imcFmVerifyCode44", 4),
    ("imcVerifyCode4", 5),
];

/// A rate of VAT.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tax {
    /// As tasks name it.
    pub word: &'static str,
    /// Tag 1199.
    pub number: i64,
    /// As it stands on paper.
    pub name: &'static str,
    /// Its part of the price with the tax in it: so many of so many.
    part: (i64, i64),
}

const fn tax(word: &'static str, number: i64, name: &'static str, part: (i64, i64)) -> Tax {
    Tax { word, number, name, part }
}

/// The rates up to those of 2026.
pub(super) const TAXES: [Tax; 12] = [
    tax("vat20", 1, "НДС 20%", (20, 120)),
    tax("vat10", 2, "НДС 10%", (10, 110)),
    tax("vat120", 3, "НДС 20/120", (20, 120)),
    tax("vat110", 4, "НДС 10/110", (10, 110)),
    tax("vat0", 5, "НДС 0%", (0, 1)),
    tax("none", 6, "БЕЗ НДС", (0, 1)),
    tax("vat5", 7, "НДС 5%", (5, 105)),
    tax("vat7", 8, "НДС 7%", (7, 107)),
    tax("vat105", 9, "НДС 5/105", (5, 105)),
    tax("vat107", 10, "НДС 7/107", (7, 107)),
    tax("vat22", 11, "НДС 22%", (22, 122)),
    tax("vat122", 12, "НДС 22/122", (22, 122)),
];

impl Tax {
    /// The tax in an amount, half a kopeck up.
    pub(super) fn of(&self, kopecks: i64) -> i64 {
        let (part, of) = (i128::from(self.part.0), i128::from(self.part.1));
        let exact = i128::from(kopecks) * part;
        i64::try_from((2 * exact + of).div_euclid(2 * of)).unwrap_or(i64::MAX)
    }

    pub(super) fn named(word: &str) -> Option<&'static Self> {
        TAXES.iter().find(|tax| tax.word == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taxes_are_taken_out_of_the_price() {
        for (word, amount, sum) in [
            ("vat22", 12_200, 2_200),
            ("vat20", 10_000, 1_667),
            ("vat10", 11_000, 1_000),
            ("vat5", 10_500, 500),
            ("vat107", 10_700, 700),
            ("none", 10_000, 0),
        ] {
            assert_eq!(Tax::named(word).map(|tax| tax.of(amount)), Some(sum), "{word}");
        }
    }
}
