//! Stripe Checkout: docs.stripe.com/api/{checkout/sessions, payment_intents, refunds, errors,
//! idempotent_requests, pagination}, of the version that is pinned.

mod session;
mod show;

use serde_json::{Map, Value, json};

use super::faults::{Call, Decision};
use super::ledger::{Payment, Refund, RefundState, State};
use super::server::{Reply, Request, form};
use super::{Desk, SECRET, STRIPE_VERSION};

/// A reply that is a refusal.
struct Refused {
    status: u16,
    kind: &'static str,
    code: &'static str,
    parameter: String,
    sentence: String,
    /// Whether a document says otherwise than the request; else it is how things stand.
    is_complaint: bool,
    /// Whether it was carried out so far that the key keeps the result: a parameter that is wrong was not.
    is_kept: bool,
}

type Checked<T> = Result<T, Refused>;

impl Refused {
    fn new(status: u16, code: &'static str, parameter: &str, sentence: &str) -> Self {
        Self {
            status,
            kind: "invalid_request_error",
            code,
            parameter: parameter.to_owned(),
            sentence: sentence.to_owned(),
            is_complaint: true,
            is_kept: false,
        }
    }

    fn reply(&self) -> Reply {
        let mut error = json!({"type": self.kind, "message": self.sentence});
        for (name, text) in [("code", self.code), ("param", &self.parameter)] {
            if !text.is_empty() {
                error[name] = text.into();
            }
        }
        Reply::status(self.status, json!({ "error": error }))
    }
}

/// The request breaks a rule of the documents.
fn wrong<T>(code: &'static str, parameter: &str, sentence: &str) -> Checked<T> {
    Err(Refused::new(400, code, parameter, sentence))
}

/// Nothing in the request is wrong: so things stand.
fn plain<T>(code: &'static str, parameter: &str, sentence: &str) -> Checked<T> {
    let refused = Refused::new(400, code, parameter, sentence);
    Err(Refused { is_complaint: false, ..refused })
}

/// The same, and it was looked at so far that the key keeps it.
fn kept<T>(code: &'static str, parameter: &str, sentence: &str) -> Checked<T> {
    plain(code, parameter, sentence).map_err(|refused| Refused { is_kept: true, ..refused })
}

fn demand(holds: bool, parameter: &str, sentence: &str) -> Checked<()> {
    if holds { Ok(()) } else { wrong("parameter_invalid", parameter, sentence) }
}

fn missing<T>(what: &str, id: &str) -> Checked<T> {
    let refused = Refused::new(404, "resource_missing", what, &format!("No such {what}: '{id}'"));
    Err(Refused { is_complaint: false, ..refused })
}

pub(super) fn call(request: &Request) -> Option<Call> {
    match (request.method.as_str(), request.parts().as_slice()) {
        ("POST", ["v1", "checkout", "sessions"]) => Some(Call::Create),
        ("GET", ["v1", "checkout", "sessions"]) => Some(Call::List),
        ("GET", ["v1", "checkout", "sessions", _] | ["v1", "payment_intents", _]) => {
            Some(Call::Ask)
        }
        ("POST", ["v1", "checkout", "sessions", _, "expire"]) => Some(Call::Withdraw),
        ("POST", ["v1", "refunds"]) => Some(Call::Refund),
        ("GET", ["v1", "refunds"]) => Some(Call::ListRefunds),
        ("GET", ["v1", "refunds", _]) => Some(Call::AskRefund),
        _ => None,
    }
}

pub(super) fn trouble(status: u16) -> Reply {
    let kind = if status < 500 { "invalid_request_error" } else { "api_error" };
    let code = match status {
        409 => "idempotency_key_in_use",
        429 => "rate_limit",
        _ => "",
    };
    Refused { kind, ..Refused::new(status, code, "", "Try again later") }.reply()
}

pub(super) fn answer(desk: &mut Desk, request: &Request) -> Reply {
    called(desk, request).unwrap_or_else(|refused| {
        if refused.is_complaint {
            let Refused { parameter, sentence, .. } = &refused;
            let told = format!("{}: {parameter}: {sentence}", request.line());
            desk.ledger.complaints.push(told);
        }
        refused.reply()
    })
}

fn called(desk: &mut Desk, request: &Request) -> Checked<Reply> {
    let is_basic = request.basic().as_deref() == Some(&format!("{SECRET}:"));
    if !is_basic && request.bearer() != Some(SECRET) {
        return Err(Refused::new(401, "", "", "Invalid API Key provided"));
    }
    let Some(call) = call(request) else {
        return Err(Refused::new(404, "", "", "Unrecognized request URL"));
    };
    if request.header("stripe-version") != Some(STRIPE_VERSION) {
        return wrong("", "Stripe-Version", "The version is pinned with each request");
    }
    if request.method == "GET" {
        return read(desk, request, call).map(Reply::ok);
    }
    let is_form = request.media_type() == "application/x-www-form-urlencoded";
    demand(is_form || request.body.is_empty(), "Content-Type", "The body is a form")?;
    let asked = fields(request)?;
    let Some(key) = request.header("idempotency-key") else {
        return change(desk, request, call, None, &asked).map(Reply::ok);
    };
    demand((1..=255).contains(&key.len()), "Idempotency-Key", "From 1 to 255 characters")?;
    match desk.ledger.repeated(key, &request.line(), &asked) {
        Ok(Some(first)) => Ok(Reply { is_replayed: true, ..first.reply.clone() }),
        Ok(None) => {
            let changed = change(desk, request, call, Some(key), &asked);
            let kept = match &changed {
                Ok(body) => Some(Reply::ok(body.clone())),
                Err(refused) => refused.is_kept.then(|| refused.reply()),
            };
            if let Some(reply) = kept {
                desk.ledger.keep(key, request, &asked, &reply);
            }
            changed.map(Reply::ok)
        }
        Err(first) => {
            let same = if first == request.line() { "parameters" } else { "endpoint" };
            let sentence = format!(
                "Keys for idempotent requests can only be used with the same {same} they were first used \
                 with. Try using a key other than '{key}' if you meant to execute a different request."
            );
            let refused = Refused::new(400, "", "", &sentence);
            Err(Refused { kind: "idempotency_error", ..refused })
        }
    }
}

/// The form as it came, each parameter once: `{"line_items[0][quantity]": "1"}`.
fn fields(request: &Request) -> Checked<Value> {
    let Ok(text) = std::str::from_utf8(&request.body) else {
        return wrong("", "", "The body is a form in UTF-8");
    };
    let mut fields = Map::new();
    for (name, value) in form(text) {
        if fields.insert(name.clone(), value.into()).is_some() && !name.ends_with("[]") {
            return wrong("parameter_invalid", &name, "The parameter is there twice");
        }
    }
    Ok(fields.into())
}

/// The first word of `line_items[0][quantity]`.
fn root(name: &str) -> &str {
    name.split('[').next().unwrap_or_default()
}

fn known<'a>(mut names: impl Iterator<Item = &'a String>, words: &[&str]) -> Checked<()> {
    match names.find(|name| !words.contains(&root(name))) {
        Some(unknown) => {
            let sentence = format!("Received unknown parameter: {unknown}");
            wrong("parameter_unknown", unknown, &sentence)
        }
        None => Ok(()),
    }
}

/// 50 pairs with names of 40 and values of 500 characters.
fn metadata(asked: &Value, whole: &str) -> Checked<Map<String, Value>> {
    let mut pairs = Map::new();
    for (name, value) in asked.as_object().into_iter().flatten() {
        let Some(rest) = name.strip_prefix(whole).and_then(|rest| rest.strip_prefix('[')) else {
            continue;
        };
        let name = rest.strip_suffix(']').unwrap_or(rest);
        let length = value.as_str().map_or(0, |text| text.chars().count());
        let fits = name.chars().count() <= 40 && !name.contains(['[', ']']) && length <= 500;
        demand(fits, whole, "Names of up to 40 characters, values of up to 500")?;
        pairs.insert(name.to_owned(), value.clone());
    }
    demand(pairs.len() <= 50, whole, "Up to 50 pairs")?;
    Ok(pairs)
}

fn read(desk: &mut Desk, request: &Request, call: Call) -> Checked<Value> {
    let parts = request.parts();
    let id = parts.last().copied().unwrap_or_default();
    match (call, parts.as_slice()) {
        (Call::Ask, [_, "payment_intents", _]) => {
            let is_it = |one: &&Payment| one.transaction.as_deref() == Some(id);
            match desk.ledger.payments.iter().find(is_it).and_then(show::intent) {
                Some(intent) => Ok(intent),
                None => missing("payment_intent", id),
            }
        }
        (Call::Ask, _) => match desk.ledger.payment(id) {
            Some(one) => Ok(show::session(one)),
            None => missing("checkout.session", id),
        },
        (Call::AskRefund, _) => match desk.ledger.refund_asked(id).cloned() {
            Some(one) => Ok(show::refund(&desk.ledger, &one)),
            None => missing("refund", id),
        },
        _ => show::list(desk, request, call),
    }
}

fn change(
    desk: &mut Desk,
    request: &Request,
    call: Call,
    key: Option<&str>,
    asked: &Value,
) -> Checked<Value> {
    match call {
        Call::Create => session::create(desk, request, key, asked),
        Call::Refund => refund(desk, request, key, asked),
        _ => {
            known(asked.as_object().into_iter().flat_map(Map::keys), &["expand"])?;
            let id = request.parts().get(3).copied().unwrap_or_default();
            let Ok(one) = desk.ledger.payment_mut(id) else {
                return missing("checkout.session", id);
            };
            let status = show::status(one);
            if status != "open" {
                let sentence = format!(
                    "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout \
                     Session has a status of `{status}`."
                );
                return kept("", "", &sentence);
            }
            one.state = State::Withdrawn;
            Ok(show::session(one))
        }
    }
}

/// What is to go back, and of which payment.
fn refunded<'a>(desk: &'a Desk, asked: &Value) -> Checked<(&'a Payment, i64)> {
    let words = ["payment_intent", "charge", "amount", "reason", "metadata", "expand"];
    known(asked.as_object().into_iter().flat_map(Map::keys), &words)?;
    let reasons = ["duplicate", "fraudulent", "requested_by_customer"];
    let is_reason = asked["reason"].as_str().is_none_or(|reason| reasons.contains(&reason));
    demand(is_reason, "reason", "duplicate, fraudulent or requested_by_customer")?;
    metadata(asked, "metadata")?;
    let Some(id) = asked["payment_intent"].as_str() else {
        return wrong("parameter_missing", "payment_intent", "The payment intent that was paid");
    };
    let is_it = |one: &&Payment| one.transaction.as_deref() == Some(id);
    let Some(paid) = desk.ledger.payments.iter().find(is_it) else {
        return missing("payment_intent", id);
    };
    if paid.state != State::Paid {
        return kept(
            "",
            "payment_intent",
            "This PaymentIntent does not have a successful charge to refund.",
        );
    }
    let left = paid.amount - desk.ledger.refunded(&paid.id);
    if left == 0 {
        return kept("charge_already_refunded", "", "The charge has already been refunded.");
    }
    let amount = match asked["amount"].as_str() {
        None => left,
        Some(text) => text.parse::<i64>().unwrap_or_default(),
    };
    demand(amount > 0, "amount", "A whole number of the smallest unit, above 0")?;
    if amount > left {
        let sentence = format!(
            "Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        );
        return kept("", "amount", &sentence);
    }
    Ok((paid, amount))
}

fn refund(desk: &mut Desk, request: &Request, key: Option<&str>, asked: &Value) -> Checked<Value> {
    let (paid, amount) = refunded(desk, asked)?;
    let (payment, is_part) = (paid.id.clone(), amount < paid.amount);
    if is_part && desk.script.is_decided(Decision::PartialRefundRefused) {
        return kept("", "amount", "Partial refunds are not supported for this payment method.");
    }
    let waits = desk.script.is_decided(Decision::RefundWaits);
    let fails = desk.script.is_decided(Decision::RefundFails);
    let number = desk.ledger.number();
    let refund = Refund {
        id: format!("re_3{number:023}"),
        payment,
        amount,
        state: if waits || fails { RefundState::Pending } else { RefundState::Done },
        created_at: request.now,
        key: key.map(str::to_owned),
        body: request.body.to_vec(),
        asked: asked.clone(),
        receipt: None,
        ends: (fails && !waits).then_some(RefundState::Failed),
    };
    let body = show::refund(&desk.ledger, &refund);
    desk.ledger.refunds.push(refund);
    Ok(body)
}
