//! Tasks of ATOL's server.

use serde::Serialize;

use super::numbers::Decimal;
use crate::core::error::{Error, Result};
use crate::core::kernel::{Measure, Money, TaxRate};
use crate::features::fiscal::body::{Cashier, Correction, Form, Receipt, ReceiptLine};
use crate::features::fiscal::register::{Manner, Task};
use crate::features::fiscal::states::{Basis, DocumentKind, Ffd, Taxation};

/// Rates of 2026, in hundredths of a percent, with the register's words. An owner adds others.
const TAXES: [(i64, &str); 6] =
    [(0, "vat0"), (500, "vat5"), (700, "vat7"), (1000, "vat10"), (2000, "vat20"), (2200, "vat22")];
/// What is not taxed.
const NO_TAX: &str = "none";
/// The longest name of a position, in characters: tag 1030.
const LONGEST_NAME: usize = 128;
/// The longest name of a cashier: tag 1021.
const LONGEST_CASHIER: usize = 64;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireTask<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    operator: Operator<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash_sum: Option<Decimal>,
    #[serde(flatten)]
    corrects: Option<WireCorrection<'a>>,
    #[serde(flatten)]
    receipt: Option<WireReceipt<'a>>,
}

#[derive(Serialize)]
struct WireCorrection<'a> {
    #[serde(rename = "correctionType")]
    basis: &'static str,
    #[serde(rename = "correctionBaseDate")]
    date: String,
    #[serde(rename = "correctionBaseNumber", skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
}

#[derive(Serialize)]
struct Operator<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vatin: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireReceipt<'a> {
    taxation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<Client<'a>>,
    items: Vec<Position<'a>>,
    payments: Vec<Payment>,
    total: Decimal,
    post_items: Vec<Note<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Client<'a> {
    email_or_phone: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Position<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    price: Decimal,
    quantity: Decimal,
    amount: Decimal,
    payment_method: &'static str,
    payment_object: &'static str,
    measurement_unit: Unit,
    tax: Tax<'a>,
}

/// A unit: a number in FFD 1.2, a text in 1.05.
#[derive(Serialize)]
#[serde(untagged)]
enum Unit {
    Number(u8),
    Text(&'static str),
}

#[derive(Serialize)]
struct Tax<'a> {
    #[serde(rename = "type")]
    word: &'a str,
}

#[derive(Serialize)]
struct Payment {
    #[serde(rename = "type")]
    form: &'static str,
    sum: Decimal,
}

#[derive(Serialize)]
struct Note<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    text: &'a str,
    alignment: &'static str,
}

/// A request that lets one document be made under a key.
///
/// # Errors
/// When a rate has no word.
pub fn request(key: &str, task: &Task) -> Result<String> {
    #[derive(Serialize)]
    struct Request<'a> {
        uuid: &'a str,
        request: [WireTask<'a>; 1],
    }
    let receipt = task.body.receipt.as_ref();
    let receipt = receipt.map(|receipt| wire(receipt, &task.manner)).transpose()?;
    let task = WireTask {
        kind: word(task.kind),
        operator: operator(&task.body.cashier),
        cash_sum: task.body.cash.map(Decimal::money),
        corrects: task.body.corrects.as_ref().map(correction),
        receipt,
    };
    serde_json::to_string(&Request { uuid: key, request: [task] }).map_err(Error::internal)
}

/// What a kind of document is called.
pub fn word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Sell => "sell",
        DocumentKind::SellReturn => "sellReturn",
        DocumentKind::SellCorrection => "sellCorrection",
        DocumentKind::CashIn => "cashIn",
        DocumentKind::CashOut => "cashOut",
        DocumentKind::OpenShift => "openShift",
        DocumentKind::CloseShift => "closeShift",
        DocumentKind::XReport => "reportX",
    }
}

fn correction(corrects: &Correction) -> WireCorrection<'_> {
    WireCorrection {
        basis: match corrects.basis {
            Basis::Own => "self",
            Basis::Order => "instruction",
        },
        date: corrects.date.to_string().replace('-', "."),
        number: corrects.number.as_deref(),
    }
}

fn operator(cashier: &Cashier) -> Operator<'_> {
    Operator { name: line(&cashier.name, LONGEST_CASHIER), vatin: cashier.vatin.as_deref() }
}

/// A text as a register prints it: on one line, and no longer than it takes.
fn line(text: &str, longest: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(longest).collect()
}

fn wire<'a>(receipt: &'a Receipt, manner: &'a Manner) -> Result<WireReceipt<'a>> {
    let method = payment_method(receipt);
    let items = receipt.lines.iter().map(|line| position(line, method, manner));
    let payments = receipt
        .payments
        .iter()
        .map(|(form, sum)| Payment { form: form_word(*form), sum: Decimal::money(*sum) });
    let note = Note { kind: "text", text: &receipt.note, alignment: "center" };
    Ok(WireReceipt {
        taxation_type: taxation(manner.taxation),
        client_info: receipt.to.as_deref().map(|email_or_phone| Client { email_or_phone }),
        items: items.collect::<Result<_>>()?,
        payments: payments.collect(),
        total: Decimal::money(receipt.total),
        post_items: if receipt.note.is_empty() { Vec::new() } else { vec![note] },
    })
}

/// Whether what is sold is paid now, in part, or later: tag 1214.
fn payment_method(receipt: &Receipt) -> &'static str {
    let is_credit = |(form, sum): &(Form, Money)| *form == Form::Credit && *sum > Money::ZERO;
    match receipt.payments.iter().filter(|payment| is_credit(payment)).count() {
        0 => "fullPayment",
        later if later == receipt.payments.len() => "credit",
        _ => "partialPayment",
    }
}

fn position<'a>(
    sold: &'a ReceiptLine,
    method: &'static str,
    manner: &'a Manner,
) -> Result<Position<'a>> {
    Ok(Position {
        kind: "position",
        name: line(&sold.name, LONGEST_NAME),
        price: Decimal::money(sold.price),
        quantity: Decimal::quantity(sold.quantity),
        amount: Decimal::money(sold.amount),
        payment_method: method,
        payment_object: if sold.is_service { "service" } else { "commodity" },
        measurement_unit: unit(sold.unit, manner.ffd),
        tax: Tax { word: tax(sold.rate, manner)? },
    })
}

fn tax(rate: Option<TaxRate>, manner: &Manner) -> Result<&str> {
    let Some(rate) = rate else { return Ok(NO_TAX) };
    let own = manner.taxes.iter().find(|tax| tax.percent == rate).map(|tax| &*tax.word);
    let known = || TAXES.iter().find(|(of, _)| *of == rate.hundredths()).map(|(_, word)| *word);
    own.or_else(known).ok_or_else(|| {
        let detail = format!(
            "The fiscal register has no word for a tax of {rate} %. An admin adds it to the register."
        );
        Error::conflict("no_tax_word", detail).with("percent", rate.to_string())
    })
}

fn unit(unit: Option<Measure>, ffd: Ffd) -> Unit {
    match (ffd, unit) {
        (Ffd::V12, None) => Unit::Number(0),
        (Ffd::V12, Some(Measure::Kg)) => Unit::Number(11),
        (Ffd::V12, Some(Measure::L)) => Unit::Number(41),
        (Ffd::V105, None) => Unit::Text("шт"),
        (Ffd::V105, Some(Measure::Kg)) => Unit::Text("кг"),
        (Ffd::V105, Some(Measure::L)) => Unit::Text("л"),
    }
}

fn taxation(taxation: Taxation) -> &'static str {
    match taxation {
        Taxation::Osn => "osn",
        Taxation::UsnIncome => "usnIncome",
        Taxation::UsnIncomeOutcome => "usnIncomeOutcome",
        Taxation::Esn => "esn",
        Taxation::Patent => "patent",
    }
}

fn form_word(form: Form) -> &'static str {
    match form {
        Form::Cash => "cash",
        Form::Electronic => "electronically",
        Form::Prepaid => "prepaid",
        Form::Credit => "credit",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::core::kernel::Quantity;
    use crate::core::kernel::fields::Label;
    use crate::features::fiscal::body::Body;
    use crate::features::fiscal::types::TaxWord;

    fn soup(rate: &str) -> ReceiptLine {
        ReceiptLine {
            name: "Борщ".into(),
            quantity: Quantity::pieces(2),
            unit: None,
            price: Money(45_010),
            amount: Money(90_020),
            rate: (rate != "0").then(|| TaxRate::parse(rate).unwrap()),
            is_service: false,
        }
    }

    fn task(rate: &str, payments: Vec<(Form, Money)>, ffd: Ffd) -> Task {
        let receipt = Receipt {
            lines: vec![soup(rate)],
            payments,
            total: Money(90_020),
            note: "Заказ 7".into(),
            to: Some("+79990000000".into()),
        };
        let cashier =
            Cashier { name: "Иванова А.".into(), vatin: Some("123654789507".into()) };
        let own =
            TaxWord { percent: TaxRate::parse("24").unwrap(), word: Label::new("vat24").unwrap() };
        Task {
            kind: DocumentKind::Sell,
            body: Body::of(cashier, receipt),
            manner: Manner { taxation: Taxation::Osn, ffd, taxes: vec![own] },
        }
    }

    fn sent(task: &Task) -> Value {
        serde_json::from_str(&request("key", task).unwrap()).unwrap()
    }

    #[test]
    fn a_receipt_is_written_as_the_server_reads_it() {
        let sent = sent(&task("22", vec![(Form::Cash, Money(90_020))], Ffd::V12));
        assert_eq!(sent["uuid"], "key");
        assert_eq!(
            sent["request"][0],
            json!({
                "type": "sell",
                "operator": {"name": "Иванова А.", "vatin": "123654789507"},
                "taxationType": "osn",
                "clientInfo": {"emailOrPhone": "+79990000000"},
                "items": [{
                    "type": "position", "name": "Борщ", "price": 450.1, "quantity": 2.0,
                    "amount": 900.2, "paymentMethod": "fullPayment",
                    "paymentObject": "commodity", "measurementUnit": 0, "tax": {"type": "vat22"},
                }],
                "payments": [{"type": "cash", "sum": 900.2}],
                "total": 900.2,
                "postItems": [{"type": "text", "text": "Заказ 7", "alignment": "center"}],
            })
        );
    }

    #[test]
    fn each_rate_has_its_word_and_an_owner_adds_others() {
        for (rate, word) in [
            ("0", "none"),
            ("5", "vat5"),
            ("7", "vat7"),
            ("10", "vat10"),
            ("20", "vat20"),
            ("22", "vat22"),
            ("24", "vat24"),
        ] {
            let sent = sent(&task(rate, vec![(Form::Cash, Money(90_020))], Ffd::V105));
            let item = &sent["request"][0]["items"][0];
            assert_eq!(item["tax"]["type"], word, "{rate}");
            assert_eq!(item["measurementUnit"], "шт");
        }
        let unknown = task("18", vec![(Form::Cash, Money(90_020))], Ffd::V12);
        assert!(request("key", &unknown).unwrap_err().to_string().contains("18"));
    }

    #[test]
    fn what_is_paid_later_says_so_on_each_position() {
        let (cash, later) = ((Form::Cash, Money(40_020)), (Form::Credit, Money(50_000)));
        for (payments, method) in [
            (vec![(Form::Electronic, Money(90_020))], "fullPayment"),
            (vec![(Form::Credit, Money(90_020))], "credit"),
            (vec![cash, later], "partialPayment"),
        ] {
            let sent = sent(&task("22", payments, Ffd::V12));
            assert_eq!(sent["request"][0]["items"][0]["paymentMethod"], method);
        }
    }

    #[test]
    fn a_text_is_as_long_and_as_plain_as_a_register_takes_it() {
        assert_eq!(line("a\nb\tc", 4), "a b ");
        assert_eq!(line(&"ж".repeat(200), LONGEST_NAME).chars().count(), LONGEST_NAME);
    }
}
