//! A document by its tags, as it is read back from the storage. Pure.

use serde_json::{Map, Value, json};

use crate::simulators::fiscal::clock::moment;
use crate::simulators::fiscal::paper::qr;
use crate::simulators::fiscal::setup::{OWNER, OWNER_VATIN, REGISTRATION, Setup};
use crate::simulators::fiscal::store::Paper;
use crate::simulators::fiscal::task::{self, Position, Receipt};
use crate::simulators::fiscal::words::{
    METHODS, OBJECTS, PAYMENT_TAGS, TAXATION, Tax, UNITS, Word,
};

/// What a document of this kind is called.
fn document_type(kind: &str) -> &'static str {
    match kind {
        "openShift" => "openShift",
        "closeShift" => "closeShift",
        "reportOfdExchangeStatus" => "ofdExchangeStatus",
        kind if kind.ends_with("Correction") => "receiptCorrection",
        _ => "receipt",
    }
}

pub(super) fn of(paper: &Paper, setup: &Setup) -> Value {
    let task = &paper.body["task"];
    let mut tags = Map::new();
    let mut put = |tag: &str, value: Value| {
        tags.insert(tag.to_owned(), value);
    };
    put("fiscalDocumentType", document_type(&paper.kind).into());
    put("short", false.into());
    put("1012", moment(paper.at, &setup.zone).into());
    put("1018", OWNER_VATIN.into());
    put("1048", OWNER.into());
    put("1037", REGISTRATION.into());
    put("1038", paper.shift.into());
    put("1040", paper.number.into());
    put("1041", setup.storage.clone().into());
    put("1077", paper.sign.clone().into());
    put("1209", setup.ffd.number().into());
    put("1021", task["operator"]["name"].clone());
    if task["operator"]["vatin"].is_string() {
        put("1203", task["operator"]["vatin"].clone());
    }
    if let (Some(number), Ok(receipt)) = (paper.receipt, task::read::<Receipt>(task)) {
        put("qr", qr(paper, setup).into());
        put("1042", number.into());
        put("1054", receipt.kind.number().into());
        put("1020", paper.total.json());
        for (tag, sum) in PAYMENT_TAGS.iter().zip(paper.paid) {
            put(tag, sum.json());
        }
        if let Some((_, taxation)) = receipt.taxation_type.as_ref().and_then(|t| t.of(&TAXATION)) {
            put("1055", taxation.into());
        }
        put("1059", receipt.positions().map(position).collect());
    }
    Value::Object(tags)
}

fn position(position: &Position) -> Value {
    let named = |word: &Option<Word>, list: &[(&'static str, i64)]| {
        word.as_ref().and_then(|word| word.of(list)).map(|(_, number)| number)
    };
    let tax = position.tax.as_ref().and_then(|tax| Tax::named(&tax.word));
    let mut tags = json!({
        "1030": position.name,
        "1079": position.price.json(),
        "1023": position.quantity.json(),
        "1043": position.amount.json(),
        "1199": tax.map(|tax| tax.number),
        "1200": tax.map(|tax| crate::simulators::fiscal::decimal::Money(tax.of(position.amount.0)).json()),
        "1212": named(&position.payment_object, &OBJECTS).unwrap_or(1),
        "1214": named(&position.payment_method, &METHODS).unwrap_or(4),
    });
    if let Some(unit) = named(&position.measurement_unit, &UNITS) {
        tags["2108"] = unit.into();
    }
    if let Some(mark) = &position.imc_params {
        tags["2000"] = mark.imc.clone().into();
    }
    tags
}
