//! The SBP by Raiffeisenbank: <https://pay.raif.ru/doc/sbp.html>. Amounts are roubles as numbers. It knows no
//! keys: the numbers of orders and refunds are ours, and stand for them.

use reqwest::Method;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::line::{Line, Request, needed, send, text};
use super::provider::{Back, Known, Provider, RefundHow, RefundSeen, Seen, Told, Trouble, Wish};
use super::states::How;
use crate::core::kernel::{Money, Timestamp};

/// The longest purpose of a payment, in characters.
const LONGEST_WHAT: usize = 140;

/// A merchant of the bank.
pub struct Raiffeisen {
    line: Line,
    merchant: String,
    key: String,
}

/// A code as it is registered. By hand, since an amount must not go through a float.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Order<'a> {
    amount: Box<RawValue>,
    currency: &'a str,
    #[serde(rename = "order")]
    number: &'a str,
    payment_details: String,
    qr_type: &'static str,
    qr_expiration_date: String,
    sbp_merchant_id: &'a str,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Refund<'a> {
    amount: Box<RawValue>,
    order: &'a str,
    #[serde(rename = "refundId")]
    number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<i64>,
}

impl Raiffeisen {
    /// The merchant of an account.
    pub fn new(address: &str, (merchant, key): (String, String)) -> Self {
        Self { line: Line::to(address), merchant, key }
    }

    fn ask(&self, method: Method, path: &str) -> Request {
        self.line.ask(method, path).map(|it| it.bearer_auth(&self.key))
    }

    fn post(&self, path: &str, body: &str) -> Request {
        let json = ("content-type", "application/json");
        self.ask(Method::POST, path).map(|it| it.header(json.0, json.1).body(body.to_owned()))
    }

    async fn payment(&self, reference: &str) -> Told<Value> {
        let path = format!("/sbp/v1/qr/{reference}/payment-info");
        match heard(self.ask(Method::GET, &path)).await {
            // Nobody has paid it yet.
            Err(Trouble::No(_)) => Ok(json!({"paymentStatus": "NO_INFO"})),
            told => told,
        }
    }
}

fn says(error: &Value) -> Option<String> {
    text(error, "message").or_else(|| text(error, "code"))
}

/// A moment as the bank takes it: `2026-11-30T21:15:00+00:00`.
fn offset(moment: i64) -> String {
    let utc = Timestamp(moment).to_string();
    format!("{}+00:00", utc.get(..19).unwrap_or_default())
}

/// What is wrong stands in `code`, and the status of HTTP is 200 nevertheless.
async fn heard(request: Request) -> Told<Value> {
    let told = send(request, says).await?;
    match told["code"].as_str() {
        None | Some("SUCCESS") => Ok(told),
        Some("ERROR.INTERNAL") => Err(Trouble::Silent("the bank is not well".into())),
        Some(code) => Err(Trouble::No(says(&told).unwrap_or_else(|| code.to_owned()))),
    }
}

/// A number as it is written: `1110.50`.
fn sum(amount: Money) -> Box<RawValue> {
    RawValue::from_string(amount.to_string()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn write(body: &impl serde::Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

fn money(amount: &Value) -> Option<Money> {
    amount.as_number().and_then(|number| Money::parse(&number.to_string()).ok())
}

fn moment(json: &Value, key: &str) -> Option<i64> {
    serde_json::from_value::<Timestamp>(json[key].clone()).ok().map(|at| at.0)
}

fn number(json: &Value, key: &str) -> Option<String> {
    json[key].as_i64().map(|number| number.to_string()).or_else(|| text(json, key))
}

fn refund_seen(json: &Value, refund_id: &str) -> Told<RefundSeen> {
    let how = match needed(json, "refundStatus")?.as_str() {
        "COMPLETED" => RefundHow::Done,
        "DECLINED" => RefundHow::Refused("the bank declined it".into()),
        _ => RefundHow::Open,
    };
    Ok(RefundSeen { reference: refund_id.to_owned(), how })
}

impl Provider for Raiffeisen {
    fn order(&self, wish: &Wish<'_>) -> String {
        write(&Order {
            amount: sum(wish.amount),
            currency: wish.currency,
            number: wish.uuid,
            payment_details: wish.what.chars().take(LONGEST_WHAT).collect(),
            qr_type: "QRDynamic",
            qr_expiration_date: offset(wish.now + wish.minutes * 60_000),
            sbp_merchant_id: &self.merchant,
        })
    }

    fn refund_order(&self, back: &Back<'_>) -> String {
        let transaction_id = back.payment.charge.as_deref().and_then(|id| id.parse().ok());
        let (order, refund_id) = (&*back.payment.uuid, back.uuid);
        write(&Refund { amount: sum(back.amount), order, number: refund_id, transaction_id })
    }

    async fn create(&self, uuid: &str, body: &str) -> Told<Seen> {
        let code = heard(self.post("/sbp/v1/qr/register", body)).await?;
        Ok(Seen {
            reference: needed(&code, "qrId")?,
            charge: None,
            uuid: Some(uuid.to_owned()),
            link: Some(needed(&code, "payload")?),
            how: How::Open,
            amount: None,
            fee: None,
            lasts: None,
        })
    }

    async fn look(&self, known: &Known) -> Told<Seen> {
        let reference = &known.reference;
        let paid = self.payment(reference).await?;
        let how = match needed(&paid, "paymentStatus")?.as_str() {
            "SUCCESS" => How::Paid,
            "DECLINED" => How::Refused("the bank declined it".into()),
            "IN_PROGRESS" => How::Open,
            _ => {
                let path = format!("/sbp/v2/qrs/{reference}");
                let code = heard(self.ask(Method::GET, &path)).await?;
                match code["qrStatus"].as_str().unwrap_or_default() {
                    over @ ("EXPIRED" | "CANCELLED" | "INACTIVE") => How::Gone(over.to_lowercase()),
                    _ => How::Open,
                }
            }
        };
        let ends = moment(&paid, "qrExpirationDate").zip(moment(&paid, "createDate"));
        Ok(Seen {
            reference: reference.clone(),
            charge: number(&paid, "transactionId"),
            uuid: text(&paid, "order"),
            link: None,
            how,
            amount: money(&paid["amount"]),
            fee: None,
            lasts: ends.map(|(ends, made)| ends - made),
        })
    }

    async fn withdraw(&self, known: &Known) -> Told<bool> {
        let path = format!("/sbp/v2/qrs/{}", known.reference);
        match heard(self.ask(Method::DELETE, &path)).await {
            Ok(_) => Ok(true),
            // It is paid, or over.
            Err(Trouble::No(_)) => Ok(false),
            Err(trouble) => Err(trouble),
        }
    }

    async fn refund(&self, uuid: &str, body: &str) -> Told<RefundSeen> {
        match heard(self.post("/sbp/v1/refund", body)).await {
            Ok(told) => refund_seen(&told, uuid),
            // A number that was used before is refused: then it is there.
            Err(Trouble::No(why)) => match self.look_refund(uuid).await {
                Err(Trouble::No(_)) => Err(Trouble::No(why)),
                told => told,
            },
            Err(trouble) => Err(trouble),
        }
    }

    async fn look_refund(&self, reference: &str) -> Told<RefundSeen> {
        let path = format!("/sbp/v1/refund/{reference}");
        refund_seen(&heard(self.ask(Method::GET, &path)).await?, reference)
    }

    async fn list(&self, _from: i64, _to: i64) -> Told<Option<Vec<Seen>>> {
        // The bank has a register of operations for people, and none for programs.
        Ok(None)
    }

    async fn probe(&self) -> Told<()> {
        // Of a code that is not there whoever takes the key says just that.
        self.payment("AD000000000000000000000000000000").await.map(drop)
    }
}
