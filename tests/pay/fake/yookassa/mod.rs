//! ЮKassa, API v3: yookassa.ru/developers/api, …/using-api/{interaction-format, lists,
//! response-handling}, …/manual-integration/other/sbp, …/after-the-payment/refunds.

mod checks;
mod receipt;
mod show;

use serde_json::{Value, json};

use super::faults::{Call, Decision};
use super::ledger::{Ledger, Payment, Receipt, Refund, RefundState, State};
use super::server::{Reply, Request};
use super::{Desk, SECRET, SHOP};
use checks::{Checked, Refused, amount, demand, known, not_found, texts, wrong};

/// By the SBP and by card: an hour to pay.
const HOUR: i64 = 3_600_000;
/// The SBP takes from 1 to 700 000 roubles.
const SBP: std::ops::RangeInclusive<i64> = 100..=70_000_000;

pub(super) fn call(request: &Request) -> Option<Call> {
    match (request.method.as_str(), request.parts().as_slice()) {
        ("POST", ["v3", "payments"]) => Some(Call::Create),
        ("GET", ["v3", "payments"]) => Some(Call::List),
        ("GET", ["v3", "payments", _]) => Some(Call::Ask),
        ("POST", ["v3", "payments", _, "cancel"]) => Some(Call::Withdraw),
        ("POST", ["v3", "payments", _, "capture"]) => Some(Call::Capture),
        ("POST", ["v3", "refunds"]) => Some(Call::Refund),
        ("GET", ["v3", "refunds"]) => Some(Call::ListRefunds),
        ("GET", ["v3", "refunds", _]) => Some(Call::AskRefund),
        _ => None,
    }
}

fn error(status: u16, code: &str, parameter: &str, sentence: &str) -> Reply {
    let id = "ab5a11cd-13cc-4e33-af8b-75a74e18dd09";
    let mut body = json!({"type": "error", "id": id, "code": code, "description": sentence});
    if !parameter.is_empty() {
        body["parameter"] = parameter.into();
    }
    Reply::status(status, body)
}

pub(super) fn trouble(status: u16) -> Reply {
    let code = match status {
        202 => {
            let sentence =
                "Request accepted, but not processed yet. Please retry with the same key";
            let body = json!({"type": "processing", "description": sentence, "retry_after": 1800});
            return Reply::status(202, body);
        }
        401 => "invalid_credentials",
        403 => "forbidden",
        404 => "not_found",
        429 => "too_many_requests",
        400..=499 => "invalid_request",
        _ => "internal_server_error",
    };
    error(status, code, "", "Try again later")
}

pub(super) fn answer(desk: &mut Desk, request: &Request) -> Reply {
    called(desk, request).unwrap_or_else(|refused| {
        let told = refused.told().map(|told| format!("{}: {told}", request.line()));
        desk.ledger.complaints.extend(told);
        refused.reply()
    })
}

fn called(desk: &mut Desk, request: &Request) -> Checked<Reply> {
    if request.basic().as_deref() != Some(&format!("{SHOP}:{SECRET}")) {
        let sentence = "HTTP Basic: the shop's number and its secret";
        return Refused::complaint(401, "invalid_credentials", "Authorization", sentence);
    }
    let Some(call) = call(request) else {
        return Refused::complaint(404, "not_found", "", "There is no such address");
    };
    if request.method == "GET" {
        return read(desk, request, call).map(Reply::ok);
    }
    if request.media_type() != "application/json" {
        return Refused::complaint(415, "invalid_request", "Content-Type", "application/json");
    }
    let key = request.header("idempotence-key").filter(|key| (1..=64).contains(&key.len()));
    let Some(key) = key else {
        return wrong("Idempotence-Key", "Each POST has a key of 1 to 64 characters");
    };
    let Ok(asked) = serde_json::from_slice::<Value>(&request.body) else {
        return wrong("", "The body is JSON");
    };
    match desk.ledger.repeated(key, &request.line(), &asked) {
        Err(_) => wrong("Idempotence-Key", "Idempotence key duplicated"),
        Ok(Some(first)) => Ok(current(&desk.ledger, &first.reply)),
        Ok(None) => {
            let changed = change(desk, request, call, key, &asked);
            // Also a refusal is the key's: "repeat with a new key and new data".
            let reply = match &changed {
                Ok(body) => Reply::ok(body.clone()),
                Err(refused) => refused.reply(),
            };
            desk.ledger.keep(key, request, &asked, &reply);
            changed.map(Reply::ok)
        }
    }
}

/// What a repeat is told: the object of the first request "in its current status".
fn current(ledger: &Ledger, first: &Reply) -> Reply {
    let id = first.body["id"].as_str().unwrap_or_default();
    let refund = ledger.refunds.iter().find(|one| one.id == id);
    match (ledger.payment(id), refund) {
        (Some(one), _) => Reply::ok(show::payment(ledger, one)),
        (None, Some(one)) => Reply::ok(show::refund(one)),
        (None, None) => first.clone(),
    }
}

fn read(desk: &mut Desk, request: &Request, call: Call) -> Checked<Value> {
    let id = request.parts().get(2).copied().unwrap_or_default();
    let ledger = &desk.ledger;
    match call {
        Call::Ask => match ledger.payment(id) {
            Some(one) => Ok(show::payment(ledger, one)),
            None => not_found("payment_id"),
        },
        Call::AskRefund => match ledger.refunds.iter().find(|one| one.id == id) {
            Some(one) => Ok(show::refund(one)),
            None => not_found("refund_id"),
        },
        _ => show::list(desk, request, call),
    }
}

fn change(
    desk: &mut Desk,
    request: &Request,
    call: Call,
    key: &str,
    asked: &Value,
) -> Checked<Value> {
    let id = request.parts().get(2).copied().unwrap_or_default();
    match call {
        Call::Create => create(desk, request, key, asked),
        Call::Refund => refund(desk, request, key, asked),
        _ => {
            let Ok(one) = desk.ledger.payment_mut(id) else { return not_found("payment_id") };
            // A pending payment cannot be withdrawn: it runs out by itself.
            let sentence = "Payment is not in the status waiting_for_capture";
            demand(one.state == State::Authorized, "payment_id", sentence)?;
            one.state = if call == Call::Capture { State::Paid } else { State::Withdrawn };
            let ledger = &desk.ledger;
            Ok(ledger.payment(id).map(|one| show::payment(ledger, one)).unwrap_or_default())
        }
    }
}

const OF_A_PAYMENT: &[&str] = &[
    "amount",
    "description",
    "receipt",
    "recipient",
    "payment_token",
    "payment_method_id",
    "payment_method_data",
    "confirmation",
    "save_payment_method",
    "capture",
    "client_ip",
    "metadata",
    "airline",
    "transfers",
    "deal",
    "fraud_data",
    "merchant_customer_id",
    "receiver",
    "payment_order",
    "statements",
    "pos_link",
];
const OF_A_REFUND: &[&str] =
    &["payment_id", "amount", "description", "receipt", "sources", "deal", "refund_method_data"];

fn create(desk: &mut Desk, request: &Request, key: &str, asked: &Value) -> Checked<Value> {
    known(asked, OF_A_PAYMENT, "")?;
    let sum = amount(&asked["amount"], "amount")?;
    demand(sum > 0, "amount", "More than nothing")?;
    texts(asked)?;
    let is_flag = asked.get("capture").is_none_or(Value::is_boolean);
    demand(is_flag, "capture", "true or false")?;
    let method = asked["payment_method_data"]["type"].as_str();
    if asked.get("payment_method_data").is_some() {
        let methods = ["sbp", "bank_card", "yoo_money", "sberbank", "tinkoff_bank"];
        let is_known = method.is_some_and(|method| methods.contains(&method));
        demand(is_known, "payment_method_data.type", "There is no such way to pay")?;
    }
    if method == Some("sbp") {
        demand(asked["capture"] == true, "capture", "By the SBP nobody pays in two stages")?;
        demand(SBP.contains(&sum), "amount", "By the SBP from 1 to 700000 roubles")?;
    }
    let confirmation = &asked["confirmation"];
    demand(
        confirmation["type"] == "redirect",
        "confirmation.type",
        "The guest is led on: redirect",
    )?;
    let returns = confirmation["return_url"].as_str().unwrap_or_default();
    demand(
        returns.starts_with("http"),
        "confirmation.return_url",
        "Where the guest comes back to",
    )?;
    let has_receipt = receipt::check(asked, sum, desk.wants_receipts)?;
    let receipt_ends = receipt_ends(desk);
    let number = desk.ledger.number();
    desk.ledger.payments.push(Payment {
        id: format!("2d{number:06x}-000f-5000-8000-{number:012x}"),
        transaction: None,
        amount: sum,
        currency: "RUB".to_owned(),
        reference: None,
        state: State::Waiting,
        created_at: request.now,
        expires_at: request.now + HOUR,
        paid_at: None,
        key: Some(key.to_owned()),
        body: request.body.to_vec(),
        asked: asked.clone(),
        receipt: has_receipt.then_some(Receipt::Pending),
        receipt_ends,
        // Not said is false.
        is_two_stage: asked["capture"] != true,
    });
    let ledger = &desk.ledger;
    Ok(ledger.payments.last().map(|one| show::payment(ledger, one)).unwrap_or_default())
}

fn receipt_ends(desk: &mut Desk) -> Receipt {
    if desk.script.is_decided(Decision::ReceiptCanceled) {
        Receipt::Canceled
    } else if desk.script.is_decided(Decision::ReceiptWaits) {
        Receipt::Pending
    } else {
        Receipt::Succeeded
    }
}

fn refund(desk: &mut Desk, request: &Request, key: &str, asked: &Value) -> Checked<Value> {
    known(asked, OF_A_REFUND, "")?;
    texts(asked)?;
    let sum = amount(&asked["amount"], "amount")?;
    demand(sum > 0, "amount", "More than nothing")?;
    let id = asked["payment_id"].as_str().unwrap_or_default();
    let Some(paid) = desk.ledger.payment(id) else { return not_found("payment_id") };
    demand(paid.state == State::Paid, "payment_id", "Payment is not in the status succeeded")?;
    let left = paid.amount - desk.ledger.refunded(id);
    demand(sum <= left, "amount", "Refund amount is more than what is left of the payment")?;
    let is_whole = sum == paid.amount;
    // Of a whole payment ЮKassa takes the lines of the sale.
    let is_fiscal = paid.receipt.is_some();
    let has_receipt = receipt::check(asked, sum, is_fiscal && !is_whole)? || is_fiscal;
    if !is_whole && desk.script.is_decided(Decision::PartialRefundRefused) {
        let sentence = "Partial refund is not available for this payment method";
        return Refused::plain(400, "invalid_request", "amount", sentence);
    }
    let is_held = desk.script.is_decided(Decision::RefundWaits);
    let fails = desk.script.is_decided(Decision::RefundFails);
    let receipt_ends = receipt_ends(desk);
    let number = desk.ledger.number();
    desk.ledger.refunds.push(Refund {
        id: format!("2e{number:06x}-0015-5000-8000-{number:012x}"),
        payment: id.to_owned(),
        amount: sum,
        state: match (is_held, fails) {
            (true, _) => RefundState::Pending,
            (false, true) => RefundState::Failed,
            (false, false) => RefundState::Done,
        },
        created_at: request.now,
        key: Some(key.to_owned()),
        body: request.body.to_vec(),
        asked: asked.clone(),
        receipt: (has_receipt && !fails).then_some(receipt_ends),
        ends: None,
    });
    Ok(desk.ledger.refunds.last().map(show::refund).unwrap_or_default())
}
