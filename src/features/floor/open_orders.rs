//! What tables and rooms both ask of orders.

/// The open orders of the row of `tables` at hand. The index is named so that closed orders cost
/// nothing, however many there are.
macro_rules! open_orders {
    () => {
        "FROM orders INDEXED BY orders_open WHERE orders.table_id = tables.id
            AND orders.closed_at IS NULL AND orders.order_type = 'DINE_IN'"
    };
}
pub(super) use open_orders;
