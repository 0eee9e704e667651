//! Stripe's Checkout: <https://docs.stripe.com/api/checkout/sessions>. Forms go out, JSON comes in; amounts
//! are minor units. A key keeps its first answer for a day, also where that was a 500: what such an answer
//! hid is found in the list.

use std::fmt::Write;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::line::{Line, Request, needed, send, text};
use super::provider::{Back, Known, Provider, RefundHow, RefundSeen, Seen, Told, Trouble, Wish};
use super::states::How;
use crate::core::kernel::Money;

/// What the answers here are read by.
const VERSION: &str = "2026-10-28.endive";
/// How many a page of a list holds, and how many pages are read.
const PAGE: usize = 100;
const PAGES: usize = 100;
/// A page must be open for half an hour by Stripe's clock, which need not be ours: so much longer (s).
const SPARE: i64 = 15 * 60;

/// An account.
pub struct Stripe {
    line: Line,
    key: String,
}

impl Stripe {
    /// The account of a key.
    pub fn new(address: &str, key: String) -> Self {
        Self { line: Line::to(address), key }
    }

    fn ask(&self, method: Method, path: &str) -> Request {
        let ask = self.line.ask(method, path);
        ask.map(|it| it.bearer_auth(&self.key).header("stripe-version", VERSION))
    }

    /// What an answer hid that the key keeps for a day: among the newest of a list the one with our own word.
    async fn hidden(&self, path: &str, is_ours: impl Fn(&Value) -> bool) -> Told<Value> {
        let page = send(self.ask(Method::GET, path), says).await?;
        let found = page["data"].as_array().and_then(|all| all.iter().find(|one| is_ours(one)));
        found.cloned().ok_or_else(|| Trouble::Silent("Stripe does not know it yet".into()))
    }

    fn post(&self, path: &str, uuid: &str, body: &str) -> Request {
        let form =
            |it: RequestBuilder| it.header("content-type", "application/x-www-form-urlencoded");
        let ask = self.ask(Method::POST, path).map(form);
        ask.map(|it| it.header("idempotency-key", uuid).body(body.to_owned()))
    }
}

/// Values as a form: `{"a": {"b": "c"}}` is `a[b]=c`.
fn form(value: &Value) -> String {
    let mut out = String::new();
    write_form(&mut out, "", value);
    out
}

fn write_form(out: &mut String, name: &str, value: &Value) {
    let inner = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}[{key}]") };
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| write_form(out, &inner(key), value));
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                write_form(out, &inner(&at.to_string()), item);
            }
        }
        Value::String(text) => pair(out, name, text),
        other => pair(out, name, &other.to_string()),
    }
}

fn pair(out: &mut String, name: &str, value: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    escape(out, name);
    out.push('=');
    escape(out, value);
}

fn escape(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

fn says(error: &Value) -> Option<String> {
    text(&error["error"], "message").or_else(|| text(&error["error"], "code"))
}

fn seen(json: &Value) -> Told<Seen> {
    let how = match (needed(json, "status")?.as_str(), json["payment_status"].as_str()) {
        ("complete", Some("paid" | "no_payment_required")) => How::Paid,
        ("expired", _) => How::Gone("expired".into()),
        _ => How::Open,
    };
    let ends = json["expires_at"].as_i64().zip(json["created"].as_i64());
    Ok(Seen {
        reference: needed(json, "id")?,
        charge: text(json, "payment_intent"),
        uuid: text(json, "client_reference_id"),
        link: text(json, "url"),
        how,
        amount: json["amount_total"].as_i64().map(Money),
        fee: None,
        lasts: ends.map(|(ends, made)| (ends - made) * 1000),
    })
}

fn refund_seen(json: &Value) -> Told<RefundSeen> {
    let how = match needed(json, "status")?.as_str() {
        "succeeded" => RefundHow::Done,
        why @ ("failed" | "canceled") => {
            RefundHow::Refused(text(json, "failure_reason").unwrap_or_else(|| why.to_owned()))
        }
        _ => RefundHow::Open,
    };
    Ok(RefundSeen { reference: needed(json, "id")?, how })
}

impl Provider for Stripe {
    fn order(&self, wish: &Wish<'_>) -> String {
        form(&json!({
            "mode": "payment",
            "ui_mode": "hosted_page",
            "client_reference_id": wish.uuid,
            "metadata": {"attempt": wish.uuid},
            "payment_intent_data": {"metadata": {"attempt": wish.uuid}},
            "expires_at": wish.now / 1000 + wish.minutes * 60 + SPARE,
            "success_url": wish.back_to,
            "line_items": [{
                "quantity": 1,
                "price_data": {
                    "currency": wish.currency.to_lowercase(),
                    "unit_amount": wish.amount.0,
                    "product_data": {"name": wish.what},
                },
            }],
        }))
    }

    fn refund_order(&self, back: &Back<'_>) -> String {
        let payment = back.payment.charge.as_deref().unwrap_or_default();
        form(&json!({
            "payment_intent": payment,
            "amount": back.amount.0,
            "metadata": {"refund": back.uuid},
        }))
    }

    async fn create(&self, uuid: &str, body: &str) -> Told<Seen> {
        match send(self.post("/v1/checkout/sessions", uuid, body), says).await {
            Err(Trouble::Silent(_)) => {
                let is_ours = |one: &Value| one["client_reference_id"] == uuid;
                seen(&self.hidden("/v1/checkout/sessions?limit=100", is_ours).await?)
            }
            told => seen(&told?),
        }
    }

    async fn look(&self, known: &Known) -> Told<Seen> {
        let path = format!("/v1/checkout/sessions/{}", known.reference);
        seen(&send(self.ask(Method::GET, &path), says).await?)
    }

    async fn withdraw(&self, known: &Known) -> Told<bool> {
        let path = format!("/v1/checkout/sessions/{}/expire", known.reference);
        match send(self.ask(Method::POST, &path), says).await {
            Ok(_) => Ok(true),
            // It is paid, or over.
            Err(Trouble::No(_)) => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    async fn refund(&self, uuid: &str, body: &str) -> Told<RefundSeen> {
        match send(self.post("/v1/refunds", uuid, body), says).await {
            Err(Trouble::Silent(_)) => {
                let is_ours = |one: &Value| one["metadata"]["refund"] == uuid;
                refund_seen(&self.hidden("/v1/refunds?limit=100", is_ours).await?)
            }
            told => refund_seen(&told?),
        }
    }

    async fn look_refund(&self, reference: &str) -> Told<RefundSeen> {
        let path = format!("/v1/refunds/{reference}");
        refund_seen(&send(self.ask(Method::GET, &path), says).await?)
    }

    async fn list(&self, from: i64, to: i64) -> Told<Option<Vec<Seen>>> {
        let (from, to) = (from.div_euclid(1000), to.div_euclid(1000) + 1);
        let (mut all, mut after) = (Vec::new(), String::new());
        for _ in 0..PAGES {
            let path = format!(
                "/v1/checkout/sessions?limit={PAGE}&created%5Bgte%5D={from}&created%5Blte%5D={to}{after}"
            );
            let page = send(self.ask(Method::GET, &path), says).await?;
            let items = page["data"].as_array();
            let items = items.ok_or_else(|| Trouble::Silent("the list has no “data”".into()))?;
            for item in items {
                all.push(seen(item)?);
            }
            match (page["has_more"].as_bool(), all.last()) {
                (Some(true), Some(last)) => after = format!("&starting_after={}", last.reference),
                _ => return Ok(Some(all)),
            }
        }
        Err(Trouble::Silent("the list has more pages than can be read".into()))
    }

    async fn probe(&self) -> Told<()> {
        send(self.ask(Method::GET, "/v1/checkout/sessions?limit=1"), says).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_values_become_a_form() {
        let value = json!({"a": {"b": "c d"}, "items": [{"name": "Борщ"}, {"sum": 5}]});
        assert_eq!(
            form(&value),
            "a%5Bb%5D=c%20d&items%5B0%5D%5Bname%5D=%D0%91%D0%BE%D1%80%D1%89&items%5B1%5D%5Bsum%5D=5"
        );
    }
}
