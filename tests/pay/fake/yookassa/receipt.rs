//! The receipt of 54-ФЗ inside a payment or refund, as for "Чеки от ЮKassa".

use serde_json::Value;

use super::checks::{Checked, amount, demand, known, wrong};

/// "Чеки от ЮKassa" take so many lines; a till of one's own behind ЮKassa takes 100.
const LINES: usize = 80;
const SUBJECTS: &[&str] = &[
    "commodity",
    "excise",
    "job",
    "service",
    "gambling_bet",
    "gambling_prize",
    "lottery",
    "lottery_prize",
    "intellectual_activity",
    "payment",
    "agent_commission",
    "composite",
    "another",
];
const MODES: &[&str] = &[
    "full_prepayment",
    "partial_prepayment",
    "advance",
    "full_payment",
    "partial_payment",
    "credit",
    "credit_payment",
];
const MEASURES: &[&str] = &[
    "piece",
    "gram",
    "kilogram",
    "ton",
    "centimeter",
    "decimeter",
    "meter",
    "square_centimeter",
    "square_decimeter",
    "square_meter",
    "milliliter",
    "liter",
    "cubic_meter",
    "kilowatt_hour",
    "gigacalorie",
    "day",
    "hour",
    "minute",
    "second",
    "kilobyte",
    "megabyte",
    "gigabyte",
    "terabyte",
    "another",
];
const OF_A_RECEIPT: &[&str] = &[
    "customer",
    "items",
    "internet",
    "timezone",
    "tax_system_code",
    "phone",
    "email",
    "receipt_industry_details",
    "receipt_operational_details",
];
const OF_A_LINE: &[&str] = &[
    "description",
    "quantity",
    "amount",
    "vat_code",
    "payment_subject",
    "payment_mode",
    "measure",
    "country_of_origin_code",
    "customs_declaration_number",
    "excise",
    "product_code",
    "mark_code_info",
    "mark_mode",
    "mark_quantity",
    "payment_subject_industry_details",
    "supplier",
    "agent_type",
];

/// Whether there is one; its lines must sum to the payment or refund.
pub fn check(asked: &Value, sum: i64, is_wanted: bool) -> Checked<bool> {
    let Some(receipt) = asked.get("receipt") else {
        demand(!is_wanted, "receipt", "Receipt is missing or illegal")?;
        return Ok(false);
    };
    known(receipt, OF_A_RECEIPT, "receipt")?;
    customer(&receipt["customer"])?;
    let system = &receipt["tax_system_code"];
    let is_system = system.is_null() || system.as_i64().is_some_and(|code| (1..=6).contains(&code));
    demand(is_system, "receipt.tax_system_code", "A number from 1 to 6")?;
    let lines = receipt["items"].as_array().map_or(&[][..], Vec::as_slice);
    demand((1..=LINES).contains(&lines.len()), "receipt.items", "From 1 to 80 lines")?;
    let mut total = 0;
    for line in lines {
        total += of_line(line)?;
    }
    demand(total == sum, "receipt.items", "Price by quantity of all lines is the amount")?;
    Ok(true)
}

/// Where the receipt goes.
fn customer(asked: &Value) -> Checked<()> {
    known(asked, &["full_name", "inn", "email", "phone"], "receipt.customer")?;
    let is_email = |text: &str| text.split_once('@').is_some_and(|(_, at)| at.contains('.'));
    // ITU-T E.164 without its plus: 79000000000.
    let is_phone = |text: &str| {
        (11..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let email = asked["email"].as_str();
    let phone = asked["phone"].as_str();
    let holds = email.is_some() || phone.is_some();
    demand(holds, "receipt.customer", "An e-mail or a phone to send the receipt to")?;
    demand(email.is_none_or(is_email), "receipt.customer.email", "It is no e-mail address")?;
    demand(phone.is_none_or(is_phone), "receipt.customer.phone", "Digits only: 79000000000")
}

/// Its price by its quantity, in kopecks.
fn of_line(line: &Value) -> Checked<i64> {
    known(line, OF_A_LINE, "receipt.items")?;
    let name = line["description"].as_str().unwrap_or_default();
    let is_name = (1..=128).contains(&name.chars().count());
    demand(is_name, "receipt.items.description", "A string of 1 to 128 characters")?;
    let vat = line["vat_code"].as_i64().unwrap_or_default();
    demand((1..=12).contains(&vat), "receipt.items.vat_code", "A number from 1 to 12")?;
    for (field, words) in
        [("payment_subject", SUBJECTS), ("payment_mode", MODES), ("measure", MEASURES)]
    {
        let is_word = line[field].as_str().is_some_and(|word| words.contains(&word));
        demand(is_word, &format!("receipt.items.{field}"), "A word of the list")?;
    }
    let price = amount(&line["amount"], "receipt.items.amount")?;
    let thousandths = quantity(&line["quantity"])?;
    let exact = i128::from(price) * i128::from(thousandths);
    let rounded = (exact + 500) / 1000;
    i64::try_from(rounded).or_else(|_| wrong("receipt.items.quantity", "It is too much"))
}

/// `2`, `"2.00"`, `"0.350"`: a decimal with a point and up to three digits behind it, in thousandths.
fn quantity(asked: &Value) -> Checked<i64> {
    let text = match asked {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    };
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_decimal = are_digits(whole) && are_digits(part) && part.len() <= 3;
    let thousandths = format!("{whole}{part:0<3}").parse::<i64>().unwrap_or_default();
    if is_decimal && !whole.is_empty() && thousandths > 0 {
        Ok(thousandths)
    } else {
        wrong(
            "receipt.items.quantity",
            "A decimal above 0 with up to three digits behind its point",
        )
    }
}
