//! What a real register would not take.

use serde_json::{Value, json};

use super::{borsch, close_shift, open_shift, operator, perform, register, sell};
use crate::simulators::fiscal::Ffd;
use crate::simulators::fiscal::words::TAXES;

/// The sale with one thing changed in it.
fn with(change: impl Fn(&mut Value)) -> Value {
    let mut task = sell();
    change(&mut task);
    task
}

fn position(change: impl Fn(&mut Value)) -> Value {
    with(|task| change(&mut task["items"][0]))
}

#[test]
fn each_mistake_has_its_number() {
    let text = |field: &'static str, value: Value| move |at: &mut Value| at[field] = value.clone();
    let cases = [
        ("no operator", 172, with(text("operator", Value::Null))),
        ("an operator without a name", 172, with(text("operator", json!({ "name": " " })))),
        ("a wrong INN", 148, with(text("operator", json!({ "name": "А", "vatin": "12" })))),
        ("no taxation of this name", 143, with(text("taxationType", json!("envd")))),
        ("no positions", 110, with(text("items", json!([])))),
        ("an amount that is not the product", 16, position(text("amount", json!(899.99)))),
        ("a quantity of nothing", 17, position(text("quantity", json!(0)))),
        ("no tax of this name", 144, position(text("tax", json!({ "type": "vat18" })))),
        ("no tax", 161, position(text("tax", Value::Null))),
        ("a wrong sum of tax", 243, position(text("tax", json!({ "type": "vat22", "sum": 1 })))),
        ("a way of payment that is none", 216, position(text("paymentMethod", json!("gift")))),
        ("an object that is none", 217, position(text("paymentObject", json!("soul")))),
        ("a unit that is none", 412, position(text("measurementUnit", json!(77)))),
        ("a name of 129 letters", 148, position(text("name", json!("я".repeat(129))))),
        ("a name with a line's end", 271, position(text("name", json!("Бор\nщ")))),
        ("a total above the sum", 227, with(text("total", json!(900.01)))),
        ("a total that leaves out a ruble", 227, with(text("total", json!(899)))),
        ("too little", 66, with(text("payments", json!([{ "type": "cash", "sum": 899.99 }])))),
        ("too much by card", 52, with(text("payments", json!([{ "type": 1, "sum": 900.01 }])))),
        (
            "a payment that is none",
            60,
            with(text("payments", json!([{ "type": "ice", "sum": 1 }]))),
        ),
        ("electronically to nobody", 161, with(text("electronically", json!(true)))),
        ("to no address", 148, with(text("clientInfo", json!({ "emailOrPhone": "89161234567" })))),
        ("a sum of a tenth of a kopeck", 501, with(text("total", json!(900.001)))),
        ("marked without a code", 161, position(text("paymentObject", json!("exciseWithMarking")))),
    ];
    let mut register = register(Ffd::V12);
    perform(&mut register, &open_shift()).unwrap();
    for (what, code, task) in cases {
        assert_eq!(perform(&mut register, &task), Err(code), "{what}");
    }
    assert_eq!(register.last_number(), Ok(1), "a refusal makes no document");
    perform(&mut register, &sell()).unwrap();
    assert_eq!(perform(&mut register, &json!({ "type": "dance" })), Err(11));
}

#[test]
fn each_tax_of_2026_is_known() {
    let mut register = register(Ffd::V105);
    perform(&mut register, &open_shift()).unwrap();
    for tax in &TAXES {
        let mut task = position(|at| at["tax"] = json!({ "type": tax.word }));
        task["items"][0]["measurementUnit"] = json!("шт");
        let sold = perform(&mut register, &task).unwrap();
        let number = sold["fiscalParams"]["fiscalDocumentNumber"].clone();
        let ask = json!({ "type": "getFnDocument", "fiscalDocumentNumber": number });
        let document = perform(&mut register, &ask).unwrap();
        assert_eq!(document["documentTLV"]["1059"][0]["1199"], tax.number);
    }
}

#[test]
fn shifts_and_cash_keep_their_order() {
    let mut register = register(Ffd::V12);
    let cash =
        |kind: &str, sum: f64| json!({ "type": kind, "operator": operator(), "cashSum": sum });
    for task in [sell(), close_shift(), cash("cashIn", 100.0)] {
        assert_eq!(perform(&mut register, &task), Err(73));
    }
    perform(&mut register, &open_shift()).unwrap();
    assert_eq!(perform(&mut register, &open_shift()), Err(83));
    assert_eq!(perform(&mut register, &cash("cashOut", 0.01)), Err(80));
    let counted = perform(&mut register, &cash("cashIn", 500.5)).unwrap();
    assert_eq!(counted["counters"]["cashSum"], 500.5);
    perform(&mut register, &sell()).unwrap();
    let counted = perform(&mut register, &cash("cashOut", 1400.0)).unwrap();
    assert_eq!(counted["counters"]["cashSum"], 0.5);
    register.move_clock(24 * 3_600_000).unwrap();
    let status = perform(&mut register, &json!({ "type": "getShiftStatus" })).unwrap();
    assert_eq!(status["shiftStatus"]["state"], "expired");
    assert_eq!(perform(&mut register, &sell()), Err(68));
    let closed = perform(&mut register, &close_shift()).unwrap();
    assert_eq!(closed["fiscalParams"]["receiptsCount"], 1);
    register.move_clock(-24 * 3_600_000).unwrap();
    assert_eq!(perform(&mut register, &open_shift()), Err(36), "earlier than the last document");
}

#[test]
fn documents_that_nobody_takes_shut_the_storage_after_thirty_days() {
    let mut register = register(Ffd::V12);
    register.set_ofd(false).unwrap();
    perform(&mut register, &open_shift()).unwrap();
    perform(&mut register, &close_shift()).unwrap();
    register.move_clock(30 * 24 * 3_600_000).unwrap();
    let status = perform(&mut register, &json!({ "type": "ofdExchangeStatus" })).unwrap();
    assert_eq!(status["status"]["notSentCount"], 2);
    assert_eq!(perform(&mut register, &open_shift()), Err(140));
    register.set_ofd(true).unwrap();
    perform(&mut register, &open_shift()).unwrap();
}

#[test]
fn a_marked_thing_is_checked_before_it_is_sold() {
    // In Base64: a code, and one that the state's system refuses.
    let (good, bad) = ("MDEwNDYwNzQyODY3OTA2NDIx", "MDEwNDYwNzQyODY3OTA2NEJBRA==");
    let mark = |imc: &str| json!({ "imcType": "auto", "imc": imc, "itemEstimatedStatus": "itemPieceSold", "imcModeProcessing": 0 });
    let bottle = |imc: &str| {
        let mut task = sell();
        task["items"] = json!([borsch(), {
            "type": "position", "name": "Пиво", "price": 300, "quantity": 1, "amount": 300,
            "paymentObject": "exciseWithMarking", "tax": { "type": "vat22" },
            "imcParams": mark(imc),
        }]);
        task["total"] = json!(1200);
        task["payments"][0]["sum"] = json!(1200);
        task
    };
    let begin = |imc: &str| json!({ "type": "beginMarkingCodeValidation", "params": mark(imc) });
    let mut register = register(Ffd::V12);
    perform(&mut register, &open_shift()).unwrap();
    assert_eq!(perform(&mut register, &bottle(good)), Err(420));
    perform(&mut register, &begin(good)).unwrap();
    assert_eq!(perform(&mut register, &begin(good)), Err(401));
    let status = json!({ "type": "getMarkingCodeValidationStatus" });
    let status = perform(&mut register, &status).unwrap();
    assert_eq!(status["onlineValidation"]["markOperatorItemStatus"], "itemEstimatedStatusCorrect");
    perform(&mut register, &json!({ "type": "acceptMarkingCode" })).unwrap();
    perform(&mut register, &bottle(good)).unwrap();
    assert_eq!(perform(&mut register, &bottle(good)), Err(420), "a code is used up");
    let mut at_once = bottle(bad);
    at_once["validateMarkingCodes"] = json!(true);
    assert_eq!(perform(&mut register, &at_once), Err(420));
    let mut old = super::register(Ffd::V105);
    perform(&mut old, &open_shift()).unwrap();
    assert_eq!(perform(&mut old, &begin(good)), Err(413));
    assert_eq!(perform(&mut old, &bottle(good)), Err(217));
}

#[test]
fn a_correction_says_what_it_corrects() {
    let mut register = register(Ffd::V12);
    perform(&mut register, &open_shift()).unwrap();
    let mut task = sell();
    task["type"] = json!("sellReturnCorrection");
    assert_eq!(perform(&mut register, &task), Err(161));
    task["correctionType"] = json!("self");
    task["correctionBaseDate"] = json!("30.11.2026");
    assert_eq!(perform(&mut register, &task), Err(77));
    task["correctionBaseDate"] = json!("2024.05.01");
    perform(&mut register, &task).unwrap();
    task["correctionType"] = json!("instruction");
    assert_eq!(perform(&mut register, &task), Err(161));
    task["correctionBaseNumber"] = json!("17");
    perform(&mut register, &task).unwrap();
}
