//! How pages, payment intents and refunds are shown, one by one and in lists.

use serde_json::{Value, json};

use super::super::Desk;
use super::super::faults::{Call, Decision};
use super::super::ledger::{Ledger, Payment, Refund, RefundState, State};
use super::super::server::Request;
use super::{Checked, demand, known, metadata, missing, wrong};

/// Of a page. One that the guest has confirmed is complete, though the money may be on its way.
pub fn status(one: &Payment) -> &'static str {
    match one.state {
        State::Waiting => "open",
        State::Confirmed | State::Authorized | State::Paid | State::Declined => "complete",
        State::Withdrawn | State::Expired => "expired",
    }
}

fn pairs(asked: &Value, whole: &str) -> Value {
    metadata(asked, whole).unwrap_or_default().into()
}

pub fn session(one: &Payment) -> Value {
    let status = status(one);
    // Addresses of pages carry a long fragment.
    let fragment = "fidkdWxOYHwnPyd1blpxYHZxWjA0".repeat(12);
    let url = format!("https://checkout.stripe.com/c/pay/{}#{fragment}", one.id);
    let paid = if one.state == State::Paid { "paid" } else { "unpaid" };
    json!({
        "id": one.id, "object": "checkout.session", "livemode": false, "mode": "payment",
        "amount_subtotal": one.amount, "amount_total": one.amount, "currency": one.currency,
        "client_reference_id": one.reference, "metadata": pairs(&one.asked, "metadata"),
        "created": one.created_at / 1000, "expires_at": one.expires_at / 1000,
        "payment_intent": intent(one).map(|intent| intent["id"].clone()),
        "payment_method_types": ["card"], "status": status, "payment_status": paid,
        "success_url": one.asked["success_url"], "cancel_url": one.asked["cancel_url"],
        "ui_mode": "hosted_page", "url": (status == "open").then_some(url),
    })
}

/// Made when the guest confirms the page; `None` before.
pub fn intent(one: &Payment) -> Option<Value> {
    let status = match one.state {
        State::Waiting | State::Withdrawn | State::Expired => return None,
        State::Confirmed | State::Authorized => "processing",
        State::Paid => "succeeded",
        State::Declined => "requires_payment_method",
    };
    let id = one.transaction.as_ref()?;
    let received = if one.state == State::Paid { one.amount } else { 0 };
    Some(json!({
        "id": id, "object": "payment_intent", "livemode": false, "status": status,
        "amount": one.amount, "amount_received": received, "currency": one.currency,
        "created": one.created_at / 1000, "latest_charge": id.replacen("pi_", "ch_", 1),
        "metadata": pairs(&one.asked, "payment_intent_data[metadata]"),
    }))
}

pub fn refund(ledger: &Ledger, one: &Refund) -> Value {
    let paid = ledger.payment(&one.payment);
    let intent = paid.and_then(|paid| paid.transaction.clone()).unwrap_or_default();
    let status = match one.state {
        RefundState::Pending => "pending",
        RefundState::Done => "succeeded",
        RefundState::Failed => "failed",
    };
    let mut body = json!({
        "id": one.id, "object": "refund", "status": status, "amount": one.amount,
        "currency": paid.map(|paid| &paid.currency), "created": one.created_at / 1000,
        "payment_intent": intent, "charge": intent.replacen("pi_", "ch_", 1),
        "reason": one.asked["reason"], "metadata": pairs(&one.asked, "metadata"),
    });
    if one.state == RefundState::Failed {
        body["failure_reason"] = "insufficient_funds".into();
    }
    body
}

/// Newest first, page by page.
pub fn list(desk: &mut Desk, request: &Request, call: Call) -> Checked<Value> {
    let words: &[&str] = match call {
        Call::List => &["limit", "starting_after", "created", "status", "payment_intent", "expand"],
        _ => &["limit", "starting_after", "created", "charge", "payment_intent", "expand"],
    };
    known(request.query.keys(), words)?;
    let limit: usize = request.query.get("limit").map_or(Ok(10), |text| text.parse()).unwrap_or(0);
    demand((1..=100).contains(&limit), "limit", "From 1 to 100")?;
    let ledger = &desk.ledger;
    let rows: Vec<Value> = match call {
        Call::List => ledger.payments.iter().map(session).collect(),
        _ => ledger.refunds.iter().map(|one| refund(ledger, one)).collect(),
    };
    let mut before = rows.len();
    if let Some(last) = request.query.get("starting_after") {
        let at = rows.iter().position(|row| row["id"].as_str() == Some(last));
        let Some(at) = at else { return missing("starting_after", last) };
        before = at + usize::from(desk.script.is_decided(Decision::PageRepeats));
    }
    let mut data = Vec::new();
    for row in rows.iter().take(before).rev() {
        if is_asked_for(row, request)? {
            data.push(row.clone());
        }
    }
    let has_more = data.len() > limit;
    data.truncate(limit);
    Ok(json!({"object": "list", "url": request.path, "has_more": has_more, "data": data}))
}

fn is_asked_for(row: &Value, request: &Request) -> Checked<bool> {
    for (name, asked) in &request.query {
        let holds = match name.as_str() {
            "limit" | "starting_after" => true,
            "status" | "payment_intent" | "charge" => row[name.as_str()].as_str() == Some(asked),
            _ if name.starts_with("expand") => true,
            _ => {
                let Ok(asked) = asked.parse::<i64>() else {
                    return wrong("parameter_invalid_integer", name, "Whole seconds since 1970");
                };
                let created = row["created"].as_i64().unwrap_or_default();
                match name.as_str() {
                    "created" => created == asked,
                    "created[gte]" => created >= asked,
                    "created[gt]" => created > asked,
                    "created[lte]" => created <= asked,
                    "created[lt]" => created < asked,
                    _ => return wrong("parameter_unknown", name, "gte, gt, lte or lt"),
                }
            }
        };
        if !holds {
            return Ok(false);
        }
    }
    Ok(true)
}
