//! What a dish costs where and when it is ordered (docs/adr/0077).

use std::sync::Arc;

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Timestamp};
use crate::core::store::Tx;
use crate::features::floor;
use crate::features::menu::Sellable;
use crate::features::orders::order_requests::OrderItemCreate;
use crate::features::orders::states::OrderType;
use crate::features::prices::{self, Place, PriceBook};

/// So many minutes ago a tablet without a link may have taken an order: it costs what it cost then.
const TAKEN_BEFORE: i64 = 15;
/// So many minutes a tablet's count of the box's time may be ahead.
const AHEAD: i64 = 1;

/// The prices of an order's place.
pub(super) struct OrderPrices {
    book: Arc<PriceBook>,
    place: Place,
    now: Timestamp,
    /// Whether whoever orders is believed when they took the order.
    is_staff: bool,
}

impl OrderPrices {
    /// Those of a table, or of a way to sell.
    pub fn of(
        tx: &Tx<'_>,
        (order_type, table_id): (OrderType, Option<i64>),
        is_staff: bool,
    ) -> Result<Self> {
        let book = prices::book(tx)?;
        let is_in_room = book.rooms().next().is_some();
        let location_id = match table_id.filter(|_| is_in_room) {
            Some(table_id) => floor::room_of(tx, table_id)?,
            None => None,
        };
        let place = Place { channel: order_type.channel(), location_id };
        Ok(Self { book, place, now: tx.now(), is_staff })
    }

    /// A dish at its price: that of the moment when it was taken, or the one that the screen still showed
    /// within the minutes of grace.
    ///
    /// # Errors
    /// 400 `dish_not_now`; 409 `price_changed`.
    pub fn price(&self, dish: Sellable, item: &OrderItemCreate) -> Result<Sellable> {
        let taken = item.placed_at.filter(|_| self.is_staff).unwrap_or(self.now);
        let is_believed =
            self.now.plus_minutes(-TAKEN_BEFORE) <= taken && taken <= self.now.plus_minutes(AHEAD);
        self.at(dish, if is_believed { taken } else { self.now }, item.menu_price)
    }

    /// A dish at its price of now.
    pub fn now(&self, dish: Sellable) -> Result<Sellable> {
        self.at(dish, self.now, None)
    }

    fn at(&self, dish: Sellable, moment: Timestamp, seen: Option<Money>) -> Result<Sellable> {
        let fits = |price: Money| seen.is_none_or(|seen| seen == price);
        if self.book.is_plain() {
            let price = dish.menu_price;
            return if fits(price) { Ok(dish) } else { Err(changed(&dish, price)) };
        }
        let (what, own) = (dish.what(), dish.menu_price);
        let minutes = 0..=self.book.grace_minutes;
        let mut first = None;
        for prices in minutes.map(|back| self.book.at(moment.plus_minutes(-back), self.place)) {
            if !prices.shows(what) {
                continue;
            }
            let priced = prices.of(what, own);
            if fits(priced.price) {
                return Ok(dish.priced(priced));
            }
            first.get_or_insert(priced.price);
        }
        Err(match first {
            Some(price) => changed(&dish, price),
            None => not_now(&dish),
        })
    }
}

/// 409: a dish that costs something else than was shown.
fn changed(dish: &Sellable, price: Money) -> Error {
    let name = &dish.dish_name;
    let detail =
        format!("“{name}” costs {price} now. Look at it again, and order it at this price.");
    Error::conflict("price_changed", detail)
        .with("dish", name.clone())
        .with("dish_id", dish.dish_id)
        .with("dish_variation_id", dish.variation_id)
        .with("price", price.to_string())
}

/// 400: a dish that is on the menu at other times, or is sold in another way.
fn not_now(dish: &Sellable) -> Error {
    let name = &dish.dish_name;
    let detail = format!("“{name}” is not on the menu at this time. Choose something else.");
    Error::rule("dish_not_now", detail).with("dish", name.clone()).with("dish_id", dish.dish_id)
}
