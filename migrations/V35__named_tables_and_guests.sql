-- A table may have a name beside its number. Without one it is called by its number, which is how
-- every table that is there goes on. `name_key` tells names apart as eyes do (core/kernel/names.rs).
ALTER TABLE tables ADD COLUMN name TEXT;
ALTER TABLE tables ADD COLUMN name_key TEXT;
-- What people call it.
ALTER TABLE tables ADD COLUMN label TEXT AS (coalesce(name, CAST(number AS TEXT))) VIRTUAL;
CREATE UNIQUE INDEX tables_name ON tables (coalesce(name_key, CAST(number AS TEXT)))
    WHERE deleted_at IS NULL;

-- How many guests sit at an order, where somebody said so. Who was seated and has not ordered yet is
-- counted at the table; the table's next order takes them over.
ALTER TABLE orders ADD COLUMN guests INTEGER CHECK (guests BETWEEN 1 AND 999);
ALTER TABLE tables ADD COLUMN guests INTEGER CHECK (guests BETWEEN 1 AND 99);

-- The guests of sold orders, and what those orders alone brought: an order whose guests nobody
-- counted says nothing of what a guest spends.
ALTER TABLE daily_waiters ADD COLUMN covers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE daily_waiters ADD COLUMN covers_revenue INTEGER NOT NULL DEFAULT 0;

DROP VIEW order_figures;
CREATE VIEW order_figures AS
SELECT id, business_day, coalesce(waiter_id, 0) AS waiter_id, order_type,
       created_at / 900000 AS quarter, sold AS orders, sold * total AS revenue,
       is_cancelled AS cancelled_orders, is_cancelled * total AS cancelled,
       is_refunded AS refunded_orders, is_refunded * total AS refunded,
       sold * coalesce(guests, 0) AS covers,
       iif(guests IS NULL, 0, sold * total) AS covers_revenue
FROM (SELECT *, payment_status = 'PAID' AND status <> 'CANCELLED' AS sold,
             payment_status = 'REFUNDED' AS is_refunded,
             payment_status <> 'REFUNDED' AND status = 'CANCELLED'
                 AND joined_into_id IS NULL AS is_cancelled
      FROM orders);

-- As in V31, with the guests.
DROP TRIGGER figures_before_order;
DROP TRIGGER figures_after_order;

CREATE TRIGGER figures_before_order BEFORE UPDATE OF business_day, waiter_id, order_type, status,
    payment_status, total, guests, created_at ON orders
WHEN (old.payment_status <> 'UNPAID' OR old.status = 'CANCELLED')
 AND (old.business_day <> new.business_day OR old.waiter_id IS NOT new.waiter_id
      OR old.order_type <> new.order_type OR old.payment_status <> new.payment_status
      OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
      OR old.total <> new.total OR old.guests IS NOT new.guests
      OR old.created_at <> new.created_at)
BEGIN
    INSERT INTO daily_waiters (business_day, waiter_id, order_type, orders, revenue,
            cancelled_orders, cancelled, refunded_orders, refunded, covers, covers_revenue)
    SELECT business_day, waiter_id, order_type, -orders, -revenue, -cancelled_orders,
            -cancelled, -refunded_orders, -refunded, -covers, -covers_revenue FROM order_figures
    WHERE id = old.id AND orders + cancelled_orders + refunded_orders > 0
    ON CONFLICT DO UPDATE SET
        orders = orders + excluded.orders, revenue = revenue + excluded.revenue,
        cancelled_orders = cancelled_orders + excluded.cancelled_orders,
        cancelled = cancelled + excluded.cancelled,
        refunded_orders = refunded_orders + excluded.refunded_orders,
        refunded = refunded + excluded.refunded, covers = covers + excluded.covers,
        covers_revenue = covers_revenue + excluded.covers_revenue;
    INSERT INTO daily_quarters (business_day, quarter, orders, revenue)
    SELECT business_day, quarter, -orders, -revenue FROM order_figures
    WHERE id = old.id AND orders > 0
    ON CONFLICT DO UPDATE SET
        orders = orders + excluded.orders, revenue = revenue + excluded.revenue;
    INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
            removed_quantity, removed)
    SELECT dish_variation_id, business_day, -quantity, -revenue, 0, 0
            FROM line_figures
    WHERE order_id = old.id AND quantity > 0
    ON CONFLICT DO UPDATE SET
        quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue;
END;

CREATE TRIGGER figures_after_order AFTER UPDATE OF business_day, waiter_id, order_type, status,
    payment_status, total, guests, created_at ON orders
WHEN (new.payment_status <> 'UNPAID' OR new.status = 'CANCELLED')
 AND (old.business_day <> new.business_day OR old.waiter_id IS NOT new.waiter_id
      OR old.order_type <> new.order_type OR old.payment_status <> new.payment_status
      OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
      OR old.total <> new.total OR old.guests IS NOT new.guests
      OR old.created_at <> new.created_at)
BEGIN
    INSERT INTO daily_waiters (business_day, waiter_id, order_type, orders, revenue,
            cancelled_orders, cancelled, refunded_orders, refunded, covers, covers_revenue)
    SELECT business_day, waiter_id, order_type, orders, revenue, cancelled_orders, cancelled,
            refunded_orders, refunded, covers, covers_revenue FROM order_figures
    WHERE id = new.id AND orders + cancelled_orders + refunded_orders > 0
    ON CONFLICT DO UPDATE SET
        orders = orders + excluded.orders, revenue = revenue + excluded.revenue,
        cancelled_orders = cancelled_orders + excluded.cancelled_orders,
        cancelled = cancelled + excluded.cancelled,
        refunded_orders = refunded_orders + excluded.refunded_orders,
        refunded = refunded + excluded.refunded, covers = covers + excluded.covers,
        covers_revenue = covers_revenue + excluded.covers_revenue;
    INSERT INTO daily_quarters (business_day, quarter, orders, revenue)
    SELECT business_day, quarter, orders, revenue FROM order_figures
    WHERE id = new.id AND orders > 0
    ON CONFLICT DO UPDATE SET
        orders = orders + excluded.orders, revenue = revenue + excluded.revenue;
    INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
            removed_quantity, removed)
    SELECT dish_variation_id, business_day, quantity, revenue, 0, 0 FROM
            line_figures
    WHERE order_id = new.id AND quantity > 0
    ON CONFLICT DO UPDATE SET
        quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue;
END;
