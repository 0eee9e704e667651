-- A table's guests call a waiter, or ask for the bill. At most one open call of each kind.
CREATE TABLE calls (
    id                  INTEGER PRIMARY KEY,
    table_id            INTEGER NOT NULL REFERENCES tables (id),
    kind                TEXT NOT NULL CHECK (kind IN ('waiter', 'bill')),
    payment_method_id   INTEGER REFERENCES payment_methods (id),
    created_at          INTEGER NOT NULL,
    answered_at         INTEGER,
    answered_by_id      INTEGER REFERENCES users (id)
) STRICT;
CREATE UNIQUE INDEX calls_open ON calls (table_id, kind) WHERE answered_at IS NULL;
CREATE INDEX calls_answered ON calls (answered_at) WHERE answered_at IS NOT NULL;
