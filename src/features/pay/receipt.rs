//! A fiscal receipt as ЮKassa takes it: <https://yookassa.ru/developers/payment-acceptance/receipts/54fz/yoomoney/parameters-values>.
//! Pure.

use serde_json::{Value, json};

use crate::core::kernel::{Measure, TaxRate};
use crate::features::fiscal::{Receipt, ReceiptLine, Taxation};

/// The longest name of a position, in characters.
const LONGEST_NAME: usize = 128;
/// Codes of rates, in hundredths of a percent.
const RATES: [(i64, u8); 6] = [(0, 2), (500, 7), (700, 8), (1000, 3), (2000, 4), (2200, 11)];
/// The code of what is not taxed.
const NO_TAX: u8 = 1;

/// What is printed: Σ items is the payment. It goes to the address that the guest named, or to the house's.
pub fn receipt(sold: &Receipt, currency: &str, (taxation, house): (Taxation, &str)) -> Value {
    let to = sold.to.as_deref().filter(|to| !to.is_empty()).unwrap_or(house);
    let customer = if to.contains('@') {
        json!({"email": to})
    } else {
        json!({"phone": to.trim_start_matches('+')})
    };
    let items: Vec<Value> = sold.lines.iter().map(|line| item(line, currency)).collect();
    json!({"customer": customer, "tax_system_code": system(taxation), "items": items})
}

fn item(line: &ReceiptLine, currency: &str) -> Value {
    json!({
        "description": line.name.chars().take(LONGEST_NAME).collect::<String>(),
        "quantity": line.quantity.to_string(),
        "amount": {"value": line.price.to_string(), "currency": currency},
        "vat_code": code(line.rate),
        "payment_subject": if line.is_service { "service" } else { "commodity" },
        "payment_mode": "full_payment",
        "measure": measure(line.unit),
    })
}

fn code(rate: Option<TaxRate>) -> u8 {
    let Some(rate) = rate else { return NO_TAX };
    RATES.iter().find(|(known, _)| *known == rate.hundredths()).map_or(NO_TAX, |(_, code)| *code)
}

/// Whether a rate has a code there.
pub fn is_known(rate: Option<TaxRate>) -> bool {
    rate.is_none_or(|rate| RATES.iter().any(|(known, _)| *known == rate.hundredths()))
}

fn measure(unit: Option<Measure>) -> &'static str {
    match unit {
        None => "piece",
        Some(Measure::Kg) => "kilogram",
        Some(Measure::L) => "liter",
    }
}

fn system(taxation: Taxation) -> u8 {
    match taxation {
        Taxation::Osn => 1,
        Taxation::UsnIncome => 2,
        Taxation::UsnIncomeOutcome => 3,
        Taxation::Esn => 5,
        Taxation::Patent => 6,
    }
}
