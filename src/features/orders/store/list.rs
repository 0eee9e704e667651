//! Lists of orders: by what they are now, and by the days on which they were placed.

use rusqlite::Connection;

use super::load::{SELECT_ORDER, order_from_row};
use crate::core::error::Result;
use crate::core::kernel::Period;
use crate::core::store::Filter;
use crate::features::orders::rules::{OrderStatus, OrderType, PaymentStatus};
use crate::features::orders::types::{OrderList, OrderSort};

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
        // The plus keeps SQLite from sorting a year of closed orders by an index of statuses.
        let status = match self.statuses.len() {
            0 | 1 => "o.status",
            _ => "+o.status",
        };
        Filter::new(first)
            .one_of(status, self.statuses.iter().map(|word| word.as_str()))
            .one_of("o.payment_status", self.payment_statuses.iter().map(|word| word.as_str()))
            .one_of("o.order_type", self.order_types.iter().map(|word| word.as_str()))
            .and("o.table_id = ?", self.table_id)
            .and("o.waiter_id = ?", self.waiter_id)
            .and("o.payment_method_id = ?", self.payment_method_id)
            .and("o.number = ?", self.number)
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
    let are_open = !wanted.statuses.is_empty() && !wanted.statuses.iter().any(|s| s.is_closed());
    // Names the small index of the open orders.
    let filter = wanted.filter(if are_open { "o.closed_at IS NULL" } else { "1" });
    Ok(OrderList {
        orders: filter.page(db, SELECT_ORDER, "o.id DESC", page, order_from_row)?,
        total: filter.count(db, "orders o")?,
    })
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
    let mut index = "orders o INDEXED BY orders_list";
    if let Some(text) = &wanted.search {
        filter = filter
            .containing(&["o.customer_name", "o.customer_phone"], Some(text))
            .and("(o.customer_name IS NOT NULL OR o.customer_phone IS NOT NULL) AND ?", Some(1));
        index = "orders o INDEXED BY orders_customer";
    }
    let order = match wanted.sort {
        OrderSort::Newest => "o.business_day DESC, o.number DESC",
        OrderSort::Oldest => "o.business_day, o.number",
        OrderSort::Largest => "o.total DESC, o.id DESC",
        OrderSort::Smallest => "o.total, o.id DESC",
    };
    let select = format!("SELECT o.id FROM {index}");
    let ids: Vec<i64> = filter.page(db, &select, order, page, |row| row.get(0))?;
    let total = filter.count(db, index)?;
    let sql = format!("{SELECT_ORDER} WHERE o.id = ?1");
    let mut one = db.prepare_cached(&sql)?;
    let orders = ids.into_iter().map(|id| one.query_row([id], order_from_row));
    Ok(OrderList { orders: orders.collect::<rusqlite::Result<_>>()?, total })
}
