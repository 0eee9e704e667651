//! A page of Checkout is made.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::Desk;
use super::super::ledger::{Payment, Receipt, State};
use super::super::server::Request;
use super::{Checked, demand, known, metadata, plain, show, wrong};

const MINUTE: i64 = 60_000;
/// "From 30 minutes to 24 hours after creation", and 24 hours when nothing is said.
const SHORTEST: i64 = 30 * MINUTE;
const LONGEST: i64 = 24 * 60 * MINUTE;
/// Of most currencies, in their smallest unit.
const LEAST: i64 = 50;
const MOST: i64 = 99_999_999;

const OF_A_SESSION: &[&str] = &[
    "mode",
    "success_url",
    "cancel_url",
    "client_reference_id",
    "expires_at",
    "ui_mode",
    "locale",
    "currency",
    "customer_email",
    "submit_type",
    "payment_method_types",
    "payment_method_options",
    "payment_intent_data",
    "metadata",
    "line_items",
    "expand",
];

pub fn create(
    desk: &mut Desk,
    request: &Request,
    key: Option<&str>,
    asked: &Value,
) -> Checked<Value> {
    known(asked.as_object().into_iter().flat_map(Map::keys), OF_A_SESSION)?;
    demand(asked["mode"] == "payment", "mode", "payment: it is paid once")?;
    let is_page = asked.get("ui_mode").is_none_or(|mode| mode == "hosted_page");
    demand(is_page, "ui_mode", "hosted_page: the guest has no page of ours")?;
    let is_url = |name: &str| asked[name].as_str().is_some_and(|url| url.starts_with("http"));
    demand(is_url("success_url"), "success_url", "A whole address")?;
    let has_no_way_back = asked.get("cancel_url").is_none();
    demand(has_no_way_back || is_url("cancel_url"), "cancel_url", "A whole address")?;
    let reference = asked["client_reference_id"].as_str();
    let is_short = reference.is_none_or(|text| text.chars().count() <= 200);
    demand(is_short, "client_reference_id", "Up to 200 characters")?;
    metadata(asked, "metadata")?;
    metadata(asked, "payment_intent_data[metadata]")?;
    let (amount, currency) = sum(asked)?;
    let expires_at = expiry(asked, request.now)?;
    let number = desk.ledger.number();
    desk.ledger.payments.push(Payment {
        id: format!("cs_test_a1{number:056}"),
        transaction: Some(format!("pi_3{number:023}")),
        amount,
        currency,
        reference: reference.map(str::to_owned),
        state: State::Waiting,
        created_at: request.now,
        expires_at,
        paid_at: None,
        key: key.map(str::to_owned),
        body: request.body.to_vec(),
        asked: asked.clone(),
        receipt: None,
        receipt_ends: Receipt::Succeeded,
        is_two_stage: false,
    });
    Ok(desk.ledger.payments.last().map(show::session).unwrap_or_default())
}

fn expiry(asked: &Value, now: i64) -> Checked<i64> {
    let Some(text) = asked["expires_at"].as_str() else { return Ok(now + LONGEST) };
    let Ok(seconds) = text.parse::<i64>() else {
        return wrong("parameter_invalid_integer", "expires_at", "Whole seconds since 1970");
    };
    let moment = seconds.saturating_mul(1000);
    demand(moment < now.saturating_mul(100), "expires_at", "Seconds, no milliseconds")?;
    // Both ends are by Stripe's clock, in whole seconds.
    let created = now / 1000 * 1000;
    if (created + SHORTEST..=created + LONGEST).contains(&moment) {
        Ok(moment)
    } else {
        let sentence = "The `expires_at` timestamp must be from 30 minutes to 24 hours from now.";
        plain("", "expires_at", sentence)
    }
}

/// What the lines come to, and in which currency.
fn sum(asked: &Value) -> Checked<(i64, String)> {
    let mut lines: BTreeMap<usize, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, value) in asked.as_object().into_iter().flatten() {
        let Some(rest) = name.strip_prefix("line_items[") else { continue };
        let place = rest.split_once(']').and_then(|(at, field)| Some((at.parse().ok()?, field)));
        let Some((at, field)) = place else {
            return wrong("parameter_invalid", name, "Lines are counted: line_items[0][quantity]");
        };
        lines.entry(at).or_default().insert(field, value.as_str().unwrap_or_default());
    }
    demand((1..=100).contains(&lines.len()), "line_items", "From 1 to 100 lines")?;
    let (mut total, mut currency) = (0_i64, None);
    for (at, line) in &lines {
        let (amount, its_currency) = of_line(line, &format!("line_items[{at}]"))?;
        total = total.saturating_add(amount);
        let is_same = *currency.get_or_insert(its_currency) == its_currency;
        demand(is_same, "line_items", "All lines are in one currency")?;
    }
    if total < LEAST {
        return plain(
            "amount_too_small",
            "",
            "The Checkout Session's total amount must be at least 50",
        );
    }
    if total > MOST {
        return plain("amount_too_large", "", "The total amount must be no more than 99999999");
    }
    Ok((total, currency.unwrap_or_default().to_owned()))
}

const OF_A_LINE: &[&str] = &[
    "[quantity]",
    "[price_data][currency]",
    "[price_data][unit_amount]",
    "[price_data][product_data][name]",
    "[price_data][product_data][description]",
];

fn of_line<'a>(line: &BTreeMap<&'a str, &'a str>, whole: &str) -> Checked<(i64, &'a str)> {
    if let Some(unknown) = line.keys().find(|name| !OF_A_LINE.contains(name)) {
        let sentence = format!("Received unknown parameter: {whole}{unknown}");
        return wrong("parameter_unknown", whole, &sentence);
    }
    let field = |name: &str| line.get(name).copied().unwrap_or_default();
    let number = |name: &str| match field(name).parse::<i64>() {
        Ok(number) => Ok(number),
        Err(_) => wrong("parameter_invalid_integer", name, "A whole number"),
    };
    let has_name = !field("[price_data][product_data][name]").is_empty();
    demand(has_name, whole, "price_data[product_data][name] is what is sold")?;
    let currency = field("[price_data][currency]");
    let is_code = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_lowercase());
    demand(is_code, whole, "price_data[currency] has three small letters")?;
    let price = number("[price_data][unit_amount]")?;
    let quantity = number("[quantity]")?;
    demand(price >= 0 && quantity > 0, whole, "A price is not below 0, a quantity is above it")?;
    Ok((price.saturating_mul(quantity), currency))
}
