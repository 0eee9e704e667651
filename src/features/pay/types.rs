//! Providers and attempts, as they travel.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::states::{AttemptState, ProviderKind, RefundState};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::{Id, Label, Line, Name};
use crate::core::kernel::{Int, Money, Patch, Timestamp};
use crate::features::fiscal::Taxation;
use crate::features::guests::GuestPartAsk;
use crate::features::orders::LinePart;
use crate::features::tips::TipTo;
use crate::words;

/// For how many minutes a link can be paid.
pub type Minutes = Int<5, 60>;
/// Where a provider's server is.
pub type Address = Label<0, 200>;
/// The number on a terminal's slip.
pub type Slip = Label<1, 40>;

/// Who takes money over the wire.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayProvider)]
pub struct ProviderView {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Who takes the money.
    pub kind: ProviderKind,
    /// The way to pay under which its payments are booked.
    pub method_id: i64,
    /// Where its server is, where that is not where its documents say.
    pub address: Option<String>,
    /// Whose account it is there: ЮKassa's shop, the bank's merchant.
    pub account: Option<String>,
    /// Whether its key is kept; it is never told.
    pub has_secret: bool,
    /// Whether it prints the fiscal receipts.
    pub receipts: bool,
    /// By which system of taxes.
    pub taxation: Option<Taxation>,
    /// Where a receipt goes when the guest names no address.
    pub receipt_to: Option<String>,
    /// For how many minutes a link can be paid; ЮKassa keeps an hour of its own.
    pub minutes: i64,
    /// An inactive one takes nothing; what is under way is asked about all the same.
    pub is_active: bool,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayProviderList)]
pub struct ProviderList {
    /// The page, by id.
    pub providers: Vec<ProviderView>,
    /// How many there are in all.
    pub total: i64,
}

fn yes() -> bool {
    true
}

/// A new provider.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PayProviderCreate)]
pub struct ProviderCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// Who takes the money.
    pub kind: ProviderKind,
    /// The way to pay under which its payments are booked; no cash, no account.
    pub method_id: Id,
    /// Where its server is; left out: where its documents say.
    #[serde(default)]
    pub address: Address,
    /// ЮKassa's `shopId`, the bank's `sbpMerchantId`.
    #[serde(default)]
    pub account: Label<0, 100>,
    /// Its secret key. It is sealed, and never shown again.
    #[serde(default)]
    pub secret: Line,
    /// Whether it prints the fiscal receipts (ЮKassa); not beside a register of the house's own.
    #[serde(default)]
    pub receipts: bool,
    /// By which system of taxes; needed with `receipts`.
    #[serde(default)]
    pub taxation: Option<Taxation>,
    /// Where a receipt goes when the guest names no address; needed with `receipts`.
    #[serde(default)]
    pub receipt_to: Label<0, 64>,
    /// For how many minutes a link can be paid; a quarter of an hour, where the provider lets it be so short.
    pub minutes: Option<Minutes>,
    /// Whether it takes money at once.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// Changes to a provider; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PayProviderUpdate)]
pub struct ProviderUpdate {
    /// What it is called.
    pub name: Option<Name>,
    /// The way to pay under which its payments are booked.
    pub method_id: Option<Id>,
    /// Where its server is.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub address: Patch<Address>,
    /// Whose account it is there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    pub account: Patch<Label<0, 100>>,
    /// Its secret key.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255)]
    pub secret: Patch<Line>,
    /// Whether it prints the fiscal receipts.
    pub receipts: Option<bool>,
    /// By which system of taxes.
    pub taxation: Option<Taxation>,
    /// Where a receipt goes when the guest names no address.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub receipt_to: Patch<Label<0, 64>>,
    /// For how many minutes a link can be paid.
    pub minutes: Option<Minutes>,
    /// Whether it takes money.
    pub is_active: Option<bool>,
}

/// What came of asking a provider whether it takes the key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayProviderTest)]
pub struct ProviderTest {
    /// Whether it answered, and took the key.
    pub ok: bool,
    /// Why not.
    pub problem: Option<String>,
}

words! {
    /// Why a way to pay cannot be taken now.
    pub enum WayProblem as PayWayProblem {
        /// The provider cannot be reached: most often the restaurant has no internet.
        Unreachable = "UNREACHABLE",
        /// The provider does not take the key.
        Key = "KEY",
    }
}

/// A way to pay over the wire that can be chosen.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayWay)]
pub struct WayView {
    /// The provider.
    pub provider_id: i64,
    /// The way to pay under which it is booked.
    pub method_id: i64,
    /// What that is called.
    pub name: String,
    /// Who takes the money.
    pub kind: ProviderKind,
    /// Whether it can be reached now; a terminal that stands apart always.
    pub is_up: bool,
    /// Why not.
    pub problem: Option<WayProblem>,
    /// Whether a tip for the staff may come with it: not where the provider prints the receipt.
    pub takes_tips: bool,
}

/// What somebody of the staff has a guest pay over the wire, or on a terminal that stands apart.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PayAttemptCreate)]
pub struct AttemptCreate {
    /// The check.
    pub check_id: Id,
    /// Who takes the money.
    pub provider_id: Id,
    /// What of the check; all that is due where none is named.
    pub amount: Option<Money>,
    /// A tip beside.
    pub tip: Option<Money>,
    /// To whom the tip is given, the staff unless said.
    pub tip_to: Option<TipTo>,
    /// A tip above the check itself is meant.
    pub tip_confirmed: Option<bool>,
    /// What was due as the person saw it; with another sum nothing happens (409 `bill_changed`).
    pub expected_due: Money,
}

/// What a guest wants to pay: some lines, one of equal parts, or a sum; all that is due where none is named.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = GuestPayCreate)]
pub struct GuestPayCreate {
    /// Who takes the money.
    pub provider_id: Id,
    /// The lines, and how much of each.
    #[schema(max_items = 100)]
    pub lines: Option<Vec<LinePart>>,
    /// Of how many equal parts one.
    #[schema(minimum = 2, maximum = 50)]
    pub parts: Option<usize>,
    /// A sum.
    pub amount: Option<Money>,
    /// A tip beside.
    pub tip: Option<Money>,
    /// A tip above the check itself is meant.
    pub tip_confirmed: Option<bool>,
    /// What was due as the guest saw it; with another sum nothing happens (409 `bill_changed`).
    pub expected_due: Money,
}

impl GuestPayCreate {
    /// The part of a check that is meant, where it is one.
    ///
    /// # Errors
    /// When a sum is named beside a part.
    pub fn part(&mut self, check_id: Id) -> Result<Option<GuestPartAsk>> {
        let (lines, parts) = (self.lines.take(), self.parts.take());
        if lines.is_none() && parts.is_none() {
            return Ok(None);
        }
        if self.amount.is_some() {
            return Err(Error::invalid("amount", "cannot be named beside lines or parts"));
        }
        Ok(Some(GuestPartAsk { check_id, lines, parts }))
    }
}

/// How guests can pay over the wire.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuestPay {
    /// The ways, also those that cannot be taken now.
    pub ways: Vec<WayView>,
    /// What this phone pays, or paid last, of the order.
    pub attempt: Option<GuestAttempt>,
}

/// A guest's own payment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GuestAttempt {
    /// Id.
    pub id: i64,
    /// The check.
    pub check_id: i64,
    /// What of the check.
    pub amount: Money,
    /// The tip beside.
    pub tip: Money,
    /// Where it stands.
    pub state: AttemptState,
    /// Where to pay, while that is possible.
    pub link: Option<String>,
    /// The same as a QR code, an SVG: for another phone.
    pub qr: Option<String>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

impl From<AttemptView> for GuestAttempt {
    fn from(view: AttemptView) -> Self {
        Self {
            id: view.id,
            check_id: view.check_id,
            amount: view.amount,
            tip: view.tip,
            state: view.state,
            link: view.link,
            qr: view.qr,
            expires_at: view.expires_at,
        }
    }
}

/// What is done with money that the provider refused to give back.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PayRefundAgain)]
pub struct RefundAgain {
    /// How it went back otherwise, such as in cash; left out: it is sent once more.
    pub otherwise: Option<Label<1, 200>>,
}

/// What the slip of a terminal says.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PaySlip)]
pub struct SlipSaid {
    /// Whether it says that the money came.
    pub is_paid: bool,
    /// The number on it; needed when it came.
    pub slip: Option<Slip>,
}

/// Somebody wants to pay over the wire.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayAttempt)]
pub struct AttemptView {
    /// Id.
    pub id: i64,
    /// By what the provider knows it.
    pub uuid: String,
    /// Who takes the money.
    pub provider_id: i64,
    /// What that is called.
    pub provider: String,
    /// Of which kind it is.
    pub kind: ProviderKind,
    /// The order.
    pub order_id: i64,
    /// Its number.
    pub order_number: i64,
    /// The check.
    pub check_id: i64,
    /// The payment of the check; none of money that nobody here asked for.
    pub payment_id: Option<i64>,
    /// What of the check.
    pub amount: Money,
    /// The tip beside.
    pub tip: Money,
    /// Where it stands.
    pub state: AttemptState,
    /// The provider's number of it.
    pub reference: Option<String>,
    /// Where the guest pays, while he can.
    pub link: Option<String>,
    /// The same as a QR code, an SVG.
    pub qr: Option<String>,
    /// What came, where it is another sum.
    pub came: Option<Money>,
    /// What the provider keeps of it, where it says so.
    pub fee: Option<Money>,
    /// Why it stands as it stands, or what it waits for.
    pub reason: Option<String>,
    /// The number on the terminal's slip.
    pub slip: Option<String>,
    /// Whether a guest began it.
    pub by_guest: bool,
    /// Who began it, where it was somebody of the staff.
    pub user_id: Option<i64>,
    /// Money that came too late: where the way back stands.
    pub refund: Option<RefundState>,
    /// Until when it can be paid.
    pub expires_at: Option<Timestamp>,
    /// When it was known how it ended.
    pub settled_at: Option<Timestamp>,
    /// When it began.
    pub created_at: Timestamp,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PayAttemptList)]
pub struct AttemptList {
    /// The page, newest first.
    pub attempts: Vec<AttemptView>,
    /// How many there are in all.
    pub total: i64,
}

/// Money that goes back over the wire.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayRefund)]
pub struct RefundView {
    /// Id.
    pub id: i64,
    /// The attempt by which it came.
    pub attempt_id: i64,
    /// Who took it.
    pub provider: String,
    /// The order.
    pub order_number: i64,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: RefundState,
    /// Why.
    pub reason: Option<String>,
    /// When it was to go back.
    pub created_at: Timestamp,
}

/// What of online payments needs somebody.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = PayTroubles)]
pub struct TroublesView {
    /// Money that came too late and is to be given back, the oldest first, 100 at most.
    pub late: Vec<AttemptView>,
    /// What a provider refused to give back, the newest first, 100 at most.
    pub refused: Vec<RefundView>,
}

/// A day held against a provider's list.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PayComparison)]
pub struct ComparisonView {
    /// Whether the provider has a list.
    pub has_list: bool,
    /// How many paid ones it names.
    pub listed: i64,
    /// What they come to.
    pub sum: Money,
    /// How many of them nobody here had heard of, and are known now.
    pub found: i64,
    /// How many are of nobody here.
    pub strangers: i64,
}
