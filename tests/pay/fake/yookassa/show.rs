//! How payments and refunds are shown, one by one and in lists.

use serde_json::{Map, Value, json};

use super::super::clock::{self, utc};
use super::super::faults::{Call, Decision};
use super::super::ledger::{Ledger, Payment, Receipt, Refund, RefundState, State};
use super::super::server::Request;
use super::super::{Desk, SHOP};
use super::checks::{Checked, demand, wrong};

/// Held money of a card is let go after a week.
const WEEK: i64 = 7 * 24 * 3_600_000;

fn money(kopecks: i64) -> Value {
    let value = format!("{}.{:02}", kopecks / 100, kopecks % 100);
    json!({"value": value, "currency": "RUB"})
}

fn registration(receipt: Receipt) -> Value {
    match receipt {
        Receipt::Pending => "pending".into(),
        Receipt::Succeeded => "succeeded".into(),
        Receipt::Canceled => "canceled".into(),
    }
}

pub fn payment(ledger: &Ledger, one: &Payment) -> Value {
    let (status, why) = match one.state {
        State::Waiting | State::Confirmed => ("pending", None),
        State::Authorized => ("waiting_for_capture", None),
        State::Paid => ("succeeded", None),
        State::Declined => ("canceled", Some(("payment_network", "general_decline"))),
        State::Withdrawn => ("canceled", Some(("merchant", "canceled_by_merchant"))),
        State::Expired => ("canceled", Some(("yoo_money", "expired_on_confirmation"))),
    };
    let refunded: i64 = ledger
        .refunds
        .iter()
        .filter(|back| back.payment == one.id && back.state == RefundState::Done)
        .map(|back| back.amount)
        .sum();
    let is_paid = matches!(one.state, State::Paid | State::Authorized);
    let mut body = json!({
        "id": one.id, "status": status, "paid": is_paid, "amount": money(one.amount),
        "created_at": utc(one.created_at), "test": false,
        "refundable": one.state == State::Paid && refunded < one.amount,
        "metadata": one.asked.get("metadata").cloned().unwrap_or_else(|| Map::new().into()),
        "recipient": {"account_id": SHOP, "gateway_id": "1730241"},
    });
    let mut add = |name: &str, value: Value| body[name] = value;
    if let Some(description) = one.asked.get("description") {
        add("description", description.clone());
    }
    if let Some(method) = one.asked["payment_method_data"]["type"].as_str() {
        add("payment_method", json!({"type": method, "id": one.id, "saved": false}));
    }
    if one.state == State::Waiting {
        let url = format!("https://yoomoney.ru/checkout/payments/v2/contract?orderId={}", one.id);
        let returns = &one.asked["confirmation"]["return_url"];
        let page = json!({"type": "redirect", "return_url": returns, "confirmation_url": url});
        add("confirmation", page);
    }
    if let Some((party, reason)) = why {
        add("cancellation_details", json!({"party": party, "reason": reason}));
    }
    if let Some(receipt) = one.receipt {
        add("receipt_registration", registration(receipt));
    }
    // "Until when it can be taken or let go for free": nothing of a payment that waits for its guest.
    if let (State::Authorized, Some(paid_at)) = (one.state, one.paid_at) {
        add("expires_at", utc(paid_at + WEEK).into());
    }
    if let (State::Paid, Some(paid_at)) = (one.state, one.paid_at) {
        add("captured_at", utc(paid_at).into());
        add("income_amount", money(one.amount - one.amount * 7 / 1000));
    }
    if refunded > 0 {
        add("refunded_amount", money(refunded));
    }
    body
}

pub fn refund(one: &Refund) -> Value {
    let status = match one.state {
        RefundState::Pending => "pending",
        RefundState::Done => "succeeded",
        RefundState::Failed => "canceled",
    };
    let mut body = json!({
        "id": one.id, "payment_id": one.payment, "status": status,
        "created_at": utc(one.created_at), "amount": money(one.amount),
    });
    if let Some(description) = one.asked.get("description") {
        body["description"] = description.clone();
    }
    if one.state == RefundState::Failed {
        body["cancellation_details"] =
            json!({"party": "yoo_money", "reason": "insufficient_funds"});
    }
    if let Some(receipt) = one.receipt {
        body["receipt_registration"] = registration(receipt);
    }
    body
}

const OF_A_LIST: &[&str] = &[
    "created_at.gte",
    "created_at.gt",
    "created_at.lte",
    "created_at.lt",
    "captured_at.gte",
    "captured_at.gt",
    "captured_at.lte",
    "captured_at.lt",
    "status",
    "payment_method",
    "payment_id",
    "limit",
    "cursor",
];

/// Newest first, page by page.
pub fn list(desk: &mut Desk, request: &Request, call: Call) -> Checked<Value> {
    if let Some(name) = request.query.keys().find(|name| !OF_A_LIST.contains(&name.as_str())) {
        return wrong(name, "The list has no such parameter");
    }
    let limit: usize = request.query.get("limit").map_or(Ok(10), |text| text.parse()).unwrap_or(0);
    demand((1..=100).contains(&limit), "limit", "From 1 to 100")?;
    let ledger = &desk.ledger;
    let rows: Vec<_> = match call {
        Call::List => ledger.payments.iter().map(|one| payment(ledger, one)).collect(),
        _ => ledger.refunds.iter().map(refund).collect(),
    };
    let before = match request.query.get("cursor") {
        None => rows.len(),
        Some(cursor) => {
            match cursor.rsplit('-').next().and_then(|at| usize::from_str_radix(at, 16).ok()) {
                Some(at) if at <= rows.len() => at,
                _ => return wrong("cursor", "It is next_cursor of the page before"),
            }
        }
    };
    let repeats = before < rows.len() && desk.script.is_decided(Decision::PageRepeats);
    let before = before + usize::from(repeats);
    let mut items = Vec::new();
    let mut next = None;
    for (at, row) in rows.iter().enumerate().take(before).rev() {
        if !is_asked_for(row, request)? {
            continue;
        }
        if items.len() == limit {
            next = Some(format!("37a5c87d-3984-51e8-a7f3-{:012x}", at + 1));
            break;
        }
        items.push(row.clone());
    }
    let mut body = json!({"type": "list", "items": items});
    if let Some(next) = next {
        body["next_cursor"] = next.into();
    }
    Ok(body)
}

fn is_asked_for(row: &Value, request: &Request) -> Checked<bool> {
    for (name, asked) in &request.query {
        let holds = match name.as_str() {
            "status" | "payment_id" => row[name].as_str() == Some(asked),
            "payment_method" => row["payment_method"]["type"].as_str() == Some(asked),
            _ => match name.split_once('.') {
                None => true,
                Some((field, which)) => {
                    let Some(asked) = clock::read(asked) else {
                        return wrong(name, "A moment in ISO 8601, percent-encoded");
                    };
                    let is = row[field].as_str().and_then(clock::read);
                    is.is_some_and(|is| match which {
                        "gte" => is >= asked,
                        "gt" => is > asked,
                        "lte" => is <= asked,
                        _ => is < asked,
                    })
                }
            },
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}
