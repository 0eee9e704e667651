//! What the guest reads: what there is to pay, and what was paid.

use super::super::documents::{Bill, BillKind, BillLine, BillPayment, ChangeKind};
use super::head::Letterhead;
use super::rows::{Row, Size};
use super::words::Language;
use crate::core::kernel::{Money, Quantity};

/// How far what belongs to a dish is moved in.
const INDENT: usize = 24;

/// What stands on a bill.
pub fn rows(bill: &Bill, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    if let Some(logo) = &head.logo {
        rows.extend([Row::Picture(logo.clone()), Row::Gap(8)]);
    }
    rows.push(Row::title(Size::Large, head.restaurant));
    rows.push(Row::middle(Size::Body, language.bill(bill.what)));
    let number = match bill.check_number {
        Some(check) => format!("№ {}-{check}", bill.order.number),
        None => format!("№ {}", bill.order.number),
    };
    rows.push(Row::Gap(8));
    rows.push(Row::pair(number, language.moment(bill.at, head.zone)));
    rows.push(Row::pair(language.place(&bill.order.place), bill.order.waiter.clone()));
    rows.push(Row::Rule);
    for line in &bill.lines {
        of_line(line, language, rows);
    }
    rows.push(Row::Rule);
    sums(bill, head, rows);
    paid(bill, head, rows);
    rows.push(Row::Gap(12));
    // Nor is the receipt: what the tax office asks for a fiscal register prints.
    let words = language.say("НЕ ЯВЛЯЕТСЯ ФИСКАЛЬНЫМ ДОКУМЕНТОМ", "NOT A FISCAL RECEIPT");
    rows.push(Row::title(Size::Body, words));
    match bill.what {
        BillKind::Precheck => {
            let why = language.say("Для проверки заказа, не для оплаты", "To look over your order");
            rows.push(Row::middle(Size::Small, why));
        }
        BillKind::Receipt => {
            rows.push(Row::middle(Size::Body, language.say("Спасибо", "Thank you")));
        }
    }
}

fn of_line(line: &BillLine, language: Language, rows: &mut Vec<Row>) {
    let sum = language.amount(line.sum);
    if line.unit.is_none() && line.quantity == Quantity::pieces(1) {
        rows.push(Row::pair(&*line.name, sum));
    } else {
        let quantity = language.quantity(line.quantity, line.unit);
        let price = language.amount(line.price);
        rows.push(Row::left(Size::Body, &*line.name));
        rows.push(Row::pair(format!("  {quantity} × {price}"), sum));
    }
    for option in line.modifiers.iter().filter(|one| !one.is_default || one.prefix.is_some()) {
        let text = format!("+ {}", language.option(option, false));
        rows.push(Row::below(Size::Small, false, INDENT, text));
    }
}

fn sums(bill: &Bill, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    let added = || bill.taxes.iter().filter(|tax| tax.is_added);
    if !bill.changes.is_empty() || added().next().is_some() {
        let word = language.say("Подытог", "Subtotal");
        rows.push(Row::pair(word, language.amount(bill.subtotal)));
    }
    for change in &bill.changes {
        let name = change.name.clone().unwrap_or_else(|| language.change(change.kind).into());
        let takes_off = matches!(change.kind, ChangeKind::Discount | ChangeKind::Comp);
        let amount = if takes_off { Money::ZERO - change.amount } else { change.amount };
        rows.push(Row::pair(name, language.amount(amount)));
    }
    let tax = language.say("Налог", "Tax");
    for one in added() {
        let name = format!("{tax} {}%", one.percent);
        rows.push(Row::pair(name, language.amount(one.amount)));
    }
    let total = language.price(bill.total, head.currency);
    rows.push(Row::sum(Size::Large, language.say("ИТОГО", "TOTAL"), total));
    for one in bill.taxes.iter().filter(|tax| !tax.is_added) {
        let name = format!("{} {}%", language.say("в т. ч. налог", "incl. tax"), one.percent);
        rows.push(Row::pair(name, language.amount(one.amount)));
    }
}

fn paid(bill: &Bill, head: &Letterhead<'_>, rows: &mut Vec<Row>) {
    let language = head.language;
    if bill.payments.is_empty() {
        return;
    }
    rows.push(Row::Rule);
    for payment in &bill.payments {
        of_payment(payment, language, rows);
    }
    if bill.due > Money::ZERO {
        let due = language.price(bill.due, head.currency);
        rows.push(Row::sum(Size::Body, language.say("К оплате", "To pay"), due));
    }
}

fn of_payment(payment: &BillPayment, language: Language, rows: &mut Vec<Row>) {
    let method = payment.method.clone().unwrap_or_default();
    let refund = language.say("Возврат", "Refund");
    let name = if payment.is_refund { format!("{refund} {method}") } else { method };
    let mut pair = |name: String, amount: Money| {
        rows.push(Row::pair(name, language.amount(amount)));
    };
    pair(name, payment.amount);
    let mut more = |ru, en, amount: Money| {
        if !amount.is_zero() {
            pair(format!("  {}", language.say(ru, en)), amount);
        }
    };
    more("Округление", "Rounding", payment.rounding);
    more("Чаевые", "Tip", payment.tip);
    if let Some(tendered) = payment.tendered.filter(|_| payment.change > Money::ZERO) {
        more("Получено", "Received", tendered);
        more("Сдача", "Change", payment.change);
    }
}
