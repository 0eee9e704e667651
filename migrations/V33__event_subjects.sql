-- An event has a subject instead of a column for each kind of thing; which table's guests and whose
-- waiter it concerns stays, since that decides who hears of it.
CREATE TABLE events_new (
    seq             INTEGER PRIMARY KEY,
    at              INTEGER NOT NULL,
    kind            TEXT NOT NULL,
    audience        INTEGER NOT NULL,
    subject         TEXT NOT NULL DEFAULT 'restaurant',
    subject_id      INTEGER,
    table_id        INTEGER,
    waiter_id       INTEGER,
    actor_id        INTEGER,
    status          TEXT,
    data            TEXT NOT NULL,
    order_json      TEXT,
    order_packed    BLOB
) STRICT;

INSERT INTO events_new
SELECT seq, at, kind, audience,
       CASE
           WHEN order_id IS NOT NULL THEN 'order'
           WHEN kind IN ('table_called', 'call_answered') THEN 'call'
           WHEN kind = 'table_changed' AND data ->> 'what' = 'location' THEN 'location'
           WHEN kind = 'table_changed' THEN 'table'
           WHEN kind = 'menu_changed' AND data ->> 'what' IN ('category', 'variation', 'ingredient',
                                                              'restaurant') THEN data ->> 'what'
           WHEN kind = 'menu_changed' THEN 'dish'
           WHEN kind = 'payment_methods_changed' THEN 'payment_method'
           WHEN kind = 'device_changed' THEN 'device'
           WHEN kind IN ('staff_changed', 'signed_in', 'signed_out') THEN 'user'
           WHEN kind = 'security_alert' THEN 'security_event'
           ELSE 'restaurant'
       END,
       CASE
           WHEN order_id IS NOT NULL THEN order_id
           WHEN kind IN ('table_called', 'call_answered') THEN data ->> 'call_id'
           WHEN kind = 'staff_changed' THEN data ->> 'user_id'
           WHEN kind IN ('signed_in', 'signed_out') THEN actor_id
           WHEN kind IN ('table_changed', 'menu_changed', 'payment_methods_changed',
                         'device_changed', 'security_alert') THEN nullif(data ->> 'id', 0)
       END,
       table_id, waiter_id, actor_id, status, data, order_json, order_packed
FROM events;

DROP TABLE events;
ALTER TABLE events_new RENAME TO events;
-- What happened to an order. Other subjects are not looked for, and cost nothing.
CREATE INDEX events_order ON events (subject_id) WHERE subject = 'order';

-- How often an order was told to have changed. A screen that knows the last one knows all.
ALTER TABLE orders ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
