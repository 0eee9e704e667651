-- What orders brought, written down when it happens and only ever added to (docs/adr/0066). A sale
-- that changes (a refund, another waiter) is a row that takes back and a row that adds; what an order
-- brings now is the sum of its rows. The sums by day follow from these rows alone.
CREATE TABLE entries (
    id                  INTEGER PRIMARY KEY,
    at                  INTEGER NOT NULL,
    order_id            INTEGER NOT NULL REFERENCES orders (id),
    -- The order's own day, quarter of an hour, kind, and waiter (0: nobody).
    business_day        INTEGER NOT NULL,
    quarter             INTEGER NOT NULL,
    order_type          TEXT NOT NULL,
    waiter_id           INTEGER NOT NULL,
    -- ORDER: an order is sold. SOLD: a line of it, on a check, with what is left of it after refunds.
    -- REFUNDED, CANCELLED: of an order. REMOVED: a line that was taken off. TIP: of an order.
    kind                TEXT NOT NULL,
    check_id            INTEGER,
    item_id             INTEGER,
    dish_variation_id   INTEGER,
    -- Orders, and their guests, with what the orders brought whose guests were counted.
    orders              INTEGER NOT NULL DEFAULT 0,
    covers              INTEGER NOT NULL DEFAULT 0,
    covers_revenue      INTEGER NOT NULL DEFAULT 0,
    quantity            INTEGER NOT NULL DEFAULT 0,
    gross               INTEGER NOT NULL DEFAULT 0,
    discount            INTEGER NOT NULL DEFAULT 0,
    comp                INTEGER NOT NULL DEFAULT 0,
    service             INTEGER NOT NULL DEFAULT 0,
    tax                 INTEGER NOT NULL DEFAULT 0,
    -- SOLD: the revenue, `gross - discount - comp + service + added tax`. Else what it is about.
    amount              INTEGER NOT NULL DEFAULT 0,
    actor_id            INTEGER
) STRICT;
CREATE INDEX entries_order ON entries (order_id);

-- Rows of orders bring nothing by themselves any more.
DROP TRIGGER figures_before_order;
DROP TRIGGER figures_after_order;
DROP TRIGGER removed_before_order;
DROP TRIGGER removed_after_order;
DROP TRIGGER figures_before_line;
DROP TRIGGER figures_after_line;
DROP VIEW line_figures;
DROP VIEW order_figures;

DROP TABLE daily_waiters;
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
    covers              INTEGER NOT NULL,
    covers_revenue      INTEGER NOT NULL,
    discount            INTEGER NOT NULL,
    comp                INTEGER NOT NULL,
    service             INTEGER NOT NULL,
    tax                 INTEGER NOT NULL,
    removed             INTEGER NOT NULL,
    tips                INTEGER NOT NULL,
    PRIMARY KEY (business_day, waiter_id, order_type)
) STRICT, WITHOUT ROWID;

-- What is there already.
CREATE VIEW heads AS
SELECT id AS order_id, updated_at AS at, business_day, created_at / 900000 AS quarter, order_type,
       coalesce(waiter_id, 0) AS waiter_id, total, given_back, tax_rate, guests,
       status = 'CANCELLED' AS is_off, payment_status,
       payment_status = 'PAID' AND status <> 'CANCELLED' AS is_sold,
       payment_status <> 'REFUNDED' AND status = 'CANCELLED' AND joined_into_id IS NULL
           AND EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = orders.id) AS is_cancelled,
       EXISTS (SELECT 1 FROM checks c WHERE c.order_id = orders.id) AS has_checks
FROM orders;

-- Lines that were taken off, and lines of checks that were called off. A line's pieces are counted
-- once, however many checks share it.
INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, item_id,
        dish_variation_id, quantity, gross, amount)
SELECT h.at, h.order_id, business_day, quarter, order_type, waiter_id, 'REMOVED', i.id,
       i.dish_variation_id, i.quantity, i.quantity * i.price, i.quantity * i.price
FROM heads h JOIN order_items i ON i.order_id = h.order_id WHERE i.status = 'CANCELLED';

INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, check_id,
        item_id, dish_variation_id, quantity, gross, amount)
SELECT h.at, h.order_id, business_day, quarter, order_type, waiter_id, 'REMOVED', c.id, i.id,
       i.dish_variation_id,
       iif(c.id = min(c.id) OVER (PARTITION BY i.id)
           AND NOT EXISTS (SELECT 1 FROM check_lines l JOIN checks v ON v.id = l.check_id
                           WHERE l.item_id = i.id AND v.state <> 'VOID'), i.quantity, 0),
       j.value ->> '$.g', j.value ->> '$.g'
FROM heads h JOIN checks c ON c.order_id = h.order_id JOIN json_each(c.computed) j
JOIN order_items i ON i.id = j.value ->> '$.i'
WHERE NOT h.is_off AND c.state = 'VOID' AND i.status <> 'CANCELLED';

-- Sold lines of orders that have no check's row: the tax of the order is parted as checks do it.
INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, check_id,
        item_id, dish_variation_id, quantity, gross, tax, amount)
WITH priced AS (
    SELECT h.*, i.id AS item_id, i.dish_variation_id, i.quantity, i.quantity * i.price AS gross,
           sum(i.quantity * i.price) OVER (PARTITION BY i.order_id) AS whole
    FROM heads h JOIN order_items i ON i.order_id = h.order_id
    WHERE h.is_sold AND NOT h.has_checks AND i.status <> 'CANCELLED'
), taxed AS (
    SELECT *, (whole * tax_rate * 2 + 10000 + tax_rate) / ((10000 + tax_rate) * 2) AS all_tax
    FROM priced
), parted AS (
    SELECT *, iif(whole = 0, 0, all_tax * gross / max(whole, 1)) AS share,
           iif(whole = 0, 0, all_tax * gross % max(whole, 1)) AS rest
    FROM taxed
)
SELECT at, order_id, business_day, quarter, order_type, waiter_id, 'SOLD', order_id * 100 + 1,
       item_id, dish_variation_id, quantity, gross,
       share + (row_number() OVER (PARTITION BY order_id ORDER BY rest DESC, item_id)
                <= all_tax - sum(share) OVER (PARTITION BY order_id)),
       gross
FROM parted;

-- Sold lines of stored checks, without what went back of them.
INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, check_id,
        item_id, dish_variation_id, quantity, gross, discount, comp, service, tax, amount)
WITH emptied AS (
    -- A refund that names no parts gave all back that was left.
    SELECT DISTINCT coalesce(check_id, order_id * 100 + 1) AS check_id FROM payments
    WHERE kind = 'REFUND' AND state = 'TAKEN' AND parts IS NULL AND amount <> 0
), stored AS (
    SELECT c.order_id, c.id AS check_id, 1 AS sign, j.value AS line
    FROM checks c JOIN json_each(c.computed) j WHERE c.state <> 'VOID'
    UNION ALL
    SELECT p.order_id, coalesce(p.check_id, p.order_id * 100 + 1), -1, j.value
    FROM payments p JOIN json_each(p.parts) j
    WHERE p.kind = 'REFUND' AND p.state = 'TAKEN'
      AND coalesce(p.check_id, p.order_id * 100 + 1) NOT IN emptied
    UNION ALL
    SELECT c.order_id, c.id, -1, j.value
    FROM emptied JOIN checks c ON c.id = check_id JOIN json_each(c.computed) j
    WHERE c.state <> 'VOID'
), line AS (
    SELECT order_id, check_id, line ->> '$.i' AS item_id, sign,
           line ->> '$.g' AS gross,
           (SELECT coalesce(sum(d.value ->> '$[1]'), 0) FROM json_each(line, '$.d') d
            JOIN adjustments a ON a.id = d.value ->> '$[0]' WHERE a.kind <> 'comp') AS discount,
           (SELECT coalesce(sum(d.value ->> '$[1]'), 0) FROM json_each(line, '$.d') d
            JOIN adjustments a ON a.id = d.value ->> '$[0]' WHERE a.kind = 'comp') AS comp,
           (SELECT coalesce(sum(c.value ->> '$[1][2]'), 0) FROM json_each(line, '$.c') c) AS service,
           (line ->> '$.n[3]')
               + (SELECT coalesce(sum(c.value ->> '$[1][3]'), 0) FROM json_each(line, '$.c') c) AS tax,
           iif(line ->> '$.n[0]' = 'a', line ->> '$.n[3]', 0)
               + (SELECT coalesce(sum(c.value ->> '$[1][3]'), 0) FROM json_each(line, '$.c') c
                  WHERE c.value ->> '$[1][0]' = 'a') AS added
    FROM stored
), left_of AS (
    SELECT order_id, check_id, item_id, sum(sign * gross) AS gross,
           sum(sign * discount) AS discount, sum(sign * comp) AS comp,
           sum(sign * service) AS service, sum(sign * tax) AS tax, sum(sign * added) AS added
    FROM line GROUP BY order_id, check_id, item_id
)
SELECT h.at, h.order_id, business_day, quarter, order_type, waiter_id, 'SOLD', l.check_id, i.id,
       i.dish_variation_id, iif(l.check_id = min(l.check_id) OVER (PARTITION BY i.id), i.quantity, 0),
       gross, discount, comp, service, tax, gross - discount - comp + service + added
FROM heads h JOIN left_of l ON l.order_id = h.order_id JOIN order_items i ON i.id = l.item_id
WHERE h.is_sold AND i.status <> 'CANCELLED';

INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, orders, covers,
        covers_revenue)
SELECT at, order_id, business_day, quarter, order_type, waiter_id, 'ORDER', 1, covers,
       iif(covers > 0, total - given_back, 0)
FROM (SELECT *, coalesce(guests, (SELECT sum(c.guests) FROM checks c
                 WHERE c.order_id = heads.order_id AND c.state <> 'VOID'), 0) AS covers
      FROM heads WHERE is_sold);

INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, orders, amount)
SELECT at, order_id, business_day, quarter, order_type, waiter_id, 'CANCELLED', 1, total
FROM heads WHERE is_cancelled;

INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, orders, amount)
SELECT at, order_id, business_day, quarter, order_type, waiter_id, 'REFUNDED',
       payment_status = 'REFUNDED', iif(payment_status = 'REFUNDED', total, given_back)
FROM heads
WHERE payment_status = 'REFUNDED' OR (payment_status = 'PAID' AND given_back <> 0);

INSERT INTO entries (at, order_id, business_day, quarter, order_type, waiter_id, kind, amount)
SELECT * FROM (
    SELECT h.at, h.order_id, business_day, quarter, order_type, waiter_id, 'TIP',
           (SELECT sum(iif(p.kind = 'PAYMENT', p.tip, -p.tip)) FROM payments p
            WHERE p.order_id = h.order_id AND p.state IN ('TAKEN', 'VOIDED')) AS tips
    FROM heads h WHERE payment_status <> 'UNPAID' AND has_checks) WHERE tips <> 0;

DROP VIEW heads;

-- What an entry brings to its day: the sums by day are sums of this, and of nothing else
-- (src/core/store/sums.rs).
CREATE VIEW entry_figures AS
SELECT id, order_id, business_day, quarter, order_type, waiter_id, dish_variation_id, kind,
       iif(kind = 'ORDER', orders, 0) AS orders,
       iif(kind = 'SOLD', amount, 0) AS revenue,
       iif(kind = 'SOLD', quantity, 0) AS quantity,
       discount, comp, service, tax, covers, covers_revenue,
       iif(kind = 'CANCELLED', orders, 0) AS cancelled_orders,
       iif(kind = 'CANCELLED', amount, 0) AS cancelled,
       iif(kind = 'REFUNDED', orders, 0) AS refunded_orders,
       iif(kind = 'REFUNDED', amount, 0) AS refunded,
       iif(kind = 'REMOVED', quantity, 0) AS removed_quantity,
       iif(kind = 'REMOVED', amount, 0) AS removed,
       iif(kind = 'TIP', amount, 0) AS tips
FROM entries;

DELETE FROM daily_quarters WHERE true;
DELETE FROM daily_dishes WHERE true;
INSERT INTO daily_waiters (business_day, waiter_id, order_type, orders, revenue, cancelled_orders,
        cancelled, refunded_orders, refunded, covers, covers_revenue, discount, comp, service, tax,
        removed, tips)
SELECT business_day, waiter_id, order_type, sum(orders), sum(revenue), sum(cancelled_orders),
       sum(cancelled), sum(refunded_orders), sum(refunded), sum(covers), sum(covers_revenue),
       sum(discount), sum(comp), sum(service), sum(tax), sum(removed), sum(tips)
FROM entry_figures GROUP BY business_day, waiter_id, order_type;
INSERT INTO daily_quarters (business_day, quarter, orders, revenue)
SELECT business_day, quarter, sum(orders), sum(revenue)
FROM entry_figures WHERE kind IN ('ORDER', 'SOLD') GROUP BY business_day, quarter;
INSERT INTO daily_dishes (dish_variation_id, business_day, quantity, revenue, removed_quantity,
        removed)
SELECT dish_variation_id, business_day, sum(quantity), sum(revenue), sum(removed_quantity),
       sum(removed)
FROM entry_figures WHERE dish_variation_id IS NOT NULL GROUP BY dish_variation_id, business_day;
