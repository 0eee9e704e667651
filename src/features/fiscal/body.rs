//! What stands on a document, in no register's language.

use serde::{Deserialize, Serialize};

use super::states::Basis;
use crate::core::kernel::{Day, Measure, Money, Quantity, TaxRate};
use crate::features::checks::MethodKind;
use crate::words;

words! {
    /// How a receipt is paid, as the tax office tells apart.
    pub enum Form as FiscalForm {
        /// Notes and coins.
        Cash = "CASH",
        /// By card or transfer.
        Electronic = "ELECTRONIC",
        /// With what was paid before, such as a gift card.
        Prepaid = "PREPAID",
        /// Later.
        Credit = "CREDIT",
    }
}

/// How a way to pay stands on a receipt.
pub fn form_of(kind: MethodKind) -> Form {
    match kind {
        MethodKind::Cash => Form::Cash,
        MethodKind::Card | MethodKind::Transfer => Form::Electronic,
        MethodKind::Voucher => Form::Prepaid,
        MethodKind::Account => Form::Credit,
    }
}

/// A receipt: `Σ lines − left out = total = Σ payments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What was sold.
    pub lines: Vec<ReceiptLine>,
    /// What was paid, by its form.
    pub payments: Vec<(Form, Money)>,
    /// What it comes to.
    pub total: Money,
    /// What stands beneath it, such as the table.
    pub note: String,
    /// To which phone or e-mail address it is sent too.
    #[serde(default)]
    pub to: Option<String>,
}

/// A position: quantity times price is its amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// What.
    pub name: String,
    /// How much.
    pub quantity: Quantity,
    /// Of what; none by the piece.
    pub unit: Option<Measure>,
    /// What one costs, with tax.
    pub price: Money,
    /// What all of it costs.
    pub amount: Money,
    /// The rate of its tax; none where it is not taxed.
    pub rate: Option<TaxRate>,
    /// Whether it is a service and no goods.
    pub is_service: bool,
}

/// Who answers for a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cashier {
    /// Their name.
    pub name: String,
    /// Their tax number.
    pub vatin: Option<String>,
}

/// What must be known to make a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// Who answers for it.
    pub cashier: Cashier,
    /// Of a sale and a return: what stands on it.
    pub receipt: Option<Receipt>,
    /// Of a correction: what it corrects.
    #[serde(default)]
    pub corrects: Option<Correction>,
    /// Of what is put in or taken out: how much.
    #[serde(default)]
    pub cash: Option<Money>,
}

impl Body {
    /// Of a document of the shift, on which nothing stands.
    pub fn plain(cashier: Cashier) -> Self {
        Self { cashier, receipt: None, corrects: None, cash: None }
    }

    /// Of a receipt.
    pub fn of(cashier: Cashier, receipt: Receipt) -> Self {
        Self { receipt: Some(receipt), ..Self::plain(cashier) }
    }

    /// What it comes to.
    pub fn total(&self) -> Money {
        let receipt = self.receipt.as_ref().map(|receipt| receipt.total);
        receipt.or(self.cash).unwrap_or(Money::ZERO)
    }
}

/// What a correction corrects: tags 1173, 1178 and 1179.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Why it is made.
    pub basis: Basis,
    /// The day of the sale.
    pub date: Day,
    /// The number of the tax office's order.
    pub number: Option<String>,
}
