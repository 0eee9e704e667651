//! Raiffeisenbank's SBP: pay.raif.ru/doc/sbp.html and its source, github.com/Raiffeisen-DGTL/ecom-API.
//!
//! No key makes a request safe to repeat. A code may be registered again under an order that is not
//! paid, and is another code then; a refund is known by the merchant's `refundId`. What is wrong stands
//! in `code`, and the status of HTTP is 200 nevertheless, as the bank's own SDK expects it.

use serde_json::{Value, json};

use super::clock::{self, moscow};
use super::faults::{Call, Decision};
use super::ledger::{Ledger, Payment, Receipt, Refund, RefundState, State};
use super::server::{Reply, Request};
use super::{Desk, MERCHANT, SECRET};

/// A code without an end of its own lives so long.
const THREE_DAYS: i64 = 3 * 24 * 3_600_000;

/// A reply that is a refusal: its code, its sentence, and whether the request is to blame.
struct Refused(&'static str, String, bool);

type Checked<T> = Result<T, Refused>;

/// The request breaks a rule of the documents.
fn wrong<T>(code: &'static str, sentence: &str) -> Checked<T> {
    Err(Refused(code, sentence.to_owned(), true))
}

/// Nothing in the request is wrong: so things stand.
fn plain<T>(code: &'static str, sentence: &str) -> Checked<T> {
    Err(Refused(code, sentence.to_owned(), false))
}

fn demand(holds: bool, sentence: &str) -> Checked<()> {
    if holds { Ok(()) } else { wrong("ERROR.INVALID_REQUEST", sentence) }
}

pub(super) fn call(request: &Request) -> Option<Call> {
    match (request.method.as_str(), request.parts().as_slice()) {
        ("POST", ["api", "sbp", "v1", "qr", "register"]) => Some(Call::Create),
        ("GET", ["api", "sbp", "v1", "qr", _, "payment-info"] | ["api", "sbp", "v2", "qrs", _]) => {
            Some(Call::Ask)
        }
        ("DELETE", ["api", "sbp", "v2", "qrs", _]) => Some(Call::Withdraw),
        ("POST", ["api", "sbp", "v1", "refund"]) => Some(Call::Refund),
        ("GET", ["api", "sbp", "v1", "refund", _]) => Some(Call::AskRefund),
        _ => None,
    }
}

pub(super) fn trouble(status: u16) -> Reply {
    let body = json!({"code": "ERROR.INTERNAL", "message": "Сервис временно недоступен"});
    Reply::status(status, body)
}

pub(super) fn answer(desk: &mut Desk, request: &Request) -> Reply {
    let complain = |desk: &mut Desk, sentence: &str| {
        desk.ledger.complaints.push(format!("{}: {sentence}", request.line()));
    };
    let refuse = |desk: &mut Desk, status, sentence: &str| {
        complain(desk, sentence);
        Reply::status(status, json!({"code": "ERROR", "message": sentence}))
    };
    let Some(call) = call(request) else {
        return refuse(desk, 404, "There is no such address");
    };
    // Codes are registered without it, so that a page can do that.
    if call != Call::Create && request.bearer() != Some(SECRET) {
        return refuse(desk, 401, "Authorization: Bearer and the secret key");
    }
    if request.method == "POST" && request.media_type() != "application/json" {
        return refuse(desk, 415, "Content-Type: application/json");
    }
    called(desk, request, call).unwrap_or_else(|Refused(code, sentence, is_complaint)| {
        if is_complaint {
            complain(desk, &format!("{code}: {sentence}"));
        }
        Reply::ok(json!({"code": code, "message": sentence}))
    })
}

fn called(desk: &mut Desk, request: &Request, call: Call) -> Checked<Reply> {
    let parts = request.parts();
    let id = parts.get(4).copied().unwrap_or_default();
    match call {
        Call::Create => register(desk, request),
        Call::Refund => refund(desk, request),
        Call::AskRefund => match desk.ledger.refund_asked(id) {
            Some(one) => Ok(Reply::ok(refund_of(one))),
            None => plain("ERROR.REFUND_NOT_FOUND", &format!("Возврат с refundId {id} не найден")),
        },
        Call::Withdraw => {
            let Ok(one) = desk.ledger.payment_mut(id) else { return no_code() };
            if one.state != State::Waiting {
                return plain("ERROR.INVALID_REQUEST", "QR-код оплачен, отменён или истёк");
            }
            one.state = State::Withdrawn;
            Ok(Reply::ok(Value::Null))
        }
        _ => {
            let Some(one) = desk.ledger.payment(id) else { return no_code() };
            let is_code = parts.get(2) == Some(&"v2");
            Ok(Reply::ok(if is_code { code_of(one) } else { payment_info(one) }))
        }
    }
}

fn no_code<T>() -> Checked<T> {
    plain("ERROR.NOT_FOUND", "QR-код не найден у данного партнера")
}

fn read(request: &Request, names: &[&str]) -> Checked<Value> {
    let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let Some(fields) = asked.as_object() else {
        return wrong("ERROR.INVALID_REQUEST", "The body is a JSON object");
    };
    match fields.keys().find(|name| !names.contains(&name.as_str())) {
        Some(unknown) => {
            wrong("ERROR.INVALID_REQUEST", &format!("The documents have no parameter {unknown}"))
        }
        None => Ok(asked),
    }
}

/// A number of roubles with up to two digits behind its point, in kopecks.
fn roubles(asked: &Value) -> Checked<i64> {
    demand(asked.is_number(), "amount is a number of roubles")?;
    let text = asked.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    // Such a number is written with one zero: 1110.0.
    let part = if part == "0" { "" } else { part };
    let kopecks = format!("{whole}{part:0<2}").parse::<i64>().unwrap_or_default();
    demand(part.len() <= 2 && kopecks > 0, "amount has up to two digits behind its point")?;
    Ok(kopecks)
}

fn number(kopecks: i64) -> Value {
    if kopecks % 100 == 0 { (kopecks / 100).into() } else { (kopecks as f64 / 100.0).into() }
}

/// A string within its length, or nothing.
fn text<'a>(asked: &'a Value, name: &str, most: usize) -> Checked<Option<&'a str>> {
    let Some(value) = asked.get(name) else { return Ok(None) };
    match value.as_str() {
        Some(text) if (1..=most).contains(&text.chars().count()) => Ok(Some(text)),
        _ => {
            wrong("ERROR.INVALID_REQUEST", &format!("{name} is a string of 1 to {most} characters"))
        }
    }
}

/// The merchant's own number of an order.
fn order(asked: &Value) -> Checked<&str> {
    let Some(order) = text(asked, "order", 40)? else {
        return wrong("ERROR.INVALID_REQUEST", "Не передан обязательный параметр order");
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if order.bytes().all(fits) {
        Ok(order)
    } else {
        wrong("ERROR.INVALID_ORDER", "В номере заказа поддерживаются A-z09_-.")
    }
}

/// `2023-07-22T09:14:38+03:00`: with an offset in digits, and not in the past.
fn expiry(asked: &Value, now: i64) -> Checked<i64> {
    let Some(text) = asked.get("qrExpirationDate") else { return Ok(now + THREE_DAYS) };
    let text = text.as_str().unwrap_or_default();
    let is_whole = text.is_ascii() && text.len() > 19;
    let has_offset = is_whole && text[text.len() - 6..].starts_with(['+', '-']);
    let Some(moment) = clock::read(text).filter(|_| has_offset) else {
        let sentence = "YYYY-MM-DDTHH:MM:SS±HH:MM";
        return wrong("ERROR.QR_EXPIRATION_DATE_NOT_VALID", sentence);
    };
    if moment < now {
        return plain("ERROR.QR_EXPIRATION_DATE_NOT_VALID", "Неверная дата истечения QR-кода");
    }
    Ok(moment)
}

const OF_A_CODE: &[&str] = &[
    "account",
    "additionalInfo",
    "amount",
    "currency",
    "order",
    "paymentDetails",
    "qrType",
    "qrExpirationDate",
    "sbpMerchantId",
    "subscription",
];

fn register(desk: &mut Desk, request: &Request) -> Checked<Reply> {
    let asked = read(request, OF_A_CODE)?;
    match text(&asked, "sbpMerchantId", 12)? {
        Some(MERCHANT) => {}
        Some(_) => return wrong("ERROR.MERCHANT_NOT_REGISTERED", "Партнер не зарегистрирован"),
        None => {
            return wrong("ERROR.SBP_MERCHANT_ID_IS_MISSING", "SbpMerchantId партнера не указан");
        }
    }
    demand(asked["qrType"] == "QRDynamic", "qrType is QRDynamic: a code for each sale")?;
    if asked.get("amount").is_none() {
        let sentence = "Не передана сумма для динамического QR-кода";
        return wrong("ERROR.DYNAMIC_QR_WITHOUT_AMOUNT", sentence);
    }
    let amount = roubles(&asked["amount"])?;
    demand(asked["currency"] == "RUB", "currency is RUB")?;
    text(&asked, "additionalInfo", 140)?;
    text(&asked, "paymentDetails", 185)?;
    let expires_at = expiry(&asked, request.now)?;
    let order = order(&asked)?.to_owned();
    let is_of_it = |one: &Payment| one.reference.as_ref() == Some(&order);
    if desk.ledger.payments.iter().any(|one| is_of_it(one) && one.state == State::Paid) {
        let sentence = format!(
            "QR-код с номером заказа {order}, партнера {MERCHANT} и успешными платежами уже зарегистрирован"
        );
        return plain("ERROR.ORDER_NUMBER_ALREADY_REGISTERED", &sentence);
    }
    let number = desk.ledger.number();
    let payment = Payment {
        id: format!("AD{number:030X}"),
        transaction: None,
        amount,
        currency: "RUB".to_owned(),
        reference: Some(order),
        state: State::Waiting,
        created_at: request.now,
        expires_at,
        paid_at: None,
        key: None,
        body: request.body.to_vec(),
        asked,
        receipt: None,
        receipt_ends: Receipt::Succeeded,
        is_two_stage: false,
    };
    let (payload, picture) = links(&payment);
    let body = json!({"code": "SUCCESS", "qrId": payment.id, "payload": payload, "qrUrl": picture});
    desk.ledger.payments.push(payment);
    Ok(Reply::ok(body))
}

/// What the code holds, and a picture of it.
fn links(one: &Payment) -> (String, String) {
    let Payment { id, amount, .. } = one;
    (
        format!("https://qr.nspk.ru/{id}?type=02&bank=100000000007&sum={amount}&cur=RUB&crc=AB75"),
        format!("https://e-commerce.raiffeisen.ru/api/sbp/v1/qr/{id}/image"),
    )
}

fn code_of(one: &Payment) -> Value {
    let status = match one.state {
        State::Waiting => "NEW",
        State::Confirmed | State::Authorized => "IN_PROGRESS",
        State::Paid => "PAID",
        State::Declined | State::Withdrawn => "CANCELLED",
        State::Expired => "EXPIRED",
    };
    let (payload, picture) = links(one);
    json!({
        "qrId": one.id, "qrStatus": status, "qrExpirationDate": moscow(one.expires_at),
        "payload": payload, "qrUrl": picture,
    })
}

fn payment_info(one: &Payment) -> Value {
    let status = match one.state {
        State::Waiting | State::Withdrawn | State::Expired => "NO_INFO",
        State::Confirmed | State::Authorized => "IN_PROGRESS",
        State::Paid => "SUCCESS",
        State::Declined => "DECLINED",
    };
    let mut body = json!({
        "code": "SUCCESS", "paymentStatus": status, "amount": number(one.amount), "currency": "RUB",
        "order": one.reference, "qrId": one.id, "sbpMerchantId": MERCHANT, "merchantId": 1_780_672,
        "createDate": moscow(one.created_at), "qrExpirationDate": moscow(one.expires_at),
    });
    for (from, to) in [("additionalInfo", "additionalInfo"), ("paymentDetails", "paymentPurpose")] {
        if let Some(text) = one.asked.get(from) {
            body[to] = text.clone();
        }
    }
    let transaction = one.transaction.as_ref().and_then(|number| number.parse::<u64>().ok());
    if let (Some(transaction), Some(paid_at)) = (transaction, one.paid_at) {
        body["transactionId"] = transaction.into();
        body["transactionDate"] = moscow(paid_at).into();
    }
    body
}

/// What is left of the order's payments: a part of it can go back.
fn refundable<'a>(ledger: &'a Ledger, order: &str, amount: i64) -> Checked<&'a Payment> {
    let mut paid = ledger
        .payments
        .iter()
        .filter(|one| one.reference.as_deref() == Some(order) && one.state == State::Paid)
        .peekable();
    if paid.peek().is_none() {
        return no_code();
    }
    let has_left = |one: &&Payment| one.amount - ledger.refunded(&one.id) >= amount;
    match paid.find(has_left) {
        Some(one) => Ok(one),
        None => plain(
            "ERROR.REFUND_INSUFFICIENT_FUNDS",
            "Сумма возврата больше суммы остатка по платежу",
        ),
    }
}

fn refund(desk: &mut Desk, request: &Request) -> Checked<Reply> {
    let names = ["amount", "order", "paymentDetails", "refundId", "transactionId"];
    let asked = read(request, &names)?;
    let amount = roubles(&asked["amount"])?;
    text(&asked, "paymentDetails", 140)?;
    let order = order(&asked)?;
    let Some(id) = text(&asked, "refundId", 40)? else {
        return wrong("ERROR.INVALID_REQUEST", "Id возврата не передан");
    };
    if let Some(first) = desk.ledger.refunds.iter().find(|one| one.id == id) {
        demand(first.asked == asked, "refundId is another refund's")?;
        return Ok(Reply::ok(refund_of(first)));
    }
    let paid = refundable(&desk.ledger, order, amount)?;
    let (payment, is_part) = (paid.id.clone(), amount < paid.amount);
    if is_part && desk.script.is_decided(Decision::PartialRefundRefused) {
        return plain("ERROR.INVALID_REQUEST", "Частичный возврат недоступен");
    }
    let ends = if desk.script.is_decided(Decision::RefundWaits) {
        None
    } else if desk.script.is_decided(Decision::RefundFails) {
        Some(RefundState::Failed)
    } else {
        Some(RefundState::Done)
    };
    let refund = Refund {
        id: id.to_owned(),
        payment,
        amount,
        state: RefundState::Pending,
        created_at: request.now,
        key: None,
        body: request.body.to_vec(),
        asked,
        receipt: None,
        ends,
    };
    let body = refund_of(&refund);
    desk.ledger.refunds.push(refund);
    Ok(Reply::ok(body))
}

fn refund_of(one: &Refund) -> Value {
    let status = match one.state {
        RefundState::Pending => "IN_PROGRESS",
        RefundState::Done => "COMPLETED",
        RefundState::Failed => "DECLINED",
    };
    json!({"code": "SUCCESS", "amount": number(one.amount), "refundStatus": status})
}
