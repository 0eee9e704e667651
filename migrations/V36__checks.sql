-- Checks, as they are stored: what is presented or paid, split or adjusted. An order to which none of
-- this happens has no row here (docs/adr/0062). Ids follow from the order's: order_id * 100 + number.
CREATE TABLE checks (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    number          INTEGER NOT NULL,
    state           TEXT NOT NULL,
    -- Grows with each change; what changes the order's lines counts on top.
    version         INTEGER NOT NULL,
    guests          INTEGER NOT NULL DEFAULT 0,
    note            TEXT,
    -- What is taken off and put on, as it holds for this check now; JSON.
    rules           TEXT NOT NULL,
    -- From when it was presented or paid: never computed again. JSON, and its sums.
    computed        TEXT,
    subtotal        INTEGER,
    discount        INTEGER,
    service         INTEGER,
    tax             INTEGER,
    total           INTEGER,
    presented_at    INTEGER,
    paid_at         INTEGER,
    closed_at       INTEGER,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX checks_order ON checks (order_id);

-- Which check holds how much of a line (thousandths), and what a split left of it (JSON). A line that
-- none holds belongs to the first open check.
CREATE TABLE check_lines (
    id              INTEGER PRIMARY KEY,
    check_id        INTEGER NOT NULL REFERENCES checks (id),
    item_id         INTEGER NOT NULL REFERENCES order_items (id),
    quantity        INTEGER NOT NULL,
    kept            TEXT
) STRICT;
CREATE INDEX check_lines_check ON check_lines (check_id, item_id);
CREATE INDEX check_lines_item ON check_lines (item_id);

-- Who took what off or put what on, and why. Rows are only ever added; one with `undoes` takes the
-- one that it names back, on its check.
CREATE TABLE adjustments (
    id              INTEGER PRIMARY KEY,
    order_id        INTEGER NOT NULL REFERENCES orders (id),
    check_id        INTEGER NOT NULL,
    item_id         INTEGER REFERENCES order_items (id),
    kind            TEXT NOT NULL,
    value           INTEGER NOT NULL,
    reason          TEXT,
    undoes          INTEGER REFERENCES adjustments (id),
    user_id         INTEGER REFERENCES users (id),
    approved_by_id  INTEGER REFERENCES users (id),
    created_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX adjustments_order ON adjustments (order_id);

-- What changes hands is amount + rounding + tip. None of the new columns has to be known of what was
-- paid before: it paid the order's first check.
ALTER TABLE payments ADD COLUMN check_id INTEGER;
ALTER TABLE payments ADD COLUMN state TEXT NOT NULL DEFAULT 'TAKEN';
ALTER TABLE payments ADD COLUMN method_kind TEXT;
ALTER TABLE payments ADD COLUMN tendered INTEGER;
ALTER TABLE payments ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payments ADD COLUMN tip INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payments ADD COLUMN rounding INTEGER NOT NULL DEFAULT 0;
ALTER TABLE payments ADD COLUMN refund_of INTEGER REFERENCES payments (id);
ALTER TABLE payments ADD COLUMN device_id INTEGER;
-- Of a refund: the part of the sale that went back, JSON.
ALTER TABLE payments ADD COLUMN parts TEXT;
DROP INDEX payments_method;
CREATE INDEX payments_method ON payments (method_id, created_at, kind, state, amount, tip, rounding);

-- What a way to pay is; none where its name says it.
ALTER TABLE payment_methods ADD COLUMN kind TEXT;

-- What was given back of a paid order, without tips.
ALTER TABLE orders ADD COLUMN given_back INTEGER NOT NULL DEFAULT 0;
-- Whose line it is, and what was paid for it in the end where that is not quantity times price.
ALTER TABLE order_items ADD COLUMN seat INTEGER;
ALTER TABLE order_items ADD COLUMN paid INTEGER;

-- The sums by day count what checks came to and what is left of it.
DROP VIEW line_figures;
DROP VIEW order_figures;

CREATE VIEW order_figures AS
SELECT id, business_day, coalesce(waiter_id, 0) AS waiter_id, order_type,
       created_at / 900000 AS quarter, sold AS orders, sold * (total - given_back) AS revenue,
       is_cancelled AS cancelled_orders, is_cancelled * total AS cancelled,
       is_refunded AS refunded_orders, iif(is_refunded, total, given_back) AS refunded,
       sold * coalesce(guests, 0) AS covers,
       iif(guests IS NULL, 0, sold * (total - given_back)) AS covers_revenue
FROM (SELECT *, payment_status = 'PAID' AND status <> 'CANCELLED' AS sold,
             payment_status = 'REFUNDED' AS is_refunded,
             payment_status <> 'REFUNDED' AND status = 'CANCELLED'
                 AND joined_into_id IS NULL AS is_cancelled
      FROM orders);

CREATE VIEW line_figures AS
SELECT i.id, i.dish_variation_id, o.business_day,
       iif(i.status <> 'CANCELLED', o.orders, 0) * i.quantity AS quantity,
       iif(i.status <> 'CANCELLED', o.orders, 0) * coalesce(i.paid, i.quantity * i.price) AS revenue,
       (i.status = 'CANCELLED') * i.quantity AS removed_quantity,
       (i.status = 'CANCELLED') * i.quantity * i.price AS removed, i.order_id
FROM order_items i JOIN order_figures o ON o.id = i.order_id;

DROP TRIGGER figures_before_order;
DROP TRIGGER figures_after_order;

CREATE TRIGGER figures_before_order BEFORE UPDATE OF business_day, waiter_id, order_type, status,
    payment_status, total, given_back, guests, created_at ON orders
WHEN (old.payment_status <> 'UNPAID' OR old.status = 'CANCELLED')
 AND (old.business_day <> new.business_day OR old.waiter_id IS NOT new.waiter_id
      OR old.order_type <> new.order_type OR old.payment_status <> new.payment_status
      OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
      OR old.total <> new.total OR old.given_back <> new.given_back
      OR old.guests IS NOT new.guests OR old.created_at <> new.created_at)
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
    payment_status, total, given_back, guests, created_at ON orders
WHEN (new.payment_status <> 'UNPAID' OR new.status = 'CANCELLED')
 AND (old.business_day <> new.business_day OR old.waiter_id IS NOT new.waiter_id
      OR old.order_type <> new.order_type OR old.payment_status <> new.payment_status
      OR (old.status = 'CANCELLED') <> (new.status = 'CANCELLED')
      OR old.total <> new.total OR old.given_back <> new.given_back
      OR old.guests IS NOT new.guests OR old.created_at <> new.created_at)
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

DROP TRIGGER figures_before_line;
DROP TRIGGER figures_after_line;

CREATE TRIGGER figures_before_line BEFORE UPDATE OF order_id, dish_variation_id, quantity,
        price, paid, status
    ON order_items
WHEN old.order_id <> new.order_id OR old.dish_variation_id <> new.dish_variation_id
  OR old.quantity <> new.quantity OR old.price <> new.price
  OR old.paid IS NOT new.paid
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
    paid, status
    ON order_items
WHEN old.order_id <> new.order_id OR old.dish_variation_id <> new.dish_variation_id
  OR old.quantity <> new.quantity OR old.price <> new.price
  OR old.paid IS NOT new.paid
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
