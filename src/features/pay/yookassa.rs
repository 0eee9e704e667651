//! ЮKassa, API v3: <https://yookassa.ru/developers/api>. Amounts are `"1000.00"`; a repeat under the same
//! `Idempotence-Key` is answered as the first time, for a day.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::line::{Line, Request, needed, send, text};
use super::provider::{Back, Known, Provider, RefundHow, RefundSeen, Seen, Told, Trouble, Wish};
use super::receipt::receipt;
use super::states::How;
use crate::core::kernel::{Money, Timestamp};
use crate::features::fiscal::Taxation;

/// The longest description, in characters.
const LONGEST_WHAT: usize = 128;
/// How many a page of a list holds, and how many pages are read.
const PAGE: usize = 100;
const PAGES: usize = 100;
/// Why a payment is over that nobody refused.
const OVER: [&str; 3] = ["expired_on_confirmation", "expired_on_capture", "canceled_by_merchant"];

/// A shop.
pub struct Yookassa {
    line: Line,
    shop: String,
    key: String,
    taxation: Taxation,
    receipt_to: String,
}

impl Yookassa {
    /// The shop of an account.
    pub fn new(
        address: &str,
        (shop, key): (String, String),
        (taxation, receipt_to): (Taxation, String),
    ) -> Self {
        Self { line: Line::to(address), shop, key, taxation, receipt_to }
    }

    fn ask(&self, method: Method, path: &str) -> Request {
        self.line.ask(method, path).map(|it| it.basic_auth(&self.shop, Some(&self.key)))
    }

    fn post(&self, path: &str, uuid: &str, body: &str) -> Request {
        let json = |it: RequestBuilder| it.header("content-type", "application/json");
        let ask = self.ask(Method::POST, path).map(json);
        ask.map(|it| it.header("idempotence-key", uuid).body(body.to_owned()))
    }
}

fn says(error: &Value) -> Option<String> {
    text(error, "description")
}

fn sum(amount: Money, currency: &str) -> Value {
    json!({"value": amount.to_string(), "currency": currency})
}

fn money(amount: &Value) -> Option<Money> {
    Money::parse(amount["value"].as_str()?).ok()
}

fn moment(json: &Value, key: &str) -> Option<i64> {
    let text = json[key].as_str()?;
    serde_json::from_value::<Timestamp>(Value::from(text)).ok().map(|at| at.0)
}

fn seen(json: &Value) -> Told<Seen> {
    let amount = money(&json["amount"]);
    let income = money(&json["income_amount"]);
    let reason = json["cancellation_details"]["reason"].as_str().unwrap_or("canceled");
    let how = match needed(json, "status")?.as_str() {
        "succeeded" => How::Paid,
        "canceled" if OVER.contains(&reason) => How::Gone(reason.to_owned()),
        "canceled" => How::Refused(reason.to_owned()),
        _ => How::Open,
    };
    let ends = moment(json, "expires_at").zip(moment(json, "created_at"));
    Ok(Seen {
        reference: needed(json, "id")?,
        charge: None,
        uuid: text(&json["metadata"], "attempt"),
        link: text(&json["confirmation"], "confirmation_url"),
        how,
        amount,
        fee: amount.zip(income).map(|(amount, income)| amount - income),
        lasts: ends.map(|(ends, made)| ends - made),
    })
}

fn refund_seen(json: &Value) -> Told<RefundSeen> {
    let how = match needed(json, "status")?.as_str() {
        "succeeded" => RefundHow::Done,
        "canceled" => {
            let why = json["cancellation_details"]["reason"].as_str();
            RefundHow::Refused(why.unwrap_or("canceled").to_owned())
        }
        _ => RefundHow::Open,
    };
    Ok(RefundSeen { reference: needed(json, "id")?, how })
}

impl Provider for Yookassa {
    fn order(&self, wish: &Wish<'_>) -> String {
        let mut order = json!({
            "amount": sum(wish.amount, wish.currency),
            "capture": true,
            "description": wish.what.chars().take(LONGEST_WHAT).collect::<String>(),
            "metadata": {"attempt": wish.uuid},
            "confirmation": {"type": "redirect", "return_url": wish.back_to},
        });
        if let Some(sold) = wish.receipt {
            order["receipt"] = receipt(sold, wish.currency, (self.taxation, &self.receipt_to));
        }
        order.to_string()
    }

    fn refund_order(&self, back: &Back<'_>) -> String {
        let mut order = json!({
            "payment_id": back.payment.reference,
            "amount": sum(back.amount, back.currency),
        });
        if let Some(sold) = back.receipt {
            order["receipt"] = receipt(sold, back.currency, (self.taxation, &self.receipt_to));
        }
        order.to_string()
    }

    async fn create(&self, uuid: &str, body: &str) -> Told<Seen> {
        seen(&send(self.post("/payments", uuid, body), says).await?)
    }

    async fn look(&self, known: &Known) -> Told<Seen> {
        let path = format!("/payments/{}", known.reference);
        seen(&send(self.ask(Method::GET, &path), says).await?)
    }

    async fn withdraw(&self, _: &Known) -> Told<bool> {
        // A payment that waits for the guest can be left to run out, and no more.
        Ok(false)
    }

    async fn refund(&self, uuid: &str, body: &str) -> Told<RefundSeen> {
        refund_seen(&send(self.post("/refunds", uuid, body), says).await?)
    }

    async fn look_refund(&self, reference: &str) -> Told<RefundSeen> {
        let path = format!("/refunds/{reference}");
        refund_seen(&send(self.ask(Method::GET, &path), says).await?)
    }

    async fn list(&self, from: i64, to: i64) -> Told<Option<Vec<Seen>>> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        for _ in 0..PAGES {
            let (from, to) = (Timestamp(from).to_string(), Timestamp(to).to_string());
            let path = match &cursor {
                Some(cursor) => format!("/payments?limit={PAGE}&cursor={cursor}"),
                None => {
                    format!("/payments?limit={PAGE}&created_at.gte={from}&created_at.lte={to}")
                }
            };
            let page = send(self.ask(Method::GET, &path), says).await?;
            let items = page["items"].as_array();
            let items = items.ok_or_else(|| Trouble::Silent("the list has no “items”".into()))?;
            for item in items {
                all.push(seen(item)?);
            }
            cursor = text(&page, "next_cursor");
            if cursor.is_none() {
                return Ok(Some(all));
            }
        }
        Err(Trouble::Silent("the list has more pages than can be read".into()))
    }

    async fn probe(&self) -> Told<()> {
        send(self.ask(Method::GET, "/payments?limit=1"), says).await.map(drop)
    }
}
