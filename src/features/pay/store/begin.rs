//! Somebody wants to pay: what will be sent is written down with the payment that the check waits for.

use rusqlite::params;
use uuid::Uuid;

use super::attempts::{newest_of_phone, view};
use super::providers::{account, active};
use crate::core::error::{Error, Result};
use crate::core::kernel::fields::Id;
use crate::core::store::{Command, Priority, Tx};
use crate::features::calls;
use crate::features::guests::{GuestPartAsk, at_bill};
use crate::features::orders::{self, WireBegun, WireOffer, WirePayer, WireWay, begin_wire};
use crate::features::pay::provider::{Provider, Wish};
use crate::features::pay::reach::reach;
use crate::features::pay::receipt::is_known;
use crate::features::pay::states::{AttemptState, ProviderKind};
use crate::features::pay::types::{AttemptView, ProviderView};
use crate::features::permissions::Principal;
use crate::features::tips::TipTo;
use crate::features::visits::Guest;

/// The most that may be under way on one check.
const MOST_OF_CHECK: i64 = 50;
/// The most that may be under way at all.
const MOST: i64 = 1000;

/// Who begins it.
pub enum By {
    /// Somebody of the staff, at a tablet.
    Staff(Principal, Option<i64>),
    /// A guest, who may want to pay a part.
    Guest(Guest, Option<GuestPartAsk>),
}

/// Begins an attempt.
pub struct Begin {
    /// Who takes the money.
    pub provider_id: Id,
    /// What is to be paid.
    pub offer: WireOffer,
    /// Who begins it.
    pub by: By,
    /// ISO 4217.
    pub currency: String,
    /// What the restaurant is called.
    pub house: String,
    /// Where the guest's browser goes when he has paid.
    pub back_to: String,
}

impl Command for Begin {
    type Output = AttemptView;
    const PRIORITY: Priority = Priority::Orders;

    fn apply(mut self, tx: &mut Tx<'_>) -> Result<AttemptView> {
        let (provider, fallback) = active(tx, self.provider_id)?;
        check_room(tx, self.offer.check_id)?;
        let phone = self.see_guest(tx, &provider)?;
        check_tip(&provider, &self.offer)?;
        let asked = provider.kind.is_asked().then_some(provider.id);
        let way = WireWay { method_id: provider.method_id, provider_id: asked };
        let payer = match &self.by {
            By::Staff(by, device_id) => WirePayer::Staff(by, *device_id),
            By::Guest(..) => WirePayer::Guest(fallback),
        };
        let begun = begin_wire(tx, &self.offer, way, &payer)?;
        let uuid = Uuid::new_v4().to_string();
        let body = self.body(tx, &provider, (&begun, &uuid))?;
        let user_id = if let By::Staff(by, _) = &self.by { Some(by.id) } else { None };
        let is_asked = asked.is_some();
        let state = if is_asked { AttemptState::Created } else { AttemptState::Awaiting };
        tx.prepare_cached(
            "INSERT INTO pay_attempts (uuid, provider_id, order_id, check_id, payment_id, amount, tip,
                                       body, state, is_open, user_id, phone, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
        )?
        .execute(params![
            uuid,
            provider.id,
            begun.order_id,
            self.offer.check_id,
            begun.payment_id,
            begun.amount.0,
            begun.tip.0,
            body,
            state.as_str(),
            is_asked,
            user_id,
            phone,
            tx.now().0,
        ])?;
        let id = tx.last_insert_rowid();
        super::settle::tell(tx, id)?;
        view(tx, id)
    }
}

impl Begin {
    /// A guest pays at the table where he sits, one thing at a time; what his part comes to is reckoned
    /// now. Returns the name of his phone.
    fn see_guest(&mut self, tx: &mut Tx<'_>, provider: &ProviderView) -> Result<Option<String>> {
        let By::Guest(guest, part) = &self.by else { return Ok(None) };
        if provider.kind == ProviderKind::Terminal {
            return Err(Error::not_found("payment provider", provider.id));
        }
        let (guest, order) = at_bill(tx, guest)?;
        let phone = calls::phone_name(&guest.token_hash);
        if let Some(newest) = newest_of_phone(tx, order.order.id, &phone)?
            && newest.state.is_awaited()
        {
            let detail = "You are paying already. Finish that, or take it back first.";
            return Err(Error::conflict("pay_under_way", detail).with("attempt_id", newest.id));
        }
        let check_id = self.offer.check_id;
        let is_here =
            orders::checks_of(tx, order.clone())?.checks.iter().any(|one| one.id == check_id);
        if !is_here {
            return Err(Error::not_found("check", check_id));
        }
        if let Some(ask) = part {
            let (total, due) = orders::part(tx, order, check_id, &ask.by()?)?;
            // Of what others paid already less may be left.
            self.offer.amount = Some(total.min(due));
        }
        if provider.receipts {
            self.offer.tip_to = TipTo::House;
        }
        Ok(Some(phone))
    }

    fn body(
        &self,
        tx: &Tx<'_>,
        provider: &ProviderView,
        (begun, uuid): (&WireBegun, &str),
    ) -> Result<String> {
        if !provider.kind.is_asked() {
            return Ok(String::new());
        }
        let prints = provider.receipts.then_some(&begun.receipt);
        if let Some(line) = prints.iter().flat_map(|it| &it.lines).find(|it| !is_known(it.rate)) {
            let detail = format!(
                "The provider has no code for the tax of “{}”, so it cannot print the receipt. Let the \
                 guests pay another way.",
                line.name
            );
            return Err(Error::conflict("rate_unknown", detail).with("dish", &*line.name));
        }
        let what = format!("{}, заказ {}", self.house, begun.order_number);
        let wish = Wish {
            uuid,
            amount: begun.amount + begun.tip,
            currency: &self.currency,
            what: &what,
            minutes: provider.minutes,
            now: tx.now().0,
            receipt: prints,
            back_to: &self.back_to,
        };
        // The key is no part of it.
        Ok(reach(&account(tx, provider.id)?, String::new())?.order(&wish))
    }
}

fn check_room(tx: &Tx<'_>, check_id: i64) -> Result<()> {
    let sql = "SELECT count(*) FROM pay_attempts WHERE check_id = ?1 AND is_open = 1";
    let of_check: i64 = tx.prepare_cached(sql)?.query_row([check_id], |row| row.get(0))?;
    let sql = "SELECT count(*) FROM pay_attempts WHERE is_open = 1";
    let all: i64 = tx.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    if of_check < MOST_OF_CHECK && all < MOST {
        return Ok(());
    }
    let detail =
        "Too many payments are under way. Wait until some are through, or pay another way.";
    Err(Error::conflict("too_many_attempts", detail))
}

/// Where the provider prints the receipt, all that is paid stands on it: a tip for the staff is theirs.
fn check_tip(provider: &ProviderView, offer: &WireOffer) -> Result<()> {
    if !provider.receipts || offer.tip.is_zero() || offer.tip_to == TipTo::House {
        return Ok(());
    }
    let detail = "This provider prints the receipt, and a tip for the staff cannot stand on it. Leave the \
                  tip in cash.";
    Err(Error::rule("tip_not_by_wire", detail))
}
