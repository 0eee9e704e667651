//! Registers and their documents, as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::states::{DeviceKind, DocumentKind, DocumentState, Ffd, Moment, Taxation};
use crate::core::kernel::fields::{Label, Line, Name};
use crate::core::kernel::{Money, Patch, TaxRate, Timestamp};

/// Where a register's server is, such as `http://192.168.1.20:16732`.
pub type Address = Label<0, 200>;

/// A rate and the register's word for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FiscalTax)]
pub struct TaxWord {
    /// The rate.
    pub percent: TaxRate,
    /// What the register calls it, such as `vat22`.
    pub word: Label<1, 20>,
}

/// A register.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FiscalDevice)]
pub struct Device {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What makes the documents.
    pub kind: DeviceKind,
    /// Where its server is.
    pub address: String,
    /// Who signs in there; none where it asks for nobody.
    pub login: Option<String>,
    /// Whether a password is kept; it is never told.
    pub has_password: bool,
    /// Which register of that server; none: the one that it takes by itself.
    pub register_key: Option<String>,
    /// When receipts are made.
    pub moment: Moment,
    /// By which system the restaurant is taxed.
    pub taxation: Taxation,
    /// The format of its documents.
    pub ffd: Ffd,
    /// Rates that the program does not know by itself.
    pub taxes: Vec<TaxWord>,
    /// Whether what is put into a till and taken out of it at the cash desk is rung up too.
    pub rings_cash: bool,
    /// An inactive one makes nothing. Of several the first active one makes all.
    pub is_active: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiscalDeviceList)]
pub struct DeviceList {
    /// The page, by id.
    pub devices: Vec<Device>,
    /// How many there are in all.
    pub total: i64,
}

fn yes() -> bool {
    true
}

fn newest() -> Ffd {
    Ffd::V12
}

/// A new register.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = FiscalDeviceCreate)]
pub struct DeviceCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// What makes the documents.
    pub kind: DeviceKind,
    /// Where its server is; of `ATOL` and `WEBHOOK` it must be said.
    #[serde(default)]
    pub address: Address,
    /// Who signs in there.
    #[serde(default)]
    pub login: Line,
    /// With which password.
    #[serde(default)]
    pub password: Line,
    /// Which register of that server.
    #[serde(default)]
    pub register_key: Line,
    /// When receipts are made.
    pub moment: Moment,
    /// By which system the restaurant is taxed.
    pub taxation: Taxation,
    /// The format of its documents.
    #[serde(default = "newest")]
    pub ffd: Ffd,
    /// Rates that the program does not know by itself.
    #[serde(default)]
    pub taxes: Vec<TaxWord>,
    /// Whether what is put into a till and taken out of it at the cash desk is rung up too.
    #[serde(default)]
    pub rings_cash: bool,
    /// Whether it makes documents at once.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// Changes to a register; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = FiscalDeviceUpdate)]
pub struct DeviceUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// Where its server is.
    pub address: Option<Address>,
    /// Who signs in there.
    #[serde(default)]
    pub login: Patch<Line>,
    /// With which password.
    #[serde(default)]
    pub password: Patch<Line>,
    /// Which register of that server.
    #[serde(default)]
    pub register_key: Patch<Line>,
    /// When receipts are made.
    pub moment: Option<Moment>,
    /// By which system the restaurant is taxed.
    pub taxation: Option<Taxation>,
    /// The format of its documents.
    pub ffd: Option<Ffd>,
    /// Rates that the program does not know by itself.
    pub taxes: Option<Vec<TaxWord>>,
    /// Whether what is put into a till and taken out of it at the cash desk is rung up too.
    pub rings_cash: Option<bool>,
    /// Whether it makes documents.
    pub is_active: Option<bool>,
}

/// How a register's shift stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = FiscalShiftState)]
pub enum ShiftState {
    /// None is open.
    Closed,
    /// One is open.
    Open,
    /// One is open for longer than a day: it makes nothing but its closing.
    Expired,
}

/// How a register is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FiscalHealth)]
pub struct Health {
    /// The number of its last document.
    pub last_number: i64,
    /// How its shift stands.
    pub shift: ShiftState,
    /// Which it is.
    pub shift_number: i64,
    /// When it is a day old; by the register's clock.
    pub shift_ends: Option<String>,
    /// How many minutes are left until then; none while no shift is open.
    pub shift_minutes_left: Option<i64>,
    /// Whether there is paper.
    pub has_paper: bool,
    /// Whether the cover is open.
    pub cover_open: bool,
    /// How many documents the operator of fiscal data has not taken yet.
    pub unsent: i64,
    /// For how many days the oldest of them waits. After 30 the storage shuts.
    pub unsent_days: i64,
    /// Whether the storage is at its end, or near it.
    pub storage_ends: bool,
}

/// How a register is, as far as it says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiscalDeviceState)]
pub struct DeviceState {
    /// Whether it answered.
    pub answers: bool,
    /// Why it did not.
    pub problem: Option<String>,
    /// What it said; none where it did not answer.
    pub health: Option<Health>,
    /// How many documents wait for it.
    pub open: i64,
}

/// A fiscal document.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = FiscalDocument)]
pub struct Document {
    /// Id.
    pub id: i64,
    /// The register.
    pub device_id: i64,
    /// What it is.
    pub kind: DocumentKind,
    /// Where it stands.
    pub state: DocumentState,
    /// By what the register knows it.
    pub uuid: String,
    /// The check of which it is.
    pub check_id: Option<i64>,
    /// The money that went back.
    pub payment_id: Option<i64>,
    /// The receipt that it takes back whole.
    pub returns_id: Option<i64>,
    /// What it comes to.
    pub total: Money,
    /// The number of the register's last document before this one was sent.
    pub number_before: Option<i64>,
    /// The number of its last document when it was looked at last, where that tells nothing.
    pub number_seen: Option<i64>,
    /// Its number.
    pub number: Option<i64>,
    /// Its fiscal sign.
    pub sign: Option<String>,
    /// The storage that keeps it.
    pub storage: Option<String>,
    /// The number of the register at the tax office.
    pub registration: Option<String>,
    /// The register's shift.
    pub shift_number: Option<i64>,
    /// Its number within the shift.
    pub receipt_number: Option<i64>,
    /// When the register says that it made it.
    pub made_at: Option<String>,
    /// Whether its paper came out.
    pub is_printed: bool,
    /// How often it was sent.
    pub tries: i64,
    /// Why it is not made.
    pub problem: Option<String>,
    /// Who said what became of it.
    pub resolved_by_id: Option<i64>,
    /// And how they know.
    pub resolved_reason: Option<String>,
    /// Since when it is to be made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiscalDocumentList)]
pub struct DocumentList {
    /// The page, newest first.
    pub documents: Vec<Document>,
    /// How many there are in all.
    pub total: i64,
}

/// The documents of a check, and whether there are to be any.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiscalOfCheck)]
pub struct OfCheck {
    /// In their order.
    pub documents: Vec<Document>,
    /// How many there are.
    pub total: i64,
    /// When receipts are made; none where no register is in use.
    pub moment: Option<Moment>,
}

/// What became of a document, as a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = FiscalResolution)]
pub enum Resolution {
    /// It was made.
    Made,
    /// It was not made, and is to be made.
    Again,
    /// It was not made, and is not to be made here.
    GivenUp,
}

/// What a person says of a document that the box cannot settle.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = FiscalResolve)]
pub struct Resolve {
    /// What became of it.
    pub is: Resolution,
    /// Of a fiscal document that was made: the number on its paper.
    #[serde(default)]
    pub number: Option<i64>,
    /// How they know.
    pub reason: Label<1, 200>,
}

/// A cashier's tax number.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = FiscalCashier)]
pub struct CashierNumber {
    /// Twelve digits; empty for none.
    pub vatin: Label<0, 12>,
}
