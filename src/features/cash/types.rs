//! Drawers, shifts and what is told of them, as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::states::{CashMoveKind, ShiftState};
use super::sums::CashSums;
use crate::core::kernel::fields::{Id, Label, Name};
use crate::core::kernel::{Money, Patch, Timestamp};
use crate::features::checks::MethodKind;
use crate::features::printing::CashPaperKind;

/// Where cash lies.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CashDrawer {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Who carries it; null where it stands somewhere.
    pub user_id: Option<i64>,
    /// Their name.
    pub user_name: Option<String>,
    /// By so much a count may differ without a word.
    pub tolerance: Money,
    /// The tablets that stand at it.
    pub device_ids: Vec<i64>,
    /// The printer that opens it and prints its papers; null: the first that can.
    pub printer_id: Option<i64>,
    /// Whether it is used.
    pub is_active: bool,
    /// Its shift that is not closed.
    pub shift_id: Option<i64>,
    /// When it was set up.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One page of drawers.
#[derive(Debug, Serialize, ToSchema)]
pub struct CashDrawerList {
    /// The page.
    pub drawers: Vec<CashDrawer>,
    /// How many there are in all.
    pub total: i64,
}

/// A new drawer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CashDrawerCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// Who carries it, where it stands nowhere.
    pub user_id: Option<Id>,
    /// By so much a count may differ without a word; nothing where nobody says.
    pub tolerance: Option<Money>,
    /// The tablets that stand at it: each at one drawer. Who works elsewhere uses the first drawer.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub device_ids: Vec<Id>,
    /// The printer that opens it and prints its papers; left out: the first that can.
    pub printer_id: Option<Id>,
}

/// Changes to a drawer; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CashDrawerUpdate {
    /// What it is called; no two alike.
    pub name: Option<Name>,
    /// Who carries it; `null` makes it one that stands somewhere.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub user_id: Patch<Id>,
    /// By so much a count may differ without a word.
    pub tolerance: Option<Money>,
    /// All tablets that stand at it.
    #[schema(max_items = 100)]
    pub device_ids: Option<Vec<Id>>,
    /// The printer that opens it and prints its papers; `null`: the first that can.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    pub printer_id: Patch<Id>,
    /// One that is not used takes no money.
    pub is_active: Option<bool>,
}

/// One drawer from its float to its count.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CashShift {
    /// Id.
    pub id: i64,
    /// Its drawer.
    pub drawer_id: i64,
    /// What that is called.
    pub drawer_name: String,
    /// Who carries it, where somebody does.
    pub drawer_user_id: Option<i64>,
    /// How far it is.
    pub state: ShiftState,
    /// The restaurant's day on which it was opened, as a number such as 20261129.
    pub business_day: i64,
    /// Whether that day is over, and it is still open.
    pub is_overdue: bool,
    /// What was counted when it was opened.
    #[serde(rename = "float")]
    pub opening: Money,
    /// What the last count of the drawer left there.
    pub left_before: Option<Money>,
    /// Who opened it.
    pub opened_by_id: i64,
    /// Their name.
    pub opened_by_name: String,
    /// When.
    pub opened_at: Timestamp,
    /// Who counted it last.
    pub counted_by_id: Option<i64>,
    /// What was counted last; null, with the next two, for who is yet to count it themselves.
    pub counted: Option<Money>,
    /// What should have been there then.
    pub expected: Option<Money>,
    /// What was more; below 0 what was missing.
    pub difference: Option<Money>,
    /// Why.
    pub reason: Option<String>,
    /// Whose word the difference needed.
    pub approved_by_id: Option<i64>,
    /// The number of its Z in its drawer.
    pub z_number: Option<i64>,
    /// Who closed it.
    pub closed_by_id: Option<i64>,
    /// Their name.
    pub closed_by_name: Option<String>,
    /// When.
    pub closed_at: Option<Timestamp>,
}

/// One page of shifts, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CashShiftList {
    /// The page.
    pub shifts: Vec<CashShift>,
    /// How many there are in all.
    pub total: i64,
}

/// The drawer that somebody uses here, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct CashDesk {
    /// The drawer; null where none is set up for them: then nothing is asked for.
    pub drawer: Option<CashDrawer>,
    /// Its shift that is not closed; without one no cash is taken.
    pub shift: Option<CashShift>,
    /// What the last count of the drawer left there: a float to begin with.
    pub left: Option<Money>,
    /// The notes and coins of the currency, the largest first.
    pub denominations: Vec<Money>,
}

/// Opens a shift.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CashShiftCreate {
    /// The drawer.
    pub drawer_id: Id,
    /// What is in it now.
    #[serde(rename = "float")]
    pub opening: Money,
}

/// Something that moved cash beside payments.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CashMove {
    /// Id.
    pub id: i64,
    /// What it was.
    pub kind: CashMoveKind,
    /// How much; below 0 where it undoes another.
    pub amount: Money,
    /// Why.
    pub reason: Option<String>,
    /// The move that it undoes.
    pub undoes: Option<i64>,
    /// Who did it.
    pub user_id: i64,
    /// Their name.
    pub user_name: String,
    /// Whose word it needed.
    pub approved_by_id: Option<i64>,
    /// When.
    pub created_at: Timestamp,
}

/// Moves cash, or undoes a move: then only `undoes` and `reason` are read.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CashMoveCreate {
    /// What it is; needed unless it undoes another.
    pub kind: Option<CashMoveKind>,
    /// How much; left out with `NO_SALE`.
    pub amount: Option<Money>,
    /// Why; needed for all but `DROP` and `TIPS_OUT`.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Label<0, 200>>,
    /// The move that it undoes: once, and while the shift is not closed.
    pub undoes: Option<Id>,
}

/// Cash was moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct CashMoved {
    /// The move.
    #[serde(rename = "move")]
    pub moved: CashMove,
    /// The shift.
    pub shift: CashShift,
}

/// So many notes or coins of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Denomination {
    /// What one is worth.
    pub value: Money,
    /// How many.
    #[schema(minimum = 0, maximum = 100_000)]
    pub count: i64,
}

/// What lies in the drawer, counted without knowing what should. A sum, notes and coins, or both.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CashCountCreate {
    /// The sum.
    pub counted: Option<Money>,
    /// The notes and coins.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub denominations: Vec<Denomination>,
}

/// Closes a shift with what was counted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CashShiftClose {
    /// The sum.
    pub counted: Option<Money>,
    /// The notes and coins.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub denominations: Vec<Denomination>,
    /// Why there is more or less than expected; needed where that is more than the tolerance.
    #[schema(value_type = Option<String>, max_length = 200)]
    pub reason: Option<Label<0, 200>>,
}

/// A count that was sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CountedCash {
    /// What was there.
    pub counted: Money,
    /// What should have been.
    pub expected: Money,
    /// The notes and coins, where they were said.
    pub denominations: Vec<Denomination>,
    /// Who counted.
    pub user_id: i64,
    /// Their name.
    pub user_name: String,
    /// When.
    pub created_at: Timestamp,
}

/// How a shift stands after a count, or after it was to be closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShiftCounted {
    /// The shift's id.
    pub id: i64,
    /// `CLOSED`, or `COUNTED` where something is still needed: then close it with the same sum.
    pub state: ShiftState,
    /// What was counted.
    pub counted: Money,
    /// What should be there.
    pub expected: Money,
    /// What is more; below 0 what is missing.
    pub difference: Money,
    /// Whether a reason is needed to close it.
    pub needs_reason: bool,
    /// Whether it may be counted once more.
    pub can_recount: bool,
    /// The number of its Z, once it is closed.
    pub z_number: Option<i64>,
}

/// What was taken in one way.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ByMethod {
    /// The way; null where nobody named one.
    pub method_id: Option<i64>,
    /// What it was called.
    pub method: Option<String>,
    /// What it is.
    pub kind: MethodKind,
    /// How many payments.
    pub payments: i64,
    /// What they came to, without tips.
    pub taken: Money,
    /// Tips.
    pub tips: Money,
    /// How many times money went back.
    pub refunds: i64,
    /// How much went back, with tips.
    pub refunded: Money,
}

/// What keeps a shift from closing, or should be looked at before.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schema(as = CashOpenMatter)]
pub enum OpenMatter {
    /// Nobody knows of a payment whether it came: say so before closing.
    PaymentUnclear,
    /// Guests have their check and have not paid: only a hint.
    CheckPresented,
}

/// One such thing, with where it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpenItem {
    /// What it is.
    pub kind: OpenMatter,
    /// Whether the shift cannot be closed before.
    pub blocks: bool,
    /// The payment, where it is one.
    pub payment_id: Option<i64>,
    /// The check.
    pub check_id: Option<i64>,
    /// The order.
    pub order_id: i64,
    /// Its number.
    pub order_number: i64,
    /// What people call the table.
    pub table_name: Option<String>,
    /// How much it is about.
    pub amount: Money,
}

/// Cash that moved while no shift of its drawer was open.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct StrayCash {
    /// The payment or refund of a check.
    pub payment_id: Option<i64>,
    /// Its order's number.
    pub order_number: Option<i64>,
    /// What changed hands; below 0 where it went out.
    pub amount: Money,
    /// When.
    pub created_at: Timestamp,
}

/// An X while the shift goes on, a Z of one that is closed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CashReport {
    /// The shift.
    pub shift: CashShift,
    /// What moved its cash. Null for who is yet to count: they count without knowing.
    pub cash: Option<CashSums>,
    /// What should be in the drawer; null as `cash`.
    pub expected: Option<Money>,
    /// What was taken in each way; the one in cash is left out with `cash`.
    pub methods: Vec<ByMethod>,
    /// What moved cash beside payments.
    pub moves: Vec<CashMove>,
    /// How often the drawer was opened without a sale.
    pub no_sales: i64,
    /// What was counted.
    pub counts: Vec<CountedCash>,
    /// Cash that moved before, while no shift was open: it is in no shift's sums.
    pub strays: Vec<StrayCash>,
    /// What wants somebody before the shift is closed.
    pub open_items: Vec<OpenItem>,
    /// What was taken less what went back, in every way; null as `cash`.
    pub turnover: Option<Money>,
    /// The same of all Z of this drawer up to this one; null before the Z.
    pub grand_total: Option<Money>,
}

/// Which paper of a shift is printed.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CashPrintCreate {
    /// `X` as it stands, `Z` once it is closed, `COUNT` what was counted last.
    pub what: CashPaperKind,
}
