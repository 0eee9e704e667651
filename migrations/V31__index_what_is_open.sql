-- An order is placed in a hurry and closed at leisure (docs/adr/0055). While it is open it stands in
-- the small indexes of what is open; those by which closed ones are looked for it enters once, when
-- it is closed.

DROP INDEX orders_status;
DROP INDEX orders_payment_status;
DROP INDEX orders_table;
DROP INDEX orders_waiter;
DROP INDEX orders_list;
-- All that a list of some days can ask for.
CREATE INDEX orders_list ON orders (business_day, number, status, payment_status, order_type,
    waiter_id, table_id, payment_method_id, total, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX orders_table ON orders (table_id) WHERE closed_at IS NOT NULL AND table_id IS NOT NULL;
CREATE INDEX orders_waiter ON orders (waiter_id)
    WHERE closed_at IS NOT NULL AND waiter_id IS NOT NULL;
-- Those few that did not end as orders do: paid and completed.
CREATE INDEX orders_odd ON orders (business_day, status, payment_status, total)
    WHERE closed_at IS NOT NULL AND (status = 'CANCELLED' OR payment_status <> 'PAID');

-- Which sizes were ever sold is asked of daily_dishes and of those few.
DROP INDEX order_items_variation;
-- What the kitchen works on, in the order in which it came: an order's lines stand side by side.
DROP INDEX order_items_kitchen;
CREATE INDEX order_items_kitchen ON order_items (order_id, department)
    WHERE status IN ('SENT_TO_KITCHEN', 'IN_PREPARATION', 'READY');

-- The sums by day. A trigger on INSERT, whether it does anything or not, makes SQLite keep a journal
-- of each single statement. A row that is inserted brings nothing (an order is neither paid nor
-- cancelled, a line neither taken off nor ready) until it is changed; whoever inserts others counts
-- anew (src/core/store/sums.rs).
DROP TRIGGER figures_of_new_order;
DROP TRIGGER figures_of_new_line;
DROP TRIGGER times_of_new_line;

-- What an order brought is taken back only where it brought something, and what it brings is added
-- only where it does. Lines that were taken off count whatever becomes of their order.
DROP TRIGGER figures_before_order;
DROP TRIGGER figures_after_order;

CREATE TRIGGER figures_before_order BEFORE UPDATE OF business_day, waiter_id, order_type, status,
    payment_status, total, created_at ON orders
WHEN (old.payment_status <> 'UNPAID' OR old.status = 'CANCELLED')
 AND (old.business_day <> new.business_day OR old.waiter_id IS NOT new.waiter_id
      OR old.order_type <> new.order_type OR old.payment_status <> new.payment_status
      OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
      OR old.total <> new.total OR old.created_at <> new.created_at)
BEGIN
    INSERT INTO daily_waiters (business_day, waiter_id, order_type, orders, revenue,
            cancelled_orders, cancelled, refunded_orders, refunded)
    SELECT business_day, waiter_id, order_type, -orders, -revenue, -cancelled_orders,
            -cancelled, -refunded_orders, -refunded FROM order_figures
    WHERE id = old.id AND orders + cancelled_orders + refunded_orders > 0
    ON CONFLICT DO UPDATE SET
        orders = orders + excluded.orders, revenue = revenue + excluded.revenue,
        cancelled_orders = cancelled_orders + excluded.cancelled_orders,
        cancelled = cancelled + excluded.cancelled,
        refunded_orders = refunded_orders + excluded.refunded_orders,
        refunded = refunded + excluded.refunded;
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
    payment_status, total, created_at ON orders
WHEN (new.payment_status <> 'UNPAID' OR new.status = 'CANCELLED')
 AND (old.business_day <> new.business_day OR old.waiter_id IS NOT new.waiter_id
      OR old.order_type <> new.order_type OR old.payment_status <> new.payment_status
      OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
      OR old.total <> new.total OR old.created_at <> new.created_at)
BEGIN
    INSERT INTO daily_waiters (business_day, waiter_id, order_type, orders, revenue,
            cancelled_orders, cancelled, refunded_orders, refunded)
    SELECT business_day, waiter_id, order_type, orders, revenue, cancelled_orders, cancelled,
            refunded_orders, refunded FROM order_figures
    WHERE id = new.id AND orders + cancelled_orders + refunded_orders > 0
    ON CONFLICT DO UPDATE SET
        orders = orders + excluded.orders, revenue = revenue + excluded.revenue,
        cancelled_orders = cancelled_orders + excluded.cancelled_orders,
        cancelled = cancelled + excluded.cancelled,
        refunded_orders = refunded_orders + excluded.refunded_orders,
        refunded = refunded + excluded.refunded;
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

CREATE TRIGGER removed_before_order BEFORE UPDATE OF business_day ON orders
WHEN old.business_day <> new.business_day
BEGIN
    INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
            removed_quantity, removed)
    SELECT dish_variation_id, business_day, 0, 0, -removed_quantity, -removed FROM line_figures
    WHERE order_id = old.id AND removed_quantity > 0
    ON CONFLICT DO UPDATE SET
        removed_quantity = removed_quantity + excluded.removed_quantity,
        removed = removed + excluded.removed;
END;

CREATE TRIGGER removed_after_order AFTER UPDATE OF business_day ON orders
WHEN old.business_day <> new.business_day
BEGIN
    INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
            removed_quantity, removed)
    SELECT dish_variation_id, business_day, 0, 0, removed_quantity, removed FROM line_figures
    WHERE order_id = new.id AND removed_quantity > 0
    ON CONFLICT DO UPDATE SET
        removed_quantity = removed_quantity + excluded.removed_quantity,
        removed = removed + excluded.removed;
END;

-- The same for the kitchen's times.
DROP TRIGGER times_before_line;
DROP TRIGGER times_after_line;

CREATE TRIGGER times_before_line BEFORE UPDATE OF order_id, department, sent_to_kitchen_at,
    preparation_started_at, ready_at, estimated_preparation_time ON order_items
WHEN old.ready_at IS NOT NULL
 AND (old.ready_at IS NOT new.ready_at
      OR old.order_id <> new.order_id OR old.department <> new.department
      OR old.sent_to_kitchen_at IS NOT new.sent_to_kitchen_at
      OR old.preparation_started_at IS NOT new.preparation_started_at
      OR old.estimated_preparation_time IS NOT new.estimated_preparation_time)
BEGIN
    INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
    SELECT department, business_day, minutes, -lines, -late, -waiting, -making FROM
            kitchen_figures
    WHERE id = old.id
    ON CONFLICT DO UPDATE SET
        lines = lines + excluded.lines, late = late + excluded.late,
        waiting = waiting + excluded.waiting, making = making + excluded.making;
END;

CREATE TRIGGER times_after_line AFTER UPDATE OF order_id, department, sent_to_kitchen_at,
    preparation_started_at, ready_at, estimated_preparation_time ON order_items
WHEN new.ready_at IS NOT NULL
 AND (old.ready_at IS NOT new.ready_at
      OR old.order_id <> new.order_id OR old.department <> new.department
      OR old.sent_to_kitchen_at IS NOT new.sent_to_kitchen_at
      OR old.preparation_started_at IS NOT new.preparation_started_at
      OR old.estimated_preparation_time IS NOT new.estimated_preparation_time)
BEGIN
    INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
    SELECT department, business_day, minutes, lines, late, waiting, making FROM kitchen_figures
    WHERE id = new.id
    ON CONFLICT DO UPDATE SET
        lines = lines + excluded.lines, late = late + excluded.late,
        waiting = waiting + excluded.waiting, making = making + excluded.making;
END;
