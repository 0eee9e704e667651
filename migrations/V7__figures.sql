-- Figures of a day, kept by the database itself in the transaction that changes the orders, so
-- that a year is read as days and not as its lines. What is counted: docs/REPORTS.md.
-- All four tables follow from `orders` and `order_items` and can be made anew from them.
--
-- An order is sold when it is paid and not cancelled; it is refunded when its money was given
-- back; else it may be cancelled. One that was joined to
-- another counts there alone. A line counts as sold with its order, unless it was taken off.

-- By waiter (0: nobody) and kind of order.
CREATE TABLE daily_waiters (
    business_day        INTEGER NOT NULL,
    waiter_id           INTEGER NOT NULL,
    order_type          TEXT NOT NULL,
    orders              INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    cancelled_orders    INTEGER NOT NULL,
    cancelled           INTEGER NOT NULL,
    refunded_orders     INTEGER NOT NULL,
    refunded            INTEGER NOT NULL,
    PRIMARY KEY (business_day, waiter_id, order_type)
) STRICT, WITHOUT ROWID;

-- By the quarter of an hour (since 1970, UTC) in which a sold order was placed: every zone's
-- hours are made of whole ones.
CREATE TABLE daily_quarters (
    business_day        INTEGER NOT NULL,
    quarter             INTEGER NOT NULL,
    orders              INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    PRIMARY KEY (business_day, quarter)
) STRICT, WITHOUT ROWID;

-- By dish and size. The day comes second: a sum over days then needs no sorting.
CREATE TABLE daily_dishes (
    dish_variation_id   INTEGER NOT NULL,
    business_day        INTEGER NOT NULL,
    quantity            INTEGER NOT NULL,
    revenue             INTEGER NOT NULL,
    removed_quantity    INTEGER NOT NULL,
    removed             INTEGER NOT NULL,
    PRIMARY KEY (dish_variation_id, business_day)
) STRICT, WITHOUT ROWID;

-- Lines by the whole minutes from the kitchen's ear to ready (240: or more). `waiting` and
-- `making` are the milliseconds before and after it was begun.
CREATE TABLE daily_kitchen (
    department          TEXT NOT NULL,
    business_day        INTEGER NOT NULL,
    minutes             INTEGER NOT NULL,
    lines               INTEGER NOT NULL,
    late                INTEGER NOT NULL,
    waiting             INTEGER NOT NULL,
    making              INTEGER NOT NULL,
    PRIMARY KEY (department, business_day, minutes)
) STRICT, WITHOUT ROWID;

-- What an order brings to its day; the columns are 0 or the order's own.
CREATE VIEW order_figures AS
SELECT id, business_day, coalesce(waiter_id, 0) AS waiter_id, order_type,
       created_at / 900000 AS quarter, sold AS orders, sold * total AS revenue,
       is_cancelled AS cancelled_orders, is_cancelled * total AS cancelled,
       is_refunded AS refunded_orders, is_refunded * total AS refunded
FROM (SELECT *, payment_status = 'PAID' AND status <> 'CANCELLED' AS sold,
             payment_status = 'REFUNDED' AS is_refunded,
             payment_status <> 'REFUNDED' AND status = 'CANCELLED'
                 AND joined_into_id IS NULL AS is_cancelled
      FROM orders);

-- What a line brings to its dish.
CREATE VIEW line_figures AS
SELECT i.id, i.dish_variation_id, o.business_day,
       iif(i.status <> 'CANCELLED', o.orders, 0) * i.quantity AS quantity,
       iif(i.status <> 'CANCELLED', o.orders, 0) * i.quantity * i.price AS revenue,
       (i.status = 'CANCELLED') * i.quantity AS removed_quantity,
       (i.status = 'CANCELLED') * i.quantity * i.price AS removed, i.order_id
FROM order_items i JOIN order_figures o ON o.id = i.order_id;

-- A line that was ready once, and has not been called back since.
CREATE VIEW kitchen_figures AS
SELECT i.id, i.department, o.business_day,
       min(max(i.ready_at - i.sent_to_kitchen_at, 0) / 60000, 240) AS minutes,
       1 AS lines,
       coalesce(i.ready_at > i.sent_to_kitchen_at + i.estimated_preparation_time * 60000, 0)
           AS late,
       max(coalesce(i.preparation_started_at, i.ready_at) - i.sent_to_kitchen_at, 0) AS waiting,
       max(i.ready_at - coalesce(i.preparation_started_at, i.ready_at), 0) AS making
FROM order_items i JOIN orders o ON o.id = i.order_id
WHERE i.ready_at IS NOT NULL AND i.sent_to_kitchen_at IS NOT NULL;

-- Orders. What it brought goes before the change, what it brings comes after.

CREATE TRIGGER figures_of_new_order AFTER INSERT ON orders
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
END;

CREATE TRIGGER figures_before_order BEFORE UPDATE OF business_day, waiter_id, order_type, status,
    payment_status, total, created_at ON orders
WHEN (old.payment_status <> 'UNPAID' OR new.payment_status <> 'UNPAID'
      OR old.status = 'CANCELLED' OR new.status = 'CANCELLED'
      OR old.business_day <> new.business_day)
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
    SELECT dish_variation_id, business_day, -quantity, -revenue, -removed_quantity, -removed
            FROM line_figures
    WHERE order_id = old.id AND quantity + removed_quantity > 0
    ON CONFLICT DO UPDATE SET
        quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue,
        removed_quantity = removed_quantity + excluded.removed_quantity,
        removed = removed + excluded.removed;
END;

CREATE TRIGGER figures_after_order AFTER UPDATE OF business_day, waiter_id, order_type, status,
    payment_status, total, created_at ON orders
WHEN (old.payment_status <> 'UNPAID' OR new.payment_status <> 'UNPAID'
      OR old.status = 'CANCELLED' OR new.status = 'CANCELLED'
      OR old.business_day <> new.business_day)
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
    SELECT dish_variation_id, business_day, quantity, revenue, removed_quantity, removed FROM
            line_figures
    WHERE order_id = new.id AND quantity + removed_quantity > 0
    ON CONFLICT DO UPDATE SET
        quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue,
        removed_quantity = removed_quantity + excluded.removed_quantity,
        removed = removed + excluded.removed;
END;

-- Lines.

CREATE TRIGGER figures_of_new_line AFTER INSERT ON order_items
BEGIN
    INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
            removed_quantity, removed)
    SELECT dish_variation_id, business_day, quantity, revenue, removed_quantity, removed FROM
            line_figures
    WHERE id = new.id AND quantity + removed_quantity > 0
    ON CONFLICT DO UPDATE SET
        quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue,
        removed_quantity = removed_quantity + excluded.removed_quantity,
        removed = removed + excluded.removed;
END;

CREATE TRIGGER figures_before_line BEFORE UPDATE OF order_id, dish_variation_id, quantity,
        price, status
    ON order_items
WHEN old.order_id <> new.order_id OR old.dish_variation_id <> new.dish_variation_id
  OR old.quantity <> new.quantity OR old.price <> new.price
  OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
BEGIN
    INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
            removed_quantity, removed)
    SELECT dish_variation_id, business_day, -quantity, -revenue, -removed_quantity, -removed
            FROM line_figures
    WHERE id = old.id AND quantity + removed_quantity > 0
    ON CONFLICT DO UPDATE SET
        quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue,
        removed_quantity = removed_quantity + excluded.removed_quantity,
        removed = removed + excluded.removed;
END;

CREATE TRIGGER figures_after_line AFTER UPDATE OF order_id, dish_variation_id, quantity, price,
        status
    ON order_items
WHEN old.order_id <> new.order_id OR old.dish_variation_id <> new.dish_variation_id
  OR old.quantity <> new.quantity OR old.price <> new.price
  OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
BEGIN
    INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue,
            removed_quantity, removed)
    SELECT dish_variation_id, business_day, quantity, revenue, removed_quantity, removed FROM
            line_figures
    WHERE id = new.id AND quantity + removed_quantity > 0
    ON CONFLICT DO UPDATE SET
        quantity = quantity + excluded.quantity, revenue = revenue + excluded.revenue,
        removed_quantity = removed_quantity + excluded.removed_quantity,
        removed = removed + excluded.removed;
END;

-- The kitchen's times.

CREATE TRIGGER times_of_new_line AFTER INSERT ON order_items WHEN new.ready_at IS NOT NULL
BEGIN
    INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
    SELECT department, business_day, minutes, lines, late, waiting, making FROM kitchen_figures
    WHERE id = new.id
    ON CONFLICT DO UPDATE SET
        lines = lines + excluded.lines, late = late + excluded.late,
        waiting = waiting + excluded.waiting, making = making + excluded.making;
END;

CREATE TRIGGER times_before_line BEFORE UPDATE OF order_id, department, sent_to_kitchen_at,
    preparation_started_at, ready_at, estimated_preparation_time ON order_items
WHEN old.ready_at IS NOT new.ready_at
  OR (new.ready_at IS NOT NULL
      AND (old.order_id <> new.order_id OR old.department <> new.department
           OR old.sent_to_kitchen_at IS NOT new.sent_to_kitchen_at
           OR old.preparation_started_at IS NOT new.preparation_started_at
           OR old.estimated_preparation_time IS NOT new.estimated_preparation_time))
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
WHEN old.ready_at IS NOT new.ready_at
  OR (new.ready_at IS NOT NULL
      AND (old.order_id <> new.order_id OR old.department <> new.department
           OR old.sent_to_kitchen_at IS NOT new.sent_to_kitchen_at
           OR old.preparation_started_at IS NOT new.preparation_started_at
           OR old.estimated_preparation_time IS NOT new.estimated_preparation_time))
BEGIN
    INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
    SELECT department, business_day, minutes, lines, late, waiting, making FROM kitchen_figures
    WHERE id = new.id
    ON CONFLICT DO UPDATE SET
        lines = lines + excluded.lines, late = late + excluded.late,
        waiting = waiting + excluded.waiting, making = making + excluded.making;
END;

-- What is there already ---------------------------------------------------------------------

INSERT INTO daily_waiters (business_day, waiter_id, order_type, orders, revenue,
        cancelled_orders, cancelled, refunded_orders, refunded)
SELECT business_day, waiter_id, order_type, sum(orders), sum(revenue), sum(cancelled_orders),
        sum(cancelled), sum(refunded_orders), sum(refunded)
FROM order_figures WHERE orders + cancelled_orders + refunded_orders > 0 GROUP BY business_day,
        waiter_id, order_type;
INSERT INTO daily_quarters (business_day, quarter, orders, revenue)
SELECT business_day, quarter, sum(orders), sum(revenue)
FROM order_figures WHERE orders > 0 GROUP BY business_day, quarter;
INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue, removed_quantity,
        removed)
SELECT dish_variation_id, business_day, sum(quantity), sum(revenue), sum(removed_quantity),
        sum(removed)
FROM line_figures WHERE quantity + removed_quantity > 0 GROUP BY dish_variation_id, business_day;
INSERT INTO daily_kitchen (department, business_day, minutes, lines, late, waiting, making)
SELECT department, business_day, minutes, sum(lines), sum(late), sum(waiting), sum(making)
FROM kitchen_figures WHERE true GROUP BY department, business_day, minutes;

-- Lists and histories --------------------------------------------------------------------------

-- The orders of a period by all that a list can ask for.
CREATE INDEX orders_list ON orders (business_day, number, status, payment_status, order_type,
    waiter_id, table_id, payment_method_id, total);
-- Those with somebody's name or telephone; most orders have neither.
CREATE INDEX orders_customer ON orders (business_day, number, customer_name, customer_phone)
    WHERE customer_name IS NOT NULL OR customer_phone IS NOT NULL;
CREATE INDEX events_order ON events (order_id) WHERE order_id IS NOT NULL;
-- Money by method and the moment it moved.
DROP INDEX payments_created;
CREATE INDEX payments_method ON payments (method_id, created_at, kind, amount);
-- Why money was given back.
ALTER TABLE payments ADD COLUMN reason TEXT;
