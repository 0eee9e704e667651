-- The hour of the clock at which the restaurant's day begins: a bar's night belongs to the evening.
ALTER TABLE site ADD COLUMN day_begins_hour INTEGER NOT NULL DEFAULT 0
    CHECK (day_begins_hour BETWEEN 0 AND 12);

-- An order ends with its last line. Those that were left without one held their tables.
UPDATE orders SET status = 'CANCELLED', cancelled_at = updated_at, closed_at = updated_at
WHERE closed_at IS NULL AND payment_status = 'UNPAID' AND NOT EXISTS
    (SELECT 1 FROM order_items i WHERE i.order_id = orders.id AND i.status <> 'CANCELLED');
