//! What a task says, as it is read from JSON. Pure.

use serde::Deserialize;
use serde_json::Value;

use super::decimal::{Money, Quantity};
use super::refusal::{NOT_UNDERSTOOD, Refusal};
use super::words::Word;

/// Tasks that make a fiscal document.
const FISCAL: [&str; 11] = [
    "openShift",
    "closeShift",
    "sell",
    "sellReturn",
    "buy",
    "buyReturn",
    "sellCorrection",
    "sellReturnCorrection",
    "buyCorrection",
    "buyReturnCorrection",
    "reportOfdExchangeStatus",
];

/// Of which type a task is; empty when it does not say.
pub(super) fn kind(task: &Value) -> &str {
    task["type"].as_str().unwrap_or_default()
}

/// Whether a task makes a fiscal document.
pub(super) fn is_fiscal(task: &Value) -> bool {
    FISCAL.contains(&kind(task))
}

/// Reads what a task says.
pub(super) fn read<T: for<'de> Deserialize<'de>>(task: &Value) -> Result<T, Refusal> {
    T::deserialize(task).map_err(|error| NOT_UNDERSTOOD.about(&error.to_string()))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum ReceiptKind {
    Sell,
    SellReturn,
    Buy,
    BuyReturn,
    SellCorrection,
    SellReturnCorrection,
    BuyCorrection,
    BuyReturnCorrection,
}

impl ReceiptKind {
    pub(super) fn is_correction(self) -> bool {
        matches!(
            self,
            Self::SellCorrection
                | Self::SellReturnCorrection
                | Self::BuyCorrection
                | Self::BuyReturnCorrection
        )
    }

    /// Tag 1054: 1 a sale, 2 its return, 3 a purchase, 4 its return.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Sell | Self::SellCorrection => 1,
            Self::SellReturn | Self::SellReturnCorrection => 2,
            Self::Buy | Self::BuyCorrection => 3,
            Self::BuyReturn | Self::BuyReturnCorrection => 4,
        }
    }

    /// Whether its cash goes into the drawer, or out of it.
    pub(super) fn takes_cash_in(self) -> bool {
        matches!(self.number(), 1 | 4)
    }
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Operator {
    pub name: Option<String>,
    pub vatin: Option<String>,
}

/// A task that needs nothing but somebody who answers for it.
#[derive(Debug, Deserialize)]
pub(super) struct Plain {
    pub operator: Option<Operator>,
    #[serde(default)]
    pub electronically: bool,
}

/// `cashIn` and `cashOut`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CashMove {
    pub operator: Option<Operator>,
    pub cash_sum: Money,
}

/// `nonFiscal`: any lines.
#[derive(Debug, Deserialize)]
pub(super) struct Slip {
    #[serde(default)]
    pub items: Vec<Item>,
}

/// `getFnDocument`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WhichDocument {
    pub fiscal_document_number: i64,
    #[serde(default)]
    pub with_raw_data: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Receipt {
    #[serde(rename = "type")]
    pub kind: ReceiptKind,
    pub taxation_type: Option<Word>,
    pub operator: Option<Operator>,
    pub client_info: Option<Client>,
    #[serde(default)]
    pub electronically: bool,
    #[serde(default)]
    pub validate_marking_codes: bool,
    #[serde(default)]
    pub items: Vec<Item>,
    #[serde(default)]
    pub payments: Vec<Payment>,
    pub total: Option<Money>,
    #[serde(default)]
    pub pre_items: Vec<Item>,
    #[serde(default)]
    pub post_items: Vec<Item>,
    pub correction_type: Option<String>,
    pub correction_base_date: Option<String>,
    pub correction_base_number: Option<String>,
}

impl Receipt {
    pub(super) fn positions(&self) -> impl Iterator<Item = &Position> {
        self.items.iter().filter_map(|item| match item {
            Item::Position(position) => Some(&**position),
            _ => None,
        })
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Client {
    pub email_or_phone: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Payment {
    #[serde(rename = "type")]
    pub way: Word,
    pub sum: Money,
}

/// A line of a receipt or a slip.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(super) enum Item {
    Position(Box<Position>),
    Text {
        #[serde(default)]
        text: String,
        #[serde(default)]
        alignment: String,
    },
    Barcode {
        barcode: String,
        #[serde(rename = "barcodeType", default)]
        kind: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Position {
    pub name: String,
    pub price: Money,
    pub quantity: Quantity,
    pub amount: Money,
    pub payment_method: Option<Word>,
    pub payment_object: Option<Word>,
    pub measurement_unit: Option<Word>,
    pub tax: Option<PositionTax>,
    pub imc_params: Option<Mark>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct PositionTax {
    #[serde(rename = "type")]
    pub word: String,
    pub sum: Option<Money>,
}

/// `beginMarkingCodeValidation`.
#[derive(Debug, Deserialize)]
pub(super) struct MarkCheck {
    pub params: Mark,
}

/// The code on a marked thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mark {
    pub imc_type: Option<Word>,
    /// In Base64.
    pub imc: String,
    pub item_estimated_status: Option<Word>,
    pub imc_mode_processing: Option<i64>,
}
