//! Lists of orders: by what they are now, and by the days on which they were placed.

use rusqlite::Connection;

use super::load::{SELECT_ORDER, order_from_row};
use crate::core::error::Result;
use crate::core::kernel::Period;
use crate::core::store::Filter;
use crate::features::orders::states::{OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{Order, OrderList, OrderSort};

/// Which orders a list is to hold; an empty set is no condition.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Standing there.
    pub statuses: Vec<OrderStatus>,
    /// Paid or not.
    pub payment_statuses: Vec<PaymentStatus>,
    /// Eaten there.
    pub order_types: Vec<OrderType>,
    /// Of this table.
    pub table_id: Option<i64>,
    /// Of this waiter.
    pub waiter_id: Option<i64>,
    /// Paid this way.
    pub payment_method_id: Option<i64>,
    /// With this number of their day.
    pub number: Option<i64>,
    /// Of somebody with this in the name or telephone.
    pub search: Option<String>,
    /// Placed on these days.
    pub period: Option<Period>,
    /// In which order.
    pub sort: OrderSort,
}

impl Wanted {
    fn filter(&self, first: &'static str) -> Filter {
        Filter::new(first)
            .one_of("o.status", self.statuses.iter().map(|word| word.as_str()))
            .one_of("o.payment_status", self.payment_statuses.iter().map(|word| word.as_str()))
            .one_of("o.order_type", self.order_types.iter().map(|word| word.as_str()))
            .and("o.table_id = ?", self.table_id)
            .and("o.waiter_id = ?", self.waiter_id)
            .and("o.payment_method_id = ?", self.payment_method_id)
            .and("o.number = ?", self.number)
    }
}

/// Open orders and closed ones stand in indexes of their own: a list looks at one part or at both.
const OPEN: &str = "orders o INDEXED BY orders_open WHERE o.closed_at IS NULL AND";
/// All closed ones, by the index that holds all that is asked.
const CLOSED: &str = "orders o INDEXED BY orders_list WHERE o.closed_at IS NOT NULL AND";

impl Wanted {
    /// The closed orders to look at, where a small index leads to those that can be wanted.
    fn few_closed(&self) -> Option<&'static str> {
        let is_cancelled = self.statuses == [OrderStatus::Cancelled];
        let is_paid = |status: &PaymentStatus| *status == PaymentStatus::Paid;
        let never_paid =
            !self.payment_statuses.is_empty() && !self.payment_statuses.iter().any(is_paid);
        if is_cancelled || never_paid {
            return Some(
                "orders o INDEXED BY orders_odd WHERE o.closed_at IS NOT NULL
                 AND (o.status = 'CANCELLED' OR o.payment_status <> 'PAID') AND",
            );
        }
        if self.table_id.is_some() {
            return Some(
                "orders o INDEXED BY orders_table
                 WHERE o.closed_at IS NOT NULL AND o.table_id IS NOT NULL AND",
            );
        }
        self.waiter_id.map(|_| {
            "orders o INDEXED BY orders_waiter
             WHERE o.closed_at IS NOT NULL AND o.waiter_id IS NOT NULL AND"
        })
    }

    /// Which of the two parts can hold what is wanted.
    fn parts(&self, closed: &'static str) -> Vec<&'static str> {
        let holds = |is_closed: bool| {
            self.statuses.is_empty() || self.statuses.iter().any(|s| s.is_closed() == is_closed)
        };
        let parts = [(true, closed), (false, OPEN)].into_iter();
        parts.filter_map(|(is_closed, part)| holds(is_closed).then_some(part)).collect()
    }
}

/// One page of orders.
pub fn list(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<OrderList> {
    match wanted.period {
        Some(period) => of_days(db, page, wanted, period),
        None => of_any_day(db, page, wanted),
    }
}

/// Of any day, the newest first: what screens ask for all the time.
fn of_any_day(db: &Connection, page: (i64, i64), wanted: &Wanted) -> Result<OrderList> {
    let filter = wanted.filter("1");
    let few = wanted.few_closed();
    // Most of them: the newest are found soonest by their ids.
    let closed = few.unwrap_or("orders o NOT INDEXED WHERE o.closed_at IS NOT NULL AND");
    let total = filter.count_parts(db, &wanted.parts(few.unwrap_or(CLOSED)))?;
    let ids = filter.ids(db, &wanted.parts(closed), ("o.id", "1 DESC"), page)?;
    Ok(OrderList { orders: by_id(db, &ids)?, total })
}

/// Of some days: found in an index that holds all that is asked, and only the page is read.
fn of_days(
    db: &Connection,
    page: (i64, i64),
    wanted: &Wanted,
    period: Period,
) -> Result<OrderList> {
    let (from, to) = period.bounds();
    let mut filter = wanted
        .filter("1")
        .and("o.business_day >= ?", Some(from))
        .and("o.business_day <= ?", Some(to));
    let mut closed = CLOSED;
    if let Some(text) = &wanted.search {
        filter = filter
            .containing(&["o.customer_name", "o.customer_phone"], Some(text))
            .and("(o.customer_name IS NOT NULL OR o.customer_phone IS NOT NULL) AND ?", Some(1));
        closed = "orders o INDEXED BY orders_customer WHERE o.closed_at IS NOT NULL AND";
    }
    let parts = wanted.parts(closed);
    let order = match wanted.sort {
        OrderSort::Newest => "2 DESC, 3 DESC",
        OrderSort::Oldest => "2, 3",
        OrderSort::Largest => "4 DESC, 1 DESC",
        OrderSort::Smallest => "4, 1 DESC",
    };
    let total = filter.count_parts(db, &parts)?;
    let columns = "o.id, o.business_day, o.number, o.total";
    let ids = filter.ids(db, &parts, (columns, order), page)?;
    Ok(OrderList { orders: by_id(db, &ids)?, total })
}

fn by_id(db: &Connection, ids: &[i64]) -> Result<Vec<Order>> {
    let sql = format!("{SELECT_ORDER} WHERE o.id = ?1");
    let mut one = db.prepare_cached(&sql)?;
    let orders = ids.iter().map(|id| one.query_row([id], order_from_row));
    Ok(orders.collect::<rusqlite::Result<_>>()?)
}
