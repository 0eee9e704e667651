//! What ATOL's server says. Pure.

use jiff::civil::DateTime;
use serde_json::Value;

use super::numbers::money;
use crate::core::kernel::Money;
use crate::features::fiscal::register::{Kept, Proof, Refusal, Told};
use crate::features::fiscal::states::DocumentKind;
use crate::features::fiscal::types::{Health, ShiftState};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// What became of the first task of a request.
pub fn told(reply: &Value) -> Told {
    let task = &reply["results"][0];
    match task["status"].as_str().unwrap_or_default() {
        "ready" => Told::Made(proof(&task["result"])),
        "error" | "interrupted" | "canceled" => Told::NotMade(refusal(&task["error"])),
        status @ ("wait" | "inProgress" | "blocked") => {
            let words = task["error"]["description"].as_str().unwrap_or_default();
            Told::Pending(format!("the register says “{status}” {words}").trim_end().to_owned())
        }
        other => Told::Pending(format!("the register says “{other}”, which is not understood")),
    }
}

/// Why something is refused.
pub fn refusal(error: &Value) -> Refusal {
    let words = error["description"].as_str().unwrap_or("no reason was told");
    Refusal { code: error["code"].as_i64().unwrap_or(0), words: words.to_owned() }
}

/// What is known of a document that was made.
pub fn proof(result: &Value) -> Proof {
    let params = &result["fiscalParams"];
    Proof {
        number: params["fiscalDocumentNumber"].as_i64(),
        sign: text(&params["fiscalDocumentSign"]),
        storage: text(&params["fnNumber"]),
        registration: text(&params["registrationNumber"]),
        shift_number: params["shiftNumber"].as_i64(),
        receipt_number: params["fiscalReceiptNumber"].as_i64(),
        made_at: text(&params["fiscalDocumentDateTime"]),
        is_not_printed: result["warnings"]["notPrinted"].as_bool().unwrap_or(false),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A document as it is read back from the storage, by its tags.
pub fn kept(result: &Value) -> Kept {
    let tags = &result["documentTLV"];
    let sum = |tag: &str| money(&tags[tag]).unwrap_or(Money::ZERO);
    let kind = match (tags["fiscalDocumentType"].as_str(), tags["1054"].as_i64()) {
        (Some("receipt"), Some(1)) => Some(DocumentKind::Sell),
        (Some("receipt"), Some(2)) => Some(DocumentKind::SellReturn),
        (Some("receiptCorrection"), Some(1)) => Some(DocumentKind::SellCorrection),
        (Some("openShift"), _) => Some(DocumentKind::OpenShift),
        (Some("closeShift"), _) => Some(DocumentKind::CloseShift),
        _ => None,
    };
    Kept {
        kind,
        total: sum("1020"),
        cash: sum("1031"),
        electronic: sum("1081"),
        proof: Proof {
            number: tags["1040"].as_i64(),
            sign: text(&tags["1077"]),
            storage: text(&tags["1041"]),
            registration: text(&tags["1037"]),
            shift_number: tags["1038"].as_i64(),
            receipt_number: tags["1042"].as_i64(),
            made_at: text(&tags["1012"]),
            is_not_printed: false,
        },
    }
}

/// How the register is, from its answers of storage, shift, device and exchange; none where the number
/// of its last document or its shift is not told.
pub fn health(storage: &Value, shift: &Value, device: &Value, exchange: &Value) -> Option<Health> {
    let (storage, shift) = (&storage["fnStatus"], &shift["shiftStatus"]);
    let (device, exchange) = (&device["deviceStatus"], &exchange["status"]);
    let state = match shift["state"].as_str()? {
        "opened" => ShiftState::Open,
        "expired" => ShiftState::Expired,
        _ => ShiftState::Closed,
    };
    let now = moment(&device["currentDateTime"]);
    let until = |value: &Value| Some(minutes(now?, moment(value)?));
    let is_open = state != ShiftState::Closed;
    let ends = text(&shift["expiredTime"]).filter(|_| is_open);
    let unsent = exchange["notSentCount"].as_i64().unwrap_or(0);
    let oldest = until(&exchange["notSentFirstDocDateTime"]).filter(|_| unsent > 0);
    let warns = |name: &str| storage["warnings"][name].as_bool().unwrap_or(false);
    Some(Health {
        last_number: storage["fiscalDocumentNumber"].as_i64()?,
        shift: state,
        shift_number: shift["number"].as_i64().unwrap_or(0),
        shift_minutes_left: until(&shift["expiredTime"]).filter(|_| is_open),
        shift_ends: ends,
        has_paper: device["paperPresent"].as_bool().unwrap_or(true),
        cover_open: device["coverOpened"].as_bool().unwrap_or(false),
        unsent,
        unsent_days: oldest.map_or(0, |minutes| (-minutes).max(0) / DAY),
        storage_ends: ["needReplacement", "resourceExhausted", "criticalError", "memoryOverflow"]
            .iter()
            .any(|name| warns(name)),
    })
}

/// A moment of the register's own clock, with a zone or without: `2026-11-30T01:02:03+03:00`.
fn moment(value: &Value) -> Option<DateTime> {
    value.as_str()?.get(..19)?.replace(' ', "T").parse().ok()
}

/// How many minutes are between two moments.
fn minutes(from: DateTime, to: DateTime) -> i64 {
    to.duration_since(from).as_secs() / 60
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_status_says_what_became_of_a_document() {
        let of = |status: &str| {
            let error = json!({"code": 68, "description": "Смена превысила 24 часа"});
            let result = json!({"fiscalParams": {"fiscalDocumentNumber": 7}});
            told(&json!({"results": [{"status": status, "error": error, "result": result}]}))
        };
        for status in ["wait", "inProgress", "blocked", "something new"] {
            assert!(matches!(of(status), Told::Pending(_)), "{status}");
        }
        for status in ["error", "interrupted", "canceled"] {
            let Told::NotMade(refusal) = of(status) else { panic!("{status}") };
            assert_eq!(refusal.code, 68);
        }
        let Told::Made(proof) = of("ready") else { panic!("ready") };
        assert_eq!(proof.number, Some(7));
    }

    #[test]
    fn a_shift_and_what_waits_are_told_by_the_registers_own_clock() {
        let of = |state: &str, count: i64| {
            let warnings = json!({"needReplacement": false});
            health(
                &json!({"fnStatus": {"fiscalDocumentNumber": 12, "warnings": warnings}}),
                &json!({"shiftStatus": {"state": state, "number": 3,
                                        "expiredTime": "2026-11-30T12:30:00+03:00"}}),
                &json!({"deviceStatus": {"currentDateTime": "2026-11-30 12:00:00"}}),
                &json!({"status": {"notSentCount": count,
                                   "notSentFirstDocDateTime": "2026-11-26T11:00:00+03:00"}}),
            )
            .unwrap()
        };
        let open = of("opened", 2);
        assert_eq!((open.shift_minutes_left, open.unsent_days), (Some(30), 4));
        let closed = of("closed", 0);
        assert_eq!((closed.shift, closed.shift_minutes_left), (ShiftState::Closed, None));
        assert_eq!((closed.unsent_days, closed.last_number), (0, 12));
    }
}
